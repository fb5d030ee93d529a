"""Echo curves against nested quadrature, QuTiP, and the wanted time of the nuclear model."""

import math
import time

import numpy as np
from scipy.integrate import quad

import glasstunnel as gt
from benchmarks.timing import best_time
from glasstunnel.constants import flux_phase_per_area, hbar
from glasstunnel.echoes import signal
from glasstunnel.echoes.flux.doublet import response
from glasstunnel.echoes.flux.energy_grids import PER_KELVIN
from glasstunnel.echoes.flux.propagation import few_level_echo

FIELDS = np.linspace(0.0, 0.6, 100)
ROW = "002.T8.BAS.echo.s2"
CONVENTION = gt.EchoConvention(rabi="rms")


def rows():
    """(what, measured, wanted) for the table."""
    return [*_field_curve(), *_three_level_systems(), *_nuclear(), *_explanations()]


def _forget():
    """Drop kept tables, so that a whole curve is timed."""
    from glasstunnel.echoes.flux import anomalous as anomalous_echo

    for function in (signal._table, signal._two_level, anomalous_echo._unweighted):
        function.cache_clear()


def _field_curve():
    printed = gt.published_echo(ROW, preset="derived")

    def curve():
        _forget()
        return gt.echo(printed.glass, printed.pulses, printed.T, FIELDS, convention=CONVENTION)

    ours = best_time(curve, rounds=3)
    field, cosine = 0.3, 0.9
    start = time.perf_counter()
    reference = _nested_quadrature(printed, field * cosine)
    one_angle = time.perf_counter() - start
    facing = gt.EchoConvention(rabi="rms", direction="parallel")
    value = gt.echo(printed.glass, printed.pulses, printed.T, field * cosine, convention=facing)
    error = abs(value / (2.0 * math.pi * hbar / printed.pulses.field_amplitude * reference) - 1.0)
    angles = 21  # the fewest that adaptive quadrature over the angle of the loops takes
    return [
        ("echo against field, 100 fields, from nothing", f"{1e3 * ours:.0f} ms", ""),
        ("  nested quad of the printed integral at 1e-6 (one field and angle times 100 and 21)",
         f"{one_angle * angles * len(FIELDS) / ours:.0f} times slower", "1000"),
        ("  relative difference at one angle", f"{error:.1e}", "1e-6"),
    ]


def _nested_quadrature(printed, B):
    """J_S by adaptive quadrature over the gap and, inside, over v = ln(u/(1-u)), for loops at one angle."""
    ats, pulses, T = printed.glass["ats"], printed.pulses, printed.T
    carrier, drive = pulses.angular_frequency, ats.dipole_moment * pulses.field_amplitude / hbar
    low, high = (flux_phase_per_area * area * B for area in (ats.amplitude_area_min, ats.amplitude_area_max))

    def integrand(v, E):
        u = 1.0 / (1.0 + math.exp(-v))
        rabi = drive * math.sqrt((u + 0.5 * (1.0 - u)) / 6.0)
        rate = E**5 * (u + 0.5 * (1.0 - u)) / (ats.elastic_constant * math.tanh(0.5 * E / T))
        decay = math.exp(-pulses.echo_time * (ats.spectral_diffusion * T + 0.5 * rate))
        kernel = response(PER_KELVIN * E - carrier, rabi, pulses.durations).real
        return 0.5 / E * math.tanh(0.5 * E / T) * decay * float(kernel)

    def over_shares(E):
        D_min = ats.asymmetry_min
        top = min(high**2, (E - D_min) * (E + D_min))
        limits = math.log(low**2 / (E**2 - low**2)), math.log(top / (E**2 - top))
        return quad(integrand, *limits, args=(E,), epsrel=1e-7, epsabs=0.0)[0]

    quantum = carrier / PER_KELVIN
    kink, width = math.hypot(ats.asymmetry_min, high), 100.0 * drive / PER_KELVIN
    stops = sorted({math.hypot(ats.asymmetry_min, low), kink, quantum, quantum - width, quantum + width, 3.0 * quantum})
    return sum(
        quad(over_shares, a, b, epsrel=1e-6, epsabs=1e-4, limit=2000)[0] for a, b in zip(stops, stops[1:], strict=False)
    )


def _three_level_systems():
    import qutip

    rng = np.random.default_rng(3)
    count, omega = 1000, 1.0
    wells = rng.normal(size=(count, 3)) * 0.3
    H = np.zeros((count, 3, 3), complex)
    H[:, range(3), range(3)] = wells - wells.mean(1, keepdims=True)
    for i, j in ((0, 1), (1, 2), (2, 0)):
        H[:, i, j] = 2.0 * np.exp(0.02j)
        H[:, j, i] = np.conj(H[:, i, j])
    levels = np.linalg.eigvalsh(H)
    H *= (1.01 * omega / (levels[:, 1] - levels[:, 0]))[:, None, None]
    V = np.broadcast_to(0.02 * np.diag([0.0, -(3**0.5) / 2, 3**0.5 / 2]).astype(complex), H.shape)
    pulses = gt.Pulses((60.0, 120.0), (300.0,), omega / (2 * math.pi), 1.0)
    ours = best_time(lambda: few_level_echo(H, V, pulses, 1.0, [300.0]), rounds=3)

    def one_propagation(index):
        drive = qutip.QobjEvo([qutip.Qobj(H[index]), [qutip.Qobj(V[index]), lambda t: math.cos(omega * t)]])
        rho = qutip.Qobj(np.eye(3) / 3.0)
        qutip.mesolve(drive, rho, [0.0, pulses.end_time + 300.0], options={"rtol": 1e-6, "atol": 1e-8, "nsteps": 10**6})

    theirs = best_time(lambda: one_propagation(0), rounds=2) * count * 16  # sixteen settings of the two phases
    return [
        ("echo of 1000 three-level systems, 16 phase settings", f"{1e3 * ours:.0f} ms", ""),
        ("  QuTiP (one system and phase setting times 16000)", f"{theirs / ours:.0f} times slower", "100"),
    ]


def _nuclear():
    fields = np.linspace(0.0, 0.2, 200)
    seconds = best_time(
        lambda: gt.nuclear_quadrupole_echo("B-11", 5e5, 0.4, fields, 4e-6, asymmetry_ratio=0.5, orientations=500),
        rounds=3,
    )
    average = best_time(
        lambda: gt.nuclear_quadrupole_echo("B-11", 5e5, 0.4, fields, 4e-6, orientations=500), rounds=2
    )
    return [
        ("nuclear echo, spin 3/2, 200 fields, 500 directions", f"{seconds:.2f} s", "below 1 s"),
        ("  the same averaged over the asymmetry", f"{average:.2f} s", ""),
    ]


def _explanations():
    """Both explanations of 31 amplitudes, from nothing: cutoff and density, angle and fraction, and the scale free."""
    printed = gt.published_echo(ROW, preset="derived")
    background = gt.TwoLevelSystems(0.02, dipole_moment=printed.glass["ats"].dipole_moment)
    glass = printed.glass.with_contribution("tls", background)
    fields = np.linspace(0.0, 0.6, 31)
    clean = gt.echo(glass, printed.pulses, printed.T, fields)
    noise = 1.0 + 0.003 * np.random.default_rng(1).standard_normal(len(fields))
    data = gt.Dataset({
        "temperature": gt.Column(np.full(len(fields), printed.T), "K"), "field": gt.Column(fields, "T"),
        "echo": gt.Column(clean / clean[0] * noise, ""), "sigma": gt.Column(np.full(len(fields), 0.003), ""),
    }, "echo", noise="given")  # fmt: skip
    data = gt.data.with_pulses(data, printed.pulses)
    nuclei = gt.NuclearQuadrupoles("B-11", 8e5, 0.4, quadrupole_spread=0.3, fraction=0.5)
    start = glass.with_values({"ats.amplitude_area_max": 6000.0})
    began = time.perf_counter()
    ranked = gt.compare_echo([data], start, nuclei)
    return [
        ("both explanations of 31 echo amplitudes", f"{time.perf_counter() - began:.1f} s", "below 20 s"),
        ("  the true one is found by an AICc lower by", f"{ranked.models[1].delta_aic:.0f}", "10"),
    ]
