"""Commands that work: fit, compare, demo. Each reads, calls the library, writes a folder."""

import contextlib
import os
import sys
from dataclasses import replace

from glasstunnel.cli.output import output_folder, prepare_file
from glasstunnel.errors import ParameterError, RunFileError
from glasstunnel.files import as_json, written_whole
from glasstunnel.progress import Progress

_NOT_CONVERGED = 1
_SIMULATIONS = "simulations.jsonl"  # with which calibrate goes on


def fit(options):
    """Fit a run file and write report, result and tables."""
    from glasstunnel.runfile import load_run

    run = load_run(options.run_file)
    if list(run.models) != [""]:
        raise RunFileError(f"{options.run_file}: describes several models; use 'glasstunnel compare'")
    if options.profile:
        run = replace(run, profile=run.profile or ())
    if options.predict:
        from glasstunnel.runfile.run import datasets_like

        unseen = [dataset for path in options.predict for dataset in datasets_like(run, path)]
        run = replace(run, predicted=(*run.predicted, *unseen))
    if options.store and not (run.posterior or options.posterior):
        raise ParameterError("--store keeps the state of a sampler; it belongs to --posterior")
    pairs = tuple(_pair(text, run.models[""].vary) for text in options.contours)
    run = replace(run, contours=(*run.contours, *pairs))
    run = replace(run, holdout=options.holdout or run.holdout, posterior=run.posterior or options.posterior,
                  store=options.store)  # fmt: skip
    return _execute(run, options)


def _pair(text, vary):
    """The two varied paths of --contours."""
    pair = tuple(part.strip() for part in text.split(","))
    if len(pair) != 2 or pair[0] == pair[1] or not set(pair) <= set(vary):
        raise ParameterError(f"--contours {text!r}: write PATH,PATH with two of what varies: {', '.join(vary)}")
    return pair


def _numbers(option, texts, wanted):
    """{name: number} of NAME=NUMBER arguments. wanted : what to write, in words."""
    found = {}
    for text in texts:
        name, mark, number = text.partition("=")
        try:
            found[name] = float(number if mark else "")
        except ValueError:
            raise ParameterError(f"{option} {text!r}: write {wanted}") from None
    return found


def _noise(texts):
    """The noise of a planned point: a number, or {relative, absolute}."""
    if len(texts) == 1 and "=" not in texts[0] and texts[0].strip():
        with contextlib.suppress(ValueError):
            return float(texts[0])
    return _numbers("--noise", texts, "a number, or relative=0.01 absolute=1e-5") or None


def _candidates(texts):
    """What could be measured, of NAME=VALUES arguments: grids of temperature, field and other conditions, or text."""
    from glasstunnel.cli.grids import parse_grid
    from glasstunnel.observables.table import CONDITIONS, OBSERVABLES

    words = {"observable", *(key for row in OBSERVABLES.values() for key in row.choices)}
    units = {"T": "K", "B": "T"} | {key: condition.unit for key, condition in CONDITIONS.items()}
    given = {}
    for text in texts:
        key, mark, values = text.partition("=")
        if not mark:
            raise ParameterError(f"--candidates {text!r}: write NAME=VALUES, as in T=2:300:15:log or B=0.1,1,7")
        if key in given:
            raise ParameterError(f"--candidates: {key} is given twice; write all of it in one list")
        if key not in units and key not in words:
            raise ParameterError(f"--candidates: {key!r} is none of {', '.join((*units, *sorted(words)))}")
        given[key] = values if key in words else parse_grid(values, key, units[key])
    return given


def init(options):
    """Write a commented run file that fits measured files."""
    from pathlib import Path

    from glasstunnel.runfile.init import run_file_text

    columns = None
    if options.columns is not None:
        from glasstunnel.data.readers.previews import columns_of_text

        columns = columns_of_text(options.columns)
    if options.output == "-":
        print(run_file_text(options.files, options.kind, columns=columns, compared=options.compare), end="")
        return
    text = run_file_text(options.files, options.kind, folder=Path(options.output).parent, columns=columns,
                         compared=options.compare)  # fmt: skip
    target = prepare_file(options.output, force=options.force, inputs=options.files)
    with written_whole(target) as part:
        part.write_text(text, encoding="utf-8")
    print(f"{target}\nnext: look at the lines marked FILL IN, then glasstunnel "
          f"{'compare' if options.compare else 'fit'} {target} -o out")


def calibrate(options):
    """Count how often the intervals of a run file's fit hold, by simulating its data."""
    result = _single_fit(options.run_file, options.model)
    if options.output is None:
        return _calibrate(result, options, None)
    inputs = (options.run_file, *(dataset.source for dataset in result.datasets))
    from glasstunnel.inference.ledgers import holds_simulations

    kept = _SIMULATIONS, holds_simulations
    with output_folder(options.output, force=options.force, inputs=inputs, kept=kept) as folder:
        return _calibrate(result, options, folder)


def _calibrate(result, options, folder):
    store = folder and folder / _SIMULATIONS
    if store and options.force:
        store.unlink(missing_ok=True)
    with Progress() as progress:
        card = result.coverage(options.count, seed=options.seed, systematics=options.systematics, store=store,
                               workers=options.workers or os.cpu_count() or 1, progress=progress)  # fmt: skip
    return _print_card(card, options, folder)


def plan(options):
    """Print what to measure next for a run file's fit."""
    from glasstunnel.inference import plan as planned

    given = _candidates(options.candidates)
    cost = _numbers("--cost", options.cost, "NAME=MINUTES, as in temperature=5 cooldown=240")
    options_of_plan = {"points": options.points, "minutes": options.minutes, "target": options.target, "cost": cost,
                       "scale": options.scale, "systematics": options.systematics}  # fmt: skip
    noise = _noise(options.noise)
    unused = [f"--{name}" for name in ("simulate", "posterior", "points", "minutes", "target", "cost", "scale",
                                       "systematics") if getattr(options, name)]  # fmt: skip
    if options.versus and unused:
        raise ParameterError(f"--versus tells two models apart at their best fits; leave out {', '.join(unused)}")
    result = _planned_fit(options.run_file, options.model, options.goal)
    rival = options.versus and _planned_fit(options.run_file, options.versus, None)
    subject = result
    if options.posterior:
        from glasstunnel.inference import posterior

        with Progress() as progress:
            subject = posterior(result, progress=progress)
    made = planned(subject, given, options.goal, noise=noise, versus=rival or None, **options_of_plan)
    records = [made]
    if options.simulate:
        with Progress() as progress:
            records.append(made.simulate(options.simulate, progress=progress))
    if options.json:
        print(as_json(made.to_dict() | ({"simulation": records[1].to_dict()} if records[1:] else {})))
    else:
        print("\n\n".join(record.report() for record in records))
    if options.output:
        from glasstunnel.report import save_results

        inputs = (options.run_file, *(dataset.source for dataset in result.datasets))
        with output_folder(options.output, force=options.force, inputs=inputs) as folder:
            print(f"\n{save_results(records, folder)}", file=sys.stderr if options.json else sys.stdout)


def _planned_fit(path, name, goal):
    """The fit of a model of a run file: the named one, or the only one that varies the goal."""
    from glasstunnel.runfile import load_run

    models = load_run(path).models
    fitting = [key for key, model in models.items() if goal in model.vary]
    if name is None and list(models) != [""]:
        if len(fitting) != 1:
            raise RunFileError(f"{path}: describes {', '.join(models)}; say which with --model")
        name = fitting[0]
    return _single_fit(path, name)


def _single_fit(path, name=None):
    """The fit of a run file that describes one model, or of the named one of several."""
    from glasstunnel.runfile import execute, load_run

    run = load_run(path)
    if name is None and list(run.models) != [""]:
        raise RunFileError(f"{path}: describes {', '.join(run.models)}; say which with --model")
    if name is not None and name not in run.models:
        known = ", ".join(map(repr, run.models)) if list(run.models) != [""] else "one without a name"
        raise RunFileError(f"{path}: there is no model {name!r}; there is {known}")
    run = run if name is None else replace(run, models={"": run.models[name]}, iron=None, evidence=False)
    run = replace(run, profile=None, holdout=False, posterior=False, predicted=(), contours=())
    with Progress() as progress:
        return execute(run, progress)[0]


def _print_card(record, options, folder):
    """Print a record, and write its report where a folder was asked for."""
    print(as_json(record.to_dict()) if options.json else record.report())
    if folder:
        from glasstunnel.report import save_results

        print(f"\n{save_results([record], folder)}", file=sys.stderr if options.json else sys.stdout)


def compare(options):
    """Fit every model of a run file and write one report on all of them."""
    from glasstunnel.runfile import load_run

    run = load_run(options.run_file)
    if list(run.models) == [""]:
        raise RunFileError(
            f"{options.run_file}: describes one model, which 'glasstunnel fit' fits; 'glasstunnel init --compare' "
            "writes two for magnetization, or rename [glass] and [vary] to [models.NAME.glass] and [models.NAME.vary], "
            "and add a second pair under another NAME"
        )
    return _execute(replace(run, evidence=run.evidence or options.evidence), options)


def _execute(run, options):
    from glasstunnel.runfile import execute

    inputs = (options.run_file, *(dataset.source for dataset in (*run.datasets, *run.predicted)))
    with output_folder(options.output, force=options.force, inputs=inputs) as folder, Progress() as progress:
        records = _checked(execute(run, progress), run, progress)
        progress("writing the report")
        path = _write(records, run, folder)
    if options.json:
        print(as_json([record.to_dict() for record in records]))
    else:
        print("\n\n".join(record.report() for record in records))
        print(f"\n{path}")
    return _exit_code(records, profiled=run.profile is not None)


def _checked(records, run, progress):
    """The records of one fit with its hold-out, where the run leaves that open, and what it says among the notes."""
    from glasstunnel.inference.holdouts import HoldOut, routine_hold_out

    first, said = records[0], ()
    if run.holdout is None and getattr(first, "converged", False):
        found = routine_hold_out(first, progress=progress)
        records, said = (records, (found,)) if isinstance(found, str) else ((*records, found), ())
    advice = tuple(record.advice for record in records if isinstance(record, HoldOut) and record.advice)
    return (replace(first, notes=(*advice, *first.notes, *said)), *records[1:]) if advice or said else records


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
    from glasstunnel.demo import run_demo

    with output_folder(options.output, force=options.force) as folder, Progress() as progress:
        table, path = run_demo(folder, progress)
    print(f"{table}\nreport: {path}")
