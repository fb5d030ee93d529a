"""What is done to a proven path before its tunneling is solved: continue it, add transverse modes, least action."""

import numpy as np

from glasstunnel.landscape.configuration import hessian
from glasstunnel.landscape.harvesting import rigid_vectors
from glasstunnel.landscape.saddles import Path, evaluated_path

#: Points that continue a path beyond each minimum, and how far they reach as a fraction of its length.
BEYOND, REACH = 4, 0.3
#: Points of the path where transverse frequencies are calculated; between them they are interpolated.
KNOTS = 7


def tangents(path, masses):
    """Unit tangents in mass-weighted coordinates (points, atoms, 3)."""
    from scipy.interpolate import CubicSpline

    weighted = path.positions * np.sqrt(masses)[:, None]
    rows = CubicSpline(path.arc, weighted)(path.arc, 1)
    return rows / np.sqrt(np.sum(rows**2, axis=(1, 2), keepdims=True))


def extend_path(configuration, path, points=BEYOND, reach=REACH):
    """The path continued beyond both minima: straight on along its ends, everything across relaxed.

    Wells are not harmonic: the continuation decides up to about a fifth of a splitting.
    """
    weights = np.sqrt(configuration.masses)[:, None]
    directions = tangents(path, configuration.masses)
    before = _continued(configuration, path.positions[0], -directions[0] / weights, path.length * reach, points)
    after = _continued(configuration, path.positions[-1], directions[-1] / weights, path.length * reach, points)
    arc = np.concatenate([path.arc[0] - before[0][::-1], path.arc, path.arc[-1] + after[0]])
    positions = np.concatenate([before[1][::-1], path.positions, after[1]])
    energies = np.concatenate([before[2][::-1], path.energies, after[2]])
    slopes = np.concatenate([-before[3][::-1], path.slopes, after[3]])
    return Path(positions, arc, energies, slopes)


def _continued(configuration, minimum, direction, reach, points):
    """(distances, positions, energies, slopes) beyond a minimum, relaxed in the planes across `direction`."""
    from scipy.optimize import minimize

    from glasstunnel.landscape.engine import algorithms

    field = configuration.field()
    run, out = algorithms(field), np.empty_like(minimum)
    weights = np.sqrt(configuration.masses)[:, None]
    axis = direction * weights  # unit vector in mass-weighted coordinates

    def energy_across(flat, base):
        y = flat.reshape(axis.shape)
        y = y - np.sum(y * axis) * axis
        value = run.evaluate(field, 0, base + y / weights, out)
        gradient = -out / weights
        return value, (gradient - np.sum(gradient * axis) * axis).ravel()

    distances, positions, energies, slopes = np.linspace(0.0, reach, points + 1)[1:], [], [], []
    across = np.zeros(axis.size)
    for distance in distances:
        base = minimum + distance * direction
        across = minimize(energy_across, across, args=(base,), jac=True, method="L-BFGS-B",
                          options={"maxiter": 200, "gtol": 1e-4, "ftol": 1e-12}).x
        y = across.reshape(axis.shape)
        x = base + (y - np.sum(y * axis) * axis) / weights
        energies.append(run.evaluate(field, 0, x, out))
        slopes.append(-np.sum(out / weights * axis))
        positions.append(x)
    steps = np.diff(np.array([minimum, *positions]), axis=0) * weights
    arc = np.cumsum(np.sqrt(np.sum(steps**2, axis=(1, 2))))
    stretch = np.gradient(np.concatenate([[0.0], arc]), np.concatenate([[0.0], distances]))[1:]
    return arc, np.array(positions), np.array(energies), np.array(slopes) / stretch


def transverse_zero_point(configuration, path, hbar, knots=KNOTS):
    """Zero-point energy of the modes across the path at each of its points, from that at the first minimum [eps].

    (points,): hbar/2 sum of (omega_k(s) - omega_k(first minimum)) from Hessians with path and rigid motions projected
    out, calculated at `knots` points between the minima (ends and the top among them) and interpolated. Imaginary
    transverse frequencies count as zero.
    """
    from scipy.interpolate import PchipInterpolator

    inner = slice(_first_minimum(path), len(path.arc) - _first_minimum(path, last=True))
    arc = path.arc[inner]
    top = int(np.argmax(path.energies[inner]))
    chosen = np.unique(np.concatenate([np.round(np.linspace(0, top, knots // 2 + 1)),
                                       np.round(np.linspace(top, len(arc) - 1, knots // 2 + 1))]).astype(int))
    directions = tangents(path, configuration.masses)[inner]
    sums = np.array([_frequency_sum(configuration.moved(path.positions[inner][k]), directions[k]) for k in chosen])
    zero_points = 0.5 * hbar * (sums - sums[0])
    return PchipInterpolator(arc[chosen], zero_points)(np.clip(path.arc, arc[0], arc[-1]))


def _first_minimum(path, last=False):
    """Points beyond the minimum at one end: while the slope leads uphill outwards."""
    slopes = path.slopes[::-1] if last else -path.slopes
    return next((n for n, slope in enumerate(slopes) if slope <= 1e-9), 0)


def _frequency_sum(configuration, direction):
    root = np.repeat(np.sqrt(configuration.masses), 3)
    matrix = hessian(configuration) / np.outer(root, root)
    basis = [direction.ravel(), *rigid_vectors(configuration)]
    frame, _r = np.linalg.qr(np.array(basis).T)
    matrix = matrix - frame @ (frame.T @ matrix)
    matrix = matrix - (matrix @ frame) @ frame.T
    return float(np.sum(np.sqrt(np.clip(np.linalg.eigvalsh(matrix), 0.0, None))))


def least_action_path(configuration, path, iterations=300, softness=0.02):
    """The path of least WKB action between the two minima (method level L2), and its action over that of the start.

    The string of points minimizes the integral of sqrt(2 (V - E)) ds with E the higher minimum; `softness` (in units
    of the barrier) rounds the root near the ends.
    """
    from scipy.interpolate import CubicSpline
    from scipy.optimize import minimize

    from glasstunnel.landscape.engine import algorithms

    field, weights = configuration.field(), np.sqrt(configuration.masses)[:, None]
    run, out = algorithms(field), np.empty_like(path.positions[0])
    floor = max(path.energies[0], path.energies[-1])
    barrier = path.energies.max() - floor
    images, shape = len(path.arc), path.positions[0].shape
    ends = path.positions[0] * weights, path.positions[-1] * weights
    mean_length = path.length / (images - 1)

    def action(flat):
        x = np.concatenate([ends[0][None], flat.reshape(images - 2, *shape), ends[1][None]])
        momentum, push = np.empty(images), np.empty((images, *shape))
        for k in range(images):
            value = run.evaluate(field, 0, x[k] / weights, out)
            over = value - floor
            soft = softness * barrier
            rounded = 0.5 * (over + np.sqrt(over**2 + soft**2))
            momentum[k] = np.sqrt(2.0 * rounded)
            push[k] = -out / weights * (0.5 * (1.0 + over / np.sqrt(over**2 + soft**2)) / momentum[k])
        steps = np.diff(x, axis=0)
        lengths = np.sqrt(np.sum(steps**2, axis=(1, 2)))
        pull = 0.5 * (momentum[1:] + momentum[:-1])
        spring = 5.0 * momentum.max() / mean_length
        uneven = lengths - lengths.mean()
        total = float(np.sum(pull * lengths) + 0.5 * spring * np.sum(uneven**2))
        line = (pull + spring * uneven)[:, None, None] * steps / lengths[:, None, None]
        gradient = line[:-1] - line[1:] + push[1:-1] * (0.5 * (lengths[:-1] + lengths[1:]))[:, None, None]
        return total, gradient.ravel()

    start = (path.positions[1:-1] * weights).ravel()
    first = action(start)[0]
    relaxed = minimize(action, start, jac=True, method="L-BFGS-B", options={"maxiter": iterations})
    rows = np.concatenate([ends[0][None], relaxed.x.reshape(images - 2, *shape), ends[1][None]])
    arc = np.concatenate([[0.0], np.cumsum(np.sqrt(np.sum(np.diff(rows, axis=0) ** 2, axis=(1, 2))))])
    spline = CubicSpline(arc, rows)
    s = np.linspace(0.0, arc[-1], images)
    result = evaluated_path(configuration, spline(s) / weights, s, spline(s, 1) / weights)
    return result, relaxed.fun / first
