"""Noise that dissipation in tunneling systems must make, and what is no longer fluctuation and dissipation."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from glasstunnel.constants import boltzmann, hbar, planck
from glasstunnel.errors import ParameterError
from glasstunnel.numerics.checks import is_number, is_whole_number, positive
from glasstunnel.observables.acoustics import internal_friction
from glasstunnel.observables.dielectric import loss_tangent
from glasstunnel.observables.evaluation import evaluate
from glasstunnel.systems.contribution import Contribution
from glasstunnel.systems.glass import as_glass
from glasstunnel.systems.parameters import known
from glasstunnel.systems.response.two_level import quantum
from glasstunnel.systems.two_level import TwoLevelSystems

_MOST_SYSTEMS = 1e7  # that are drawn for one qubit


def thermal_energy(T: ArrayLike, frequency: ArrayLike) -> Any:
    """(h f/2) coth(h f/2 k_B T) [J], mean energy of an oscillator, which is k_B T for h f << k_B T.

    H. B. Callen and T. A. Welton, Phys. Rev. 83, 34 (1951).

    >>> print(f"{float(thermal_energy(0.1, 1e3)) / (1.380649e-23 * 0.1):.9f}")
    1.000000000
    """
    half = 0.5 * planck * np.asarray(frequency, float)
    return half / np.tanh(half / (boltzmann * np.asarray(T, float)))


def capacitor_noise(
    contribution: Contribution, T: ArrayLike, B: ArrayLike, frequency: ArrayLike, capacitance: ArrayLike
) -> Any:
    """One-sided spectral density of the voltage [V2/Hz] on a capacitor [F] filled with the glass.

    4 N(f, T) tan(delta)/(omega C), N = `thermal_energy`: on the plateau of tan(delta) exactly 1/f. For small losses.
    Source: the fluctuation-dissipation theorem, as in `thermal_energy`.

    >>> from glasstunnel import TwoLevelSystems, capacitor_noise
    >>> plateau = TwoLevelSystems(0.0, 1e-9, 1e3, dielectric_strength=1e-3, elastic_constant=1e-14)
    >>> print(f"{float(capacitor_noise(plateau, 0.1, 0.0, 1e3, 1e-12)):.2e}")
    4.60e-19
    """
    return evaluate("voltage_noise", contribution, T, B, frequency=frequency, capacitance=capacitance)


def voltage_noise(contribution: Contribution, T: Any, B: Any, frequency: Any, capacitance: Any) -> Any:
    """`capacitor_noise` at checked conditions."""
    loss = loss_tangent(contribution, T, B, frequency)
    return 4.0 * thermal_energy(T, frequency) * loss / (2.0 * np.pi * frequency * capacitance)


def displacement_noise(
    contribution: Contribution, T: ArrayLike, B: ArrayLike, frequency: ArrayLike, stiffness: ArrayLike,
    mode: str = "longitudinal",
) -> Any:
    """One-sided spectral density of a displacement [m2/Hz] of a body of stiffness [N/m], off its resonances.

    4 N(f, T)/(Q omega k): what internal friction of a mirror coating or a suspension does to an interferometer.
    Source: the fluctuation-dissipation theorem, as in `thermal_energy`.

    >>> from glasstunnel import TwoLevelSystems, displacement_noise
    >>> coating = TwoLevelSystems(None, longitudinal_strength=3e-4, elastic_constant=2e-8)
    >>> bool(displacement_noise(coating, 10.0, 0.0, 100.0, 1e9) > 0.0)
    True
    """
    return evaluate("displacement_noise", contribution, T, B, frequency=frequency, stiffness=stiffness, mode=mode)


def position_noise(
    contribution: Contribution, T: Any, B: Any, frequency: Any, stiffness: Any, mode: str = "longitudinal"
) -> Any:
    """`displacement_noise` at checked conditions."""
    friction = internal_friction(contribution, T, B, frequency, mode)
    return 4.0 * thermal_energy(T, frequency) * friction / (2.0 * np.pi * frequency * stiffness)


def frequency_noise(
    contribution: Contribution, T: ArrayLike, B: ArrayLike, frequency: ArrayLike, noise_frequency: ArrayLike,
    mass: ArrayLike | None = None, *, coherence_time: ArrayLike | None = None,
) -> Any:
    """One-sided spectral density S_y [1/Hz] of the fractional frequency of a resonator at `frequency` [Hz].

    Two-level systems that flip thermally, each by itself, in `mass` [kg] of glass that fills the field; T2 =
    `coherence_time` [s] gives the near-resonant ones a width. White at low noise frequencies, dying out on cooling. The
    1/f noise of real resonators comes from interacting systems: it is no result of this package, `FlickerNoise` is its
    law with fitted numbers. Divide the mass by the share of the field in the glass squared where that is not one.
    Source: `systems.response.frequency_noise`.

    >>> from glasstunnel import TwoLevelSystems, frequency_noise
    >>> oxide = TwoLevelSystems(1e20, None, 100.0, dielectric_strength=1e-3, elastic_constant=1e-8)
    >>> noise = frequency_noise(oxide, [0.05, 0.2], 0.0, 5e9, 1.0, mass=1e-12, coherence_time=1e-6)
    >>> bool(noise[1] > noise[0] > 0.0)
    True
    """
    return evaluate(
        "frequency_noise", contribution, T, B, frequency=frequency, noise_frequency=noise_frequency, mass=mass,
        coherence_time=coherence_time,
    )


def relaxation_rate(
    contribution: Contribution, T: ArrayLike, B: ArrayLike, frequency: ArrayLike, participation: ArrayLike = 1.0
) -> Any:
    """Mean relaxation rate [1/s] of a qubit or resonator whose field has the share `participation` in the glass.

    omega p tan(delta) at its own frequency; interfaces add. Few systems within a line width scatter about this mean:
    `qubit_relaxation`. Source: J. M. Martinis et al., Phys. Rev.
    Lett. 95, 210503 (2005).

    >>> from glasstunnel import TwoLevelSystems, relaxation_rate
    >>> oxide = TwoLevelSystems(0.0, 1e-3, 100.0, dielectric_strength=1e-3)
    >>> print(f"{float(relaxation_rate(oxide, 0.02, 0.0, 5e9, 1e-3)):.3e}")
    3.290e+04
    """
    loss = loss_tangent(contribution, T, B, frequency)
    return 2.0 * np.pi * np.asarray(frequency, float) * positive(participation=participation) * loss


@dataclass(frozen=True)
class QubitRelaxation:
    """Relaxation of qubits that sit in the same amount of glass, each among its own tunneling systems.

    rate : mean of 1/T1 [1/s]. spread : standard deviation over the mean [1]. systems_per_linewidth : mean number of
    systems, per unit of ln Delta0, within the full width of a line.
    """

    rate: float
    spread: float
    systems_per_linewidth: float


def qubit_relaxation(
    contribution: Contribution, T: float, frequency: float, participation: float, mass: float, coherence_time: float
) -> QubitRelaxation:
    """Mean relaxation rate of a qubit and its scatter from qubit to qubit, or in time as systems drift.

    participation : share of the field energy in `mass` [kg] of glass; coherence_time : T2 of the systems [s]. A Poisson
    sum of Lorentzians over independent systems: with N systems per angular frequency [s] and half width w = 1/T2 the
    relative variance is 3/(5 pi N w) (Campbell's theorem; <cos^4> = 1/5, <(Delta0/E)^4> = 2/3). Below about one system
    per line the distribution is far from normal: use `sample_qubit_rates`. Coherent swapping is left out: it needs the
    coupling to be weaker than the width. `ParameterError` without density and dielectric_strength.

    >>> from glasstunnel import TwoLevelSystems, qubit_relaxation
    >>> oxide = TwoLevelSystems(1e20, 1e-3, 100.0, dielectric_strength=1e-3)
    >>> found = qubit_relaxation(oxide, 0.02, 5e9, 1e-3, 1e-15, 1e-7)
    >>> f"{found.rate:.3e} {found.spread:.2f}"
    '3.290e+04 0.16'
    """
    per_frequency, _, width = _bath(contribution, T, frequency, participation, mass, coherence_time)
    mean = relaxation_rate(contribution, T, 0.0, frequency, participation)
    spread = np.sqrt(3.0 / (5.0 * np.pi * per_frequency * width))
    return QubitRelaxation(float(mean), float(spread), float(2.0 * width * per_frequency))


def sample_qubit_rates(
    contribution: Contribution, T: float, frequency: float, participation: float, mass: float, coherence_time: float,
    *, count: int, seed: int = 0,
) -> np.ndarray:
    """1/T1 [1/s] of `count` qubits, each with systems drawn for itself; arguments as `qubit_relaxation`.

    Systems beyond 100 line widths, and those with Delta0 < E/50, count by their mean.

    >>> from glasstunnel import TwoLevelSystems
    >>> oxide = TwoLevelSystems(1e20, 1e-3, 100.0, dielectric_strength=1e-3)
    >>> sample_qubit_rates(oxide, 0.02, 5e9, 1e-3, 1e-15, 1e-7, count=4).shape
    (4,)
    """
    per_frequency, coupling, width = _bath(contribution, T, frequency, participation, mass, coherence_time)
    for name, number in {"count": count, "seed": seed}.items():
        if not is_whole_number(number, least=0):
            raise ParameterError(f"sample_qubit_rates: {name} must be an integer, not negative, got {number!r}")
    rng = np.random.default_rng(seed)
    window, longest = 100.0 * width, float(np.arccosh(50.0))
    if 2.0 * window * per_frequency * longest > _MOST_SYSTEMS:
        raise ParameterError(
            f"sample_qubit_rates: more than {_MOST_SYSTEMS:.0e} systems stand beside the line of each qubit, whose "
            "rates then hardly scatter; qubit_relaxation gives their spread"
        )
    rates = np.empty(count)
    for qubit in range(count):
        number = rng.poisson(2.0 * window * per_frequency * longest)
        share = rng.random(number) ** 2 / np.cosh(longest * rng.random(number)) ** 2  # cos^2 (Delta0/E)^2
        detuning = window * (2.0 * rng.random(number) - 1.0)
        rates[qubit] = 2.0 * coupling * width * np.sum(share / (width**2 + detuning**2))
    inside = 2.0 / np.pi * np.arctan(window / width) * np.tanh(longest)  # share of the mean that was drawn
    return rates + (1.0 - inside) * relaxation_rate(contribution, T, 0.0, frequency, participation)


def _bath(contribution, T, frequency, participation, mass, coherence_time):
    """(systems per angular frequency [s], squared coupling of the strongest one [1/s2], half width [rad/s])."""
    named = {"T": T, "frequency": frequency, "participation": participation, "mass": mass,
             "coherence_time": coherence_time}  # fmt: skip
    for name, number in named.items():
        if not (is_number(number, finite=True) and number > 0.0):
            raise ParameterError(f"the scatter of a qubit: {name} must be a positive number, got {number!r}")
    glass = as_glass(contribution, "qubit_relaxation")
    parts = [part for part in glass.contributions.values() if part.gives("permittivity")]
    if len(parts) != 1 or not isinstance(parts[0], TwoLevelSystems):
        raise ParameterError("the scatter of a qubit needs one contribution with a dipole, and that TwoLevelSystems")
    per_frequency = known(parts[0], "density") * mass * hbar / boltzmann
    if not per_frequency > 0.0:
        raise ParameterError("TwoLevelSystems.density must be positive for the scatter of a qubit")
    strength = known(parts[0], "dielectric_strength") * np.tanh(quantum(frequency) / (2.0 * T))
    return per_frequency, np.pi * frequency * participation * strength / per_frequency, 1.0 / coherence_time
