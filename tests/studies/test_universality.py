"""The collapse test: free moments pass it at the promised rate, tunneling systems and interactions do not."""

import json

import numpy as np
import pytest

from glasstunnel import (
    AnomalousTunnelingSystems,
    Glass,
    LarmorDiamagnetism,
    MagneticIons,
    ParameterError,
    universality_test,
)

IONS = {"larmor": LarmorDiamagnetism(4e-3), "fe2": MagneticIons("Fe2+", 2e19), "fe3": MagneticIons("Fe3+", 1e19)}
FIELDS = (0.5, 1.0, 2.0, 5.0)


def simulate(glass, make, generator, noise=0.003, sigma=True):
    runs = []
    for B in FIELDS:
        T = np.geomspace(2.0, 60.0, 60)
        M = np.asarray(glass.magnetization(T, np.full(60, B)))
        error = noise * np.abs(M + 4e-3 * B)
        runs.append(make(T, B, M + error * generator.normal(size=60), error if sigma else None, name=f"B{10 * B:g}"))
    return runs


def test_free_moments_collapse_and_fail_as_rarely_as_the_p_value_says(magnetization):
    generator = np.random.default_rng(11)
    p = [universality_test(simulate(Glass(IONS), magnetization, generator), 4e-3).p_value for _ in range(60)]
    # Uniform p-values: 60 of them have mean 0.5 +- 0.037; below 0.01 at most a few.
    assert abs(np.mean(p) - 0.5) < 0.15
    assert np.sum(np.array(p) < 0.01) <= 4


def test_tunneling_systems_do_not_collapse(magnetization):
    ats = AnomalousTunnelingSystems(1.4e19, 0.05, None, 2e5, 2.3e5, activation_energy=0.3, theory="effective")
    result = universality_test(simulate(Glass(IONS | {"ats": ats}), magnetization, np.random.default_rng(3)), 4e-3)
    assert not result.collapse and result.p_value < 1e-6
    assert "do not collapse" in result.sentence
    json.dumps(result.to_dict(), allow_nan=False)


def test_a_run_off_by_a_factor_is_found_by_name(magnetization):
    runs = simulate(Glass(IONS), magnetization, np.random.default_rng(3), sigma=False)
    odd = runs[1]
    scaled = odd["magnetization"].values * 1.05 + 4e-3 * 1.0 * 0.05
    runs[1] = magnetization(odd["temperature"].values, 1.0, scaled, name="odd")
    result = universality_test(runs, 4e-3)
    assert not result.collapse and result.farthest == "odd"
    assert 0.01 < result.deviation < 0.1


def test_a_wrong_larmor_term_spoils_the_collapse(magnetization):
    runs = simulate(Glass(IONS), magnetization, np.random.default_rng(3))
    assert universality_test(runs, 4e-3).collapse
    assert not universality_test(runs, 3e-3).collapse


def test_the_common_curve_is_the_brillouin_magnetization(magnetization):
    result = universality_test(simulate(Glass(IONS), magnetization, np.random.default_rng(5)), 4e-3)
    ions = Glass({name: part for name, part in IONS.items() if name != "larmor"})
    expected = ions.magnetization(np.ones(len(result.x)), result.x)
    np.testing.assert_allclose(result.common, expected, rtol=0.01)


def test_impossible_input_is_refused(magnetization, heat_capacity):
    T = np.geomspace(2.0, 4.0, 20)
    run = magnetization(T, 1.0, 1.0 / T, 0.01)
    for datasets, chi, sentence in [
        ([run], 0.0, "at least two runs"),
        ([run, run], np.nan, "finite"),
        ([run, magnetization(T, 0.0, 1.0 / T, 0.01, name="b")], 0.0, "zero field"),
        ([run, magnetization(T, 1000.0, 1.0 / T, 0.01, name="b")], 0.0, "do not overlap"),
        ([run, magnetization(T, 1.0, 1.0 / T, 0.0, name="b")], 0.0, "sigma must be positive"),
        ([run, heat_capacity(T, T)], 0.0, "per_mass"),
    ]:
        with pytest.raises(ParameterError) as caught:
            universality_test(datasets, chi)
        assert sentence in str(caught.value)
