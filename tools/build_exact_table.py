"""Build the scale-free table of the exact three-level theory that the package ships.

    python tools/build_exact_table.py            # writes the table, then states its error against direct quadrature
    python tools/build_exact_table.py --check    # only states the error of the table that is there

The table holds, for one ring with p = D/T and a = D0/T and averaged over the angle psi, the sine coefficients of the
force -d(F/T)/dphi and the cosine coefficients of the entropy (from a = 32 their values at nodes of the phase), and both
at zero phase, as Chebyshev series in ln p and in a (a <= 1) or ln a, compressed by singular value decomposition of each
axis (Tucker form). How it is read: `glasstunnel.systems.anomalous.exact.table`.
"""

import argparse
import time
from pathlib import Path

import numpy as np
from numpy.polynomial import chebyshev

from glasstunnel.numerics.quadrature import panels
from glasstunnel.systems.anomalous.exact import quadrature, table
from glasstunnel.systems.anomalous.exact.phase_means import NODES

ASYMMETRY_ORDER = 214
AMPLITUDE_ORDER = (18, 20, 20, 14, 20, 20, 20)
HARMONICS = (11, 36, 132, 252)
ZERO_FIELD_ORDER = 170
ANGLES = 64
TOLERANCE = 1.5e-12  #: singular values kept, relative to the largest
FREE_ENERGY_ORDER = 310
ERROR_SAMPLES = 60


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="only compare the existing table with quadrature")
    if not parser.parse_args().check:
        start = time.perf_counter()
        arrays = build()
        np.savez_compressed(table.PATH, **arrays)
        size = Path(table.PATH).stat().st_size
        print(f"{table.PATH}: {size / 1e3:.0f} kB, built in {time.perf_counter() - start:.0f} s")
    check()


def build():
    """All arrays of the table by name."""
    asymmetry = np.exp(_nodes(table.ASYMMETRY_INTERVAL, ASYMMETRY_ORDER))
    arrays = {}
    for number, panel in enumerate(table.PANELS):
        if panel.phase_edges:
            arrays |= _cold_panel(number, panel, asymmetry)
            continue
        amplitude = panel.amplitude(_nodes(panel.interval, AMPLITUDE_ORDER[number]))
        phases = HARMONICS[number] + 32
        phase = (np.arange(phases) + 0.5) * np.pi / phases
        samples = np.array([quadrature.angle_average(p, amplitude, phase, ANGLES)[:2] for p in asymmetry])
        samples /= panel.scale(amplitude)[:, None]
        wave = np.outer(phase, np.arange(1, HARMONICS[number] + 1))
        force = _series((samples[:, 0] * np.sin(phase)) @ np.sin(wave) * (2.0 / phases))
        if panel.low == 0.0:
            entropy = _entropy_at_small_amplitude(force, amplitude, panel)
        else:
            entropy = _series(samples[:, 1] @ np.cos(wave) * (2.0 / phases))
        for name, coefficients in (("force", force), ("entropy", entropy)):
            for part, array in _tucker(coefficients).items():
                arrays[f"{name}_{number}_{part}"] = array
    arrays |= _zero_field(asymmetry)
    return arrays


def _cold_panel(number, panel, asymmetry):
    """Force and entropy at the nodes of the phase, the entropy from its value at phase zero."""
    amplitude = panel.amplitude(_nodes(panel.interval, AMPLITUDE_ORDER[number]))
    phase = np.append(panels(panel.phase_edges, NODES)[0], 0.0)
    samples = np.array([quadrature.angle_average(p, amplitude, phase, ANGLES)[:2] for p in asymmetry])
    force = samples[:, 0, :, :-1] * panel.phase_weight()
    entropy = samples[:, 1, :, :-1] - samples[:, 1, :, -1:]
    return {
        f"{name}_{number}_{part}": array
        for name, values in (("force", force), ("entropy", entropy))
        for part, array in _tucker(_series(values)).items()
    }


def _entropy_at_small_amplitude(force, amplitude, panel):
    """Entropy coefficients over a^3 from those of the force, by S = -dF/dT at fixed D and D0.

    The entropy itself varies with the phase only as a^3: below a = 0.1 quadrature would leave its rounding errors.
    """
    _, order, harmonics = force.shape
    by_asymmetry = chebyshev.chebder(force, axis=0, scl=2.0 / np.ptp(table.ASYMMETRY_INTERVAL))
    by_asymmetry = np.concatenate([by_asymmetry, np.zeros_like(force[:1])])
    by_amplitude = chebyshev.chebder(force, axis=1, scl=2.0 / np.ptp(panel.interval))
    nodes = 2.0 * (amplitude - panel.interval[0]) / np.ptp(panel.interval) - 1.0
    here, slope = chebyshev.chebvander(nodes, order - 1), chebyshev.chebvander(nodes, order - 2)
    values = np.einsum("yk,xkm->xym", here, 2.0 * force + by_asymmetry)
    values += amplitude[:, None] * np.einsum("yk,xkm->xym", slope, by_amplitude)
    return _coefficients(values / np.arange(1, harmonics + 1), 1)


def _zero_field(asymmetry):
    amplitude = np.exp(_nodes(table.ZERO_FIELD_INTERVAL, ZERO_FIELD_ORDER))
    entropy = np.array([quadrature.angle_average(p, amplitude, np.zeros(1), ANGLES)[1][:, 0] for p in asymmetry])
    asymmetry = np.exp(_nodes(table.FREE_ENERGY_INTERVAL, FREE_ENERGY_ORDER))
    energy = np.array([quadrature.zero_field_free_energy(p, amplitude, 2 * ANGLES) for p in asymmetry])
    arrays = {}
    for name, values in (("entropy", entropy), ("free_energy", energy)):
        left, size, right = np.linalg.svd(_series(values))
        rank = int(np.sum(size > TOLERANCE * size[0]))
        arrays[f"zero_{name}_asymmetry"] = left[:, :rank] * size[:rank]
        arrays[f"zero_{name}_amplitude"] = right[:rank].T
    return arrays


def _tucker(coefficients):
    """Factors of (asymmetry, amplitude, harmonic) coefficients: asymmetry (n, r), core (r, k, q), harmonics (q, m)."""
    rows, columns, harmonics = coefficients.shape
    left, size, _ = np.linalg.svd(coefficients.reshape(rows, -1), full_matrices=False)
    left = left[:, size > TOLERANCE * size[0]]
    _, size, right = np.linalg.svd(coefficients.reshape(-1, harmonics), full_matrices=False)
    right = right[size > TOLERANCE * size[0]]
    core = np.einsum("xr,xym,qm->ryq", left, coefficients, right)
    return {"asymmetry": left, "core": core, "harmonics": right}


def check():
    """Print the largest error of the table against quadrature at random places all over its domain."""
    random = np.random.default_rng(1)
    b = np.array([0.0, 0.01, 0.3, 1.0, 2.0, 4.0, 6.0, 10.0])
    observables = ("free_energy", "entropy", "heat_capacity", "magnetization", "magnetic_susceptibility")
    errors = np.array([_errors(random, b, observables) for _ in range(ERROR_SAMPLES)])
    print(f"largest and median error against quadrature at {ERROR_SAMPLES} random sets of cutoffs, all fields,")
    print("relative to the largest value among the fields:")
    for name, column in zip(observables, errors.T, strict=True):
        print(f"  {name:24s} {column.max():.1e} {np.median(column):.1e}")


def _errors(random, b, observables):
    largest = 10.0 ** random.uniform(-3.0, np.log10(table.AMPLITUDE_MAX))
    low = 10.0 ** random.uniform(-6.0, np.log10(table.THERMAL_ASYMMETRY_MAX))
    high = max(low, table.ASYMMETRY_REACH) * 10.0 ** random.uniform(0.3, 6.0) if random.random() < 0.7 else np.inf
    cutoffs = quadrature.ReducedCutoffs(low, high, largest / 10.0 ** random.uniform(0.02, 1.5), largest)
    arrays = quadrature.ReducedCutoffs(*(np.array([value]) for value in cutoffs))
    errors = []
    for observable in observables:
        exact = quadrature.averages(observable, cutoffs, b)
        found = table.averages(observable, arrays, np.zeros(b.size, int), b)
        errors.append(np.max(np.abs(found - exact)) / np.max(np.abs(exact)))
    return errors


def _nodes(interval, count):
    low, high = interval
    return 0.5 * (low + high) + 0.5 * (high - low) * np.cos((np.arange(count) + 0.5) * np.pi / count)


def _series(values):
    """Chebyshev coefficients along the two leading axes."""
    return _coefficients(_coefficients(values, 0), 1)


def _coefficients(values, axis):
    """Chebyshev coefficients along `axis` of values at the nodes."""
    count = values.shape[axis]
    order = np.arange(count)
    matrix = np.cos(np.outer(order, (order + 0.5) * np.pi / count)) * (2.0 / count)
    matrix[0] *= 0.5
    return np.moveaxis(np.tensordot(matrix, values, (1, axis)), 0, axis)


if __name__ == "__main__":
    main()
