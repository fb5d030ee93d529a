"""Long functions show how far they are where somebody looks: after a second, once, with what is left; else nothing."""

import os
import sys
from types import SimpleNamespace

import numpy as np
import pytest

import glasstunnel as gt
from glasstunnel import progress
from glasstunnel.progress import Progress, in_notebook, shows_progress

T = np.geomspace(2.0, 300.0, 12)


@pytest.fixture
def clock(monkeypatch):
    now = SimpleNamespace(seconds=0.0)
    monkeypatch.setattr("glasstunnel.progress.time.monotonic", lambda: now.seconds)
    return now


@pytest.fixture
def notebook(monkeypatch):
    """As if in the kernel of a notebook; `screen` is what its cell would show."""
    shell = SimpleNamespace(kernel=object())
    monkeypatch.setitem(sys.modules, "IPython", SimpleNamespace(get_ipython=lambda: shell))
    monkeypatch.setattr(progress, "find_spec", lambda name: None)


@shows_progress
def inner(*, progress=None):
    if progress:
        progress("inner 1 of 2")
    return "inner", progress


@shows_progress
def outer(clock, step, *, progress=None):
    """Five steps of `step` seconds."""
    for number in range(1, 6):
        if progress:
            progress(f"simulation {number} of 5")
        assert inner() == ("inner", None), "one bar at a time"
        clock.seconds += step
    return progress


def test_a_notebook_sees_a_bar_after_a_second_with_what_is_left(notebook, clock, capsys):
    assert in_notebook()
    assert isinstance(outer(clock, 2.0), Progress)
    shown = capsys.readouterr()
    assert shown.out == "" and "simulation 3 of 5 (about 6 s left)" in shown.err
    assert "inner" not in shown.err and "simulation 1 of 5" not in shown.err
    assert shown.err.endswith("\r"), "the bar goes away"


def test_what_is_quick_shows_nothing(notebook, clock, capsys):
    outer(clock, 0.1)
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize("silent", ["function", "session"])
def test_who_wants_silence_gets_it(notebook, clock, capsys, silent):
    try:
        if silent == "session":
            gt.show_progress(False)
            assert outer(clock, 2.0) is None
        else:
            assert outer(clock, 2.0, progress=False) is None
    finally:
        gt.show_progress(None)
    assert capsys.readouterr().err == ""


def test_a_script_is_silent_unless_it_asks(clock, capsys):
    assert outer(clock, 2.0) is None
    sentences = []
    outer(clock, 2.0, progress=sentences.append)
    assert sentences[0] == "simulation 1 of 5" and len(sentences) == 5
    assert capsys.readouterr().err == ""
    try:
        gt.show_progress()
        outer(clock, 2.0)
    finally:
        gt.show_progress(None)
    assert "simulation 2 of 5 ... (about 8 s left)" in capsys.readouterr().err


def test_a_forked_worker_draws_no_bar(notebook, monkeypatch):
    monkeypatch.setattr(progress, "_PROCESS", os.getpid() + 1)
    assert inner() == ("inner", None)


def test_a_failure_takes_the_bar_away(notebook, clock, capsys):
    @shows_progress
    def breaks(*, progress=None):
        clock.seconds = 5.0
        progress("simulation 2 of 5")
        raise gt.FitError("broken")

    with pytest.raises(gt.FitError, match="broken"):
        breaks()
    assert capsys.readouterr().err.endswith("\r")
    assert isinstance(inner()[1], Progress), "the next call shows its own"


def test_the_long_functions_of_the_package_tell_a_notebook(notebook, clock, capsys, monkeypatch):
    glass = gt.Glass({"larmor": gt.LarmorDiamagnetism(4e-3), "fe3": gt.MagneticIons("Fe3+", 1e20)})
    M = gt.magnetization(glass, T, 2.0)
    columns = {"temperature": gt.Column(T, "K"), "field": gt.Column([2.0] * len(T), "T"),
               "magnetization": gt.Column(M, "A m2/kg"), "sigma": gt.Column([1e-5] * len(T), "A m2/kg")}  # fmt: skip
    data = gt.Dataset(columns, "magnetization", name="run", noise="given")
    vary = {"larmor.susceptibility": gt.Uniform(0, 1), "fe3.concentration": gt.LogUniform(1e15, 1e22)}
    result = gt.fit(glass, data, vary)
    plan = gt.plan(result, {"T": [2.0, 10.0, 100.0], "B": [1.0]}, "fe3.concentration", noise=1e-5)

    def later():
        clock.seconds += 1.1
        return clock.seconds

    monkeypatch.setattr("glasstunnel.progress.time.monotonic", later)  # every look at the clock is a second later
    calls = {
        "start": lambda: gt.fit(glass, data, vary, starts=3),
        "larmor": lambda: gt.compare({"larmor": (glass, vary)}, data),
        "simulation": lambda: result.coverage(20, workers=1),
        "importance": lambda: gt.posterior(result, draws=500),
        "profile": lambda: gt.profile(result),
        "holdout": lambda: gt.fit(glass, [data, with_name(data, "other")], vary).holdout(),
        "simulation 2 of 20": lambda: plan.simulate(20),
    }
    capsys.readouterr()
    for word, call in calls.items():
        call()
        assert word in capsys.readouterr().err, word
        call_silent(call, capsys)


def with_name(data, name):
    from dataclasses import replace

    return replace(data, name=name)


def call_silent(call, capsys):
    gt.show_progress(False)
    try:
        call()
    finally:
        gt.show_progress(None)
    assert capsys.readouterr().err == ""


@pytest.mark.slow
def test_a_real_notebook_shows_a_bar_and_the_tables():
    nbclient = pytest.importorskip("nbclient")
    nbformat = pytest.importorskip("nbformat")
    pytest.importorskip("ipykernel")
    cell = """
import time
from glasstunnel import LarmorDiamagnetism, plot_curves
from glasstunnel.progress import shows_progress

@shows_progress
def long(*, progress=None):
    for number in range(1, 6):
        progress(f"simulation {number} of 5")
        time.sleep(0.6)

long()
plot_curves(LarmorDiamagnetism(4e-3), "magnetization", [2.0, 4.0, 8.0], 2.0)
"""
    book = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell),
                                           nbformat.v4.new_code_cell("LarmorDiamagnetism(4e-3)")])  # fmt: skip
    env = {key: value for key, value in os.environ.items() if key != "MPLBACKEND"}
    nbclient.NotebookClient(book, timeout=120).execute(env=env)
    first, second = (entry.outputs for entry in book.cells)
    told = "".join(output.get("text", "") + str(output.get("data", "")) for output in first)
    assert "simulation 4 of 5" in told and "left" in told
    assert any("image/png" in output.get("data", {}) for output in first), "the axes are shown"
    assert "<table>" in second[0].data["text/html"]
