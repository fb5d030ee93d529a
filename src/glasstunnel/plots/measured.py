"""What was measured: datasets as they are, with or without a noise model."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from glasstunnel.data.dataset import Dataset, as_datasets
from glasstunnel.data.derived import derive
from glasstunnel.errors import ParameterError
from glasstunnel.observables.table import CONDITIONS, OBSERVABLES, Observable
from glasstunnel.plots.appearance import dense_marks, given_or_new, legend, literal, style
from glasstunnel.plots.fits import axes_of_curves, colors_of_series, legend_values, series_of

if TYPE_CHECKING:
    import matplotlib.axes


@dataclass(frozen=True, eq=False)
class _MeasuredPoints:
    """The points of one dataset, T [K], B [T], values in `unit`; sigma is None where no noise was chosen."""

    name: str
    observable: Observable
    unit: str
    temperature: np.ndarray
    field: np.ndarray
    measured: np.ndarray
    sigma: np.ndarray | None
    conditions: Mapping[str, np.ndarray]


def plot_data(
    datasets: Dataset | Sequence[Dataset], ax: "matplotlib.axes.Axes | None" = None, *, quantity: str | None = None,
    cgs: bool = False, title: str = "", **marks: Any,
) -> "matplotlib.axes.Axes":
    r"""Measured points of one dataset or several, with error bars where a noise model was chosen.

    quantity : the column that is drawn, or an observable that follows from it ("heat_capacity_over_temperature");
        by default what the datasets measure. Observables are drawn in SI or CGS units, other columns in those of the
        first file.
    ax : axes of matplotlib to draw into; new ones by default. marks : keywords of `Axes.errorbar`.
    Temperature, field or another condition runs along the axis, whichever takes most values; points at different
    values of the others differ in color. Returns the axes. `ParameterError` where datasets measure different things.

    >>> from glasstunnel import Column, Dataset, plot_data
    >>> cold = Dataset({"temperature": Column([50.0, 100.0], "mK"), "heat_capacity": Column([1.0, 2.0], "uJ/(g K)")},
    ...                "heat_capacity", name="cold")
    >>> ax = plot_data(cold, quantity="heat_capacity_over_temperature")
    >>> ax.get_xlabel(), ax.get_ylabel()
    ('$T^2$ [K²]', 'heat capacity over temperature\n$C/T$ [J/(K² kg)]')
    """
    listed = [_derived(data, quantity) for data in as_datasets(datasets, "plot_data")]
    measured = list(dict.fromkeys(data.quantity for data in listed))
    if len(measured) != 1:
        reason = f"these datasets measure {', '.join(measured)}; draw each in axes of its own"
        raise ParameterError(f"plot_data: {reason if measured else 'there is no dataset to draw'}")
    row = OBSERVABLES.get(measured[0]) or _row_of_a_column(listed[0])
    points = [_points(data, row) for data in listed]
    axes = axes_of_curves(points, cgs)
    series = [part for curve in points for part in series_of(axes, curve)]
    dense = dense_marks(sum(map(len, listed)))
    with style():
        ax = given_or_new(ax)
        for color, (_, label, x, curve, rows) in zip(colors_of_series(series), series, strict=True):
            sigma = None if curve.sigma is None else axes.y(curve.sigma[rows])
            looks = {"fmt": "o", "color": color, "markersize": 3.0, "elinewidth": 0.6, "label": label} | dense | marks
            ax.errorbar(x, axes.y(curve.measured[rows]), sigma, **looks)
        axes.decorate(ax, np.concatenate([row[2] for row in series]), [axes.y(curve.measured) for curve in points])
        if title:
            ax.set_title(literal(title), loc="left")
        legend(ax.figure, [ax], axes, legend_values(series))
    return ax


def _derived(data, quantity):
    """The dataset with the wanted column as what it measures."""
    if quantity in (None, data.quantity):
        return data
    return data.with_column(quantity, data[quantity], quantity) if quantity in data else derive(data, quantity)


def _row_of_a_column(data):
    """How a column that is no observable is drawn: in the unit of its file."""
    unit = data.measured.unit or "1"
    return Observable(data.quantity, unit, data.quantity.replace("_", " "), "", unit)


def _points(data, row):
    known = [key for key in ("temperature", "field", *CONDITIONS) if key in data and not data[key].is_text]
    if not known:
        raise ParameterError(f"plot_data: dataset {data.name!r} has no temperature, field or other condition to be "
                             f"drawn against; it has {', '.join(data.columns)}")
    units = {"temperature": "K", "field": "T"} | {key: CONDITIONS[key].unit for key in CONDITIONS}
    columns = {key: data[key].to(units[key]) for key in known}
    unit = data.measured.unit if row.arbitrary and data.measured.unit != row.unit else row.unit
    sigma = data["sigma"].to(unit) if "sigma" in data else None
    absent = np.zeros(len(data))
    T, B = columns.pop("temperature", absent), columns.pop("field", absent)
    whole = np.isfinite([T, B, *columns.values()]).all(axis=0)
    if not whole.any():
        raise ParameterError(f"plot_data: no row of dataset {data.name!r} has all of {', '.join(known)}")
    return _MeasuredPoints(
        data.name, row, unit, T[whole], B[whole], data.measured.to(unit)[whole],
        None if sigma is None else sigma[whole], {key: column[whole] for key, column in columns.items()},
    )
