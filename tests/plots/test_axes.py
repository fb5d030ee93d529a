"""The plotting functions draw into given axes, make new ones, and take one record or several."""

from types import SimpleNamespace

import matplotlib
import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.axes import Axes

import glasstunnel as gt
from glasstunnel.constants import bohr_magneton_kelvin
from glasstunnel.errors import ParameterError
from glasstunnel.observables.table import OBSERVABLES
from glasstunnel.plots import PLOTS, panel
from glasstunnel.plots.appearance import style
from glasstunnel.plots.checks import plot_posterior

GLASS = gt.Glass({"larmor": gt.LarmorDiamagnetism(4e-3), "fe3": gt.MagneticIons("Fe3+", 1e20)}, name="one")
T = np.geomspace(2.0, 300.0, 12)
NOISE = np.random.default_rng(5).normal(size=600)


def dataset(name="run", B=2.0, quantity="magnetization", sigma=True):
    values = gt.magnetization(GLASS, T, B)
    columns = {"temperature": gt.Column(T, "K"), "field": gt.Column([B] * len(T), "T"),
               quantity: gt.Column(values, "A m2/kg")}  # fmt: skip
    if sigma:
        columns["sigma"] = gt.Column([1e-5] * len(T), "A m2/kg")
    return gt.Dataset(columns, quantity, name=name, noise="given" if sigma else "")


@pytest.fixture(scope="module")
def result():
    vary = {"larmor.susceptibility": gt.Uniform(0, 1), "fe3.concentration": gt.Uniform(0, 1e22)}
    return gt.fit(GLASS, [dataset(), dataset("other", 1.0)], vary)


@pytest.fixture(scope="module")
def compared():
    vary = {"larmor.susceptibility": gt.Uniform(0, 1)}
    free = {"fe3.concentration": gt.Uniform(0, 1e22)}
    return gt.compare({"larmor": (GLASS, vary), "both": (GLASS, vary | free)}, dataset())


def drawn(result, ax):
    """What each plotting function draws into `ax`."""
    return {
        "plot_data": lambda: gt.plot_data(dataset(), ax),
        "plot_fit": lambda: gt.plot_fit(result, ax),
        "plot_curves": lambda: gt.plot_curves(GLASS, "magnetization", T, 2.0, ax),
        "plot_levels": lambda: gt.plot_levels(GLASS, np.linspace(0.0, 3.0, 5), ax=ax),
        "plot_density_of_states": lambda: gt.plot_density_of_states(gt.TwoLevelSystems(2e19, 1e-3), T, 0.0, ax),
    }


@pytest.mark.parametrize("name", [name for name in PLOTS if name not in ("plot_comparison", "plot_posterior")])
def test_a_plot_returns_the_axes_it_was_given_or_new_ones(name, result):
    given = panel()
    assert drawn(result, given)[name]() is given and given.has_data()
    assert not plt.get_fignums(), "nothing is opened beside the axes of the caller"
    made = drawn(result, None)[name]()
    assert isinstance(made, Axes) and len(plt.get_fignums()) == 1
    with pytest.raises(ParameterError, match="axes of matplotlib"):
        drawn(result, "ax")[name]()


def test_public_names_are_those_of_the_room():
    assert set(PLOTS) <= set(gt.__all__)
    assert all(getattr(gt, name) is getattr(gt.plots, name) for name in PLOTS)


def test_lists_of_datasets_glasses_and_fits_stand_in_one_axes(result):
    ax = gt.plot_data([dataset(), dataset("other", 1.0)])
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["2 T (run)", "1 T (other)"]
    other = gt.Glass({"larmor": gt.LarmorDiamagnetism(5e-3)}, name="two")
    assert len(gt.plot_curves([GLASS, other], "magnetization", T, 2.0).lines) == 2
    assert len(gt.plot_levels([GLASS, gt.Glass({"s": gt.SchottkyLevels(1e20, (0.0, 1.0))}, name="two")], T).lines) == 8
    labels = [text.get_text() for text in gt.plot_fit([result, result]).get_legend().get_texts()]
    assert any("one" in label for label in labels)


def test_data_are_drawn_without_noise_and_with_the_bars_of_their_noise():
    bare, barred = gt.plot_data(dataset(sigma=False)), gt.plot_data(dataset())
    np.testing.assert_allclose(bare.lines[0].get_ydata(), gt.magnetization(GLASS, T, 2.0))
    (bars,) = barred.collections
    np.testing.assert_allclose([path[1, 1] - path[0, 1] for path in bars.get_segments()], 2e-5, rtol=1e-6)
    assert not bare.collections


def test_a_column_that_is_no_observable_is_drawn_in_the_unit_of_its_file():
    ax = gt.plot_data(dataset(quantity="moment"))
    assert ax.get_ylabel() == "moment [A m²/kg]" and ax.get_xlabel() == "$T$ [K]"
    with pytest.raises(ParameterError, match="measure magnetization, moment"):
        gt.plot_data([dataset(), dataset("other", quantity="moment")])
    with pytest.raises(ParameterError, match="no temperature, field or other condition"):
        gt.plot_data(gt.Dataset({"moment": gt.Column([1.0])}, "moment"))


def test_a_missing_temperature_is_not_called_zero_kelvin():
    columns = {"field": gt.Column([0.0, 1.0, 2.0], "T"), "moment": gt.Column([0.0, 1.0, 2.0], "emu")}
    alone = gt.Dataset(columns, "moment")
    ax = gt.plot_data(alone)
    assert ax.get_xlabel() == "$B$ [T]" and "0 K" not in ax.get_legend().get_texts()[0].get_text()


def test_derived_columns_are_drawn_from_what_was_measured():
    ax = gt.plot_data(dataset(), quantity="susceptibility_times_temperature")
    np.testing.assert_allclose(ax.lines[0].get_ydata(), T * gt.magnetization(GLASS, T, 2.0) / 2.0)


def test_residuals_stand_beneath_or_in_the_axes_given_for_them(result):
    upper, lower = panel(), panel()
    assert gt.plot_fit(result, upper, residuals=lower) is upper
    assert lower.get_ylabel() == "(data − fit)/σ"
    assert len(gt.plot_fit(result).figure.axes) == 2
    assert len(gt.plot_fit(result, panel()).figure.axes) == 1


def test_a_fit_of_two_observables_gets_axes_for_each(result):
    from dataclasses import replace

    curves = dict(result.curves)
    curves["other"] = replace(curves["other"], observable="susceptibility", unit="A m2/(kg T)")
    both = replace(result, curves=curves)
    first, second = both.plot()
    assert "magnetization" in first.get_ylabel() and "susceptibility" in second.get_ylabel()
    assert "susceptibility" in both.plot(observable="susceptibility").get_ylabel()
    with pytest.raises(ParameterError, match="choose what stands"):
        both.plot(panel())
    with pytest.raises(ParameterError, match="nothing that was fitted measures 'entropy'"):
        both.plot(observable="entropy")
    with pytest.raises(ParameterError, match="FitResult"):
        gt.plot_fit("result")


def test_a_comparison_draws_one_panel_per_model_into_given_axes_or_new_ones(compared):
    made = compared.plot()
    assert [ax.get_title("left") for ax in made] == [model.name for model in compared.models]
    _, given = plt.subplots(2)
    assert list(compared.plot(given)) == list(given)
    with pytest.raises(ParameterError, match="2 models, got 1"):
        compared.plot(panel())


def test_a_posterior_draws_pairs_of_parameters(result):
    draws = gt.posterior(result, draws=500)
    assert draws.plot().shape == (2, 2)
    with pytest.raises(ParameterError, match="2 x 2 axes"):
        draws.plot(panel())


def test_levels_of_a_free_ion_are_those_of_zeeman():
    B = np.array([0.0, 1.0, 3.0])
    lines = gt.plot_levels(gt.MagneticIons("Fe3+", 1e20), B).lines
    for line, m in zip(lines, np.arange(-2.5, 3.0), strict=True):
        np.testing.assert_allclose(line.get_ydata(), 2.0 * m * bohr_magneton_kelvin * B, rtol=1e-6, atol=1e-12)
    with pytest.raises(ParameterError, match="no contribution states levels"):
        gt.plot_levels(gt.LarmorDiamagnetism(4e-3), B)


def test_the_density_of_states_is_the_library_s():
    E, B = np.geomspace(0.01, 10.0, 9), 0.1
    ax = gt.plot_density_of_states(gt.published("BK7"), E, B)
    np.testing.assert_allclose(ax.lines[0].get_ydata(), gt.density_of_states(gt.published("BK7"), E, B))


@pytest.mark.parametrize(("first", "last", "scale"), [(0.5, 50.0, "log"), (5.0, 6.0, "linear")])
def test_a_heat_capacity_over_decades_is_drawn_over_decades(first, last, scale):
    glass = gt.Glass({"tls": gt.TwoLevelSystems(1e20), "phonons": gt.DebyePhonons(8e-4)})
    grid = np.geomspace(first, last, 20)
    ax = gt.plot_curves(glass, "heat_capacity", grid)
    assert ax.get_yscale() == scale == ax.get_xscale()
    low, high = ax.get_ylim()
    total = gt.heat_capacity(glass, grid, 0.0)
    assert 1e-3 * total.min() < low < total.min() and total.max() < high
    data = gt.Dataset({"temperature": gt.Column(grid, "K"), "heat_capacity": gt.Column(total, "J/(K kg)")},
                      "heat_capacity")  # fmt: skip
    assert gt.plot_data(data).get_yscale() == scale
    below = data.with_column("heat_capacity", gt.Column(total - 2.0 * total.min(), "J/(K kg)"))
    assert gt.plot_data(below).get_yscale() == "linear", "a point below zero has no logarithm"


@pytest.mark.parametrize("name", list(OBSERVABLES))
def test_the_label_of_every_observable_fits_beside_its_axes(name):
    figure = plt.figure(figsize=(5.2, 4.6), layout="constrained")
    upper, _ = figure.subplots(2, 1, height_ratios=(3, 1))
    from glasstunnel.plots.appearance import Axes as UnitAxes
    from glasstunnel.plots.appearance import style

    with style():
        UnitAxes(name, False, True).decorate(upper, T)
    figure.draw_without_rendering()
    label, box = upper.yaxis.label.get_window_extent(), upper.get_window_extent()
    assert label.height < 1.12 * box.height and label.y1 < figure.bbox.y1 and label.y0 > figure.bbox.y0


def test_a_backend_that_turns_interactive_in_its_first_figure_stays_so():
    """A notebook shows no later figure otherwise."""
    was = matplotlib.is_interactive()
    try:
        matplotlib.interactive(False)
        with style():
            matplotlib.interactive(True)
        assert matplotlib.is_interactive()
        with pytest.raises(ZeroDivisionError), style():
            raise ZeroDivisionError
        assert matplotlib.is_interactive() and plt.rcParams["axes.grid"] is False
    finally:
        matplotlib.interactive(was)


def test_the_approximate_theory_is_broken_beside_the_exact_one_only():
    exact, effective = (gt.published("002.T14.BK7.M", theory=name) for name in ("exact", "effective"))
    ax = gt.plot_curves([exact, effective], "magnetization", T, 1.0, panel())
    assert [line.get_linestyle() for line in ax.lines] == ["-", "--"]
    assert gt.plot_curves(effective, "magnetization", T, 1.0, panel(), show_parts=False).lines[0].get_linestyle() == "-"
    ax = gt.plot_curves([exact, effective], "magnetization", T, [1.0, 2.0], panel())
    assert [line.get_label().split(", ")[1] for line in ax.lines] == 2 * ["exact"] + 2 * ["effective"]
    first, second, *broken = ax.lines
    assert [line.get_color() for line in broken] == [first.get_color(), second.get_color()]
    assert first.get_color() != second.get_color()
    ax.figure.canvas.draw()
    assert ax.get_legend().get_window_extent().y0 > ax.bbox.y1  # names so long would hide the curves
    ax = gt.plot_curves([exact, effective], "magnetization", T, 1.0, panel(), linestyle=":")
    assert {line.get_linestyle() for line in ax.lines} == {":"}


def test_a_curve_that_a_later_one_covers_is_wider_so_that_both_are_seen():
    indifferent = gt.Glass({"tls": gt.TwoLevelSystems(density=1e45)})
    first, second = gt.plot_curves(indifferent, "heat_capacity", T, [0.0, 5.0], panel()).lines
    np.testing.assert_allclose(first.get_ydata(), second.get_ydata(), rtol=1e-12)
    assert first.get_linewidth() > 2.0 * second.get_linewidth() and first.get_zorder() <= second.get_zorder()
    lines = gt.plot_curves(GLASS, "magnetization", T, [1.0, 5.0], panel()).lines
    assert len({line.get_linewidth() for line in lines}) == 1
    lines = gt.plot_curves(indifferent, "heat_capacity", T, [0.0, 5.0], panel(), linewidth=1.0).lines
    assert {line.get_linewidth() for line in lines} == {1.0}


def test_numbers_that_hardly_differ_are_written_with_enough_digits_and_every_label_is_within_the_figure():
    draws = {"larmor.susceptibility": 4e-3 + 1e-5 * NOISE, "fe3.concentration": 10.0 ** (20.0 + 1e-5 * NOISE)}
    priors = {"larmor.susceptibility": gt.Uniform(0, 1), "fe3.concentration": gt.LogUniform(1e18, 1e22)}
    units = {"larmor.susceptibility": "A m2/(kg T)", "fe3.concentration": "1/kg"}
    fit = SimpleNamespace(names=tuple(draws), priors=priors, units=units)
    axes = plot_posterior(SimpleNamespace(fit=fit, samples=draws))
    assert axes[1, 0].get_xlabel() == "larmor.\nsusceptibility\n[10⁻³\nA m²/(kg T)]"
    assert axes[1, 1].get_xlabel() == "log$_{10}$ fe3.\nconcentration\n[1/kg]"
    axes[0, 0].figure.canvas.draw()
    for ax, scale in ((axes[1, 0].xaxis, 1e-3), (axes[1, 1].xaxis, 1.0)):
        assert not ax.get_offset_text().get_text()
        for place, label in zip(ax.get_majorticklocs(), ax.get_ticklabels(), strict=True):
            shown = float(label.get_text().replace("−", "-"))
            assert scale * shown == pytest.approx(place, abs=1e-8)
    box = axes[0, 0].figure.bbox
    for label in (axes[1, 0].xaxis.label, axes[1, 1].xaxis.label, axes[1, 0].yaxis.label):
        drawn = label.get_window_extent()
        assert drawn.x0 >= box.x0 and drawn.x1 <= box.x1 and drawn.y0 >= box.y0 and drawn.y1 <= box.y1
    plt.close(axes[0, 0].figure)


def test_a_grid_without_values_is_refused():
    with pytest.raises(ParameterError, match="temperature has no values"):
        gt.plot_curves(GLASS, "heat_capacity", [])
