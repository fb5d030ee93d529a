"""What a fit adds to the panels and rows: bands of its curves, the prior along a slider, ratios of theories."""

import time
from pathlib import Path

import numpy as np
import pytest
from tests.explorer.conftest import client_of

import glasstunnel as gt
from glasstunnel.explorer.actions import act
from glasstunnel.explorer.description import rows
from glasstunnel.explorer.journal import Journal, new_folder
from glasstunnel.explorer.opening import open_subject
from glasstunnel.explorer.panels import read_panel
from glasstunnel.explorer.pictures import Drawn, bands, grid, picture
from glasstunnel.explorer.session import Session, theories_beside

ERBIUM = str(Path(gt.__file__).parent / "examples" / "erbium_two_fields.toml")


def test_a_ratio_is_that_of_the_two_theories():
    state = act(open_subject(None), "view", {"theories": ["ats:effective"]})
    table = {**state.view["panels"][1], "ratio": True}  # the heat capacity
    panel = read_panel(table)
    drawn = picture(panel, Drawn(state.glass, theories_beside(state), theory="exact"), 50, False)
    T, effective = grid(panel, 50), act(state, "variant", {"contribution": "ats", "name": "effective"}).glass
    for number, B in enumerate(panel.values):
        same, other = drawn.lines[2 * number : 2 * number + 2]
        assert np.all(same.y == 1.0) and other.label.endswith("effective")
        expected = gt.heat_capacity(effective, T, B) / gt.heat_capacity(state.glass, T, B)
        assert other.y == pytest.approx(expected, rel=1e-12)
    assert drawn.y_label == "ratio to exact" and drawn.y_unit == "1" and not drawn.notes


def test_a_ratio_without_anything_to_compare_says_so_and_levels_have_none():
    state = open_subject(None)
    panel = read_panel({**state.view["panels"][1], "ratio": True})
    assert "needs another theory" in picture(panel, Drawn(state.glass), 10, False).notes[0]
    levels = act(state, "panel_add", {"show": "levels against field"}).view["panels"][-1]
    with pytest.raises(gt.errors.ParameterError, match="no ratio of them"):
        picture(read_panel({**levels, "ratio": True}), Drawn(state.glass), 10, False)


def test_a_ratio_to_a_curve_through_zero_is_cut_and_says_so():
    state = act(open_subject(None), "view", {"theories": ["ats:effective"]})
    panel = read_panel({**state.view["panels"][0], "ratio": True, "values": [0.5], "low": 1.0, "high": 300.0})
    larmor = state.glass["larmor"].susceptibility
    state = act(state, "set", {"values": {"larmor.susceptibility": larmor - 0.0033}})
    exact = gt.magnetization(state.glass, grid(panel, 200), 0.5)
    assert exact.min() < 0.0 < exact.max()
    drawn = picture(panel, Drawn(state.glass, theories_beside(state)), 200, False)
    assert "passes through zero" in drawn.notes[0]
    assert np.nanmax(np.abs(drawn.lines[1].y)) <= 10.0 and np.isnan(drawn.lines[1].y).sum() < 40


def test_bands_are_those_of_the_covariance_for_a_linear_model():
    """Both fitted numbers are linear, so the variance of the curve is a quadratic form of the curves of one each."""
    result = gt.runfile.execute(gt.runfile.load_run(ERBIUM))[0]
    panel = read_panel({"id": "p1", "show": "magnetization", "low": 100.0, "high": 300.0, "x_log": False,
                        "along": "field", "values": [0.1, 4.0]})  # fmt: skip
    T = grid(panel, 30)
    for band, B in zip(bands(panel, result, 30, False), panel.values, strict=True):
        curves = [gt.magnetization(result.glass.with_values({other: 0.0}), T, B) / result.values[path]
                  for path, other in zip(result.names, reversed(result.names), strict=True)]  # fmt: skip
        sigma = np.sqrt(np.einsum("ip,ij,jp->p", curves, result.covariance, curves))
        value = gt.magnetization(result.glass, T, B)
        assert band.inner[1] - value == pytest.approx(sigma, rel=2e-3)  # 0.6827 is one sigma to four digits
        assert value - band.outer[0] == pytest.approx(2.0 * sigma, rel=2e-3)
    in_cgs = bands(panel, result, 30, True)[1]
    assert in_cgs.inner[0] == pytest.approx(bands(panel, result, 30, False)[1].inner[0], rel=1e-12)  # emu/g = A m2/kg


def _wait(session):
    end = time.monotonic() + 30.0
    while session.fit.status == "running":
        assert time.monotonic() < end
        time.sleep(0.02)
    time.sleep(0.1)


@pytest.mark.slow
def test_bands_come_after_a_fit_go_with_its_numbers_and_come_back_with_them():
    state = open_subject(ERBIUM)
    session = Session(Journal(new_folder(), state))
    try:
        assert session.bands({}) == {"bands": {}} and session.describe()["fit"]["bands"] is False
        session.command_fit("start")
        _wait(session)
        found = session.bands({})["bands"]
        assert set(found) == {"p1", "p2"} and len(found["p1"]) == 2 and session.describe()["fit"]["bands"] is True
        assert "one sigma of the fit, from" in session.table("p1", False)
        assert session.figure("p1", "png", False).startswith(b"\x89PNG")
        session.act("set", {"values": {"er3.concentration": 9e23}})
        assert session.bands({}) == {"bands": {}} and "sigma of the fit" not in session.table("p1", False)
        session.act("undo", {})
        assert set(session.bands({"panels": ["p1"]})["bands"]) == {"p1"}
    finally:
        session.end()


@pytest.mark.slow
def test_samples_of_the_posterior_are_saved_as_a_table(make_sessions):
    sessions = make_sessions(ERBIUM)
    client, session = client_of(sessions), sessions.first
    assert client.get("/export/posterior.csv").status_code == 404
    client.post("/fit", json={"do": "start"})
    _wait(session)
    client.post("/fit", json={"do": "posterior"})
    _wait(session)
    lines = client.get("/export/posterior.csv").text.splitlines()
    assert lines[0] == "er3.concentration [1/kg],larmor.susceptibility [A m2/(kg T)]" and len(lines) > 1000
    told = client.get("/session").json()["fit"]
    assert told["sampled"] and "ln Z" in told["result"]["posterior"]


def _row(state, path):
    return next(row for row in rows(state, state, None) if row["path"] == path)


def test_the_density_of_a_prior_is_drawn_along_its_slider():
    first = open_subject(None)
    assert _row(first, "ats.density")["density"] == []
    flat = act(first, "role", {"path": "ats.density", "role": "vary"})
    assert _row(flat, "ats.density")["density"] == [1.0] * 41
    uniform = {"path": "ats.density", "role": "vary", "prior": "uniform", "lower": 1e18, "upper": 1e20}
    row = _row(act(first, "role", uniform), "ats.density")  # on a logarithmic slider: proportional to the number
    assert row["log"] and row["density"][20] == pytest.approx(0.1, abs=1e-4) and row["density"][-1] == 1.0
    normal = {"path": "larmor.susceptibility", "role": "vary", "prior": "normal", "mean": 4e-6, "sigma": 2e-6}
    row = _row(act(first, "role", normal), "larmor.susceptibility")
    x = (np.geomspace if row["log"] else np.linspace)(row["low"], row["high"], 41)
    expected = np.exp(-0.5 * ((x - 4e-6) / 2e-6) ** 2) * (x if row["log"] else 1.0)
    assert row["density"] == pytest.approx(expected / expected.max(), abs=1e-4)


def test_a_number_can_be_infinite_or_not_given_and_come_back():
    first = open_subject(None)
    path = "ats.asymmetry_max"
    row = _row(first, path)
    assert row["infinite"] and row["value"] is None and row["given"] and row["finite"] > 0.0
    assert not row["optional"]  # not given means infinite here: one box is enough
    finite = act(first, "set", {"values": {path: row["finite"]}})
    assert _row(finite, path)["value"] == row["finite"]
    infinite = act(finite, "set", {"values": {path: "inf"}})
    assert next(r for r in rows(infinite, first, None, finite) if r["path"] == path)["finite"] == row["finite"]
    assert not _row(first, "ats.flux_field")["optional"]  # the exact theory needs it
    path = "ats.dipole_moment"
    assert _row(first, path)["optional"] and not _row(first, path)["given"]
    finite = act(first, "set", {"values": {path: "1 D"}})
    cleared = act(finite, "clear", {"path": path})
    assert finite.glass["ats"].dipole_moment == pytest.approx(3.33564e-30) and cleared.glass == first.glass
    with pytest.raises(gt.errors.ParameterError, match="must have a number"):
        act(first, "clear", {"path": "larmor.susceptibility"})
    varied = act(finite, "role", {"path": path, "role": "vary"})
    with pytest.raises(gt.errors.ParameterError, match="choose 'fix' first"):
        act(varied, "clear", {"path": path})


def test_what_the_page_says_of_the_ratio():
    first = open_subject(None)
    effective = act(first, "variant", {"contribution": "ats", "name": "effective"}).glass
    T = np.geomspace(0.5, 20.0, 50)
    ratio = gt.heat_capacity(effective, T, 0.0) / gt.heat_capacity(first.glass, T, 0.0)
    assert 0.345 < ratio.min() < 0.355 and 0.70 < ratio.max() < 0.715


@pytest.mark.parametrize("subject", ["002.T14.BK7.M", "001.T3.BK7.constH", "002.T2.BAS.Cp.T0.60K"])
def test_curves_are_those_of_python_in_si_and_in_the_units_of_the_papers(subject):
    """The numbers a panel draws and saves, beside the public functions and units converted by hand."""
    state, checked = open_subject(subject), 0
    in_papers = {"magnetization": ("emu/g", 1.0), "heat_capacity": ("J/(K g)", 1e-3)}
    for name, (unit, factor) in in_papers.items():
        if not state.glass.gives(name):
            continue
        table = act(state, "panel_add", {"show": name.replace("_", " ")}).view["panels"][-1]
        panel = read_panel({**table, "values": [0.5, 2.0], "along": "field", "conditions": {}})
        T = (np.geomspace if panel.x_log else np.linspace)(panel.low, panel.high, 40)
        for cgs in (False, True):
            shown = picture(panel, Drawn(state.glass), 40, cgs)
            assert (shown.y_unit == unit) == cgs
            for line, B in zip(shown.lines, panel.values, strict=True):
                assert line.x == pytest.approx(T, rel=1e-14, abs=0.0)
                expected = getattr(gt, name)(state.glass, T, B) * (factor if cgs else 1.0)
                assert line.y == pytest.approx(expected, rel=1e-12, abs=0.0)
                assert line.label == (f"{10 * B:g} kOe" if cgs else f"{B:g} T")
                checked += 1
    assert checked
