"""What one measures: plain functions of a contribution (usually a `Glass`) and the conditions.

`OBSERVABLES` is the one list of them: fits, the command line and plots read it.
"""

from glasstunnel.observables.table import OBSERVABLES, Observable

__all__ = ["OBSERVABLES", "Observable"]
