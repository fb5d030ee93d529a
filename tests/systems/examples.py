"""One instance of every contribution (and of its options that change the physics), for tests that run over all."""

import importlib
import pkgutil

import glasstunnel as gt
import glasstunnel.systems
from glasstunnel import (
    AnomalousTunnelingSystems,
    DebyePhonons,
    FeO4Centers,
    Glass,
    LarmorDiamagnetism,
    MagneticIons,
    NuclearQuadrupoles,
    Resonator,
    SchottkyLevels,
    TunnelingCatalogue,
    TwoLevelSystems,
    VanVleckParamagnetism,
)
from glasstunnel.systems.contribution import Contribution, WithoutEnergy
from glasstunnel.systems.ensemble import EnsembleContribution

_ATS = {
    "density": 3e19, "asymmetry_min": 0.05, "asymmetry_max": 100.0, "amplitude_area_min": 6e4,
    "amplitude_area_max": 9e4, "flux_field": 2.0,
}  # fmt: skip

EXAMPLES = {
    "two_level": TwoLevelSystems(density=2e20, tunneling_min=2e-3),
    "two_level_constant": TwoLevelSystems(density=2e21),
    "phonons": DebyePhonons(cubic_coefficient=8e-4, debye_temperature=495.0),
    "phonons_cubic": DebyePhonons(cubic_coefficient=2.4e-3),
    "larmor": LarmorDiamagnetism(susceptibility=4e-3),
    "van_vleck": VanVleckParamagnetism(susceptibility=2e-3),
    "ions": MagneticIons("Fe3+", concentration=1e20),
    "ions_explicit": MagneticIons("Gd3+", concentration=1e20, spin=3.5, g_factor=1.99),
    "ions_split": MagneticIons(
        "Ni2+", 1e20, zero_field_splitting=-3.0, rhombicity=0.1, g_factor=2.2, g_parallel=2.6, g_rhombicity=0.2
    ),
    "ions_interacting": MagneticIons("Fe2+", 1e20, mean_field=-0.5, paired_share=0.2, exchange=-6.0),
    "nuclei": NuclearQuadrupoles("B-11", 8e5, 0.5, quadrupole_spread=0.3, fraction=0.7),
    "resonator": Resonator(0.01, gap=14.0, kinetic_inductance_fraction=0.02),
    "feo4": FeO4Centers(concentration=1e20, scale=0.3),
    "catalogue": TunnelingCatalogue(1e20, asymmetries=(0.3, -2.0, 0.01), splittings=(0.2, 0.001, 5.0),
                                    weights=(1.0, 2.0, 1.0), third_levels=(40.0, 0.0, 30.0)),
    "schottky": SchottkyLevels(1e20, (0.0, 1.5, 4.0), (2, 1, 3)),
    "schottky_zeeman": SchottkyLevels(1e20, (0.0, 0.0, 0.7), (1, 1, 2), (2.0, -2.0, 0.0)),
    "ats_exact": AnomalousTunnelingSystems(**_ATS),
    "ats_exact_spread": AnomalousTunnelingSystems(**_ATS, area_spread=0.3),
    "ats_effective": AnomalousTunnelingSystems(**_ATS, theory="effective"),
    "ats_effective_rms": AnomalousTunnelingSystems(**_ATS, theory="effective", orientation="rms"),
}
EXAMPLES |= {
    "activated": gt.ActivatedRelaxation(3e-4, 3e-4, energy_scale=13.0, barrier_scale=445.0),
    "curie_weiss": gt.CurieWeissLaw(2e-3, -3.0),
    "schottky_single": gt.SchottkyLevels(1e20, level_1=1.5, level_2=4.0, degeneracies=(1, 2, 3)),
    "flicker": gt.FlickerNoise(1e-17, 1.5),
    "einstein": gt.EinsteinModes(1e24, 0.4),
    "soft": gt.SoftModes(1e22, 4.0),
    "soft_crossover": gt.SoftModes(1e22, 4.0, 40.0),
    "two_level_strain": TwoLevelSystems(2e20, material=gt.Material(2200.0, 5800.0, 3800.0, 1.04, 0.65)),
}
EXAMPLES["glass"] = Glass({key: EXAMPLES[key] for key in ("two_level", "phonons", "larmor", "ions", "ats_exact")})


def contribution_classes():
    """Every concrete contribution class of the package, found by importing all of `systems`."""
    for module in pkgutil.walk_packages(glasstunnel.systems.__path__, "glasstunnel.systems."):
        importlib.import_module(module.name)
    found, queue = set(), [Contribution]
    while queue:
        for cls in queue.pop().__subclasses__():
            if cls.__module__.startswith("glasstunnel."):
                found.add(cls)
            queue.append(cls)
    return found - {EnsembleContribution, WithoutEnergy}
