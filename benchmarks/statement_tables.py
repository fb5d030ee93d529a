"""The tables of docs/honest_numbers.md from docs/statements.json: ``python -m benchmarks.statement_tables``."""

import json
from pathlib import Path

DOCS = Path(__file__).parents[1] / "docs"


def planted_rows(found):
    """Rows of the table of planted errors."""
    for name, part in found["planted"].items():
        tension = f"P(p < 0.05) = {part['tension below 0.05']:.3f}" if name == "nothing" else str(part["tension"])
        fit, jackknife = part["rms"]
        yield f"| {name} | {part['simulations']} | {part['hold-out']} | {tension} | {fit:.2f}, {jackknife:.2f} |"


def counted_rows(found):
    """Rows of the table of bands and contours."""
    for key, part in found.items():
        if "bands" in key:
            name = key.replace("posterior bands, ", "posterior, ").replace("bands", "fit, nonlinear")
            for what in ("curve", "new measurement"):
                yield _counted(f"band of {'the curve' if what == 'curve' else 'a new measurement'}: {name}",
                               part["simulations"], part[what])  # fmt: skip
    yield _counted("profile contour of two parameters", found["contours"]["simulations"], found["contours"]["coverage"])


def _counted(name, count, coverage):
    narrow, wide = (f"{100 * fraction:.1f} %" for fraction in coverage)
    return f"| {name} | {count} | {narrow} | {wide} |"


def hold_out_rows(found):
    """Rows of the table of p-values."""
    for known, part in found.items():
        if not known.startswith("hold-out p, "):
            continue
        shares = " | ".join(f"{share:.3f}" for share in part["below"])
        yield f"| {known.removeprefix('hold-out p, ')} | {part['simulations']} | {shares} |"


def drift_rows(found):
    """Rows of the table of drifts beside noise that follows from the residuals."""
    for amount, part in found["hidden drifts"].items():
        count = part["simulations"]
        yield (f"| {'none' if amount == '0' else f'{amount} sigma'} | {count} | {part['named'] / count:.2f} | "
               f"{part['chance']:.2f} | {part['best']:.2f} | {part['said'] / count:.2f} |")  # fmt: skip


def verdict_words(found):
    """The sentence on Bayes factors: how often each verdict was right, and whether ln B adds up."""
    part = found["verdicts"]
    (favored, right), expected = part["favored"], sum(row["expected"] for row in part["bins"])
    assert favored == right and not part["disfavored"][0] and not part["untrusted"]
    return [f"In {part['simulations']} simulations all {favored} verdicts \"favored whatever the priors\" were right,",
            f"{part['undecided']} times the data did not decide, and the model was true {part['with_iron']} times "
            f"where the Bayes factors add up to {expected:.1f}."]  # fmt: skip


def rows():
    """All rows, as they have to stand in the page."""
    found = json.loads((DOCS / "statements.json").read_text(encoding="utf-8"))
    return {"planted": list(planted_rows(found)), "counted": list(counted_rows(found)),
            "holdout": list(hold_out_rows(found)), "drifts": list(drift_rows(found)),
             "verdicts": verdict_words(found)}  # fmt: skip


if __name__ == "__main__":
    print("\n\n".join("\n".join(part) for part in rows().values()))
