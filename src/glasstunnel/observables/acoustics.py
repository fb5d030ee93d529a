"""Sound velocity and internal friction of the tunneling systems in a glass, and the heat they hold back for a while."""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from glasstunnel.observables.evaluation import evaluate
from glasstunnel.systems.contribution import Contribution
from glasstunnel.systems.glass import as_glass


def sound_velocity_shift(
    contribution: Contribution, T: ArrayLike, B: ArrayLike, frequency: ArrayLike, mode: str = "longitudinal",
    reference_temperature: ArrayLike | None = None, *, reference_field: ArrayLike | None = None, part: str = "both",
    strain_amplitude: ArrayLike | None = None,
) -> Any:
    """Relative change of the speed of sound dv/v [1], from its value at the reference where one is given.

    frequency [Hz]. mode : "longitudinal", "transverse", "young" (bars, vibrating reeds) or "torsion". part :
    "resonant", "relaxational" or "both". Two-level systems: +C ln T where the sound is faster than they relax,
    -(C/2) ln T where it is slower, C the tunneling strength. strain_amplitude [1] : of audio-frequency sound so strong
    that g e0 reaches k_B T (`systems.response.drive`). `ParameterError` where no contribution couples to strain.
    Source: W. A. Phillips, Rep. Prog. Phys. 50, 1657 (1987); the response is that of `permittivity` without its average
    over directions.

    >>> import numpy as np
    >>> from glasstunnel import TwoLevelSystems, sound_velocity_shift
    >>> glass = TwoLevelSystems(None, longitudinal_strength=3e-4, elastic_constant=2e-8)
    >>> shift = sound_velocity_shift(glass, 0.02, 0.0, 1e6, reference_temperature=0.01)
    >>> print(f"{float(shift) / 3e-4 / np.log(2):.3f}")
    1.000
    """
    conditions = {"reference_temperature": reference_temperature, "reference_field": reference_field,
                  "strain_amplitude": strain_amplitude}  # fmt: skip
    return evaluate("sound_velocity_shift", contribution, T, B, frequency=frequency, mode=mode, part=part, **conditions)


def internal_friction(
    contribution: Contribution, T: ArrayLike, B: ArrayLike, frequency: ArrayLike, mode: str = "longitudinal",
    intensity: ArrayLike | None = None, *, part: str = "both", strain_amplitude: ArrayLike | None = None,
) -> Any:
    """Internal friction 1/Q [1] at frequency [Hz]; arguments and source as `sound_velocity_shift`.

    intensity : of the sound [W/m2], which saturates resonant absorption and needs `critical_intensity`; None for weak
    sound. Plateau of two-level systems: pi C/2 where they relax faster than the sound.

    >>> from glasstunnel import TwoLevelSystems, internal_friction
    >>> glass = TwoLevelSystems(None, longitudinal_strength=3e-4, elastic_constant=2e-8)
    >>> print(f"{float(internal_friction(glass, 5.0, 0.0, 100.0)) / 3e-4:.2f}")
    1.57
    """
    return evaluate(
        "internal_friction", contribution, T, B, frequency=frequency, mode=mode, intensity=intensity, part=part,
        strain_amplitude=strain_amplitude,
    )


def sound_attenuation(
    glass: Contribution, T: ArrayLike, B: ArrayLike, frequency: ArrayLike, mode: str = "longitudinal",
    intensity: ArrayLike | None = None,
) -> Any:
    """Attenuation [dB/m] of a longitudinal or transverse wave, 10/ln(10) omega/(Q v); needs the speed of a material.

    >>> from glasstunnel import Material, TwoLevelSystems, sound_attenuation
    >>> silica = TwoLevelSystems(5.0205418e18, material=Material(2200.0, 5800.0, 3800.0, 1.04, 0.65))
    >>> print(f"{float(sound_attenuation(silica, 0.1, 0.0, 1e9)):.0f}")
    1045
    """
    from glasstunnel.observables.transport import host_material

    speed = host_material(as_glass(glass, "sound_attenuation")).speed(mode)
    friction = internal_friction(glass, T, B, frequency, mode, intensity)
    return 10.0 / np.log(10.0) * 2.0 * np.pi * np.asarray(frequency, float) * friction / speed


def short_time_heat_capacity(contribution: Contribution, T: ArrayLike, B: ArrayLike, time: ArrayLike) -> Any:
    """Heat capacity [J/(K kg)] of what takes up heat within `time` [s] after a step of temperature.

    Two-level systems relax over decades of time, so theirs grows as ln(4 t/tau_min) plus Euler's constant; every other
    contribution counts in full. Source: `systems.response.slow_heat`.

    >>> from glasstunnel import Material, TwoLevelSystems, short_time_heat_capacity
    >>> silica = TwoLevelSystems(5.0205418e18, material=Material(2200.0, 5800.0, 3800.0, 1.04, 0.65))
    >>> print(f"{float(short_time_heat_capacity(silica, 0.1, 0.0, 1.0)):.4e}")
    9.1748e-05
    """
    return evaluate("short_time_heat_capacity", contribution, T, B, time=time)


def heat_release(
    contribution: Contribution, T_start: ArrayLike, T: ArrayLike, time: ArrayLike, B: ArrayLike = 0.0
) -> Any:
    """Power [W/kg] that the glass gives off at T [K], `time` [s] after it was cooled at once from T_start [K].

    -> (pi^2/24) k_B density (T_start^2 - T^2)/t for an unlimited distribution. Anomalous systems and everything else
    relax fast and release nothing. Relative error below 1e-9. Source: `systems.response.slow_heat`.

    >>> from glasstunnel import Material, TwoLevelSystems, heat_release
    >>> silica = TwoLevelSystems(5.0205418e18, material=Material(2200.0, 5800.0, 3800.0, 1.04, 0.65))
    >>> print(f"{float(heat_release(silica, 1.0, 0.1, 1.0)):.4e}")
    2.8220e-05
    """
    return evaluate("heat_release", contribution, T, B, start_temperature=T_start, time=time)
