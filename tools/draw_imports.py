"""Draw which room imports which: docs/imports.svg. Run it after a change of the structure."""

import ast
from collections import Counter
from pathlib import Path

import matplotlib

matplotlib.use("svg")
import matplotlib.pyplot as plt

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "src" / "glasstunnel"
#: From the bottom of the page to its top; imports point down.
STOREYS = [
    ["constants", "errors", "units"], ["numerics"], ["conversions"], ["systems"], ["echoes", "observables"],
    ["origins", "landscape"], ["papers", "verdicts"], ["data"], ["inference", "studies"], ["runfile"],
    ["plots", "report", "files"], ["demo", "cli"],
]


def room(path):
    """The room a module stands in."""
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imports():
    """Counter of (from room, to room) over all modules."""
    found = Counter()
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            modules = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            modules += [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            for module in modules:
                parts = module.split(".")
                if parts[0] == "glasstunnel" and len(parts) > 1 and parts[1] != room(path):
                    found[room(path), parts[1]] += 1
    return found


def draw(target):
    """Rooms as boxes with their number of lines, arrows from what imports to what is imported."""
    lines = Counter()
    for path in PACKAGE.rglob("*.py"):
        lines[room(path)] += len(path.read_text(encoding="utf-8").splitlines())
    place = {}
    for level, names in enumerate(STOREYS):
        there = [name for name in names if name in lines]
        for number, name in enumerate(there):
            place[name] = (3.2 * (number - (len(there) - 1) / 2) + 0.5 * (-1) ** level, 1.15 * level)
    with plt.rc_context({"svg.hashsalt": "imports", "font.family": "sans-serif"}):
        figure, ax = plt.subplots(figsize=(8.5, 9.5))
        for (start, end), count in sorted(imports().items()):
            if start in place and end in place and end not in ("errors", "constants"):
                ax.annotate("", place[end], place[start], arrowprops=dict(
                    arrowstyle="-|>", color="#4c72b0", alpha=0.55, linewidth=0.5 + 0.06 * min(count, 40), shrinkA=14,
                    shrinkB=14, connectionstyle="arc3,rad=0.12"))
        for name, (x, y) in place.items():
            ax.text(x, y, f"{name}\n{lines[name]} lines", ha="center", va="center", fontsize=9,
                    bbox=dict(boxstyle="round,pad=0.35", facecolor="white", edgecolor="#333333"))
        ax.set_xlim(-5.5, 5.5)
        ax.set_ylim(-0.8, 1.15 * len(STOREYS) - 0.4)
        ax.axis("off")
        figure.savefig(target, metadata={"Date": None}, bbox_inches="tight")


if __name__ == "__main__":
    draw(ROOT / "docs" / "imports.svg")
