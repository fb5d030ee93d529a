"""The points where the papers disagree about the dielectric response, as one record of options."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

from glasstunnel.errors import ParameterError
from glasstunnel.numerics.checks import is_number
from glasstunnel.records import brief
from glasstunnel.systems.response.orientation import ORIENTATIONS, Orientation


@dataclass(frozen=True)
class DielectricConvention:
    """How a printed parameter set turns into a dielectric response.

    field_direction : measuring field against the magnetic field: "random", "parallel", "perpendicular", a unit vector
        (x, y, z) with B along z, or "rms", the papers' phi -> phi/sqrt(3) in place of the average over directions.
    resonant_weight : k of A_RES = k A_ATS Int dy/y^2 tanh(a y): 1/2 follows from the doublet (and 002 Eq. 50);
        1/3 is printed in 004 Eq. 14.
    rate_power, rate_kappa : m and kappa of 1/tau = E^m (E^2 - kappa D^2)/(Gamma tanh(E/2T)). 002 Eq. 55 prints
        (3, 1/6), 004 Eq. 15 amounts to (3, 0); one-phonon emission through strain gives (1, 1/2). Gamma has the unit
        s K^(m + 2). kappa not given: 1/6.
    levels : of the anomalous systems, "doublet" (closed forms) or "three": all levels, exact matrix elements and the
        rate equation between them; slow, the reference for the closed forms. Its matrix elements amount to
        resonant_weight = kappa = 1/2, so that other numbers are refused with it.
    angular_frequency : omega = 2 pi f (True), or the papers' "omega = 1 kHz" taken literally, omega = f (False).

    `ParameterError` for an unknown direction, a vector that is not normalized, and numbers out of range.

    >>> from glasstunnel import DielectricConvention
    >>> DielectricConvention(field_direction=(0.0, 0.6, 0.8)).orientation()
    Orientation(first=1.23..., third=-0.23..., scale=1.0, fifth=0.0)
    """

    field_direction: str | tuple = "random"
    resonant_weight: float = 0.5
    rate_power: float = 3
    rate_kappa: float | None = None
    angular_frequency: bool = True
    levels: str = "doublet"

    __repr__ = brief

    def __post_init__(self):
        if not isinstance(self.field_direction, str):
            object.__setattr__(self, "field_direction", _unit_vector(self.field_direction))
        self.orientation()
        if self.rate_kappa is None:
            object.__setattr__(self, "rate_kappa", 0.5 if self.levels == "three" else 1 / 6)
        for name, low, high in (("resonant_weight", 0.0, 1.0), ("rate_power", 0.0, 10.0), ("rate_kappa", 0.0, 0.999)):
            value = getattr(self, name)
            if not (is_number(value) and low <= value <= high):
                raise ParameterError(f"DielectricConvention.{name} must be between {low:g} and {high:g}, got {value!r}")
        if self.angular_frequency not in (True, False):
            raise ParameterError(
                f"DielectricConvention.angular_frequency must be True or False, got {self.angular_frequency!r}"
            )
        if self.levels not in ("doublet", "three"):
            raise ParameterError(f"DielectricConvention.levels must be 'doublet' or 'three', got {self.levels!r}")
        for name in ("resonant_weight", "rate_kappa"):
            if self.levels == "three" and getattr(self, name) != 0.5:
                raise ParameterError(
                    f"DielectricConvention.{name} = {getattr(self, name):g} has no effect with levels='three', whose "
                    "exact matrix elements amount to 0.5; leave it out, or choose levels='doublet'"
                )

    def orientation(self):
        """Direction weights, an `Orientation`."""
        if isinstance(self.field_direction, str):
            if self.field_direction not in ORIENTATIONS:
                raise ParameterError(
                    f"DielectricConvention.field_direction must be one of {', '.join(map(repr, ORIENTATIONS))} "
                    f"or a unit vector with B along z, got {self.field_direction!r}"
                )
            return ORIENTATIONS[self.field_direction]
        along = self.field_direction[2] ** 2
        pairs = zip(ORIENTATIONS["parallel"], ORIENTATIONS["perpendicular"], strict=True)
        return Orientation(*(along * parallel + (1.0 - along) * perpendicular for parallel, perpendicular in pairs))

    def omega(self, frequency):
        """Angular frequency [rad/s] of a frequency [Hz] in this convention."""
        return frequency * (2.0 * math.pi if self.angular_frequency else 1.0)


def _unit_vector(direction):
    """`direction` as a tuple of three floats; `ParameterError` unless it has length one."""
    try:
        vector = tuple(float(component) for component in direction)
    except (TypeError, ValueError):
        vector = ()
    square = sum(component * component for component in vector)
    if len(vector) != 3 or not abs(square - 1.0) < 1e-6:
        advice = "; divide by the length" if len(vector) == 3 and 0.0 < square < math.inf else ""
        raise ParameterError(
            "DielectricConvention.field_direction must be three numbers of length one (B along z), "
            f"got {direction!r}{advice}"
        )
    return vector


#: "default": the printed rates (so that printed Gamma apply) with the correct direction average. "derived": what
#: follows from the Hamiltonian. "paper": the field curves of 002, 003 as printed. "paper_zero_field": 004 as printed.
CONVENTIONS = {
    "default": DielectricConvention(),
    "derived": DielectricConvention(rate_power=1, rate_kappa=0.5),
    "paper": DielectricConvention(field_direction="rms"),
    "paper_zero_field": DielectricConvention(field_direction="rms", resonant_weight=1 / 3, rate_kappa=0.0),
}


def checked_convention(choice: object) -> "str | DielectricConvention":
    """A convention as a contribution keeps it: its name, or the record; from a table of a run file too."""
    if isinstance(choice, Mapping):
        try:
            return DielectricConvention(**choice)
        except TypeError as error:
            raise ParameterError(f"convention: {error}") from None
    dielectric_convention(choice)
    return choice  # type: ignore[return-value]


def dielectric_convention(choice):
    """The `DielectricConvention` of a name in `CONVENTIONS`, or the record itself; `ParameterError` otherwise.

    >>> dielectric_convention("derived").rate_kappa
    0.5
    """
    if isinstance(choice, DielectricConvention):
        return choice
    if not isinstance(choice, str) or choice not in CONVENTIONS:
        raise ParameterError(
            f"convention must be one of {', '.join(map(repr, CONVENTIONS))} or a DielectricConvention, got {choice!r}"
        )
    return CONVENTIONS[choice]
