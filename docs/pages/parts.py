"""What the pages have in common: the numbers of a gallery script, tables."""

import contextlib
import io
import runpy
from pathlib import Path

DOCS = Path(__file__).parents[1]


def table(header, rows):
    """A Markdown table of strings."""
    lines = ["| " + " | ".join(header) + " |", "|" + "---|" * len(header)]
    return "\n".join([*lines, *("| " + " | ".join(row) + " |" for row in rows)])


def run(script):
    """The variables of a gallery script; what it prints is kept back."""
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    with contextlib.redirect_stdout(io.StringIO()):
        result = runpy.run_path(str(DOCS / "gallery" / script))
    plt.close("all")
    return result
