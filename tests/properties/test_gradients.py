"""The kernels run on JAX arrays, and automatic differentiation of the free energy gives every other observable."""

import dataclasses

import numpy as np
import pytest
from tests.systems.examples import EXAMPLES

from glasstunnel import entropy, free_energy, heat_capacity, magnetization, susceptibility
from glasstunnel.observables import OBSERVABLES
from glasstunnel.observables.thermodynamics import evaluate
from glasstunnel.systems.parameters import parameter_table

jax = pytest.importorskip("jax")

#: The exact theory of anomalous systems runs on JAX as well, but takes long to compile for every observable here;
#: tests/systems/test_anomalous_table.py differentiates it.
TRACEABLE = [name for name in EXAMPLES if "exact" not in name and name != "glass"]
CONDITIONS = [(0.3, 1.0), (2.0, 0.0), (5.0, -2.5), (60.0, 6.0)]

STATIC = [name for name, row in OBSERVABLES.items() if not row.conditions]

each = pytest.mark.parametrize("name", TRACEABLE)


@each
@pytest.mark.parametrize("observable", STATIC)
def test_jax_and_numpy_give_the_same_numbers(name, observable):
    T, B = np.array(CONDITIONS).T
    traced = jax.jit(lambda t, b: evaluate(observable, EXAMPLES[name], t, b))(T, B)
    assert isinstance(traced, jax.Array) and traced.dtype == float
    plain = evaluate(observable, EXAMPLES[name], T, B)
    np.testing.assert_allclose(traced, plain, rtol=1e-11, atol=1e-13 * np.abs(plain).max())


@each
def test_every_observable_is_an_automatic_derivative(name):
    """S and M from the free energy, C from S, the susceptibility from M."""
    glass = EXAMPLES[name]
    T, B = np.array(CONDITIONS).T
    F = np.abs(free_energy(glass, T, B))
    for found, closed, size in (
        (-derivative(free_energy, glass, 0)(T, B), entropy(glass, T, B), F / T),
        (-derivative(free_energy, glass, 1)(T, B), magnetization(glass, T, B), F / T),
        (T * derivative(entropy, glass, 0)(T, B), heat_capacity(glass, T, B), F / T),
        (derivative(magnetization, glass, 1)(T, B), susceptibility(glass, T, B), F / T**2),
    ):
        np.testing.assert_allclose(found, closed, rtol=1e-8, atol=1e-12 * size.max())


def derivative(observable, glass, argument):
    """Exact derivative by T (0) or B (1), as a function of arrays."""
    return jax.vmap(jax.grad(lambda *conditions: observable(glass, *conditions), argnums=argument))


@each
def test_gradients_by_each_parameter_equal_the_derivatives_method(name):
    example = EXAMPLES[name]
    names = [
        row.name for row in parameter_table(example)
        if getattr(example, row.name) is not None and 0.0 < getattr(example, row.name) < np.inf
    ]
    T, B = np.array(CONDITIONS).T

    def curve(values):
        return heat_capacity(dataclasses.replace(example, **dict(zip(names, values, strict=True))), T, B)

    jacobian = jax.jit(jax.jacfwd(curve))(tuple(getattr(example, name) for name in names))
    value, slopes = example.derivatives("heat_capacity", T, B, names)
    for name, column in zip(names, jacobian, strict=True):
        scale = np.abs(value).max() / getattr(example, name)
        np.testing.assert_allclose(column, slopes[name], rtol=2e-6, atol=1e-8 * scale)
