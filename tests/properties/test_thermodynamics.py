"""Thermodynamics that must hold for every contribution, whatever its kernel: derivatives, signs, symmetries, limits.

The derivatives are central differences of eighth order, which see nothing but the observables themselves.
"""

import dataclasses

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.systems.examples import EXAMPLES, contribution_classes

from glasstunnel import (
    ParameterError,
    entropy,
    entropy_change,
    free_energy,
    heat_capacity,
    magnetization,
    susceptibility,
)
from glasstunnel.observables import OBSERVABLES
from glasstunnel.observables.evaluation import evaluate
from glasstunnel.systems.contribution import THERMODYNAMIC
from glasstunnel.systems.parameters import parameter_table

OFFSETS = np.array([-4, -3, -2, -1, 1, 2, 3, 4])
COEFFICIENTS = np.array([1 / 280, -4 / 105, 1 / 5, -4 / 5, 4 / 5, -1 / 5, 4 / 105, -1 / 280])

STATIC = [name for name, row in OBSERVABLES.items() if not row.conditions and row.method and not row.inverse]

#: (example, observable) of what each of them gives; ions and vibrations have no density of tunneling systems.
GIVEN = [(name, observable) for name, example in EXAMPLES.items() for observable in STATIC
         if example.gives(OBSERVABLES[observable].method)]  # fmt: skip

each = pytest.mark.parametrize("name", EXAMPLES)
# The Curie-Weiss law counts no states: its entropy is only what the field changes.
each_with_states = pytest.mark.parametrize("name", [name for name in EXAMPLES if name != "curie_weiss"])
temperatures = st.floats(np.log(0.05), np.log(200.0)).map(lambda x: float(np.exp(x)))
fields = st.floats(-8.0, 8.0)
few = settings(max_examples=12)


class Slope:
    """Derivative of `function` (array in, array out) at a number, and the size of what was subtracted."""

    def __init__(self, function, at, step):
        values = function(at + step * OFFSETS)
        self.value = float(COEFFICIENTS @ values) / step
        self.size = float(np.abs(values).max()) / step


def temperature_step(T, B):
    """Resolves factors exp(-several Bohr magnetons B/T)."""
    return 0.01 * T / (1.0 + abs(B) / T)


def field_step(T):
    """Resolves moments of several Bohr magnetons at T, and gaps that open within 0.04 tesla."""
    return 1.5e-3 * min(T, 1.0)


def assert_close(found, expected, size, rtol=1e-7):
    """Equal up to rtol, and to the rounding of numbers of the given size."""
    np.testing.assert_allclose(found, expected, rtol=rtol, atol=1e-13 * size)


def test_every_contribution_class_has_an_example():
    assert contribution_classes() == {type(example) for example in EXAMPLES.values()}


@each
@few
@given(temperatures, fields)
def test_entropy_is_minus_the_temperature_derivative_of_the_free_energy(name, T, B):
    glass = EXAMPLES[name]
    slope = Slope(lambda t: free_energy(glass, t, B), T, temperature_step(T, B))
    assert_close(entropy(glass, T, B), -slope.value, slope.size)


@each
@few
@given(temperatures, fields)
def test_heat_capacity_is_the_temperature_derivative_of_the_entropy(name, T, B):
    glass, step = EXAMPLES[name], temperature_step(T, B)
    slope = Slope(lambda t: entropy(glass, t, B), T, step)
    # the entropy of a frozen system is known to the rounding of that of a free one
    assert_close(heat_capacity(glass, T, B), T * slope.value, T / step * entropy(glass, 200.0, 0.0))


@each
@few
@given(temperatures, fields)
def test_magnetization_is_minus_the_field_derivative_of_the_free_energy(name, T, B):
    glass = EXAMPLES[name]
    slope = Slope(lambda b: free_energy(glass, T, b), B, field_step(T))
    assert_close(magnetization(glass, T, B), -slope.value, slope.size)


@each
@few
@given(temperatures, fields)
def test_susceptibility_is_the_field_derivative_of_the_magnetization(name, T, B):
    glass = EXAMPLES[name]
    slope = Slope(lambda b: magnetization(glass, T, b), B, field_step(T))
    assert_close(susceptibility(glass, T, B), slope.value, slope.size)


@each
@few
@given(temperatures, fields)
def test_maxwell_relation_between_entropy_and_magnetization(name, T, B):
    """dS/dB at constant T equals dM/dT at constant B."""
    glass = EXAMPLES[name]
    by_field = Slope(lambda b: entropy(glass, T, b), B, field_step(T))
    by_temperature = Slope(lambda t: magnetization(glass, t, B), T, temperature_step(T, B))
    assert_close(by_field.value, by_temperature.value, by_field.size + by_temperature.size)


@each_with_states
@few
@given(temperatures, fields)
def test_heat_capacity_and_entropy_are_never_negative(name, T, B):
    assert heat_capacity(EXAMPLES[name], T, B) >= 0.0
    assert entropy(EXAMPLES[name], T, B) >= 0.0


@each
@few
@given(temperatures, fields)
def test_reversing_the_field_reverses_the_magnetization_and_nothing_else(name, T, B):
    glass = EXAMPLES[name]
    for observable in (free_energy, entropy, heat_capacity, susceptibility):
        np.testing.assert_allclose(observable(glass, T, -B), observable(glass, T, B), rtol=1e-12)
    np.testing.assert_allclose(magnetization(glass, T, -B), -magnetization(glass, T, B), rtol=1e-12)
    assert magnetization(glass, T, 0.0) == 0.0


@pytest.mark.parametrize("name", sorted(EXAMPLES.keys() - {"schottky", "curie_weiss"}))
def test_entropy_vanishes_at_low_temperature_in_a_field(name):
    """Third law. Left out: a ground state that no field splits, and a law that counts no states."""
    high = entropy(EXAMPLES[name], 20.0, 1.0)
    assert 0.0 <= entropy(EXAMPLES[name], 1e-3, 1.0) <= 0.002 * high


@each_with_states
def test_no_state_is_lost_when_the_field_is_switched_on(name):
    """At high temperature the entropy counts states and does not know the field."""
    low, high = entropy(EXAMPLES[name], 1e4, 0.0), entropy(EXAMPLES[name], 1e4, 7.0)
    np.testing.assert_allclose(high, low, rtol=1e-5)


@each
@few
@given(temperatures, fields)
def test_entropy_change_is_the_integral_of_the_maxwell_relation(name, T, B):
    glass = EXAMPLES[name]
    nodes, weights = np.polynomial.legendre.leggauss(80)
    field = 0.5 * B * (nodes + 1)
    step = temperature_step(T, B)
    rows = magnetization(glass, T + step * OFFSETS[:, None], field)
    integral = 0.5 * B * (weights @ (COEFFICIENTS @ rows)) / step
    size = 100 * entropy(glass, T, 0.0) + np.abs(rows).max() * abs(B) / step
    assert_close(entropy_change(glass, T, 0.0, B), integral, size, rtol=1e-6)


@pytest.mark.parametrize(("name", "observable"), GIVEN)
def test_arrays_broadcast_and_agree_with_single_points(name, observable):
    T, B = np.array([[0.3], [4.0], [60.0]]), np.array([-2.0, 0.0, 0.5, 6.0])
    table = evaluate(observable, EXAMPLES[name], T, B)
    assert table.shape == (3, 4) and table.dtype == float
    single = [[float(evaluate(observable, EXAMPLES[name], t, b)) for b in B] for t in T[:, 0]]
    # The nodes of a density of states depend on the range of energies asked for.
    rounding = 1e-15 * entropy(EXAMPLES[name], T, 0.0) if observable == "entropy_change" else 0.0
    rtol = 1e-6 if observable == "density_of_states" else 1e-9
    assert np.all(np.abs(table - single) <= rtol * np.abs(single) + rounding)


@pytest.mark.parametrize(("name", "observable"), GIVEN)
def test_linear_parameters_are_linear(name, observable):
    example = EXAMPLES[name]
    T, B = np.array([0.4, 5.0]), np.array([1.0, 3.0])
    value = evaluate(observable, example, T, B)
    for row in parameter_table(example):
        if row.linear:
            tripled = dataclasses.replace(example, **{row.name: 3.0 * getattr(example, row.name)})
            np.testing.assert_allclose(evaluate(observable, tripled, T, B), 3.0 * value, rtol=1e-13)
            nothing = dataclasses.replace(example, **{row.name: 0.0})
            np.testing.assert_allclose(evaluate(observable, nothing, T, B), 0.0)


def varying_paths(glass):
    """Every parameter that is a finite positive number with room above it."""
    for row in parameter_table(glass):
        value = getattr(glass, row.name)
        if value is not None and np.isfinite(value) and value > 0.0 and row.allows(1.01 * value):
            yield row.name


@pytest.mark.parametrize(
    "name, parameter",
    [(name, parameter) for name, example in EXAMPLES.items() for parameter in varying_paths(example)],
)
def test_derivatives_equal_differences_in_each_parameter(name, parameter):
    example = EXAMPLES[name]
    T, B = np.array([0.4, 3.0, 40.0]), np.array([1.0, 0.2, 5.0])
    number = getattr(example, parameter)
    step = 1e-3 * number
    for observable in THERMODYNAMIC:
        shifted = [
            getattr(dataclasses.replace(example, **{parameter: number + step * k}), observable)(T, B) for k in OFFSETS
        ]
        value, slopes = example.derivatives(observable, T, B, [parameter])
        np.testing.assert_allclose(value, getattr(example, observable)(T, B), rtol=1e-12)
        scale = np.abs(value).max() / number
        np.testing.assert_allclose(slopes[parameter], COEFFICIENTS @ shifted / step, rtol=2e-6, atol=1e-8 * scale)


def test_derivatives_of_a_glass_are_those_of_its_contributions():
    glass = EXAMPLES["glass"]
    T, B = np.array([0.4, 3.0]), np.array([1.0, 0.2])
    paths = ["ions.concentration", "phonons.debye_temperature", "larmor.susceptibility", "ats_exact.density"]
    for observable in THERMODYNAMIC:
        value, slopes = glass.derivatives(observable, T, B, paths)
        np.testing.assert_allclose(value, getattr(glass, observable)(T, B), rtol=1e-13)
        for path in paths:
            key, parameter = path.split(".")
            np.testing.assert_array_equal(
                slopes[path], glass[key].derivatives(observable, T, B, [parameter])[1][parameter]
            )


@each
@pytest.mark.parametrize("T, B, words", [(0.0, 1.0, "temperature T"), (-1.0, 1.0, "temperature T"),
                                         (float("nan"), 1.0, "temperature T"), (1.0, float("inf"), "flux density B")])
def test_impossible_conditions_are_refused(name, T, B, words):
    with pytest.raises(ParameterError, match=words):
        free_energy(EXAMPLES[name], T, B)


@each
def test_a_parameter_outside_its_limits_is_refused_by_name(name):
    example = EXAMPLES[name]
    for row in parameter_table(example):
        for bad in (float("nan"), -1.0, "1", True):
            if bad == -1.0 and row.allows(bad):
                continue
            with pytest.raises(ParameterError, match=rf"{type(example).__name__}\.{row.name} must be"):
                dataclasses.replace(example, **{row.name: bad})
