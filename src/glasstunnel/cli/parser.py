"""What the command line understands: every command with its options."""

import argparse

from glasstunnel.errors import ParameterError

_EPILOG = "Units of input are written after the number (20 kOe); without one, kelvin and tesla are meant."


class _Parser(argparse.ArgumentParser):
    """An argument parser whose errors are sentences like all others."""

    def error(self, message):
        raise ParameterError(f"{message} (see '{self.prog} --help')")


def build_parser():
    """The parser of all commands; it imports nothing but argparse."""
    parser = _Parser(prog="glasstunnel", description="Tunneling systems in glasses: from a description to every "
                     "observable, from measured files to parameters.", epilog=_EPILOG)
    parser.set_defaults(command=None)
    parser.add_argument("--version", action="store_true", help="print the version, and stop")
    parser.add_argument("--cite", action="store_true", help="say how to cite the program and the theory, and stop")
    parser.add_argument("--completion", choices=("bash", "zsh", "fish"), help="print what makes this shell complete "
                        "commands and options: eval \"$(glasstunnel --completion bash)\"")
    _add_loudness(parser, default=0)
    _add_module(parser)
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", parser_class=_Parser)
    for add in (
        _add_read, _add_init, _add_fit, _add_compare, _add_calibrate, _add_plan, _add_curve, _add_show, _add_verdict,
        _add_convert, _add_wells, _add_voids, _add_landscape, _add_explore, _add_demo,
    ):  # fmt: skip
        add(commands)
    return parser


def _command(commands, name, target, help_text):
    parser = commands.add_parser(name, help=help_text, description=help_text[0].upper() + help_text[1:] + ".")
    parser.set_defaults(command=target)
    _add_loudness(parser, default=argparse.SUPPRESS)
    _add_module(parser)
    return parser


def _add_loudness(parser, default):
    """--quiet and --verbose, before or after the command."""
    group = parser.add_mutually_exclusive_group()
    group.add_argument("-q", "--quiet", action="store_const", const=-1, dest="loudness", default=default,
                       help="no progress, only errors")
    group.add_argument("-v", "--verbose", action="store_const", const=1, dest="loudness", default=default,
                       help="log what is read, fitted and written")


def _add_module(parser):
    """--module, before or after the command; `plugins.load_modules` reads it before there is a parser."""
    parser.add_argument("--module", metavar="NAME|FILE.py", action="append", default=argparse.SUPPRESS,
                        help="import this module first, which registers contributions, observables or formats of its "
                        "own; may be given several times")


def _add_read(commands):
    parser = _command(commands, "read", ("lookup", "read"), "print what is recognized in a measured file")
    parser.add_argument("file", metavar="FILE")
    parser.add_argument("--format", metavar="NAME", help="the format; recognized by content when not given")
    parser.add_argument("--columns", metavar="TEXT", help='what the columns of a text table are: "temperature=1 K, '
                        'heat_capacity=2 J/(mol K)", or headings in place of the numbers')
    parser.add_argument("--quantity", metavar="NAME", help="which of them is the measured one")
    parser.add_argument("--delimiter", metavar="MARK", help="between the cells; found by itself when not given")
    parser.add_argument("--decimal", choices=(".", ","), help="the decimal sign; found by itself when not given")
    parser.add_argument("--after", metavar="LINE", help="the line after which the table begins, such as [Data]")
    parser.add_argument("--preview", action="store_true", help="only show the first lines and what they look like")
    parser.add_argument("--json", action="store_true", help="everything as JSON, the columns included")


def _add_init(commands):
    parser = _command(commands, "init", ("runs", "init"), "write a commented run file for measured files")
    parser.add_argument("files", metavar="FILE", nargs="+")
    parser.add_argument("--kind", metavar="KIND", help="magnetization, heat_capacity, bridge, resonator, "
                        "oscillator, conductivity, noise or echo; found from what the files measure when not given")
    parser.add_argument("--columns", metavar="TEXT", help='what the columns are, as for read: "temperature=1 K, ..."')
    parser.add_argument("--compare", action="store_true", help="two models for compare: without and with anomalous "
                        "tunneling systems (magnetization, heat capacity)")
    parser.add_argument("-o", "--output", metavar="RUN.toml", default="run.toml",
                        help="where to; default run.toml, - for standard output")
    _add_force(parser)


def _add_fit(commands):
    parser = _command(commands, "fit", ("runs", "fit"), "fit a run file's glass to its datasets and write a report")
    _add_run_arguments(parser)
    parser.add_argument("--profile", action="store_true", help="add profile intervals (slower, exact)")
    parser.add_argument("--posterior", action="store_true", help="sample the posterior: intervals and evidence")
    parser.add_argument("--store", metavar="FILE", help="file in which the sampler of --posterior keeps its state: the "
                        "same command goes on from it after a stop")
    parser.add_argument("--contours", metavar="PATH,PATH", action="append", default=[], help="profile contours of two "
                        "varied parameters, beside the draws of --posterior")
    parser.add_argument("--holdout", action="store_true", help="leave each dataset out in turn and predict it, however "
                        "long that takes (a report does it by itself within half a minute)")
    parser.add_argument("--predict", metavar="FILE", action="append", default=[], help="compare a file that is not "
                        "fitted with what the fit predicts (read as the first [[data]]; or a TOML file with [[data]])")


def _add_compare(commands):
    parser = _command(commands, "compare", ("runs", "compare"), "fit every model of a run file to the same datasets")
    _add_run_arguments(parser)
    parser.add_argument("--evidence", action="store_true", help="sample every model and compare their evidence (slow)")


def _add_calibrate(commands):
    parser = _command(commands, "calibrate", ("runs", "calibrate"), "count how often the intervals of a fit hold: "
                      "simulate its data from the fit, refit")
    parser.add_argument("run_file", metavar="RUN.toml")
    parser.add_argument("-n", "--count", metavar="N", type=int, default=200, help="simulations; default 200")
    parser.add_argument("--seed", metavar="N", type=int, default=0, help="default 0")
    parser.add_argument("--model", metavar="NAME", help="which of several models")
    parser.add_argument("--systematics", action="store_true", help="with the scale and drift errors that the residuals "
                        "allow")
    parser.add_argument("--workers", metavar="N", type=int, default=0, help="processes; default: all cores")
    parser.add_argument("-o", "--output", metavar="DIR", help="folder for the report and for finished simulations, "
                        "from which a stopped run goes on")
    parser.add_argument("--json", action="store_true", help="print the result as JSON instead of the table")
    _add_force(parser)


def _add_plan(commands):
    parser = _command(commands, "plan", ("runs", "plan"), "say which points to measure next for a fit")
    parser.add_argument("run_file", metavar="RUN.toml")
    parser.add_argument("--goal", metavar="PATH|D", default="D", help="a varied parameter, or D for all; default D")
    parser.add_argument("--candidates", metavar="NAME=VALUES", nargs="+", required=True, help="what could be measured: "
                        "T=1.8:300:15:log B=0.05:7:9, and observable=..., frequency=1e9,2e9 or another condition; "
                        "what the data hold at one value is held there when not given")
    parser.add_argument("--points", metavar="N", type=int, help="how many; default 40, or what --minutes allow and "
                        "--target needs")
    parser.add_argument("--minutes", metavar="N", type=float, help="how long at most, by --cost")
    parser.add_argument("--cost", metavar="NAME=MINUTES", nargs="+", default=[], help="of a point (2), of every new "
                        "temperature (5) or field (0), of cooling down once (0), and of every new value of another "
                        "condition, such as frequency (0)")
    parser.add_argument("--target", metavar="SIGMA", type=float, help="the fewest points that bring the standard error "
                        "of the goal there")
    parser.add_argument("--noise", metavar="SIGMA", nargs="+", default=[], help="of a point: a number (SI), or "
                        "relative=0.01 absolute=1e-5; default: that of the data")
    parser.add_argument("--scale", metavar="SIGMA", type=float, default=0.0, help="relative standard deviation of an "
                        "unknown factor on the new run; default 0")
    parser.add_argument("--systematics", action="store_true", help="reckon with the scale and drift errors that the "
                        "residuals allow, in the data that exist and in the new run")
    parser.add_argument("--posterior", action="store_true", help="average over the posterior, not the best fit alone")
    parser.add_argument("--model", metavar="NAME", help="which of several models; default: the one that varies the "
                        "goal")
    parser.add_argument("--versus", metavar="NAME", help="plan to tell this model apart from --model")
    parser.add_argument("--simulate", metavar="N", type=int, default=0, help="check the promise by N simulations")
    parser.add_argument("-o", "--output", metavar="DIR", help="folder for a report of the plan")
    parser.add_argument("--json", action="store_true", help="the plan as JSON")
    _add_force(parser)


def _add_run_arguments(parser):
    parser.add_argument("run_file", metavar="RUN.toml")
    parser.add_argument("-o", "--output", metavar="DIR", required=True, help="folder for report, result and tables")
    parser.add_argument("--json", action="store_true", help="print the result as JSON instead of the table")
    _add_force(parser)


def _add_curve(commands):
    from glasstunnel.observables.table import CONDITIONS, OBSERVABLES, choices

    parser = _command(commands, "curve", ("curves", "curve"), "calculate an observable of a glass over a grid")
    parser.add_argument("observable", metavar="OBSERVABLE", help=", ".join(OBSERVABLES))
    parser.add_argument("--glass", metavar="ID|FILE", required=True, action="append", help="a published set, or a TOML "
                        "file; several may be given")
    parser.add_argument("--theory", metavar="NAMES", help="exact, effective, or exact,effective: of anomalous systems")
    parser.add_argument("--temperature", metavar="GRID", help="2:300:100, 2:300:100:log or 2,4.2,10 [K]")
    parser.add_argument("--energy", metavar="GRID", help="the gaps of density_of_states [K, meV, GHz, "
                        "cm^-1], instead of temperatures")
    parser.add_argument("--field", metavar="GRID", default="0", help="the same for the flux density [T]; default 0")
    parser.add_argument("--from-field", metavar="B", help="the same as --reference-field, for an entropy_change")
    for name, row in CONDITIONS.items():
        parser.add_argument(f"--{name.replace('_', '-')}", metavar="GRID", help=f"{row.meaning} [{row.unit}], for "
                            "observables that depend on it; another unit may follow the numbers")
    for name, allowed in choices().items():
        parser.add_argument(f"--{name}", metavar="NAME", help=f"{', '.join(allowed)}; for observables that leave the "
                            "choice")
    parser.add_argument("--cgs", action="store_true", help="fields in Oe and magnetization in emu/g instead of SI")
    parser.add_argument("--parts", action=argparse.BooleanOptionalAction, default=True,
                        help="draw the contributions of a single curve")
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--csv", action="store_true", help="comma-separated table on standard output (the default)")
    form.add_argument("--json", action="store_true", help="the same as JSON")
    form.add_argument("-o", "--output", metavar="PLOT", help="draw it instead: plot.png, plot.pdf or plot.svg")
    _add_force(parser)


def _add_show(commands):
    parser = _command(commands, "show", ("listings", "show"), "show a published parameter set, a kind of contribution "
                      "or an observable, or list what there is")
    parser.add_argument("id", metavar="ID|LIST", nargs="?", help="a set, the name of a glass, a kind, an observable; "
                        "or kinds, observables, steps, noise, units; all sets when not given")
    parser.add_argument("--glass", metavar="NAME", help="only sets of this glass")
    parser.add_argument("--observable", metavar="NAME", help="only sets that give this observable")
    parser.add_argument("--json", action="store_true", help="the same as JSON")


def _add_verdict(commands):
    parser = _command(commands, "verdict", ("verdicts", "verdict"), "say what becomes of the papers' printed numbers "
                      "and statements when they are computed")
    parser.add_argument("claim", metavar="ID|PAPER", nargs="?", help="a claim (000.peak.T) or a paper (000 to 004); "
                        "all when not given")
    parser.add_argument("--contradicted", action="store_true", help="only what is contradicted")
    parser.add_argument("--json", action="store_true", help="the same as JSON, one record per claim")


def _add_convert(commands):
    parser = _command(commands, "convert", ("lookup", "convert"), "convert a value between units, through k_B, h, c, "
                      "N_A and the sample where units alone do not lead")
    parser.add_argument("value", metavar="VALUE")
    parser.add_argument("from_unit", metavar="FROM", help="e.g. kOe, emu/mol, muB/f.u., J/(g-atom K), meV, ppm")
    parser.add_argument("to_unit", metavar="TO", help="e.g. T, A m2/kg, K, 1/g")
    parser.add_argument("--molar-mass", metavar="G_PER_MOL", help="g/mol of the formula unit; another unit may follow")
    parser.add_argument("--composition", metavar="TEXT", help="SiO2, or mole fractions: '80 SiO2 + 20 K2O'")
    parser.add_argument("--density", metavar="G_PER_CM3", help="mass density; another unit may follow")
    parser.add_argument("--element", metavar="Fe", help="ppm, %% and ug/g are mass fractions of this element, as mass "
                        "spectrometry states them (without it ppm counts formula units)")


def _add_landscape(commands):
    parser = _command(commands, "landscape", ("campaigns", "landscape"), "search the energy landscape of a simulated "
                      "glass for tunneling systems")
    actions = parser.add_subparsers(title="what to do", metavar="ACTION", dest="action", required=True,
                                    parser_class=_Parser)
    texts = {"run": "run a campaign file (what is finished is kept)", "resume": "go on with the campaign of a folder",
             "status": "how far a campaign is", "report": "write the report on what is finished",
             "export": "write what was found as CSV, Parquet or structures for ASE and OVITO"}  # fmt: skip
    for name, text in texts.items():
        action = actions.add_parser(name, help=text, description=text[0].upper() + text[1:] + ".")
        if name == "run":
            action.add_argument("run_file", metavar="CAMPAIGN.toml")
            action.add_argument("-o", "--output", metavar="DIR",
                                help="folder of the campaign; default: beside you, named like the file")
        else:
            action.add_argument("folder", metavar="DIR", help="folder of the campaign")
        if name in ("run", "resume"):
            action.add_argument("--workers", metavar="N", default="1", help="processes on this machine; default 1")
            action.add_argument("--scheduler", metavar="ADDRESS", default="", help="run on a dask cluster instead")
        if name in ("report", "export"):
            report = name == "report"
            action.add_argument("-o", "--output", metavar="PLACE", required=not report, help="folder for the report; "
                                "default: DIR-report" if report else "file: .csv, .parquet or .extxyz")
            _add_force(action)
        if name == "status":
            action.add_argument("--json", action="store_true", help="the same as JSON")


def _add_wells(commands):
    parser = _command(commands, "wells", ("origins", "wells"), "solve a particle in a triple or square well: levels, "
                      "tunneling amplitude, flux area")
    parser.add_argument("kind", choices=("triple", "square"), help="three or four wells around a center")
    parser.add_argument("--mass-u", metavar="U", required=True, help="mass of the particle [u]")
    parser.add_argument("--charge", metavar="E", default="1", help="charge in elementary charges; default 1")
    parser.add_argument("--radius", metavar="A", required=True, help="distance of a well from the center [Angstrom]")
    parser.add_argument("--barrier", metavar="K", required=True, help="height of the saddles above the wells [K]")
    parser.add_argument("--shape", metavar="S", default="1", help="shape number of the family; default 1")
    parser.add_argument("--field", metavar="GRID", help="print the levels at these flux densities [T]: 0:10:50")
    parser.add_argument("--json", action="store_true", help="everything as JSON")
    parser.add_argument("-o", "--output", metavar="PLOT", help="draw potential and levels: plot.png, .pdf or .svg")
    _add_force(parser)


def _add_voids(commands):
    parser = _command(commands, "voids", ("origins", "voids"), "pack discs or spheres, describe their voids")
    parser.add_argument("--cells", metavar="N", default="300", help="number of cells; default 300")
    parser.add_argument("--spread", metavar="S", default="0.1", help="standard deviation of ln radius; default 0.1")
    parser.add_argument("--growth", metavar="G", default="0", help="growth of the radii after packing; default 0")
    parser.add_argument("--dimension", choices=("2", "3"), default="2", help="discs or spheres; default 2")
    parser.add_argument("--seed", metavar="N", default="0", help="of the random packing; default 0")
    parser.add_argument("--json", action="store_true", help="the same as JSON")
    parser.add_argument("-o", "--output", metavar="PLOT", help="draw cells, voids and loops (discs only)")
    _add_force(parser)


def _add_explore(commands):
    parser = _command(commands, "explore", ("explorer", "explore"), "move parameters and see every observable and all "
                      "data at once, in the browser")
    parser.add_argument("subject", metavar="GLASS|RUN.toml|FILE", nargs="?", help="a published set, a run file or a "
                        "measured file; BK7 at its published values when not given")
    parser.add_argument("--no-browser", action="store_true", help="only print the address")
    parser.add_argument("--port", metavar="N", type=int, default=0, help="default: a free one")
    parser.add_argument("--host", metavar="H", default="127.0.0.1", help="where to listen; default: this machine only")
    parser.add_argument("--resume", action="store_true", help="go on with the session that was changed last")
    parser.add_argument("--base-url", metavar="PATH", default="/", help="prefix that a proxy leaves in the address")
    parser.add_argument("--allow-host", metavar="NAME", action="append", default=[], help="a name under which a proxy "
                        "may ask, with its port where it has one")


def _add_demo(commands):
    parser = _command(commands, "demo", ("runs", "demo"), "the main job on real files and on a simulated glass")
    parser.add_argument("-o", "--output", metavar="DIR", default="demo-output", help="default: demo-output")
    _add_force(parser)


def _add_force(parser):
    parser.add_argument("--force", action="store_true", help="overwrite existing output")
