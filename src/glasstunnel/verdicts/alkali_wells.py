"""Verdicts on the paper on mixed alkali-silicate glasses (004): levels of several wells and clusters of particles."""

import math

import numpy as np

import glasstunnel as gt
from glasstunnel.constants import angstrom, bohr_radius
from glasstunnel.conversions import charge_area, tunnelers_from_amplitude_area, tunnelers_from_area
from glasstunnel.verdicts import brute
from glasstunnel.verdicts.inputs import values
from glasstunnel.verdicts.judging import agreement, correction, finding, judge
from glasstunnel.verdicts.record import MISPRINT, UNDETERMINED

_FOUR = np.array([0.01, -0.02, 0.015, -0.005])


@judge("004.eq3", reason="Package levels of three and of four wells without field over those of the printed matrices.")
def matrices_without_field():
    three, side, diagonal = [0.3, -0.1, -0.2], 1.0, 0.1
    first = gt.three_well_levels(three, 1.0, 0.0) / np.linalg.eigvalsh(brute.ring_matrix(three, 1.0, 0.0))
    square = brute.ring_matrix(_FOUR, side, 0.0) + diagonal * np.roll(np.eye(4), 2, axis=0)
    second = gt.four_well_levels(_FOUR, side, diagonal, 0.0) / np.linalg.eigvalsh(square)
    return agreement(float(np.mean([*first, *second])), 1e-12)


def _printed_levels(divisor):
    """004 Eq. 7 with `divisor` D0^2 in the second bracket, ascending, for wells 0.3, -0.1, -0.2 and phi = 0.7."""
    E, phase = np.array([0.3, -0.1, -0.2]), 0.7
    pairs = E.sum() ** 2 - (E**2).sum()
    angle = math.acos((math.cos(phase) + E.prod() / 2.0) * (1.0 - pairs / divisor) ** -1.5)
    return np.sort(2.0 * math.sqrt(1.0 - pairs / 6.0) * np.cos(angle / 3.0 + np.array([0, 2, -2]) * math.pi / 3.0))


@judge("004.eq7", slip=MISPRINT, reason="The second bracket needs 6 D0^2 like the first, as 002 Eq. 8 has it for the "
       "same sum over ordered pairs; computed is the printed ground state over the exact one.")
def closed_form_levels():
    exact = gt.three_well_levels([0.3, -0.1, -0.2], 1.0, 0.7)
    return correction(float(_printed_levels(3.0)[0] / exact[0]), float(_printed_levels(6.0)[0] / exact[0]), 1e-9)


@judge("004.degenerate", reason="Levels within 1e-9 of the ground state for equal wells, positive D0 and no flux.")
def degeneracy():
    levels = gt.three_well_levels([0.0, 0.0, 0.0], 1.0, 0.0)
    return float(np.count_nonzero(levels - levels[0] < 1e-9))


@judge("004.N200", stated=UNDETERMINED, reason="It needs the charge and the area of one particle, which are assumed; "
       "A_q = 8 N^2 a0^2 with the printed B* of BK7, BAS and Duran gives the numbers computed here.")
def tunnelers():
    return finding(tuple(float(tunnelers_from_area(charge_area(B))) for B in (1.30, 1.02, 1.63)), False)


@judge("004.eq35", reason="Largest value of the printed polynomial at the package's levels, whose diagonal hopping is "
       "D2 cos(phi/2).")
def level_equation():
    side, diagonal, phase = 1.0, 0.1, 0.4
    first, second, third, fourth = _FOUR
    pairs = 0.5 * (_FOUR.sum() ** 2 - (_FOUR**2).sum())
    triples = sum(_FOUR.prod() / E for E in _FOUR)
    ring = first * second + second * third + third * fourth + fourth * first
    opposite, turn = first * third + second * fourth, 1.0 + math.cos(phase)
    constant = (
        _FOUR.prod() - side**2 * ring - 0.5 * diagonal**2 * opposite * turn - 2.0 * side**2 * diagonal**2 * turn
        + 2.0 * side**4 * (1.0 - math.cos(phase))
        + diagonal**4 / 8.0 * (3.0 + 4.0 * math.cos(phase) + math.cos(2.0 * phase))
    )
    quadratic = pairs - 4.0 * side**2 - diagonal**2 * turn
    linear = -(triples + 4.0 * side**2 * diagonal * turn)
    levels = gt.four_well_levels(_FOUR, side, diagonal, phase)
    residual = float(np.max(abs(levels**4 + quadratic * levels**2 + linear * levels + constant)))
    return finding(residual, residual < 1e-12)


@judge("004.eq40", reason="The term in E1 E3 + E2 E4 needs the factor cos^2(phi/2) of Eq. 35; computed is the printed "
       "outer level at phi = 0.4 over the exact one, and the lowest gap then does not depend on the flux.")
def levels_across_the_diagonal():
    phase = 0.4
    share = math.cos(0.5 * phase) ** 2
    pairs = 0.5 * (_FOUR.sum() ** 2 - (_FOUR**2).sum())
    opposite = _FOUR[0] * _FOUR[2] + _FOUR[1] * _FOUR[3]
    base = 2.0 * share - pairs

    def outer(factor):
        return math.sqrt(base + math.sqrt(base**2 + 4.0 * factor * opposite - 4.0 * share**2)) / math.sqrt(2.0)

    levels = gt.four_well_levels(_FOUR, 0.0, 1.0, phase)
    reference = 0.5 * (levels[3] - levels[0])
    gaps = [np.diff(gt.four_well_levels(_FOUR, 0.0, 1.0, phi))[0] for phi in (0.0, 0.4)]
    assert abs(gaps[1] / gaps[0] - 1.0) < 1e-3
    return correction(outer(1.0) / reference, outer(share) / reference, 2e-5)


@judge("004.eq43", reason="Number of particles that the package finds for 8 N^3 Delta0 a0^2 with N = 200 and Delta0 = "
       "1 mK, over 200; the growth as N^3 is assumed, see 004.eq41.")
def cube_law():
    area = 8.0 * 200.0**3 * 1e-3 * (bohr_radius / angstrom) ** 2
    return agreement(float(tunnelers_from_amplitude_area(area)) / 200.0, 1e-9)


def _mean_over_points():
    return float(np.mean(brute.fibonacci_directions(20001)[:, 0] ** 2))


@judge("004.cos2", second=_mean_over_points, reason="For isotropic directions it is 1/3, as 002 uses; 1/2 is the mean "
       "in a plane that holds the field.")
def mean_square_cosine():
    return brute.sphere_mean(lambda c: c**2)


@judge("004.N.low", stated=UNDETERMINED, reason="The set meant is not named; the smallest printed cutoff, 76 K square "
       "Angstrom, gives the number computed here with Delta0 = 1 mK.")
def fewest_tunnelers():
    return float(tunnelers_from_amplitude_area(values("002.T6.SiO2CH.eps.T50mK")["D0min_qe_S_K_A2"]))


@judge("004.N.high", tolerance=10.0, reason="The largest printed cutoff, 4.96e5 K square Angstrom, with Delta0 = 1 mK; "
       "given as about.")
def most_tunnelers():
    return float(tunnelers_from_amplitude_area(values("002.T7.BAS.loss.T77mK")["D0max_qe_S_K_A2"]))


@judge("004.Deltamin", reason="The smallest D_min of the echo fits, 15.94 mK, and 0.8 K, each over 200.")
def smallest_asymmetries():
    return 1e-3 * values("002.T8.BK7.echo.tau12_6us")["D_min_mK"] / 200.0, 0.8 / 200.0


@judge("004.Dmin.mixed", tolerance=100.0, reason="The 0.87 K of 004 Tables I and II, in millikelvin and to one digit.")
def asymmetry_of_the_mixed_glasses():
    return 1e3 * values("004.TI.x0.10")["D_min_K"]


@judge("004.joint", reason="Exponent of Delta0/(hbar Omega) for two particles over sqrt(2), quartic well with hbar/(a "
       "sqrt(M V0)) = 0.12; right for one common barrier only, with a barrier for each it is N.")
def joint_tunneling():
    from glasstunnel.origins import rigid_cluster_splitting

    quantum = 0.12
    wells = [math.sqrt(8.0) * quantum / math.sqrt(count) for count in (1, 2)]  # hbar Omega with the mass of 1 and 2
    single, pair = (rigid_cluster_splitting(count, quantum, "common") for count in (1, 2))
    ratio = math.log(pair / wells[1]) / math.log(single / wells[0]) / math.sqrt(2.0)
    return finding(ratio, abs(ratio - 1.0) < 0.1)


@judge("004.eq13", reason="The gap without field is sqrt(2/3) times the root of the sum of squares; it is D for the "
       "rescaled asymmetry of 002 Eq. 9.")
def gap_without_field():
    wells = 1e-6 * np.array([0.3, -0.1, -0.2])
    levels = np.linalg.eigvalsh(brute.ring_matrix(wells, 1.0, 0.0))
    root, gap = math.sqrt(np.sum(wells**2)), float(levels[1] - levels[0])
    return correction(root / gap, math.sqrt(2.0 / 3.0) * root / gap, 1e-5)


def _splitting(count):
    """Splitting of a cluster with unit amplitude and ten times that as attraction."""
    from glasstunnel.origins import cluster_splitting

    return math.exp(cluster_splitting(count, 10.0, 1.0))


def _cluster_share(splitting):
    return finding(splitting / 4.0, False)


@judge("004.pair", second=lambda: _cluster_share(brute.attracting_cluster(2, 1.0, 10.0)), reason="For the printed "
       "Hamiltonian of two particles the exact splitting is half the printed sum without attraction and less with it, "
       "the share computed here for U = 10 t (no U is printed); hops of one particle do not connect the two states in "
       "which all are in one well.")
def splitting_of_a_pair():
    return _cluster_share(_splitting(2))


def _growth(splitting):
    return finding(splitting(4) / splitting(1), False)


@judge("001.renorm", "004.eq41", second=lambda: _growth(lambda n: brute.attracting_cluster(n, 1.0, 10.0)), reason="The "
       "amplitude of four particles that attract each other with U = 10 t is smaller than that of one by the factor "
       "computed here, not four times larger; without attraction it is that of one, so N^3 is an assumption.")
def growth_of_the_amplitude():
    return _growth(_splitting)


def _sign(amplitude):
    return finding(amplitude, amplitude > 0.0)


@judge("001.D0sign", second=lambda: _sign(brute.triple_well_amplitude(0.2)), reason="A particle on one potential "
       "surface has a single, node-free ground state, so its amplitude is negative (units of the barrier, hbar/(a "
       "sqrt(M V0)) = 0.2); D0 > 0 needs a second electronic sheet or half a flux quantum, which the embedding cited "
       "for it does not give.")
def sign_of_the_amplitude():
    from glasstunnel.origins import reduce_to_wells, triple_well

    return _sign(float(reduce_to_wells(triple_well(1.0), 0.2).amplitude))
