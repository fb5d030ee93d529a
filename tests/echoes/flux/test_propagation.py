"""Exact propagation of few-level systems: reference values, an independent solver, and the closed form."""

import numpy as np
import pytest
import qutip
from tests.reference import reference

from glasstunnel.echoes.flux.doublet import two_pulse_coherence
from glasstunnel.echoes.flux.propagation import few_level_echo
from glasstunnel.echoes.pulses import Pulses
from glasstunnel.errors import ParameterError

OMEGA = 0.7835
REFERENCE = reference("flux_echoes")
PULSES = Pulses((300.0, 601.3), (3000.7,), OMEGA / (2 * np.pi), 1.0)
ELAPSED = 3000.7 + np.array([-3.1, 0.0, 2.2, 50.0])


def three_wells(wells=(0.5, -0.3, -0.2), hopping=26.0, phase=0.02, dipoles=(0.0, -3**0.5 / 2, 3**0.5 / 2), drive=4e-3):
    H = np.diag(np.array(wells, complex))
    for i, j in ((0, 1), (1, 2), (2, 0)):
        H[i, j] = hopping * np.exp(1j * phase / 3)
        H[j, i] = np.conj(H[i, j])
    return H, drive * np.diag(np.array(dipoles, complex))


def test_three_wells_agree_with_the_laboratory_frame_reference():
    value = few_level_echo(*three_wells(), PULSES, 2.0, ELAPSED, engine="laboratory", restart=True, steps=256)
    assert value == pytest.approx(REFERENCE["ring_echo"]["exact"], rel=1e-7, abs=2e-11)


def test_three_wells_have_the_reference_levels_and_coupling():
    H, V = three_wells()
    levels, states = np.linalg.eigh(H)
    assert levels == pytest.approx(REFERENCE["ring_echo"]["levels"], abs=1e-12)
    assert abs(states[:, 0].conj() @ V @ states[:, 1]) == pytest.approx(REFERENCE["ring_echo"]["coupling"], rel=1e-11)


@pytest.mark.parametrize("flux_energy, expected", REFERENCE["couplings"]["rows"])
def test_three_wells_have_the_reference_mean_square_coupling(flux_energy, expected):
    """<|A01|^2>/(p1 F0)^2 over asymmetries of D = 1 and directions of the field, D0 = 1000, at four fluxes D0 phi."""
    corners, turns = 2 * np.pi * np.arange(3) / 3, 2 * np.pi * (np.arange(12) + 0.3) / 12
    total = 0.0
    for turn in turns:
        H, _ = three_wells(np.cos(corners - turn), 0.5 * 3**0.5 * 1000.0, flux_energy / 1000.0)
        states = np.linalg.eigh(H)[1]
        couplings = np.cos(corners - turns[:, None]) @ (states[:, 0].conj() * states[:, 1])
        total += np.sum(np.abs(couplings) ** 2) / 144
    assert 2.0 / 3.0 * total == pytest.approx(expected, abs=1e-10)


def test_in_the_rotating_frame_three_wells_behave_as_their_lowest_doublet():
    value = few_level_echo(*three_wells(), PULSES, 2.0, ELAPSED, restart=True)
    assert value == pytest.approx(REFERENCE["ring_echo"]["doublet"], rel=1e-6)


def test_a_common_dipole_changes_nothing():
    H, V = three_wells()
    shifted = V + 0.02 * np.eye(3)
    value = few_level_echo(H, V, PULSES, 2.0, ELAPSED)
    assert few_level_echo(H, shifted, PULSES, 2.0, ELAPSED) == pytest.approx(value, abs=1e-15)


@pytest.mark.parametrize("drive, error", [(0.008, 1.9e-3), (0.004, 9.7e-4), (0.002, 2.1e-4)])
def test_what_the_rotating_frame_leaves_out_shrinks_with_the_drive(drive, error):
    """Two levels, Delta0/E = 0.6: largest deviation over the Rabi frequency, at the drives of the theory note."""
    levels = 1.0 + 0.5 * drive
    H = np.diag([-0.5 * levels, 0.5 * levels])
    V = drive * np.array([[-0.8, 0.6], [0.6, 0.8]])
    area = 0.6 / (0.6 * drive)
    pulses = Pulses((area, 2 * area), (5 * area,), 1.0 / (2 * np.pi), 1.0)
    times = 5 * area + np.linspace(0.0, 2 * np.pi, 16)
    fast = few_level_echo(H, V, pulses, 2.0, times)
    exact = few_level_echo(H, V, pulses, 2.0, times, engine="laboratory")
    assert np.abs(fast - exact).max() / (0.6 * drive) < 5 * error


def test_two_levels_are_the_closed_form():
    z, rabi, beta = 0.01, 0.013, 3.0
    H, V = np.diag([-0.5, 0.5]) * (1.0 + z), rabi * np.array([[0, 1], [1, 0]])
    pulses = Pulses((60.0, 110.0), (400.0,), 1.0 / (2 * np.pi), 1.0)
    elapsed = np.array([390.0, 400.0, 433.0])
    inversion = -np.tanh(0.5 * beta * (1.0 + z))
    rho = two_pulse_coherence(z, rabi, pulses.durations, 400.0, elapsed, inversion=inversion)
    time = pulses.end_time + elapsed
    expected = -2.0 * rabi * np.real(rho * np.exp(-1j * time))
    assert few_level_echo(H, V, pulses, beta, elapsed) == pytest.approx(expected, abs=1e-15)


@pytest.mark.parametrize("engine", ["rotating", "laboratory"])
@pytest.mark.parametrize("durations", [(300.0, 0.0), (0.0, 300.0)])
def test_a_single_pulse_makes_no_echo(engine, durations):
    H, V = three_wells()
    pulses = Pulses(durations, (900.0,), OMEGA / (2 * np.pi), 1.0)
    assert few_level_echo(H, V, pulses, 2.0, [900.0], engine=engine) == pytest.approx(0.0, abs=1e-15)


def test_without_a_drive_there_is_no_echo():
    H, V = three_wells(drive=0.0)
    assert few_level_echo(H, V, PULSES, 2.0, [3000.7])[0] == 0.0


def test_bad_engines_and_times_are_refused():
    with pytest.raises(ParameterError, match="engine"):
        few_level_echo(*three_wells(), PULSES, 2.0, [1.0], engine="magic")
    with pytest.raises(ParameterError, match="before the last pulse"):
        few_level_echo(*three_wells(), PULSES, 2.0, [-1.0])


def qutip_echo(H, V, pulses, beta, elapsed, cycle=5):
    """The same experiment with QuTiP: Schroedinger propagators in the laboratory frame, phases cycled."""
    H, V = qutip.Qobj(H), qutip.Qobj(V)
    omega = pulses.angular_frequency
    rho0 = (-beta * H).expm()
    rho0 = rho0 / rho0.tr()
    angles = 2 * np.pi * np.arange(cycle) / cycle
    options = {"rtol": 1e-9, "atol": 1e-11, "nsteps": 1_000_000}

    def pulse(start, duration, phase):
        drive = qutip.QobjEvo([H, [V, lambda t: np.cos(omega * t + phase)]])
        return qutip.propagator(drive, [start, start + duration], options=options)[-1]

    second = pulses.start_times[1]
    first = [pulse(0.0, pulses.durations[0], angle) for angle in angles]
    last = [pulse(second, pulses.durations[1], angle) for angle in angles]
    gap, after = (-1j * H * pulses.waiting_times[0]).expm(), (-1j * H * elapsed).expm()
    total = 0.0
    for angle1, one in zip(angles, first, strict=True):
        for angle2, two in zip(angles, last, strict=True):
            U = after * two * gap * one
            total += -(U * rho0 * U.dag() * V).tr() * np.exp(1j * (2 * angle2 - angle1))
    return 2.0 * np.real(total) / cycle**2


@pytest.mark.parametrize("levels", [2, 3])
def test_the_laboratory_engine_agrees_with_qutip(levels):
    if levels == 3:
        H, V = three_wells(wells=(0.9, -0.5, -0.4), hopping=1.5, phase=0.5, drive=0.05)
    else:
        H, V = np.diag([-0.45, 0.45]), 0.04 * np.array([[-0.8, 0.6], [0.6, 0.8]])
    energies = np.linalg.eigvalsh(H)
    omega = 1.01 * (energies[1] - energies[0])
    pulses = Pulses((31.0, 55.0), (140.0,), omega / (2 * np.pi), 1.0)
    ours = few_level_echo(H, V, pulses, 1.1, [133.0], engine="laboratory", steps=128)
    assert ours[0] == pytest.approx(qutip_echo(H, V, pulses, 1.1, 133.0), abs=1e-8)


@pytest.mark.parametrize("tau, expected", REFERENCE["relaxation"]["rows"])
def test_population_relaxation_damps_the_echo_at_half_its_rate(tau, expected):
    """Delta pulses with a Lindblad equation between them: amplitude rate 1/(2 T1) over both intervals."""
    T1, boltzmann_factor = 7.0, np.exp(-1.3)
    down, up = 1.0 / (1.0 + boltzmann_factor) / T1, boltzmann_factor / (1.0 + boltzmann_factor) / T1
    jumps = [np.sqrt(down) * qutip.sigmam(), np.sqrt(up) * qutip.sigmap()]
    half, full = (-0.25j * np.pi * qutip.sigmax()).expm(), (-0.5j * np.pi * qutip.sigmax()).expm()
    rho = qutip.Qobj(np.diag([boltzmann_factor, 1.0]) / (1.0 + boltzmann_factor))
    free = 0.5 * 2.3 * qutip.sigmaz()
    options = {"rtol": 1e-11, "atol": 1e-13}

    def wait(state, time):
        return qutip.mesolve(free, state, [0.0, time], c_ops=jumps, options=options).states[-1] if time else state

    def amplitude(time):
        state = wait(half * rho * half.dag(), time)
        return abs(wait(full * state * full.dag(), time)[0, 1])

    assert amplitude(tau) / amplitude(0.0) == pytest.approx(expected, rel=1e-7)
    assert expected == pytest.approx(np.exp(-tau / T1), rel=1e-10)
