"""A campaign's run file: every number that decides its result, checked, and the hashes that key its stages."""

import dataclasses
import hashlib
import json
import tomllib
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from glasstunnel.errors import RunFileError
from glasstunnel.landscape.models import VARIANTS
from glasstunnel.landscape.quantum import ERROR_CLASS
from glasstunnel.landscape.unit_systems import UNITS
from glasstunnel.records import brief

#: Changes whenever a stage would give another result for the same settings.
CODE_VERSION = 4


@dataclass(frozen=True)
class SampleSettings:
    """Which sample: Kob-Andersen glasses of `count` atoms, `glasses` of them with seeds seed, seed + 1, ..."""

    glasses: int = 1
    count: int = 250
    variant: str = "smooth"
    density: float = 1.2
    seed: int = 1

    __repr__ = brief


@dataclass(frozen=True)
class CoolingSettings:
    """Cooling from `start` to `end` [eps] in `steps` steps of 0.005."""

    start: float = 0.7
    end: float = 0.3
    steps: int = 100_000


@dataclass(frozen=True)
class HarvestSettings:
    """Replicas at `temperature` [eps]: `segments` pieces of `length` steps with a quench after each."""

    temperature: float = 0.3
    replicas: int = 8
    segments: int = 100
    length: int = 40


@dataclass(frozen=True)
class PairSettings:
    """Cuts before a saddle is searched: |energy difference| [eps], chord [sigma], at most `limit` pairs per glass.

    singles : single-ended searches along soft modes, per glass.
    """

    max_difference: float = 0.1
    max_chord: float = 2.0
    limit: int = 1000
    singles: int = 0


@dataclass(frozen=True)
class TunnelingSettings:
    """Units of the model, method level L0, L1 or L2; solved are edges with asymmetry and barrier below these [eps].

    charges : of the species A, B [elementary charges], for the dipole moment of each double well; none: no dipoles.
    """

    units: str = "argon"
    method: str = "L1"
    max_asymmetry: float = 0.1
    max_barrier: float = 0.5
    charges: tuple[float, ...] = ()

    __repr__ = brief


@dataclass(frozen=True)
class ValleySettings:
    """Valleys inside the basins of the `minima` visited most in each glass (0: none looked at).

    radii : of the spheres around a minimum [sigma]; starts : searches on each sphere.
    """

    minima: int = 0
    radii: tuple[float, ...] = (0.2, 0.4)
    starts: int = 30

    __repr__ = brief


@dataclass(frozen=True)
class CampaignSettings:
    """All settings of a campaign; `text` is the run file as it was read."""

    sample: SampleSettings = SampleSettings()
    cooling: CoolingSettings = CoolingSettings()
    harvest: HarvestSettings = HarvestSettings()
    pairs: PairSettings = PairSettings()
    tunneling: TunnelingSettings = TunnelingSettings()
    valleys: ValleySettings = ValleySettings()
    title: str = "Landscape campaign"
    database: str = ""
    text: str = field(default="", compare=False)

    __repr__ = brief

    def __post_init__(self):
        _check(self)

    def section(self, name):
        """One section as plain values."""
        return dataclasses.asdict(getattr(self, name))

    def key(self, stage, glass, before=""):
        """Hash of what decides the result of a stage of one glass: its settings, its seed, the stage before, the code.

        >>> from glasstunnel.landscape import CampaignSettings
        >>> CampaignSettings().key("harvest", 0) == CampaignSettings(title="other").key("harvest", 0)
        True
        """
        decides = {"stage": stage, "glass": glass, "before": before, "code": CODE_VERSION}
        for name in STAGES[stage]:
            decides[name] = self.section(name)
        if "sample" in decides:
            decides["sample"].pop("glasses")  # more glasses leave the first ones what they are
        return hashlib.sha256(json.dumps(decides, sort_keys=True).encode()).hexdigest()[:24]


#: Stages in order -> the settings that decide each, beside the stage before it.
STAGES = {"glass": ("sample", "cooling"), "harvest": ("harvest",), "edges": ("pairs",), "levels": ("tunneling",),
          "valleys": ("valleys",)}  # fmt: skip
#: Names of all sections.
SECTIONS = tuple(name for names in STAGES.values() for name in names)


def read_settings(path):
    """The `CampaignSettings` of a TOML run file; `RunFileError` names file, section and key."""
    path = Path(path)
    try:
        text = path.read_text(encoding="utf-8")
        values = tomllib.loads(text)
    except (OSError, UnicodeDecodeError) as error:
        raise RunFileError(f"{path}: cannot be read: {getattr(error, 'strerror', None) or error}") from None
    except tomllib.TOMLDecodeError as error:
        raise RunFileError(f"{path}: not valid TOML: {error}") from None
    return settings_from(values, text, str(path))


def settings_from(values, text="", where="run file"):
    """`CampaignSettings` from a nested dictionary."""
    given, kinds = {}, {name.name: type(name.default) for name in dataclasses.fields(CampaignSettings)}
    for name, value in values.items():
        if name not in kinds or name == "text":
            raise RunFileError(f"{where}: unknown key {name!r}; there are {', '.join(n for n in kinds if n != 'text')}")
        section = dataclasses.is_dataclass(kinds[name])
        given[name] = _section(kinds[name], value, f"{where}: {name}") if section else value
    for name in ("title", "database"):
        if not isinstance(given.get(name, ""), str):
            raise RunFileError(f"{where}: {name} must be text")
    try:
        return CampaignSettings(**given, text=text)
    except RunFileError as error:
        raise RunFileError(f"{where}: {error}") from None


def _section(kind, values, where):
    if not isinstance(values, dict):
        raise RunFileError(f"{where} must be a table of settings")
    fields = {entry.name: entry for entry in dataclasses.fields(kind)}
    for name, value in values.items():
        if name not in fields:
            raise RunFileError(f"{where}: unknown key {name!r}; there are {', '.join(fields)}")
        wanted = type(fields[name].default)
        if not _fits(value, wanted):
            raise RunFileError(f"{where}.{name} must be {_WORDS[wanted]}, got {value!r}")
    return kind(**{name: type(fields[name].default)(value) for name, value in values.items()})


_WORDS = {int: "a whole number", float: "a number", str: "a text", tuple: "a list of numbers"}


def _fits(value, wanted):
    if wanted is tuple:
        return isinstance(value, (list, tuple)) and all(_fits(entry, float) for entry in value)
    return isinstance(value, (int, float) if wanted is float else wanted) and not isinstance(value, bool)


def _check(settings):
    """Ranges, in one sentence each."""
    for name in SECTIONS:
        for key, value in settings.section(name).items():
            least = 0 if key in ("seed", "singles", "minima") else 1
            if isinstance(value, int) and not value >= least:
                raise RunFileError(f"{name}.{key} must be at least {least}, got {value!r}")
            if isinstance(value, float) and not 0 < value < 1e9:
                raise RunFileError(f"{name}.{key} must be positive and finite, got {value!r}")
    if settings.sample.variant not in VARIANTS:
        raise RunFileError(f"sample.variant must be one of {', '.join(VARIANTS)}, got {settings.sample.variant!r}")
    if settings.tunneling.units not in UNITS:
        raise RunFileError(f"tunneling.units must be one of {', '.join(UNITS)}, got {settings.tunneling.units!r}")
    if settings.tunneling.method not in ERROR_CLASS:
        methods = ", ".join(ERROR_CLASS)
        raise RunFileError(f"tunneling.method must be one of {methods}, got {settings.tunneling.method!r}")
    if len(settings.tunneling.charges) not in (0, 2) or not np.all(np.isfinite(settings.tunneling.charges)):
        raise RunFileError("tunneling.charges must be two finite numbers, of species A and B, or left out; got "
                           f"{list(settings.tunneling.charges)!r}")
    if not settings.valleys.radii or not all(0 < radius < 10 for radius in settings.valleys.radii):
        raise RunFileError(f"valleys.radii must be lengths between 0 and 10, got {list(settings.valleys.radii)!r}")
    side = (settings.sample.count / settings.sample.density) ** (1 / 3)
    if side < 5.0 - 1e-9:
        least = int(125 * settings.sample.density + 1 - 1e-9)
        raise RunFileError(f"sample.count {settings.sample.count} makes a box of {side:.3g}, smaller than twice the "
                           f"cutoff (5); take {least} atoms or more")
