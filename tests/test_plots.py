"""Figures show what the records say: units, numbers, labels."""

import warnings

import numpy as np
import pytest
from matplotlib.colors import to_rgb

from glasstunnel import Glass, LarmorDiamagnetism, MagneticIons, TwoLevelSystems, magnetization
from glasstunnel.errors import ParameterError
from glasstunnel.inference.results import FittedCurve
from glasstunnel.plots import (
    comparison_figure,
    correlation_figure,
    curie_figure,
    figure_svg,
    fit_figure,
    plot_curves,
    pretty_unit,
    save_figure,
)
from glasstunnel.plots.appearance import COLORS, colors_of

GLASS = Glass({"larmor": LarmorDiamagnetism(4e-3), "fe3": MagneticIons("Fe3+", 1e20)}, name="test glass")
T = np.geomspace(2.0, 300.0, 30)


def curve(name="run", B=2.0, shift=0.0):
    model = magnetization(GLASS, T, B)
    sigma = np.full_like(T, 1e-5)
    return FittedCurve(name, "magnetization", "A m2/kg", T, np.full_like(T, B), model + shift, sigma, model, False)


def test_a_curve_carries_the_library_s_numbers_with_its_contributions():
    ax = plot_curves(GLASS, "magnetization", T, np.array([2.0]))
    lines = {line.get_label(): line.get_ydata() for line in ax.lines}
    np.testing.assert_allclose(lines["sum"], magnetization(GLASS, T, 2.0), rtol=1e-12)
    np.testing.assert_allclose(lines["larmor"] + lines["fe3"], lines["sum"], rtol=1e-9)
    assert "2 T" in ax.get_title("left")


def test_a_reference_is_not_taken_for_the_condition_of_a_curve():
    """100 mK and 0 T in one title would read as the field that is swept."""
    tls = Glass({"tls": TwoLevelSystems(1e20, dielectric_strength=5e-4)})
    held = {"frequency": 1e3, "reference_field": 0.0}
    ax = plot_curves(tls, "dielectric_shift", 0.1, np.linspace(0.0, 2.0, 3), conditions=held)
    assert ax.get_title("left") == "100 mK, 1 kHz, relative to 0 T"
    held = {"frequency": 1e3, "reference_temperature": np.array([0.05, 0.1])}
    ax = plot_curves(tls, "dielectric_shift", np.geomspace(0.1, 1.0, 3), 0.0, conditions=held)
    assert [line.get_label() for line in ax.lines] == ["relative to 50 mK", "relative to 100 mK"]


def test_the_axis_with_more_points_is_the_horizontal_one_and_spans_decades_logarithmically():
    over_field = plot_curves(GLASS, "magnetization", np.array([2.0, 10.0]), np.linspace(0.0, 6.0, 7))
    assert over_field.get_xlabel() == "$B$ [T]" and over_field.get_xscale() == "linear"
    over_temperature = plot_curves(GLASS, "magnetization", T, np.array([1.0, 2.0]))
    assert over_temperature.get_xlabel() == "$T$ [K]" and over_temperature.get_xscale() == "log"


def test_cgs_axes_say_so_and_scale_the_numbers():
    fields = np.linspace(0.0, 6.0, 7)
    si, cgs = (
        plot_curves(GLASS, "susceptibility", np.array([4.0]), fields, cgs=cgs) for cgs in (False, True)
    )
    assert "A m²/(kg T)" in si.get_ylabel() and "emu/(g Oe)" in cgs.get_ylabel() and "kOe" in cgs.get_xlabel()
    np.testing.assert_allclose(cgs.lines[0].get_xdata(), 10.0 * si.lines[0].get_xdata())
    np.testing.assert_allclose(cgs.lines[0].get_ydata(), 1e-4 * si.lines[0].get_ydata())


def test_a_fit_shows_data_fit_and_residuals_in_units_of_sigma():
    figure = fit_figure([curve(shift=3e-5)], title="SIMULATED DATA")
    upper, lower = figure.axes[:2]
    assert upper.get_title("left") == "SIMULATED DATA"
    residuals = next(line for line in lower.lines if len(line.get_ydata()) == len(T))
    np.testing.assert_allclose(residuals.get_ydata(), 3.0, rtol=1e-6)


def test_many_fields_get_a_scale_instead_of_a_legend_that_nobody_can_read():
    few, many = (fit_figure([curve(f"run{i}", B=0.5 * (1 + i)) for i in range(n)]) for n in (3, 9))
    assert few.axes[0].get_legend() is not None and len(few.axes) == 2
    assert many.axes[0].get_legend() is None and many.axes[2].get_ylabel() == "$B$ [T]"


def test_colors_of_a_scale_follow_the_value_not_the_rank():
    values = np.array([0.1, 0.25, 0.5, 1.0, 2.0, 3.0, 4.0, 6.5])
    low, second, *_, high = (np.array(to_rgb(color)) for color in colors_of(values))
    assert np.linalg.norm(second - low) < 0.1 * np.linalg.norm(high - low)
    assert colors_of([1, 2, 3]) == list(COLORS[:3])


def test_comparison_draws_one_panel_of_residuals_per_model():
    figure = comparison_figure({"one": [curve(shift=1e-5)], "two": [curve(shift=-2e-5)]}, title="SIMULATED")
    assert [ax.get_title("left") for ax in figure.axes] == ["SIMULATED: one", "SIMULATED: two"]
    np.testing.assert_allclose(figure.axes[1].lines[0].get_ydata(), -2.0, rtol=1e-6)


def test_correlations_are_printed_in_the_cells():
    figure = correlation_figure(["a.x", "b.y"], np.array([[1.0, -0.93], [-0.93, 1.0]]))
    assert "−.93" in [text.get_text() for text in figure.axes[0].texts]


def test_a_curie_law_is_a_horizontal_line():
    ions = Glass({"ions": MagneticIons("Fe3+", 1e20)})
    run = curve(B=0.001)
    line = curie_figure([run], ions).axes[0].lines[1].get_ydata()
    np.testing.assert_allclose(line, line[0], rtol=1e-6)


def test_a_figure_is_saved_in_three_formats_and_no_other(tmp_path):
    figure = plot_curves(GLASS, "magnetization", T, np.array([2.0])).figure
    for ending, start in (("png", b"\x89PNG"), ("pdf", b"%PDF"), ("svg", b"<?xml")):
        save_figure(figure, tmp_path / f"curve.{ending}")
        assert (tmp_path / f"curve.{ending}").read_bytes().startswith(start)
    with pytest.raises(ParameterError, match="bmp"):
        save_figure(figure, tmp_path / "curve.bmp")
    assert figure_svg(figure).rstrip().endswith("</svg>")


def test_drawing_leaves_the_settings_of_matplotlib_alone_and_needs_no_display(monkeypatch):
    import matplotlib

    monkeypatch.delenv("DISPLAY", raising=False)
    before = dict(matplotlib.rcParams)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        figure_svg(fit_figure([curve()]))
    assert dict(matplotlib.rcParams) == before


@pytest.mark.parametrize(
    ("text", "printed"), [("A m2/(kg T)", "A m²/(kg T)"), ("K Angstrom^2", "K Å²"), ("g^-1", "g⁻¹"), ("J/kg", "J/kg")]
)
def test_units_are_printed_with_raised_powers(text, printed):
    assert pretty_unit(text) == printed


@pytest.mark.parametrize("names", [["a.x", "b.y"], ["larmor.susceptibility", "ats.amplitude_area_min"]])
def test_the_names_beside_the_correlations_are_not_cut(names):
    figure = correlation_figure(names, np.eye(2))
    figure.draw_without_rendering()
    labels = [*figure.axes[0].get_xticklabels(), *figure.axes[0].get_yticklabels()]
    boxes = [label.get_window_extent().transformed(figure.transFigure.inverted()) for label in labels]
    assert min(min(box.x0, box.y0) for box in boxes) >= 0.0


def test_contributions_stand_once_in_the_legend_of_a_dataset_at_two_fields():
    T, B = np.tile([2.0, 4.0, 8.0], 2), np.repeat([1.0, 3.0], 3)
    part = LarmorDiamagnetism(4e-3)
    model = np.asarray(magnetization(part, T, B))
    curve = FittedCurve("run", "magnetization", "A m2/kg", T, B, model, np.full(6, 1e-4), model, False)
    figure = fit_figure([curve], parts={"larmor": 0.5 * model})
    assert [text.get_text() for text in figure.axes[0].get_legend().get_texts()].count("larmor") == 1


def test_a_thousand_points_are_one_image_beneath_the_lines_and_few_stay_sharp():
    T = np.geomspace(2.0, 300.0, 1000)
    model = np.asarray(magnetization(GLASS, T, 2.0))
    field, sigma = np.full(1000, 2.0), np.full(1000, 1e-5)
    many = FittedCurve("run", "magnetization", "A m2/kg", T, field, model, sigma, model, False)
    dense, sparse = figure_svg(fit_figure([many, many])), figure_svg(fit_figure([curve()]))
    assert dense.count("<image") == 2 and "<image" not in sparse, "one for the data, one for the residuals"
    assert len(dense) < 250_000
    assert dense.index("<image") < dense.rindex("stroke-width: 1.5"), "the fit is drawn over the data"


def test_a_spectrum_is_drawn_against_its_frequency_not_its_one_temperature():
    f = np.geomspace(1.0, 1e4, 9)
    S, T = 1e-16 / f, np.full(9, 4.2)
    curve = FittedCurve(
        "spectrum", "voltage_noise", "V2/Hz", T, np.zeros(9), S, 0.1 * S, S, False,
        {"frequency": f, "capacitance": np.full(9, 1e-12)},
    )  # fmt: skip
    upper, lower = fit_figure([curve]).axes
    assert lower.get_xlabel() == "frequency [Hz]" and upper.get_xscale() == "log"
    np.testing.assert_allclose(upper.lines[-1].get_xdata(), f)
