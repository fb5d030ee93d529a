r"""Noise of the resonance frequency of a resonator from independent two-level systems: plain functions of arrays.

A system that flips between its two states shifts a resonator at f0 by plus or minus M^2 E/(E^2 - (h f0)^2), M the
coupling. The telegraph signals of the thermal systems add,

.. math:: S_y(f) \propto \int dE\,R(E)^2\,\mathrm{sech}^2(E/2T)\,4\tau_{min} N(2\pi f\tau_{min}),

which is white at low f and dies out on cooling. The 1/f noise that resonators show, which grows on cooling, comes from
systems that shift each other: a many-body effect of fourth order in the field that no formula here claims
(`systems.flicker_noise` holds its law with fitted numbers).
"""

import math

import numpy as np

from glasstunnel.numerics.blocks import in_blocks
from glasstunnel.numerics.quadrature import legendre
from glasstunnel.numerics.stable import sech_squared
from glasstunnel.systems.response.two_level import THERMAL_RANGE, quantum

_SERIES_FROM = 30.0


def telegraph_share(a):
    """N(a) = Int_0^1 dy (1 - y^2)^2/[(1 - y^2)^2 + a^2] = 1 - a Im[artanh(1/k)/k], k^2 = 1 - i a.

    >>> print(f"{float(telegraph_share(1.0)):.12f}")
    0.309785420597
    """
    a = np.asarray(a, float)
    near = np.where((a > 0.0) & (a < _SERIES_FROM), a, 1.0)
    k = np.sqrt(1.0 - 1j * near)
    # artanh(1/k) = ln[(k + 1)/(k - 1)]/2, and k - 1 = -i a/(k + 1) does not cancel.
    closed = 1.0 - near * np.imag(0.5 * np.log((k + 1.0) ** 2 / (-1j * near)) / k)
    far = 1.0 / np.maximum(a, _SERIES_FROM) ** 2
    series = far * (8 / 15 - far * (128 / 315 - far * 1024 / 3003))
    return np.where(a == 0.0, 1.0, np.where(a < _SERIES_FROM, closed, series))


def noise_integral(T, frequency, noise_frequency, coherence_time, energy_max, elastic_constant):
    """Int dE R(E)^2 sech^2(E/2T) 4 tau_min N(a) [s/K], of the broadcast shape, without lower cutoff of Delta0.

    R = Re of [1/(E - hf - i w) + 1/(E + hf + i w)]/2 [1/K], w = hbar/(k_B T2): the pole has the width of the systems.
    """
    return in_blocks(_integral, T, frequency, noise_frequency, coherence_time, energy_max, elastic_constant)


def _integral(T, frequency, noise_frequency, coherence_time, energy_max, elastic_constant):
    energy_max, elastic_constant = (np.asarray(value, float)[..., None] for value in (energy_max, elastic_constant))
    T, photon, slow, width = (
        np.asarray(value, float)[..., None]
        for value in (T, quantum(np.asarray(frequency, float)), noise_frequency,
                      quantum(1.0 / (2.0 * math.pi * np.asarray(coherence_time, float))))
    )  # fmt: skip
    highest = np.minimum(energy_max, np.maximum(THERMAL_RANGE * T, 2.0 * photon))
    E, weight = _about(photon, width, highest)
    lines = 0.5 * ((E - photon) / ((E - photon) ** 2 + width**2) + (E + photon) / ((E + photon) ** 2 + width**2))
    shortest = elastic_constant * np.tanh(E / (2.0 * T)) / E**3
    switching = sech_squared(E / (2.0 * T)) * 4.0 * shortest * telegraph_share(2.0 * math.pi * slow * shortest)
    return np.sum(weight * lines**2 * switching, axis=-1)


def _about(center, width, highest):
    """Nodes of E = center + width sinh(u) from 0 to `highest`, crowded at the pole; (..., nodes)."""
    unit, weight = legendre(12)
    first, last = -np.arcsinh(center / width), np.arcsinh((highest - center) / width)
    count = math.ceil(float(np.max(last - first)))
    edges = first + (last - first) * np.linspace(0.0, 1.0, count + 1)
    step = (last - first) / count
    u = (edges[..., :-1, None] + step[..., None] * unit).reshape(*edges.shape[:-1], -1)
    grown = (step[..., None] * np.broadcast_to(weight, (count, weight.size))).reshape(*edges.shape[:-1], -1)
    return center + width * np.sinh(u), grown * width * np.cosh(u)
