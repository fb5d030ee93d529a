"""Verdicts on the review of the polycluster picture (003): cells, glass transition, and the common trend in a field."""

import math
from functools import cache, partial

import numpy as np

import glasstunnel as gt
from glasstunnel.constants import boltzmann, flux_phase_per_area, hbar
from glasstunnel.conversions import (
    cell_radius,
    distribution_constant,
    glass_transition_slope,
    glass_transition_temperature,
    per_volume,
    void_volume,
)
from glasstunnel.verdicts import brute
from glasstunnel.verdicts.inputs import MASS_DENSITY, published, values
from glasstunnel.verdicts.judging import agreement, finding, judge, judged
from glasstunnel.verdicts.letter import cell_size, cell_size_by_volume
from glasstunnel.verdicts.review_echoes import echo_row

#: Rounded P* n per gram that 003 puts into its Eq. 40, and the sets it rounds.
_DENSITIES = {"BAS": (5e16, "002.T1.BAS.Cp"), "Duran": (9e16, "002.T3.Duran.Cp"), "BK7": (1e16, "002.T14.BK7.M")}


@judge("003.eq35", reason="Left over right side at the package's glass transition temperature, the lower of two "
       "solutions, with and without Theta.")
def glass_transition():
    ratios = []
    for interaction, energy in ((300.0, 1e4), (0.0, 2e4)):
        T = float(glass_transition_temperature(1e-12, 1000.0, energy, interaction))
        ratios.append(math.log((1000.0 - T) / 1e-12) * (T - interaction) / energy)
    return agreement(max(ratios, key=lambda ratio: abs(ratio - 1.0)), 1e-9)


@judge("003.Tg.log", reason="dT_g/d ln(rate) in kelvin at rates from 1e-13 to 1e-11 K per tau_0: positive, and "
       "changing by a sixth per decade only (T_c = 1000 K, Theta = 300 K, w_0 = 10^4 K).")
def slope_of_the_glass_transition():
    slopes = tuple(float(glass_transition_slope(rate, 1000.0, 1e4, 300.0)) for rate in (1e-13, 1e-12, 1e-11))
    return finding(slopes, min(slopes) > 0.0 and max(slopes) < 1.5 * min(slopes))


def _whole_tetrahedron(void):
    return finding(2.0 * math.sqrt(2.0) / 3.0 / void, False)


def _void_by_solid_angles():
    """Volume of the void between four touching unit spheres: the tetrahedron less the cone of each corner."""
    corners = np.array([[0.0, 0.0, 0.0], [2.0, 0.0, 0.0], [1.0, 3.0**0.5, 0.0], [1.0, 3.0**-0.5, (8.0 / 3.0) ** 0.5]])
    edges = corners[1:] - corners[0]
    units = edges / np.linalg.norm(edges, axis=1)[:, None]
    cosines = units @ units.T
    angle = 2.0 * math.atan2(
        abs(np.linalg.det(units)), 1.0 + cosines[0, 1] + cosines[1, 2] + cosines[2, 0]
    )  # the solid angle that three directions span
    return abs(float(np.linalg.det(edges))) / 6.0 - 4.0 * angle / 3.0


@judge("003.eq38", second=lambda: _whole_tetrahedron(_void_by_solid_angles()), reason="The printed volume is that of "
       "the whole tetrahedron of four cell centers, larger than the interstice (001 Eq. 1) by the factor computed "
       "here; four systems per such tetrahedron is what 003 Eq. 40 counts.")
def volume_of_an_interstice():
    return _whole_tetrahedron(float(void_volume(1.0)))


@judge("003.eq39", reason="Integral of P*/(D D0) over the rectangle of cutoffs, weight 2 pi, with the package's P*.")
def normalization():
    cutoffs = 0.03, 100.0, 2.0, 3.0
    nodes, weights = brute.legendre(200)
    lengths = (cutoffs[1] - cutoffs[0], cutoffs[3] - cutoffs[2])
    amplitude = np.sum(weights * lengths[1] / (cutoffs[2] + lengths[1] * nodes))
    logs = np.log(cutoffs[1] / cutoffs[0])
    asymmetry = np.sum(weights * logs * np.ones_like(nodes))
    return agreement(2.0 * math.pi * float(distribution_constant(*cutoffs)) * asymmetry * amplitude, 1e-9)


judged("003.Pstar", lambda: 0.5 / math.pi, "1/(2 pi), if both logarithms multiply to one.")


@judge("003.eq40", reason="The package's radius over that at which four systems per whole tetrahedron make up the "
       "density.")
def radius_from_the_density():
    return agreement(cell_size("BAS", 5e16) / cell_size_by_volume("BAS", 5e16), 1e-9)


for _glass, (_number, _set) in _DENSITIES.items():
    judged(f"003.{_glass}.nP", partial(lambda id: values(id)["Pstar_n_ATS_per_g"], _set),
           f"The value of {_set}, rounded to one digit.")
for _glass in ("BAS", "BK7"):
    _radius = partial(lambda glass: 1e10 * float(cell_radius(1e3 * _DENSITIES[glass][0], MASS_DENSITY[glass])), _glass)
    judged(f"003.{_glass}.xi", _radius, f"003 Eq. 40 with {_DENSITIES[_glass][0]:.0e} per gram.")
    judged(f"003.{_glass}.xi.cm", partial(lambda radius: 1e-8 * radius(), _radius), "The same in centimeters.")


def _by_volume(unit):
    return 5.0 * unit * cell_size_by_volume("Duran", 9e16)


@judge("003.Duran.xi", second=lambda: _by_volume(1.0), reason="003 Eq. 40 with the printed 9e16 per gram and 2.3 g/cm3 "
       "gives 148 Angstrom; 154 would need 8.0e16.")
def radius_of_duran():
    return 5.0 * cell_size("Duran", 9e16)


@judge("003.Duran.xi.cm", second=lambda: _by_volume(1e-8), reason="The same in centimeters: 1.48e-6.")
def radius_of_duran_in_centimeters():
    return 1e-8 * radius_of_duran()


@judge("003.2xi.range", tolerance=5.0, reason="Smallest (Duran) and largest (BK7) diameter from 003 Eq. 40; the range "
       "is stated to two digits.")
def range_of_diameters():
    diameters = [10.0 * cell_size(glass, number) for glass, (number, _) in _DENSITIES.items()]
    return min(diameters), max(diameters)


@judge("003.BAS.rho", tolerance=0.05, reason="1.97e17 per cm3 (004) over 6.39e16 per gram (002) of the same analysis.")
def density_of_bas():
    return 1.97e23 / float(per_volume(6.39e19, 1.0)) * 1e-3


@judge("003.B0", reason="E times the density of states of the anomalous systems of BAS just above D_min over that at "
       "ten times D_min: a step at D_min with a 1/E flank, on top of the constant of the two-level systems.")
def shape_at_zero_field():
    ats = published("002.T2.BAS.Cp.T0.90K")["ats"]
    low = ats.asymmetry_min
    E = low * np.array([0.99, 1.01, 10.0])
    below, near, far = E * gt.density_of_states(ats, E, 0.0)
    return finding(float(near / far), below == 0.0 and abs(near / far - 1.0) < 1e-9)


_ECHO, _HEAT, _EPS = "002.T8.BAS.echo.s2", "002.T2.BAS.Cp.T0.90K", "002.T5.BAS.eps.T50mK"
#: Fields [T] of the common axis: fine at weak field, where the dielectric constant turns.
FIELDS = np.concatenate([[0.0], np.geomspace(0.005, 5.0, 16)])


@cache
def trend():
    """Four quantities of BAS against `FIELDS` with the printed sets, in units of their own.

    Density of states of the echo set at its carrier, change of the dielectric constant at 50 mK, heat capacity at
    0.9 K, and minus the anomalous echo over its zero-field value.
    """
    printed = gt.published_echo(_ECHO, preset="derived")
    carrier = hbar * 2.0 * math.pi * 1e9 / boltzmann
    convention = gt.EchoConvention(rabi="rms")
    echo = gt.echo(printed.glass, printed.pulses, 0.012, FIELDS, convention=convention, relative_amplitude=1.0)
    return {
        "states": gt.density_of_states(printed.glass["ats"], carrier, FIELDS),
        "permittivity": gt.dielectric_shift(published(_EPS), 0.05, FIELDS, 1e3, reference_field=0.0, part="resonant"),
        "heat": gt.heat_capacity(published(_HEAT)["ats"], 0.9, FIELDS),
        "echo": -(np.asarray(echo) - 1.0),
    }


@cache
def _trend_by_sums():
    """The same by direct integration, on the same fields."""
    rms, nodes = 3.0**-0.5, brute.legendre(200)
    row, gap = echo_row(_ECHO)
    carrier = hbar * 2.0 * math.pi * 1e9 / boltzmann
    D = 1e-3 * row["D_min_mK"]

    def states(B):
        """Mean over loop directions of the count at the carrier."""
        flux = flux_phase_per_area * max(B, 1e-9) * nodes[0]
        low, high = flux * row["D0min_qe_S_K_A2"], flux * row["D0max_qe_S_K_A2"]
        top = np.minimum(high, math.sqrt(carrier**2 - D**2))
        share = np.zeros_like(low)
        some = top > low
        low, top = low[some], top[some]
        share[some] = np.log(top / low) - 0.5 * np.log((carrier**2 - top**2) / (carrier**2 - low**2))
        return float(np.sum(nodes[1] * share))

    def areas(id, B):
        ats = published(id)["ats"]
        scale = flux_phase_per_area * max(B, 1e-9) * rms
        return ats.asymmetry_min, scale * ats.amplitude_area_min, scale * ats.amplitude_area_max

    return {
        "states": np.array([states(B) for B in FIELDS]),
        "permittivity": np.array([sum(brute.doublet_polarizability(*areas(_EPS, B), 0.05)) for B in FIELDS]),
        "heat": np.array([brute.doublet_heat_capacity(*areas(_HEAT, B), 1.0, 0.9) for B in FIELDS]),
        "echo": np.array([-brute.echo_sum(row, B, 0.012, gap) for B in FIELDS]),
    }


def _extrema(curves):
    """Fields [T] of the largest value of three curves, and of the smallest of minus the echo."""
    tops = [float(FIELDS[int(np.argmax(curves[name]))]) for name in ("states", "permittivity", "heat")]
    lowest = float(FIELDS[int(np.argmin(curves["echo"]))])
    inside = 0.0 < float(FIELDS[int(np.argmax(curves["echo"]))]) < FIELDS[-1]
    return finding((*tops, lowest), inside)


@judge("003.fig17", second=lambda: _extrema(_trend_by_sums()), reason="With the printed sets of BAS the density of "
       "states, the dielectric constant and the heat capacity rise and then fall, with maxima at the first three "
       "fields computed here (tesla, in steps of a factor 1.6), but minus the echo has a minimum, at the fourth: both "
       "echoes have the same sign.")
def common_trend():
    return _extrema(trend())
