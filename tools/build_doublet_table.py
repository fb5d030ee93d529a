"""Build the scale-free table of the effective theory that the package ships.

    python tools/build_doublet_table.py            # writes the table, then states its error against quadrature
    python tools/build_doublet_table.py --check    # only states the error of the table that is there

The table holds the spline coefficients of g(ln p, ln y), see `glasstunnel.systems.anomalous.effective.table`.
"""

import argparse
import time

import numpy as np
from scipy.stats import qmc

from glasstunnel.numerics.log_spline import LogSpline
from glasstunnel.systems.anomalous.effective import integrals, table


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="only compare the existing table with quadrature")
    if not parser.parse_args().check:
        start = time.perf_counter()
        np.savez_compressed(table.PATH, **{name: build(averaged) for averaged, name in table.NAMES.items()})
        print(f"{table.PATH}: {table.PATH.stat().st_size / 1e3:.0f} kB, {time.perf_counter() - start:.1f} s")
    for averaged, name in table.NAMES.items():
        print(f"{name}: largest relative error of v {errors(averaged)[0]:.1e}, of dv/dlny {errors(averaged)[1]:.1e}")


def build(averaged):
    """Coefficients of the spline."""
    asymmetry, energy = np.exp(table.ASYMMETRY.grid()), np.exp(table.FIELD_ENERGY.grid())
    one = np.ones_like(energy)
    values = np.array([integrals.field_response(energy, p * one, one, averaged)[0] for p in asymmetry])
    values *= np.sqrt(1.0 + asymmetry[:, None] ** 2 + energy**2) / energy**2
    return LogSpline.through(values, table.ASYMMETRY, table.FIELD_ENERGY).coefficients


def errors(averaged, power=11):
    """Largest relative errors of v and of its slope by ln y at Sobol points all over the table."""
    places = qmc.Sobol(2, seed=1).random_base2(power)
    p, y = (np.exp(axis.low + (axis.high - axis.low) * place)
            for axis, place in zip((table.ASYMMETRY, table.FIELD_ENERGY), places.T, strict=True))
    found = table.response_steps(p, np.arange(p.size), 1e-12 * y, y, averaged, slopes=True)
    value, slope = integrals.field_response(y, p, np.ones_like(p), averaged)
    return np.max(np.abs(found.value / value - 1.0)), np.max(np.abs(found.at_high / slope - 1.0))


if __name__ == "__main__":
    main()
