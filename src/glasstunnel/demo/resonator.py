"""A superconducting resonator: quality factor at three powers and frequency shift, with one set of parameters.

Nothing but the files is known: no attenuation, no coupling, no film. What they determine is found, what they do not is
said: the drive is a power over a critical power, and the amount of oxide is the product F delta_0.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from glasstunnel.data import Column, keep_range, quality_factor_to_loss, read, relative_to, with_condition, with_noise
from glasstunnel.data.dataset import Dataset
from glasstunnel.demo.files import example_file
from glasstunnel.inference import LogUniform, Uniform
from glasstunnel.inference.comparison import compare
from glasstunnel.inference.fitting import fit
from glasstunnel.inference.profiles import profile
from glasstunnel.inference.results import FitResult
from glasstunnel.inference.tensions import deviance, tension
from glasstunnel.plots import comparison_figure
from glasstunnel.report import (
    Answer,
    Heading,
    Picture,
    Section,
    Table,
    Text,
    comparison_table,
    fit_section,
    profile_section,
)
from glasstunnel.report.checks import holdout_sections
from glasstunnel.report.numbers import plain, with_uncertainty
from glasstunnel.systems.glass import Glass
from glasstunnel.systems.resonator.contribution import Resonator
from glasstunnel.systems.resonator.superconductor import GAP_RATIO
from glasstunnel.systems.two_level import TwoLevelSystems

WHAT = "Measured: coplanar resonator, 5.6199 GHz, 1/Q at -100, -140, -160 dBm and frequency shift"

_FREQUENCY = "5.6199 GHz"
_POWERS = (-100, -140, -160)  # dBm, from the file names; the column of the last file repeats -140
_REFERENCE = 0.1  # K
_WARM = 1.6  # K, where quasiparticles dominate
_BREAK = 1.15  # K; above, the files are written with other digits, and the loss has jumped
_STRENGTH = 1e-3  # A_2LS, held: only F A_2LS enters
_SCAN = (-140, -145, -150, -155, -160, -165, -170)

_VARY = {
    "resonator.filling_factor": LogUniform(1e-6, 1.0), "resonator.critical_power": LogUniform(1e-26, 1e-10),
    "resonator.saturation_exponent": Uniform(0.05, 2.0), "resonator.gap": Uniform(4.0, 40.0),
    "resonator.kinetic_inductance_fraction": LogUniform(1e-5, 1.0),
    "resonator.residual_loss": LogUniform(1e-9, 1e-6), "data.shift.offset": Uniform(-1e-6, 1e-6),
}  # fmt: skip
_THERMAL = {"resonator.saturation_thermal_power": Uniform(0.0, 10.0)}
_STEP = {"data.loss_100dBm.holder": Uniform(-1e-6, 1e-6)}
_SAME_STEP = {f"data.loss_{-power}dBm.holder": ("data.loss_100dBm.holder", 1.0) for power in _POWERS[1:]}
_MODELS = (
    ("one set, constant critical power", _VARY, None),
    ("critical power grows with T", _VARY | _THERMAL, None),
    ("critical power grows with T, the loss has a step at 1.15 K", _VARY | _THERMAL | _STEP, _SAME_STEP),
)
_PROFILED = ("resonator.filling_factor", "resonator.critical_power", "resonator.saturation_exponent", "resonator.gap")


def run() -> tuple[list[str], list[Section]]:
    """(lines of the table, sections of the report)."""
    data, start = [*losses(), shift()], glass()
    comparison = compare({name: (start, vary, ties) for name, vary, ties in _MODELS}, data)
    best = comparison.best.result
    vary, ties = next((vary, ties) for name, vary, ties in _MODELS if name == comparison.best.name)
    scan = power_scan(best.glass, vary, ties)
    groups = {"losses": data[:3], "shift": data[3:]}
    alone = {name: tension(start, groups, vary, ties=ties) for name, vary, ties in _MODELS[1:]}
    intervals = profile(best, _PROFILED)
    held_out = best.holdout()
    delta, gap = loss_tangent_of(best)[0], best.values["resonator.gap"]
    missed = [name for name, held in held_out.predicted.items() if not held.agrees] + list(held_out.failures)
    lines = [
        f"F delta_0              {with_uncertainty(1e6 * delta, 1e6 * delta * held_out_error(held_out))} 1e-6, beta "
        f"{with_uncertainty(best.values[_EXPONENT], held_out.errors[_EXPONENT])}, gap "
        f"{with_uncertainty(gap, held_out.errors['resonator.gap'])} K (T_c {gap / GAP_RATIO:.2g} K)",
        "  errors include what leaving one file out changes; "
        + (f"the model does not predict {', '.join(missed)} from the others" if missed
           else "every file is predicted by the others within these errors"),
        f"one set for all files  no: systematic residuals; AICc + {comparison.models[-1].delta_aic:.3g} without a loss "
        "step at 1.15 K and thermal saturation",
        f"file 160 dBm           its column says -140 dBm; the data ask for {_asked(scan)}",
        f"  {_rises(scan)}",
    ]
    further = [Heading("What the answer depends on"), *_introduction(data[:3]), comparison_table(comparison),
               *_limits(best, comparison, data[:3]), _scan_table(scan), *_alone(alone, correlation(best))]  # fmt: skip
    section = fit_section(best, WHAT, name="resonator", answers=_answers(best, held_out, comparison, scan),
                          pictures=[_residuals(comparison)], further=further)  # fmt: skip
    checks = holdout_sections(held_out, "Coplanar resonator: leaving each file out", name="resonator-holdout")
    return lines, [section, profile_section(intervals, "Coplanar resonator: profile intervals",
                                           name="resonator-profiles"), *checks]


_EXPONENT = "resonator.saturation_exponent"
_GAP = "resonator.gap"


def _answers(best, held_out, comparison, scan):
    """The strength of the oxide, the film, and whether one set of parameters serves all files."""
    delta = loss_tangent_of(best)[0]
    missed = [name for name, held in held_out.predicted.items() if not held.agrees] + list(held_out.failures)
    left_out = (f"the model does not predict {' nor '.join(missed)} from the others, so it is not adequate" if missed
                else "each file is predicted by the others within these errors")  # fmt: skip
    yield Answer(
        f"F δ₀ = {with_uncertainty(delta, delta * held_out_error(held_out))}",
        "Loss tangent of the two-level systems times the share of the field that they fill; ± includes what leaving "
        f"one file out changes: {left_out}.", "How lossy is the oxide of a superconducting resonator?",
    )  # fmt: skip
    yield Answer(f"Δ/k_B = {with_uncertainty(best.values[_GAP], held_out.errors[_GAP])} K",
                 f"Gap of the film, T_c = {best.values[_GAP] / GAP_RATIO:.2g} K if BCS: niobium.", "Which film is it?")
    yield Answer(f"β = {with_uncertainty(best.values[_EXPONENT], held_out.errors[_EXPONENT])}",
                 "Loss falls with power as (1 + (P/P_c)^β)^(−1/2); β is 1 for independent systems in a uniform field.",
                 "How does the loss saturate?")  # fmt: skip
    rise = comparison.models[-1].delta_aic
    yield Answer("No", f"Systematic residuals stay: AICc rises by {rise:.3g} without a step of the loss at {_BREAK:g} "
                 "K and thermal saturation; and the file named 160 dBm states −140 dBm where its data ask for "
                 f"{_asked(scan)} ({_rises(scan)}).", "Does one set serve all files?")  # fmt: skip


def glass() -> Glass:
    """The start of the fits: round numbers."""
    device = Resonator(
        1e-3, critical_power=1e-18, saturation_exponent=0.5, saturation_thermal_power=2.0, gap=14.0,
        kinetic_inductance_fraction=0.01, residual_loss=1e-7,
    )  # fmt: skip
    oxide = TwoLevelSystems(0.0, dielectric_strength=_STRENGTH)
    return Glass({"oxide": oxide, "resonator": device}, name="coplanar resonator", source="002 Eq. 35; film: BCS")


def losses(last: float | None = _POWERS[-1]) -> list[Dataset]:
    """1/Q of the three files; `last` is the power [dBm] given to the third one."""
    return [_loss(-power, power if power != _POWERS[-1] else last) for power in _POWERS]


def _loss(label, power):
    data = quality_factor_to_loss(read(example_file(f"data/cpw_Qint_vs_T_{label}dBm.csv"), name=f"loss_{label}dBm"))
    data = with_condition(data, frequency=_FREQUENCY, power=f"{power:g} dBm")
    step = (data["temperature"].to("K") > _BREAK).astype(float)
    data = data.with_column("holder", Column(step, "", "step at 1.15 K"))
    return with_noise(data, residuals="relative")


def shift() -> Dataset:
    """The frequency shift without its first row, which is the reference."""
    data = relative_to(read(example_file("data/cpw_freqshift_vs_T_Nb.csv"), name="shift"), _REFERENCE)
    data = keep_range(with_condition(data, frequency=_FREQUENCY), "temperature", 0.15, 2.0, "K")
    return with_noise(data, residuals=True)


def loss_tangent_of(result: FitResult) -> tuple[float, float]:
    """(F delta_0, its standard error), delta_0 = pi A_2LS/3."""
    factor = np.pi / 3.0 * _STRENGTH
    path = "resonator.filling_factor"
    return factor * result.values[path], factor * result.errors[path]


def held_out_error(held_out):
    """Relative error of F delta_0 that includes what leaving one file out changes."""
    path = "resonator.filling_factor"
    return held_out.errors[path] / held_out.values[path]


def power_scan(
    start: Glass, vary: Mapping[str, Any], ties: Mapping[str, Any] | None
) -> list[tuple[float, float, FitResult]]:
    """[(power of the third file in dBm, rise of -2 ln(likelihood) above the lowest, fit)]: what that file says."""
    fits = [fit(start, [*losses(power), shift()], vary, ties=ties) for power in _SCAN]
    lowest = min(map(deviance, fits))
    return [(power, deviance(result) - lowest, result) for power, result in zip(_SCAN, fits, strict=True)]


def jumps(data: Sequence[Dataset]) -> list[float]:
    """Rise of 1/Q between the two points next to the break, one number for each loss dataset."""
    rises = []
    for data_of_power in data:
        warm = data_of_power["temperature"].to("K") > _BREAK
        rises.append(float(data_of_power.measured.values[warm][0] - data_of_power.measured.values[~warm][-1]))
    return rises


def scatter(data: Dataset) -> float:
    """Relative scatter of neighboring points of 1/Q below the break, from third differences (no model).

    A smooth curve nearly drops out of them; independent noise has its standard deviation times sqrt(20).
    """
    cold = np.log(data.measured.values[data["temperature"].to("K") < _BREAK])
    return float(np.sqrt(np.mean(np.diff(cold, 3) ** 2) / 20.0))


def correlation(result: FitResult) -> Any:
    """Correlation of gap and kinetic inductance fraction."""
    rows = [result.names.index(f"resonator.{name}") for name in ("gap", "kinetic_inductance_fraction")]
    return float(result.correlation[tuple(rows)])


def _asked(scan):
    rise = {power: value for power, value, _ in scan}
    allowed = [power for power in rise if rise[power] < 4.0]
    return f"{max(allowed)} to {min(allowed)} dBm"


def _rises(scan):
    rise = {power: value for power, value, _ in scan}
    return f"-2 ln L rises by {rise[-140]:.3g} at -140 dBm, by {rise[-160]:.2g} at -160 dBm"


def _introduction(data):
    least, most = (1e7 * choose(jumps(data)) for choose in (min, max))
    yield Text(
        "Losses add, so the fit is made in 1/Q. The files state no uncertainty: noise is a fraction of 1/Q for each "
        "power, and a common value for the shift, estimated from the residuals. "
        "Attenuation and coupling are not known, so the drive enters as power over a critical power P_c, and photon "
        "numbers cannot be given. Of the oxide only F δ₀, δ₀ = π A/3, enters: A is held at 10⁻³, F then stands for the "
        "product. The first shift is exactly 0: the reference, left out; its noise is the offset of the others."
    )
    yield Text(
        "Two things in the files: the power column of the 160 dBm file repeats −140 (the fit uses −160, set by hand, "
        "see the history below). And from 1.2 K on all three are written with other digits, as from another run, and "
        f"1/Q rises there by {least:.2f} to {most:.2f} × 10⁻⁷ from one point to the next, at every power more than "
        "from 1.2 to 1.3 K, which no quasiparticle law does. The third model gives this step one common amplitude "
        "(\"holder\").", warning=True,
    )


def _residuals(comparison):
    curves = {model.name: [curve for curve in model.result.curves.values() if curve.observable == "internal_loss"]
              for model in comparison.models}  # fmt: skip
    columns = {"dataset": [], "temperature [K]": []} | {f"{name} [sigma]": [] for name in curves}
    for same in zip(*curves.values(), strict=True):
        columns["dataset"] += [same[0].name] * len(same[0].measured)
        columns["temperature [K]"] += same[0].temperature.tolist()
        for name, curve in zip(curves, same, strict=True):
            columns[f"{name} [sigma]"] += curve.residuals.tolist()
    caption = "Residuals of 1/Q under each model, in units of the noise that this model needs: what is left is smooth."
    return Picture(comparison_figure(curves), caption, "resonator-residuals", columns, wide=True)


def _limits(best, comparison, data):
    noise = {model.name: model.result.curves for model in comparison.models}
    rows = tuple(
        (name, *(f"{100 * curves[f'loss_{-power}dBm'].sigma[0] / curves[f'loss_{-power}dBm'].measured[0]:.1f} %"
                 for power in _POWERS), f"{curves['shift'].sigma[0]:.1e}")
        for name, curves in noise.items()
    )  # fmt: skip
    header = ("model", *(f"1/Q at {power} dBm" for power in _POWERS), "shift")
    apart = [scatter(dataset) for dataset in data]
    rows += (("scatter of neighboring points below 1.15 K", *(f"{100 * value:.1f} %" for value in apart), "-"),)
    yield Table(header, rows, "Noise each model has to assume, and what the points themselves show (third "
                "differences): where the first is much larger, the model leaves a trend.")
    critical = best.glass["resonator"].gap / GAP_RATIO
    yield Text(
        f"The gap of {best.glass['resonator'].gap:.3g} K means T_c = Δ/1.764 k_B = {critical:.2g} K: a niobium film "
        "(9.2 K in bulk), thin or not pure, not aluminum (1.2 K). Niobium couples more strongly (Δ/k_B T_c near 1.9), "
        "which would lower T_c further; all of it hangs on the six points between 1.2 and 1.7 K of each file."
    )


def _scan_table(scan):
    rows = tuple(
        (f"{power} dBm", f"{rise:.1f}", _loss_cell(result), result.quoted(_EXPONENT),
         result.quoted("resonator.critical_power")) for power, rise, result in scan
    )  # fmt: skip
    caption = (
        "What the third file says about its own power, everything else fitted again: −140, as its column says, can be "
        "excluded. How far below it lies is less certain, because exponent and critical power follow: their ± "
        "elsewhere takes −160 dBm for granted."
    )
    header = ("power given to the 160 dBm file", "rise of −2\u00a0ln\u00a0L", "F δ₀ [10⁻⁶]", "β", "P_c [W]")
    return Table(header, rows, caption)


def _loss_cell(result):
    """F delta_0 in 1e-6 with the error of the fit, where it has one."""
    value, error = (1e6 * number for number in loss_tangent_of(result))
    return with_uncertainty(value, error) if np.isfinite(error) else f"{plain(value, 3)} (no symmetric error)"


def _alone(tensions, shared_slope):
    for name, compared in tensions.items():
        yield Text(f"{name[0].upper()}{name[1:]}: {compared.sentence}")
        header, rows = compared.rows()
        shared = tuple(row for row in rows if not row[0].startswith("data."))
        yield Table(header, shared, f"Losses and shift together and each alone; {name}.", code=True)
    loss, pulled = (quasiparticle_loss(compared.separate[group]) for group in ("losses", "shift"))
    yield Text(
        f"Where the tension sits: at {_WARM:g} K the losses alone ask for a quasiparticle loss of {loss:.3g}, and the "
        f"film that explains the pull of the frequency would have {pulled:.3g} ({100 * (pulled / loss - 1):+.0f} %). "
        f"Gap and inductance fraction, correlated by {shared_slope:.3f}, agree one by one; it is the ratio of loss to "
        "pull that does not follow the BCS theory of a thin film, provided that the step, an assumption, is taken from "
        "the losses."
    )


def quasiparticle_loss(result: FitResult) -> float:
    """alpha sigma_1/sigma_2 at 1.6 K of the film that a fit found."""
    film: Any = replace(result.glass["resonator"], residual_loss=0.0)
    return float(film.internal_loss(_WARM, 0.0, 5.6199e9))
