"""Decay with the waiting time at B = 0: exponential integrals, the edge, and what a gate makes of it."""

import dataclasses

import numpy as np
import pytest
from scipy.integrate import quad
from tests.reference import reference

from glasstunnel import AnomalousTunnelingSystems, Pulses, echo
from glasstunnel.echoes.detection import Weight
from glasstunnel.echoes.flux.doublet import response
from glasstunnel.echoes.flux.energy_grids import PER_KELVIN
from glasstunnel.echoes.flux.zero_field_decay import edge_decay, oscillation_integral, printed_decay, spectral_delimiter
from glasstunnel.errors import ParameterError

REFERENCE = reference("echoes")["decay"]["rows"]
TIMES = np.array([0.5, 1, 2, 3, 4, 5, 6, 8, 10])
EDGES = reference("echoes")["decay"]["edges"]


@pytest.mark.parametrize("a, b, expected", REFERENCE)
def test_the_integral_has_the_reference_values(a, b, expected):
    assert oscillation_integral(a, b) == pytest.approx(expected, rel=2e-12)


@pytest.mark.parametrize("a, b", [(35.0, 20.0), (60.0, 7.0), (0.01, 300.0), (45.0, 0.3), (30.0, 200.0), (2.0, -3.0)])
def test_the_integral_agrees_with_quadrature_far_out(a, b):
    direct = quad(lambda x: np.cos(x) / (x * x + a * a), 0.0, b, limit=1000, epsabs=1e-15, epsrel=1e-12)[0]
    assert oscillation_integral(a, b) == pytest.approx(direct, rel=1e-9, abs=1e-13)


def test_with_the_printed_arguments_it_is_another_number():
    assert oscillation_integral(1.0, 2.0, arguments="printed") == pytest.approx(-3.8816, abs=1e-4)


@pytest.mark.parametrize("dephasing, offset, expected", EDGES)
def test_the_edge_has_the_reference_values(dephasing, offset, expected):
    assert edge_decay(TIMES, dephasing, offset) == pytest.approx(expected, rel=1e-11)


def test_the_edge_starts_at_the_share_of_the_line_above_it():
    assert edge_decay(0.0, 1.0, 0.6) == pytest.approx(0.5 + np.arctan(0.6) / np.pi)
    assert edge_decay(1e-6, 1.0, 0.6) == pytest.approx(0.5 + np.arctan(0.6) / np.pi, abs=1e-5)


def test_the_printed_form_lacks_a_factor_of_the_waiting_time():
    corrected, printed = (
        printed_decay(TIMES, 0.0, 1.0, 10.0, 1.0, 0.6, form=form) for form in ("corrected", "printed")
    )
    assert corrected / printed == pytest.approx(2.0 * TIMES)
    assert corrected == pytest.approx(np.pi * np.array(EDGES[0][2]), rel=1e-8)


def test_the_oscillating_part_outlives_every_exponential():
    """X ~ (a/pi) sin(b)/(a^2 + b^2) at late times."""
    time = 40.0
    a, b = 2 * time, 1.2 * time
    assert edge_decay(time, 1.0, 0.6) == pytest.approx(a / np.pi * np.sin(b) / (a**2 + b**2), rel=2e-2)


@pytest.mark.slow
def test_behind_a_gate_an_edge_leaves_only_the_decay():
    """Edge 0.6e6 rad/s below the carrier, gate +-0.4 us: the integral times e^(2 w tau12) is constant."""
    frequency = 1e9
    edge = (2 * np.pi * frequency - 0.6e6) / PER_KELVIN
    system = AnomalousTunnelingSystems(1.0, edge, None, 1e3, 1e4, theory="effective", dipole_moment=1e-28,
                                       spectral_diffusion=1e6 / 0.012)
    values = []
    for gap in (0.5e-6, 1e-6, 3e-6, 10e-6):
        pulses = Pulses((10e-9, 20e-9), (gap,), frequency, 1e2, detection="gated", gate=0.4e-6)
        values.append(echo(system, pulses, 0.012, 0.0) * np.exp(1e6 * 2.0 * gap))
    assert values == pytest.approx([values[0]] * 4, rel=1e-10)
    smooth = dataclasses.replace(system, asymmetry_min=0.5 * edge)
    assert echo(smooth, pulses, 0.012, 0.0) > 0.0


def test_the_gated_integral_over_an_edge_has_the_reference_value():
    """Pulses of 10 and 20 ns (pi/2, pi), the band up to 5000/us."""
    rabi, durations = 0.5 * np.pi / 0.01, (0.01, 0.02)
    x, w = np.polynomial.legendre.leggauss(20)
    edges = np.linspace(-0.6, 5000.0, 5002)
    half = 0.5 * np.diff(edges)[:, None]
    z, weight = (0.5 * (edges[1:] + edges[:-1])[:, None] + half * x).ravel(), (half * w).ravel()
    kernel = weight * response(z, rabi, durations) / (2.0 * rabi) * Weight("gate", 0.4, None)(z, 1.0)
    expected = reference("flux_echoes")["gate"]["rows"][0][1]
    assert abs(kernel.sum()) * np.exp(-sum(durations)) == pytest.approx(expected, rel=1e-9)


def test_both_delimiters_are_normalized():
    gap = 0.048 + np.sinh(np.linspace(-25.0, 25.0, 200001)) * 1e-9
    for kind in ("decay", "pulse"):
        window = spectral_delimiter(gap, 1e9, 5e6, kind)
        assert np.trapezoid(window, gap) == pytest.approx(1.0, abs=2e-3)


@pytest.mark.parametrize("call, words", [
    (lambda: oscillation_integral(0.0, 1.0), "a must be > 0"),
    (lambda: oscillation_integral(1.0, 1.0, arguments="some"), "arguments must be"),
    (lambda: oscillation_integral(1.0, np.nan), "must be finite"),
    (lambda: edge_decay(1.0, 1.0, np.nan), "must be finite"),
    (lambda: edge_decay(-1.0, 1.0, 1.0), "waiting_time must be >= 0"),
    (lambda: printed_decay(1.0, 1.0, 1.0, 1.0, 1.0, 1.0, form="old"), "form must be"),
    (lambda: printed_decay(0.0, 1.0, 1.0, 1.0, 1.0, 1.0, form="printed"), "diverges"),
    (lambda: spectral_delimiter(1.0, 1.0, 1.0, "box"), "kind must be"),
])
def test_bad_input_is_refused_in_a_sentence(call, words):
    with pytest.raises(ParameterError, match=words):
        call()
