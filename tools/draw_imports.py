"""Draw which room imports which: docs/imports.svg. ``python -m tools.draw_imports`` after a change of the structure.

The storeys are those of `tests/test_import_direction.py`, which also says when the picture is out of date.
"""

from collections import Counter
from pathlib import Path

import matplotlib

matplotlib.use("svg")
import matplotlib.pyplot as plt
from tests.test_import_direction import FILES, LAYERS, PACKAGE, SIGNPOSTS, rooms

ROOT = Path(__file__).parents[1]
#: What every room uses, and what only starts the program: with their arrows the others could not be seen.
LEFT_OUT = {"constants", "errors", "frames", "lazy", "progress", "records", "__main__"}


def room(path):
    """The room a module stands in."""
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def arrows():
    """{(from room, to room): number of files} of the rooms that are drawn; signposts are no imports."""
    found = Counter()
    for path in FILES:
        shown, _reason = SIGNPOSTS.get(path.relative_to(PACKAGE).as_posix(), (set(), ""))
        found.update((room(path), other) for other in rooms(path.read_text(encoding="utf-8")) - shown - {room(path)})
    return {pair: count for pair, count in found.items() if not LEFT_OUT & set(pair)}


def storeys():
    """The rooms of the picture, from its bottom to its top; imports point down."""
    return [sorted(layer - LEFT_OUT) for layer in LAYERS if layer - LEFT_OUT]


def draw(target):
    """Rooms as boxes with their number of lines, arrows from what imports to what is imported."""
    lines = Counter()
    for path in FILES:
        lines[room(path)] += len(path.read_text(encoding="utf-8").splitlines())
    place = {}
    for level, names in enumerate(storeys()):
        for number, name in enumerate(names):
            place[name] = (3.2 * (number - (len(names) - 1) / 2) + 1.6 * (level % 3 - 1), 1.15 * level)
    with plt.rc_context({"svg.hashsalt": "imports", "svg.fonttype": "none", "font.family": "sans-serif"}):
        figure, ax = plt.subplots(figsize=(8.5, 12.0))
        for (start, end), count in sorted(arrows().items()):
            ax.annotate("", place[end], place[start], arrowprops=dict(
                arrowstyle="-|>", color="#4c72b0", alpha=0.45, linewidth=0.5 + 0.06 * min(count, 40), shrinkA=14,
                shrinkB=14, connectionstyle="arc3,rad=0.12", gid=f"{start} imports {end}"))
        for name, (x, y) in place.items():
            ax.text(x, y, f"{name}\n{lines[name]} lines", ha="center", va="center", fontsize=9,
                    bbox=dict(boxstyle="round,pad=0.35", facecolor="white", edgecolor="#333333"))
        ax.set_xlim(-5.5, 5.5)
        ax.set_ylim(-0.8, 1.15 * len(storeys()) - 0.4)
        ax.axis("off")
        figure.savefig(target, metadata={"Date": None}, bbox_inches="tight")


if __name__ == "__main__":
    draw(ROOT / "docs" / "imports.svg")
