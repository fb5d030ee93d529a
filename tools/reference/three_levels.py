"""Populations of three-level rings in flux: free energies of diagonalized 3 x 3 matrices under product rules.

Wells D cos((psi + 2 pi k)/3), hopping (sqrt(3)/2) D0 exp(i phi/3) (rescaled D, D0 [K]); measure dD/D dD0/D0, mean over
psi and over the directions of the loops. By parts over c = cos(beta): M B/(n A k_B) = <F(b c)>_c - F(b), b = phi at
c = 1, so that no level is differentiated.
"""

import math

import numpy as np
from tools.reference.constants import BOLTZMANN, PHASE

_PHASE = float(PHASE)


def _rule(edges, count):
    """Gauss-Legendre nodes and weights of consecutive panels."""
    nodes, weights = np.polynomial.legendre.leggauss(count)
    edges = np.asarray(edges, float)
    half = 0.5 * np.diff(edges)[:, None]
    return (edges[:-1, None] + half * (nodes + 1.0)).ravel(), (half * weights).ravel()


def _rings(D0, D, psi, phase):
    """Matrices of shape (phases, D, psi, 3, 3)."""
    wells = D[:, None, None] * np.cos((psi[:, None] + 2.0 * math.pi * np.arange(3)) / 3.0)
    hop = 0.5 * math.sqrt(3.0) * D0 * np.exp(1j * np.asarray(phase) / 3.0)
    H = np.zeros((len(hop), *wells.shape, 3), complex)
    H[..., range(3), range(3)] = wells
    for i in range(3):
        H[..., i, (i + 1) % 3] = hop[:, None, None]
        H[..., (i + 1) % 3, i] = hop[:, None, None].conj()
    return H


def _population(amplitudes, asymmetries, steepest):
    """Nodes and weights of D0, D and psi; levels cross, and populations change, within `steepest` of psi = 0 and pi."""
    D0, of_D0 = _rule(np.log(amplitudes), 6)
    span = math.log(asymmetries[1] / asymmetries[0])
    D, of_D = _rule(np.linspace(*np.log(asymmetries), 2 + int(span / 1.2)), 12)
    ends = math.pi * steepest * (0.5 / steepest) ** np.linspace(0.0, 1.0, 2 + int(math.log(0.5 / steepest) / 0.9))
    psi, of_psi = _rule(np.unique([0.0, *ends[:-1], 0.5 * math.pi, *(math.pi - ends[:-1]), math.pi]), 14)
    return (np.exp(D0), of_D0), (np.exp(D), of_D), (psi, of_psi / math.pi)


def _averages(amplitudes, asymmetries, T, phases):
    """Mean free energy [K] and heat capacity [k_B] over the population at each phase, each (phases,)."""
    nodes_D0, nodes_D, nodes_psi = _population(amplitudes, asymmetries, 0.3 * min(T, amplitudes[0]) / asymmetries[1])
    energy, capacity = np.zeros(len(phases)), np.zeros(len(phases))
    for D0, weight in zip(*nodes_D0, strict=True):
        for i, phase in enumerate(phases):
            levels = np.linalg.eigvalsh(_rings(D0, nodes_D[0], nodes_psi[0], [phase])[0])
            above = (levels - levels[..., :1]) / T
            boltzmann = np.exp(-above)
            total = boltzmann.sum(-1)
            mean = (boltzmann * above).sum(-1) / total
            spread = (boltzmann * (above - mean[..., None]) ** 2).sum(-1) / total
            energy[i] += weight * (nodes_D[1] @ (levels[..., 0] - T * np.log(total)) @ nodes_psi[1])
            capacity[i] += weight * (nodes_D[1] @ spread @ nodes_psi[1])
    return energy, capacity


def _over_directions(amplitudes, asymmetries, T, fields):
    """M/(2 pi n A k_B) and C/(2 pi n A k_B) at fields b > 0 (ascending), with one grid of phases for all."""
    warm = min(T / amplitudes[1], 0.5)
    near = [x for center in (0.0, math.pi) for x in center + warm * np.array([-3.0, -1.0, 0.0, 1.0, 3.0])]
    edges = np.unique([0.0, *fields, *(x for x in [*near, *np.arange(0.5, fields[-1], 0.75)] if 0.0 < x < fields[-1])])
    phases, weights = _rule(edges, 8)
    energy, capacity = _averages(amplitudes, asymmetries, T, np.append(phases, fields))
    moments, capacities = [], []
    for b, at_field in zip(fields, energy[len(phases) :], strict=True):
        inside = phases < b
        moments.append(float((weights[inside] @ (energy[: len(phases)][inside] - at_field) / b) / b))
        capacities.append(float(weights[inside] @ capacity[: len(phases)][inside] / b))
    return moments, capacities


def _initial(amplitudes, asymmetries, T):
    """M/B at small fields, -F''(phi)/3, by second-order perturbation theory at phi = 0."""
    steepest = 0.3 * min(T, amplitudes[0]) / asymmetries[1]
    nodes_D0, (D, of_D), (psi, of_psi) = _population(amplitudes, asymmetries, steepest)
    total = 0.0
    for D0, weight in zip(*nodes_D0, strict=True):
        levels, states = np.linalg.eigh(_rings(D0, D, psi, [0.0])[0].real)
        hop = 0.5 * math.sqrt(3.0) * D0
        first, second = np.zeros((3, 3), complex), np.zeros((3, 3))
        for i in range(3):
            j = (i + 1) % 3
            first[i, j], first[j, i] = 1j * hop / 3.0, -1j * hop / 3.0
            second[i, j] = second[j, i] = -hop / 9.0
        slope = np.abs(np.einsum("...ik,ij,...jl->...kl", states, first, states)) ** 2
        bend = np.einsum("...ik,ij,...jk->...k", states, second, states)
        p = np.exp((levels[..., :1] - levels) / T)
        p /= p.sum(-1, keepdims=True)
        gap = levels[..., :, None] - levels[..., None, :]
        mean = np.sqrt(p[..., :, None] * p[..., None, :])
        with np.errstate(invalid="ignore", divide="ignore"):  # (p_k - p_l)/(E_k - E_l), also for equal levels
            ratio = -mean / T * np.where(gap == 0.0, 1.0, np.sinh(0.5 * gap / T) / (0.5 * gap / T))
        curvature = (p * bend).sum(-1) + (slope * ratio * (1.0 - np.eye(3))).sum((-2, -1))
        total += weight * (of_D @ curvature @ of_psi)
    return float(-total / 3.0)


_CASES = [((2.0, 3.0), (0.05, 100.0), 4.5), ((1.5, 2.5), (0.05, 60.0), 1.0), ((5.0, 8.0), (0.1, 100.0), 0.5)]


def populations():
    """D0 and D between two values [K], T [K]: M/(2 pi n A k_B) at b = 0.5, 1, 2, 4, 6; M/b at b -> 0; C/(2 pi n A k_B)
    at b = 0, 0.5, 2.
    """
    rows = []
    for amplitudes, asymmetries, T in _CASES:
        moments, capacities = _over_directions(amplitudes, asymmetries, T, [0.5, 1.0, 2.0, 4.0, 6.0])
        still = float(_averages(amplitudes, asymmetries, T, [0.0])[1][0])
        rows.append([list(amplitudes), list(asymmetries), T, moments, _initial(amplitudes, asymmetries, T),
                     [still, capacities[0], capacities[2]]])  # fmt: skip
    return {"rows": rows}


_BK7 = {"001 T3": (1.352e19, 0.02671, 2.717e5, 2.925e5, 0.319), "001 T4": (1.34e19, 0.05238, 2.107e5, 2.16e5, 0.615)}


def glasses():
    """BK7 of 001 Tables 3 and 4 at 4.5 K: set, flux field [T], fields [T], magnetization [emu/g]; D_min and D0 grow
    as r = exp(E (1/1.26 K - 1/T)), areas as r^2, and D ends at 300 times the larger of T and D0.
    """
    rows, T = [], 4.5
    cases = [("001 T3", 1.30, [0.05, 2.0, 4.0, 6.5]), ("001 T3", 10.0, [2.0, 6.5]), ("001 T3", 100.0, [2.0]),
             ("001 T4", 1.30, [0.05, 2.0, 4.0]), ("001 T4", 10.0, [2.0])]  # fmt: skip
    for name, flux_field, fields in cases:
        density, lowest, small, large, activation = _BK7[name]
        ratio = math.exp(activation * (1.0 / 1.26 - 1.0 / T))
        amplitudes = [area * _PHASE * flux_field * ratio for area in (small, large)]
        asymmetries = lowest * ratio, 300.0 * max(T, amplitudes[1])
        warm_field = flux_field / ratio**2
        unit = 2.0 * math.pi * density * float(BOLTZMANN) / warm_field
        moments, _ = _over_directions(amplitudes, asymmetries, T, [B / warm_field for B in fields])
        rows.append([name, flux_field, fields, [unit * moment for moment in moments]])
    return {"rows": rows}


#: Smallest and largest length of the three well energies, and hopping [K]; T [K].
_WELLS, _HOPPING, _COLD = (0.02, 1.0), (2.0, 6.0), 0.05


def _share(c, orientation):
    """Weight of a loop at c = cos(beta): of the electric field's square in its plane, B along E or across it."""
    along, across = 1.5 * (1.0 - c**2), 0.75 * (1.0 + c**2)
    return {"random": np.ones_like(c), "parallel": along, "perpendicular": across}[orientation]


def _response(phase):
    """(resonant part of the lowest pair, of all pairs, static relaxational part), mean over directions of E.

    Unit dipoles from the center to the corners; distribution dtheta dln|wells| dln(hopping)/sqrt(3).
    """
    asymmetries = [math.sqrt(2.0 / 3.0) * edge for edge in _WELLS]
    amplitudes = [2.0 / math.sqrt(3.0) * edge for edge in _HOPPING]
    nodes_D0, nodes_D, nodes_psi = _population(amplitudes, asymmetries, 0.3)
    axes = np.array([np.cos(2.0 * math.pi * np.arange(3) / 3.0), np.sin(2.0 * math.pi * np.arange(3) / 3.0)])
    total = np.zeros(3)
    for D0, weight in zip(*nodes_D0, strict=True):
        levels, states = np.linalg.eigh(_rings(D0, nodes_D[0], nodes_psi[0], [phase])[0])
        P = np.einsum("...ik,ai,...il->...akl", states.conj(), axes, states)
        strength, diagonal = (np.abs(P) ** 2).sum(-3), P.diagonal(axis1=-2, axis2=-1).real
        p = np.exp((levels[..., :1] - levels) / _COLD)
        p /= p.sum(-1, keepdims=True)
        pairs = [2.0 * strength[..., a, b] * (p[..., a] - p[..., b]) / (levels[..., b] - levels[..., a])
                 for a, b in ((0, 1), (0, 2), (1, 2))]  # fmt: skip
        mean = (diagonal * p[..., None, :]).sum(-1, keepdims=True)
        still = (p[..., None, :] * (diagonal - mean) ** 2).sum((-2, -1)) / _COLD
        for i, values in enumerate((pairs[0], sum(pairs), still)):
            total[i] += weight * (nodes_D[1] @ values @ nodes_psi[1]) / 3.0
    return 2.0 * math.pi / math.sqrt(3.0) * total


def _doublet(phase):
    """The resonant part in the two-level form: |P|^2 = (1 + u^2/E^2)/4 over both axes, E^2 = D^2 + u^2."""
    D, of_D = _rule(np.linspace(*np.log([math.sqrt(2.0 / 3.0) * edge for edge in _WELLS]), 9), 12)
    D0, of_D0 = _rule(np.log([2.0 / math.sqrt(3.0) * edge for edge in _HOPPING]), 12)
    u = np.exp(D0) * phase
    E = np.hypot(np.exp(D)[:, None], u)
    values = (1.0 + (u / E) ** 2) / 4.0 * 2.0 * np.tanh(E / (2.0 * _COLD)) / E / 3.0
    return 2.0 * math.pi / math.sqrt(3.0) * float(of_D @ values @ of_D0)


def response():
    """Rings with wells of length 0.02 to 1 K and hopping 2 to 6 K at 50 mK: resonant part of the lowest pair, of all
    pairs, static relaxational part without flux; changes at phi = 0.03 by the direction of B to E, and the first of
    them in the two-level form, also with phi^2/3 for all.
    """
    still, rows = _response(0.0), []
    c, weight = _rule([0.0, 0.05, 0.1, 0.2, 0.4, 0.7, 1.0], 8)
    values = np.array([_response(0.03 * each) for each in c])
    doublets = np.array([_doublet(0.03 * each) for each in c])
    for orientation in ("random", "parallel", "perpendicular"):
        share = weight * _share(c, orientation)
        rows.append([orientation, *(float(x) for x in share @ values - still),
                     float(share @ doublets - _doublet(0.0))])  # fmt: skip
    return {"without_flux": [float(x) for x in still], "changes": rows,
            "mean_square": _doublet(0.03 / math.sqrt(3.0)) - _doublet(0.0)}  # fmt: skip
