"""The simulated runs of the demo: noise as stated, and a fit that does not start from the answer."""

import numpy as np
import pytest

from glasstunnel import magnetization, published
from glasstunnel.demo import simulated


def test_what_the_blind_fit_starts_from_is_not_what_was_put_in():
    truth = published("001.T3.BK7.constH")
    for glass, vary, *_ in simulated.blind_models().values():
        for path in vary:
            assert abs(glass.value(path) / truth.value(path) - 1.0) > 0.1, path


def test_simulated_runs_have_the_noise_that_is_stated():
    truth = published("001.T3.BK7.constH")
    runs = simulated.simulate(truth)
    assert len(runs) == 9 and all(len(run) == 150 for run in runs)
    pulls = [
        (run["magnetization"].to("A m2/kg") - magnetization(truth, run["temperature"].to("K"), run["field"].to("T")))
        / run["sigma"].to("A m2/kg")
        for run in runs
    ]
    assert np.std(np.concatenate(pulls)) == pytest.approx(1.0, abs=4.0 / np.sqrt(2.0 * 1350))
    rms = np.sqrt(np.mean(runs[0]["magnetization"].values ** 2))
    assert runs[0]["sigma"].values[0] == pytest.approx(0.003 * rms, rel=0.01)
