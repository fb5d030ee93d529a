"""When two configurations are the same minimum, and when they are permuted, rotated or mirrored copies."""

import numpy as np

#: Two minima are the same when their energies and positions agree this well [eps, sigma].
ENERGY_TOLERANCE, DISTANCE_TOLERANCE = 1e-5, 1e-2
#: Only atoms displaced farther than this [sigma] take part in the search for a permutation.
EXCHANGE_DISTANCE = 0.3


def displacement(start, end, box):
    """end - start (atoms, 3) under the minimum image, the common translation removed.

    The translation is found from circular means, so wrapped atoms and a shifted box change nothing.
    """
    difference = np.asarray(end, dtype=float) - np.asarray(start, dtype=float)
    periodic = np.isfinite(box)
    lengths = np.where(periodic, box, 1.0)
    angle = np.angle(np.mean(np.exp(2j * np.pi * difference / lengths), axis=0)) / (2 * np.pi) * lengths
    difference = difference - np.where(periodic, angle, difference.mean(axis=0))
    difference -= np.where(periodic, lengths * np.rint(difference / lengths), 0.0)
    return difference - difference.mean(axis=0)


def moves(start, end):
    """Displacement field from one configuration to another of the same sample; on a test surface nothing is removed."""
    if start.model.periodic_modes == 0:
        return end.positions - start.positions
    return displacement(start.positions, end.positions, start.box)


def distance(start, end):
    """Length of the displacement in 3N dimensions [sigma]."""
    return float(np.linalg.norm(moves(start, end)))


def same_minimum(start, end, start_energy, end_energy):
    """The same point of the landscape (labels kept): energies within 1e-5, positions within 1e-2."""
    return abs(start_energy - end_energy) < ENERGY_TOLERANCE and distance(start, end) < DISTANCE_TOLERANCE


def permuted_copy(start, end):
    """True when `end` is `start` with atoms of one species exchanged (the same structure, other labels).

    Periodic samples: linear assignment among the atoms displaced by more than 0.3 sigma. Clusters: see `align`.
    """
    if not start.periodic:
        return align(start, end) is not None
    from scipy.optimize import linear_sum_assignment

    u = moves(start, end)
    far = np.flatnonzero(np.linalg.norm(u, axis=1) > EXCHANGE_DISTANCE)
    if len(far) < 2 or np.linalg.norm(np.delete(u, far, axis=0), axis=1).max(initial=0.0) > 10 * DISTANCE_TOLERANCE:
        return False
    there = start.positions + u
    for species in np.unique(start.types[far]):
        group = far[start.types[far] == species]
        gaps = start.positions[group][:, None] - there[group][None]
        gaps -= start.box * np.rint(gaps / start.box)
        cost = np.sum(gaps**2, axis=2)
        rows, columns = linear_sum_assignment(cost)
        if np.sqrt(cost[rows, columns].max()) > 10 * DISTANCE_TOLERANCE:
            return False
    return True


def align(start, end, tolerance=0.02):
    """Match two clusters exactly: rotation, inversion and permutation inside each species.

    Returns (end's positions turned and reordered onto start, +1 or -1 for a proper or mirrored match), or None.
    Every frame of two atoms and the center in `end` that fits one frame of `start` is tried, so no match is missed.
    """
    a, b = start.positions - start.positions.mean(axis=0), end.positions - end.positions.mean(axis=0)
    radii_a, radii_b = np.linalg.norm(a, axis=1), np.linalg.norm(b, axis=1)
    if np.abs(np.sort(radii_a) - np.sort(radii_b)).max() > tolerance:
        return None
    order = np.argsort(-radii_a, kind="stable")
    frame = _frame(a, order)
    if frame is None:
        return (b, 1) if len(a) == 1 else None
    i, j = frame
    angle = a[i] @ a[j]
    for m in np.flatnonzero((np.abs(radii_b - radii_a[i]) < tolerance) & (end.types == start.types[i])):
        for n in np.flatnonzero((np.abs(radii_b - radii_a[j]) < tolerance) & (end.types == start.types[j])):
            if n == m or abs(b[m] @ b[n] - angle) > 4 * tolerance * radii_a[i]:
                continue
            for parity in (1, -1):
                turned = _turn(a[i], a[j], parity * b[m], parity * b[n], parity * b)
                matched = _reorder(a, turned, start.types, end.types, tolerance)
                if matched is not None:
                    return matched, parity
    return None


def _frame(a, order):
    """Two atoms that span a plane with the center, taken from the outside."""
    for i in order:
        for j in order:
            if i != j and np.linalg.norm(np.cross(a[i], a[j])) > 0.1:
                return i, j
    return None


def _basis(first, second):
    x = first / np.linalg.norm(first)
    z = np.cross(x, second)
    z /= np.linalg.norm(z)
    return np.array([x, np.cross(z, x), z])


def _turn(first, second, third, fourth, points):
    """Rotate points so that the frame (third, fourth) lies on (first, second)."""
    return points @ _basis(third, fourth).T @ _basis(first, second)


def _reorder(a, b, types_a, types_b, tolerance):
    gaps = np.linalg.norm(a[:, None] - b[None], axis=2) + 1e3 * (types_a[:, None] != types_b[None])
    nearest = np.argmin(gaps, axis=1)
    if gaps[np.arange(len(a)), nearest].max() > 3 * tolerance or len(set(nearest)) < len(a):
        return None
    return b[nearest]


class MinimumList:
    """Distinct minima in the order they were found, with structure numbers that are equal for permuted copies."""

    def __init__(self, exact_clusters=False):
        """exact_clusters : count rotated, mirrored and permuted copies of a cluster as the same minimum."""
        self.configurations, self.energies, self.structures = [], [], []
        self.exact_clusters = exact_clusters

    def __len__(self):
        return len(self.energies)

    def add(self, configuration, energy):
        """Index of the minimum, old or new."""
        near = np.flatnonzero(np.abs(np.array(self.energies) - energy) < ENERGY_TOLERANCE)
        for index in near:
            other = self.configurations[index]
            if self.exact_clusters and align(other, configuration) is not None:
                return int(index)
            if not self.exact_clusters and distance(other, configuration) < DISTANCE_TOLERANCE:
                return int(index)
        structure = next((self.structures[index] for index in near
                          if not self.exact_clusters and configuration.model.periodic_modes
                          and permuted_copy(self.configurations[index], configuration)), len(self.energies))
        self.configurations.append(configuration)
        self.energies.append(float(energy))
        self.structures.append(int(structure))
        return len(self.energies) - 1
