"""Sections on posteriors and on the evidence of models."""

import numpy as np

from glasstunnel.report.blocks import Answer, Answers, Notes, Picture, Pictures, Section, Table, Text
from glasstunnel.report.fits import representative, with_unit
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
    pictures = Pictures((picture, *_bands(posterior)))
    blocks = (*warning, answers, pictures, Text(evidence), table, Notes(posterior.sentences))
    return [Section("Posterior", blocks, records={name: posterior.to_dict()})]


def contour_sections(contours, *, name=""):
    """Two parameters at once, beside the draws of the posterior where it was sampled."""
    from glasstunnel.plots import contour_figure

    first, second = contours.paths
    name = name or f"contours-{first}-{second}"
    columns = {first: np.tile(contours.x, len(contours.y)), second: np.repeat(contours.y, len(contours.x)),
               "rise of chi-square": contours.rises.ravel()}  # fmt: skip
    picture = Picture(contour_figure(contours), sentence(contours.sentence), name, columns)
    return [Section(f"{first} and {second}", (Pictures((picture,)),), records={name: contours.to_dict()})]


def _bands(posterior):
    """What the draws say at the measured points of one or a few datasets."""
    from glasstunnel.plots import band_figure

    problem, curves = posterior.fit.problem, representative(list(posterior.fit.curves.values()))
    models = posterior.at_data()
    for curve in curves:
        x = "T" if np.ptp(np.log(curve.temperature)) > 1e-2 else "B"
        where = curve.temperature if x == "T" else curve.field
        order = np.argsort(where, kind="stable")
        low, narrow, middle, wide, high = np.quantile(models[:, problem.rows[curve.name]][:, order],
                                                      [0.025, 0.16, 0.5, 0.84, 0.975], axis=0)  # fmt: skip
        columns = {x: where[order], "median": middle, "2.5 %": low, "16 %": narrow, "84 %": wide, "97.5 %": high}
        figure = band_figure((where[order], middle, [(narrow, wide), (low, high)]), curve, x=x, title=curve.name)
        yield Picture(figure, f"{curve.name}: what 200 draws of the posterior say of the curve, beside the data.",
                      f"posterior-{curve.name}", columns)  # fmt: skip


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
    answers = Answers(tuple(Answer("", sentence(text)) for text in evidence.sentences))
    blocks = (answers, *((Pictures(tuple(pictures)),) if pictures else ()), table)
    return [Section("Evidence", blocks, records={name: evidence.to_dict()})]
