"""The one list of observables: what each is, what it depends on, how contributions combine, how it is named and drawn.

Public functions, fits, files, the command line, reports and plots read the rows of `OBSERVABLES`.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from glasstunnel.records import brief

#: How the contributions of a glass combine: modules with the functions `value`, `parts` and `derivatives`.
SUM = "glasstunnel.observables.sums"
WHOLE = "glasstunnel.observables.wholes"
DERIVED = "glasstunnel.observables.derived"
RESONATOR = "glasstunnel.systems.resonator.combination"


@dataclass(frozen=True)
class Condition:
    """What an observable depends on beside temperature (or energy) and field: a number in `unit`.

    lower : the smallest value; `open_lower` excludes it. advice : how a dataset is given the column, for messages.
    typical : a value to begin with where a person has given none yet, as in the explorer.
    """

    unit: str
    meaning: str
    lower: float = 0.0
    open_lower: bool = True
    advice: str = ""
    typical: float = 1.0

    __repr__ = brief

    def allows(self, values):
        """Elementwise whether values lie in the range."""
        return values > self.lower if self.open_lower else values >= self.lower

    def describe_range(self) -> str:
        """The range in words.

        >>> CONDITIONS["power"].describe_range()
        'must not be negative, NaN or infinite'
        """
        if math.isinf(self.lower):
            return "must be finite"
        return "must be positive and finite" if self.open_lower else "must not be negative, NaN or infinite"


#: Conditions beside temperature and field.
CONDITIONS: dict[str, Condition] = {
    "frequency": Condition("Hz", "frequency of the measuring field", typical=1e3),
    "reference_temperature": Condition(
        "K", "temperature at which a shift is zero",
        advice="relative_to(data, temperature) or with_condition(data, reference_temperature=...)", typical=0.1,
    ),
    "reference_field": Condition("T", "flux density at which a change is zero", -math.inf, typical=0.0),
    "intensity": Condition("W/m2", "intensity of the sound", open_lower=False, typical=0.0),
    "size": Condition("m", "mean free path of phonons at the boundary of the sample", typical=1e-3),
    "time": Condition("s", "time after a step of temperature", typical=1.0),
    "capacitance": Condition("F", "capacitance of the capacitor that the glass fills", typical=1e-11),
    "stiffness": Condition("N/m", "stiffness of the body that the glass makes lossy", typical=1.0),
    "noise_frequency": Condition("Hz", "frequency at which the noise is looked at", typical=1.0),
    "mass": Condition("kg", "mass of the glass in the field of the resonator", typical=1e-6),
    "coherence_time": Condition("s", "T2 of the tunneling systems, which gives their lines a width", typical=1e-6),
    "drive_amplitude": Condition("V/m", "amplitude of a strong measuring field inside the sample", open_lower=False,
                                 typical=0.0),
    "strain_amplitude": Condition("1", "amplitude of a strong strain", open_lower=False, typical=0.0),
    "start_temperature": Condition("K", "temperature from which the sample was cooled", typical=4.0),
    "photon_number": Condition("1", "mean number of photons in the resonator", open_lower=False, typical=1.0),
    "power": Condition("W", "power at the input of the resonator", open_lower=False, typical=1e-15),
    "waiting_time": Condition("s", "from the end of pulse 1 to the start of pulse 2", open_lower=False,
                              advice="with_pulses(data, Pulses(...))", typical=2e-6),
    "first_duration": Condition("s", "length of pulse 1", advice="with_pulses(data, Pulses(...))", typical=1e-7),
    "second_duration": Condition("s", "length of pulse 2", advice="with_pulses(data, Pulses(...))", typical=2e-7),
    "field_amplitude": Condition("V/m", "electric field of the pulses inside the sample",
                                 advice="with_pulses(data, Pulses(...))", typical=100.0),
    "third_duration": Condition("s", "length of pulse 3", typical=2e-7),
    "second_waiting_time": Condition("s", "from the end of pulse 2 to the start of pulse 3", open_lower=False,
                                     typical=1e-5),
    "gate": Condition("s", "half width of the gate about the echo that is integrated", typical=1e-7),
    "carrier_phase": Condition("rad", "phase of the carrier on which the echo is projected", -math.inf,
                               typical=0.0),
    "receiver_rate": Condition("rad/s", "half width of the receiver", typical=1e7),
}  # fmt: skip


@dataclass(frozen=True)
class Observable:
    """One row: an observable of a glass.

    unit, cgs_unit : SI, and the CGS unit of the field. method : of the contributions, (T or E, B, **conditions) arrays
        to an array. conditions, optional : names in `CONDITIONS` that it must or may be given; a field that is always
        zero stands for B. choices : {option: allowed texts}, the first is the default.
    argument : "temperature" or, for a density of states, "energy".
    zero_field : a file without a field column was measured in zero field.
    headings : regular expression of the headings under which files name it, lower case; units : one of every
        dimension that such a heading may state, empty where only one kind of file names it.
    missing : what to do when no contribution of a glass gives the observable.
    combination : module that says how contributions combine. function : "module:function" of (glass, T, B,
        **conditions) where the glass answers as a whole.
    proportional : {option: texts} with which a whole is a sum of shares in proportion to the amplitudes of its parts.
    fit_instead : for what no fit takes, the sentence that says what to fit. complex_valued : real and imaginary part.
    base, temperature_power, field_power, inverse : a derived column, such as C/T^3: the base observable times these
        powers of T and B, or one over that (`observables.derived`). axis_power : drawn against this power of T.
    y_scale : "linear", "log", or "decades": logarithmic where the values are positive and span 1.5 decades.
    arbitrary : files may state it in a unit of their own, which data.<name>.scale takes.
    span, typical : (first, last) of the argument [K], and {condition: value} where it is not the typical one of the
        condition, of a first look at it, as in the explorer.
    """

    name: str
    unit: str
    label: str
    symbol: str
    cgs_unit: str
    method: str = ""
    conditions: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()
    choices: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    argument: str = "temperature"
    zero_field: bool = True
    headings: str = ""
    units: tuple[str, ...] = ()
    missing: str = "no contribution of the glass gives it"
    combination: str = SUM
    function: str = ""
    proportional: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    fit_instead: str = ""
    complex_valued: bool = False
    arbitrary: bool = False
    y_scale: str = "linear"
    span: tuple[float, float] = (0.02, 20.0)
    typical: Mapping[str, float] = field(default_factory=dict)
    base: str = ""
    temperature_power: int = 0
    field_power: int = 0
    inverse: bool = False
    axis_power: int = 1

    __repr__ = brief

    def keeps_linearity(self, conditions: Mapping[str, Any]) -> bool:
        """Whether it is proportional to what the contributions give in proportion to an amplitude."""
        if self.inverse or (self.combination == WHOLE and not self.proportional):
            return False
        return all(conditions.get(key, texts[0]) in texts for key, texts in self.proportional.items())


_PARTS = {"part": ("both", "resonant", "relaxational")}
_MODE = {"mode": ("longitudinal", "transverse", "young", "torsion")}
_STRAIN = (
    "no contribution couples to strain: give TwoLevelSystems a density and a material, or longitudinal_strength and "
    "transverse_strength"
)
_DIPOLE = "no contribution has a dipole: give `dielectric_strength`"
_COLD, _GIGAHERTZ = (0.01, 4.0), {"frequency": 1e9}
_RESONATOR = "no contribution is a Resonator: put one into the glass"

OBSERVABLES: dict[str, Observable] = {
    row.name: row
    for row in (
        Observable("free_energy", "J/kg", "free energy", "F", "erg/g", "free_energy"),
        Observable(
            "entropy", "J/(K kg)", "entropy", "S", "erg/(K g)", "entropy", headings=r"s|entropy", units=("J/(K kg)",),
            y_scale="decades",
        ),
        Observable(
            "entropy_change", "J/(K kg)", "entropy change", "\\Delta S", "erg/(K g)", "entropy_change",
            optional=("reference_field",), zero_field=False,
        ),
        Observable(
            "heat_capacity", "J/(K kg)", "heat capacity", "C", "J/(K g)", "heat_capacity",
            headings=r"c|cp|c_p|hc|heat capacity|specific heat|waermekapazitaet", units=("J/(K kg)", "J/K"),
            span=(0.5, 20.0), y_scale="decades",
        ),
        Observable(
            "magnetization", "A m2/kg", "magnetization", "M", "emu/g", "magnetization", zero_field=False,
            headings=r"m|magnetization|magnetisation|moment|magnetic moment", units=("A m2/kg",), span=(0.5, 50.0),
        ),
        Observable(
            "susceptibility", "A m2/(kg T)", "susceptibility dM/dB", "\\chi", "emu/(g Oe)", "magnetic_susceptibility",
            zero_field=False, headings=r"(chi|χ)(_?(mol|m|g))?|susceptibility|suszeptibilitaet", units=("A m2/(kg T)",),
            span=(2.0, 50.0),
        ),
        Observable(
            "density_of_states", "1/(K kg)", "density of tunneling systems", "g", "1/(K g)", "density_of_states",
            argument="energy", fit_instead="a density of states is no measured quantity; fit the heat capacity",
            missing="it counts tunneling systems by their gap, and nothing here tunnels: vibrations and ions are not "
                    "part of it; add TwoLevelSystems or AnomalousTunnelingSystems",
            y_scale="decades",
        ),
        Observable(
            "permittivity", "1", "relative change of the permittivity", "\\Delta\\varepsilon/\\varepsilon", "1",
            "permittivity", ("frequency",), choices=_PARTS, missing=_DIPOLE, complex_valued=True,
            fit_instead="fit its real part as dielectric_shift and its imaginary part as loss_tangent",
        ),
        Observable(
            "loss_tangent", "1", "loss tangent", "\\tan\\delta", "1", "loss_tangent", ("frequency",),
            ("drive_amplitude",), _PARTS, missing=_DIPOLE,
            headings=r"tan ?_?(d|delta|δ)|loss tangent|loss factor|dissipation factor|verlustfaktor", units=("1",),
            y_scale="decades",
        ),
        Observable(
            "dielectric_shift", "1", "relative change of the dielectric constant", "\\Delta\\varepsilon'/\\varepsilon'",
            "1", "dielectric_shift", ("frequency",), ("reference_temperature", "reference_field", "drive_amplitude"),
            _PARTS,
            missing=_DIPOLE, headings=r"(delta|d|Δ) ?(eps|ε)'?/ ?(eps|ε)'?|dielectric shift", units=("1",),
        ),
        Observable(
            "internal_loss", "1", "internal loss", "1/Q_i", "1", "internal_loss", ("frequency",),
            ("photon_number", "power"), missing=_RESONATOR, combination=RESONATOR, span=_COLD, typical=_GIGAHERTZ,
            y_scale="decades",
        ),
        Observable(
            "internal_quality_factor", "1", "internal quality factor", "Q_i", "1", "internal_loss", ("frequency",),
            ("photon_number", "power"), missing=_RESONATOR, combination=WHOLE,
            function="glasstunnel.observables.resonator:internal_quality_factor",
            headings=r"q_?int|q_?i|internal (q|quality factor)", units=("1",),
            fit_instead="losses add, quality factors do not: turn it into internal_loss with quality_factor_to_loss",
            span=_COLD, typical=_GIGAHERTZ, y_scale="decades",
        ),
        Observable(
            "frequency_shift", "1", "frequency shift", "\\Delta f/f", "1", "frequency_shift",
            ("frequency", "reference_temperature"), missing=_RESONATOR, combination=RESONATOR,
            headings=r"(fractional )?freq(uency|\.)?[ _]shift|frequenzverschiebung|df/f0?", span=_COLD,
            typical=_GIGAHERTZ,
        ),
        Observable(
            "echo", "C m/kg", "echo amplitude", "A", "C m/kg", "",
            ("frequency", "waiting_time", "first_duration", "second_duration", "field_amplitude"),
            ("third_duration", "second_waiting_time", "gate", "carrier_phase", "receiver_rate"),
            {"detection": ("in-phase", "modulus", "peak", "gated", "carrier"), "convention": ("derived", "paper")},
            combination=WHOLE, function="glasstunnel.echoes.amplitude:echo_amplitude", arbitrary=True,
            proportional={"detection": ("in-phase", "gated", "carrier")},
            headings=r"echo|echo amplitude|echoamplitude", units=(), span=(0.005, 0.1), typical=_GIGAHERTZ,
        ),
        Observable(
            "sound_velocity_shift", "1", "sound velocity shift", "\\Delta v/v", "1",
            "sound_velocity_shift", ("frequency",), ("reference_temperature", "reference_field", "strain_amplitude"),
            _MODE | _PARTS,
            missing=_STRAIN, headings=r"(delta|d|Δ) ?v ?/ ?v0?|sound velocity shift", units=("1",),
        ),
        Observable(
            "internal_friction", "1", "internal friction", "Q^{-1}", "1", "internal_friction", ("frequency",),
            ("intensity", "strain_amplitude"), _MODE | _PARTS, missing=_STRAIN,
            headings=r"q\^?-1|1/q|internal friction|loss angle|q inverse", units=("1",), y_scale="log",
        ),
        Observable(
            "quality_factor", "1", "quality factor", "Q", "1", "internal_friction", ("frequency",),
            ("intensity", "strain_amplitude"), _MODE | _PARTS, missing=_STRAIN, headings=r"q|quality factor|guete",
            units=("1",), combination=DERIVED, base="internal_friction", inverse=True, y_scale="log",
        ),
        Observable(
            "voltage_noise", "V2/Hz", "voltage noise of a capacitor", "S_V", "V2/Hz", "loss_tangent",
            ("frequency", "capacitance"), missing=_DIPOLE, combination=WHOLE,
            function="glasstunnel.observables.noise:voltage_noise", headings=r"s_?v|voltage noise", units=("V2/Hz",),
            y_scale="log",
        ),
        Observable(
            "displacement_noise", "m2/Hz", "displacement noise", "S_x", "m2/Hz", "internal_friction",
            ("frequency", "stiffness"), choices=_MODE, missing=_STRAIN, combination=WHOLE,
            function="glasstunnel.observables.noise:position_noise", headings=r"s_?x|displacement noise",
            units=("m2/Hz",), y_scale="log",
        ),
        Observable(
            "frequency_noise", "1/Hz", "noise of the fractional frequency", "S_y", "1/Hz", "frequency_noise",
            ("frequency", "noise_frequency"), ("mass", "coherence_time"),
            missing="no contribution makes frequency noise: give TwoLevelSystems density, dielectric_strength and "
                    "elastic_constant (independent systems), or add FlickerNoise (a fitted law)",
            headings=r"s_?y|frequency noise", units=("1/Hz",), y_scale="log",
        ),
        Observable(
            "thermal_conductivity", "W/(m K)", "thermal conductivity", "\\kappa", "W/(m K)", "",
            optional=("size",), combination=WHOLE, function="glasstunnel.observables.transport:conductivity",
            headings=r"k|kappa|thermal conductivity|waermeleitfaehigkeit", units=("W/(m K)",), y_scale="log",
        ),
        Observable(
            "short_time_heat_capacity", "J/(K kg)", "heat capacity within a time", "C(t)", "J/(K g)",
            "short_time_heat_capacity", ("time",), y_scale="decades",
        ),
        Observable(
            "heat_release", "W/kg", "heat release", "\\dot Q", "W/kg", "heat_release", ("start_temperature", "time"),
            missing="no two-level systems with a density and a relaxation rate: give material or elastic_constant",
            headings=r"heat release", units=("W/kg",), y_scale="log",
        ),
        Observable(
            "static_susceptibility", "A m2/(kg T)", "susceptibility M/B", "M/B", "emu/(g Oe)", "magnetization",
            zero_field=False, headings=r"m ?/ ?[hb]|static susceptibility", units=("A m2/(kg T)",),
            combination=DERIVED, base="magnetization", field_power=-1, span=(0.5, 50.0),
        ),
        Observable(
            "susceptibility_times_temperature", "A m2 K/(kg T)", "susceptibility times temperature", "T M/B",
            "emu K/(g Oe)", "magnetization", zero_field=False, headings=r"(chi|χ) ?[*· ]?t|t ?[*· ]?(chi|χ)",
            units=("A m2 K/(kg T)",), combination=DERIVED, base="magnetization", temperature_power=1, field_power=-1,
            span=(0.5, 50.0),
        ),
        Observable(
            "inverse_susceptibility", "kg T/(A m2)", "inverse susceptibility", "B/M", "g Oe/emu", "magnetization",
            zero_field=False, headings=r"1 ?/ ?(chi|χ)|(chi|χ)\^?-1|inverse susceptibility", units=("kg T/(A m2)",),
            combination=DERIVED, base="magnetization", field_power=-1, inverse=True, span=(0.5, 50.0),
        ),
        Observable(
            "heat_capacity_over_temperature", "J/(K2 kg)", "heat capacity over temperature", "C/T", "J/(K2 g)",
            "heat_capacity", headings=r"(c|cp|c_p|hc) ?/ ?t", units=("J/(K2 kg)",), combination=DERIVED,
            base="heat_capacity", temperature_power=-1, axis_power=2, span=(0.1, 3.0),
        ),
        Observable(
            "heat_capacity_over_cubed_temperature", "J/(K4 kg)", "heat capacity over cubed temperature", "C/T^3",
            "J/(K4 g)", "heat_capacity", headings=r"(c|cp|c_p|hc) ?/ ?t\^?3", units=("J/(K4 kg)",),
            combination=DERIVED, base="heat_capacity", temperature_power=-3, span=(0.5, 50.0),
            y_scale="decades",
        ),
    )
}


def choices() -> dict[str, tuple[str, ...]]:
    """{option: all texts that some observable allows for it}, from the rows as they are now.

    >>> choices()["part"]
    ('both', 'resonant', 'relaxational')
    """
    options: dict[str, dict[str, None]] = {}
    for row in OBSERVABLES.values():
        for option, allowed in row.choices.items():
            options.setdefault(option, {}).update(dict.fromkeys(allowed))
    return {option: tuple(allowed) for option, allowed in options.items()}
