"""Thermometry: the temperature of a glass from something measured on it, with its error."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from glasstunnel.errors import ParameterError
from glasstunnel.numerics.arrays import real_arrays
from glasstunnel.numerics.checks import finite, not_negative, positive
from glasstunnel.observables.evaluation import evaluate, observable
from glasstunnel.records import brief
from glasstunnel.systems.contribution import Contribution

_POINTS = 200  # temperatures at which branches of the calibration curve are told apart
_SLOPE_STEP = 1e-4  # of ln T


@dataclass(frozen=True)
class Thermometer:
    """Temperatures [K] read off a calibration curve: arrays of one shape.

    error : from that of the measured value alone, |dT/dvalue| times it; the calibration counts as exact.
    sensitivity : d(value)/d(ln T), which is small where the thermometer is bad.
    """

    temperature: np.ndarray
    error: np.ndarray
    sensitivity: np.ndarray

    __repr__ = brief


def temperature_of(
    contribution: Contribution, name: str, value: ArrayLike, error: ArrayLike, between: tuple[float, float],
    B: float = 0.0, **conditions: Any,
) -> Thermometer:
    """The temperature at which the observable `name` of a glass has a measured value; to 1e-9 of itself.

    name : a row of `OBSERVABLES`, mostly "dielectric_shift" or "loss_tangent", with its conditions as numbers in SI.
    value, error : arrays in the unit of the row. between : [K], where the temperature is known to lie; the curve must
    be monotonic there (eps'(T) has a minimum: say on which side). `ParameterError` where it is not, or where a value is
    not on the curve: then the reading, the range or the calibration is wrong. Where error reaches past the end of the
    curve, the error of T is a tangent's and too small.

    >>> from glasstunnel import TwoLevelSystems, temperature_of
    >>> silica = TwoLevelSystems(0.0, 3.9e-3, 10.0, dielectric_strength=47.2e-5, elastic_constant=5.3e-8)
    >>> cold = temperature_of(silica, "dielectric_shift", 3e-5, 1e-7, (0.01, 0.08), frequency=1e3,
    ...                       reference_temperature=0.05)
    >>> print(f"{float(cold.temperature):.5f} +- {float(cold.error):.5f} K")
    0.03995 +- 0.00003 K
    """
    row = observable(name)
    if row.complex_valued:
        raise ParameterError(f"a temperature is read from a real number: {row.fit_instead}")
    ends = positive(between=between)
    if ends.shape != (2,):
        raise ParameterError(f"between must be two temperatures [K], got {between!r}")
    low, high = np.sort(np.log(ends))
    measured, uncertainty = np.broadcast_arrays(*real_arrays(("value", finite(value=value)),
                                                             ("error", not_negative(error=error))))  # fmt: skip

    def curve(logarithm):
        return np.asarray(evaluate(name, contribution, np.exp(logarithm), B, **conditions), float)

    grid = np.linspace(low, high, _POINTS)
    steps = np.diff(curve(grid))
    if not ((steps > 0.0).all() or (steps < 0.0).all()):
        turn = float(np.exp(grid[1:-1][np.diff(np.sign(steps)) != 0.0][0]))
        raise ParameterError(f"{name} is not monotonic in T: it turns near {turn:.4g} K; narrow `between` to one side")
    roots = np.array([_root(curve, float(v), float(low), float(high), name) for v in measured.ravel()])
    slopes = (curve(roots + _SLOPE_STEP) - curve(roots - _SLOPE_STEP)) / (2.0 * _SLOPE_STEP)
    temperature, slopes = (np.reshape(entry, measured.shape) for entry in (np.exp(roots), slopes))
    return Thermometer(temperature, temperature * uncertainty / np.abs(slopes), slopes)


def _root(curve, value, low, high, name):
    from scipy.optimize import brentq

    ends = curve(np.array([low, high]))
    if not min(ends) <= value <= max(ends):
        raise ParameterError(
            f"{name} = {value:.6g} is not on the curve between {np.exp(low):.4g} and {np.exp(high):.4g} K, which goes "
            f"from {ends[0]:.6g} to {ends[1]:.6g}"
        )
    return brentq(lambda logarithm: float(curve(np.array(logarithm))) - value, low, high, xtol=1e-11)
