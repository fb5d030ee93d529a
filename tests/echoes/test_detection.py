"""Detection of an echo: the peak between samples, and the interpolation of the decay within the echo."""

import numpy as np
import pytest

from glasstunnel.echoes.detection import Weight, _interpolation, _peak


@pytest.mark.parametrize("center", [0.31, 0.5, -0.17, 1.0])
def test_the_peak_of_a_parabola_is_found_between_the_samples(center):
    t = np.linspace(-2.0, 3.0, 11)
    rows = np.array([3.0 - 2.0 * (t - center) ** 2, 1.0 - 0.3 * (t - center) ** 2])
    np.testing.assert_allclose(_peak(rows), [3.0, 1.0], rtol=1e-13)


def test_a_peak_at_the_end_of_the_record_stays_within_one_step():
    falling = np.array([4.0, 1.0, 0.0, 0.0])
    t = np.array([-1.0, 0.0, 1.0])  # about the second sample, with the parabola through the first three
    a, b, c = np.polyfit(t, falling[:3], 2)
    assert _peak(falling) == pytest.approx(max(np.polyval([a, b, c], np.clip(-b / (2 * a), -1.0, 1.0)), 0.0), abs=4.0)
    assert _peak(np.zeros(5)) == 0.0


def test_interpolation_nodes_are_those_of_chebyshev_between_the_ends():
    first, last = 2.0, 7.0
    s = np.linspace(first, last, 9)
    nodes, lagrange = _interpolation(first, last, s)
    assert nodes.max() < last and nodes.min() > first
    scaled = (2.0 * nodes - first - last) / (last - first)
    np.testing.assert_allclose(np.cos(6.0 * np.arccos(scaled)), 0.0, atol=1e-12)  # the zeros of T_6
    for power in range(6):
        np.testing.assert_allclose(nodes**power @ lagrange, s**power, rtol=1e-12)


def test_the_decay_within_an_echo_is_interpolated_to_parts_per_million():
    """Remainder of interpolation at n Chebyshev points: (b - a)^n/(2^(2n - 1) n!) times the largest derivative."""
    s = np.linspace(0.0, 1.0, 33)
    nodes, lagrange = _interpolation(0.0, 1.0, s)
    error = np.abs(np.exp(-nodes) @ lagrange - np.exp(-s)).max()
    assert error <= 1.0 / (2.0**11 * 720.0)


def test_a_gate_weight_is_the_integral_over_the_gate():
    z, w, half, kappa = 3.0e6, 0.7e6, 0.4e-6, 5e6
    s = np.linspace(-half, half, 20001)
    brute = np.trapezoid(np.exp((1j * z - w) * s), s)
    assert Weight("gate", half, None)(z, w) == pytest.approx(brute, rel=1e-8)
    assert Weight("gate", half, kappa)(z, w) == pytest.approx(brute * kappa / (kappa + 1j * z), rel=1e-8)
    assert Weight("gate", half, None)(0.0, 0.0) == pytest.approx(2.0 * half)
    assert Weight("time", half, kappa)(z, w) == pytest.approx(np.exp(-w * half) * kappa / (kappa + 1j * z), rel=1e-13)
