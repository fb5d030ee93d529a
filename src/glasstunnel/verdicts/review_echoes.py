"""Verdicts on the review of realistic tunneling states (002): polarization echoes."""

import math
from dataclasses import replace
from functools import cache

import numpy as np

import glasstunnel as gt
from glasstunnel.constants import boltzmann, hbar
from glasstunnel.echoes.flux.zero_field_decay import edge_decay, oscillation_integral, printed_decay
from glasstunnel.papers import published_entry
from glasstunnel.verdicts import brute
from glasstunnel.verdicts.inputs import published, values
from glasstunnel.verdicts.judging import correction, finding, judge
from glasstunnel.verdicts.record import UNDETERMINED, Outcome
from glasstunnel.verdicts.review_dielectric import exact_strengths

_ROWS = ("002.T8.BAS.echo.s1", "002.T8.BAS.echo.s2", "002.T8.BK7.echo.tau12_1.5us", "002.T8.BK7.echo.tau12_6us")
_STRONG = (5.0, 10.0)
_DERIVED = gt.EchoConvention(rabi="rms")


@judge("002.echo.factor20", tolerance=1.0, reason="Nominal iron of Duran over that of BK7, 126 over 6 ppm, where at "
       "least 20 is printed; mass spectrometry of other samples (000) has 8.9 per gram.")
def iron_of_duran_over_bk7():
    return 126.0 / 6.0


@cache
def _echo(id, fields, T=0.012):
    """Anomalous echo in units of its zero-field value, derived form with the mean square drive."""
    printed = gt.published_echo(id, preset="derived", T=T)
    result = gt.echo(printed.glass, printed.pulses, T, np.array(fields), convention=_DERIVED, relative_amplitude=1.0)
    return tuple(float(value) - 1.0 for value in result)


def echo_row(id):
    """Numbers of a row of 002 Table 8 as `brute.echo_sum` takes them, and its waiting time [s]."""
    row, conditions = values(id), published_entry(id).conditions
    diffusion = row["c_ATS_per_us_K" if "c_ATS_per_us_K" in row else "c_ATS_minus_c_2LS_per_us_K"]
    numbers = row | {key: conditions[key] for key in ("tau1_us", "tau2_us")}
    numbers |= {"frequency_GHz": conditions["nominal_frequency_GHz"], "diffusion": diffusion}
    return numbers, 1e-6 * conditions.get("tau12_us", 2.0)


@judge("002.echo.Bmax", stated=UNDETERMINED, reason="Measured curves that are not printed; the printed sets of 002 "
       "Table 8 have their largest anomalous echo at the fields computed here (tesla), far above 10 mT.")
def field_of_the_largest_echo():
    fields = tuple(np.linspace(0.0, 0.9, 31))
    return finding(tuple(fields[int(np.argmax(_echo(id, fields)))] for id in _ROWS), False)


@judge("002.gly.d3", reason="Three of eight hydrogen atoms are deuterium.")
def isotopes_of_d3():
    return 100.0 * 3.0 / 8.0, 100.0 * 5.0 / 8.0


@judge("002.gly.d5", reason="Five of eight hydrogen atoms are deuterium.")
def isotopes_of_d5():
    return 100.0 * 5.0 / 8.0


@judge("002.wDt", reason="With tau2 - tau1 = 0.1 us it is 100 for omega = f = 1 GHz, and 628 for omega = 2 pi f.")
def carrier_phase():
    turns = 1e9 * 0.1e-6
    return Outcome(2.0 * math.pi * turns, abs(math.log10(2.0 * math.pi * turns / 100.0)) < 0.5,
                   abs(turns / 100.0 - 1.0) < 1e-9)


@judge("002.eq72", reason="With D^2/2 in place of (5/6) D^2 it is the exact average, as 002 Eq. 45 has it; at B = 0 "
       "the printed square is too large by the factor computed here.")
def averaged_rabi_frequency():
    at_rest, in_field = exact_strengths()
    return correction(5.0 / 6.0 / (at_rest / in_field), 0.5 / (at_rest / in_field), 1e-5)


@judge("002.eq76", reason="Right with both integrals in one bracket, D^2/2 in the Rabi frequency, half the rate in the "
       "damping and (w0 - w)/Omega_G in C; computed is the printed in-phase echo of AlBaSiO 2 over the derived one.")
def echo_amplitude():
    id = "002.T8.BAS.echo.s2"
    row, gap = echo_row(id)
    reference = brute.echo_sum(row, 0.0, 0.012, gap, 1.0)
    printed = gt.published_echo(id, preset="derived")
    scale = 2.0 * math.pi * hbar / printed.pulses.field_amplitude
    forms = [gt.EchoConvention(kappa_rabi=5 / 6, kappa_rate=5 / 6, damping_factor=1.0, rabi="rms"), _DERIVED]
    sizes = [float(gt.echo(printed.glass, printed.pulses, 0.012, 0.0, convention=form)) / scale for form in forms]
    return correction(sizes[0] / reference, sizes[1] / reference, 1e-3)


@judge("002.eq78", reason="The amplitude decays with half the population rate, 1/(2 tau), from the relaxation matrix "
       "of a two-level system; the spectral diffusion term is assumed.")
def decay_of_the_amplitude():
    population, amplitude = brute.decay_rates(7.0)
    return correction(population / amplitude, 0.5 * population / amplitude, 1e-9)


def _exponent(echo):
    return finding(math.log2(echo[1] / echo[0]), False)


@cache
def _echo_by_sums(id, fields):
    row, gap = echo_row(id)
    return tuple(brute.echo_sum(row, field, 0.012, gap) for field in fields)


@judge("002.echo.sat", second=lambda: _exponent(_echo_by_sums(_ROWS[1], _STRONG)), reason="Averaged over loop "
       "directions the anomalous echo falls as 1/B (exponent computed between 5 and 10 T, AlBaSiO 2), because loops "
       "nearly parallel to the field never saturate.")
def exponent_of_the_tail():
    return _exponent(_echo(_ROWS[1], _STRONG))


@judge("002.echo.highB", stated=UNDETERMINED, reason="The inset takes a corrected gap, whose B* is not printed for "
       "this sample; computed is the BK7 echo (6 us) at 10 T over that at 5 T, which falls with the weak-field gap and "
       "rises with a gap periodic in the flux and the B* = 1.30 T of 002 Table 14.")
def features_at_high_field():
    return finding((_falls(_echo(_ROWS[3], _STRONG)), _falls(echo_with_periodic_gap(1.30, _STRONG))), False)


def _falls(echo):
    return echo[1] / echo[0]


@cache
def echo_with_periodic_gap(flux_field, fields):
    """J_S of the BK7 echo (6 us) with the gap 3 D0 sin(phi/3) of 001 Eq. 11 for D0 phi, B* [T] and fields [T]."""
    row, gap = echo_row(_ROWS[3])
    return tuple(brute.echo_sum(row, field, 0.012, gap, flux_field=flux_field) for field in fields)


@judge("002.isotope", reason="1/sqrt(2) for mass numbers 1 and 2; 0.7074 for the masses of the atoms.")
def isotope_ratio():
    return math.sqrt(1.0 / 2.0)


@judge("002.isotope.cond", reason="Largest relative change of the echo of AlBaSiO 2 up to 0.6 T as printed (D_min = 27 "
       "mK, carrier 48 mK), and the echo with D_min = 60 mK over it at B = 0.")
def edge_below_the_carrier():
    change = max(abs(value - 1.0) for value in _echo(_ROWS[1], tuple(np.linspace(0.0, 0.6, 7))))
    printed = gt.published_echo(_ROWS[1], preset="derived")
    above = gt.Glass({"ats": replace(printed.glass["ats"], asymmetry_min=0.060)})
    sizes = [abs(float(gt.echo(glass, printed.pulses, 0.012, 0.0, convention=_DERIVED)))
             for glass in (above, printed.glass)]
    return finding((change, sizes[0] / sizes[1]), change > 0.05 and sizes[0] < 0.01 * sizes[1])


def _oscillating_integral(a, b):
    from scipy.integrate import quad

    return quad(lambda x: math.cos(x) / (x * x + a * a), 0.0, b, epsabs=1e-13, limit=400)[0]


@judge("002.eq86", reason="The arguments a + ib and -a + ib of the two exponential integrals are exchanged; the "
       "printed form over the integral at a = 1.3, b = 7.7 is computed here.")
def exchanged_arguments():
    a, b = 1.3, 7.7
    forms = (float(oscillation_integral(a, b, arguments=name)) for name in ("printed", "corrected"))
    return correction(*(form / _oscillating_integral(a, b) for form in forms), tolerance=1e-9)


@judge("002.eq87", reason="Besides the exchanged arguments the anomalous terms lack the factor a = 2 tau12/tau_phi; "
       "the integral behind it begins before the second pulse, and a gate around the echo leaves a pure decay.")
def integrated_echo():
    wait, dephasing, offset = 2e-6, 1e-6, 0.6e6
    a, b = 2.0 * wait / dephasing, 2.0 * wait * offset
    reference = math.pi * (0.5 * math.exp(-a) + a / math.pi * _oscillating_integral(a, b))
    forms = [float(printed_decay(wait, 0.0, 1.0, 1e-5, dephasing, offset, form=form)) / reference
             for form in ("printed", "corrected")]
    assert abs(math.pi * edge_decay(wait, dephasing, offset) / reference - 1.0) < 1e-9
    return correction(*forms, tolerance=1e-9)


@judge("002.fig20.kill", reason="Turning points of the printed sum between 0.25 and 20 us for tau_phi = 1 and 0.3 us, "
       "with an anomalous part 15 times the other one.")
def oscillations_with_fast_diffusion():
    wait = np.linspace(0.25e-6, 20e-6, 400)
    turns = []
    for time in (1.0e-6, 0.3e-6):
        total = printed_decay(wait, 1.0, 15.0, 10e-6, time, 0.6e6, form="printed")
        turns.append(float(np.count_nonzero(np.diff(np.sign(np.diff(total))))))
    return finding(tuple(turns), turns[0] >= 4.0 and turns[1] == 0.0)


@judge("002.echo.order", tolerance=10.0, reason="Upper cutoffs of 002 Table 5 and of the heat capacity (Tables 2 and "
       "4) over those of the echo fits (Table 8), geometric means; an order of magnitude, so the tolerance is 10.")
def cutoffs_of_echo_fits():
    def mean(ids):
        return np.exp(np.mean([np.log(values(id)["D0max_qe_S_K_A2"]) for id in ids]))

    other = ("002.T5.BK7.eps.T15mK", "002.T5.BAS.eps.T50mK", "002.T2.BAS.Cp.T0.90K", "002.T4.Duran.Cp.T1.23K")
    return float(mean(other) / mean(_ROWS))


def trend_of_bas():
    """Signs of the change from weak to middle and from middle to strong field of four quantities of BAS.

    Density of states at the carrier, dielectric constant, heat capacity, and minus the anomalous echo.
    """
    grid = np.linspace(0.0, 6.0, 121)
    heat = gt.heat_capacity(published("002.T2.BAS.Cp.T0.90K")["ats"], 0.9, grid)
    eps = gt.dielectric_shift(published("002.T5.BAS.eps.T50mK"), 0.05, np.linspace(0.0, 2.0, 121), 1e3,
                              reference_field=0.0, part="resonant")
    carrier = hbar * 2.0 * math.pi * 1e9 / boltzmann
    states = gt.density_of_states(gt.published_echo(_ROWS[1]).glass["ats"], carrier, np.linspace(0.0, 2.0, 121))
    echo = -np.array(_echo(_ROWS[1], tuple(np.linspace(0.0, 2.0, 21))))
    return {"density of states": states, "dielectric constant": eps, "heat capacity": heat, "-A": echo}


def rises_then_falls(curve):
    """Whether a curve has its largest value inside, above both ends."""
    top = int(np.argmax(curve))
    return 0 < top < len(curve) - 1 and curve[top] > curve[0] and curve[top] > curve[-1]
