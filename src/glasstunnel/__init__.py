"""glasstunnel: tunneling systems in glasses.

One description of a glass in, every observable out; measured files in, tunneling parameters out. The names below are
the whole public interface; each is imported when first used, so that ``import glasstunnel`` stays quick.
"""

from importlib import import_module
from typing import Any

from glasstunnel.systems.registry import CONTRIBUTIONS

__version__ = "0.1.0"

_PUBLIC = {
    "errors": ("GlassTunnelError", "ParameterError", "UnitError", "ReadError", "FitError", "RunFileError"),
    "systems.glass": ("Glass",),
    "systems.wells": ("three_well_levels", "two_level_gap", "four_well_levels", "tetrahedral_levels"),
    "observables.table": ("OBSERVABLES",),
    "observables.thermodynamics": (
        "free_energy", "entropy", "heat_capacity", "magnetization", "susceptibility", "entropy_change",
        "density_of_states",
        "static_susceptibility", "susceptibility_times_temperature", "inverse_susceptibility",
        "heat_capacity_over_temperature", "heat_capacity_over_cubed_temperature",
    ),
    "observables.dielectric": ("permittivity", "loss_tangent", "dielectric_shift"),
    "observables.acoustics": (
        "sound_velocity_shift", "internal_friction", "sound_attenuation", "short_time_heat_capacity", "heat_release",
    ),
    "observables.transport": ("thermal_conductivity",),
    "observables.noise": (
        "capacitor_noise", "displacement_noise", "frequency_noise", "qubit_relaxation", "relaxation_rate",
    ),
    "observables.thermometry": ("temperature_of",),
    "observables.spectroscopy": ("transition_frequency", "line_strength"),
    "observables.resonator": ("internal_loss", "internal_quality_factor", "frequency_shift"),
    "systems.response.convention": ("DielectricConvention",),
    "systems.material": ("Material",),
    "conversions": ("Composition", "Sample", "convert_amount", "effective_moment"),
    "papers": ("published", "published_ids"),
    "systems.registry": ("contribution_kinds",),
    "echoes.pulses": ("Pulses",),
    "echoes.signal": ("echo",),
    "echoes.convention": ("EchoConvention",),
    "papers.echoes": ("published_echo",),
    "echoes.nuclear.quadrupole": ("nuclear_quadrupole_echo",),
    "systems.nuclei": ("NUCLEI", "Nucleus"),
    "data": ("Column", "Dataset", "read"),
    "inference": (
        "LogUniform", "Uniform", "Normal", "FitResult", "fit", "profile", "compare", "tension", "posterior",
        "plan", "contours", "laplace_evidence"),
    "studies.intrinsic": ("intrinsic_magnetization",),
    "studies.universality": ("universality_test",),
    "studies.echo_explanations": ("compare_echo",),
    "runfile": ("read_glass",),
    "files": ("write_glass",),
    "report": ("write_report",),
    "progress": ("show_progress",),
    "plots": ("plot_comparison", "plot_curves", "plot_data", "plot_density_of_states", "plot_fit", "plot_levels",
              "plot_posterior"),
    "explorer": ("Explorer", "explore"),
}
_MODULE_OF = {name: f"glasstunnel.{module}" for module, names in _PUBLIC.items() for name in names}
#: Sub-packages and modules that `glasstunnel.<name>` reaches without an import of their own.
_ROOMS = (
    "constants", "conversions", "data", "echoes", "errors", "explorer", "inference", "landscape", "numerics",
    "observables", "origins", "papers", "plots", "report", "runfile", "studies", "systems", "units", "verdicts",
)

__all__ = ["__version__", *sorted(_MODULE_OF | dict.fromkeys(CONTRIBUTIONS, "")), *_ROOMS]


def __getattr__(name: str) -> Any:
    if name in _ROOMS:
        return import_module(f"glasstunnel.{name}")
    kind = CONTRIBUTIONS.get(name)
    if name not in _MODULE_OF and kind is None:
        raise AttributeError(f"module 'glasstunnel' has no attribute {name!r}")
    value = getattr(import_module(kind.module if kind else _MODULE_OF[name]), name)
    globals()[name] = value
    return value


def __dir__():
    return __all__
