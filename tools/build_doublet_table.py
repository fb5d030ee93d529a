"""Build the scale-free tables of the effective theory that the package ships.

    python tools/build_doublet_table.py            # writes the tables, then states their errors against quadrature
    python tools/build_doublet_table.py --check    # only states the errors of the tables that are there

They hold the spline coefficients of g(ln p, ln s) and g(ln p, ln y), see `table` and `thermal_table` of
`glasstunnel.systems.anomalous.effective`.
"""

import argparse
import time

import numpy as np
from scipy.stats import qmc

from glasstunnel.numerics.log_spline import LogSpline
from glasstunnel.systems.anomalous.effective import integrals, table, thermal_table


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="only compare the existing table with quadrature")
    if not parser.parse_args().check:
        write(table.PATH, lambda: {name: build(averaged) for averaged, name in table.NAMES.items()})
        write(thermal_table.PATH, lambda: {
            f"{quantity}_{name}": build_thermal(quantity, averaged)
            for quantity in thermal_table.KERNELS for averaged, name in table.NAMES.items()
        })
    for averaged, name in table.NAMES.items():
        print(f"{name}: largest relative error of v {errors(averaged)[0]:.1e}, of dv/dlny {errors(averaged)[1]:.1e}")
        for quantity in thermal_table.KERNELS:
            value, slope = thermal_errors(quantity, averaged)
            print(f"{name}: largest relative error of {quantity} {value:.1e}, of its slope by ln y {slope:.1e}")


def write(path, arrays):
    """Write what arrays() returns, and say how long it took."""
    start = time.perf_counter()
    np.savez_compressed(path, **arrays())
    print(f"{path}: {path.stat().st_size / 1e3:.0f} kB, {time.perf_counter() - start:.1f} s")


def build(averaged):
    """Coefficients of the spline."""
    asymmetry, share = np.exp(table.ASYMMETRY.grid()), np.exp(table.FIELD_SHARE.grid())
    one, energy = np.ones_like(share), asymmetry[:, None] * share
    values = np.array([integrals.field_response(p * share, p * one, one, averaged)[0] for p in asymmetry])
    values *= np.sqrt(1.0 + asymmetry[:, None] ** 2 + energy**2) / energy**2
    return LogSpline.through(values, table.ASYMMETRY, table.FIELD_SHARE).coefficients


def build_thermal(quantity, averaged):
    """Coefficients of the spline of a thermal quantity; the grid reaches gaps whose Boltzmann factor is no float."""
    asymmetry, energy = np.exp(thermal_table.ASYMMETRY.grid()), np.exp(thermal_table.FIELD_ENERGY.grid())
    one, kernel = np.ones_like(energy), thermal_table.KERNELS[quantity]

    def lifted(x, lowest):
        near = np.minimum(x, 100.0)
        far = 4.0 * x**2 if quantity == "heat_capacity" else 1.0 + 2.0 * x
        grown = np.where(x > 100.0, far, kernel(near) * np.exp(2.0 * near))
        return grown * np.exp(np.minimum(lowest - 2.0 * x, 0.0))

    def row(p):
        lowest = (p * one if averaged else np.hypot(p, energy))[:, None]
        return integrals.thermal_slope(lambda x: lifted(x, lowest), energy, p * one, one, averaged)

    values = np.array([row(p) for p in asymmetry])
    return LogSpline.through(values, thermal_table.ASYMMETRY, thermal_table.FIELD_ENERGY).coefficients


def thermal_errors(quantity, averaged, power=10):
    """Largest relative errors of steps between Sobol places all over the table and of the slopes at their ends."""
    places = qmc.Sobol(3, seed=2).random_base2(power)
    axes = thermal_table.ASYMMETRY, thermal_table.FIELD_ENERGY
    p, low = (np.exp(axis.low + (axis.high - axis.low) * place)
              for axis, place in zip(axes, places.T[:2], strict=True))
    high = np.minimum(low * np.exp(2.0 * places[:, 2]), np.exp(axes[1].high))
    arguments = p, np.arange(p.size), low, high, averaged
    found = thermal_table.steps(quantity, *arguments, slopes=True)
    kernel, one = thermal_table.KERNELS[quantity], np.ones_like(p)
    value = integrals.thermal_integral(kernel, low, high, p, one, averaged)
    slope = integrals.thermal_slope(kernel, high, p, one, averaged)
    return np.max(np.abs(found.value / value - 1.0)), np.max(np.abs(found.at_high / slope - 1.0))


def errors(averaged, power=11):
    """Largest relative errors of v and of its slope by ln y at Sobol points all over the table."""
    places = qmc.Sobol(2, seed=1).random_base2(power)
    p, s = (np.exp(axis.low + (axis.high - axis.low) * place)
            for axis, place in zip((table.ASYMMETRY, table.FIELD_SHARE), places.T, strict=True))
    found = table.response_steps(p, np.arange(p.size), 1e-12 * s, s, averaged, slopes=True)
    value, slope = integrals.field_response(p * s, p, np.ones_like(p), averaged)
    return np.max(np.abs(found.value / value - 1.0)), np.max(np.abs(found.at_high / slope - 1.0))


if __name__ == "__main__":
    main()
