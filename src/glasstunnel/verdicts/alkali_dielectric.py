"""Verdicts on the paper on mixed alkali-silicate glasses (004): dielectric constant, prefactors and dipole moments."""

import math
from dataclasses import replace
from functools import cache

import numpy as np

import glasstunnel as gt
from glasstunnel.constants import bohr_radius, boltzmann, elementary_charge
from glasstunnel.conversions import hull_dimension, per_volume, surface_exponent
from glasstunnel.observables.dielectric import fitted_slopes, logarithmic_slope, minimum_temperature
from glasstunnel.verdicts import brute
from glasstunnel.verdicts.inputs import DEBYE, published, values
from glasstunnel.verdicts.judging import agreement, correction, finding, judge, judged
from glasstunnel.verdicts.record import UNDETERMINED
from glasstunnel.verdicts.review_dielectric import (
    exact_strengths,
    field_shift,
    ideal_slopes,
    projected_strengths,
    slope_ratio,
)

_VACUUM = 8.8541878188e-12  # F/m
_FRACTIONS = (0.05, 0.08, 0.10, 0.20)
_ROWS = tuple(f"004.TI.x{x:.2f}" for x in _FRACTIONS)


@judge("004.deltaeps.range", reason="Largest change between 10 mT and 1 T of each set of 002 Table 5: the smallest and "
       "the largest of them.")
def range_of_changes():
    ids = ("BK7.eps.T15mK", "Duran.eps.T15mK", "BAS.eps.T50mK", "BAS.eps.T94mK", "BAS.eps.T120mK")
    sizes = [max(abs(field_shift(f"002.T5.{id}", B)) for B in np.geomspace(0.01, 1.0, 15)) for id in ids]
    return finding((min(sizes), max(sizes)), min(sizes) >= 1e-6 and max(sizes) <= 1e-4)


def _minimum(id, frequency):
    return float(minimum_temperature(published(id), frequency))


@judge("004.T0.range", stated=UNDETERMINED, reason="At 1 kHz the printed sets of silica and AlBaSiO have their minima "
       "at the first two temperatures computed here (K) for omega = 2 pi f, at the last two for omega = f.")
def minima_at_one_kilohertz():
    ids = ("004.TI.SiO2", "004.TI.AlBaSiO")
    return finding(tuple(_minimum(id, f) for f in (1e3, 1e3 / (2.0 * math.pi)) for id in ids), False)


@judge("004.T0.mixed", tolerance=20.0, reason="Mean of the minima of the four printed sets at 10 kHz with omega = 2 pi "
       "f (mK), which lie between 99 and 117 mK; within a fifth of what is given as about.")
def minima_of_the_mixed_glasses():
    return float(np.mean([1e3 * _minimum(id, 1e4) for id in _ROWS]))


@judge("004.slope.x", reason="Slope at x = 0.20 over that at x = 0.05, below and above the minimum; both grow with x "
       "at every step.")
def growth_of_the_slopes():
    slopes = np.array([fitted_slopes(published(id), 1e4) for id in _ROWS])
    growth = tuple(float(value) for value in slopes[-1] / slopes[0])
    monotonic = bool(np.all(np.diff(np.abs(slopes), axis=0) > 0.0))
    return finding(growth, monotonic and growth[1] > growth[0] > 1.0)


@judge("004.slopes.SiO2", stated=UNDETERMINED, reason="An observation; the printed set of silica, with its lower "
       "cutoff of 3.9 mK, has the slopes computed here between 0.2 and 0.5 and between 2 and 5 times the minimum.")
def slopes_of_silica():
    unit = values("004.TI.SiO2")["A_2LS"] / 3.0
    return finding(tuple(slope / unit for slope in fitted_slopes(published("004.TI.SiO2"), 1e3)), False)


@judge("004.slopes.multi", stated=UNDETERMINED, reason="An observation; the printed set with x = 0.10 has the ratios "
       "computed here for omega = 2 pi f and for omega = f at 10 kHz, and which one is used is not said.")
def slopes_of_the_mixed_glasses():
    return finding(tuple(slope_ratio("004.TI.x0.10", 1e4, turns) for turns in (True, False)), False)


@judge("004.S", reason="Slope of the package's ideal two-level systems far above the minimum over A/3.")
def slope_above_the_minimum():
    return agreement(ideal_slopes()[1], 2e-3)


def _relaxation_slope(slope):
    return finding(3.0 * slope, False)


def _relaxation_slope_by_sums():
    """d REL/d ln T over A at 1 K for gamma = 1e-8 s K^3, 1 kHz, with a lower cutoff of 1e-5 K."""
    step = 0.02
    low, high = (brute.standard_relaxation(math.exp(n * step), 2e3 * math.pi, 1e-5, 1e-8).real for n in (-1, 1))
    return (high - low) / (2.0 * step)


@judge("004.eq11", second=lambda: _relaxation_slope(_relaxation_slope_by_sums()), reason="The relaxational part alone "
       "grows as +A ln T, three times the printed A/3, which is the slope of the sum; the resonant part is right.")
def relaxation_slope():
    contribution = gt.TwoLevelSystems(0.0, 1e-5, 1e3, dielectric_strength=1.0, elastic_constant=1e-8)
    return _relaxation_slope(float(logarithmic_slope(contribution, 1.0, 0.0, 1e3, part="relaxational")))


@judge("004.eq14", reason="The resonant weight that goes with the printed relaxational part is 1/2, not 1/3, from the "
       "matrix elements of a three-well system without flux.")
def resonant_weight():
    wells = 1e-6 * np.array([0.7, -0.4, -0.3])
    transition = np.mean([brute.transition_strength(np.roll(wells, n), 1.0, 0.0) for n in range(3)])
    diagonal = np.mean([brute.diagonal_strength(np.roll(wells, n), 1.0, 0.0) for n in range(3)])
    weight = float(0.5 * transition / diagonal)
    return correction((1.0 / 3.0) / weight, 0.5 / weight, 1e-4)


@judge("004.eq15", second=lambda: finding(projected_strengths()[1] / projected_strengths()[0], False), reason="At B = "
       "0 the exact matrix element leaves D^5/2: the printed rate is larger by the factor computed here, and 002 Eq. "
       "55 has 5/6 of it.")
def zero_field_rate():
    at_rest, in_field = exact_strengths()
    return finding(in_field / at_rest, False)


def _anomalous_slope(part, T):
    """Slope against ln T of T times the response over A_ATS D_min, far above D_min and at negligible frequency."""
    ats = published("004.TI.AlBaSiO")["ats"]
    ends = [T * float(np.real(gt.permittivity(ats, T, 0.0, 1e-12, part=part))) for T in (T, math.e * T)]
    return (ends[1] - ends[0]) / ats.dielectric_strength


def _anomalous_slope_by_quadrature(kernel, T):
    from scipy.integrate import quad

    def response(T):
        a = 0.65 / (2.0 * T)
        return quad(lambda u: kernel(a * math.exp(u)), 0.0, 60.0, epsabs=0.0, epsrel=1e-11, limit=400)[0]

    return response(math.e * T) - response(T)


def _relaxational_kernel(x):
    return 0.25 / math.cosh(min(x, 300.0)) ** 2


def _resonant_kernel(x):
    return math.tanh(x) / x / 6.0  # weight 1/3 times a


@judge("004.eq18", second=lambda: finding(1.0 / _anomalous_slope_by_quadrature(_relaxational_kernel, 1e4), False),
       reason="The relaxational part of 004 Eq. 14 expands to a quarter of the printed coefficient: printed over exact "
       "is computed here; the resonant form follows from 004 Eq. 14.")
def relaxational_coefficient():
    return finding(1.0 / _anomalous_slope("relaxational", 1e4), False)


def _whole_slope_by_quadrature():
    return sum(_anomalous_slope_by_quadrature(kernel, 1e4) for kernel in (_relaxational_kernel, _resonant_kernel))


@judge("004.SATS", second=lambda: finding(_whole_slope_by_quadrature(), False), reason="004 Eq. 14 gives 5/12 "
       "(computed here) where 7/6 is printed, in units of pi P p1^2/(eps0 eps_r k_B T), because of Eq. 19.")
def slope_of_the_anomalous_part():
    return finding(_anomalous_slope("both", 1e4), False)


@judge("004.AATS.linear", reason="Largest over smallest A_ATS/x of 004 Table I: constant within 8 percent of the mean.")
def proportionality_of_a_ats():
    ratios = [values(id)["A_ATS"] / x for id, x in zip(_ROWS, _FRACTIONS, strict=True)]
    return finding(max(ratios) / min(ratios), max(ratios) < 1.2 * min(ratios))


@cache
def composition_law(table, key):
    """Exponent f and largest relative deviation of bulk (1-x) + surface x^f fitted to a column against x."""
    from scipy.optimize import minimize_scalar

    x = np.array([0.0, *_FRACTIONS])
    column = np.array([values(f"004.{table}.SiO2")[key], *(values(f"004.{table}.x{y:.2f}")[key] for y in _FRACTIONS)])

    def rest(f):
        terms = np.stack([1.0 - x, x**f], axis=1)
        return column - terms @ np.linalg.lstsq(terms, column, rcond=None)[0]

    minimum = minimize_scalar(lambda f: np.sum(rest(f) ** 2), bounds=(0.3, 1.0), method="bounded")
    f = float(minimum.x)  # pyright: ignore[reportAttributeAccessIssue]
    return f, float(np.max(abs(rest(f) / column)))


@judge("004.A2LS.law", reason="Exponent and largest deviation of the law fitted to A_2LS of 004 Table I.")
def law_of_a_2ls():
    f, deviation = composition_law("TI", "A_2LS")
    return finding((f, deviation), deviation < 0.1)


@judge("004.f", tolerance=0.03, reason="Fit of the law to A_2LS of 004 Table I; B_2LS of Table II gives 0.83, which "
       "sets the tolerance.")
def exponent_of_the_law():
    return composition_law("TI", "A_2LS")[0]


judged("004.2D", lambda: (91 / 48, float(hull_dimension(4 / 3)), 4 / 3, float(surface_exponent(91 / 48, 7 / 4, 4 / 3))),
       "Hull dimension (1 + nu)/nu and f = 1 - (D - D_s) nu with the exact exponents of two dimensions.")
judged("004.3D", lambda: (2.52, float(hull_dimension(0.88)), 0.88, float(surface_exponent(2.52, 2.14, 0.88))),
       "Hull dimension (1 + nu)/nu and f = 1 - (D - D_s) nu with the quoted exponents of three dimensions.")
judged("004.3Dhull", lambda: float(surface_exponent(2.52, 2.52, 0.88)), "f = 1 - (D - D_s) nu with D_s = D.")
judged("004.eq20", lambda: agreement(float(surface_exponent(91 / 48, 7 / 4, 4 / 3)) * 36 / 29, 1e-12),
       "The exact exponents of two dimensions give 29/36.")
judged("004.Dh", lambda: agreement(float(hull_dimension(4 / 3)) / 1.75, 1e-12),
       "The known hull dimension 7/4 of two dimensions, with nu = 4/3.")


@judge("004.Ds", reason="The hull dimension (1 + nu)/nu with nu = 0.88 lies between 2 and D = 2.52.")
def surface_dimension():
    hull = float(hull_dimension(0.88))
    return finding(hull, 2.0 <= hull <= 2.52)


def dipole_moment(strength, asymmetry, constant, per_cubic_meter):
    """p1 [debye] from A_ATS = pi P* n p1^2/(eps0 eps_r k_B D_min)."""
    square = strength * _VACUUM * constant * boltzmann * asymmetry / (math.pi * per_cubic_meter)
    return math.sqrt(square) / DEBYE


@judge("004.peff.BAS", stated=UNDETERMINED, reason="It needs eps_r and ln(D0max/D0min), which are not printed; "
       "computed here for 5.5 and 1.")
def dipole_moment_of_bas():
    row = values("004.TI.AlBaSiO")
    return dipole_moment(row["A_ATS"], row["D_min_K"], 5.5, 1.97e23)


def _mixed_row():
    return values("004.TI.x0.10")["A_ATS"], values("004.TII.x0.10")["B_ATS_J_per_g_K"]


def _mixed_moment_in_cgs():
    """The same from 004 Eq. 32 with p1^2 in the numerator, in Gaussian units (1 debye = 1e-18)."""
    strength, heat = _mixed_row()
    kelvin = 1.380649e-16  # erg
    return math.sqrt(2.0 * 5.0 * kelvin**2 * 0.87 * strength / (4.0 * math.pi * 2.3 * 1e7 * heat)) * 1e18


@judge("004.peff.mixed", second=_mixed_moment_in_cgs, reason="Tables I and II at x = 0.10 with eps_r = 5 and 2.3 g/cm3 "
       "give 1.4 D; 0.045 D comes out if joules per gram are taken for joules per kilogram.")
def dipole_moment_of_the_mixed_glasses():
    strength, heat = _mixed_row()
    return dipole_moment(strength, 0.87, 5.0, 1e3 * heat * 2300.0 / (2.0 * math.pi * boltzmann))


@judge("004.ea0", reason="Elementary charge times Bohr radius.")
def elementary_dipole():
    return elementary_charge * bohr_radius / DEBYE


@judge("004.xP.BAS", tolerance=0.035e17, reason="6.39e16 per gram (002) times 3.1 g/cm3, a density of two digits.")
def systems_per_volume():
    return 1e-6 * float(per_volume(6.39e19, 3100.0))


@judge("004.prediction", reason="Magnetization at x = 0.20 over that at x = 0.05, 4.5 K and 1 T, with B_ATS of 004 "
       "Table II and cutoffs that do not depend on x, which is assumed.")
def growth_of_the_magnetization():
    areas = {"amplitude_area_min": 1e5, "amplitude_area_max": 1e5 * math.e}
    low, high = (replace(published(f"004.TII.x{x}")["ats"], **areas) for x in ("0.05", "0.20"))
    ratio = float(gt.magnetization(high, 4.5, 1.0) / gt.magnetization(low, 4.5, 1.0))
    return finding(ratio, abs(ratio - 4.0) < 0.02)
