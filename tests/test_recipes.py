"""The recipes of docs/architecture.md, carried out as they stand there: read, fit, report and command line."""

import copy
import hashlib
import importlib
import json
import re
import shlex
import sys
from pathlib import Path

import numpy as np
import pytest
from tests.cli.commands import shell

import glasstunnel as gt
from glasstunnel.cli import main
from glasstunnel.data.readers import READERS
from glasstunnel.observables.evaluation import evaluate
from glasstunnel.observables.table import OBSERVABLES
from glasstunnel.plots import FIGURES
from glasstunnel.report.sections import SECTIONS
from glasstunnel.systems.registry import CONTRIBUTIONS

PAGE = Path(__file__).parents[1] / "docs" / "architecture.md"


@pytest.fixture
def toy(tmp_path, monkeypatch):
    """The code of the page as a module outside the package; the registries are as before afterwards."""
    blocks = re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), flags=re.DOTALL)
    (tmp_path / "rattle.py").write_text("\n\n".join(blocks), encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    registries = [CONTRIBUTIONS, OBSERVABLES, READERS, FIGURES, SECTIONS]
    before = [copy.copy(registry) for registry in registries]
    yield importlib.import_module("rattle")
    sys.modules.pop("rattle")
    for registry, entries in zip(registries, before, strict=True):
        registry.clear()
        registry.update(entries)


@pytest.fixture
def measured(tmp_path):
    """A file of the toy's format: 2e20 rattlers of volume 1e-30 at two frequencies, with 1 % of noise."""
    T, f = np.meshgrid(np.linspace(0.1, 1.0, 8), [10.0, 1e3])
    hum = 2e20 * 1e-30 * T / f * (1.0 + 0.01 * np.random.default_rng(1).standard_normal(T.shape))
    lines = [f"{t} {freq} {s:.6e}" for t, freq, s in zip(T.ravel(), f.ravel(), hum.ravel(), strict=True)]
    path = tmp_path / "run.rattle"
    path.write_text("\n".join(["RATTLEMETER", *lines]) + "\n")
    return path


RUN = """
[glass.contributions.rattlers]
type = "Rattlers"
concentration = 1e20

[[data]]
file = "run.rattle"
name = "run"
noise = {relative = 0.01}

[vary]
rattlers.concentration = {prior = "log-uniform", lower = 1e18, upper = 1e22}
"""


def test_the_toy_is_a_public_name_and_gives_its_observable(toy):
    rattlers = gt.Rattlers(2e20)
    assert isinstance(rattlers, toy.Rattlers)
    glass = gt.Glass({"r": rattlers, "phonons": gt.DebyePhonons(1e-3)})
    value = evaluate("hum", glass, 0.5, 0.0, frequency=10.0)
    assert value == pytest.approx(2e20 * 1e-30 * 0.5 / 10.0, rel=1e-14)
    with pytest.raises(gt.ParameterError, match="no contribution rattles: add Rattlers"):
        evaluate("hum", gt.DebyePhonons(1e-3), 0.5, 0.0, frequency=10.0)


def test_its_file_is_recognized_fitted_and_reported(toy, measured, tmp_path):
    data = gt.data.with_noise(gt.read(measured), relative=0.01)
    assert data.format == "rattlemeter" and data.quantity == "hum"
    result = gt.fit(gt.Rattlers(1e20), [data], {"rattlers.concentration": gt.LogUniform(1e18, 1e22)})
    assert result.converged
    assert abs(result.values["rattlers.concentration"] / 2e20 - 1.0) < 0.02
    gt.write_report([result, toy.Loudness((0.1, 1.0), (2.0, 12.0))], tmp_path / "report.html")
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert "It hums at 12.0 dB in the end." in page and "rattlers.concentration" in page
    assert "It hums louder when warm." in page and "level [dB]" in page
    assert result.versions["rattle"] == hashlib.sha256(Path(toy.__file__).read_bytes()).hexdigest()[:12]


def test_its_figure_is_one_of_the_package_and_goes_into_a_file(toy, tmp_path):
    figure = gt.plots.loudness_figure(toy.Loudness((0.1, 0.5, 1.0), (2.0, 9.0, 12.0)))
    (axes,) = figure.axes
    assert axes.get_ylabel() == "level [dB]" and axes.lines[0].get_ydata().tolist() == [2.0, 9.0, 12.0]
    for ending in ("png", "svg", "pdf"):
        gt.plots.save_figure(figure, tmp_path / f"loudness.{ending}")
        assert (tmp_path / f"loudness.{ending}").stat().st_size > 1000


def test_run_file_and_command_line_take_it_without_a_line_of_their_own(toy, measured, tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("run.toml").write_text(RUN)
    assert main(["fit", "run.toml", "-o", "out", "--json"]) == 0
    fitted = json.loads(capsys.readouterr().out)
    assert "rattlers.concentration" in json.dumps(fitted)
    assert main(["show", "Rattlers"]) == 0
    assert "number of rattlers" in capsys.readouterr().out
    glass = "glass.toml"
    Path(glass).write_text('[glass.contributions.rattlers]\ntype = "Rattlers"\nconcentration = 1e20\n')
    shown = ["curve", "hum", "--glass", glass, "--temperature", "0.1:1:3", "--frequency", "10 Hz"]
    assert main(shown) == 0
    assert capsys.readouterr().out.startswith("temperature [K],field [T],hum [V2/Hz]")
    assert main([*shown, "-o", "hum.png"]) == 0
    assert Path("hum.png").stat().st_size > 1000


def test_init_writes_a_run_file_that_finds_what_was_put_in(toy, measured, monkeypatch, tmp_path, capsys):
    monkeypatch.chdir(tmp_path)
    assert main(["init", "run.rattle", "-o", "begun.toml"]) == 0
    begun = Path("begun.toml").read_text(encoding="utf-8")
    assert 'type = "Rattlers"' in begun and "rattlers.concentration" in begun and "volume" not in begun
    capsys.readouterr()
    assert main(["fit", "begun.toml", "-o", "begun"]) == 0
    record = json.loads((tmp_path / "begun" / "result.json").read_text(encoding="utf-8"))["fit"]
    assert abs(record["values"]["rattlers.concentration"] / 2e20 - 1.0) < 0.02


def test_without_its_module_the_file_that_names_it_says_what_to_load(tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("run.rattle").write_text("RATTLEMETER\n0.1 10 1e-20\n")
    Path("run.toml").write_text(RUN)
    Path("kinds.toml").write_text(RUN.split("[[data]]")[0])
    Path("glass.toml").write_text('[glass.contributions.larmor]\ntype = "LarmorDiamagnetism"\nsusceptibility = 1e-3\n')
    for command in (["fit", "run.toml", "-o", "out"],
                    ["curve", "entropy", "--glass", "kinds.toml", "--temperature", "1"],
                    ["curve", "hum", "--glass", "glass.toml", "--temperature", "1"],
                    ["init", "run.rattle", "-o", "-"]):  # fmt: skip
        assert main(command) == 2
        assert "--module FILE.py" in capsys.readouterr().err, command


def test_the_plain_commands_of_the_page_take_the_file(toy, measured, tmp_path):
    """In processes of their own, which know the toy from --module alone."""
    (tmp_path / "run.toml").write_text(RUN)
    (tmp_path / "glass.toml").write_text(RUN.split("[[data]]")[0])
    commands = re.findall(r"^glasstunnel (.*--module.*)$", PAGE.read_text(encoding="utf-8"), flags=re.MULTILINE)
    shown = [shell(*shlex.split(command), cwd=tmp_path) for command in commands]
    assert [result.returncode for result in shown] == [0, 0, 0], [result.stderr for result in shown]
    read, fitted, curve = (result.stdout for result in shown)
    assert "rattlemeter" in read and "rattlers.concentration" in fitted
    assert curve.startswith("temperature [K],field [T],hum [V2/Hz]") and (tmp_path / "out" / "report.html").is_file()


def test_every_contribution_is_listed_once():
    from tests.systems.examples import contribution_classes

    listed = {getattr(importlib.import_module(kind.module), name) for name, kind in CONTRIBUTIONS.items()}
    assert listed == contribution_classes() - {gt.Glass}
    assert len({kind.short for kind in CONTRIBUTIONS.values()}) == len(CONTRIBUTIONS)
