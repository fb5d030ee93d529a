"""Iron or tunneling: every model of `examples/simulated_bk7_iron.toml` fitted to every simulated truth.

``python -m benchmarks.iron docs/iron_at_full_strength.json`` (some minutes of processor time; names of truths after the
file do these alone, ``"evidence TRUTH"`` samples its evidence anew, ``everything`` does the iron that has everything at
once) writes what the page and the figure of that name show. Nothing in it was measured. The papers print no error of
their magnetization: 0.3 % of each run is assumed, and ten times less.
"""

import dataclasses
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
from glasstunnel.studies.iron_or_tunneling import best_fit, fit_models, simulated_runs, trial

COMMAND = "python -m benchmarks.iron docs/iron_at_full_strength.json"
FIELDS = (0.1, 0.25, 0.5, 1.0, 2.0, 3.0, 4.0, 5.0, 6.5)  # T, 000 Table 1
TEMPERATURES = np.concatenate([np.arange(2.0, 20.0), np.arange(20.0, 60.0, 4.0), [80.0, 120.0, 160.0, 220.0, 300.0]])
NOISES = (0.003, 0.0003)  #: of the root mean square of each run
HOPELESS = 10.0  #: chi2/dof from which on no run is held out: chi-square has said it
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
#: The model of each truth, and the rivals against which evidence is sampled and a design is made.
RIVALS = {
    "free iron, ATS": ("free_and_ats", ("split", "disordered")),
    "split iron": ("split", ("free_and_ats", "disordered")),
    "disordered iron": ("disordered", ("free_and_ats", "split")),
    "interacting iron": ("interacting", ("free_and_ats", "disordered")),
    "disordered iron, ATS": ("disordered_and_ats", ("interacting", "free_and_ats")),
}
#: Where iron with wide ranges and with everything at once is fitted, and from how many starts: at the worse noise, no
#: run held out, since a fit takes a minute.
EVERYTHING = {"free iron, ATS": 6, "disordered iron": 1}


def glass(kind, with_systems):
    """The glass of 001 Table 3 with another kind of iron, with or without its tunneling systems."""
    parts = {"larmor": BK7["larmor"]}
    for name, species in zip(IONS, ("Fe2+", "Fe3+"), strict=True):
        parts[name] = MagneticIons(species, BK7[name].concentration, **IRON[kind][name])
    return Glass(parts | ({"ats": BK7["ats"]} if with_systems else {}))


def study(truth, given):
    """{"trials": {noise: {model: ...}}, "evidence": {model: ...}, "plans": {rival: ...}} of one truth."""
    put_in = sum(BK7[name].concentration for name in IONS)
    models = {name: dataclasses.replace(model, ties=printed_ratio(model.ties)) for name, model in given.items()}
    found = {"trials": {}}
    for noise in NOISES:
        results = fit_models(simulated_runs(glass(*TRUTHS[truth]), TEMPERATURES, FIELDS, noise), models)
        found["trials"][f"{noise:g}"] = {
            name: trial(result, IONS, put_in, result.chi2 < HOPELESS * result.dof).to_dict()
            for name, result in results.items()
        }
        if noise == NOISES[0]:
            right, rivals = RIVALS[truth]
            found["evidence"] = {name: sampled(results[name]) for name in (right, rivals[0])}
            found["plans"] = {name: design(results[right], results[name]) for name in rivals}
    if truth == "free iron, ATS":  # the ratio of the run file instead, at the better noise
        runs = simulated_runs(glass(*TRUTHS[truth]), TEMPERATURES, FIELDS, NOISES[-1])
        held = fit_models(runs, {name: given[name] for name in ("free_and_ats", "interacting_and_ats")})
        found["ratio_of_the_run_file"] = {name: trial(result, IONS, put_in, holdout=False).to_dict()
                                          for name, result in held.items()}  # fmt: skip
    return found | {"cpu_seconds": round(time.process_time())}


def everything_at_once(truth, given):
    """{model: trial, values, processor time} of iron with wide ranges, everything at once, and that with ATS."""
    put_in = sum(BK7[name].concentration for name in IONS)
    models = {name: dataclasses.replace(model, ties=printed_ratio(model.ties)) for name, model in given.items()}
    ranges = models["everything"].vary
    models["wide"] = dataclasses.replace(models["split"], vary={path: ranges[path] for path in models["split"].vary})
    runs, found, stored = simulated_runs(glass(*TRUTHS[truth]), TEMPERATURES, FIELDS, NOISES[0]), {}, {}
    ways = {"wide": ((), 6, 400), "free_and_ats": ((), 2, 400),
            "everything": (("wide",), EVERYTHING[truth], 150),
            "everything_and_ats": (("free_and_ats", "everything"), 0, 80)}  # fmt: skip
    for name, (smaller, starts, evaluations) in ways.items():
        began = time.process_time()
        found[name] = best_fit(runs, models[name], [found[other] for other in smaller], starts, evaluations)
        if name == "everything" and starts > 1:  # it goes on where the best of the starts ended
            found[name] = best_fit(runs, models[name], [found[name]], 0, evaluations)
        stored[name] = trial(found[name], IONS, put_in, holdout=False).to_dict() | {
            "values": found[name].values, "cpu_seconds": round(time.process_time() - began)}  # fmt: skip
        print(truth, name, stored[name], flush=True)
    return stored


def printed_ratio(ties):
    """Ties with the ratio of the cutoffs of the printed set, so that what was put in is among the models."""
    ratio = BK7["ats"].amplitude_area_max / BK7["ats"].amplitude_area_min
    return {path: (source, ratio) for path, (source, _) in ties.items()}


def evidence(truth, given):
    """{model: `sampled`} of the model of a truth and its first rival, at the worse noise, from the fits of `study`."""
    models = {name: dataclasses.replace(model, ties=printed_ratio(model.ties)) for name, model in given.items()}
    right, rivals = RIVALS[truth]
    wanted = (right, rivals[0])
    needed = {name: model for name, model in models.items()
              if any(set(model.vary) <= set(models[other].vary) for other in wanted)}  # fmt: skip
    fits = fit_models(simulated_runs(glass(*TRUTHS[truth]), TEMPERATURES, FIELDS, NOISES[0]), needed)
    return {name: sampled(fits[name]) for name in wanted}


def sampled(result):
    """ln Z with every parameter averaged over its prior, by importance sampling or an ensemble, and what the checks
    say."""
    found = posterior(result, seed=1)
    return {"log_evidence": found.log_evidence, "error": found.log_evidence_error, "trusted": found.trusted,
            "laplace": found.laplace, "method": found.sampled.method}  # fmt: skip


def design(right, rival):
    """Where to measure to tell a model from a rival that does its best."""
    made = plan(right, CANDIDATES, versus=rival).to_dict()
    return {key: made[key] for key in ("per_point", "uniform", "points_needed", "points")}


def main(file, *chosen):
    path = Path(file)
    stored = json.loads(path.read_text(encoding="utf-8"))["truths"] if chosen and path.exists() else {}
    models = load_run(example_file("simulated_bk7_iron.toml")).models
    smaller = {name: model for name, model in models.items() if not name.startswith("everything")}
    for truth in chosen or (*TRUTHS, "everything"):
        if truth.startswith("evidence "):
            stored[truth.removeprefix("evidence ")]["evidence"] = evidence(truth.removeprefix("evidence "), smaller)
            save(path, stored)
            continue
        if truth == "everything":
            for other in EVERYTHING:
                stored[other]["everything"] = everything_at_once(other, models)
                save(path, stored)
            continue
        stored[truth] = study(truth, smaller) | {
            key: value for key, value in stored.get(truth, {}).items() if key == "everything"}  # fmt: skip
        save(path, stored)
        print(report(truth, stored[truth]), flush=True)


def save(path, truths):
    about = {"command": COMMAND, "noises": NOISES, "fields": FIELDS, "temperatures": TEMPERATURES.tolist()}
    path.write_text(json.dumps(about | {"truths": truths}, indent=1) + "\n", encoding="utf-8")


def report(truth, found):
    """A truth as text; the gallery script of the page draws and judges it."""
    lines = [f"\nput in: {truth} ({found['cpu_seconds']} s of processor time so far)"]
    for noise, models in found["trials"].items():
        lines += [f"  noise {noise} {name:20} chi2/dof {made['chi2'] / made['freedom']:.3f}, ln Z "
                  f"{made['log_evidence']}, hold-out p {made['holdout_p']}, iron {made['iron']:.3f}"
                  for name, made in models.items()]  # fmt: skip
    return "\n".join(lines)


if __name__ == "__main__":
    main(*(sys.argv[1:] or ["docs/iron_at_full_strength.json"]))
