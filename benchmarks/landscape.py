"""The landscape engine: against a C kernel on the same neighbor list, against ASE, and what a campaign costs."""

import ctypes
import resource
import subprocess
import tempfile
import time
import warnings
from pathlib import Path

import numpy as np

from benchmarks.timing import best_time, processor_time
from glasstunnel.errors import LandscapeError

#: The same pair energy as the kernel, on the same half lists, as a compiler of C makes it.
_C = r"""
#include <math.h>
double forces(int pairs, int capacity, const double *c, const int *first, const int *second, const long long *counts,
              const double *box, const double *x, int atoms, double *f) {
  double total = 0.0;
  for (int i = 0; i < 3 * atoms; i++) f[i] = 0.0;
  double lx = box[0], ly = box[1], lz = box[2], ix = 1 / lx, iy = 1 / ly, iz = 1 / lz;
  for (int p = 0; p < pairs; p++) {
    const double *k = c + 8 * p; const int *a = first + (long)p * capacity, *b = second + (long)p * capacity;
    double s2 = k[1] * k[1], inverse = 1 / s2;
    for (long long n = 0; n < counts[p]; n++) {
      int i = a[n], j = b[n];
      double dx = x[3*i] - x[3*j], dy = x[3*i+1] - x[3*j+1], dz = x[3*i+2] - x[3*j+2];
      dx -= lx * rint(dx * ix); dy -= ly * rint(dy * iy); dz -= lz * rint(dz * iz);
      double r2 = dx * dx + dy * dy + dz * dz;
      if (r2 < k[6]) {
        double o = s2 / r2, six = o * o * o, u = r2 * inverse;
        total += k[0] * (six * (six - 1) + k[2] + u * (k[4] + u * k[5]));
        double push = k[0] * (6 * six * (2 * six - 1) - 2 * u * (k[4] + 2 * u * k[5])) / r2;
        f[3*i] += push * dx; f[3*i+1] += push * dy; f[3*i+2] += push * dz;
        f[3*j] -= push * dx; f[3*j+1] -= push * dy; f[3*j+2] -= push * dz;
      }
    }
  }
  return total;
}
"""


def rows():
    """(what, measured, wanted) for the table."""
    from glasstunnel.landscape import cool, kob_andersen

    glass = cool(kob_andersen(250, seed=1), steps=2000)
    yield _force_row(glass)
    yield from _band_rows(glass)
    yield from _campaign_rows()


def _force_row(glass):
    from glasstunnel.landscape.engine import compiled

    field, x, out = glass.field(), glass.positions.copy(), np.empty_like(glass.positions)
    energy = compiled().evaluate(field, 0, x, out)
    c_forces, c_energy = _c_kernel(field, x)
    assert abs(c_energy() - energy) < 1e-9 * abs(energy) and np.allclose(c_forces, out, atol=1e-7)
    ours, theirs = (best_time(f) for f in (lambda: compiled().evaluate(field, 0, x, out), c_energy))
    return (f"force loop, N = 250 ({1e6 * ours:.0f} us), over C at -O3 -march=native on the same list",
            f"{ours / theirs:.2f}", "at most 1.3")  # fmt: skip


def _c_kernel(field, x):
    folder = Path(tempfile.mkdtemp())
    (folder / "forces.c").write_text(_C, encoding="ascii")
    command = ["cc", "-O3", "-march=native", "-shared", "-fPIC", "-o", "forces.so", "forces.c", "-lm"]
    subprocess.run(command, cwd=folder, check=True)
    function = ctypes.CDLL(str(folder / "forces.so")).forces
    function.restype = ctypes.c_double
    f = np.empty_like(x)
    arrays = [field.coefficients, field.first[0], field.second[0], field.counts[0], field.box, x, f]
    arrays = [np.ascontiguousarray(array) for array in arrays]
    p = [ctypes.c_void_p(array.ctypes.data) for array in arrays]
    pairs, capacity = field.first.shape[1:]

    def call(_keep=arrays):
        return function(pairs, capacity, p[0], p[1], p[2], p[3], p[4], p[5], len(x), p[6])

    return arrays[-1], call


def _band_rows(glass):
    """One pair at N = 250: band and dimer to the same forces, compiled and by ASE around the same force kernel.

    Processor time, because another program on the machine would slow the long ASE run more than ours.
    """
    from glasstunnel.landscape.connections import coarse_band
    from glasstunnel.landscape.engine import compiled
    from glasstunnel.landscape.engine.records import Climb
    from glasstunnel.landscape.saddles import prove_saddle

    a, b = _typical_pair(glass)

    def ours(proof=False):
        band, energies = coarse_band(a, b, images=7)
        top = 1 + int(np.argmax(energies[1:-1]))
        mode = band[top + 1] - band[top - 1]
        if proof:
            return prove_saddle(a.moved(band[top]), mode)
        mode /= np.linalg.norm(mode)
        return compiled().climb_dimer(a.field(), 0, band[top].copy(), mode, Climb(1, 1e-3, 3000, 0.1))

    one, proven = (min(processor_time(lambda p=proof: ours(p)) for _n in range(3)) for proof in (False, True))
    theirs, calls, per_call = _ase_band(a, b)
    yield (f"band and dimer for a pair, N = 250, to a force of 1e-3 ({1e3 * one:.0f} ms; {1e3 * proven:.0f} ms with "
           f"the proof to 1e-6), against ASE with the same force kernel ({1e3 * theirs:.0f} ms, {calls} force calls)",
           f"{theirs / one:.1f} times faster", "at least 10 times")  # fmt: skip
    yield (f"the same against ASE with its own LennardJones (one force call {1e3 * per_call:.0f} ms, scaled to the "
           f"{calls} calls it made)", f"{per_call * calls / one:.0f} times faster", "at least 100 times")  # fmt: skip


def _typical_pair(glass):
    """Two minima joined by one saddle, closer than 1.5 sigma, from a short harvest."""
    from glasstunnel.landscape import candidate_pairs, find_saddle, harvest
    from glasstunnel.landscape.pairs import MAX_CHORD

    found = harvest(glass, temperature=0.4, replicas=2, segments=40, length=30)
    pairs, _refused = candidate_pairs(found, max_difference=5.0, max_chord=0.75 * MAX_CHORD)
    for pair in sorted(pairs, key=lambda pair: abs(pair.chord - 0.8)):
        try:
            saddle = find_saddle(found.minima[pair.i], found.minima[pair.j])
        except LandscapeError:
            continue
        if saddle.direct:
            return saddle.ends
    raise LandscapeError("no typical pair in this glass")


def _ase_band(a, b, steps=60):
    """(seconds, force calls) of ASE's band and dimer on a pair, and the time of a call of its LennardJones [s]."""
    from ase.calculators.calculator import Calculator, all_changes
    from ase.calculators.lj import LennardJones
    from ase.mep import NEB, DimerControl, MinModeAtoms, MinModeTranslate
    from ase.optimize import FIRE

    from glasstunnel.landscape.backends.ase_calculator import to_ase
    from glasstunnel.landscape.engine import compiled
    from glasstunnel.landscape.matching import moves

    count, u = [0], moves(a, b)

    class Kernel(Calculator):
        implemented_properties = ("energy", "forces")

        def __init__(self):
            super().__init__()
            self.field, self.out = a.field(), np.empty_like(a.positions)

        def calculate(self, atoms=None, properties=("energy",), system_changes=all_changes):
            super().calculate(atoms, properties, system_changes)
            count[0] += 1
            energy = compiled().evaluate(self.field, 0, np.ascontiguousarray(self.atoms.positions), self.out)
            self.results = {"energy": energy, "forces": self.out.copy()}

    warnings.filterwarnings("ignore", message="It was not possible to figure out", module="ase")
    images = [to_ase(a.moved(a.positions + part * u)) for part in np.linspace(0, 1, 7)]
    for image in images:
        image.calc = Kernel()
    start = time.process_time()
    FIRE(NEB(images, k=10.0, method="improvedtangent"), logfile=None).run(fmax=0.1, steps=steps)
    top = max(images[1:-1], key=lambda image: image.get_potential_energy())
    with DimerControl(logfile=None, eigenmode_logfile=None, displacement_method="vector") as control:
        dimer = MinModeAtoms(top, control)
        dimer.displace(displacement_vector=1e-3 * u)
        MinModeTranslate(dimer, logfile=None).run(fmax=1e-3, steps=300)
    seconds = time.process_time() - start
    slow = to_ase(a)
    slow.calc = LennardJones(rc=2.5)

    def fresh_call():
        slow.positions[0, 0] += 1e-9
        return slow.get_forces()

    return seconds, count[0], min(processor_time(fresh_call) for _n in range(5))


def _campaign_rows(quenches=40):
    """Cost of one glass of 250 particles by stage, scaled to 50 glasses of 800 quenches; overhead, memory, workers."""
    from glasstunnel.landscape.campaign import run_campaign
    from glasstunnel.landscape.settings import settings_from

    values = {"sample": {"glasses": 2, "count": 250}, "cooling": {"steps": 10_000}, "tunneling": {"units": "argon"},
              "harvest": {"replicas": 2, "segments": quenches // 2}, "pairs": {"max_difference": 0.3}}  # fmt: skip
    wall = {}
    for workers in (1, 2):
        with tempfile.TemporaryDirectory() as folder:
            start = time.perf_counter()
            campaign = run_campaign(settings_from(values), folder, workers=workers)
            wall[workers] = time.perf_counter() - start
            if workers == 1:
                seconds = campaign.status().seconds
            campaign.close()
    inside = 2 * sum(seconds.values())
    more = 800 / quenches  # pairs grow no faster than quenches: an upper estimate for the later stages
    glass = 10 * seconds["glass"] + more * (seconds["harvest"] + seconds["edges"] + seconds["levels"])
    stages = ", ".join(f"{stage} {value:.1f} s" for stage, value in seconds.items())
    yield (f"50 glasses of 250, 800 quenches each, on two cores: scaled from two glasses with {quenches} quenches and "
           f"10 000 cooling steps ({stages} per glass)", f"{50 * glass / 2 / 60:.0f} min", "below 35 min")  # fmt: skip
    overhead = 100 * (wall[1] - inside) / wall[1]
    yield "overhead of catalogue and arrays in a campaign", f"{overhead:.1f} %", "below 3 %"
    gain = f"{wall[1] / wall[2]:.2f} times"
    yield (f"second worker, two glasses, its start-up included ({wall[1]:.0f} s alone)",
           gain, "at least 1.8 times in long runs")  # fmt: skip
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    yield "peak memory of the benchmark process", f"{peak:.0f} MB", "below 1000 MB"
