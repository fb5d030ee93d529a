"""Oscillator basis of the plane with good angular momentum: exact matrix elements of any polynomial potential.

Circular quanta n+ and n-: z = x + i y = (a+^dagger + a-)/sqrt(w), angular momentum l = n+ - n-. A polynomial whose
terms z^j z*^k all have j - k a multiple of n has n-fold symmetry, and its levels fall into n blocks of l mod n.
"""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np


@dataclass(frozen=True)
class CircularBasis:
    """All states with n+ + n- up to `quanta`, of an oscillator with wave function exp(-width r^2/2)."""

    quanta: int
    width: float

    def states(self) -> tuple[np.ndarray, np.ndarray]:
        """(n+, n-) of every state."""
        return _states(self.quanta)

    def angular_momentum(self) -> np.ndarray:
        plus, minus = self.states()
        return plus - minus

    def mirror(self) -> np.ndarray:
        """Place of the state with n+ and n- exchanged, for every state."""
        plus, minus = self.states()
        total = plus + minus
        return total * (total + 1) // 2 + minus

    def operator(self, terms: dict[tuple[int, int], complex]):
        """Sparse matrix of sum c z^j z*^k for terms {(j, k): c}; exact, for it is built in a larger basis and cut."""
        from scipy import sparse

        degree = max((sum(powers) for powers in terms), default=0)
        z: Any = _raising(self.quanta + degree, self.width)
        conjugate = z.T.tocsr()
        total: Any = sparse.csr_matrix(z.shape, dtype=complex)
        for (first, second), coefficient in terms.items():
            product: Any = sparse.identity(z.shape[0], format="csr")
            for factor in [z] * first + [conjugate] * second:
                product = product @ factor
            total = total + coefficient * product
        size = len(self.states()[0])  # states are ordered by total quanta: the first ones are the smaller basis
        return total[:size, :size]


def circular_terms(polynomial: dict[tuple[int, ...], float]) -> dict[tuple[int, int], complex]:
    """{(j, k): c} of z^j z*^k for a polynomial {(power of x, power of y): c}.

    >>> circular_terms({(2, 0): 1.0, (0, 2): 1.0})
    {(1, 1): (1+0j)}
    """
    total: dict[tuple[int, int], complex] = {}
    for (first, second), coefficient in polynomial.items():
        for i in range(first + 1):
            for j in range(second + 1):
                weight = coefficient * math.comb(first, i) * math.comb(second, j) * (-1) ** (second - j)
                powers = (i + j, first + second - i - j)
                total[powers] = total.get(powers, 0.0) + weight * 0.5**first * (-0.5j) ** second
    largest = max(map(abs, total.values()))
    return {powers: c for powers, c in total.items() if abs(c) > 1e-14 * largest}


def rotational_symmetry(terms: dict[tuple[int, int], complex]) -> int:
    """n of the n-fold axis of the polynomial (0 for a round potential)."""
    return math.gcd(*(first - second for first, second in terms))


def _states(quanta):
    total = np.repeat(np.arange(quanta + 1), np.arange(quanta + 1) + 1)
    plus = np.concatenate([np.arange(n + 1) for n in range(quanta + 1)])
    return plus, total - plus


def _raising(quanta, width):
    """Matrix of z = (a+^dagger + a-)/sqrt(width)."""
    from scipy import sparse

    plus, minus = _states(quanta)
    total, here = plus + minus, np.arange(len(plus))
    up = (total + 1) * (total + 2) // 2 + plus + 1  # place of (n+ + 1, n-) in the order of the states
    down = (total - 1) * total // 2 + plus  # of (n+, n- - 1)
    rows, columns = np.concatenate([up, down]), np.concatenate([here, here])
    values = np.sqrt(np.concatenate([plus + 1, minus]) / width)
    inside = (rows < len(plus)) & (values > 0.0)
    return sparse.csr_matrix((values[inside], (rows[inside], columns[inside])), shape=(len(plus), len(plus)))
