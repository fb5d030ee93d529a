"""Superconducting resonators: quality factor and frequency shift from the same two-level systems as everything else.

Losses add: 1/Q_i = F tan(delta_res) S(n/nc) + F tan(delta_rel) + alpha sigma_1/sigma_2 + residual. The drive
saturates the resonant loss only; the frequency shift keeps its weak-field value, because it comes from systems far
from resonance.
"""

from dataclasses import dataclass

import numpy as np

from glasstunnel.constants import hbar
from glasstunnel.errors import ParameterError
from glasstunnel.numerics.arrays import is_jax, namespace
from glasstunnel.observables.permittivity import dielectric_shift, loss_tangent
from glasstunnel.systems.parameters import check_choice, check_parameters, parameter
from glasstunnel.systems.saturation import SATURATION, saturation
from glasstunnel.systems.superconductor import conductivity, energy_gap
from glasstunnel.systems.two_level_dielectric import quantum


@dataclass(frozen=True)
class Resonator:
    """What a resonator adds to the glass in it. Only F times the dielectric strength of the glass enters.

    saturation_law : "empirical" 1/sqrt(1 + (n/nc)^beta), "average" (directions averaged, T2 independent of the
        system) or "lifetime" (T2 = 2 T1).

    >>> Resonator(gap=17.0, kinetic_inductance_fraction=0.05).filling_factor
    1.0
    """

    filling_factor: float = parameter("1", "share F of the electric energy in the glass", upper=1.0, default=1.0)
    critical_photon_number: float | None = parameter(
        "1", "n_c where saturation sets in (not given: weak field)", optional=True, default=None
    )
    saturation_exponent: float = parameter("1", "beta of the empirical law", upper=10.0, default=1.0)
    gap: float | None = parameter(
        "K", "Delta(0)/k_B of the film (not given: no quasiparticles)", optional=True, default=None
    )
    kinetic_inductance_fraction: float = parameter(
        "1", "alpha, share of the magnetic energy in the film", open_lower=False, upper=1.0, default=0.0
    )
    residual_loss: float = parameter("1", "1/Q that depends on nothing", open_lower=False, default=0.0)
    saturation_law: str = "empirical"

    def __post_init__(self):
        check_parameters(self)
        check_choice(self, "saturation_law", tuple(SATURATION))


def internal_loss(resonator, contribution, T, frequency, photon_number=0.0):
    """1/Q_i [1] at temperature T [K], frequency [Hz] and mean photon number (0: weak field), broadcast together.

    Sources: the resonant loss of 002 Eq. 35 at h f > T with delta_0 = pi A_2LS/3; film: `superconductor.conductivity`.
    `ParameterError` for a negative photon number, and where h f reaches twice the gap.

    >>> from glasstunnel import TwoLevelSystems
    >>> oxide = TwoLevelSystems(0.0, 1e-3, 100.0, dielectric_strength=1e-3)
    >>> print(f"{internal_loss(Resonator(filling_factor=0.01), oxide, 0.02, 5e9):.3e}")
    1.047e-05
    """
    xp = namespace(T, frequency, photon_number)
    photons = xp.asarray(photon_number, dtype=float)
    if not is_jax(photons) and not (np.isfinite(photons) & (photons >= 0.0)).all():
        raise ParameterError("photon_number must not be negative, NaN or infinite")
    resonant = loss_tangent(contribution, T, 0.0, frequency, part="resonant")
    if resonator.critical_photon_number is not None:
        intensity = photons / resonator.critical_photon_number
        resonant = resonant * saturation(resonator.saturation_law, intensity, resonator.saturation_exponent)
    glass = resonant + loss_tangent(contribution, T, 0.0, frequency, part="relaxational")
    total = resonator.filling_factor * glass + resonator.residual_loss + 0.0 * photons
    if resonator.gap is None:
        return total
    _check_gap(resonator, T, frequency)
    first, second = conductivity(T, frequency, resonator.gap)
    return total + resonator.kinetic_inductance_fraction * first / second


def internal_quality_factor(resonator, contribution, T, frequency, photon_number=0.0):
    """Q_i [1]; `ParameterError` where nothing dissipates (1/Q_i = 0).

    >>> from glasstunnel import TwoLevelSystems
    >>> oxide = TwoLevelSystems(0.0, 1e-3, 100.0, dielectric_strength=1e-3)
    >>> round(float(internal_quality_factor(Resonator(filling_factor=0.01), oxide, 0.02, 5e9)), -2)
    95500.0
    """
    loss = internal_loss(resonator, contribution, T, frequency, photon_number)
    if not is_jax(loss) and not np.all(loss > 0.0):
        raise ParameterError("the internal quality factor is infinite: the resonator and its glass have no loss")
    return 1.0 / loss


def frequency_shift(resonator, contribution, T, frequency, reference_temperature):
    """[f(T) - f(T_ref)]/f [1]: -(F/2) Delta eps'/eps' of the glass, + (alpha/2) d(sigma_2)/sigma_2 of a thin film.

    T [K] and frequency [Hz] broadcast. The shift takes no photon number: it does not saturate like the loss.

    >>> from glasstunnel import TwoLevelSystems
    >>> oxide = TwoLevelSystems(0.0, 1e-3, 100.0, dielectric_strength=1e-3)
    >>> print(f"{frequency_shift(Resonator(filling_factor=0.01), oxide, 0.5, 5e9, reference_temperature=0.1):.3e}")
    2.877e-06
    """
    glass = dielectric_shift(contribution, T, 0.0, frequency, reference_temperature=reference_temperature)
    shift = -0.5 * resonator.filling_factor * glass
    if resonator.gap is None:
        return shift
    _check_gap(resonator, T, frequency)
    _check_gap(resonator, reference_temperature, frequency)
    here = conductivity(T, frequency, resonator.gap)[1]
    there = conductivity(reference_temperature, frequency, resonator.gap)[1]
    return shift + 0.5 * resonator.kinetic_inductance_fraction * (here / there - 1.0)


#: Ports through which a resonator is fed: factor c of n = c Q_l^2 P/(Q_c hbar omega^2).
COUPLING = {"notch": 2.0, "one_port": 4.0}


def photon_number(power, frequency, loaded_quality_factor, coupling_quality_factor, coupling):
    """Mean photon number in a resonator fed on resonance with `power` [W] at its input port.

    n = c Q_l^2 P/(Q_c hbar omega^2), c = 2 for `coupling` "notch" (side-coupled to a feed line, half of the power can
    enter) and 4 for "one_port" (reflection): the choice is explicit because papers differ by this factor.
    `ParameterError` for another coupling and for values that are not positive.

    >>> print(f"{photon_number(1e-18, 5e9, 1e5, 2e5, 'notch'):.3f}")
    0.961
    """
    if coupling not in COUPLING:
        raise ParameterError(f"coupling must be one of {', '.join(map(repr, COUPLING))}, got {coupling!r}")
    named = dict(
        power=power, frequency=frequency, loaded_quality_factor=loaded_quality_factor,
        coupling_quality_factor=coupling_quality_factor,
    )
    for name, value in named.items():
        if not is_jax(value) and not np.all(np.isfinite(value) & (np.asarray(value) > 0.0)):
            raise ParameterError(f"{name} must be positive and finite, got {value!r}")
    omega = 2.0 * np.pi * frequency
    return COUPLING[coupling] * loaded_quality_factor**2 * power / (coupling_quality_factor * hbar * omega**2)


def _check_gap(resonator, T, frequency):
    if any(is_jax(value) for value in (T, frequency, resonator.gap)):
        return
    if np.any(quantum(np.asarray(frequency, float)) >= 2.0 * energy_gap(np.asarray(T, float), resonator.gap)):
        raise ParameterError(
            f"h f reaches twice the gap of the film (Resonator.gap = {resonator.gap:g} K) in the given temperatures; "
            "keep T further below the critical temperature gap/1.764"
        )
