"""Tunnel splitting of one particle in a symmetric double well, from the barrier V0 and the single-well quantum hbar
Omega.

With u = V0/(hbar Omega), S = kappa d sqrt(2 m V0)/hbar is the action between minima a distance d apart: kappa = 1 for a
square barrier (the form of 002 Eq. 3), 1/2 for two parabolas (S = 2 u), 2/3 for the quartic (x^2 - d^2/4)^2 (S = 16
u/3). 002 Eq. 4, stated for parabolas, is <L|H|R> + <L|R> of non-orthogonal oscillator states and turns negative at
large u.
"""

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from glasstunnel.errors import ParameterError
from glasstunnel.numerics.checks import real_number, real_numbers

#: u at which 002 Eq. 4 crosses zero and above which it is negative: 3 = sqrt(8 u/pi).
PRINTED_ZERO = 9.0 * math.pi / 8.0
#: kappa in S = kappa d sqrt(2 m V0)/hbar  [002, Eq. 3 has 1 for any form].
ACTION_FACTORS = {"square": 1.0, "quartic": 2.0 / 3.0, "parabolas": 0.5}
_LARGEST = 350.0


def splitting(barrier: float, quantum_energy: float, potential: str = "parabolas") -> float:
    """Delta0 of a symmetric double well, in the unit of the energies given  [002, Eqs. 3-4, corrected].

    barrier : V0 above the minima. quantum_energy : hbar Omega of one well. potential :
    "parabolas" : two equal parabolas meeting in a cusp, exact (parabolic cylinder functions), relative error below
    1e-8; "parabolas-asymptotic" : its leading form sqrt(8 u/pi) exp(-2 u), 2 % off at u = 2, 0.6 % at 4;
    "parabolas-orbitals" : linear combination of the two oscillator ground states, done right;
    "quartic" : leading form 8 sqrt(2 u/pi) exp(-16 u/3); "quartic-exact" : diagonalization, up to u = 5;
    "printed" : 002 Eq. 4, to compare; `ParameterError` above u = 9 pi/8 = 3.534, where it is negative.
    `ParameterError` for bad input and beyond u = 350, where floats end.

    >>> from glasstunnel.origins import splitting
    >>> round(splitting(2.0, 1.0), 12)
    0.04217227665
    >>> round(splitting(1.0, 1.0, "printed"), 6)
    0.095021
    """
    if potential not in _FORMS:
        raise ParameterError(f"splitting: potential must be one of {', '.join(map(repr, _FORMS))}, got {potential!r}")
    barrier, quantum_energy = real_number("barrier", barrier), real_number("quantum_energy", quantum_energy)
    if not (0.0 < barrier < math.inf and 0.0 < quantum_energy < math.inf):
        raise ParameterError(
            f"splitting: barrier and quantum_energy must be positive and finite, got {barrier!r} and {quantum_energy!r}"
        )
    u = barrier / quantum_energy
    if 5.4 * u > 2.0 * _LARGEST and potential.startswith("quartic") or u > _LARGEST:
        raise ParameterError(f"splitting: barrier/quantum_energy = {u:g} gives a splitting below any float")
    return quantum_energy * _FORMS[potential](u)


def barrier_for_splitting(splitting: float, quantum_energy: float, potential: str = "parabolas-asymptotic") -> float:
    """V0 that gives a splitting Delta0: the closed inverse of the leading forms, by Lambert's function.

    potential : "parabolas-asymptotic" or "quartic". Same unit in and out. `ParameterError` where the splitting exceeds
    what the form can give (it is no leading form there).

    >>> from glasstunnel.origins import barrier_for_splitting
    >>> round(barrier_for_splitting(1e-3, 1.0), 11), round(barrier_for_splitting(1e-3, 1.0, "quartic"), 11)
    (4.03639344911, 1.69207167739)
    """
    from scipy.special import lambertw

    factors = {"parabolas-asymptotic": (4.0, math.pi / 2.0), "quartic": (32.0 / 3.0, math.pi / 12.0)}
    if potential not in factors:
        raise ParameterError(
            f"barrier_for_splitting: potential must be one of {', '.join(map(repr, factors))}, got {potential!r}"
        )
    splitting, quantum_energy = real_number("splitting", splitting), real_number("quantum_energy", quantum_energy)
    if not (0.0 < splitting < math.inf and 0.0 < quantum_energy < math.inf):
        raise ParameterError(
            "barrier_for_splitting: splitting and quantum_energy must be positive and finite, got "
            f"{splitting!r} and {quantum_energy!r}"
        )
    exponent, scale = factors[potential]
    argument = -scale * (splitting / quantum_energy) ** 2
    if not -math.exp(-1.0) <= argument < 0.0:
        raise ParameterError(
            f"barrier_for_splitting: {splitting:g} is no splitting of the {potential} form at {quantum_energy:g}; "
            "it must be a small part of it"
        )
    return float(-lambertw(argument, -1).real / exponent) * quantum_energy


def square_barrier_splitting(barrier: float, thickness: float) -> float:
    """Exact splitting of a box with a square barrier in its middle: the potential for which 002 Eq. 3 has its exponent.

    barrier : V0 in units hbar^2/(2 m w^2), w the width of each well. thickness : d/w. Result in the same unit.
    `ParameterError` for bad input or a barrier below the lowest level.

    >>> from glasstunnel.origins import square_barrier_splitting
    >>> round(square_barrier_splitting(100.0, 0.3), 9)
    0.318795529
    """
    from scipy.optimize import brentq

    real_numbers("square_barrier_splitting", barrier=barrier, thickness=thickness)

    if not (0.0 < thickness < math.inf and math.pi**2 < barrier < math.inf):
        raise ParameterError(
            "square_barrier_splitting: thickness must be positive and the barrier above pi^2 (the level of the box) in "
            f"units hbar^2/(2 m w^2), got {thickness!r} and {barrier!r}"
        )

    def mismatch(k, ratio):
        kappa = math.sqrt(barrier - k * k)
        return k / math.tan(k) + kappa * ratio(0.5 * kappa * thickness)

    def level(ratio: Callable) -> float:
        top = min(math.pi, math.sqrt(barrier)) * (1.0 - 1e-14)
        return float(np.asarray(brentq(mismatch, 0.5 * math.pi, top, args=(ratio,), xtol=1e-15))) ** 2

    middle = math.sqrt(level(lambda _: 1.0))
    kappa = math.sqrt(barrier - middle**2)
    if kappa * thickness < 16.0:
        return level(lambda x: 1.0 / math.tanh(x)) - level(math.tanh)
    # the two levels differ by the change of the matching condition over its slope in the energy
    slope = (1.0 / math.tan(middle) - middle / math.sin(middle) ** 2) / (2.0 * middle) - 0.5 / kappa
    return abs(4.0 * kappa * math.exp(-kappa * thickness) / slope)


def quartic_level_pair(quantum: float, mass: float = 1.0, height: float = 1.0) -> tuple[float, float]:
    """Two lowest levels of H = (h^2/2 mass) p^2 + height (x^2 - 1)^2 by oscillator functions of each parity.

    `ParameterError` where the splitting is lost in rounding.
    """
    effective = quantum / math.sqrt(mass * height)
    if not 0.07 <= effective <= 10.0:
        raise ParameterError(f"quartic double well: hbar/(a sqrt(m V0)) must lie in 0.07 ... 10, got {effective:g}")
    even, odd = (_quartic_level(effective, parity) for parity in (0, 1))
    return height * even, height * odd


def _quartic_level(quantum, parity, size=150):
    """Lowest level of (h^2/2) p^2 + (x^2 - 1)^2 of a parity, by shift and invert: rounding is that of the level."""
    from scipy import sparse

    from glasstunnel.origins.levels import lowest_states

    width = 1.6 / quantum  # narrower than the single well: the basis must reach into the tails between the wells
    n = np.arange(2 * size + 8.0)
    ladder = sparse.diags(np.sqrt(n[1:] / (2.0 * width)), 1)
    x = (ladder + ladder.T).tocsr()
    square = (x @ x).tocsr()
    matrix = sparse.diags(quantum**2 * width * (n + 0.5)) - 0.5 * (quantum * width) ** 2 * square
    matrix = (matrix + square @ square - 2.0 * square + sparse.identity(len(n))).tocsr()
    keep = np.arange(parity, 2 * size, 2)
    return float(lowest_states(matrix[keep][:, keep], 1)[0][0])


def _parabolas(u):
    """Exact: nu of the even and odd solutions D_nu at the cusp, -2 sqrt(u)  [002, above Eq. 4]."""
    if u > 9.0:
        return _parabolas_far(u)
    from scipy.optimize import brentq
    from scipy.special import pbdv

    x = -2.0 * math.sqrt(u)
    precise: dict[str, Any] = {"xtol": 1e-300, "rtol": 1e-15}
    even = np.asarray(brentq(lambda nu: pbdv(nu, x)[1], -0.5, 0.0, **precise))
    odd = np.asarray(brentq(lambda nu: pbdv(nu, x)[0], 0.0, 1.0, **precise))
    return float(odd - even)


def _parabolas_far(u):
    """To first order in nu, which is exp(-2 u): D_nu = exp(-x^2/4)(1 + nu f), f' = exp(x^2/2) int_x^inf exp(-s^2/2)
    ds."""
    from scipy.special import dawsn, erfcx

    x = 2.0 * math.sqrt(u)
    # everything divided by exp(x^2/2); f(-x) from integrating f' and the two-sided Dawson integral
    damping = math.exp(-0.5 * x * x)
    slope = math.sqrt(0.5 * math.pi) * (2.0 - damping * float(erfcx(x / math.sqrt(2.0))))
    rise = -2.0 * math.sqrt(math.pi) * float(dawsn(x / math.sqrt(2.0))) + damping * _rest(x)
    odd = -damping / rise
    even = -0.5 * x * damping / (slope + 0.5 * x * rise)
    return odd - even


def _rest(x):
    """int_0^x sqrt(pi/2) erfcx(s/sqrt2) ds, the part of f that does not grow, from f(0) of D_nu."""
    from scipy.integrate import quad
    from scipy.special import erfcx

    value: tuple = quad(lambda s: math.sqrt(0.5 * math.pi) * erfcx(s / math.sqrt(2.0)), 0.0, x)
    at_zero = 0.5 * (np.euler_gamma + math.log(2.0))  # d ln D_nu(0)/d nu at nu = 0
    return value[0] + at_zero


def _orbitals(u):
    """Levels of the two oscillator ground states with their overlap s  [002, Eq. 4 done right]."""
    overlap = math.exp(-2.0 * u)
    spread = math.sqrt(2.0 * u / math.pi)
    diagonal = 0.5 - overlap * spread + 2.0 * u * math.erfc(math.sqrt(2.0 * u))
    crossed = overlap * (0.5 - spread)
    return 2.0 * (overlap * diagonal - crossed) / (1.0 - overlap**2)


def _quartic_exact(u):
    if not 0.1 <= u <= 5.0:
        raise ParameterError(f"splitting: 'quartic-exact' serves barrier/quantum_energy from 0.1 to 5, got {u:g}")
    quantum = 1.0 / (math.sqrt(8.0) * u)  # hbar Omega = sqrt(8) h for (x^2 - 1)^2
    even, odd = quartic_level_pair(quantum)
    return (odd - even) * u


def _printed(u):
    if u > PRINTED_ZERO:
        raise ParameterError(
            f"splitting: 002 Eq. 4 is negative at barrier/quantum_energy = {u:g} (above 9 pi/8); use 'parabolas'"
        )
    return 0.5 * (3.0 - math.sqrt(8.0 * u / math.pi)) * math.exp(-2.0 * u)


_FORMS: dict[str, Callable[[float], float]] = {
    "parabolas": _parabolas,
    "parabolas-asymptotic": lambda u: math.sqrt(8.0 * u / math.pi) * math.exp(-2.0 * u),
    "parabolas-orbitals": _orbitals,
    "quartic": lambda u: 8.0 * math.sqrt(2.0 * u / math.pi) * math.exp(-16.0 * u / 3.0),
    "quartic-exact": _quartic_exact,
    "printed": _printed,
}
