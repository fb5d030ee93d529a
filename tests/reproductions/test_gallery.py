"""Every script of the gallery runs, and every feature it asserts about its figure of the papers holds."""

import runpy
from pathlib import Path

import matplotlib
import pytest

GALLERY = Path(__file__).parents[2] / "docs" / "gallery"
SCRIPTS = sorted(GALLERY.glob("plot_*.py"))
TUTORIALS = sorted((GALLERY.parent / "tutorials").glob("plot_*.py"))


def test_the_gallery_has_scripts():
    assert len(SCRIPTS) >= 12


@pytest.mark.slow
@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.stem)
def test_figure_shows_what_it_has_to(script):
    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    try:
        runpy.run_path(str(script))
        assert plt.get_fignums(), "the script draws nothing"
        for number in plt.get_fignums():
            for axes in plt.figure(number).axes:
                assert axes.get_xlabel(), "a horizontal axis without a label"
    finally:
        plt.close("all")


@pytest.mark.slow
@pytest.mark.parametrize("script", TUTORIALS, ids=lambda path: path.stem)
def test_a_tutorial_reaches_its_conclusion_and_says_what_is_not_determined(script):
    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    try:
        runpy.run_path(str(script))
        assert plt.get_fignums(), "the tutorial draws nothing"
    finally:
        plt.close("all")
    assert "# What these data do not determine" in script.read_text(encoding="utf-8")


def test_there_are_five_tutorials_from_files_and_one_for_a_notebook():
    assert len(TUTORIALS) == 6
