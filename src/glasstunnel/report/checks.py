"""Sections on what a fit is worth: hold-outs, unseen data, coverage, and the plan of the next experiment."""

import math

from glasstunnel.report.blocks import Answer, Answers, Picture, Pictures, Section, Table, Text
from glasstunnel.report.numbers import sentence


def holdout_sections(holdout, *, name="holdout"):
    """Each dataset predicted by the others, and the errors that include what they disagree on."""
    header, *rows = holdout.rows()
    predictions = [
        (key, f"{curve.points}", f"{curve.chi2:.4g}", f"{curve.p_value:.2g}")
        for key, curve in holdout.predicted.items()
    ] + [(key, "-", "-", "-") for key in holdout.undetermined]
    rows = [tuple(cell.replace("x/ ", "×/÷ ") for cell in row) for row in rows]
    tables = (
        Table(("left out", "points", "χ² of its prediction", "p"), tuple(predictions), "Each dataset predicted by "
              "the fit to the others, with the covariance of the prediction.", code=True),
        Table(header, tuple(rows), "The error is the larger of that of the fit and the jackknife over datasets; "
              "that of the fit where one dataset carries most of what is known.", code=True),
    )  # fmt: skip
    blocks = (_answers(holdout.sentences, "" if holdout.adequate else "not adequate"), *tables)
    return [Section("Leaving each dataset out", blocks, records={name: holdout.to_dict()})]


def predicted_data_sections(prediction, *, name=""):
    """A dataset that was not fitted, or was meant not to be."""
    text = Text(sentence(prediction.sentence), warning=bool(prediction.fitted) or not prediction.agrees)
    records = {name or f"predicted-{prediction.name}": prediction.to_dict()}
    title = "Fitted already" if prediction.fitted else "Not fitted"
    return [Section(f"{title}: {prediction.name}", (text,), records=records)]


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
    table = Table(header, tuple(rows), "What to measure, in this order, and the standard errors once it is measured.")
    caption = "What the candidates are worth; circled: where to measure, with the number of points."
    picture = Picture(plan_figure(plan), caption, f"{name}-map", plan_columns(plan))
    blocks = (_answers(plan.sentences), Pictures((picture,)), table)
    return [Section("The next experiment", blocks, records={name: plan.to_dict()})]


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
