"""The one list of contributions: public names, run files, command line, documentation and tests read it."""

from importlib import import_module

from glasstunnel.errors import ParameterError

#: Kind of contribution (the name of its class) -> the module it stands in.
CONTRIBUTIONS = {
    "AnomalousTunnelingSystems": "glasstunnel.systems.anomalous.contribution",
    "DebyePhonons": "glasstunnel.systems.phonons",
    "FeO4Centers": "glasstunnel.systems.feo4",
    "LarmorDiamagnetism": "glasstunnel.systems.diamagnetism",
    "MagneticIons": "glasstunnel.systems.magnetic_ions.contribution",
    "Resonator": "glasstunnel.systems.resonator.contribution",
    "SchottkyLevels": "glasstunnel.systems.schottky",
    "TwoLevelSystems": "glasstunnel.systems.two_level",
    "VanVleckParamagnetism": "glasstunnel.systems.van_vleck",
}


def contribution_class(kind: str) -> type:
    """The class of a kind of contribution, imported when first asked for; `ParameterError` for an unknown kind.

    >>> contribution_class("DebyePhonons").__name__
    'DebyePhonons'
    """
    if kind not in CONTRIBUTIONS:
        raise ParameterError(f"no contribution {kind!r}; there are {', '.join(CONTRIBUTIONS)}")
    return getattr(import_module(CONTRIBUTIONS[kind]), kind)
