"""Designs that tell two models apart, against every design of a small grid; how many points they need."""

import itertools

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy.optimize import least_squares, lsq_linear
from tests.inference.simulations import curie_run, weighed

from glasstunnel import (
    Column,
    Dataset,
    Glass,
    LarmorDiamagnetism,
    LogUniform,
    MagneticIons,
    Pulses,
    TwoLevelSystems,
    Uniform,
    echo,
    fit,
    loss_tangent,
    plan,
    published_echo,
)
from glasstunnel.data import with_condition, with_pulses
from glasstunnel.errors import FitError
from glasstunnel.inference.discrimination import Discrimination, rounded_counts

SIGMA = 2e-4
FREE = Glass({"spin": MagneticIons("effective", 1e20, spin=2.5, g_factor=2.0), "larmor": LarmorDiamagnetism(4e-3)})
TWO = Glass({"fe3": MagneticIons("Fe3+", 5e19), "fe2": MagneticIons("Fe2+", 5e19), "larmor": LarmorDiamagnetism(4e-3)})
AMOUNTS = {"fe3.concentration": Uniform(0.0, 1e22), "fe2.concentration": Uniform(0.0, 1e22),
           "larmor.susceptibility": Uniform(0.0, 0.1)}  # fmt: skip
SPINS = {"spin.concentration": LogUniform(1e18, 1e22), "spin.g_factor": Uniform(1.0, 3.0)}
GRID = {"T": [2.0, 20.0], "B": [0.5, 3.0, 7.0]}


@pytest.fixture(scope="module")
def fits():
    """A true model with a strange spin, and rivals: linear in its amounts, or not in its g factor."""
    truth = Glass({"spin": MagneticIons("effective", 1e20, spin=1.5, g_factor=2.0), "larmor": LarmorDiamagnetism(4e-3)})
    run = weighed(curie_run(3, points=12, absolute=SIGMA, glass=truth, field=2.0), absolute=SIGMA)
    amounts = {"spin.concentration": Uniform(1e17, 1e22)}
    return fit(truth, [run], amounts), fit(TWO, [run], AMOUNTS), fit(FREE, [run], SPINS)


def places(made):
    return made.candidates.T, made.candidates.B


def lambdas(true, made, columns, bounds, designs):
    """The misfit that a rival linear in bounded amounts cannot avoid, by another least-squares routine."""
    T, B = places(made)
    target = np.asarray(true.glass.magnetization(T, B)) / SIGMA
    found = []
    for weights in designs:
        root = np.sqrt(weights)
        scale = np.linalg.norm(columns, axis=0)
        found.append(2.0 * lsq_linear(columns / scale * root[:, None], target * root, (0.0, bounds * scale)).cost)
    return np.array(found)


@pytest.mark.slow
def test_no_shares_of_the_grid_tell_a_linear_rival_better(fits):
    true, rival, _ = fits
    made = plan(true, GRID, versus=rival, noise=SIGMA)
    T, B = places(made)
    units = ("fe3.concentration", "fe2.concentration", "larmor.susceptibility")
    alone = [TWO.with_values({p: float(p == path) * TWO.value(path) for p in units}) for path in units]
    columns = np.stack([np.asarray(glass.magnetization(T, B)) / TWO.value(path) / SIGMA
                        for glass, path in zip(alone, units, strict=True)], axis=1)  # fmt: skip
    bounds = np.array([1e22, 1e22, 0.1])
    grid = [np.array(c) / 12.0 for c in itertools.product(range(13), repeat=6) if sum(c) == 12]
    every = lambdas(true, made, columns, bounds, [grid[i] for i in range(0, len(grid), 9)])
    (here,) = lambdas(true, made, columns, bounds, [made.weights])
    assert_allclose(made.per_point, here, rtol=1e-6)
    assert every.max() <= made.per_point * 1.005 and every.max() > 0.85 * made.per_point
    (equal,) = lambdas(true, made, columns, bounds, [np.full(6, 1.0 / 6.0)])
    assert_allclose(made.uniform, equal, rtol=1e-6)
    # As many points as are said decide, the rival fitted to them alone; one point never does: a rival goes through it.
    (brings,) = lambdas(true, made, columns, bounds, [made.counts])
    assert brings >= 25.0 * (1.0 - 1e-3) and made.points_needed > 1
    (one,) = lambdas(true, made, columns, bounds, [rounded_counts(made.weights, 1)])
    assert one < 25.0


@pytest.mark.slow
def test_no_shares_of_the_grid_tell_a_nonlinear_rival_better(fits):
    """Wynn's steps, once ended after eighty, left a third of the points spread evenly."""
    true, _, rival = fits
    made = plan(true, GRID, versus=rival, noise=SIGMA)
    T, B = places(made)
    target = np.asarray(true.glass.magnetization(T, B))

    def misfit(weights):
        def off(x):
            glass = rival.glass.with_values({"spin.concentration": np.exp(x[0]), "spin.g_factor": x[1]})
            return np.sqrt(weights) * (np.asarray(glass.magnetization(T, B)) - target) / SIGMA

        starts = ([np.log(c), g] for c in (2e19, 1e20) for g in (1.2, 2.0, 2.8))
        return min(2.0 * least_squares(off, x, bounds=([np.log(1e18), 1.0], [np.log(1e22), 3.0]), x_scale=[1.0, 0.3],
                                       xtol=1e-12, ftol=1e-12).cost for x in starts)  # fmt: skip

    assert_allclose(made.per_point, misfit(made.weights), rtol=2e-3)
    assert made.worst < 1.02
    generator = np.random.default_rng(0)
    near = [0.5 * made.weights + 0.5 * generator.dirichlet(np.full(6, 0.4)) for _ in range(12)]
    for weights in [*np.eye(6), *generator.dirichlet(np.full(6, 0.3), 12), *near]:
        assert misfit(weights) <= made.per_point * 1.02
    assert misfit(made.counts) >= 24.9


def test_frequencies_are_candidates_too_with_a_cost_of_their_own(fits):
    loss = Glass({"tls": TwoLevelSystems(1e19, dielectric_strength=1e-3, elastic_constant=1e-6)})
    T = np.geomspace(0.02, 1.0, 15)
    value = np.asarray(loss_tangent(loss, T, 0.0, frequency=1e4))
    columns = {"temperature": Column(T, "K"), "field": Column(0.0 * T, "T"), "loss_tangent": Column(value, "1"),
               "sigma": Column(0.01 * value, "1")}  # fmt: skip
    data = with_condition(Dataset(columns, "loss_tangent", name="run", noise="given"), frequency=1e4)
    known = fit(loss, [data], {"tls.dielectric_strength": LogUniform(1e-5, 1e-1),
                               "tls.elastic_constant": LogUniform(1e-9, 1e-3)})  # fmt: skip
    made = plan(known, {"T": [0.05, 0.2], "B": 0.0, "frequency": [1e3, 1e5, 1e7], "observable": "loss_tangent"},
                "tls.elastic_constant", points=6, cost={"frequency": 3.0})  # fmt: skip
    assert made.candidates.shape == (2, 1, 3) and made.candidates.swept == ("frequency",)
    frequencies = {block.conditions["frequency"] for block in made.blocks}
    temperatures = {block.T for block in made.blocks}
    assert made.minutes == 2.0 * 6 + 3.0 * len(frequencies) + 5.0 * len(temperatures)
    assert "frequency [Hz]" in made.report() and made.to_dict()["blocks"][0]["frequency"] in frequencies
    assert made.simulate(4).failed == 0
    with pytest.raises(FitError, match="cost knows point, temperature, field, cooldown, not frequency"):
        plan(fits[0], GRID, cost={"frequency": 3.0}, noise=SIGMA)


def echo_run(glass, scale):
    """Ten echoes between 0 and 0.6 T in a unit of the receiver, with a noise of 1 % of the largest."""
    fields = np.array([0.0, 0.02, 0.05, 0.12, 0.2, 0.3, 0.45, 0.6])
    value = np.asarray(echo(glass, PULSES, 0.012, fields))
    value = scale * value / value.max()
    columns = {"temperature": Column(np.full(8, 0.012), "K"), "field": Column(fields, "T"),
               "echo": Column(value, "mV"), "sigma": Column(np.full(8, 0.01 * scale), "mV")}  # fmt: skip
    return with_pulses(Dataset(columns, "echo", name="run", noise="given"), PULSES)


PULSES = Pulses((1e-7, 2e-7), (2e-6,), frequency=7e8, field_amplitude=1000.0)
ECHOES = {"observable": "echo", "T": 0.012, "waiting_time": 2e-6, "first_duration": 1e-7, "second_duration": 2e-7,
          "field_amplitude": 1000.0}  # fmt: skip


@pytest.mark.slow
def test_a_signal_in_a_unit_of_its_own_tells_models_apart_by_its_shape_only():
    """Amplitudes in C m/kg were once held against noise in mV, and the unknown scale of the run was forgotten."""
    flux = published_echo("002.T8.BAS.echo.s2", preset="derived").glass
    scale = {"data.run.scale": LogUniform(1e20, 1e45)}
    area = {"ats.amplitude_area_max": LogUniform(2000.0, 1e5)}
    found = []
    for size in (1.0, 1e3):
        run = echo_run(flux, size)
        true = fit(flux, [run], scale | area)
        more = flux.with_values({"ats.density": 3.0 * flux.value("ats.density")})
        same = fit(more, [run], scale)
        there = ECHOES | {"B": [0.0, 0.1, 0.2, 0.6], "frequency": [7e8, 1e9]}
        made = plan(true, there, versus=same, noise=0.01 * size)
        assert made.per_point < 1e-6 and "no measurement" in made.report()  # three times the systems, a third the scale
        other = fit(flux.with_values({"ats.amplitude_area_max": 3e4}), [run], scale)
        found.append(plan(true, there, versus=other))
        assert "another one at every setting" in found[-1].report() and "mV, as in the data" in found[-1].report()
        # At one field a free scale fits anything: every frequency that is taken has two fields.
        taken = found[-1].weights.reshape(4, 2) > 0.01
        assert all(column.sum() != 1 for column in taken.T) and taken.any()
        one = plan(true, ECHOES | {"B": [0.2], "frequency": [7e8, 1e9]}, versus=other)
        assert one.per_point < 1e-6
        planned = plan(true, there, "ats.amplitude_area_max", points=8)
        assert len(planned.candidates.scales) == 2 and planned.simulate(4).failed == 0
        assert planned.after["ats.amplitude_area_max"] < planned.before["ats.amplitude_area_max"]
    assert_allclose(found[0].per_point, found[1].per_point, rtol=0.02)


@pytest.mark.parametrize("per_point", [0.0, 24.0])
def test_no_measurement_where_nothing_differs(per_point):
    counts = np.array([2 if per_point else 0])
    design = Discrimination(None, np.ones(1), per_point, 1.0, per_point, counts)  # pyright: ignore[reportArgumentType]
    if not per_point:
        assert "no measurement" in design.sentences[0] and design.points_needed == 0


def test_rounded_designs_have_as_many_points_as_asked_near_their_shares():
    generator = np.random.default_rng(1)
    for number in (1, 2, 7, 40, 1000):
        weights = generator.dirichlet(np.ones(9))
        counts = rounded_counts(weights, number)
        places = weights > 0.01
        assert counts.sum() == number and counts.min() >= 0 and not counts[~places].any()
        assert number < places.sum() or counts[places].min() >= 1
        assert np.max(np.abs(counts / number - weights)) < 0.5 * 9 / number + 0.02
