"""The stages of a campaign on one glass: plain functions of arrays and settings, the same on every machine.

Each returns a `StageResult`: rows for the tables, arrays for the array store, seconds. No stage looks at a clock, a
file or another glass.
"""

import time
from dataclasses import dataclass, field

import numpy as np

from glasstunnel.landscape.basins import quartic_pairs, soft_mode_quartics, valley_verdict, valleys
from glasstunnel.landscape.configuration import Configuration, energy, normal_modes
from glasstunnel.landscape.connections import Connection, connect
from glasstunnel.landscape.couplings import deformation_potentials, dipole_moment, strain_coupling
from glasstunnel.landscape.harvesting import Harvest, cool, harvest
from glasstunnel.landscape.matching import MinimumList
from glasstunnel.landscape.models import kob_andersen_model
from glasstunnel.landscape.pairs import candidate_pairs, participation
from glasstunnel.landscape.paths import extend_path, least_action_path, transverse_zero_point
from glasstunnel.landscape.quantum import double_well_levels
from glasstunnel.landscape.saddles import Path, search_from
from glasstunnel.landscape.samples import kob_andersen
from glasstunnel.landscape.unit_systems import units
from glasstunnel.records import brief


@dataclass
class StageResult:
    """rows : {table: list of dictionaries}; arrays : {name: array}; seconds : of calculation."""

    rows: dict = field(default_factory=dict)
    arrays: dict = field(default_factory=dict)
    seconds: float = 0.0

    __repr__ = brief


def run_stage(stage, glass, settings, arrays):
    """Run one stage of one glass. arrays : those of the stages before, by stage."""
    start = time.perf_counter()
    result = {"glass": _glass, "harvest": _harvest, "edges": _edges, "levels": _levels,
              "valleys": _valleys}[stage](glass, settings, arrays)
    result.seconds = time.perf_counter() - start
    return result


def _glass(number, settings, _arrays):
    sample, cooling = settings.sample, settings.cooling
    seed = sample.seed + number
    start = kob_andersen(sample.count, seed, sample.variant, sample.density)
    cooled = cool(start, seed=1000 * seed, start=cooling.start, end=cooling.end, steps=cooling.steps)
    row = {"seed": seed, "energy": energy(cooled) / sample.count, "rate": cooled.preparation["cooling_rate"]}
    return StageResult({"glasses": [row]}, {"positions": cooled.positions, "types": cooled.types, "box": cooled.box})


def configuration(settings, arrays, positions=None):
    """The glass of stored arrays as a `Configuration`."""
    stored = arrays["glass"]
    return Configuration(stored["positions"] if positions is None else positions, stored["box"], stored["types"],
                         kob_andersen_model(settings.sample.variant))  # fmt: skip


def _harvest(number, settings, arrays):
    options = settings.section("harvest")
    harvested = harvest(configuration(settings, arrays), seed=settings.sample.seed + number, **options)
    counts = np.bincount(np.concatenate(harvested.visits) + 1, minlength=len(harvested.minima) + 1)[1:]
    minima = [{"number": n, "energy": float(value), "structure": int(harvested.structures[n]), "visits": int(counts[n])}
              for n, value in enumerate(harvested.energies)]  # fmt: skip
    rejected = [{"reason": reason, "count": count} for reason, count in sorted(harvested.rejected.items())]
    rejected += [{"reason": f"note: {note}", "count": 1} for note in harvested.notes]
    seen, estimate = harvested.completeness()
    quenches, known = harvested.saturation()
    return StageResult({"minima": minima, "rejected": rejected}, {
        "positions": np.array([minimum.positions for minimum in harvested.minima]), "energies": harvested.energies,
        "structures": harvested.structures, "visits": np.array(harvested.visits), "propensity": harvested.propensity,
        "recaptures": seen, "estimate": np.array([estimate]), "quenches": quenches, "known": known})


def stored_harvest(settings, arrays):
    """The `Harvest` of stored arrays."""
    stored, glass = arrays["harvest"], configuration(settings, arrays)
    minima = tuple(glass.moved(x) for x in stored["positions"])
    return Harvest(glass, minima, stored["energies"], stored["structures"], tuple(stored["visits"]),
                   stored["propensity"])  # fmt: skip


def _edges(number, settings, arrays):
    harvested = stored_harvest(settings, arrays)
    pairs, refused = candidate_pairs(harvested, settings.pairs.max_difference, settings.pairs.max_chord)
    minima = MinimumList()
    for minimum, value in zip(harvested.minima, harvested.energies, strict=True):
        minima.add(minimum, value)
    whole = Connection(minima)
    for pair in pairs[: settings.pairs.limit]:
        connect(harvested.minima[pair.i], harvested.minima[pair.j], connection=whole)
    _single_ended(whole, harvested, settings.pairs.singles, number)
    reasons = [reason for _pair, reason in whole.rejected]
    refused |= {reason: reasons.count(reason) for reason in sorted(set(reasons))}
    if len(pairs) > settings.pairs.limit:
        refused["over the limit of pairs"] = len(pairs) - settings.pairs.limit
    return StageResult(
        {"edges": [_edge_row(n, whole) for n in range(len(whole.saddles))],
         "rejected": [{"reason": reason, "count": count} for reason, count in sorted(refused.items())]},
        _edge_arrays(whole, harvested.glass.count))  # fmt: skip


def _most_visited(harvested):
    visits = np.bincount(np.concatenate(harvested.visits) + 1, minlength=len(harvested.minima) + 1)[1:]
    return np.argsort(-visits, kind="stable")


def _single_ended(whole, harvested, searches, number):
    """Searches along soft, localized modes of the minima visited most: they see barriers that dynamics cannot."""
    if not searches:
        return
    order = _most_visited(harvested)
    random, done = np.random.default_rng(number), 0
    for index in order:
        minimum = harvested.minima[index]
        values, vectors = normal_modes(minimum)
        soft = [n for n in np.argsort(values)[3:23]]
        soft = sorted(soft, key=lambda n: participation(vectors[:, n].reshape(-1, 3)))[:4]
        for n in soft:
            if done >= searches:
                return
            saddle, reason = search_from(minimum, random.choice([-1.0, 1.0]) * vectors[:, n], push=0.3)
            done += 1
            if saddle is None:
                whole.rejected.append(((int(index), -1), f"single-ended: {reason}"))
            else:
                whole.keep(saddle)


def _edge_row(n, whole):
    (i, j), saddle = whole.links[n], whole.saddles[n]
    return {"number": n, "i": i, "j": j, "energy_i": saddle.end_energies[0], "energy_j": saddle.end_energies[1],
            "saddle_energy": saddle.energy, "barrier": saddle.barrier, "asymmetry": saddle.asymmetry,
            "chord": saddle.chord, "length": saddle.path.length, "participation": saddle.participation,
            "curvature": saddle.curvature, "force": saddle.force}  # fmt: skip


def _edge_arrays(whole, atoms):
    paths = [saddle.path for saddle in whole.saddles]
    empty = np.zeros((0, 0, atoms, 3))
    return {"saddles": np.array([saddle.configuration.positions for saddle in whole.saddles]).reshape(-1, atoms, 3),
            "paths": np.array([path.positions for path in paths]) if paths else empty,
            "arcs": np.array([path.arc for path in paths]), "energies": np.array([path.energies for path in paths]),
            "slopes": np.array([path.slopes for path in paths]),
            "displacements": np.array([saddle.displacement for saddle in whole.saddles]).reshape(-1, atoms, 3),
            }  # fmt: skip


def stored_path(arrays, n):
    """`Path` of edge n of stored arrays."""
    stored = arrays["edges"]
    return Path(stored["paths"][n], stored["arcs"][n], stored["energies"][n], stored["slopes"][n])


def _levels(_number, settings, arrays):
    limits, hbar, rows = settings.tunneling, units(settings.tunneling.units).hbar, []
    for n in range(len(arrays["edges"]["saddles"])):
        path = stored_path(arrays, n)
        ends = path.energies[0], path.energies[-1]
        asymmetry, barrier = ends[1] - ends[0], path.energies.max() - max(ends)
        if abs(asymmetry) < limits.max_asymmetry and barrier < limits.max_barrier:
            start, end = (configuration(settings, arrays, path.positions[row]) for row in (0, -1))
            solved = _solved(start, path, limits.method, hbar)
            rows.append({"number": n} | solved | _coupled(start, end, limits.charges))
    return StageResult({"levels": rows})


def _coupled(start, end, charges):
    """Deformation potentials [eps] and the size of the dipole moment [elementary charge sigma] of one edge."""
    longitudinal, transverse = deformation_potentials(strain_coupling(start, end))
    dipole = float(np.linalg.norm(dipole_moment(start, end, charges))) if charges else None
    return {"longitudinal": longitudinal, "transverse": transverse, "dipole": dipole}


def _solved(start, path, method, hbar):
    """Row of numbers for one edge at a method level; energies in eps."""
    if method == "L2":
        path, _ratio = least_action_path(start, path)
    extended = extend_path(start, path)
    transverse = None if method == "L0" else transverse_zero_point(start, extended, hbar)
    levels = double_well_levels(extended, hbar=hbar, transverse=transverse, method=method)
    clean = {name: None if not np.isfinite(value) else float(value) for name, value in
             (("effective_asymmetry", levels.asymmetry), ("consistency", levels.consistency))}  # fmt: skip
    return {"splitting": levels.splitting, "tunnel_splitting": levels.tunnel_splitting, "kind": levels.kind,
            "method": levels.method, "solver": levels.solver, "third_level": float(levels.levels[2] - levels.levels[0]),
            "zero_point": 0.0 if transverse is None else float(np.ptp(transverse))} | clean  # fmt: skip


def _valleys(number, settings, arrays):
    """Valleys on spheres around the minima visited most, what quantum mechanics makes of them, and their soft modes."""
    options, hbar, rows = settings.valleys, units(settings.tunneling.units).hbar, []
    if not options.minima:
        return StageResult({"valleys": []})
    harvested = stored_harvest(settings, arrays)
    for index in _most_visited(harvested)[: options.minima]:
        minimum = harvested.minima[index]
        modes = [quartic_pairs(*row) for row in soft_mode_quartics(minimum) if row[2] > 0]
        soft = {"soft_pairs": sum(pair for pair, _well in modes), "soft_wells": sum(well for _pair, well in modes)}
        for radius in options.radii:
            found = valleys(minimum, radius, options.starts, seed=number)
            inside = found.inside_basin()
            names = ("height", "zero_point", "splitting", "quantum", "reached", "passes")
            verdict = valley_verdict(minimum, inside, hbar) if len(inside) else None
            rows.append({"number": int(index), "radius": radius, "valleys": len(found), "returned": found.returned,
                         **soft, **{name: getattr(verdict, name, None) for name in names}})  # fmt: skip
    return StageResult({"valleys": rows})
