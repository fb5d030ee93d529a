"""The command line: each command reads, calls one library function, and writes.

Nothing heavy is imported before a command needs it, so that ``glasstunnel --help`` answers at once.
"""

from glasstunnel.cli.program import main

__all__ = ["main"]
