"""Landscape campaigns on the command line: run, resume, status, report, export."""

import sys
from pathlib import Path

from glasstunnel.cli.output import output_folder, prepare_file
from glasstunnel.errors import ParameterError
from glasstunnel.files import as_json, written_whole
from glasstunnel.progress import Progress


def landscape(options):
    """One of the actions."""
    actions = {"run": _run, "resume": _resume, "status": _status, "report": _report, "export": _export}
    return actions[options.action](options)


def _run(options):
    from glasstunnel.landscape.campaign import Campaign
    from glasstunnel.landscape.settings import read_settings

    settings, folder = read_settings(options.run_file), options.output or Path(options.run_file).stem
    if (Path(folder) / "campaign.json").exists():
        others = Campaign(folder, settings).other_settings()
        if others:
            print(f"glasstunnel: {folder} holds a campaign with other settings ({', '.join(others)}); its results stay "
                  "in the catalogue and are used where they are the same", file=sys.stderr)  # fmt: skip
    return _carry_out(settings, folder, options)


def _resume(options):
    from glasstunnel.landscape.campaign import Campaign

    return _carry_out(Campaign(options.folder).settings, options.folder, options)


def _carry_out(settings, folder, options):
    from glasstunnel.landscape.campaign import run_campaign

    if not options.workers.isdigit() or int(options.workers) < 1:
        raise ParameterError(f"--workers must be a whole number from 1 on, got {options.workers!r}")
    with Progress() as progress:
        campaign = run_campaign(settings, folder, workers=int(options.workers), scheduler=options.scheduler,
                                progress=progress)  # fmt: skip
    print("\n".join(campaign.status().lines()))
    print(f"identity of the results: {campaign.identity()}")


def _status(options):
    from dataclasses import asdict

    from glasstunnel.landscape.campaign import Campaign

    status = Campaign(options.folder).status()
    print(as_json(asdict(status)) if options.json else "\n".join(status.lines()))


def _report(options):
    from glasstunnel.landscape.analysis import collect
    from glasstunnel.landscape.campaign import Campaign
    from glasstunnel.report import save_results

    result = collect(Campaign(options.folder))
    target = options.output or f"{Path(options.folder).resolve().name}-report"
    with output_folder(target, force=options.force) as folder:
        path = save_results([result], folder, title=result.title)
    print(result.density.sentence())
    print(path)


def _export(options):
    from glasstunnel.landscape.campaign import Campaign
    from glasstunnel.landscape.exports import export

    target = prepare_file(options.output, force=options.force)
    with written_whole(target) as part:
        count = export(Campaign(options.folder), part)
    print(f"{target}: {count} edges", file=sys.stderr)
