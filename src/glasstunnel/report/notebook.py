"""Finished records as small tables where a notebook shows them: the blocks of the report, without its page."""

from collections.abc import Iterable
from html import escape
from typing import Any

import numpy as np

from glasstunnel.report.blocks import Notes, Table, Text
from glasstunnel.report.fits import data_blocks, grouped_notes, model_blocks, parameter_table, printed_unit, verdict
from glasstunnel.report.numbers import plain
from glasstunnel.report.sections import comparison_table
from glasstunnel.systems.glass import Glass, as_glass

_MOST_ROWS, _MOST_LETTERS = 40, 400
#: User text holds no mathematics: MathJax of a notebook leaves elements of these classes alone.
_BOX = '<div class="glasstunnel tex2jax_ignore mathjax_ignore" style="overflow-x: auto">'
_LEFT = 'style="text-align: left; vertical-align: top"'


def glass_html(contribution: Any) -> str:
    """A glass or a contribution: what it is made of, its options, the parameters that are given."""
    glass = as_glass(contribution)
    name = glass.name if isinstance(contribution, Glass) else type(contribution).__name__
    blocks = [block for block in model_blocks(glass) if isinstance(block, Table)]
    return _html(name or "Glass", [*filter(None, [Text(glass.source) if glass.source else None]), *blocks,
                                   Notes(glass.notes)])


def dataset_html(data: Any) -> str:
    """A dataset: its columns with units and ranges, what the file says, what was noticed and done."""
    rows = [(key, printed_unit(column.unit), *_range_texts(column), column.label)
            for key, column in data.columns.items()]  # fmt: skip
    known = tuple((key, value) for key, value in data.metadata.items() if value)
    blocks = [
        Text(f"{data.quantity.replace('_', ' ')}, {len(data)} points, {data.format or 'given by hand'}"
             + (f", noise: {data.noise}" if data.noise else "")),
        Table(("column", "unit", "from", "to", "in the file"), tuple(rows), code=True),
        *([Table(("", ""), known)] if known else []),
        Notes((*data.notes, *(f"done: {step}" for step in data.history))),
    ]  # fmt: skip
    return _html(data.name, blocks)


def fit_html(result: Any) -> str:
    """A fit: its verdict, the parameters with errors and units, the datasets, what a reader must see."""
    data = [block for block in data_blocks(result) if isinstance(block, Table)]
    sentences = dict.fromkeys((*result.identifiability, *grouped_notes(result)))
    return _html(f"Fit of {result.glass.name or 'the glass'}",
                 [*verdict(result), parameter_table(result), *data, Notes(tuple(sentences))])


def comparison_html(comparison: Any) -> str:
    """Models side by side, then in words."""
    return _html("Comparison of models", [comparison_table(comparison), Notes(comparison.sentences)])


def posterior_html(posterior: Any) -> str:
    """Medians and intervals of a posterior with how far to believe them."""
    header, *rows = posterior.rows()
    evidence = f"ln Z = {posterior.log_evidence:.3f} ± {posterior.log_evidence_error:.2g}"
    warning = [] if posterior.trusted else [Text("The checks of the sampler failed: do not quote this.", warning=True)]
    table = Table(header, tuple((*row[:-1], printed_unit(row[-1])) for row in rows), code=True)
    return _html("Posterior", [*warning, Text(evidence), table, Notes(posterior.sentences)])


def _range_texts(column):
    if column.is_text:
        return "text", ""
    if not np.isfinite(column.values).any():
        return "empty", ""
    return plain(float(np.nanmin(column.values))), plain(float(np.nanmax(column.values)))


def _html(title: str, blocks: Iterable[Any]) -> str:
    parts = [f"<strong>{_text(title)}</strong>", *map(_block, blocks)]
    return "\n".join([_BOX, *filter(None, parts), "</div>"])


def _block(block):
    if isinstance(block, Text):
        return f"<p><strong>{_text(block.text)}</strong></p>" if block.warning else f"<p>{_text(block.text)}</p>"
    if isinstance(block, Notes):
        lines = "".join(f"<li>{_text(line)}</li>" for line in block.lines[:_MOST_ROWS])
        return f"<ul>{lines}</ul>" if lines else ""
    return _table(block)


def _table(table):
    """A table with an empty column left out and a long one cut, which it says."""
    kept = [number for number in range(len(table.header)) if any(row[number] for row in table.rows)]
    head = "".join(f"<th {_LEFT}>{_text(table.header[number])}</th>" for number in kept)
    lines = [
        "<tr>" + "".join(_cell(row[number], table.code and number == 0) for number in kept) + "</tr>"
        for row in table.rows[:_MOST_ROWS]
    ]
    more = len(table.rows) - _MOST_ROWS
    rest = f"<p>and {more} more</p>" if more > 0 else ""
    return f"<table><thead><tr>{head}</tr></thead><tbody>{''.join(lines)}</tbody></table>{rest}"


def _cell(text, is_code):
    return f"<td {_LEFT}><code>{_text(text)}</code></td>" if is_code else f"<td {_LEFT}>{_text(text)}</td>"


def _text(text):
    text = str(text)
    return escape(text if len(text) <= _MOST_LETTERS else text[: _MOST_LETTERS - 3] + "...")
