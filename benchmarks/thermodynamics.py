"""Magnetization curves of the effective and the exact theory against the obvious alternatives."""

import dataclasses
import time

import numpy as np

import glasstunnel as gt
from benchmarks import alternatives
from benchmarks.timing import best_time, distance_from_limit
from glasstunnel.conversions import tunneling_amplitude

CUTOFFS = dict(
    density=1.4e19, asymmetry_min=0.0599, asymmetry_max=300.0, amplitude_area_min=8.87e4, amplitude_area_max=1.2e5,
    flux_field=1.3,
)
TEMPERATURES = np.linspace(2.0, 60.0, 200)
FIELD = 2.0
NAMES = ["asymmetry_min", "amplitude_area_min", "amplitude_area_max", "activation_energy", "density"]


def rows():
    """(what, measured, wanted) for the table."""
    return [*_effective(), *_exact(), *_jacobian("effective"), *_jacobian("exact"), *_thermal()]


def _systems(theory):
    cutoffs = CUTOFFS if theory == "exact" else {**CUTOFFS, "asymmetry_max": None}
    return gt.AnomalousTunnelingSystems(**cutoffs, theory=theory)


def _effective():
    systems = _systems("effective")
    curve = lambda: gt.magnetization(systems, TEMPERATURES, FIELD)  # noqa: E731
    ours = best_time(curve, clock=time.process_time)
    some = TEMPERATURES[::20]
    start = time.process_time()
    reference = [
        alternatives.effective_magnetization(
            T, FIELD, systems.density, systems.asymmetry_min, systems.amplitude_area_min, systems.amplitude_area_max,
            tolerance=1e-8,
        )
        for T in some
    ]
    theirs = (time.process_time() - start) * len(TEMPERATURES) / len(some)
    error = np.max(np.abs(gt.magnetization(systems, some, FIELD) / reference - 1))
    limit, count = distance_from_limit(curve)
    return [
        ("effective M(T), 200 points", f"{1e3 * ours:.2f} ms of CPU", ""),
        ("  printed formula with nested quad at 1e-8", f"{theirs / ours:.0f} times slower", "20000"),
        ("  largest relative difference", f"{error:.1e}", "1e-8"),
        ("  time over that of its transcendental values", f"{limit:.1f} ({count} values)", ""),
    ]


def _exact():
    systems = _systems("exact")
    curve = lambda: gt.magnetization(systems, TEMPERATURES, FIELD)  # noqa: E731
    ours = best_time(curve)
    T = 4.5
    amplitude = tunneling_amplitude(np.array([8.87e4, 1.2e5]), systems.flux_field)
    arguments = (T, FIELD, systems.density, (0.0599, 300.0), amplitude, systems.flux_field)
    start = time.perf_counter()
    reference = alternatives.exact_magnetization_by_diagonalization(*arguments, nodes=(5, 10, 80, 28))
    one = time.perf_counter() - start
    error = abs(gt.magnetization(systems, T, FIELD) / reference - 1)
    limit, count = distance_from_limit(curve)
    cold = best_time(lambda: gt.magnetization(systems, np.linspace(0.012, 0.06, 200), FIELD))
    return [
        ("exact M(T), 200 points", f"{1e3 * ours:.2f} ms", ""),
        ("  3x3 diagonalization, same accuracy (one point times 200)", f"{one * 200 / ours:.0f} times slower", "10000"),
        ("  relative difference", f"{error:.1e}", "1e-8"),
        ("  time over that of its transcendental values", f"{limit:.1f} ({count} values)", ""),
        ("  200 points between 12 and 60 mK (D0 to 240 T), over the warm curve", f"{cold / ours:.1f}", "at most 6"),
    ]


def _jacobian(theory):
    systems = dataclasses.replace(_systems(theory), activation_energy=0.3)
    glass = gt.Glass({
        "ats": systems, "larmor": gt.LarmorDiamagnetism(4e-3),
        "fe2": gt.MagneticIons("Fe2+", 1e20), "fe3": gt.MagneticIons("Fe3+", 5e19),
    })
    names = [f"ats.{name}" for name in NAMES] + ["larmor.susceptibility", "fe2.concentration", "fe3.concentration"]
    value = best_time(lambda: glass.magnetization(TEMPERATURES, np.array(FIELD)))
    both = best_time(lambda: glass.derivatives("magnetization", TEMPERATURES, np.array(FIELD), names))
    return [(f"{theory} value and Jacobian, 8 parameters, over the value", f"{both / value:.1f}", "at most 5")]


def _thermal():
    out = []
    for theory in ("effective", "exact"):
        systems = _systems(theory)
        for letter, observable in (("C", gt.heat_capacity), ("S", gt.entropy)):
            ours = best_time(lambda f=observable, s=systems: f(s, TEMPERATURES, FIELD), clock=time.process_time)
            out.append((f"{theory} {letter}(T), 200 points", f"{1e3 * ours:.2f} ms of CPU", ""))
    return out
