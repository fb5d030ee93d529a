"""Commands that work: fit, compare, demo. Each reads, calls the library, writes a folder."""

import sys
from dataclasses import replace

from glasstunnel.cli.output import Progress, prepare_folder
from glasstunnel.errors import RunFileError
from glasstunnel.files import as_json

_NOT_CONVERGED = 1


def fit(options):
    """Fit a run file and write report, result and tables."""
    from glasstunnel.runfile import load_run

    run = load_run(options.run_file)
    if list(run.models) != [""]:
        raise RunFileError(f"{options.run_file}: describes several models; use 'glasstunnel compare'")
    if options.profile:
        run = replace(run, profile=run.profile or ())
    return _execute(run, options)


def compare(options):
    """Fit every model of a run file and write one report on all of them."""
    from glasstunnel.runfile import load_run

    run = load_run(options.run_file)
    if list(run.models) == [""]:
        raise RunFileError(f"{options.run_file}: describes one model; use 'glasstunnel fit', or give [models] tables")
    return _execute(run, options)


def _execute(run, options):
    folder = prepare_folder(options.output, force=options.force)
    from glasstunnel.runfile import execute

    with Progress() as progress:
        records = execute(run, progress)
        progress("writing the report")
        path = _write(records, run, folder)
    if options.json:
        print(as_json([record.to_dict() for record in records]))
    else:
        print("\n\n".join(record.report() for record in records))
        print(f"\n{path}")
    return _exit_code(records, profiled=run.profile is not None)


def _write(records, run, folder):
    from glasstunnel.report import Code, Section, save_results, sections_of

    sections = [section for record in records for section in sections_of(record)]
    return save_results([*sections, Section("Run file", (Code(run.text),))], folder, title=run.title)


def _exit_code(records, *, profiled):
    failed = [message for record in records for message in _not_converged(record)]
    without = "; there is no minimum for profile intervals to start from" if profiled else ""
    for message in failed:
        print(f"glasstunnel: {message}{without}", file=sys.stderr)
    return _NOT_CONVERGED if failed else 0


def _not_converged(record):
    """A sentence for every fit in a record that did not converge."""
    models = getattr(record, "models", None)
    fits = {f" of {model.name}": model.result for model in models} if models else {"": record}
    for name, result in fits.items():
        if not getattr(result, "converged", True):
            yield f"the fit{name} did not converge: {result.message}"


def demo(options):
    """Run the demo and print its table."""
    folder = prepare_folder(options.output, force=options.force)
    from glasstunnel.demo import run_demo

    with Progress() as progress:
        table, path = run_demo(folder, progress)
    print(f"{table}\nreport: {path}")
