"""Cost of a likelihood: 9 fields x 150 temperatures, 8 parameters, one set and many sets at once."""

import itertools
import time

import numpy as np

from benchmarks import joint_fit
from benchmarks.timing import best_time
from glasstunnel.inference.setup import build_problem, starting_values
from glasstunnel.systems.anomalous.effective import integrals
from glasstunnel.systems.anomalous.effective.loops import doublet_groups

SETS = 1000


def rows():
    """(what, measured, wanted) for the table."""
    return [*_costs("effective"), *_costs("exact"), _against_quadrature()]


def problem(theory):
    """The problem and the coordinates it starts from."""
    truth = joint_fit.glass(theory)
    made = build_problem(truth, joint_fit.simulated(truth), joint_fit.VARY)
    return made, made.coordinates(starting_values(made))


def process_time(function, rounds=15):
    """Shortest CPU time of one call [s]."""
    function()
    times = []
    for _ in range(rounds):
        start = time.process_time()
        function()
        times.append(time.process_time() - start)
    return min(times)


def _costs(theory):
    made, z = problem(theory)
    logarithmic = np.array([prior.logarithmic for prior in made.priors.values()])
    width = np.where(logarithmic, 0.01, 0.01 * np.abs(z))  # a percent of every value, inside all priors
    Z = z + width * np.random.default_rng(1).standard_normal((SETS, z.size))
    if not np.isfinite(made.log_likelihoods(Z)).all():
        raise RuntimeError("the benchmark has sets for which there is no glass")
    # Another set at every call, so that nothing kept from the last one counts.
    sets = itertools.cycle(Z)
    one = process_time(lambda: made.residuals(next(sets)))
    several = process_time(lambda: made.linear_columns(next(sets), made.names))
    batch = process_time(lambda: made.log_likelihoods(Z), rounds=2) / len(Z)
    return [
        (f"{theory} likelihood, 1350 points, 8 parameters", f"{1e3 * one:.2f} ms of CPU", "1 ms"),
        (f"  value and Jacobian over value, {theory}", f"{several / one:.2f}", "1.5"),
        (f"  in a batch of {len(Z)}, per set, {theory}", f"{1e3 * batch:.2f} ms of CPU", "0.3 ms"),
    ]


def _against_quadrature():
    """The magnetization of the same points from the quadrature that the table replaces."""
    system = joint_fit.glass("effective")["ats"]
    T = np.tile(np.geomspace(2.0, 300.0, 150), 9)
    B = np.repeat(joint_fit.FIELDS, 150)
    table = best_time(lambda: system.magnetization(T, B))
    group = doublet_groups(system, T, B)[0]
    start = time.perf_counter()
    for edge in (group.a, group.b):
        integrals.field_response(edge, group.d, T, True)
    quadrature = time.perf_counter() - start
    return ("  effective M(T, B), 1350 points: quadrature over table", f"{quadrature / table:.0f}", "")
