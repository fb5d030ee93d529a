"""The same algorithms around an ASE calculator give the same minima and saddles as the compiled ones."""

import numpy as np
import pytest

from glasstunnel.errors import GlassTunnelError
from glasstunnel.landscape import energy, find_saddle, forces, harvest, lennard_jones_cluster, quench, search_from
from glasstunnel.landscape.backends.ase_calculator import from_ase, to_ase

ase = pytest.importorskip("ase")

# Compiles every kernel of the search, half a minute of calculation in a fresh clone.
pytestmark = pytest.mark.slow


def argon(cluster):
    from ase.calculators.lj import LennardJones

    atoms = ase.Atoms(f"Ar{cluster.count}", positions=cluster.positions, calculator=LennardJones(rc=50.0))
    atoms.set_masses(np.ones(cluster.count))
    return from_ase(atoms)


@pytest.mark.slow
def test_energy_forces_and_quench_agree_with_the_kernels():
    start = lennard_jones_cluster(5, seed=1)
    slow = argon(start)
    assert energy(slow) == pytest.approx(energy(start), rel=1e-9)
    assert forces(slow) == pytest.approx(forces(start), abs=1e-6)
    assert energy(quench(slow, tolerance=1e-4)) == pytest.approx(energy(quench(start)), abs=1e-6)


@pytest.mark.slow
def test_a_saddle_found_through_ase_is_the_same_saddle():
    random, best = np.random.default_rng(0), lennard_jones_cluster(5)
    saddle = next(s for s in (search_from(best, random.normal(size=(5, 3)), 0.3)[0] for _n in range(20)) if s)
    slow = find_saddle(*(argon(end) for end in saddle.ends))
    assert slow.energy == pytest.approx(saddle.energy, abs=1e-5)
    assert slow.barrier == pytest.approx(saddle.barrier, abs=1e-5)


@pytest.mark.slow
def test_harvest_runs_through_a_calculator():
    found = harvest(argon(lennard_jones_cluster(4)), temperature=0.1, replicas=1, segments=2, length=5, tolerance=1e-5)
    assert found.energies[0] == pytest.approx(-6, abs=1e-6)


def test_atoms_round_trip_and_bad_cells_are_refused():
    cluster = lennard_jones_cluster(4)
    atoms = to_ase(cluster)
    assert np.array_equal(atoms.positions, cluster.positions) and atoms.info["species"] == "A"
    with pytest.raises(GlassTunnelError, match="calculator attached"):
        from_ase(atoms)
    atoms.calc = object()
    atoms.set_cell([[5, 0, 0], [1, 5, 0], [0, 0, 5]])
    atoms.pbc = True
    with pytest.raises(GlassTunnelError, match="orthogonal cell"):
        from_ase(atoms)
