"""Paramagnetic ions: free moments in the applied field, or with what a referee asks for."""

import warnings
from dataclasses import dataclass
from typing import Any

import numpy as np

from glasstunnel.conversions.moments import curie_constant, curie_weiss_temperature
from glasstunnel.errors import ParameterError
from glasstunnel.numerics.checks import is_number, is_whole_number
from glasstunnel.systems.contribution import THERMODYNAMIC, Contribution, zeros
from glasstunnel.systems.magnetic_ions.distributions import DISTRIBUTIONS
from glasstunnel.systems.magnetic_ions.free import FreeMoment
from glasstunnel.systems.magnetic_ions.hamiltonian import field_levels
from glasstunnel.systems.magnetic_ions.model import ion_model
from glasstunnel.systems.magnetic_ions.species import SPECIES
from glasstunnel.systems.magnetic_ions.table import SPINS
from glasstunnel.systems.parameters import check_choice, option, parameter, parameter_table

_LARGEST_SPLIT_SPIN = 8.0  # (2S+1)-fold matrices are diagonalized in every direction


@dataclass(frozen=True)
class MagneticIons(Contribution):
    """Paramagnetic ions of angular momentum J and Lande factor g  [000, Eq. 1; 002, Eqs. 16 and 90-92].

    Free ions unless more is given: magnetization n g mu_B J B_J(g mu_B J B/k_B T) with the Brillouin function B_J,
    Schottky heat capacity in z = g mu_B B/k_B T (002 Eq. 16 prints an additional J in z, which no level scheme gives),
    Curie susceptibility n (g mu_B)^2 J(J+1)/(3 k_B T) at B = 0. The ground-state degeneracy 2J+1 of free ions keeps
    its entropy k_B ln(2J+1) at B = 0, down to T = 0.

    species : one of `SPECIES`, which supplies J and g, or any label when `spin` and `g_factor` are both given.
    spin : J, a positive multiple of 1/2; given, it replaces the value of the species.
    zero_field_splitting, rhombicity : D [K] and E/D of H = mu_B B.g.S + D[Sz^2 - S(S+1)/3] + E(Sx^2 - Sy^2), averaged
        over all directions (`powder`). E/D above 1/3 names the axes in an unusual order; they are renamed with a
        warning, and D and E/D are stored as the new names have them.
    disorder, distribution : sigma [K] by which the splitting differs from site to site. "czjzek" (also when not given):
        a random tensor of five normal components u_k with H = sum_k u_k Q_k, around the tensor of D and E/D where
        D is not zero (the extended distribution; `numerics.random_tensors`). "normal", "lognormal": D with mean
        `zero_field_splitting` and standard deviation sigma, E/D fixed.
    mean_field : zJ [K] of the neighbors, positive ferromagnetic; Curie-Weiss temperature zJ S(S+1)/3 of free ions.
    paired_share, exchange : share of the ions in pairs with -J S1.S2 (J [K], positive ferromagnetic), whose
        zero-field splitting is left out: for |J| much larger than it.
    g_factor, g_parallel, g_rhombicity : g_x, g_y = g_factor +- g_rhombicity/2 and g_z = g_parallel (like g_factor when
        not given), along the axes of the splitting; g_rhombicity of either sign, since E has the sign of D.
    orientations : rings of directions per octant; not given, they are refined until the error is below 1e-9. "table"
        reads the average of one splitting from the stored table, as random ones always are: 1350 points in 0.5 ms
        instead of up to 0.1 s, the moment to some 1e-8 g mu_B S (worst 2e-5 in the strongest fields), for fits.
    Raises `ParameterError` for an unknown species, a spin that is no multiple of 1/2, options that do not go together.

    >>> from glasstunnel import MagneticIons, magnetization
    >>> iron = MagneticIons("Fe3+", concentration=1.0)
    >>> round(float(magnetization(iron, T=4.5, B=2.0)) / 9.2740100657e-24, 10)  # Bohr magnetons per ion
    2.8946583074
    >>> split = MagneticIons("Fe2+", concentration=1.0, zero_field_splitting=10.0, rhombicity=0.2)
    >>> round(float(magnetization(split, T=2.0, B=1.0)) / 9.2740100657e-24, 10)
    1.1447684885
    """

    summary = "Paramagnetic ions of angular momentum J and Lande factor g"
    validity = (
        "Free ions: thermal energies well above every splitting and exchange that is not given. Rare "
        "earths: only above the splitting of their multiplet by the surroundings, often 100 K and more. A "
        "mean field: above its ordering temperature"
    )
    equations = "000, Eq. 1; 002, Eqs. 16 and 90-92"

    species: str = option(SPECIES)
    concentration: float = parameter("1/kg", "ions per kilogram", open_lower=False, linear=True)
    spin: float | None = None
    g_factor: float | None = parameter("1", "Lande factor (not given: that of the species)", optional=True,
                                       log=False, span=2.0, default=None)
    zero_field_splitting: float = parameter("K", "axial splitting D", lower=-1e5, upper=1e5, open_lower=False,
                                            span=30.0, default=0.0)
    rhombicity: float = parameter("1", "E/D of the splitting", upper=1.0 / 3.0, open_lower=False, default=0.0)
    g_parallel: float | None = parameter("1", "g along the axis of the splitting (not given: g_factor)",
                                         optional=True, log=False, span=2.0, default=None)
    g_rhombicity: float = parameter("1", "g_x - g_y", lower=-100.0, upper=100.0, open_lower=False, span=2.0,
                                    default=0.0)
    disorder: float = parameter("K", "strength sigma of the disorder of the splitting", upper=1e5, open_lower=False,
                                log=False, span=10.0, default=0.0)
    mean_field: float = parameter("K", "zJ of the neighbors, positive ferromagnetic", lower=-1e5, upper=1e5,
                                  open_lower=False, span=10.0, default=0.0)
    paired_share: float = parameter("1", "share of the ions in exchange pairs", upper=1.0, open_lower=False,
                                    default=0.0)
    exchange: float = parameter("K", "J of a pair, -J S1.S2", lower=-1e5, upper=1e5, open_lower=False, span=20.0,
                                default=0.0)
    distribution: str | None = option(DISTRIBUTIONS, None)
    orientations: int | str | None = None

    def __post_init__(self):
        self._name_axes()
        super().__post_init__()
        self._check_species()
        self._check_spin()
        self._check_splitting()
        self._check_distribution()
        self._check_interactions()

    def _name_axes(self):
        """Give the axes their usual names, |D_z| > |D_y| > |D_x|, where E/D is above 1/3."""
        D, ratio = self.zero_field_splitting, self.rhombicity
        if not (is_number(D) and is_number(ratio)) or not 1.0 / 3.0 < ratio < np.inf:
            return
        if ratio - 1.0 / 3.0 < 1e-9:  # a third, rounded
            object.__setattr__(self, "rhombicity", 1.0 / 3.0)
            return
        if self.g_parallel is not None or self.g_rhombicity != 0.0:
            raise ParameterError(
                f"{type(self).__name__}.rhombicity must be <= 1/3 where g depends on the axes, got {ratio!r}; rename "
                "the axes of splitting and g"
            )
        renamed = usual_axes(D, D * ratio)
        object.__setattr__(self, "zero_field_splitting", renamed[0])
        object.__setattr__(self, "rhombicity", renamed[1])
        warnings.warn(
            f"{type(self).__name__}: rhombicity {ratio:g} is above 1/3; with the axes in their usual order the same "
            f"splitting is D = {renamed[0]:.6g} K, E/D = {renamed[1]:.6g}", stacklevel=4,
        )

    def _check_species(self):
        if not isinstance(self.species, str):
            raise ParameterError(f"{type(self).__name__}.species must be a text such as 'Fe3+', got {self.species!r}")
        if self.species not in SPECIES and (self.spin is None or self.g_factor is None):
            raise ParameterError(
                f"{type(self).__name__}.species {self.species!r} is not known; use one of {', '.join(SPECIES)}, "
                "or give both spin and g_factor"
            )

    def _check_spin(self):
        if self.spin is not None and not is_number(self.spin):
            raise ParameterError(f"{type(self).__name__}.spin must be a number, got {self.spin!r}")
        twice = 2.0 * self.angular_momentum
        if not 1.0 <= twice <= 100.0 or twice != round(twice):
            raise ParameterError(
                f"{type(self).__name__}.spin must be 1/2, 1, 3/2, ... up to 50, got {self.spin!r}"
            )

    def _check_splitting(self):
        name = type(self).__name__
        if self.angular_momentum > _LARGEST_SPLIT_SPIN and not self.is_free:
            raise ParameterError(
                f"{name}.spin must be at most {_LARGEST_SPLIT_SPIN:g} with a splitting or an anisotropic g, got "
                f"{self.spin!r}"
            )
        if abs(self.g_rhombicity) > 2.0 * self.lande_factor:
            raise ParameterError(f"{name}.g_rhombicity must be at most 2 g_factor in size, got {self.g_rhombicity!r}")
        self._check_orientations()

    def _check_orientations(self):
        name, count = type(self).__name__, self.orientations
        if count == "table":
            if not self.is_free and (self.angular_momentum not in SPINS or len(set(self.g_factors)) > 1):
                raise ParameterError(
                    f"{name}.orientations='table' is for a g that is a number and spins from 1 to 7/2; leave it out"
                )
        elif count is not None and not (is_whole_number(count, least=2) and count <= 2048):
            raise ParameterError(f"{name}.orientations must be a whole number from 2 to 2048 or 'table', got {count!r}")

    def _check_distribution(self):
        name = type(self).__name__
        if self.distribution is not None:
            check_choice(self, "distribution")
        if self.disorder == 0.0:
            return
        if self.distribution == "lognormal" and self.zero_field_splitting == 0.0:
            raise ParameterError(f"{name}.zero_field_splitting must not be 0 with distribution='lognormal'")
        if self.distribution in (None, "czjzek") and len(set(self.g_factors)) > 1:
            raise ParameterError(
                f"{name}: Czjzek's distribution leaves no common axes, so that g must be a number; leave out "
                "g_parallel and g_rhombicity, or choose distribution='normal'"
            )

    def _check_interactions(self):
        name = type(self).__name__
        if len(set(self.g_factors)) > 1 and (self.mean_field != 0.0 or self.paired_share > 0.0):
            raise ParameterError(
                f"{name}: mean_field and paired_share need a g that is a number; leave out g_parallel and g_rhombicity"
            )
        if self.paired_share > 0.0 and self.angular_momentum > _LARGEST_SPLIT_SPIN:
            raise ParameterError(f"{name}.spin must be at most {_LARGEST_SPLIT_SPIN:g} in pairs, got {self.spin!r}")

    @property
    def angular_momentum(self):
        """J: `spin` where given, else that of the species."""
        return SPECIES[self.species][0] if self.spin is None else self.spin

    @property
    def lande_factor(self):
        """g: `g_factor` where given, else that of the species."""
        return SPECIES[self.species][1] if self.g_factor is None else self.g_factor

    @property
    def effective_moment(self) -> float:
        """g sqrt(J(J+1)) [Bohr magnetons per ion], what chi T comes to where kT is above every splitting.

        >>> from glasstunnel import MagneticIons
        >>> round(MagneticIons("Dy3+", 1.0).effective_moment, 2)
        10.65
        """
        J = self.angular_momentum
        return self.lande_factor * (J * (J + 1.0)) ** 0.5

    @property
    def curie_weiss_temperature(self) -> float:
        """zJ J(J+1)/3 [K] of the mean field, positive ferromagnetic; zero-field splittings are not in it."""
        return float(curie_weiss_temperature(self.mean_field, self.angular_momentum))

    @property
    def g_factors(self):
        """(g_x, g_y, g_z)."""
        g, half = self.lande_factor, 0.5 * self.g_rhombicity
        return g + half, g - half, g if self.g_parallel is None else self.g_parallel

    @property
    def is_free(self):
        """True where the field alone splits the levels of an ion that feels no other."""
        split = self.angular_momentum > 0.5 and (self.zero_field_splitting != 0.0 or self.disorder != 0.0)
        return not split and len(set(self.g_factors)) == 1

    def curie_weiss(self):
        """(C, g sqrt(J(J+1)), theta) of the moments where kT is above every splitting."""
        constant = float(curie_constant(self.effective_moment, self.concentration))
        return constant, self.effective_moment, self.curie_weiss_temperature

    def level_diagram(self, T, B):
        """The 2J + 1 levels of one ion alone, the field along the axis of its splitting, from the lowest at B = 0."""
        D, along = self.zero_field_splitting, np.array([[0.0, 0.0, 1.0]])
        splitting = np.array([[D, D * self.rhombicity]])
        levels = [
            field_levels(self.angular_momentum, self.g_factors, splitting, field, along).levels[0, 0]
            for field in np.ravel(B)
        ]
        return {f"level {number}": np.reshape(energies, np.shape(B)) for number, energies in
                enumerate(np.transpose(levels), 1)}  # fmt: skip

    def free_energy(self, T, B):
        """F, from the zero-field ground state of each ion [J/kg]; -n k_B T ln(2J+1) for free ions at B = 0."""
        return self.concentration * ion_model(self).free_energy(T, B) + zeros(T, B)

    def entropy(self, T, B):
        """S [J/(K kg)]."""
        return self.concentration * ion_model(self).entropy(T, B) + zeros(T, B)

    def heat_capacity(self, T, B):
        """C [J/(K kg)]."""
        return self.concentration * ion_model(self).heat_capacity(T, B) + zeros(T, B)

    def magnetization(self, T, B):
        """M along the field [A m2/kg]."""
        return self.concentration * ion_model(self).magnetization(T, B) + zeros(T, B)

    def magnetic_susceptibility(self, T, B):
        """dM/dB [A m2/(kg T)]."""
        return self.concentration * ion_model(self).magnetic_susceptibility(T, B) + zeros(T, B)

    def over_sets(self, observable, values, T, B, **conditions):
        simple = observable in THERMODYNAMIC and set(values) <= {"concentration", "g_factor"}
        if not simple or not isinstance(ion_model(self), FreeMoment) or self.g_parallel is not None:
            return super().over_sets(observable, values, T, B, **conditions)
        count = len(next(iter(values.values())))
        numbers = {"concentration": self.concentration, "g_factor": self.lande_factor} | values
        n, g = (np.broadcast_to(np.asarray(numbers[name], float), (count,))[:, None] for name in numbers)
        rows = {row.name: row for row in parameter_table(self)}
        possible = [all(np.isfinite(x) and rows[name].allows(x) for name, x in zip(values, entries, strict=True))
                    for entries in zip(*(np.asarray(x).tolist() for x in values.values()), strict=True)]  # fmt: skip
        factors: Any = np.where(np.array(possible)[:, None], g, 1.0)  # one for each set, where one ion has a number
        moment = FreeMoment(self.angular_momentum, factors)
        found = n * getattr(moment, observable)(T, B) + zeros(T, B)
        return np.where(np.array(possible)[:, None], found, np.nan)


def usual_axes(D, E):
    """(D, E/D) of the same splitting with the axes named such that 0 <= E/D <= 1/3.

    The three diagonal elements of the tensor are E - D/3, -E - D/3 and 2D/3; z belongs to the largest in size.

    >>> [round(number, 12) for number in usual_axes(1.0, 1.0)]
    [-2.0, 0.0]
    """
    x, y, z = sorted((E - D / 3.0, -E - D / 3.0, 2.0 * D / 3.0), key=abs)
    return 1.5 * z, round(abs(x - y) / abs(3.0 * z), 12) if z else 0.0
