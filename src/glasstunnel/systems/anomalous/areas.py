r"""Mean over the areas of the flux loops: ln A_q is normal about its median, with standard deviation `area_spread`.

B enters every response as B A_q, so a mean over areas is a convolution of the response with a normal distribution in
ln B. Three cases, one home: `area_rule` for what is analytic in ln B (thermodynamics of the effective theory),
`mean_over_areas` for what has kinks (gaps that meet a photon or an energy), and for the Fourier series of the exact
theory, whose harmonics oscillate without end, the closed means of `exact.harmonics`.
"""

import math

import numpy as np

from glasstunnel.numerics.quadrature import graded_edges, panels

#: Standard deviations of ln A_q that are followed; 4e-11 of all areas lie beyond.
REACH = 6.6
_GROWTH = 2.0  #: highest power of B of a response, up or down: it moves what counts by that many times the spread
_WIDTH = 0.8  #: longest panel in ln B, and in standard deviations
_NODES = 10


def area_rule(area_spread):
    """Areas relative to their median and their weights, each (n,), for a standard deviation of ln A_q.

    Equal steps in ln A_q, exponentially accurate for functions of ln(B A_q) analytic up to i pi/2.

    >>> area, weight = area_rule(0.5)
    >>> round(float(weight @ area**2), 9), round(math.exp(0.5), 9)  # <A^2> = exp(2 area_spread^2)
    (1.648721271, 1.648721271)
    """
    if area_spread == 0.0:
        return np.ones(1), np.ones(1)
    step = min(0.75, 0.39 / area_spread)
    count = math.ceil((7.0 + 2.0 * area_spread) / step)
    deviate = step * np.arange(-count, count + 1)
    weights = np.exp(-0.5 * deviate**2)
    return np.exp(area_spread * deviate), weights / weights.sum()


def mean_over_areas(response, fields, area_spread, kinks=()):
    """Mean of response(B A_q) over the areas at each of `fields` (n,) [T], even in the field: (n,), real or complex.

    response : maps (k,) fields to (k,) values. kinks : fields [T] at which it has a kink, a logarithm or a step; panels
    end there and crowd towards them. All fields share the nodes. Relative error below 1e-9 for kinks known to 1e-12 and
    responses between B^-2 and B^2.

    >>> mean = mean_over_areas(lambda B: np.abs(np.log(B)), np.ones(1), 0.5, kinks=[1.0])
    >>> round(float(mean[0]), 9), round(0.5 * math.sqrt(2.0 / math.pi), 9)
    (0.39894228, 0.39894228)
    """
    fields = np.abs(np.asarray(fields, float))
    inside = fields > 0.0
    if area_spread == 0.0:
        return response(fields)
    if not inside.any():
        return response(fields) if fields.size else np.zeros(0)
    center, position = np.unique(np.log(fields[inside]), return_inverse=True)
    nodes, measure = _common_nodes(center, area_spread, kinks)
    weights = measure * np.exp(-0.5 * ((nodes - center[:, None]) / area_spread) ** 2)
    weights /= weights.sum(axis=1, keepdims=True)
    means = (weights @ response(np.exp(nodes)))[position]
    if inside.all():
        return means
    total = np.empty(fields.shape, means.dtype)
    total[inside] = means
    total[~inside] = response(np.zeros(1))[0]
    return total


def _common_nodes(center, area_spread, kinks):
    """Nodes and weights in ln B on every panel that some normal distribution about `center` reaches."""
    reach = (REACH + _GROWTH * area_spread) * area_spread
    low, high = center[0] - reach, center[-1] + reach
    marks = sorted({math.log(kink) for kink in kinks if kink > 0.0 and low < math.log(kink) < high})
    edges = graded_edges([low, *marks, high], min(_WIDTH, _WIDTH * area_spread))
    above = np.searchsorted(center, edges[1:])  # of the first center beyond each panel
    below = np.searchsorted(center, edges[:-1]) - 1  # of the last one before it
    reached = above > below + 1  # a distribution is centered inside the panel
    reached |= center[np.minimum(above, center.size - 1)] - edges[1:] < reach
    reached |= edges[:-1] - center[np.maximum(below, 0)] < reach
    nodes, weights = panels(edges, _NODES)
    kept = np.repeat(reached, _NODES)
    return nodes[kept], weights[kept]
