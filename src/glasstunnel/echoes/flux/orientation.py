"""Rabi frequencies of anomalous tunneling systems over the direction of the microwave field, as few-point rules."""

from functools import lru_cache

import numpy as np

from glasstunnel.numerics.quadrature import legendre

_POINTS = 8  # of the rule; for pulse areas up to 2 pi the relative error is below 1e-9, beyond more are needed
_ANGLES = 24


@lru_cache(maxsize=64)
def rabi_rule(
    flux_shares: tuple[float, ...], kappa: float, exact: bool, power: float, area: float = 0.0
) -> tuple[np.ndarray, np.ndarray]:
    """Nodes and weights of Omega hbar/(p1 F0) at each flux share u: two arrays (len(flux_shares), points).

    sum_j weights_j f(nodes_j^2) is the mean of (Omega hbar/p1 F0)^power f over the directions. exact=True: Omega^2 =
    sin^2(Th) [1 - (1-u) cos^2(psi)]/4, Th between field and loop normal, psi in the plane [doublet of 002, Eqs. 68-70].
    area : p1 F0/hbar times the longest pulse, with which the number of points grows.
    exact=False: the mean square (u + kappa (1-u))/6 alone  [002, Eq. 72, with its 5/6 as kappa].
    """
    shares = np.asarray(flux_shares)
    if not exact:
        nodes = np.sqrt((shares + kappa * (1.0 - shares)) / 6.0)[:, None]
        return nodes, nodes**power
    x, w = legendre(_ANGLES + int(0.5 * area))
    tilt, plane = (grid.ravel() for grid in np.meshgrid(0.5 * np.pi * x, 0.5 * np.pi * x, indexing="ij"))
    weight = np.outer(0.5 * np.pi * w * np.sin(0.5 * np.pi * x), w).ravel()
    nodes, weights = [], []
    for share in shares:
        square = 0.25 * np.sin(tilt) ** 2 * (1.0 - (1.0 - share) * np.cos(plane) ** 2)
        points, weights_here = gauss_rule(square, weight * square ** (0.5 * power), _POINTS + int(0.25 * area))
        nodes.append(np.sqrt(points))
        weights.append(weights_here)
    return np.array(nodes), np.array(weights)


def gauss_rule(points: np.ndarray, weights: np.ndarray, count: int) -> tuple[np.ndarray, np.ndarray]:
    """Gauss rule of `count` nodes for a discrete measure (Stieltjes recurrence, then Golub and Welsch).

    >>> x = np.linspace(0.0, 1.0, 200)
    >>> nodes, weights = gauss_rule(x, np.ones(200), 5)
    >>> bool(np.isclose(weights @ nodes**9, np.sum(x**9)))
    True
    """
    total = weights.sum()
    before, current = np.zeros_like(points), np.full_like(points, 1.0 / np.sqrt(total))
    diagonal, beside = [], []
    for _ in range(count):
        diagonal.append(np.sum(weights * points * current**2))
        following = (points - diagonal[-1]) * current - (beside[-1] if beside else 0.0) * before
        beside.append(np.sqrt(np.sum(weights * following**2)))
        before, current = current, following / beside[-1]
    nodes, vectors = np.linalg.eigh(np.diag(diagonal) + np.diag(beside[:-1], 1) + np.diag(beside[:-1], -1))
    return nodes, total * vectors[0] ** 2
