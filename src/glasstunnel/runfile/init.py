"""From measured files to a commented run file that runs as it is: what `glasstunnel init` writes.

What the files do not say is assumed, with the words FILL IN beside it.
"""

import json
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from glasstunnel import data as corrections
from glasstunnel.conversions.moments import effective_moment
from glasstunnel.conversions.routes import Sample
from glasstunnel.data import Dataset, check_error_column, read
from glasstunnel.data.amounts import observable_of
from glasstunnel.data.dataset import dataset_name
from glasstunnel.data.grouping import count_repeat_groups, set_points
from glasstunnel.data.readers.delimited import known_headings
from glasstunnel.data.readers.preview import preview
from glasstunnel.errors import ParameterError, UnrecognizedError
from glasstunnel.observables.table import CONDITIONS, OBSERVABLES

FILL_IN = "# FILL IN"
_MASS_MG, _MOLAR_MASS, _DENSITY = 10.0, 60.0, 2.2  # assumed where no file tells them
_MOST_NOTES = 6

#: (prior, lower, upper, what is said of it)
_Prior = tuple[str, float, float, str]


@dataclass(frozen=True)
class Kind:
    """A kind of experiment: which quantities belong to it, and what its run file says of steps, glass and priors.

    steps : (dataset) to TOML tables and what they assume. glass : (datasets ready to fit) to lines.
    """

    quantities: tuple[str, ...]
    title: str
    steps: Callable[[Dataset], Iterator[str]]
    glass: Callable[[Sequence[Dataset]], Iterator[str]]


@dataclass(frozen=True)
class _Source:
    """A file as it is read: its path, the mapping of its columns where that has to be said, and what came of it."""

    path: Path
    columns: Mapping[str, Any] | None
    quantity: str | None
    dataset: Dataset


def run_file_text(
    paths: Sequence[str | Path], kind: str | None = None, *, folder: str | Path = ".",
    columns: Mapping[str, Any] | None = None,
) -> str:
    """The text of a run file on some measured files.

    kind : one of `KINDS`; found from what the files measure when not given. folder : where the run file will stand;
    the files are named relative to it. columns : of tables that do not speak for themselves, as `read` takes them.
    `ReadError` for a file that cannot be read, `ParameterError` when the files do not belong to one kind.
    """
    sources = [source for path in paths for source in _sources(Path(path), columns)]
    kind = kind or _kind_of(sources)
    if kind not in KINDS:
        raise ParameterError(f"init: kind must be one of {', '.join(KINDS)}, got {kind!r}")
    row = KINDS[kind]
    for source in sources:
        if observable_of(source.dataset.quantity) not in row.quantities:
            raise ParameterError(
                f"{source.path}: measures {source.dataset.quantity}, which is no matter of {kind} "
                f"({', '.join(row.quantities)}); write another run file for it, or say --kind"
            )
    names, blocks, ready = _names(sources), [], []
    for source, name in zip(sources, names, strict=True):
        lines, finished = _data_block(source, name, row, Path(folder))
        blocks.append("\n".join(lines))
        ready.extend(finished)
    head = [
        f"# {row.title}. Written by 'glasstunnel init'; run it with: glasstunnel fit THIS_FILE -o out",
        f"# Lines with {FILL_IN.lstrip('# ')} hold assumptions: replace them by what you know.",
        f'title = "{row.title}: {_plain(", ".join(path.name for path in dict.fromkeys(s.path for s in sources)))}"',
    ]
    return "\n".join([*head, "", *blocks, *row.glass(ready)]) + "\n"


def _sources(path, columns):
    """What one file holds: one measured quantity, or several columns of the same table, each a dataset of its own."""
    if columns is not None:
        return [_Source(path, columns, None, read(path, columns=columns))]
    try:
        return [_Source(path, None, None, read(path))]
    except UnrecognizedError as error:
        found = known_headings(list(preview(path).headings))
        measured = [key for key in found if key not in ("temperature", "field", *CONDITIONS)]
        if not measured or not {"temperature", "field", "waiting_time"} & set(found):
            raise UnrecognizedError(f"{path}: the columns have to be named first: 'glasstunnel read {path} --preview' "
                                    "shows them, --columns names them here") from error  # fmt: skip
    held = {key: (index + 1, unit) for key, (index, unit, _) in found.items() if key not in measured}
    sources = []
    for key in measured:
        mapping = held | {key: (found[key][0] + 1, found[key][1])}
        sources.append(_Source(path, mapping, key, read(path, columns=mapping)))
    return sources


def _kind_of(sources):
    quantities = [observable_of(source.dataset.quantity) for source in sources]
    for name, row in KINDS.items():
        if all(quantity in row.quantities for quantity in quantities):
            return name
    raise ParameterError(
        f"the files measure {', '.join(dict.fromkeys(quantities))}, which is no one kind of experiment "
        f"({', '.join(KINDS)}); write a run file for each, or say --kind"
    )


def _names(sources):
    """A name for each dataset, usable in parameter paths and different from the others."""
    names = []
    for source in sources:
        name = dataset_name(source.path.name.split(".")[0])
        name = f"{name}_{source.quantity}" if source.quantity and len(sources) > 1 else name
        while name in names:
            name += "_2"
        names.append(name)
    return names


def _data_block(source, name, row, folder):
    """(lines of the [[data]] table, the datasets it makes)."""
    data = source.dataset
    lines = [f"# {_plain(source.path.name)}: {data.quantity}, {len(data)} points, read as {data.format}"]
    for key, column in data.columns.items():
        if key == data.quantity or key in ("temperature", "field", *CONDITIONS):
            low, high = (f"{value:.4g}" for value in (np.nanmin(column.values), np.nanmax(column.values)))
            lines.append(f"#   {key}: {low} to {high} {column.unit}".rstrip())
    lines += [f"#   note: {_plain(note)}" for note in data.notes[:_MOST_NOTES]]
    file = os.path.relpath(source.path.resolve(), folder.resolve())
    lines += ["[[data]]", f"file = {_text(file)}", f'name = "{name}"']
    if source.columns is not None:
        entries = ", ".join(f'{key} = [{_cell(place)}, "{unit}"]' for key, (place, unit) in _pairs(source.columns))
        lines.append(f"columns = {{{entries}}}")
    if source.quantity:
        lines.append(f'quantity = "{source.quantity}"')
    steps = list(row.steps(data))
    if steps:
        lines += ["steps = [", *(f"    {step}" for step in steps), "]"]
    amount, ready = _amount(data)
    noise, reason = _noise(data)
    lines += [*amount, f"noise = {noise}   # {reason}", ""]
    return lines, [_renamed(ready, name)]


def _renamed(data, name):
    return replace(data, name=name)


def _pairs(columns):
    for key, place in columns.items():
        yield key, place if isinstance(place, tuple) else (place, "")


def _cell(place):
    return place if isinstance(place, int) else _text(place)


def _amount(data):
    """(lines on mass, molar mass or density, the dataset per kilogram with what they say)."""
    if data.quantity == "moment" or (data.quantity == "heat_capacity" and data.measured.unit.endswith("J/K")):
        stated = "sample_mass" in data.metadata
        try:
            if stated:
                return ['# the sample mass is that of the file: mass_mg = ... replaces it'], corrections.per_mass(data)
        except ParameterError:
            pass
        line = f"mass_mg = {_MASS_MG:g}   {FILL_IN}: mass of the sample; the file does not tell it"
        return [line], corrections.per_mass(data, 1e-6 * _MASS_MG)
    if observable_of(data.quantity) == data.quantity:
        return [], data
    if data.quantity.startswith("volume_"):
        line = f"density_g_cm3 = {_DENSITY:g}   {FILL_IN}: mass density"
        return [line], corrections.per_kilogram(data, Sample(density=1e3 * _DENSITY))
    per_atom = "atom" in data.measured.unit
    if "molar_mass" in data.metadata and not per_atom:
        return [], corrections.per_kilogram(data, Sample())
    key, value = ("composition", '"SiO2"') if per_atom else ("molar_mass", f"{_MOLAR_MASS:g}")
    sample = Sample.of(composition="SiO2") if per_atom else Sample(molar_mass=1e-3 * _MOLAR_MASS)
    words = "what the glass is made of" if per_atom else "g/mol of the formula unit, or composition = \"...\""
    return [f"{key} = {value}   {FILL_IN}: {words}"], corrections.per_kilogram(data, sample)


def _noise(data):
    """(noise model, why it is proposed)."""
    report = check_error_column(data)
    if count_repeat_groups(data) < 0.7 * len(data):
        return "{repeats = true}", "the scatter of the repeated rows"
    if report.kind == "varies":
        return "{given = true}", f"{_plain(report.sentence)}: taken as a standard deviation"
    why = "no error column" if report.kind == "missing" else "the error column is no statistical one"
    values = np.abs(data.measured.values)
    if values.min() > 0.0 and values.max() > 10.0 * values.min():
        return '{residuals = "relative"}', f"{why}, values over decades: a common fraction, from the residuals"
    return "{residuals = true}", f"{why}: a common size, from the residuals"


# --- steps of each kind -----------------------------------------------------------------------------------------------


def _no_steps(data):
    return iter(())


def _magnetic_steps(data):
    yield from _condition_step(data, "temperature", "4.2 K", "temperature of the sample")
    if "sample_mass" in data.metadata and data.quantity == "moment" and _usable_mass(data):
        yield '{do = "per_mass"},'
    yield from _condition_step(data, "field", "0.1 T", "the file has no field")


def _usable_mass(data):
    try:
        corrections.per_mass(data)
    except ParameterError:
        return False
    return True


def _caloric_steps(data):
    if data.measured.unit.endswith("J/K") and _usable_mass(data):
        yield '{do = "per_mass"},'
    if np.max(data["temperature"].to("K")) > 30.0:
        yield ('{do = "keep_range", column = "temperature", high = 20, unit = "K"},'
               "   # what tunneling systems and soft modes decide")  # fmt: skip


def _condition_step(data, key, value, words):
    if key not in data:
        yield f'{{do = "with_condition", {key} = "{value}"}},   {FILL_IN}: {words}'


def _bridge_steps(data):
    if data.quantity in ("capacitance", "dielectric_shift"):
        yield (f'{{do = "relative_to", temperature = {_reference(data):.6g}}},'
               "   # where the change counts as zero; an offset takes what is left")  # fmt: skip
    yield from _condition_step(data, "frequency", "1 kHz", "frequency of the bridge")


def _reference(data):
    """A temperature [K] inside the sweep of every frequency."""
    T = data["temperature"].to("K")
    rows = [rows for _, rows in set_points(data, "frequency")] if "frequency" in data else [np.arange(len(data))]
    low, high = max(T[part].min() for part in rows), min(T[part].max() for part in rows)
    return max(low, min(high, float(f"{np.sqrt(low * high):.2g}")))


def _resonator_steps(data):
    if data.quantity == "internal_quality_factor":
        yield '{do = "quality_factor_to_loss"},'
    if data.quantity in ("frequency", "frequency_shift"):
        yield f'{{do = "relative_to", temperature = {_reference(data):.6g}}},   # where the shift counts as zero'
    yield from _condition_step(data, "frequency", "5 GHz", "frequency of the resonator")
    if data.quantity != "frequency_shift":
        yield from _condition_step(data, "power", "-100 dBm", "power at the input")


def _echo_steps(data):
    yield from _condition_step(data, "temperature", "12 mK", "temperature of the sample")
    yield from _condition_step(data, "field", "0 T", "flux density")
    yield from _condition_step(data, "frequency", "1 GHz", "frequency of the pulses")
    yield from _condition_step(data, "waiting_time", "2 us", "end of pulse 1 to start of pulse 2")
    yield from _condition_step(data, "first_duration", "100 ns", "length of pulse 1")
    yield from _condition_step(data, "second_duration", "200 ns", "length of pulse 2")
    yield from _condition_step(data, "field_amplitude", "1000 V/m", "electric field of the pulses in the sample")


# --- glasses of each kind ---------------------------------------------------------------------------------------------


def _magnetic_glass(datasets):
    sizes = []
    for data in datasets:
        if "temperature" not in data:
            data = corrections.with_condition(data, temperature="4.2 K")
        start = data if data.quantity == "static_susceptibility" else _derived(data, "susceptibility_times_temperature")
        sizes.append(float(np.median(np.abs(start.measured.values[np.argsort(start["temperature"].to("K"))][:20]))))
    moment = 5.916  # of Fe3+, Bohr magnetons
    number = max(sizes) / float(np.square(moment / effective_moment(1.0, 1.0)))
    number = max(number, 1e15)
    yield "[glass]"
    yield 'contributions.larmor = {type = "LarmorDiamagnetism", susceptibility = 4e-3}   # 4e-7 emu/(g Oe)'
    yield (f'contributions.ions = {{type = "MagneticIons", species = "Fe3+", concentration = {number:.2g}}}'
           f"   {FILL_IN}: the ion (Fe2+, Cr3+, Gd3+, ...)")  # fmt: skip
    yield "# Iron or tunneling systems? 'glasstunnel compare' fits both: see examples/simulated_bk7.toml."
    yield from _vary({
        "larmor.susceptibility": ("uniform", 0, 0.05, "the whole range of diamagnets"),
        "ions.concentration": ("log-uniform", number / 1e3, number * 1e3, "1/kg, about chi T of the coldest rows"),
    })  # fmt: skip


def _derived(data, observable):
    if data.quantity in OBSERVABLES and "field" in data and np.all(data["field"].values != 0.0):
        return corrections.derive(data, observable)
    return data


def _caloric_glass(datasets):
    over_T, over_T3, hottest = [], [], 0.0
    for data in datasets:
        data = corrections.derive(data, "heat_capacity")
        T = data["temperature"].to("K")
        hottest = max(hottest, T.max())
        cold = np.argsort(T)[: max(3, len(T) // 5)]
        C = data.measured.to("J/(K kg)")[cold]
        over_T.append(float(np.median(C / T[cold])))
        over_T3.append(float(np.median(C / T[cold] ** 3)))
    density = max(over_T) * 6.0 / (np.pi**2 * 1.380649e-23)
    cubic = max(over_T3)
    yield "[glass]"
    yield (f'contributions.phonons = {{type = "DebyePhonons", cubic_coefficient = {0.7 * cubic:.3g}}}'
           "   # C = cubic_coefficient T^3")  # fmt: skip
    yield (f'contributions.tls = {{type = "TwoLevelSystems", density = {0.1 * density:.3g}}}'
           "   # C = (pi^2/6) k_B density T")  # fmt: skip
    vary = {
        "phonons.cubic_coefficient": ("log-uniform", 1e-3 * cubic, 10 * cubic, "J/(K^4 kg), about the coldest C/T^3"),
        "tls.density": ("log-uniform", 1e-5 * density, 2 * density, "1/(K kg), at most what C/T allows"),
    }  # fmt: skip
    if hottest > 3.0:
        yield "# Soft modes make the excess over T^3 and the maximum of C/T^3 (boson peak) at about crossover/4."
        yield 'contributions.soft = {type = "SoftModes", density = 1e20, energy = 4, crossover = 40}'
        vary["soft.density"] = ("log-uniform", 1e17, 1e24, "1/kg, for the energy W = 4 K above")
        vary["soft.crossover"] = ("log-uniform", 5, 400, "K")
    yield from _vary(vary)


def _bridge_glass(datasets):
    yield "[glass]"
    yield "# Only the dielectric strength is seen; the density of states (needed for a heat capacity) is not."
    yield ('contributions.tls = {type = "TwoLevelSystems", density = 0, dielectric_strength = 1e-3, '
           "elastic_constant = 1e-7}")  # fmt: skip
    yield from _vary({
        "tls.dielectric_strength": ("log-uniform", 1e-7, 1e-1, "A = Pbar p0^2/(eps0 eps_r)"),
        "tls.elastic_constant": ("log-uniform", 1e-12, 1e-3, "s K^3: where the minimum of the shift lies"),
    } | _offsets(datasets, ("capacitance", "dielectric_shift"), 1e-2))  # fmt: skip


def _offsets(datasets, quantities, largest):
    """An offset for every run with a reference of its own."""
    return {
        f"data.{data.name}.offset": ("uniform", -largest, largest, "of the reference")
        for data in datasets if data.quantity in quantities
    }


def _resonator_glass(datasets):
    losses = any(data.quantity in ("internal_quality_factor", "internal_loss") for data in datasets)
    warm = max(float(np.max(data["temperature"].to("K"))) for data in datasets) > 0.8
    yield "[glass]"
    yield "# Only filling factor times dielectric strength is seen: F delta_0 = F pi/3 1e-3."
    yield 'contributions.oxide = {type = "TwoLevelSystems", density = 0, dielectric_strength = 1e-3}'
    yield "[glass.contributions.resonator]"
    yield 'type = "Resonator"'
    yield "filling_factor = 1e-3"
    vary: dict[str, _Prior] = {"resonator.filling_factor": ("log-uniform", 1e-7, 1, "share F of the electric energy")}
    if losses:
        yield "critical_power = 1e-15   # the drive is stated as a power, attenuation and coupling are not known"
        yield "residual_loss = 1e-7"
        vary["resonator.critical_power"] = ("log-uniform", 1e-26, 1e-3, "W, where saturation sets in")
        vary["resonator.residual_loss"] = ("log-uniform", 1e-10, 1e-4, "1/Q that depends on nothing")
    if warm:
        yield "gap = 14   # of the film [K]: 2 for Al, 14 for Nb"
        yield "kinetic_inductance_fraction = 0.01"
        vary["resonator.gap"] = ("uniform", 1, 40, "K")
        vary["resonator.kinetic_inductance_fraction"] = ("log-uniform", 1e-6, 1, "share of the magnetic energy")
    yield from _vary(vary | _offsets(datasets, ("frequency", "frequency_shift"), 1e-4))


def _echo_glass(datasets):
    in_field = any("field" in data and np.ptp(data["field"].values) > 0.0 for data in datasets)
    scales = {f"data.{data.name}.scale": ("log-uniform", 1e-5, 1e60, "from C m/kg to the unit of the file")
              for data in datasets if data.measured.unit != "C m/kg"}  # fmt: skip
    yield "[glass]"
    vary: dict[str, _Prior]
    if in_field:
        yield "# Anomalous systems in a flux; the other explanation are nuclear quadrupoles (NuclearQuadrupoles)."
        yield "[glass.contributions.ats]"
        yield 'type = "AnomalousTunnelingSystems"'
        yield 'theory = "effective"'
        yield from ("density = 1", "asymmetry_min = 0.03", "asymmetry_max = inf", "amplitude_area_min = 1e3",
                    "amplitude_area_max = 3e4", "dipole_moment = 1e-30", "spectral_diffusion = 1e6")  # fmt: skip
        vary = {"ats.amplitude_area_max": ("log-uniform", 1.1e3, 1e6, "K Angstrom^2: the period in the field"),
                "ats.dipole_moment": ("log-uniform", 1e-32, 1e-27, "C m")}  # fmt: skip
    else:
        yield ('contributions.tls = {type = "TwoLevelSystems", density = 1e20, dipole_moment = 2e-30, '
               "spectral_diffusion = 1e7}")  # fmt: skip
        vary = {"tls.spectral_diffusion": ("log-uniform", 1e4, 1e10, "1/(s K), the decay with the waiting time")}
    yield from _vary(vary | scales)


def _vary(priors):
    yield ""
    yield "[vary]"
    for path, (prior, lower, upper, words) in priors.items():
        yield f'{path} = {{prior = "{prior}", lower = {lower:.3g}, upper = {upper:.3g}}}   # {words}'


def _plain(text):
    """Text for a comment or a TOML text: one line, without control characters and quotes."""
    return "".join(mark if mark.isprintable() else " " for mark in text).replace('"', "'").replace("\\", "/")


def _text(text):
    """A TOML text."""
    return json.dumps(text, ensure_ascii=False)


_MAGNETIC = ("magnetization", "moment", "static_susceptibility", "susceptibility", "susceptibility_times_temperature",
             "inverse_susceptibility")  # fmt: skip
_CALORIC = ("heat_capacity", "heat_capacity_over_temperature", "heat_capacity_over_cubed_temperature")

#: The kinds of experiments that `init` knows.
KINDS = {
    "magnetization": Kind(_MAGNETIC, "Magnetization of a glass", _magnetic_steps, _magnetic_glass),
    "heat_capacity": Kind(_CALORIC, "Heat capacity of a glass", _caloric_steps, _caloric_glass),
    "bridge": Kind(("capacitance", "dielectric_shift", "loss_tangent"), "Capacitance bridge",
                   _bridge_steps, _bridge_glass),
    "resonator": Kind(("internal_quality_factor", "internal_loss", "frequency_shift"), "Superconducting resonator",
                      _resonator_steps, _resonator_glass),
    "echo": Kind(("echo",), "Dipole echoes", _echo_steps, _echo_glass),
}  # fmt: skip
