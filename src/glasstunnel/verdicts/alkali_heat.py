"""Verdicts on the paper on mixed alkali-silicate glasses (004): heat capacity and [FeO4] centers."""

import math

import numpy as np

import glasstunnel as gt
from glasstunnel.constants import boltzmann
from glasstunnel.verdicts.alkali_dielectric import composition_law
from glasstunnel.verdicts.inputs import published, values
from glasstunnel.verdicts.judging import agreement, correction, finding, judge, judged
from glasstunnel.verdicts.record import MISPRINT

_FRACTIONS = ("0.05", "0.08", "0.10", "0.20")


@judge("004.Cp.x", reason="C/T at 0.3 K of the printed sets over that of silica for x = 0.05, 0.08, 0.10 and 0.20: "
       "above it, falling, then rising.")
def heat_capacity_against_composition():
    silica = gt.heat_capacity(published("004.TII.SiO2"), 0.3, 0.0)
    ratios = tuple(float(gt.heat_capacity(published(f"004.TII.x{x}"), 0.3, 0.0) / silica) for x in _FRACTIONS)
    return finding(ratios, ratios[0] > ratios[1] > ratios[2] > 1.0 and ratios[3] > ratios[2])


def _anomalous(asymmetry=0.87, logarithm=1.0):
    return gt.AnomalousTunnelingSystems(
        density=1.0, asymmetry_min=asymmetry, asymmetry_max=None, amplitude_area_min=1e5,
        amplitude_area_max=1e5 * math.exp(logarithm), theory="effective",
    )


@judge("004.eq17", slip=MISPRINT, reason="The form of Eq. 17, 2 pi P ln(D0max/D0min)/E, is that of the package; Eq. 25 "
       "drops pi and the logarithm, and stands at the share computed here for a logarithm of 2.")
def density_of_states_at_zero_field():
    E, logarithm = 2.0, 2.0
    package = gt.density_of_states(_anomalous(logarithm=logarithm), E, 0.0)
    return correction(2.0 / E / package, 2.0 * math.pi * logarithm / E / package, 1e-9)


@judge("004.eq21", reason="Temperature above which the phonon term of the printed set of silica leads (K).")
def crossing_of_phonons():
    row = values("004.TII.SiO2")
    crossing = math.sqrt(row["B_2LS_J_per_g_K2"] / row["B_ph_J_per_g_K4"])
    return finding(crossing, crossing < 1.0)


@judge("004.eq26", reason="The printed closed form over the package's heat capacity at 0.4 K, D_min = 0.87 K.")
def anomalous_heat_capacity():
    a = 0.87 / 0.8
    printed = 2.0 * math.pi * boltzmann * (math.log(2.0 * math.cosh(a)) - a * math.tanh(a))
    return agreement(printed / gt.heat_capacity(_anomalous(), 0.4, 0.0), 1e-9)


@judge("004.BATS", reason="Without the density rho(x) it is the prefactor per mass that Table II lists; with it, here "
       "for 2300 kg/m3, it is one per volume.")
def anomalous_prefactor():
    plateau = gt.heat_capacity(_anomalous(), 870.0, 0.0) / math.log(2.0)
    prefactor = 2.0 * math.pi * boltzmann
    return correction(2300.0 * prefactor / plateau, prefactor / plateau, 1e-6)


@judge("004.BATS.linear", reason="B_ATS/x in 1e-8 J/(g K), smallest and largest of Table II, and the exponent of the "
       "law fitted to B_2LS.")
def law_of_the_prefactors():
    ratios = [1e8 * values(f"004.TII.x{x}")["B_ATS_J_per_g_K"] / float(x) for x in _FRACTIONS]
    f, deviation = composition_law("TII", "B_2LS_J_per_g_K2")
    return finding((min(ratios), max(ratios), f), max(ratios) < 1.001 * min(ratios) and deviation < 0.05)


@judge("004.FeO4.levels", reason="Highest level over |V_z| of a spin 5/2 coupled to a spin 1/2 along one axis; it is "
       "the outermost of six doublets, 5/2 |V_z| from its partner, where Eqs. 29 and 30 put 5/4.")
def levels_of_the_center():
    levels = np.sort(np.kron(np.arange(-2.5, 3.0), [-0.5, 0.5]))
    return finding(float(levels[-1]), levels[-1] == 1.25 and levels[0] == -1.25)


@judge("004.eq27", slip=MISPRINT, reason="With V_z <= 0 and V0 < 0 as printed the distribution integrates to -1; it is "
       "meant with the absolute values of both.")
def distribution_of_couplings():
    from scipy.integrate import quad

    norm = quad(lambda V: 4.0 * V**2 * math.exp(-2.0 * V), 0.0, 40.0)[0]
    return correction(-norm, norm, 1e-9)


@judge("004.eq30", reason="With the gap (5/2) V between the levels of Eq. 28 in place of (5/4) V; at 0.1 K the printed "
       "form is larger by the factor computed here.")
def heat_capacity_of_the_centers():
    from scipy.integrate import quad

    T, scale = 0.1, 0.42

    def share(V):
        x = 1.25 * V / T
        return 4.0 * V**2 / scale**3 * math.exp(-2.0 * V / scale) * (x / math.cosh(min(x, 300.0))) ** 2

    reference = boltzmann * quad(share, 0.0, 3.0, epsrel=1e-11, limit=400)[0]
    printed, corrected = (gt.heat_capacity(gt.FeO4Centers(1.0, scale, gap=gap), T, 0.0) / reference
                          for gap in ("printed", "corrected"))
    return correction(float(printed), float(corrected), 1e-8)


def _silica():
    """Two-level systems of silica with a constant density of states, resonant scattering only."""
    return gt.TwoLevelSystems(5.0205418e18, material=gt.Material(2200.0, 5800.0, 3800.0, 1.04, 0.65))


def _power(observable):
    """d ln(observable)/d ln T at 0.1 K."""
    low, high = (float(observable(T)) for T in (0.099, 0.101))
    return math.log(high / low) / math.log(0.101 / 0.099)


def conductivity_power():
    """Power of T of the thermal conductivity that two-level systems leave."""
    return _power(lambda T: gt.thermal_conductivity(_silica(), T, 0.0))


judged("004.kappa", conductivity_power, "Power at 0.1 K of the conductivity that phonons have when two-level systems "
       "of silica scatter them.")


@judge("004.powers", reason="Powers at 0.1 K of the heat capacity and of the conductivity with two-level systems, and "
       "of the heat capacity of phonons.")
def powers_of_the_temperature():
    heat = _power(lambda T: gt.heat_capacity(_silica(), T, 0.0))
    return heat, conductivity_power(), _power(lambda T: gt.heat_capacity(gt.DebyePhonons(1e-3), T, 0.0))
