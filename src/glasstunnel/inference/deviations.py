"""How measured values differ from predicted ones, in words: by a factor, by their scatter, or at one place."""

import math

import numpy as np

from glasstunnel.inference.results import FittedCurve

_COMMON = 0.15  # spread (5 % to 95 %) of measured over predicted, relative to its median, up to which it is one factor
_POWER = 0.05  # how near to a power of ten its decimal logarithm is
_IMPROBABLE = 1e-3  # chance of so much larger a noise, below which it is said
_NOISY = 2.0  # times the noise of the fitted data, from which that of another file is said


def typical_noise(curve: FittedCurve) -> tuple[float | None, float]:
    """(fraction of the signal or None, sigma) of a dataset: a common fraction where that varies less along it."""
    sigma, signal = float(np.median(curve.sigma)), np.abs(curve.model)
    if not (signal > 0.0).all():
        return None, sigma
    fractions = curve.sigma / signal
    if np.std(np.log(fractions)) >= np.std(np.log(curve.sigma)):
        return None, sigma
    return float(np.median(fractions)), sigma


def typical_sigma(curves: list[FittedCurve], values: np.ndarray) -> np.ndarray:
    """The noise (n,) that signals of these sizes (n,) would have in the fitted data: the median over its datasets."""
    noises = [typical_noise(curve) for curve in curves]
    found = [np.full(len(values), sigma) if fraction is None else fraction * np.abs(values)
             for fraction, sigma in noises]  # fmt: skip
    return np.median(found, axis=0)


def common_factor(curve: FittedCurve) -> float | None:
    """The one factor between the measured values of a curve and its model; None where there is none, or it is about 1.
    """
    ratio = _ratio(curve)
    if not np.isfinite(ratio).all():
        return None
    low, middle, high = np.percentile(ratio, [5.0, 50.0, 95.0])
    same = middle > 0.0 and high - low < _COMMON * middle and abs(middle - 1.0) > high - low
    return float(middle) if same else None


def _ratio(curve):
    with np.errstate(divide="ignore", invalid="ignore"):
        return curve.measured / curve.model


def deviation_in_words(curve: FittedCurve) -> str:
    """How the measured values of a curve differ from its model: one common factor, or where most."""
    factor, ratio = common_factor(curve), _ratio(curve)
    if factor is not None:
        power = round(math.log10(factor))
        unit = power != 0 and abs(math.log10(factor) - power) < _POWER
        return f"its values are {factor:.3g} times what is predicted{': check its unit' * unit}"
    far = int(np.argmax(np.abs(curve.residuals)))
    times = f"{ratio[far]:.3g} times what is predicted" if np.isfinite(ratio[far]) else "away from zero"
    return f"farthest off at {curve.temperature[far]:.3g} K and {curve.field[far]:.3g} T, {times}"


def noise_in_words(curve: FittedCurve, fitted: list[FittedCurve]) -> str:
    """How much larger the noise of a curve is than that of fitted data of the same kind; nothing where it is not, or
    where a common factor is off."""
    from scipy.special import fdtrc

    if common_factor(curve) is not None:
        return ""
    same = [other for other in fitted if other.observable == curve.observable and other.unit == curve.unit]
    if not same:
        return ""
    usual = typical_sigma(same, curve.model)
    if not (usual > 0.0).all():
        return ""
    times = float(np.median(curve.sigma / usual))
    chance = fdtrc(len(curve.measured), sum(len(other.measured) for other in same), times**2)
    said = times > _NOISY and chance < _IMPROBABLE
    return f"its points scatter {times:.2g} times as much as those fitted" if said else ""
