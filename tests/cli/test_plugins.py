"""--module: code of a person's own, loaded on their word and never on that of a file."""

import sys

import pytest
from tests.cli.commands import assert_one_sentence, run

from glasstunnel.cli.plugins import load_modules


@pytest.fixture(autouse=True)
def same_modules(monkeypatch):
    """What is loaded here is forgotten afterwards."""
    monkeypatch.setattr(sys, "path", list(sys.path))
    before = set(sys.modules)
    yield
    for name in set(sys.modules) - before:
        if name.startswith("toy_"):
            del sys.modules[name]


def test_a_file_is_loaded_once_before_or_after_the_command(tmp_path, capsys):
    (tmp_path / "toy_counter.py").write_text("import sys\nprint('loaded', file=sys.stderr)\n")
    path = str(tmp_path / "toy_counter.py")
    code, out, err = run(capsys, "--module", path, "convert", "30", "kOe", "T", f"--module={path}")
    assert (code, out, err) == (0, "3 T\n", "loaded\n")


@pytest.mark.parametrize(("text", "words"), [
    ("nowhere/toy.py", "there is no such file"), ("toy_missing", "a file is given with its path"),
    ("", "ValueError"), ("..", "TypeError"), ("json.py", "another module is called 'json'"),
    ("toy_broken.py", "SyntaxError"), ("toy_leaving.py", "SystemExit"),
    ("toy_needing.py", "No module named 'toy_none'"),
])  # fmt: skip
def test_what_is_no_module_is_refused_in_a_sentence(text, words, tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    codes = {"json": "", "toy_broken": "def", "toy_leaving": "exit(3)", "toy_needing": "import toy_none"}
    for name, code in codes.items():
        (tmp_path / f"{name}.py").write_text(code)
    assert_one_sentence(run(capsys, "--module", text, "convert", "1", "K", "K"), f"--module {text}", words)


def test_an_abbreviation_is_not_taken_for_a_module_that_was_loaded(capsys):
    assert_one_sentence(run(capsys, "--modu", "json", "convert", "1", "K", "K"), "must be written in full")
    assert_one_sentence(run(capsys, "convert", "1", "K", "K", "--module"), "expected one argument")


def test_what_follows_two_dashes_is_no_option():
    assert load_modules(["read", "--", "--module", "toy_none"]) == []


def test_a_run_file_loads_no_code(tmp_path, capsys):
    (tmp_path / "toy_secret.py").write_text("raise SystemExit('loaded')\n")
    for line in ('modules = ["toy_secret.py"]', 'module = "toy_secret"'):
        (tmp_path / "run.toml").write_text(f'{line}\n[glass]\npublished = "002.T14.BK7.M"\n')
        arguments = "fit", str(tmp_path / "run.toml"), "-o", str(tmp_path / "out")
        code, out, err = run(capsys, *arguments)
        assert code == 2 and err.count("\n") == 1 and "toy_secret" not in sys.modules
