"""Two explanations of the same echo data: flux through anomalous systems, or nuclear quadrupoles."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from glasstunnel.data.dataset import Dataset, as_datasets
from glasstunnel.errors import FitError
from glasstunnel.inference.comparison import Comparison, compare
from glasstunnel.inference.measurements import measurement
from glasstunnel.inference.priors import LogUniform, Prior, Uniform
from glasstunnel.observables.evaluation import evaluate
from glasstunnel.systems.anomalous.contribution import AnomalousTunnelingSystems
from glasstunnel.systems.glass import Glass, as_glass
from glasstunnel.systems.nuclear_quadrupoles import NuclearQuadrupoles

_FACTOR = 100.0  # by which densities, cutoffs and scales may move from where they stand


def compare_echo(
    datasets: Sequence[Dataset], glass: Glass, nuclei: NuclearQuadrupoles, *, vary: Mapping[str, Prior] | None = None,
    **options: Any,
) -> Comparison:
    """Fit both explanations to the same echo amplitudes and rank them: `compare` of two glasses.

    "anomalous systems" is `glass`; "nuclear quadrupoles" is the same without its anomalous systems, with `nuclei`
    (contribution "nuclei") on its two-level systems.

    Parameters
    ----------
    datasets : echo amplitudes with pulses (`data.with_pulses`) and a noise model. Split them (`data.split_by`) where
        each waiting time has a scale of its own.
    glass : anomalous and two-level systems with dipole moments: start and fixed values.
    vary : {path: prior}, each model takes the paths that it has. Not given: density and upper amplitude cutoff of the
        anomalous systems; angle and fraction of the nuclei. Every ``data.<name>.scale`` varies unless stated.
    options : passed on to `compare` (starts, seed, progress, ...). Where the quadrupole frequency varies, chi-square
        has several minima: give starts.

    `FitError` without anomalous systems in the glass, and for a path that neither model has.
    """
    glass, datasets = as_glass(glass, "compare_echo"), as_datasets(datasets, "compare_echo")
    kinds = {key: type(part) for key, part in glass.contributions.items()}
    anomalous = [key for key, kind in kinds.items() if kind is AnomalousTunnelingSystems]
    if not anomalous or not isinstance(nuclei, NuclearQuadrupoles):
        raise FitError("compare_echo: needs a glass with AnomalousTunnelingSystems, and NuclearQuadrupoles")
    flux = Glass({key: part for key, part in glass.contributions.items() if kinds[key] is not NuclearQuadrupoles},
                 glass.name, glass.source, glass.notes, glass.sample)  # fmt: skip
    background = {key: part for key, part in flux.contributions.items() if key not in anomalous}
    nuclear = Glass(background | {"nuclei": nuclei}, glass.name, glass.source, glass.notes, glass.sample)
    if vary is None:
        vary = _standard_priors(flux, anomalous) | {
            "nuclei.axis_angle": Uniform(0.0, 1.5), "nuclei.fraction": Uniform(0.0, 1.0)
        }
    known = {*flux.paths(), *nuclear.paths()}
    unknown = [path for path in vary if not path.startswith("data.") and path not in known]
    if unknown:
        raise FitError(f"compare_echo: neither model has a parameter {unknown[0]!r}; there are {', '.join(known)}")
    models = {
        name: (model, _scales(datasets, model) | {
            path: prior for path, prior in vary.items() if path.startswith("data.") or path in model.paths()
        })
        for name, model in (("anomalous systems", flux), ("nuclear quadrupoles", nuclear))
    }  # fmt: skip
    return compare(models, datasets, **options)


def _standard_priors(glass, anomalous):
    paths = [f"{key}.{name}" for key in anomalous for name in ("density", "amplitude_area_max")]
    lowest = {f"{key}.amplitude_area_max": 1.001 * glass[key].amplitude_area_min for key in anomalous}
    return {
        path: LogUniform(max(glass.value(path) / _FACTOR, lowest.get(path, 0.0)), glass.value(path) * _FACTOR)
        for path in paths
    }


def _scales(datasets, glass):
    """Priors of the scales about the ratio of the largest amplitude to that of the model."""
    priors = {}
    for m in map(measurement, datasets):
        model = np.max(np.abs(evaluate(m.observable, glass, m.T, m.B, **m.conditions)))
        if not model > 0.0:
            raise FitError(f"compare_echo: {glass.name or 'the glass'} has no echo under the conditions of {m.name!r}")
        middle = float(np.max(np.abs(m.values)) / model)
        priors[f"data.{m.name}.scale"] = LogUniform(middle / _FACTOR**2, middle * _FACTOR**2)
    return priors
