"""Figures of finished records. Nothing is computed here but what is drawn."""

from glasstunnel.plots.curves import curve_figure
from glasstunnel.plots.fits import correlation_figure, fit_figure
from glasstunnel.plots.style import STYLE, figure_svg, save_figure

__all__ = ["STYLE", "correlation_figure", "curve_figure", "figure_svg", "fit_figure", "save_figure"]
