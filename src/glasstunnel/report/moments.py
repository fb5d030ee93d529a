"""Curie constants, effective moments and Weiss temperatures of what a fit holds of Curie-like contributions."""

import numpy as np

from glasstunnel.report.blocks import Heading, Table
from glasstunnel.report.numbers import plain, with_uncertainty

_UNKNOWN = "not known: how many ions"


def moment_blocks(result):
    """One row for every contribution that follows a Curie-Weiss law at high temperature; nothing where none does."""
    rows = [_law_row(result, key) for key, part in result.glass.contributions.items() if part.curie_weiss() is not None]
    if not rows:
        return
    unknown = any(_UNKNOWN in row for row in rows)
    yield Heading("Magnetic moments")
    yield Table(("contribution", "Curie constant C [A m² K/(kg T)]", "effective moment [μ_B per ion]", "θ [K]"),
                tuple(rows), "What the susceptibility C/(T − θ) comes to where k_B T is above every splitting and "
                f"μ_B B{'; a moment per ion needs the number of ions' if unknown else ''}.", code=True)


def _law_row(result, key):
    law = result.glass[key].curie_weiss()
    slopes = _slopes(result, key, law)
    cells = [_UNKNOWN if value is None else "does not say" if np.isnan(error)
             else f"{value:.5g}" if error == 0.0 else _without_error(result, value, along) if np.isinf(error)
             else with_uncertainty(value, error)
             for value, error, along in zip(law, _errors(result, slopes), slopes, strict=True)]  # fmt: skip
    return (key, *cells)


def _without_error(result, value, slopes):
    """A number that hangs on a parameter without a standard error, in the words of that parameter."""
    moving = [path for path, slope in zip(result.names, slopes, strict=True) if slope]
    for path in moving:
        if path in result.at_bound:
            return f"{plain(value, 4)} (at the {result.at_bound[path]} bound of {path})"
    held = any(path in result.conditional for path in moving)
    return f"{plain(value, 4)} (no symmetric error)" if held else with_uncertainty(value, np.inf)


def _slopes(result, key, law):
    """Derivatives (numbers of the law, varied parameters)."""
    count = len(law)
    slopes = np.zeros((count, len(result.names)))
    for column, path in enumerate(result.names):
        value, prior = result.values[path], result.priors[path]
        step = 1e-4 * (abs(value) or min(1.0, prior.upper))
        ends = max(value - step, prior.lower), min(value + step, prior.upper)
        laws = [_law_at(result, key, path, end) for end in ends]
        slopes[:, column] = [0.0 if up is None else (up - down) / (ends[1] - ends[0])
                             for down, up in zip(*laws, strict=True)]  # fmt: skip
    return slopes


def _errors(result, slopes):
    """Standard errors from the covariance of the varied parameters; infinite where one that matters is open."""
    used = np.any(slopes != 0.0, axis=0)
    covariance = result.covariance[np.ix_(used, used)]
    if not (result.converged and np.isfinite(covariance).all()):
        return [np.inf if np.any(row) else 0.0 for row in slopes]
    return np.sqrt(np.maximum(np.einsum("ai,ij,aj->a", slopes[:, used], covariance, slopes[:, used]), 0.0))


def _law_at(result, key, path, value):
    return result.problem.glass_at(dict(result.values) | {path: value})[key].curie_weiss()
