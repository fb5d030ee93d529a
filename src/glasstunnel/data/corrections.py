"""From what the instrument wrote to what a model describes: each step is a function that returns a new dataset.

Every step adds a line to the history. Fields are flux densities, B = mu0 H (see `glasstunnel.units`).
"""

import re
from dataclasses import replace

import numpy as np

from glasstunnel.data.dataset import Column, Dataset, of_dataset
from glasstunnel.data.grouping import repeat_groups, set_points, sweeps
from glasstunnel.data.noise import FREEDOM_LABEL, NOISE_COLUMNS, relative_scatter
from glasstunnel.errors import ParameterError, UnitError
from glasstunnel.units import convert, quantity_in

_BEYOND = 1e-4  # of the range of the holder run: as far as its end points may be extended, for set-point scatter


@of_dataset
def per_mass(data: Dataset, mass_kg: float | None = None) -> Dataset:
    """Per gram of sample: moment [emu] to ``magnetization`` [emu/g], heat capacity to [J/(K g)].

    Parameters
    ----------
    data : Dataset whose quantity is ``moment`` or a ``heat_capacity`` of the whole sample.
    mass_kg : float, optional, sample mass [kg]; by default the mass of the file header.

    Returns
    -------
    Dataset

    Raises
    ------
    ParameterError when there is no mass, it is not > 0, or the quantity is another one; UnitError when the quantity is
    per mass already.

    Examples
    --------
    >>> from glasstunnel.data import Column, Dataset, per_mass
    >>> data = Dataset({"moment": Column([2e-3], "emu")}, "moment", metadata={"sample_mass": "10 mg"})
    >>> per_mass(data)["magnetization"].values
    array([0.2])
    """
    mass, origin = _mass(data, mass_kg)
    new = {"moment": "magnetization", "heat_capacity": "heat_capacity"}
    units = {"moment": ("emu", "emu/g"), "heat_capacity": ("J/K", "J/(K g)")}
    return _divided(data, 1e3 * mass, new, units, f"divided by the sample mass {1e6 * mass:g} mg ({origin})")


@of_dataset
def per_mole(data: Dataset, molar_mass: float | None = None, mass_kg: float | None = None) -> Dataset:
    """Per mole of formula units: to ``molar_magnetization`` [emu/mol] or ``molar_heat_capacity`` [J/(K mol)].

    Parameters
    ----------
    data : Dataset as for `per_mass`.
    molar_mass : float, optional, [kg/mol]; by default the molecular weight of the file header.
    mass_kg : float, optional, sample mass [kg]; by default the mass of the file header.

    Returns
    -------
    Dataset. Raises ParameterError as `per_mass` does, and when there is no molar mass.
    """
    mass, origin = _mass(data, mass_kg)
    molar = _stated(data, "molar_mass", "kg/mol") if molar_mass is None else float(molar_mass)
    if molar is None or not 0.0 < molar < np.inf:
        raise ParameterError(f"dataset {data.name!r}: the molar mass must be > 0 kg/mol, got {molar}")
    new = {"moment": "molar_magnetization", "heat_capacity": "molar_heat_capacity"}
    units = {"moment": ("emu", "emu/mol"), "heat_capacity": ("J/K", "J/(K mol)")}
    step = f"divided by {mass / molar:.6g} mol ({1e6 * mass:g} mg ({origin}), {1e3 * molar:g} g/mol)"
    return _divided(data, mass / molar, new, units, step)


@of_dataset
def subtract_holder(data: Dataset, holder: Dataset, along: str = "temperature") -> Dataset:
    """Subtract an empty-holder run, interpolated linearly at the temperatures (or fields) of the sample run.

    Parameters
    ----------
    data, holder : Dataset of the same quantity. Where both have the other condition (the field, when subtracting along
        temperature) it has to agree within its set-point scatter.
    along : ``"temperature"`` or ``"field"``.

    Returns
    -------
    Dataset; error columns add in quadrature.

    Raises
    ------
    ParameterError when the runs do not belong together, or the holder run does not reach as far as the sample run (the
    ends may be extended by 1e-4 of its range, for the scatter of set points; more is extrapolation and refused).
    """
    if along not in ("temperature", "field"):
        raise ParameterError(f"subtract_holder: along must be 'temperature' or 'field', got {along!r}")
    if holder.quantity != data.quantity:
        raise ParameterError(f"the holder run measures {holder.quantity}, {data.name!r} measures {data.quantity}")
    _same_condition(data, holder, "field" if along == "temperature" else "temperature")
    unit, quantity = data[along].unit, data.quantity
    x, where = data[along].values, holder[along].to(unit)
    _inside(data, holder, along, x, where)
    order = np.argsort(where, kind="stable")

    def at_sample(key):
        values = holder[key].to(data.measured.unit)[order]
        nodes, first = np.unique(where[order], return_inverse=True)
        return np.interp(x, nodes, np.bincount(first, values) / np.bincount(first))

    background = at_sample(quantity)
    result = data.with_column(quantity, replace(data.measured, values=data.measured.values - background))
    error = f"{quantity}_error"
    if error in data and error in holder:
        errors = np.hypot(data[error].to(data.measured.unit), at_sample(error))
        result = result.with_column(error, Column(errors, data.measured.unit, f"{data[error].label} with holder"))
    if data.measured.label != holder.measured.label:
        result = result.with_note(f"sample and holder use different columns: {data.measured.label!r} and "
                                  f"{holder.measured.label!r}")  # fmt: skip
    share = np.median(np.abs(background)) / np.median(np.abs(data.measured.values))
    return replace(_without_sigma(result), noise="").with_history(
        f"subtracted the holder run {holder.source or holder.name!r}, interpolated in {along} "
        f"(median size {100 * share:.3g} % of the raw {quantity})"
    )


@of_dataset
def subtract_addenda(data: Dataset, addenda: Dataset | None = None) -> Dataset:
    """Heat capacity of the sample from the total one: total minus addenda.

    Parameters
    ----------
    data : Dataset with ``heat_capacity_total`` (and its own ``heat_capacity_addenda``), or, with `addenda`, whose
        quantity is the heat capacity of sample and addenda together.
    addenda : Dataset, optional, a run of the addenda alone, interpolated in temperature as in `subtract_holder`.

    Returns
    -------
    Dataset with the quantity ``heat_capacity``.

    Raises
    ------
    ParameterError when the instrument has subtracted them already and another run is given, or columns are missing.
    """
    if addenda is not None:
        if data.quantity == "heat_capacity" and "heat_capacity_total" in data:
            raise ParameterError(f"dataset {data.name!r}: the instrument has already subtracted the addenda")
        return subtract_holder(data, addenda)
    total, empty = data["heat_capacity_total"], data["heat_capacity_addenda"]
    values = total.values - empty.to(total.unit)
    column = Column(values, total.unit, f"{total.label} - {empty.label}")
    result = data.with_column("heat_capacity", column, quantity="heat_capacity")
    return replace(_without_sigma(result), noise="").with_history(f"heat_capacity = {total.label} - {empty.label}")


@of_dataset
def subtract_diamagnetism(data: Dataset, susceptibility: float, unit: str) -> Dataset:
    """Subtract a moment proportional to the field, susceptibility x B: molar diamagnetism, a matrix, the holder.

    Parameters
    ----------
    data : Dataset of a moment, a magnetization or a molar magnetization, with a field.
    susceptibility : float, negative for a diamagnet. unit : str, the unit of the quantity per field, for instance
        ``"emu/Oe"``, ``"emu/(g Oe)"`` or ``"emu/(mol Oe)"``.

    Returns
    -------
    Dataset. Raises UnitError when the unit does not fit, ParameterError when there is no field.

    Examples
    --------
    >>> from glasstunnel.data import Column, Dataset, subtract_diamagnetism
    >>> data = Dataset({"field": Column([1e4], "Oe"), "moment": Column([1e-3], "emu")}, "moment")
    >>> subtract_diamagnetism(data, -1e-8, "emu/Oe")["moment"].values
    array([0.0011])
    """
    column = data.measured
    slope = convert(susceptibility, unit, f"({column.unit})/T")
    values = column.values - slope * data["field"].to("T")
    step = f"subtracted {susceptibility:g} {unit} times the field"
    return data.with_column(data.quantity, replace(column, values=values)).with_history(step)


@of_dataset
def split_by(data: Dataset, key: str, tolerance: float | None = None) -> list[Dataset]:
    """One dataset per set point of a condition, per text of a column, or per sweep.

    Parameters
    ----------
    data : Dataset.
    key : a column (``"temperature"``, ``"frequency"``, a label of the file, ...), or ``"sweep"`` for cooling and
        warming runs, field up and down.
    tolerance : float, optional, scatter around a set point in the unit of the column; by default 2 % (at least 0.5 mK)
        for temperatures, 1 % (at least 10 Oe) for fields, 0.5 % for everything else.

    Returns
    -------
    list of Dataset, ascending in the nominal value (sweeps and texts in the order of the file), named
    ``<name>_<value><unit>``.

    Raises
    ------
    ParameterError when the condition is not held at set points but swept.

    Examples
    --------
    >>> from glasstunnel.data import Column, Dataset, split_by
    >>> columns = {"temperature": Column([2.0, 4.0, 2.01], "K"), "moment": Column([3.0, 1.0, 2.9], "emu")}
    >>> data = Dataset(columns, "moment")
    >>> [part.name for part in split_by(data, "temperature", tolerance=0.1)]
    ['data_2K', 'data_4K']
    """
    if key == "sweep" and key not in data:
        return _parts(data, [(f"{word}{number}", f"{word}, run {number}", rows)
                             for number, (word, rows) in enumerate(sweeps(data), 1)], key)  # fmt: skip
    if data[key].is_text:
        texts = data[key].values
        return _parts(data, [(re.sub(r"\W+", "_", text) or "empty", f"{key} is {text!r}", np.flatnonzero(texts == text))
                             for text in dict.fromkeys(texts.tolist())], key)  # fmt: skip
    groups = set_points(data, key, tolerance)
    if len(groups) > max(1, 0.7 * len(data)):
        raise ParameterError(f"dataset {data.name!r}: {key} is swept, {len(groups)} values in {len(data)} rows")
    unit = data[key].unit
    found = []
    for value, rows in groups:
        label = f"{value:.3g}".replace(".", "p").replace("-", "minus").replace("+", "")
        found.append((f"{label}{unit if unit.isalnum() else ''}", f"{key} near {value:.4g} {unit}".rstrip(), rows))
    return _parts(data, found, key)


def _parts(data, found, key):
    """A dataset for each (suffix of its name, why, rows); the advice to split by `key` is followed, so it goes."""
    notes = tuple(note for note in data.notes if f"split_by(data, {key!r})" not in note)
    names = [suffix for suffix, *_ in found]
    parts = []
    for number, (suffix, why, rows) in enumerate(found):
        mask = np.zeros(len(data), bool)
        mask[rows] = True
        if names.count(suffix) > 1:  # set points that three digits do not tell apart
            suffix = f"{suffix}_{number + 1}"
        parts.append(replace(data.select(mask, why), name=f"{data.name}_{suffix}", notes=notes))
    return parts


@of_dataset
def average_repeats(data: Dataset, tolerance: float | None = None) -> Dataset:
    """Means of rows repeated at the same conditions, with the standard error of the mean as ``sigma``.

    Parameters
    ----------
    data : Dataset.
    tolerance : float, optional, largest relative step of the conditions from row to row inside a run of repeats; found
        from the rows when left out.

    Returns
    -------
    Dataset; numbers are means, text is the first row's. ``sigma`` pools the relative scatter of all runs (two or three
    repeats alone do not fix a standard deviation), the drift of temperature inside a run being taken out.

    Raises
    ------
    ParameterError when there are no repeats.
    """
    groups = repeat_groups(data, tolerance)
    sizes = np.array([len(rows) for rows in groups])
    means = _averaged(data.measured, groups)
    spread = relative_scatter(data, groups, np.repeat(means, sizes))
    columns = {key: replace(column, values=_averaged(column, groups)) for key, column in data.columns.items()}
    columns["sigma"] = Column(spread * np.abs(means) / np.sqrt(sizes), data.measured.unit, "standard error of the mean")
    columns["sigma_fraction"] = Column(spread / np.sqrt(sizes), "", "relative part of sigma")
    freedom = len(data) - len(groups)
    columns["sigma_freedom"] = Column(np.full(len(groups), float(freedom)), "", FREEDOM_LABEL)
    noise = (f"standard error of the mean of repeats (single rows scatter by {100 * spread:.2g} %, from {freedom} "
             "degrees of freedom)")  # fmt: skip
    step = f"averaged {len(data)} rows to {len(groups)} (runs of {sizes.min()} to {sizes.max()} repeats)"
    return replace(data, columns=columns, noise=noise, history=(*data.history, step))


@of_dataset
def keep_range(data: Dataset, key: str, low: float, high: float, unit: str | None = None) -> Dataset:
    """The rows with low <= column <= high, in `unit` (by default that of the column)."""
    inside, words = _between(data, key, low, high, unit)
    return data.select(inside, words)


@of_dataset
def drop_range(data: Dataset, key: str, low: float, high: float, unit: str | None = None) -> Dataset:
    """The rows outside low <= column <= high, in `unit` (by default that of the column)."""
    inside, words = _between(data, key, low, high, unit)
    return data.select(~inside, f"not {words}")


def _between(data, key, low, high, unit):
    if not low <= high:
        raise ParameterError(f"range of {key}: low must not be above high, got {low} and {high}")
    unit = data[key].unit if unit is None else unit
    values = data[key].to(unit)
    return (values >= low) & (values <= high), f"{key} from {low:g} to {high:g} {unit}".rstrip()


def _averaged(column, groups):
    if column.is_text:
        return column.values[[rows[0] for rows in groups]]
    return np.array([column.values[rows].mean() for rows in groups])


def _mass(data, mass_kg):
    mass = _stated(data, "sample_mass", "kg") if mass_kg is None else float(mass_kg)
    if mass is None:
        raise ParameterError(
            f"dataset {data.name!r}: the file states no sample mass; give mass_kg (mass_mg in a run file)"
        )
    if not 0.0 < mass < np.inf:
        raise ParameterError(f"dataset {data.name!r}: the sample mass must be > 0, got {mass:g} kg")
    return mass, "file header" if mass_kg is None else "given"


def _stated(data, key, unit):
    text = data.metadata.get(key, "")
    try:
        return quantity_in(text, unit) if text else None
    except UnitError as error:
        raise ParameterError(f"dataset {data.name!r}: {key} of the file is not usable: {error}") from None


def _divided(data, amount, new, units, step):
    """Quantity, its error and sigma divided by an amount, under the new name and in the new unit."""
    if data.quantity not in new:
        raise ParameterError(f"dataset {data.name!r}: cannot divide {data.quantity}; expected {' or '.join(new)}")
    start, end = units[data.quantity]
    name, result = new[data.quantity], data
    for old, key in ((data.quantity, name), (f"{data.quantity}_error", f"{name}_error"), ("sigma", "sigma")):
        if old in data:
            column = data[old]
            if name == data.quantity and old != "sigma":
                result = result.with_column(f"{column.label or old} of the file", column)
            result = result.with_column(key, Column(_quotient(data, old, start, amount), end, column.label))
    return replace(result, quantity=name).with_history(f"{name} [{end}]: {data.quantity} {step}")


def _quotient(data, key, unit, amount):
    values = data[key].to(unit)
    with np.errstate(over="ignore"):
        quotient = values / amount
    beyond = np.flatnonzero(np.isfinite(values) & ~np.isfinite(quotient))
    if beyond.size:
        raise ParameterError(f"dataset {data.name!r}: {key} of {values[beyond[0]]:g} {unit} in row {beyond[0] + 1} is "
                             "too large to be divided by the amount; drop the row or the column")  # fmt: skip
    return quotient


def _same_condition(data, holder, key):
    if key not in data or key not in holder:
        return
    unit = data[key].unit
    groups = [set_points(run, key) for run in (data, holder)]
    if len(groups[0]) > 1 or len(groups[1]) > 1:
        raise ParameterError(f"subtract_holder: several values of {key} in one run; split_by(data, {key!r}) "
                             f'first, in a run file {{do = "split_by", column = "{key}"}}')
    value, other = np.median(data[key].values), np.median(holder[key].to(unit))
    scatter_allowed = 0.01 * abs(value) + (convert(10.0, "Oe", unit) if key == "field" else 0.0)
    if abs(value - other) > scatter_allowed:
        raise ParameterError(f"subtract_holder: {key} is {value:g} {unit} for {data.name!r}, but {other:g} {unit} for "
                             f"the holder run {holder.name!r}")  # fmt: skip


def _inside(data, holder, along, x, where):
    slack = _BEYOND * (where.max() - where.min())
    outside = np.flatnonzero((x < where.min() - slack) | (x > where.max() + slack))
    if outside.size:
        unit = data[along].unit
        raise ParameterError(
            f"subtract_holder: {outside.size} rows of {data.name!r} (first {x[outside[0]]:g} {unit}) lie outside the "
            f"holder run, {where.min():g} to {where.max():g} {unit}; keep_range(data, {along!r}, ...) first"
        )


def _without_sigma(data):
    return replace(data, columns={key: column for key, column in data.columns.items() if key not in NOISE_COLUMNS})
