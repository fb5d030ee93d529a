"""Tables of pandas and grids of xarray say what the records say, with units; without the libraries one sentence."""

import sys

import numpy as np
import pytest

import glasstunnel as gt
from glasstunnel.errors import ParameterError

pandas, xarray = pytest.importorskip("pandas"), pytest.importorskip("xarray")

GLASS = gt.Glass({"larmor": gt.LarmorDiamagnetism(4e-3), "fe3": gt.MagneticIons("Fe3+", 1e20)}, name="one")
T = np.geomspace(2.0, 300.0, 12)
VARY = {"larmor.susceptibility": gt.Uniform(0, 1), "fe3.concentration": gt.LogUniform(1e15, 1e22)}


def dataset(name="run"):
    M = gt.magnetization(GLASS, T, 2.0) + 1e-5 * np.cos(7.0 * T)
    columns = {"temperature": gt.Column(1e3 * T, "mK", "T (mK)"), "field": gt.Column([2.0] * len(T), "T"),
               "magnetization": gt.Column(M, "A m2/kg"), "sigma": gt.Column([1e-5] * len(T), "A m2/kg")}  # fmt: skip
    return gt.Dataset(columns, "magnetization", name=name, noise="given", metadata={"mass": "2 mg"})


@pytest.fixture(scope="module")
def result():
    return gt.fit(GLASS, [dataset(), dataset("other")], VARY)


def test_a_dataset_keeps_the_units_of_its_file():
    frame, points = dataset().to_dataframe(), dataset().to_xarray()
    assert list(frame.columns) == ["temperature [mK]", "field [T]", "magnetization [A m2/kg]", "sigma [A m2/kg]"]
    np.testing.assert_array_equal(frame["temperature [mK]"], 1e3 * T)
    assert dict(points.sizes) == {"point": 12} and points["temperature"].attrs == {"units": "mK"}
    np.testing.assert_array_equal(points["magnetization"], dataset()["magnetization"].values)
    assert points.attrs["mass"] == "2 mg" and points.attrs["quantity"] == "magnetization"


def test_a_dataset_of_one_row_is_one_point():
    one = dataset().select(T < 3.0, "below 3 K")
    assert dict(one.to_xarray().sizes) == {"point": len(one)} == {"point": 1}


def test_a_fit_as_points_and_as_parameters(result):
    points, parameters = result.to_dataframe(), result.to_dataframe("parameters")
    assert list(points["dataset"]) == ["run"] * 12 + ["other"] * 12 and set(points["unit"]) == {"A m2/kg"}
    curve = result.curves["other"]
    np.testing.assert_array_equal(points["model"][12:], curve.model)
    np.testing.assert_allclose(points["residual"][12:], curve.residuals)
    assert dict(zip(parameters["parameter"], parameters["value"], strict=True)) == dict(result.values)
    assert list(parameters["error"]) == [result.errors[path] for path in result.values]
    grid = result.to_xarray("other")
    np.testing.assert_array_equal(grid["measured"], curve.measured)
    assert grid["measured"].attrs == {"units": "A m2/kg"} and dict(grid.sizes) == {"point": 12}
    assert list(curve.to_dataframe()["field [T]"]) == [2.0] * 12
    with pytest.raises(ParameterError, match="run, other"):
        result.to_xarray()
    with pytest.raises(ParameterError, match="parameters"):
        result.to_dataframe("all")


def test_points_of_unlike_datasets_stand_in_one_table():
    from dataclasses import replace

    result = gt.fit(GLASS, [dataset(), dataset("other"), dataset("third")], VARY)
    other = replace(result.curves["other"], conditions={"frequency": np.full(12, 1e3)})
    frame = replace(result, curves=dict(result.curves) | {"other": other}).to_dataframe()
    assert frame["frequency [Hz]"].isna().sum() == 24 and frame["frequency [Hz]"][12] == 1e3
    assert list(frame["dataset"]) == ["run"] * 12 + ["other"] * 12 + ["third"] * 12


def test_a_prediction_on_a_grid_has_the_dimensions_of_the_grid(result):
    B = np.array([1.0, 2.0, 3.0])
    grid = result.predict(T[:, None], B).to_xarray()
    assert dict(grid.sizes) == {"temperature": 12, "field": 3}
    np.testing.assert_allclose(grid["magnetization"].sel(field=2.0), result.predict(T, 2.0).value)
    assert grid["field"].attrs == {"units": "T"} and grid["sigma"].attrs == {"units": "A m2/kg"}
    line = result.predict(T, 2.0)
    assert dict(line.to_xarray().sizes) == {"temperature": 12} and float(line.to_xarray()["field"]) == 2.0
    assert dict(result.predict(T, 0.1 * T).to_xarray().sizes) == {"point": 12}
    np.testing.assert_array_equal(line.to_dataframe()["magnetization [A m2/kg]"], line.value)


def test_a_frequency_is_a_dimension_too():
    tls = gt.TwoLevelSystems(1e20, dielectric_strength=5e-4, elastic_constant=5e-8)
    cold, f = np.array([0.05, 0.1, 0.2, 0.5]), np.array([1e3, 1e4])
    loss = gt.loss_tangent(tls, cold, 0.0, frequency=1e3)
    columns = {"temperature": gt.Column(cold, "K"), "frequency": gt.Column([1e3] * 4, "Hz"),
               "loss_tangent": gt.Column(loss, "1"), "sigma": gt.Column(0.01 * loss, "1")}  # fmt: skip
    result = gt.fit(tls, gt.Dataset(columns, "loss_tangent", noise="given"),
                    {"tls.dielectric_strength": gt.LogUniform(1e-5, 1e-2)})  # fmt: skip
    grid = result.predict(cold[:, None], 0.0, frequency=f).to_xarray()
    assert dict(grid.sizes) == {"temperature": 4, "frequency": 2}
    np.testing.assert_allclose(grid["loss_tangent"].sel(frequency=1e3), loss, rtol=1e-6)
    assert "frequency [Hz]" in result.to_dataframe()


def test_a_comparison_has_one_row_for_each_model():
    larmor = {"larmor.susceptibility": gt.Uniform(0, 1)}
    compared = gt.compare({"larmor": (GLASS, larmor), "both": (GLASS, VARY)}, dataset())
    frame, grid = compared.to_dataframe(), compared.to_xarray()
    assert list(frame["model"]) == [model.name for model in compared.models] == list(grid["model"].values)
    assert list(frame["chi2"]) == [model.result.chi2 for model in compared.models]
    assert grid["iron"].attrs == {"units": "1/kg"} and dict(grid.sizes) == {"model": 2}


def test_draws_of_a_posterior_are_columns(result):
    draws = gt.posterior(result, draws=500)
    frame = draws.to_dataframe()
    np.testing.assert_array_equal(frame["fe3.concentration [1/kg]"], draws.samples["fe3.concentration"])


@pytest.mark.parametrize(("library", "method"), [("pandas", "to_dataframe"), ("xarray", "to_xarray")])
def test_without_the_library_one_sentence_says_what_to_install(library, method, monkeypatch):
    monkeypatch.setitem(sys.modules, library, None)
    with pytest.raises(ParameterError, match=rf"{method} needs {library}: pip install 'glasstunnel\[frames\]'"):
        getattr(dataset(), method)()
