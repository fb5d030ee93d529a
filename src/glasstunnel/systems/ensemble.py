"""Statistical mechanics of a population of few-level systems: one place for all that follows from the levels."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from glasstunnel.constants import boltzmann
from glasstunnel.systems.contribution import Contribution


@dataclass(frozen=True)
class Ensemble:
    """Levels of a population at given fields.

    levels : (..., nodes, states) [K], leading axes are those of B.
    slopes, curvatures : first and second derivative of the levels by B, same shape [K/T], [K/T^2]; None means zero.
    weights : (nodes,) number of systems per kilogram at each node [1/kg].
    degeneracies : (states,) multiplicity of each level; None means one each.
    """

    levels: Any
    weights: Any
    slopes: Any = None
    curvatures: Any = None
    degeneracies: Any = None


class EnsembleContribution(Contribution):
    """A contribution given by `ensemble(B)`; its thermodynamics follows from the partition function."""

    def ensemble(self, B):
        """The `Ensemble` at flux density B [T] of any shape."""
        raise NotImplementedError(f"{type(self).__name__} does not state its levels")

    def level_diagram(self, T: Any, B: Any) -> dict[str, np.ndarray]:
        """The levels at the node of the population that stands for the most systems."""
        ensemble = self.ensemble(np.asarray(B, float))
        node = int(np.argmax(ensemble.weights))
        return {f"level {number}": energies for number, energies in
                enumerate(np.moveaxis(np.asarray(ensemble.levels)[..., node, :], -1, 0), 1)}  # fmt: skip

    def free_energy(self, T, B):
        """F = -k_B T sum_nodes w ln Z [J/kg]."""
        states = _Boltzmann(self.ensemble(B), T)
        return boltzmann * states.total(states.ground - states.T * states.log_sum)

    def entropy(self, T, B):
        """S = k_B sum_nodes w (ln Z + <E>/T) [J/(K kg)]."""
        states = _Boltzmann(self.ensemble(B), T)
        return boltzmann * states.total(states.log_sum + states.mean(states.excess) / states.T)

    def heat_capacity(self, T, B):
        """C = k_B sum_nodes w Var(E)/T^2 [J/(K kg)]."""
        states = _Boltzmann(self.ensemble(B), T)
        return boltzmann * states.total(states.variance(states.excess) / states.T**2)

    def magnetization(self, T, B):
        """M = -k_B sum_nodes w <dE/dB> [A m2/kg]."""
        ensemble = self.ensemble(B)
        if ensemble.slopes is None:
            return super().magnetization(T, B)
        states = _Boltzmann(ensemble, T)
        return -boltzmann * states.total(states.mean(ensemble.slopes))

    def magnetic_susceptibility(self, T, B):
        """dM/dB = k_B sum_nodes w [Var(dE/dB)/T - <d2E/dB2>] [A m2/(kg T)]."""
        ensemble = self.ensemble(B)
        if ensemble.slopes is None:
            return super().magnetic_susceptibility(T, B)
        states = _Boltzmann(ensemble, T)
        response = states.variance(ensemble.slopes) / states.T
        if ensemble.curvatures is not None:
            response = response - states.mean(ensemble.curvatures)
        return boltzmann * states.total(response)


class _Boltzmann:
    """Occupations of an ensemble at temperature T, from the ground level up so that nothing overflows or cancels."""

    def __init__(self, ensemble, T):
        self.weights = ensemble.weights
        self.T = np.asarray(T)[..., None]
        self.ground = np.min(ensemble.levels, axis=-1)
        self.excess = ensemble.levels - self.ground[..., None]
        factors = np.exp(-self.excess / self.T[..., None])
        if ensemble.degeneracies is not None:
            factors = factors * np.asarray(ensemble.degeneracies)
        partition = np.sum(factors, axis=-1)
        self.occupation = factors / partition[..., None]
        self.log_sum = np.log(partition)

    def mean(self, quantity):
        """Thermal mean of `quantity` (..., nodes, states) -> (..., nodes)."""
        return np.sum(self.occupation * quantity, axis=-1)

    def variance(self, quantity):
        """Thermal variance of `quantity` (..., nodes, states) -> (..., nodes)."""
        deviation = quantity - self.mean(quantity)[..., None]
        return np.sum(self.occupation * deviation**2, axis=-1)

    def total(self, per_system):
        """Sum over the population (..., nodes) -> (...)."""
        return np.sum(self.weights * per_system, axis=-1)

