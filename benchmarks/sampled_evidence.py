"""Sampled evidence beside the normal approximation: ``python -m benchmarks.sampled_evidence [file] [case ...]``

The pages on what a magnetization and a heat capacity could decide quote ln B in the normal approximation. Here the same
fits, as these pages make them, are sampled where the answer turns. A case is "page level"; a case that is named is
sampled anew, the others stay in the file.
"""

import json
import math
import runpy
import sys
import time
from dataclasses import replace
from pathlib import Path

import numpy as np

import glasstunnel as gt
from glasstunnel.inference.marginal import MarginalPosterior
from glasstunnel.inference.posteriors import laplace_evidence

GALLERY = Path(__file__).parents[1] / "docs" / "gallery"
FILE = GALLERY.parent / "sampled_evidence.json"
CASES = {
    "magnetization": ("plot_which_model_of_a_magnetization.py", (1.0, 10.0, 100.0, 1000.0)),
    "heat_capacity": ("plot_which_model_of_a_heat_capacity.py", (30.0, 100.0)),
}  # fmt: skip
#: Fits to data so weak that points spread over the whole prior find the evidence: (rounds, points in each).
SPREAD = {"magnetization 1000 exact": (2, 256), "heat_capacity 100 extended": (16, 512)}
#: Priors in place of those of the page: with noise of 1e-3 emu/g, flux fields above 200 T come with amplitudes beyond
#: the table of the exact theory, where a likelihood takes seconds.
NARROWED = {"magnetization 100 exact": {"ats.flux_field": gt.LogUniform(1.0, 200.0)}}


def narrowed(result, priors):
    """A fit with other priors of some parameters."""
    problem = replace(result.problem, priors=result.problem.priors | priors)
    return replace(result, problem=problem, priors=problem.priors)


def spread(result, rounds, points):
    """ln Z as the mean likelihood of Sobol points of the prior, with the scatter of rounds with other scrambling."""
    from scipy.stats import qmc

    began, target = time.process_time(), MarginalPosterior(result.problem)
    low, high = target.limits
    means, shares = [], []
    for seed in range(rounds):
        places = low + qmc.Sobol(len(low), seed=seed).random(points) * (high - low)
        found = target.log_density(places) - target.log_prior(places)
        weights = np.exp(found - found.max())
        means.append(float(found.max()) + math.log(np.mean(weights)))
        shares.append(float(weights.sum() ** 2 / np.sum(weights**2)) / points)
    ratios = np.exp(np.array(means) - means[0])
    return {"log_evidence": means[0] + math.log(np.mean(ratios)),
            "error": float(np.std(ratios, ddof=1) / np.mean(ratios) / math.sqrt(rounds)),
            "laplace": laplace_evidence(result), "trusted": min(shares) > 0.05,
            "method": f"{rounds} x {points} Sobol points of the prior", "remark": "",
            "seconds": round(time.process_time() - began, 1)}  # fmt: skip


def sampled(result, priors, seed=0):
    """Both evidences of a fit and what the checks of the sampler say; under `priors` also ln of what the evidence under
    those of the fit is times it, the likelihood beyond them being that of their last tenth."""
    began = time.process_time()
    found, more = gt.posterior(narrowed(result, priors), seed=seed), {}
    for path, prior in priors.items():
        (low, high), whole = prior.limits, np.ptp(result.priors[path].limits)
        z, share = np.log(found.samples[path]), (high - low) / whole
        last = 10.0 * float(np.mean(z > high - 0.1 * (high - low)))
        more = {"narrowed": {path: [prior.lower, prior.upper]}, "wider": math.log(share + (1.0 - share) * last)}
    return more | {"log_evidence": found.log_evidence, "error": found.log_evidence_error, "laplace": found.laplace,
            "trusted": found.trusted, "method": found.sampled.method, "remark": found.sampled.remark,
            "seconds": round(time.process_time() - began, 1)}  # fmt: skip


def main(arguments):
    """Sample, print, keep. A case can be named down to its model, "page level model"."""
    file = Path(arguments[0]) if arguments else FILE
    for page, (script, levels) in CASES.items():
        asked = [case for case in arguments[1:] if case.startswith(page)]
        chosen = [level for level in levels if not arguments[1:]
                  or any(f"{case} ".startswith(f"{page} {level:g} ") for case in asked)]  # fmt: skip
        if not chosen:
            continue
        fits = runpy.run_path(str(GALLERY / script))["fits"]
        for level in chosen:
            for name, result in fits[level].items():
                case = f"{page} {level:g} {name}"
                if asked and case not in asked and f"{page} {level:g}" not in asked:
                    continue
                known = json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}
                found = known.setdefault(page, {}).setdefault(f"{level:g}", {})[name] = (
                    spread(result, *SPREAD[case]) if case in SPREAD
                    else sampled(result, NARROWED.get(case, {})))  # fmt: skip
                file.write_text(json.dumps(known, indent=1) + "\n", encoding="utf-8")
                print(page, level, name, found, flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
