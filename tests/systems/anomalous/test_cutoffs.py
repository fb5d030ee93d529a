"""Temperature-dependent cutoffs against hand-worked values, the published benchmark scales and finite differences."""

import dataclasses
import math

import numpy as np
import pytest
from tests.derivatives import slope

from glasstunnel import AnomalousTunnelingSystems, ParameterError
from glasstunnel.systems.anomalous.cutoffs import coherence_ratio, cutoffs_at, log_ratio_slope

PLAIN = AnomalousTunnelingSystems(
    density=1e20, asymmetry_min=0.05, asymmetry_max=40.0, amplitude_area_min=1e5, amplitude_area_max=2e5,
    flux_field=1.3, theory="effective",
)


def changed(**values):
    return dataclasses.replace(PLAIN, **values)


@pytest.mark.parametrize(
    "energy", [0.319, 0.615, 0.480], ids=["001 Table 3", "001 Table 4", "002 Table 14"]
)
def test_arrhenius_scale_of_the_bk7_fits_at_4_5_kelvin(energy):
    """From 1.26 K, the temperature of the heat capacities they come from."""
    ratio = math.exp(energy * (4.5 - 1.26) / (4.5 * 1.26))
    assert coherence_ratio(changed(activation_energy=energy), 4.5) == pytest.approx(ratio, rel=1e-11)


def test_each_cutoff_scales_with_its_power_of_the_number_of_tunnelers():
    system = changed(activation_energy=0.6, reference_temperature=1.0)
    T = np.array([0.5, 1.0, 3.0])
    r = np.exp([-0.6, 0.0, 0.4])
    cutoffs = cutoffs_at(system, T)
    np.testing.assert_allclose(cutoffs.asymmetry_min, 0.05 * r, rtol=1e-14)
    np.testing.assert_allclose(cutoffs.asymmetry_max, 40.0 * r, rtol=1e-14)
    np.testing.assert_allclose(cutoffs.amplitude_area_min, 1e5 * r**3, rtol=1e-14)
    np.testing.assert_allclose(cutoffs.amplitude_area_max, 2e5 * r**3, rtol=1e-14)
    np.testing.assert_allclose(cutoffs.flux_field, 1.3 / r**2, rtol=1e-14)


def test_surface_growth_follows_eq_16_of_the_supplement():
    system = changed(cutoff_law="surface", surface_growth=0.2, activation_energy=math.log(2.0),
                     reference_temperature=1.0)
    # G exp(E0/T) is 0.4 at 1 K and 0.8 at 0.5 K
    np.testing.assert_allclose(coherence_ratio(system, np.array([0.5, 1.0])), [0.2 / 0.6, 1.0], rtol=1e-14)


@pytest.mark.parametrize("law", ["arrhenius", "surface"])
def test_cutoffs_do_not_depend_on_temperature_without_activation_energy(law):
    system = changed(cutoff_law=law, surface_growth=0.3 if law == "surface" else 0.0)
    np.testing.assert_array_equal(coherence_ratio(system, np.array([0.01, 1.0, 300.0])), 1.0)


def test_missing_area_and_missing_upper_asymmetry_stay_missing():
    cutoffs = cutoffs_at(changed(flux_field=None, asymmetry_max=None, activation_energy=0.3), np.array([0.5, 2.0]))
    assert cutoffs.flux_field is None
    assert np.all(np.isinf(cutoffs.asymmetry_max))


@pytest.mark.parametrize("law", ["arrhenius", "surface"])
def test_logarithmic_slopes_agree_with_numerical_ones(law):
    growth = 0.2 if law == "surface" else 0.0
    values = {"activation_energy": 0.4, "reference_temperature": 1.1, "surface_growth": growth}
    system = changed(cutoff_law=law, **values)
    T = np.array([0.6, 1.1, 4.0])
    # Surface growth is a parameter of its own law only.
    for name, value in [item for item in values.items() if item[1] or law == "surface"]:
        def log_ratio(number, name=name):
            return np.log(coherence_ratio(dataclasses.replace(system, **{name: number}), T))

        expected = slope(log_ratio, value)
        found = log_ratio_slope(system, T, name)
        np.testing.assert_allclose(found, expected, rtol=1e-9, atol=1e-11)
        assert np.shape(found) == T.shape


def test_surface_growth_that_leaves_no_tunnelers_names_the_temperature():
    system = changed(cutoff_law="surface", surface_growth=0.3, activation_energy=0.4, reference_temperature=2.0)
    with pytest.raises(ParameterError, match="no coherent tunnelers at T = 0.25 K"):
        cutoffs_at(system, np.array([3.0, 0.25]))


@pytest.mark.parametrize("values, word", [
    ({"cutoff_law": "arrhenius", "surface_growth": 0.1}, "cutoff_law='surface'"),
    ({"cutoff_law": "surface", "surface_growth": 1.0}, "reference temperature 1.26 K"),
    ({"cutoff_law": "surface", "surface_growth": 0.3, "activation_energy": 0.4, "reference_temperature": 0.3}, "0.3 K"),
    ({"cutoff_law": "surface", "surface_growth": 1e-9, "activation_energy": 1e6}, "lower surface_growth"),
])  # fmt: skip
def test_surface_growth_without_its_law_or_without_tunnelers_is_refused_at_once(values, word):
    with pytest.raises(ParameterError, match=word):
        changed(**values)


def test_cutoffs_outside_the_range_of_floats_are_refused_by_name():
    with pytest.raises(ParameterError, match="T = 0.001 K; check activation_energy"):
        cutoffs_at(changed(activation_energy=0.6), np.array([1.0, 1e-3]))


def voids_system(**changed):
    given = dict(density=1e19, asymmetry_min=0.03, asymmetry_max=50.0, amplitude_area_min=2e5, amplitude_area_max=3e5,
                 flux_field=2.0, activation_energy=0.3, cutoff_law="voids")  # fmt: skip
    return AnomalousTunnelingSystems(**(given | changed))


def test_cells_that_grow_take_the_area_of_their_void_along():
    from glasstunnel.conversions.voids import growth_for_ratio, void_area, void_perimeter

    system, T = voids_system(), 0.4
    growths = [growth_for_ratio(np.exp(-0.3 / at)) for at in (T, 1.26)]
    perimeter, area = (function(growths[0]) / function(growths[1]) for function in (void_perimeter, void_area))
    at = cutoffs_at(system, T)
    assert np.isclose(at.asymmetry_min / 0.03, perimeter) and np.isclose(at.asymmetry_max / 50.0, perimeter)
    assert np.isclose(at.amplitude_area_max / 3e5, perimeter**2 * area, rtol=1e-6)
    assert np.isclose(at.flux_field / 2.0, 1.0 / (perimeter * area), rtol=1e-6)


def test_growing_cells_without_activation_change_nothing():
    still, free = voids_system(activation_energy=0.0), voids_system(activation_energy=0.0, cutoff_law="arrhenius")
    for T in (0.1, 5.0):
        assert cutoffs_at(still, T) == cutoffs_at(free, T)


@pytest.mark.parametrize("theory", ["exact", "effective"])
def test_the_derivatives_of_growing_cells_are_those_of_differences(theory):
    system, names = voids_system(theory=theory), ["activation_energy", "amplitude_area_max"]
    T, B = np.array([0.7, 3.0]), np.array([0.5, 0.5])
    value, slopes = system.derivatives("magnetization", T, B, names)
    for name in names:
        number = getattr(system, name)
        moved = [dataclasses.replace(system, **{name: number * factor}) for factor in (1.001, 0.999)]
        up, down = (each.magnetization(T, B) for each in moved)
        np.testing.assert_allclose(slopes[name], (up - down) / (0.002 * number), rtol=1e-4)
    np.testing.assert_allclose(value, system.magnetization(T, B), rtol=1e-9)
