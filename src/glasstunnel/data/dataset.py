"""`Column` and `Dataset`: measured columns with the units of their file, what was noticed and what was done."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import wraps
from inspect import signature
from typing import Any, ParamSpec, TypeVar

import numpy as np
from numpy.typing import ArrayLike

from glasstunnel.errors import ParameterError, UnitError
from glasstunnel.frames import data_array_set, data_frame, headed
from glasstunnel.lazy import later
from glasstunnel.records import brief, shorter
from glasstunnel.units import convert

_MOST_SHOWN = 20  # columns of a dataset that is printed

_Arguments = ParamSpec("_Arguments")
_Result = TypeVar("_Result")


@dataclass(frozen=True, eq=False)
class Column:
    """One column of a file: its values, the unit text of the file, and the file's own label.

    Parameters
    ----------
    values : array of shape (n,); numbers (kept as float64), or text for comment columns.
    unit : str, unit text as in the file, ``""`` when there is none.
    label : str, heading of the column in the file.

    Examples
    --------
    >>> from glasstunnel import Column
    >>> Column([100.0, 200.0], "mK", "Temperatur (mK)").to("K")
    array([0.1, 0.2])
    """

    values: np.ndarray
    unit: str = ""
    label: str = ""

    __repr__ = brief

    def __post_init__(self):
        try:
            values = np.array(self.values)
            if values.dtype.kind not in "US":
                values = values.astype(float)
        except (TypeError, ValueError):
            values = np.array(np.nan)
        if values.ndim != 1:
            label = f" {self.label!r}" if self.label else ""
            raise ParameterError(f"the values of a column{label} must be one list of numbers or texts, got "
                                 f"{shortened(self.values)}")
        values.setflags(write=False)
        object.__setattr__(self, "values", values)

    def __len__(self):
        return len(self.values)

    @property
    def is_text(self) -> bool:
        """Whether the column holds text (comments, states) rather than numbers."""
        return self.values.dtype.kind in "US"

    def to(self, unit: str) -> np.ndarray:
        """Values in another unit, an array of shape (n,); raises UnitError when the units do not fit."""
        if self.is_text:
            raise UnitError(f"column {self.label!r} holds text, it cannot be converted to {unit!r}")
        try:
            return convert(self.values, self.unit, unit)
        except UnitError as error:
            raise UnitError(f"column {self.label!r}: {error}") from None

    def take(self, rows: np.ndarray) -> "Column":
        """The column at the given rows (index array or boolean mask)."""
        return replace(self, values=self.values[rows])


@dataclass(frozen=True, eq=False)
class Dataset:
    """One measurement: columns as the file gave them; knows nothing of models. Methods return new datasets.

    Parameters
    ----------
    columns : mapping of standard name (``temperature``, ``field``, ``moment``, ...) or file label to `Column`.
    quantity : str, key of the measured column.
    name : str, short name, used in parameter paths such as ``"data.<name>.offset"``.
    source : str, path of the file. format : str, name of the reader that recognized it.
    metadata : mapping, what the header says (sample mass with its unit, dates, ...), as text.
    notes : tuple of str, what looked suspicious. history : tuple of str, what was done since reading.
    noise : str, how the column ``sigma`` was made; ``""`` when no noise model was chosen yet.
    digest : str, SHA-256 of the file it was read from, which all datasets made of it keep; ``""`` without one.

    Raises
    ------
    ParameterError when the quantity is not a column or the columns differ in length.

    Examples
    --------
    >>> from glasstunnel import Column, Dataset
    >>> data = Dataset({"temperature": Column([2.0, 4.0], "K"), "moment": Column([2e-3, 1e-3], "emu")}, "moment")
    >>> len(data), data["moment"].unit
    (2, 'emu')
    >>> data.select(data["temperature"].to("K") < 3.0, "below 3 K").history
    ('kept 1 of 2 rows: below 3 K',)
    """

    columns: Mapping[str, Column]
    quantity: str
    name: str = "data"
    source: str = ""
    format: str = ""
    metadata: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    history: tuple[str, ...] = ()
    noise: str = ""
    digest: str = ""

    def __post_init__(self):
        columns = self.columns
        if not isinstance(columns, Mapping) or not all(isinstance(column, Column) for column in columns.values()):
            raise ParameterError('a Dataset needs its columns, as in {"temperature": Column([2.0, 4.0], "K"), ...}, '
                                 f"got {shortened(columns)}")
        object.__setattr__(self, "columns", dict(columns))
        self[self.quantity]
        lengths = {key: len(column) for key, column in self.columns.items()}
        if len(set(lengths.values())) > 1:
            raise ParameterError(f"dataset {self.name!r}: columns differ in length: {lengths}")

    def __len__(self):
        return len(self.columns[self.quantity])

    def __contains__(self, key):
        return key in self.columns

    def __getitem__(self, key):
        if key not in self.columns:
            raise ParameterError(f"dataset {self.name!r} has no column {key!r}; it has {', '.join(self.columns)}")
        return self.columns[key]

    @property
    def measured(self) -> Column:
        """The measured column."""
        return self.columns[self.quantity]

    def with_column(self, key: str, column: Column, quantity: str | None = None) -> "Dataset":
        """The dataset with one column added or replaced; `quantity` makes another column the measured one."""
        return replace(self, columns={**self.columns, key: column}, quantity=quantity or self.quantity)

    def with_note(self, note: str) -> "Dataset":
        """The dataset with one more note."""
        return replace(self, notes=(*self.notes, note))

    def with_history(self, step: str) -> "Dataset":
        """The dataset with one more line of history."""
        return replace(self, history=(*self.history, step))

    def select(self, mask: ArrayLike, why: str) -> "Dataset":
        """The rows where `mask`, a boolean array of shape (n,), is true; `why` goes into the history.

        Raises ParameterError when the mask has another shape or keeps nothing.
        """
        mask = np.asarray(mask)
        if mask.dtype != bool or mask.shape != (len(self),):
            raise ParameterError(f"dataset {self.name!r}: select needs one true or false per row ({len(self)} rows)")
        if not mask.any():
            raise ParameterError(f"dataset {self.name!r}: no row is left after selecting {why}")
        columns = {key: column.take(mask) for key, column in self.columns.items()}
        step = f"kept {int(mask.sum())} of {len(self)} rows: {why}"
        return replace(self, columns=columns, history=(*self.history, step))

    def to_dataframe(self) -> Any:
        """The columns as a `pandas.DataFrame`, each headed by its key and unit; `ParameterError` without pandas."""
        return data_frame(headed({key: (column.values, column.unit) for key, column in self.columns.items()}))

    def to_xarray(self) -> Any:
        """The columns as an `xarray.Dataset` along "point", in the units of the file; `ParameterError` without xarray.

        Temperature and field are coordinates; what the file says stands in the attributes.
        """
        columns = {key: (column.values, column.unit) for key, column in self.columns.items()}
        along = {key: columns.pop(key) for key in ("temperature", "field") if key in columns and key != self.quantity}
        points = {"point": (np.arange(len(self)), "")}
        about = dict(self.metadata) | {"name": self.name, "quantity": self.quantity, "source": str(self.source),
                                       "noise": self.noise}  # fmt: skip
        return data_array_set(columns, points | along, about)

    def __repr__(self):
        name, quantity = shorter(self.name), shorter(self.quantity)
        return f"<Dataset {name!r}: {quantity}, {len(self)} points, {len(self.columns)} columns>"

    def _repr_html_(self) -> str:
        return later("report.notebook", "dataset_html")(self)

    def __str__(self):
        lines = [f"{self.name}: {self.quantity}, {len(self)} points, read as {self.format or 'given by hand'}"]
        shown = [key for key in self.columns if _is_standard(key)][:_MOST_SHOWN]
        lines += [f"  {key}: {_range(self.columns[key])}" for key in shown]
        if len(self.columns) > len(shown):
            lines.append(f"  and {len(self.columns) - len(shown)} more columns under the labels of the file")
        lines += [f"  {key} = {value}" for key, value in self.metadata.items() if value]
        lines += [f"  note: {note}" for note in self.notes]
        lines += [f"  done: {step}" for step in self.history]
        return "\n".join(lines)


def dataset_name(text: str) -> str:
    """A short name usable in parameter paths, made from a file name.

    Examples
    --------
    >>> dataset_name("2023-05 M(T) 40 kOe")
    'run_2023_05_M_T_40_kOe'
    """
    name = re.sub(r"\W+", "_", text).strip("_") or "data"
    return f"run_{name}" if name[0].isdigit() else name


def _is_standard(key):
    """Standard names are lower-case identifiers; labels of files rarely are."""
    return key.isidentifier() and key.islower()


def _range(column):
    if column.is_text or not np.isfinite(column.values).any():
        return "text" if column.is_text else "empty"
    low, high = np.nanmin(column.values), np.nanmax(column.values)
    return f"{low:.6g} to {high:.6g} {column.unit}".rstrip()


def as_dataset(subject: object, where: str) -> Dataset:
    """`subject` where it is a `Dataset`; `ParameterError` for anything else. where : what was asked for.

    >>> as_dataset("run.dat", "per_mass")
    Traceback (most recent call last):
    glasstunnel.errors.ParameterError: per_mass needs a Dataset, as read(...) gives it, got 'run.dat'
    """
    if isinstance(subject, Dataset):
        return subject
    raise ParameterError(f"{where} needs a Dataset, as read(...) gives it, got {shortened(subject)}")


def as_datasets(subject: object, where: str) -> tuple[Dataset, ...]:
    """The datasets of a sequence, one `Dataset` as a sequence of one; `ParameterError` for anything else."""
    if isinstance(subject, Dataset):
        return (subject,)
    if isinstance(subject, (str, Mapping)) or not isinstance(subject, Iterable):
        raise ParameterError(f"{where} needs a sequence of Dataset, as read(...) gives them, got {shortened(subject)}")
    return tuple(as_dataset(member, where) for member in subject)


def of_dataset(function: Callable[_Arguments, _Result]) -> Callable[_Arguments, _Result]:
    """The function, which in place of a `Dataset` as its first argument refuses anything else in one sentence."""
    first = next(iter(signature(function).parameters))

    @wraps(function)
    def checked(*arguments: _Arguments.args, **named: _Arguments.kwargs) -> _Result:
        if arguments or first in named:
            as_dataset(arguments[0] if arguments else named[first], function.__name__)
        return function(*arguments, **named)

    return checked


def shortened(subject: object) -> str:
    """How a message shows what somebody gave: its text where it is short, else its type."""
    text = repr(subject)
    return text if len(text) < 60 else type(subject).__name__
