"""The intrinsic magnetization of the tunneling systems: what is left without diamagnetism and iron."""

import dataclasses
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from glasstunnel.data.dataset import Column, Dataset, as_dataset
from glasstunnel.errors import ParameterError, UnitError
from glasstunnel.systems.diamagnetism import LarmorDiamagnetism
from glasstunnel.systems.magnetic_ions import MagneticIons

_UNIT = "A m2/kg"


def intrinsic_magnetization(
    dataset: Dataset, larmor_susceptibility: float, iron_total: float, fe2_fraction: ArrayLike
) -> Any:
    """Measured magnetization minus Larmor minus Langevin  [000, Eq. 1 and Sec. B].

    M_intrinsic = M + chi_L B - n [x M(Fe2+) + (1 - x) M(Fe3+)], with the Brillouin magnetization M(.) per ion.

    Parameters
    ----------
    dataset : Dataset of a magnetization with temperature and field, any unit.
    larmor_susceptibility : chi_L [A m2/(kg T)], given positive. iron_total : n [1/kg], all iron.
    fe2_fraction : x, the part of the iron that is Fe2+, from 0 to 1; an array scans several.

    Returns
    -------
    Dataset in the unit of the file, the measured values kept as column ``magnetization_raw`` (sigma is unchanged:
    what is subtracted is taken as exact); a list of them for an array of fractions, named ``<name>_fe2_<percent>``.

    Raises
    ------
    ParameterError when the quantity is no magnetization, a column is missing, or a number is out of range.

    Examples
    --------
    >>> from glasstunnel import Column, Dataset, intrinsic_magnetization
    >>> chip = Dataset({"temperature": Column([4.0], "K"), "field": Column([2.0], "T"),
    ...                 "magnetization": Column([-8e-6], "A m2/kg")}, "magnetization", name="chip")
    >>> intrinsic_magnetization(chip, 5e-6, iron_total=0.0, fe2_fraction=0.5)["magnetization"].values
    array([2.e-06])
    """
    dataset = as_dataset(dataset, "intrinsic_magnetization")
    fractions = np.asarray(fe2_fraction, dtype=float)
    if not ((fractions >= 0.0) & (fractions <= 1.0)).all():
        raise ParameterError(f"fe2_fraction must lie between 0 and 1, got {fe2_fraction!r}")
    raw, T, B = magnetization_columns(dataset)
    without_larmor = raw - LarmorDiamagnetism(larmor_susceptibility).magnetization(T, B)
    species = [MagneticIons(name, iron_total).magnetization(T, B) for name in ("Fe2+", "Fe3+")]
    results = [
        _subtracted(dataset, without_larmor - x * species[0] - (1.0 - x) * species[1], larmor_susceptibility,
                    iron_total, float(x))
        for x in np.atleast_1d(fractions)
    ]
    if fractions.ndim == 0:
        return dataclasses.replace(results[0], name=dataset.name)
    return results


def magnetization_columns(dataset):
    """(M [A m2/kg], T [K], B [T]) of a magnetization dataset; `ParameterError` when one is missing or not finite."""
    if dataset.quantity != "magnetization":
        raise ParameterError(
            f"dataset {dataset.name!r} measures {dataset.quantity!r}, a magnetization per mass is needed (per_mass)"
        )
    columns = []
    for key, unit in (("magnetization", _UNIT), ("temperature", "K"), ("field", "T")):
        try:
            values = dataset[key].to(unit)
        except UnitError as error:
            raise ParameterError(f"dataset {dataset.name!r}, {error}") from None
        if not np.isfinite(values).all():
            row = int(np.argmin(np.isfinite(values)))
            raise ParameterError(f"dataset {dataset.name!r}, row {row + 1}: {key} is not a finite number")
        columns.append(values)
    if (columns[1] <= 0).any():
        raise ParameterError(f"dataset {dataset.name!r}: temperature must be positive")
    return columns


def _subtracted(dataset, intrinsic, susceptibility, iron, x):
    column = dataset.measured
    per_unit = Column(np.ones(1), column.unit).to(_UNIT)[0]
    new = Column(intrinsic / per_unit, column.unit, "magnetization minus Larmor minus Langevin")
    step = (
        f"intrinsic magnetization: subtracted Larmor -{susceptibility:g} A m2/(kg T) and Langevin of {iron:g} iron "
        f"ions per kg, {100 * x:g} % Fe2+"
    )
    result = dataset.with_column("magnetization_raw", column).with_column("magnetization", new).with_history(step)
    label = f"{100 * x:.4g}".replace(".", "p")
    return dataclasses.replace(result, name=f"{dataset.name}_fe2_{label}")
