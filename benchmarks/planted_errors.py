"""What a hold-out finds: its p-values where nothing is wrong, and errors that are planted in one of several runs.

Four heat capacities of the same glass (phonons and two-level systems, 20 points each with 0.3 % noise) in which one run
has an error that its stated noise does not know. Parts of ``python -m benchmarks.statements``.
"""

import math
from functools import partial

import numpy as np

import glasstunnel as gt
from glasstunnel.data import with_noise
from glasstunnel.inference.error_sources import drift_chances, shared_errors

TRUTH = gt.Glass({"debye": gt.DebyePhonons(cubic_coefficient=1e-3), "tls": gt.TwoLevelSystems(density=1e20)})
VARY = {"debye.cubic_coefficient": gt.Uniform(0.0, 1e-1), "tls.density": gt.Uniform(0.0, 1e22)}
T, RUNS, NOISE = np.geomspace(0.1, 2.0, 20), 4, 0.003
FOUND = 1e-3  # p-value below which an error counts as found
LEVELS = (0.01, 0.05, 0.3, 0.5)


def _scale(pulls, generator):
    """A scale of 1.01, in units of sigma."""
    return pulls + 0.01 / NOISE


def _drift(pulls, generator, amount=2.0):
    """An Ornstein-Uhlenbeck process along ln T with a standard deviation of 2 sigma and a length of 0.3."""
    covariance = _correlation() + 1e-10 * np.eye(len(T))
    return pulls + amount * np.linalg.cholesky(covariance) @ generator.standard_normal(len(T))


def _correlation():
    """Of a drift along ln T with a length of 0.3."""
    x = np.log(T)
    return np.exp(-np.abs(x[:, None] - x) / 0.3)


def _outlier(pulls, generator):
    """One point off by 15 sigma."""
    return pulls + 15.0 * (np.arange(len(T)) == generator.integers(len(T)))


#: name -> what it makes of the pulls of a run; an offset is added in SI, as 2 sigma of the middle point.
PLANTED = {
    "nothing": None, "its scale off by 1 %": _scale, "an offset of 2 sigma": None, "a drift of 2 sigma": _drift,
    "its noise four times what is stated": lambda pulls, generator: 4.0 * pulls, "one point off by 15 sigma": _outlier,
}  # fmt: skip


def heat_runs(seed, planted="nothing", **noise):
    """The runs, with an error in the second, one of `PLANTED` or a function like them; noise: keywords of `with_noise`,
    where not the relative noise put in."""
    exact, found = np.asarray(gt.heat_capacity(TRUTH, T, 0.0)), []
    for k in range(RUNS):
        generator = np.random.default_rng((5, seed, k))
        pulls, change = generator.standard_normal(len(T)), None
        if k == 1:
            change = planted if callable(planted) else PLANTED[planted]
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


def hidden_drifts(count, first=0):
    """{drift in one run, in units of its noise, which follows from the residuals: how often it is named, how often
    anything is said of the residuals, the chance stated for it, and what the best test of it could find}."""
    found = {}
    for amount in (0.0, 2.0, 5.0):
        named, said = 0, 0
        for seed in range(first, first + count):
            runs = heat_runs(seed, partial(_drift, amount=amount), residuals="relative")
            result = gt.fit(TRUTH, runs, VARY)
            named += any(error.kind == "drift" or any("drift" in rival for rival in error.rivals)
                         for error in shared_errors(result))  # fmt: skip
            said += result.diagnostics().telling
        stated = drift_chances(result, amount)["run1"]
        found[f"{amount:g}"] = {"simulations": count, "named": named, "said": said, "chance": stated,
                                "best": best_power(amount) if amount else ALARMS}  # fmt: skip
    return found


ALARMS = 5.3e-4  #: false alarms of each error that is looked for, P(chi-square of one degree > 12)


def best_power(amount, alarms=ALARMS, draws=400_000):
    """Chance to find a drift of known amount and length in one run by the most powerful test of those that do not
    depend on the unknown sigma, its parameters being known  [M. L. King, J. Econometrics 6, 225 (1977)]."""
    width = 1.0 + amount**2 * np.linalg.eigvalsh(_correlation())
    squares = np.random.default_rng(7).standard_normal((draws, len(T))) ** 2
    plain = (squares @ (1.0 / width)) / squares.sum(axis=1)
    drifting = squares.sum(axis=1) / (squares @ width)
    return float(np.mean(drifting < np.quantile(plain, alarms)))


#: Runs, each predicted by the others, whose model is true: (glass, priors, points of the runs, how noise is known).
SHORT, LONGER = (6, 9, 15), (10, 14, 20)
SPIN = gt.Glass({"spin": gt.MagneticIons("effective", 1e20, spin=2.5, g_factor=2.0),
                 "larmor": gt.LarmorDiamagnetism(4e-3)})  # fmt: skip
NONLINEAR = {"spin.concentration": gt.LogUniform(1e18, 1e22), "spin.g_factor": gt.Uniform(0.5, 3.5)}
PREDICTED = {
    "given, 6 to 15 points": (TRUTH, VARY, SHORT, {"absolute": 3e-5}),
    "from residuals, 6 to 15 points": (TRUTH, VARY, SHORT, {"residuals": True}),
    "from residuals, 10 to 20 points": (TRUTH, VARY, LONGER, {"residuals": True}),
    "a fraction from residuals, 10 to 20 points": (TRUTH, VARY, LONGER, {"residuals": "relative"}),
    "from residuals, 10 to 20 points, nonlinear": (SPIN, NONLINEAR, LONGER, {"residuals": True}),
}  # fmt: skip


def hold_out_p_values(count, name, first=0):
    """{"below": fraction of p below each of `LEVELS` over all runs, ...} of one of `PREDICTED`."""
    glass, vary, points, noise = PREDICTED[name]
    p = []
    for seed in range(first, first + count):
        held = gt.fit(glass, few_runs(seed, glass, points, **noise), vary).holdout()
        p.append([found.p_value for found in held.predicted.values()] + [np.nan] * (len(points) - len(held.predicted)))
    below = [float(np.mean(np.array(p) < level)) for level in LEVELS]
    return {"below": below, "levels": list(LEVELS), "simulations": count, "runs": len(points),
            "without": int(np.isnan(p).sum())}  # fmt: skip


def few_runs(seed, glass=TRUTH, points=SHORT, sigma=3e-5, **noise):
    """Short runs with normal noise of their own, in which estimating it matters: heat capacities of phonons and
    tunneling systems, magnetizations in 0.5, 2 and 5 T of anything else; `noise` says how it is to be known."""
    found = []
    for k, number in enumerate(points):
        normal = np.random.default_rng((6, seed, k)).standard_normal(number)
        if glass is TRUTH:
            where, B, name, unit = np.geomspace(0.1, 2.0, number), 0.0, "heat_capacity", "J/(kg K)"
        else:
            where, B, name, unit = np.geomspace(2.0, 60.0, number), (0.5, 2.0, 5.0)[k], "magnetization", "A m2/kg"
        exact = np.asarray(getattr(gt, name)(glass, where, np.full(number, B)))
        width = {"absolute": sigma, "relative": NOISE * np.abs(exact)}
        if glass is not TRUTH:
            width["absolute"] = 0.02 * np.median(np.abs(exact))
        values = exact + width["relative" if noise.get("residuals") == "relative" else "absolute"] * normal
        columns = {"temperature": gt.Column(where, "K"), "field": gt.Column(np.full(number, B), "T"),
                   name: gt.Column(values, unit)}  # fmt: skip
        found.append(with_noise(gt.Dataset(columns, name, name=f"run{k}"), **noise))
    return found


def binomial_error(fraction, count):
    """Standard deviation of a counted fraction."""
    return math.sqrt(max(fraction * (1.0 - fraction), 0.25 / count) / count)
