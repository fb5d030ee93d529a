"""The one list of contributions: public names, run files, command line, documentation and tests read it."""

import sys
from dataclasses import dataclass
from importlib import import_module

from glasstunnel.errors import ParameterError
from glasstunnel.records import brief


@dataclass(frozen=True)
class Kind:
    """A kind of contribution: the module its class stands in, and the name it has in a glass of one."""

    module: str
    short: str

    __repr__ = brief


#: Kind of contribution (the name of its class) -> where it stands.
CONTRIBUTIONS = {
    "AnomalousTunnelingSystems": Kind("glasstunnel.systems.anomalous.contribution", "ats"),
    "ActivatedRelaxation": Kind("glasstunnel.systems.activated", "activated"),
    "CurieWeissLaw": Kind("glasstunnel.systems.curie_weiss", "curie_weiss"),
    "DebyePhonons": Kind("glasstunnel.systems.phonons", "phonons"),
    "EinsteinModes": Kind("glasstunnel.systems.einstein_modes", "einstein"),
    "FeO4Centers": Kind("glasstunnel.systems.feo4", "feo4"),
    "FlickerNoise": Kind("glasstunnel.systems.flicker_noise", "flicker"),
    "LarmorDiamagnetism": Kind("glasstunnel.systems.diamagnetism", "larmor"),
    "MagneticIons": Kind("glasstunnel.systems.magnetic_ions.contribution", "ions"),
    "NuclearQuadrupoles": Kind("glasstunnel.systems.nuclear_quadrupoles", "nuclei"),
    "Resonator": Kind("glasstunnel.systems.resonator.contribution", "resonator"),
    "SchottkyLevels": Kind("glasstunnel.systems.schottky", "schottky"),
    "SoftModes": Kind("glasstunnel.systems.soft_modes", "soft"),
    "TunnelingCatalogue": Kind("glasstunnel.systems.catalogue", "catalogue"),
    "TwoLevelSystems": Kind("glasstunnel.systems.two_level", "tls"),
    "VanVleckParamagnetism": Kind("glasstunnel.systems.van_vleck", "van_vleck"),
}

#: What a message about an unknown name adds: code of a person's own has to be loaded first.
LOAD_FIRST = "one of your own is known once its module is loaded, with --module FILE.py in the shell"


def contribution_kinds() -> tuple[str, ...]:
    """The kinds of contributions that a glass can have, as ``type`` in a run file takes them.

    >>> from glasstunnel import contribution_kinds
    >>> "DebyePhonons" in contribution_kinds()
    True
    """
    return tuple(CONTRIBUTIONS)


def contribution_class(kind: str) -> type:
    """The class of a kind of contribution, imported when first asked for; `ParameterError` for an unknown kind.

    >>> contribution_class("DebyePhonons").__name__
    'DebyePhonons'
    """
    if kind not in CONTRIBUTIONS:
        raise ParameterError(f"no contribution {kind!r}; there are {', '.join(CONTRIBUTIONS)}; {LOAD_FIRST}")
    return getattr(import_module(CONTRIBUTIONS[kind].module), kind)


def modules_outside() -> dict[str, str]:
    """{module outside the package that brought a kind of contribution: the first digits of its file's SHA-256}.

    >>> modules_outside()
    {}
    """
    import hashlib  # both take longer than the rest of what a help text needs
    from pathlib import Path

    package = __name__.partition(".")[0]
    names = sorted({kind.module for kind in CONTRIBUTIONS.values() if kind.module.partition(".")[0] != package})
    files = {name: Path(getattr(sys.modules.get(name), "__file__", None) or "") for name in names}
    return {name: hashlib.sha256(file.read_bytes()).hexdigest()[:12] if file.is_file() else "?"
            for name, file in files.items()}  # fmt: skip


def short_name(kind: str) -> str:
    """The name a contribution of this kind has in a glass of one; one that is not registered is "contribution".

    >>> short_name("TwoLevelSystems")
    'tls'
    """
    return CONTRIBUTIONS[kind].short if kind in CONTRIBUTIONS else "contribution"
