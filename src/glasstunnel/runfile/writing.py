"""A glass as the ``[glass]`` table of a run file."""

import dataclasses
from typing import Any

from glasstunnel.errors import ParameterError
from glasstunnel.runfile.glass import NOT_GIVEN
from glasstunnel.systems.contribution import Contribution
from glasstunnel.systems.glass import Glass, as_glass


def glass_text(glass: Glass | Contribution) -> str:
    """A glass as TOML, which ``read_glass``, ``curve --glass`` and a run file take; notes and sources are left out.

    `ParameterError` for what TOML cannot say.
    """
    import tomli_w

    return tomli_w.dumps({"glass": glass_table(as_glass(glass, "write_glass"))})


def glass_table(glass: Glass) -> dict[str, Any]:
    """The ``[glass]`` table of a glass, every contribution spelled out.

    >>> from glasstunnel import LarmorDiamagnetism
    >>> from glasstunnel.systems.glass import as_glass
    >>> glass_table(as_glass(LarmorDiamagnetism(4e-6)))["contributions"]
    {'larmor': {'type': 'LarmorDiamagnetism', 'susceptibility': 4e-06}}
    """
    parts = {key: contribution_table(part) for key, part in glass.contributions.items()}
    return {"name": glass.name, "contributions": parts} if glass.name else {"contributions": parts}


def contribution_table(part: Contribution) -> dict[str, Any]:
    """A contribution as a table of a run file; `ParameterError` for what TOML cannot say."""
    kind, table = type(part).__name__, {}
    for field in dataclasses.fields(part):
        value = getattr(part, field.name)
        if value is None and "parameter" in field.metadata and field.default is not None:
            table[field.name] = NOT_GIVEN
        elif value is not None:
            table[field.name] = _plain(value, f"{kind}.{field.name}")
    return {"type": kind, **table}


def _plain(value, where):
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        pairs = ((field.name, getattr(value, field.name)) for field in dataclasses.fields(value))
        return {name: _plain(entry, where) for name, entry in pairs if entry is not None}
    if isinstance(value, (tuple, list)):
        return [_plain(entry, where) for entry in value]
    if isinstance(value, (bool, int, float, str)):
        return value
    raise ParameterError(f"{where}: a run file cannot say {value!r}")
