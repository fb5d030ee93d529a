"""The map of a plan: every candidate in the color of its worth, counts where there are points."""

import numpy as np
import pytest
from numpy.testing import assert_allclose
from tests.inference.simulations import curie_run, weighed

from glasstunnel import Glass, LarmorDiamagnetism, MagneticIons, Uniform, fit, plan
from glasstunnel.inference.candidates import Candidates
from glasstunnel.inference.discrimination import Discrimination
from glasstunnel.plots import plan_figure
from glasstunnel.plots.designs import plan_columns

IONS = Glass({"iron": MagneticIons("Fe3+", 1e20), "larmor": LarmorDiamagnetism(4e-3)})
GRID = {"T": np.geomspace(2.0, 300.0, 6), "B": [0.0, 1.0, 7.0]}


@pytest.fixture(scope="module")
def result():
    run = weighed(curie_run(0, points=20, absolute=1e-4, glass=IONS), absolute=1e-4)
    return fit(IONS, [run], {"iron.concentration": Uniform(0.0, 1e22), "larmor.susceptibility": Uniform(0.0, 0.1)})


def test_a_map_shows_what_one_point_takes_off_the_error(result):
    made = plan(result, GRID, "iron.concentration", points=9)
    figure = plan_figure(made)
    ax, bar = figure.axes
    (marks,) = ax.collections
    assert marks.get_offsets().shape == (18, 2) and ax.get_xscale() == "log" and ax.get_yscale() == "linear"
    best = int(np.argmax(made.map))
    alone = plan(result, {"T": made.candidates.T[best], "B": made.candidates.B[best]}, "iron.concentration", points=1)
    taken = 100.0 * (1.0 - alone.after["iron.concentration"] / alone.before["iron.concentration"])
    assert_allclose(np.max(marks.get_array()), taken, rtol=1e-6)
    assert sorted(int(text.get_text()) for text in ax.texts) == sorted(made.counts[made.counts > 0])
    assert "off the error" in bar.get_ylabel()
    figure.draw_without_rendering()
    digits = max(label.get_window_extent().x1 for label in bar.get_yticklabels())
    assert bar.yaxis.label.get_window_extent().x0 - digits > 5.0 * figure.dpi / 72.0
    assert list(plan_columns(made))[-1] == "points" and len(plan_columns(made)["T [K]"]) == 18


def test_a_map_of_two_models_shows_the_shares(result):
    other = fit(Glass({"larmor": LarmorDiamagnetism(4e-3)}), list(result.datasets),
                {"larmor.susceptibility": Uniform(0.0, 0.1)})  # fmt: skip
    made = plan(result, GRID, versus=other)
    (marks,) = plan_figure(made).axes[0].collections
    assert_allclose(np.sum(marks.get_array()), 100.0)


def test_what_is_swept_beside_one_temperature_or_field_is_an_axis():
    T, B, power = (x.ravel() for x in np.meshgrid([0.1, 1.0], [0.0], [1e-17, 1e-15, 1e-13], indexing="ij"))
    made = Candidates("internal_loss", T, B, {"power": power}, np.ones(6), ("power",), (2, 1, 3))
    share = Discrimination(made, np.arange(6) / 15.0, 1.0, 1.0, 1.0, np.arange(6))
    ax, _ = plan_figure(share).axes
    assert ax.get_ylabel() == "power [W]" and ax.get_yscale() == "log" and len(ax.texts) == 5
    T, B, power = (x.ravel() for x in np.meshgrid([0.1, 1.0], [0.0, 1.0], [1e-17, 1e-15], indexing="ij"))
    made = Candidates("internal_loss", T, B, {"power": power}, np.ones(8), ("power",), (2, 2, 2))
    first, second, _ = plan_figure(Discrimination(made, np.ones(8) / 8.0, 1.0, 1.0, 1.0, np.ones(8, int))).axes
    assert (first.get_title(loc="left"), second.get_title(loc="left")) == ("power 1e-17 W", "power 1e-15 W")
    assert [len(ax.collections[0].get_offsets()) for ax in (first, second)] == [4, 4]
