"""Vitreous silica in the landscape search: a pair table in the compiled kernels, and the same potential through ASE.

BKS [B. W. H. van Beest, G. J. Kramer, R. A. van Santen, Phys. Rev. Lett. 64, 1955 (1990)] with the wall of Guissani and
Guillot at short distances [J. Chem. Phys. 104, 7633 (1996)] and damped charges, energy and force brought to zero at
5.1 Angstrom [C. J. Fennell and J. D. Gezelter, J. Chem. Phys. 124, 234104 (2006)]: a small model of silica, not its
best. Units: eV, Angstrom, u.

    python examples/silica_through_ase.py

For any other force field, put its ASE calculator where `SilicaCalculator` stands.
"""

from typing import Any

import numpy as np
from ase import Atoms
from ase.calculators.calculator import Calculator, all_changes
from scipy.special import erfc

from glasstunnel.errors import LandscapeError
from glasstunnel.landscape import (
    Configuration,
    Units,
    candidate_pairs,
    cool,
    double_well_levels,
    find_saddle,
    harvest,
    pair_table,
    quench,
)
from glasstunnel.landscape.backends.ase_calculator import from_ase

CUTOFF, DAMPING, COULOMB = 5.1, 0.3, 14.399645
#: Pairs OO, OSi, SiSi: product of charges [e^2], A [eV], b [1/Angstrom], C [eV Angstrom^6], wall [eV, Angstrom].
PAIRS = ((1.44, 1388.7730, 2.76000, 175.0000, 1.0510e-3, 1.779239),
         (-2.88, 18003.7572, 4.87318, 133.5381, 3.0979e-3, 1.313635), (5.76, 0.0, 1.0, 0.0, 0.0, 1.0))  # fmt: skip
#: What one unit of energy, length and mass stands for.
SILICA = Units("silica", 11604.518, 1e-10, 1.66053907e-27)


def raw(r, numbers):
    """(energy, slope) of a pair before it is brought to zero at the cutoff."""
    charges, A, b, C, depth, size = numbers
    damped, bell = erfc(DAMPING * r) / r, 2 * DAMPING / np.sqrt(np.pi) * np.exp(-((DAMPING * r) ** 2))
    wall, pull = 4 * depth * (size / r) ** 30, 4 * depth * (size / r) ** 6
    energy = COULOMB * charges * damped + A * np.exp(-b * r) - C / r**6 + wall - pull
    slope = -COULOMB * charges * (damped + bell) / r - A * b * np.exp(-b * r) + 6 * C / r**7
    return energy, slope + (6 * pull - 30 * wall) / r


def pair(r, numbers):
    """(energy, slope) of a pair, both zero at the cutoff."""
    (energy, slope), (end, end_slope) = raw(r, numbers), raw(CUTOFF, numbers)
    return energy - end - end_slope * (r - CUTOFF), slope - end_slope


class SilicaCalculator(Calculator):
    """The same pairs as an ASE calculator."""

    implemented_properties = ["energy", "forces"]

    def calculate(self, atoms: Any = None, properties=("energy",), system_changes=all_changes):
        """Sum over all pairs under the minimum image."""
        super().calculate(atoms, properties, system_changes)
        x, box = atoms.positions, np.diag(atoms.cell)
        silicon = np.array(atoms.get_chemical_symbols()) == "Si"
        i, j = np.triu_indices(len(x), 1)
        d = x[i] - x[j]
        d -= box * np.rint(d / box)
        r = np.sqrt(np.sum(d**2, axis=1))
        near = r < CUTOFF
        i, j, d, r = i[near], j[near], d[near], r[near]
        energy, slope = np.empty_like(r), np.empty_like(r)
        for kind, numbers in enumerate(PAIRS):
            rows = silicon[i].astype(int) + silicon[j] == kind
            energy[rows], slope[rows] = pair(r[rows], numbers)
        push, forces = -(slope / r)[:, None] * d, np.zeros_like(x)
        np.add.at(forces, i, push)
        np.add.at(forces, j, -push)
        self.results = {"energy": float(energy.sum()), "forces": forces}


def start(units=24, seed=1):
    """A random sample of `units` SiO2 at 2.2 g/cm^3 in the compiled model."""
    r = np.linspace(0.8, CUTOFF, 1200)
    model = pair_table("silica/bks-like", ("O", "Si"), r, [pair(r, numbers)[0] for numbers in PAIRS],
                       masses=(15.999, 28.085))  # fmt: skip
    side = (units * 60.083 * 1.66053907 / 2.2) ** (1 / 3)
    random, chosen = np.random.default_rng(seed), []
    while len(chosen) < 3 * units:  # no two atoms closer than 1.5 Angstrom
        x = random.uniform(0, side, 3)
        gaps = np.array([x - other for other in chosen]).reshape(-1, 3)
        gaps -= side * np.rint(gaps / side)
        if not len(gaps) or np.sqrt(np.sum(gaps**2, axis=1)).min() > 1.5:
            chosen.append(x)
    return Configuration(np.array(chosen), np.full(3, side), np.arange(3 * units) % 3 == 0, model)


def through_ase(configuration):
    """The same atoms with forces from the ASE calculator."""
    symbols = ["Si" if kind else "O" for kind in configuration.types]
    atoms = Atoms(symbols, positions=configuration.positions, cell=configuration.box, pbc=True)
    atoms.set_masses(configuration.masses)
    atoms.calc = SilicaCalculator()
    return from_ase(atoms)


def double_well(seed=1, steps=3_000):
    """The first proven saddle between two minima of a small glass, cooled very quickly."""
    glass = cool(quench(start(seed=seed), 1e-3), start=0.5, end=0.1, steps=steps, step=0.1)
    found = harvest(glass, temperature=0.15, replicas=2, segments=30, length=40, step=0.1, tolerance=1e-6)
    pairs, _refused = candidate_pairs(found, max_difference=2.0, max_chord=4.0)
    for close in sorted(pairs, key=lambda close: close.chord):
        try:
            return glass, find_saddle(found.minima[close.i], found.minima[close.j])
        except LandscapeError:
            continue
    raise LandscapeError("no saddle was found; search longer")


def main():
    """A double well of the compiled model, and the same one through ASE."""
    glass, saddle = double_well()
    levels = double_well_levels(saddle, hbar=SILICA.hbar)
    scale = SILICA.energy
    print(f"{glass.count} atoms in {glass.box[0]:.2f} Angstrom; barrier {saddle.barrier * scale:.1f} K, asymmetry "
          f"{saddle.asymmetry * scale:.1f} K, length {saddle.path.length:.2f} Angstrom sqrt(u), "
          f"{saddle.participation:.1f} atoms, Delta0 {levels.tunnel_splitting * scale:.3g} K ({levels.kind}, "
          f"{levels.method})")  # fmt: skip
    slow = find_saddle(*(through_ase(end) for end in saddle.ends))
    print(f"through ASE: barrier {slow.barrier * scale:.1f} K, asymmetry {slow.asymmetry * scale:.1f} K")


if __name__ == "__main__":
    main()
