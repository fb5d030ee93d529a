"""Constants of nature in SI: exact ones of 2019, and CODATA 2022."""

from mpmath import mp, mpf

mp.dps = 30
BOLTZMANN = mpf("1.380649e-23")
PLANCK = mpf("6.62607015e-34")
HBAR = PLANCK / (2 * mp.pi)
CHARGE = mpf("1.602176634e-19")
AVOGADRO = mpf("6.02214076e23")
BOHR_MAGNETON = mpf("9.2740100657e-24")
FLUX_QUANTUM = PLANCK / CHARGE
#: phi in radians per T and square Angstrom of |q/e| S.
PHASE = 2 * mp.pi * mpf("1e-20") / FLUX_QUANTUM
