"""The kinds of experiments that `glasstunnel init` knows: steps, a glass to start from, and priors of each."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np

from glasstunnel import data as corrections
from glasstunnel.conversions.moments import effective_moment
from glasstunnel.data import Dataset
from glasstunnel.errors import ParameterError
from glasstunnel.observables.table import OBSERVABLES
from glasstunnel.records import brief
from glasstunnel.runfile.bridges import bridge_glass, bridge_steps
from glasstunnel.runfile.proposals import (
    FILL_IN,
    Prior,
    condition_step,
    offsets,
    prior_lines,
    reference_temperature,
    vary_table,
)

_WARM, _HIGHEST = 30.0, 20.0  # K: a heat capacity beyond the first is cut at the second
_PLATEAU = 5.0  # K: above it soft modes relax over barriers, and a conductivity levels off


@dataclass(frozen=True)
class Rival:
    """The second model of a kind of experiment: names of both, what it adds to the glass, what of it varies, its ties.

    contribution : (name, keys of its table). in_fields : what of it varies too where the data are taken at several
    fields. starts : of every fit; more than one where the model has local minima.
    """

    names: tuple[str, str]
    contribution: tuple[str, tuple[str, ...]]
    vary: dict[str, Prior]
    ties: tuple[str, ...] = ()
    in_fields: dict[str, Prior] = field(default_factory=dict)
    starts: int = 1

    __repr__ = brief

    def models(self, lines: Sequence[str], datasets: Sequence[Dataset]) -> Iterator[str]:
        """The two models of a comparison, from the lines [glass] and [vary] of the first."""
        vary = self.vary | self.in_fields if _at_several_fields(datasets) else self.vary
        for number, name in enumerate(self.names):
            for line in lines:
                yield line.replace("[", f"[models.{name}.", 1) if line.startswith(("[glass", "[vary")) else line
            if number == 1:
                yield from prior_lines(vary)
                key, entries = self.contribution
                yield from ("", f"[models.{name}.glass.contributions.{key}]", *entries)
                if self.ties:
                    yield from ("", f"[models.{name}.ties]", *self.ties)
            yield ""
        if self.starts > 1:
            yield "[options]"
            yield f"starts = {self.starts}   # starting points of every fit: one alone may end in a local minimum"


def _at_several_fields(datasets):
    return len({float(B) for data in datasets if "field" in data for B in np.abs(data["field"].to("T"))}) > 1


@dataclass(frozen=True)
class Experiment:
    """A kind of experiment: which quantities belong to it, and what its run file says of steps, glass and priors.

    steps : (dataset) to TOML tables and what they assume. glass : (datasets ready to fit) to lines. rival : a second
    model to compare with it.
    """

    quantities: tuple[str, ...]
    title: str
    steps: Callable[[Dataset], Iterator[str]]
    glass: Callable[[Sequence[Dataset]], Iterator[str]]
    rival: Rival | None = None

    __repr__ = brief


# --- steps of each kind -----------------------------------------------------------------------------------------------


def _no_steps(data):
    return iter(())


def _magnetic_steps(data):
    yield from condition_step(data, "temperature", "4.2 K", "temperature of the sample")
    if "sample_mass" in data.metadata and data.quantity == "moment" and _usable_mass(data):
        yield '{do = "per_mass"},'
    yield from condition_step(data, "field", "0.1 T", "the file has no field")


def _usable_mass(data):
    try:
        corrections.per_mass(data)
    except ParameterError:
        return False
    return True


def _caloric_steps(data):
    if data.measured.unit.endswith("J/K") and _usable_mass(data):
        yield '{do = "per_mass"},'
    if np.max(data["temperature"].to("K")) > _WARM:
        yield (f'{{do = "keep_range", column = "temperature", high = {_HIGHEST:g}, unit = "K"}},'
               "   # what tunneling systems and soft modes decide")  # fmt: skip


def _resonator_steps(data):
    if data.quantity == "internal_quality_factor":
        yield '{do = "quality_factor_to_loss"},'
    if data.quantity in ("frequency", "frequency_shift"):
        yield (f'{{do = "relative_to", temperature = {reference_temperature(data):.6g}}},'
               "   # where the shift counts as zero")  # fmt: skip
    yield from condition_step(data, "frequency", "5 GHz", "frequency of the resonator")
    if data.quantity != "frequency_shift":
        yield from condition_step(data, "power", "-100 dBm", "power at the input")


def _echo_steps(data):
    yield from condition_step(data, "temperature", "12 mK", "temperature of the sample")
    yield from condition_step(data, "field", "0 T", "flux density")
    yield from condition_step(data, "frequency", "1 GHz", "frequency of the pulses")
    yield from condition_step(data, "waiting_time", "2 us", "end of pulse 1 to start of pulse 2")
    yield from condition_step(data, "first_duration", "100 ns", "length of pulse 1")
    yield from condition_step(data, "second_duration", "200 ns", "length of pulse 2")
    yield from condition_step(data, "field_amplitude", "1000 V/m", "electric field of the pulses in the sample")


def _oscillator_steps(data):
    if data.quantity == "quality_factor":
        yield '{do = "derive", observable = "internal_friction"},   # losses add, quality factors do not'
    if data.quantity in ("frequency", "sound_velocity_shift"):
        yield (f'{{do = "relative_to", temperature = {reference_temperature(data):.6g}, to = "sound_velocity_shift"}},'
               "   # df/f of an oscillator made of the glass is dv/v")  # fmt: skip
    yield from condition_step(data, "frequency", "1 kHz", "frequency of the oscillator")
    if "mode" not in data:
        yield (f'{{do = "with_condition", mode = "torsion"}},   {FILL_IN}: "torsion", "young" (reeds, bars), '
               '"transverse" or "longitudinal"')  # fmt: skip


def _noise_steps(data):
    yield from condition_step(data, "temperature", "4.2 K", "temperature of the sample")
    if data.quantity == "voltage_noise":
        yield from condition_step(data, "capacitance", "1e-12 F", "capacitance that the glass fills")
    if data.quantity == "displacement_noise":
        yield from condition_step(data, "stiffness", "1e6 N/m", "stiffness of the body that the glass makes lossy")
    if data.quantity == "frequency_noise":
        yield from condition_step(data, "frequency", "5 GHz", "frequency of the resonator")


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
    yield from vary_table({
        "larmor.susceptibility": ("uniform", 0, 0.05, "the whole range of diamagnets"),
        "ions.concentration": ("log-uniform", number / 1e3, number * 1e3, "1/kg, about chi T of the coldest rows"),
    })  # fmt: skip


def _derived(data, observable):
    if data.quantity in OBSERVABLES and "field" in data and np.all(data["field"].values != 0.0):
        return corrections.derive(data, observable)
    return data


def _caloric_glass(datasets):
    over_T, over_T3, least, hottest, points = [], [], [], 0.0, 0
    for data in datasets:
        data = corrections.derive(data, "heat_capacity")
        T = data["temperature"].to("K")
        hottest = max(hottest, T.max())
        points += int(np.sum(T <= _HIGHEST)) if T.max() > _WARM else len(T)
        cold = np.argsort(T)[: max(3, len(T) // 5)]
        ratios = data.measured.to("J/(K kg)") / T**3
        least.append(float(np.min(ratios[ratios > 0.0], initial=np.inf)))
        C = data.measured.to("J/(K kg)")[cold]
        over_T.append(float(np.median(C / T[cold])))
        over_T3.append(float(np.median(C / T[cold] ** 3)))
    density = max(over_T) * 6.0 / (np.pi**2 * 1.380649e-23)
    cubic = max(over_T3)
    least_cubic = min(cubic, *least)  # what two-level systems add to the coldest C/T^3 is no phonon's
    yield "[glass]"
    yield (f'contributions.phonons = {{type = "DebyePhonons", cubic_coefficient = {0.7 * cubic:.3g}}}'
           "   # C = cubic_coefficient T^3")  # fmt: skip
    yield (f'contributions.tls = {{type = "TwoLevelSystems", density = {0.1 * density:.3g}}}'
           "   # C = (pi^2/6) k_B density T")  # fmt: skip
    vary = {
        "phonons.cubic_coefficient": ("log-uniform", 1e-3 * least_cubic, 10 * cubic,
                                       "J/(K^4 kg), from below the least C/T^3 to above the coldest"),
        "tls.density": ("log-uniform", 1e-5 * density, 2 * density, "1/(K kg), at most what C/T allows"),
    }  # fmt: skip
    if hottest > 3.0:
        yield "# Soft modes make the excess over T^3 and the maximum of C/T^3 (boson peak) at about crossover/4."
        yield 'contributions.soft = {type = "SoftModes", density = 1e20, energy = 4, crossover = 40}'
        vary["soft.density"] = ("log-uniform", 1e17, 1e24, "1/kg, for the energy W = 4 K above")
        vary["soft.crossover"] = ("log-uniform", 5, 400, "K")
    yield from vary_table(vary, points)


def _resonator_glass(datasets):
    losses = any(data.quantity in ("internal_quality_factor", "internal_loss") for data in datasets)
    warm = max(float(np.max(data["temperature"].to("K"))) for data in datasets) > 0.8
    yield "[glass]"
    yield "# Only filling factor times dielectric strength is seen: F delta_0 = F pi/3 1e-3."
    yield 'contributions.oxide = {type = "TwoLevelSystems", density = 0, dielectric_strength = 1e-3}'
    yield "[glass.contributions.resonator]"
    yield 'type = "Resonator"'
    yield "filling_factor = 1e-3"
    vary: dict[str, Prior] = {"resonator.filling_factor": ("log-uniform", 1e-7, 1, "share F of the electric energy")}
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
    yield from vary_table(vary | offsets(datasets, ("frequency", "frequency_shift"), 1e-4))


def _echo_glass(datasets):
    in_field = any("field" in data and np.ptp(data["field"].values) > 0.0 for data in datasets)
    scales = {f"data.{data.name}.scale": ("log-uniform", 1e-5, 1e60, "from C m/kg to the unit of the file")
              for data in datasets if data.measured.unit != "C m/kg"}  # fmt: skip
    yield "[glass]"
    vary: dict[str, Prior]
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
    yield from vary_table(vary | scales)


_STRENGTHS = "transverse_strength = 3e-4, longitudinal_strength = 3e-4"
_EQUAL = ("", "[ties]", "# C_l = C_t: one mode cannot tell them apart",
          'tls.longitudinal_strength = {to = "tls.transverse_strength", factor = 1}')  # fmt: skip


def _oscillator_glass(datasets):
    yield "[glass]"
    yield "# Only the tunneling strength C is seen; the density of states (needed for a heat capacity) is not."
    yield f'contributions.tls = {{type = "TwoLevelSystems", density = 0, {_STRENGTHS}, elastic_constant = 2e-8}}'
    yield from vary_table({
        "tls.transverse_strength": ("log-uniform", 1e-7, 1e-1, "C = Pbar g^2/(rho v^2), 1e-4 to 1e-3 in glasses"),
        "tls.elastic_constant": ("log-uniform", 1e-12, 1e-3, "s K^3: where the plateau begins"),
    } | offsets(datasets, ("sound_velocity_shift",), 1e-2))  # fmt: skip
    yield from _EQUAL


def _conductivity_glass(datasets):
    hottest = max(float(np.max(data["temperature"].to("K"))) for data in datasets)
    yield "[glass]"
    yield "# Only C v is seen: the strengths are as uncertain as the speeds of sound."
    yield '# Where the surface counts, its mean free path goes into the steps: {do = "with_condition", size = "5 mm"}'
    yield "[glass.contributions.tls]"
    yield 'type = "TwoLevelSystems"'
    yield from ("density = 0", *_STRENGTHS.split(", "))
    yield (f"material = {{density = 2200, longitudinal_speed = 5800, transverse_speed = 3800}}   {FILL_IN}: kg/m3, m/s "
           "(here vitreous silica)")  # fmt: skip
    yield "[glass.contributions.soft]"
    yield from ('type = "SoftModes"', "density = 0", "energy = 4")
    if hottest > _PLATEAU:
        yield "attempt_time = 1e-13   # s, of the relaxation over barriers, without which there is no plateau"
    yield from vary_table({
        "tls.transverse_strength": ("log-uniform", 1e-7, 1e-1, "C = Pbar g^2/(rho v^2), 1e-4 to 1e-3 in glasses"),
        "soft.energy": ("log-uniform", 0.1, 100, "K, W: where kappa leaves T^2 for its plateau"),
    })  # fmt: skip
    yield from _EQUAL


def _noise_glass(datasets):
    vary: dict[str, Prior] = {}
    yield "[glass]"
    measured = {data.quantity for data in datasets}
    parts = []
    if "voltage_noise" in measured:
        parts.append("dielectric_strength = 1e-3")
        vary["tls.dielectric_strength"] = ("log-uniform", 1e-8, 1e-1, "A = Pbar p0^2/(eps0 eps_r)")
    if "displacement_noise" in measured:
        parts.append(_STRENGTHS)
        vary["tls.transverse_strength"] = ("log-uniform", 1e-8, 1e-1, "C = Pbar g^2/(rho v^2)")
    if parts:
        yield "# Fluctuation and dissipation: the noise says what the loss says."
        yield (f'contributions.tls = {{type = "TwoLevelSystems", density = 0, {", ".join(parts)}, '
               "elastic_constant = 2e-8}")  # fmt: skip
    if "frequency_noise" in measured:
        yield "# A law with fitted numbers: noise of the frequency comes from interacting systems, and is not derived."
        yield 'contributions.flicker = {type = "FlickerNoise", level = 1e-16, exponent = 1}'
        vary["flicker.level"] = ("log-uniform", 1e-25, 1e-8, "f S_y at 1 K")
        temperatures = {float(T) for data in datasets if "temperature" in data for T in data["temperature"].to("K")}
        if len(temperatures) > 1:
            vary["flicker.exponent"] = ("uniform", -3, 5, "of the growth on cooling")
    yield from vary_table(vary)
    if "displacement_noise" in measured:
        yield from _EQUAL


_ANOMALOUS = Rival(
    ("ions", "ions_and_tunneling"),
    ("ats", ('type = "AnomalousTunnelingSystems"', 'theory = "effective"   # "exact" needs flux_field too',
             "density = 1e19", "asymmetry_min = 0.05", "asymmetry_max = inf", "amplitude_area_min = 1e5",
             "amplitude_area_max = 2e5", "activation_energy = 0.2")),
    {"ats.density": ("log-uniform", 1e16, 1e21, "1/kg"),
     "ats.asymmetry_min": ("log-uniform", 1e-3, 1, "K"),
     "ats.amplitude_area_min": ("log-uniform", 1e4, 1e6, "K Angstrom^2"),
     "ats.activation_energy": ("uniform", 0, 1, "K")},
    ("# The data tell only a product of density and cutoffs; the ratio of the cutoffs is a choice.",
     'ats.amplitude_area_max = {to = "ats.amplitude_area_min", factor = 2}'),
)  # fmt: skip

_ANOMALOUS_HEAT = Rival(
    ("two_level", "two_level_and_anomalous"),
    ("ats", ('type = "AnomalousTunnelingSystems"', 'theory = "effective"   # "exact" needs flux_field too',
             "density = 1e18", "asymmetry_min = 0.1", "asymmetry_max = inf",
             "amplitude_area_min = 1e4   # the areas act in a field alone, and vary where C was measured in several",
             "amplitude_area_max = 2e4")),
    {"ats.density": ("log-uniform", 1e14, 1e22, "1/kg, P* times the number of systems"),
     "ats.asymmetry_min": ("log-uniform", 1e-3, 10, "K: below it the anomalous systems freeze out")},
    in_fields={"ats.amplitude_area_min": ("log-uniform", 1e3, 1e6, "K Angstrom^2"),
               "ats.amplitude_area_max": ("log-uniform", 1e3, 1e6, "K Angstrom^2, above the lower one")},
    starts=8,
)  # fmt: skip

_MAGNETIC = ("magnetization", "moment", "static_susceptibility", "susceptibility", "susceptibility_times_temperature",
             "inverse_susceptibility")  # fmt: skip
_NOISE = ("voltage_noise", "displacement_noise", "frequency_noise")
_CALORIC = ("heat_capacity", "heat_capacity_over_temperature", "heat_capacity_over_cubed_temperature")

#: The kinds of experiments that `init` knows.
KINDS = {
    "magnetization": Experiment(_MAGNETIC, "Magnetization of a glass", _magnetic_steps, _magnetic_glass, _ANOMALOUS),
    "heat_capacity": Experiment(_CALORIC, "Heat capacity of a glass", _caloric_steps, _caloric_glass,
                                _ANOMALOUS_HEAT),
    "bridge": Experiment(("capacitance", "dielectric_shift", "loss_tangent"), "Capacitance bridge",
                         bridge_steps, bridge_glass),
    "resonator": Experiment(("internal_quality_factor", "internal_loss", "frequency_shift"),
                            "Superconducting resonator", _resonator_steps, _resonator_glass),
    "oscillator": Experiment(("quality_factor", "internal_friction", "sound_velocity_shift", "frequency"),
                             "Torsional oscillator, reed or ultrasound", _oscillator_steps, _oscillator_glass),
    "conductivity": Experiment(("thermal_conductivity",), "Thermal conductivity of a glass", _no_steps,
                               _conductivity_glass),
    "noise": Experiment(_NOISE, "Noise spectra", _noise_steps, _noise_glass),
    "echo": Experiment(("echo",), "Dipole echoes", _echo_steps, _echo_glass),
}  # fmt: skip
