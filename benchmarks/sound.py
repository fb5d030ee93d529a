"""Sound, thermal conductivity and slow heat: against the dielectric kernel, and against nested `quad`."""

import math
import time

import numpy as np
from scipy.integrate import quad

import glasstunnel as gt
from benchmarks.timing import best_time
from glasstunnel.constants import boltzmann, hbar

TOLERANCE = 1e-8
MATERIAL = gt.Material(2200.0, 5800.0, 3800.0, 1.04, 0.65)
SILICA = gt.TwoLevelSystems(5.0205418e18, 6.6e-3, 20.0, material=MATERIAL, dielectric_strength=4e-4)
UNLIMITED = gt.TwoLevelSystems(5.0205418e18, material=MATERIAL)


def rows():
    """(what, measured, wanted) for the table."""
    return [_response(), _conductivity_speed(), _conductivity_against_quad(), _slow_heat()]


def _response():
    T, frequency = np.geomspace(0.01, 1.0, 100)[:, None], np.geomspace(1e2, 1e5, 20)

    def sound():
        response = SILICA.strain_response(T, 0.0, frequency, mode="torsion", part="both")
        return -0.5 * response.real, response.imag

    ours, theirs = best_time(sound), best_time(lambda: SILICA.permittivity(T, 0.0, frequency))
    return (
        "(dv/v, 1/Q) of two-level systems, 2000 points",
        f"{ours / theirs:.2f} times the permittivity ({1e3 * ours:.1f} ms)", "at most 1.1 times",
    )


def _cpu_time(function, repeats=20):
    function()
    start = time.process_time()
    for _ in range(repeats):
        function()
    return (time.process_time() - start) / repeats


def _conductivity_speed():
    T = np.geomspace(0.01, 10.0, 200)
    seconds = _cpu_time(lambda: gt.thermal_conductivity(UNLIMITED, T, 0.0, size=5e-3))
    return "thermal conductivity, 200 points", f"{1e3 * seconds:.1f} ms of CPU", "below 20 ms"


def nested_conductivity(T, size):
    """kappa by `quad` over x, 1/l from `quad` over the gap and ln tau at every x: the formulas as they are written."""
    gamma, strengths = MATERIAL.elastic_constant(), UNLIMITED.tunneling_strengths()

    def relaxation(omega):
        def over_gaps(z):
            gap = 2.0 * T * z
            shortest = gamma * math.tanh(z) / gap**3

            def over_times(v):  # tau = tau_min cosh^2 v
                delay = omega * shortest * math.cosh(v) ** 2
                return math.tanh(v) ** 2 * delay / (1.0 + delay**2)

            middle = math.acosh(max(1.0, (omega * shortest) ** -0.5)) if omega * shortest < 1.0 else 0.0
            ends = sorted({0.0, middle, middle + 20.0})
            inner = sum(quad(over_times, *pair, epsabs=0.0, epsrel=TOLERANCE)[0]
                        for pair in zip(ends[:-1], ends[1:], strict=True))  # fmt: skip
            return inner / math.cosh(z) ** 2

        return 2.0 * quad(over_gaps, 0.0, 20.0, epsabs=0.0, epsrel=TOLERANCE, limit=200)[0]

    total = 0.0
    for branches, strength, speed in ((1.0, strengths[0], 5800.0), (2.0, strengths[1], 3800.0)):
        def flow(x, strength=strength, speed=speed):
            omega = x * boltzmann * T / hbar
            friction = strength * (math.pi * math.tanh(0.5 * x) + relaxation(omega))
            return x**4 / (4.0 * math.sinh(0.5 * x) ** 2) / (omega / speed * friction + 1.0 / size)

        scale = branches * boltzmann**4 * T**3 / (6.0 * math.pi**2 * hbar**3 * speed**2)
        total += scale * quad(flow, 1e-6, 50.0, epsabs=0.0, epsrel=1e-6, limit=200)[0]
    return total


def _conductivity_against_quad():
    T, size = np.geomspace(0.01, 10.0, 200), 5e-3
    ours = _cpu_time(lambda: gt.thermal_conductivity(UNLIMITED, T, 0.0, size=size)) / T.size
    start = time.process_time()
    theirs = nested_conductivity(0.4, size)
    seconds = time.process_time() - start
    error = abs(gt.thermal_conductivity(UNLIMITED, 0.4, 0.0, size) / theirs - 1.0)
    return (
        "thermal conductivity against nested quad, a point",
        f"{seconds / ours:.0f} times faster ({1e6 * ours:.0f} us against {seconds:.1f} s), agreement {error:.0e}",
        "at least 1000 times",
    )


def _slow_heat():
    T, t = np.geomspace(0.02, 2.0, 20)[:, None], np.geomspace(1e-6, 1e4, 10)
    capacity = _cpu_time(lambda: gt.short_time_heat_capacity(UNLIMITED, T, 0.0, t))
    release = _cpu_time(lambda: gt.heat_release(UNLIMITED, 3.0, T, t))
    return (
        "C(T, t) and heat release, 200 points each",
        f"{1e3 * capacity:.1f} ms and {1e3 * release:.1f} ms of CPU", "below 10 ms",
    )
