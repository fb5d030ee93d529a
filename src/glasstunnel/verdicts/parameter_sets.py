"""Verdicts on the printed parameter sets: what follows from each, what does not fit, and which one to start from."""

import math
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np

import glasstunnel as gt
from glasstunnel.conversions import (
    cell_radius,
    charge_area,
    distribution_constant,
    magnetic_moment_per_system,
    tunnelers_from_amplitude_area,
    tunnelers_from_area,
)
from glasstunnel.observables.dielectric import minimum_temperature
from glasstunnel.papers import published_entry, published_ids, recommendations
from glasstunnel.records import brief
from glasstunnel.verdicts.inputs import MASS_DENSITY, MOLAR_MASS, SPECTROMETRY, ppm, published, values
from glasstunnel.verdicts.judging import half_digits

#: The verdicts on sets, with what they mean.
SET_MEANINGS = {
    "usable": "gives the curves of its figure as printed",
    "usable with a reading": "gives them once a stated unit, prefactor or digit is read as the reason says",
    "doubtful": "a number in it, or what follows from it, does not fit its figure or its own sample",
    "superseded": "the papers themselves replace it by another set",
    "not printed": "collected or fitted here, with its source: there is no figure that it should give",
    "no glass": "a composition, a sample or a part of another set; nothing but amounts follows from it",
}

#: Names of one quantity in different tables, with the factor to a common unit.
_SHARED = {
    "P* n (1/g)": {"n_ATS_per_g": 1.0, "Pstar_n_ATS_per_g": 1.0},
    "D_min (K)": {"D_min_K": 1.0, "D_min_mK": 1e-3, "fixed_D_min_K": 1.0},
    "D0min|q/e|S (K A^2)": {"D0min_qe_S_K_A2": 1.0},
    "D0max|q/e|S (K A^2)": {"D0max_qe_S_K_A2": 1.0},
}


@dataclass(frozen=True)
class DerivedQuantity:
    """A number that follows from a set: what it is, its value and unit."""

    what: str
    value: float
    unit: str

    __repr__ = brief


@dataclass(frozen=True)
class Check:
    """A derived number that the set prints itself, and whether it follows."""

    what: str
    printed: float
    computed: float
    follows: bool

    __repr__ = brief


@dataclass(frozen=True)
class SetComparison:
    """One quantity in this set and in another one of the same glass.

    ratio : here over there. sigmas : their distance in printed standard deviations, None where not both have one.
    """

    what: str
    here: float
    other: str
    there: float
    ratio: float
    sigmas: float | None

    __repr__ = brief


@dataclass(frozen=True)
class SetVerdict:
    """The verdict on one printed parameter set: a key of `SET_MEANINGS`, the reason, and what it rests on."""

    id: str
    glass: str
    verdict: str
    reason: str
    recomputed: tuple[DerivedQuantity, ...]
    checks: tuple[Check, ...]
    tensions: tuple[SetComparison, ...]
    recommended_for: tuple[str, ...]

    __repr__ = brief


@cache
def set_verdict(id: str) -> SetVerdict:
    """The `SetVerdict` on a printed set; `ParameterError` for an unknown id.

    >>> from glasstunnel.verdicts import set_verdict
    >>> found = set_verdict("002.T14.BK7.M")
    >>> found.verdict, [quantity.what for quantity in found.recomputed][:2]
    ('usable with a reading', ['magnetization at 4.5 K and 2 T', 'N from B*'])
    """
    entry = published_entry(id)
    words = _statements()
    stated = words.get(id) or words[entry.table]
    return SetVerdict(
        id, entry.glass, stated["verdict"], stated["reason"], tuple(_recomputed(entry)), tuple(_checks(entry)),
        tuple(_tensions(entry)), tuple(row.observable for row in recommendations() if row.id == id),
    )


def all_set_verdicts() -> tuple[SetVerdict, ...]:
    """The verdicts on all printed parameter sets, in the order of the papers."""
    return tuple(set_verdict(id) for id in published_ids())


@cache
def _statements():
    text = files("glasstunnel.verdicts").joinpath("parameter_sets.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)["sets"]


def _recomputed(entry):
    """What follows from a set: an observable at a stated point, and what its numbers mean."""
    row = values(entry.id)
    yield from _observables(entry)
    if "B_star_T" in row:
        yield DerivedQuantity("N from B*", float(tunnelers_from_area(charge_area(row["B_star_T"]))), "particles")
    density = row.get("n_ATS_per_g", row.get("Pstar_n_ATS_per_g"))
    if density and entry.glass in MASS_DENSITY:
        radius = cell_radius(1e3 * density, MASS_DENSITY[entry.glass])
        yield DerivedQuantity("cell diameter with P* = 1/(2 pi)", 2e9 * float(radius), "nm")
    if "D0max_qe_S_K_A2" in row:
        for end in ("min", "max"):
            moment = magnetic_moment_per_system(row[f"D0{end}_qe_S_K_A2"])
            yield DerivedQuantity(f"moment at D0{end}", float(moment), "Bohr magnetons")
        count = tunnelers_from_amplitude_area(row["D0max_qe_S_K_A2"])
        yield DerivedQuantity("N from D0max and an assumed 1 mK per particle", float(count), "particles")
        low = row["D_min_K"] if "D_min_K" in row else 1e-3 * row["D_min_mK"]
        constant = distribution_constant(low, 100.0, row["D0min_qe_S_K_A2"], row["D0max_qe_S_K_A2"])
        yield DerivedQuantity("P* normalized up to an assumed D_max of 100 K", float(constant), "1")
    if "n_rel_Fe" in row:
        others = sum(number for key, number in row.items() if key not in ("n_rel_Fe", "n_rel_Cu"))
        yield DerivedQuantity("other magnetic elements over iron", others, "1")
    if "n_Fe_total_per_g" in row and entry.glass in MOLAR_MASS:
        yield DerivedQuantity("iron", ppm(row["n_Fe_total_per_g"], entry.glass), "ppm")


def _observables(entry):
    table, T = entry.table, entry.conditions.get("T_K", 1e-3 * entry.conditions.get("T_mK", 4500.0))
    if table in ("000.T1", "000.T2", "001.T3", "001.T4", "001.T3T4", "002.T10", "002.T11", "002.T14"):
        moment = gt.magnetization(published(entry.id), 4.5, 2.0)
        yield DerivedQuantity("magnetization at 4.5 K and 2 T", float(moment), "A m2/kg")
    elif table in ("002.T2", "002.T4"):
        for B in (0.0, 1.0):
            heat = gt.heat_capacity(published(entry.id), T, B)
            yield DerivedQuantity(f"heat capacity at {T:g} K and {B:g} T", float(heat), "J/(K kg)")
    elif table == "004.TII":
        heat = gt.heat_capacity(published(entry.id), 0.5, 0.0)
        yield DerivedQuantity("heat capacity at 0.5 K", float(heat), "J/(K kg)")
    elif table in ("002.T5", "002.T6"):
        shift = gt.dielectric_shift(published(entry.id), T, 0.1, 1e3, reference_field=0.0)
        yield DerivedQuantity(f"change of eps'/eps' at {T:g} K and 0.1 T", float(shift), "1")
    elif table == "002.T7":
        loss = gt.loss_tangent(published(entry.id), T, np.array([0.0, 0.1]), 1e3)
        yield DerivedQuantity(f"change of the loss at {T:g} K, 1 kHz and 0.1 T", float(loss[1] - loss[0]), "1")
    elif table == "002.T8":
        printed = gt.published_echo(entry.id, preset="derived")
        echo = gt.echo(printed.glass, printed.pulses, printed.T, 0.1, convention=gt.EchoConvention(rabi="rms"),
                       relative_amplitude=1.0)
        yield DerivedQuantity("anomalous echo at 0.1 T over that without field", float(echo) - 1.0, "1")
    elif table.startswith("acoustics."):
        glass = published(entry.id)
        heat = gt.thermal_conductivity(glass, 0.1, 0.0)
        yield DerivedQuantity("thermal conductivity at 0.1 K", float(heat), "W/(m K)")
        yield DerivedQuantity("C of transverse sound", glass["tls"].mode_strength("transverse"), "1")
    elif table == "004.TI":
        frequency = 1e4 if "x_K2O" in entry.conditions else 1e3
        lowest = minimum_temperature(published(entry.id), frequency)
        yield DerivedQuantity(f"temperature of the dielectric minimum at {1e-3 * frequency:g} kHz", lowest, "K")


def _checks(entry):
    """Numbers that a set prints beside those they follow from."""
    row = values(entry.id)
    if entry.glass in MOLAR_MASS:
        for ion in ("Fe2", "Fe3"):
            if f"n_{ion}_ppm" in row and f"n_{ion}_per_g" in row:
                number = row[f"n_{ion}_per_g"]
                share = half_digits(number)[0] / number
                yield _check(f"{ion}+ in ppm", row[f"n_{ion}_ppm"], ppm(number, entry.glass), share)
    if {"n_Fe2_per_g", "n_Fe3_per_g", "n_Fe_total_per_g"} <= set(row):
        total = row["n_Fe2_per_g"] + row["n_Fe3_per_g"]
        yield _check("total iron", row["n_Fe_total_per_g"], total, 1e-3)
    if entry.table == "001.T3T4":
        offset = values("002.T14.BK7.M")["vertical_offset_A_m2_per_g"]
        yield _check("Larmor susceptibility from the offset of 002 Table 14", row["chi_L_emu_per_gOe"],
                     -offset / 3.0 * 0.1, 5e-3)
    if entry.id in ("001.T3.BK7.constH", "001.T4.BK7.constT"):
        number = SPECTROMETRY["BK7"]
        yield Check("total iron against mass spectrometry, 1.9e15 apart at most", row["n_Fe_total_per_g"], number,
                    abs(row["n_Fe_total_per_g"] - number) <= 1.9e15)
    if "x_K2O" in entry.conditions and "B_ATS_J_per_g_K" in row:
        law = 455.5e-8 * entry.conditions["x_K2O"]
        yield _check("B_ATS = 455.5e-8 x", row["B_ATS_J_per_g_K"], law, 2e-4)


def _check(what, printed, computed, share):
    """Follows within half the last printed digit of the result and a relative `share` from the inputs' digits."""
    allowed = half_digits(printed)[0] + share * abs(computed)
    return Check(what, printed, float(computed), abs(printed - computed) <= allowed)


def _shared(id):
    """{what: (value, standard deviation or None)} of the quantities that tables have in common."""
    entry = published_entry(id)
    numbers = dict(entry.conditions) | values(id)
    printed = {}
    for what, names in _SHARED.items():
        for name, factor in names.items():
            if name in numbers:
                error = entry.uncertainty.get(name)
                printed[what] = (factor * numbers[name], None if error is None else factor * error)
    return printed


def _tensions(entry):
    """Per shared quantity the set of the same glass farthest from this one, and those with which sigmas can be told."""
    composition = entry.conditions.get("x_K2O")
    others = [id for id in published_ids() if id != entry.id and published_entry(id).glass == entry.glass
              and published_entry(id).conditions.get("x_K2O") == composition]
    for what, (here, error) in _shared(entry.id).items():
        there = {id: _shared(id)[what] for id in others if what in _shared(id)}
        if there:
            farthest = max(there, key=lambda id: abs(math.log(here / there[id][0])))
            for other, (value, its_error) in there.items():
                sigmas = None
                if error is not None and its_error is not None:
                    sigmas = abs(here - value) / math.hypot(error, its_error)
                if sigmas is not None or other == farthest:
                    yield SetComparison(what, here, other, value, here / value, sigmas)
