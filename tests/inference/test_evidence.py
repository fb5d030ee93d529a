"""Evidence of two models, its prior scan and its words; profile contours of two parameters."""

import numpy as np
import pytest
from numpy.testing import assert_allclose
from tests.inference.simulations import curie_run, weighed

from glasstunnel import Glass, LarmorDiamagnetism, LogUniform, MagneticIons, Uniform, compare, fit, posterior
from glasstunnel.errors import FitError
from glasstunnel.inference.evidence import stretched
from glasstunnel.inference.pair_profiles import contours

IONS = Glass({"larmor": LarmorDiamagnetism(4e-3), "iron": MagneticIons("Fe3+", 1e19)})
LARMOR = {"larmor.susceptibility": Uniform(0.0, 0.02)}
WITH_IRON = LARMOR | {"iron.concentration": LogUniform(1e17, 1e20)}
MODELS = {"iron": (IONS, WITH_IRON), "larmor": (Glass({"larmor": LarmorDiamagnetism(4e-3)}), LARMOR)}


def data(concentration, noise=1e-4):
    truth = IONS.with_values({"iron.concentration": concentration})
    return [weighed(curie_run(1, points=20, absolute=noise, glass=truth), absolute=noise)]


@pytest.fixture(scope="module")
def strong():
    return compare(MODELS, data(1e19), evidence=True)


def test_clear_data_decide_over_the_whole_prior_scan(strong):
    found = strong.evidence
    assert found.reference == "larmor" and found.models["iron"].lowest > 5.0
    assert "favored whatever the priors" in strong.report() and set(found.criteria.values()) == {"iron"}
    scan = found.models["iron"].scan
    assert set(scan) == {"iron.concentration wider", "iron.concentration narrower"}
    # Ranges that the data exclude cost or gain exactly the logarithm of the widths: 3 decades to 5, and to 1.
    plain = found.models["iron"].log_bayes
    assert_allclose(scan["iron.concentration wider"], plain - np.log(5.0 / 3.0), atol=0.1)
    assert_allclose(scan["iron.concentration narrower"], plain + np.log(3.0) + np.log(
        np.mean(found.models["iron"].posterior.samples["iron.concentration"] <= 1e19)), atol=0.1)  # fmt: skip


def test_no_prior_of_the_amplitude_could_claim_more_than_its_curve(strong):
    model = strong.evidence.models["iron"]
    (curve,) = model.curves
    best, larmor = (next(m.result for m in strong.models if m.name == name) for name in MODELS)
    # At the best concentration nothing is spent on its prior: half the difference of chi-square is left.
    assert_allclose(curve.most, 0.5 * (larmor.chi2 - best.chi2), atol=0.4)
    assert curve.most > model.log_bayes


@pytest.mark.slow
def test_data_that_do_not_decide_are_said_not_to():
    found = compare(MODELS, data(1e17, noise=5e-4), evidence=True).evidence
    assert abs(found.models["iron"].log_bayes) < 2.0
    assert "these data do not decide" in found.report() and found.to_dict()["models"]["iron"]["verdict"]


def test_contours_of_a_linear_fit_are_the_ellipse_of_its_covariance():
    result = fit(IONS, data(1e19), LARMOR | {"iron.concentration": Uniform(0.0, 1e20)})
    found = contours(result, "larmor.susceptibility", "iron.concentration", points=5)
    x, y = np.meshgrid(found.x - result.values["larmor.susceptibility"], found.y - result.values["iron.concentration"])
    inverse = np.linalg.inv(result.covariance)
    expected = inverse[0, 0] * x**2 + 2.0 * inverse[0, 1] * x * y + inverse[1, 1] * y**2
    assert_allclose(found.rises, expected, rtol=1e-4, atol=1e-6)
    assert_allclose(found.levels[0.6827], 2.2957, rtol=1e-3)
    beside = contours(result, "larmor.susceptibility", "iron.concentration").beside(posterior(result, seed=1))
    for level in beside.levels:  # a normal posterior: contours hold as many draws as they say
        assert abs(beside.held(level) - level) < 0.03
    assert "hold" in beside.sentence and "both held" in found.report()
    with pytest.raises(FitError, match="does not vary"):
        contours(result, "larmor.susceptibility", "iron.spin")


def test_the_scan_moves_both_ends_of_a_prior_outward_and_inward():
    assert stretched(Uniform(1.0, 4.0), 2.0) == Uniform(0.5, 8.0)
    assert stretched(Uniform(-1.0, 4.0), 2.0) == Uniform(-2.0, 8.0)
    assert stretched(Uniform(-4.0, -1.0), 2.0) == Uniform(-8.0, -0.5)
    assert stretched(Uniform(1.0, 16.0), 0.5) == Uniform(2.0, 8.0)
    assert stretched(LogUniform(1.0, 4.0), 2.0) == LogUniform(0.5, 8.0)
    assert stretched(LogUniform(1.0, 3.0), 0.5) is None
