"""What one measures on a superconducting resonator: quality factor and frequency shift of the glass it stands in.

The glass holds the two-level systems of the oxide and one `Resonator`; T [K], B [T], frequency [Hz] and the drive
broadcast together. Losses add, so fits are made in 1/Q.
"""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from glasstunnel.constants import hbar
from glasstunnel.errors import ParameterError
from glasstunnel.numerics.checks import positive
from glasstunnel.observables.evaluation import evaluate
from glasstunnel.systems.contribution import Contribution


def internal_loss(
    glass: Contribution, T: ArrayLike, B: ArrayLike, frequency: ArrayLike, photon_number: ArrayLike | None = None,
    power: ArrayLike | None = None,
) -> Any:
    """1/Q_i [1] at a mean photon number, or at a power [W] where the resonator has a critical power.

    Sources: the resonant loss of 002 Eq. 35 at h f > T with delta_0 = pi A_2LS/3; film: `superconductor.conductivity`.
    `ParameterError` for a glass without a Resonator, a negative drive, a drive that the resonator needs and does not
    get, and where h f reaches twice the gap.

    >>> from glasstunnel import Glass, Resonator, TwoLevelSystems, internal_loss
    >>> oxide = TwoLevelSystems(0.0, 1e-3, 100.0, dielectric_strength=1e-3)
    >>> glass = Glass({"oxide": oxide, "resonator": Resonator(filling_factor=0.01)})
    >>> print(f"{internal_loss(glass, 0.02, 0.0, 5e9):.3e}")
    1.047e-05
    """
    return evaluate("internal_loss", glass, T, B, frequency=frequency, photon_number=photon_number, power=power)


def internal_quality_factor(
    glass: Contribution, T: ArrayLike, B: ArrayLike, frequency: ArrayLike, photon_number: ArrayLike | None = None,
    power: ArrayLike | None = None,
) -> Any:
    """Q_i [1]; `ParameterError` as `internal_loss`, and where nothing dissipates (1/Q_i = 0).

    >>> from glasstunnel import Glass, Resonator, TwoLevelSystems, internal_quality_factor
    >>> oxide = TwoLevelSystems(0.0, 1e-3, 100.0, dielectric_strength=1e-3)
    >>> glass = Glass({"oxide": oxide, "resonator": Resonator(filling_factor=0.01)})
    >>> round(float(internal_quality_factor(glass, 0.02, 0.0, 5e9)), -2)
    95500.0
    """
    loss = internal_loss(glass, T, B, frequency, photon_number, power)
    if not np.all(loss > 0.0):
        raise ParameterError("the internal quality factor is infinite: the resonator and its glass have no loss")
    return 1.0 / loss


def frequency_shift(
    glass: Contribution, T: ArrayLike, B: ArrayLike, frequency: ArrayLike, reference_temperature: ArrayLike
) -> Any:
    """[f(T) - f(T_ref)]/f [1]: -(F/2) Delta eps'/eps' of the glass, + (alpha/2) d(sigma_2)/sigma_2 of a thin film.

    The shift takes no drive: it does not saturate like the loss. `ParameterError` as `internal_loss`.

    >>> from glasstunnel import Glass, Resonator, TwoLevelSystems, frequency_shift
    >>> oxide = TwoLevelSystems(0.0, 1e-3, 100.0, dielectric_strength=1e-3)
    >>> glass = Glass({"oxide": oxide, "resonator": Resonator(filling_factor=0.01)})
    >>> print(f"{frequency_shift(glass, 0.5, 0.0, 5e9, reference_temperature=0.1):.3e}")
    2.877e-06
    """
    conditions = {"frequency": frequency, "reference_temperature": reference_temperature}
    return evaluate("frequency_shift", glass, T, B, **conditions)


#: Ports through which a resonator is fed: factor c of n = c Q_l^2 P/(Q_c hbar omega^2).
COUPLING = {"notch": 2.0, "one_port": 4.0}


def photon_number(
    power: ArrayLike, frequency: ArrayLike, loaded_quality_factor: ArrayLike, coupling_quality_factor: ArrayLike,
    coupling: str,
) -> Any:
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
    drive, carrier, loaded, coupled = positive(**named)
    omega = 2.0 * np.pi * carrier
    return COUPLING[coupling] * loaded**2 * drive / (coupled * hbar * omega**2)
