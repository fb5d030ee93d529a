"""One density of tunneling systems for heat capacity, oscillator and conductivity: a simulated glass."""

from pathlib import Path

import pytest

import glasstunnel as gt
from glasstunnel.runfile import execute, load_run

EXAMPLES = Path(gt.__file__).parent / "examples"
TRUTH = {"tls.density": 5.02e18, "tls.elastic_constant": 2.0554e-8}


@pytest.fixture(scope="module")
def result():
    (found, *_) = execute(load_run(EXAMPLES / "simulated_silica.toml"))
    return found


def test_the_joint_fit_recovers_the_glass(result):
    assert result.converged and 0.7 < result.chi2 / result.dof < 1.3
    for path, value in TRUTH.items():
        assert abs(result.values[path] - value) < 3.5 * result.errors[path] < 1e-3 * value


def test_every_dataset_is_described_by_it(result):
    for curve in result.curves.values():
        assert sum(((curve.measured - curve.model) / curve.sigma) ** 2) < 2.0 * len(curve.measured)


@pytest.mark.parametrize("name", ["oscillator", "heat_capacity", "conductivity"])
def test_simulated_files_say_so_in_their_first_line(name):
    first = (EXAMPLES / f"simulated_silica_{name}.csv").read_text().splitlines()[0]
    assert first.startswith("# SIMULATED, not measured")
