"""How far a slider reaches: what its prior, the parameter table, or the data say."""

import math

from glasstunnel.explorer.state import State


def slider_range(state: State, path: str) -> tuple[float, float, bool]:
    """(lowest, highest, whether the slider is logarithmic) of a parameter: its prior, else what its table says."""
    if path in state.priors and all(map(math.isfinite, (state.priors[path].lower, state.priors[path].upper))):
        prior = state.priors[path]
        wide = prior.lower > 0 and prior.upper > 30 * prior.lower
        return prior.lower, prior.upper, prior.logarithmic or wide
    if path.startswith("data."):
        return _range_of_nuisance(state, path)
    value = state.glass.value(path)
    return state.glass.paths()[path].reach(0.0 if value is None or math.isinf(value) else float(value))


def _range_of_nuisance(state, path):
    _, name, nuisance = path.split(".")
    if nuisance == "scale":
        return 0.5, 1.5, False
    m = next(row.measurement for row in state.measured if row.name == name)
    reach = float(max(abs(m.values))) if nuisance == "offset" else 3.0
    return -reach or -1.0, reach or 1.0, False
