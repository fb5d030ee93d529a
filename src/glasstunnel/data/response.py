"""Dielectric and resonator data: conditions the file does not hold, losses from quality factors, references, photons.

Each step is a function that returns a new dataset and adds a line to its history.
"""

import math
from dataclasses import replace

import numpy as np

from glasstunnel.data.dataset import Column, Dataset, of_dataset
from glasstunnel.data.grouping import set_points
from glasstunnel.echoes.amplitude import conditions_of
from glasstunnel.echoes.pulses import Pulses
from glasstunnel.errors import ParameterError, UnitError
from glasstunnel.observables.resonator import photon_number
from glasstunnel.observables.table import CONDITIONS, OBSERVABLES, Condition
from glasstunnel.units import quantity_in

_SETTABLE = {"temperature": "K", "field": "T"} | {key: row.unit for key, row in CONDITIONS.items()}
_FIELD, _TEMPERATURE = Condition("T", "flux density", -math.inf), Condition("K", "temperature")
_CHOICES = tuple(dict.fromkeys(key for row in OBSERVABLES.values() for key in row.choices))
#: What `relative_to` turns into what (the first unless asked for another one), and whether the reference divides
#: (else it is subtracted).
_RELATIVE = {
    "capacitance": (("dielectric_shift",), True), "dielectric_shift": (("dielectric_shift",), False),
    "frequency": (("frequency_shift", "sound_velocity_shift"), True),
    "frequency_shift": (("frequency_shift", "sound_velocity_shift"), False),
    "sound_velocity_shift": (("sound_velocity_shift",), False),
}  # fmt: skip


@of_dataset
def with_condition(data: Dataset, **conditions: float | str) -> Dataset:
    """A condition that held for the whole run: frequency, power, waiting time, temperature, field, ...

    Parameters
    ----------
    data : Dataset.
    conditions : number in SI, or text with a unit, such as ``frequency="5.6199 GHz"`` or ``power="-160 dBm"``. A column
        of that name is replaced; the one of the file stays under ``"<name> of the file"``, and the history says so.

    Returns
    -------
    Dataset. Raises ParameterError for another name, and a number that is not positive (photon number and power may be
    0, a field anything finite).

    Examples
    --------
    >>> from glasstunnel.data import Column, Dataset, with_condition
    >>> data = Dataset({"temperature": Column([0.1, 0.2], "K"), "internal_loss": Column([1e-6, 2e-6])}, "internal_loss")
    >>> with_condition(data, frequency="5.6199 GHz")["frequency"].to("Hz")
    array([5.6199e+09, 5.6199e+09])
    """
    for name, given in conditions.items():
        if name in _CHOICES:
            data = _with_choice(data, name, given)
            continue
        if name not in _SETTABLE:
            known = ', '.join((*_SETTABLE, *_CHOICES))
            raise ParameterError(f"with_condition: {name!r} is no condition; there are {known}")
        value, unit = _with_unit(data, name, given)
        step = f"{name} set to {value:g} {unit}".rstrip()
        if name in data:
            listed = ", ".join(f"{number:g}" for number in np.unique(data[name].values)[:3])
            says = f"{listed} {data[name].unit}".rstrip()
            step += ", as the file says" if says == f"{value:g} {unit}".rstrip() else f"; the file says {says}"
            data = data.with_column(f"{name} of the file", data[name])
        data = data.with_column(name, Column(np.full(len(data), value), unit, name)).with_history(step)
    return data


@of_dataset
def with_pulses(data: Dataset, pulses: Pulses) -> Dataset:
    """The pulses of an echo experiment as conditions; what the dataset has as a column, such as waiting times, stays.

    Raises ParameterError when the dataset measures something else.

    >>> from glasstunnel import Pulses
    >>> from glasstunnel.data import Column, Dataset, with_pulses
    >>> data = Dataset({"waiting_time": Column([2.0, 4.0], "us"), "echo": Column([1.0, 0.7])}, "echo")
    >>> data = with_pulses(data, Pulses((1e-7, 2e-7), (2e-6,), 1e9, 1e3))
    >>> data["waiting_time"].to("us"), data["frequency"].to("GHz")
    (array([2., 4.]), array([1., 1.]))
    """
    if data.quantity != "echo":
        raise ParameterError(f"dataset {data.name!r}: measures {data.quantity}; pulses belong to an echo")
    return with_condition(data, **{key: value for key, value in conditions_of(pulses).items() if key not in data})


def _with_choice(data, name, given):
    """An option of the observable, such as mode="torsion", as a text column."""
    allowed = OBSERVABLES[data.quantity].choices.get(name, ()) if data.quantity in OBSERVABLES else ()
    if given not in allowed:
        words = f"must be one of {', '.join(allowed)}" if allowed else f"is no option of {data.quantity}"
        raise ParameterError(f"dataset {data.name!r}: {name} {words}, got {given!r}")
    return data.with_column(name, Column(np.full(len(data), given), "", name)).with_history(f"{name} set to {given}")


def _with_unit(data, name, given):
    """(value, unit) of a condition, checked."""
    unit = _SETTABLE[name]
    try:
        if isinstance(given, str):
            number, _, stated = given.strip().partition(" ")
            value, si, unit = float(number), quantity_in(given, unit), stated.strip() or unit
        else:
            value = si = float(given)
    except (UnitError, TypeError, ValueError) as error:
        raise ParameterError(f"dataset {data.name!r}: {name} = {given!r} cannot be used: {error}") from None
    row = {"field": _FIELD, "temperature": _TEMPERATURE}.get(name) or CONDITIONS[name]
    if not np.isfinite(si) or not row.allows(si):
        raise ParameterError(f"dataset {data.name!r}: {name} {row.describe_range()}, got {given!r}")
    return value, unit


@of_dataset
def quality_factor_to_loss(data: Dataset) -> Dataset:
    """Internal quality factor to internal loss 1/Q_i, in which losses add and fits are made.

    Error columns and sigma follow, sigma(1/Q) = sigma(Q)/Q^2. ParameterError when the quantity is another one, or a
    quality factor is zero, negative, infinite or missing.

    >>> from glasstunnel.data import Column, Dataset, quality_factor_to_loss
    >>> quality_factor_to_loss(Dataset({"internal_quality_factor": Column([1e6])}, "internal_quality_factor")).measured
    Column(values=[1e-06], label='1/Q_i')
    """
    old, new = "internal_quality_factor", "internal_loss"
    if data.quantity != old:
        raise ParameterError(f"dataset {data.name!r}: measures {data.quantity}, an {old} is needed")
    quality = data[old].to("1")
    wrong = np.flatnonzero(~(np.isfinite(quality) & (quality > 0.0)))
    if wrong.size:
        raise ParameterError(
            f"dataset {data.name!r}, row {wrong[0] + 1}: a quality factor must be positive and finite, got "
            f"{quality[wrong[0]]:g}; drop the row with select, in a run file with drop_range"
        )
    result = data.with_column(new, Column(1.0 / quality, "", "1/Q_i"), quantity=new)
    for key, name in ((f"{old}_error", f"{new}_error"), ("sigma", "sigma")):
        if key in data:
            result = result.with_column(name, Column(data[key].to("1") / quality**2, "", "error of 1/Q_i"))
    return result.with_history("internal_loss = 1/internal_quality_factor")


@of_dataset
def relative_to(
    data: Dataset, temperature: float | None = None, to: str | None = None, field: float | None = None
) -> Dataset:
    """Change relative to the value at a reference temperature [K] or field [T], interpolated linearly between the rows.

    Capacitance C to ``dielectric_shift`` C/C_ref - 1, resonance frequency f to ``frequency_shift`` f/f_ref - 1 of a
    superconducting resonator, or with ``to="sound_velocity_shift"`` of an oscillator that is made of the glass; shifts
    get a new reference. Runs at several frequencies of a bridge have a reference each, and with `field` those at
    several temperatures. The column ``reference_temperature`` or ``reference_field`` is added. The reference carries
    the noise of its neighbors: vary ``data.<name>.offset``.

    Raises
    ------
    ParameterError when the quantity is another one, not one of both references is given, or it lies outside the
    measured temperatures or fields.

    Examples
    --------
    >>> from glasstunnel.data import Column, Dataset, relative_to
    >>> data = Dataset({"temperature": Column([0.1, 0.2], "K"), "capacitance": Column([10.0, 10.001], "pF")},
    ...                "capacitance")
    >>> relative_to(data, 0.1).measured.values.round(6)
    array([0.    , 0.0001])
    """
    if data.quantity not in _RELATIVE:
        known = ", ".join(_RELATIVE)
        raise ParameterError(f"dataset {data.name!r}: {data.quantity} has no reference; expected {known}")
    targets, divides = _RELATIVE[data.quantity]
    quantity = targets[0] if to is None else to
    if quantity not in targets:
        raise ParameterError(
            f"dataset {data.name!r}: {data.quantity} becomes {' or '.join(targets)}, not {quantity!r}"
        )
    axis, at, unit = ("temperature", temperature, "K") if field is None else ("field", field, "T")
    if at is None or (field is not None and temperature is not None):
        raise ParameterError(f"dataset {data.name!r}: relative_to takes either a temperature or a field")
    column, x = data.measured, data[axis].to(unit)
    values, errors = column.values.copy(), None
    for rows in _runs(data, axis):
        reference = _value_at(data, axis, x[rows], column.values[rows], at)
        values[rows] = column.values[rows] / reference - 1.0 if divides else column.values[rows] - reference
    # A fraction of a capacitance is no fraction of its change.
    kept = replace(data, columns={key: column for key, column in data.columns.items() if key != "sigma_fraction"})
    result = kept.with_column(quantity, Column(values, "" if divides else column.unit, column.label), quantity=quantity)
    for key in (f"{data.quantity}_error", "sigma"):
        if key in data:
            errors = data[key].to(column.unit) / (np.abs(column.values) if divides else 1.0)
            name = "sigma" if key == "sigma" else f"{quantity}_error"
            result = result.with_column(name, Column(errors, "" if divides else column.unit, name))
    reference = Column(np.full(len(data), float(at)), unit, f"reference {axis}")
    return result.with_column(f"reference_{axis}", reference).with_history(
        f"{quantity} relative to {at:g} {unit}, from {data.quantity}"
    )


def _runs(data, axis):
    """Rows of each frequency of a bridge, and where the `axis` is a field of each temperature."""
    runs = [np.arange(len(data))]
    if "frequency" in data and data.quantity != "frequency":
        frequency = data["frequency"].values
        runs = [np.flatnonzero(frequency == value) for value in np.unique(frequency)]
    if axis == "temperature" or "temperature" not in data:
        return runs
    levels = [rows for _, rows in set_points(data, "temperature")]
    return [part for rows in runs for level in levels if (part := np.intersect1d(rows, level)).size]


def _value_at(data, axis, x, values, at):
    unit = "K" if axis == "temperature" else "T"
    if not x.min() <= at <= x.max():
        raise ParameterError(
            f"dataset {data.name!r}: the reference {axis} {at:g} {unit} lies outside the measured ones, "
            f"{x.min():g} to {x.max():g} {unit}"
        )
    order = np.argsort(x, kind="stable")
    return float(np.interp(at, x[order], values[order]))


@of_dataset
def photons_from_power(
    data: Dataset, *, attenuation_db: float | None, coupling_quality_factor: float, coupling: str
) -> Dataset:
    """Mean photon number from the column ``power``, the attenuation of the line, and the coupling of the resonator.

    n = c Q_l^2 P/(Q_c hbar omega^2) with 1/Q_l = 1/Q_i + 1/Q_c, c = 2 for `coupling` "notch" and 4 for "one_port" (see
    `observables.resonator.photon_number`).

    Parameters
    ----------
    data : Dataset of an internal loss with ``power`` (dBm or W) and ``frequency``.
    attenuation_db : float, between where the power was stated and the resonator; 0 when it is stated at the resonator.
    coupling_quality_factor : Q_c. coupling : "notch" or "one_port".

    Returns
    -------
    Dataset with the column ``photon_number``; ``power`` becomes the power at the resonator. Raises ParameterError
    without an attenuation, and where a column is missing.
    """
    if attenuation_db is None or not np.isfinite(attenuation_db):
        raise ParameterError(
            f"dataset {data.name!r}: photon numbers need the attenuation in dB between the stated power and the "
            "resonator (0 when it is stated at the resonator); without it fit critical_power instead"
        )
    if data.quantity != "internal_loss":
        raise ParameterError(f"dataset {data.name!r}: photon numbers need an internal loss, not {data.quantity}")
    power = data["power"].to("W") * 10.0 ** (-0.1 * attenuation_db)
    loaded = 1.0 / (data["internal_loss"].to("1") + 1.0 / coupling_quality_factor)
    photons = photon_number(power, data["frequency"].to("Hz"), loaded, coupling_quality_factor, coupling)
    result = data.with_column("power of the file", data["power"]).with_column("power", Column(power, "W", "power"))
    return result.with_column("photon_number", Column(photons, "", "mean photon number")).with_history(
        f"photon number from power: attenuation {attenuation_db:g} dB, Q_c = {coupling_quality_factor:g}, {coupling}"
    )
