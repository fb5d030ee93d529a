"""The few-well Hamiltonian of a potential: amplitudes, flux areas, ranges, the semiclassical limit, the kinetic
bound."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.reference import reference

from glasstunnel.errors import ParameterError
from glasstunnel.origins import (
    kinetic_bound,
    kinetic_scale,
    least_action,
    potential_from,
    quantum_number,
    reduce_to_wells,
    square_well,
    tetrahedral_well,
    to_anomalous,
    triple_well,
)
from glasstunnel.systems.wells import three_well_levels

WELLS = reference("wells")
# From another program: flux area over that of the triangle, c1; the amplitudes from the levels of the same wells.
AREAS = [
    (0.9480, 0.192), (1.2623, 2.3e-5), (0.57755, 0.177), (0.67180, 0.0292), (0.76153, 3.45e-3), (0.84905, 3.1e-5),
    (0.38912, 0.0228), (0.27558, 0.0176),
]  # fmt: skip
AMPLITUDES = [
    (shape, quantum, amplitude, *area)
    for (shape, quantum, *_, amplitude), area in zip(reference("triple_wells")["still"]["rows"], AREAS, strict=True)
]


@pytest.mark.parametrize("shape,quantum,amplitude,ratio,constant", AMPLITUDES)
def test_amplitude_area_and_bound_are_those_of_an_independent_calculation(shape, quantum, amplitude, ratio, constant):
    reduced = reduce_to_wells(triple_well(shape), quantum)
    assert reduced.amplitude == pytest.approx(amplitude, rel=1e-7 if quantum > 0.12 else 1e-6)
    assert reduced.area_ratio == pytest.approx(ratio, abs=6e-5)
    assert reduced.kinetic_constant == pytest.approx(constant, rel=0.02)
    assert reduced.change < 1e-7 and reduced.phase == pytest.approx(0.0, abs=1e-6)
    np.testing.assert_allclose(reduced.energies, 0.0, atol=1e-12)


@pytest.mark.slow
def test_the_grid_gives_the_same_reduction_as_the_basis():
    exact = reduce_to_wells(triple_well(1.0), 0.3, 1.2)
    grid = reduce_to_wells(triple_well(1.0), 0.3, 1.2, grid=(2.0, 35))
    assert grid.amplitude == pytest.approx(exact.amplitude, rel=1e-6)
    assert grid.phase == pytest.approx(exact.phase, rel=1e-5)
    assert grid.area == pytest.approx(exact.area, rel=1e-4)
    assert grid.next_level == pytest.approx(exact.next_level, rel=1e-6)
    assert grid.shift_curvature == pytest.approx(exact.shift_curvature, rel=1e-2)


# phi, |tau|/t at 0.3 and 0.2, true phase, E1 - E0 over the three-level form, common shift over |t| (another program)
FIELD = [
    (0.5, (0.991, 0.992), (0.497, 0.500), (0.992, 0.992), (0.031, 0.101)),
    (1.0, (0.964, 0.970), (0.979, 1.002), (0.971, 0.969), (0.124, 0.403)),
    (2.0, (0.837, 0.885), (1.891, 2.024), (0.912, 0.867), (0.494, 1.61)),
    (3.0, (0.628, 0.758), (2.856, 3.097), None, (1.11, 3.61)),
]


@pytest.mark.parametrize("which,quantum", [(0, 0.3), (1, 0.2)])
def test_constant_amplitude_and_area_fail_in_field_as_an_independent_calculation_finds(which, quantum):
    still = reduce_to_wells(triple_well(1.0), quantum)
    for phase, strength, true_phase, gap, shift in FIELD:
        reduced = reduce_to_wells(triple_well(1.0), quantum, phase / still.area)
        assert reduced.amplitude / still.amplitude == pytest.approx(strength[which], abs=6e-4)
        assert reduced.phase == pytest.approx(true_phase[which], abs=6e-4)
        assert (reduced.mean - still.mean) / abs(still.amplitude) == pytest.approx(shift[which], rel=0.02)
        if gap is not None:
            ring = three_well_levels(np.zeros(3), still.amplitude, phase)
            assert np.diff(reduced.levels)[0] / np.diff(ring)[0] == pytest.approx(gap[which], abs=6e-4)


@pytest.mark.parametrize(("quantum", "strength"), [(0.3, 0.18), (0.2, 0.37)])
def test_there_is_no_revival_at_one_flux_quantum(quantum, strength):
    """The three-level form is periodic in the phase; the amplitude of the particle itself has decayed at phi = 6."""
    still = reduce_to_wells(triple_well(1.0), quantum)
    reduced = reduce_to_wells(triple_well(1.0), quantum, 6.0 / still.area)
    assert abs(reduced.amplitude / still.amplitude) == pytest.approx(strength, abs=0.005)


@pytest.mark.slow
def test_the_stated_ranges_are_where_the_errors_reach_one_and_ten_percent():
    reduced = reduce_to_wells(triple_well(1.0), 0.2)
    assert 0.5 < reduced.field_range(0.01) * reduced.area < 0.6
    assert 1.5 < reduced.field_range(0.10) * reduced.area < 1.9
    below, above = (reduce_to_wells(triple_well(1.0), 0.2, f * reduced.field_range(0.1)) for f in (0.97, 1.03))
    errors = [abs(np.diff(each.levels)[0] / np.diff(three_well_levels(np.zeros(3), reduced.amplitude,
              each.field * reduced.area))[0] - 1.0) for each in (below, above)]  # fmt: skip
    assert errors[0] < 0.1 < errors[1]
    gap, T = reduced.next_level, reduced.temperature_range()
    assert reduced.next_count * math.exp(-gap / T) / 3.0 == pytest.approx(0.01)
    assert T == pytest.approx(0.12, abs=0.03)


def test_no_revival_at_one_flux_quantum():
    still = reduce_to_wells(triple_well(1.0), 0.2)
    at_six = abs(reduce_to_wells(triple_well(1.0), 0.2, 6.0 / still.area).amplitude / still.amplitude)
    assert 0.15 < at_six < 0.40


def test_the_common_shift_is_the_diamagnetism_of_the_wells():
    reduced = reduce_to_wells(triple_well(1.0), 0.1)
    frequencies = 2.0 * math.sqrt(32.0 / 3.0)
    assert reduced.shift_curvature / (0.1**3 / (2.0 * frequencies)) == pytest.approx(1.06, abs=0.01)
    ring = 2.0 * abs(reduced.amplitude) * reduced.area**2 / 9.0
    assert reduced.shift_curvature / ring == pytest.approx(1200.0, rel=0.05)


def test_a_tilt_gives_the_gaps_of_the_three_well_hamiltonian():
    force = 0.02 * np.array([math.cos(0.3), math.sin(0.3)])
    still = reduce_to_wells(triple_well(1.0), 0.2)
    assert np.linalg.norm(still.positions[0]) == pytest.approx(WELLS["tilted"]["center"], abs=1e-7)
    tilted = reduce_to_wells(triple_well(1.0).tilted(*force), 0.2)
    gaps = tilted.levels[1:] - tilted.levels[0]
    np.testing.assert_allclose(gaps, WELLS["tilted"]["gaps"], rtol=1e-7)
    ring = three_well_levels(still.positions @ force, still.amplitude, 0.0)
    np.testing.assert_allclose(ring[1:] - ring[0], gaps, rtol=4e-4)
    np.testing.assert_allclose(tilted.energies, still.positions @ force, rtol=5e-3)
    np.testing.assert_allclose(tilted.amplitudes, still.amplitude, rtol=5e-3)


def test_large_asymmetries_are_described_to_a_fifth_of_a_percent():
    still = reduce_to_wells(triple_well(1.0), 0.2)
    force = 80.0 * abs(still.amplitude) / 0.898 * np.array([math.cos(0.3), math.sin(0.3)])
    exact = reduce_to_wells(triple_well(1.0).tilted(*force), 0.2).levels
    ring = three_well_levels(still.positions @ force, still.amplitude, 0.0)
    np.testing.assert_allclose((ring - ring[0])[1:], (exact - exact[0])[1:], rtol=2e-3)


def test_the_square_has_the_amplitudes_of_an_independent_calculation():
    for shape, quantum, side, diagonal in WELLS["squares"]["rows"]:
        amplitudes = reduce_to_wells(square_well(shape), quantum).amplitudes
        np.testing.assert_allclose(amplitudes, [side, diagonal, side], rtol=1e-7, atol=1e-11)
    for quantum, ratio in ((0.3, 0.7116), (0.2, 0.8245)):
        assert reduce_to_wells(square_well(0.5), quantum).area_ratio == pytest.approx(ratio, abs=6e-5)


@pytest.mark.slow
def test_the_tetrahedron_has_equal_amplitudes_and_the_face_area_that_splits_its_triplet():
    reduced = reduce_to_wells(tetrahedral_well(1.0), 0.3)
    single, triplet, _ = WELLS["tetrahedra"]["low_barrier"]
    assert reduced.amplitude == pytest.approx((single - triplet) / 4.0, abs=1e-7)
    np.testing.assert_allclose(reduced.amplitudes, reduced.amplitude, rtol=1e-6)
    assert reduced.area_ratio == pytest.approx(0.727, abs=6e-4)
    face = 0.727 * 2.0 / math.sqrt(3.0)
    low, _, high = WELLS["tetrahedra"]["in_field"][1:]  # at b = 0.1 along a cube axis
    assert high - low == pytest.approx(2.0 * abs(reduced.amplitude) * 0.1 * face / math.sqrt(3.0), rel=2e-3)


@pytest.mark.slow
def test_the_tetrahedron_with_a_higher_barrier():
    reduced = reduce_to_wells(tetrahedral_well(1.0), 0.2)
    single, triplet, *_ = WELLS["tetrahedra"]["high_barrier"]
    assert reduced.amplitude == pytest.approx((single - triplet) / 4.0, rel=1e-5)
    assert reduced.area_ratio == pytest.approx(0.786, abs=8e-4)


# Semiclassics. Both actions are upper bounds: any path is; the other program bends its path with more freedom.
@pytest.mark.parametrize("shape,action,area", WELLS["least_actions"]["rows"])
def test_the_path_of_least_action_and_its_loop(shape, action, area):
    least = least_action(triple_well(shape))
    assert least.action == pytest.approx(action, rel=1e-5)
    assert least.area_ratio == pytest.approx(area, abs=5e-4)
    polyline = action_of_polyline(triple_well(shape), least.path)
    assert polyline == pytest.approx(least.action, rel=2e-4)


def action_of_polyline(potential, path):
    from itertools import pairwise

    s = np.linspace(0.0, 1.0, 41)
    total = 0.0
    for a, b in pairwise(path):
        points = a + np.outer(s, b - a)
        total += np.linalg.norm(b - a) * np.trapezoid(np.sqrt(2.0 * np.abs(potential.value(*points.T))), s)
    return total


def test_the_straight_valley_is_exact():
    assert least_action(triple_well(1.0)).action == pytest.approx(math.sqrt(8.0 / 3.0), abs=1e-9)


def test_the_amplitude_follows_the_action():
    action = math.sqrt(8.0 / 3.0)
    for quantum, prefactor in ((0.3, 7.76), (0.2, 9.13), (0.15, 9.38), (0.1, 9.59)):
        amplitude = abs(reduce_to_wells(triple_well(1.0), quantum).amplitude)
        assert amplitude / math.sqrt(quantum) * math.exp(action / quantum) == pytest.approx(prefactor, abs=0.006)


@pytest.mark.slow
def test_the_mass_ratio_of_deuterium_and_hydrogen():
    light, heavy = (abs(reduce_to_wells(triple_well(1.0), q).amplitude) for q in (0.2, 0.2 / math.sqrt(2.0)))
    assert heavy / light == pytest.approx(0.02948, abs=6e-6)
    assert least_action(triple_well(1.0)).mass_ratio(0.2, 2.0) == pytest.approx(heavy / light, rel=0.04)
    step = 1.001
    stronger = abs(reduce_to_wells(triple_well(1.0), 0.1 / math.sqrt(step)).amplitude) * step
    plain = abs(reduce_to_wells(triple_well(1.0), 0.1).amplitude)
    slope = math.log(stronger / plain) / math.log(step)
    assert slope == pytest.approx(least_action(triple_well(1.0)).barrier_exponent(0.1), rel=0.01)


@pytest.mark.slow
def test_an_amplitude_lost_in_rounding_is_not_given():
    with pytest.raises(ParameterError, match="only known to"):
        reduce_to_wells(triple_well(1.0), 0.042)


@pytest.mark.slow
def test_the_flux_area_shrinks_from_the_loop_of_least_action_linearly():
    for quantum in (0.1, 0.08):
        assert reduce_to_wells(triple_well(1.0), quantum).area_ratio == pytest.approx(1.0 - 1.5 * quantum, abs=0.01)


@settings(max_examples=5)
@given(shape=st.floats(0.3, 3.7), quantum=st.floats(0.12, 2.5))
def test_no_potential_beats_the_kinetic_bound(shape, quantum):
    reduced = reduce_to_wells(triple_well(shape), quantum)
    assert reduced.amplitude < 0.0 and reduced.kinetic_constant < 1.0


@pytest.mark.parametrize("quantum,constant", [(0.5, 0.572), (0.8, 0.803), (1.5, 0.923)])
def test_hardly_any_barrier_comes_closest_to_the_bound(quantum, constant):
    assert reduce_to_wells(triple_well(0.5), quantum).kinetic_constant == pytest.approx(constant, abs=6e-4)


def test_a_free_ring_reduced_to_three_wells():
    # levels (hbar^2/2 M r^2)(l - phi/2pi)^2, lowest of each block l mod 3: the circulating pair carries one hbar
    from glasstunnel.origins.reduction import ring_amplitudes

    def tau(flux):
        return ring_amplitudes([0.5 * (l - flux) ** 2 for l in (0, 1, -1)])[1]

    step = 1e-6
    t = tau(0.0).real
    area = 3.0 * np.angle(tau(step) / t) / step / 2.0  # flux = b a^2/2 in these units (hbar^2/M a^2 = 1)
    assert 2.0 / math.sqrt(3.0) * abs(t) * abs(area) == pytest.approx(1.0, rel=1e-5)
    # with the area of the circle itself, pi, for the flux area it would be pi/(3 sqrt3) = 0.6046
    assert 2.0 / math.sqrt(3.0) * abs(t) * math.pi == pytest.approx(0.6046, abs=5e-5)


def test_the_constant_of_the_bound_is_the_angular_momentum_of_the_doublet():
    from glasstunnel.origins.levels import block_states, natural_basis

    for shape, quantum in ((1.0, 0.3), (2.0, 0.2), (0.5, 1.5)):
        basis = natural_basis(triple_well(shape), quantum)
        states = block_states(triple_well(shape), quantum, 0.0, basis, 1)[1][1][:, 0]
        momentum = basis.angular_momentum() @ np.abs(states) ** 2
        assert reduce_to_wells(triple_well(shape), quantum).kinetic_constant == pytest.approx(abs(momentum), rel=1e-9)


def test_the_bound_in_kelvin_and_angstrom():
    assert kinetic_scale(1.0) == pytest.approx(48.5087, abs=5e-5)
    assert kinetic_scale(16.0) == pytest.approx(3.03, abs=5e-3)
    from scipy import constants as nature

    electron = nature.electron_mass / nature.atomic_mass
    expected = nature.hbar**2 / (nature.electron_mass * nature.angstrom**2 * nature.k)
    assert kinetic_scale(electron) == pytest.approx(expected, rel=1e-8)
    bound = kinetic_bound(76.0, mass=16.0, charge=-1.0)
    assert not bound.allowed and bound.ratio == pytest.approx(25.1, abs=0.1) and "times the most" in str(bound)
    assert kinetic_bound(2.0, mass=16.0).allowed
    assert kinetic_bound(5e5, 16.0 * 100, 100.0).ratio == pytest.approx(kinetic_bound(5e5, 16.0).ratio)


def test_a_particle_becomes_parameters_of_the_model_with_its_sign():
    particle = to_anomalous(16.0, -1.0, 1.0, 100.0)
    assert quantum_number(16.0, 1.0, 100.0) == pytest.approx(0.174, abs=5e-4)
    assert particle.tunneling_amplitude < 0.0
    assert particle.amplitude_area == pytest.approx(particle.kinetic_constant * kinetic_scale(16.0), rel=1e-9)
    from glasstunnel.conversions import charge_area

    assert charge_area(particle.flux_field) == pytest.approx(particle.charge_area)
    with pytest.raises(ParameterError, match="D0 comes out negative"):
        particle.system(1e20, 0.01)
    system = particle.system(1e20, 0.01, assume_positive=True)
    assert system.amplitude_area_min < particle.amplitude_area < system.amplitude_area_max
    assert system.theory == "exact" and "negative" in particle.notes[0]


def test_the_reduced_field_is_the_phase_of_the_square_of_the_radius():
    from glasstunnel.constants import angstrom, elementary_charge, hbar
    from glasstunnel.origins import reduced_field

    assert reduced_field(2.0, 3.0, 5.0) == pytest.approx(2 * elementary_charge * 5.0 * (3 * angstrom) ** 2 / hbar)


@pytest.mark.parametrize("call,sentence", [
    (lambda: reduce_to_wells(triple_well(1.0), 0.039), "between 0.04"),
    (lambda: reduce_to_wells(triple_well(1.0), 0.3, math.nan), "finite"),
    (lambda: reduce_to_wells(triple_well(1.0).tilted(1.0, 0.0), 0.3), "do not live in the wells"),
    (lambda: reduce_to_wells(triple_well(1.0), 0.3).temperature_range(2.0), "between 0 and 1"),
    (lambda: least_action(tetrahedral_well(1.0)), "plane potentials"),
    (lambda: kinetic_bound(-1.0), "amplitude_area"),
    (lambda: kinetic_bound(1.0, mass=0.0), "mass"),
    (lambda: to_anomalous(16.0, 0.0, 1.0, 100.0), "charge"),
    (lambda: to_anomalous(16.0, 1.0, math.inf, 100.0), "radius"),
    (lambda: to_anomalous(16.0, 1.0, 10.0, 1e5), "between 0.04"),
])  # fmt: skip
def test_bad_input_ends_in_a_sentence(call, sentence):
    with pytest.raises(ParameterError, match=sentence):
        call()


def test_a_double_well_given_as_a_function_reduces_to_its_splitting():
    double = potential_from(lambda x, y: (x**2 - 1.0) ** 2 + 4.0 * y**2, [(1.0, 0.0), (-1.0, 0.0)])
    from glasstunnel.origins import well_levels

    with pytest.raises(ParameterError, match="enclose no area"):
        reduce_to_wells(double, 0.3)
    assert np.diff(well_levels(double, 0.3, count=2))[0] == pytest.approx(
        reference("joint_tunneling")["quartic_wells"]["single"][0][1], rel=1e-6
    )
