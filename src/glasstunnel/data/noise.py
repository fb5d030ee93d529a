"""Noise models: what the error column of an instrument is worth, and the column ``sigma`` a fit weighs with."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from glasstunnel.data.dataset import Column, Dataset, of_dataset
from glasstunnel.data.grouping import repeat_groups
from glasstunnel.errors import ParameterError
from glasstunnel.numerics.checks import is_number
from glasstunnel.records import brief

#: Columns that a noise model writes: sigma, and the part of it that is a fraction of the value. Where the latter is
#: given, a fit weighs with that fraction of its *model*: a fraction of the measured value would give low values more
#: weight, and pull every amplitude down. sigma_freedom: degrees of freedom of the repeats that sigma was found from.
NOISE_COLUMNS = ("sigma", "sigma_fraction", "sigma_freedom", "drift", "drift_length")
FREEDOM_LABEL = "degrees of freedom behind sigma"
DRIFT_LENGTH = 0.3  # in ln T, where none is given
_FEW = 5  # points below which equal fractions may be chance
_PROPORTIONAL = 1e-3  # spread of sigma/|value| below which sigma is a fraction of the value
_CONSTANT = 0.15  # spread (5 % to 95 %) of |error/value| relative to its median, below which it counts as constant


@dataclass(frozen=True)
class ErrorColumn:
    """Verdict on an error column.

    kind : ``"missing"``, ``"zero"``, ``"constant fraction"`` or ``"varies"``; only the last can be statistical.
    fraction : median of |error / value|, NaN when there is none. sentence : str, the verdict in words.
    """

    kind: str
    fraction: float
    sentence: str

    __repr__ = brief


@of_dataset
def check_error_column(data: Dataset) -> ErrorColumn:
    """Whether the error column of the measured quantity can be a statistical uncertainty.

    An error that is the same fraction of the value at every point is a scale or fit-model error: its points move
    together, and weighing them as independent gives a meaningless chi-square.

    Parameters
    ----------
    data : Dataset with, perhaps, a column ``<quantity>_error``.

    Returns
    -------
    ErrorColumn

    Examples
    --------
    >>> from glasstunnel.data import Column, Dataset, check_error_column
    >>> moment = Column([1.0, 2.0, 3.0, 4.0, 5.0], "emu")
    >>> data = Dataset({"moment": moment, "moment_error": Column(0.05 * moment.values, "emu")}, "moment")
    >>> check_error_column(data).kind
    'constant fraction'
    """
    key = f"{data.quantity}_error"
    if key not in data or np.all(np.isnan(data[key].values)):
        return ErrorColumn("missing", np.nan, f"no uncertainty of {data.quantity} is given")
    values, errors = data.measured.values, np.abs(data[key].to(data.measured.unit))
    label = data[key].label or key
    if not np.any(errors > 0.0):
        return ErrorColumn("zero", 0.0, f"column {label!r} is 0 in every row: no uncertainty was recorded")
    usable = np.isfinite(errors) & (values != 0.0)
    with np.errstate(over="ignore"):
        fractions = errors[usable] / np.abs(values[usable])
    if not np.any(np.isfinite(fractions)):
        return ErrorColumn("varies", np.nan, f"column {label!r} varies independently of the value")
    low, middle, high = np.percentile(fractions, [5.0, 50.0, 95.0])
    if fractions.size >= 5 and 0.0 < middle < np.inf and high - low < _CONSTANT * middle:
        return ErrorColumn("constant fraction", float(middle), (
            f"column {label!r} is {100 * middle:.2g} % of the value at every point ({100 * low:.3g} to "
            f"{100 * high:.3g} %): a scale or fit-model error, not a statistical one"
        ))  # fmt: skip
    return ErrorColumn("varies", float(middle), f"column {label!r} varies independently of the value")


@of_dataset
def with_noise(
    data: Dataset,
    *,
    relative: float | None = None,
    absolute: float | None = None,
    given: bool = False,
    repeats: bool = False,
    residuals: bool | str = False,
    drift: bool | float = False,
    drift_length: float = DRIFT_LENGTH,
) -> Dataset:
    """Choose the noise model of a dataset: adds the column ``sigma``, in the unit of the quantity.

    What is relative is, in a fit, a fraction of the model, not of the measured value (column ``sigma_fraction``).

    Parameters
    ----------
    data : Dataset.
    relative, absolute : float, fraction of |value|, and value in the unit of the quantity; both together add in
        quadrature.
    given : bool, take the error column of the file, or the one `average_repeats` made.
    repeats : bool, one relative standard deviation pooled from the scatter of repeated rows.
    residuals : True: no sigma, the fit estimates a common one from its residuals; "relative": a common fraction of
        |value| (quality factors and losses, which span decades).
    drift : a slow error along ln T within the run beside this noise (Ornstein-Uhlenbeck): its standard deviation in
        units of sigma, or True to estimate it with the fit. drift_length : its correlation length in ln T.

    Returns
    -------
    Dataset with the column ``sigma`` (none for `residuals`) and `noise` saying how it was made.

    Raises
    ------
    ParameterError when not exactly one model is chosen, a number is not positive, sigma would be 0 or missing
    somewhere, or there are no repeats.

    Examples
    --------
    >>> from glasstunnel.data import Column, Dataset, with_noise
    >>> data = Dataset({"moment": Column([1.0, 2.0], "emu")}, "moment")
    >>> with_noise(data, relative=0.01)["sigma"].values
    array([0.01, 0.02])
    """
    chosen = [relative is not None or absolute is not None, given, repeats, residuals]
    if sum(map(bool, chosen)) != 1:
        raise ParameterError(
            f"dataset {data.name!r}: choose one noise model: relative and/or absolute, given, repeats or residuals"
        )
    if drift is not False:
        plain = with_noise(data, relative=relative, absolute=absolute, given=given, repeats=repeats,
                           residuals=residuals)  # fmt: skip
        return _drifting(plain, drift, drift_length)
    if residuals:
        if residuals not in (True, "relative"):
            raise ParameterError(f"dataset {data.name!r}: residuals must be true or 'relative', got {residuals!r}")
        columns = {key: column for key, column in data.columns.items() if key not in NOISE_COLUMNS}
        return replace(data, columns=columns, noise="residuals" if residuals is True else "residuals, relative")
    freedom = None
    if given:
        sigma, fraction, noise = _from_error_column(data)
        freedom = data.columns.get("sigma_freedom") if "sigma" in data else None
    elif repeats:
        sigma, fraction, noise = _from_repeats(data)
        freedom = Column(np.full(len(data), float(len(data) - len(repeat_groups(data)))), "", FREEDOM_LABEL)
    else:
        sigma, fraction, noise = _stated(data, relative, absolute)
    values = data.measured.values
    rounding = np.finfo(float).eps * np.where(np.isfinite(values), np.abs(values), 0.0)
    if (sigma < rounding).any() and (sigma > 0.0).all():
        row = int(np.argmax(sigma < rounding))
        raise ParameterError(f"dataset {data.name!r}: sigma ({noise}) is {sigma[row]:.3g} in row {row + 1}, less than "
                             f"the rounding of the measured {data.measured.values[row]:.6g}; check its unit")
    bad = np.flatnonzero(~(np.isfinite(sigma) & (sigma > 0.0)))
    if bad.size and not np.isfinite(values[bad[0]]):
        raise ParameterError(f"dataset {data.name!r}, row {bad[0] + 1}: {data.quantity} is {values[bad[0]]}; drop such "
                             "rows with select, in a run file with drop_range")  # fmt: skip
    if bad.size:
        raise ParameterError(
            f"dataset {data.name!r}: sigma ({noise}) is {sigma[bad[0]]} in row {bad[0] + 1}; it must be > 0 everywhere"
        )
    columns = {key: column for key, column in data.columns.items() if key not in NOISE_COLUMNS}
    columns["sigma"] = Column(sigma, data.measured.unit, "sigma")
    if fraction is not None:
        columns["sigma_fraction"] = Column(fraction, "", "relative part of sigma")
    if freedom is not None:
        columns["sigma_freedom"] = freedom
    return replace(data, columns=columns, noise=noise)


def _drifting(data, drift, length):
    """The dataset with the columns that state a drift; a length alone where its amount is to be estimated."""
    number = is_number(drift)
    if drift is not True and not (number and 0.0 < drift < np.inf):
        raise ParameterError(f"dataset {data.name!r}: drift must be true or a number above 0, in units of sigma, got "
                             f"{drift!r}")  # fmt: skip
    if not (is_number(length) and 0.0 < length < np.inf):
        raise ParameterError(f"dataset {data.name!r}: drift_length must be a number above 0, in ln T, got {length!r}")
    columns = dict(data.columns) | {"drift_length": Column(np.full(len(data), float(length)), "", "length of drift")}
    if number:
        columns["drift"] = Column(np.full(len(data), float(drift)), "", "drift in units of sigma")
    amount = f"of {drift:g} sigma" if number else "estimated"
    return replace(data, columns=columns, noise=f"{data.noise}, drift {amount}")


def scatter(data: Dataset, groups: Sequence[np.ndarray]) -> np.ndarray:
    """Deviation of every row from its repeat group, and the group's degrees of freedom.

    The drift of the quantity with temperature inside a group (set points are met to about a percent) is taken out
    with the slope between the neighboring groups, so that it is not counted as noise.

    Returns
    -------
    array of shape (n,), in the unit of the quantity.
    """
    values = data.measured.values
    means = np.array([values[rows].mean() for rows in groups])
    deviations = np.concatenate([values[rows] - mean for rows, mean in zip(groups, means, strict=True)])
    if "temperature" not in data or len(groups) < 3:
        return deviations
    temperature = data["temperature"].values
    centers = np.array([temperature[rows].mean() for rows in groups])
    if np.any(np.diff(centers) == 0.0):
        return deviations
    with np.errstate(all="ignore"):
        slopes = np.gradient(means, centers)
    slopes = np.where(np.isfinite(slopes), slopes, 0.0)
    drift = [slope * (temperature[rows] - center) for rows, slope, center in zip(groups, slopes, centers, strict=True)]
    return deviations - np.concatenate(drift)


def relative_scatter(data: Dataset, groups: Sequence[np.ndarray], sizes: np.ndarray) -> float:
    """Relative standard deviation of a single row, pooled over all repeat groups; `sizes` are the values to divide by.

    Raises ParameterError when there are fewer than two degrees of freedom, or the scatter is not finite.
    """
    freedom = len(data) - len(groups)
    if freedom < 1:
        raise ParameterError(f"dataset {data.name!r}: no rows are repeated at the same conditions")
    if freedom < 2:
        raise ParameterError(f"dataset {data.name!r}: one repeated row tells no scatter; state the noise as relative "
                             "or absolute, or take it from residuals")  # fmt: skip
    if np.any(sizes == 0.0):
        raise ParameterError(f"dataset {data.name!r}: the mean of repeated rows is 0, so that their scatter is no "
                             "fraction of it; state the noise as absolute")  # fmt: skip
    with np.errstate(all="ignore"):
        spread = float(np.sqrt(np.sum((scatter(data, groups) / sizes) ** 2) / freedom))
    if not np.isfinite(spread):
        raise ParameterError(f"dataset {data.name!r}: the scatter of repeated rows is not finite")
    return spread


def _stated(data, relative, absolute):
    parts = []
    for word, number in (("relative", relative), ("absolute", absolute)):
        if number is not None and not 0.0 < number < np.inf:
            raise ParameterError(f"dataset {data.name!r}: noise {word} must be > 0 and finite, got {number}")
        if number is not None:
            parts.append(f"{word} {number:g}" + (f" {data.measured.unit}" if word == "absolute" else ""))
    sizes = np.abs(data.measured.values)
    sigma = np.full(len(data), absolute or 0.0) if relative is None else np.hypot(relative * sizes, absolute or 0.0)
    return sigma, None if relative is None else np.full(len(data), float(relative)), " and ".join(parts)


def _from_error_column(data):
    key = "sigma" if "sigma" in data else f"{data.quantity}_error"
    if key not in data:
        raise ParameterError(f"dataset {data.name!r}: no uncertainty is given; state noise as relative or absolute")
    report = check_error_column(data)
    warning = f" ({report.sentence})" if key != "sigma" and report.kind == "constant fraction" else ""
    sigma = np.abs(data[key].to(data.measured.unit))
    return sigma, _fraction(data, key, sigma), f"given by column {data[key].label or key!r}{warning}"


def _fraction(data, key, sigma):
    """The part of sigma that is a fraction of the value: as a column says, or all of it where it is proportional."""
    if key == "sigma" and "sigma_fraction" in data:
        return data["sigma_fraction"].values
    sizes = np.abs(data.measured.values)
    if len(data) < _FEW or not (sizes > 0.0).all():
        return None
    fractions = sigma / sizes
    return fractions if np.ptp(fractions) < _PROPORTIONAL * np.median(fractions) else None


def _from_repeats(data):
    groups = repeat_groups(data)
    freedom = len(data) - len(groups)
    values = data.measured.values
    # Relative to the means: dividing by the noisy values themselves would overrate the scatter of the low ones.
    means = np.concatenate([np.full(len(rows), values[rows].mean()) for rows in groups])
    spread = relative_scatter(data, groups, means)
    words = f"relative {spread:.3g} from {freedom} degrees of freedom of repeated rows"
    return spread * np.abs(values), np.full(len(values), spread), words
