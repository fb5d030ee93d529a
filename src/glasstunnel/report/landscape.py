"""The report on a landscape campaign: what was found, what was refused, what follows for a glass."""

import numpy as np

from glasstunnel.landscape.quantum import ERROR_CLASS, TWO_LEVEL
from glasstunnel.landscape.unit_systems import units
from glasstunnel.report.blocks import Answer, Answers, Code, Heading, Notes, Picture, Pictures, Section, Table, Text
from glasstunnel.report.numbers import sentence
from glasstunnel.report.typography import symbols

#: What a reason for refusing a pair or an edge means, where its name alone does not say it.
_REASONS = {
    "energy difference": "pairs of minima whose energies differ by more than the cut",
    "chord": "pairs of minima too far apart for one motion, or the same but for rounding",
    "thresholds": "edges whose asymmetry or barrier is beyond that of a tunneling system",
    "two motions at once": "edges that are two independent motions at once",
    "copies in other surroundings": "copies of one motion in other surroundings",
}


def landscape_sections(result):
    """The sections of a `CampaignResult`: counts and density, distributions, heat capacity, what was refused."""
    scale = units(result.settings["tunneling"]["units"])
    kinds = result.counts()
    systems = Table(("kind of system", "number"), tuple((kind, str(count)) for kind, count in kinds.items()) or
                    (("none", "0"),), "After factorizing: motions of different atoms are counted once each.")
    laws = Table(("law", "p-value"), tuple((symbols(name), "too few" if np.isnan(p) else f"{p:.3g}") for name, p in
                                          result.laws.items()),
                 "Kolmogorov-Smirnov: a small p-value says that the law does not describe what was found.")  # fmt: skip
    refused = Table(("reason", "number"), tuple((_REASONS.get(reason, str(reason)), str(count)) for reason, count in
                    sorted((result.rejected | result.dropped).items(), key=lambda row: -row[1]) if count),
                    "What was refused, and why.")  # fmt: skip
    counted = ", ".join(f"{count} {kind}{'s' * (count != 1)}" for kind, count in kinds.items()) or "none"
    found = Answer(counted, sentence(result.density.sentence()),
                   "How many tunneling systems does a simulated glass hold?")
    how = f"Method level {result.method}: {ERROR_CLASS[result.method]}."
    smallest = tuple(Answer(f"{gap:.3g} K", how, "What is the smallest gap?") for gap in np.sort(result.gaps)[:1])
    open_ends = ("The density of tunneling systems: the search has not saturated, every density is a lower bound.",)
    blocks = (Answers((found, *smallest), open_ends if result.density.lower_bound else ()),
              Heading("Figures"), Pictures(tuple(_pictures(result, scale))), Heading("Counts"),
              Notes((f"{result.minima} minima in {result.glasses} glasses of {result.particles} atoms, "
                            f"{len(result.edges)} proven saddles, {len(result.gaps)} two-level systems; "
                            f"identity of the results {result.identity}", *result.notes)),
              systems, laws, *_valley_blocks(result), refused)  # fmt: skip
    return [Section("Tunneling systems found in a simulated glass", blocks, "SIMULATED DATA",
                    {"landscape": result.to_dict()})]  # fmt: skip


def _valley_blocks(result):
    """What the basins looked at hold: valleys on spheres, and how many of them could tunnel  [002, Sec. 8]."""
    from glasstunnel.landscape.analysis import valley_statistics

    counted = valley_statistics(result.valleys)
    if not counted:
        return ()
    names = tuple(next(iter(counted.values())))
    rows = tuple((f"{radius:g}", *(f"{row[name]:.3g}" for name in names)) for radius, row in counted.items())
    passing = max(row["tunneling systems"] for row in counted.values())
    verdict = (f"At most {passing} of {counted[max(counted)]['minima']} minima hold valleys with the levels of a "
               f"tunneling system; {len(result.gaps)} two-level systems were found between minima of these glasses.")
    return (Heading("Valleys inside one basin"), Text(verdict),
            Table(("radius [σ]", *names), rows, "Local minima on spheres around the minima visited most; levels on the "
                  "plane of the two lowest valleys that quench back (energies across it not relaxed)."))  # fmt: skip


def _pictures(result, scale):
    from glasstunnel.plots import catalogue_figure, distribution_figure, graph_figure, saturation_figure

    yield from _views(result, scale)
    rows = [row for row in result.edges if row.get("tunnel_splitting") is not None]
    columns = {f"{name} [K]": [abs(row[name]) * scale.energy for row in rows]
               for name in ("barrier", "asymmetry", "tunnel_splitting")}  # fmt: skip
    yield Picture(distribution_figure(result.edges, scale.energy), f"Barriers and asymmetries of all edges, splittings "
                  f"(method level {result.method}) of those solved.", "landscape-edges", columns, wide=True)
    quenches, known = result.saturation
    systems = result.system_curve if len(result.system_curve) == len(known) else None
    yield Picture(saturation_figure(quenches, known, result.estimate / result.glasses, systems), "Minima and two-level "
                  "systems known per glass; while the curves rise, every density is a lower bound.",
                  "landscape-saturation", {"quenches": quenches, "minima": known}
                  | ({} if systems is None else {"two-level systems": systems}))  # fmt: skip
    yield Picture(graph_figure(result.edges), "Minima (points) and proven saddles (lines) of all glasses.",
                  "landscape-graph", {"barrier [eps]": [row["barrier"] for row in result.edges]})
    if len(result.gaps):
        figure, numbers = catalogue_figure(result.catalogue(), np.geomspace(0.02, 20.0, 60))
        yield Picture(figure, "Heat capacity of the systems found by exact level sums, and the law that ensembles "
                      "assume, with the same number of systems in the same range.", "landscape-heat-capacity", numbers)


def _views(result, scale):
    """One double well, and where atoms move in the first glass."""
    from glasstunnel.plots import double_well_figure, propensity_figure

    if result.example is not None:
        well, row = result.example, result.example.row
        path = {"arc [sigma sqrt(m)]": well.path.arc - well.path.arc[0],
                "energy [K]": (well.path.energies - well.path.energies.min()) * scale.energy}  # fmt: skip
        what = "two-level system" if row.get("kind") == TWO_LEVEL else "double well"
        text = (f"The {what} with the lowest barrier, {row['barrier'] * scale.energy:.3g} K: the atoms that "
                "move, and the energy along its path.")  # fmt: skip
        figure = double_well_figure(well.positions, well.displacement, well.box, well.path)
        yield Picture(figure, text, "landscape-double-well", path, wide=True)
    if len(result.propensity) and len(result.atoms) == len(result.propensity):
        yield Picture(propensity_figure(result.atoms, result.propensity, result.box), "Where the atoms of the first "
                      "glass move: root mean squared displacement over the replicas (002 Fig. 1).",
                      "landscape-mobility", {"mean squared displacement [sigma^2]": result.propensity})  # fmt: skip


def settings_section(text):
    """The run file of a campaign as it stands."""
    return Section("Run file", (Code(text),))
