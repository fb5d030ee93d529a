"""Do statements beyond single intervals hold? ``python -m benchmarks.statements [simulations] [file] [parts]``

Counted by simulation: bands of `predict` for the curve and for a new measurement, of fits and of posteriors; profile
contours of two parameters; what the evidence of two models says, with both equally likely to be true; p-values of
hold-outs; and which planted errors a hold-out finds. A part that is named is counted anew, the others stay in the file.
"""

import json
import math
import sys
from functools import partial
from pathlib import Path

import numpy as np

import glasstunnel as gt
from benchmarks.planted_errors import PREDICTED, hidden_drifts, hold_out_p_values, planted_errors
from glasstunnel.data import with_noise
from glasstunnel.inference.evidence import model_evidence
from glasstunnel.inference.pair_profiles import held_rise

FILE = Path("statements.json")
LEVELS = (0.6827, 0.95)
GLASS = gt.Glass({"spin": gt.MagneticIons("effective", 1e20, spin=2.5, g_factor=2.0),
                  "larmor": gt.LarmorDiamagnetism(4e-3)})  # fmt: skip
VARY = {"spin.concentration": gt.LogUniform(1e18, 1e22), "spin.g_factor": gt.Uniform(0.5, 3.5),
        "larmor.susceptibility": gt.Uniform(0.0, 0.1)}  # fmt: skip
NOISE, FIELD = 2e-4, 2.0
WHERE = np.array([1.5, 4.0, 30.0])  # K, at 5 T: outside, inside and between what is measured
PAIR = ("spin.concentration", "spin.g_factor")
LARMOR = gt.Glass({"larmor": gt.LarmorDiamagnetism(4e-3)})
IRON = gt.Glass({"larmor": gt.LarmorDiamagnetism(4e-3), "iron": gt.MagneticIons("Fe3+", 1e18)})
ONLY = {"larmor.susceptibility": gt.Uniform(0.0, 0.02)}
BOTH = ONLY | {"iron.concentration": gt.LogUniform(1e16, 1e20)}


# What posteriors are asked for: (glass, priors from which every truth is drawn, keywords of `with_noise`).
SUBJECTS = {
    "linear": (IRON, {"larmor.susceptibility": gt.Uniform(3e-3, 5e-3), "iron.concentration": gt.Uniform(0.0, 3e19)},
               {"absolute": NOISE}),
    "linear, noise from residuals": (IRON, {"larmor.susceptibility": gt.Uniform(3e-3, 5e-3),
                                            "iron.concentration": gt.Uniform(0.0, 3e19)}, {"residuals": True}),
    "nonlinear": (GLASS, {"larmor.susceptibility": gt.Uniform(3e-3, 5e-3), "spin.g_factor": gt.Uniform(1.5, 2.5),
                          "spin.concentration": gt.LogUniform(3e19, 3e20)}, {"absolute": NOISE}),
}  # fmt: skip
DRAWS = 1000  # of every posterior
CURVES = 500  # of its bands


def run(glass, generator, points=12, noise=NOISE, stated=None):
    """A magnetization between 2 and 100 K; `stated` are the keywords of `with_noise` where not noise itself."""
    T = np.geomspace(2.0, 100.0, points)
    M = np.asarray(glass.magnetization(T, np.full(points, FIELD))) + noise * generator.standard_normal(points)
    columns = {"temperature": gt.Column(T, "K"), "field": gt.Column(np.full(points, FIELD), "T"),
               "magnetization": gt.Column(M, "A m2/kg")}  # fmt: skip
    return with_noise(gt.Dataset(columns, "magnetization", name="run"), **(stated or {"absolute": noise}))


def bands(count):
    """{"curve" or "new measurement": coverage of the bands of a fit at each level} over `WHERE`."""
    held = []
    for seed in range(count):
        generator = np.random.default_rng((1, seed))
        result = gt.fit(GLASS, [run(GLASS, generator)], VARY)
        held.append(_held(result.predict(WHERE, 5.0), GLASS, generator))
    return _counted(held)


def posterior_bands(count, subject, first=0):
    """As `bands`, of posteriors of one of `SUBJECTS`; truths are drawn from the priors, so what they say is exact."""
    return _counted([_posterior_held(seed, *SUBJECTS[subject]) for seed in range(first, first + count)])


def _posterior_held(seed, glass, vary, stated):
    generator = np.random.default_rng((4, seed))
    truth = glass.with_values({path: prior.draw(generator) for path, prior in vary.items()})
    drawn = gt.posterior(gt.fit(truth, [run(truth, generator, stated=stated)], vary), seed=seed, draws=DRAWS)
    return _held(drawn.predict(WHERE, 5.0, draws=CURVES), truth, generator)


def _held(made, truth, generator):
    """[[whether the band holds at each place, for each level] of the curve, of a new measurement]."""
    exact = np.asarray(truth.magnetization(WHERE, np.full(3, 5.0)))
    new, found = exact + NOISE * generator.standard_normal(3), []
    for value, noise in ((exact, 0.0), (new, NOISE)):
        ends = [made.band(level, noise) for level in LEVELS]
        found.append([(low <= value) & (value <= high) for low, high in ends])
    return found


def _counted(held):
    """Coverage over simulations and places; all places of one simulation hang together."""
    curve, new = np.mean(held, axis=(0, 3)).tolist()
    return {"curve": curve, "new measurement": new, "simulations": len(held), "points": len(WHERE)}


def contour_coverage(count):
    """How often the profile contours of two correlated parameters hold both true values."""
    held = []
    for seed in range(count):
        result = gt.fit(GLASS, [run(GLASS, np.random.default_rng((2, seed)))], VARY)
        rise, limits = held_rise(result, {path: GLASS.value(path) for path in PAIR}, LEVELS)
        held.append([rise <= limits[level] for level in LEVELS])
    return {"coverage": np.mean(held, axis=0).tolist(), "simulations": count}


def verdicts(count, first=0):
    """Bayes factors with both models equally likely: how often each verdict was right, and the calibration of ln B."""
    rows = []
    for seed in range(first, first + count):
        generator = np.random.default_rng((3, seed))
        with_iron = bool(generator.random() < 0.5)
        truth = LARMOR.with_values({"larmor.susceptibility": ONLY["larmor.susceptibility"].draw(generator)})
        if with_iron:
            truth = IRON.with_values({path: prior.draw(generator) for path, prior in BOTH.items()})
        data = [run(truth, generator, noise=0.1 * NOISE)]
        fits = {"larmor": gt.fit(LARMOR, data, ONLY), "iron": gt.fit(IRON, data, BOTH)}
        weighed = model_evidence(fits, seed=seed).models["iron"]
        rows.append((with_iron, weighed.log_bayes, weighed.lowest, weighed.highest, weighed.trusted))
    return summary(rows)


def summary(rows):
    """Counts of `verdicts`, by verdict and by ln B."""
    true, log_bayes, lowest, highest, trusted = (np.array(column) for column in zip(*rows, strict=True))
    favored, disfavored = lowest > 5.0, highest < -5.0
    expected = 1.0 / (1.0 + np.exp(-log_bayes))
    bins = []
    for low, high in ((-math.inf, -0.5), (-0.5, 0.5), (0.5, 3.0), (3.0, math.inf)):
        inside = (log_bayes > low) & (log_bayes <= high)
        bins.append({"from": low if math.isfinite(low) else None, "to": high if math.isfinite(high) else None,
                     "count": int(inside.sum()), "true": int(true[inside].sum()),
                     "expected": float(expected[inside].sum())})  # fmt: skip
    return {
        "simulations": len(rows), "untrusted": int(np.sum(~trusted)), "with_iron": int(true.sum()),
        "favored": [int(favored.sum()), int((favored & true).sum())],
        "disfavored": [int(disfavored.sum()), int((disfavored & ~true).sum())],
        "undecided": int(np.sum(~favored & ~disfavored)), "bins": bins,
    }  # fmt: skip


PARTS = {
    "bands": bands,
    **{f"posterior bands, {name}": partial(posterior_bands, subject=name) for name in SUBJECTS},
    "contours": contour_coverage,
    "verdicts": verdicts,
    **{f"hold-out p, {name}": partial(hold_out_p_values, name=name) for name in PREDICTED},
    "hidden drifts": hidden_drifts,
    "planted": lambda count: planted_errors(max(10, count // 8), max(40, count // 2)),
}  # fmt: skip


def merged(known, more):
    """Two counts of bands, verdicts or p-values together."""
    if "bins" in more:
        added = {key: np.add(known[key], more[key]).tolist() for key in more if key != "bins"}
        bins = [new | {key: old[key] + new[key] for key in ("count", "true", "expected")}
                for old, new in zip(known["bins"], more["bins"], strict=True)]  # fmt: skip
        return added | {"bins": bins}
    counts = [part["simulations"] for part in (known, more)]
    if "below" in more:
        below = np.average([known["below"], more["below"]], axis=0, weights=counts).tolist()
        return more | {"below": below, "simulations": sum(counts), "without": known["without"] + more["without"]}
    return more | {what: np.average([known[what], more[what]], axis=0, weights=counts).tolist()
                   for what in ("curve", "new measurement")} | {"simulations": sum(counts)}  # fmt: skip


def main(arguments):
    """Count, print, keep: the parts that are named, all of them where none is. "+60" instead of a number of simulations
    adds so many to bands of posteriors, verdicts and p-values that were counted before.
    """
    more = bool(arguments) and arguments[0].startswith("+")
    count = int(arguments[0]) if arguments else 240
    file = Path(arguments[1]) if len(arguments) > 1 else FILE
    for part in arguments[2:] or PARTS:
        known = json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}
        if more and part in known:
            known[part] = merged(known[part], PARTS[part](count, first=known[part]["simulations"]))
        else:
            known[part] = PARTS[part](count)
        file.write_text(json.dumps(known, indent=1) + "\n", encoding="utf-8")
        print(part, json.dumps(known[part]), flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
