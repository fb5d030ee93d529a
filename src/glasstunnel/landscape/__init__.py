"""Tunneling systems found in a simulated glass: from a quench to the heat capacity.

A glass is cooled, its minima are harvested, pairs of minima are joined by proven saddles, the tunneling of each pair is
solved along its path, and what is found becomes a contribution to a `Glass`. Reduced units of the model until the last
step (`units`). The names below are the public interface; each is imported when first used. Needs the extra
``glasstunnel[landscape]``.
"""

from glasstunnel.lazy import lazy_names

_PUBLIC = {
    "configuration": ("Configuration", "energy", "forces", "hessian", "normal_modes"),
    "models": ("Model", "kob_andersen_model", "lennard_jones_model", "lennard_jones_mixture", "pair_table",
               "planar_surface", "mueller_brown"),
    "samples": ("kob_andersen", "lennard_jones_cluster", "quench"),
    "harvesting": ("Harvest", "cool", "harvest", "run_dynamics"),
    "pairs": ("Pair", "candidate_pairs", "participation"),
    "saddles": ("Path", "Saddle", "search_from"),
    "connections": ("connect", "find_saddle"),
    "explore": ("explore_cluster",),
    "paths": ("extend_path", "least_action_path", "transverse_zero_point"),
    "graph": ("Classification", "Edge", "TunnelingGroup", "classify", "edge_of", "law_tests", "loop_area"),
    "tables": ("catalogue_from_pairs", "quartic_splitting", "read_pairs"),
    "basins": ("Valleys", "valley_verdict", "valleys"),
    "campaign": ("Campaign", "run_campaign"),
    "analysis": ("CampaignResult", "collect"),
    "settings": ("CampaignSettings", "read_settings"),
    "couplings": ("deformation_potentials", "dipole_moment", "strain_coupling", "strain_derivative"),
    "unit_systems": ("UNITS", "Units"),
    "quantum": ("DoubleWellLevels", "double_well_levels", "fit_wells"),
}
_MODULE_OF = {name: f"glasstunnel.landscape.{module}" for module, names in _PUBLIC.items() for name in names}
_MODULE_OF["TunnelingCatalogue"] = "glasstunnel.systems.catalogue"

__all__, __getattr__, __dir__ = lazy_names(__name__, _MODULE_OF)  # pyright: ignore[reportUnsupportedDunderAll]
