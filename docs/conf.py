"""Sphinx configuration: pages in Markdown, interface pages from docstrings, figures from docs/gallery."""

import os
import warnings

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
]
myst_enable_extensions = ["amsmath", "dollarmath", "deflist"]
myst_heading_anchors = 3

html_theme = "furo"
html_title = f"glasstunnel {__version__}"
exclude_patterns = ["_build", "gallery/*.py"]

autodoc_member_order = "bysource"
autodoc_typehints = "none"
autodoc_default_options = {"members": True, "show-inheritance": True}

sphinx_gallery_conf = {
    "examples_dirs": "gallery",
    "gallery_dirs": "gallery_output",
    "filename_pattern": r"plot_",
    "remove_config_comments": True,
    "show_memory": False,
    "download_all_examples": False,
    "within_subsection_order": "FileNameSortKey",
    # A script whose assertion fails breaks the build.
    "abort_on_example_error": True,
}

os.environ.setdefault("MPLBACKEND", "Agg")
warnings.filterwarnings("ignore", message="FigureCanvasAgg is non-interactive")
