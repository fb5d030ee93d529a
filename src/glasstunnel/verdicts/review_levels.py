"""Verdicts on the review of realistic tunneling states (002): levels, density of states and heat capacity."""

import math
from typing import Any

import numpy as np

import glasstunnel as gt
from glasstunnel.constants import bohr_magneton_kelvin, boltzmann
from glasstunnel.papers import published_ids
from glasstunnel.verdicts import brute
from glasstunnel.verdicts.inputs import published, with_exact_theory
from glasstunnel.verdicts.judging import agreement, correction, finding, judge
from glasstunnel.verdicts.supplement import curvature_of_the_gap

_WELLS = [0.3, -0.1, -0.2]


@judge("002.eq1", reason="Gap sqrt(Delta^2 + Delta0^2) of the package against diagonalization of the printed matrix.")
def two_levels():
    levels = np.linalg.eigvalsh(-0.5 * np.array([[0.6, 0.8], [0.8, -0.6]]))
    return agreement(gt.two_level_gap(0.6, 0.8, 1.0) / (levels[1] - levels[0]), 1e-12)


@judge("002.eq2", reason="Density of states of the package over the integral of P/Delta0 at constant gap: constant up "
       "to the logarithm arccosh(E/Delta0min).")
def standard_density_of_states():
    from scipy.integrate import quad

    E, low = 0.3, 1e-3
    counted = quad(lambda angle: 1.0 / math.sin(angle), math.asin(low / E), 0.5 * math.pi, epsrel=1e-12)[0]
    return agreement(gt.density_of_states(gt.TwoLevelSystems(1.0, tunneling_min=low), E, 0.0) / counted, 1e-9)


@judge("002.eq34", second=lambda: finding(_printed_splitting(2.0) / brute.parabola_doublet(2.0), False), reason="002 "
       "Eq. 4 over the exact splitting of its two parabolas at V0 = 2 hbar Omega: a slip with the overlap of the "
       "wells, negative beyond V0 = 3.5 hbar Omega, and Eq. 3 has another exponent.")
def parabola_splitting():
    from glasstunnel.origins import splitting

    return finding(splitting(2.0, 1.0, "printed") / splitting(2.0, 1.0), False)


def _printed_splitting(height):
    """002 Eq. 4 in units of hbar Omega."""
    return 0.5 * (3.0 - math.sqrt(8.0 * height / math.pi)) * math.exp(-2.0 * height)


@judge("002.eq8", reason="The printed closed form, its sum taken over ordered pairs, against diagonalization; for D0 > "
       "0 its k = 0 is the highest level, k = 1 the ground state.")
def closed_form_levels():
    E, phase = np.array(_WELLS), 0.7
    pairs = (E.sum() ** 2 - (E**2).sum()) / 6.0
    angle = math.acos((math.cos(phase) + E.prod() / 2.0) * (1.0 - pairs) ** -1.5)
    printed = 2.0 * math.sqrt(1.0 - pairs) * np.cos(angle / 3.0 + np.array([2.0, -2.0, 0.0]) * math.pi / 3.0)
    exact = np.linalg.eigvalsh(brute.ring_matrix(_WELLS, 1.0, phase))
    return agreement(float(np.mean(printed / exact)), 1e-12)


@judge("002.eq9", reason="The printed gap over the exact one at asymmetry 0.001 D0 and phi = 0.002.")
def small_gap():
    wells, phase = 1e-3 * np.array(_WELLS), 2e-3
    levels = gt.three_well_levels(wells, 1.0, phase)
    printed = 2.0 / math.sqrt(3.0) * math.sqrt(phase**2 + 0.5 * np.sum(wells**2))
    return agreement(printed / (levels[1] - levels[0]), 1e-3)


_D, _LOW, _HIGH = 0.1, 0.2, 0.5  # K: D_min and D0 phi at its two cutoffs


def _printed_density(E):
    if E <= math.hypot(_D, _HIGH):
        return 2.0 * math.pi / E * math.log(math.sqrt((E**2 - _LOW**2) * (E**2 - _D**2)) / (_LOW * _D))
    return 2.0 * math.pi / E * math.log(_HIGH / _LOW * math.sqrt((E**2 - _LOW**2) / (E**2 - _HIGH**2)))


@judge("002.eq13", reason="The printed form over the count of systems at constant gap, at 0.3 and 0.8 K; a factor "
       "1/sqrt(3) of the plane of asymmetries is absorbed in P*.")
def anomalous_density_of_states():
    from scipy.integrate import quad

    ratios = []
    for E in (0.3, 0.8):
        top = min(_HIGH, math.sqrt(E**2 - _D**2))
        counted = quad(lambda x, E=E: E / (E**2 - math.exp(2.0 * x)), math.log(_LOW), math.log(top), epsrel=1e-12)[0]
        ratios.append(_printed_density(E) / (2.0 * math.pi * counted))
    return agreement(max(ratios, key=lambda ratio: abs(ratio - 1.0)), 1e-9)


@judge("002.eq14", reason="The heat capacity from the package's density of states over the package's own, BAS at 0.9 K "
       "and 0.1 T.")
def heat_capacity_from_density_of_states():
    from scipy.integrate import quad

    ats, T, B = published("002.T2.BAS.Cp.T0.90K")["ats"], 0.9, 0.1

    def share(log_energy):
        E = math.exp(log_energy)
        x = 0.5 * E / T
        return E * gt.density_of_states(ats, E, B) * boltzmann * (x / math.cosh(x)) ** 2

    total = quad(share, math.log(0.4), math.log(60.0), epsrel=1e-10, limit=800)[0]
    return agreement(total / gt.heat_capacity(ats, T, B), 1e-5)


@judge("002.Cp.nJ.Duran", reason="The 47.62 ppm that 002 Sec. 7.2 quotes from the same analysis, rounded.")
def early_iron_of_duran():
    return 47.62


@judge("002.Cp.nJ.BAS", reason="The 20.44 ppm that 002 Sec. 7.2 quotes from the same analysis, rounded.")
def early_iron_of_bas():
    return 20.44


@judge("002.Cp.nT", reason="Rows of 002 Table 2 and of Table 4.")
def temperatures_of_the_fits():
    rows = [sum(id.startswith(table) for id in published_ids()) for table in ("002.T2.", "002.T4.")]
    return float(rows[0]) if rows[0] == rows[1] else math.nan


@judge("002.Jg", reason="Hund's first rule for d6 and d5, half the unpaired electrons; g = 2 is that of spins alone.")
def spins_of_iron():
    return 0.5 * (10 - 6), 0.5 * 5, 2.0


@judge("002.eq16", reason="It is the heat capacity of 2J+1 equidistant levels with z = g mu_B B/k_B T; the printed z "
       "has an additional J, which belongs to the Brillouin function.")
def langevin_heat_capacity():
    J, T, B = 2.0, 1.0, 1.0
    z = 2.0 * bohr_magneton_kelvin * B / T
    reference = brute.level_heat_capacity(z * T * np.arange(-J, J + 1.0), T)

    def formula(z):
        count = 2.0 * J + 1.0
        return z**2 / 4.0 * (math.sinh(z / 2.0) ** -2 - count**2 * math.sinh(count * z / 2.0) ** -2)

    package = gt.heat_capacity(gt.MagneticIons("Fe2+", 1.0), T, B) / boltzmann
    assert abs(package / reference - 1.0) < 1e-10
    return correction(formula(J * z) / reference, formula(z) / reference, 1e-10)


_T = 0.9  # K


def _double_integral():
    return brute.doublet_heat_capacity(_D, _LOW, _HIGH, 1.0, _T)


@judge("002.eq17", reason="The two printed integrals over the double integral of the Schottky form, D_min = 0.1 K, "
       "D0 phi from 0.2 to 0.5 K, T = 0.9 K.")
def anomalous_heat_capacity():
    from scipy.integrate import quad

    first, second = math.hypot(_D, _LOW), math.hypot(_D, _HIGH)

    def below(E):
        return E / math.cosh(E / (2.0 * _T)) ** 2 * math.log((E**2 - _LOW**2) * (E**2 - _D**2) / (_D * _LOW) ** 2)

    def above(E):
        return (E / math.cosh(E / (2.0 * _T)) ** 2
                * math.log((_HIGH / _LOW) ** 2 * (E**2 - _LOW**2) / (E**2 - _HIGH**2)))

    total = quad(below, first, second, epsrel=1e-11)[0] + quad(above, second, 60.0, epsrel=1e-11, limit=400)[0]
    return agreement(math.pi / (4.0 * _T**2) * total / _double_integral(), 1e-6)


@judge("002.eq18", reason="The printed dimensionless form over the same double integral.")
def dimensionless_heat_capacity():
    from scipy.integrate import quad

    first, second = math.hypot(_D, _LOW) / (2.0 * _T), math.hypot(_D, _HIGH) / (2.0 * _T)
    d, low, high = (value / (2.0 * _T) for value in (_D, _LOW, _HIGH))

    def step(x):
        return x * math.tanh(x) - math.log(math.cosh(x))

    def tail(x, a):
        return quad(lambda y: y / math.cosh(y) ** 2 * math.log(y * y - a * a), x, 40.0, epsrel=1e-11, limit=400)[0]

    constant = math.log(high / low) * (math.log(2.0) - step(second))
    rest = (step(first) - step(second)) * math.log(d * low) + 0.5 * (
        tail(first, d) - tail(second, d) + tail(first, low) - tail(second, high)
    )
    return agreement(2.0 * math.pi * (constant + rest) / _double_integral(), 1e-6)


@judge("002.eq20", reason="The first from the exact gap at D = 0, the second from the average of phi^2(1 - phi^2/27) "
       "over directions; B* is then the field of one radian, not the upturn.")
def coefficients_of_the_phase():
    phi = 0.05
    mean = brute.sphere_mean(lambda c: (phi * c) ** 2 * (1.0 - (phi * c) ** 2 / 27.0))
    return curvature_of_the_gap(), phi**2 / (1.0 - 3.0 * mean / phi**2)


@judge("002.angle", reason="The mean of cos^2 over isotropic directions is 1/3; putting it into phi is exact at weak "
       "field only.")
def mean_square_cosine():
    return agreement(3.0 * brute.sphere_mean(lambda c: c**2), 1e-12)


@judge("002.Cp0", reason="C(B = 0)/C(20 T) - 1 of the anomalous systems, the smallest over both glasses and all rows "
       "of 002 Tables 2 and 4; free ions alone have C = 0 at B = 0.")
def zero_field_excess():
    ids = [id for id in published_ids() if id.startswith(("002.T2.", "002.T4."))]
    smallest = math.inf
    for id in ids:
        glass, T = published(id), float(id.rsplit(".T", 1)[1].rstrip("K"))
        zero, far = gt.heat_capacity(glass["ats"], T, np.array([0.0, 20.0]))
        smallest = min(smallest, (zero - far) / zero)
    ions = gt.heat_capacity(gt.MagneticIons("Fe2+", 1e20), 1.0, 0.0)
    return finding(float(smallest), smallest > 0.0 and abs(ions) < 1e-12)


def _field_forms(B):
    """Heat capacity of BAS at 0.9 K: linear gap, corrected gap and three levels, with B* = 1.02 T."""
    options = {"flux_field": 1.02}
    linear = published("002.T2.BAS.Cp.T0.90K")["ats"]
    corrected = gt.published("002.T2.BAS.Cp.T0.90K", higher_field=True, **options)["ats"]
    exact = with_exact_theory("002.T2.BAS.Cp.T0.90K", **options)["ats"]
    return tuple(float(gt.heat_capacity(ats, 0.9, B)) for ats in (linear, corrected, exact))


@judge("002.weak", tolerance=1.0, reason="Field (T) at which the correction of 002 Eq. 20 changes C_ATS of BAS at 0.9 "
       "K by 1 percent (B* = 1.02 T), an order of magnitude; the third level changes it more, at any field.")
def weak_field_limit():
    from scipy.optimize import brentq

    def excess(B):
        linear, corrected, _ = _field_forms(B)
        return abs(corrected / linear - 1.0) - 0.01

    field: Any = brentq(excess, 1.0, 2.5, xtol=1e-4)
    return field
