"""Do the intervals hold? ``python -m benchmarks.calibration [runs] [file]``: parameters drawn from their priors, data
simulated, fitted; whether the intervals of the curvature, of the profile and of the posterior hold what was drawn, and
the rank of it among posterior draws [Talts et al., arXiv 1804.06788].

Five problems: heat capacity, magnetization, dielectric loss, resonator, and the echo of two-level and anomalous systems
in a field, of which the two numbers of systems are asked for (an echo with another dephasing rate costs milliseconds
for each waiting time, too much for a hundred posteriors here). Every run has its own seed.
"""

import json
import math
import os
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np

import glasstunnel as gt
from glasstunnel.data import with_noise
from glasstunnel.inference.binomial import reach_in_words
from glasstunnel.inference.intervals import standard_quantile
from glasstunnel.inference.profiles import profile_ends
from glasstunnel.observables.evaluation import evaluate
from glasstunnel.observables.table import CONDITIONS, OBSERVABLES

LEVELS = (0.68, 0.95)
METHODS = ("curvature", "profile", "posterior")
RANKS = 99  # posterior draws among which the truth is ranked
DRAWS = 1000  # of the importance sampler
DEVIATIONS = 4.0  # binomial standard deviations by which one of so many intervals has to miss before it is named


@dataclass(frozen=True)
class Case:
    """A problem: glass, priors that are narrow enough to be detected, and [(observable, T, B, conditions, noise)]."""

    glass: gt.Glass
    vary: dict
    runs: tuple

    def data(self, truth, generator):
        """The datasets of one simulation; noise is {"relative": x} or {"absolute": x} of `with_noise`."""
        sets = []
        for number, (observable, T, B, conditions, noise) in enumerate(self.runs):
            exact = np.asarray(evaluate(observable, truth, T, B, **conditions))
            sigma = noise.get("relative", 0.0) * np.abs(exact) + noise.get("absolute", 0.0)
            columns = {"temperature": gt.Column(np.broadcast_to(T, exact.shape), "K"),
                       "field": gt.Column(np.broadcast_to(B, exact.shape), "T"),
                       observable: gt.Column(exact + sigma * generator.standard_normal(exact.shape),
                                             OBSERVABLES[observable].unit)}  # fmt: skip
            columns |= {key: gt.Column(np.broadcast_to(value, exact.shape), CONDITIONS[key].unit)
                        for key, value in conditions.items()}  # fmt: skip
            sets.append(with_noise(gt.Dataset(columns, observable, name=f"run{number}"), **noise))
        return sets


def cases():
    """{name: Case}."""
    cold, warm = np.geomspace(0.05, 2.0, 30), np.geomspace(2.0, 100.0, 25)
    resonator = gt.Glass({
        "oxide": gt.TwoLevelSystems(1e20, dielectric_strength=1e-3),
        "resonator": gt.Resonator(1e-3, critical_power=3e-17, saturation_exponent=0.8, residual_loss=5e-8),
    })  # fmt: skip
    ions = {"larmor": gt.LarmorDiamagnetism(4e-3), "fe3": gt.MagneticIons("Fe3+", 5e19),
            "spin": gt.MagneticIons("effective", 5e19, spin=0.5, g_factor=2.0)}  # fmt: skip
    tls = gt.TwoLevelSystems(2e20, 3.9e-3, 10.0)
    loss = gt.TwoLevelSystems(2e20, 3.9e-3, 10.0, dielectric_strength=4e-4, elastic_constant=5e-8)
    pulses = {"frequency": 1e9, "waiting_time": 2e-6, "first_duration": 1e-7, "second_duration": 2e-7,
              "field_amplitude": 1e3}  # fmt: skip
    echoes = gt.Glass({
        "tls": gt.TwoLevelSystems(1e20, dipole_moment=2e-30),
        "ats": gt.AnomalousTunnelingSystems(
            2e18, 0.0272, None, 1140.0, 8960.0, theory="effective", dipole_moment=2e-30
        ),
    })
    powers = [("internal_loss", np.geomspace(0.03, 1.0, 15), 0.0, {"frequency": 5e9, "power": power},
               {"relative": 0.02}) for power in (1e-19, 1e-16, 1e-14)]  # fmt: skip
    return {
        "heat capacity": Case(
            gt.Glass({"tls": tls, "phonons": gt.DebyePhonons(2e-3)}),
            {"tls.density": gt.LogUniform(5e19, 8e20), "phonons.cubic_coefficient": gt.LogUniform(5e-4, 8e-3)},
            (("heat_capacity", cold, 0.0, {}, {"relative": 0.05}),),
        ),
        "magnetization": Case(
            gt.Glass(ions),
            {"larmor.susceptibility": gt.Uniform(3e-3, 5e-3), "fe3.concentration": gt.Uniform(0.0, 1e20),
             "spin.concentration": gt.LogUniform(3e19, 3e20), "spin.g_factor": gt.Uniform(1.5, 2.5)},
            tuple(("magnetization", warm, B, {}, {"absolute": 2e-5}) for B in (0.5, 3.0, 6.0)),
        ),
        "dielectric loss": Case(
            gt.Glass({"tls": loss}),
            {"tls.dielectric_strength": gt.LogUniform(1e-4, 2e-3), "tls.elastic_constant": gt.LogUniform(1e-8, 3e-7)},
            (("loss_tangent", np.geomspace(0.02, 1.0, 8), 0.0, {"frequency": 1e3}, {"relative": 0.05}),),
        ),
        "resonator": Case(
            resonator,
            {"resonator.filling_factor": gt.LogUniform(5e-4, 5e-3),
             "resonator.critical_power": gt.LogUniform(1e-18, 1e-16),
             "resonator.saturation_exponent": gt.Uniform(0.4, 1.5),
             "resonator.residual_loss": gt.LogUniform(1e-8, 2e-7)},
            tuple(powers),
        ),
        "echo": Case(
            echoes,
            {"tls.density": gt.LogUniform(5e19, 2e20), "ats.density": gt.LogUniform(1e18, 8e18)},
            (("echo", np.full(12, 0.012), np.linspace(0.0, 0.5, 12), pulses, {"relative": 0.005}),),
        ),
    }  # fmt: skip


def run(task):
    """(name, outcome) of one simulation: {path: {"covers": {method: [68 %, 95 %]}, "rank": ...}}, or why not."""
    name, number = task
    case = cases()[name]
    generator = np.random.default_rng((sum(name.encode()), number))
    drawn = {path: prior.draw(generator) for path, prior in case.vary.items()}
    truth = case.glass.with_values(drawn)
    try:
        result = gt.fit(truth, case.data(truth, generator), case.vary)
        if not result.converged:
            return name, result.message
        sampled = gt.posterior(result, seed=number, draws=DRAWS)
        outcome = {path: _one(result, sampled, path, value, generator) for path, value in drawn.items()}
        return name, outcome | {"trusted": sampled.trusted}
    except gt.GlassTunnelError as error:
        return name, str(error)


def _one(result, sampled, path, value, generator):
    prior = result.priors[path]
    error = result.errors[path] / prior.slope(result.values[path])
    off = abs(prior.coordinate(value) - prior.coordinate(result.values[path]))
    covers = {"curvature": [bool(off <= standard_quantile(level) * error) if math.isfinite(error) else None
                            for level in LEVELS]}  # fmt: skip
    covers["profile"] = [bool(lower <= value <= upper) for lower, upper in profile_ends(result, path, LEVELS)]
    covers["posterior"] = [value in sampled.interval(path, level) for level in LEVELS]
    draws = generator.choice(sampled.samples[path], RANKS, replace=False)
    return {"covers": covers, "rank": int(np.sum(draws < value))}


def calibrate(runs, workers=None, progress=None):
    """{problem: {"runs", "failed", "parameters": {path: {"coverage": {method: [...]}, "counted", "p", "ranks"}}}}."""
    tasks = [(name, number) for number in range(runs) for name in cases()]
    outcomes = {name: [] for name in cases()}
    with ProcessPoolExecutor(workers or os.cpu_count() or 1) as pool:
        for done, (name, outcome) in enumerate(pool.map(run, tasks, chunksize=5), 1):
            outcomes[name].append(outcome)
            if progress and done % 25 == 0:
                progress(f"{done} of {len(tasks)} simulations")
    return {name: _counted(found) for name, found in outcomes.items()}


def _counted(found):
    from scipy.stats import kstest

    good = [outcome for outcome in found if isinstance(outcome, dict)]
    parameters = {}
    for path in [key for key in good[0] if key != "trusted"] if good else []:
        covered = {}
        for method in METHODS:
            flags = np.array([outcome[path]["covers"][method] for outcome in good], dtype=object)
            kept = [row for row in flags if row[0] is not None]
            covered[method] = {"coverage": [float(np.mean([row[k] for row in kept])) for k in range(len(LEVELS))],
                               "counted": len(kept)}  # fmt: skip
        ranks = np.array([outcome[path]["rank"] for outcome in good])
        p = float(kstest((ranks + 0.5) / (RANKS + 1.0), "uniform").pvalue)
        parameters[path] = {"intervals": covered, "p": p, "ranks": ranks.tolist()}
    reasons = sorted({outcome for outcome in found if isinstance(outcome, str)})
    return {"runs": len(found), "failed": len(found) - len(good), "reasons": reasons,
            "untrusted": sum(not outcome["trusted"] for outcome in good), "parameters": parameters}  # fmt: skip


def report(found):
    """The coverage as a text table."""
    lines = [f"{'problem':17}{'parameter':32}{'interval':11}{'68 %':>7}{'95 %':>7}{'of':>5}{'p(rank)':>9}"]
    for name, problem in found.items():
        for path, parameter in problem["parameters"].items():
            for method, counted in parameter["intervals"].items():
                narrow, wide = (f"{100 * fraction:.0f} %" for fraction in counted["coverage"])
                p = f"{parameter['p']:.3f}" if method == "posterior" else ""
                lines.append(f"{name:17}{path:32}{method:11}{narrow:>7}{wide:>7}{counted['counted']:>5}{p:>9}")
        if problem["failed"] or problem["untrusted"]:
            lines.append(f"{name:17}{problem['failed']} runs without a fit, {problem['untrusted']} posteriors whose "
                         f"checks failed {'; '.join(problem['reasons'])}")  # fmt: skip
    return "\n".join(lines)


def failures(found, deviations=DEVIATIONS):
    """What lies outside the binomial error of its level, or has ranks that are not uniform (p < 0.001)."""
    for name, problem in found.items():
        for path, parameter in problem["parameters"].items():
            for method, counted in parameter["intervals"].items():
                for level, fraction in zip(LEVELS, counted["coverage"], strict=True):
                    error = math.sqrt(level * (1.0 - level) / max(counted["counted"], 1))
                    if abs(fraction - level) > deviations * error:
                        yield f"{name}, {path}: {method} {100 * level:.0f} % holds {100 * fraction:.0f} %"
            if parameter["p"] < 1e-3:
                yield f"{name}, {path}: ranks are not uniform (p = {parameter['p']:.2g})"


def main(runs=100, file=None):
    began = time.perf_counter()
    found = calibrate(runs, progress=lambda text: print(text, file=sys.stderr))
    print(report(found))
    print(f"{runs} runs of {len(found)} problems in {time.perf_counter() - began:.0f} s")
    if file:
        Path(file).write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    wrong = list(failures(found))
    print("\n".join(wrong) or "every interval holds what it says, as far as so many runs can see")
    print(*(reach_in_words(runs, level, DEVIATIONS) for level in LEVELS), sep="\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 100, *sys.argv[2:3]))
