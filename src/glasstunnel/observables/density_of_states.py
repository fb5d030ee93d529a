"""Density of states of the tunneling systems."""

from typing import Any

from numpy.typing import ArrayLike

from glasstunnel.observables.evaluation import evaluate
from glasstunnel.systems.contribution import Contribution


def density_of_states(contribution: Contribution, E: ArrayLike, B: ArrayLike) -> Any:
    """Tunneling systems per kilogram and per unit energy gap at gap E [K] and flux density B [T]: [1/(K kg)].

    E and B broadcast together; `ParameterError` for E <= 0 and for what is not finite. Systems without a gap (phonons,
    ions) add nothing.
    Sources: 002 Eqs. 12-13 (two-level and anomalous systems), with the distribution constants as each record states.

    >>> from glasstunnel import LarmorDiamagnetism
    >>> float(density_of_states(LarmorDiamagnetism(4e-6), 0.1, 0.0))
    0.0
    """
    return evaluate("density_of_states", contribution, E, B)
