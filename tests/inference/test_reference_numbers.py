"""The simulated BK7 of the examples against numbers that other programs found: evidence, designs."""

import numpy as np
import pytest

from glasstunnel import plan, posterior
from glasstunnel.demo.files import example_file
from glasstunnel.inference import fit
from glasstunnel.runfile import load_run

GRID = {"T": np.geomspace(1.8, 300.0, 15), "B": [0.05, 0.1, 0.3, 0.5, 1.0, 2.0, 3.5, 5.0, 7.0]}


@pytest.fixture(scope="module")
def fits():
    run = load_run(example_file("simulated_bk7.toml"))
    return {name: fit(model.glass, run.datasets, model.vary, ties=model.ties) for name, model in run.models.items()}


def test_the_design_that_tells_iron_from_anomalous_systems(fits):
    """4176 of chi-square per point: 57 % at (10 K, 5 T), 36 % at (1.8 K, 7 T), 5 % at (300 K, 7 T)."""
    made = plan(fits["iron_and_ats"], GRID, versus=fits["iron"], noise=1e-5)
    assert made.per_point == pytest.approx(4176.0, rel=0.02) and made.worst < 1.02
    share = {(round(T), B): w for T, B, w in zip(made.candidates.T, made.candidates.B, made.weights, strict=True)}
    assert share[11, 5.0] == pytest.approx(0.57, abs=0.04) and share[2, 7.0] == pytest.approx(0.36, abs=0.04)


@pytest.mark.parametrize(("goal", "ratio", "points"), [
    ("ats.asymmetry_min", 0.544, {0.5: 16, 2.0: 11, 7.0: 13}), ("ats.activation_energy", 0.332, None),
    ("fe2.concentration", 0.349, None)])  # fmt: skip
def test_forty_points_at_the_lowest_temperature(fits, goal, ratio, points):
    made = plan(fits["iron_and_ats"], GRID, goal, points=40, noise=1e-5)
    assert made.after[goal] / made.before[goal] == pytest.approx(ratio, rel=0.02)
    if points:
        assert {block.B: block.count for block in made.blocks} == points and made.minutes == 85.0


@pytest.mark.slow
def test_the_promise_of_a_plan_holds_when_it_is_simulated(fits):
    made = plan(fits["iron_and_ats"], GRID, "ats.asymmetry_min", points=40, noise=1e-5)
    found = made.simulate(60)
    assert abs(found.found["ats.asymmetry_min"] / made.after["ats.asymmetry_min"] - 1.0) < 3.0 / np.sqrt(118.0)


@pytest.mark.slow
def test_the_evidence_of_the_simulated_bk7(fits):
    """ln Z = -155.15 +- 0.02, Laplace -155.23, chi-square 223.278."""
    found = posterior(fits["iron_and_ats"], seed=1)
    assert found.trusted and found.fit.chi2 == pytest.approx(223.27795, abs=1e-4)
    assert found.log_evidence == pytest.approx(-155.15, abs=0.04) and found.laplace == pytest.approx(-155.23, abs=0.05)
