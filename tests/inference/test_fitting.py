"""Fits against closed forms, certified values and the statistics they promise."""

import dataclasses
import json

import numpy as np
import pytest
from numpy.testing import assert_allclose
from tests.reference import reference

from glasstunnel import (
    Column,
    Dataset,
    FitError,
    Glass,
    GlassTunnelError,
    LarmorDiamagnetism,
    LogUniform,
    Normal,
    Uniform,
    fit,
)
from glasstunnel.inference.problem import Problem
from glasstunnel.inference.setup import build_problem

# NIST StRD, nonlinear regression, Misra1a: 14 observations and certified results.
MISRA1A_X = [77.6, 114.9, 141.1, 190.8, 239.9, 289.0, 332.8, 378.4, 434.8, 477.3, 536.8, 593.1, 689.1, 760.0]
MISRA1A_Y = [10.07, 14.73, 17.94, 23.93, 29.61, 35.18, 40.02, 44.82, 50.76, 55.05, 61.01, 66.40, 75.47, 81.78]


def polynomial(models, exponents):
    return Glass({f"p{n}": models["Power"](1.0, float(n)) for n in exponents})


def test_a_linear_fit_equals_the_normal_equations(models, heat_capacity):
    rng = np.random.default_rng(1)
    T = np.linspace(1.0, 3.0, 25)
    sigma = 0.02 * (1.0 + T)
    C = 0.7 * T + 0.3 * T**3 + sigma * rng.normal(size=25)
    wide = Uniform(-0.0, 10.0)
    result = fit(polynomial(models, (1, 3)), [heat_capacity(T, C, sigma)], {"p1.amplitude": wide, "p3.amplitude": wide})
    design = np.column_stack([T, T**3]) / sigma[:, None]
    best, square, _, _ = np.linalg.lstsq(design, C / sigma)
    assert_allclose(list(result.values.values()), best, rtol=1e-9)
    assert_allclose(result.covariance, np.linalg.inv(design.T @ design), rtol=1e-6)
    assert_allclose(result.chi2, square[0], rtol=1e-9)
    assert result.dof == 23
    assert_allclose(result.bic - result.aic, 2 * np.log(25) - 4)
    assert result.converged


CERTIFIED = reference("published")["misra1a"]


@pytest.mark.parametrize("start", [{"s.height": 500.0, "s.rate": 1e-4}, {"s.height": 250.0, "s.rate": 5e-4}])
def test_misra1a_reaches_the_certified_values(models, heat_capacity, start):
    data = heat_capacity(MISRA1A_X, MISRA1A_Y, noise="residuals")
    vary = {"s.height": Uniform(1.0, 1e4), "s.rate": LogUniform(1e-6, 1.0)}
    result = fit(Glass({"s": models["Saturation"]()}), [data], vary, start=start)
    assert_allclose(result.values["s.height"], CERTIFIED["height"][0], rtol=1e-6)
    assert_allclose(result.values["s.rate"], CERTIFIED["rate"][0], rtol=1e-6)
    assert_allclose(result.errors["s.height"], CERTIFIED["height"][1], rtol=1e-4)
    assert_allclose(result.errors["s.rate"], CERTIFIED["rate"][1], rtol=1e-4)
    curve = result.curves["run"]
    assert_allclose(np.sum((curve.measured - curve.model) ** 2), CERTIFIED["residual_sum_of_squares"], rtol=1e-8)
    assert "no test of the model" in result.notes[0]
    assert result.noise_estimated == ("run",)


def test_pulls_are_standard_normal(models, heat_capacity):
    rng = np.random.default_rng(7)
    T = np.geomspace(0.5, 5.0, 20)
    truth = Glass({"p": models["Power"](2.0, 1.3)})
    sigma = 0.03 * truth.heat_capacity(T, 0.0)
    vary = {"p.amplitude": LogUniform(0.1, 100.0), "p.exponent": Uniform(0.0, 5.0)}
    pulls = []
    for _ in range(150):
        data = heat_capacity(T, truth.heat_capacity(T, 0.0) + sigma * rng.normal(size=20), sigma)
        result = fit(truth, [data], vary)
        pulls.append([(result.values[path] - truth.value(path)) / result.errors[path] for path in vary])
    # 150 draws: standard error of the mean 0.082, of the standard deviation 0.058; four of each.
    assert_allclose(np.mean(pulls, axis=0), 0.0, atol=0.33)
    assert_allclose(np.std(pulls, axis=0), 1.0, atol=0.23)


def test_two_observables_share_their_parameters(models, heat_capacity, magnetization):
    rng = np.random.default_rng(3)
    T, B = np.linspace(1.0, 4.0, 30), np.linspace(0.5, 5.0, 30)
    first = heat_capacity(T, 2.0 * T + 0.01 * rng.normal(size=30), 0.01, name="calorimeter")
    second = magnetization(4.0, B, 6.0 * B + 0.02 * rng.normal(size=30), 0.02, name="squid")
    vary = {"l.slope": Uniform(0.0, 10.0), "l.moment": Uniform(0.0, 10.0)}
    result = fit(Glass({"l": models["Line"]()}), [first, second], vary)
    assert_allclose(result.values["l.slope"], 2.0, atol=4 * result.errors["l.slope"])
    assert_allclose(result.values["l.moment"], 3.0, atol=4 * result.errors["l.moment"])
    assert set(result.chi2_by_dataset) == {"calorimeter", "squid"}
    assert_allclose(sum(result.chi2_by_dataset.values()), result.chi2)


def test_units_of_the_file_are_converted_once(models, heat_capacity):
    T, C = np.linspace(1.0, 3.0, 5), np.linspace(1.0, 3.0, 5)
    data = heat_capacity(T, C, 0.1)
    in_file = dataclasses.replace(data, columns={
        "temperature": Column(1e3 * T, "mK"), "heat_capacity": Column(C, "mJ/(K g)"), "sigma": Column(C, "mJ/(K g)"),
    })  # fmt: skip
    curve = fit(polynomial(models, (1,)), [in_file], {"p1.amplitude": Uniform(0.0, 9.0)}).curves["run"]
    assert_allclose(curve.temperature, T)
    assert_allclose(curve.measured, C)


def test_nuisance_parameters_take_up_offset_scale_and_holder(models, heat_capacity):
    T = np.linspace(1.0, 3.0, 40)
    holder = np.exp(-T)
    good = heat_capacity(T, 2.0 * T, 0.01, name="good")
    shifted = heat_capacity(T, 1.1 * 2.0 * T + 0.4 + 0.7 * holder, 0.01, name="shifted")
    shifted = shifted.with_column("holder", Column(holder, "J/(K kg)"))
    vary = {
        "p1.amplitude": LogUniform(0.1, 10.0), "data.shifted.scale": LogUniform(0.5, 2.0),
        "data.shifted.offset": Uniform(-5.0, 5.0), "data.shifted.holder": Uniform(0.0, 3.0),
    }  # fmt: skip
    result = fit(polynomial(models, (1,)), [good, shifted], vary)
    assert_allclose(list(result.values.values()), [2.0, 1.1, 0.4, 0.7], rtol=1e-5)
    assert result.units["data.shifted.offset"] == "J/(K kg)"


def test_ties_move_together_and_share_the_error(models, heat_capacity):
    T = np.linspace(1.0, 3.0, 20)
    data = heat_capacity(T, 0.5 * T + 1.0 * T**3, 0.01)
    glass = polynomial(models, (1, 3))
    result = fit(glass, [data], {"p1.amplitude": Uniform(0.0, 9.0)}, ties={"p3.amplitude": ("p1.amplitude", 2.0)})
    assert_allclose(result.values["p3.amplitude"], 1.0, rtol=1e-9)
    assert_allclose(result.errors["p3.amplitude"], 2.0 * result.errors["p1.amplitude"])
    assert_allclose(result.glass.value("p3.amplitude"), 1.0)
    assert "= 2 x p1.amplitude" in result.report()


def test_a_normal_prior_counts_as_one_more_measurement(models, heat_capacity):
    T = np.array([1.0, 1.0])
    data = heat_capacity(T, [2.0, 2.2], 0.1)
    result = fit(polynomial(models, (1,)), [data], {"p1.amplitude": Normal(2.4, 0.1)})
    assert_allclose(result.values["p1.amplitude"], (2.0 + 2.2 + 2.4) / 3)
    assert_allclose(result.errors["p1.amplitude"], 0.1 / np.sqrt(3))
    assert_allclose(result.prior_chi2, 4.0)
    assert result.dof == 2


def test_noise_estimated_from_residuals_balances_datasets(models, heat_capacity):
    rng = np.random.default_rng(5)
    T = np.linspace(1.0, 3.0, 400)
    runs = [
        heat_capacity(T, 2.0 * T + sigma * rng.normal(size=400), name=name, noise="residuals")
        for name, sigma in (("quiet", 0.01), ("loud", 0.5))
    ]
    result = fit(polynomial(models, (1,)), runs, {"p1.amplitude": Uniform(0.0, 9.0)})
    assert_allclose(result.curves["quiet"].sigma[0], 0.01, rtol=0.15)
    assert_allclose(result.curves["loud"].sigma[0], 0.5, rtol=0.15)
    expected = 1.0 / np.sqrt(np.sum(T**2) * (1 / 0.01**2 + 1 / 0.5**2))
    assert_allclose(result.errors["p1.amplitude"], expected, rtol=0.15)


def test_a_parameter_at_its_bound_is_said_to_be_and_has_no_error(models, heat_capacity):
    T = np.linspace(1.0, 3.0, 20)
    data = heat_capacity(T, 2.0 * T - 0.05 * T**3, 0.01)
    wide = Uniform(0.0, 10.0)
    result = fit(polynomial(models, (1, 3)), [data], {"p1.amplitude": wide, "p3.amplitude": wide})
    assert result.at_bound == {"p3.amplitude": "lower"}
    assert np.isinf(result.errors["p3.amplitude"]) and result.conditional == ("p1.amplitude",)
    assert np.isinf(result.errors["p1.amplitude"])  # it would hold only with the other at its bound
    assert np.diff(result.interval("p1.amplitude", 0.95)) > 0.0
    assert "at its lower bound" in result.report()


def test_a_nonlinear_parameter_at_its_bound_is_said_to_be(models, heat_capacity):
    T = np.linspace(1.0, 3.0, 20)
    result = fit(
        Glass({"p": models["Power"]()}), [heat_capacity(T, T**2, 0.01)],
        {"p.amplitude": LogUniform(0.1, 10.0), "p.exponent": Uniform(0.0, 1.5)},
    )
    assert result.at_bound == {"p.exponent": "upper"}
    assert result.values["p.exponent"] == 1.5


def test_a_fit_that_runs_out_of_evaluations_says_so(models, heat_capacity):
    data = heat_capacity(MISRA1A_X, MISRA1A_Y, 0.1)
    vary = {"s.height": Uniform(1.0, 1e4), "s.rate": LogUniform(1e-6, 1.0)}
    result = fit(Glass({"s": models["Saturation"](500.0, 1e-5)}), [data], vary, max_evaluations=1)
    assert not result.converged
    assert "not converged" in result.message and "NOT CONVERGED" in result.report()
    assert np.isinf(list(result.errors.values())).all()


def test_a_model_that_misses_the_data_is_said_to(models, heat_capacity):
    T = np.linspace(1.0, 3.0, 20)
    result = fit(polynomial(models, (1,)), [heat_capacity(T, T**3, 0.1)], {"p1.amplitude": Uniform(0.0, 90.0)})
    assert "does not describe these data within the stated noise" in result.notes[0]
    assert result.converged


def test_several_starts_are_reproducible_and_keep_the_best(models, heat_capacity):
    data = heat_capacity(MISRA1A_X, MISRA1A_Y, 0.1)
    vary = {"s.height": Uniform(1.0, 1e4), "s.rate": LogUniform(1e-6, 1.0)}
    said = []
    results = [
        fit(Glass({"s": models["Saturation"]()}), [data], vary, starts=3, seed=4, progress=said.append) for _ in "ab"
    ]
    assert results[0].starts == results[1].starts and len(results[0].starts) == 3
    assert_allclose(min(results[0].starts), results[0].chi2)
    assert any(text.startswith("start 3 of 3") for text in said)


def test_the_structured_jacobian_is_the_derivative_of_the_residuals(models, heat_capacity, magnetization):
    T = np.linspace(1.0, 3.0, 7)
    runs = [
        heat_capacity(T, T, 0.1, name="a").with_column("holder", Column(T**2, "J/(K kg)")),
        magnetization(T, 2.0, T, 0.2, name="b"),
    ]
    glass = Glass({"l": models["Line"](2.0, 3.0), "p": models["Power"](1.0, 2.0)})
    vary = {
        "l.slope": Normal(1.0, 0.5), "l.moment": LogUniform(0.1, 10.0), "p.exponent": Uniform(0.0, 3.0),
        "data.a.scale": LogUniform(0.1, 10.0), "data.a.offset": Uniform(-1.0, 1.0), "data.a.holder": Uniform(0.0, 1.0),
    }  # fmt: skip
    problem = build_problem(glass, runs, vary, {"p.amplitude": ("l.slope", 0.5)})
    assert isinstance(problem, Problem)
    z = problem.coordinates({
        "l.slope": 2.0, "l.moment": 3.0, "p.exponent": 1.1, "data.a.scale": 1.2, "data.a.offset": 0.1,
        "data.a.holder": 0.3,
    })  # fmt: skip
    steps = 1e-5 * np.eye(len(z))
    expected = np.column_stack([(problem.residuals(z + h) - problem.residuals(z - h)) / 2e-5 for h in steps])
    assert_allclose(problem.jacobian(z), expected, rtol=1e-6, atol=1e-7)


def test_the_result_is_json_able_and_carries_its_origin(models, heat_capacity):
    T = np.linspace(1.0, 3.0, 20)
    result = fit(polynomial(models, (1,)), [heat_capacity(T, T, 0.1)], {"p1.amplitude": Uniform(0.0, 9.0)})
    stored = json.loads(json.dumps(result.to_dict(), allow_nan=False))
    assert stored["values"] == {"p1.amplitude": result.values["p1.amplitude"]}
    assert {"glasstunnel", "numpy", "scipy", "python"} <= set(stored["versions"])
    assert len(stored["hashes"]["run"]) == 64
    other = fit(polynomial(models, (1,)), [heat_capacity(T, 1.01 * T, 0.1)], {"p1.amplitude": Uniform(0.0, 9.0)})
    assert other.hashes != result.hashes


LARMOR = "larmor.susceptibility"
GOOD = {"vary": {LARMOR: Uniform(0.0, 1.0)}}


@pytest.mark.parametrize("change, sentence", [
    ({"vary": {"larmor.susceptibilty": Uniform(0.0, 1.0)}}, "did you mean 'larmor.susceptibility'"),
    ({"vary": {}}, "at least one parameter"),
    ({"vary": {LARMOR: (0.0, 1.0)}}, "needs a prior"),
    ({"vary": {LARMOR: Uniform(-1.0, 1.0)}}, "must be >= 0"),
    ({"vary": {"data.run.holder": Uniform(0.0, 1.0)}}, "column 'holder'"),
    (GOOD | {"ties": {LARMOR: (LARMOR, 1.0)}}, "cannot both vary and be tied"),
    (GOOD | {"ties": {"data.run.scale": ("data.run.offset", 1.0)}}, "does not vary"),
    (GOOD | {"ties": {"data.run.scale": 3}}, "needs (other path, factor)"),
    (GOOD | {"start": {LARMOR: 2.0}}, "outside its prior"),
    (GOOD | {"starts": 0}, "at least 1"),
    (GOOD | {"jacobian": "magic"}, "'auto' or 'structured'"),
])  # fmt: skip
def test_impossible_requests_are_refused_with_a_sentence(magnetization, change, sentence):
    data = magnetization(np.linspace(2.0, 4.0, 5), 1.0, -1.0, 0.1)
    with pytest.raises(FitError) as caught:
        fit(Glass({"larmor": LarmorDiamagnetism(0.5)}), [data], **change)
    assert sentence in str(caught.value)


def test_datasets_that_cannot_be_fitted_are_refused_with_a_sentence(magnetization):
    glass, T = Glass({"larmor": LarmorDiamagnetism(0.5)}), np.array([2.0, 3.0])
    good = magnetization(T, 1.0, -1.0, 0.1)
    cases = [
        ([], "no dataset"),
        ([good, good], "two datasets are called 'run'"),
        ([magnetization(T, 1.0, -1.0, noise="")], "choose a noise model"),
        ([magnetization(T, 1.0, -1.0, [0.1, 0.0])], "row 2: sigma must be positive"),
        ([magnetization([2.0, np.nan], 1.0, -1.0, 0.1)], "row 2: temperature is not a finite number"),
        ([magnetization([2.0, -1.0], 1.0, -1.0, 0.1)], "row 2: temperature must be positive"),
        ([dataclasses.replace(good, quantity="sigma")], "no model predicts"),
        ([dataclasses.replace(good, quantity="sigma")], "a capacitance a reference: relative_to"),
        ([good.with_column("magnetization", Column([1.0, 2.0], "emu"))], "'run'"),
        ([magnetization(T, 1.0, -0.5, noise="residuals")], "passes through every point"),
    ]
    for datasets, sentence in cases:
        with pytest.raises(FitError) as caught:
            fit(glass, datasets, {LARMOR: Uniform(0.0, 1.0)})
        assert sentence in str(caught.value)


def test_noise_stated_too_large_is_said(models, heat_capacity):
    """Scatter of 1 beside a stated sigma of 10: chi-square would accept almost any model."""
    T = np.linspace(1.0, 4.0, 50)
    C = 100.0 * T + np.random.default_rng(5).standard_normal(50)
    glass = Glass({"line": models["Line"]()})
    result = fit(glass, [heat_capacity(T, C, 10.0)], {"line.slope": Uniform(0.0, 1e3)})
    assert "the data scatter less than the stated noise" in result.notes[0]
    right = fit(glass, [heat_capacity(T, C, 1.0)], {"line.slope": Uniform(0.0, 1e3)})
    assert not any("scatter" in note or "does not describe" in note for note in right.notes)


def test_datasets_a_model_misses_are_named_in_one_sentence(models, heat_capacity):
    T = np.linspace(1.0, 3.0, 20)
    runs = [heat_capacity(T, T**3, 0.1, name=f"run{i}") for i in range(6)]
    notes = fit(polynomial(models, (1,)), runs, {"p1.amplitude": Uniform(0.0, 90.0)}).notes
    (said,) = [note for note in notes if "does not describe" in note]
    assert "run0 (chi-square" in said and said.endswith("and 2 more")


@pytest.mark.parametrize("noise", ["given", "residuals"])
def test_residuals_that_follow_one_another_are_said(models, heat_capacity, noise):
    """A straight line through a parabola within generous error bars: chi-square is content, the eye is not."""
    T = np.random.default_rng(3).permutation(np.linspace(1.0, 3.0, 60))
    glass, vary = polynomial(models, (1,)), {"p1.amplitude": Uniform(0.0, 90.0)}
    sigma = 1.1 if noise == "given" else None
    result = fit(glass, [heat_capacity(T, T**2, sigma, name="bent", noise=noise)], vary)
    assert result.chi2 < 1.2 * result.dof
    (said,) = [note for note in result.notes if "residuals follow one another" in note]
    assert "bent" in said and "0.0001" in said
    straight = 2.0 * T + 1.1 * np.random.default_rng(8).standard_normal(60)
    right = fit(glass, [heat_capacity(T, straight, sigma, noise=noise)], vary)
    assert not any("follow one another" in note for note in right.notes)


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_a_chi_square_beyond_any_number_is_refused():
    columns = {"temperature": Column([4.0, 5.0], "K"), "field": Column([1.0, 2.0], "T"),
               "magnetization": Column([-4e-3, -9e-3], "A m2/kg"), "sigma": Column([1e-160] * 2, "A m2/kg")}
    data = Dataset(columns, "magnetization", name="chip", noise="given")
    with pytest.raises(FitError, match="chi-square of dataset 'chip' is beyond any number; check its noise"):
        fit(Glass({"larmor": LarmorDiamagnetism(4e-3)}), [data], {LARMOR: Uniform(0.0, 1.0)})


@pytest.mark.parametrize("seed", [-1, 1.5, None, True])
def test_a_seed_that_is_none_is_refused(seed, magnetization):
    data = magnetization(np.linspace(2.0, 4.0, 5), 1.0, -1.0, 0.1)
    with pytest.raises(GlassTunnelError, match="fit: seed must be a whole number"):
        fit(Glass({"larmor": LarmorDiamagnetism(0.5)}), [data], **GOOD, seed=seed)


def test_in_a_notebook_a_result_is_short_and_its_report_is_text(magnetization):
    data = magnetization(np.linspace(2.0, 4.0, 5), 1.0, -1.0, 0.1)
    result = fit(Glass({"larmor": LarmorDiamagnetism(0.5)}), [data], **GOOD)
    assert len(repr(result)) < 200 and LARMOR in repr(result)
    assert "<table>" in result._repr_html_() and LARMOR in result._repr_html_()
