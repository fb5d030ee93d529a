"""Both explanations of echo data, on curves made by either of them: from Python and from a run file."""

import dataclasses
import json

import numpy as np
import pytest

from glasstunnel import (
    Column,
    Dataset,
    Glass,
    LogUniform,
    NuclearQuadrupoles,
    TwoLevelSystems,
    Uniform,
    compare_echo,
    echo,
    published_echo,
)
from glasstunnel.cli import main
from glasstunnel.data import with_pulses
from glasstunnel.errors import FitError

PRINTED = published_echo("002.T8.BAS.echo.s2", preset="derived")
TLS = TwoLevelSystems(0.02, dipole_moment=PRINTED.glass["ats"].dipole_moment)
FLUX = PRINTED.glass.with_contribution("tls", TLS)
NUCLEI = NuclearQuadrupoles("B-11", 4e5, 0.5, fraction=0.8)
NUCLEAR = Glass({"tls": TLS, "nuclei": NUCLEI})
B = np.array([0.0, 0.01, 0.02, 0.04, 0.07, 0.12, 0.2, 0.3, 0.45, 0.6])
SIGMA = 0.003


def measured(glass, **changes):
    """Ten amplitudes in an unknown unit, with noise."""
    pulses = dataclasses.replace(PRINTED.pulses, **changes)
    clean = echo(glass, pulses, PRINTED.T, B)
    clean = 40.0 * clean / clean[0]
    noise = 40.0 * SIGMA * np.random.default_rng(7).standard_normal(len(B))
    columns = {
        "temperature": Column(np.full(len(B), PRINTED.T), "K"), "field": Column(1e3 * B, "mT"),
        "echo": Column(clean + noise, "mV"), "sigma": Column(np.full(len(B), 40.0 * SIGMA), "mV"),
    }  # fmt: skip
    return with_pulses(Dataset(columns, "echo", name="run", noise="given"), pulses)


@pytest.fixture(scope="module")
def of_flux():
    start = FLUX.with_values({"ats.amplitude_area_max": 6000.0, "ats.density": 0.5})
    vary = {"ats.density": LogUniform(0.01, 100.0), "ats.amplitude_area_max": LogUniform(2000.0, 1e5),
            "nuclei.fraction": Uniform(0.0, 1.0)}  # fmt: skip
    return compare_echo([measured(FLUX)], start, NUCLEI, vary=vary)


@pytest.fixture(scope="module")
def of_nuclei():
    vary = {"nuclei.axis_angle": Uniform(0.0, 1.5), "nuclei.fraction": Uniform(0.0, 1.0),
            "ats.density": LogUniform(0.01, 100.0)}  # fmt: skip
    return compare_echo(
        [measured(NUCLEAR)], FLUX, dataclasses.replace(NUCLEI, axis_angle=0.45, fraction=0.7), vary=vary
    )


def assert_recognized(found, name, put_in):
    best = found.best
    assert best.name == name
    for path, truth in put_in.items():
        assert abs(best.result.values[path] - truth) < 4.0 * best.result.errors[path]
    assert best.result.chi2 < 2.0 * best.result.dof
    assert found.models[1].delta_aic > 10.0


def test_flux_is_recognized_with_its_cutoff(of_flux):
    assert_recognized(of_flux, "anomalous systems", {"ats.amplitude_area_max": 8960.0, "ats.density": 1.0})


def test_nuclei_are_recognized(of_nuclei):
    assert_recognized(of_nuclei, "nuclear quadrupoles", {"nuclei.axis_angle": 0.5, "nuclei.fraction": 0.8})


def test_the_report_ranks_both(of_nuclei):
    assert "anomalous systems has essentially no support" in of_nuclei.report()
    assert json.loads(json.dumps(of_nuclei.to_dict()))["models"][0]["name"] == "nuclear quadrupoles"


def test_a_fit_that_does_not_converge_is_said_in_the_table_and_nothing_is_ranked():
    vary = {"ats.amplitude_area_max": LogUniform(2000.0, 1e5), "nuclei.fraction": LogUniform(0.1, 1.0)}
    start = FLUX.with_values({"ats.amplitude_area_max": 3000.0})
    result = compare_echo([measured(FLUX)], start, NUCLEI, vary=vary, max_evaluations=1)
    table = result.report().splitlines()
    assert any("NOT CONVERGED" in line for line in table[:3])
    with pytest.raises(FitError, match="did not converge, so no model is the best"):
        result.best  # noqa: B018


@pytest.mark.parametrize("changes, words", [
    ({"glass": TLS}, "needs a glass with AnomalousTunnelingSystems"),
    ({"vary": {"ats.densty": LogUniform(1.0, 2.0)}}, "neither model has a parameter 'ats.densty'"),
    ({"glass": FLUX.with_values({"ats.dipole_moment": None, "tls.dipole_moment": None})}, "dipole_moment"),
])
def test_what_cannot_be_compared_is_refused_in_a_sentence(changes, words):
    arguments = {"datasets": [measured(FLUX)], "glass": FLUX, "nuclei": NUCLEI} | changes
    with pytest.raises(Exception, match=words) as caught:
        compare_echo(**arguments)
    assert type(caught.value).__module__ == "glasstunnel.errors"


GLASSES = """
[models.flux.glass.contributions]
ats = {type = "AnomalousTunnelingSystems", density = 1.0, asymmetry_min = %g, asymmetry_max = inf, \
amplitude_area_min = %g, amplitude_area_max = 6000.0, elastic_constant = %g, dipole_moment = %g, \
spectral_diffusion = %g}
tls = {type = "TwoLevelSystems", density = 0.02, dipole_moment = %g}
[models.flux.vary]
ats.amplitude_area_max = {prior = "log-uniform", lower = 2000, upper = 1e5}
data.run.scale = {prior = "log-uniform", lower = 1e25, upper = 1e45}
[models.nuclei.glass.contributions]
tls = {type = "TwoLevelSystems", density = 0.02, dipole_moment = %g}
nuclei = {type = "NuclearQuadrupoles", nucleus = "B-11", quadrupole_frequency = 4e5, axis_angle = 0.5}
[models.nuclei.vary]
nuclei.fraction = {prior = "uniform", lower = 0, upper = 1}
data.run.scale = {prior = "log-uniform", lower = 1e25, upper = 1e45}
"""
DATA = """
[[data]]
file = "echo.csv"
name = "run"
columns = {field = [1, "mT"], echo = [2, "mV"]}
steps = [{do = "with_condition", temperature = "12 mK", frequency = "%g Hz", waiting_time = %g, first_duration = %g, \
second_duration = %g, field_amplitude = 1e3}]
noise = {absolute = 0.12}
"""


@pytest.mark.slow
def test_a_run_file_and_the_command_line_take_echoes(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    data, ats, pulses = measured(FLUX), PRINTED.glass["ats"], PRINTED.pulses
    rows = zip(data["field"].values, data["echo"].values, strict=True)
    (tmp_path / "echo.csv").write_text("field,echo\n" + "".join(f"{x},{y}\n" for x, y in rows))
    numbers = (ats.asymmetry_min, ats.amplitude_area_min, ats.elastic_constant, ats.dipole_moment,
               ats.spectral_diffusion, TLS.dipole_moment, TLS.dipole_moment)  # fmt: skip
    conditions = pulses.frequency, pulses.waiting_times[0], *pulses.durations
    (tmp_path / "run.toml").write_text(DATA % conditions + GLASSES % numbers)
    assert main(["compare", "run.toml", "-o", "out"]) == 0
    assert "flux describes these data best" in capsys.readouterr().out
    glass = GLASSES % numbers
    first = glass.split("[models.flux.vary]")[0].replace("models.flux.", "")
    (tmp_path / "glass.toml").write_text(first)
    curve = ["curve", "echo", "--glass", "glass.toml", "--temperature", "0.012", "--field", "0:0.2:2", "--frequency",
             f"{pulses.frequency} Hz", "--waiting-time", "2 us", "--first-duration", f"{pulses.durations[0]}",
             "--second-duration", f"{pulses.durations[1]}", "--field-amplitude", "1e3"]  # fmt: skip
    assert main(curve) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "temperature [K],field [T],echo [C m/kg]" and len(lines) == 3
