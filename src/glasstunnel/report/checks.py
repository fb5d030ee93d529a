"""Sections on what a fit is worth: hold-outs, unseen data, coverage, and the plan of the next experiment."""

import dataclasses
import math

import numpy as np

from glasstunnel.report.blocks import Answer, Answers, Picture, Pictures, Section, Table, Text
from glasstunnel.report.numbers import sentence

_MOST_SWEEPS = 4  # of one dataset that are drawn


def sweeps(curve):
    """[(axis "T" or "B" that is swept, rows in its order, what is held in words)] of a dataset, longest first."""
    T, B = curve.temperature, curve.field
    by_field, by_temperature = (np.round(np.log1p(np.abs(held)) / 0.01) for held in (B, T))
    along_T = len(np.unique(by_field)) <= len(np.unique(by_temperature))
    swept, held, group = (T, B, by_field) if along_T else (B, T, by_temperature)
    found = [np.flatnonzero(group == level) for level in np.unique(group)]
    return [("T" if along_T else "B", rows[np.argsort(swept[rows], kind="stable")],
             f"{np.median(held[rows]):.4g} {'T' if along_T else 'K'}")
            for rows in sorted(found, key=len, reverse=True)]  # fmt: skip


def points_of(curve, rows):
    """Some points of a `FittedCurve`, in this order, without its drift."""
    picked = {name: getattr(curve, name)[rows] for name in ("temperature", "field", "measured", "sigma", "model")}
    return dataclasses.replace(curve, **picked, conditions={}, drift=None)


def holdout_sections(holdout, title="Leaving each dataset out", *, name="holdout"):
    """Each dataset predicted by the others, and the errors that include what they disagree on."""
    header, *rows = holdout.rows()
    predictions = [
        (key, f"{curve.points}", f"{curve.chi2:.4g}", f"{curve.p_value:.2g}")
        for key, curve in holdout.predicted.items()
    ] + [(key, "-", "-", "-") for key in holdout.undetermined]
    tables = (
        Table(("left out", "points", "χ² of its prediction", "p"), tuple(predictions), "Each dataset predicted by "
              "the fit to the others, with the covariance of the prediction.", code=True),
        Table(header, tuple(rows), "± is the larger of that of the fit and the jackknife over datasets; "
              "that of the fit where one dataset carries most of what is known.", code=True),
    )  # fmt: skip
    blocks = (_answers(holdout.sentences, "" if holdout.adequate else "Not adequate"), *tables)
    return [Section(title, blocks, records={name: holdout.to_dict()})]


def predicted_data_sections(prediction, *, name=""):
    """A dataset that was not fitted, or was meant not to be."""
    text = Text(sentence(prediction.sentence), warning=bool(prediction.fitted) or not prediction.agrees)
    name = name or f"predicted-{prediction.name}"
    title = "Fitted already" if prediction.fitted else "Not fitted"
    pictures = tuple(_predicted_pictures(prediction, name))
    blocks = (text, *((Pictures(pictures),) if pictures else ()))
    return [Section(f"{title}: {prediction.name}", blocks, records={name: prediction.to_dict()})]


def _predicted_pictures(prediction, name):
    """The points beside the bands of what was predicted, at every field (or temperature) that is held."""
    from glasstunnel.plots import band_figure

    if prediction.curve is None:
        return
    for number, (x, rows, held) in enumerate(sweeps(prediction.curve)[:_MOST_SWEEPS], 1):
        curve, spread = points_of(prediction.curve, rows), prediction.spread[rows]
        where = curve.temperature if x == "T" else curve.field
        bands = [(curve.model - times * spread, curve.model + times * spread) for times in (1.0, 2.0)]
        figure = band_figure((where, curve.model, bands), curve, x=x, labels=("1 σ", "2 σ"),
                             title=f"{prediction.name}, {held}", middle="prediction")  # fmt: skip
        columns = {x: where, "measured": curve.measured, "sigma": curve.sigma, "predicted": curve.model,
                   "sigma of the prediction": spread}  # fmt: skip
        caption = f"{prediction.name}, {held}: what the fit predicts, with bands of the curve, and what was measured."
        yield Picture(figure, caption, name if number == 1 else f"{name}-{number}", columns)


def coverage_sections(card, *, name="coverage"):
    """How often the intervals hold, with a figure of wanted and counted coverage."""
    from glasstunnel.plots import coverage_figure

    header, *rows = card.rows()
    table = Table(header, tuple(rows), "Simulated from the fit and refitted: how often the interval held what was put "
                  "in, mean and standard deviation of (found - put in)/error.", code=True)  # fmt: skip
    columns = {"parameter": list(card.parameters)} | {
        f"coverage at {level:g}": [row.coverage[level] for row in card.parameters.values()] for level in card.levels
    }
    caption = "Counted coverage of every interval; bars are one binomial standard deviation, lines the wanted levels."
    picture = Picture(coverage_figure(card), caption, f"{name}-card", columns)
    first = next(iter(card.levels))
    held = tuple(
        Answer(f"{100 * row.coverage[first]:.3g} % ± {100 * math.sqrt(first * (1.0 - first) / row.counted):.2g} %",
               f"of the {100 * first:.3g} % intervals of {path} held what was put in.", path)
        for path, row in card.parameters.items() if row.counted
    )  # fmt: skip
    said = _answers(card.sentences)
    blocks = (Answers((*held, *said.answers)), Pictures((picture,)), table)
    return [Section("Coverage of the intervals", blocks, records={name: card.to_dict()})]


def plan_sections(plan, *, name="plan"):
    """What to measure next, with a map of what every candidate is worth."""
    from glasstunnel.plots import plan_figure
    from glasstunnel.plots.designs import plan_columns

    if not plan.counts.any():
        return [Section("The next experiment", (_answers(plan.sentences),), records={name: plan.to_dict()})]
    header, *rows = plan.rows()
    told = hasattr(plan, "weights")  # between two models
    table = Table(header, tuple(rows), "Shares of the points, and the fewest points that decide." if told else
                  "What to measure, in this order, and the standard errors once it is measured.")  # fmt: skip
    caption = "What the candidates are worth; circled: where to measure, with the number of points."
    picture = Picture(plan_figure(plan), caption, f"{name}-map", plan_columns(plan))
    blocks = (_answers(plan.sentences, _headline(plan)), Pictures((picture,)), table)
    return [Section("The next experiment", blocks, records={name: plan.to_dict()})]


def _headline(plan):
    """What a plan comes to, in a few letters."""
    if hasattr(plan, "weights"):
        return f"{plan.points_needed} points"
    if plan.goal not in plan.before:
        return f"{plan.factor:.3g} times smaller errors"
    prior = plan.result.priors.get(plan.goal)
    unit = plan.result.units.get(plan.goal, "") if prior is not None and not prior.logarithmic else ""
    return f"{plan.before[plan.goal]:.3g} → {plan.after[plan.goal]:.3g}{f' {unit}' * (unit not in ('', '1'))}"


def simulation_sections(simulation, *, name="simulation"):
    """Whether refits of simulated data keep what a plan promises."""
    header, *rows = simulation.rows()
    table = Table(header, tuple(rows), "Existing and planned data simulated together and refitted; standard deviations "
                  "of values, of logarithms where the prior is logarithmic.", code=True)  # fmt: skip
    return [Section("The promise simulated", (_answers(simulation.sentences), table),
                    records={name: simulation.to_dict()})]  # fmt: skip


def _answers(sentences, value=""):
    """The sentences of a record as answers; the first one carries the value."""
    return Answers(tuple(Answer("" if number else value, sentence(text)) for number, text in enumerate(sentences)))
