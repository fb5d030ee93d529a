"""Verdicts on the letter on the intrinsic magnetism of glasses (000)."""

from functools import cache, partial
from typing import Any

import numpy as np

import glasstunnel as gt
from glasstunnel.constants import boltzmann, elementary_charge, hbar
from glasstunnel.conversions import cell_radius
from glasstunnel.verdicts import brute
from glasstunnel.verdicts.inputs import MASS_DENSITY, SPECTROMETRY, maximum, ppm, published, values, with_exact_theory
from glasstunnel.verdicts.judging import agreement, finding, judge, judged
from glasstunnel.verdicts.record import MISPRINT, UNDETERMINED

#: claim -> (ions per gram, glass) behind a printed ppm.
_PPM = {
    "000.Duran.LL50.ppm": (1.539e18, "Duran"), "000.Duran.LL50.Fe2only.ppm": (2.027e18, "Duran"),
    "000.BK7.LL65.Fe2only.ppm": (2.526e17, "BK7"), "000.BK7.MS.ppm": (1.657e17, "BK7"),
    "000.BAS.MS.ppm": (7.165e18, "BAS"), "000.BAS.LL50.ppm": (7.295e18, "BAS"),
    "000.BAS.LL50.Fe2only.ppm": (9.634e18, "BAS"), "000.BK7.theory.ppm": (1.688e17, "BK7"),
    "000.Duran.theory.ppm": (1.471e18, "Duran"),
}
for _id, (_number, _glass) in _PPM.items():
    judged(_id, partial(ppm, _number, _glass), f"{_number:.4g} ions per gram of {_glass}, per formula unit of 002.")
judged("000.Duran.MS.ppm", partial(ppm, 1.469e18, "Duran"), "1.469e18 per gram, itself rounded to 0.05 ppm, as is the "
       "printed value.", tolerance=0.1)
judged("000.BAS.theory.ppm", partial(ppm, 7.127e18, "BAS"), "7.127e18 per gram, itself rounded to 0.07 ppm.",
       tolerance=0.12)


def _ppm_by_atoms():
    """Iron over formula units, counted in one gram."""
    units_per_gram = 1.0 / (63.530 * 1.66053906892e-24)
    return 1e6 * 1.931e17 / units_per_gram


@judge("000.BK7.LL65.ppm", second=_ppm_by_atoms, reason="1.931e17 per gram is 20.4 ppm, which rounds to 20; the 21 "
       "printed would need 1.943e17 or more.")
def bk7_ppm():
    return ppm(1.931e17, "BK7")


#: claim -> (tunneling systems per gram, glass) behind a printed ratio to the iron found by mass spectrometry.
_RATIOS = {"BK7": 1.348e16, "Duran": 4.519e16, "BAS": 2.323e17}
for _glass, _number in _RATIOS.items():
    _ratio = _number / SPECTROMETRY[_glass]
    judged(f"000.{_glass}.ratio", partial(float, _ratio), f"{_number:.4g} over {SPECTROMETRY[_glass]:.4g} per gram.")
    judged(f"000.{_glass}.ratio.percent", partial(float, 100.0 * _ratio), f"{_number:.4g} over "
           f"{SPECTROMETRY[_glass]:.4g} per gram, in percent.")


@judge("000.eq1", reason="Larmor and Brillouin terms of the package against the sum over the 2J+1 levels of each ion.")
def langevin_and_larmor():
    T, B = 4.5, 2.0
    glass = gt.Glass({"larmor": gt.LarmorDiamagnetism(4e-3), "fe3": gt.MagneticIons("Fe3+", 1.9e20)})
    return agreement(gt.magnetization(glass, T, B) / (1.9e20 * brute.ion_moment(2.5, T, B) - 4e-3 * B), 1e-12)


@judge("000.J", reason="Hund's first rule for d5, d6, d3 and d1: half the number of unpaired electrons.")
def spins_of_the_ions():
    return tuple(0.5 * (electrons if electrons <= 5 else 10 - electrons) for electrons in (5, 6, 3, 1))


@cache
def _simulated_scan(B):
    """Temperatures and magnetization of BK7 from the printed full fit (001 Table 3) at one field."""
    T = np.concatenate([np.arange(2.0, 60.0, 0.25), np.linspace(60.0, 300.0, 7)])
    return T, gt.magnetization(published("001.T3.BK7.constH"), T, B)


@cache
def _naive_fit(B, spins):
    """Iron per gram of each spin and residual norm of a fit without tunneling systems, none negative."""
    from scipy.optimize import nnls

    T, moment = _simulated_scan(B)
    terms = [gt.LarmorDiamagnetism(1.0), *(gt.MagneticIons("ion", 1.0, spin=J, g_factor=2.0) for J in spins)]
    columns = np.stack([gt.magnetization(term, T, B) for term in terms], axis=1)
    scale, size = abs(columns).max(axis=0), abs(moment).max()
    solution, residual = nnls(columns / scale, moment / size)
    return tuple(solution[1:] / scale[1:] * size * 1e-3), float(residual)


_SIMULATED = ("The magnetization of the printed full fit (001 Table 3), fitted without tunneling systems at assumed "
              "temperatures, gives it within {}.")


@judge("000.BK7.LL65.nFe3", tolerance=0.06 * 1.931e17, reason=_SIMULATED.format("6 percent"))
def naive_iron_of_bk7():
    return _naive_fit(6.5, (2.5,))[0][0]


@judge("000.BK7.LL65.Fe2only", tolerance=0.03 * 2.526e17, reason=_SIMULATED.format("3 percent"))
def naive_ferrous_iron_of_bk7():
    return _naive_fit(6.5, (2.0,))[0][0]


@judge("000.LL.otherspecies", reason="Simulated with the printed full fit: a fit with spins 5/2, 2, 3/2 and 1/2, none "
       "negative, takes spin 5/2 alone.", tolerance=1e12)
def iron_of_lower_spin():
    return max(_naive_fit(6.5, (2.5, 2.0, 1.5, 0.5))[0][1:])


@judge("000.LL.Mn", reason="Simulated with the printed full fit: a further spin below 5/2 does not improve the "
       "Larmor-Langevin fit, every larger one does.")
def spin_that_improves():
    alone = _naive_fit(6.5, (2.5,))[1]
    below = [_naive_fit(6.5, (2.5, J))[1] for J in (0.5, 1.0, 1.5, 2.0)]
    above = [_naive_fit(6.5, (2.5, J))[1] for J in (3.0, 3.5, 4.5, 6.0, 7.5)]
    return 2.5 if min(below) > 0.999 * alone and max(above) < 0.7 * alone else np.nan


@judge("000.universality", reason="With the printed full fit of BK7, M + chi_L H at equal H/T differs between 1 and 5 "
       "T by 29 percent.")
def spread_at_equal_field_over_temperature():
    glass = published("001.T3.BK7.constH")
    moments = [gt.magnetization(glass, B / 0.5, B) - gt.magnetization(glass["larmor"], B / 0.5, B) for B in (1.0, 5.0)]
    spread = float(moments[1] / moments[0] - 1.0)
    return finding(spread, abs(spread) > 0.05)


@judge("000.fig3.nMS", reason="The mass-spectrometry value of the same chip, rounded.")
def rounded_iron():
    return SPECTROMETRY["BK7"]


@judge("000.x.BK7", reason="n(Fe2+) over n(Fe) of 001 Table 4; Table 3 of the same chip has 0.647.")
def ferrous_share():
    row = values("001.T4.BK7.constT")
    return row["n_Fe2_per_g"] / row["n_Fe_total_per_g"]


def _intrinsic(glass, T, B, share):
    """Simulated magnetization minus Larmor term and the iron of mass spectrometry with this share of Fe2+."""
    iron = 1e3 * SPECTROMETRY["BK7"]
    terms = glass["larmor"], gt.MagneticIons("Fe2+", share * iron), gt.MagneticIons("Fe3+", (1.0 - share) * iron)
    return gt.magnetization(glass, T, B) - sum(gt.magnetization(term, T, B) for term in terms)


@judge("000.peak.exists", stated=UNDETERMINED, reason="Measured curves that are not printed; the printed sets give the "
       "maximum against 1/T at 2 T for every x, but none against H up to 6.5 T at 4.5 K, where they still rise.")
def maxima_of_the_remainder():
    T, B = np.geomspace(1.5, 100.0, 200), np.linspace(0.05, 6.5, 100)
    scan, run = published("001.T3.BK7.constH"), published("001.T4.BK7.constT")
    inside = 0
    for share in (0.0, 0.2, 0.4, 0.6, 0.8, 1.0):
        inside += 0 < np.argmax(_intrinsic(scan, T, 2.0, share)) < len(T) - 1
        inside += 0 < np.argmax(_intrinsic(run, 4.5, B, share)) < len(B) - 1
    return finding(float(inside), inside == 12)


@judge("000.MSvsLL.sign", reason="Fe3+ of the Larmor-Langevin fits over mass spectrometry for Duran, BK7 and BAS: the "
       "smallest of the three ratios.")
def smallest_excess_of_iron():
    fitted = {"Duran": 1.539e18, "BK7": 1.931e17, "BAS": 7.295e18}
    smallest = min(number / SPECTROMETRY[glass] for glass, number in fitted.items())
    return finding(smallest, smallest > 1.0)


def _weighted(key):
    """Mean of 001 Tables 3 and 4, the first counted twice."""
    return (2.0 * values("001.T3.BK7.constH")[key] + values("001.T4.BK7.constT")[key]) / 3.0


judged("000.BK7.theory.nFe", partial(_weighted, "n_Fe_total_per_g"), "Mean of 001 Tables 3 and 4 with weights two to "
       "one, which are not printed; the plain mean is 1.683e17.")
judged("000.BK7.ntunn", partial(_weighted, "n_ATS_per_g"), "Mean of 001 Tables 3 and 4 with the same weights two to "
       "one.")


def cell_size(glass, per_gram):
    """Diameter 2 xi of the cells [nm] from P* n per gram, by 003 Eq. 40."""
    return 2e9 * float(cell_radius(1e3 * per_gram, MASS_DENSITY[glass]))


def cell_size_by_volume(glass, per_gram):
    """The same by solving for the radius at which four systems per whole tetrahedron give the density."""
    from scipy.optimize import brentq

    per_volume = 2.0 * np.pi * 1e3 * per_gram * MASS_DENSITY[glass]
    corners = np.array([[0.0, 0.0, 0.0], [2.0, 0.0, 0.0], [1.0, 3.0**0.5, 0.0], [1.0, 3.0**-0.5, (8.0 / 3.0) ** 0.5]])
    volume = abs(np.linalg.det(corners[1:] - corners[0])) / 6.0  # of the tetrahedron of four touching unit spheres
    radius: Any = brentq(lambda radius: 4.0 / (volume * radius**3) - per_volume, 1e-9, 1e-6, xtol=1e-20)
    return 2e9 * radius


@judge("000.BK7.2xi", reason="003 Eq. 40 with the 1e16 per gram that 003 takes for an older sample; the letter's own "
       "1.348e16 per gram gives 54 nm.")
def cell_size_of_bk7():
    return cell_size("BK7", 1e16)


@judge("000.BAS.2xi", tolerance=0.2, reason="003 Eq. 40 with the 5e16 per gram that 003 takes for an older sample, to "
       "the third digit only, as it is given as about; the letter's own 2.323e17 per gram gives 20 nm.")
def cell_size_of_bas():
    return cell_size("BAS", 5e16)


@judge("000.Duran.2xi", second=lambda: cell_size_by_volume("Duran", 9e16), reason="003 Eq. 40 gives 29.7 nm with the "
       "9e16 per gram that 003 takes, and 37 nm with the letter's own 4.519e16 per gram; 31 nm goes with neither.")
def cell_size_of_duran():
    return cell_size("Duran", 9e16)


@judge("000.phi", reason="q/hbar times the line integral of A = B x r/2 around the triangle, any origin, over "
       "2 pi B S/Phi_0.")
def loop_phase():
    corners = np.array([[0.3, -0.2], [1.7, 0.4], [0.6, 1.9]]) * 1e-10
    B = 2.0
    following = np.roll(corners, -1, axis=0)
    circulation = 0.5 * B * np.sum(corners[:, 0] * following[:, 1] - corners[:, 1] * following[:, 0])
    sides = corners[1:] - corners[0]
    area = 0.5 * abs(sides[0, 0] * sides[1, 1] - sides[0, 1] * sides[1, 0])
    printed = 2.0 * np.pi * B * area * elementary_charge / (2.0 * np.pi * hbar)
    return agreement(elementary_charge / hbar * circulation / printed, 1e-12)


@judge("000.wells", "003.wells", reason="Faces of the hull of the four touching cells around a void; that each holds "
       "one system is assumed.")
def faces_of_a_void():
    from scipy.spatial import ConvexHull

    return float(len(ConvexHull(np.array([[1, 1, 1], [1, -1, -1], [-1, 1, -1], [-1, -1, 1]], float)).simplices))


@judge("000.E0", reason="Largest activation energy of the temperature fits (001 Table 3, 002 Tables 10, 11 and 14); "
       "the field-scan fit of 001 Table 4 has 0.615 +- 0.615 K.")
def largest_activation_energy():
    ids = ("002.T10.BAS.M", "002.T11.Duran.M", "002.T14.BK7.M")
    return max([values("001.T3.BK7.constH")["Delta_mu_K"], *(values(id)["E0_K"] for id in ids)])


@judge("000.E0.meV", reason="0.5 K times k_B.")
def activation_energy_in_millivolts():
    return 0.5e3 * boltzmann / elementary_charge


@judge("000.Ntunn.exp", slip=MISPRINT, reason="The text has N fall on cooling, so the exponent must be -E0/T as in 001 "
       "Eq. 15 and 002 Eq. 96.")
def tunnelers_on_cooling():
    printed, meant = (np.exp(sign * 0.319 * (1.0 / 1.0 - 1.0 / 4.0)) for sign in (1.0, -1.0))
    outcome = finding(float(printed), printed < 1.0)
    return type(outcome)(outcome.computed, outcome.agrees, corrected=bool(meant < 1.0))


def _peak_ratio(temperature_of_peak):
    return finding(temperature_of_peak(5.0) / temperature_of_peak(1.0), False)


@cache
def peak_temperature(B):
    """Temperature [K] at which the printed magnetization of BK7 (001 Table 3) is largest at a field."""
    ats = published("001.T3.BK7.constH")["ats"]
    return maximum(lambda T: float(gt.magnetization(ats, T, B)), 1.0, 30.0)


@cache
def _peak_temperature_by_quadrature(B):
    row = values("001.T3.BK7.constH")

    def moment(T):
        r = np.exp(row["Delta_mu_K"] * (1.0 / 1.26 - 1.0 / T))
        cutoffs = row["D_min_K"] * r, row["D0min_qe_S_K_A2"] * r**3, row["D0max_qe_S_K_A2"] * r**3
        return brute.printed_line_integral(*cutoffs, T, B)

    return maximum(moment, 1.0, 30.0)


@judge("000.peak.T", second=lambda: _peak_ratio(_peak_temperature_by_quadrature), reason="The printed formula with the "
       "printed set of BK7 moves the maximum from 2.7 K at 1 T to 6.7 K at 5 T, by the factor computed here; in the "
       "exact theory with B* = 1.30 T it stays between 1.9 and 2.5 K up to 2 T and then moves down, to 1.1 K at 4 T.")
def shift_of_the_maximum():
    return _peak_ratio(peak_temperature)


@judge("000.peak.H", reason="Exact theory with 001 Table 4 and B* = 1.30 T: the field of the maximum at 2, 4.5 and "
       "10 K falls on warming; the printed weak-field formula has no maximum.")
def field_of_the_maximum():
    ats = with_exact_theory("001.T4.BK7.constT", flux_field=1.30)["ats"]
    B = np.linspace(0.05, 4.0, 80)
    peaks = tuple(float(B[np.argmax(gt.magnetization(ats, T, B))]) for T in (2.0, 4.5, 10.0))
    return finding(peaks, peaks[0] > peaks[1] > peaks[2])
