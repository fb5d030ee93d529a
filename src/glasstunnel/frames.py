"""Records as tables of pandas and arrays of xarray, both optional: units in the headings or attributes."""

from collections.abc import Mapping
from importlib import import_module
from typing import Any

import numpy as np

from glasstunnel.errors import ParameterError


def data_frame(columns: Mapping[str, Any]) -> Any:
    """A `pandas.DataFrame` of columns (n,); `ParameterError` without pandas.

    >>> list(data_frame({"T [K]": [1.0, 2.0]}).columns)
    ['T [K]']
    """
    return _library("pandas", "to_dataframe").DataFrame(dict(columns))


def data_array_set(
    variables: Mapping[str, tuple[Any, str]], coordinates: Mapping[str, tuple[Any, str]],
    attributes: Mapping[str, Any] | None = None,
) -> Any:
    """An `xarray.Dataset` of {name: (array, unit)} of one shape; `ParameterError` without xarray.

    An axis along which a single coordinate changes is named after it: a grid of temperature, field, frequency. Where
    several change together the points are counted, along "point". Units stand in the attributes.

    >>> T, B = np.broadcast_arrays(np.array([[1.0], [2.0]]), np.array([0.0, 1.0, 3.0]))
    >>> found = data_array_set({"M": (T * B, "A m2/kg")}, {"temperature": (T, "K"), "field": (B, "T")})
    >>> dict(found.sizes), found["M"].attrs
    ({'temperature': 2, 'field': 3}, {'units': 'A m2/kg'})
    """
    xarray = _library("xarray", "to_xarray")
    shape = np.shape(next(iter(variables.values()))[0])
    values = {name: np.broadcast_to(entry, shape) for name, (entry, _) in coordinates.items()}
    shape = tuple(size for size in shape if size != 1)
    values = {name: entry.reshape(shape) for name, entry in values.items()}
    dims = _axis_names(shape, values)
    if dims is None:
        dims, shape = ("point",), (int(np.prod(shape)),)
        coords = {name: (dims, entry.ravel()) for name, entry in values.items()}
    else:
        coords = {name: _along(dims, entry) for name, entry in values.items()}
    coords = {name: (*entry, _attributes(coordinates[name][1])) for name, entry in coords.items()}
    data = {name: (dims, np.reshape(entry, shape), _attributes(unit)) for name, (entry, unit) in variables.items()}
    return xarray.Dataset(data, coords, attrs={key: entry for key, entry in (attributes or {}).items() if entry})


def _along(dims, values):
    """(names of axes, array) of a coordinate of a grid: the axis along which it changes, none where it is held."""
    changing = [axis for axis in range(values.ndim) if _changes(values, axis)]
    return [dims[axis] for axis in changing], values[tuple(slice(None) if axis in changing else 0
                                                          for axis in range(values.ndim))]  # fmt: skip


def _axis_names(shape, coordinates):
    """One coordinate per axis, or None where an axis is not that of one alone."""
    names = []
    for axis in range(len(shape)):
        along = [name for name, entry in coordinates.items() if _changes(entry, axis)]
        if len(along) != 1 or sum(_changes(coordinates[along[0]], other) for other in range(len(shape))) > 1:
            return None
        names.append(along[0])
    return tuple(names) if len(set(names)) == len(names) and names else None


def _changes(values, axis):
    return values.shape[axis] > 1 and bool(np.any(values != np.take(values, [0], axis=axis)))


def _attributes(unit):
    return {"units": unit} if unit else {}


def _library(name, where):
    try:
        return import_module(name)
    except ImportError:
        raise ParameterError(f"{where} needs {name}: pip install 'glasstunnel[frames]'") from None


def headed(columns: Mapping[str, tuple[Any, str]]) -> dict[str, Any]:
    """{name: (values, unit)} with the units in the headings, as a table has them.

    >>> headed({"temperature": ([1.0], "K"), "remark": (["a"], "")})
    {'temperature [K]': [1.0], 'remark': ['a']}
    """
    return {f"{name} [{unit}]" if unit else name: values for name, (values, unit) in columns.items()}
