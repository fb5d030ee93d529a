"""JSON and CSV as the command line and the report write them."""

import csv
import json
import math
from collections.abc import Mapping
from typing import Any, TextIO


def as_json(value: object) -> str:
    """`value` as JSON text. Arrays become lists; numbers that JSON does not know (infinity, NaN) become null.

    >>> as_json({"error": float("inf")})
    '{\\n  "error": null\\n}'
    """
    return json.dumps(_plain(value), indent=2, ensure_ascii=False, allow_nan=False)


def _plain(value):
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    if hasattr(value, "tolist"):
        return _plain(value.tolist())
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    return value


def write_csv(stream: TextIO, columns: Mapping[str, Any]) -> None:
    """Write {heading with unit: values} to a text stream, numbers to their last digit; columns are equally long.

    >>> import sys
    >>> write_csv(sys.stdout, {"T [K]": [1.0, 2.0], "M [emu/g]": [0.5, 0.25]})
    T [K],M [emu/g]
    1.0,0.5
    2.0,0.25
    """
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(zip(*(_plain(values) for values in columns.values()), strict=True))
