"""Nuclear traces against propagation of nucleus and tunneling system together."""

import numpy as np
import pytest
from tests.reference import reference

from glasstunnel.echoes.nuclear.hamiltonian import ground_and_excited, quadrupole_hamiltonian, zeeman_hamiltonian
from glasstunnel.echoes.nuclear.trace import finite_pulse_trace, three_pulse_trace, two_pulse_trace

REFERENCE = reference("echoes")["nuclei"]
DIRECTION = np.array([0.3, -0.5, 0.8]) / np.linalg.norm([0.3, -0.5, 0.8])
FIRST = dict(spin=1.5, frequency=0.3, asymmetry_parameter=0.2, axis_angle=0.4, asymmetry_ratio=0.6)
SECOND = dict(spin=2.5, frequency=0.05, asymmetry_parameter=0.1, axis_angle=0.5, asymmetry_ratio=0.7)


def two(system, larmor, tau):
    return complex(two_pulse_trace(*ground_and_excited(**system, larmor_vector=larmor), np.array([tau]))[0])


def three(system, larmor, tau, wait):
    pair = ground_and_excited(**system, larmor_vector=larmor)
    return complex(three_pulse_trace(*pair, np.array([tau]), np.array([wait]))[0])


def small_angle(spin, frequency, ratio, tau, angle):
    system = dict(spin=spin, frequency=frequency, asymmetry_parameter=0.0, axis_angle=angle, asymmetry_ratio=ratio)
    return 1.0 - two(system, np.zeros(3), tau).real


def exponential(H, time):
    values, vectors = np.linalg.eigh(H)
    return (vectors * np.exp(-1j * values * time)) @ vectors.conj().T


def brute_force(system, larmor, waits, tunneling_energy):
    """Delta pulses on the full 2(2I+1) levels, without the secular step: pulses act on the tunneling states only."""
    spin, eta = system["spin"], system["asymmetry_parameter"]
    wells = [
        quadrupole_hamiltonian(spin, system["frequency"], eta, sign * 0.5 * system["axis_angle"])
        + zeeman_hamiltonian(spin, larmor) for sign in (-1.0, 1.0)
    ]
    size = len(wells[0])
    ratio = system["asymmetry_ratio"]
    sz, sx = np.diag([1.0, -1.0]), np.array([[0.0, 1.0], [1.0, 0.0]])
    well_part = np.kron(0.5 * (np.eye(2) + sz), wells[0]) + np.kron(0.5 * (np.eye(2) - sz), wells[1])
    tunneling = -0.5 * (ratio * sz + np.sqrt(1 - ratio**2) * sx)
    ground, excited = np.linalg.eigh(tunneling)[1].T
    H = np.kron(tunneling_energy * tunneling, np.eye(size)) + well_part
    swap = np.kron(np.outer(ground, excited) + np.outer(excited, ground), np.eye(size))
    read_out = np.kron(np.outer(excited, ground), np.eye(size))

    def wait(rho, time):
        U = exponential(H, time)
        return U @ rho @ U.conj().T

    coherence = wait(read_out / size, waits[0])
    if len(waits) == 2:
        return np.trace(read_out @ wait(swap @ coherence @ swap, waits[1]))
    # pulse 2 stores half of the coherence as population of either state, pulse 3 brings it back turned round
    from_excited = swap @ wait(coherence @ swap, waits[1])
    from_ground = wait(swap @ coherence, waits[1]) @ swap
    return 0.5 * np.trace(read_out @ wait(from_excited + from_ground, waits[2]))


THIRD = dict(spin=1.0, frequency=0.26, asymmetry_parameter=0.0, axis_angle=0.6, asymmetry_ratio=0.5)
CASES = {"first": FIRST, "second": SECOND, "third": THIRD}


@pytest.mark.parametrize("case, larmor, tau, expected", REFERENCE["two"])
def test_two_pulses_have_the_reference_values(case, larmor, tau, expected):
    assert two(CASES[case], larmor * DIRECTION, tau) == pytest.approx(complex(*expected), abs=1e-12)


@pytest.mark.parametrize("case, larmor, tau, wait, expected", REFERENCE["three"])
def test_three_pulses_have_the_reference_values(case, larmor, tau, wait, expected):
    assert three(CASES[case], larmor * DIRECTION, tau, wait) == pytest.approx(complex(*expected), abs=1e-12)


@pytest.mark.parametrize("system, larmor, tau", [(FIRST, 0.7, 3.7), (SECOND, 0.9, 4.0)])
def test_two_pulses_agree_with_all_levels_propagated_together(system, larmor, tau):
    full = brute_force(system, larmor * DIRECTION, (tau, tau), 1e5)
    assert full == pytest.approx(two(system, larmor * DIRECTION, tau), abs=3e-8)


def test_three_pulses_agree_with_all_levels_propagated_together():
    larmor = 0.7 * DIRECTION
    full = brute_force(FIRST, larmor, (3.7, 5.1, 3.7), 1e5)
    assert full == pytest.approx(three(FIRST, larmor, 3.7, 5.1), abs=1e-8)


@pytest.mark.parametrize("spin, frequency, ratio, tau, exact", reference("echoes")["weak_coupling"]["small_angles"])
def test_small_angles_follow_the_closed_formula(spin, frequency, ratio, tau, exact):
    value = small_angle(spin, frequency, ratio, tau, 0.01)
    assert value == pytest.approx(exact, rel=1e-9)
    factor, turn = {1.5: (6.0, 3.0), 1.0: (16.0 / 3.0, 1.5)}[spin]
    formula = factor * ratio**2 * np.sin(0.01) ** 2 * np.sin(turn * frequency * tau) ** 4
    assert value == pytest.approx(formula, rel=1e-3)


def test_second_order_in_the_coupling_agrees_for_weak_coupling():
    """A ~ 1 - (8/N) sum |delta_mn|^2 sin^4(w_mn tau/2)/w_mn^2 in the eigenbasis of the mean Hamiltonian."""
    larmor, tau = 0.7 * DIRECTION, 3.7

    def second_order(system):
        ground, excited = ground_and_excited(**system, larmor_vector=larmor)
        levels, states = np.linalg.eigh(0.5 * (ground + excited))
        delta = states.conj().T @ (excited - ground) @ states
        beat = levels[:, None] - levels
        safe = np.where(beat == 0.0, 1.0, beat)
        size = len(levels)
        terms = np.where(beat == 0.0, 0.0, np.abs(delta) ** 2 * np.sin(0.5 * beat * tau) ** 4 / safe**2)
        return 1.0 - 8.0 / size * terms.sum()

    assert second_order(FIRST) == pytest.approx(reference("echoes")["weak_coupling"]["second_order"], abs=1e-13)
    weak = FIRST | {"asymmetry_ratio": 0.01}
    assert 1.0 - two(weak, larmor, tau).real == pytest.approx(1.0 - second_order(weak), rel=1e-4)


@pytest.mark.parametrize("rabi, expected", REFERENCE["finite_pulses"])
def test_finite_pulses_have_the_reference_values(rabi, expected):
    pair = ground_and_excited(**FIRST, larmor_vector=0.7 * DIRECTION)
    value = finite_pulse_trace(*pair, rabi, (0.6 / rabi, 1.2 / rabi), 3.7)
    assert value.real == pytest.approx(expected, abs=1e-9)


@pytest.mark.parametrize("change", [{"axis_angle": 0.0}, {"asymmetry_ratio": 0.0}])
def test_equal_wells_or_symmetric_systems_feel_nothing(change):
    assert two(FIRST | change, 0.7 * DIRECTION, 3.7) == pytest.approx(1.0, abs=1e-13)
    assert three(FIRST | change, 0.7 * DIRECTION, 3.7, 5.1) == pytest.approx(1.0, abs=1e-13)


def test_at_once_after_the_pulse_nothing_has_happened():
    assert two(FIRST, 0.7 * DIRECTION, 0.0) == pytest.approx(1.0, abs=1e-14)
    assert three(FIRST, 0.7 * DIRECTION, 0.0, 0.0) == pytest.approx(1.0, abs=1e-14)


def test_exchanging_the_two_states_conjugates_the_trace():
    ground, excited = ground_and_excited(**FIRST, larmor_vector=0.7 * DIRECTION)
    forward, backward = (two_pulse_trace(*pair, np.array([3.7]))[0] for pair in ((ground, excited), (excited, ground)))
    assert backward == pytest.approx(np.conj(forward), abs=1e-14)


def test_the_trace_never_exceeds_one():
    rng = np.random.default_rng(1)
    for _ in range(20):
        larmor = rng.normal(size=3)
        assert abs(two(FIRST, larmor, rng.uniform(0, 30))) <= 1.0 + 1e-12
