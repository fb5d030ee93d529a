"""The examples of public names run for a reader who types only what stands there: no fixture, no hidden import."""

import doctest
from importlib import import_module

import pytest

import glasstunnel as gt

FLAGS = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
ROOMS = [name for name in gt.__all__ if isinstance(getattr(gt, name), type(gt))]


def public_objects():
    """{name: object} of the package and of its rooms, each object once."""
    found, seen = {}, set()
    for room in ("", *ROOMS):
        module = import_module(f"glasstunnel.{room}".rstrip("."))
        names = getattr(module, "__all__", None) or [name for name in vars(module) if not name.startswith("_")]
        for name in names:
            entry = getattr(module, name)
            own = callable(entry) and getattr(entry, "__module__", "").startswith("glasstunnel")
            if own and id(entry) not in seen:
                seen.add(id(entry))
                found[f"{room}.{name}".lstrip(".")] = entry
    return found


def documented(name, entry):
    """(name, docstring) of an object and, of a class, of its public methods and properties."""
    yield name, entry.__doc__
    if isinstance(entry, type):
        for key, member in vars(entry).items():
            if not key.startswith("_") and hasattr(member, "__doc__"):
                yield f"{name}.{key}", member.__doc__


EXAMPLES = {
    where: text for name, entry in public_objects().items() for where, text in documented(name, entry)
    if text and ">>>" in text
}  # fmt: skip


def test_there_are_many_examples():
    assert len(EXAMPLES) > 180


@pytest.mark.parametrize("name", EXAMPLES)
def test_an_example_needs_nothing_but_its_own_lines(name):
    test = doctest.DocTestParser().get_doctest(EXAMPLES[name], {}, name, None, 0)
    said = []
    doctest.DocTestRunner(optionflags=FLAGS, verbose=False).run(test, out=said.append)
    assert not said, "".join(said)
