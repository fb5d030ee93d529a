"""Anomalous tunneling systems (ATS): groups of ions in three-well potentials threaded by magnetic flux."""

import math
from dataclasses import dataclass
from functools import cache
from importlib import import_module

import numpy as np

from glasstunnel.constants import flux_phase_per_area
from glasstunnel.errors import ParameterError
from glasstunnel.numerics.few_level import ring_levels
from glasstunnel.systems.anomalous.cutoffs import cutoffs_at
from glasstunnel.systems.contribution import Contribution
from glasstunnel.systems.material import Material
from glasstunnel.systems.parameters import check_choice, known, option, parameter
from glasstunnel.systems.response.acoustic import AcousticResponse, as_material
from glasstunnel.systems.response.convention import (
    CONVENTIONS,
    DielectricConvention,
    checked_convention,
    dielectric_convention,
)
from glasstunnel.systems.response.dielectric import DielectricResponse

#: theory -> module that evaluates it; both modules define the observables as functions of (systems, T, B).
THEORIES = {
    "exact": "glasstunnel.systems.anomalous.exact.thermodynamics",
    "effective": "glasstunnel.systems.anomalous.effective.thermodynamics",
}
#: theory -> module that evaluates it for many parameter sets at once.
SETS = {name: f"glasstunnel.systems.anomalous.{name}.sets" for name in THEORIES}


@dataclass(frozen=True)
class AnomalousTunnelingSystems(AcousticResponse, DielectricResponse, Contribution):
    """Three-well tunneling systems of the extended tunneling model  [002, Eqs. 6-20; theory of each option below].

    Energies are *rescaled* as the papers print them, so that the small-parameter gap is
    E = sqrt(D^2 + D0^2 phi^2) with phi = 2 pi B A_q cos(beta)/phi0 and A_q = |q/e| S.
    The distribution is P* / (D D0) between the cutoffs, with weight A = 2 pi P* (the papers' P*).

    theory : of the thermodynamics, "exact" (all three levels, any field and temperature; needs `flux_field`) or
        "effective" (the papers' two-level form, valid for T << D0 and phi << 1). Not given: "exact" where `flux_field`
        is given and none of the approximations below is asked for, else "effective".
    orientation : "average" (exact average over the direction of the flux loop) or "rms" (effective only: the papers'
        replacement phi -> phi/sqrt(3)).
    prefactor : "consistent" (M = -dF/dB), or "printed": the effective magnetization, and nothing else, twice as large,
        as 002 Eq. 93 and 001 Eq. 10 print it; with "rms" and `higher_field` also with the factor 1 - b^2/54 of 001.
    higher_field : effective only; include phi^2 -> phi^2 (1 - phi^2/27), which needs `flux_field`  [002, Eq. 20] and
        raises `ParameterError` for fields at which this gap closes again (5.2 `flux_field`; 6.7 with "rms").
    strain_potential : coupling gamma_A to strain. Not given: none, which is what the papers assume; with it (and
        `material` and a density) sound, internal friction and conductivity follow: see `systems.anomalous.strain`.
    strain_direction : of sound against B: "random", "parallel" (longitudinal: k along B; transverse: k or the
        polarization along B) or "perpendicular".
    convention : dielectric response only (gap linear in phi, `higher_field` plays no part): a name in
        `dielectric_convention.CONVENTIONS`, or a `DielectricConvention`.
    cutoff_law : how N, the number of coherent tunnelers, depends on temperature. "arrhenius": r = exp(-E0/T + E0/T0)
        [002, Eq. 96]; "surface": r = (1 - G exp(E0/T)) / (1 - G exp(E0/T0))  [001, Eq. 16] with G = `surface_growth`.
        D and D0 scale as r, D0|q/e|S as r^3, flux_field as r^-2. "voids": N on the perimeter of a void between cells
        that grow on cooling, r as for "arrhenius", and the area S of that void instead of S ~ N.

    Observables: arrays T [K] and B [T] of one broadcast shape in, SI per kilogram out. `ParameterError` for parameters
    outside their limits and for options that do not go together.

    >>> from glasstunnel import AnomalousTunnelingSystems, magnetization
    >>> bk7 = AnomalousTunnelingSystems(
    ...     density=1.352e19, asymmetry_min=0.02671, asymmetry_max=None, amplitude_area_min=2.717e5,
    ...     amplitude_area_max=2.925e5, activation_energy=0.319, theory="effective", orientation="rms",
    ... )
    >>> print(f"{magnetization(bk7, T=4.5, B=2.0):.4e}")
    9.0788e-04
    """

    variants = {
        "exact": {"theory": "exact", "orientation": "average", "prefactor": "consistent", "higher_field": False},
        "effective": {"theory": "effective", "orientation": "average", "prefactor": "consistent"},
        "printed": {"theory": "effective", "orientation": "rms", "prefactor": "printed"},
    }
    summary = "Three-well tunneling systems of the extended tunneling model"
    validity = (
        "Exact theory of the three levels: every temperature and field. Effective theory: T well below D0 and "
        "the flux well below a quantum (phi << 1). Both: systems that do not interact"
    )
    equations = "002, Eqs. 6-20; theory of each option below"

    density: float | None = parameter(
        "1/kg", "P* times the number of systems per kilogram (None: not known, dielectric response only)",
        open_lower=False, linear=True, optional=True,
    )
    asymmetry_min: float = parameter("K", "lower cutoff D_min of the asymmetry, at the reference temperature")
    asymmetry_max: float | None = parameter(
        "K", "upper cutoff D_max of the asymmetry (infinity: none)", optional=True, infinite=True
    )
    amplitude_area_min: float = parameter("K Angstrom^2", "lower cutoff of D0|q/e|S, at the reference temperature")
    amplitude_area_max: float = parameter("K Angstrom^2", "upper cutoff of D0|q/e|S, at the reference temperature")
    flux_field: float | None = parameter(
        "T", "B* = phi0/(2 pi |q/e| S), the field of one radian, at the reference temperature", optional=True,
        span=1.0, default=None,
    )
    activation_energy: float = parameter("K", "E0 of the temperature-dependent cutoffs", open_lower=False,
                                         log=False, span=1.0, default=0.0)
    reference_temperature: float = parameter("K", "T0 at which the cutoffs are stated", span=1.0, default=1.26)
    theory: str | None = option(THEORIES, None)
    orientation: str = option(("average", "rms"), "average")
    prefactor: str = option(("consistent", "printed"), "consistent")
    higher_field: bool = option((False, True), False)
    cutoff_law: str = option(("arrhenius", "surface", "voids"), "arrhenius")
    surface_growth: float = parameter("1", "G of the surface-growth law", open_lower=False, default=0.0)
    area_spread: float = parameter(
        "1", "standard deviation of ln A_q about its median (0: one area)", open_lower=False, upper=2.0, default=0.0
    )
    dipole_moment: float | None = parameter(
        "C m", "p1 of one well, from the center of the triangle (not given: no echo)", optional=True, default=None
    )
    spectral_diffusion: float = parameter(
        "1/(s K)", "c of the dephasing rate c T of echoes", open_lower=False, default=0.0
    )
    dielectric_strength: float | None = parameter(
        "K", "C_ATS = pi x P* p1^2/(eps0 eps_r k_B) (not given: no dipole)", open_lower=False, optional=True,
        default=None,
    )
    elastic_constant: float | None = parameter(
        "s K^5", "Gamma of the one-phonon rate, s K^(m+2) for other rate powers (not given: no relaxation)",
        optional=True, default=None,
    )
    convention: str | DielectricConvention = option(CONVENTIONS, "default")
    material: Material | None = None
    strain_potential: float | None = parameter(
        "eV", "gamma_A: shift of a corner per traceless strain along it (not given: no coupling to strain)",
        open_lower=False, optional=True, default=None,
    )
    strain_direction: str = option(("random", "parallel", "perpendicular"), "random")

    def __post_init__(self):
        if self.asymmetry_max is None:
            object.__setattr__(self, "asymmetry_max", math.inf)
        super().__post_init__()
        object.__setattr__(self, "convention", checked_convention(self.convention))
        rules = dielectric_convention(self.convention)
        approximate = (self.orientation, self.prefactor, self.higher_field) != ("average", "consistent", False)
        if self.theory is None:
            allowed = self.flux_field is not None and not approximate
            object.__setattr__(self, "theory", "exact" if allowed else "effective")
        check_choice(self, "theory")
        check_choice(self, "orientation")
        check_choice(self, "prefactor")
        check_choice(self, "cutoff_law")
        check_choice(self, "higher_field")
        self._check_strain()
        name = type(self).__name__
        for low, high in (("asymmetry_min", "asymmetry_max"), ("amplitude_area_min", "amplitude_area_max")):
            if not getattr(self, low) < getattr(self, high):
                raise ParameterError(
                    f"{name}.{low} must be below {high}, got {getattr(self, low)!r} and {getattr(self, high)!r}"
                )
        if self.orientation == "rms" and rules.field_direction not in ("random", "rms"):
            raise ParameterError(
                f"{name}: orientation='rms' knows no direction of the measuring field, got field_direction="
                f"{rules.field_direction!r}; choose orientation='average'"
            )
        self._check_growth()
        if self.flux_field is None and (self.theory == "exact" or self.higher_field):
            what = "theory='exact'" if self.theory == "exact" else "higher_field=True"
            raise ParameterError(f"{name}.flux_field must be given for {what}; give it, or choose theory='effective'")
        if self.theory == "exact" and approximate:
            raise ParameterError(
                f"{name}: orientation, prefactor and higher_field are options of theory='effective'; "
                "theory='exact' has none of these approximations"
            )

    def _check_strain(self):
        """A coupling to strain needs the material that is strained."""
        object.__setattr__(self, "material", as_material(self.material, type(self).__name__))
        check_choice(self, "strain_direction")
        if self.strain_potential is not None and (self.material is None or self.density is None):
            missing = "material" if self.material is None else "density"
            raise ParameterError(
                f"{type(self).__name__}.{missing} must be given with strain_potential: the response to strain follows "
                "from both"
            )

    def _check_growth(self):
        """Surface growth belongs to its law and leaves tunnelers at the reference temperature."""
        name, growth = type(self).__name__, self.surface_growth
        if growth == 0.0:
            return
        if self.cutoff_law != "surface":
            raise ParameterError(
                f"{name}.surface_growth is a parameter of cutoff_law='surface' and has no effect with "
                f"{self.cutoff_law!r}; choose that law or leave it 0, got {growth!r}"
            )
        exponents = self.activation_energy, self.reference_temperature
        if math.log(growth) + exponents[0] / exponents[1] >= 0.0:
            raise ParameterError(
                f"{name}: surface growth leaves no coherent tunnelers at the reference temperature "
                f"{exponents[1]:g} K (surface_growth * exp(activation_energy/reference_temperature) must be below 1); "
                "lower surface_growth"
            )

    def level_diagram(self, T, B):
        """Three levels of the system at the lower cutoffs D_min and D0, psi = 0, its loop across the field.

        About their mean, from the flux phase B over `flux_field` and the area that belongs to that field
        [002, Eqs. 6-9].
        """
        if self.flux_field is None:
            return {}
        cutoffs = cutoffs_at(self, np.asarray(T, float))
        amplitude = cutoffs.amplitude_area_min * flux_phase_per_area * cutoffs.flux_field
        levels = ring_levels(cutoffs.asymmetry_min, 0.0, amplitude, np.asarray(B, float) / cutoffs.flux_field)
        return {"low": levels.low, "middle": levels.low + levels.middle_gap, "top": levels.low + levels.top_gap}

    def free_energy(self, T, B):
        return self._theory.free_energy(self, T, B)

    def entropy(self, T, B):
        return self._theory.entropy(self, T, B)

    def heat_capacity(self, T, B):
        return self._theory.heat_capacity(self, T, B)

    def magnetization(self, T, B):
        return self._theory.magnetization(self, T, B)

    def magnetic_susceptibility(self, T, B):
        return self._theory.magnetic_susceptibility(self, T, B)

    def density_of_states(self, E, B):
        return self._theory.density_of_states(self, E, B)

    def permittivity(self, T, B, frequency, *, part="both"):
        known(self, "dielectric_strength")
        from glasstunnel.systems.anomalous import response

        return response.permittivity(self, T, B, frequency, part)

    def couples_to_strain(self):
        return self.strain_potential is not None

    def strain_response(self, T, B, frequency, *, mode, part, intensity=None):
        """s [1]; it does not saturate."""
        from glasstunnel.systems.anomalous import strain

        return strain.strain_response(self, T, B, frequency, mode, part)

    @property
    def scattering_edges(self) -> tuple[float, ...]:
        """The ends of the distribution of gaps in zero field [K], where it couples to strain."""
        from glasstunnel.systems.anomalous import strain

        return strain.scattering_edges(self) if self.couples_to_strain() else ()

    def inverse_mean_free_path(self, energy, T, B, mode):
        """1/l [1/m] of phonons of `energy` [K] in a mode."""
        from glasstunnel.systems.anomalous import strain

        return strain.inverse_mean_free_path(self, energy, T, B, mode)

    def derivatives(self, observable, T, B, names, **conditions):
        amplitude = set(names) <= {"density"}  # exact in any case, from the value alone
        closed = None if conditions or amplitude else getattr(self._theory, "derivatives", None)
        result = closed(self, observable, T, B, names) if closed else None
        return super().derivatives(observable, T, B, names, **conditions) if result is None else result

    def over_sets(self, observable, values, T, B, **conditions):
        found = None
        if (self.density or "density" in values) and not conditions:
            found = import_module(SETS[str(self.theory)]).over_sets(self, observable, values, T, B)
        if found is None:
            return super().over_sets(observable, values, T, B, **conditions)
        result, done = found
        if not done.all():
            left = {name: np.asarray(numbers)[~done] for name, numbers in values.items()}
            result[~done] = super().over_sets(observable, left, T, B)
        return result

    @property
    def _theory(self):
        """The module of the thermodynamic observables, all of which need the density."""
        known(self, "density")
        return _module_of(str(self.theory))


@cache
def _module_of(theory):
    return import_module(THEORIES[theory])
