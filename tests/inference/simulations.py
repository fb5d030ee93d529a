"""Simulated data for tests that refit: a Curie law, an effective spin, BK7 with iron; every draw has its own seed."""

import numpy as np

from glasstunnel import Column, Dataset, Glass, MagneticIons, magnetization
from glasstunnel.data import with_noise

CURIE = Glass({"iron": MagneticIons("Fe3+", 1e20)})


def curie_run(seed, *, points=100, relative=0.0, absolute=0.0, name="run", repeats=1, glass=CURIE, field=1.0):
    """A magnetization against temperature with normal noise, without a noise model."""
    generator = np.random.default_rng(seed)
    T = np.repeat(np.geomspace(2.0, 300.0, points), repeats)
    B = np.full_like(T, field)
    exact = np.asarray(magnetization(glass, T, B))
    sigma = np.hypot(relative * np.abs(exact), absolute)
    columns = {
        "temperature": Column(T, "K"), "field": Column(B, "T"),
        "magnetization": Column(exact + sigma * generator.standard_normal(len(T)), "A m2/kg"),
    }  # fmt: skip
    return Dataset(columns, "magnetization", name=name)


def weighed(data, **noise):
    """`with_noise`, short for tests."""
    return with_noise(data, **noise)


def binomial_error(probability, draws):
    """Standard deviation of a counted fraction."""
    return float(np.sqrt(probability * (1.0 - probability) / draws))
