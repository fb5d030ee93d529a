"""What a hold-out finds: its p-values where nothing is wrong, and errors that are planted in one of several runs.

Four heat capacities of the same glass (phonons and two-level systems, 20 points each with 0.3 % noise) in which one run
has an error that its stated noise does not know. Parts of ``python -m benchmarks.statements``.
"""

import math

import numpy as np

import glasstunnel as gt
from glasstunnel.data import with_noise

TRUTH = gt.Glass({"debye": gt.DebyePhonons(cubic_coefficient=1e-3), "tls": gt.TwoLevelSystems(density=1e20)})
VARY = {"debye.cubic_coefficient": gt.Uniform(0.0, 1e-1), "tls.density": gt.Uniform(0.0, 1e22)}
T, RUNS, NOISE = np.geomspace(0.1, 2.0, 20), 4, 0.003
FOUND = 1e-3  # p-value below which an error counts as found
LEVELS = (0.01, 0.05, 0.3, 0.5)


def _scale(pulls, generator):
    """A scale of 1.01, in units of sigma."""
    return pulls + 0.01 / NOISE


def _drift(pulls, generator):
    """An Ornstein-Uhlenbeck process along ln T with a standard deviation of 2 sigma and a length of 0.3."""
    x = np.log(T)
    covariance = np.exp(-np.abs(x[:, None] - x) / 0.3) + 1e-10 * np.eye(len(x))
    return pulls + 2.0 * np.linalg.cholesky(covariance) @ generator.standard_normal(len(x))


def _outlier(pulls, generator):
    """One point off by 15 sigma."""
    return pulls + 15.0 * (np.arange(len(T)) == generator.integers(len(T)))


#: name -> what it makes of the pulls of a run; an offset is added in SI, as 2 sigma of the middle point.
PLANTED = {
    "nothing": None, "its scale off by 1 %": _scale, "an offset of 2 sigma": None, "a drift of 2 sigma": _drift,
    "its noise four times what is stated": lambda pulls, generator: 4.0 * pulls, "one point off by 15 sigma": _outlier,
}  # fmt: skip


def heat_runs(seed, planted="nothing", **noise):
    """The runs, with an error in the second; noise: keywords of `with_noise`, where not the relative noise put in."""
    exact, found = np.asarray(gt.heat_capacity(TRUTH, T, 0.0)), []
    for k in range(RUNS):
        generator = np.random.default_rng((5, seed, k))
        pulls, change = generator.standard_normal(len(T)), PLANTED[planted] if k == 1 else None
        pulls = pulls if change is None else change(pulls, generator)
        values = exact * (1.0 + NOISE * pulls)
        if planted == "an offset of 2 sigma" and k == 1:
            values = values + 2.0 * NOISE * np.median(exact)
        columns = {"temperature": gt.Column(T, "K"), "heat_capacity": gt.Column(values, "J/(kg K)")}
        found.append(with_noise(gt.Dataset(columns, "heat_capacity", name=f"run{k}"), **noise or {"relative": NOISE}))
    return found


def planted_errors(count, clean):
    """{planted: {"hold-out", "tension": how often found, "rms": [fit, jackknife], ...}}, `clean` without an error."""
    return {name: _found(name, clean if name == "nothing" else count) for name in PLANTED}


def _found(planted, count):
    held, tense, pulls = [], [], []
    for seed in range(count):
        runs = heat_runs(seed, planted)
        result = gt.fit(TRUTH, runs, VARY)
        left_out = result.holdout()
        held.append(min(prediction.p_value for prediction in left_out.predicted.values()))
        tense.append(gt.tension(TRUTH, {run.name: [run] for run in runs}, VARY).p_value)
        pulls.append([[(result.values[path] - TRUTH.value(path)) / errors[path] for path in VARY]
                      for errors in (result.errors, left_out.errors)])  # fmt: skip
    rms = np.sqrt(np.mean(np.square(pulls), axis=(0, 2)))
    return {"simulations": count, "hold-out": int(np.sum(np.array(held) < FOUND)),
            "tension": int(np.sum(np.array(tense) < FOUND)),
            "tension below 0.05": float(np.mean(np.array(tense) < 0.05)), "rms": rms.tolist()}  # fmt: skip


#: How the noise of the runs whose p-values are counted is known.
KNOWN = {"given": {"absolute": 3e-5}, "from residuals": {"residuals": True}}


def hold_out_p_values(count):
    """{how the noise is known: [fraction of p below each level] over all runs}, where the model is true."""
    found = {}
    for name, noise in KNOWN.items():
        p = [[held.p_value for held in gt.fit(TRUTH, few_runs(seed, **noise), VARY).holdout().predicted.values()]
             for seed in range(count)]  # fmt: skip
        found[name] = {"below": [float(np.mean(np.array(p) < level)) for level in LEVELS], "levels": list(LEVELS),
                       "simulations": count, "runs": len(p[0])}  # fmt: skip
    return found


def few_runs(seed, points=(6, 9, 15), sigma=3e-5, **noise):
    """Short runs with normal noise of their own, in which estimating it matters."""
    found = []
    for k, number in enumerate(points):
        where = np.geomspace(0.1, 2.0, number)
        values = np.asarray(gt.heat_capacity(TRUTH, where, 0.0))
        values = values + sigma * np.random.default_rng((6, seed, k)).standard_normal(number)
        columns = {"temperature": gt.Column(where, "K"), "heat_capacity": gt.Column(values, "J/(kg K)")}
        found.append(with_noise(gt.Dataset(columns, "heat_capacity", name=f"run{k}"), **noise))
    return found


def binomial_error(fraction, count):
    """Standard deviation of a counted fraction."""
    return math.sqrt(max(fraction * (1.0 - fraction), 0.25 / count) / count)
