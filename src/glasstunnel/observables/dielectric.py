r"""Dielectric constant and loss: the complex relative change that the tunneling systems make.

.. math:: \frac{\Delta\varepsilon}{\varepsilon} = \frac{\Delta\varepsilon'}{\varepsilon'} + i \tan\delta, \qquad
          F(t) = \mathrm{Re}\, F e^{-i\omega t}, \quad \omega = 2\pi f

so absorption is a positive imaginary part. Everything is linear in the small density of tunneling systems and holds no
local-field correction. T [K], B [T] and frequency [Hz] are numbers or arrays that broadcast together; `part` is
"resonant", "relaxational" or "both". `ParameterError` for T <= 0, frequency <= 0, NaN, infinity or another part.
"""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from glasstunnel.errors import ParameterError
from glasstunnel.numerics.checks import positive
from glasstunnel.observables.evaluation import evaluate
from glasstunnel.systems.contribution import Contribution
from glasstunnel.systems.response.two_level import MINIMUM_SCALE


def permittivity(
    contribution: Contribution, T: ArrayLike, B: ArrayLike, frequency: ArrayLike, part: str = "both"
) -> Any:
    """Complex Delta eps/eps [1] that a contribution (usually a `Glass`) adds to its frozen-in background.

    Sources: 004 Eqs. 8, 14-15 (zero field); 002 Eqs. 46-61 (magnetic field), corrected where they contradict the exact
    response; the options are in `DielectricConvention`.

    >>> from glasstunnel import TwoLevelSystems, permittivity
    >>> silica = TwoLevelSystems(0.0, 3.9e-3, 10.0, dielectric_strength=47.2e-5, elastic_constant=5.3e-8)
    >>> print(f"{permittivity(silica, 0.1, 0.0, 1e3):.4e}")
    1.7557e-03+1.6712e-04j
    """
    return evaluate("permittivity", contribution, T, B, frequency=frequency, part=part)


def loss_tangent(
    contribution: Contribution, T: ArrayLike, B: ArrayLike, frequency: ArrayLike, part: str = "both",
    drive_amplitude: ArrayLike | None = None,
) -> Any:
    """tan(delta) = Im Delta eps/eps [1], the sum over the contributions; never negative.

    drive_amplitude : as in `dielectric_shift`.

    >>> from glasstunnel import TwoLevelSystems, loss_tangent
    >>> silica = TwoLevelSystems(0.0, 3.9e-3, 10.0, dielectric_strength=47.2e-5, elastic_constant=5.3e-8)
    >>> print(f"{loss_tangent(silica, 0.1, 0.0, 5e9, part='resonant'):.4e}")
    4.1197e-04
    """
    return evaluate(
        "loss_tangent", contribution, T, B, frequency=frequency, part=part, drive_amplitude=drive_amplitude
    )


def dielectric_shift(
    contribution: Contribution, T: ArrayLike, B: ArrayLike, frequency: ArrayLike,
    reference_temperature: ArrayLike | None = None, reference_field: ArrayLike | None = None, part: str = "both",
    drive_amplitude: ArrayLike | None = None,
) -> Any:
    """Delta eps'/eps' [1] = Re Delta eps/eps, minus its value at the reference.

    drive_amplitude : of the measuring field inside the sample [V/m] where p0 F0 is no longer far below k_B T: the
    average over a cycle of two-level systems that follow it, at audio frequency (`systems.response.drive`).

    The reference is (reference_temperature, reference_field), either one taken from T or B where it is not given; with
    neither, nothing is subtracted and the shift counts from a glass without tunneling systems.

    >>> from glasstunnel import TwoLevelSystems, dielectric_shift
    >>> silica = TwoLevelSystems(0.0, 3.9e-3, 10.0, dielectric_strength=47.2e-5, elastic_constant=5.3e-8)
    >>> float(dielectric_shift(silica, 0.1, 0.0, 1e3, reference_temperature=0.1))
    0.0
    """
    conditions = {
        "reference_temperature": reference_temperature, "reference_field": reference_field, "part": part,
        "drive_amplitude": drive_amplitude,
    }
    return evaluate("dielectric_shift", contribution, T, B, frequency=frequency, **conditions)


def crossover_temperature(elastic_constant: ArrayLike, frequency: ArrayLike) -> Any:
    """T_min = 1.304 (gamma omega)^(1/3) [K] of eps'(T) for two-level systems with an unlimited distribution.

    gamma [s K^3], frequency [Hz]. The papers' T0 = (gamma omega/2)^(1/3) (002 Eq. 38) is where omega tau_min = 1 at
    E = T, 1.64 times below the minimum itself. `ParameterError` for either one <= 0.

    >>> round(float(crossover_temperature(5.3e-8, 1e3)), 4)
    0.0904
    """
    constant, carrier = positive(elastic_constant=elastic_constant, frequency=frequency)
    product = constant * 2.0 * np.pi * carrier
    return MINIMUM_SCALE * product ** (1.0 / 3.0)


def minimum_temperature(
    contribution: Contribution, frequency: float, B: float = 0.0, between: tuple[float, float] = (1e-3, 10.0)
) -> float:
    """Temperature [K] of the minimum of Delta eps'(T) in `between` [K], to about 1e-6 of itself;
    a local minimum, because eps' falls again where T passes the largest gap.

    `ParameterError` where Delta eps' has no minimum inside.

    >>> from glasstunnel import TwoLevelSystems
    >>> silica = TwoLevelSystems(0.0, 3.9e-3, 10.0, dielectric_strength=47.2e-5, elastic_constant=5.3e-8)
    >>> round(minimum_temperature(silica, 1e3), 4)
    0.0852
    """
    from scipy.optimize import minimize_scalar

    def shift(log_temperature):
        return float(dielectric_shift(contribution, np.exp(log_temperature), B, frequency))

    low, high = np.log(positive(between=between))
    grid = np.linspace(low, high, 60)
    values = dielectric_shift(contribution, np.exp(grid), B, frequency)
    valleys = np.flatnonzero((values[1:-1] < values[:-2]) & (values[1:-1] < values[2:])) + 1
    if valleys.size == 0:
        raise ParameterError(f"the dielectric constant has no minimum between {between[0]:g} and {between[1]:g} K")
    lowest = valleys[np.argmin(values[valleys])]
    bracket = (grid[lowest - 1], grid[lowest + 1])
    return float(np.exp(minimize_scalar(shift, bounds=bracket, method="bounded", options={"xatol": 1e-7}).x))


def logarithmic_slope(
    contribution: Contribution, T: ArrayLike, B: ArrayLike, frequency: ArrayLike, part: str = "both"
) -> Any:
    """d(Delta eps'/eps')/d ln T at T [1]; limits for two-level systems: -2A/3 resonant, +A relaxational, +A/3 in sum.

    The sum goes from -2A/3 below the minimum to +A/3 above, the "-2:1" of the standard tunneling model (002 Eqs.
    36-38, 004 Eqs. 11-13, where the +A/3 is printed for the relaxational part alone). Relative error about 1e-8.

    >>> from glasstunnel import TwoLevelSystems
    >>> ideal = TwoLevelSystems(0.0, None, 1e3, dielectric_strength=1.0, elastic_constant=1e-8)
    >>> print(f"{3 * logarithmic_slope(ideal, 0.1, 0.0, 1e3, part='resonant'):.4f}")
    -2.0000
    """
    step = 1e-3
    shifts = [dielectric_shift(contribution, T * np.exp(n * step), B, frequency, part=part) for n in (-2, -1, 1, 2)]
    return (8.0 * (shifts[2] - shifts[1]) - (shifts[3] - shifts[0])) / (12.0 * step)


def fitted_slopes(
    contribution: Contribution, frequency: float, B: float = 0.0, below: tuple[float, float] = (0.2, 0.5),
    above: tuple[float, float] = (2.0, 5.0), points: int = 41,
) -> tuple[float, float]:
    """(S_minus, S_plus): straight lines through Delta eps'(ln T) on windows in units of its minimum temperature.

    The windows decide the slope ratio a set is said to have: (0.2-0.5) and (2-5) T_min by default.

    >>> from glasstunnel import TwoLevelSystems
    >>> silica = TwoLevelSystems(0.0, 3.9e-3, 10.0, dielectric_strength=47.2e-5, elastic_constant=5.3e-8)
    >>> low, high = fitted_slopes(silica, 1e3)
    >>> print(f"{low / high:.2f}")
    -1.74
    """
    lowest = minimum_temperature(contribution, frequency, B)
    slopes: list[float] = []
    for window in (below, above):
        logarithm = np.linspace(np.log(window[0]), np.log(window[1]), points)
        shift = dielectric_shift(contribution, lowest * np.exp(logarithm), B, frequency)
        slopes.append(float(np.polyfit(logarithm, shift, 1)[0]))
    return slopes[0], slopes[1]
