"""One table of observables: what is refused, what one contribution counts as, and what public functions share."""

import numpy as np
import pytest

import glasstunnel as gt
from glasstunnel.observables import OBSERVABLES
from glasstunnel.observables.evaluation import evaluate

SILICA = gt.TwoLevelSystems(0.0, 3.9e-3, 10.0, dielectric_strength=47.2e-5, elastic_constant=5.3e-8)


@pytest.mark.parametrize("ask", [
    lambda x: gt.magnetization(x, 2.0, 1.0), lambda x: gt.entropy_change(x, 2.0, 0.0, 1.0),
    lambda x: gt.density_of_states(x, 2.0, 1.0), lambda x: gt.loss_tangent(x, 2.0, 1.0, 1e3),
    lambda x: gt.internal_loss(x, 2.0, 1.0, 1e9), lambda x: gt.internal_quality_factor(x, 2.0, 1.0, 1e9),
    lambda x: gt.frequency_shift(x, 2.0, 1.0, 1e9, 0.1), lambda x: gt.dielectric_shift(x, 2.0, 1.0, 1e3),
    lambda x: gt.fit(x, [], {}),
])  # fmt: skip
@pytest.mark.parametrize("wrong", ["002.T14.BK7.M", None, 3.0, {"a": 1}, gt.TwoLevelSystems])
def test_what_is_no_glass_is_refused_in_a_sentence(ask, wrong):
    with pytest.raises(gt.GlassTunnelError, match="a Glass or a contribution is needed"):
        ask(wrong)


def test_a_published_name_is_answered_with_how_to_build_the_glass():
    with pytest.raises(gt.ParameterError, match=r"build one with published\('002.T14.BK7.M'\)"):
        gt.magnetization("002.T14.BK7.M", 2, 1)


def test_one_contribution_is_a_glass_of_one():
    alone = gt.LarmorDiamagnetism(4e-6)
    assert gt.magnetization(alone, 2.0, 1.0) == gt.magnetization(gt.Glass({"larmor": alone}), 2.0, 1.0)


def test_function_and_row_give_the_same_and_blame_the_same_argument():
    given = {"frequency": 1e3, "reference_temperature": 0.2}
    assert evaluate("dielectric_shift", SILICA, 0.1, 0.0, **given) == gt.dielectric_shift(SILICA, 0.1, 0.0, 1e3, 0.2)
    for ask in (
        lambda: evaluate("dielectric_shift", SILICA, 0.1, 0.0, frequency=1e3, reference_temperature=-1.0),
        lambda: gt.dielectric_shift(SILICA, 0.1, 0.0, 1e3, -1.0),
    ):
        with pytest.raises(gt.ParameterError, match="reference_temperature must be positive and finite, got -1.0"):
            ask()


def test_loss_and_shift_are_the_parts_of_the_permittivity():
    T = np.array([0.05, 0.5])
    whole = gt.permittivity(SILICA, T, 0.0, 1e3)
    np.testing.assert_array_equal(gt.loss_tangent(SILICA, T, 0.0, 1e3), whole.imag)
    np.testing.assert_array_equal(gt.dielectric_shift(SILICA, T, 0.0, 1e3), whole.real)


def test_every_row_says_what_it_needs_and_is_refused_without_it():
    for row in OBSERVABLES.values():
        if row.conditions:
            with pytest.raises(gt.ParameterError, match=f"{row.name} is a function of T, B, {row.conditions[0]}"):
                evaluate(row.name, SILICA, 0.1, 0.0)
        with pytest.raises(gt.ParameterError, match="check nonsense"):
            evaluate(row.name, SILICA, 0.1, 0.0, nonsense=1.0, **dict.fromkeys(row.conditions, 1.0))


def test_a_density_of_states_counts_what_tunnels_and_leaves_out_the_rest():
    phonons, tunneling = gt.DebyePhonons(2.5e-3), gt.TwoLevelSystems(2e19)
    mixed = gt.Glass({"phonons": phonons, "tls": tunneling, "larmor": gt.LarmorDiamagnetism(4e-3)})
    assert gt.density_of_states(mixed, 0.1, 0.0) == gt.density_of_states(tunneling, 0.1, 0.0) == 2e19
    for alone in (phonons, gt.LarmorDiamagnetism(4e-3), gt.MagneticIons("Fe3+", 1e20), gt.Glass({"phonons": phonons})):
        with pytest.raises(gt.ParameterError, match="counts tunneling systems by their gap, and nothing here tunnels"):
            gt.density_of_states(alone, 0.1, 0.0)
