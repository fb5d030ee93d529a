"""Errors with one clear sentence: which thing, the value found, what was expected."""


class GlassTunnelError(ValueError):
    """Base of every error a user can cause; the command line prints it and exits with code 2."""


class ParameterError(GlassTunnelError):
    """A physical parameter, condition or option is missing or out of its range."""


class UnitError(GlassTunnelError):
    """A unit is unknown, or does not measure the quantity it is attached to."""


class SampleError(UnitError):
    """A conversion needs something of the sample (molar mass, composition, density) that is not known."""


class ReadError(GlassTunnelError):
    """A file could not be read; the message names file, line and column."""


class UnrecognizedError(ReadError):
    """A readable text whose format is not recognized: its columns have to be named."""


class FitError(GlassTunnelError):
    """A fit was asked for something impossible (unknown path, no data, no noise model)."""


class RunFileError(GlassTunnelError):
    """A run file does not say what to do; the message names file and key."""


class OutputError(GlassTunnelError):
    """Output would overwrite something that is not the program's own, or its place is not usable."""


class LandscapeError(GlassTunnelError):
    """A landscape search cannot go on: no saddle, an exploding run, a broken catalogue or one of another version."""
