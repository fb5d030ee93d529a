"""Long counts and samplers that are killed for good (SIGKILL) go on from their file to the same numbers."""

import json
import signal
import subprocess
import sys
import time

import numpy as np
import pytest
from tests.inference.simulations import CURIE, curie_run, weighed

import glasstunnel as gt
from glasstunnel.errors import FitError

PREPARE = """
import sys
import numpy as np
import glasstunnel as gt
from glasstunnel.data import with_noise

glass = gt.Glass({"spin": gt.MagneticIons("effective", 1e20, spin=2.5, g_factor=2.0)})
T = np.geomspace(2.0, 100.0, 12)
M = np.asarray(glass.magnetization(T, 2.0)) + 2e-4 * np.random.default_rng(0).standard_normal(12)
columns = {"temperature": gt.Column(T, "K"), "field": gt.Column(np.full(12, 2.0), "T"),
           "magnetization": gt.Column(M, "A m2/kg")}
vary = {"spin.concentration": gt.LogUniform(1e18, 1e22), "spin.g_factor": gt.Uniform(0.5, 3.5)}
data = with_noise(gt.Dataset(columns, "magnetization", name="run"), absolute=2e-4)
result = gt.fit(glass, [data], vary)
"""
COUNT = "result.coverage(n=400, seed=3, store=sys.argv[1])"
SAMPLE = "gt.posterior(result, seed=3, method='ensemble', store=sys.argv[1])"


def killed_at_work(command, store, at_work):
    """Run a command in its own process and kill it as soon as its file says that it is at work."""
    process = subprocess.Popen([sys.executable, "-c", PREPARE + command, str(store)])
    try:
        until = time.monotonic() + 120.0
        while not (store.exists() and at_work(store)):
            assert process.poll() is None and time.monotonic() < until, "ended before it was killed"
            time.sleep(0.005)
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait()
    assert process.returncode == -signal.SIGKILL


@pytest.fixture(scope="module")
def result():
    names = {}
    exec(PREPARE, names)
    return names["result"]


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL")
def test_a_coverage_that_was_killed_goes_on_from_its_file(result, tmp_path):
    store = tmp_path / "simulations.jsonl"
    killed_at_work(COUNT, store, lambda file: file.read_bytes().count(b"\n") > 5)
    kept = store.read_bytes().count(b"\n") - 1
    told = []
    again = result.coverage(n=60, seed=3, store=store, progress=told.append)
    assert 5 <= kept and len(told) == max(0, 60 - kept)
    assert again.to_dict() == result.coverage(n=60, seed=3).to_dict()


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL")
def test_a_sampler_that_was_killed_draws_what_it_would_have_drawn(result, tmp_path):
    store = tmp_path / "walkers.npz"
    killed_at_work(SAMPLE, store, lambda file: True)
    again = gt.posterior(result, seed=3, method="ensemble", store=store)
    whole = gt.posterior(result, seed=3, method="ensemble")
    for path in whole.samples:
        np.testing.assert_array_equal(again.samples[path], whole.samples[path])
    assert again.log_evidence == whole.log_evidence


@pytest.mark.parametrize("letters", [0, 1, 30, -1])
def test_a_first_line_that_was_cut_is_written_anew(result, tmp_path, letters):
    store = tmp_path / "simulations.jsonl"
    result.coverage(n=20, seed=3, store=store)
    lines = store.read_text().splitlines()
    store.write_text(lines[0][:letters])
    assert result.coverage(n=20, seed=3, store=store).done == 20
    assert sorted(store.read_text().splitlines()) == sorted(lines)


def test_a_row_after_a_cut_one_is_kept(result, tmp_path):
    store = tmp_path / "simulations.jsonl"
    result.coverage(n=20, seed=3, store=store)
    store.write_text(store.read_text()[:-4])
    told = []
    result.coverage(n=20, seed=3, store=store, progress=told.append)
    assert len(told) == 1
    result.coverage(n=20, seed=3, store=store, progress=told.append)
    assert len(told) == 1 and len([line for line in store.read_text().splitlines() if _whole(line)]) == 21


def _whole(line):
    try:
        json.loads(line)
    except ValueError:
        return False
    return True


def test_a_file_of_something_else_is_not_overwritten(result, tmp_path):
    store = tmp_path / "notes.txt"
    for text in ("remember the milk", "remember\nthe milk\n"):
        store.write_text(text)
        with pytest.raises(FitError, match="simulations of another fit"):
            result.coverage(n=20, seed=3, store=store)
        assert store.read_text() == text


@pytest.mark.parametrize("place", ["", "missing/simulations.jsonl"])
def test_simulations_that_cannot_be_kept_are_a_sentence(tmp_path, place):
    data = weighed(curie_run(0, points=8, absolute=1e-3), absolute=1e-3)
    result = gt.fit(CURIE, [data], {"iron.concentration": gt.Uniform(0.0, 1e22)})
    with pytest.raises(FitError, match="the simulations cannot be (read|written)"):
        result.coverage(20, store=tmp_path / place)
