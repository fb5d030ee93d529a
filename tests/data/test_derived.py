"""Derived columns: values and errors by the rules of a product and of an inverse."""

import numpy as np
import pytest

from glasstunnel.data import Column, Dataset
from glasstunnel.data.derived import derive

T, FIELD, MOMENT, SIGMA = np.array([2.0, 4.0]), 0.5, np.array([8.0, 5.0]), np.array([0.4, 0.1])
DATA = Dataset(
    {"temperature": Column(T, "K"), "field": Column(np.full(2, FIELD), "T"), "magnetization": Column(MOMENT, "A m2/kg"),
     "sigma": Column(SIGMA, "A m2/kg")}, "magnetization")  # fmt: skip


@pytest.mark.parametrize(("name", "values", "sigma"), [
    ("susceptibility_times_temperature", MOMENT * T / FIELD, SIGMA * T / FIELD),
    ("inverse_susceptibility", FIELD / MOMENT, SIGMA * FIELD / MOMENT**2),
])  # fmt: skip
def test_an_error_goes_with_the_slope(name, values, sigma):
    found = derive(DATA, name)
    np.testing.assert_allclose(found.measured.values, values, rtol=1e-14)
    np.testing.assert_allclose(found["sigma"].values, sigma, rtol=1e-14)
    back = derive(found, "magnetization")
    np.testing.assert_allclose(back["sigma"].values, SIGMA, rtol=1e-14)
