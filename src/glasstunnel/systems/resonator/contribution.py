"""What a superconducting resonator adds to the glass in it: share of the field, saturation, film, residual loss.

A resonator stands in the `Glass` beside the two-level systems of its oxide, so that the same glass gives its loss and
frequency shift, and a parameter has the same path everywhere ("resonator.critical_power"). Losses add:

    1/Q_i = F [S tan(delta_res) + tan(delta_rel)] + alpha sigma_1/sigma_2 + residual,

summed over the contributions of the glass. The drive saturates (S) the resonant loss only; the frequency shift keeps
its weak-field value, because it comes from systems far from resonance.
"""

from dataclasses import dataclass

import numpy as np

from glasstunnel.errors import ParameterError
from glasstunnel.systems.contribution import WithoutEnergy, zeros
from glasstunnel.systems.parameters import check_choice, option, parameter
from glasstunnel.systems.resonator.saturation_laws import SATURATION, saturation
from glasstunnel.systems.resonator.superconductor import conductivity, energy_gap
from glasstunnel.systems.response.two_level import quantum


@dataclass(frozen=True)
class Resonator(WithoutEnergy):  # what a resonator dissipates is no property of the glass
    """A superconducting resonator around the glass, without heat capacity or magnetization of its own
    [tan(delta): 002 Eq. 35 at h f > T; film: Mattis and Bardeen 1958; saturation in T: Crowley et al. 2023].

    The drive enters as photon number over `critical_photon_number`, or, where attenuation and coupling are not known,
    as power over `critical_power`; without either the loss has its weak-field value. Both grow with temperature as
    coth(h f/2T)^m with m = `saturation_thermal_power`, because systems relax and dephase faster when warm: 0 keeps
    them constant, 1 is one-phonon relaxation at constant T2, 2 the limit T2 = 2 T1; measured exponents are often
    larger [K. D. Crowley et al., Phys. Rev. X 13, 041005 (2023), with T^beta1/tanh in this place].

    saturation_law : "empirical" 1/sqrt(1 + (n/nc)^beta), "average" (directions averaged, T2 independent of the
        system) or "lifetime" (T2 = 2 T1).

    >>> from glasstunnel import Resonator
    >>> Resonator(gap=17.0, kinetic_inductance_fraction=0.05).filling_factor
    1.0
    """

    summary = "A superconducting resonator around the glass, without heat capacity or magnetization of its own"
    validity = ("h f below twice the gap of the film, temperatures below its transition; a film in the dirty or "
                "the extreme anomalous limit")  # fmt: skip
    equations = "tan(delta): 002 Eq. 35 at h f > T; film: Mattis and Bardeen 1958; saturation in T: Crowley et al. 2023"

    filling_factor: float = parameter("1", "share F of the electric energy in the glass", upper=1.0, default=1.0)
    critical_photon_number: float | None = parameter(
        "1", "n_c where saturation sets in (not given: weak field)", optional=True, default=None
    )
    critical_power: float | None = parameter(
        "W", "P_c, the same for a drive known as power alone", optional=True, default=None
    )
    saturation_exponent: float = parameter("1", "beta of the empirical law", upper=10.0, span=1.0, default=1.0)
    saturation_thermal_power: float = parameter(
        "1", "m, n_c and P_c grow as coth(hf/2T)^m", open_lower=False, upper=20.0, default=0.0
    )
    gap: float | None = parameter(
        "K", "Delta(0)/k_B of the film (not given: no quasiparticles)", optional=True, default=None
    )
    kinetic_inductance_fraction: float = parameter(
        "1", "alpha, share of the magnetic energy in the film", open_lower=False, upper=1.0, default=0.0
    )
    residual_loss: float = parameter("1", "1/Q that depends on nothing", open_lower=False, default=0.0)
    saturation_law: str = option(SATURATION, "empirical")

    def __post_init__(self):
        super().__post_init__()
        check_choice(self, "saturation_law")
        if self.critical_photon_number is not None and self.critical_power is not None:
            raise ParameterError("Resonator: give critical_photon_number or critical_power, not both")

    def internal_loss(self, T, B, frequency, photon_number=None, power=None):
        """1/Q_i [1] of film and residual loss alone, without any glass."""
        return self.residual_loss + self.kinetic_inductance_fraction * (film_loss(self.gap, T, frequency) + zeros(B))

    def frequency_shift(self, T, B, frequency, reference_temperature):
        """(alpha/2) [sigma_2(T) - sigma_2(T_ref)]/sigma_2(T_ref) of a thin film alone."""
        shift = film_shift(self.gap, T, frequency, reference_temperature)
        return self.kinetic_inductance_fraction * (shift + zeros(B))

    def saturation(self, T, frequency, photon_number=None, power=None):
        """Resonant loss over its weak-field value at this drive; 1 without a critical photon number or power."""
        drive, critical, name = photon_number, self.critical_photon_number, "photon_number"
        if self.critical_power is not None:
            drive, critical, name = power, self.critical_power, "power"
        if critical is None:
            return 1.0
        if drive is None:
            other = "power" if name == "photon_number" else "photon_number"
            raise ParameterError(
                f"Resonator.critical_{name} is given, so the loss needs {name} (0 for weak field); to go from power to "
                "photons attenuation and coupling must be known (photons_from_power), else use "
                f"Resonator.critical_{other}"
            )
        frozen = np.tanh(quantum(np.asarray(frequency)) / (2.0 * np.asarray(T))) ** self.saturation_thermal_power
        return saturation(self.saturation_law, drive / critical * frozen, self.saturation_exponent)


def film_loss(gap, T, frequency):
    """sigma_1/sigma_2 of a film [1], its loss per kinetic inductance fraction; zero without a gap."""
    if gap is None:
        return zeros(T, frequency)
    _check_gap(gap, T, frequency)
    first, second = conductivity(T, frequency, gap)
    return first / second


def film_shift(gap, T, frequency, reference_temperature):
    """Half the relative change of sigma_2 from the reference temperature [1]; zero without a gap."""
    if gap is None:
        return zeros(T, frequency, reference_temperature)
    _check_gap(gap, T, frequency)
    reference, at_reference = _one_if_constant(reference_temperature), _one_if_constant(frequency)
    _check_gap(gap, reference, at_reference)
    second, second_at_reference = conductivity(T, frequency, gap)[1], conductivity(reference, at_reference, gap)[1]
    return 0.5 * (second / second_at_reference - 1.0)


def _check_gap(gap, T, frequency):
    if 0 in (np.size(T), np.size(frequency)):
        return
    if np.max(T) < 0.25 * gap and np.max(quantum(frequency)) < 1.9 * gap:
        return  # below T_c/2 the gap is larger than 0.95 of itself
    if np.any(quantum(np.asarray(frequency, float)) >= 2.0 * energy_gap(np.asarray(T, float), gap)):
        raise ParameterError(
            f"h f reaches twice the gap of the film (Resonator.gap = {gap:g} K) in the given temperatures; "
            "keep T further below the critical temperature gap/1.764"
        )


def _one_if_constant(values):
    """A single number where an array repeats it, so that it is evaluated once."""
    if np.size(values) == 0 or np.ptp(values) != 0.0:
        return values
    return np.ravel(values)[0]
