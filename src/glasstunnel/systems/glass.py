"""A glass is a named sum of contributions, and is itself a contribution."""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from glasstunnel.errors import ParameterError
from glasstunnel.systems.contribution import Contribution, zeros
from glasstunnel.systems.parameters import parameter_table
from glasstunnel.systems.resonator.contribution import RESONATOR_OBSERVABLES, resonator_derivatives, resonator_parts


@dataclass(frozen=True)
class Glass(Contribution):
    """One description of a glass: named contributions whose observables add up.

    contributions : mapping of a short name (letters, digits, underscore) to a `Contribution`.
    name, source : what the glass is and where its numbers come from (free text).
    notes : sentences a reader of any result must see (conventions, suspect numbers).

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
        object.__setattr__(self, "contributions", MappingProxyType(dict(self.contributions)))

    def __getitem__(self, key):
        if key not in self.contributions:
            raise ParameterError(f"Glass has no contribution {key!r}; it has {', '.join(self.contributions) or 'none'}")
        return self.contributions[key]

    def __reduce__(self):
        return Glass, (dict(self.contributions), self.name, self.source, self.notes)

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
        if path not in self.paths():
            raise ParameterError(f"no parameter {path!r} in this glass; it has {', '.join(self.paths()) or 'none'}")
        return path.split(".", 1)

    def _sum(self, observable, *conditions):
        parts = [getattr(part, observable)(*conditions) for part in self.contributions.values()]
        return sum(parts, start=zeros(*conditions))

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

    def permittivity(self, T, B, frequency, *, part="both"):
        parts = [own.permittivity(T, B, frequency, part=part) for own in self.contributions.values()]
        return sum(parts, start=super().permittivity(T, B, frequency))

    def internal_loss(self, T, B, frequency, photon_number=None, power=None):
        given = {"photon_number": photon_number, "power": power}
        drive = {key: value for key, value in given.items() if value is not None}
        return sum(self.parts("internal_loss", T, B, frequency=frequency, **drive).values())

    def frequency_shift(self, T, B, frequency, reference_temperature):
        further = {"frequency": frequency, "reference_temperature": reference_temperature}
        return sum(self.parts("frequency_shift", T, B, **further).values())

    def parts(self, observable, T, B, **further):
        """{contribution: its share} of an observable (a method name); the shares add up to the value of the glass."""
        if observable in RESONATOR_OBSERVABLES:
            return resonator_parts(self.contributions, observable, T, B, further)
        return {key: getattr(part, observable)(T, B, **further) for key, part in self.contributions.items()}

    def derivatives(self, observable, T, B, names, **further):
        """Value and derivatives by parameter paths; only the contribution that owns a path is evaluated again."""
        if observable in RESONATOR_OBSERVABLES:
            return resonator_derivatives(self.contributions, observable, T, B, names, further)
        total, slopes = 0.0, {}
        for key, part in self.contributions.items():
            own = [path.split(".", 1)[1] for path in names if path.split(".", 1)[0] == key]
            value, by_name = part.derivatives(observable, T, B, own, **further)
            total = total + value
            slopes |= {f"{key}.{name}": slope for name, slope in by_name.items()}
        return total, slopes
