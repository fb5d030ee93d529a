"""What the README shows works as it stands there."""

import re
from pathlib import Path

import pytest

from glasstunnel.cli.parser import build_parser

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
COMMANDS = re.findall(r"^glasstunnel (.*?)\s*(?:#.*)?$", README, flags=re.MULTILINE)


def test_the_python_example_runs(tmp_path, monkeypatch, capsys):
    (tmp_path / "examples").symlink_to(ROOT / "examples")
    monkeypatch.chdir(tmp_path)
    (example,) = re.findall(r"```python\n(.*?)```", README, flags=re.DOTALL)
    exec(compile(example, "README.md", "exec"), {})
    assert "ions.concentration" in capsys.readouterr().out
    assert (tmp_path / "report.html").exists()


@pytest.mark.parametrize("command", COMMANDS)
def test_the_commands_shown_are_commands(command):
    assert build_parser().parse_args(command.split()).command


def test_the_files_it_names_exist():
    named = re.findall(r"`(docs/[^`]*|examples/[^`]*|[a-z_0-9]+\.toml)`", README)
    assert named
    for name in named:
        assert (ROOT / name).exists() or (ROOT / "examples" / name).exists(), name
