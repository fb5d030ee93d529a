"""The printed parameter sets of the papers, and the glasses they describe."""

from glasstunnel.papers.advice import Recommendation, recommendations, recommended
from glasstunnel.papers.entries import PublishedEntry, paper_citations, published_entry, published_ids
from glasstunnel.papers.glasses import published

__all__ = [
    "PublishedEntry", "Recommendation", "paper_citations", "published", "published_entry", "published_ids",
    "recommendations", "recommended",
]
