"""The runs test against counting, and against simulated noise."""

from itertools import combinations

import numpy as np
import pytest

from glasstunnel.inference.misfits import runs_probability
from glasstunnel.inference.results import FittedCurve


def curve(residuals, T=None, B=None):
    residuals = np.asarray(residuals, dtype=float)
    count = len(residuals)
    T = np.linspace(2.0, 300.0, count) if T is None else np.asarray(T, dtype=float)
    B = np.full(count, 1.0) if B is None else np.asarray(B, dtype=float)
    model = np.full(count, 10.0)
    return FittedCurve("run", "heat_capacity", "J/(K kg)", T, B, model + residuals, np.ones(count), model, False)


@pytest.mark.parametrize("signs", ["+++++++-------", "++-+-+++--+-+-", "+++---+++----+"])
def test_the_probability_is_that_of_counting_all_arrangements(signs):
    """Every order of the same signs is equally likely: the share of those with no more runs, to its approximation."""
    def runs(row):
        return 1 + sum(a != b for a, b in zip(row, row[1:], strict=False))

    places = list(combinations(range(len(signs)), signs.count("+")))
    rows = [["+" if i in chosen else "-" for i in range(len(signs))] for chosen in places]
    exact = np.mean([runs(row) <= runs(signs) for row in rows])
    found = runs_probability(curve([1.0 if sign == "+" else -1.0 for sign in signs]))
    assert found == pytest.approx(exact, abs=0.01)


@pytest.mark.slow
def test_independent_noise_is_flagged_as_often_as_stated():
    generator = np.random.default_rng(1)
    p = np.array([runs_probability(curve(generator.standard_normal(80))) for _ in range(2000)])
    assert np.mean(p < 0.05) < 0.07
    assert np.sum(p < 1e-4) <= 3


def test_rows_are_followed_along_the_sweep_at_each_set_point():
    """Two fields with opposite misfit, measured in turn at every temperature: a pattern only when taken apart."""
    T, B = np.repeat(np.linspace(2.0, 300.0, 30), 2), np.tile([0.1, 5.0], 30)
    assert runs_probability(curve(np.where(B > 1.0, 1.0, -1.0), T, B)) < 1e-6


def test_residuals_of_arithmetic_are_no_pattern():
    bend = np.sin(np.linspace(0.0, 6.0, 50))
    assert runs_probability(curve(bend)) < 1e-6
    assert runs_probability(curve(1e-9 * bend)) == 1.0
