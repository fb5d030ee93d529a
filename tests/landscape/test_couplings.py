"""Strain and field couplings of double wells against differences of energies and averages over directions."""

from dataclasses import replace

import numpy as np
import pytest

from glasstunnel.errors import ParameterError
from glasstunnel.landscape import (
    deformation_potentials,
    dipole_moment,
    energy,
    kob_andersen,
    lennard_jones_cluster,
    mueller_brown,
    quench,
    strain_coupling,
    strain_derivative,
)


def strained(sample, strain):
    deform = np.eye(3) + strain
    return energy(replace(sample, positions=sample.positions @ deform.T, box=sample.box * np.diag(deform)))


@pytest.mark.slow
def test_strain_derivative_is_that_of_the_strained_energy():
    glass, h = quench(kob_andersen(170, seed=3)), 1e-5
    tensor = strain_derivative(glass)
    for k in range(3):
        e = np.zeros((3, 3))
        e[k, k] = h
        assert (strained(glass, e) - strained(glass, -e)) / (2 * h) == pytest.approx(tensor[k, k], rel=1e-4)
    cluster = lennard_jones_cluster(7, seed=2)  # not at rest: a shear changes its energy
    e = h * np.array([[0, 0.5, 0], [0.5, 0, 0], [0, 0, 0]])
    slope = (strained(cluster, e) - strained(cluster, -e)) / (2 * h)
    assert slope == pytest.approx(strain_derivative(cluster)[0, 1], rel=1e-4)


def test_relaxing_after_the_strain_changes_nothing_in_first_order():
    glass, h = quench(kob_andersen(170, seed=3)), 2e-4
    pressed = [energy(quench(replace(glass, positions=glass.positions * (1 + s), box=glass.box * (1 + s))))
               for s in (h, -h)]  # fmt: skip
    assert (pressed[0] - pressed[1]) / (2 * h) == pytest.approx(np.trace(strain_derivative(glass)), rel=1e-3)


def test_deformation_potentials_are_means_over_directions():
    random = np.random.default_rng(0)
    D = random.normal(size=(3, 3))
    D = D + D.T
    n = random.normal(size=(200_000, 3))
    t = np.cross(n, random.normal(size=(200_000, 3)))
    n, t = (v / np.linalg.norm(v, axis=1, keepdims=True) for v in (n, t))
    along = 0.5 * np.sqrt(np.mean(np.einsum("ni,ij,nj->n", n, D, n) ** 2))
    across = 0.5 * np.sqrt(np.mean(np.einsum("ni,ij,nj->n", n, D, t) ** 2))
    assert deformation_potentials(D) == pytest.approx((along, across), rel=0.01)


@pytest.mark.slow
def test_couplings_of_a_pair_and_bad_input():
    first = lennard_jones_cluster(7)
    second = first.moved(first.positions + np.array([[0.4, 0, 0]] + [[0, 0, 0]] * 6))
    assert strain_coupling(first, first) == pytest.approx(np.zeros((3, 3)), abs=1e-12)
    charges = [1.0, -1.0, 0, 0, 0, 0, 0]
    assert dipole_moment(first, second, charges) == pytest.approx([0.2, 0, 0], abs=1e-12)
    # a common charge only shifts the cluster
    assert dipole_moment(first, second, [1.0]) == pytest.approx([0, 0, 0], abs=1e-15)
    with pytest.raises(ParameterError, match="charges must be"):
        dipole_moment(first, second, [1.0, 2.0])
    with pytest.raises(ParameterError, match="needs a pair potential"):
        strain_derivative(replace(first, positions=np.zeros((1, 3)), types=[0], model=mueller_brown()))
