"""Lowest doublet of a mirror-symmetric tridiagonal matrix, however small its splitting."""

import math

import numpy as np

_UNDERFLOW = 1e-290


def log_mirror_splitting(diagonal: np.ndarray, hopping: np.ndarray) -> float:
    """Natural logarithm of the splitting between the lowest even and odd level of a mirror-symmetric chain.

    diagonal : (n,), diagonal[i] = diagonal[n-1-i]. hopping : (n-1,), positive and mirror-symmetric too; the sign of all
    hopping together does not matter, it is taken as -hopping. n >= 2. Exact in the logarithm where the splitting is far
    below rounding: with the half chain's even and odd states e and o, (E_o - E_e) sum e o equals the product of their
    values at the mirror times twice the hopping there, and both are found from stable recursions of their ratios.

    >>> round(log_mirror_splitting(np.zeros(2), np.ones(1)) - math.log(2.0), 12)
    0.0
    """
    size = len(diagonal)
    half = size // 2
    outer, links = np.asarray(diagonal[:half], dtype=float), np.asarray(hopping[:half], dtype=float)
    if size % 2:  # a site on the mirror: only the even states live there
        even = _lowest_state(np.append(outer, diagonal[half]), np.append(links[:-1], math.sqrt(2.0) * links[-1]))
        odd = _lowest_state(outer, links[:-1])
        boundary = 0.5 * math.log(2.0) + math.log(links[-1]) + even[half] + odd[half - 1]
        even = even[:half]
    else:
        last = np.zeros(half)
        last[-1] = links[-1]
        even, odd = (_lowest_state(outer + sign * last, links[:-1]) for sign in (-1.0, 1.0))
        boundary = math.log(2.0 * links[-1]) + even[-1] + odd[-1]
    together = even + odd
    most = together.max()
    return float(boundary - most - math.log(np.sum(np.exp(together - most))))


def _lowest_state(diagonal, hopping):
    """Logarithm of the positive ground state of a chain with hopping -h, largest value 0, (n,)."""
    from scipy.linalg import eigh_tridiagonal

    size = len(diagonal)
    if size == 1:
        return np.zeros(1)
    energies, states = eigh_tridiagonal(diagonal, -hopping, select="i", select_range=(0, 0))
    peak = int(np.argmax(np.abs(states[:, 0])))
    excess = diagonal - energies[0]
    logs = np.zeros(size)
    # psi_(k-1)/psi_k from the equation at the outer sites: each recursion runs in the direction in which psi grows
    for sites in (range(0, peak), range(size - 1, peak, -1)):
        ratio, total, step = 0.0, [], 1 if sites.step > 0 else -1
        for site in sites:
            back = 0.0 if ratio == 0.0 else hopping[min(site, site - step)] / ratio
            ratio = max((excess[site] - back) / hopping[min(site, site + step)], _UNDERFLOW)
            total.append(math.log(ratio))
        if total:
            sums = -np.cumsum(np.array(total)[::-1])[::-1]
            logs[list(sites)] = sums
    return logs
