"""Conversions that need more than units: a constant of nature (K to meV), or something about the sample (mol to g).

Nothing here is silent: what a value was multiplied by is part of the answer.
"""

import itertools
import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from glasstunnel.constants import avogadro, boltzmann, planck, speed_of_light
from glasstunnel.conversions.composition import Composition, composition_of, elements
from glasstunnel.errors import ParameterError, SampleError, UnitError
from glasstunnel.numerics.arrays import real_arrays
from glasstunnel.records import brief
from glasstunnel.units import convert, parse_unit

#: What an energy may be written as -> (one joule in it is 1/size of it, how that is said): E, E/k_B, E/h, E/(h c).
_ENERGIES = {
    "J": (1.0, ""), "K": (boltzmann, "k_B"), "Hz": (planck, "h"), "1/m": (planck * speed_of_light, "(h c)"),
}  # fmt: skip


@dataclass(frozen=True)
class Sample:
    """What amounts need to know of a sample; what is None is not known.

    molar_mass [kg/mol] of the formula unit, density [kg/m3], atoms in the formula unit.

    >>> from glasstunnel import Sample
    >>> Sample.of(composition="SiO2").atoms
    3.0
    """

    molar_mass: float | None = None
    density: float | None = None
    atoms: float | None = None

    def __post_init__(self):
        for name in ("molar_mass", "density", "atoms"):
            value = getattr(self, name)
            if value is not None and not 0.0 < value < math.inf:
                raise ParameterError(f"{name} of a sample must be positive and finite, got {value!r}")

    @classmethod
    def of(
        cls, *, molar_mass: float | None = None, composition: "Composition | Mapping[str, float] | str | None" = None,
        density: float | None = None,
    ) -> "Sample":
        """From a molar mass [kg/mol], or a composition (a `Composition`, formula, mixture or mapping), and a density.

        `ParameterError` when both are given and differ by more than 1 %, or the composition cannot be read.
        """
        if composition is None:
            return cls(molar_mass, density)
        mixture = composition_of(composition)
        if molar_mass is not None and abs(molar_mass / mixture.molar_mass - 1.0) > 0.01:
            raise ParameterError(
                f"the molar mass {1e3 * molar_mass:g} g/mol is not that of the composition, "
                f"{1e3 * mixture.molar_mass:g} g/mol per formula unit; give one of them"
            )
        atoms = math.fsum(x * sum(elements(formula).values()) for formula, x in mixture.fractions.items())
        return cls(mixture.molar_mass if molar_mass is None else molar_mass, density, atoms)


@dataclass(frozen=True)
class Route:
    """How one unit becomes another: the factor beyond the units themselves, and the steps in words."""

    factor: float
    steps: tuple[str, ...]

    __repr__ = brief


#: Amounts: name of what is needed -> (dimension of that number as a unit text, how it is said, its option).
_AMOUNTS = {
    "avogadro": ("1/mol", "N_A", ""),
    "molar_mass": ("kg/mol", "the molar mass", "a molar mass or a composition"),
    "density": ("kg/m3", "the density", "a density"),
    "atoms": ("gatom/mol", "the atoms per formula unit", "a composition"),
}


def route(from_unit: str, to_unit: str, sample: Sample | None = None) -> Route:
    """The way from one unit to another through k_B, h, c, N_A and what is known of the sample.

    `UnitError` when there is none, `SampleError` naming what it needs of the sample that is not known.

    >>> from glasstunnel import Sample
    >>> from glasstunnel.conversions import route
    >>> route("meV", "K").steps
    ('divided by k_B = 1.380649e-23 J/K',)
    >>> route("J/(mol K)", "J/(kg K)", Sample.of(composition="SiO2")).steps
    ('divided by the molar mass 60.083 g/mol',)
    """
    start, end = parse_unit(from_unit), parse_unit(to_unit)
    wanted = tuple(np.subtract(end.dimension, start.dimension))
    ways = _ways(wanted)
    if not ways:
        raise UnitError(
            f"cannot convert {from_unit!r} (SI {start}) to {to_unit!r} (SI {end}): they measure different quantities, "
            "and neither k_B, h, c, N_A nor molar mass, density and composition lead from one to the other"
        )
    known = sample or Sample()
    numbers: dict[str, Any] = {"avogadro": avogadro} | {
        name: getattr(known, name) for name in ("molar_mass", "density", "atoms")
    }
    for energies, powers in ways:
        if all(numbers[name] is not None for name, power in powers.items() if power):
            return _described(energies, powers, numbers)
    missing = [name for name, power in ways[0][1].items() if power and numbers[name] is None]
    needs = _AMOUNTS["atoms"][2] if "atoms" in missing else " and ".join(_AMOUNTS[name][2] for name in missing)
    raise SampleError(f"{from_unit} to {to_unit} needs {needs} of the sample")


def convert_amount(values: ArrayLike, from_unit: str, to_unit: str, sample: Sample | None = None) -> Any:
    """(numbers in `to_unit`, `Route`): by units alone where that is possible, else through constants and the sample.

    A pure number (ppm, %) that becomes an amount counts per formula unit, as in the papers.

    >>> from glasstunnel import Sample, convert_amount
    >>> energies, way = convert_amount([1.0, 10.0], "meV", "K")
    >>> energies.round(4), way.steps
    (array([ 11.6045, 116.0452]), ('divided by k_B = 1.380649e-23 J/K',))
    >>> float(convert_amount(102.0, "ppm", "1/g", Sample(molar_mass=80.530e-3))[0].round(-14))  # 002, Eq. 99
    7.628e+17
    """
    values = real_arrays(("the amount", values))[0]
    try:
        return convert(values, from_unit, to_unit), Route(1.0, ())
    except UnitError:
        if {from_unit.strip().lower(), to_unit.strip().lower()} & {"dbm", "degc", "°c", "celsius"}:
            raise
    way = route(from_unit, to_unit, sample)
    factor = way.factor * parse_unit(from_unit).factor / parse_unit(to_unit).factor
    return values * factor, way


def _described(energies, powers, numbers):
    start, end = energies
    factor, steps = 1.0, []
    if start != end:
        factor = _ENERGIES[start][0] / _ENERGIES[end][0]
        constants = {"": "", "k_B": f"k_B = {boltzmann:.6e} J/K", "h": f"h = {planck:.8e} J s",
                     "(h c)": f"h c = {planck * speed_of_light:.8e} J m"}  # fmt: skip
        times, over = _ENERGIES[start][1], _ENERGIES[end][1]
        steps += [f"times {constants[times]}"] * bool(times) + [f"divided by {constants[over]}"] * bool(over)
    for name, power in powers.items():
        if power:
            factor *= numbers[name] ** power
            steps.append(f"{'times' if power > 0 else 'divided by'} {_number(name, numbers[name])}")
    return Route(factor, tuple(steps))


def _number(name, value):
    """What a number of the sample is called, with the units that chemists use."""
    if name == "avogadro":
        return f"N_A = {value:.8e} 1/mol"
    if name == "molar_mass":
        return f"the molar mass {1e3 * value:.6g} g/mol"
    if name == "density":
        return f"the density {1e-3 * value:.6g} g/cm3"
    return f"{value:.6g} atoms per formula unit"


@lru_cache(maxsize=256)
def _ways(wanted):
    """Ways with the fewest steps that change the dimension by `wanted`: ((energy from, to), {amount: power})."""
    found = []
    for energies in itertools.product(_ENERGIES, repeat=2):
        if energies[0] == energies[1] != "J":
            continue
        start, end = (np.array(parse_unit(name).dimension) for name in energies)
        for powers in itertools.product((-1, 0, 1), repeat=len(_AMOUNTS)):
            total = end - start + sum(
                power * np.array(parse_unit(row[0]).dimension)
                for power, row in zip(powers, _AMOUNTS.values(), strict=True)
            )
            if tuple(total) == wanted:
                cost = (energies[0] != energies[1]) + sum(map(abs, powers))
                found.append((cost, len(found), energies, dict(zip(_AMOUNTS, powers, strict=True))))
    found.sort(key=lambda way: way[:2])
    return tuple((ends, powers) for _, _, ends, powers in found)
