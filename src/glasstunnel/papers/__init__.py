"""The printed parameter sets of the papers, and the glasses they describe."""

from glasstunnel.papers.entries import PublishedEntry, paper_citations, published_entry, published_ids
from glasstunnel.papers.glasses import published

__all__ = ["PublishedEntry", "paper_citations", "published", "published_entry", "published_ids"]
