"""Paramagnetic ions: free moments in the applied field."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from glasstunnel.constants import bohr_magneton, bohr_magneton_kelvin, boltzmann
from glasstunnel.errors import ParameterError
from glasstunnel.systems.contribution import Contribution, zeros
from glasstunnel.systems.parameters import parameter

#: species -> (J, g). Spin-only moments: orbital moments of the 3d shell are quenched, and the papers take g = 2
#: and J = 5/2, 2, 3/2, 1/2 for Fe3+, Fe2+, Cr3+, Ti3+ [000, below Eq. 1 and Sec. A]. The others follow from Hund's
#: first rule for 3d^n: Mn2+ d5, Co2+ d7, Ni2+ d8, Cu2+ d9.
SPECIES = {
    "Fe2+": (2.0, 2.0),
    "Fe3+": (2.5, 2.0),
    "Cr3+": (1.5, 2.0),
    "Ti3+": (0.5, 2.0),
    "Mn2+": (2.5, 2.0),
    "Co2+": (1.5, 2.0),
    "Ni2+": (1.0, 2.0),
    "Cu2+": (0.5, 2.0),
}


@dataclass(frozen=True)
class MagneticIons(Contribution):
    """Independent paramagnetic ions of angular momentum J and Lande factor g  [000, Eq. 1; 002, Eqs. 16 and 90-92].

    Magnetization n g mu_B J B_J(g mu_B J B/k_B T) with the Brillouin function B_J, Schottky heat capacity in
    z = g mu_B B/k_B T (002 Eq. 16 prints an additional J in z, which no level scheme gives), Curie susceptibility
    n (g mu_B)^2 J(J+1)/(3 k_B T) at B = 0. Interactions and crystal fields are left out: the ground-state
    degeneracy 2J+1 keeps its entropy k_B ln(2J+1) at B = 0, down to T = 0.

    species : one of `SPECIES`, which supplies J and g, or any label when `spin` and `g_factor` are both given.
    spin : J, a positive multiple of 1/2; given, it replaces the value of the species.
    Raises `ParameterError` for an unknown species or a spin that is no multiple of 1/2.

    >>> from glasstunnel import magnetization
    >>> iron = MagneticIons("Fe3+", concentration=1.0)
    >>> round(float(magnetization(iron, T=4.5, B=2.0)) / 9.2740100657e-24, 10)  # Bohr magnetons per ion
    2.8946583074
    """

    species: str
    concentration: float = parameter("1/kg", "ions per kilogram", open_lower=False, linear=True)
    spin: float | None = None
    g_factor: float | None = parameter("1", "Lande factor (not given: that of the species)", optional=True,
                                       default=None)

    def __post_init__(self):
        super().__post_init__()
        if not isinstance(self.species, str):
            raise ParameterError(f"{type(self).__name__}.species must be a text such as 'Fe3+', got {self.species!r}")
        if self.species not in SPECIES and (self.spin is None or self.g_factor is None):
            raise ParameterError(
                f"{type(self).__name__}.species {self.species!r} is not known; use one of {', '.join(SPECIES)}, "
                "or give both spin and g_factor"
            )
        if isinstance(self.spin, bool) or not isinstance(self.spin, (int, float, np.number, type(None))):
            raise ParameterError(f"{type(self).__name__}.spin must be a number, got {self.spin!r}")
        twice = 2.0 * self.angular_momentum
        if not 1.0 <= twice <= 100.0 or twice != round(twice):
            raise ParameterError(
                f"{type(self).__name__}.spin must be 1/2, 1, 3/2, ... up to 50, got {self.spin!r}"
            )

    @property
    def angular_momentum(self):
        """J: `spin` where given, else that of the species."""
        return SPECIES[self.species][0] if self.spin is None else self.spin

    @property
    def lande_factor(self):
        """g: `g_factor` where given, else that of the species."""
        return SPECIES[self.species][1] if self.g_factor is None else self.g_factor

    def free_energy(self, T, B):
        """F = -n k_B T ln Z, Z the sum of exp(m z) over m = -J ... J [J/kg]."""
        states = _Multiplet(self, T, B)
        log_sum = self.angular_momentum * states.size + states.log_partition
        return -boltzmann * self.concentration * T * log_sum + zeros(T, B)

    def entropy(self, T, B):
        """S = n k_B (ln Z - z <m>) [J/(K kg)]."""
        states = _Multiplet(self, T, B)
        return boltzmann * self.concentration * (states.log_partition + states.size * states.depth) + zeros(T, B)

    def heat_capacity(self, T, B):
        """C = n k_B z^2 Var(m): the Schottky form, z = g mu_B B/k_B T [J/(K kg)]."""
        states = _Multiplet(self, T, B)
        return boltzmann * self.concentration * states.size**2 * states.variance + zeros(T, B)

    def magnetization(self, T, B):
        """M = n g mu_B <m>, the Brillouin magnetization [A m2/kg]."""
        moment = self.lande_factor * bohr_magneton
        return self.concentration * moment * _Multiplet(self, T, B).mean + zeros(T, B)

    def magnetic_susceptibility(self, T, B):
        """dM/dB = n (g mu_B)^2 Var(m)/(k_B T) [A m2/(kg T)]."""
        per_kelvin = self.concentration * self.lande_factor**2 * bohr_magneton * bohr_magneton_kelvin
        return per_kelvin * _Multiplet(self, T, B).variance / T + zeros(T, B)


class _Multiplet:
    """Moments of m over 2J+1 equidistant levels, as ratios of polynomials with positive coefficients.

    In t = exp(-|z|) nothing cancels for z -> 0 and nothing overflows for large z. `log_partition` is ln Z - J|z|,
    `depth` is J - |<m>|.
    """

    def __init__(self, ions, T, B):
        z = ions.lande_factor * bohr_magneton_kelvin * np.asarray(B) / np.asarray(T)
        negative = z < 0.0  # not abs() and sign(): their derivatives vanish at z = 0
        self.size = np.where(negative, -z, z)
        t = np.exp(-self.size)
        excited, polarization, depth, pairs = (_horner(c, t) for c in _polynomials(round(2 * ions.angular_momentum)))
        count = 1.0 + t * excited
        self.log_partition = np.log1p(t * excited)
        self.mean = np.where(negative, -1.0, 1.0) * -np.expm1(-self.size) * polarization / count
        self.depth = t * depth / count
        self.variance = t * pairs / count**2


@lru_cache(maxsize=32)
def _polynomials(twice_spin):
    """Coefficients in t, lowest power first, for levels k = J - m = 0 ... 2J of weight t^k.

    Partition sum without the ground level; <m> times the partition sum; <k> times it; the sum over pairs of levels
    (k' - k)^2 t^(k+k'). The second is divided by 1 - t, the others by t.
    """
    k = np.arange(twice_spin + 1)
    polarization = np.cumsum(twice_spin / 2.0 - k)[:-1]  # sum of m t^k has the factor 1 - t: divide by partial sums
    pairs = np.zeros(2 * twice_spin - 1)
    for i in k:
        for j in range(i):
            pairs[i + j - 1] += (i - j) ** 2
    return np.ones(twice_spin), polarization, k[1:].astype(float), pairs


def _horner(coefficients, t):
    total = 0.0 * t + coefficients[-1]
    for c in coefficients[-2::-1]:
        total = total * t + c
    return total
