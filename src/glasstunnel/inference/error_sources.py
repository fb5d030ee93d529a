"""Which error of a run would explain its residuals: an offset, a scale, a drift, larger noise, or one bad point."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

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
_WORTH = 12.0  # gain from which an error is named: chance of less than 1/1000 for one of some ten candidates
_APART = 4.0  # gains closer than this do not choose between two errors: a factor of 7 in the likelihood
_MOST = 3  # errors that are named
_LARGEST = 400  # points of a run whose drift is looked for, which takes the cube of their number
_LENGTH = 0.3  # of a drift in ln T, as in `with_noise`

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
        found = (f"{self.dataset}: {KINDS[self.kind][0]} would take {self.gain:.3g} off chi-square"
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
        kept = self.residuals - _projected(self.slopes, self.residuals)
        return {(m.name, kind): self._gain(m, kind, kept) for m in self.result.problem.measurements for kind in KINDS
                if (m.name, kind) not in self.taken}  # fmt: skip

    def _gain(self, m, kind, kept):
        residuals = kept[self._rows(m)]
        if kind == "drift":
            return self._drift_gain(m)[0]
        if kind == "noise":
            square = float(residuals @ residuals) / len(m)
            return len(m) * (square - 1.0 - math.log(square)) if square > 1.0 else 0.0
        column = self._column(m, kind, residuals)
        left = column - _projected(self.slopes, column)
        square = float(left @ left)
        gain = _fall(m, residuals, float(left @ kept) ** 2 / square if square > 1e-10 else 0.0)
        return gain - 2.0 * math.log(len(m)) if kind == "point" else gain  # it is the worst of so many

    def beside(self, name, kind):
        """The state with one more error in the model."""
        m = next(m for m in self.result.problem.measurements if m.name == name)
        taken = self.taken | {(name, kind)}
        kept = (self.residuals - _projected(self.slopes, self.residuals))[self._rows(m)]
        if kind not in ("drift", "noise"):
            slopes = np.column_stack([self.slopes, self._column(m, kind, kept)])
            return _State(self.result, self.residuals, slopes, taken)
        white = (self._white(m, drift_of(m.name, m.T, m.B, self._drift_gain(m)[1], _LENGTH).whitened)
                 if kind == "drift" else self._white(m, lambda rows: rows / math.sqrt(kept @ kept / len(m))))
        # Noise that has become so large takes the place of anything else in this run: nothing more is asked of it.
        return _State(self.result, white(self.residuals), white(self.slopes), taken | {(name, key) for key in KINDS})

    def _rows(self, m):
        return self.result.problem.rows[m.name]

    def _column(self, m, kind, kept):
        """What one unit of an offset, of a scale, or of the worst point does to the residuals."""
        column, curve = np.zeros(len(self.residuals)), self.result.curves[m.name]
        shape = {"offset": np.ones(len(m)), "scale": np.asarray(curve.model),
                 "point": m.sigma * (np.abs(kept) == np.max(np.abs(kept)))}[kind]  # fmt: skip
        column[self._rows(m)] = m.whitened(shape)
        return column / (np.linalg.norm(column) or 1.0)

    def _drift_gain(self, m):
        """(gain, amount) of a drift of one run at its most likely amount."""
        if len(m) > _LARGEST:
            return 0.0, 0.0
        try:
            drift = drift_of(m.name, m.T, m.B, None, _LENGTH)
        except FitError:  # nothing is swept along which it could drift
            return 0.0, 0.0
        best = (0.0, 0.0)
        kept = self.residuals - _projected(self.slopes, self.residuals)
        for amount in np.geomspace(10.0 * DRIFT_RANGE[0], DRIFT_RANGE[1], 16):
            moved = drift.with_amount(float(amount))
            white = self._white(m, moved.whitened)
            off, slopes = white(self.residuals), white(self.slopes)
            left = off - _projected(slopes, off)
            fall = float(kept @ kept) - float(left @ left)
            best = max(best, (_fall(m, kept[self._rows(m)], fall) - moved.log_determinant, float(amount)))
        return best

    def _white(self, m, whitened):
        """Function of an array of all rows, of which it changes those of one run."""
        rows = self._rows(m)

        def white(array):
            changed = array.copy()
            changed[rows] = whitened(array[rows])
            return changed

        return white


def _fall(m, residuals, fall):
    """Fall of -2 ln L for a fall of chi-square; where sigma is estimated it follows and the gain is a logarithm."""
    if not m.estimated:
        return fall
    square = float(residuals @ residuals)
    return -len(m) * math.log(max(1.0 - fall / square, 1e-6)) if square else 0.0


def _scaled(columns):
    """Columns of length 1, so that parameters in any unit stand beside each other."""
    lengths = np.linalg.norm(columns, axis=0)
    return columns / np.where(lengths > 0.0, lengths, 1.0)


def _projected(columns, vector):
    """The part of a vector that the columns reach."""
    if not columns.shape[1]:
        return np.zeros_like(vector)
    basis, singular, _ = np.linalg.svd(_scaled(columns), full_matrices=False)
    basis = basis[:, singular > 1e-8 * singular[0]]
    return basis @ (basis.T @ vector)
