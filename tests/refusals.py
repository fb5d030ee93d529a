"""What every refusal has in common: one sentence of an error of this package."""

from glasstunnel import GlassTunnelError


def is_refused(attempt, kind=GlassTunnelError, naming="", case=""):
    """Whether a call ends in one sentence that contains `naming`; any other error fails the test, with the `case`."""
    try:
        attempt()
    except kind as error:
        assert str(error) and naming in str(error) and "\n" not in str(error), case
        return True
    except Exception as error:
        raise AssertionError(f"{case}: {type(error).__name__}: {error}") from error
    return False
