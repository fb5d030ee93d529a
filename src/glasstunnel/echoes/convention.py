"""The points where the printed echo formulas and their derivation differ, as one record of options."""

from dataclasses import dataclass

from glasstunnel.errors import ParameterError
from glasstunnel.numerics.checks import is_number
from glasstunnel.records import brief

_NUMBERS = ("kappa_rabi", "kappa_rate", "damping_factor", "rate_power")
_CHOICES = {
    "shift_denominator": ("generalized", "resonant"),
    "direction": ("average", "rms", "parallel"),
    "rabi": ("exact", "rms"),
}


@dataclass(frozen=True)
class EchoConvention:
    """How a parameter set turns into the echo of anomalous tunneling systems.

    kappa_rabi : weight of D^2/E^2 in the mean square Rabi frequency, Omega^2 = (p1 F0/hbar)^2 (u + kappa (1-u))/6 with
        u = D0^2 phi^2/E^2. 1/2 follows from an isotropic orientation (and 002 Eq. 45); 002 Eq. 72 prints 5/6. Only for
        rabi="rms".
    kappa_rate : the same in the phonon rate 1/tau = E^m (u + kappa (1-u))/(Gamma tanh(E/2T)); 002 Eq. 55 prints 5/6.
    shift_denominator : "generalized", the derived z/Omega_G in the echo shift C, or "resonant", z/Omega_R as 002
        Eqs. 67, 73, 77 print (002 Eq. 63 has it right); z is the detuning.
    damping_factor : the amplitude decays with damping_factor/tau, tau the population time: 1/2, or 1 as 002 Eq. 78.
    rate_power : m of the phonon rate; 5 as 002 Eq. 55 (then Gamma is in s K^5), 3 for one-phonon strain coupling.
    direction : "average" over the angle of the flux loop, "rms" (phi -> phi/sqrt(3)), or "parallel" (loops face B).
    rabi : "exact" average over the direction of the microwave field, or "rms" (the mean square before the average).

    Other switches stand where they belong: detection and carrier phase in `Pulses`, the sign of the relative amplitude
    in `echo`, the unit of the printed rate constant in `published_echo`.

    >>> from glasstunnel import EchoConvention
    >>> from glasstunnel.echoes.convention import CONVENTIONS
    >>> EchoConvention().kappa_rabi, CONVENTIONS["paper"].shift_denominator
    (0.5, 'resonant')
    """

    kappa_rabi: float = 0.5
    kappa_rate: float = 0.5
    shift_denominator: str = "generalized"
    damping_factor: float = 0.5
    rate_power: float = 5
    direction: str = "average"
    rabi: str = "exact"

    __repr__ = brief

    def __post_init__(self):
        for name in _NUMBERS:
            value = getattr(self, name)
            upper = 10.0 if name == "rate_power" else 1.0
            if not is_number(value) or not 0.0 <= value <= upper:
                raise ParameterError(f"EchoConvention.{name} must be between 0 and {upper:g}, got {value!r}")
        for name, allowed in _CHOICES.items():
            if getattr(self, name) not in allowed:
                choices = ", ".join(map(repr, allowed))
                raise ParameterError(f"EchoConvention.{name} must be one of {choices}, got {getattr(self, name)!r}")


#: "derived": what follows from the Hamiltonian. "paper": as 002 Eqs. 72-78 print it (with detection="carrier").
CONVENTIONS = {
    "derived": EchoConvention(),
    "paper": EchoConvention(
        kappa_rabi=5 / 6, kappa_rate=5 / 6, shift_denominator="resonant", damping_factor=1.0, rabi="rms"
    ),
}


def echo_convention(choice: str | EchoConvention) -> EchoConvention:
    """The `EchoConvention` of a name in `CONVENTIONS`, or the record itself; `ParameterError` otherwise.

    >>> echo_convention("derived").rabi
    'exact'
    """
    if isinstance(choice, EchoConvention):
        return choice
    if not isinstance(choice, str) or choice not in CONVENTIONS:
        names = ", ".join(map(repr, CONVENTIONS))
        raise ParameterError(f"echo convention must be one of {names} or an EchoConvention, got {choice!r}")
    return CONVENTIONS[choice]
