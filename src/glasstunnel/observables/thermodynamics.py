r"""Thermodynamic observables: the free energy per kilogram and its derivatives.

.. math:: S = -\partial F/\partial T, \quad C = T\,\partial S/\partial T, \quad
          M = -\partial F/\partial B, \quad \chi = \partial M/\partial B

Every function takes a contribution (usually a `Glass`), temperature T [K] and flux density B [T] as numbers or
arrays that broadcast together, and returns the broadcast shape. `ParameterError` for T <= 0, NaN, infinity, what is no
real number, and shapes that do not broadcast.

Minus the derivative of `free_energy` by T is `entropy` and minus that by B is `magnetization`; the first only while
the cutoffs of anomalous systems stand still: with ``activation_energy > 0`` entropy and heat capacity hold them at
their value at T, a derivative of the free energy moves them along (docs/decisions/003).
"""

import numpy as np

from glasstunnel.errors import ParameterError
from glasstunnel.numerics.arrays import real_arrays
from glasstunnel.observables.table import CONDITIONS, OBSERVABLES


def free_energy(contribution, T, B):
    """Helmholtz free energy F per kilogram [J/kg], from the zero-field ground state of each system.

    >>> from glasstunnel import LarmorDiamagnetism
    >>> float(free_energy(LarmorDiamagnetism(4e-6), 4.0, 2.0))
    8e-06
    """
    return _evaluate("free_energy", contribution, T, B)


def entropy(contribution, T, B):
    """Entropy S = -dF/dT per kilogram [J/(K kg)]; goes to zero with T (a ground-state degeneracy g leaves k_B ln g).

    >>> from glasstunnel import LarmorDiamagnetism
    >>> float(entropy(LarmorDiamagnetism(4e-6), 4.0, 2.0))
    0.0
    """
    return _evaluate("entropy", contribution, T, B)


def heat_capacity(contribution, T, B):
    """Heat capacity C = T dS/dT per kilogram at constant field [J/(K kg)]; never negative, even in B.

    >>> from glasstunnel import LarmorDiamagnetism
    >>> float(heat_capacity(LarmorDiamagnetism(4e-6), 4.0, 2.0))
    0.0
    """
    return _evaluate("heat_capacity", contribution, T, B)


def magnetization(contribution, T, B):
    """Magnetization M = -dF/dB per kilogram [A m2/kg], which equals emu/g. Odd in B.

    >>> from glasstunnel import LarmorDiamagnetism
    >>> float(magnetization(LarmorDiamagnetism(4e-6), 4.0, 2.0))
    -8e-06
    """
    return _evaluate("magnetization", contribution, T, B)


def susceptibility(contribution, T, B):
    """Differential susceptibility dM/dB per kilogram [A m2/(kg T)]; at B = 0 the initial susceptibility.

    >>> from glasstunnel import LarmorDiamagnetism
    >>> float(susceptibility(LarmorDiamagnetism(4e-6), 4.0, 0.0))
    -4e-06
    """
    return _evaluate("susceptibility", contribution, T, B)


def entropy_change(contribution, T, B_from, B_to):
    """Magnetocaloric entropy change S(T, B_to) - S(T, B_from) per kilogram [J/(K kg)].

    Equals the integral of dM/dT over the field (Maxwell relation), negative for a paramagnet magnetized isothermally.

    >>> from glasstunnel import LarmorDiamagnetism
    >>> float(entropy_change(LarmorDiamagnetism(4e-6), 4.0, 0.0, 2.0))
    0.0
    """
    return entropy(contribution, T, B_to) - entropy(contribution, T, B_from)


def evaluate(name, contribution, T, B, **further):
    """The observable called `name` in `OBSERVABLES`; `further` are its conditions beside T and B (frequency [Hz])."""
    if name not in OBSERVABLES:
        raise ParameterError(f"no observable {name!r}; there are {', '.join(OBSERVABLES)}")
    return _evaluate(name, contribution, T, B, **further_conditions(name, further))


def further_conditions(name, further):
    """The conditions of an observable beside T and B as checked arrays; None stands for one that is not given."""
    row = OBSERVABLES[name]
    given = {key: value for key, value in further.items() if value is not None}
    wrong = [key for key in row.conditions if key not in given]
    wrong += [key for key in given if key not in (*row.conditions, *row.optional)]
    if wrong:
        takes = ", ".join(("T", "B", *row.conditions, *(f"{key} (optional)" for key in row.optional)))
        raise ParameterError(f"{name} is a function of {takes}; check {', '.join(wrong)}")
    return {key: positive(key, value, zero=CONDITIONS[key][1]) for key, value in given.items()}


def _evaluate(name, contribution, T, B, **further):
    T, B = conditions(T, B)
    if further:
        real_arrays(("temperature T", T), ("flux density B", B), *further.items())  # that they broadcast together
    return getattr(contribution, OBSERVABLES[name].method)(T, B, **further)


def conditions(T, B):
    """T and B as float arrays, checked."""
    T, B = real_arrays(("temperature T", T), ("flux density B", B))
    if not (np.isfinite(T) & (T > 0)).all():
        raise ParameterError(f"temperature T must be positive and finite (kelvin), got {_first_bad(T, T > 0)}")
    if not np.isfinite(B).all():
        raise ParameterError(f"flux density B must be finite (tesla), got {_first_bad(B, B == B)}")
    return T, B


def positive(name, value, zero=False):
    """`value` as a float array; `ParameterError` unless positive (or `zero`) and finite."""
    (values,) = real_arrays((name, value))
    allowed = values >= 0.0 if zero else values > 0.0
    if not (np.isfinite(values) & allowed).all():
        words = "must not be negative, NaN or infinite" if zero else "must be positive and finite"
        raise ParameterError(f"{name} {words}, got {_first_bad(values, allowed)}")
    return values


def _first_bad(values, allowed):
    import numpy as np

    bad = values[~(np.isfinite(values) & allowed)]
    return f"{float(np.ravel(bad)[0])!r}"
