"""Ions with distributed zero-field splitting against direct averages over sites and directions, in processor time."""

import itertools
import time

import numpy as np

import glasstunnel as gt
from benchmarks.timing import best_time
from glasstunnel.numerics.random_tensors import czjzek
from glasstunnel.systems.magnetic_ions import table
from glasstunnel.systems.magnetic_ions.powder import PowderIon

FIELDS = (0.1, 0.25, 0.5, 1.0, 2.0, 3.0, 4.0, 5.0, 6.5)
TEMPERATURES = np.concatenate([np.linspace(2.0, 60.0, 110), np.linspace(62.0, 300.0, 40)])


def rows():
    """(what, measured, wanted) for the table."""
    T, B = np.tile(TEMPERATURES, len(FIELDS)), np.repeat(FIELDS, len(TEMPERATURES))
    glass = gt.Glass({"fe2": gt.MagneticIons("Fe2+", 1e20, disorder=10.0),
                      "fe3": gt.MagneticIons("Fe3+", 1e20, disorder=1.0)})  # fmt: skip
    noise = np.full(len(T), 1e-5)
    measured = glass.magnetization(T, B)
    start = time.process_time()
    for read in (table.czjzek_table, table._stored_sites):  # what a process does once
        read.cache_clear()
        read(2.0), read(2.5)
    build = time.process_time() - start
    ours = best_time(lambda: np.sum(((glass.magnetization(T, B) - measured) / noise) ** 2), clock=time.process_time)
    theirs, error = _direct()
    extended = gt.MagneticIons("Fe2+", 1.0, zero_field_splitting=8.0, disorder=3.0)
    start = time.process_time()
    extended.magnetization(T, B)
    first = time.process_time() - start
    one, refined = _one_splitting(T, B)
    return [
        ("likelihood, 1350 points, two species with Czjzek disorder", f"{1e3 * ours:.1f} ms", "10 ms"),
        ("  reading their tables once", f"{build:.3f} s", "1 s"),
        ("  direct average at 1e-7 of each point", f"{2700 * theirs / ours:.0f} times slower", "1000"),
        ("  difference in the moment, g mu_B S", f"{error:.0e}", "1e-7"),
        ("  first curve of an extended distribution (table made from nodes)", f"{first:.2f} s", "1 s"),
        ("curve, 1350 points, one rhombic splitting from the table, D and E/D new", f"{1e3 * one:.1f} ms", "10 ms"),
        ("  directions refined to 1e-9 instead", f"{refined / one:.0f} times slower", ""),
    ]


def _one_splitting(T, B):
    """(seconds from the table, seconds with refined directions), another splitting every time."""
    count = itertools.count(1)

    def curve(orientations=None):
        D = 10.0 + 1e-3 * next(count)
        return gt.MagneticIons("Fe2+", 1.0, zero_field_splitting=D, rhombicity=2.0 / D,
                               orientations=orientations).magnetization(T, B)  # fmt: skip

    return best_time(lambda: curve("table"), clock=time.process_time), best_time(curve, 1, clock=time.process_time)


def _direct():
    """(seconds for one point, difference from the table) of a direct average that is good to 1e-7."""
    nodes = czjzek(20, 8)
    direct = PowderIon(2.0, tuple(map(tuple, (10.0 * np.transpose(nodes.axial_rhombic())).tolist())),
                       tuple(nodes.weights.tolist()))  # fmt: skip
    start = time.process_time()
    value = direct.magnetization(4.0, 1.0)
    seconds = time.process_time() - start
    tabulated = gt.MagneticIons("Fe2+", 1.0, disorder=10.0).magnetization(4.0, 1.0)
    return seconds, float(abs(tabulated - value)) / (4.0 * 9.2740100657e-24)
