"""Plans: rank-one updates against refactorization, predictions against simulation, optimality by its own theorem."""

import dataclasses

import numpy as np
import pytest
from numpy.testing import assert_allclose
from tests.inference.evidence_cases import bk7_fit
from tests.inference.simulations import curie_run, weighed

from glasstunnel import (
    Column,
    Dataset,
    Glass,
    LarmorDiamagnetism,
    LogUniform,
    MagneticIons,
    Uniform,
    fit,
    plan,
    posterior,
)
from glasstunnel.errors import FitError
from glasstunnel.inference.exchange import added, gains
from glasstunnel.inference.simulated_plans import Simulation

GLASS = Glass({"spin": MagneticIons("effective", 1e20, spin=2.5, g_factor=2.0), "larmor": LarmorDiamagnetism(4e-3)})
VARY = {"spin.concentration": LogUniform(1e18, 1e22), "spin.g_factor": Uniform(1.0, 3.0),
        "larmor.susceptibility": Uniform(0.0, 0.1)}  # fmt: skip
CANDIDATES = {"T": np.geomspace(1.8, 300.0, 8), "B": [0.1, 1.0, 3.0, 7.0]}


@pytest.fixture(scope="module")
def result():
    runs = [weighed(curie_run(k, points=15, absolute=2e-4, glass=GLASS, field=1.0 + k, name=f"r{k}"), absolute=2e-4)
            for k in range(2)]  # fmt: skip
    return fit(GLASS, runs, VARY)


def test_rank_one_updates_are_those_of_refactorization():
    generator = np.random.default_rng(0)
    slopes, base = generator.standard_normal((6, 4)), np.diag([1.0, 2.0, 3.0, 4.0])
    c, covariance = np.array([1.0, 0.0, -1.0, 0.5]), np.linalg.inv(base)
    for j, gain_d, gain_c in zip(slopes, gains(slopes, covariance, None), gains(slopes, covariance, c), strict=True):
        after = np.linalg.inv(base + np.outer(j, j))
        assert_allclose(added(covariance, j), after, rtol=1e-10, atol=1e-12)
        assert_allclose(gain_d, np.linalg.slogdet(base + np.outer(j, j))[1] - np.linalg.slogdet(base)[1], rtol=1e-10)
        assert_allclose(gain_c, np.log(c @ covariance @ c / (c @ after @ c)), rtol=1e-10)


def test_a_plan_keeps_what_it_promises(result):
    made = plan(result, CANDIDATES, "spin.g_factor", points=20)
    assert made.after["spin.g_factor"] < 0.75 * made.before["spin.g_factor"] and sum(made.counts) == 20
    found = made.simulate(60, seed=1)
    for path in VARY:
        assert abs(found.found[path] / made.after[path] - 1.0) < 4.0 / np.sqrt(2.0 * 59)
        assert_allclose(found.predicted[path], made.after[path], rtol=1e-6)  # of both data together, and block by block
        assert abs(found.within[path] - 0.683) < 0.24
    assert "error of" in made.report() and found.failed == 0 and made.to_dict()["blocks"]
    assert found.kept and "standard deviation to 9.1 %" in found.report() and "taken for linear" not in made.report()


def test_a_plan_that_is_not_linear_over_its_errors_says_so_and_its_simulation_finds_by_how_much():
    """Simulated BK7 with ten times its noise hardly knows the smallest asymmetry: ln of it to 1.9, 2.4 in refits."""
    made = plan(bk7_fit(10.0), {"T": np.geomspace(1.8, 300.0, 15), "B": [0.05, 0.5, 2.0, 7.0]}, "ats.asymmetry_min")
    assert "taken for linear, which these errors of ats.asymmetry_min" in made.report()
    found = made.simulate(100, seed=5)
    assert "ats.asymmetry_min" in found.missed and "times as uncertain as predicted" in found.report()
    assert 1.1 < found.found["ats.asymmetry_min"] / found.predicted["ats.asymmetry_min"] < 1.6
    assert found.to_dict()["kept"] is False


def test_a_spread_is_missed_beyond_the_scatter_of_so_many_simulations_only():
    def of(ratio, n):
        return Simulation(n, 0, {"x": 1.0}, {"x": ratio}, {"x": 0.0}, {"x": 0.68})

    assert of(1.5, 6).kept and of(0.5, 4).kept and of(1.1, 4000).kept
    assert of(1.5, 60).missed == of(0.6, 60).missed == ("x",)


def measured(glass, block, name):
    """What a block of a plan measures, free of noise, with that of the runs."""
    columns = {"temperature": Column(np.full(block.count, block.T), "K"),
               "field": Column(np.full(block.count, block.B), "T"),
               "magnetization": Column(np.asarray(glass.magnetization(np.full(block.count, block.T), block.B)),
                                       "A m2/kg")}  # fmt: skip
    return weighed(Dataset(columns, "magnetization", name=name), absolute=2e-4)


def test_a_plan_carried_out_block_by_block_keeps_every_promise_on_the_way(result):
    """Sequential use: a block is measured, everything is fitted again, and what is left is planned anew."""
    whole = plan(result, CANDIDATES, "spin.g_factor", points=20)
    glass, known, left = result.glass.with_values(result.values), list(result.datasets), 20
    for number, block in enumerate(whole.blocks):
        known.append(measured(glass, block, f"block{number}"))
        refitted = fit(glass, known, VARY)
        left -= block.count
        rest = plan(refitted, CANDIDATES, "spin.g_factor", points=max(left, 1))
        assert_allclose(rest.before["spin.g_factor"], block.sigmas["spin.g_factor"], rtol=0.02)
        # Gain over cost, not gain alone: what is left may be spent a little differently.
        assert rest.after["spin.g_factor"] < 1.15 * whole.after["spin.g_factor"]


@pytest.mark.slow
def test_a_plan_can_be_averaged_over_the_posterior(result):
    drawn = posterior(result, seed=1, draws=500)
    made = plan(drawn, CANDIDATES, "spin.g_factor", points=20)
    assert len(made.places) == 16 and "16 draws of the posterior" in made.report()
    assert made.after["spin.g_factor"] < 0.8 * made.before["spin.g_factor"]
    found = made.simulate(64, seed=2)
    assert abs(found.found["spin.g_factor"] / made.after["spin.g_factor"] - 1.0) < 4.0 / np.sqrt(2.0 * 63)
    # At a sharp posterior it is the plan of the fit.
    plain = plan(result, CANDIDATES, "spin.g_factor", points=20)
    assert_allclose(made.after["spin.g_factor"], plain.after["spin.g_factor"], rtol=0.2)


def test_systematic_errors_stand_in_the_information_and_repeats_promise_less(result):
    """Sixteen repeats of one point do not bring a factor of four where they share a drift; simulations agree."""
    one = {"T": [2.0], "B": [3.0]}
    for path, options in (("spin.concentration", {}), ("spin.concentration", {"systematics": True})):
        made = plan(result, one, path, points=160, **options)
        found = made.simulate(60, seed=3)
        assert abs(found.found[path] / made.after[path] - 1.0) < 4.0 / np.sqrt(2.0 * 59)
    plain = plan(result, one, "spin.concentration", points=160)
    assert made.before["spin.concentration"] > plain.before["spin.concentration"]
    assert made.after["spin.concentration"] > 1.1 * plain.after["spin.concentration"] and "drift of" in made.report()


def test_no_other_single_design_of_the_grid_is_better(result):
    """Twenty points at any one candidate, and spread evenly, tell the goal less."""
    made = plan(result, CANDIDATES, "spin.g_factor", points=20)
    best = made.after["spin.g_factor"]
    for T in CANDIDATES["T"]:
        for B in CANDIDATES["B"]:
            assert plan(result, {"T": T, "B": B}, "spin.g_factor", points=20).after["spin.g_factor"] >= best - 1e-12


def test_goals_costs_targets_and_scale_errors(result):
    everything = plan(result, CANDIDATES, "D", points=10)
    dear = plan(result, CANDIDATES, "D", points=10, cost={"temperature": 1e4})
    assert len({block.T for block in dear.blocks}) <= len({block.T for block in everything.blocks})
    assert everything.minutes == sum(block.minutes for block in everything.blocks)
    stopped = plan(result, CANDIDATES, "spin.g_factor", target=0.8 * everything.before["spin.g_factor"], points=500)
    assert sum(stopped.counts) < 500 and stopped.after["spin.g_factor"] <= 0.8 * stopped.before["spin.g_factor"]
    shared = plan(result, CANDIDATES, "spin.concentration", points=20, scale=0.05)
    plain = plan(result, CANDIDATES, "spin.concentration", points=20)
    assert shared.after["spin.concentration"] > plain.after["spin.concentration"]
    assert abs(shared.simulate(40).found["spin.concentration"] / shared.after["spin.concentration"] - 1.0) < 0.45
    total = plan(result, CANDIDATES, {"spin.concentration": 1.0, "larmor.susceptibility": 0.0}, points=5)
    assert total.goal == "spin.concentration + larmor.susceptibility"


def test_the_design_that_tells_models_apart_is_optimal(result):
    """At the optimum no candidate differs more than the average of the design (Atkinson and Fedorov's theorem)."""
    rival = Glass({"fe3": MagneticIons("Fe3+", 1e20), "fe2": MagneticIons("Fe2+", 1e19),
                   "larmor": LarmorDiamagnetism(4e-3)})  # fmt: skip
    vary = {"fe3.concentration": Uniform(0.0, 1e22), "fe2.concentration": Uniform(0.0, 1e22),
            "larmor.susceptibility": Uniform(0.0, 0.1)}  # fmt: skip
    true = fit(GLASS.with_values({"spin.g_factor": 1.6}), list(result.datasets), VARY, start={"spin.g_factor": 1.6},
               max_evaluations=200)  # fmt: skip
    other = fit(rival, list(result.datasets), vary)
    wrong = true.glass.with_values({"spin.g_factor": 1.6})
    found = plan(dataclasses.replace(true, glass=wrong), CANDIDATES, versus=other)
    assert found.worst < 1.02 and found.per_point > found.uniform > 0.0
    assert_allclose(found.weights.sum(), 1.0, rtol=1e-12)
    assert "tell" not in found.report() and "per point" in found.report()
    assert plan(result, CANDIDATES, versus=result).per_point < 1e-6


def test_what_cannot_be_planned_is_refused(result):
    for options, words in (
        ({"goal": "spin.spin"}, "does not vary"), ({"points": 0}, "at least 1"), ({"noise": 0.0}, "must be positive"),
        ({"cost": {"helium": 3.0}}, "cost knows"), ({"scale": -1.0}, "scale must be"), ({"target": 0.0}, "target must"),
        ({"goal": {}}, "goal is"), ({"goal": {"spin.g_factor": "x"}}, "must be a number"), ({"noise": "x"}, "noise is"),
    ):  # fmt: skip
        with pytest.raises(FitError, match=words):
            plan(result, CANDIDATES, **options)
    with pytest.raises(FitError, match="candidates need 'B'"):
        plan(result, {"T": [2.0]})
    with pytest.raises(FitError, match="depends on frequency"):
        plan(result, {"T": [2.0], "B": [1.0], "observable": "loss_tangent"})
