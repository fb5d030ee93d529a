"""Which models could data of a given accuracy tell apart? ``python -m benchmarks.models_apart QUESTION NUMBER [file]``

Questions: ``magnetization`` (iron alone, iron with anomalous systems in the effective or the exact theory; NUMBER is
the noise in units of 1e-5 emu/g), ``heat_capacity`` (standard model against the one with anomalous systems; noise in
percent), ``echo`` (flux against nuclear quadrupoles; noise in percent of the largest amplitude), ``echo_frequency``
(the same at a frequency in GHz). One call takes up to four minutes; each adds its answer to the file, which
docs/models_apart.md and its gallery script read.
"""

import json
import sys
from pathlib import Path

import numpy as np

import glasstunnel as gt
from glasstunnel.data import with_pulses
from glasstunnel.demo.files import example_file
from glasstunnel.runfile import load_run

FILE = Path(__file__).resolve().parent.parent / "docs" / "models_apart.json"
SEED = 8
FLUX_FIELD = 20.0  # T, put in: the flux quantum through the loops of the simulated systems
FIELDS = (0.0, 0.1, 0.5, 1.0, 2.0, 4.0, 8.0)  # T, of the heat capacities
ECHO_FIELDS = np.array([0.0, 0.01, 0.02, 0.04, 0.07, 0.12, 0.2, 0.3, 0.45, 0.6])


def dataset(observable, T, B, exact, sigma, name, generator):
    """A simulated run in SI units with given noise."""
    unit = gt.observables.table.OBSERVABLES[observable].unit
    columns = {"temperature": gt.Column(T, "K"), "field": gt.Column(np.broadcast_to(B, T.shape).astype(float), "T"),
               observable: gt.Column(exact + sigma * generator.standard_normal(len(T)), unit),
               "sigma": gt.Column(np.broadcast_to(sigma, T.shape).astype(float), unit)}  # fmt: skip
    return gt.Dataset(columns, observable, name=name, noise="given")


# --- magnetization of BK7 -------------------------------------------------------------------------------------------


def magnetization_models():
    """{name: (glass, vary, ties)}; all priors but that of the flux field are those of the run file of the examples."""
    models = load_run(example_file("simulated_bk7.toml")).models
    iron, ties = models["iron"], models["iron_and_ats"].ties
    vary = models["iron_and_ats"].vary
    numbers = {"density": 1e19, "asymmetry_min": 0.05, "asymmetry_max": np.inf, "amplitude_area_min": 2e5,
               "amplitude_area_max": 4e5, "activation_energy": 0.2}  # fmt: skip
    effective, exact = (
        gt.Glass(dict(iron.glass.contributions) | {"ats": gt.AnomalousTunnelingSystems(
            **numbers, theory=theory, flux_field=flux_field)})
        for theory, flux_field in (("effective", None), ("exact", 10.0))
    )  # fmt: skip
    return {"iron": (iron.glass, iron.vary, iron.ties), "effective": (effective, vary, ties),
            "exact": (exact, vary | {"ats.flux_field": gt.LogUniform(1.0, 1000.0)}, ties)}  # fmt: skip


def magnetization_truth():
    """The exact theory with the printed densities and cutoffs of BK7 (001 Table 3) and an assumed flux field."""
    exact = magnetization_models()["exact"][0]
    return exact.with_values({
        "larmor.susceptibility": 0.004227, "fe2.concentration": 1.099e20, "fe3.concentration": 5.99e19,
        "ats.density": 1.352e19, "ats.asymmetry_min": 0.02671, "ats.amplitude_area_min": 271700.0,
        "ats.amplitude_area_max": 543400.0, "ats.activation_energy": 0.319, "ats.flux_field": FLUX_FIELD,
    })  # fmt: skip


def magnetization(level):
    """Three fields by 27 temperatures from 2 K; noise `level` times 1e-5 emu/g."""
    truth, T, generator = magnetization_truth(), np.geomspace(2.0, 300.0, 27), np.random.default_rng(SEED)
    sigma, runs, parts = level * 1e-5, [], []
    for B in (0.5, 2.0, 6.5):
        M = np.asarray(truth.magnetization(T, np.full_like(T, B)))
        runs.append(dataset("magnetization", T, B, M, sigma, f"M{10 * B:g}kOe", generator))
        parts.append(sigma / np.sqrt(np.mean(M**2)))
    found = gt.compare(magnetization_models(), runs, evidence=True, progress=_tell)
    return _of_evidence(found) | {"noise_over_rms": parts, "put_in_iron": 1.698e20}


# --- heat capacity -------------------------------------------------------------------------------------------------


def heat_capacity_truth():
    """BAS glass: printed iron and anomalous systems (002 Table 2), with two-level systems and phonons of a silicate."""
    return gt.published("002.T2.BAS.Cp.T0.90K").with_contribution("tls", gt.TwoLevelSystems(5e19)).with_contribution(
        "phonons", gt.DebyePhonons(1e-3))  # fmt: skip


def heat_capacity(level):
    """Seven fields by 15 temperatures from 0.4 to 3 K; noise `level` percent of each value."""
    truth, T, generator = heat_capacity_truth(), np.geomspace(0.4, 3.0, 15), np.random.default_rng(SEED)
    runs = []
    for B in FIELDS:
        C = np.asarray(truth.heat_capacity(T, np.full_like(T, B)))
        runs.append(dataset("heat_capacity", T, B, C, 0.01 * level * C, f"C{B:g}T".replace(".", "p"), generator))
    standard = {
        "fe2.concentration": gt.Uniform(0.0, 1e21), "fe3.concentration": gt.Uniform(0.0, 1e21),
        "tls.density": gt.Uniform(0.0, 1e22), "phonons.cubic_coefficient": gt.Uniform(0.0, 0.1),
    }  # fmt: skip
    extended = standard | {
        "ats.density": gt.LogUniform(1e17, 1e22), "ats.asymmetry_min": gt.LogUniform(0.01, 3.0),
        "ats.amplitude_area_min": gt.LogUniform(5e3, 5e5),
    }  # fmt: skip
    ties = {"ats.amplitude_area_max": ("ats.amplitude_area_min", 290000.0 / 50700.0)}
    without = gt.Glass({key: part for key, part in truth.contributions.items() if key != "ats"})
    found = gt.compare({"standard": (without, standard), "extended": (truth, extended, ties)}, runs, evidence=True,
                       progress=_tell)  # fmt: skip
    return _of_evidence(found)


# --- echo ----------------------------------------------------------------------------------------------------------


def echo_parts():
    """(pulses, temperature, glass with flux, nuclei)."""
    printed = gt.published_echo("002.T8.BAS.echo.s2", preset="derived")
    tls = gt.TwoLevelSystems(0.02, dipole_moment=printed.glass["ats"].dipole_moment)
    return printed.pulses, printed.T, printed.glass.with_contribution("tls", tls), gt.NuclearQuadrupoles(
        "B-11", 4e5, 0.5, fraction=0.8)  # fmt: skip


def echo_run(clean, level, pulses, T, generator):
    """Amplitudes in an unknown unit, largest 40, with noise of `level` percent of it."""
    clean = 40.0 * clean / np.max(np.abs(clean))
    sigma = np.full(len(clean), 0.4 * level)
    columns = {
        "temperature": gt.Column(np.full(len(clean), T), "K"), "field": gt.Column(ECHO_FIELDS, "T"),
        "echo": gt.Column(clean + sigma * generator.standard_normal(len(clean)), "mV"), "sigma": gt.Column(sigma, "mV"),
    }  # fmt: skip
    return with_pulses(gt.Dataset(columns, "echo", name="run", noise="given"), pulses)


ECHO_VARY = {"ats.density": gt.LogUniform(0.01, 100.0), "ats.amplitude_area_max": gt.LogUniform(2000.0, 1e5),
             "nuclei.axis_angle": gt.Uniform(0.0, 1.5), "nuclei.fraction": gt.Uniform(0.0, 1.0)}  # fmt: skip


def echo(level):
    """Ten fields up to 0.6 T, made by either mechanism; what each explanation leaves."""
    pulses, T, flux, nuclei = echo_parts()
    nuclear = gt.Glass({"tls": flux["tls"], "nuclei": nuclei})
    answers = {}
    for name, truth in (("anomalous systems", flux), ("nuclear quadrupoles", nuclear)):
        run = echo_run(np.asarray(gt.echo(truth, pulses, T, ECHO_FIELDS)), level, pulses, T,
                       np.random.default_rng(SEED))  # fmt: skip
        found = gt.compare_echo([run], flux, nuclei, vary=ECHO_VARY, starts=3)
        answers[name] = {model.name: {"chi2": model.result.chi2, "dof": model.result.dof, "aicc": model.result.aicc}
                         for model in found.models}  # fmt: skip
    return answers


def echo_frequency(frequency):
    """Chi-square per point that the nuclear explanation leaves of a flux echo, and the reverse, at 1 % noise."""
    import dataclasses

    pulses, T, flux, nuclei = echo_parts()
    pulses = dataclasses.replace(pulses, frequency=1e9 * frequency)
    nuclear, answers = gt.Glass({"tls": flux["tls"], "nuclei": nuclei}), {}
    for name, truth, rival in (("anomalous systems", flux, "nuclear quadrupoles"),
                               ("nuclear quadrupoles", nuclear, "anomalous systems")):  # fmt: skip
        run = echo_run(np.asarray(gt.echo(truth, pulses, T, ECHO_FIELDS)), 1.0, pulses, T, _Silent())
        found = gt.compare_echo([run], flux, nuclei, vary=ECHO_VARY, starts=3)
        result = next(model.result for model in found.models if model.name == rival)
        curve = result.curves["run"]
        answers[name] = {"per_point": result.chi2 / len(ECHO_FIELDS), "fields": ECHO_FIELDS.tolist(),
                         "psi": (curve.residuals**2).tolist(), "echo": curve.measured.tolist(),
                         "rival": curve.model.tolist()}  # fmt: skip
    return answers


class _Silent:
    """A generator without noise."""

    def standard_normal(self, count):
        return np.zeros(count)


# --- answers -------------------------------------------------------------------------------------------------------


def _of_evidence(found):
    evidence = found.evidence
    best = {model.name: model for model in found.models}
    return {
        "reference": evidence.reference, "criteria": dict(evidence.criteria), "sentences": list(evidence.sentences),
        "models": {
            name: {
                "chi2": best[name].result.chi2, "dof": best[name].result.dof, "aicc": best[name].result.aicc,
                "iron": best[name].iron, "iron_error": gt.inference.results.finite_or_none(best[name].iron_error),
                "log_bayes": weighed.log_bayes, "error": weighed.error, "lowest": weighed.lowest,
                "highest": weighed.highest, "verdict": weighed.verdict, "trusted": weighed.trusted,
                "left_out": weighed.left_out, "method": weighed.posterior.sampled.method,
                "curves": {curve.path: [curve.values.tolist(), curve.log_bayes.tolist()] for curve in weighed.curves},
            }
            for name, weighed in evidence.models.items()
        },
    }  # fmt: skip


def _tell(sentence):
    print(sentence, file=sys.stderr)


QUESTIONS = {"magnetization": magnetization, "heat_capacity": heat_capacity, "echo": echo,
             "echo_frequency": echo_frequency}  # fmt: skip


def main(arguments):
    """Answer one question at one number, and keep it."""
    question, number, *rest = arguments
    file = Path(rest[0]) if rest else FILE
    answer = QUESTIONS[question](float(number))
    known = json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}
    known.setdefault(question, {})[number] = answer
    known[question] = dict(sorted(known[question].items(), key=lambda item: float(item[0])))
    file.write_text(json.dumps(known, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(answer, indent=1)[:3000])


if __name__ == "__main__":
    main(sys.argv[1:])
