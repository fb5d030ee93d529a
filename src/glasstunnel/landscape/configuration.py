"""A configuration: where the atoms are, in which box, under which model; its energy, forces and second derivatives."""

import hashlib
from dataclasses import dataclass, field, replace

import numpy as np

from glasstunnel.errors import ParameterError
from glasstunnel.landscape.models import Model
from glasstunnel.records import brief


@dataclass(frozen=True, eq=False)
class Configuration:
    """Atoms of one sample, in the units of its model (reduced units: eps, sigma, mass of species A).

    positions : (count, 3); box : (3,) edge lengths, infinite for an open cluster; types : (count,) indices of species.
    preparation : how it was made (seed, cooling, temperatures), copied into every record found from it.
    calculator : an ASE calculator that replaces the compiled model (slower), or None.
    Raises `ParameterError` for a box smaller than twice the cutoff, unknown species, positions that are not finite.
    """

    positions: np.ndarray
    box: np.ndarray
    types: np.ndarray
    model: Model
    preparation: dict = field(default_factory=dict)
    calculator: object = None

    __repr__ = brief

    def __post_init__(self):
        for name, kind in (("positions", float), ("box", float), ("types", np.int64)):
            try:
                object.__setattr__(self, name, np.array(getattr(self, name), dtype=kind))
            except (TypeError, ValueError):
                raise ParameterError(f"Configuration.{name} must be an array of numbers") from None
        count = len(self.types)
        if self.positions.shape != (count, 3) or not np.all(np.isfinite(self.positions)):
            raise ParameterError(f"Configuration.positions must be ({count}, 3) finite numbers, one row for each type")
        if count and not (0 <= self.types.min() and self.types.max() < len(self.model.species)):
            raise ParameterError(f"Configuration.types must be indices of the species {self.model.species} of "
                                 f"{self.model.name}, got {sorted(set(self.types.tolist()))}")
        if self.box.shape != (3,) or not np.all(self.box > 0):
            raise ParameterError(f"Configuration.box must be three positive lengths (infinite: open), got {self.box}")
        smallest = float(self.box.min())
        if np.isfinite(smallest) and smallest < 2.0 * self.model.cutoff * (1 - 1e-12):
            raise ParameterError(
                f"the box ({smallest:.4g}) is smaller than twice the cutoff of {self.model.name} "
                f"({2 * self.model.cutoff:.4g}): an atom would meet its own image; take more atoms"
            )

    @property
    def count(self):
        """Number of atoms."""
        return len(self.types)

    @property
    def masses(self):
        """Mass of each atom (count,)."""
        return np.asarray(self.model.masses, dtype=float)[self.types]

    @property
    def periodic(self):
        """True when all three directions are periodic."""
        return bool(np.all(np.isfinite(self.box)))

    @property
    def zero_modes(self):
        """Zero eigenvalues of the Hessian at a minimum: 3 in a periodic box, 6 for a cluster, 0 on a surface."""
        if self.model.periodic_modes == 0:
            return 0
        return 3 if self.periodic else (6 if self.count > 2 else 3 * self.count - 1)

    @property
    def identity(self):
        """Hash of model, box, types and positions (to 1e-6 sigma, box translations not removed)."""
        digest = hashlib.sha256(self.model.identity.encode())
        for array in (self.box, self.types, np.round(self.positions, 6) + 0.0):
            digest.update(np.ascontiguousarray(array).tobytes())
        return digest.hexdigest()[:16]

    def moved(self, positions, **preparation):
        """The same sample with other positions; keyword arguments extend its preparation record."""
        return replace(self, positions=positions, preparation={**self.preparation, **preparation})

    def field(self, slots=1):
        """What the kernels evaluate: a compiled `Field`, or the wrapped calculator."""
        if self.calculator is not None:
            from glasstunnel.landscape.backends.ase_calculator import CalculatorField

            return CalculatorField(self)
        from glasstunnel.landscape.engine.field import make_field

        return make_field(self.model, self.types, self.box, slots)


def energy(configuration):
    """Potential energy of a configuration [eps].

    >>> from glasstunnel.landscape import energy, lennard_jones_cluster, quench
    >>> round(energy(quench(lennard_jones_cluster(3))), 6)
    -3.0
    """
    return _evaluated(configuration)[0]


def forces(configuration):
    """Forces (count, 3) [eps/sigma]: minus the gradient of `energy`."""
    return _evaluated(configuration)[1]


def hessian(configuration):
    """Second derivatives of the energy (3 count, 3 count) [eps/sigma^2]."""
    from glasstunnel.landscape.engine import algorithms

    result = np.empty((3 * configuration.count, 3 * configuration.count))
    field = configuration.field()
    algorithms(field).hessian(field, 0, configuration.positions.copy(), result)
    return result


def normal_modes(configuration):
    """Eigenvalues (3 count,), ascending, and eigenvectors (columns) of the mass-weighted Hessian: omega^2."""
    root = np.repeat(np.sqrt(configuration.masses), 3)
    return np.linalg.eigh(hessian(configuration) / np.outer(root, root))


def _evaluated(configuration):
    from glasstunnel.landscape.engine import algorithms

    field = configuration.field()
    result = np.empty((configuration.count, 3))
    value = algorithms(field).evaluate(field, 0, configuration.positions.copy(), result)
    check_status(field, configuration)
    if not np.isfinite(value):
        raise ParameterError(f"the energy of {configuration.model.name} is not finite: two atoms at the same place?")
    return float(value), result


def check_status(field, configuration):
    """Raise `ParameterError` when a kernel met something it could not treat."""
    status = int(field.status[0])
    if status == 1:
        raise ParameterError("the neighbor list is full: the density is far from uniform; use a larger box")
    if status == 2:
        raise ParameterError(f"{configuration.model.name}: two atoms are closer than the pair table reaches; "
                             "start the table at a shorter distance")
