"""Iron or tunneling: every model of `examples/simulated_bk7_iron.toml` fitted to every simulated truth.

``python -m benchmarks.iron docs/iron_at_full_strength.json`` (some minutes of CPU) writes what the page and the figure
of that name show. Nothing in it was measured. The papers print no error of their magnetization: 0.3 % of each run is
assumed, and ten times less.
"""

import json
import sys
import time
from pathlib import Path

import numpy as np

import glasstunnel as gt
from glasstunnel import Glass, MagneticIons
from glasstunnel.demo.files import example_file
from glasstunnel.inference.design import plan
from glasstunnel.inference.posteriors import posterior
from glasstunnel.runfile import load_run
from glasstunnel.studies.iron_or_tunneling import fit_models, simulated_runs, trial

COMMAND = "python -m benchmarks.iron docs/iron_at_full_strength.json"
FIELDS = (0.1, 0.25, 0.5, 1.0, 2.0, 3.0, 4.0, 5.0, 6.5)  # T, 000 Table 1
TEMPERATURES = np.concatenate([np.arange(2.0, 20.0), np.arange(20.0, 60.0, 4.0), [80.0, 120.0, 160.0, 220.0, 300.0]])
NOISES = (0.003, 0.0003)  #: of the root mean square of each run
IONS = ("fe2", "fe3")
BK7 = gt.published("001.T3.BK7.constH")
CANDIDATES = {"T": [2.0, 4.0, 7.0, 10.0, 20.0, 40.0, 80.0, 300.0], "B": [0.1, 0.5, 1.0, 2.0, 3.5, 5.0, 7.0]}
#: What is put in for each kind of iron, beside the amounts of 001 Table 3 [K].
IRON = {
    "free": {"fe2": {}, "fe3": {}},
    "split": {"fe2": {"zero_field_splitting": 10.0}, "fe3": {"zero_field_splitting": 1.0}},
    "disordered": {"fe2": {"disorder": 8.0}, "fe3": {"disorder": 0.7}},
    "interacting": {"fe2": {"disorder": 8.0}, "fe3": {"disorder": 0.7, "paired_share": 0.2, "exchange": -10.0}},
}
#: What was put in -> (kind of iron, whether the tunneling systems of 001 Table 3 are there).
TRUTHS = {
    "free iron, ATS": ("free", True), "split iron": ("split", False), "disordered iron": ("disordered", False),
    "interacting iron": ("interacting", False), "disordered iron, ATS": ("disordered", True),
}  # fmt: skip


def glass(kind, with_systems):
    """The glass of 001 Table 3 with another kind of iron, with or without its tunneling systems."""
    parts = {"larmor": BK7["larmor"]}
    for name, species in zip(IONS, ("Fe2+", "Fe3+"), strict=True):
        parts[name] = MagneticIons(species, BK7[name].concentration, **IRON[kind][name])
    return Glass(parts | ({"ats": BK7["ats"]} if with_systems else {}))


def study(progress=print):
    """What stands in the file."""
    models = load_run(example_file("simulated_bk7_iron.toml")).models
    put_in = sum(BK7[name].concentration for name in IONS)
    trials, evidence, plans = {}, {}, {}
    for truth, (kind, with_systems) in TRUTHS.items():
        for noise in NOISES:
            results = fit_models(simulated_runs(glass(kind, with_systems), TEMPERATURES, FIELDS, noise), models)
            found = {name: trial(result, IONS, put_in) for name, result in results.items()}
            trials.setdefault(truth, {})[f"{noise:g}"] = {name: made.to_dict() for name, made in found.items()}
            progress(f"{truth}, noise {noise:g}: {time.process_time():.0f} s of CPU")
            if noise == NOISES[0]:
                pair = best_of_each_kind(found)
                evidence[truth] = sampled(results, pair)
                plans[truth] = design(results, pair, with_systems)
    return {"command": COMMAND, "noises": NOISES, "fields": FIELDS, "temperatures": TEMPERATURES.tolist(),
            "trials": trials, "evidence": evidence, "plans": plans, "cpu_seconds": round(time.process_time())}


def best_of_each_kind(found):
    """Names of the models with the smallest AICc without and with tunneling systems, among those that converged."""
    kept = {name: made.aicc for name, made in found.items() if made.log_evidence is not None}
    return tuple(min((name for name in kept if name.endswith("_and_ats") is ats), key=lambda name: kept[name])
                 for ats in (False, True))  # fmt: skip


def sampled(results, pair):
    """ln Z of both by importance sampling, every parameter averaged over its prior, with the checks of the sampler."""
    drawn = {name: posterior(results[name], seed=1, method="importance", draws=1000) for name in pair}
    return {name: {"log_evidence": found.log_evidence, "error": found.log_evidence_error, "trusted": found.trusted,
                   "laplace": found.laplace} for name, found in drawn.items()}  # fmt: skip


def design(results, pair, with_systems):
    """Where to measure to tell the model of the right kind from the best of the other kind."""
    rival, right = pair if with_systems else pair[::-1]
    made = plan(results[right], CANDIDATES, versus=results[rival]).to_dict()
    return {"right": right, "rival": rival} | {key: made[key] for key in ("per_point", "uniform", "points")}


def main(file):
    found = study()
    Path(file).write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    for truth, by_noise in found["trials"].items():
        for noise, models in by_noise.items():
            print(f"\nput in: {truth}, noise {noise}")
            top = max(made["log_evidence"] for made in models.values() if made["log_evidence"] is not None)
            for name, made in models.items():
                against = "-" if made["log_evidence"] is None else f"{made['log_evidence'] - top:.1f}"
                chance = "-" if made["holdout_p"] is None else f"{made['holdout_p']:.2g}"
                print(f"  {name:20} chi2/dof {made['chi2'] / made['freedom']:9.3f}  ln Z {against:>10}  hold-out p "
                      f"{chance:>8} missed {made['missed']}  iron {made['iron']:.2f}")  # fmt: skip
    print(found["evidence"], found["plans"], sep="\n")


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "docs/iron_at_full_strength.json")
