"""Which error of a run would explain its residuals: an offset, a scale, a drift, larger noise, or one bad point."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from glasstunnel.errors import FitError
from glasstunnel.inference.drifts import DRIFT_RANGE, drift_of
from glasstunnel.inference.results import FitResult
from glasstunnel.records import brief

#: kind -> (in words, what to do about it for a dataset {0}).
KINDS = {
    "offset": ("an offset of its own", "vary data.{0}.offset"),
    "scale": ("a scale of its own", "vary data.{0}.scale with a Normal prior"),
    "drift": ("a slow drift", "give the noise of {0} a drift (drift = true)"),
    "noise": ("noise larger than stated", "look for its cause, or take the noise of {0} from repeats or residuals"),
    "point": ("a single bad point", "look at the point of {0} that is farthest off"),
}
_WORTH = 12.0  # gain from which an error is named: chance of 1/2000 for each candidate, of which a run has up to five
_APART = 4.0  # gains closer than this do not choose between two errors: a factor of 7 in the likelihood
_MOST = 3  # errors that are named
_LARGEST = 400  # points of a run whose drift is looked for, which takes the cube of their number
_LENGTH = 0.3  # of a drift in ln T, as in `with_noise`
_ROUNDS = 8  # in which sigma and parameters are found in turn
_SMALLEST = 1e-6  # factor on sigma: below, the model passes through every point
_AMOUNTS = np.geomspace(10.0 * DRIFT_RANGE[0], DRIFT_RANGE[1], 16)  # of drifts that are tried
_TRIALS = 4000  # simulated runs, behind the chance that a drift is found


@dataclass(frozen=True)
class SharedError:
    """An error of one run that would make the fit better.

    gain : by how much -2 ln L falls, the other parameters following. others : {kind: gain} of the same run. rivals :
    "kind of dataset" whose gain is so near that the data do not choose between them.
    """

    dataset: str
    kind: str
    gain: float
    others: Mapping[str, float]
    rivals: tuple[str, ...]

    __repr__ = brief

    @property
    def sentence(self) -> str:
        """What would explain the residuals, how well the rest would, and what to do."""
        also = ", ".join(f"{KINDS[kind][0]} {max(gain, 0.0):.3g}" for kind, gain in self.others.items())
        found = (f"{self.dataset}: {KINDS[self.kind][0]} would lower chi-square by {self.gain:.3g}"
                 f"{f' ({also})' if also else ''}")  # fmt: skip
        if self.rivals:
            return (f"{found}; the data cannot tell it from {' or '.join(self.rivals)}: try each, and quote what does "
                    "not depend on the choice")  # fmt: skip
        return f"{found}: {KINDS[self.kind][1].format(self.dataset)}"


def shared_errors(result: FitResult) -> tuple[SharedError, ...]:
    """Errors of single runs that the residuals of a fit ask for, the most telling first, each beside those before it.

    The model is taken as linear around the minimum: gains are exact where it is, a first step elsewhere.
    """
    state, found = _State.of(result), []
    while len(found) < _MOST:
        gains = state.gains()
        best = max(gains, key=lambda key: gains[key], default=None)
        if best is None or gains[best] < _WORTH:
            break
        name, kind = best
        others = {other: gains[name, other] for other in KINDS if other != kind and (name, other) in gains}
        rivals = tuple(KINDS[key[1]][0] + ("" if key[0] == name else f" in {key[0]}")
                       for key, gain in gains.items() if key != best and gain > gains[best] - _APART)  # fmt: skip
        found.append(SharedError(name, kind, gains[best], others, rivals))
        state = state.beside(name, kind)
    return tuple(found)


@dataclass(frozen=True, eq=False)
class _Run:
    """One run beside all others: whitened residuals (n,) and slopes (n, p) of its points, and the same of the others
    in at most p + 1 rows that say as much.

    freedom : points less what the fit used up of them. free : its sigma follows from the residuals.
    """

    residuals: np.ndarray
    slopes: np.ndarray
    others: np.ndarray
    freedom: float
    free: bool

    def deviance(self, column=None, whitened=None, free=False):
        """(-2 ln L at the best parameters, factor on sigma) with one more column (n,), or noise whitened by a function.

        The factor is 1 where sigma is known and not set free; else that of the restricted likelihood, found in turn
        with the parameters. ln det of the noise is left out.
        """
        left, slopes, others = self.residuals, self.slopes, self.others
        if whitened is not None:
            left, slopes = whitened(left), whitened(slopes)
        if column is not None:
            slopes, others = np.column_stack([slopes, column]), np.insert(others, -1, 0.0, axis=1)
        factor, free = 1.0, free or self.free
        for _ in range(_ROUNDS if free else 1):
            design = np.vstack([slopes / factor, others[:, :-1]])
            off = np.concatenate([left / factor, others[:, -1]])
            rest = off - _projected(design, off)
            own, others_left = (float(part @ part) for part in np.split(rest, [len(left)]))
            if not free:
                return own + others_left, 1.0
            factor *= max(math.sqrt(own / self.freedom), _SMALLEST)
        return others_left + self.freedom * (1.0 + 2.0 * math.log(factor)), factor

    def used(self, factor, whitened=None):
        """What the parameters have taken of the restricted likelihood: ln det of the information on them, and the part
        of sigma that went with it."""
        slopes = self.slopes / factor
        design = np.vstack([slopes if whitened is None else whitened(slopes), self.others[:, :-1]])
        fisher = design.T @ design  # columns have length 1 in the fit, and a direction without data stays as it is
        spent = 2.0 * (len(self.residuals) - self.freedom) * math.log(factor) if self.free else 0.0
        return float(np.linalg.slogdet(fisher + 1e-12 * np.eye(len(fisher)))[1]) + spent

    def fall(self, gain):
        """A fall of -2 ln L as the one of the same probability where sigma is known.

        A sigma that follows from the residuals falls with them, so that few points promise much: F in place of chi^2.
        """
        if not self.free or gain <= 0.0:
            return gain
        from scipy.special import fdtrc

        behind = max(self.freedom - 1.0, 0.5)
        return _square(fdtrc(1.0, behind, behind * math.expm1(min(gain / self.freedom, 500.0))))

    def fall_of_amount(self, gain):
        """The same for an amount that cannot be below 0: without it, half of all gains are 0 and the others follow
        chi-square of one degree [Self and Liang, J. Am. Stat. Assoc. 82, 605 (1987)] or, with few points, less."""
        from scipy.special import chdtrc

        return _square(0.5 * chdtrc(1.0, gain)) if self.free and gain > 0.0 else gain

    @cached_property
    def contrasts(self):
        """Orthonormal combinations (n, m) of the points that say nothing of the parameters."""
        design = np.vstack([self.slopes, self.others[:, :-1]])
        used = _reached(design)[: len(self.residuals)]
        values, vectors = np.linalg.eigh(np.eye(len(used)) - used @ used.T)
        return vectors[:, values > 0.5]


@dataclass(frozen=True, eq=False)
class _State:
    """Whitened residuals (rows,) and slopes (rows, parameters) around a minimum, and what has been added to them.

    taken : (dataset, kind) that are in the model already.
    """

    result: FitResult
    residuals: np.ndarray
    slopes: np.ndarray
    taken: frozenset[tuple[str, str]]

    @classmethod
    def of(cls, result):
        problem = result.problem
        z = problem.coordinates(result.values)
        paths = (*problem.names, *problem.ties)
        taken = {(m.name, kind) for m in problem.measurements for kind in KINDS if f"data.{m.name}.{kind}" in paths}
        taken |= {(m.name, "drift") for m in problem.measurements if m.drift is not None}
        taken |= {(m.name, "noise") for m in problem.measurements if m.estimated}
        return cls(result, problem.residuals(z), _scaled(problem.jacobian(z)), frozenset(taken))

    def gains(self):
        """{(dataset, kind): fall of -2 ln L} of everything that is not in the model."""
        found = {}
        for m in self.result.problem.measurements:
            run = self._run(m)
            before = run.deviance()[0]
            found |= {(m.name, kind): self._gain(m, run, kind, before) for kind in KINDS
                      if (m.name, kind) not in self.taken}  # fmt: skip
        return found

    def beside(self, name, kind):
        """The state with one more error in the model."""
        m = next(m for m in self.result.problem.measurements if m.name == name)
        run, taken = self._run(m), self.taken | {(name, kind)}
        slopes, whitened = self.slopes, None
        if kind in ("drift", "noise"):
            # Noise that has become so large takes the place of anything else in this run: no more is asked of it.
            taken = taken | {(name, key) for key in KINDS}
            whitened = self._drift(m, run)[2] if kind == "drift" else None
            factor = run.deviance(whitened=whitened, free=kind == "noise")[1]
        else:
            column = self._column(m, run, kind)
            factor, long = run.deviance(column)[1], np.zeros(len(self.residuals))
            long[self._rows(m)] = column
            slopes = np.column_stack([slopes, long])

        def white(array):
            changed, rows = array.copy(), self._rows(m)
            changed[rows] = (array[rows] if whitened is None else whitened(array[rows])) / factor
            return changed

        return _State(self.result, white(self.residuals), white(slopes), taken)

    def _run(self, m):
        rows = np.zeros(len(self.residuals), dtype=bool)
        rows[self._rows(m)] = True
        others = np.column_stack([self.slopes, self.residuals])[~rows]
        if len(others) > others.shape[1]:
            others = np.asarray(np.linalg.qr(others, mode="r"))
        freedom = max(len(m) - float(np.sum(_reached(self.slopes)[rows] ** 2)), 0.5)
        return _Run(self.residuals[rows], self.slopes[rows], others, freedom, m.estimated)

    def _gain(self, m, run, kind, before):
        if kind == "drift":
            return self._drift(m, run, before)[0]
        if kind == "noise":
            after, factor = run.deviance(free=True)
            return before - after if factor > 1.0 else 0.0
        gain = run.fall(before - run.deviance(self._column(m, run, kind))[0])
        return gain - 2.0 * math.log(len(m)) if kind == "point" else gain  # it is the worst of so many

    def _rows(self, m):
        return self.result.problem.rows[m.name]

    def _column(self, m, run, kind):
        """What one unit of an offset, of a scale, or of the worst point does to the residuals of a run."""
        left = np.abs(self.residuals - _projected(self.slopes, self.residuals))[self._rows(m)]
        shape = {"offset": np.ones(len(m)), "scale": np.asarray(self.result.curves[m.name].model),
                 "point": m.sigma * (left == np.max(left))}[kind]  # fmt: skip
        column = m.whitened(shape)
        return column / (np.linalg.norm(column) or 1.0)

    def _drift(self, m, run, before=None):
        """(gain, amount, function that whitens) of a drift of one run at its most likely amount."""
        if len(m) > _LARGEST:
            return 0.0, 0.0, None
        try:
            drift = drift_of(m.name, m.T, m.B, None, _LENGTH)
        except FitError:  # nothing is swept along which it could drift
            return 0.0, 0.0, None
        plain, factor = run.deviance()
        before = (plain if before is None else before) + run.used(factor)
        best = (0.0, 0.0, None)
        for amount in _AMOUNTS:
            moved = drift.with_amount(float(amount))
            after, factor = run.deviance(whitened=moved.whitened)
            fall = before - after - moved.log_determinant - run.used(factor, moved.whitened)
            best = max(best, (run.fall_of_amount(fall), float(amount), moved.whitened), key=lambda found: found[0])
        return best


def drift_chances(result: FitResult, amount: float = 2.0) -> dict[str, float]:
    """{dataset whose noise follows from its residuals: chance that `shared_errors` would find a drift of `amount` sigma
    in it}.

    No other test would find it much more often at the same rate of false alarms (`tests/inference`): where the noise is
    not known, only the correlation of neighbors tells a drift from it.
    """
    state, chances = _State.of(result), {}
    for m in result.problem.measurements:
        if not m.estimated or m.drift is not None or len(m) > _LARGEST:
            continue
        try:
            correlation = drift_of(m.name, m.T, m.B, None, _LENGTH).correlation
        except FitError:  # nothing is swept along which it could drift
            continue
        contrasts = state._run(m).contrasts
        values = np.linalg.eigvalsh(contrasts.T @ correlation @ contrasts)
        squares = np.random.default_rng(0).standard_normal((_TRIALS, len(values))) ** 2
        gains = drift_gains(squares * (1.0 + amount**2 * values), values)
        chances[m.name] = float(np.mean(gains > _threshold_of_amount()))
    return chances


def drift_gains(squares: np.ndarray, values: np.ndarray, amounts: np.ndarray = _AMOUNTS) -> np.ndarray:
    """Fall of -2 ln of the restricted likelihood by the best of some amounts of drift, sigma unknown: (runs,).

    squares : of contrasts, (runs, m), in the directions of the eigenvalues (m,) of the correlation of the drift.
    """
    gains, total = np.zeros(len(squares)), np.sum(squares, axis=1)
    for amount in amounts:
        width = 1.0 + amount**2 * values
        gain = -len(values) * np.log(squares @ (1.0 / width) / total) - np.sum(np.log(width))
        gains = np.maximum(gains, gain)
    return gains


def _threshold_of_amount():
    """The gain of an amount that counts as `_WORTH`."""
    from scipy.special import chdtrc, chdtri

    return float(chdtri(1.0, 2.0 * chdtrc(1.0, _WORTH)))


def _square(p):
    """Chi-square of one degree that has a probability."""
    from scipy.special import ndtri

    return float(ndtri(0.5 * max(p, 1e-300)) ** 2)


def _scaled(columns):
    """Columns of length 1, so that parameters in any unit stand beside each other."""
    lengths = np.linalg.norm(columns, axis=0)
    return columns / np.where(lengths > 0.0, lengths, 1.0)


def _reached(columns):
    """Orthonormal directions that the columns reach."""
    if not columns.shape[1]:
        return np.zeros((len(columns), 0))
    basis, singular, _ = np.linalg.svd(_scaled(columns), full_matrices=False)
    return basis[:, singular > 1e-8 * singular[0]]


def _projected(columns, vector):
    """The part of a vector that the columns reach."""
    basis = _reached(columns)
    return basis @ (basis.T @ vector)
