"""The demo: five studies, one report, one short table."""

from collections.abc import Callable
from pathlib import Path

from glasstunnel.report import save_results

_TITLE = "glasstunnel demo: from measured files to parameters"


def run_demo(folder: str | Path, progress: Callable[[str], None] | None = None) -> tuple[str, Path]:
    """Run the studies, write ``report.html``, ``result.json`` and tables into an existing folder.

    progress : function called with one sentence before each step, or None.
    Returns (table to print, path of the report). Raises `ReadError` when the example files are not there.
    """
    from glasstunnel.demo import curie, erbium, landscape, resonator, simulated

    tell = progress or (lambda sentence: None)
    lines, sections = [], []
    for study in (resonator, erbium, curie, simulated, landscape):
        tell(study.WHAT)
        study_lines, study_sections = study.run()
        lines += [study.WHAT, *(f"  {line}" for line in study_lines), ""]
        sections += study_sections
    tell("writing the report")
    path = save_results(sections, folder, title=_TITLE)
    return "\n".join(lines), path
