"""Where tunneling systems come from: multi-well potentials, coherent clusters, voids of a polycluster."""

from glasstunnel.lazy import lazy_names

_PUBLIC = {
    "potentials": (
        "MultiWell", "parabola_well", "potential_from", "square_well", "tetrahedral_well", "triple_well",
    ),
    "vibronic": ("VibronicWell", "reduce_vibronic", "vibronic_levels"),
    "double_wells": ("barrier_for_splitting", "splitting", "square_barrier_splitting"),
    "clusters": (
        "ClusterScaling", "RingCluster", "attraction_ratio", "cluster_scaling", "cluster_splitting", "joint_amplitude",
        "joint_exponent", "ring_cluster", "ring_cluster_levels",
    ),
    "joint_tunneling": ("coupled_pair_splitting", "rigid_cluster_splitting", "root_law"),
    "driven": (
        "BlochResponse", "Drive", "DrivenSystem", "RelaxingSpin", "bloch_response", "driven_coherence",
        "effective_relaxation_time", "relaxation_response", "steady_coherence",
    ),
    "rings": (
        "four_well_closed_form", "four_well_error", "odd_ring_doublet", "printed_ring_strength", "ring_doublet",
        "ring_spectrum", "two_well_density_of_states",
    ),
    "packings": ("Packing", "Triangulation", "packing"),
    "void_statistics": (
        "Voids", "Windows", "area_spread_from_cells", "exposed_share", "three_cusped_area", "voids_of", "windows_of",
    ),
    "ovals": ("exposed_oval_perimeter", "turning_noise"),
    "averages": ("added_area", "negative_lobe", "tetrahedron_over_rings"),
    "reduction": ("WellReduction", "reduce_to_wells"),
    "semiclassics": ("LeastAction", "least_action"),
    "kinetics": (
        "AnomalousParameters", "KineticBound", "charge_numbers", "kinetic_bound", "kinetic_notes", "kinetic_scale",
        "quantum_number", "reduced_field", "to_anomalous",
    ),
    "levels": ("WellLevels", "solve_wells", "well_levels"),
}
_VOIDS = (
    "area_ratio_for", "growth_for_ratio", "tunneler_ratio", "void_area", "void_kind", "void_perimeter", "void_surface",
    "void_volume",
)
_MODULE_OF = {name: f"glasstunnel.origins.{module}" for module, names in _PUBLIC.items() for name in names}
_MODULE_OF |= dict.fromkeys(_VOIDS, "glasstunnel.conversions.voids")  # closed forms that the cutoffs of systems use too

__all__, __getattr__, __dir__ = lazy_names(__name__, _MODULE_OF)  # pyright: ignore[reportUnsupportedDunderAll]
