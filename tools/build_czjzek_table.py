"""Build the scale-free tables of ions with random splittings that the package ships.

    python tools/build_czjzek_table.py            # writes the tables, then states their error against direct averages
    python tools/build_czjzek_table.py --check    # only states the error of the tables that are there

Levels depend on the ratio of field and splitting alone, so matrices are diagonalized along one angle alpha of
H = R (cos(alpha) n.S + sin(alpha) Q); the mean of ln Z over directions n and shapes of Q is a Chebyshev series in alpha
and arcsinh(R), from which the average over sizes follows (Czjzek's distribution), and for each shape the mean over
directions alone (any other). How the tables are read: `glasstunnel.systems.magnetic_ions.table`.
"""

import argparse
import time
from pathlib import Path

import numpy as np
from numpy.polynomial import chebyshev

from glasstunnel.numerics.quadrature import legendre
from glasstunnel.numerics.random_tensors import axial_rhombic, czjzek
from glasstunnel.numerics.spin import quadratic_form, spin_matrices
from glasstunnel.systems.magnetic_ions import table
from glasstunnel.systems.magnetic_ions.powder import PowderIon, octant

#: Orders of the polar series in alpha and arcsinh(R); directions in theta and phi: for Czjzek's distribution and for
#: one site.
CZJZEK_GRID, SITE_GRID = (176, 84, 40, 20), (128, 84, 28, 14)
SHAPES = 18
SIZES = 56
FIELD_ORDERS = {1.0: 26, 1.5: 28, 2.0: 34, 2.5: 40, 3.0: 46, 3.5: 54}  #: of the table, even orders only
DISORDER_ORDER = 60
SIZE_ORDER, SHAPE_ORDER = 64, 20  #: of the table for any distribution
NEGLECTED = 1e-10
LARGEST = 8.5  #: of rho/sigma


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="only compare the existing table with direct averages")
    if not parser.parse_args().check:
        start = time.perf_counter()
        np.savez_compressed(table.PATH, **{f"spin_{round(2 * spin)}": build(spin) for spin in table.SPINS})
        np.savez_compressed(table.SITE_PATH, **{f"spin_{round(2 * spin)}": build_sites(spin) for spin in table.SPINS})
        for path in (table.PATH, table.SITE_PATH):
            print(f"{path}: {Path(path).stat().st_size / 1e3:.0f} kB, {time.perf_counter() - start:.0f} s")
    check()


def build(spin):
    """Chebyshev coefficients of L: (even orders in arcsinh x, orders in arcsinh(s/0.7))."""
    end = np.arcsinh(np.hypot(table.FIELD_MAX, LARGEST * table.DISORDER_MAX))
    shapes, share = legendre(SHAPES)
    polar, ground = _polar_series(spin, end, 2.0 * shapes - 1.0, share, CZJZEK_GRID)
    unit, weight = legendre(SIZES)
    size = LARGEST * unit
    weight = weight * size**4 * np.exp(-0.5 * size**2)
    weight = weight / weight.sum()
    x = np.sinh(np.arcsinh(table.FIELD_MAX) * _nodes(2 * FIELD_ORDERS[spin])[: FIELD_ORDERS[spin]])
    s = table.DISORDER_SCALE * np.sinh(
        0.5 * (1.0 + _nodes(DISORDER_ORDER)) * np.arcsinh(table.DISORDER_MAX / table.DISORDER_SCALE)
    )
    rho = s[:, None] * size
    rows = []
    for field in x:
        angle = chebyshev.chebvander(np.arctan2(rho, field) * 4.0 / np.pi - 1.0, CZJZEK_GRID[0] - 1)
        radius = chebyshev.chebvander(np.arcsinh(np.hypot(field, rho)) * 2.0 / end - 1.0, CZJZEK_GRID[1] - 1)
        mean = np.sum((angle @ polar) * radius, axis=-1)
        rows.append(mean @ weight + s * (weight @ size) * ground)
    return _coefficients(_coefficients(np.array(rows + rows[::-1]), 0), 1)[::2]


def build_sites(spin):
    """Chebyshev coefficients of <ln Z> over directions: (even orders in arcsinh x, in arcsinh rho, in c)."""
    end = np.arcsinh(np.hypot(table.FIELD_MAX, table.SIZE_MAX))
    x = np.sinh(np.arcsinh(table.FIELD_MAX) * _nodes(2 * FIELD_ORDERS[spin])[: FIELD_ORDERS[spin]])
    rho = np.sinh(0.5 * (1.0 + _nodes(SIZE_ORDER)) * np.arcsinh(table.SIZE_MAX))
    field, size = np.meshgrid(x, rho, indexing="ij")
    angle = chebyshev.chebvander(np.arctan2(size, field) * 4.0 / np.pi - 1.0, SITE_GRID[0] - 1)
    radius = chebyshev.chebvander(np.arcsinh(np.hypot(field, size)) * 2.0 / end - 1.0, SITE_GRID[1] - 1)
    values = np.empty((*field.shape, SHAPE_ORDER))
    for k, shape in enumerate(_nodes(SHAPE_ORDER)):
        polar, _ = _polar_series(spin, end, np.array([shape]), np.ones(1), SITE_GRID)
        values[..., k] = np.sum((angle @ polar) * radius, axis=-1)
    full = np.concatenate([values, values[::-1]])
    series = _coefficients(_coefficients(_coefficients(full, 0), 1), 2)[::2]
    series[np.abs(series) < NEGLECTED] = 0.0  # compresses well
    return series


def _polar_series(spin, end, shapes, share, grid):
    """Coefficients of <ln Z> in (alpha, arcsinh R), and the mean lowest level of sites of size one without field."""
    splitting = quadratic_form(spin, *axial_rhombic(1.0, shapes))
    angles, radii, rings, around = grid
    directions, weights = octant(rings, around)
    zeeman = np.einsum("dk,kij->dij", directions, spin_matrices(spin))
    weights = np.multiply.outer(share, weights)
    radius = np.sinh(0.5 * end * (1.0 + _nodes(radii)))
    values = np.empty((angles, radii))
    for i, angle in enumerate(0.25 * np.pi * (1.0 + _nodes(angles))):
        levels = np.linalg.eigvalsh(np.cos(angle) * zeeman + np.sin(angle) * splitting[:, None])
        excess = levels - levels[..., :1]
        logs = [np.sum(weights * np.log(np.exp(-R * excess).sum(axis=-1))) for R in radius]
        values[i] = np.array(logs) - radius * np.sum(weights * levels[..., 0])
    return _coefficients(_coefficients(values, 0), 1), share @ np.linalg.eigvalsh(splitting)[:, 0]


def _nodes(count):
    return np.cos(np.pi * (np.arange(count) + 0.5) / count)


def _coefficients(values, axis):
    """Chebyshev coefficients of values at the nodes along an axis."""
    count = values.shape[axis]
    matrix = 2.0 / count * np.cos(np.outer(np.arange(count), np.pi * (np.arange(count) + 0.5) / count))
    matrix[0] *= 0.5
    return np.moveaxis(np.tensordot(matrix, values, (1, axis)), 0, axis)


def check(samples=2):
    """State the largest difference from direct averages over sites and directions."""
    generator = np.random.default_rng(3)
    for spin in table.SPINS:
        worst = {"magnetization": 0.0, "heat_capacity": 0.0}
        for _ in range(samples):
            T = 2.0
            x = float(np.sinh(generator.uniform(0.0, np.arcsinh(table.FIELD_MAX))))
            s = float(np.sinh(generator.uniform(0.0, np.arcsinh(4.0))))
            B = x * T / (2.0 * table.bohr_magneton_kelvin)
            nodes = czjzek(20, 8)
            direct = PowderIon(spin, tuple(zip(*(s * T * part for part in nodes.axial_rhombic()), strict=True)),
                               tuple(nodes.weights), rings=48)  # fmt: skip
            tabulated = table.TabulatedIon(2.0, s * T, table.czjzek_table(spin), direct)
            for name in worst:
                unit = 2.0 * table.bohr_magneton * spin if name == "magnetization" else table.boltzmann
                difference = float(getattr(tabulated, name)(T, B) - getattr(direct, name)(T, B)) / unit
                worst[name] = max(worst[name], abs(difference))
        print(f"spin {spin:g}: largest error {worst['magnetization']:.1e} g mu_B S, {worst['heat_capacity']:.1e} k_B")


if __name__ == "__main__":
    main()
