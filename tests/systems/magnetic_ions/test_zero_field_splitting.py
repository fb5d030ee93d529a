"""Zero-field splitting against published-form closed results, dense quadrature elsewhere, and limits."""

import numpy as np
import pytest
from tests.reference import reference

from glasstunnel import MagneticIons, ParameterError, entropy, heat_capacity, magnetization, susceptibility
from glasstunnel.constants import bohr_magneton, bohr_magneton_kelvin, boltzmann
from glasstunnel.systems.contribution import THERMODYNAMIC
from glasstunnel.systems.magnetic_ions import powder
from glasstunnel.systems.magnetic_ions.occupation import MAGNETIZATION
from glasstunnel.systems.magnetic_ions.powder import PowderIon

REFERENCE = reference("magnetic_ions")["zero_field_splitting"]["rows"]


def ions(S, D, E=0.0, **further):
    return MagneticIons("any", 1.0, spin=S, g_factor=2.0, zero_field_splitting=D, rhombicity=E / D, **further)


@pytest.mark.parametrize("S, D, E, T, B, moment", REFERENCE)
def test_powder_moments_have_their_reference_values_to_ten_digits(S, D, E, T, B, moment):
    np.testing.assert_allclose(magnetization(ions(S, D, E), T, B) / bohr_magneton, moment, atol=1e-10, rtol=0)


def test_an_easy_axis_whose_powder_average_converges_slowly_is_resolved():
    """The moment turns over within a narrow belt of directions: a coarse grid is wrong in the third digit."""
    found = PowderIon(2.0, ((-10.0, 0.0),), (1.0,)).average(MAGNETIZATION, 0.1, 5.0)
    dense = np.mean([_axial_moment(2.0, -10.0, 0.1, 5.0, c) for c in (np.arange(2000) + 0.5) / 2000])
    np.testing.assert_allclose(found.value / bohr_magneton_kelvin, dense, rtol=1e-5)
    assert found.error < 1e-8 and found.rings > 64


def _axial_moment(S, D, T, B, cosine):
    """Moment along the field of one direction, from levels at two fields (no use of the package's operators)."""
    m = S - np.arange(round(2 * S) + 1)
    step = np.sqrt(S * (S + 1) - m[1:] * (m[1:] + 1)) / 2
    across = np.diag(step, 1) + np.diag(step, -1)

    def log_sum(field):
        H = D * np.diag(m**2) + 2 * bohr_magneton_kelvin * field * (
            cosine * np.diag(m) + np.sqrt(1 - cosine**2) * across
        )
        levels = np.linalg.eigvalsh(H)
        return T * np.log(np.exp(-(levels - levels[0]) / T).sum()) - levels[0]

    return (log_sum(B + 1e-4) - log_sum(B - 1e-4)) / 2e-4 / bohr_magneton_kelvin


@pytest.mark.parametrize("D", [3.0, -3.0])
@pytest.mark.parametrize("T", [0.7, 2.0, 20.0])
def test_axial_susceptibilities_are_van_vlecks(D, T):
    """S = 1 and S = 2, parallel and perpendicular (Carlin, Magnetochemistry (1986), Sec. 2.5), powder = (1+2)/3."""
    x = D / T
    parallel = 2 * np.exp(-x) / (1 + 2 * np.exp(-x))
    across = 2 * T / D * (1 - np.exp(-x)) / (1 + 2 * np.exp(-x))
    quintet = 1 + 2 * np.exp(-x) + 2 * np.exp(-4 * x)
    parallel_2 = (2 * np.exp(-x) + 8 * np.exp(-4 * x)) / quintet
    across_2 = 2 * T / D * (3 * (1 - np.exp(-x)) + 2 / 3 * (np.exp(-x) - np.exp(-4 * x))) / quintet
    for S, printed in ((1.0, (parallel + 2 * across) / 3), (2.0, (parallel_2 + 2 * across_2) / 3)):
        closed = 4 * bohr_magneton * bohr_magneton_kelvin / T * printed
        np.testing.assert_allclose(susceptibility(ions(S, D), T, 0.0), closed, rtol=1e-12)


def test_levels_far_above_kT_mix_in_with_their_own_distance():
    """chi = 2/3 x 6 (g mu_B)^2/D of an S = 2 singlet at T -> 0, and the slope of the moment in a strong field."""
    closed = 2.0 / 3.0 * 6.0 / 10.0 * 4.0 * bohr_magneton * bohr_magneton_kelvin
    np.testing.assert_allclose(susceptibility(ions(2.0, 10.0), 1e-3, 0.0), closed, rtol=1e-12)
    easy, step = ions(2.0, -100.0), 1e-3
    rise = (magnetization(easy, 0.05, 7.0 + step) - magnetization(easy, 0.05, 7.0 - step)) / (2.0 * step)
    np.testing.assert_allclose(susceptibility(easy, 0.05, 7.0), rise, rtol=1e-6)


@pytest.mark.parametrize("observable", THERMODYNAMIC)
@pytest.mark.parametrize("S", [1.0, 2.5])
def test_a_vanishing_splitting_gives_the_free_ion(observable, S):
    T, B = np.array([0.5, 4.0, 40.0]), np.array([3.0, 0.0, -5.0])
    split = getattr(ions(S, 1e-7), observable)(T, B)
    free = getattr(MagneticIons("any", 1.0, spin=S, g_factor=2.0), observable)(T, B)
    np.testing.assert_allclose(split, free, rtol=2e-6, atol=1e-12 * boltzmann)


def test_at_high_temperature_the_powder_obeys_curies_law_without_a_correction_in_one_over_T_squared():
    """chi T/C - 1 = O(D^2/T^2): the term in D/T, present along each axis, cancels in the powder average."""
    D, T = 4.0, np.array([200.0, 400.0])
    curie = 4 * bohr_magneton * bohr_magneton_kelvin * 2.0 * 3.0 / 3.0
    correction = susceptibility(ions(2.0, D, 0.8), T, 0.0) * T / curie - 1.0
    np.testing.assert_allclose(correction[0] / correction[1], 4.0, rtol=0.02)
    assert abs(correction[0]) < (D / 200.0) ** 2


def test_heat_capacity_without_field_is_the_schottky_anomaly_of_the_split_levels():
    T, D = np.array([0.3, 2.0, 15.0]), 3.0
    levels = np.array([0.0, D, D])
    p = np.exp(-levels / T[:, None])
    p /= p.sum(axis=1, keepdims=True)
    variance = (p * levels**2).sum(axis=1) - (p * levels).sum(axis=1) ** 2
    np.testing.assert_allclose(heat_capacity(ions(1.0, D), T, 0.0), boltzmann * variance / T**2, rtol=1e-12)


@pytest.mark.parametrize("S, doublets", [(1.5, 2), (2.0, 1), (2.5, 2)])
def test_the_zero_field_entropy_of_a_kramers_ion_keeps_one_doublet(S, doublets):
    assert entropy(ions(S, 5.0, 1.0), 0.05, 0.0) == pytest.approx(boltzmann * np.log(doublets), abs=1e-6 * boltzmann)


def test_an_anisotropic_g_without_splitting_saturates_and_averages_its_square():
    g = np.array([1.9, 2.1, 2.6])
    some = MagneticIons("any", 1.0, 0.5, 2.0, g_parallel=2.6, g_rhombicity=0.2)
    np.testing.assert_allclose(sorted(some.g_factors), g)
    curie = np.mean(g**2) * bohr_magneton * bohr_magneton_kelvin * 0.25
    np.testing.assert_allclose(susceptibility(some, 7.0, 0.0), curie / 7.0, rtol=1e-12)


def test_rhombicity_above_a_third_is_renamed_with_a_note_and_changes_nothing():
    with pytest.warns(UserWarning, match="is above 1/3; .* D = -20 K, E/D = 0"):
        renamed = ions(2.0, 10.0, 10.0)
    assert renamed.rhombicity == pytest.approx(0.0, abs=1e-15)
    assert renamed.zero_field_splitting == pytest.approx(-20.0)
    unnamed = PowderIon(2.0, ((10.0, 10.0),), (1.0,)).magnetization(2.0, 3.0)
    np.testing.assert_allclose(magnetization(renamed, 2.0, 3.0), unnamed, rtol=1e-9)


def test_the_sign_of_the_anisotropy_of_g_within_the_plane_matters_only_relative_to_that_of_E():
    """g_x < g_y with E > 0 is the ion with g_x > g_y and E < 0 (axes renamed), not that with g_x > g_y and E > 0."""
    kind = dict(spin=1.5, g_factor=2.0, g_parallel=2.3)
    turned = MagneticIons("any", 1.0, zero_field_splitting=6.0, rhombicity=0.3, g_rhombicity=-0.8, **kind)
    same = PowderIon(1.5, ((6.0, -1.8),), (1.0,), (2.4, 1.6, 2.3)).magnetization(1.5, 2.0)
    other = MagneticIons("any", 1.0, zero_field_splitting=6.0, rhombicity=0.3, g_rhombicity=0.8, **kind)
    np.testing.assert_allclose(magnetization(turned, 1.5, 2.0), same, rtol=1e-9)
    assert abs(magnetization(other, 1.5, 2.0) / same - 1.0) > 0.01


def test_a_third_that_was_rounded_up_is_a_third():
    assert ions(2.0, 3.0, 3.0 * (0.1 / 0.3)).rhombicity == 1.0 / 3.0


def test_a_computation_that_would_not_end_is_refused_in_a_sentence(monkeypatch):
    monkeypatch.setattr(powder, "_LONGEST", 1e-6)
    with pytest.raises(ParameterError, match="3 fields would take some .* minutes for S = 2 with 1 splittings"):
        magnetization(ions(2.0, 10.0), 2.0, np.array([1.0, 2.0, 3.0]))


@pytest.mark.parametrize("changes, words", [
    ({"rhombicity": -0.1}, "rhombicity must be >= 0"),
    ({"zero_field_splitting": float("nan")}, "zero_field_splitting must be"),
    ({"spin": 0.7}, "spin must be 1/2, 1, 3/2"),
    ({"spin": 20.0}, "spin must be at most 8 with a splitting"),
    ({"orientations": 1}, "orientations must be a whole number"),
    ({"orientations": "grid"}, "orientations must be a whole number from 2 to 2048 or 'table'"),
    ({"orientations": "table", "spin": 4.0}, "orientations='table' is for a g that is a number and spins from 1"),
    ({"orientations": "table", "g_parallel": 2.2}, "orientations='table' is for a g that is a number"),
    ({"g_rhombicity": 5.0}, "g_rhombicity must be at most 2 g_factor"),
    ({"rhombicity": 0.5, "g_parallel": 2.2}, "rename the axes"),
])
def test_what_cannot_be_meant_is_refused(changes, words):
    with pytest.raises(ParameterError, match=words):
        MagneticIons(**{"species": "Fe2+", "concentration": 1.0, "zero_field_splitting": 5.0} | changes)


def test_a_grid_of_directions_that_does_not_resolve_the_field_is_refused():
    coarse = MagneticIons("Fe2+", 1.0, zero_field_splitting=-10.0, orientations=4)
    with pytest.raises(ParameterError, match="orientations=4 do not resolve a field of 7 T at 1.8 K"):
        magnetization(coarse, 1.8, 7.0)
    fine = MagneticIons("Fe2+", 1.0, zero_field_splitting=-10.0, orientations=200)
    adaptive = MagneticIons("Fe2+", 1.0, zero_field_splitting=-10.0)
    np.testing.assert_allclose(magnetization(fine, 1.8, 7.0), magnetization(adaptive, 1.8, 7.0), rtol=1e-9)


@pytest.mark.parametrize("S, D, E", [(2.0, 10.0, 2.0), (2.0, -10.0, 0.0), (2.5, 1.0, 1 / 3), (1.0, 8.0, 0.4)])
@pytest.mark.parametrize("observable", THERMODYNAMIC)
def test_the_table_of_one_splitting_equals_the_refined_average(observable, S, D, E):
    T, B = (grid.ravel() for grid in np.meshgrid([2.0, 9.0, 80.0], [0.0, -0.4, 6.5]))
    unit = boltzmann if observable in ("entropy", "heat_capacity") else bohr_magneton * S
    tabulated = getattr(ions(S, D, E, orientations="table"), observable)(T, B)
    np.testing.assert_allclose(tabulated, getattr(ions(S, D, E), observable)(T, B), rtol=1e-6, atol=1e-5 * unit)


def test_warm_points_do_not_change_what_cold_ones_need():
    """Every temperature is refined on its own account."""
    ion = PowderIon(2.0, ((-10.0, 0.5),), (1.0,))
    together = ion.average(MAGNETIZATION, np.array([1.8, 300.0]), 5.0)
    for number, T in enumerate((1.8, 300.0)):
        assert together.value[number] == pytest.approx(float(ion.magnetization(T, 5.0)) / boltzmann, rel=1e-13)
    assert together.rings[1] < together.rings[0]
