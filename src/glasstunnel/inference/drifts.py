"""Slow errors within one run: an Ornstein-Uhlenbeck process along ln T beside the white noise of every point.

The covariance of the points is sigma_i sigma_j (delta_ij + s^2 exp(-|ln T_i/T_j|/l)) within one field of one dataset:
s is the standard deviation of the drift in units of sigma, l its length. s is known, or found with the fit as the
maximum of the restricted likelihood  [H. D. Patterson, R. Thompson, Biometrika 58, 545 (1971)].
"""

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from glasstunnel.data.noise import DRIFT_LENGTH
from glasstunnel.errors import FitError
from glasstunnel.inference.freedoms import noise_freedoms
from glasstunnel.records import brief

#: Range of a drift that is estimated, in units of sigma; below its lower end there is none.
DRIFT_RANGE = (0.03, 30.0)
_FEWEST = 5  # pairs of neighbors along T


@dataclass(frozen=True, eq=False)
class Drift:
    """Drift of one dataset: amount in units of sigma, length in ln T, correlation (n, n) of its process.

    estimated : the amount is found with the fit.
    """

    amount: float
    length: float
    correlation: np.ndarray
    estimated: bool

    __repr__ = brief

    @cached_property
    def basis(self) -> tuple[np.ndarray, np.ndarray]:
        """(eigenvalues (n,), eigenvectors (n, n)) of the correlation."""
        values, vectors = np.linalg.eigh(self.correlation)
        return np.maximum(values, 0.0), vectors

    def with_amount(self, amount: float) -> "Drift":
        """The same process with another amount; what was computed of its correlation is kept."""
        changed = replace(self, amount=float(amount))
        changed.__dict__["basis"] = self.basis
        return changed

    def whitened(self, pulls: np.ndarray) -> np.ndarray:
        """Deviations in units of sigma, (n,) or (n, k), made independent, each near the point it came from."""
        values, vectors = self.basis
        return vectors @ ((vectors.T @ pulls).T / np.sqrt(1.0 + self.amount**2 * values)).T

    @property
    def log_determinant(self) -> float:
        """ln det of the covariance in units of sigma."""
        return float(np.sum(np.log1p(self.amount**2 * self.basis[0])))

    @property
    def covariance(self) -> np.ndarray:
        """Of noise and drift together, in units of sigma."""
        return np.eye(len(self.correlation)) + self.amount**2 * self.correlation

    def draw(self, generator: np.random.Generator) -> np.ndarray:
        """One drift, in units of sigma."""
        values, vectors = self.basis
        return self.amount * vectors @ (np.sqrt(values) * generator.standard_normal(len(values)))


def drift_of(name: str, T: np.ndarray, B: np.ndarray, amount: float | None, length: float) -> Drift:
    """The `Drift` of a dataset measured at T [K] and B [T]; amount None: to be estimated.

    `FitError` where the dataset has no sweep of temperature along which anything could drift.
    """
    if not (0.0 < length < np.inf) or (amount is not None and not 0.0 <= amount < np.inf):
        raise FitError(f"dataset {name!r}: the drift needs an amount of 0 or more and a length above 0, got "
                       f"{amount!r} and {length!r}")  # fmt: skip
    x, correlation = np.log(T), _correlation(T, B, length)
    if np.sum((correlation > 0.0) & (np.abs(x[:, None] - x) > 1e-9)) < 2 * _FEWEST:
        raise FitError(f"dataset {name!r}: a drift runs along temperature, and no field of it is swept in temperature; "
                       "leave drift out of its noise and vary its offset or scale")  # fmt: skip
    return Drift(1.0 if amount is None else float(amount), float(length), correlation, amount is None)


def drift_between(T: np.ndarray, B: np.ndarray, amount: float, length: float = DRIFT_LENGTH) -> Drift | None:
    """A known drift of any points, each field a sweep of its own; None where its amount is 0."""
    return Drift(float(amount), length, _correlation(T, B, length), False) if amount else None


def _correlation(T, B, length):
    """exp(-|ln T_i/T_j|/length) within one field (to 1 %), 0 between fields."""
    x, group = np.log(T), np.round(np.log1p(np.abs(B)) / 0.01)
    return np.where(group[:, None] == group, np.exp(-np.abs(x[:, None] - x) / length), 0.0)


def drift_start(drift: Drift) -> tuple[float, float]:
    """(ln of an amount, its variance) from which a sampler starts: the curvature of the likelihood in ln s."""
    amount = min(max(drift.amount, 2.0 * DRIFT_RANGE[0]), 0.5 * DRIFT_RANGE[1])
    share = amount**2 * drift.basis[0] / (1.0 + amount**2 * drift.basis[0])
    return float(np.log(amount)), float(1.0 / max(2.0 * np.sum(share**2), 0.5))


def estimated_drifts(problem, z) -> dict[str, float]:
    """{dataset name: amount} of the drifts that are estimated, at coordinates z, one after the other."""
    amounts = {}
    if not any(m.drift is not None and m.drift.estimated for m in problem.measurements):
        return amounts
    pulls, slopes = problem.pulls(z), problem.slopes(z) / problem.sigma[:, None]
    information = problem.prior_rows(z).T @ problem.prior_rows(z)
    shares, freedoms = {}, noise_freedoms(problem, z)
    for m in problem.measurements:
        rows = problem.rows[m.name]
        white = slopes[rows] if m.drift is None else m.drift.whitened(slopes[rows])
        shares[m.name] = white.T @ white
    for m in problem.measurements:
        if m.drift is not None and m.drift.estimated:
            rows = problem.rows[m.name]
            others = information + sum(share for name, share in shares.items() if name != m.name)
            freedom = freedoms[m.name] if m.estimated else 0.0
            amounts[m.name] = _best_amount(m.drift, pulls[rows], slopes[rows], others, freedom)
    return amounts


def _best_amount(drift, pulls, slopes, others, freedom):
    """Where the restricted likelihood is largest; 0 where it falls from the smallest amount on.

    freedom : degrees of freedom behind a sigma that is estimated too, which then takes its best value for every
    amount; 0 where sigma is known.
    """
    from scipy.optimize import minimize_scalar

    values, vectors = drift.basis
    r, J = vectors.T @ pulls, vectors.T @ slopes

    def deviance(log_amount):
        weights = 1.0 / (1.0 + np.exp(2.0 * log_amount) * values)
        fisher = others + (J.T * weights) @ J
        scale = np.sqrt(np.maximum(np.diag(fisher), 1e-300))
        square = np.sum(weights * r**2)
        return ((freedom * np.log(square) if freedom else square) - np.sum(np.log(weights))
                + np.linalg.slogdet(fisher / np.outer(scale, scale) + 1e-12 * np.eye(len(fisher)))[1]
                + 2.0 * np.sum(np.log(scale)))  # fmt: skip

    grid = np.linspace(np.log(DRIFT_RANGE[0]), np.log(DRIFT_RANGE[1]), 25)
    heights = [deviance(x) for x in grid]
    k = int(np.argmin(heights))
    if k == 0:
        return 0.0
    best = minimize_scalar(deviance, bounds=(grid[k - 1], grid[min(k + 1, len(grid) - 1)]), method="bounded")
    return float(np.exp(best.x))  # pyright: ignore[reportAttributeAccessIssue]
