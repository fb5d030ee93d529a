"""One command from its words to its exit code; the one place where an error becomes a sentence."""

import os
import re
import sys
import warnings
from contextlib import redirect_stdout, suppress
from importlib import import_module
from typing import Any, cast

from glasstunnel.cli.encodings import spell_out_what_is_lacking
from glasstunnel.cli.parser import build_parser
from glasstunnel.errors import GlassTunnelError, ParameterError


def main(arguments=None):
    """Run one command; return 0, 1 (a fit did not converge) or 2 (one sentence on standard error says why).

    >>> main(["convert", "30", "kOe", "T"])
    3 T
    0
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", RuntimeWarning)  # results that are not finite end in a sentence
            return _run(arguments)
    except GlassTunnelError as error:
        return _fail(str(error))
    except BrokenPipeError:
        _drop_standard_output()
        return 0
    except OSError as error:
        _drop_standard_output()
        return _fail(f"{error.filename}: {error.strerror}" if error.filename else error.strerror or str(error))
    except MemoryError:
        return _fail("not enough memory for this input")
    except KeyboardInterrupt:
        return _fail("interrupted", code=130)
    except Exception as error:  # a user never sees a traceback; what comes here is a defect of the program
        return _fail(f"defect, please report it with your command: {type(error).__name__}: {error}", code=3)


def _run(arguments):
    spell_out_what_is_lacking(sys.stdout, sys.stderr)
    arguments = list(map(str, sys.argv[1:] if arguments is None else arguments))
    loaded = _load_modules(arguments)  # before the parser, for what they register is offered by it
    parser = build_parser()
    if "_ARGCOMPLETE" in os.environ:
        _complete(parser)
    options = parser.parse_args(_negative_values_joined(arguments))
    if "module" in options and not loaded:
        raise ParameterError("--module must be written in full")
    if options.version or options.cite:
        print("\n".join([f"glasstunnel {_version()}"] * options.version + [_citation()] * options.cite))
        return 0
    if options.completion:
        print(_completion(options.completion))
        return 0
    if not options.command:
        parser.print_help()
        return 0
    _set_loudness(options.loudness)
    module, function = options.command
    from glasstunnel.cli.output import Plain

    with redirect_stdout(cast(Any, Plain(sys.stdout))):
        code = getattr(import_module(f"glasstunnel.cli.{module}"), function)(options)
    sys.stdout.flush()
    return code or 0


def _load_modules(arguments):
    if not any(text.startswith("--module") for text in arguments):
        return []
    from glasstunnel.cli.plugins import load_modules

    return load_modules(arguments)


def _negative_values_joined(arguments):
    """``--field -7:7:101`` as ``--field=-7:7:101``: argparse takes a grid that begins with a minus for an option."""
    joined = []
    for text in arguments:
        if joined and re.match(r"-\.?\d", text) and re.fullmatch(r"--[a-z][a-z-]*", joined[-1]):
            joined[-1] += f"={text}"
        else:
            joined.append(text)
    return joined


def _fail(sentence, code=2):
    from glasstunnel.progress import printable

    print("glasstunnel: " + " ".join(printable(sentence).split()), file=sys.stderr)
    return code


def _drop_standard_output():
    """Nobody reads it any more: keep the interpreter from complaining when it flushes at the end."""
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _version():
    from glasstunnel import __version__

    return __version__


def _set_loudness(loudness):
    """Send the log of the package to standard error when it is asked for; silence progress when nothing is wanted."""
    from glasstunnel.progress import Progress

    Progress.quiet = loudness < 0
    if loudness > 0:
        import logging

        logger = logging.getLogger("glasstunnel")
        handler = logging.StreamHandler()
        handler.setFormatter(logging.Formatter("glasstunnel: %(message)s"))
        logger.handlers[:] = [handler]
        logger.setLevel(logging.INFO)


def _complete(parser):
    """Answer the shell, which asks what could follow; without argcomplete nothing does."""
    with suppress(ImportError):
        import argcomplete

        argcomplete.autocomplete(parser)


def _completion(shell):
    try:
        from argcomplete.shell_integration import shellcode
    except ImportError:
        raise ParameterError("shell completion needs argcomplete: pip install 'glasstunnel[completion]'") from None
    return shellcode(["glasstunnel"], shell=shell)


def _citation():
    from glasstunnel.papers.entries import paper_citations

    papers = "\n".join(f"  {number}: {citation}" for number, citation in paper_citations().items())
    return (
        f"The glasstunnel authors, glasstunnel {_version()} (software).\n"
        "Every contribution names the papers its formulas come from: see the report's table of sources, or\n"
        "'glasstunnel show ID' for a published parameter set. The papers, as the copies used print them:\n" + papers
    )
