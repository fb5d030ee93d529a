"""The report and the pictures of a campaign, from a result made by hand."""

from dataclasses import replace

import numpy as np
import pytest

from glasstunnel.landscape.analysis import CampaignResult, Density, ExampleWell, system_saturation
from glasstunnel.landscape.graph import Edge, classify
from glasstunnel.landscape.saddles import Path
from glasstunnel.plots import double_well_figure, propensity_figure
from glasstunnel.report import save_results


@pytest.fixture
def result():
    u = np.zeros((5, 3))
    u[0] = [0.3, 0, 0]
    edge = Edge(0, 1, (0.0, 0.01), 0.1, u, np.zeros(3), -1e-4, 0.4, "0")
    group = classify([edge]).groups[0]
    row = {"glass": 0, "number": 0, "i": 0, "j": 1, "energy_i": 0.0, "energy_j": 0.01, "barrier": 0.09,
           "asymmetry": 0.01, "tunnel_splitting": 2e-4}  # fmt: skip
    one = np.array([0.4])
    return CampaignResult(
        "A title", {"tunneling": {"units": "argon"}}, (row,), ((0, group),), {"thresholds": 2}, {"chord": 3},
        (np.arange(1, 9), np.arange(1, 9)), 12.0, 8, one, 0.8 * one, 0.6 * one, 30 * one, 90 * one, np.array([1]),
        Density(1.0, 1, 0.2, 0.1, 1e24, True), {"Delta uniform": float("nan")}, "abc", "L1", ("a note",), 5, 1,
    )  # fmt: skip


def test_the_report_says_what_was_found_and_that_it_is_a_lower_bound(result, tmp_path):
    page = save_results([result], tmp_path, title=result.title).read_text(encoding="utf-8")
    for part in ("SIMULATED DATA", "a lower bound", "pair", "too far apart for one motion", "too few", "a note",
                 "method level L1"):
        assert part in page
    lines = (tmp_path / "landscape-heat-capacity.csv").read_text(encoding="utf-8").splitlines()
    T, exact, _law = (float(cell) for cell in lines[30].split(","))
    assert result.catalogue().heat_capacity(T, 0.0) == pytest.approx(exact, rel=1e-12)
    assert not result.saturated


def test_the_report_shows_a_double_well_and_where_atoms_move(result, tmp_path):
    x, u = np.random.default_rng(0).uniform(0, 4, (5, 3)), np.zeros((5, 3))
    u[0] = [0.3, 0, 0]
    s = np.linspace(0.0, 0.3, 5)
    path = Path(x + s[:, None, None] * u / 0.3, s, np.array([0, 0.05, 0.1, 0.06, 0.01]), np.zeros(5))
    well = ExampleWell(result.edges[0], x, u, np.full(3, 4.0), path)
    shown = replace(result, example=well, atoms=x, propensity=np.sum(u**2, axis=1), box=np.full(3, 4.0))
    page = save_results([shown], tmp_path, title=result.title).read_text(encoding="utf-8")
    assert "lowest barrier, 10.8 K" in page and "Where the atoms of the first" in page  # 0.09 eps of argon
    rows = (tmp_path / "landscape-double-well.csv").read_text(encoding="utf-8").splitlines()
    assert float(rows[3].split(",")[1]) == pytest.approx(0.1 * 119.8)


def test_systems_are_known_when_both_of_their_minima_are():
    visits = {0: np.array([1, 1, 2, -1, 3]), 4: np.array([1, 2, 2, 2, 2])}
    rows = [{"glass": 0, "i": 0, "j": 1}, {"glass": 0, "i": 3, "j": 2}, {"glass": 4, "i": 2, "j": 9}]
    assert system_saturation(rows, visits).tolist() == [0.5, 0.5, 0.5, 0.5, 1.5]
    assert system_saturation([], visits).tolist() == [0.0] * 5


def test_pictures_show_every_displaced_atom():
    x = np.random.default_rng(0).uniform(0, 4, (20, 3))
    u = np.zeros((20, 3))
    u[3] = [0.2, 0, 0]
    figure = double_well_figure(x, u, np.full(3, np.inf))
    assert "× 4" in figure.axes[0].get_title(loc="left")
    assert len(propensity_figure(x, np.sum(u**2, axis=1), np.full(3, 4.0)).axes) == 2
