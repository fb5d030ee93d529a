"""Numerical differentiation of the free energy gives every other observable, and that of each parameter its slope."""

import dataclasses

import numpy as np
import pytest
from tests.derivatives import slope
from tests.systems.examples import EXAMPLES

from glasstunnel import entropy, free_energy, heat_capacity, magnetization, susceptibility
from glasstunnel.systems.parameters import parameter_table

T, B = np.array([(0.3, 1.0), (2.0, 0.0), (5.0, -2.5), (60.0, 6.0)]).T

each = pytest.mark.parametrize("name", EXAMPLES)


@each
def test_every_observable_is_a_derivative(name):
    """S and M from the free energy, C from S, the susceptibility from M."""
    glass = EXAMPLES[name]
    F = np.abs(free_energy(glass, T, B))
    for found, closed, size in (
        (-slope(lambda t: free_energy(glass, t, B), T), entropy(glass, T, B), F / T),
        (-slope(lambda b: free_energy(glass, T, b), B), magnetization(glass, T, B), F / T),
        (T * slope(lambda t: entropy(glass, t, B), T), heat_capacity(glass, T, B), F / T),
        (slope(lambda b: magnetization(glass, T, b), B), susceptibility(glass, T, B), F / T**2),
    ):
        np.testing.assert_allclose(found, closed, rtol=1e-7, atol=1e-9 * size.max())


@pytest.mark.parametrize("name", [name for name in EXAMPLES if name != "glass"])
def test_slopes_by_each_parameter_equal_the_derivatives_method(name):
    example = EXAMPLES[name]
    names = [
        row.name for row in parameter_table(example)
        if getattr(example, row.name) is not None and 0.0 < getattr(example, row.name) < np.inf
        and row.allows(1.01 * getattr(example, row.name))
    ]
    value, slopes = example.derivatives("heat_capacity", T, B, names)
    for name in names:
        number = getattr(example, name)
        column = slope(
            lambda x, name=name: heat_capacity(dataclasses.replace(example, **{name: float(x)}), T, B), number, 1e-4
        )
        scale = np.abs(value).max() / number
        np.testing.assert_allclose(column, slopes[name], rtol=2e-6, atol=1e-8 * scale, err_msg=name)
