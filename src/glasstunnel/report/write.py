"""Writing a report: sections to HTML, figures to tables, results to JSON."""

import json
import logging
import os
from itertools import groupby
from pathlib import Path
from typing import Any

from glasstunnel import __version__
from glasstunnel.errors import OutputError
from glasstunnel.files import as_json, named_as, staging_folder, write_csv, written_whole
from glasstunnel.report.blocks import Answers, Pictures, Section
from glasstunnel.report.sections import sections_of

_LOG = logging.getLogger(__name__)
_REPORT, _RESULT = "report.html", "result.json"
_MARK = f"glasstunnel {__version__}"
_LONG_CELL = 24  # letters from which neighbors that say the same are one cell


def write_report(
    results: Any, path: str | Path, *, title: str = "", subtitle: str = "", summary: Answers | None = None
) -> Path:
    """Write finished results as one self-contained HTML page; figures are inside it.

    results : a `FitResult`, `Comparison`, `Profiles` or `Section`, or a sequence of them, in the order of the page.
    path : the file to write. title : heading of the page. summary : the answers of all sections, where the page holds
        several studies; it stands before everything. Returns the path.
    Raises `FitError` for something that is no finished result, `OSError` when the file cannot be written.
    """
    sections = _sections(results)
    text = _render(sections, title or sections[0].title, subtitle, summary)
    with written_whole(path) as part:
        part.write_text(text, encoding="utf-8")
    return Path(path)


def save_results(
    results: Any, folder: str | Path, *, title: str = "", subtitle: str = "", summary: Answers | None = None
) -> Path:
    """Write ``report.html``, ``result.json`` and one CSV behind every figure into an existing folder.

    results, summary : as for `write_report`. Returns the path of the report. ``result.json`` says who wrote it and
    lists the CSV files; those an earlier one in the folder lists and this one does not are removed. Everything is
    written beside the folder first and moved there at the end, ``result.json`` last; an earlier result stays whole
    until then. A CSV file of somebody else stays: a table that would be called like it gets a number.
    Raises `OutputError` where the report or ``result.json`` is not one of the program.
    """
    folder = Path(folder)
    sections = _sections(results)
    records = {name: record for section in sections for name, record in section.records.items()}
    earlier = written_files(folder)
    tables = _tables(sections, {path.stem for path in folder.glob("*.csv") if path.name not in earlier})
    names = [*tables, _REPORT, _RESULT]  # in the order in which they are moved: the list of all comes last
    refuse_strange(folder, names, earlier)
    with staging_folder(folder) as part:
        for name, columns in tables.items():
            with named_as(folder / name), open(part / name, "w", encoding="utf-8", newline="") as file:
                write_csv(file, columns)
        with named_as(folder / _REPORT):
            write_report(sections, part / _REPORT, title=title, subtitle=subtitle, summary=summary)
        text = as_json({"written_by": _MARK} | records | {"tables": list(tables)})
        with named_as(folder / _RESULT):
            (part / _RESULT).write_text(text + "\n", encoding="utf-8")
        for name in names:
            os.replace(part / name, folder / name)
    for name in earlier - set(names):
        (folder / name).unlink(missing_ok=True)
    _LOG.info("wrote %d tables and result.json to %s", len(tables), folder)
    return folder / _REPORT


def _tables(sections, strange):
    """{file name: columns} of the tables behind the figures; a name that is taken, in whatever case, gets a number.

    strange : names of tables in the folder that are somebody else's; they stay.
    """
    tables, taken = {}, {name.casefold() for name in strange}
    for picture in _pictures(sections):
        name, number = picture.name, 1
        while name.casefold() in taken:
            number += 1
            name = f"{picture.name}-{number}"
        if picture.columns:
            taken.add(name.casefold())
            tables[f"{name}.csv"] = picture.columns
    return tables


def written_files(folder):
    """The names of the files in `folder` that an earlier result there lists as its own; empty where there is none."""
    result = Path(folder) / _RESULT
    try:
        if result.is_symlink():
            return set()
        record = json.loads(result.read_text(encoding="utf-8"))
        if not record["written_by"].startswith("glasstunnel "):
            return set()
        tables = {name for name in record["tables"] if name.endswith(".csv") and Path(name).name == name}
        return {_RESULT, _REPORT, *tables}
    except (OSError, ValueError, LookupError, TypeError, AttributeError):
        return set()


def refuse_strange(folder, names, earlier):
    """`OutputError` for the first of `names` that is in `folder` and not among the `earlier` ones, or is a link."""
    for name in names:
        place = Path(folder) / name
        if place.is_symlink():
            raise OutputError(f"{place} is a link; remove it or choose another folder")
        if place.exists() and name not in earlier:
            raise OutputError(f"{place} was not written by glasstunnel, or its result.json is gone; move it away or "
                              "choose another folder")


def _sections(results):
    results = results if isinstance(results, (list, tuple)) else [results]
    return [section for result in results
            for section in ([result] if isinstance(result, Section) else sections_of(result))]  # fmt: skip


def _pictures(sections):
    blocks = [block for section in sections for block in section.blocks]
    return [picture for block in blocks if isinstance(block, Pictures) for picture in block.pictures]


def _render(sections, title, subtitle, summary):
    from jinja2 import Environment, PackageLoader, StrictUndefined

    from glasstunnel.report.typography import cell, name, prose

    environment = Environment(
        loader=PackageLoader("glasstunnel", "report"), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )
    environment.filters |= {"inline_image": _inline_image, "prose": prose, "cell": cell, "name": name,
                            "heights": _heights}  # fmt: skip
    template = environment.get_template("template.html.j2")
    places = {section.title: f"section-{number}" for number, section in reversed([*enumerate(sections, 1)])}
    return template.render(sections=sections, title=title, subtitle=subtitle or f"glasstunnel {__version__}",
                           summary=summary, places=places)  # fmt: skip


def _heights(rows):
    """(row, height of its last cell): a long text that several rows in turn share stands once, beside all of them.

    >>> long = "the equations of 002, with a long title"
    >>> [height for _, height in _heights([("a", long), ("b", long), ("c", "short"), ("d", "short")])]
    [2, 0, 1, 1]
    """
    found = []
    for text, shared in groupby(rows, key=lambda row: row[-1]):
        same = list(shared)
        one_cell = len(same) > 1 and len(text) > _LONG_CELL
        found += [(row, (0 if number else len(same)) if one_cell else 1) for number, row in enumerate(same)]
    return found


def _inline_image(figure):
    """The figure as a data address: as text (base64 is a third longer), the blanks of its layout left out."""
    from urllib.parse import quote

    from glasstunnel.plots import figure_svg

    svg = " ".join(figure_svg(figure).split()).replace("> <", "><")
    return "data:image/svg+xml," + quote(svg, safe=" /:;=,()!*.-+@?$[]{}|")
