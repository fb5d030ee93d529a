"""What the headings of a table say: which quantity in which unit, and which column is an uncertainty."""

import re
from collections.abc import Mapping, Sequence

from glasstunnel.data.amounts import AMOUNTS
from glasstunnel.data.readers.table import label_unit, measured_quantities
from glasstunnel.errors import UnitError
from glasstunnel.observables.table import OBSERVABLES
from glasstunnel.units import convert, parse_unit

_ERROR = r"sigma|σ|std|stdev|sd|dev|deviation|standard|err|error|errors|uncertainty|unc|unsicherheit|fehler"
SQUARED = "temperature_squared"  # the axis of a plot of C/T; the square root of its numbers is taken
# Standard name -> (headings in lower case, a unit of every dimension it may have): coordinates, what an instrument
# measures before it becomes an observable, and the observables.
KNOWN = {
    "temperature": ("t|temp|temperature|temperatur", ("K",)),
    SQUARED: (r"t(\^|\*\*)?2|t²|temperature squared", ("K^2",)),
    "field": ("h|b|field|magnetic field|mu0h|mu0 h|magnetfeld", ("T", "A/m")),
    "power": ("p|power|leistung", ("W",)),
    "frequency": (r"f|f_?0|f_?res|frequency|frequenz|resonan(ce|t) frequency|resonanzfrequenz", ("Hz",)),
    "photon_number": (r"photon number|photons|n_?ph", ("1",)),
    "moment": ("m|moment|magnetic moment", ("A m2",)),
    "capacitance": ("c|cap|capacitance|kapazitaet", ("F",)),
    "noise_frequency": ("f_?n|noise frequency|offset frequency", ("Hz",)),
    "waiting_time": ("tau|tau_?12|t_?12|waiting time|delay", ("s",)),
    "echo": ("echo|echo amplitude|echoamplitude", ("V", "C m/kg", "1")),
} | {row.name: (row.headings, row.units) for row in OBSERVABLES.values() if row.units} | {
    f"{kind}_{row.name}": (row.headings, tuple(amount.unit_of(row.unit) for amount in AMOUNTS if amount.kind == kind))
    for row in OBSERVABLES.values() if row.units and "kg" in row.unit for kind in dict.fromkeys(a.kind for a in AMOUNTS)
}  # fmt: skip
_ENERGY = r"e|delta ?e|energy|energie|gap|splitting|omega|ω|wave ?number|wellenzahl", ("J", "K", "Hz", "1/m")
#: A table of headings is recognized by one of these beside what it measures.
AXES = {"temperature", "field", "waiting_time", "frequency", "noise_frequency"}


def recognized(labels: Sequence[str]) -> tuple[dict[str, tuple[int, str]], list[str]]:
    """Standard name -> (index, unit) where heading and unit agree with it, and the measured quantities among them."""
    known = {}
    for index, label in enumerate(labels):
        heading, unit = heading_and_unit(label)
        for key, (pattern, units) in KNOWN.items():
            bare = not unit and units != ("1",)  # a pure number needs no unit, anything else has to state it
            if key in known or bare or not re.fullmatch(pattern, heading):
                continue
            meant = settled_unit(unit, units)
            if measures(meant or "1", units):
                known[key] = (index, meant)
                break
    squared = known.pop(SQUARED, None)
    if squared and "temperature" not in known:
        known["temperature"] = squared
    quantities = measured_quantities(known)
    if "frequency_noise" in known and "frequency" in known and "noise_frequency" not in known:
        known["noise_frequency"] = known.pop("frequency")  # the axis of a spectrum S_y(f)
    if not AXES & set(known):
        quantities = []
    return known | _errors(labels, known, quantities), quantities


def _errors(labels, known, quantities):
    """Columns that state the uncertainty of a measured quantity in a unit of it: "M err", or "error" alone."""
    taken, found = {index for index, _ in known.values()}, {}
    for index, label in enumerate(labels):
        heading, unit = heading_and_unit(label)
        words = [word for word in re.split(r"[\s_.()]+", heading) if word not in ("", "of", "in")]
        rest = " ".join(word for word in words if not re.fullmatch(_ERROR, word))
        if len(words) == 1 and rest and words[0][0] in "dδ±":
            rest = words[0][1:]  # dM, ΔM
        if index in taken or rest == " ".join(words):
            continue
        for quantity in quantities:
            named = re.fullmatch(KNOWN[quantity][0], rest) or (not rest and len(quantities) == 1)
            units = (known[quantity][1] or "1",)
            meant = settled_unit(unit, units)
            if named and f"{quantity}_error" not in found and measures(meant or "1", units):
                found[f"{quantity}_error"] = (index, meant)
    return found


def settled_unit(unit: str, units: Sequence[str]) -> str:
    """The unit as it can only be meant of a quantity in `units`.

    ``mJ/mol K`` is ``mJ/(mol K)`` of a molar heat capacity, where ``mJ K/mol`` would measure something else, and the
    ``C`` of a temperature is a degree. What cannot be settled is handed back as it is.

    >>> settled_unit("mJ/mol K", ["J/(mol K)"]), settled_unit("C", ["K"])
    ('mJ/(mol K)', 'degC')
    """
    if unit in ("C", "\N{DEGREE SIGN}C") and "K" in units:
        return "degC"
    over, slash, under = unit.partition("/")
    bracketed = f"{over}/({under})"
    return bracketed if slash and not is_unit(unit) and measures(bracketed, units) else unit


def doubtful_heading(labels: Sequence[str]) -> str:
    """What is wrong with the first heading that names a quantity, but in a unit it cannot have, or with an axis that
    nothing measured has; "" when there is none."""
    if advice := advice_on_energy(labels):
        return advice
    for label in labels:
        heading, unit = heading_and_unit(label)
        units = [allowed for pattern, kinds in KNOWN.values() if re.fullmatch(pattern, heading) for allowed in kinds]
        if not unit or not units or unit in ("dBm", "degC") or measures(settled_unit(unit, units), units):
            continue
        try:
            parse_unit(unit)
        except UnitError as error:
            return f"heading {label!r}: {error}"
        return f"heading {label!r}: {unit!r} measures something else; {advice_on_unit(unit, units)}"
    return ""


def unread_axes(labels: Sequence[str], known: Mapping[str, tuple[int, str]]) -> list[str]:
    """A note on every heading that names a temperature or a field, but states no unit of one, and is so left unread."""
    notes = []
    for index, label in enumerate(labels):
        heading, unit = heading_and_unit(label)
        for key in ("temperature", "field"):
            if key in known or any(index == taken for taken, _ in known.values()):
                continue
            if re.fullmatch(KNOWN[key][0], heading):
                why = f"{unit!r} is no unit of it" if unit else "its heading states no unit"
                notes.append(f"column {label!r} is not read as {key}: {why}; say it with --columns")
    return notes


def heading_and_unit(label: str) -> tuple[str, str]:
    """(heading in lower case, unit) of a label."""
    heading, unit = label_unit(label)
    if not unit and re.fullmatch(r"\w+/[^/\s]+", label) and is_unit(label.split("/")[1]):
        heading, unit = label.split("/")  # the T/K way of writing; 1/Q and dv/v are no units
    return heading.rstrip("/ ").lower().replace("heat_capacity", "heat capacity"), unit


def is_unit(text: str) -> bool:
    """Whether a text is a unit."""
    try:
        parse_unit(text)
    except UnitError:
        return False
    return True


def advice_on_unit(unit: str, units: Sequence[str]) -> str:
    """What the unit of a quantity may have to be: that of a susceptibility in CGS is often written without oersted."""
    in_emu = re.sub(r"(?<![A-Za-z])c?m\^?3", "emu", unit)
    for full in (f"{in_emu}/Oe", f"{in_emu}*Oe"):
        if measures(full, units):
            volume = "" if in_emu == unit else " (in SI, 1 m3 is 1e6/(4 pi) emu/Oe: convert it first)"
            return f"in CGS a susceptibility is per oersted: write {full!r}{volume}"
    return f"expected for instance {units[0]!r}"


def advice_on_energy(labels: Sequence[str]) -> str:
    """What to do with a table along an energy, which no observable that is fitted has; "" for any other table.

    >>> advice_on_energy(["E (meV)", "g (1/(K kg))"])[:73]
    "heading 'E (meV)': an energy is the axis of no observable that is fitted;"
    >>> advice_on_energy(["T (K)", "E (meV)"]), advice_on_energy(["E (V/m)", "P"])
    ('', '')
    """
    if AXES & set(recognized(labels)[0]):
        return ""
    for label in labels:
        heading, unit = heading_and_unit(label)
        if unit and re.fullmatch(_ENERGY[0], heading) and measures(unit, _ENERGY[1]):
            return (f"heading {label!r}: an energy is the axis of no observable that is fitted; fit the heat capacity, "
                    "and calculate a density of states at these energies with 'glasstunnel curve density_of_states "
                    "--energy', which takes K, meV, GHz and cm^-1")  # fmt: skip
    return ""


def measures(unit: str, units: Sequence[str]) -> bool:
    """Whether a unit measures what one of the units does."""
    for other in units:
        try:
            convert(1.0, unit, other)
        except UnitError:
            continue
        return True
    return False


def known_headings(labels: list[str]) -> dict[str, tuple[int, str, bool]]:
    """{standard name: (index, unit, whether the heading states it)} of headings that name a quantity.

    Where the unit is missing or impossible, a usual one stands in its place.
    """
    sure = {key: (index, unit, True) for key, (index, unit) in recognized(labels)[0].items()}
    for index, label in enumerate(labels):
        heading, _ = heading_and_unit(label)
        if any(index == taken for taken, *_ in sure.values()):
            continue
        for key, (pattern, units) in KNOWN.items():
            if key not in sure and "_" not in key.replace("heat_capacity", "") and re.fullmatch(pattern, heading):
                sure[key] = (index, units[0], False)
                break
    return sure
