"""Silica: one potential as a pair table in the kernels and as an ASE calculator, and a double well through both."""

import runpy
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from glasstunnel.landscape import energy, find_saddle, forces

pytest.importorskip("ase")

# Cools and searches a glass of 72 atoms and follows a saddle through the interpreter: ten seconds of calculation.
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def silica():
    path = Path(__file__).parents[2] / "examples" / "silica_through_ase.py"
    return SimpleNamespace(**runpy.run_path(str(path)))


@pytest.fixture(scope="module")
def found(silica):
    return silica.double_well()


def test_the_pair_table_and_the_calculator_are_one_potential(silica):
    start = silica.start()
    slow = silica.through_ase(start)
    assert energy(slow) == pytest.approx(energy(start), abs=1e-5)
    assert forces(slow) == pytest.approx(forces(start), abs=1e-4)  # of 41 eV/Angstrom in this random start
    r = np.linspace(1.2, 5.0, 7)
    for numbers in silica.PAIRS:
        slope = (silica.pair(r + 1e-5, numbers)[0] - silica.pair(r - 1e-5, numbers)[0]) / 2e-5
        assert silica.pair(r, numbers)[1] == pytest.approx(slope, rel=1e-6, abs=1e-8)
        assert silica.pair(silica.CUTOFF, numbers) == (0.0, 0.0)


def test_its_glass_is_a_network_of_tetrahedra(found):
    glass, _saddle = found
    d = glass.positions[:, None] - glass.positions[None]
    r = np.sqrt(np.sum((d - glass.box * np.rint(d / glass.box)) ** 2, axis=2))
    silicon = glass.types == 1
    neighbors = np.sum(r[np.ix_(silicon, ~silicon)] < 2.2, axis=1)
    assert np.mean(neighbors == 4) > 0.8


def test_a_double_well_of_silica_is_the_same_through_ase(silica, found):
    _glass, saddle = found
    slow = find_saddle(*(silica.through_ase(end) for end in saddle.ends))
    kelvin = silica.SILICA.energy
    assert slow.barrier * kelvin == pytest.approx(saddle.barrier * kelvin, abs=0.5)
    assert slow.asymmetry * kelvin == pytest.approx(saddle.asymmetry * kelvin, abs=0.5)
