"""Permittivity of whole glasses: the slopes of 004 Table I, references, bad input."""

import math

import numpy as np
import pytest

from glasstunnel import (
    AnomalousTunnelingSystems,
    DebyePhonons,
    DielectricConvention,
    Glass,
    TwoLevelSystems,
    dielectric_shift,
    loss_tangent,
    permittivity,
    published,
)
from glasstunnel.errors import ParameterError
from glasstunnel.observables.dielectric import (
    crossover_temperature,
    fitted_slopes,
    logarithmic_slope,
    minimum_temperature,
)
from glasstunnel.observables.evaluation import evaluate

# 004 Table I: A_2LS and A_ATS (1e-5), gamma (1e-8 s K^3), D_min (K), Gamma (1e-6 s K^5), frequency (Hz).
TABLE_I = {
    "SiO2": (47.2, 5.30, None, None, None, 1e3), "AlBaSiO": (116.2, 13.40, 264.7, 0.65, 69.73, 1e3),
    "K-Si 0.05": (104.1, 1.33, 75.5, 0.87, 3.55, 1e4), "K-Si 0.08": (146.5, 1.23, 130.0, 0.87, 3.97, 1e4),
    "K-Si 0.10": (158.5, 1.15, 160.0, 0.87, 5.08, 1e4), "K-Si 0.20": (239.5, 0.82, 281.9, 0.87, 6.44, 1e4),
}


def glass(name, **options):
    two_level, gamma, anomalous, asymmetry, relaxation, frequency = TABLE_I[name]
    rules = DielectricConvention(**{"field_direction": "rms", "rate_kappa": 0.0, **options})
    parts = {"tls": TwoLevelSystems(
        0.0, 3.9e-3, 10.0, dielectric_strength=two_level * 1e-5, elastic_constant=gamma * 1e-8, convention=rules
    )}
    if anomalous:
        # A_ATS = C_ATS ln(D0max/D0min)/D_min; at B = 0 only the ratio of the amplitudes counts.
        parts["ats"] = AnomalousTunnelingSystems(
            0.0, asymmetry, None, 1e4, 1e5, theory="effective", elastic_constant=relaxation * 1e-6,
            dielectric_strength=anomalous * 1e-5 * asymmetry / math.log(10.0), convention=rules,
        )
    return Glass(parts), frequency


@pytest.mark.parametrize(("name", "minimum", "minus", "third", "half", "ratios"), [
    ("SiO2", 85.19, -21.3, 12.3, 12.3, (-1.74, -1.74)), ("AlBaSiO", 115.9, -54.8, 39.9, 31.2, (-1.37, -1.75)),
    ("K-Si 0.05", 116.9, -48.7, 32.2, 30.6, (-1.51, -1.59)), ("K-Si 0.08", 113.8, -68.4, 47.1, 44.4, (-1.45, -1.54)),
    ("K-Si 0.10", 111.2, -73.9, 52.1, 49.0, (-1.42, -1.51)), ("K-Si 0.20", 99.1, -110.0, 80.6, 76.1, (-1.37, -1.45)),
])
def test_slopes_of_table_i_under_both_weights(name, minimum, minus, third, half, ratios):
    for weight, above, ratio in ((1 / 3, third, ratios[0]), (1 / 2, half, ratios[1])):
        mixed, frequency = glass(name, resonant_weight=weight)
        low, high = fitted_slopes(mixed, frequency)
        assert abs(low * 1e5 - minus) <= (0.25 if name != "K-Si 0.20" else 0.5)
        assert abs(high * 1e5 - above) <= 0.051
        assert abs(low / high - ratio) <= 0.0051
        if weight == 1 / 3:
            assert abs(1e3 * minimum_temperature(mixed, frequency) - minimum) < 0.1


@pytest.mark.parametrize(("name", "minimum", "ratio"), [
    ("SiO2", 43.9, -1.56), ("AlBaSiO", 61.5, -1.11), ("K-Si 0.05", 61.4, -1.51), ("K-Si 0.08", 59.7, -1.48),
    ("K-Si 0.10", 58.3, -1.47), ("K-Si 0.20", 51.5, -1.47),
])
def test_slopes_of_table_i_with_omega_taken_for_the_frequency(name, minimum, ratio):
    mixed, frequency = glass(name, resonant_weight=1 / 3, angular_frequency=False)
    low, high = fitted_slopes(mixed, frequency)
    assert abs(low / high - ratio) <= 0.0051
    assert abs(1e3 * minimum_temperature(mixed, frequency) - minimum) < 0.051


def test_minimum_moves_with_frequency_as_in_figure_9():
    mixed, _ = glass("K-Si 0.20", resonant_weight=1 / 3)
    for frequency, minimum in ((1e2, 17.7), (1e3, 43.4), (1e4, 99.1)):
        assert abs(1e3 * minimum_temperature(mixed, frequency) - minimum) <= 0.051
    half, _ = glass("K-Si 0.20", resonant_weight=1 / 2)
    assert abs(1e3 * minimum_temperature(mixed, 1e5) - 219.0) < 0.51
    assert abs(1e3 * minimum_temperature(half, 1e5) - 222.0) < 0.51


def test_crossover_temperature_is_the_minimum_of_an_unlimited_distribution():
    unlimited = TwoLevelSystems(0.0, None, 1e4, dielectric_strength=1.0, elastic_constant=5.3e-8)
    for frequency in (1e3, 1e5):
        assert abs(minimum_temperature(unlimited, frequency) / crossover_temperature(5.3e-8, frequency) - 1.0) < 1e-6
    assert abs(crossover_temperature(5.3e-8, 1e3) / (5.3e-8 * math.pi * 1e3) ** (1 / 3) - 1.64) < 0.01


def test_slopes_are_minus_two_to_one_far_from_the_minimum():
    unlimited = TwoLevelSystems(0.0, None, 1e6, dielectric_strength=1.0, elastic_constant=1e-8)
    minimum = crossover_temperature(1e-8, 1e3)
    assert abs(logarithmic_slope(unlimited, minimum / 20.0, 0.0, 1e3) + 2.0 / 3.0) < 1e-3
    assert abs(logarithmic_slope(unlimited, 100.0 * minimum, 0.0, 1e3) - 1.0 / 3.0) < 1e-3
    assert abs(logarithmic_slope(unlimited, 100.0 * minimum, 0.0, 1e3, part="relaxational") - 1.0) < 1e-3


def test_parts_add_up_and_contributions_add_up():
    mixed, frequency = glass("AlBaSiO")
    T, B = np.array([0.05, 0.2])[:, None], np.array([0.0, 0.1])
    whole = permittivity(mixed, T, B, frequency)
    parts = [permittivity(mixed, T, B, frequency, part=part) for part in ("resonant", "relaxational")]
    np.testing.assert_allclose(whole, parts[0] + parts[1], rtol=1e-14)
    each = [permittivity(part, T, B, frequency) for part in mixed.contributions.values()]
    np.testing.assert_allclose(whole, each[0] + each[1], rtol=1e-14)
    np.testing.assert_array_equal(loss_tangent(mixed, T, B, frequency), whole.imag)


def test_shift_is_counted_from_its_reference():
    mixed, frequency = glass("AlBaSiO")
    raw = dielectric_shift(mixed, np.array([0.05, 0.2]), 0.1, frequency)
    referred = dielectric_shift(mixed, np.array([0.05, 0.2]), 0.1, frequency, reference_temperature=0.2)
    np.testing.assert_allclose(referred, raw - raw[1], atol=1e-18)
    field = dielectric_shift(mixed, 0.05, np.array([0.0, 0.1]), frequency, reference_field=0.0)
    assert field[0] == 0.0 and abs(field[1] - (raw[0] - dielectric_shift(mixed, 0.05, 0.0, frequency))) < 1e-18


def test_a_glass_without_any_dipole_is_refused_naming_what_is_missing():
    for silent in (DebyePhonons(1e-3), TwoLevelSystems(1e20), Glass({}), published("002.T14.BK7.M")):
        for observable in (permittivity, loss_tangent, dielectric_shift):
            with pytest.raises(ParameterError, match="no contribution has a dipole: give `dielectric_strength`"):
                observable(silent, 0.1, 0.0, 1e3)


def test_what_carries_no_dipole_adds_nothing_to_what_does():
    active = TwoLevelSystems(1e20, 1e-3, dielectric_strength=1e-3)
    mixed = Glass({"active": active, "phonons": DebyePhonons(1e-3), "silent": TwoLevelSystems(1e20)})
    assert permittivity(mixed, 0.1, 0.0, 1e3) == permittivity(active, 0.1, 0.0, 1e3)
    silent = TwoLevelSystems(1e20, 1e-3, dielectric_strength=1e-3)  # no elastic constant: no relaxation
    assert permittivity(silent, 0.1, 0.0, 1e3, part="relaxational") == 0.0


def test_table_of_observables_takes_the_frequency():
    mixed, frequency = glass("SiO2")
    assert evaluate("loss_tangent", mixed, 0.1, 0.0, frequency=1e3) == loss_tangent(mixed, 0.1, 0.0, 1e3)
    assert evaluate("dielectric_shift", mixed, 0.1, 0.0, frequency=1e3) == dielectric_shift(mixed, 0.1, 0.0, 1e3)
    with pytest.raises(ParameterError, match="loss_tangent is a function of T, B, frequency"):
        evaluate("loss_tangent", mixed, 0.1, 0.0)


def test_derivatives_by_paths_follow_the_observable():
    mixed, frequency = glass("AlBaSiO")
    names = ("tls.dielectric_strength", "ats.elastic_constant", "ats.density")
    value, slopes = mixed.derivatives("loss_tangent", np.array([0.1, 0.2]), 0.0, names, frequency=frequency)
    np.testing.assert_allclose(value, loss_tangent(mixed, np.array([0.1, 0.2]), 0.0, frequency), rtol=1e-14)
    two_level = loss_tangent(mixed["tls"], np.array([0.1, 0.2]), 0.0, frequency)
    np.testing.assert_allclose(slopes["tls.dielectric_strength"], two_level / 116.2e-5, rtol=1e-8)
    assert np.all(slopes["ats.density"] == 0.0)  # the strength already holds the density


@pytest.mark.parametrize(("arguments", "match"), [
    ((0.1, 0.0, 0.0), "frequency must be positive"), ((0.1, 0.0, -1e3), "frequency must be positive"),
    ((0.1, 0.0, math.nan), "frequency must be positive"), ((0.0, 0.0, 1e3), "temperature T must be positive"),
    ((0.1, math.inf, 1e3), "flux density B must be finite"), ((0.1, 0.0, 1e3, "real"), "part must be one of"),
])
def test_bad_conditions_are_refused_in_one_sentence(arguments, match):
    mixed, _ = glass("SiO2")
    with pytest.raises(ParameterError, match=match):
        permittivity(mixed, *arguments)


def test_a_glass_without_minimum_says_so():
    with pytest.raises(ParameterError, match="has no minimum"):
        minimum_temperature(TwoLevelSystems(0.0, 1e-3, 1e3, dielectric_strength=1e-3), 1e3)


def test_bad_arguments_of_the_minimum_are_refused_in_one_sentence():
    mixed, _ = glass("SiO2")
    with pytest.raises(ParameterError, match="between must be positive"):
        minimum_temperature(mixed, 1e3, between=(0.0, 1.0))
    with pytest.raises(ParameterError, match="elastic_constant must be positive"):
        crossover_temperature(-1e-8, 1e3)
    with pytest.raises(ParameterError, match="frequency must be real numbers"):
        permittivity(mixed, 0.1, 0.0, "1 kHz")
    with pytest.raises(ParameterError, match=r"frequency of shape \(2,\) do not broadcast together"):
        permittivity(mixed, [0.1, 0.2, 0.3], 0.0, [1e3, 1e4])
    with pytest.raises(ParameterError, match=r"frequency of shape \(2,\) do not broadcast together"):
        evaluate("loss_tangent", mixed, [0.1, 0.2, 0.3], 0.0, frequency=[1e3, 1e4])


@pytest.mark.parametrize("name", ["SiO2", "AlBaSiO"])
def test_empty_conditions_give_empty_results(name):
    mixed, _ = glass(name)
    assert permittivity(mixed, np.zeros(0), 0.0, 1e3).shape == (0,)
    assert loss_tangent(mixed, 0.1, np.zeros((0, 3)), np.ones(3)).shape == (0, 3)


def test_convention_keeps_its_direction_as_plain_numbers():
    listed, array = (DielectricConvention(field_direction=kind([0, 0.6, 0.8])) for kind in (list, np.array))
    assert listed == array == DielectricConvention(field_direction=(0.0, 0.6, 0.8))
    assert hash(listed) == hash(array)
    assert DielectricConvention(rate_power=np.int64(1)).rate_power == 1


@pytest.mark.parametrize(("options", "match"), [
    ({"field_direction": (0, 0, 0)}, r"length one \(B along z\), got \(0, 0, 0\)$"),
    ({"field_direction": (1, 1, 1)}, "divide by the length"), ({"field_direction": ("a", 0, 1)}, "three numbers"),
    ({"field_direction": None}, "three numbers"), ({"rate_kappa": True}, "rate_kappa must be between"),
    ({"angular_frequency": "no"}, "angular_frequency must be True or False"),
])
def test_bad_conventions_are_refused_in_one_sentence(options, match):
    with pytest.raises(ParameterError, match=match):
        DielectricConvention(**options)
