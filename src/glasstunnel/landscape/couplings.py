"""How a double well couples to strain and to an electric field: from its two minima."""

import numpy as np

from glasstunnel.errors import ParameterError
from glasstunnel.landscape.configuration import Configuration
from glasstunnel.landscape.matching import moves


def strain_derivative(minimum: Configuration) -> np.ndarray:
    """dE/de of a minimum by a homogeneous strain, (3, 3) [eps].

    At a minimum the atoms' own rearrangement changes the energy only in second order, so this is the relaxed
    derivative. Pair potentials only.

    >>> from glasstunnel.landscape import lennard_jones_cluster, strain_derivative
    >>> float(abs(strain_derivative(lennard_jones_cluster(3))).max()) < 1e-4  # a free cluster is without stress
    True
    """
    if minimum.calculator is not None or minimum.model.periodic_modes == 0:
        raise ParameterError("strain_derivative needs a pair potential")
    from glasstunnel.landscape.engine.curvature import pair_strain

    tensor, field = np.zeros((3, 3)), minimum.field()
    pair_strain(field, 0, minimum.positions.copy(), tensor)
    return tensor


def strain_coupling(first: Configuration, second: Configuration) -> np.ndarray:
    """D = d(asymmetry)/d(strain) of a double well, (3, 3) [eps]: the difference of the strain derivatives."""
    return strain_derivative(second) - strain_derivative(first)


def deformation_potentials(coupling: np.ndarray) -> tuple[float, float]:
    """(longitudinal, transverse) deformation potential: half of D, root mean square over directions of the sound.

    <(n D n)^2> = (tr(D)^2 + 2 tr(D^2))/15 and <(n D t)^2> = (3 tr(D^2) - tr(D)^2)/30 for n, t orthogonal.

    >>> import numpy as np
    >>> from glasstunnel.landscape import deformation_potentials
    >>> deformation_potentials(2.0 * np.eye(3))
    (1.0, 0.0)
    """
    D = np.asarray(coupling, dtype=float)
    if D.shape != (3, 3) or not np.all(np.isfinite(D)):
        raise ParameterError("deformation_potentials needs the coupling as a (3, 3) array of finite numbers")
    first, second = float(np.trace(D)) ** 2, float(np.trace(D @ D))
    return 0.5 * float(np.sqrt((first + 2 * second) / 15)), 0.5 * float(np.sqrt(max(3 * second - first, 0.0) / 30))


def dipole_moment(first: Configuration, second: Configuration, charges) -> np.ndarray:
    """Half the change of the dipole moment between two minima (3,): sum of charge times displacement, halved.

    charges : one per species or one per atom; the unit of the result is theirs times sigma.
    """
    charges = np.asarray(charges, dtype=float)
    if charges.shape == (len(first.model.species),):
        charges = charges[first.types]
    if charges.shape != (first.count,) or not np.all(np.isfinite(charges)):
        raise ParameterError(f"charges must be {len(first.model.species)} numbers (one per species) or {first.count}")
    return 0.5 * charges @ moves(first, second)
