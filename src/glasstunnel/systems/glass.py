"""A glass is a named sum of contributions, and is itself a contribution."""

import dataclasses
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from glasstunnel.conversions.routes import Sample
from glasstunnel.errors import ParameterError
from glasstunnel.records import shorter
from glasstunnel.systems.contribution import Contribution, zeros
from glasstunnel.systems.parameters import parameter_table


@dataclass(frozen=True)
class Glass(Contribution):
    """One description of a glass: named contributions whose observables add up.

    contributions : mapping of a short name (letters, digits, underscore) to a `Contribution`.
    name, source : what the glass is and where its numbers come from (free text).
    notes : sentences a reader of any result must see (conventions, suspect numbers).
    sample : what is known of its formula unit and density, for amounts per formula unit.

    A parameter is addressed by its path ``"<contribution>.<parameter>"``.

    >>> from glasstunnel import Glass, LarmorDiamagnetism
    >>> glass = Glass({"larmor": LarmorDiamagnetism(susceptibility=4e-6)})
    >>> glass.with_values({"larmor.susceptibility": 5e-6})["larmor"].susceptibility
    5e-06
    """

    contributions: Mapping[str, Contribution]
    name: str = ""
    source: str = ""
    notes: tuple[str, ...] = ()
    sample: Sample | None = None

    def __post_init__(self):
        if not isinstance(self.contributions, Mapping):
            raise ParameterError(
                f"Glass: contributions must be a mapping of names to contributions, got {self.contributions!r}"
            )
        for key, contribution in self.contributions.items():
            if not isinstance(key, str) or not key.isidentifier():
                raise ParameterError(f"Glass: {key!r} is no contribution name; use letters, digits and underscores")
            if not isinstance(contribution, Contribution):
                raise ParameterError(f"Glass: {key!r} must be a contribution, got {type(contribution).__name__}")
        if self.sample is not None and not isinstance(self.sample, Sample):
            raise ParameterError(f'Glass: sample must be a Sample, as in Sample.of(composition="SiO2"), got '
                                 f"{type(self.sample).__name__}")
        object.__setattr__(self, "contributions", MappingProxyType(dict(self.contributions)))

    def __getitem__(self, key):
        if key not in self.contributions:
            raise ParameterError(f"Glass has no contribution {key!r}; it has {', '.join(self.contributions) or 'none'}")
        return self.contributions[key]

    def __reduce__(self):
        return Glass, (dict(self.contributions), self.name, self.source, self.notes, self.sample)

    def __repr__(self):
        kinds = [f"{key} ({type(part).__name__})" for key, part in self.contributions.items()]
        listed = shorter(", ".join(kinds), 200) or "no contributions"
        return f"<Glass {shorter(self.name)!r}: {listed}>" if self.name else f"<Glass: {listed}>"

    def paths(self):
        """Every parameter path of the glass with its `Parameter` row, in order."""
        return {
            f"{key}.{row.name}": row
            for key, contribution in self.contributions.items()
            for row in parameter_table(contribution)
        }

    def value(self, path):
        """The number at a parameter path."""
        key, name = self._split(path)
        return getattr(self[key], name)

    def options(self):
        """{path: value} of every field that is given and is no parameter: species, levels, theory, conventions.

        >>> from glasstunnel import Glass, MagneticIons
        >>> Glass({"iron": MagneticIons("Fe3+", 1e18)}).options()
        {'iron.species': 'Fe3+'}
        """
        return {
            f"{key}.{field.name}": getattr(contribution, field.name)
            for key, contribution in self.contributions.items()
            for field in dataclasses.fields(contribution)
            if "parameter" not in field.metadata and getattr(contribution, field.name) is not None
        }

    def with_values(self, values):
        """A new glass with the numbers at the given paths replaced."""
        changes = {}
        for path, value in values.items():
            key, name = self._split(path)
            changes.setdefault(key, {})[name] = value
        contributions = dict(self.contributions)
        for key, fields in changes.items():
            contributions[key] = dataclasses.replace(contributions[key], **fields)
        return dataclasses.replace(self, contributions=contributions)

    def _split(self, path):
        key, _, name = path.partition(".")
        if key in self.contributions and any(row.name == name for row in parameter_table(self.contributions[key])):
            return key, name
        if path not in self.paths():
            raise ParameterError(f"no parameter {path!r} in this glass; it has {', '.join(self.paths()) or 'none'}")
        return path.split(".", 1)

    def with_contribution(self, key: str, contribution: Contribution) -> "Glass":
        """A new glass with the contribution `key` added or replaced."""
        return dataclasses.replace(self, contributions=dict(self.contributions) | {key: contribution})

    def gives(self, method: str) -> bool:
        for part in self.contributions.values():
            if part.gives(method):
                return True
        return False

    def parts(self, observable, T, B, **conditions):
        """{contribution: its share} of an observable that adds up (the name of a method), for those that give it."""
        return {
            key: getattr(part, observable)(T, B, **conditions)
            for key, part in self.contributions.items() if part.gives(observable)
        }  # fmt: skip

    def derivatives(self, observable, T, B, names, **conditions):
        """Value and {path: derivative} of what adds up; only the contribution that owns a path is evaluated for it."""
        total, slopes = zeros(T, B, *(entry for entry in conditions.values() if not isinstance(entry, str))), {}
        for key, part in self.contributions.items():
            names_of_part = owned(names, key)
            if not part.gives(observable):
                slopes |= {f"{key}.{name}": np.zeros(np.shape(total)) for name in names_of_part}
                continue
            share, by_name = part.derivatives(observable, T, B, names_of_part, **conditions)
            total = total + share
            slopes |= {f"{key}.{name}": slope for name, slope in by_name.items()}
        return total, slopes

    def _sum(self, method, T, B):
        return sum(self.parts(method, T, B).values(), start=zeros(T, B))

    def free_energy(self, T, B):
        return self._sum("free_energy", T, B)

    def entropy(self, T, B):
        return self._sum("entropy", T, B)

    def heat_capacity(self, T, B):
        return self._sum("heat_capacity", T, B)

    def magnetization(self, T, B):
        return self._sum("magnetization", T, B)

    def magnetic_susceptibility(self, T, B):
        return self._sum("magnetic_susceptibility", T, B)

    def density_of_states(self, E, B):
        return self._sum("density_of_states", E, B)


def as_glass(subject: object, where: str = "") -> Glass:
    """A `Glass` as it is, and one contribution as a glass of one, under the short name of its kind.

    `ParameterError` for anything else. where : what was asked for, for the message.

    >>> from glasstunnel import LarmorDiamagnetism
    >>> list(as_glass(LarmorDiamagnetism(4e-6)).paths())
    ['larmor.susceptibility']
    """
    if isinstance(subject, Glass):
        return subject
    if isinstance(subject, Contribution):
        return subject.alone
    advice = f'; build one with published({subject!r})' if isinstance(subject, str) else ""
    text = repr(subject) if len(repr(subject)) < 60 else type(subject).__name__
    raise ParameterError(f"{where + ': ' if where else ''}a Glass or a contribution is needed, got {text}{advice}")


def owned(paths: Iterable[str], key: str) -> list[str]:
    """Names of the parameters among `paths` that belong to the contribution `key`.

    >>> owned(["ats.density", "larmor.susceptibility"], "ats")
    ['density']
    """
    return [path.split(".", 1)[1] for path in paths if path.split(".", 1)[0] == key]
