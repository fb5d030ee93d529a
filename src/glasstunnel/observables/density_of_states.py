"""Density of states of the tunneling systems."""

import numpy as np

from glasstunnel.errors import ParameterError
from glasstunnel.numerics.arrays import real_arrays


def density_of_states(contribution, E, B):
    """Tunneling systems per kilogram and per unit energy gap at gap E [K] and flux density B [T]: [1/(K kg)].

    E and B broadcast together; `ParameterError` for E <= 0 and for what is not finite. Systems without a gap (phonons,
    ions) add nothing.
    Sources: 002 Eqs. 12-13 (two-level and anomalous systems), with the distribution constants as each record states.

    >>> from glasstunnel import LarmorDiamagnetism
    >>> float(density_of_states(LarmorDiamagnetism(4e-6), 0.1, 0.0))
    0.0
    """
    E, B = real_arrays(("gap energy E", E), ("flux density B", B))
    if not (np.isfinite(E) & (E > 0)).all():
        raise ParameterError("gap energy E must be positive and finite (kelvin)")
    if not np.isfinite(B).all():
        raise ParameterError("flux density B must be finite (tesla)")
    return contribution.density_of_states(E, B)
