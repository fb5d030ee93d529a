"""Figures of finished records. Nothing is computed here but what is drawn; each name is imported when first used."""

from importlib import import_module

#: What is drawn into axes of matplotlib and returns them: name -> module it stands in.
PLOTS = {
    "plot_data": "glasstunnel.plots.measured",
    "plot_fit": "glasstunnel.plots.fits",
    "plot_comparison": "glasstunnel.plots.fits",
    "plot_posterior": "glasstunnel.plots.checks",
    "plot_curves": "glasstunnel.plots.curves",
    "plot_levels": "glasstunnel.plots.curves",
    "plot_density_of_states": "glasstunnel.plots.curves",
}
#: The one list of whole figures, for pages and files.
FIGURES = {
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
    "plan_figure": "glasstunnel.plots.designs",
    "double_well_figure": "glasstunnel.plots.landscape",
    "graph_figure": "glasstunnel.plots.landscape",
    "distribution_figure": "glasstunnel.plots.landscape",
    "saturation_figure": "glasstunnel.plots.landscape",
    "catalogue_figure": "glasstunnel.plots.landscape",
    "propensity_figure": "glasstunnel.plots.landscape",
    "wells_figure": "glasstunnel.plots.origins",
    "voids_figure": "glasstunnel.plots.origins",
}
_SHARED = dict.fromkeys(
    ("STYLE", "figure_svg", "panel", "pretty_unit", "save_figure", "use_style"), "glasstunnel.plots.appearance"
)

__all__ = ["FIGURES", "PLOTS", *sorted(FIGURES | PLOTS | _SHARED)]


def __getattr__(name):
    places = FIGURES | PLOTS | _SHARED
    if name not in places:
        raise AttributeError(f"module 'glasstunnel.plots' has no attribute {name!r}")
    return getattr(import_module(places[name]), name)


def __dir__():
    return __all__
