"""Two-field magnetization of an erbium single-ion magnet, from the MPMS3 files to the number of erbium ions.

The ions are counted with a free Er3+ ion (J = 15/2, g = 6/5, Hund's rules). That holds while kT exceeds the
crystal-field splitting; how far down it holds is part of the answer. Below, an axial field of one parameter takes its
place, and what powder magnetization leaves open about the field is said.
"""

import math

import numpy as np

from glasstunnel.constants import avogadro
from glasstunnel.data import keep_range, per_mass, read, subtract_diamagnetism, with_noise
from glasstunnel.demo.files import example_file
from glasstunnel.inference import LogUniform, Uniform
from glasstunnel.inference.fitting import fit
from glasstunnel.inference.measurements import measurement
from glasstunnel.inference.results import FittedCurve
from glasstunnel.plots import curie_figure
from glasstunnel.report import Answer, Heading, Picture, Section, Table, Text, fit_section
from glasstunnel.report.numbers import with_uncertainty
from glasstunnel.systems.contribution import Contribution
from glasstunnel.systems.diamagnetism import LarmorDiamagnetism
from glasstunnel.systems.glass import Glass
from glasstunnel.systems.magnetic_ions import MagneticIons

WHAT = "Measured: [CoCp*2][Er(COT)2], 10.1 mg in eicosane, MPMS3, 1 and 40 kOe"

_FILES = ("mpms3_ErCOT2_MvsT_FC_1kOe.dat", "mpms3_ErCOT2_MvsT_FC_40kOe.dat")
_FORMULA_MASS = 0.70495  # kg/mol, header of the files
_IONS = avogadro / _FORMULA_MASS  # one Er3+ per formula unit [1/kg]
_NOISE = 0.005
_MASS = 0.01  # relative error of 10.1 mg, weighed to a tenth of a milligram
_COLDEST = 100.0  # K
_BLOCKED = 10.0  # K; below, the 1 kOe run is out of equilibrium

# Diamagnetism of 17.3 mg eicosane C20H42 (Pascal's constants, 243.06e-6 emu/mol, 282.55 g/mol) and of the compound
# (319e-6 emu/mol, header of the files), per gram of compound: emu/(g Oe).
_PASCAL = -(17.3 / 10.1 * 243.06e-6 / 282.55 + 319e-6 / 704.95)

_AXIAL = Uniform(-60.0, 60.0)  # D of the axial field [K]

# (what is changed, coldest temperature [K], center of the DC scans, diamagnetism taken as Pascal's, start of D [K])
_VARIANTS = (
    ("free center, 100 K and above", _COLDEST, "free", False, None),
    ("diamagnetism fixed at Pascal's constants", _COLDEST, "free", True, None),
    ("DC scans with fixed center", _COLDEST, "fixed", False, None),
    ("50 K and above", 50.0, "free", False, None),
    ("30 K and above", 30.0, "free", False, None),
    ("10 K and above", _BLOCKED, "free", False, None),
    ("10 K and above, axial field, easy plane", _BLOCKED, "free", False, 3.0),
    ("10 K and above, axial field, easy axis", _BLOCKED, "free", False, -3.0),
)


def run() -> tuple[list[str], list[Section]]:
    """(lines of the table, sections of the report)."""
    variants = [(what, _fit(*treatment)) for what, *treatment in _VARIANTS]
    results = [result for _, result in variants]
    main, from_10_kelvin, easy_axis = results[0], results[5], results[-1]
    value, error = _per_formula(main)
    spread = treatment_error(variants[:3])
    total = math.hypot(error, spread, _MASS * value)
    lines = [
        f"Er3+ per formula unit  {with_uncertainty(value, total)}   (1 by chemistry), free ion, T >= {_COLDEST:g} K",
        f"  the error is that of the treatments ({_spread(variants[:3])}) and of the sample mass ({100 * _MASS:g} %); "
        f"the points alone would give {error:.2g}",
        f"chi2/dof               {main.chi2 / main.dof:.3g} (noise {100 * _NOISE:g} %), but "
        f"{from_10_kelvin.chi2 / from_10_kelvin.dof:.3g} from {_BLOCKED:g} K, where the crystal field acts",
        f"axial crystal field    D = {with_uncertainty(*_splitting(easy_axis))} K, chi2/dof "
        f"{easy_axis.chi2 / easy_axis.dof:.3g} from {_BLOCKED:g} K; terms of higher order are not determined",
    ]
    held_out = main.holdout()
    each = " and ".join(f"{values['er3.concentration'] / _IONS:.4g} without {name.rsplit('_', 1)[1]}"
                        for name, values in held_out.without.items())  # fmt: skip
    lines.insert(2, f"each field left out    {each}; " + ("predicted by the other" if held_out.adequate else
                                                         "NOT predicted by the other"))
    answer = Answer(
        with_uncertainty(value, total),
        "Er³⁺ ions per formula unit, where chemistry says 1. ± holds the spread of three equally good treatments "
        f"({_spread(variants[:3])}) and the sample mass ({100 * _MASS:g} %); the points alone would claim {error:.2g}.",
        "How many erbium ions are in the molecule?",
    )  # fmt: skip
    axial = Answer(
        f"{with_uncertainty(*_splitting(easy_axis))} K",
        f"Axial crystal field D[Jz² − J(J+1)/3], easy axis, from {_BLOCKED:g} K (χ²/dof "
        f"{easy_axis.chi2 / easy_axis.dof:.3g}; {from_10_kelvin.chi2 / from_10_kelvin.dof:.3g} without it); ± is "
        "that of this one-parameter model.", "How strong is the crystal field?",
    )  # fmt: skip
    further = [Heading("What the answer depends on"), *_introduction(), _variant_table(variants)]
    section = fit_section(main, WHAT, name="erbium", answers=[answer, axial], undetermined=[
        "Terms of higher order of the crystal field: a fourth-order term of any size fits better still.",
        f"Anything below {_BLOCKED:g} K: the magnet is blocked in 1 kOe.",
    ], pictures=[_overview(main)], further=further)  # fmt: skip
    return lines, [section]


def _load(name, coldest, center, pascal):
    data = keep_range(per_mass(read(example_file(f"data/{name}"), center=center)), "temperature", coldest, 310.0, "K")
    if pascal:
        data = subtract_diamagnetism(data, _PASCAL, "emu/(g Oe)")
    return with_noise(data, relative=_NOISE)


def _fit(coldest, center, pascal, splitting):
    vary: dict[str, Uniform | LogUniform] = {"er3.concentration": LogUniform(1e22, 1e26)}
    ions = MagneticIons("Er3+", concentration=_IONS, zero_field_splitting=splitting or 0.0)
    parts: dict[str, Contribution] = {"er3": ions}
    if splitting is not None:
        vary["er3.zero_field_splitting"] = _AXIAL
    if not pascal:
        parts["larmor"] = LarmorDiamagnetism(2e-3)
        vary["larmor.susceptibility"] = Uniform(0.0, 0.1)
    glass = Glass(parts, name="[CoCp*2][Er(COT)2]", source="Hund's rules: Er3+ 4f11, J = 15/2, g = 6/5")
    return fit(glass, [_load(name, coldest, center, pascal) for name in _FILES], vary)


def _per_formula(result):
    path = "er3.concentration"
    return result.values[path] / _IONS, result.errors[path] / _IONS


def _splitting(result):
    path = "er3.zero_field_splitting"
    return result.values[path], result.errors[path]


def treatment_error(variants):
    """Largest distance between the first treatment and an equally good one."""
    values = [_per_formula(result)[0] for _, result in variants]
    return max(abs(value - values[0]) for value in values)


def _spread(variants):
    return ", ".join(f"{_per_formula(result)[0]:.3f}" for _, result in variants)


def _introduction():
    yield Text(
        "A powder of a molecular magnet, not a glass: the files are real, public (MIT license) and of the kind a "
        "magnetization study of a glass begins with. The model is a free Er3+ ion (J = 15/2, g = 6/5) and a "
        "diamagnetic term; what is asked is how many ions there are, which chemistry answers independently: one per "
        "formula unit."
    )
    yield Text(
        f"The fit uses {_COLDEST:g} K and above. Below, the crystal field splits the sixteen states of the ion, which "
        f"this model leaves out; below {_BLOCKED:g} K the 1 kOe run is flat because the magnet is blocked, so that no "
        "equilibrium model may be fitted there. The first figure and the table show both. The last two rows put in "
        "an axial field D[Jz² − J(J+1)/3]: an easy axis takes away nearly all of the misfit, an easy plane does not. "
        "Adding a fourth-order term of any size fits better still, with overall splittings that differ sixfold: the "
        "level scheme is not determined by powder magnetization (gallery: what powder magnetization says about the "
        "crystal field).",
    )
    yield Text(
        f"The error columns of the files are a constant 5 % of the moment: a scale error, not a statistical one. The "
        f"noise model is {100 * _NOISE:g} % of each value, the size of the difference between the two ways of "
        "centering the same scans over this range. The points follow each other more closely than that, so χ²/dof "
        "below 1 is expected. ± of the fit includes no error of the sample mass (10.1 mg, some 1 %); the answer does."
    )


def _variant_table(variants):
    rows = []
    for what, result in variants:
        susceptibility = result.values.get("larmor.susceptibility")
        larmor = "subtracted before" if susceptibility is None else "0 (at its bound)"
        if susceptibility:
            larmor = with_uncertainty(1e3 * susceptibility, 1e3 * result.errors["larmor.susceptibility"])
        value, error = _per_formula(result)
        number = with_uncertainty(value, error) if math.isfinite(error) else f"{value:.3f} (no symmetric error)"
        rows.append((what, number, larmor, f"{result.chi2 / result.dof:.3g}"))
    header = ("treatment", "Er3+ per formula unit", "χ_L [10⁻³ A m²/(kg T)]", "χ²/dof")
    return Table(header, tuple(rows), "What the answer depends on. The spread of the first three rows is the honest "
                 "uncertainty; the next three show where the free ion ends, the last two what an axial field does. "
                 f"A χ_L below Pascal's {-1e7 * _PASCAL:.1f} stands for paramagnetism of the excited levels.")


def _overview(main):
    curves = [_curve(measurement(_load(name, 2.0, "free", False)), main) for name in _FILES]
    figure = curie_figure(curves, main.glass, title="fitted above 100 K, drawn everywhere")
    caption = ("T M/B of all measured points and the fitted free ion carried on to low temperature. Below about 50 K "
               "the ion is not free; below 10 K the 1 kOe run is blocked.")
    columns = {
        f"{quantity} at {name} [{unit}]": values
        for curve, name in zip(curves, ("1 kOe", "40 kOe"), strict=True)
        for quantity, unit, values in (("T", "K", curve.temperature), ("M", "A m2/kg", curve.measured),
                                       ("model", "A m2/kg", curve.model))
    }  # fmt: skip
    return Picture(figure, caption, "erbium-curie", columns, wide=True)


def _curve(run, main):
    model = np.asarray(main.glass.magnetization(run.T, run.B))
    return FittedCurve(run.name, run.observable, "A m2/kg", run.T, run.B, run.values, run.sigma, model, run.estimated)
