"""Figures of finished records. Nothing is computed here but what is drawn."""

from glasstunnel.plots.curves import curve_figure
from glasstunnel.plots.fits import comparison_figure, correlation_figure, curie_figure, fit_figure, profile_figure
from glasstunnel.plots.style import STYLE, figure_svg, pretty_unit, save_figure

__all__ = [
    "STYLE", "comparison_figure", "correlation_figure", "curie_figure", "curve_figure", "figure_svg", "fit_figure",
    "pretty_unit", "profile_figure", "save_figure",
]
