"""The named theories of a contribution: which one is chosen, and which are drawn beside it."""

import dataclasses
from collections.abc import Mapping
from typing import Any

from glasstunnel.errors import GlassTunnelError, ParameterError
from glasstunnel.explorer.state import State


def variant_options(part: Any, name: str) -> Mapping[str, Any]:
    """The options of a theory that a contribution names; `ParameterError` for an unknown one."""
    if name not in part.variants:
        known = ", ".join(part.variants) or "one"
        raise ParameterError(f"{type(part).__name__} has no theory {name!r}; it has {known}")
    return part.variants[name]


def theory_of(part: Any) -> str:
    """The named theory that its options amount to; nothing where they are none of these."""
    for name, options in part.variants.items():
        if all(getattr(part, option) == value for option, value in options.items()):
            return name
    return ""


def theories_beside(state: State) -> dict[str, Any]:
    """{label: glass} of the theories that are drawn beside the chosen one."""
    found = {}
    for name in state.view.get("theories", ()):
        key, _, theory = name.partition(":")
        part = state.glass.contributions.get(key)
        if part is None:
            continue
        try:
            other = dataclasses.replace(part, **variant_options(part, theory))
        except GlassTunnelError:
            continue  # this theory needs what the glass does not state
        if other != part:
            found[theory] = state.glass.with_contribution(key, other)
    return found


def chosen_theory(state: State) -> str:
    """The name of the theory beside which others are drawn, as long as these vary one contribution."""
    keys = {name.partition(":")[0] for name in state.view.get("theories", ())}
    part = state.glass.contributions.get(keys.pop()) if len(keys) == 1 else None
    return (theory_of(part) if part is not None else "") or "the chosen theory"
