"""Sampled evidence beside the normal approximation: ``python -m benchmarks.sampled_evidence [file] [case ...]``

The pages on what a magnetization and a heat capacity could decide quote ln B in the normal approximation. Here the same
fits, as these pages make them, are sampled where the answer turns. A case is "page level"; a case that is named is
sampled anew, the others stay in the file.
"""

import json
import runpy
import sys
import time
from pathlib import Path

import glasstunnel as gt

GALLERY = Path(__file__).parents[1] / "docs" / "gallery"
FILE = GALLERY.parent / "sampled_evidence.json"
CASES = {
    "magnetization": ("plot_which_model_of_a_magnetization.py", (10.0, 100.0, 1000.0)),
    "heat_capacity": ("plot_which_model_of_a_heat_capacity.py", (30.0, 100.0)),
}  # fmt: skip


def sampled(result, seed=0):
    """Both evidences of a fit and what the checks of the sampler say."""
    began = time.process_time()
    found = gt.posterior(result, seed=seed)
    return {"log_evidence": found.log_evidence, "error": found.log_evidence_error, "laplace": found.laplace,
            "trusted": found.trusted, "method": found.sampled.method, "remark": found.sampled.remark,
            "seconds": round(time.process_time() - began, 1)}  # fmt: skip


def main(arguments):
    """Sample, print, keep."""
    file = Path(arguments[0]) if arguments else FILE
    for page, (script, levels) in CASES.items():
        chosen = [level for level in levels if f"{page} {level:g}" in arguments[1:] or not arguments[1:]]
        if not chosen:
            continue
        fits = runpy.run_path(str(GALLERY / script))["fits"]
        for level in chosen:
            for name, result in fits[level].items():
                known = json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}
                found = known.setdefault(page, {}).setdefault(f"{level:g}", {})[name] = sampled(result)
                file.write_text(json.dumps(known, indent=1) + "\n", encoding="utf-8")
                print(page, level, name, found, flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
