"""Echo factor of nuclear quadrupoles: averages, limits, and one sentence for bad input."""

import numpy as np
import pytest
from tests.reference import reference

from glasstunnel import nuclear_quadrupole_echo
from glasstunnel.echoes.nuclear import quadrupole
from glasstunnel.echoes.nuclear.hamiltonian import ground_and_excited, spin_matrices
from glasstunnel.echoes.nuclear.quadrupole import czjzek_couplings, octant
from glasstunnel.echoes.nuclear.trace import three_pulse_trace, two_pulse_trace
from glasstunnel.errors import ParameterError
from glasstunnel.numerics.random_tensors import random_tensor_components
from glasstunnel.systems.nuclei import NUCLEI, Nucleus

UNIT = Nucleus("test", 1.5, 1.0, 1e-30)  # gamma = 1: fields are Larmor frequencies
# wL -> A, spin 3/2, theta 0.4, Delta/E = sqrt(1/5), tau 4, omega_q uniform from 0.2 to 0.8
TABLE = {
    0: 0.931196, 0.1: 0.930307, 0.3: 0.911788, 0.5: 0.901680, 1: 0.925742, 1.5: 0.919464, 2: 0.952885, 3: 0.973763,
    5: 0.988428, 10: 0.997134, 20: 0.999394, 40: 0.999824,
}


def sphere(cosines, around):
    """Product rule over the whole sphere."""
    x, w = np.polynomial.legendre.leggauss(cosines)
    angle = 2 * np.pi * (np.arange(around) + 0.5) / around
    sine = np.sqrt(1 - x**2)
    directions = np.array([[s * np.cos(a), s * np.sin(a), c] for c, s in zip(x, sine, strict=True) for a in angle])
    return directions, np.repeat(0.5 * w, around) / around


def over_the_sphere(larmor, tau, cosines, around, **system):
    directions, weights = sphere(cosines, around)
    pair = ground_and_excited(larmor_vector=larmor * directions, **system)
    return weights @ two_pulse_trace(*pair, np.array([tau]))[:, 0]


FIRST = dict(spin=1.5, frequency=0.3, asymmetry_parameter=0.2, axis_angle=0.4, asymmetry_ratio=0.6)
REFERENCE = reference("echoes")["weak_coupling"]


def test_the_powder_average_of_the_first_case_has_the_reference_value():
    value = over_the_sphere(0.7, 3.7, 24, 48, **FIRST)
    assert value.real == pytest.approx(REFERENCE["powder"], abs=1e-13)


def test_one_octant_gives_the_average_over_the_sphere():
    value = nuclear_quadrupole_echo(
        UNIT, 0.3, 0.4, 0.7, 3.7, asymmetry_parameter=0.2, asymmetry_ratio=0.6, orientations=3000
    )
    assert value == pytest.approx(REFERENCE["powder"], abs=1e-12)


def test_octant_directions_average_low_polynomials_exactly():
    directions, weights = octant(500)
    x, y, z = directions.T
    assert weights.sum() == pytest.approx(1.0)
    for power, mean in ((x**2, 1 / 3), (y**2, 1 / 3), (x**2 * z**2, 1 / 15), (y**4, 1 / 5)):
        assert weights @ power == pytest.approx(mean, abs=1e-12)


def test_the_curve_over_the_field_has_the_reference_values():
    """The reference has eight cosines by twelve angles: the same nodes here, through the lower functions."""
    nodes, weights = np.polynomial.legendre.leggauss(12)
    for larmor, expected in TABLE.items():
        value = sum(
            0.5 * w * over_the_sphere(larmor, 4.0, 8, 12, spin=1.5, frequency=0.5 + 0.3 * x, asymmetry_parameter=0.0,
                                      axis_angle=0.4, asymmetry_ratio=np.sqrt(0.2)).real
            for x, w in zip(nodes, weights, strict=True)
        )
        # the azimuths of the reference rule are not stated: at wL tau > 40 they matter in the fourth digit
        assert value == pytest.approx(expected, abs=1.5e-6 if larmor < 5 else 3e-4), larmor


def test_the_curve_agrees_with_a_fine_rule_over_the_sphere():
    """The reference grid is not converged once gamma B tau > 3: at wL = 1.5 the average is 0.9041, not 0.9195."""
    system = dict(spin=1.5, frequency=0.5, asymmetry_parameter=0.0, axis_angle=0.4, asymmetry_ratio=0.6)
    for larmor in (0.3, 1.5, 5.0):
        value = nuclear_quadrupole_echo(UNIT, 0.5, 0.4, larmor, 4.0, asymmetry_ratio=0.6, orientations=20000)
        assert value == pytest.approx(over_the_sphere(larmor, 4.0, 90, 160, **system).real, abs=1e-9)


def test_at_high_field_the_effect_dies_as_the_inverse_square():
    fields = np.array([20.0, 40.0])
    times = np.linspace(3.9, 4.1, 21)
    effect = 1 - nuclear_quadrupole_echo(UNIT, 0.3, 0.4, fields[:, None], times, orientations=20000).mean(-1)
    assert -np.log2(effect[1] / effect[0]) == pytest.approx(2.0, abs=0.1)


def test_the_factor_is_even_in_the_field_and_broadcasts():
    fields, times = np.array([[-0.02], [0.02]]), np.array([1e-6, 2e-6, 4e-6])
    value = nuclear_quadrupole_echo("B-11", 5e5, 0.4, fields, times)
    assert value.shape == (2, 3)
    assert value[0] == pytest.approx(value[1], abs=1e-15)


def test_three_pulses_feel_the_nuclei_less_after_no_second_wait():
    """With no time between pulses 2 and 3 the stimulated echo is the two-pulse echo."""
    both = [
        nuclear_quadrupole_echo("B-11", 5e5, 0.4, 0.01, 4e-6, second_waiting_time=wait) for wait in (None, 0.0)
    ]
    assert both[1] == pytest.approx(both[0], abs=1e-13)


def test_weak_pulses_favor_symmetric_systems():
    """The mean of (Delta/E)^2 is one fifth, so small effects are those at that ratio."""
    small = dict(nucleus="B-11", quadrupole_frequency=5e5, axis_angle=0.02, B=0.004, waiting_time=4e-6)
    average = 1 - nuclear_quadrupole_echo(**small)
    assert average == pytest.approx(1 - nuclear_quadrupole_echo(**small, asymmetry_ratio=float(np.sqrt(0.2))), rel=1e-3)


def test_without_field_the_echo_beats_at_the_quadrupole_splitting():
    """Spin 3/2, small angle: 1 - A = 6 <(Delta/E)^2> sin^2(theta) sin^4(3 wq tau), back to one when 3 wq tau = pi."""
    frequency = 2e5
    period = np.pi / (3 * frequency)
    factor = nuclear_quadrupole_echo("B-11", frequency, 0.02, 0.0, np.array([0.5, 1.0, 2.0]) * period)
    assert 1 - factor[0] == pytest.approx(1.2 * np.sin(0.02) ** 2, rel=2e-3)
    assert factor[1:] == pytest.approx(1.0, abs=1e-6)


@pytest.mark.parametrize("nucleus, frequency, angle", [("Al-27", 1e6, 0.8), ("Na-23", 1e6, 1.2)])
def test_weak_pulses_are_averaged_over_the_asymmetry_however_fast_it_turns(nucleus, frequency, angle):
    x, w = np.polynomial.legendre.leggauss(50)
    given = [
        nuclear_quadrupole_echo(nucleus, frequency, angle, 0.0, 1e-5, asymmetry_ratio=float(0.5 * (ratio + 1.0)))
        for ratio in x
    ]
    expected = np.sum(0.75 * w * (1 - (0.5 * (x + 1.0)) ** 2) * given)
    assert nuclear_quadrupole_echo(nucleus, frequency, angle, 0.0, 1e-5) == pytest.approx(expected, abs=1e-10)


def test_no_field_gives_no_values():
    assert nuclear_quadrupole_echo("B-11", 5e5, 0.4, [], 4e-6).shape == (0,)


@pytest.mark.parametrize("spin", [1.0, 1.5, 2.5, 3.0])
def test_spin_matrices_obey_their_algebra(spin):
    Ix, Iy, Iz = spin_matrices(spin)
    assert Ix @ Iy - Iy @ Ix == pytest.approx(1j * Iz, abs=1e-14)
    assert Ix @ Ix + Iy @ Iy + Iz @ Iz == pytest.approx(spin * (spin + 1) * np.eye(round(2 * spin) + 1), abs=1e-13)


def test_nuclei_have_their_literature_values():
    values = {name: (nucleus.spin, nucleus.gyromagnetic_ratio / (2e6 * np.pi)) for name, nucleus in NUCLEI.items()}
    assert values["B-11"] == pytest.approx((1.5, 13.663), abs=1e-3)
    # moments of the two barium isotopes: 0.8379 and 0.9374 nuclear magnetons
    assert values["Ba-137"][1] / values["Ba-135"][1] == pytest.approx(0.937365 / 0.837943, rel=2e-4)
    assert values["O-17"] == pytest.approx((2.5, -5.774), abs=1e-3)
    assert {"B-11", "Al-27", "Na-23", "K-39", "Ba-137", "D", "O-17"} <= set(NUCLEI)


@pytest.mark.parametrize(
    "nucleus, frequency, time, second",
    [("B-10", 5e5, 4e-6, None), ("Al-27", 5e5, 4e-6, 1e-5), ("B-11", 3e5, 2e-5, None)]
)
def test_the_program_chooses_enough_directions(nucleus, frequency, time, second):
    """Against a fine product rule over one octant, written here; 500 directions miss it by up to 3e-2."""
    given = dict(asymmetry_ratio=0.5, second_waiting_time=second)
    value = nuclear_quadrupole_echo(nucleus, frequency, 0.4, 0.02, time, **given)
    kind = NUCLEI[nucleus]
    x, w = np.polynomial.legendre.leggauss(61)
    expected = 0.0
    for cosine, weight in zip(0.5 * (x + 1), 0.5 * w, strict=True):
        angle = 0.5 * np.pi * (np.arange(70) + 0.5) / 70
        sine = np.sqrt(1 - cosine**2)
        directions = np.stack([sine * np.cos(angle), sine * np.sin(angle), np.full(70, cosine)], axis=-1)
        pair = ground_and_excited(kind.spin, frequency, 0.0, 0.4, 0.5, 0.02 * kind.gyromagnetic_ratio * directions)
        tau = np.array([time])
        trace = two_pulse_trace(*pair, tau) if second is None else three_pulse_trace(*pair, tau, np.array([second]))
        expected += weight * trace.real.mean()
    assert value == pytest.approx(expected, abs=1e-4)


@pytest.mark.parametrize(("nucleus", "frequency", "angle", "time"), [
    ("B-10", 5e5, 0.4, 1e-4), ("B-10", 5e5, 0.2, 1e-4), ("Al-27", 2e6, 0.3, 2e-5),
])  # fmt: skip
def test_waiting_times_beyond_reach_are_refused_before_the_work(monkeypatch, nucleus, frequency, angle, time):
    """The rules up to the refusal are a twentieth of those that lead to it by working them all through."""
    asked = []
    whole = quadrupole.octant
    monkeypatch.setattr(quadrupole, "octant", lambda orientations: asked.append(orientations) or whole(orientations))
    with pytest.raises(ParameterError, match="turn too fast: they would work through more than 3e\\+09 numbers"):
        nuclear_quadrupole_echo(nucleus, frequency, angle, 0.05, time)
    each = 49 + 1000  # numbers for one direction and one asymmetry ratio
    assert sum(asked) / 8.0 * each * 30 < 3e9 / 20.0 and max(asked) <= 960


def test_directions_that_follow_the_phases_resolve_the_average():
    """With those estimated, and a margin, the average is that of four times as many; with a twentieth it is not."""
    nucleus = quadrupole.NUCLEI["B-11"]
    count = quadrupole._directions_that_follow(nucleus, 5e5, 0.0, 0.4, 2e-5, 0.05)
    few, enough, many = (
        nuclear_quadrupole_echo("B-11", 5e5, 0.4, 0.05, 2e-5, asymmetry_ratio=0.5, orientations=share * count)
        for share in (0.05, 16.0, 64.0)
    )
    assert abs(enough - many) < 1e-6 < abs(few - many)


@pytest.mark.parametrize("options", [{}, {"asymmetry_ratio": 0.5, "second_waiting_time": 4.0, "orientations": 1e9}])
def test_endless_waits_are_refused_before_anything_is_allocated(options):
    with pytest.raises(ParameterError, match="waiting time"):
        nuclear_quadrupole_echo("B-11", 5e5, 0.4, 0.1, 4.0, **options)


GOOD = dict(nucleus="B-11", quadrupole_frequency=5e5, axis_angle=0.4, B=0.0, waiting_time=4e-6)


@pytest.mark.parametrize("changes, words", [
    ({"nucleus": "C-12"}, "no nucleus 'C-12'"),
    ({"waiting_time": -1e-6}, "waiting_time must not be negative"),
    ({"second_waiting_time": -1e-6}, "second_waiting_time must not be negative"),
    ({"B": np.nan}, "B must be finite"),
    ({"B": "weak"}, "B must be real numbers"),
    ({"B": [0.1, 0.2], "waiting_time": [1e-6, 2e-6, 3e-6]}, "do not broadcast"),
    ({"axis_angle": [0.1, 0.2]}, "axis_angle must be a number"),
    ({"second_waiting_time": [1e-6, 2e-6]}, "second_waiting_time must be a number"),
    ({"asymmetry_ratio": np.array([0.1, 0.2])}, "asymmetry_ratio must be between"),
    ({"nucleus": ["B-11"]}, "no nucleus"),
    ({"asymmetry_parameter": 2.0}, "asymmetry_parameter"),
    ({"asymmetry_ratio": 1.5}, "asymmetry_ratio"),
    ({"axis_angle": np.inf}, "axis_angle"),
    ({"orientations": 2}, "orientations"),
    ({"quadrupole_frequency": [1e5, 2e5], "weights": [1.0]}, "lists of the same length"),
    ({"asymmetry_parameter": [0.1, 0.2]}, "one for each of the 1 values of quadrupole_frequency"),
    ({"quadrupole_frequency": np.nan}, "quadrupole_frequency must be finite"),
])
def test_bad_input_is_refused_in_a_sentence(changes, words):
    with pytest.raises(ParameterError, match=words):
        nuclear_quadrupole_echo(**(GOOD | changes))


@pytest.mark.parametrize("spin, words", [(0.7, "multiple of 1/2"), (0.5, "at least 1"), ("2", "multiple of 1/2")])
def test_a_spin_that_does_not_exist_is_refused(spin, words):
    with pytest.raises(ParameterError, match=words):
        Nucleus("x", spin, 1.0, 1.0)


def test_czjzeks_couplings_are_those_of_random_field_gradients():
    """omega_q = V_zz/2 and eta of 3 x 3 matrices drawn at random, sorted as the definition of eta asks."""
    strength = 4e5
    frequencies, asymmetries, weights = czjzek_couplings(strength, 20, 40)
    u = random_tensor_components(0.0, 0.0, strength, 40000, seed=4)
    x, y, z = u[1] / 2 - u[0] / np.sqrt(12), -u[1] / 2 - u[0] / np.sqrt(12), u[0] / np.sqrt(3)
    matrices = np.moveaxis(np.array([[x, u[2] / 2, u[3] / 2], [u[2] / 2, y, u[4] / 2], [u[3] / 2, u[4] / 2, z]]), -1, 0)
    principal = np.linalg.eigvalsh(matrices)
    principal = np.take_along_axis(principal, np.argsort(np.abs(principal), axis=1), axis=1)
    eta = np.abs(principal[:, 1] - principal[:, 0]) / np.abs(principal[:, 2])
    half = 0.5 * np.abs(principal[:, 2])
    assert weights @ np.abs(frequencies) == pytest.approx(half.mean(), abs=4 * half.std() / 200)
    assert np.sqrt(weights @ frequencies**2) == pytest.approx(0.606 * strength, rel=1e-3)
    assert weights @ asymmetries == pytest.approx(eta.mean(), abs=4 * eta.std() / 200)


def test_an_average_over_couplings_is_the_weighted_sum_of_single_ones():
    frequencies, asymmetries = np.array([3e5, -5e5]), np.array([0.2, 0.9])
    together = nuclear_quadrupole_echo("B-11", frequencies, 0.4, 0.05, 2e-6, asymmetry_parameter=asymmetries,
                                       weights=[1.0, 3.0], asymmetry_ratio=0.5, orientations=200)
    single = [
        nuclear_quadrupole_echo("B-11", f, 0.4, 0.05, 2e-6, asymmetry_parameter=eta, asymmetry_ratio=0.5,
                                orientations=200)
        for f, eta in zip(frequencies.tolist(), asymmetries.tolist(), strict=True)
    ]
    np.testing.assert_allclose(together, 0.25 * single[0] + 0.75 * single[1], rtol=1e-12)
