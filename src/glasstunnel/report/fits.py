"""The section of a report on a fit."""

import dataclasses
import re
from pathlib import PurePath

import numpy as np

from glasstunnel.inference.misfits import DOES_NOT_DESCRIBE, NOISE_FROM_RESIDUALS
from glasstunnel.report.amounts import amount_blocks
from glasstunnel.report.blocks import Answer, Answers, Heading, Notes, Picture, Pictures, Section, Table, Text
from glasstunnel.report.moments import moment_blocks
from glasstunnel.report.numbers import plain, sentence, with_factor, with_uncertainty
from glasstunnel.report.typography import symbols

_NUISANCES = "model = scale × glass + offset + holder × its signal"
_DIGITS = 12  # of a hash that are printed
_HALF_A_LINE = 5.05  # inches that a figure beside another one may take
_DRAWN = "the fit with bands of one and two standard deviations of the curve"
_MOST_SINGLE_FIGURES = 4  # up to so many datasets, each gets a figure of its own


def fit_section(result, title="", *, name="fit", label="", answers=(), undetermined=(), pictures=(), further=()):
    """A section on a fit: its answers and whether they may be believed, figures, then tables, notes and sources.

    name : key in ``result.json`` and beginning of the names of the tables. label : see `Section`; it stands in the
    figures too. answers : `Answer` records that replace the list of the fitted parameters. undetermined : sentences on
    what the data leave open, beside those of the fit. pictures : `Picture` records that come before those of the fit.
    further : blocks after the figures.
    """
    blocks = [
        Answers(tuple(answers) or fitted_answers(result),
                tuple(dict.fromkeys((*undetermined, *result.identifiability)))),
        *verdict(result),
        *figures(result, name, label, pictures),
        *further,
        Heading("Parameters"),
        parameter_table(result),
        *amount_blocks(result, _quoted),
        *moment_blocks(result),
        *_sentence_blocks("Notes", grouped_notes(result)),
        *_residual_blocks(result),
        *data_blocks(result),
        *model_blocks(result.glass, exclude=result.values),
        Text(versions(result)),
    ]
    title = title or f"Fit of {result.glass.name or 'the glass'}"
    return Section(title, tuple(blocks), label, {name: result.to_dict()})


def fit_sections(result):
    """The one section on a fit."""
    return [fit_section(result)]


def fitted_answers(result):
    """One `Answer` for each varied parameter of the glass; those of single datasets stand in the table."""
    paths = result.glass.paths()
    doubt = "; its error is too small, for this model does not describe the data" if misfits(result) else ""
    named = [path for path in result.names if path in paths] or list(result.names)
    return tuple(
        Answer(_quoted(result, path, result.values[path], unit=result.units[path]),
               (given_meaning(paths[path].meaning) if path in paths else "of one dataset alone")
               + ("" if path in result.at_bound or path in result.conditional else doubt),
               path)
        for path in named
    )  # fmt: skip


def given_meaning(meaning):
    """The meaning of a parameter that has a value, as it is printed: without what holds where none is given.

    >>> given_meaning("Delta(0)/k_B of the film (not given: no quasiparticles)")
    'Δ(0)/k_B of the film'
    """
    return symbols(re.sub(r"\s*\((not given|None): [^()]*\)", "", meaning))


def misfits(result):
    """The notes which say that the model does not describe the data."""
    return [note for note in result.notes if note.startswith(DOES_NOT_DESCRIBE)]


def verdict(result):
    """Whether the fit may be believed, in sentences."""
    if not result.converged:
        yield Text(f"The fit did not converge: {result.message}. Nothing on this page is a result of it.", warning=True)
    yield from (Text(sentence(note), warning=True) for note in misfits(result))
    ratio = result.chi2 / result.dof if result.dof > 0 else np.nan
    yield Text(
        f"χ² = {result.chi2:.5g} for {result.dof} degrees of freedom (χ²/dof = {ratio:.3g}); AIC {result.aic:.6g}, "
        f"BIC {result.bic:.6g}. Optimizer: {result.message} ({result.evaluations} "
        f"evaluation{'s' * (result.evaluations != 1)}, {result.seconds:.2g} s)."
    )
    yield from (Text(sentence(note)) for note in _on_noise(result))


def parameter_table(result):
    """Varied and tied parameters with uncertainty, unit and the bounds they were allowed."""
    paths = result.glass.paths()
    rows, keys = [], list(dict.fromkeys(path.partition(".")[0] for path in result.values))
    for path, value in sorted(result.values.items(), key=lambda item: keys.index(item[0].partition(".")[0])):
        meaning = given_meaning(paths[path].meaning) if path in paths else "of this dataset alone"
        unit, allowed = printed_unit(result.units[path]), _allowed(result, path)
        key = path.partition(".")[0]
        source = symbols(equation_source(result.glass[key])[1]) if path in paths else _NUISANCES
        rows.append((path, _quoted(result, path, value), unit, allowed, meaning, source))
    return Table(("parameter", "value", "unit", "prior", "meaning", "equations"), tuple(rows), "Fitted parameters. ± "
                 "is one standard deviation, from the curvature at the minimum of χ² = Σ [(data − fit)/σ]² with the "
                 "priors; ×/÷ f, for a parameter fitted in its logarithm, says that one standard deviation is a factor "
                 "f either way. Equations: numbers of the papers as listed under the model.", code=True)


def _quoted(result, path, value, scale=1.0, unit="1"):
    """A value with what may be said of its uncertainty, both times `scale`; the unit stands before words."""
    value, error = scale * value, scale * result.errors[path]
    if path in result.at_bound:
        return f"{with_unit(plain(value), unit)} (at its {result.at_bound[path]} bound)"
    if path in result.conditional:
        return f"{with_unit(plain(value, 4), unit)} (no symmetric error: see its interval)"
    factor = result.error_factor(path)
    if factor is not None and result.converged:
        return with_factor(value, factor, printed_unit(unit))
    return with_unit(with_uncertainty(value, error if result.converged else np.nan), unit)


def printed_unit(text):
    """The unit as it is printed; nothing for a pure number."""
    from glasstunnel.plots import pretty_unit

    return "" if text == "1" else pretty_unit(text).replace(" ", "\u00a0")


def with_unit(text, unit):
    """A printed number with its unit.

    >>> with_unit("4.2 ± 0.1", "1"), with_unit("4.2 ± 0.1", "m2")
    ('4.2 ± 0.1', '4.2 ± 0.1 m²')
    """
    return " ".join(filter(None, (text, printed_unit(unit))))


def _allowed(result, path):
    if path in result.ties:
        other, factor = result.ties[path]
        return f"=\u00a0{other}" if factor == 1.0 else f"=\u00a0{plain(factor)} × {other}"
    prior = result.priors[path]
    if hasattr(prior, "sigma"):
        return f"{plain(prior.mean)} ± {plain(prior.sigma)}"
    return f"{plain(prior.lower)} to {plain(prior.upper)}{', logarithmic' if prior.logarithmic else ''}"


def grouped_notes(result):
    """The notes of a fit; what is noted of several datasets is said once."""
    names = {}
    for dataset in result.datasets:
        for note in dataset.notes:
            names.setdefault(note, []).append(dataset.name)
    of_datasets = {f"{name}: {note}" for note, owners in names.items() for name in owners}
    grouped = [f"{_listed(owners)}: {note}" for note, owners in names.items()]
    said = {*of_datasets, *misfits(result), *_on_noise(result)}
    return (*grouped, *(note for note in result.notes if note not in said))


def _on_noise(result):
    return [note for note in result.notes if note.endswith(NOISE_FROM_RESIDUALS)]


def _listed(names):
    return ", ".join(names) if len(names) < 4 else f"{names[0]} ... {names[-1]} ({len(names)} datasets)"


def _sentence_blocks(heading, sentences):
    return [Heading(heading), Notes(tuple(dict.fromkeys(sentences)))] if sentences else []


def _residual_blocks(result):
    """What neighboring residuals show of errors that points share, and what to do about it, where they do."""
    found = result.diagnostics()
    return _sentence_blocks("What the residuals show", found.sentences) if found.telling else []


def figures(result, name, label="", before=()):
    """All datasets of one observable together, single ones with their contributions, and the correlations."""
    curves = list(result.curves.values())
    pictures = list(before)
    for observable in dict.fromkeys(curve.observable for curve in curves):
        same = [curve for curve in curves if curve.observable == observable]
        pictures += _overview(result, same, name, label) if len(same) > 1 else []
        pictures += [_single(result, curve, name, label, is_first=number == 0)
                     for number, curve in enumerate(representative(same))]  # fmt: skip
    return [Heading("Figures"), Pictures((*pictures, *_correlations(result, name)))]


def _overview(result, curves, name, label):
    from glasstunnel.plots import fit_figure

    observable = curves[0].observable
    tables = [curve_columns(curve, contributions_of(result, curve)) for curve in curves]
    headings = dict.fromkeys(heading for table in tables for heading in table)
    blank = [np.zeros(len(curve.measured)) for curve in curves]
    columns = {"dataset": [curve.name for curve in curves for _ in curve.measured]} | {
        heading: np.concatenate([table.get(heading, zero) for table, zero in zip(tables, blank, strict=True)])
        for heading in headings
    }
    caption = f"All datasets: {observable.replace('_', ' ')}; {_DRAWN}; residuals in units of σ."
    yield Picture(fit_figure(curves, result=result, title=label), caption, f"{name}-{observable}", columns, wide=True)


def representative(curves):
    """All datasets, or of many the first, the middle and the last."""
    return curves if len(curves) <= _MOST_SINGLE_FIGURES else [curves[0], curves[len(curves) // 2], curves[-1]]


def _single(result, curve, name, label, is_first):
    from glasstunnel.plots import fit_figure

    parts = contributions_of(result, curve)
    title = f"{label}: {curve.name}" if label else curve.name
    what = "data, fit, contributions and residuals as before"
    if is_first:
        what = f"data with error bars of one σ, {_DRAWN}, contributions (broken lines), residuals in units of σ"
    return Picture(fit_figure([curve], result=result, parts=parts, title=title), f"{curve.name}: {what}.",
                   f"{name}-{curve.name}", curve_columns(curve, parts))


def _correlations(result, name):
    from glasstunnel.plots import correlation_figure

    kept = np.isfinite(np.diag(result.covariance))
    if kept.sum() > 1:
        names = [path for path, is_kept in zip(result.names, kept, strict=True) if is_kept]
        matrix = result.correlation[np.ix_(kept, kept)]
        columns = {"parameter": names} | dict(zip(names, matrix.T, strict=True))
        caption = "Correlations of the determined parameters."
        figure = correlation_figure(names, matrix)
        yield Picture(figure, caption, f"{name}-correlation", columns, wide=figure.get_figwidth() > _HALF_A_LINE)


def contributions_of(result, curve):
    """{name: its part of the model at the points of the curve}: contributions of the glass, then offset and holder."""
    from glasstunnel.inference.lines import parts_of_model

    return parts_of_model(result, curve.name, curve.observable, curve.temperature, curve.field, curve.conditions,
                          model=curve.model)  # fmt: skip


def curve_columns(curve, parts):
    """The table behind the figure of one dataset."""
    unit = curve.unit
    return {
        "temperature [K]": curve.temperature, "field [T]": curve.field, **_conditions(curve),
        f"measured [{unit}]": curve.measured,
        f"sigma [{unit}]": curve.sigma, f"fit [{unit}]": curve.model, "residual [sigma]": curve.residuals,
        **{f"{key} [{unit}]": values for key, values in parts.items()},
    }  # fmt: skip


def _conditions(curve):
    from glasstunnel.observables.table import CONDITIONS

    return {f"{key.replace('_', ' ')} [{CONDITIONS[key].unit}]": values for key, values in curve.conditions.items()
            if not isinstance(values, str)}  # fmt: skip


def data_blocks(result):
    """What was fitted: one row per dataset, then what was done to it (what was noticed stands in the notes)."""
    rows, hashed = [], set()
    for dataset in result.datasets:
        curve = result.curves[dataset.name]
        rows.append((
            dataset.name, PurePath(dataset.source).name or "none", dataset.format, f"{len(curve.measured)}",
            _range(curve.temperature), _range(curve.field), dataset.noise,
            f"{result.chi2_by_dataset[dataset.name]:.4g}", _hash_cell(result, dataset, hashed),
        ))  # fmt: skip
    header = ("dataset", "file", "format", "points", "T [K]", "B [T]", "noise model", "χ²", "SHA-256")
    of_columns = ", or of the columns where there is none" if any(not data.digest for data in result.datasets) else ""
    yield Heading("Data")
    yield Table(header, tuple(rows), f"SHA-256: of the file{of_columns}; the first {_DIGITS} digits.", code=True)
    steps = {}
    for dataset in result.datasets:
        for step in dataset.history:
            steps.setdefault(step, []).append(dataset.name)
    if steps:
        yield Notes(tuple(f"{_listed(names)}: {step}" for step, names in steps.items()))


def _hash_cell(result, dataset, hashed):
    """The beginning of the hash of the file, said at its first dataset; `hashed` collects what was said."""
    digest = dataset.digest or result.hashes[dataset.name]
    is_first = digest not in hashed
    hashed.add(digest)
    return digest[:_DIGITS] if is_first else "the same file" if dataset.digest else "the same columns"


def _range(values):
    low, high = float(np.min(values)), float(np.max(values))
    return f"{low:.4g}" if high - low <= 1e-3 * abs(high) else f"{low:.4g} to {high:.4g}"


def model_blocks(glass, exclude=()):
    """The contributions with the source of their equations, their options, the given but not varied parameters."""
    yield Heading("Model")
    rows = [(key, type(part).__name__, *map(symbols, equation_source(part)))
            for key, part in glass.contributions.items()]  # fmt: skip
    yield Table(("contribution", "kind", "what it is", "equations"), tuple(rows), code=True)
    cited = [f"{number}: {citation}" for number, citation in _papers() if any(number in row[3] for row in rows)]
    if cited:
        yield Notes(tuple(cited))
    options = [(path, _option(value)) for path, value in glass.options().items()]
    if options:
        yield Table(("option", "chosen"), tuple(options), "Which variant of the equations.", code=True)
    fixed = [(path, plain(glass.value(path)), printed_unit(row.unit), given_meaning(row.meaning),
              symbols(equation_source(glass[path.partition(".")[0]])[1]))
             for path, row in glass.paths().items() if path not in exclude and _is_at_work(glass, path)]
    if fixed:
        yield Table(("parameter", "value", "unit", "meaning", "equations"), tuple(fixed), "Held fixed: no uncertainty "
                    "of these numbers is part of any error above.", code=True)


def _is_at_work(glass, path):
    """Whether a parameter is given: not one that is left open, nor one that is left at a zero that switches it off."""
    key, _, name = path.partition(".")
    defaults = {field.name: field.default for field in dataclasses.fields(glass[key])}
    value = glass.value(path)
    return value is not None and not (value == 0.0 and defaults[name] == 0.0)


def _option(value):
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple):
        return ", ".join(map(_option, value))
    if dataclasses.is_dataclass(value):
        fields = ((field.name, getattr(value, field.name)) for field in dataclasses.fields(value))
        return ", ".join(f"{name} = {_option(entry)}" for name, entry in fields if entry is not None)
    return plain(value) if isinstance(value, (int, float)) else str(value)


def equation_source(contribution):
    """(what it is, where its equations come from), as its class says; the name of the class where it says nothing.

    >>> from glasstunnel import LarmorDiamagnetism
    >>> equation_source(LarmorDiamagnetism(4e-3))
    ('Temperature-independent diamagnetism, M = -chi_L B', 'letter 000, Eq. 1, first term')
    """
    return contribution.summary or type(contribution).__name__, contribution.equations


def _papers():
    from glasstunnel.papers import paper_citations

    return paper_citations().items()


def versions(result):
    """The program and its libraries, as one line."""
    return "Versions: " + ", ".join(f"{name} {version}" for name, version in result.versions.items()) + "."
