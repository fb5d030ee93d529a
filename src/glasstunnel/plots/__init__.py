"""Figures of finished records. Nothing is computed here but what is drawn; each name is imported when first used."""

from importlib import import_module

#: The one list of figures and of what they share: name -> module it stands in.
FIGURES = {
    "curve_figure": "glasstunnel.plots.curves",
    "fit_figure": "glasstunnel.plots.fits",
    "comparison_figure": "glasstunnel.plots.fits",
    "profile_figure": "glasstunnel.plots.fits",
    "correlation_figure": "glasstunnel.plots.fits",
    "curie_figure": "glasstunnel.plots.fits",
    "coverage_figure": "glasstunnel.plots.checks",
    "corner_figure": "glasstunnel.plots.checks",
    "evidence_figure": "glasstunnel.plots.checks",
    "band_figure": "glasstunnel.plots.checks",
    "contour_figure": "glasstunnel.plots.checks",
    "double_well_figure": "glasstunnel.plots.landscape",
    "graph_figure": "glasstunnel.plots.landscape",
    "distribution_figure": "glasstunnel.plots.landscape",
    "saturation_figure": "glasstunnel.plots.landscape",
    "catalogue_figure": "glasstunnel.plots.landscape",
    "propensity_figure": "glasstunnel.plots.landscape",
    "wells_figure": "glasstunnel.plots.origins",
    "voids_figure": "glasstunnel.plots.origins",
}
_SHARED = dict.fromkeys(("STYLE", "figure_svg", "pretty_unit", "save_figure"), "glasstunnel.plots.appearance")

__all__ = ["FIGURES", *sorted(FIGURES | _SHARED)]


def __getattr__(name):
    places = FIGURES | _SHARED
    if name not in places:
        raise AttributeError(f"module 'glasstunnel.plots' has no attribute {name!r}")
    return getattr(import_module(places[name]), name)


def __dir__():
    return __all__
