"""What is said of a file that a fit predicts wrongly: another glass, another unit, more noise, another frequency."""

import numpy as np
import pytest
from numpy.testing import assert_allclose
from tests.inference.simulations import weighed

from glasstunnel import (
    Column,
    Dataset,
    DebyePhonons,
    Glass,
    LogUniform,
    MagneticIons,
    SchottkyLevels,
    TwoLevelSystems,
    fit,
    loss_tangent,
    write_report,
)
from glasstunnel.data import with_condition
from glasstunnel.errors import FitError
from glasstunnel.inference.deviations import typical_sigma

GLASS = Glass({"phonons": DebyePhonons(8e-4), "tls": TwoLevelSystems(4e19), "ions": MagneticIons("Fe3+", 1e20)})
VARY = {"phonons.cubic_coefficient": LogUniform(1e-6, 1e-1), "tls.density": LogUniform(1e16, 1e23),
        "ions.concentration": LogUniform(1e17, 1e23)}  # fmt: skip


def heat(glass, B, seed, *, factor=1.0, noise=0.01, unit="J/(K kg)", name="run"):
    """A run of 30 points from 0.3 to 15 K with a fraction of noise that is not stated."""
    T = np.geomspace(0.3, 15.0, 30)
    off = 1.0 + noise * np.random.default_rng(seed).standard_normal(30)
    columns = {"temperature": Column(T, "K"), "field": Column(np.full(30, B), "T"),
               "heat_capacity": Column(factor * np.asarray(glass.heat_capacity(T, B)) * off, unit)}  # fmt: skip
    return weighed(Dataset(columns, "heat_capacity", name=name), residuals="relative")


@pytest.fixture(scope="module")
def result():
    return fit(GLASS, [heat(GLASS, B, k, name=f"run{B:g}") for k, B in enumerate((0.0, 1.0, 4.0))], VARY)


def test_a_file_of_the_same_glass_is_predicted_without_a_further_word(result):
    found = result.predict_data(heat(GLASS, 2.0, 10))
    assert found.agrees and found.sentence.endswith(")")
    assert_allclose(found.curve.model, GLASS.heat_capacity(found.curve.temperature, 2.0), rtol=0.01)
    assert_allclose(found.spread, result.predict(found.curve.temperature, 2.0).sigma, rtol=1e-9)


def test_a_file_of_another_glass_is_caught_and_where_is_said(result):
    other = GLASS.with_values({"ions.concentration": 1.4e20})
    found = result.predict_data(heat(other, 2.0, 11))
    T = found.curve.temperature
    worst = np.argmax(other.heat_capacity(T, 2.0) / GLASS.heat_capacity(T, 2.0))
    assert not found.agrees and "farthest off at" in found.sentence and "2 T" in found.sentence
    place = float(found.sentence.split("farthest off at ")[1].split(" K")[0])
    assert 0.4 * T[worst] < place < 2.5 * T[worst]


@pytest.mark.parametrize(("factor", "words"), [(1e-3, "0.001 times what is predicted: check its unit"),
                                               (1e3, "1e+03 times what is predicted: check its unit"),
                                               (4.184, "4.19 times what is predicted"),
                                               (1.2, "1.2 times what is predicted")])  # fmt: skip
def test_a_file_in_a_wrong_unit_or_with_a_wrong_mass_is_named_by_its_factor(result, factor, words):
    found = result.predict_data(heat(GLASS, 2.0, 12, factor=factor))
    assert not found.agrees and words in found.sentence and ("unit" in found.sentence) == ("unit" in words)


@pytest.mark.parametrize("factor", [1e-3, 1e3, 1e6])
def test_a_wrong_unit_is_no_noise_whatever_kind_of_noise_is_unknown(result, factor):
    """A thousand times too large it once came out as noise beside no direction at all, chi-square 0 and p = nan."""
    for noise in ("relative", True):
        found = result.predict_data(weighed(heat(GLASS, 2.0, 16, factor=factor, noise=1e-3), residuals=noise))
        assert found.p_value < 1e-6 and (found.directions or 0) > 0 and "check its unit" in found.sentence


def test_what_nothing_fitted_changes_is_no_prediction_with_unknown_noise():
    only = fit(GLASS, [heat(GLASS, 1.0, 1)], {"ions.concentration": LogUniform(1e17, 1e23)})
    T = np.geomspace(0.3, 15.0, 30)
    columns = {"temperature": Column(T, "K"), "field": Column(0.0 * T, "T"),
               "heat_capacity": Column(np.asarray(GLASS.heat_capacity(T, 0.0)), "J/(K kg)")}  # fmt: skip
    field_free = weighed(Dataset(columns, "heat_capacity", name="zero"), residuals="relative")
    with pytest.raises(FitError, match="nothing that was fitted changes what is predicted"):
        only.predict_data(field_free)


def test_what_the_model_cannot_follow_is_called_noise_but_its_size_is_said(result):
    """With unknown noise a peak that no parameter makes counts as scatter: five times that of the other runs."""
    more = GLASS.with_contribution("peak", SchottkyLevels(1e21, level_1=12.0))
    found = result.predict_data(heat(more, 2.0, 13))
    assert "its points scatter" in found.sentence
    times = float(found.sentence.split("its points scatter ")[1].split(" times")[0])
    assert times > 2.0
    assert "scatter" not in result.predict_data(heat(GLASS, 2.0, 14, noise=0.012)).sentence
    assert "scatter" in result.predict_data(heat(GLASS, 2.0, 15, noise=0.04)).sentence


def test_conditions_that_the_file_does_not_hold_are_said():
    """A run file fills in the frequency of its first dataset: a file taken at another one is caught, and told why."""
    glass = Glass({"tls": TwoLevelSystems(1e19, dielectric_strength=1e-3, elastic_constant=1e-6)})
    T = np.geomspace(0.01, 0.3, 20)

    def loss(measured, stated):
        value = np.asarray(loss_tangent(glass, T, 0.0, frequency=measured))
        columns = {"temperature": Column(T, "K"), "field": Column(0.0 * T, "T"), "loss_tangent": Column(value, "1"),
                   "sigma": Column(0.01 * value, "1")}  # fmt: skip
        return with_condition(Dataset(columns, "loss_tangent", name="loss", noise="given"), frequency=stated)

    known = fit(glass, [loss(1e3, 1e3)], {"tls.dielectric_strength": LogUniform(1e-6, 1.0),
                                          "tls.elastic_constant": LogUniform(1e-9, 1e-3)})  # fmt: skip
    right, wrong = known.predict_data(loss(1e5, 1e5)), known.predict_data(loss(1e5, 1e3))
    assert right.agrees and "predicted for frequency 1e+05 Hz" in right.sentence
    assert not wrong.agrees and "predicted for frequency 1000 Hz" in wrong.sentence


def test_the_noise_of_the_data_is_a_fraction_or_a_number(result):
    curves = list(result.curves.values())
    assert_allclose(typical_sigma(curves, np.array([1e-3, 1.0])) / [1e-3, 1.0], 0.01, rtol=0.3)
    (flat,) = fit(GLASS, [weighed(heat(GLASS, 0.0, 1), absolute=1e-3)], VARY).curves.values()
    assert_allclose(typical_sigma([flat], np.array([1e-3, 1.0])), 1e-3)


def test_the_page_shows_the_points_beside_the_bands_of_each_sweep(result, tmp_path):
    runs = [heat(GLASS, 2.0, 20), heat(GLASS, 3.0, 21)]
    columns = {key: Column(np.concatenate([data[key].values for data in runs]), runs[0][key].unit)
               for key in ("temperature", "field", "heat_capacity")}  # fmt: skip
    both = weighed(Dataset(columns, "heat_capacity", name="both"), residuals="relative")
    write_report(result.predict_data(both), tmp_path / "page.html")
    page = (tmp_path / "page.html").read_text(encoding="utf-8")
    assert "both, 2 T: what the fit predicts" in page and "both, 3 T: what the fit predicts" in page
