"""Sphinx configuration: pages in Markdown, interface pages from docstrings, figures from docs/gallery."""

import os
import re
import sys
import warnings
from pathlib import Path

from glasstunnel import __version__

project = "glasstunnel"
author = "The glasstunnel developers"
copyright = "2026, the glasstunnel developers"
version = release = __version__

extensions = [
    "myst_parser",
    "sphinx.ext.autodoc",
    "sphinx.ext.mathjax",
    "sphinx.ext.viewcode",
    "sphinx_gallery.gen_gallery",
    "sphinx-mathjax-offline",  # formulas are shown without a network
]
myst_enable_extensions = ["amsmath", "dollarmath", "deflist"]
myst_heading_anchors = 3

html_theme = "furo"
html_title = f"glasstunnel {__version__}"
# The gallery's own page of execution times would load its style from another server.
exclude_patterns = ["_build", "gallery", "tutorials", "**/sg_execution_times.rst", "sg_execution_times.rst"]

autodoc_member_order = "bysource"
autodoc_typehints = "none"
autodoc_default_options = {"members": True, "show-inheritance": True}

sphinx_gallery_conf = {
    "examples_dirs": ["gallery", "tutorials"],
    "gallery_dirs": ["gallery_output", "tutorials_output"],
    "filename_pattern": r"plot_",
    "reset_modules": ("matplotlib", "glasstunnel.plots.appearance.use_style"),  # one style for gallery and report
    "remove_config_comments": True,
    "show_memory": False,
    "download_all_examples": False,
    "within_subsection_order": "FileNameSortKey",
    # A script whose assertion fails breaks the build.
    "abort_on_example_error": True,
}

os.environ.setdefault("MPLBACKEND", "Agg")
sys.path.insert(0, str(Path(__file__).parent))
warnings.filterwarnings("ignore", message="FigureCanvasAgg is non-interactive")

_ITEM = re.compile(r"^(\s*)([\w`\"'][\w`\"'., =\[\]<>-]*?) : (.*)$")


def plain_docstring(app, what, name, obj, options, lines):
    """Let docstrings stay plain text: ``name : meaning`` lines become a list, stray markup characters are escaped."""
    result, inside_item = [], None
    for line in lines:
        if ">>>" in line or ".. math::" in line or ":math:" in line:
            result.append(line)
            continue
        line = re.sub(r"(?<!`)\|", r"\\|", line)
        line = re.sub(r"(?<![\w*])(\*\w[^*]*\w\*)(?![\w*])|\*", lambda star: star[1] or r"\*", line)
        line = re.sub(r"(?<=\w)_(?=[\s,.)\]]|$)", r"\\_", line)
        item = _ITEM.match(line)
        indent = len(line) - len(line.lstrip())
        if item and inside_item in (None, len(item[1])):
            if result and result[-1].strip() and inside_item is None:
                result.append("")
            inside_item = len(item[1])
            result.append(f"{item[1]}* ``{item[2].replace('`', '')}``: {item[3]}")
        elif inside_item is not None and line.strip() and indent > inside_item:
            result.append(" " * (inside_item + 2) + line.strip())
        elif inside_item is not None:
            if line.strip():
                result.append("")
            inside_item = None
            result.append(line)
        else:
            result.append(line)
    lines[:] = result


def write_generated(app):
    """Pages that follow the code are written at each build: verdicts its citations, the reference its registries."""
    import reference_pages
    import verdict_pages

    verdict_pages.write_pages()
    reference_pages.write_pages()


def link_verdicts(app, docname, source):
    """Every figure of a paper ends with a link to the verdicts on that paper."""
    named = re.fullmatch(r"gallery_output/plot_(00[0-4])_\w+", docname)
    if named:
        source[0] += f"\n\nVerdicts on the claims of this paper: :doc:`../verdicts/paper_{named[1]}`.\n"


def setup(app):
    app.connect("source-read", link_verdicts)
    app.connect("builder-inited", write_generated)
    app.connect("autodoc-process-docstring", plain_docstring)
