"""Small models with known answers, and datasets made from them."""

from dataclasses import dataclass

import numpy as np
import pytest

from glasstunnel import Column, Dataset
from glasstunnel.systems.contribution import Contribution
from glasstunnel.systems.parameters import parameter


@dataclass(frozen=True)
class Line(Contribution):
    """C = slope T, M = moment B: linear in both, each observable in one parameter."""

    slope: float = parameter("J/(K2 kg)", "heat capacity per temperature", lower=-np.inf, linear=True, default=1.0)
    moment: float = parameter("A m2/(kg T)", "moment per field", lower=-np.inf, default=1.0)

    def heat_capacity(self, T, B):
        return self.slope * T + 0.0 * B

    def magnetization(self, T, B):
        return self.moment * self.slope * B + 0.0 * T


@dataclass(frozen=True)
class Power(Contribution):
    """C = amplitude T^exponent."""

    amplitude: float = parameter("J/(K kg)", "value at 1 K", open_lower=False, linear=True, default=1.0)
    exponent: float = parameter("1", "power of temperature", lower=-10.0, default=1.0)

    def heat_capacity(self, T, B):
        return self.amplitude * T**self.exponent + 0.0 * B


@dataclass(frozen=True)
class Saturation(Contribution):
    """C = height (1 - exp(-rate T)): the model of the NIST reference problem Misra1a."""

    height: float = parameter("J/(K kg)", "value at large T", linear=True, default=250.0)
    rate: float = parameter("1/K", "inverse scale", default=5e-4)

    def heat_capacity(self, T, B):
        return -self.height * np.expm1(-self.rate * T) + 0.0 * B


@dataclass(frozen=True)
class Hidden(Contribution):
    """C = density size^2 / T: only the product density x size^2 can be seen; `unseen` cannot be seen at all."""

    density: float = parameter("1/kg", "number", linear=True, default=1.0)
    size: float = parameter("m", "length", default=1.0)
    unseen: float = parameter("1", "without effect", default=1.0)

    def heat_capacity(self, T, B):
        return self.density * self.size**2 / T + 0.0 * B


@pytest.fixture
def models():
    """The test contributions by name."""
    return {cls.__name__: cls for cls in (Line, Power, Saturation, Hidden)}


@pytest.fixture
def heat_capacity():
    """Factory of a heat-capacity dataset: (T, C, sigma=None, name) in SI units."""

    def make(T, C, sigma=None, name="run", noise="given"):
        columns = {"temperature": Column(T, "K"), "heat_capacity": Column(C, "J/(K kg)")}
        if sigma is not None:
            columns["sigma"] = Column(np.broadcast_to(sigma, np.shape(T)), "J/(K kg)")
        return Dataset(columns, "heat_capacity", name=name, noise=noise)

    return make


@pytest.fixture
def magnetization():
    """Factory of a magnetization dataset: (T, B, M, sigma=None, name) in SI units."""

    def make(T, B, M, sigma=None, name="run", noise="given"):
        T, B, M = np.broadcast_arrays(T, B, M)
        columns = {"temperature": Column(T, "K"), "field": Column(B, "T"), "magnetization": Column(M, "A m2/kg")}
        if sigma is not None:
            columns["sigma"] = Column(np.broadcast_to(sigma, np.shape(T)), "A m2/kg")
        return Dataset(columns, "magnetization", name=name, noise=noise)

    return make
