"""Gauss-Legendre rules on panels, cached because building the nodes costs more than using them."""

import math
from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike


@lru_cache(maxsize=64)
def legendre(count: int) -> tuple[np.ndarray, np.ndarray]:
    """Gauss-Legendre nodes and weights on [0, 1], each of shape (count,).

    >>> x, w = legendre(4)
    >>> round(float((w * x**7).sum()), 12)
    0.125
    """
    nodes, weights = np.polynomial.legendre.leggauss(count)
    return _frozen(0.5 * (nodes + 1.0)), _frozen(0.5 * weights)


def panels(edges: ArrayLike, count: int) -> tuple[np.ndarray, np.ndarray]:
    """Composite Gauss-Legendre rule between increasing `edges` (n+1,): nodes and weights, each (n*count,).

    >>> x, w = panels([0.0, 1.0, 3.0], 3)
    >>> round(float((w * x**5).sum()), 9)
    121.5
    """
    edges = np.asarray(edges, float)
    nodes, weights = legendre(count)
    width = np.diff(edges)[:, None]
    return (edges[:-1, None] + width * nodes).ravel(), (width * weights).ravel()


@lru_cache(maxsize=16)
def normal_mean(count: int) -> tuple[np.ndarray, np.ndarray]:
    """Gauss-Hermite nodes and weights of the mean over a standard normal variable, each (count,).

    >>> x, w = normal_mean(4)
    >>> round(float((w * x**4).sum()), 12)
    3.0
    """
    nodes, weights = np.polynomial.hermite_e.hermegauss(count)
    return _frozen(nodes), _frozen(weights / weights.sum())


def graded_edges(stops: ArrayLike, width: float, shrink: float = 0.2, levels: int = 6) -> np.ndarray:
    """Panel edges through the increasing `stops`, at most `width` apart, crowded on both sides of the inner stops.

    Towards an inner stop, where the integrand has a kink or a logarithm, panels shrink by the factor `shrink`,
    `levels` times.

    >>> graded_edges([0.0, 1.0, 2.0], 1.0, shrink=0.1, levels=2).round(2).tolist()
    [0.0, 0.9, 0.99, 1.0, 1.01, 1.1, 2.0]
    """
    stops = np.asarray(stops, float)
    edges = [stops[:1]]
    for i, (start, stop) in enumerate(zip(stops[:-1], stops[1:], strict=True)):
        count = math.ceil((stop - start) / width)
        both = 0 < i < stops.size - 2
        inner = np.linspace(start, stop, max(count, 2 if both else 1) + 1)
        close = (inner[1] - inner[0]) * shrink ** np.arange(1, levels + 1)
        if i:
            edges.append(start + close[::-1])
        edges.append(inner[1:-1])
        if i < stops.size - 2:
            edges.append(stop - close)
        edges.append(inner[-1:])
    return np.concatenate(edges)


def scaled_panels(
    span: np.ndarray, width: float, count: int, graded: bool = False
) -> tuple[np.ndarray, np.ndarray]:
    """Composite rule on [0, span] for every entry of `span` (...): nodes and weights, each (..., nodes).

    Panels are no wider than `width`, as the largest entry needs.
    `graded` crowds panels towards both ends, tenfold each down to 1e-8, for what is singular just outside.

    >>> x, w = scaled_panels(np.array([1.0, 2.0]), 1.0, 3)
    >>> (w * x**5).sum(axis=-1).round(9).tolist()
    [0.166666667, 10.666666667]
    """
    number = max(1, math.ceil(float(np.max(span)) / width))
    edges = np.linspace(0.0, 1.0, number + 1)
    if graded:
        close = 0.5 * edges[1] * 10.0 ** np.arange(-8.0, 1.0)
        edges = np.sort(np.concatenate([edges, close, 1.0 - close[: None if number > 1 else -1]]))
    unit, weight = panels(edges, count)
    return span[..., None] * unit, span[..., None] * weight


def _frozen(array):
    array.flags.writeable = False
    return array
