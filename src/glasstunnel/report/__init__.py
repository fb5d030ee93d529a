"""The report: one self-contained HTML page, with a table for every figure and the result for machines beside it."""

from glasstunnel.report.blocks import Answer, Answers, Code, Heading, Notes, Picture, Pictures, Section, Table, Text
from glasstunnel.report.fits import fit_section
from glasstunnel.report.sections import (
    comparison_answers,
    comparison_sections,
    comparison_table,
    profile_section,
    sections_of,
)
from glasstunnel.report.write import save_results, write_report

__all__ = [
    "Answer", "Answers", "Code", "Heading", "Notes", "Picture", "Pictures", "Section", "Table", "Text",
    "comparison_answers", "comparison_sections", "comparison_table", "fit_section", "profile_section", "save_results",
    "sections_of", "write_report",
]
