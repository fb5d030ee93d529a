"""Writing a report: sections to HTML, figures to tables, results to JSON."""

import json
import logging
import re
from pathlib import Path

from glasstunnel import __version__
from glasstunnel.files import as_json, write_csv
from glasstunnel.report.blocks import Pictures, Section
from glasstunnel.report.sections import sections_of

_LOG = logging.getLogger(__name__)
_LONG_WORD = 24  # letters from which a word may be broken
_PIECES = r"[^_./-]{1,24}[_./-]?|[_./-]"  # of such a word


def write_report(results, path, *, title="", subtitle=""):
    """Write finished results as one self-contained HTML page; figures are inside it.

    results : a `FitResult`, `Comparison`, `Profiles` or `Section`, or a sequence of them, in the order of the page.
    path : the file to write. title : heading of the page. Returns the path.
    Raises `FitError` for something that is no finished result, `OSError` when the file cannot be written.
    """
    sections = _sections(results)
    path = Path(path)
    path.write_text(_render(sections, title or sections[0].title, subtitle), encoding="utf-8")
    return path


def save_results(results, folder, *, title="", subtitle=""):
    """Write ``report.html``, ``result.json`` and one CSV behind every figure into an existing folder.

    results : as for `write_report`. Returns the path of the report. ``result.json`` lists the CSV files; those an
    earlier ``result.json`` in the folder lists and this one does not are removed.
    """
    folder = Path(folder)
    sections = _sections(results)
    records = {name: record for section in sections for name, record in section.records.items()}
    tables = {f"{picture.name}.csv": picture.columns for picture in _pictures(sections) if picture.columns}
    outdated = _listed_tables(folder) - set(tables)
    (folder / "result.json").write_text(as_json(records | {"tables": list(tables)}) + "\n", encoding="utf-8")
    for name, columns in tables.items():
        with open(folder / name, "w", encoding="utf-8", newline="") as file:
            write_csv(file, columns)
    for name in outdated:
        (folder / name).unlink(missing_ok=True)
    _LOG.info("wrote %d tables and result.json to %s", len(tables), folder)
    return write_report(sections, folder / "report.html", title=title, subtitle=subtitle)


def _listed_tables(folder):
    """The CSV files that the ``result.json`` of an earlier run says it wrote; none where it says nothing."""
    try:
        names = json.loads((folder / "result.json").read_text(encoding="utf-8"))["tables"]
        return {name for name in names if name.endswith(".csv") and Path(name).name == name}
    except (OSError, ValueError, LookupError, TypeError, AttributeError):
        return set()


def _sections(results):
    results = results if isinstance(results, (list, tuple)) else [results]
    return [section for result in results
            for section in ([result] if isinstance(result, Section) else sections_of(result))]  # fmt: skip


def _pictures(sections):
    blocks = [block for section in sections for block in section.blocks]
    return [picture for block in blocks if isinstance(block, Pictures) for picture in block.pictures]


def _render(sections, title, subtitle):
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("glasstunnel", "report"), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )
    environment.filters |= {"inline_image": _inline_image, "unbroken": _unbroken}
    template = environment.get_template("template.html.j2")
    return template.render(sections=sections, title=title, subtitle=subtitle or f"glasstunnel {__version__}")


def _unbroken(text):
    """A cell: numbers are not torn apart at the end of a line, long names may be, after a mark where they have one."""
    from markupsafe import Markup, escape

    for mark in ("±", "×", "to"):
        text = text.replace(f" {mark} ", f"\u00a0{mark}\u00a0") if any(map(str.isdigit, text)) else text
    words = (re.findall(_PIECES, word) if len(word) > _LONG_WORD else [word] for word in re.split(r"(\s+)", text))
    return Markup("").join(Markup("<wbr>").join(map(escape, word)) for word in words)


def _inline_image(figure):
    """The figure as a data address: as text (base64 is a third longer), the blanks of its layout left out."""
    from urllib.parse import quote

    from glasstunnel.plots import figure_svg

    svg = " ".join(figure_svg(figure).split()).replace("> <", "><")
    return "data:image/svg+xml," + quote(svg, safe=" /:;=,()!*.-+@?$[]{}|")
