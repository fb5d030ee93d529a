import math

import numpy as np
import pytest

from glasstunnel.numerics.quadrature import graded_edges, legendre, normal_mean, panels, scaled_panels


@pytest.mark.parametrize("count", [1, 5, 24])
def test_legendre_rule_is_exact_for_polynomials_up_to_twice_its_size(count):
    nodes, weights = legendre(count)
    degrees = np.arange(2 * count)
    np.testing.assert_allclose((weights[:, None] * nodes[:, None] ** degrees).sum(0), 1.0 / (degrees + 1.0), rtol=1e-13)


def test_panels_join_without_gap_or_overlap():
    nodes, weights = panels([0.0, 0.3, 2.0, math.pi], 20)
    assert weights.sum() == pytest.approx(math.pi, rel=1e-14)
    assert (weights * np.sin(nodes)).sum() == pytest.approx(2.0, rel=1e-14)
    assert (np.diff(nodes) > 0).all()


def test_normal_mean_reproduces_the_moments_of_a_log_normal():
    """<exp(k s g)> = exp(k^2 s^2 / 2) for a standard normal g."""
    nodes, weights = normal_mean(24)
    for k in (-2.0, 0.5, 2.0):
        assert (weights * np.exp(k * nodes)).sum() == pytest.approx(math.exp(0.5 * k**2), rel=1e-12)


def test_cached_rules_cannot_be_changed_by_accident():
    with pytest.raises(ValueError, match="read-only"):
        legendre(4)[0][0] = 0.0


@pytest.mark.parametrize("width", [5.0, 0.3])
def test_a_graded_rule_resolves_what_is_singular_just_outside_either_end(width):
    """int_0^1 dx/(x + h) = int_0^1 dx/(1 + h - x) = ln(1 + 1/h); the nodes stay between the ends."""
    span, h = np.array([1.0, 0.5]), 1e-8
    nodes, weights = scaled_panels(span, width, 12, graded=True)
    assert (nodes > 0.0).all() and (nodes < span[:, None]).all()
    for distance in (nodes, span[:, None] - nodes):
        np.testing.assert_allclose((weights / (distance + h)).sum(axis=-1), np.log1p(span / h), rtol=2e-6)


def test_graded_edges_hold_every_stop_and_leave_no_gap_wider_than_asked():
    stops = [0.0, 0.9, 1.0, 4.0]
    edges = graded_edges(stops, 0.3)
    assert set(stops) <= set(edges.tolist())
    steps = np.diff(edges)
    assert (steps > 0.0).all() and steps.max() <= 0.3 * (1.0 + 1e-12)
    for stop in stops[1:-1]:  # six panels on each side, each a fifth of the next
        at = int(np.flatnonzero(edges == stop)[0])
        np.testing.assert_allclose(np.diff(edges[at + 1 : at + 7]) / np.diff(edges[at : at + 6]), 4.0 * np.array(
            [1.0, 1.25, 1.25, 1.25, 1.25]), rtol=1e-6)
