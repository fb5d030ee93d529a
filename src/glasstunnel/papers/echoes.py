"""The echo fits of 002 Table 8 as ready glasses with their pulses."""

import math
from dataclasses import dataclass

from glasstunnel.echoes.pulses import Pulses
from glasstunnel.errors import ParameterError
from glasstunnel.papers.entries import published_entry
from glasstunnel.records import brief
from glasstunnel.systems.anomalous.contribution import AnomalousTunnelingSystems
from glasstunnel.systems.glass import Glass

_DEBYE = 1e-21 / 299792458.0  # [C m]
_FIELD_AMPLITUDE = 1e3  # V/m; only its product with the dipole moment is printed
_RATE_UNITS = {"us": 1e6, "ms": 1e3}


@dataclass(frozen=True)
class PublishedEcho:
    """A printed echo fit: `glass` with contribution "ats", `pulses`, temperature T [K], and doubts in `notes`.

    The number of systems is not printed (density 1 per kilogram stands for it), so only ratios of amplitudes mean
    something: use `echo(..., relative_amplitude=x)`.
    """

    glass: Glass
    pulses: Pulses
    T: float
    notes: tuple[str, ...]

    __repr__ = brief


def published_echo(
    id: str, *, preset: str = "paper", T: float = 0.012, waiting_time: float | None = None, rate_unit: str = "us"
) -> PublishedEcho:
    """A row of 002 Table 8 (003 Table 7) as a `PublishedEcho`.

    preset : "paper" (detection on a carrier with the printed tan(omega Delta tau)) or "derived" (in phase); give the
        same to `echo(convention=...)`. T [K], waiting_time [s] : where the row states none, 12 mK and 2 us are those of
        the measurements (002 Fig. 13). rate_unit : "us" as printed, or "ms", which makes the rate that of the loss fits
        (002 Table 7).
    `ParameterError` for another id, preset or unit.

    >>> from glasstunnel import published_echo
    >>> printed = published_echo("002.T8.BK7.echo.tau12_6us")
    >>> print(f"{printed.pulses.frequency:.1e} {printed.glass['ats'].amplitude_area_max:g}")
    9.0e+08 33100
    """
    entry = published_entry(id)
    if entry.table != "002.T8":
        raise ParameterError(f"published entry {id!r} ({entry.what}) is no echo fit; those begin with 002.T8")
    if preset not in ("paper", "derived") or rate_unit not in _RATE_UNITS:
        raise ParameterError(
            "published_echo: preset must be 'paper' or 'derived' and rate_unit 'us' or 'ms', "
            f"got {preset!r} and {rate_unit!r}"
        )
    values, conditions = entry.values, entry.conditions
    diffusion = values.get("c_ATS_per_us_K", values.get("c_ATS_minus_c_2LS_per_us_K"))
    contribution = AnomalousTunnelingSystems(
        density=1.0, asymmetry_min=1e-3 * values["D_min_mK"], asymmetry_max=None,
        amplitude_area_min=values["D0min_qe_S_K_A2"], amplitude_area_max=values["D0max_qe_S_K_A2"], theory="effective",
        elastic_constant=1.0 / (_RATE_UNITS[rate_unit] * values["Gamma_inverse_per_us_K5"]),
        dipole_moment=values["p1_F0_D_kV_per_m"] * _DEBYE * 1e3 / _FIELD_AMPLITUDE,
        spectral_diffusion=1e6 * diffusion,
    )
    paper = {"detection": "carrier", "carrier_phase": math.atan(values["tan_omega_Delta_tau"])}
    gap = conditions.get("tau12_us", 2.0) * 1e-6 if waiting_time is None else waiting_time
    pulses = Pulses(
        (conditions["tau1_us"] * 1e-6, conditions["tau2_us"] * 1e-6), (gap,), conditions["nominal_frequency_GHz"] * 1e9,
        _FIELD_AMPLITUDE, **(paper if preset == "paper" else {}),
    )
    notes = entry.notes + (
        "The number of systems, the two-level background and F0 alone are not printed: amplitudes are relative.",
        f"The rate constant is read per {rate_unit}.",
    )
    glass = Glass({"ats": contribution}, name=f"{entry.glass} ({id})", source=entry.source, notes=notes)
    return PublishedEcho(glass, pulses, T, notes)
