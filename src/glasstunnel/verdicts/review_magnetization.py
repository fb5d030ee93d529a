"""Verdicts on the review of realistic tunneling states (002): magnetization, concentrations and barriers."""

import math
from dataclasses import replace
from functools import partial
from typing import Any

import glasstunnel as gt
from glasstunnel.constants import avogadro, bohr_magneton_kelvin, flux_phase_per_area
from glasstunnel.conversions import magnetic_moment_per_system, ppm_to_concentration
from glasstunnel.verdicts import brute
from glasstunnel.verdicts.inputs import MOLAR_MASS, published, values, with_exact_theory
from glasstunnel.verdicts.judging import agreement, correction, finding, judge, judged
from glasstunnel.verdicts.record import MISPRINT
from glasstunnel.verdicts.review_levels import coefficients_of_the_phase
from glasstunnel.verdicts.supplement import doublet_by_quadrature, frozen

_AREAS = (4.99e4, 2.68e5)  # K Angstrom^2: the cutoffs of Duran at 1.11 K, 002 Table 4


def _moments_from_levels():
    """Half the slope of the gap of a symmetric three-well system [mu_B], by diagonalization."""
    slope = brute.gap(1e-12, 0.0, 1.0, 1e-4) / 1e-4
    return tuple(0.5 * slope * flux_phase_per_area * area / bohr_magneton_kelvin for area in _AREAS)


@judge("002.muATS", second=_moments_from_levels, reason="002 Eq. 89 with the cutoffs of Table 4 gives 0.56 to 3.03 "
       "Bohr magnetons; the printed numbers would need 3.4e5 and 2.4e6 K Angstrom^2.")
def moments_of_duran():
    return tuple(float(magnetic_moment_per_system(area)) for area in _AREAS)


@judge("002.eq89", reason="The printed moment over half the slope of the gap of a symmetric system, diagonalized.")
def saturation_moment():
    return agreement(moments_of_duran()[0] / _moments_from_levels()[0], 1e-6)


@judge("002.muJ", reason="g sqrt(J(J+1)) with g = 2 and J = 2, 5/2.")
def moments_of_iron():
    return tuple(2.0 * math.sqrt(J * (J + 1.0)) for J in (2.0, 2.5))


@judge("002.eq92", reason="The printed Curie law over the sum over levels at weak field, J = 5/2.")
def curie_law():
    T, B = 4.5, 1e-4
    printed = gt.susceptibility(gt.MagneticIons("Fe3+", 1.0), T, 0.0)
    return agreement(printed * B / brute.ion_moment(2.5, T, B), 1e-6)


@judge("002.eq93", reason="The printed prefactor is twice that which follows from 002 Eq. 13 and the moment (1/2) "
       "tanh(E/2T) dE/dB (BK7 of Table 14 at 4.5 K and 2 T).")
def printed_prefactor():
    reference = doublet_by_quadrature("002.T14.BK7.M", 4.5, 2.0)
    forms = [gt.magnetization(frozen("002.T14.BK7.M", prefactor=form, orientation="rms"), 4.5, 2.0) / reference
             for form in ("printed", "consistent")]
    return correction(*forms, tolerance=1e-5)


@judge("002.eq95", reason="Coefficients of phi^2 in the gap and of (B/B*)^2 after the average, as in 002 Eq. 20.")
def coefficients_of_the_gap():
    computed = coefficients_of_the_phase()
    return finding(computed, abs(computed[0] - 27.0) < 0.01 and abs(computed[1] - 45.0) < 0.01)


@judge("002.eq97", reason="Powers of N(T) in D_min and in D0|q/e|S, each factor growing as N by assumption; the "
       "package's susceptibility at 4.5 K is that of cutoffs scaled so.")
def powers_of_the_cutoffs():
    ats, T = published("002.T14.BK7.M")["ats"], 4.5
    r = math.exp(ats.activation_energy * (1.0 / ats.reference_temperature - 1.0 / T))
    scaled = replace(
        ats, activation_energy=0.0, asymmetry_min=ats.asymmetry_min * r,
        amplitude_area_min=ats.amplitude_area_min * r**3, amplitude_area_max=ats.amplitude_area_max * r**3,
    )
    ratio = gt.susceptibility(ats, T, 0.0) / gt.susceptibility(scaled, T, 0.0)
    return (1.0, 3.0) if abs(ratio - 1.0) < 1e-9 else (math.nan, math.nan)


@judge("002.eq98", slip=MISPRINT, reason="The factor to ppm is 10^6, as 002 Eqs. 99 and 100 use it, not 100.")
def factor_to_ppm():
    per_gram = float(ppm_to_concentration(102.0, MOLAR_MASS["BAS"])) * 1e-3
    share = per_gram * 80.530 / avogadro
    return correction(100.0 * share / 102.0, 1e6 * share / 102.0, 1e-9)


judged("002.NA", partial(float, avogadro), "The exact constant of the SI, rounded.")
for _id, _ppm, _glass in (("002.nom.BAS.g", 102.0, "BAS"), ("002.nom.Duran.g", 126.0, "Duran")):
    judged(_id, partial(lambda ppm, glass: 1e-3 * float(ppm_to_concentration(ppm, MOLAR_MASS[glass])), _ppm, _glass),
           f"{_ppm:g} ppm of formula units of {1e3 * MOLAR_MASS[_glass]:g} g/mol.")


@judge("002.BK7.Fe", reason="0.71 + 0.36 ppm of 002 Table 14.")
def iron_of_bk7():
    row = values("002.T14.BK7.M")
    return row["n_Fe2_ppm"] + row["n_Fe3_ppm"]


@judge("002.PnATS.three", reason="The same numbers as in 002 Tables 10, 11 and 14.")
def systems_of_three_glasses():
    return tuple(values(id)["Pstar_n_ATS_per_g"] for id in ("002.T10.BAS.M", "002.T11.Duran.M", "002.T14.BK7.M"))


@judge("002.nATS.similar", reason="Largest over smallest of the three: less than one order of magnitude apart.")
def spread_of_the_concentrations():
    numbers = systems_of_three_glasses()
    return finding(max(numbers) / min(numbers), max(numbers) < 10.0 * min(numbers))


@judge("002.Fe2major", reason="Fe2+ share of the heat-capacity fits, BAS and Duran.")
def ferrous_shares():
    rows = values("002.T1.BAS.Cp"), values("002.T3.Duran.Cp")
    shares = tuple(row["n_Fe2_per_g"] / (row["n_Fe2_per_g"] + row["n_Fe3_per_g"]) for row in rows)
    return finding(shares, min(shares) > 0.5)


def _anomalous_over_iron(glass, observable, *conditions):
    parts = {key: float(observable(part, *conditions)) for key, part in glass.contributions.items()}
    return parts["ats"] / (parts["fe2"] + parts["fe3"])


@judge("002.M.dominant", reason="Anomalous part over iron of Duran as printed: C_p at 1.23 K and 1 T, M at 4.5 K and "
       "77 K and 3 T; with all three levels and the printed B* the last one is below 1.")
def anomalous_part_over_iron():
    moment = published("002.T11.Duran.M")
    ratios = (
        _anomalous_over_iron(published("002.T4.Duran.Cp.T1.23K"), gt.heat_capacity, 1.23, 1.0),
        _anomalous_over_iron(moment, gt.magnetization, 4.5, 3.0),
        _anomalous_over_iron(moment, gt.magnetization, 77.0, 3.0),
    )
    assert _anomalous_over_iron(with_exact_theory("002.T11.Duran.M"), gt.magnetization, 77.0, 3.0) < 1.0
    return finding(ratios, min(ratios) > 1.0)


_QUANTUM = 10.0  # K: the largest well energy of 002 Fig. 26


def barrier(amplitude):
    """Barrier V0 [K] of two joined parabolas with this exact splitting [K] and hbar Omega = 10 K."""
    from scipy.optimize import brentq

    from glasstunnel.origins import splitting

    height: Any = brentq(lambda V: math.log(splitting(V, _QUANTUM) / amplitude), _QUANTUM, 12.0 * _QUANTUM)
    return height


def _barriers_in_closed_form():
    """The same from the leading splitting sqrt(8u/pi) exp(-2u), inverted by Lambert's function."""
    from scipy.special import lambertw

    def inverse(amplitude):
        return -0.25 * _QUANTUM * float(lambertw(-math.pi * (amplitude / _QUANTUM) ** 2 / 2.0, -1).real)

    return finding((inverse(1e-3), inverse(1e-6)), False)


@judge("002.V0.max", second=_barriers_in_closed_form, reason="Exact barriers of two joined parabolas with hbar Omega = "
       "10 K for splittings of 1 mK and 1 uK; 002 Eq. 4 itself gives 32 to 35 K there, next to the barrier at which it "
       "vanishes.")
def largest_barrier():
    return finding((barrier(1e-3), barrier(1e-6)), False)
