"""Coherent clusters: the exact splitting in the logarithm, three-well clusters, laws of scaling, joint tunneling."""

import itertools
import math

import mpmath
import numpy as np
import pytest
from tests.reference import reference

from glasstunnel.errors import ParameterError
from glasstunnel.origins import (
    attraction_ratio,
    cluster_scaling,
    cluster_splitting,
    coupled_pair_splitting,
    joint_amplitude,
    joint_exponent,
    rigid_cluster_splitting,
    ring_cluster,
    ring_cluster_levels,
    root_law,
)

REFERENCE = reference("joint_tunneling")
SINGLE = REFERENCE["quartic_wells"]["single"][0][1]


def test_weak_attraction_leaves_the_gap_of_independent_particles_softened():
    gap = math.exp(cluster_splitting(200, 2 * 0.5 / 200, 1.0)) / 2.0
    assert gap == pytest.approx(math.sqrt(0.5), rel=5e-3)  # sqrt(1 - U N/2t) for infinitely many
    assert math.exp(cluster_splitting(7, 0.0, 0.3)) == pytest.approx(0.6, rel=1e-14)


@pytest.mark.parametrize("count,strength,gap", REFERENCE["left_or_right"]["rows"])
def test_the_gap_below_at_and_beyond_the_transition(count, strength, gap):
    """The strength U N/2t is 1 at the transition; beyond it the gap soon lies far below rounding."""
    assert math.exp(cluster_splitting(count, 2.0 * strength / count, 1.0)) / 2.0 == pytest.approx(gap, rel=1e-11)


def exact_gap(count, attraction, amplitude, digits):
    with mpmath.workdps(digits):
        matrix = mpmath.zeros(count + 1)
        for r in range(count + 1):
            l = count - r
            matrix[r, r] = -mpmath.mpf(attraction) * (r * (r - 1) + l * (l - 1)) / 2
            if l:
                matrix[r, r + 1] = matrix[r + 1, r] = mpmath.mpf(amplitude) * mpmath.sqrt((r + 1) * l)
        levels = sorted(mpmath.eigsy(matrix, eigvals_only=True))
        return float(mpmath.log(levels[1] - levels[0]))


@pytest.mark.parametrize("count,attraction,amplitude", [
    (2, 10.0, 1.0), (3, 0.1, 1.0), (9, 3.0, 0.4), (16, 50.0, 1.0), (25, 1e4, 1e-3),
])  # fmt: skip
def test_the_logarithm_agrees_with_arbitrary_precision(count, attraction, amplitude):
    exact = exact_gap(count, attraction, amplitude, 400 if count == 25 else 120)
    assert cluster_splitting(count, attraction, amplitude) == pytest.approx(exact, rel=1e-13)


def test_the_exponent_per_particle_for_many():
    assert joint_exponent(2.0) == pytest.approx(0.450932, abs=6e-7)
    # ln(gap) = -N x + (1/2) ln N + const: the difference of two N takes out the constant
    many, fewer = (cluster_splitting(n, 4.0 / n, 1.0) - 0.5 * math.log(n) for n in (1000, 500))
    assert (fewer - many) / 500.0 == pytest.approx(joint_exponent(2.0), rel=1e-4)


def test_strong_attraction_gives_the_perturbative_amplitude():
    _, logarithm = joint_amplitude(4, 10.0, 1.0)
    assert 2.0 * math.exp(logarithm) == pytest.approx(1.3333e-3, abs=6e-8)
    assert math.exp(cluster_splitting(4, 10.0, 1.0)) == pytest.approx(2.0 * math.exp(logarithm), rel=0.01)
    # a hundred particles of 1 mK with a coupling of 1e3 K: ln of it in the thousands, both ways
    _, logarithm = joint_amplitude(100, 1e3, 1e-3)
    assert cluster_splitting(100, 1e3, 1e-3) == pytest.approx(logarithm + math.log(2.0), rel=1e-6)
    assert attraction_ratio(200, 6.2e3 / 5.0, 1e-3) == pytest.approx(1e8, rel=0.3)  # two dipoles of 1 e Angstrom


def test_the_splitting_is_twice_n_times_the_amplitude_for_one_particle_only():
    assert math.exp(cluster_splitting(1, 3.0, 0.7)) == pytest.approx(1.4)
    assert math.exp(cluster_splitting(2, 3.0, 0.7)) < 1.4


@pytest.mark.parametrize("count,attraction,amplitude,phase", REFERENCE["in_three_wells"]["rows"])
def test_three_well_clusters_have_the_amplitude_and_phase_of_all_states(count, attraction, amplitude, phase):
    cluster = ring_cluster(count, attraction, 1.0)
    assert cluster.amplitude == pytest.approx(amplitude, abs=6e-13)
    assert cluster.phase_ratio == pytest.approx(phase, rel=5e-5)


@pytest.mark.parametrize("count", [2, 3])
def test_strong_attraction_gives_the_joint_amplitude_and_n_fold_phase(count):
    sign, logarithm = joint_amplitude(count, 1000.0, 1.0)
    cluster = ring_cluster(count, 1000.0, 1.0)
    assert cluster.amplitude == pytest.approx(sign * math.exp(logarithm), rel=4e-3)
    assert cluster.phase_ratio == pytest.approx(count, rel=5e-3)


def test_odd_clusters_keep_the_ground_doublet_and_even_ones_lose_it():
    assert [ring_cluster(n, 10.0, 1.0).ground_doublet for n in (1, 2, 3, 4)] == [True, False, True, False]
    four = ring_cluster(4, 2.0, 1.0)
    assert min(four.energies[1:]) - four.energies[0] == pytest.approx(0.0756, abs=6e-5)
    assert not ring_cluster(3, 10.0, -1.0).ground_doublet


def test_free_particles_carry_n_currents_with_the_period_of_one():
    for phase in (0.0, 0.4, 0.9):
        assert ring_cluster_levels(5, 0.0, -1.0, phase)[0] == pytest.approx(-10.0 * math.cos(phase / 3.0), rel=1e-12)
    cluster = ring_cluster(5, 0.0, -1.0)
    assert cluster.stiffness == pytest.approx(5.0, rel=1e-3) and cluster.phase_ratio == pytest.approx(1.0)


def test_the_symmetric_sector_holds_the_lowest_levels_of_all_states():
    count, attraction, amplitude, phase = 3, 1.7, -0.6, 0.8
    states = list(itertools.product(range(3), repeat=count))
    matrix = np.zeros((len(states),) * 2, dtype=complex)
    for a, first in enumerate(states):
        matrix[a, a] = -attraction * sum(i == j for i, j in itertools.combinations(first, 2))
        for b, second in enumerate(states):
            moved = [(i, j) for i, j in zip(first, second, strict=True) if i != j]
            if len(moved) == 1:
                turn = 1 if (moved[0][1] - moved[0][0]) % 3 == 1 else -1
                matrix[b, a] = amplitude * np.exp(1j * turn * phase / 3.0)
    lowest = np.linalg.eigvalsh(matrix)[:1]
    assert min(ring_cluster_levels(count, attraction, amplitude, phase)) == pytest.approx(lowest[0], rel=1e-12)
    tilted = ring_cluster_levels(count, attraction, amplitude, phase, (0.1, -0.3, 0.2))
    matrix += np.diag([sum((0.1, -0.3, 0.2)[i] for i in state) for state in states])
    assert tilted[0] == pytest.approx(np.linalg.eigvalsh(matrix)[0], rel=1e-12)


def test_no_regime_gives_both_an_n_fold_amplitude_and_an_n_fold_flux():
    for attraction in (0.0, 1e-5, 1e-2, 1.0, 1e3):
        laws = cluster_scaling(150, attraction, 1e-3)
        assert laws["solved"].product <= 150.0 < laws["papers-area"].product < laws["papers"].product == 150.0**3
        assert laws["papers-amplitude"].product == laws["independent"].product


@pytest.mark.parametrize("count,common,each", REFERENCE["quartic_wells"]["rigid"])
def test_the_root_law_needs_one_common_barrier(count, common, each):
    assert rigid_cluster_splitting(count, 0.3, "common") == pytest.approx(common, rel=1e-9)
    assert rigid_cluster_splitting(count, 0.3, "each") == pytest.approx(each, rel=1e-7)
    single, attempt = rigid_cluster_splitting(1, 0.3), 0.3 * math.sqrt(8.0)
    assert single == pytest.approx(SINGLE, rel=1e-10)
    for barrier, near, far in (("each", count, math.sqrt(count)), ("common", math.sqrt(count), count)):
        gap = rigid_cluster_splitting(count, 0.3, barrier)
        exponent = math.log(gap / attempt) / math.log(single / attempt)  # leaves the prefactor out
        assert abs(exponent - near) < abs(exponent - far)
    assert root_law(4, 1e-3, 1.0) == pytest.approx(1e-6)


def test_a_stiffer_spring_leads_from_one_particle_to_the_rigid_pair():
    for spring, gap in REFERENCE["springs"]["rows"]:
        assert coupled_pair_splitting(spring, 0.3) == pytest.approx(gap, rel=1e-7)
    assert coupled_pair_splitting(0.0, 0.3) == pytest.approx(rigid_cluster_splitting(1, 0.3), rel=1e-8)
    assert rigid_cluster_splitting(2, 0.3) < coupled_pair_splitting(16.0, 0.3)


@pytest.mark.slow
def test_the_springs_agree_with_a_grid():
    from glasstunnel.origins import solve_wells
    from glasstunnel.origins.joint_tunneling import _pair

    gap = np.diff(solve_wells(_pair(4.0), 0.3, count=2, method="grid").energies)[0]
    assert coupled_pair_splitting(4.0, 0.3) == pytest.approx(gap, rel=1e-7)


@pytest.mark.parametrize("call,sentence", [
    (lambda: cluster_splitting(0, 1.0, 1.0), "count"),
    (lambda: cluster_splitting(1001, 1.0, 1.0), "not exact beyond"),
    (lambda: cluster_splitting(2.5, 1.0, 1.0), "whole number"),
    (lambda: cluster_splitting(True, 1.0, 1.0), "count"),
    (lambda: cluster_splitting("many", 1.0, 1.0), "count"),
    (lambda: cluster_splitting(3, "strong", 1.0), "attraction"),
    (lambda: cluster_splitting(3, -1.0, 1.0), "attraction"),
    (lambda: cluster_splitting(3, 1.0, 0.0), "amplitude"),
    (lambda: cluster_splitting(3, math.nan, 1.0), "attraction"),
    (lambda: ring_cluster(30, 1.0, 1.0), "from 1 to 24"),
    (lambda: ring_cluster(6, 1e4, 1.0), "lost in rounding"),
    (lambda: joint_amplitude(3, 0.0, 1.0), "attraction"),
    (lambda: joint_exponent(0.5), "1 or more"),
    (lambda: rigid_cluster_splitting(2, 0.3, "both"), "each"),
    (lambda: rigid_cluster_splitting(50, 0.3), "must lie in 0.07"),
    (lambda: coupled_pair_splitting(-1.0, 0.3), "spring"),
    (lambda: root_law(2, 2.0, 1.0), "attempt"),
])  # fmt: skip
def test_bad_input_ends_in_a_sentence(call, sentence):
    with pytest.raises(ParameterError, match=sentence):
        call()


def test_a_ratio_beyond_floats_gets_a_sentence():
    with pytest.raises(ParameterError, match="too large for floats"):
        cluster_splitting(4, 1e300, 1e-300)
