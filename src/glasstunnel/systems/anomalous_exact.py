r"""Exact theory of anomalous tunneling systems: three levels, any field, any temperature.

With A = 2 pi P*, b = B/B* and the force S(phi) of `anomalous_quadrature`

.. math:: M = \frac{n A k_B T}{B^*} \langle c\, S(b c) \rangle_c, \qquad
          F(B) - F(0) = -n A k_B T \Big\langle \int_0^{bc} S\, d\varphi \Big\rangle_c

where <>_c is the mean over c = cos(beta) from 0 to 1 (levels: 002 Eqs. 6-8, distribution: 002 Eqs. 10-13). The
papers keep two levels and replace phi by phi/sqrt(3); nothing is replaced here. Free energies count from the ground
level each system has at B = 0. The cutoffs at a temperature are parameters of that temperature: heat capacity and
entropy hold them fixed ("frozen"), as the papers do.
"""

import math

import numpy as np

from glasstunnel.constants import boltzmann, flux_phase_per_area
from glasstunnel.numerics.quadrature import normal_mean
from glasstunnel.systems import anomalous_quadrature as quadrature
from glasstunnel.systems.cutoffs import cutoffs_at

_AREA_NODES = 24

#: Powers of (T, B*) that multiply the reduced observables.
_DIMENSION = {
    "free_energy": (1, 0), "entropy": (0, 0), "heat_capacity": (0, 0), "magnetization": (1, -1),
    "magnetic_susceptibility": (1, -2),
}


def free_energy(system, T, B):
    """F [J/kg] from the zero-field ground level of each system."""
    return _evaluate(system, "free_energy", T, B)


def entropy(system, T, B):
    """S [J/(K kg)]."""
    return _evaluate(system, "entropy", T, B)


def heat_capacity(system, T, B):
    """C [J/(K kg)]."""
    return _evaluate(system, "heat_capacity", T, B)


def magnetization(system, T, B):
    """M [A m2/kg]."""
    return _evaluate(system, "magnetization", T, B)


def magnetic_susceptibility(system, T, B):
    """dM/dB [A m2/(kg T)]."""
    return _evaluate(system, "magnetic_susceptibility", T, B)


def _evaluate(system, observable, T, B):
    T, B = np.broadcast_arrays(T, B)
    temperature, index = np.unique(T, return_inverse=True)
    index = index.ravel()
    cutoffs = cutoffs_at(system, temperature)
    reduced = _reduced_cutoffs(cutoffs, temperature)
    spread, weight = normal_mean(_AREA_NODES) if system.area_spread else (np.zeros(1), np.ones(1))
    area = np.exp(system.area_spread * spread)
    power, field_power = _DIMENSION[observable]
    b = B.ravel() / cutoffs.flux_field[index]
    values = _from_quadrature(observable, reduced, index, np.abs(b)[:, None] * area) @ (weight * area**-field_power)
    scale = 2.0 * math.pi * boltzmann * system.density * temperature**power * cutoffs.flux_field**field_power
    odd = np.sign(b) if observable == "magnetization" else 1.0
    return (scale[index] * odd * values).reshape(T.shape)


def _reduced_cutoffs(cutoffs, temperature):
    amplitude = flux_phase_per_area * cutoffs.flux_field / temperature
    return quadrature.ReducedCutoffs(
        cutoffs.asymmetry_min / temperature,
        cutoffs.asymmetry_max / temperature,
        cutoffs.amplitude_area_min * amplitude,
        cutoffs.amplitude_area_max * amplitude,
    )


def _from_quadrature(observable, reduced, index, b):
    values = np.empty(b.shape)
    for k, cutoffs in enumerate(zip(*reduced, strict=True)):
        at = index == k
        values[at] = quadrature.averages(observable, quadrature.ReducedCutoffs(*cutoffs), b[at])
    return values
