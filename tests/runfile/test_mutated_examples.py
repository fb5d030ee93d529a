"""Thousands of damaged run files, made from every example: each is refused in one sentence or is a run."""

import random
from pathlib import Path

import pytest
from tests.refusals import is_refused

from glasstunnel.inference import load_run

EXAMPLES = Path(__file__).parents[2] / "examples"
RUN_FILES = sorted(path for path in EXAMPLES.glob("*.toml") if not path.stem.startswith("landscape"))
TOKENS = (
    "", "=", "[", "]", "{", "}", '"', ",", "\n", ".", "nan", "inf", "-1", "1e400", "1e-150", "0", "true", "1979-05-27",
    "[[data]]", "[vary]", "\x00", "\x1b", "$", "[]", "{}", "[[]]", "9" * 400, "prior", "#", "é",
)  # fmt: skip


def mutated(text, generator):
    """The text with up to three pieces replaced: characters, whole words, or lines left out or doubled."""
    for _ in range(generator.randint(1, 3)):
        kind, at = generator.random(), generator.randrange(len(text) + 1)
        if kind < 0.4:
            text = text[:at] + generator.choice(TOKENS) + text[at + generator.choice((0, 1, 2, 5, 20)) :]
            continue
        lines = text.splitlines(keepends=True) or [""]
        row = generator.randrange(len(lines))
        if kind < 0.8:
            words = lines[row].split(" ")
            words[generator.randrange(len(words))] = generator.choice(TOKENS)
            lines[row] = " ".join(words)
        else:
            lines[row] *= 2 * (kind < 0.9)
        text = "".join(lines)
    return text


def refused_or_run(path, count, folder):
    generator, refused = random.Random(path.stem), 0
    text = path.read_text(encoding="utf-8").replace('"data/', f'"{EXAMPLES.as_posix()}/data/')
    text = text.replace('"simulated', f'"{EXAMPLES.as_posix()}/simulated')
    for _ in range(count):
        damaged = mutated(text, generator)
        (folder / "run.toml").write_text(damaged, encoding="utf-8")
        refused += is_refused(lambda: load_run(folder / "run.toml"), case=damaged)
    return refused


@pytest.mark.parametrize("path", RUN_FILES, ids=lambda path: path.stem)
def test_a_damaged_example_is_refused_or_is_a_run(path, tmp_path):
    assert refused_or_run(path, 12, tmp_path) > 2


@pytest.mark.slow
@pytest.mark.parametrize("path", RUN_FILES, ids=lambda path: path.stem)
def test_hundreds_of_damaged_examples_are_refused_or_are_runs(path, tmp_path):
    assert refused_or_run(path, 400, tmp_path) > 100
