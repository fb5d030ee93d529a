"""Sections on posteriors and on the evidence of models."""

import numpy as np

from glasstunnel.report.blocks import Answer, Answers, Notes, Picture, Pictures, Section, Table, Text
from glasstunnel.report.fits import with_unit
from glasstunnel.report.numbers import asymmetric, sentence


def posterior_sections(posterior, *, name="posterior"):
    """Intervals, evidence, the checks of the sampler, and every pair of parameters."""
    from glasstunnel.plots import corner_figure

    header, *rows = posterior.rows()
    error, laplace = posterior.log_evidence_error, posterior.laplace
    answers = Answers(tuple(
        Answer(with_unit(asymmetric(*posterior_interval(posterior, path)), posterior.fit.units.get(path, "1")),
               "Median with its 68 % interval.", path)
        for path in posterior.fit.names
    ))  # fmt: skip
    evidence = f"ln Z = {posterior.log_evidence:.3f} ± {error:.2g}; Laplace {laplace:.3f}"
    varied = {path: posterior.samples[path] for path in posterior.fit.names}
    warning = [] if posterior.trusted else [Text("The checks of the sampler failed: do not quote this.", warning=True)]
    table = Table(header, tuple(rows), "Medians and equal-tailed intervals.", code=True)
    thin = max(1, len(posterior.log_likelihood) // 1000)
    columns = {path: np.asarray(draws)[::thin] for path, draws in varied.items()}
    picture = Picture(corner_figure(posterior), "Draws of every pair of varied parameters; below the diagonal the "
                      "contours hold 68 and 95 %.", f"{name}-draws", columns, wide=True)  # fmt: skip
    blocks = (*warning, answers, Pictures((picture,)), Text(evidence), table, Notes(posterior.sentences))
    return [Section("Posterior", blocks, records={name: posterior.to_dict()})]


def posterior_interval(posterior, path):
    """(median, lower and upper end of the 68 % interval) of a parameter."""
    return (float(np.median(posterior.samples[path])), *posterior.interval(path, 0.6827))


def evidence_sections(evidence, *, name="evidence"):
    """Bayes factors with what the priors leave of them."""
    from glasstunnel.plots import evidence_figure

    header, *rows = evidence.rows()
    table = Table(header, tuple(rows), f"Bayes factors against {evidence.reference}, with their range when every prior "
                  "of a model's own is a decade wider or narrower on each side.")  # fmt: skip
    pictures = [
        Picture(evidence_figure(curve), f"ln B of {model} with {curve.path} held: its maximum is the most that any "
                "prior of it could claim.", f"{name}-{number}-{curve.path}",
                {curve.path: curve.values, "ln B": curve.log_bayes})
        for number, (model, weighed) in enumerate(evidence.models.items(), 1) for curve in weighed.curves
    ]  # fmt: skip
    answers = Answers(tuple(Answer("", sentence(text.replace("+-", "±"))) for text in evidence.sentences))
    blocks = (answers, *((Pictures(tuple(pictures)),) if pictures else ()), table)
    return [Section("Evidence", blocks, records={name: evidence.to_dict()})]
