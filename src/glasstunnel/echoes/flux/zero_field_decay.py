"""Echo against waiting time without field: the papers' integral over all times, with its algebra corrected.

The papers integrate the echo over all times with the decay centered on t = 0, before the second pulse. A sharp edge of
the density of states, D_min below the carrier, then makes the integral oscillate with the waiting time. A gate around
the echo leaves nothing but the decay: `echo` with detection="gated" shows it, and is what an experiment does.
"""

import math

import numpy as np
from numpy.typing import ArrayLike

from glasstunnel.echoes.flux.energy_grids import PER_KELVIN
from glasstunnel.errors import ParameterError

_SERIES_FROM = 40.0  # |y| from which the asymptotic series of exp(y) E1(y) has 16 digits
_TERMS = 38


def oscillation_integral(a: ArrayLike, b: ArrayLike, *, arguments: str = "corrected") -> np.ndarray:
    """I(a, b) = int_0^b cos(x)/(x^2 + a^2) dx for a > 0; arrays broadcast  [002, Eq. 86].

    pi e^(-a)/(2a) + Im{e^(ib) [g(a - ib) - g(-a - ib)]}/(2a) with g(y) = e^y E1(y). arguments="printed" has the two
    exponential integrals as 002 prints them, exchanged, which is not the integral.

    >>> round(float(oscillation_integral(1.0, 2.0)), 12)
    0.728533952728
    """
    from scipy.special import expi

    a, b = np.broadcast_arrays(np.asarray(a, float), np.asarray(b, float))
    if not (a > 0.0).all():
        raise ParameterError(f"oscillation_integral: a must be > 0, got {float(a.min())!r}")
    if not np.isfinite(b).all():
        raise ParameterError("oscillation_integral: b (twice the waiting time times the offset) must be finite")
    if arguments == "printed":
        swapped = np.exp(-a) * expi(-a + 1j * b) - np.exp(a) * expi(a + 1j * b)
        return (math.pi * np.exp(-a) + np.imag(swapped)) / (2.0 * a)
    if arguments != "corrected":
        raise ParameterError(f"oscillation_integral: arguments must be 'corrected' or 'printed', got {arguments!r}")
    # odd in b; upwards of the axis the principal branch is the right one
    size = np.abs(b)
    bracket = np.exp(1j * size) * (_scaled_integral(a - 1j * size) - _scaled_integral(-a - 1j * size))
    value = (math.pi * np.exp(-a) + np.imag(bracket)) / (2.0 * a)
    return np.where(size > 0.0, np.sign(b) * value, 0.0)[()]


def edge_decay(waiting_time: ArrayLike, dephasing_time: ArrayLike, offset: ArrayLike) -> np.ndarray:
    """X(tau12) of systems whose density of states begins omega - D_min/hbar = `offset` below the carrier [002, Eq. 85].

    The integral of dz cos(2 z tau12)/(2 pi) from -offset up, times 2w/(w^2 + z^2): e^(-a)/2 + (a/pi) I(a, b), with
    w = 1/dephasing_time,
    a = 2 tau12 w, b = 2 tau12 offset; tends to 1/2 + arctan(offset/w)/pi at once after the pulse. Times in s, offset
    in rad/s; arrays broadcast.

    >>> round(float(edge_decay(1e-6, 1e-6, 0.6e6)), 9)
    0.204306984
    """
    waiting_time, dephasing_time, offset = (np.asarray(x, float) for x in (waiting_time, dephasing_time, offset))
    if not (waiting_time >= 0.0).all() or not (dephasing_time > 0.0).all():
        raise ParameterError("edge_decay: waiting_time must be >= 0 and dephasing_time > 0 [s]")
    a = 2.0 * waiting_time / dephasing_time
    safe = np.where(a > 0.0, a, 1.0)
    later = 0.5 * np.exp(-a) + safe / math.pi * oscillation_integral(safe, safe * dephasing_time * offset)
    return np.where(a > 0.0, later, 0.5 + np.arctan(offset * dephasing_time) / math.pi)[()]


def printed_decay(
    waiting_time: ArrayLike,
    two_level: float,
    anomalous: float,
    two_level_time: float,
    anomalous_time: float,
    offset: float,
    *,
    form: str = "corrected",
) -> np.ndarray:
    """The papers' integrated echo without field: exponential of two-level systems plus edge of anomalous ones.

    two_level exp(-2 tau12/two_level_time) + pi anomalous X, X of `edge_decay`  [002, Eqs. 87-88; C_ATS = (pi/2) K_ATS
    follows from Eq. 85 and is no free constant]. form="printed": the anomalous terms without their common factor
    a = 2 tau12/anomalous_time, as 002 Eq. 87 has them (with the arguments of Ei in order).
    """
    waiting_time = np.asarray(waiting_time, float)
    if form not in ("corrected", "printed"):
        raise ParameterError(f"printed_decay: form must be 'corrected' or 'printed', got {form!r}")
    if form == "printed" and not (waiting_time > 0.0).all():
        raise ParameterError("printed_decay: the printed form diverges at waiting_time = 0; begin later")
    edge = math.pi * edge_decay(waiting_time, anomalous_time, offset)
    if form == "printed":
        edge = edge * anomalous_time / (2.0 * waiting_time)
    return two_level * np.exp(-2.0 * waiting_time / two_level_time) + anomalous * edge


def spectral_delimiter(gap: ArrayLike, frequency: float, width: float, kind: str = "decay") -> np.ndarray:
    """Window over the gap [1/K] that decides which systems count at a carrier [Hz]; integrates to one.

    kind "decay": chi(E), a Lorentzian of half width `width` = w [rad/s]  [002, Eq. 81]; "pulse": sigma(E) =
    Omega^2/(2 hbar O^3) with `width` the Rabi frequency  [002, below Eq. 73]. gap in K.

    >>> from scipy.integrate import quad
    >>> round(quad(lambda E: spectral_delimiter(E, 1e9, 2e8, "pulse"), -5.0, 5.0, points=[0.048], limit=200)[0], 5)
    1.0
    """
    detuning = PER_KELVIN * np.asarray(gap, float) - 2.0 * math.pi * frequency
    if kind == "decay":
        return PER_KELVIN * width / (math.pi * (width**2 + detuning**2))
    if kind == "pulse":
        return 0.5 * PER_KELVIN * width**2 / np.hypot(width, detuning) ** 3
    raise ParameterError(f"spectral_delimiter: kind must be 'decay' or 'pulse', got {kind!r}")


def _scaled_integral(y):
    """e^y E1(y) for complex y off the negative axis (below it for a negative real part)."""
    from scipy.special import exp1

    near = np.abs(y) < _SERIES_FROM
    safe = np.where(near, y, 1.0)
    far = np.where(near, _SERIES_FROM, y)
    series = term = 1.0 / far
    for n in range(1, _TERMS):
        term = -term * n / far
        series = series + term
    return np.where(near, np.exp(safe) * exp1(safe), series)
