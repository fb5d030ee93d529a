"""What the run files of all kinds of experiments share: conditions that a file leaves open, references, priors."""

import numpy as np

from glasstunnel.data.grouping import set_points
from glasstunnel.errors import ParameterError

FILL_IN = "# FILL IN"
_SPARE = 2  # points more than parameters, below which no error of the noise can be found

#: (prior, lower, upper, what is said of it)
Prior = tuple[str, float, float, str]


def condition_step(data, key, value, words):
    """The step that states a condition which the file does not, marked as an assumption."""
    if key not in data:
        yield f'{{do = "with_condition", {key} = "{value}"}},   {FILL_IN}: {words}'


def reference_temperature(data):
    """A temperature [K] inside the sweep of every frequency."""
    T = data["temperature"].to("K")
    rows = [rows for _, rows in set_points(data, "frequency")] if "frequency" in data else [np.arange(len(data))]
    low, high = max(T[part].min() for part in rows), min(T[part].max() for part in rows)
    return max(low, min(high, float(f"{np.sqrt(low * high):.2g}")))


def offsets(datasets, quantities, largest):
    """An offset for every run with a reference of its own."""
    return {
        f"data.{data.name}.offset": ("uniform", -largest, largest, "of the reference")
        for data in datasets if data.quantity in quantities
    }


def vary_table(priors, points=None):
    """The lines of [vary]; what stands last is held where there are hardly more `points` than parameters."""
    most = len(priors) if points is None else max(1, points - _SPARE)
    kept, held = ({path: priors[path] for path in part} for part in (list(priors)[:most], list(priors)[most:]))
    yield ""
    yield "[vary]"
    yield from prior_lines(kept)
    if held:
        yield f"# {points} points do not determine {len(priors)} numbers with an error: held, until more are measured"
        yield from (f"# {line}" for line in prior_lines(held))


def prior_lines(priors):
    for path, (prior, lower, upper, words) in priors.items():
        if not np.isfinite([lower, upper]).all():
            raise ParameterError(f"init: the data are too large or too small for a range of {path}; check their unit")
        yield f'{path} = {{prior = "{prior}", lower = {lower:.3g}, upper = {upper:.3g}}}   # {words}'
