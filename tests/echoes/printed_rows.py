"""The rows of 002 Table 8 at 12 mK as inputs of the echo, in SI."""

import math

from tests.reference import reference

from glasstunnel.constants import flux_phase_per_area
from glasstunnel.echoes.flux.anomalous import AnomalousEcho, EchoTable

DEBYE_KILOVOLT = reference("flux_echoes")["scales"]["debye_kilovolt"]  # rad/s for p1 F0 = 1 debye kV/m

#: D_min [K], D0 q S min and max [K Angstrom^2], Gamma^-1 [1/(s K^5)], c [1/(s K)], p1 F0 [debye kV/m], f [Hz], tau12.
ROWS = {
    "AlBaSiO 1": (17.74e-3, 950.0, 21300.0, 9.22e12, 5.008e6, 0.461, 1.0e9, 2.0e-6),
    "AlBaSiO 2": (27.20e-3, 1140.0, 8960.0, 2.57e11, 3.825e6, 0.450, 1.0e9, 2.0e-6),
    "BK7 1.5 us": (16.76e-3, 920.0, 13400.0, 8.91e12, 1.03e6, 0.60, 0.9e9, 1.5e-6),
    "BK7 6 us": (15.94e-3, 890.0, 33100.0, 3.25e12, 5.72e6, 0.98, 0.9e9, 6.0e-6),
}
TAN_PHASE = {"AlBaSiO 1": 0.247, "AlBaSiO 2": 0.245, "BK7 1.5 us": 0.207, "BK7 6 us": 0.204}


def conditions(row, convention, temperature=0.012):
    """The `AnomalousEcho` of a row, and its flux energies per tesla (low, high) [K/T]."""
    asymmetry, low, high, rate, diffusion, drive, frequency, gap = ROWS[row]
    echo = AnomalousEcho(
        temperature, 2.0 * math.pi * frequency, drive * DEBYE_KILOVOLT, (1e-7, 2e-7), 3e-7 + 2.0 * gap, 0.0, rate,
        diffusion * temperature, convention.damping_factor, asymmetry_min=asymmetry, convention=convention,
    )
    return echo, flux_phase_per_area * low, flux_phase_per_area * high


def integral(row, convention, B, averaged):
    """J_S + i J_C [rad/s] at one field."""
    echo, low, high = conditions(row, convention)
    edges = () if averaged else tuple(math.hypot(echo.asymmetry_min, x * B) for x in (low, high))
    return EchoTable(echo, edges=edges).spectrum(low * B, high * B, averaged).sum()
