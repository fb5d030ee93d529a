"""An ensemble of walkers for densities that no mixture matches, and its evidence. NumPy only; it goes on after a stop.

Differential evolution [ter Braak, Stat. Comput. 16, 239 (2006); ter Braak and Vrugt, ibid. 18, 435 (2008)]; once a
Student-t mixture has been fitted to the first part, which is then dropped, half of the moves are independent draws from
it. Evidence by bridge sampling [Meng and Wong, Stat. Sinica 6, 831 (1996)].
"""

import json
import math
import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from glasstunnel.errors import FitError
from glasstunnel.inference.sampling import Density, StudentMixture, regular
from glasstunnel.records import brief

_R_HAT = 1.01
_EFFECTIVE = 400.0
_COMPONENTS = 4
_WIDER = 1.25  # than the mixture, so that no walker waits long in a tail
_LEARNING = 2  # checks after which the mixture is fitted


@dataclass(eq=False)
class WalkerEnsemble:
    """The state of a run: walkers (n, d), their ln densities, what counts of the chain, and the mixture once fitted."""

    x: np.ndarray
    values: np.ndarray
    chain: list[np.ndarray] = field(default_factory=list)
    logs: list[np.ndarray] = field(default_factory=list)
    step: int = 0
    calls: int = 0
    mixture: StudentMixture | None = None

    __repr__ = brief

    def save(self, path: Path, mark: str, generator: np.random.Generator) -> None:
        """Write the state, whole or not at all; `mark` says of which problem it is."""
        mixture = self.mixture
        parts: dict[str, Any] = {} if mixture is None else {
            "weights": mixture.weights, "means": mixture.means, "roots": mixture.roots}  # fmt: skip
        about = {"mark": mark, "step": self.step, "calls": self.calls, "generator": generator.bit_generator.state}
        half = path.with_name(path.name + ".part")
        try:
            with open(half, "wb") as file:
                np.savez(file, x=self.x, values=self.values, chain=np.array(self.chain), logs=np.array(self.logs),
                         about=np.array(json.dumps(about)), **parts)  # fmt: skip
            os.replace(half, path)
        except OSError as error:
            raise FitError(f"{path}: the state of the sampler cannot be written ({error.strerror})") from None

    @classmethod
    def load(cls, path: Path, mark: str, generator: np.random.Generator) -> "WalkerEnsemble":
        """The state of a file, and the generator where it was; `FitError` where it belongs to another problem."""
        try:
            with np.load(path) as kept:
                about = json.loads(str(kept["about"]))
                parts = [kept[key] for key in ("weights", "means", "roots")] if "weights" in kept else []
                state = cls(kept["x"], kept["values"], list(kept["chain"]), list(kept["logs"]), about["step"],
                            about["calls"], StudentMixture(*parts) if parts else None)  # fmt: skip
        except (OSError, ValueError, KeyError) as error:
            raise FitError(f"{path} holds no state of an ensemble ({error}); remove it or give another file") from None
        if about["mark"] != mark:
            raise FitError(f"{path} holds the walkers of another problem; remove it or give another file")
        generator.bit_generator.state = about["generator"]
        return state


@dataclass(frozen=True, eq=False)
class Chains:
    """What a run gave: chain (steps, walkers, d) with its ln densities, R-hat, effective draws, evaluations."""

    chain: np.ndarray
    logs: np.ndarray
    r_hat: float
    effective: float
    calls: int

    __repr__ = brief

    @property
    def converged(self) -> bool:
        return self.r_hat < _R_HAT and self.effective > _EFFECTIVE


def run_ensemble(density: Density, start, generator: np.random.Generator, *, most: int = 4000, least: int = 400,
                 store: str | Path | None = None, mark: str = "", progress=None) -> Chains:
    """Sample until R-hat < 1.01 with 400 effective draws, or `most` steps; checked every `least` steps.

    start : function that gives overdispersed walkers (an even number) with finite density. 80 %
    differential-evolution, 20 % snooker moves of one half of the walkers by the other. store : file in which every
    check keeps the state: a run that was stopped goes on from it and draws what it would have drawn.
    """
    path = None if store is None else Path(store)
    if path is not None and path.exists():
        state = WalkerEnsemble.load(path, mark, generator)
    else:
        x = start()
        state = WalkerEnsemble(x, density(x), calls=len(x))
    r_hat, effective = _checked(state)
    while state.step < most and not (r_hat < _R_HAT and effective > _EFFECTIVE):
        for _ in range(least):
            _advance(state, density, generator)
        if state.mixture is None and state.step >= _LEARNING * least:
            learned = mixture_of(_thinned(np.array(state.chain[len(state.chain) // 2 :])), generator)
            state.mixture = StudentMixture(learned.weights, learned.means, _WIDER * learned.roots)
            state.chain, state.logs = [], []
        r_hat, effective = _checked(state)
        if path is not None:
            state.save(path, mark, generator)
        if progress:
            progress(f"ensemble, step {state.step} of {most} at most: R-hat {r_hat:.3f}, "
                     f"{effective:.0f} effective draws")
    return Chains(np.array(state.chain), np.array(state.logs), r_hat, effective, state.calls)


def _checked(state):
    """(R-hat, effective draws) of what counts so far; nothing counts before the mixture is there."""
    if state.mixture is None or len(state.chain) < 8:
        return math.inf, 0.0
    chain = np.array(state.chain)
    return split_r_hat(chain), effective_draws(chain)


def _advance(state, density, generator):
    """One step of all walkers, in two halves."""
    walkers, d = state.x.shape
    half = walkers // 2
    state.step += 1
    scale = 2.38 / math.sqrt(2.0 * d) if state.step % 10 else 1.0
    for mine, other in ((slice(0, half), slice(half, walkers)), (slice(half, walkers), slice(0, half))):
        x, values = state.x[mine], state.values[mine]
        if state.mixture is not None and generator.random() < 0.5:
            moved = state.mixture.draw(half, generator)
            log_factor = state.mixture.log_density(x) - state.mixture.log_density(moved)
        else:
            moved, log_factor = _proposal(x, state.x[other], scale, generator)
        new = density(moved)
        state.calls += half
        accept = np.log(generator.random(half)) < new - values + log_factor
        state.x[mine] = np.where(accept[:, None], moved, x)
        state.values[mine] = np.where(accept, new, values)
    state.chain.append(state.x.copy())
    state.logs.append(state.values.copy())


def _proposal(mine, others, scale, generator):
    count, d = mine.shape
    first, second, third = (generator.integers(0, len(others), count) for _ in range(3))
    second = np.where(second == first, (second + 1) % len(others), second)
    third = np.where((third == first) | (third == second), (np.maximum(first, second) + 1) % len(others), third)
    plain = mine + scale * (1.0 + 1e-3 * generator.standard_normal((count, 1))) * (others[first] - others[second])
    axis = mine - others[third]
    length = np.linalg.norm(axis, axis=1, keepdims=True)
    unit = axis / np.where(length > 0.0, length, 1.0)
    along = np.sum(unit * (others[first] - others[second]), axis=1, keepdims=True)
    snooker = mine + 1.7 * along * unit
    after = np.linalg.norm(snooker - others[third], axis=1, keepdims=True)
    chosen = generator.random((count, 1)) < 0.2
    with np.errstate(divide="ignore"):
        factor = np.where(chosen, (d - 1) * (np.log(after) - np.log(np.where(length > 0.0, length, 1.0))), 0.0)[:, 0]
    return np.where(chosen, snooker, plain), factor


def bridge_evidence(density: Density, chain: np.ndarray, logs: np.ndarray, generator: np.random.Generator, *,
                    fresh: int = 6000) -> tuple[float, float]:
    """(ln evidence, its error) by bridge sampling, from both halves of the chain in turn.

    A mixture is fitted to one half and bridged with the other; where the two answers differ by more than their errors,
    the error is half their difference.
    """
    middle = len(chain) // 2
    halves = ((chain[:middle], logs[:middle]), (chain[middle:], logs[middle:]))
    (first, e1), (second, e2) = (_bridge(density, train[0], *test, generator, fresh // 2)
                                 for train, test in (halves, halves[::-1]))  # fmt: skip
    return 0.5 * (first + second), max(0.5 * math.hypot(e1, e2), 0.5 * abs(first - second))


def _bridge(density, train, tested, tested_logs, generator, fresh):
    """(ln evidence, error)  [Meng and Wong 1996; error after Fruehwirth-Schnatter, Econometrics J. 7, 143 (2004), with
    the autocorrelation of the chain]."""
    mixture = mixture_of(_thinned(train), generator)
    effective = max(effective_draws(tested), 10.0)
    x = mixture.draw(fresh, generator)
    l1 = tested_logs.ravel() - mixture.log_density(tested.reshape(-1, tested.shape[-1]))
    l2 = density(x) - mixture.log_density(x)
    s1, s2 = effective / (effective + fresh), fresh / (effective + fresh)
    center = float(np.median(l1))
    e1, e2 = np.exp(np.clip(l1 - center, -700.0, 700.0)), np.exp(np.clip(l2 - center, -700.0, 700.0))
    ratio = 1.0
    for _ in range(1000):
        new = np.mean(e2 / (s1 * e2 + s2 * ratio)) / np.mean(1.0 / (s1 * e1 + s2 * ratio))
        if abs(new / ratio - 1.0) < 1e-12:
            break
        ratio = new
    f1, f2 = ratio / (s1 * e1 + s2 * ratio), e2 / ratio / (s1 * e2 / ratio + s2)
    error = math.sqrt(np.var(f2) / np.mean(f2) ** 2 / fresh + np.var(f1) / np.mean(f1) ** 2 / effective)
    return center + math.log(ratio), error


def _thinned(chain):
    """Some 4000 draws (n, d) of all walkers."""
    draws = chain.reshape(-1, chain.shape[-1])
    return draws[:: max(1, len(draws) // 4000)]


def mixture_of(x: np.ndarray, generator: np.random.Generator, components: int = _COMPONENTS) -> StudentMixture:
    """A Student mixture fitted to equally weighted draws (n, d), from random seeds."""
    d = x.shape[1]
    covariance = np.cov(x.T).reshape(d, d)
    seeds = x[generator.choice(len(x), components, replace=False)]
    root = np.linalg.cholesky(regular(covariance))
    start = StudentMixture(np.full(components, 1.0 / components), seeds, np.repeat(root[None], components, axis=0))
    return start.fitted(x, np.full(len(x), 1.0 / len(x)), rounds=40)


# --- checks --------------------------------------------------------------------------------------------------------


def split_r_hat(chain: np.ndarray) -> float:
    """Largest split R-hat over the coordinates, four groups of walkers as chains  [Gelman et al. 2013]."""
    steps, walkers, d = chain.shape
    half = steps // 2
    groups, halves = np.array_split(np.arange(walkers), 4), (slice(0, half), slice(half, 2 * half))
    parts = [chain[rows][:, group].reshape(-1, d) for group in groups for rows in halves]
    count = min(map(len, parts))
    means = np.array([part.mean(axis=0) for part in parts])
    within = np.mean([part.var(axis=0, ddof=1) for part in parts], axis=0)
    between = count * means.var(axis=0, ddof=1)
    return float(np.max(np.sqrt(((count - 1) / count * within + between / count) / within)))


def effective_draws(chain: np.ndarray) -> float:
    """Smallest effective number of draws over the coordinates, autocorrelation averaged over the walkers."""
    steps, walkers, d = chain.shape
    effective_sizes = []
    for k in range(d):
        x = chain[:, :, k] - chain[:, :, k].mean()
        power = np.abs(np.fft.rfft(x, 2 * steps, axis=0)) ** 2
        correlation = np.fft.irfft(power.mean(axis=1))[:steps]
        correlation = correlation / correlation[0]
        time = 2.0 * np.cumsum(correlation) - 1.0
        window = np.arange(steps) >= 5.0 * time  # Sokal's rule, as in emcee
        effective_sizes.append(steps * walkers / max(1.0, time[np.argmax(window)] if window.any() else time[-1]))
    return float(min(effective_sizes))
