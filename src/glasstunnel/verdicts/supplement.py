"""Verdicts on the supplement to the letter (001)."""

import math
from dataclasses import replace
from functools import cache, partial

import numpy as np

import glasstunnel as gt
from glasstunnel.constants import angstrom, boltzmann, flux_quantum
from glasstunnel.conversions import (
    cell_radius,
    charge_area,
    tunnelers_from_amplitude_area,
    tunnelers_from_area,
    void_edge,
    void_volume,
)
from glasstunnel.papers import published_ids
from glasstunnel.verdicts import brute
from glasstunnel.verdicts.inputs import SPECTROMETRY, published, values
from glasstunnel.verdicts.judging import agreement, correction, finding, judge, judged
from glasstunnel.verdicts.letter import cell_size, cell_size_by_volume
from glasstunnel.verdicts.record import MISPRINT, UNDETERMINED, Outcome

_XI = 300.0  # Angstrom: the radius the supplement takes for BK7
_SET = "001.T3.BK7.constH"


def frozen(id, **options):
    """The anomalous systems of a printed set with cutoffs that stand still, and other options on request."""
    return replace(published(id)["ats"], activation_energy=0.0, **options)


@judge("001.curie.dev", reason="T(chi - chi_L) of the printed full fit of BK7 at 10 K over that at 2 K, which Curie's "
       "law would keep at 1.")
def departure_from_curie():
    glass = published(_SET)
    products = [T * gt.susceptibility(glass, T, 0.0) + T * glass["larmor"].susceptibility for T in (2.0, 10.0)]
    ratio = products[1] / products[0]
    return finding(ratio, abs(ratio - 1.0) > 0.05)


judged("001.eq1", partial(void_volume, 1.0), "Tetrahedron of edge 2 xi minus the sectors of four spheres.")
judged("001.void.V", partial(void_volume, _XI), "001 Eq. 1 with xi = 300 Angstrom.")
judged("001.void.side", partial(void_edge, _XI), "Edge of the regular tetrahedron of that volume.")


@judge("001.void.xi", reason="003 Eq. 40 with the 1e16 per gram that 003 takes for BK7.")
def radius_of_bk7():
    return 1e9 * float(cell_radius(1e19, 2500.0))


_OXYGEN = 1.40  # Angstrom: ionic radius


def _sites_by_area():
    return math.sqrt(3.0) / 4.0 * float(void_edge(_XI)) ** 2 / (2.0 * math.sqrt(3.0) * _OXYGEN**2)


def _sites_by_count():
    """Sites of a close-packed layer inside the face, counted and averaged over shifts of the layer."""
    edge, step = float(void_edge(_XI)), 2.0 * _OXYGEN
    rows, columns = np.meshgrid(np.arange(-5, 140), np.arange(-80, 140), indexing="ij")
    height = step * math.sqrt(0.75)
    total, shifts = 0, (np.arange(8) + 0.5) / 8.0
    for up in shifts:
        y = (rows + up) * height
        for along in shifts:
            x = step * (columns + 0.5 * (rows + up) + along)
            total += np.count_nonzero((y > 0.0) & (y < math.sqrt(3.0) * np.minimum(x, edge - x)))
    return total / 64.0


@judge("001.void.species", second=_sites_by_count, tolerance=200.0, reason="A face of 362 Angstrom holds about twenty "
       "times as many close-packed oxygen ions (radius 1.40 Angstrom); 400 would need 142 square Angstrom each.")
def sites_on_a_face():
    return _sites_by_area()


@judge("001.eq4", reason="Package levels without field against diagonalization of the printed matrix.")
def levels_without_field():
    return _levels(0.0)


@judge("001.eq6", reason="Package levels in a field against diagonalization of the printed matrix.")
def levels_in_a_field():
    return _levels(0.7)


def _levels(phase):
    wells = [0.3, -0.1, -0.2]
    package = gt.three_well_levels(wells, 1.0, phase)
    return agreement(float(np.mean(package / np.linalg.eigvalsh(brute.ring_matrix(wells, 1.0, phase)))), 1e-12)


@judge("001.eq8", slip=MISPRINT, reason="The first logarithm has D0max twice; it must be ln(D0max/D0min) as in 003 "
       "Eq. 39, and P* is 1/(2 pi) where both logarithms multiply to 1.")
def distribution_constant():
    return Outcome(1.0 / (2.0 * math.pi), False, corrected=abs(0.5 / math.pi - 0.159) < 5e-4)


@judge("001.gap", reason="sqrt(D^2 + D0^2 phi^2) over the gap from diagonalization at D = 0.001 D0, phi = 0.002.")
def weak_field_gap():
    return agreement(gt.two_level_gap(1e-3, 1.0, 2e-3) / brute.gap(1e-3, 0.9, 1.0, 2e-3), 1e-3)


@cache
def doublet_by_quadrature(id, T, B):
    """Magnetization of a printed set with phi/sqrt(3), from the double integral over the distribution."""
    ats = frozen(id)
    cutoffs = ats.asymmetry_min, ats.amplitude_area_min, ats.amplitude_area_max
    return brute.doublet_magnetization(ats.density, *cutoffs, T, B)


@judge("001.eq10", reason="The printed prefactor pi P* n is twice that which follows from the density of states and "
       "the moment (1/2) tanh(E/2T) dE/dB; with pi P* n/2 it is right, as 001 Eq. 12 has it.")
def printed_prefactor():
    reference = doublet_by_quadrature(_SET, 4.5, 2.0)
    forms = [gt.magnetization(frozen(_SET, prefactor=form, orientation="rms"), 4.5, 2.0) / reference
             for form in ("printed", "consistent")]
    return correction(*forms, tolerance=1e-5)


@judge("001.eq11", reason="Curvature of the exact gap at D = 0, which is 3 D0 sin(phi/3).")
def curvature_of_the_gap():
    phi = 0.05
    levels = gt.three_well_levels([0.0, 0.0, 0.0], 0.5 * math.sqrt(3.0), phi)
    return phi**2 / (1.0 - ((levels[1] - levels[0]) / phi) ** 2)


def _outer_correction():
    """Coefficient of (B/B*)^2 in B dE/dB E/(E^2 - D^2), differentiated numerically."""
    def square(b):
        return b**2 / 3.0 * (1.0 - b**2 / 45.0)

    b, step = 0.03, 1e-4
    factor = b * (square(b + step) - square(b - step)) / (2.0 * step) / (2.0 * square(b))
    return b**2 / (1.0 - factor)


def _outer_correction_of_directions():
    """The same from means over directions of phi^2 dE/dphi-like terms, extrapolated to weak field."""
    b = 0.01
    above = brute.sphere_mean(lambda c: (b * c) ** 2 * (1.0 - 2.0 * (b * c) ** 2 / 27.0))
    below = brute.sphere_mean(lambda c: (b * c) ** 2 * (1.0 - (b * c) ** 2 / 27.0))
    return b**2 / (1.0 - above / below)


@judge("001.eq11b", second=_outer_correction_of_directions, reason="A consistent average of the corrected gap gives "
       "1/B times (1 - b^2/45 + ...); 1/54 would need a mean of cos^2 of 1/2.")
def outer_correction():
    return _outer_correction()


def tanh_integral(T, low):
    """The integral of tanh(E/2T)/E^2 from `low` up [1/K], by adaptive quadrature."""
    from scipy.integrate import quad

    inner = quad(lambda u: math.tanh(0.5 * low * math.exp(u) / T) * math.exp(-u), 0.0, 60.0, epsabs=0.0, epsrel=1e-12,
                 limit=400)[0]
    return inner / low


def _strength(ats):
    """G of 001 Eqs. 12 and 14 [A m2/(kg T) K]."""
    areas = (ats.amplitude_area_max**2 - ats.amplitude_area_min**2) * angstrom**4
    return 2.0 / 3.0 * math.pi**3 * ats.density * boltzmann * areas / flux_quantum**2


@judge("001.eq12", reason="The printed susceptibility over the package's initial one; it agrees with half the "
       "prefactor of 001 Eq. 10, so the two equations contradict each other by 2.")
def weak_field_susceptibility():
    ats = frozen(_SET)
    return agreement(_strength(ats) * tanh_integral(4.5, ats.asymmetry_min) / gt.susceptibility(ats, 4.5, 0.0))


def _missing_logarithm(T=4.5):
    ats = frozen(_SET)
    return gt.susceptibility(ats, T, 0.0) / (_strength(ats) / (2.0 * T))


def _missing_logarithm_by_quadrature(T=4.5):
    return 2.0 * T * tanh_integral(T, frozen(_SET).asymmetry_min)


@judge("001.eq13", second=lambda: finding(_missing_logarithm_by_quadrature(), False), reason="At high temperature the "
       "susceptibility is the printed 1/T form times ln(2T/D_min) + 0.79, here at 4.5 K for BK7: no Curie law; the "
       "low-temperature limit is right.")
def high_temperature_susceptibility():
    ratio = _missing_logarithm()
    return finding(ratio, abs(ratio - 1.0) < 0.05)


@judge("001.eq14", reason="Larmor, Curie and tunneling term with the constants of 001 Eq. 12 over the package's sum.")
def fit_formula():
    ats, ions, larmor = frozen(_SET), gt.MagneticIons("Fe3+", 6e19), gt.LarmorDiamagnetism(4e-3)
    glass = gt.Glass({"larmor": larmor, "fe3": ions, "ats": ats})
    curie = 10.0 * gt.susceptibility(ions, 10.0, 0.0)
    printed = -4e-3 + curie / 4.5 + _strength(ats) * tanh_integral(4.5, ats.asymmetry_min)
    return agreement(printed / gt.susceptibility(glass, 4.5, 0.0))


@judge("001.eq18", reason="T times the integral over T/D_min for k_B T = D_min/50: the low-temperature form is right "
       "there, at 13 to 26 mK and below.")
def low_temperature_curie_product():
    return agreement(0.02 * tanh_integral(0.02, 1.0) / 0.02)


def _straight_line(integral):
    low = frozen(_SET).asymmetry_min
    return finding(tuple(T / low / (T * integral(T)) for T in (0.3, 4.0)), False)


def _integral_of_the_package(T):
    ats = frozen(_SET)
    return gt.susceptibility(ats, T, 0.0) / _strength(ats)


@judge("001.curie.T", second=lambda: _straight_line(lambda T: tanh_integral(T, frozen(_SET).asymmetry_min)),
       reason="In this window T(chi - chi_L) grows as a logarithm: the straight line of 001 Eq. 18 lies above it by "
       "the factors computed at 0.3 and 4 K for BK7.")
def window_of_the_curie_test():
    return _straight_line(_integral_of_the_package)


@judge("001.T0", stated=UNDETERMINED, reason="No rule for it is printed here; 002 calls it the mean temperature of the "
       "heat-capacity fits, which is 1.23 K for Duran (computed here) and 0.95 K for BAS.")
def mean_temperature_of_duran():
    return float(np.mean([1.11, 1.23, 1.36]))


@judge("001.dn.shape", reason="Fe2+ of the fits of 000 Table 1 minus mass spectrometry: the value at 0.1 T over that "
       "at 6.5 T; it falls monotonically with the field.")
def excess_against_field():
    rows = [values(id)["Fe2only_n_Fe2_per_g"] - SPECTROMETRY["BK7"] for id in published_ids() if "000.T1.BK7.H" in id]
    return finding(rows[0] / rows[-1], rows[0] > 1.1 * rows[-1] and bool(np.all(np.diff(rows) <= 0.0)))


@judge("001.Fe2Fe3", reason="n(Fe2+)/n(Fe3+) of 001 Table 4; Table 3 of the same chip has 1.83.")
def iron_ratio():
    row = values("001.T4.BK7.constT")
    return row["n_Fe2_per_g"] / row["n_Fe3_per_g"]


@judge("001.Fe2Fe3.2000", reason="0.067 over 0.034, the 2000 column of 001 Tables 3 and 4; 002 Table 14 gives 1.95.")
def iron_ratio_of_2000():
    row = values("001.T3T4.BK7.sample2000")
    return row["n_Fe2_per_g"] / row["n_Fe3_per_g"]


@judge("001.Fe2share", tolerance=1.5, reason="001 Table 4 in percent; the printed shares add up to 99, that is two to "
       "one rounded down, and get a tolerance of 1.5.")
def iron_shares():
    row = values("001.T4.BK7.constT")
    return tuple(100.0 * row[key] / row["n_Fe_total_per_g"] for key in ("n_Fe2_per_g", "n_Fe3_per_g"))


@judge("001.BK7.2xi", second=lambda: cell_size_by_volume("BK7", 1e16), reason="003 Eq. 40 gives 60 nm with the 1e16 "
       "per gram that 003 takes, and 54 nm with the supplement's own 1.35e16; 000 and 003 print 60.")
def cell_size_of_bk7():
    return cell_size("BK7", 1e16)


@judge("001.fig16.nMS", reason="The mass-spectrometry value of 000, rounded.")
def iron_of_duran():
    return SPECTROMETRY["Duran"]


@judge("001.fig17.nMS", "001.fig18.n", slip=MISPRINT, reason="Called mass spectrometry, which is 7.165e18; 7.13e18 is "
       "the theory fit, 7.127e18 per gram.")
def iron_of_bas():
    return Outcome(SPECTROMETRY["BAS"], False, corrected=round(7.127, 2) == 7.13, tolerance=5e15)


@judge("001.qubits", reason="P* n of 001 Table 3 over P* = 1/(2 pi), an order of magnitude.")
def number_of_systems():
    return 2.0 * math.pi * values(_SET)["n_ATS_per_g"]


@judge("001.multi.N", tolerance=100.0, reason="Mean N of BK7, BAS and Duran from A_q = 8 N^2 a0^2 (004 Eq. 42) with "
       "their printed B*; an order of magnitude, so the tolerance is 100.")
def tunnelers_of_the_silicates():
    return float(np.mean([tunnelers_from_area(charge_area(B)) for B in (1.30, 1.02, 1.63)]))


@judge("001.N3", "003.N3", reason="Charge, area and amplitude each grow as N by assumption, so their product has the "
       "power three; that each of them does so is judged under 001.renorm.")
def power_of_the_cutoff_combination():
    ratio = tunnelers_from_amplitude_area(8e5) / tunnelers_from_amplitude_area(1e5)
    return math.log(8.0) / math.log(float(ratio))


@judge("001.total.agree", reason="Totals of 001 Tables 3 and 4 and of mass spectrometry: the fits exceed it by 2.2 and "
       "0.5 of its standard deviations, and the text puts the first down to Ti and Cr.")
def iron_of_the_full_fits():
    totals = [values(id)["n_Fe_total_per_g"] for id in (_SET, "001.T4.BK7.constT")]
    return *totals, SPECTROMETRY["BK7"]


@judge("001.nATS.same", reason="P* n of the own sample (001 Tables 3 and 4) over that of the 2000 sample: equal within "
       "4 percent.")
def systems_of_two_samples():
    old = values("001.T3T4.BK7.sample2000")["n_ATS_per_g"]
    ratios = tuple(values(id)["n_ATS_per_g"] / old for id in (_SET, "001.T4.BK7.constT"))
    return finding(ratios, all(abs(ratio - 1.0) < 0.05 for ratio in ratios))


@judge("001.Ntunn.range", stated=UNDETERMINED, reason="It follows from the printed areas only with an amplitude of one "
       "particle, which is assumed; computed for 1 mK from the smallest and the largest printed cutoff.")
def range_of_tunnelers():
    areas = [number for id in published_ids() for key, number in values(id).items() if key.endswith("_qe_S_K_A2")]
    return tuple(float(tunnelers_from_amplitude_area(area)) for area in (min(areas), max(areas)))
