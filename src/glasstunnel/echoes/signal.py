"""The echo of a glass: anomalous and two-level contributions together, in a magnetic field."""

import dataclasses
import math
import warnings
from functools import lru_cache, reduce

import numpy as np
from numpy.typing import ArrayLike

from glasstunnel.constants import flux_phase_per_area, hbar
from glasstunnel.echoes import detection
from glasstunnel.echoes.convention import EchoConvention, echo_convention
from glasstunnel.echoes.detection import Detector
from glasstunnel.echoes.flux.anomalous import AnomalousEcho, EchoTable
from glasstunnel.echoes.flux.two_level import TwoLevelEcho, two_level_spectrum
from glasstunnel.echoes.nuclear.average import nuclear_factor as factor_of_nuclei
from glasstunnel.echoes.pulses import Pulses, check_times
from glasstunnel.errors import ParameterError
from glasstunnel.numerics.arrays import real_arrays
from glasstunnel.numerics.checks import real_number
from glasstunnel.systems.anomalous.contribution import AnomalousTunnelingSystems
from glasstunnel.systems.anomalous.cutoffs import cutoffs_at
from glasstunnel.systems.contribution import Contribution
from glasstunnel.systems.glass import as_glass
from glasstunnel.systems.nuclear_quadrupoles import NuclearQuadrupoles
from glasstunnel.systems.parameters import known
from glasstunnel.systems.response import spectral_diffusion
from glasstunnel.systems.two_level import TwoLevelSystems

# Stands for B = 0: flux energies of this share of D_min change no result above 1e-9.
_ZERO_FIELD = 1e-6
_STRONGEST = 30.0  # p F0 tau/hbar; up to here averages have relative errors below 1e-6


def echo(
    glass: Contribution,
    pulses: Pulses,
    T: ArrayLike,
    B: ArrayLike,
    time: ArrayLike | None = None,
    *,
    convention: str | EchoConvention = "derived",
    relative_amplitude: float | None = None,
    nuclear_factor: ArrayLike = 1.0,
) -> np.ndarray:
    """Echo of a glass after two or three pulses, as the polarization amplitude per kilogram [C m/kg].

    The envelope on the carrier, phase-cycled; positive in phase with the echo of resonant systems. Anomalous systems
    and the two-level background add with the same sign, in proportion to their densities.

    Parameters
    ----------
    glass : a `Glass`, or one contribution. Anomalous and two-level systems with a `dipole_moment` give an echo;
        `NuclearQuadrupoles` multiply that of the two-level systems (see `nuclear_factor`).
    pulses : a `Pulses`; its `detection` says what is returned.
    T, B : temperature [K] and flux density [T], arrays that broadcast together.
    time : None for one amplitude (at the echo time, the peak, or the gated integral in C m s/kg), or times [s] from
        the start of the first pulse: the shape of the echo, as systems within some 100 MHz of the carrier form it.
    convention : "derived", "paper" or an `EchoConvention`.
    relative_amplitude : x = anomalous over two-level amplitude at B = 0, signed, in place of dipoles and density of the
        two-level systems, which 002 does not give. The result is then relative to the two-level echo, 1 + x j(B) with
        j(0) = 1. Both echoes have the same sign, so x > 0 and the amplitude has a maximum in the field; a minimum needs
        x < 0, which the papers use without a reason, and which warns.
    nuclear_factor : a further factor on the two-level part, of the broadcast shape of T and B, see
        `nuclear_quadrupole_echo`.

    Returns
    -------
    Real array of the broadcast shape of T and B, followed by that of `time`.

    Raises
    ------
    ParameterError for times before the last pulse, fields beyond half a flux quantum in the loop, missing dipoles or
    densities, and pulses so strong that the averages over directions are not resolved (p F0 tau > 30 hbar).

    Source: 002, Eqs. 62-79, as corrected in the package documentation; the field dependence of anomalous systems is
    averaged over loop and field directions, taken as independent. `asymmetry_max` counts as infinite.

    >>> from glasstunnel import AnomalousTunnelingSystems, Pulses, echo
    >>> ats = AnomalousTunnelingSystems(1e20, 0.0272, None, 1140.0, 8960.0, theory="effective", dipole_moment=2e-30)
    >>> pulses = Pulses((1e-7, 2e-7), (2e-6,), 1e9, field_amplitude=1e3)
    >>> bool(echo(ats, pulses, 0.012, 0.3) > echo(ats, pulses, 0.012, 0.0) > 0.0)
    True
    """
    if not isinstance(pulses, Pulses):
        raise ParameterError(f"echo: pulses must be a Pulses, got {pulses!r}")
    anomalous, two_level, nuclei = _parts(glass)
    convention = echo_convention(convention)
    T, B, nuclear_factor = real_arrays(("T", T), ("B", B), ("nuclear_factor", nuclear_factor))
    T, B = np.broadcast_arrays(T, np.abs(B))
    _check(T, B, anomalous, two_level, nuclei, relative_amplitude)
    _check_strength(pulses, anomalous + two_level)
    times = None if time is None else check_times(pulses, time)
    detector = detection.detector(pulses, times)
    factor = _factor(nuclear_factor, T.shape) * math.prod(
        (factor_of_nuclei(kind, B, *pulses.waiting_times) for kind in nuclei), start=np.ones(T.shape)
    )
    result = np.zeros((T.size, *detector.shape))
    for temperature in np.unique(T):
        at = np.flatnonzero(T.ravel() == temperature)
        sums = _Sums(pulses, float(temperature), convention, detector, kept=times is None)
        weak = factor.ravel()[at].reshape(-1, *(1,) * len(detector.envelope_shape))
        strong = [sums.anomalous(contribution, B.ravel()[at]) for contribution in anomalous]
        if relative_amplitude is None:
            background = [weak * sums.two_level(contribution) for contribution in two_level]
            result[at] = detector.project(reduce(np.add, strong + background))
        else:
            unit = [sums.anomalous(contribution, np.zeros(1)) for contribution in anomalous]
            strength = _reference(detector.project(reduce(np.add, unit)))
            result[at] = weak + relative_amplitude * detector.project(reduce(np.add, strong)) / strength
    return result.reshape(T.shape + detector.shape)[()]


class _Sums:
    """Envelopes at one temperature; `kept` : those of single amplitudes are remembered per unit of density."""

    def __init__(self, pulses, T, convention, detector, kept):
        self.arguments = pulses, T, convention
        self.detector, self.kept = detector, kept

    def anomalous(self, contribution, fields):
        if not self.kept:
            pulses, T, convention = self.arguments
            return anomalous_envelope(contribution, pulses, T, fields, convention, self.detector)
        density = known(contribution, "density")
        unit = dataclasses.replace(contribution, density=1.0)
        return density * _kept_anomalous(unit, fields.tobytes(), *self.arguments)

    def two_level(self, contribution):
        if not self.kept:
            pulses, T, convention = self.arguments
            return two_level_envelope(contribution, pulses, T, convention, self.detector)
        density = known(contribution, "density")
        return density * _kept_two_level(dataclasses.replace(contribution, density=1.0), *self.arguments)


@lru_cache(maxsize=256)
def _kept_anomalous(contribution, fields, pulses, T, convention):
    return anomalous_envelope(
        contribution, pulses, T, np.frombuffer(fields), convention, detection.detector(pulses, None)
    )


@lru_cache(maxsize=1024)
def _kept_two_level(contribution, pulses, T, convention):
    return two_level_envelope(contribution, pulses, T, convention, detection.detector(pulses, None))


def anomalous_envelope(
    contribution: AnomalousTunnelingSystems,
    pulses: Pulses,
    T: float,
    B: np.ndarray,
    convention: EchoConvention,
    detector: Detector,
) -> np.ndarray:
    """Complex polarization amplitude of anomalous systems at fields B (n,) [T]: (n, *detector.envelope_shape) [C m/kg].

    (2 pi hbar P*/F0) times the mean over loop directions of J_S + i J_C  [002, Eqs. 75-77].
    """
    cutoffs = cutoffs_at(contribution, T)
    _check_flux(contribution, cutoffs, B, T)
    scale = flux_phase_per_area / (np.sqrt(3.0) if convention.direction == "rms" else 1.0)
    averaged = convention.direction == "average"
    floor = _ZERO_FIELD * cutoffs.asymmetry_min / (scale * cutoffs.amplitude_area_max)
    flux = scale * np.maximum(B, floor)
    low, high = flux * cutoffs.amplitude_area_min, flux * cutoffs.amplitude_area_max
    conditions = AnomalousEcho(
        **_conditions(contribution, pulses, T, convention), asymmetry_min=float(cutoffs.asymmetry_min),
        convention=convention,
    )
    density, strength = known(contribution, "density"), pulses.field_amplitude
    prefactor = 2.0 * np.pi * density * hbar / strength if strength else 0.0

    def sums(weight):
        if averaged:
            table = _table(conditions, weight, detector.longest)
            return [(table.detuning, table.spectrum(a, b)) for a, b in zip(low, high, strict=True)]
        return [_at_one_angle(conditions, weight, detector.longest, a, b) for a, b in zip(low, high, strict=True)]

    return prefactor * detector.sum_over(sums)


def two_level_envelope(
    contribution: TwoLevelSystems, pulses: Pulses, T: float, convention: EchoConvention, detector: Detector
) -> np.ndarray:
    """Complex polarization amplitude of two-level systems, (1, *detector.envelope_shape) [C m/kg].

    (hbar/F0) density times `two_level_spectrum`  [002, Eq. 62].
    """
    conditions = TwoLevelEcho(
        **_conditions(contribution, pulses, T, convention), energy_max=contribution.energy_max,
        diffusion=_diffusion(contribution, pulses, T),
    )
    prefactor = known(contribution, "density") * hbar / pulses.field_amplitude if pulses.field_amplitude else 0.0
    return prefactor * detector.sum_over(lambda weight: [_two_level(conditions, weight, detector.longest)])


def _conditions(contribution, pulses, T, convention):
    """The fields of `EchoConditions`."""
    return {
        "temperature": T, "carrier": pulses.angular_frequency,
        "rabi": known(contribution, "dipole_moment") * pulses.field_amplitude / hbar, "durations": pulses.durations,
        "echo_time": pulses.echo_time - _stored(pulses), "stored_time": _stored(pulses), "rate": _rate(contribution),
        "dephasing": contribution.spectral_diffusion * T, "damping_factor": convention.damping_factor,
    }  # fmt: skip


@lru_cache(maxsize=32)
def _table(conditions, weight, longest):
    return EchoTable(conditions, weight=weight, longest=longest)


@lru_cache(maxsize=32)
def _two_level(conditions, weight, longest):
    return two_level_spectrum(conditions, weight=weight, longest=longest)


def _at_one_angle(conditions, weight, longest, low, high):
    """Without the average over angles the density of states has edges, to which the nodes must be fitted."""
    edges = tuple(float(np.hypot(conditions.asymmetry_min, x)) for x in (low, high))
    table = EchoTable(conditions, weight=weight, longest=longest, edges=edges)
    return table.detuning, table.spectrum(low, high, averaged=False)


def _stored(pulses):
    """Time between pulses 2 and 3, which the echo waits as a population [s]."""
    return pulses.waiting_times[1] if len(pulses.durations) == 3 else 0.0


def _rate(contribution):
    constant = getattr(contribution, "rate_constant", contribution.elastic_constant)
    return 0.0 if constant is None else 1.0 / constant


def _diffusion(contribution, pulses, T):
    """Exponent over Delta/E that flips of other two-level systems of the same population take at the echo."""
    if contribution.diffusion_strength == 0.0:
        return 0.0
    gamma = contribution.known_rate("the spectral diffusion of echoes")
    delay = 0.5 * (pulses.echo_time - _stored(pulses))
    return spectral_diffusion.exponent(
        T, delay, _stored(pulses), contribution.diffusion_strength, contribution.finest_amplitude, gamma
    )


def _parts(glass):
    members = as_glass(glass, "echo").contributions.values()
    able = [part for part in members if getattr(part, "dipole_moment", None) is not None]
    return (
        [part for part in able if isinstance(part, AnomalousTunnelingSystems)],
        [part for part in able if isinstance(part, TwoLevelSystems)],
        [part for part in members if isinstance(part, NuclearQuadrupoles)],
    )


def _check(T, B, anomalous, two_level, nuclei, relative_amplitude):
    if not (np.isfinite(T) & (T > 0.0)).all():
        raise ParameterError("echo: temperature T must be finite and > 0 K")
    if not np.isfinite(B).all():
        raise ParameterError("echo: flux density B must be finite [T]")
    if any(contribution.area_spread != 0.0 for contribution in anomalous):
        raise ParameterError("echo: anomalous systems with an area_spread are not evaluated; set area_spread to 0")
    if not anomalous and not two_level:
        raise ParameterError("echo: no contribution of this glass has a dipole_moment [C m]; give one to its systems")
    if relative_amplitude is None:
        if nuclei and not two_level:
            raise ParameterError(
                "echo: NuclearQuadrupoles act on the echo of two-level systems, and none in this glass has a "
                "dipole_moment [C m]"
            )
        return
    real_number("echo: relative_amplitude", relative_amplitude)
    if not anomalous:
        raise ParameterError("echo: relative_amplitude needs anomalous systems with a dipole_moment [C m]")
    if relative_amplitude < 0.0:
        warnings.warn(
            f"relative_amplitude = {relative_amplitude:g} is negative: the echoes of anomalous and two-level systems "
            "have the same sign, so the theory itself gives a positive number", stacklevel=3,
        )


def _factor(nuclear_factor, shape):
    if not np.isfinite(nuclear_factor).all():
        raise ParameterError("echo: nuclear_factor must be finite")
    if np.broadcast_shapes(nuclear_factor.shape, shape) != shape:
        raise ParameterError(
            f"echo: nuclear_factor of shape {nuclear_factor.shape} does not broadcast to shape {shape} of T and B"
        )
    return np.broadcast_to(nuclear_factor, shape)


def _check_strength(pulses, contributions):
    """The averages over directions, and the polynomials in the flux share, resolve so many turns of a pulse."""
    for contribution in contributions:
        area = contribution.dipole_moment * pulses.field_amplitude / hbar * max(pulses.durations)
        if area > _STRONGEST:
            raise ParameterError(
                f"echo: dipole moment times field amplitude times the longest pulse is {area:.3g} hbar, beyond the "
                f"{_STRONGEST:g} hbar up to which averages over directions are accurate; weaken or shorten the pulses"
            )


def _check_flux(contribution, cutoffs, B, T):
    """The gap grows linearly with the flux only while a loop holds less than half a quantum."""
    if cutoffs.flux_field is None or not B.size:
        return
    largest = np.pi * float(cutoffs.flux_field)
    if B.max() > largest:
        raise ParameterError(
            f"echo: the field grid reaches {B.max():g} T, beyond the edge of the table at {largest:.4g} T (pi times "
            f"flux_field at {T:g} K), where loops hold half a flux quantum; end the grid there"
        )


def _reference(strength):
    if not np.all(np.abs(strength) > 0.0):
        raise ParameterError("echo: the anomalous echo vanishes at B = 0, relative_amplitude has no meaning here")
    return strength
