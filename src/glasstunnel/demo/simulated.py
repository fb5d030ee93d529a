"""A simulated BK7 glass: published parameters, stated noise, and an analysis that does not know them.

Larmor-Langevin alone has to explain the tunneling magnetization with iron; with anomalous tunneling systems in the
model the iron that was put in is found again. Every table and figure says that the data are simulated.
"""

import math

import numpy as np

from glasstunnel.data import Column, Dataset
from glasstunnel.inference import LogUniform, Uniform
from glasstunnel.inference.comparison import compare
from glasstunnel.inference.evidence import stretched
from glasstunnel.inference.misfits import too_large
from glasstunnel.inference.posteriors import laplace_evidence
from glasstunnel.observables.thermodynamics import magnetization
from glasstunnel.papers import published, published_entry
from glasstunnel.report import (
    Answer,
    Heading,
    Section,
    Table,
    Text,
    comparison_answers,
    comparison_sections,
)
from glasstunnel.report.fits import printed_unit
from glasstunnel.report.numbers import plain, with_uncertainty
from glasstunnel.systems.anomalous.contribution import AnomalousTunnelingSystems
from glasstunnel.systems.diamagnetism import LarmorDiamagnetism
from glasstunnel.systems.glass import Glass
from glasstunnel.systems.magnetic_ions import MagneticIons

WHAT = "SIMULATED: BK7 from published parameters (001 Table 3), nine fields, 150 temperatures"

_IRON = ("fe2.concentration", "fe3.concentration")
_LABEL = "SIMULATED DATA"
_ID = "001.T3.BK7.constH"
_FIELDS = (0.1, 0.25, 0.5, 1.0, 2.0, 3.0, 4.0, 5.0, 6.5)  # T, the runs of 000 Table 1
_NOISE = 0.003
_CUTOFF_RATIO = 2.0
_SEED = 20


def run() -> tuple[list[str], list[Section]]:
    """(lines of the table, sections of the report)."""
    truth = published(_ID)
    data = simulate(truth)
    comparison = compare(blind_models(), data, iron=(put_in(truth), _mass_spectrometry_error()), starts=3)
    rows = [("put in", f"{1e-20 * put_in(truth):.4g}", "")]
    for model in comparison.models:
        iron = with_uncertainty(1e-20 * model.iron, 1e-20 * model.iron_error)
        if any(map(too_large, model.result.curves.values())):
            iron = f"{1e-20 * model.iron:.3g} (no error)"
        quality = f"chi2/dof {model.result.chi2 / model.result.dof:.3g}, AICc + {model.delta_aic:.3g}"
        rows.append((model.name, iron, quality))
    lines = [f"{what:23}Fe {iron:17} 1e17/g  {quality}".rstrip() for what, iron, quality in rows]
    held_out = comparison.best.result.holdout()
    lines += _checks(comparison, held_out)
    title = "Simulated BK7: is it iron, or are there tunneling systems?"
    further = [Heading("What was simulated"), *_introduction(), _recovered(truth, comparison.best.result)]
    answers = [_answer(comparison, held_out, truth), *comparison_answers(comparison)]
    return lines, comparison_sections(comparison, title, name="simulated", label=_LABEL, answers=answers,
                                      further=further)  # fmt: skip


def _answer(comparison, held_out, truth):
    """Iron of the better model with the larger of its error and what leaving each run out changes."""
    best = comparison.best
    spread = jackknife(held_out)
    claimed = "" if len(comparison.models) < 2 else (
        f"; ions alone would need {1e-20 * comparison.models[-1].iron:.3g} × 10¹⁷ and do not describe the data")
    return Answer(
        f"{with_uncertainty(1e-3 * best.iron, 1e-3 * max(best.iron_error, spread))} iron ions per gram",
        f"SIMULATED DATA: {1e-20 * put_in(truth):.4g} × 10¹⁷ were put in{claimed}. ± is what leaving each of the "
        f"nine runs out changes; the fit alone would claim ± {1e-20 * best.iron_error:.2g} × 10¹⁷.",
        "Is the magnetization of a simulated BK7 glass that of iron, or of tunneling systems?",
    )  # fmt: skip


def _checks(comparison, held_out):
    """What leaving each run out and the evidence say of the better model."""
    best, rival = comparison.best.result, comparison.models[-1].result
    spread = jackknife(held_out)
    ats = {path: prior for path, prior in best.priors.items() if path.startswith("ats.")}
    scanned = [{path: stretched(prior, factor) or prior for path, prior in ats.items()} for factor in (1.0, 10.0, 0.1)]
    # A narrower prior that leaves out what was found is no prior anyone would take.
    scanned = [{path: prior if prior.contains(best.values[path]) else ats[path] for path, prior in priors.items()}
               for priors in scanned]  # fmt: skip
    factors = [laplace_evidence(best, priors) - laplace_evidence(rival) for priors in scanned]
    predicted = "predicted by" if held_out.adequate else "NOT predicted by"
    verdict = "decided, whatever the priors" if min(factors) > 5.0 else "these data do not decide"
    yield f"each run left out      {predicted} the others; the iron moves by {1e-20 * spread:.2g} (jackknife)"
    yield (f"evidence for ATS       ln B = {factors[0]:.0f}; {min(factors):.0f} to {max(factors):.0f} with priors a "
           f"decade wider or narrower: {verdict}")  # fmt: skip


def jackknife(held_out):
    """Standard error of the iron [1/kg] from the fits that leave out one run each."""
    totals = [sum(values[path] for path in _IRON) for values in held_out.without.values()]
    count = len(totals)
    return math.sqrt((count - 1) / count * float(np.sum((np.array(totals) - np.mean(totals)) ** 2)))


def put_in(glass: Glass) -> float:
    """Iron of both species in a published glass [1/kg]."""
    return glass.value("fe2.concentration") + glass.value("fe3.concentration")


def _mass_spectrometry_error():
    """Standard error of the mass spectrometry of BK7 [1/kg]."""
    return 1e3 * published_entry("000.T1T2.BK7.MS").uncertainty["n_Fe_total_per_g"]


def simulate(glass: Glass, noise: float = _NOISE, seed: int = _SEED) -> list[Dataset]:
    """Nine simulated runs M(T) at constant field, noise `noise` times the root mean square of each run."""
    generator = np.random.default_rng(seed)
    T = np.concatenate([np.linspace(2.0, 60.0, 110), np.linspace(62.0, 300.0, 40)])
    runs = []
    for B in _FIELDS:
        M = np.asarray(magnetization(glass, T, B))
        sigma = np.full_like(M, noise * np.sqrt(np.mean(M**2)))
        columns = {
            "temperature": Column(T, "K"), "field": Column(np.full_like(T, 10.0 * B), "kOe"),
            "magnetization": Column(M + sigma * generator.standard_normal(M.size), "emu/g"),
            "sigma": Column(sigma, "emu/g"),
        }  # fmt: skip
        runs.append(Dataset(
            columns, "magnetization", name=f"SIMULATED_{10 * B:g}kOe".replace(".", "p"), format="simulated",
            noise=f"{100 * noise:g} % of the root mean square of the run",
            notes=(f"simulated from {_ID}, random seed {seed}; not measured",),
        ))  # fmt: skip
    return runs


_IONS = {
    "larmor": LarmorDiamagnetism(3e-3), "fe2": MagneticIons("Fe2+", 5e19), "fe3": MagneticIons("Fe3+", 5e19),
}  # fmt: skip
_VARY = {
    "larmor.susceptibility": Uniform(0.0, 0.02), "fe2.concentration": Uniform(0.0, 1e21),
    "fe3.concentration": Uniform(0.0, 1e21),
}  # fmt: skip


def blind_models() -> dict[str, tuple]:
    """{name: (glass, what varies, ties)}: ions alone, and ions with tunneling systems; starts know nothing."""
    contribution = AnomalousTunnelingSystems(
        1e19, 0.05, None, 1e5, 1e5 * _CUTOFF_RATIO, activation_energy=0.2, theory="effective", orientation="rms",
        prefactor="printed",
    )
    of_systems = {
        "ats.density": LogUniform(1e16, 1e21), "ats.asymmetry_min": LogUniform(1e-3, 1.0),
        "ats.amplitude_area_min": LogUniform(1e4, 1e6), "ats.activation_energy": Uniform(0.0, 1.0),
    }  # fmt: skip
    ties = {"ats.amplitude_area_max": ("ats.amplitude_area_min", _CUTOFF_RATIO)}
    return {
        "Larmor-Langevin": (Glass(_IONS, name="Larmor-Langevin", source="000 Eq. 1"), _VARY),
        "Larmor-Langevin + ATS": (
            Glass(_IONS | {"ats": contribution}, name="Larmor-Langevin + ATS", source="000 Eq. 1; 001 Eq. 10"),
            _VARY | of_systems, ties,
        ),
    }  # fmt: skip


def _introduction():
    yield Text(
        f"These data are simulated from the published parameters {_ID}, evaluated as printed, with normal noise of "
        f"{100 * _NOISE:g} % of the root mean square of each run. Nothing here was measured. The fits start from round "
        "numbers and do not know what was put in.", warning=True,
    )
    yield Text(
        "The question is that of the letter (000): ions alone explain the tunneling systems with more iron than there "
        "is. The independent value is the iron that was put in, with the uncertainty that mass spectrometry has for "
        "the real glass."
    )
    yield Text(
        f"The ratio of the cutoffs of D₀ is held at {_CUTOFF_RATIO:g}; 1.077 was put in. In weak fields only the "
        "product of density and the difference of the squared cutoffs acts, so the data hardly tell the ratio. The "
        "price is a shift of the iron by 1 %, less than its uncertainty; density and cutoffs themselves are not "
        "recovered one by one."
    )


def _recovered(truth, result):
    """What was put in beside what the best model found, for the parameters that do not hang on the cutoff ratio."""
    paths = ("larmor.susceptibility", "fe2.concentration", "fe3.concentration", "ats.asymmetry_min",
             "ats.activation_energy")  # fmt: skip
    rows = [(path, plain(truth.value(path), 4), result.quoted(path), printed_unit(result.units[path]),
             f"{_off_by(result, path, truth.value(path)):+.1f} σ") for path in paths]
    caption = ("What Larmor-Langevin + ATS finds of what was put in. Where the error is a factor, the difference is "
               "that of the logarithms.")
    return Table(("parameter", "put in", "found", "unit", "off by"), tuple(rows), caption, code=True)


def _off_by(result, path, true):
    """What was found less what was put in, in standard errors: of the logarithm where they are quoted as a factor."""
    factor = result.error_factor(path)
    if factor is not None:
        return math.log(result.values[path] / true) / math.log(factor)
    return (result.values[path] - true) / result.errors[path]
