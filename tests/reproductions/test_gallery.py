"""Every script of the gallery runs, and every feature it asserts about its figure of the papers holds."""

import runpy
from pathlib import Path

import matplotlib.pyplot as plt
import pytest

GALLERY = Path(__file__).parents[2] / "docs" / "gallery"
SCRIPTS = sorted(GALLERY.glob("plot_*.py"))
TUTORIALS = sorted((GALLERY.parent / "tutorials").glob("plot_*.py"))


def figures_of(script):
    """What a script draws when it is run."""
    runpy.run_path(str(script))
    return [plt.figure(number) for number in plt.get_fignums()]


def test_the_gallery_has_scripts():
    assert len(SCRIPTS) >= 12


@pytest.mark.slow
@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.stem)
def test_figure_shows_what_it_has_to(script):
    figures = figures_of(script)
    assert figures, "the script draws nothing"
    for figure in figures:
        for axes in figure.axes:
            assert axes.get_xlabel(), "a horizontal axis without a label"


@pytest.mark.slow
@pytest.mark.parametrize("script", TUTORIALS, ids=lambda path: path.stem)
def test_a_tutorial_reaches_its_conclusion_and_says_what_is_not_determined(script):
    assert figures_of(script), "the tutorial draws nothing"
    assert "# What these data do not determine" in script.read_text(encoding="utf-8")


def test_there_are_five_tutorials_from_files_and_one_for_a_notebook():
    assert len(TUTORIALS) == 6
