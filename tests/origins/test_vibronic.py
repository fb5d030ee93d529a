"""The two-sheet well: a ground doublet, against an independent program and a two-component grid."""

import math

import numpy as np
import pytest
from tests.reference import reference

from glasstunnel.errors import ParameterError
from glasstunnel.origins import reduce_to_wells, reduce_vibronic, triple_well, vibronic_levels
from glasstunnel.systems.wells import three_well_levels


@pytest.mark.parametrize("quadratic,doublet,single,amplitude,following", reference("wells")["two_sheets"]["rows"])
def test_two_sheets_have_a_ground_doublet(quadratic, doublet, single, amplitude, following):
    well = reduce_vibronic(2.0, quadratic)
    assert (well.doublet, well.single, well.next_level) == pytest.approx((doublet, single, following), rel=1e-10)
    assert well.amplitude == pytest.approx(amplitude, rel=1e-9)
    assert well.ground_doublet and well.change < 1e-12


def test_the_flux_area():
    well = reduce_vibronic(2.0, 0.2)
    assert well.triangle == pytest.approx(8.12, abs=6e-3)
    assert well.area == pytest.approx(8.92, rel=2e-3)  # the other program; 8.906 here, from the doublet itself:
    b = 1e-3
    levels = vibronic_levels(2.0, 0.2, b, 3)
    ring = three_well_levels(np.zeros(3), well.amplitude, b * well.area)
    assert levels[1] - levels[0] == pytest.approx(ring[1] - ring[0], rel=1e-3)


@pytest.mark.slow
def test_a_grid_with_two_components_gives_the_same_levels():
    from scipy.linalg import eigh

    from glasstunnel.origins.wave_grid import _kinetic

    axis = np.linspace(-6.2, 6.2, 34)
    x, y = (each.ravel() for each in np.meshgrid(axis, axis, indexing="ij"))
    kept = x**2 + y**2 < 38.5
    kinetic = _kinetic(axis, 1.0)
    identity = np.eye(len(axis))
    both = (np.kron(kinetic, identity) + np.kron(identity, kinetic))[np.ix_(kept, kept)]
    z = (x + 1j * y)[kept]
    sheet = both + np.diag(0.5 * np.abs(z) ** 2)
    coupling = np.diag(2.0 * z + 0.1 * np.conj(z) ** 2)
    matrix = np.block([[sheet, coupling], [coupling.conj().T, sheet]])
    levels = eigh(matrix, subset_by_index=(0, 2), eigvals_only=True)
    np.testing.assert_allclose(levels, vibronic_levels(2.0, 0.2, count=3), atol=1e-5)


def test_one_sheet_and_two_sheets_differ_by_half_a_flux_quantum():
    scalar = reduce_to_wells(triple_well(1.0), 0.2)
    vibronic = reduce_vibronic(2.0, 0.2)
    assert scalar.amplitude < 0.0 < vibronic.amplitude
    np.testing.assert_allclose(
        three_well_levels(np.zeros(3), -1.0, math.pi + 0.3), three_well_levels(np.zeros(3), 1.0, 0.3), atol=1e-12
    )


def test_a_round_trough_has_half_integer_angular_momentum():
    # without warping E = (l + 1/2)^2-like pairs: every level twice, whatever the coupling
    levels = vibronic_levels(2.0, 0.0, count=6)
    np.testing.assert_allclose(levels[::2], levels[1::2], atol=1e-10)


def test_without_coupling_two_oscillators_remain():
    np.testing.assert_allclose(vibronic_levels(0.0, 0.0, count=6), [1, 1, 2, 2, 2, 2], atol=1e-12)


def test_the_sign_of_the_warping_turns_the_wells_and_moves_no_level():
    np.testing.assert_allclose(vibronic_levels(2.0, 0.3), vibronic_levels(2.0, -0.3), atol=1e-11)


@pytest.mark.parametrize("arguments", [(-1.0, 0.2), (2.0, 0.9), (math.nan, 0.1), (2.0, 0.2, math.inf)])
def test_bad_input_ends_in_a_sentence(arguments):
    with pytest.raises(ParameterError, match="two-sheet well"):
        vibronic_levels(*arguments)


@pytest.mark.parametrize("count", [3, 5, 7])
@pytest.mark.parametrize("sign", [1, -1])
def test_an_odd_ring_has_a_ground_doublet_for_one_sign_only_and_an_even_ring_for_none(count, sign):
    def levels(n):
        return np.sort(2.0 * sign * np.cos(2.0 * math.pi * np.arange(n) / n))

    assert (levels(count)[1] - levels(count)[0] < 1e-12) == (sign > 0)
    even = levels(count + 1)
    assert even[1] - even[0] > 0.1
    np.testing.assert_allclose(even, -even[::-1], atol=1e-12)  # the sign is a gauge


@pytest.mark.parametrize("warping", [0.05, 0.2, 0.4, 0.6])
def test_the_ground_doublet_stays_below_in_the_range_that_the_documentation_states(warping):
    assert reduce_vibronic(2.0, warping).ground_doublet
