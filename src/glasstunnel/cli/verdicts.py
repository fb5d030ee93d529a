"""The command that prints verdicts on the papers' claims."""

from dataclasses import asdict

from glasstunnel.files import as_json
from glasstunnel.progress import Progress


def verdict(options):
    """Print the verdict on one claim in full, or one line each for a paper, all papers, or the contradicted ones."""
    from glasstunnel.verdicts.claims import all_claims
    from glasstunnel.verdicts.tables import select

    with Progress() as progress:
        verdicts = select(options.claim, contradicted=options.contradicted, progress=progress)
    single = options.claim in all_claims()
    if options.json:
        records = [asdict(record) for record in verdicts]
        print(as_json(records[0] if single and records else records))
    elif single:
        print("\n".join(_paragraph(record) for record in verdicts) or f"{options.claim} is not contradicted")
    else:
        print("\n".join(_lines(verdicts, reasons=options.contradicted)))


def _paragraph(record):
    from glasstunnel.verdicts.tables import number_text, printed_text

    rows = {
        "printed": printed_text(record), "computed": number_text(record.computed, 6),
        "independently": number_text(record.independent, 6),
        "tolerance": number_text(record.tolerance), "verdict": record.verdict, "reason": record.reason,
        "source": record.source, "computed by": record.function,
    }
    rows = {name: text for name, text in rows.items() if text}
    return "\n".join([f"{record.id}: {record.what}", *(f"  {name + ':':15}{text}" for name, text in rows.items())])


def _lines(verdicts, reasons):
    """Totals, then one line per claim: id, verdict, printed and computed number; with `reasons` one more line each."""
    from glasstunnel.verdicts.tables import number_text, printed_text, totals

    yield f"{len(verdicts)} claims: " + ", ".join(f"{count} {word}" for word, count in totals(verdicts).items())
    for record in verdicts:
        printed = printed_text(record)
        short = len(printed) <= 28 or not isinstance(record.printed, str)  # formulas have no room here
        computed = f"computed {number_text(record.computed)}" if record.computed is not None else ""
        yield f"{record.id:30} {record.verdict:42} {printed if short else '':28} {computed}".rstrip()
        if reasons:
            yield f"    {record.reason}"
