"""Fits are drawn as curves with bands, and every figure can be read in print: letters, marks, legends."""

import re
from pathlib import Path

import numpy as np
import pytest
from matplotlib.text import Text

from glasstunnel import (
    Column,
    Dataset,
    Glass,
    LarmorDiamagnetism,
    LogUniform,
    MagneticIons,
    Uniform,
    fit,
    magnetization,
)
from glasstunnel.inference.lines import fitted_lines
from glasstunnel.plots import comparison_figure, correlation_figure, fit_figure
from glasstunnel.report.fits import contributions_of

TRUTH = Glass({"larmor": LarmorDiamagnetism(4e-3), "fe3": MagneticIons("Fe3+", 1e20)}, name="test glass")
VARY = {"larmor.susceptibility": Uniform(0.0, 0.1), "fe3.concentration": LogUniform(1e18, 1e22)}
_PRINT = 9.0  # points: the smallest letters of a page


def run(name, T, B):
    T, B = np.broadcast_arrays(np.asarray(T, float), np.asarray(B, float))
    M = np.asarray(magnetization(TRUTH, T, B))
    sigma = np.full(T.shape, 1e-4)
    noisy = M + sigma * np.random.default_rng(3).standard_normal(T.size)
    columns = {"temperature": Column(T, "K"), "field": Column(B, "T"), "magnetization": Column(noisy, "A m2/kg"),
               "sigma": Column(sigma, "A m2/kg")}  # fmt: skip
    return Dataset(columns, "magnetization", name=name, noise="stated")


T = np.geomspace(2.0, 100.0, 12)
ZIGZAG = run("zigzag", np.linspace(2.0, 10.0, 12), np.tile([1.0, 1.5, 1.2], 4))
DRIFT = run("drift", np.linspace(2.0, 10.0, 12), np.linspace(1.0, 1.3, 12))
SWEEP = run("sweep", 4.0, np.linspace(-6.0, 6.0, 12))


@pytest.fixture(scope="module")
def result():
    return fit(TRUTH, [run(f"run{B:g}", T, B) for B in (0.5, 2.0, 5.0)], VARY)


def line_of(result, name, along="temperature"):
    (line,) = fitted_lines(result, [(name, np.arange(len(result.curves[name].measured)), along)])
    return line


def test_the_line_is_the_model_on_a_fine_grid_between_the_outermost_points(result):
    line = line_of(result, "run2")
    assert line.smooth and len(line.x) > 150
    assert line.x[0] == pytest.approx(2.0) and line.x[-1] == pytest.approx(100.0)
    np.testing.assert_allclose(np.diff(np.log(line.x)), np.log(50.0) / (len(line.x) - 1), rtol=1e-6)
    np.testing.assert_allclose(line.value, magnetization(result.glass, line.x, 2.0), rtol=1e-10)
    np.testing.assert_allclose(line.parts["larmor"] + line.parts["fe3"], line.value, rtol=1e-10)


def test_its_band_is_that_of_predict(result):
    line = line_of(result, "run5")
    predicted = result.predict(line.x, 5.0)
    np.testing.assert_allclose(line.sigma, predicted.sigma, rtol=2e-3)
    for level in (0.6827, 0.9545):
        np.testing.assert_allclose(line.band(level), predicted.band(level), rtol=1e-4)


def test_a_sweep_through_zero_field_holds_zero_and_a_drifting_field_is_followed():
    found = fit(TRUTH, [SWEEP, DRIFT, ZIGZAG], VARY)
    sweep, drift, zigzag = line_of(found, "sweep", "field"), line_of(found, "drift"), line_of(found, "zigzag")
    assert 0.0 in sweep.x and sweep.smooth
    np.testing.assert_allclose(drift.value, magnetization(found.glass, drift.x, 1.0 + 0.3 * (drift.x - 2.0) / 8.0))
    assert drift.smooth and not zigzag.smooth
    np.testing.assert_allclose(zigzag.value, found.curves["zigzag"].model)


def test_offset_scale_and_a_step_of_the_holder_belong_to_the_line():
    data = run("run", T, 2.0)
    step = Column((T > 10.0).astype(float), "A m2/kg", "a step")
    found = fit(TRUTH, data.with_column("holder", step), VARY | {
        "data.run.offset": Uniform(-1.0, 1.0), "data.run.holder": Uniform(-1.0, 1.0)})  # fmt: skip
    line, values = line_of(found, "run"), found.values
    pure = magnetization(found.glass, line.x, 2.0) + values["data.run.offset"]
    rest = line.value - pure
    assert set(np.round(rest / values["data.run.holder"], 6)) == {0.0, 1.0}


def test_a_fit_that_did_not_converge_has_a_line_and_no_band(result):
    free = VARY | {"fe3.g_factor": Uniform(1.0, 3.0)}
    stopped = fit(TRUTH, [run("run", T, 2.0)], free, start={"fe3.g_factor": 1.2}, max_evaluations=1)
    assert not stopped.converged and line_of(stopped, "run").band(0.68) is None
    fit_figure(list(stopped.curves.values()), result=stopped)


def figures(result):
    curves = list(result.curves.values())
    yield fit_figure(curves, result=result, title="all")
    yield fit_figure([curves[0]], result=result, parts=contributions_of(result, curves[0]), title="one")
    yield comparison_figure({"first": curves, "second": curves})
    yield correlation_figure(result.names, result.correlation)


def test_no_letter_is_below_nine_points_at_the_size_of_the_page(result):
    for figure in figures(result):
        figure.draw_without_rendering()
        sizes = {text.get_fontsize() for text in figure.findobj(Text) if text.get_text().strip()}
        assert min(sizes) >= _PRINT
        assert figure.get_figwidth() <= 7.0, "wider than a printed line, it would shrink with its letters"


def test_no_figure_of_the_package_asks_for_smaller_letters():
    from glasstunnel.plots import STYLE

    assert min(size for key, size in STYLE.items() if key.endswith("size") and "marker" not in key) >= _PRINT
    for path in (Path(__file__).parents[2] / "src" / "glasstunnel" / "plots").glob("*.py"):
        for size in re.findall(r"(?:fontsize|labelsize)=([0-9.]+)", path.read_text(encoding="utf-8")):
            assert float(size) >= _PRINT, path.name


def test_marks_differ_in_shape_and_neighbors_in_filling(result):
    upper, lower = fit_figure(list(result.curves.values()), result=result).axes
    points = [line for line in upper.lines if line.get_marker() not in ("None", "", "none", None)]
    assert len({line.get_marker() for line in points}) == 3
    assert [line.get_markerfacecolor() == "white" for line in points] == [False, True, False]
    assert [line.get_marker() for line in lower.lines[:3]] == [line.get_marker() for line in points]


def test_the_legend_names_data_total_bands_and_contributions(result):
    curve = result.curves["run2"]
    upper = fit_figure([curve], result=result, parts=contributions_of(result, curve)).axes[0]
    assert [text.get_text() for text in upper.get_legend().get_texts()] == [
        "2 T (run2)", "fit", "larmor", "fe3", "2 σ of the fit", "1 σ of the fit"]  # fmt: skip
    broken = [line.get_linestyle() for line in upper.lines if line.get_label() in ("larmor", "fe3")]
    assert len(set(broken)) == 2 and "-" not in broken


def test_a_contribution_that_is_the_whole_fit_is_named_instead_of_hidden_beneath_it():
    found = fit(Glass({"fe3": MagneticIons("Fe3+", 1e20)}), [run("run", T, 2.0)], {
        "fe3.concentration": VARY["fe3.concentration"]})  # fmt: skip
    curve = found.curves["run"]
    upper = fit_figure([curve], result=found, parts=contributions_of(found, curve)).axes[0]
    assert "fit, nearly all fe3" in [text.get_text() for text in upper.get_legend().get_texts()]
    assert "fe3" not in [line.get_label() for line in upper.lines]


def test_lines_far_apart_are_drawn_on_a_logarithmic_axis(result):
    ions = Glass({"fe3": MagneticIons("Fe3+", 1e20)})
    data = [run_of(ions, B) for B in (0.01, 2.0)]
    found = fit(ions, data, {"fe3.concentration": VARY["fe3.concentration"]})
    assert fit_figure(list(found.curves.values()), result=found).axes[0].get_yscale() == "log"
    assert fit_figure(list(result.curves.values()), result=result).axes[0].get_yscale() == "linear"


def run_of(glass, B):
    M = np.asarray(magnetization(glass, T, B))
    columns = {"temperature": Column(T, "K"), "field": Column(np.full_like(T, B), "T"),
               "magnetization": Column(M, "A m2/kg"), "sigma": Column(0.01 * M, "A m2/kg")}  # fmt: skip
    return Dataset(columns, "magnetization", name=f"run{B:g}", noise="stated")


def test_gallery_and_report_share_one_style():
    import matplotlib

    from glasstunnel.plots import STYLE, use_style

    with matplotlib.rc_context():
        use_style()
        assert matplotlib.rcParams["axes.labelsize"] == STYLE["axes.labelsize"] >= _PRINT
        assert matplotlib.rcParams["axes.prop_cycle"].by_key()["color"][0] == "#0072B2"
    configuration = (Path(__file__).parents[2] / "docs" / "conf.py").read_text(encoding="utf-8")
    assert "glasstunnel.plots.appearance.use_style" in configuration
