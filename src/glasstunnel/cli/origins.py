"""Commands on where tunneling systems come from: wells, voids."""

from glasstunnel.cli.grids import parse_grid
from glasstunnel.cli.output import prepare_file
from glasstunnel.errors import ParameterError
from glasstunnel.files import as_json


def wells(options):
    """Solve a particle in a multi-well potential; print what it gives and, over a grid of fields, its levels."""
    from glasstunnel.origins import kinetic_bound, quantum_number, reduce_to_wells, square_well, triple_well

    mass, charge, radius, barrier, shape = (
        _number(options, name) for name in ("mass_u", "charge", "radius", "barrier", "shape")
    )
    potential = {"triple": triple_well, "square": square_well}[options.kind](shape)
    reduced = reduce_to_wells(potential, quantum_number(mass, radius, barrier))
    fields = None if options.field is None else parse_grid(options.field, "--field", "T")
    target = prepare_file(options.output, force=options.force) if options.output else None
    rows = _well_rows(reduced, charge, radius, barrier)
    product = rows.get("D0|q/e|S [K Angstrom^2]")
    bound = kinetic_bound(product, mass, charge) if product else "the kinetic bound is known for three wells"
    table = None if fields is None else _level_table(reduced, charge, radius, barrier, fields)
    if options.json:
        print(as_json(rows | {"potential": potential.name, "bound": str(bound), "levels": table}))
    else:
        print(reduced)
        print("\n".join(f"  {name:36} {value:.7g}" for name, value in rows.items()))
        print(f"  {bound}")
        if table:
            print("\n".join(_aligned(table)))
    if target:
        from glasstunnel.plots import save_figure, wells_figure

        save_figure(wells_figure(reduced, table), target)
        if not options.json:
            print(target)


def _well_rows(reduced, charge, radius, barrier):
    """{name: number} of the reduction in laboratory units."""
    from glasstunnel.origins import charge_numbers

    amplitude, area, product, flux_field = charge_numbers(reduced, charge, radius, barrier)
    rows = {
        "hbar/(a sqrt(M V0))": reduced.quantum, "t [K]": reduced.amplitude * barrier, "|q/e| S [Angstrom^2]": area,
        "B* [T]": flux_field, "next level above the wells [K]": reduced.next_level * barrier,
        "lowest levels to 1 % of Z below [K]": reduced.temperature_range(0.01) * barrier,
        "relative change of t": reduced.change,
    }  # fmt: skip
    if len(reduced.energies) != 3:
        return rows
    return rows | {
        "D0 = (2/sqrt3) t [K]": amplitude, "D0|q/e|S [K Angstrom^2]": product,
        "angular momentum c1 [hbar]": reduced.kinetic_constant,
    }  # fmt: skip


def _level_table(reduced, charge, radius, barrier, fields):
    """{column: list}: field [T], levels above the lowest at zero field [K], phase around the loop."""
    import numpy as np

    from glasstunnel.origins import reduced_field
    from glasstunnel.origins.reduction import basis_change, block_levels

    if len(fields) > 2000:
        raise ParameterError(f"--field: {len(fields)} fields are asked for, at most 2000 are solved at once")
    b = [float(reduced_field(charge, radius, field)) for field in fields]
    strongest = max(b, key=abs)
    if basis_change(reduced.potential, reduced.quantum, strongest) > 0.1 * abs(reduced.amplitude):
        raise ParameterError(
            f"--field: at {max(fields, key=abs):g} T the levels are not converged to a tenth of t; take weaker fields"
        )
    levels = np.array([np.sort(block_levels(reduced.potential, reduced.quantum, each)) for each in b]) * barrier
    lowest = float(np.min(block_levels(reduced.potential, reduced.quantum, 0.0))) * barrier
    columns = {f"E{i} - E0(0) [K]": (levels[:, i] - lowest).tolist() for i in range(levels.shape[1])}
    return {"field [T]": fields.tolist(), "phase [rad]": [each * reduced.area for each in b], **columns}


def _aligned(table):
    yield "  ".join(f"{name:>18}" for name in table)
    for row in zip(*table.values(), strict=True):
        yield "  ".join(f"{value:18.10g}" for value in row)


def voids(options):
    """Pack cells, let them grow, and print what the voids are like."""
    from glasstunnel.origins import packing, windows_of

    target = prepare_file(options.output, force=options.force) if options.output else None
    dimension = int(options.dimension)
    if target and dimension == 3:
        raise ParameterError("voids: the picture is drawn for discs; leave --dimension or -o out")
    count, spread, seed = (_number(options, name) for name in ("cells", "spread", "seed"))
    cells = packing(_whole(count), spread, dimension, _whole(seed))
    growth = _number(options, "growth")
    spaces = None
    if dimension == 3:
        windows = windows_of(cells, growth)
        rows = {
            "tetrahedra per sphere": windows.per_sphere, "mean face area": float(windows.face_area.mean()),
            "sigma ln(face area)": windows.face_spread, "mean open window": float(windows.window_area.mean()),
        }  # fmt: skip
    else:
        spaces, rows = _disc_rows(cells, growth)
    rows |= _boundary_rows(cells, growth)
    if options.json:
        print(as_json({"cells": str(cells), "hash": cells.hash, "growth": growth, **rows}))
    else:
        print(cells)
        print("\n".join(f"  {name:44} {value:.6g}" for name, value in rows.items()))
    if target:
        from glasstunnel.plots import save_figure, voids_figure

        save_figure(voids_figure(cells, spaces), target)
        if not options.json:
            print(target)


def _disc_rows(cells, growth):
    from glasstunnel.origins import voids_of

    spaces = voids_of(cells, growth)
    shares = {f"share with {sides} sides": share for sides, share in spaces.sides_share().items() if sides in (3, 4, 5)}
    return spaces, {
        "voids per cell": len(spaces.area) / len(cells.radii), "median area [median radius^2]": _median(spaces.area),
        "sigma ln(area)": spaces.area_spread, "median perimeter [median radius]": _median(spaces.perimeter), **shares,
    }  # fmt: skip


def _boundary_rows(cells, growth):
    from glasstunnel.origins import exposed_share

    before, after = exposed_share(cells, [0.0, growth])
    power = cells.dimension - 1
    return {
        "share of the cells' boundary that faces voids": float(after),
        "tunnelers against no growth, N/N0": float(after / before * (1.0 + growth) ** power),
    }


def _median(values):
    import numpy as np

    return float(np.median(values))


def _whole(number):
    """An integer where the number is one, so that a sentence shows it as it was typed."""
    return int(number) if number == int(number) else number


def _number(options, name):
    """The one number of an option."""
    flag = f"--{name.replace('_', '-')}"
    values = parse_grid(getattr(options, name), flag, "1")
    if len(values) != 1:
        raise ParameterError(f"{flag} takes one number, got {getattr(options, name)!r}")
    return float(values[0])
