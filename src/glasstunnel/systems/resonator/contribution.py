"""What a superconducting resonator adds to the glass in it: share of the field, saturation, film, residual loss.

A resonator stands in the `Glass` beside the two-level systems of its oxide, so that the same glass gives its loss and
frequency shift, and a parameter has the same path everywhere ("resonator.critical_power"). Losses add:

    1/Q_i = F [S tan(delta_res) + tan(delta_rel)] + alpha sigma_1/sigma_2 + residual,

summed over the contributions of the glass. The drive saturates (S) the resonant loss only; the frequency shift keeps
its weak-field value, because it comes from systems far from resonance.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from glasstunnel.errors import ParameterError
from glasstunnel.systems.contribution import Contribution, zeros
from glasstunnel.systems.parameters import check_choice, parameter
from glasstunnel.systems.resonator.saturation import SATURATION, saturation
from glasstunnel.systems.resonator.superconductor import conductivity, energy_gap
from glasstunnel.systems.response.two_level import quantum


@dataclass(frozen=True)
class Resonator(Contribution):
    """A superconducting resonator around the glass, without heat capacity or magnetization of its own
    [tan(delta): 002 Eq. 35 at h f > T; film: Mattis and Bardeen 1958; saturation in T: Crowley et al. 2023].

    The drive enters as photon number over `critical_photon_number`, or, where attenuation and coupling are not known,
    as power over `critical_power`; without either the loss has its weak-field value. Both grow with temperature as
    coth(h f/2T)^m with m = `saturation_thermal_power`, because systems relax and dephase faster when warm: 0 keeps
    them constant, 1 is one-phonon relaxation at constant T2, 2 the limit T2 = 2 T1; measured exponents are often
    larger [K. D. Crowley et al., Phys. Rev. X 13, 041005 (2023), with T^beta1/tanh in this place].

    saturation_law : "empirical" 1/sqrt(1 + (n/nc)^beta), "average" (directions averaged, T2 independent of the
        system) or "lifetime" (T2 = 2 T1).

    >>> Resonator(gap=17.0, kinetic_inductance_fraction=0.05).filling_factor
    1.0
    """

    filling_factor: float = parameter("1", "share F of the electric energy in the glass", upper=1.0, default=1.0)
    critical_photon_number: float | None = parameter(
        "1", "n_c where saturation sets in (not given: weak field)", optional=True, default=None
    )
    critical_power: float | None = parameter(
        "W", "P_c, the same for a drive known as power alone", optional=True, default=None
    )
    saturation_exponent: float = parameter("1", "beta of the empirical law", upper=10.0, default=1.0)
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
    saturation_law: str = "empirical"

    def __post_init__(self):
        super().__post_init__()
        check_choice(self, "saturation_law", tuple(SATURATION))
        if self.critical_photon_number is not None and self.critical_power is not None:
            raise ParameterError("Resonator: give critical_photon_number or critical_power, not both")

    def free_energy(self, T, B):
        """Zero: what a resonator dissipates is no property of the glass."""
        return zeros(T, B)

    def entropy(self, T, B):
        """Zero."""
        return zeros(T, B)

    def heat_capacity(self, T, B):
        """Zero."""
        return zeros(T, B)

    def internal_loss(self, T, B, frequency, photon_number=None, power=None):
        """1/Q_i [1] of film and residual loss alone, without any glass."""
        film = self.film("internal_loss", T, B, {"frequency": frequency})
        return self.residual_loss + self.kinetic_inductance_fraction * film

    def frequency_shift(self, T, B, frequency, reference_temperature):
        """(alpha/2) [sigma_2(T) - sigma_2(T_ref)]/sigma_2(T_ref) of a thin film alone."""
        further = {"frequency": frequency, "reference_temperature": reference_temperature}
        return self.kinetic_inductance_fraction * self.film("frequency_shift", T, B, further)

    def film(self, observable, T, B, further):
        """What the quasiparticles of the film give per kinetic inductance fraction; zero without a gap."""
        if self.gap is None:
            return zeros(T, B, *further.values())
        return _kept(_film, self.gap, observable, {"T": T} | further) + zeros(B)

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


def _film(gap, observable, conditions):
    T, frequency = conditions["T"], conditions["frequency"]
    _check_gap(gap, T, frequency)
    first, second = conductivity(T, frequency, gap)
    if observable == "internal_loss":
        return first / second
    reference, at_reference = (_one_if_constant(values) for values in (conditions["reference_temperature"], frequency))
    _check_gap(gap, reference, at_reference)
    return 0.5 * (second / conductivity(reference, at_reference, gap)[1] - 1.0)


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


def _kept(function, subject, observable, conditions):
    """function(subject, observable, conditions), kept for the subjects and conditions met last.

    Fits mostly vary a part of the resonator: the glass in it and the film then stay as they are.
    """
    arrays = {key: np.asarray(value, float) for key, value in conditions.items()}
    return _remembered(
        function, subject, observable, tuple((key, one.shape, one.tobytes()) for key, one in arrays.items())
    )


@lru_cache(maxsize=64)
def _remembered(function, subject, observable, conditions):
    arrays = {key: np.frombuffer(content).reshape(shape) for key, shape, content in conditions}
    return function(subject, observable, arrays)


#: The observables of a resonator, as method names.
RESONATOR_OBSERVABLES = ("internal_loss", "frequency_shift")


def resonator_of(contributions):
    """(key, `Resonator`) of a mapping of contributions; `ParameterError` unless there is exactly one."""
    found = [(key, part) for key, part in contributions.items() if isinstance(part, Resonator)]
    if len(found) != 1:
        raise ParameterError(
            f"internal loss and frequency shift need one Resonator among the contributions, there are {len(found)}"
        )
    return found[0]


def response(part, observable, T, B, further):
    """What one contribution gives to a resonator observable, before filling factor and saturation: an array.

    Loss: (resonant, relaxational) loss tangent. Shift: (change of eps' from the reference temperature,).
    """
    drive = ("photon_number", "power")
    conditions = {"T": T, "B": B} | {key: value for key, value in further.items() if key not in drive}
    return _kept(_response, part, observable, conditions)


def _response(part, observable, conditions):
    T, B, *_ = conditions.values()
    if observable == "frequency_shift":
        further = {key: value for key, value in conditions.items() if key not in ("T", "B")}
        return part.dielectric_shift(T, B, **further)[None]
    kinds = ("resonant", "relaxational")
    return np.stack([np.imag(part.permittivity(T, B, conditions["frequency"], part=name)) for name in kinds])


def seen_by(resonator, observable, parts, T, B, further):
    """What a resonator shows of a `response`: F [S resonant + relaxational], or -(F/2) of the change of eps'."""
    if observable == "frequency_shift":
        return -0.5 * resonator.filling_factor * parts[0]
    drive = {key: value for key, value in further.items() if key != "frequency"}
    factor = resonator.saturation(T, further["frequency"], **drive)
    return resonator.filling_factor * (factor * parts[0] + parts[1])


def resonator_parts(contributions, observable, T, B, further):
    """{key: share} of a resonator observable; the resonator itself has the share of film and residual loss."""
    key, resonator = resonator_of(contributions)
    shares = {
        name: seen_by(resonator, observable, response(part, observable, T, B, further), T, B, further)
        for name, part in contributions.items() if name != key
    }  # fmt: skip
    return shares | {key: getattr(resonator, observable)(T, B, **further)}


def resonator_derivatives(contributions, observable, T, B, paths, further):
    """(value, {path: derivative}) of a resonator observable; every contribution is evaluated only for its own paths."""
    key, resonator = resonator_of(contributions)
    total, slopes = np.zeros((2, *(1,) * np.ndim(T))), {}
    for name, part in contributions.items():
        if name == key:
            continue
        total = total + response(part, observable, T, B, further)
        for own in _own(paths, name):
            change = part.difference(own, lambda moved: response(moved, observable, T, B, further))
            slopes[f"{name}.{own}"] = seen_by(resonator, observable, change, T, B, further)
    film = resonator.film(observable, T, B, further)
    lossy = 1.0 if observable == "internal_loss" else 0.0
    closed = {
        "residual_loss": lambda: lossy + 0.0 * film,
        "kinetic_inductance_fraction": lambda: film,
        "gap": lambda: resonator.kinetic_inductance_fraction
        * resonator.difference("gap", lambda moved: moved.film(observable, T, B, further)),
    }  # fmt: skip
    for own in _own(paths, key):
        slopes[f"{key}.{own}"] = closed[own]() if own in closed else resonator.difference(
            own, lambda moved: seen_by(moved, observable, total, T, B, further)
        )
    alone = lossy * resonator.residual_loss + resonator.kinetic_inductance_fraction * film
    return alone + seen_by(resonator, observable, total, T, B, further), slopes


def _own(paths, key):
    return [path.split(".", 1)[1] for path in paths if path.split(".", 1)[0] == key]
