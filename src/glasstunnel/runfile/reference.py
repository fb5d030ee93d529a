"""Every key of a run file with its type, unit, default and meaning: what documentation and `show` read.

The readers of the tables (`run`, `data`, `glass`) take the keys; tests/runfile/test_reference.py sees that both agree.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from glasstunnel.data.noise import DRIFT_LENGTH
from glasstunnel.observables.table import CONDITIONS, OBSERVABLES
from glasstunnel.records import brief
from glasstunnel.runfile.data import STEPS


@dataclass(frozen=True)
class Key:
    """One key: kind (text, number, table, ...), unit ("" for none), default ("" when it must be given)."""

    name: str
    kind: str
    meaning: str
    default: str = ""
    unit: str = ""
    example: str = ""

    __repr__ = brief


@dataclass(frozen=True)
class RunFileTable:
    """One table of a run file: its name, what it is, its keys, and an example that is valid TOML."""

    name: str
    meaning: str
    keys: tuple[Key, ...]
    example: str = ""

    __repr__ = brief


_SAMPLE = (
    Key("molar_mass", "number", "molar mass of the formula unit", "not known", "g/mol", "60.08"),
    Key("composition", "text or table", "what the sample is made of, in mole fractions of formula units", "not known",
        "", '"80 SiO2 + 20 K2O"'),
    Key("density_g_cm3", "number", "mass density", "not known", "g/cm3", "2.2"),
)  # fmt: skip
_COLUMN = Key("column", "text", "the column", example='"temperature"')
_RANGE = (
    _COLUMN,
    Key("low", "number", "from here", "-inf", "that of `unit`", "2"),
    Key("high", "number", "to here", "inf", "that of `unit`", "20"),
    Key("unit", "text", "unit of low and high", "that of the column", "", '"K"'),
)
_READ = (
    Key("file", "text", "the measured file, relative to the run file", example='"data/run.dat"'),
    Key("name", "text", "short name, used in paths such as data.NAME.offset", "made from the file name", "", '"chip"'),
    Key("format", "text", "name of the reader", "recognized by content", "", '"delimited"'),
    Key("columns", "table", "what the columns of a text table are: {name = [number or heading, unit]}",
        "the headings say it", "", '{temperature = [1, "K"], heat_capacity = [2, "J/(mol K)"]}'),
    Key("quantity", "text", "which column is the measured one", "the only one", "", '"heat_capacity"'),
    Key("center", "text", "free or fixed center of an MPMS3 DC scan", '"free"', "", '"fixed"'),
    Key("delimiter", "text", "between the cells of a text table", "found by itself", "", '";"'),
    Key("decimal", "text", "decimal sign of a text table", "found by itself", "", '","'),
    Key("after", "text", "the line after which a text table begins", "the first line", "", '"[Data]"'),
)  # fmt: skip
_CONDITION_KEYS = (
    Key("temperature", "number or text", "temperature of the whole run", "not set", "K", '"12 mK"'),
    Key("field", "number or text", "flux density of the whole run", "not set", "T", '"20 kOe"'),
    *(Key(name, "number or text", row.meaning, "not set", row.unit) for name, row in CONDITIONS.items()),
    *(Key(name, "text", "one of " + ", ".join(allowed), "the first of them")
      for name, allowed in {key: texts for row in OBSERVABLES.values() for key, texts in row.choices.items()}.items()),
)  # fmt: skip

#: {step: (what it does, its keys, an example)}; the steps themselves are `STEPS`.
_STEP_TEXTS: dict[str, tuple[str, tuple[Key, ...], str]] = {
    "per_mass": ("Moment to magnetization, heat capacity of the sample to specific heat.", (
        Key("mass_mg", "number", "mass of the sample", "that of the file header", "mg", "10.1"),), ""),
    "subtract_holder": ("Subtract an empty-holder run, interpolated.", (
        *_READ, Key("along", "text", "temperature or field: what is interpolated along", '"temperature"')),
        'file = "holder.dat"'),
    "subtract_addenda": ("Total heat capacity minus addenda.", (), ""),
    "subtract_diamagnetism": ("Subtract a moment proportional to the field.", (
        Key("susceptibility", "number", "its slope, negative for a diamagnet", "", "that of `unit`"),
        Key("unit", "text", "unit of the slope", "", "", '"emu/Oe"')), 'susceptibility = -1e-8, unit = "emu/Oe"'),
    "average_repeats": ("Means of repeated rows, with the standard error of the mean as sigma.", (
        Key("tolerance", "number", "largest relative step inside a run of repeats", "found from the rows", "1"),), ""),
    "keep_range": ("Keep the rows inside a range.", _RANGE, 'column = "temperature", low = 2, high = 20, unit = "K"'),
    "drop_range": ("Drop the rows inside a range.", _RANGE, 'column = "temperature", low = 4, high = 5, unit = "K"'),
    "split_by": ("One dataset per set point of a column (temperature, field, frequency, power, ...), per text, or per "
                 "sweep: cooling and warming, field up and down.", (
        Key("column", "text", "the column, or sweep", "", "", '"frequency"'),
        Key("tolerance", "number", "scatter about a set point", "2 % (0.5 mK), 1 % (10 Oe), else 0.5 %",
            "that of the column")), 'column = "frequency"'),
    "with_condition": ("A condition that held for the whole run.", _CONDITION_KEYS, 'frequency = "1 kHz"'),
    "quality_factor_to_loss": ("Internal quality factor to internal loss 1/Q.", (), ""),
    "relative_to": ("Capacitance or frequency to its change relative to a reference temperature or field.", (
        Key("temperature", "number", "the reference temperature, where no field is given", "none", "K"),
        Key("field", "number", "the reference field, of a sweep of the field", "none", "T"),
        Key("to", "text", "what the change of a frequency becomes: frequency_shift or sound_velocity_shift",
            "what the quantity says")), "temperature = 0.1"),
    "photons_from_power": ("Mean photon number from the power and the coupling.", (
        Key("attenuation_db", "number", "between where the power was stated and the resonator", "", "dB"),
        Key("coupling_quality_factor", "number", "Q_c", "", "1"),
        Key("coupling", "text", '"notch" or "one_port"')),
        'attenuation_db = 60, coupling_quality_factor = 1e5, coupling = "notch"'),
    "derive": ("A derived column becomes the measured one: C/T, C/T^3, chi T, 1/chi.", (
        Key("observable", "text", "name of the derived observable"),), 'observable = "heat_capacity_over_temperature"'),
}  # fmt: skip

NOISE = (
    Key("relative", "number", "standard deviation as a fraction of the model", "none", "1", "0.01"),
    Key("absolute", "number", "standard deviation in the unit of the quantity", "none", "that of the quantity", "1e-6"),
    Key("given", "true or false", "the error column of the file is the standard deviation", "false", "", "true"),
    Key("repeats", "true or false", "from the scatter of repeated rows", "false", "", "true"),
    Key("residuals", 'true, false or "relative"', "estimated by the fit: one size, or one fraction, for all rows",
        "false", "", "true"),
    Key("drift", "true, false or number", "a slow error along ln T beside the noise: its standard deviation in units "
        "of sigma, or true to estimate it", "false", "1"),
    Key("drift_length", "number", "its correlation length in ln T", f"{DRIFT_LENGTH:g}", "1"),
)  # fmt: skip

PRIORS = {
    "uniform": (Key("lower", "number or text", "lower end", "", "that of the parameter"),
                Key("upper", "number or text", "upper end", "", "that of the parameter")),
    "log-uniform": (Key("lower", "number or text", "lower end, positive", "", "that of the parameter", '"1 ppm"'),
                    Key("upper", "number or text", "upper end", "", "that of the parameter")),
    "normal": (Key("mean", "number or text", "mean", "", "that of the parameter"),
               Key("sigma", "number or text", "standard deviation", "", "that of the parameter"),
               Key("lower", "number or text", "lower end", "-inf", "that of the parameter"),
               Key("upper", "number or text", "upper end", "inf", "that of the parameter")),
}  # fmt: skip


def sections() -> Iterator[RunFileTable]:
    """The tables of a run file, in the order in which they are explained.

    >>> [section.name for section in sections()][:3]
    ['the file', '[glass]', '[[data]]']
    """
    yield RunFileTable("the file", "The outermost keys.", (
        Key("title", "text", "title of the report", "name of the file"),
        Key("glass", "table", "the glass (one model)"), Key("vary", "table", "what varies, with its prior (one model)"),
        Key("ties", "table", "what follows a varied parameter (one model)", "none"),
        Key("models", "table", "several models to compare, each with glass, vary and ties", "none"),
        Key("data", "tables", "the datasets"),
        Key("predict", "tables", "datasets that are not fitted but predicted", "none"),
        Key("start", "table", "where the fit starts", "the values of the glass"),
        Key("options", "table", "options of the fit", "none"),
        Key("iron", "table", "an independent iron concentration, for a comparison", "none"),
        Key("view", "table", "what the explorer shows when it opens the file; a fit does not read it", "none"),
    ), 'title = "BK7 chip"')  # fmt: skip
    yield RunFileTable("[glass]", "What is in the glass; the same table inside [models.NAME].", (
        Key("published", "text", "a printed parameter set to start from", "an empty glass", "", '"002.T14.BK7.M"'),
        Key("theory", "text", "exact or effective, for a printed set", '"effective"'),
        Key("convention", "text", "printed or consistent, for a printed set", '"printed"'),
        Key("higher_field", "true or false", "correction of 002 Eqs. 20 and 95, for a printed set", "false"),
        Key("flux_field", "number", "B* where the paper prints none, for a printed set", "that of the paper", "T"),
        Key("contributions", "table", "contributions by name, each with its type and fields; a TunnelingCatalogue from "
            "pairs = a CSV file, with glasses, particles and units", "none"),
        Key("without", "list of texts", "contributions to leave out", "none"),
        Key("values", "table", "single parameters changed, by path", "none"),
        Key("name", "text", "name of the glass", "that of the printed set"), *_SAMPLE,
    ), '[glass]\ncontributions.fe3 = {type = "MagneticIons", species = "Fe3+", concentration = "126 ppm"}\n'
       'composition = "80 SiO2 + 20 K2O"')  # fmt: skip
    yield RunFileTable("[[data]]", "One measured file; [[predict]] takes the same keys.", (
        *_READ, Key("steps", "list of tables", "corrections, carried out in this order", "none"),
        Key("mass_mg", "number", "mass of the sample, for a moment or a heat capacity of the sample", "not used", "mg"),
        *_SAMPLE,
        Key("observable", "text", "a derived column that is fitted instead: heat_capacity_over_temperature, ...",
            "what was measured"),
        Key("noise", "table", "the noise model", "must be given, unless the steps leave one"),
    ), '[[data]]\nfile = "chip.csv"\nmolar_mass = 60.08\nsteps = [{do = "split_by", column = "field"}]\n'
       "noise = {relative = 0.01}")  # fmt: skip
    for name in STEPS:
        meaning, keys, example = _STEP_TEXTS[name]
        do = Key("do", "text", "name of the step", "", "", f'"{name}"')
        yield RunFileTable(f"step {name}", meaning, (do, *keys),
                      f"steps = [{{do = \"{name}\"{', ' + example if example else ''}}}]")  # fmt: skip
    yield RunFileTable("noise", "The noise model: relative and/or absolute, or given, or repeats, or residuals.",
                  NOISE, "noise = {relative = 0.003, absolute = 1e-6}")  # fmt: skip
    for name, keys in PRIORS.items():
        yield RunFileTable(f"prior {name}", "A prior of a varied parameter.", (
            Key("prior", "text", "kind of the prior", "", "", f'"{name}"'), *keys),
            f'[vary]\nfe3.concentration = {{prior = "{name}", '
            + ", ".join(f"{key.name} = {2 if key.name in ('upper', 'sigma') else 1}" for key in keys if not key.default)
            + "}")  # fmt: skip
    yield RunFileTable("[ties]", "A parameter that follows a varied one.", (
        Key("to", "text", "path of the varied parameter"), Key("factor", "number", "their ratio", "1", "1"),
    ), '[ties]\nfe2.concentration = {to = "fe3.concentration", factor = 0.5}')  # fmt: skip
    yield RunFileTable("[start]", "Path = number: where the fit starts.", (), "[start]\nfe3.concentration = 1e18")
    yield RunFileTable("[options]", "Options of the fit, and what follows it.", (
        Key("starts", "whole number", "starting points drawn from the priors", "1"),
        Key("seed", "whole number", "of everything random", "0"),
        Key("max_evaluations", "whole number", "evaluations of the model per start", "set by the fit"),
        Key("jacobian", "text", "auto or structured", '"auto"'),
        Key("profile", "true, false or list of paths", "profile intervals", "false"),
        Key("profile_level", "number", "their level", "0.6827", "1"),
        Key("holdout", "true or false", "leave each dataset out and predict it", "where it is affordable"),
        Key("posterior", "true or false", "sample the posterior", "false"),
        Key("contours", "list of pairs of paths", "profile contours of two parameters, beside the posterior", "none"),
        Key("evidence", "true or false", "compare models by their evidence", "false"),
    ), "[options]\nstarts = 4\nprofile = true")  # fmt: skip
    yield RunFileTable("[iron]", "An independent iron concentration, compared with the models.", (
        Key("value", "number", "concentration", "", "that of `unit`"),
        Key("sigma", "number", "its standard deviation", "", "that of `unit`"),
        Key("unit", "text", "unit of both", "", "", '"1/g"'),
    ), '[iron]\nvalue = 1.7e17\nsigma = 2e15\nunit = "1/g"')  # fmt: skip
