"""glasstunnel: tunneling systems in glasses.

One description of a glass in, every observable out; measured files in, tunneling parameters out. The names below are
the whole public interface; each is imported when first used, so that ``import glasstunnel`` stays quick.
"""

from importlib import import_module

__version__ = "0.1.0"

_PUBLIC = {
    "errors": ("GlassTunnelError", "ParameterError", "UnitError", "ReadError", "FitError", "RunFileError"),
    "systems.glass": ("Glass",),
    "systems.two_level": ("TwoLevelSystems",),
    "systems.anomalous": ("AnomalousTunnelingSystems",),
    "systems.phonons": ("DebyePhonons",),
    "systems.diamagnetism": ("LarmorDiamagnetism",),
    "systems.magnetic_ions": ("MagneticIons",),
    "systems.feo4": ("FeO4Centers",),
    "systems.schottky": ("SchottkyLevels",),
    "systems.wells": ("three_well_levels", "two_level_gap", "four_well_levels", "tetrahedral_levels"),
    "observables.table": ("OBSERVABLES",),
    "observables.thermodynamics": (
        "free_energy", "entropy", "heat_capacity", "magnetization", "susceptibility", "entropy_change",
    ),
    "observables.density_of_states": ("density_of_states",),
    "observables.permittivity": ("permittivity", "loss_tangent", "dielectric_shift"),
    "systems.resonator": ("Resonator",),
    "observables.resonator": ("internal_loss", "internal_quality_factor", "frequency_shift"),
    "systems.dielectric_convention": ("DielectricConvention",),
    "systems.material": ("Material",),
    "conversions": ("Composition",),
    "papers": ("published",),
    "echoes.pulses": ("Pulses",),
    "echoes.signal": ("echo",),
    "echoes.convention": ("EchoConvention",),
    "echoes.printed": ("published_echo",),
    "echoes.nuclear": ("nuclear_quadrupole_echo",),
    "echoes.nuclei": ("NUCLEI", "Nucleus"),
    "data": ("Column", "Dataset", "read"),
    "inference": (
        "LogUniform", "Uniform", "Normal", "FitResult", "fit", "profile", "compare", "intrinsic_magnetization",
        "tension", "universality_test",
    ),
    "inference.echo": ("compare_echo",),
    "report": ("write_report",),
}
_MODULE_OF = {name: module for module, names in _PUBLIC.items() for name in names}

__all__ = ["__version__", *sorted(_MODULE_OF)]


def __getattr__(name):
    if name not in _MODULE_OF:
        raise AttributeError(f"module 'glasstunnel' has no attribute {name!r}")
    value = getattr(import_module(f"glasstunnel.{_MODULE_OF[name]}"), name)
    globals()[name] = value
    return value


def __dir__():
    return __all__
