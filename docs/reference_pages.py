"""The reference pages, written at each build from the registries: run files, contributions, observables.

One page for the run file, one per contribution (validity, parameters, figure, printed values), one per observable.
"""

import inspect
from pathlib import Path

import numpy as np

import glasstunnel as gt
from glasstunnel.observables.evaluation import evaluate
from glasstunnel.observables.table import CONDITIONS, OBSERVABLES
from glasstunnel.plots import panel, plot_curves, save_figure
from glasstunnel.runfile.reference import sections
from glasstunnel.systems.parameters import parameter_table
from glasstunnel.systems.registry import CONTRIBUTIONS, contribution_class
from glasstunnel.units import unit_names

DOCS = Path(__file__).parent
OUTPUT = DOCS / "reference"

_SILICA = gt.Material(2200.0, 5800.0, 3800.0, 1.04, 0.65)
#: kind -> (a typical one, an observable that it gives, the temperatures or energies at which it is drawn).
EXAMPLES = {
    "AnomalousTunnelingSystems": (gt.AnomalousTunnelingSystems(1.4e19, 0.06, None, 8.9e4, 1.2e5, flux_field=1.3),
                                  "magnetization", (0.5, 100.0)),
    "ActivatedRelaxation": (gt.ActivatedRelaxation(3e-4, 3e-4, energy_scale=13.0, barrier_scale=445.0),
                            "internal_friction", (3.0, 100.0)),
    "CurieWeissLaw": (gt.CurieWeissLaw(2e-3, -10.0), "inverse_susceptibility", (5.0, 100.0)),
    "DebyePhonons": (gt.DebyePhonons(8e-4, 495.0), "heat_capacity", (1.0, 300.0)),
    "EinsteinModes": (gt.EinsteinModes(1e24, 50.0), "heat_capacity_over_cubed_temperature", (2.0, 100.0)),
    "FeO4Centers": (gt.FeO4Centers(concentration=1e20, scale=0.3), "heat_capacity", (0.02, 5.0)),
    "FlickerNoise": None,
    "LarmorDiamagnetism": (gt.LarmorDiamagnetism(4e-3), "magnetization", (1.0, 100.0)),
    "MagneticIons": (gt.MagneticIons("Fe3+", 1e20), "magnetization", (0.5, 100.0)),
    "NuclearQuadrupoles": None,
    "Resonator": None,
    "SchottkyLevels": (gt.SchottkyLevels(1e20, (0.0, 1.5, 4.0)), "heat_capacity", (0.1, 30.0)),
    "SoftModes": (gt.SoftModes(1e20, 4.0, 40.0), "heat_capacity_over_cubed_temperature", (1.0, 100.0)),
    "TunnelingCatalogue": (gt.TunnelingCatalogue(1e20, asymmetries=(0.3, -2.0, 0.01), splittings=(0.2, 0.001, 5.0),
                                                 weights=(1.0, 2.0, 1.0)), "heat_capacity", (0.02, 10.0)),
    "TwoLevelSystems": (gt.TwoLevelSystems(1e20, dielectric_strength=5e-4, elastic_constant=5e-8, material=_SILICA),
                        "loss_tangent", (0.01, 1.0)),
    "VanVleckParamagnetism": (gt.VanVleckParamagnetism(2e-3), "magnetization", (1.0, 100.0)),
}  # fmt: skip
#: Where a contribution says nothing alone, the glass in which it does.
WHOLE = {
    "FlickerNoise": (gt.Glass({"noise": gt.FlickerNoise(1e-18, 0.1)}), "frequency_noise", (0.02, 1.0)),
    "NuclearQuadrupoles": (gt.Glass({
        "tls": gt.TwoLevelSystems(1e20, dipole_moment=2e-30, spectral_diffusion=1e6),
        "nuclei": gt.NuclearQuadrupoles("B-11", 8e5, 0.5, quadrupole_spread=0.3, fraction=0.7)}),
        "echo", (0.012, 0.05)),
    "Resonator": (gt.Glass({
        "tls": gt.TwoLevelSystems(0.0, dielectric_strength=1e-3),
        "resonator": gt.Resonator(0.01, gap=14.0, kinetic_inductance_fraction=0.02)}), "internal_loss", (0.05, 2.0)),
}  # fmt: skip
_POINTS = 120
_FIELD = 1.0


def run_file_page() -> str:
    """Every table and key of a run file."""
    lines = ["# Run files: every key", "", "A run file says what `fit` says: the glass, the datasets with their "
             "corrections and noise model, what varies between which bounds. `glasstunnel init FILE` writes one "
             "to start from. A key that is not listed here is refused, with the nearest one that is.", ""]  # fmt: skip
    for section in sections():
        lines += [f"## {_code(section.name)}", "", section.meaning, ""]
        if section.keys:
            lines += ["| key | type | unit | default | meaning | example |", "|---|---|---|---|---|---|"]
            lines += [
                "| " + " | ".join(map(_cell, (f"`{key.name}`", key.kind, key.unit, key.default or "*must be given*",
                                              key.meaning, f"`{key.example}`" if key.example else ""))) + " |"
                for key in section.keys
            ]  # fmt: skip
            lines.append("")
        if section.example:
            lines += ["```toml", section.example, "```", ""]
    return "\n".join(lines)


def units_page() -> str:
    """Every unit name, and the ways that need more than units."""
    lines = ["# Units", "", "Unit texts are products, quotients and powers of these names: `emu/(g Oe)`, `mJ/(mol K)`, "
             "`mu_B/f.u.`, `J/(g-atom K)`. What needs a constant of nature (K to meV: $k_B$, $h$, $c$, $N_A$) or "
             "something about the sample (mol to g) is converted too, and what was used is said:", "",
             "```", 'glasstunnel convert 44.5 "J/(mol K)" "J/(kg K)" --composition SiO2', "glasstunnel convert 1 meV K",
             "```", "", "| name | what one of it is in SI |", "|---|---|"]  # fmt: skip
    return "\n".join([*lines, *(f"| `{name}` | {text} |" for name, text in unit_names().items()), ""])


def _code(name):
    return name if name == "the file" else f"`{name}`"


def _cell(text):
    return str(text).replace("|", "\\|")


def contribution_page(kind: str, figure: str) -> str:
    """Summary, docstring with validity, parameters, a figure and the printed values."""
    cls = contribution_class(kind)
    lines = [f"# {kind}", "", f"{cls.summary}.", "", f"Equations: {cls.equations}.", "",
             f"Validity: {cls.validity}.", "", f"![{kind}]({figure})", "", f"{_figure_words(kind)}", "",
             "## Parameters", "",
             "| parameter | unit | allowed | slider | meaning |", "|---|---|---|---|---|"]  # fmt: skip
    for row in parameter_table(cls):
        lines.append(f"| `{row.name}` | {row.unit} | {_cell(row.describe_limits())} | "
                     f"{row.describe_reach()} | {_cell(row.meaning)} |")
    given = [row.name for row in OBSERVABLES.values() if row.method and hasattr(cls, row.method)]
    lines += ["", "## Formula and validity", "", "```text", inspect.getdoc(cls) or "", "```", "", "## Observables", "",
              ", ".join(f"[{name}](../observables/{name}.md)" for name in given) + ".", "",
              "## Printed values", ""]  # fmt: skip
    printed = list(_printed(kind))
    if not printed:
        return "\n".join([*lines, "No printed parameter set of the five papers contains it.", ""])
    names = [row.name for row in parameter_table(cls) if any(values.get(row.name) is not None for _, values in printed)]
    lines += ["| set | " + " | ".join(f"`{name}`" for name in names) + " |", "|---" * (len(names) + 1) + "|"]
    for id, values in printed:
        cells = ("" if values[name] is None else f"{values[name]:.4g}" for name in names)
        lines.append(f"| {id} | " + " | ".join(cells) + " |")
    return "\n".join([*lines, ""])


def _printed(kind):
    """(id, {parameter: number}) of every printed set that is a glass with this contribution."""
    cls = contribution_class(kind)
    for id in gt.published_ids():
        try:
            glass = gt.published(id)
        except gt.GlassTunnelError:
            continue
        for part in glass.contributions.values():
            if type(part) is cls:
                yield id, {row.name: getattr(part, row.name) for row in parameter_table(cls)}


def _example(kind):
    """(glass, observable, (first, last))."""
    return EXAMPLES.get(kind) or WHOLE[kind]


def _figure_words(kind):
    glass, name, _ = _example(kind)
    row = OBSERVABLES[name]
    held = ", ".join(
        f"{key.replace('_', ' ')} {CONDITIONS[key].typical:g} {CONDITIONS[key].unit}" for key in row.conditions
    )
    at = f"at {_field(name):g} T" + (f", {held}" if held else "")
    return f"The {row.label} {at}, of a typical one."


def _field(name):
    return 0.0 if OBSERVABLES[name].zero_field else _FIELD


def contribution_figure(kind: str):
    """The example of a contribution, drawn."""
    glass, name, (first, last) = _example(kind)
    conditions = {key: CONDITIONS[key].typical for key in OBSERVABLES[name].conditions}
    points = 12 if name == "echo" else _POINTS
    grid = np.geomspace(first, last, points)
    return plot_curves(glass, name, grid, [_field(name)], panel(), conditions=conditions).figure


def observable_page(name: str) -> str:
    """Unit, conditions, headings, who gives it, and how it is asked for."""
    row = OBSERVABLES[name]
    function = getattr(gt, name, None)
    lines = [f"# {name}", "", f"The {row.label}, ${row.symbol}$, in {row.unit}; in CGS {row.cgs_unit}.", ""]
    for title, keys in (("Needs", row.conditions), ("Takes", row.optional)):
        if keys:
            lines += [f"{title}:", ""]
            lines += [f"* `{key}` [{CONDITIONS[key].unit}]: {CONDITIONS[key].meaning}" for key in keys] + [""]
    for key, allowed in row.choices.items():
        lines += [f"Option `{key}`: {', '.join(f'`{text}`' for text in allowed)}.", ""]
    if row.base:
        lines += [f"Derived from [{row.base}]({row.base}.md): it is fitted and drawn like every observable.", ""]
    if row.fit_instead:
        lines += [f"In a fit: {row.fit_instead}.", ""]
    if row.headings and row.units:
        lines += [f"Files name it under headings that match `{_cell(row.headings)}`, in {', '.join(row.units)} or "
                  "another unit of the same kind.", ""]  # fmt: skip
    kinds = [kind for kind in CONTRIBUTIONS if row.method and hasattr(contribution_class(kind), row.method)]
    if kinds:
        lines += ["Contributions that give it: "
                  + ", ".join(f"[{kind}](../contributions/{kind}.md)" for kind in kinds) + ".", ""]  # fmt: skip
    options = "".join(f" --{key.replace('_', '-')} \"{CONDITIONS[key].typical:g} {CONDITIONS[key].unit}\""
                      for key in row.conditions)  # fmt: skip
    along = "--energy" if row.argument == "energy" else "--temperature"
    lines += ["```", f"glasstunnel curve {name} --glass GLASS {along} 0.05:2:80:log{options}", "```", ""]
    if function is not None:
        lines += [f"In Python `glasstunnel.{name}`:", "", "```text", inspect.getdoc(function) or "", "```", ""]
    return "\n".join(lines)


def write_pages(output: Path = OUTPUT) -> list[Path]:
    """Write all pages below `output`; returns them."""
    pages = {"run_file.md": run_file_page(), "units.md": units_page()}
    for kind in CONTRIBUTIONS:
        pages[f"contributions/{kind}.md"] = contribution_page(kind, f"{kind}.svg")
    for name in OBSERVABLES:
        pages[f"observables/{name}.md"] = observable_page(name)
    for room in ("contributions", "observables"):
        pages[f"{room}/index.md"] = f"# {room.capitalize()}\n\n```{{toctree}}\n:maxdepth: 1\n:glob:\n\n*\n```\n"
    pages["index.md"] = ("# Reference\n\nWritten from the code at each build.\n\n```{toctree}\n:maxdepth: 1\n\n"
                         "run_file\nunits\ncontributions/index\nobservables/index\n```\n")  # fmt: skip
    for name, text in pages.items():
        path = output / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    for kind in CONTRIBUTIONS:
        save_figure(contribution_figure(kind), output / "contributions" / f"{kind}.svg")
    return [output / name for name in pages]


def has_something_to_show(kind: str) -> bool:
    """Whether the example of a contribution differs from zero where it is drawn."""
    glass, name, (first, last) = _example(kind)
    conditions = {key: CONDITIONS[key].typical for key in OBSERVABLES[name].conditions}
    values = np.asarray(evaluate(name, glass, np.geomspace(first, last, 4), _field(name), **conditions))
    return bool(np.any(values != 0.0))
