"""From finished records to sections of a report."""

from importlib import import_module

from glasstunnel.errors import FitError
from glasstunnel.inference.misfits import too_large
from glasstunnel.report.blocks import Answer, Answers, Heading, Picture, Pictures, Section, Table, Text
from glasstunnel.report.fits import fit_section, with_unit
from glasstunnel.report.numbers import asymmetric, sentence, with_factor, with_uncertainty

#: The one list of what can be reported: kind of record (name of its class) -> "module:function", which takes the
#: record and gives the list of its `Section`s.
SECTIONS = {
    "FitResult": "glasstunnel.report.fits:fit_sections",
    "Comparison": "glasstunnel.report.sections:comparison_sections",
    "Profiles": "glasstunnel.report.sections:profile_sections",
    "HoldOut": "glasstunnel.report.checks:holdout_sections",
    "PredictedData": "glasstunnel.report.checks:predicted_data_sections",
    "CoverageCard": "glasstunnel.report.checks:coverage_sections",
    "Contours": "glasstunnel.report.bayes:contour_sections",
    "Posterior": "glasstunnel.report.bayes:posterior_sections",
    "Evidence": "glasstunnel.report.bayes:evidence_sections",
    "Plan": "glasstunnel.report.checks:plan_sections",
    "Discrimination": "glasstunnel.report.checks:plan_sections",
    "Simulation": "glasstunnel.report.checks:simulation_sections",
    "CampaignResult": "glasstunnel.report.landscape:landscape_sections",
}

_CRITERIA = ("χ² = Σ [(data − fit)/σ]²; with k parameters and estimated noises and n points AICc = −2 ln L + 2k + "
             "2k(k + 1)/(n − k − 1), BIC = −2 ln L + k ln n.")  # fmt: skip


def sections_of(record: object) -> list[Section]:
    """The sections of a report on a finished record, as `SECTIONS` says; `FitError` for anything else."""
    for kind in type(record).__mro__:
        if kind.__name__ in SECTIONS:
            module, _, name = SECTIONS[kind.__name__].partition(":")
            return getattr(import_module(module), name)(record)
    raise FitError(f"a report is written from {', '.join(SECTIONS)}, not from {type(record).__name__}")


def comparison_sections(
    comparison, title="Comparison of models", *, name="comparison", label="", answers=(), further=()
):
    """The ranking with what it says about the iron, then a section on every model. Arguments as for `fit_section`."""
    from glasstunnel.plots import comparison_figure

    curves = {model.name: list(model.result.curves.values()) for model in comparison.models}
    caption = "Residuals of every model in units of σ: a model that describes the data leaves noise."
    columns = {"dataset": [], "temperature [K]": [], "field [T]": []} | {f"{key} [sigma]": [] for key in curves}
    for same in zip(*curves.values(), strict=True):
        columns["dataset"] += [same[0].name] * len(same[0].measured)
        columns["temperature [K]"] += same[0].temperature.tolist()
        columns["field [T]"] += same[0].field.tolist()
        for key, curve in zip(curves, same, strict=True):
            columns[f"{key} [sigma]"] += curve.residuals.tolist()
    picture = Picture(comparison_figure(curves, title=label), caption, f"{name}-residuals", columns, wide=True)
    found = Answers(tuple(answers) or comparison_answers(comparison))
    blocks = (found, Pictures((picture,)), comparison_table(comparison), *further)
    summary = Section(title, blocks, label, {name: comparison.to_dict()})
    evidence = sections_of(comparison.evidence) if comparison.evidence else []
    return [summary, *evidence] + [
        fit_section(model.result, model.name, name=f"{name}-{number}", label=label)
        for number, model in enumerate(comparison.models, 1)
    ]


def comparison_answers(comparison):
    """Which model describes the data, what becomes of the others, and the iron of each, one sentence each."""
    first, *others = comparison.sentences
    heads = [Answer("" if comparison.unconverged else comparison.best.name, sentence(first), "best model")]
    if not (comparison.unconverged or comparison.describing):
        second, *others = others
        heads = [Answer("none", sentence(first), "describes the data"),
                 Answer(comparison.best.name, sentence(second), "ranks first")]  # fmt: skip
    ranked = [*heads, *(Answer("", sentence(text)) for text in others)]
    quoted = [model for model in comparison.models
              if model.iron and not any(map(too_large, model.result.curves.values()))]  # fmt: skip
    iron = [Answer(f"{_model_iron(model)} 1/g", sentence(model.iron_sentence or "all iron ions"),
                   f"iron of {model.name}") for model in quoted]  # fmt: skip
    once = {answer.sentence for answer in iron}
    return (*heads, *iron, *(answer for answer in ranked[len(heads):] if answer.sentence not in once))


def comparison_table(comparison):
    """Models ranked by AICc; iron per gram where the models contain any."""
    header = ("model", "χ²", "dof", "χ²/dof", "ΔAICc", "ΔBIC")
    rows: list[tuple[str, ...]] = [
        (model.name, f"{model.result.chi2:.6g}", f"{model.result.dof}", f"{model.result.chi2 / model.result.dof:.4g}",
         *_distances(comparison, model))
        for model in comparison.models
    ]  # fmt: skip
    if comparison.independent_iron or any(model.iron for model in comparison.models):
        added = ("iron [1/g]", "off by") if comparison.independent_iron else ("iron [1/g]",)
        header += added
        rows = [(*row, *_iron_cells(model)[:len(added)]) for row, model in zip(rows, comparison.models, strict=True)]
    if comparison.independent_iron:
        rows.append(("independent value", *[""] * 5, _iron(*comparison.independent_iron), ""))
    estimated = any(model.result.noise_estimated for model in comparison.models)
    noise = "noise estimated under each model" if estimated else "same noise"
    order = "not ranked, a fit did not converge" if comparison.unconverged else "ranked by AICc (smaller is better)"
    return Table(header, tuple(rows), f"Same data, {noise}; {order}. {_CRITERIA}")


def _distances(comparison, model):
    if comparison.unconverged:
        return "not ranked" if model.result.converged else "NOT CONVERGED", ""
    return tuple(f"{rise:.1f}" if abs(rise) < 1e4 else f"{rise:.4g}" for rise in (model.delta_aic, model.delta_bic))


def _iron_cells(model):
    off = "" if model.pull is None else f"{model.pull:+.1f} σ"
    return _model_iron(model) if model.iron else "none", off


def _model_iron(model):
    """Iron per gram with its error; a factor where it was fitted in the logarithm and is uncertain."""
    factor = model.iron_factor
    return _iron(model.iron, model.iron_error) if factor is None else with_factor(1e-3 * model.iron, factor)


def _iron(per_kilogram, error):
    return with_uncertainty(1e-3 * per_kilogram, 1e-3 * error)


def profile_section(profiles, title="Profile intervals", *, name="profiles"):
    """The profile intervals in words and as curves."""
    from glasstunnel.plots import profile_figure

    level = next(iter(profiles.values())).level
    words = Text(f"Profile intervals ({100 * level:.4g} %): all other parameters follow. An open end is one where χ² "
                 "does not rise before the prior ends.")
    pictures = [
        Picture(profile_figure(interval), f"{path}: rise of χ² with this parameter held and all others fitted again. "
                f"The upright lines are the ends of the {100 * level:.4g} % interval, the dotted one is the rise that "
                "defines it.", f"{name}-{path}", {path: interval.scan, "rise of chi-square": interval.rises})
        for path, interval in profiles.items()
    ]  # fmt: skip
    answers = Answers(tuple(
        Answer(with_unit(asymmetric(interval.value, interval.lower, interval.upper), interval.unit),
               sentence(interval.sentence), path) for path, interval in profiles.items()
    ))  # fmt: skip
    blocks = (answers, Heading("Figures"), Pictures(tuple(pictures)), words)
    return Section(title, blocks, records={name: profiles.to_dict()})


def profile_sections(profiles):
    """The one section on profile intervals."""
    return [profile_section(profiles)]
