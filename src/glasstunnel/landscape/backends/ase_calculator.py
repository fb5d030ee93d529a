"""Any ASE calculator as a backend: so silica or a machine-learned potential comes in. Slower, same algorithms."""

import numpy as np

from glasstunnel.errors import LandscapeError, ParameterError
from glasstunnel.landscape.configuration import Configuration
from glasstunnel.landscape.models import Model


class CalculatorField:
    """What the algorithms evaluate when a calculator stands behind a configuration."""

    def __init__(self, configuration):
        self.atoms = to_ase(configuration)
        self.atoms.calc = configuration.calculator
        self.types = configuration.types
        self.status = np.zeros(1, dtype=np.int64)

    def calculate(self, x, forces):
        """Energy at x; writes the forces."""
        self.atoms.positions = x
        try:
            forces[:] = self.atoms.get_forces()
            return float(self.atoms.get_potential_energy())
        except Exception as error:
            raise LandscapeError(f"the calculator failed: {type(error).__name__}: {error}") from error


def from_ase(atoms, preparation=None):
    """A `Configuration` from ASE `Atoms` with a calculator: energies in eV, lengths in Angstrom, masses in u.

    Raises `ParameterError` for a cell that is not orthogonal or only partly periodic, and without a calculator.
    """
    if atoms.calc is None:
        raise ParameterError("from_ase needs atoms with a calculator attached (atoms.calc)")
    cell = np.asarray(atoms.cell)
    if atoms.pbc.any() and (not atoms.pbc.all() or np.abs(cell - np.diag(np.diag(cell))).max() > 1e-9):
        raise ParameterError("from_ase needs an orthogonal cell, periodic in all directions or in none")
    box = np.diag(cell) if atoms.pbc.all() else np.full(3, np.inf)
    symbols = tuple(sorted(set(atoms.get_chemical_symbols())))
    types = np.array([symbols.index(symbol) for symbol in atoms.get_chemical_symbols()])
    masses = [float(atoms.get_masses()[types == k][0]) for k in range(len(symbols))]
    name = f"ase/{type(atoms.calc).__module__}.{type(atoms.calc).__qualname__}"
    settings = str(sorted((key, str(value)) for key, value in getattr(atoms.calc, "parameters", {}).items()))
    pairs = len(symbols) * (len(symbols) + 1) // 2
    model = Model(name, settings, symbols, np.array(masses), np.zeros((pairs, 8)))
    return Configuration(atoms.get_positions(), box, types, model, preparation or {}, atoms.calc)


def to_ase(configuration):
    """ASE `Atoms` of a configuration (reduced units keep their numbers); opens in OVITO once written.

    Species that are no chemical symbols become H, He, ... in order, their names in ``atoms.info["species"]``.
    """
    try:
        from ase import Atoms
        from ase.data import atomic_numbers
    except ImportError:
        raise LandscapeError("this needs ASE; install it with: pip install 'glasstunnel[landscape]'") from None
    species = configuration.model.species
    chemical = all(name in atomic_numbers for name in species)
    numbers = [atomic_numbers[name] if chemical else 1 + k for k, name in enumerate(species)]
    periodic = np.isfinite(configuration.box)
    atoms = Atoms(numbers=[numbers[k] for k in configuration.types], positions=configuration.positions,
                  masses=configuration.masses, cell=np.where(periodic, configuration.box, 0.0), pbc=periodic)
    atoms.info["species"] = " ".join(species)
    return atoms
