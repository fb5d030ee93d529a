"""Observables to which every contribution of a glass adds its share."""

from glasstunnel.systems.contribution import zeros


def value(row, glass, T, B, conditions, memory=None):
    """The sum over the contributions, of the broadcast shape of T, B and the conditions."""
    numbers = [entry for entry in conditions.values() if not isinstance(entry, str)] if conditions else ()
    return sum(glass.parts(row.method, T, B, **conditions).values(), start=zeros(T, B, *numbers))


def parts(row, glass, T, B, conditions, memory=None):
    """{contribution: its share}, for the contributions that give the observable; the shares add up to the value."""
    return glass.parts(row.method, T, B, **conditions)


def derivatives(row, glass, T, B, paths, conditions, *, memory=None):
    """(value, {path: derivative}); only the contribution that owns a path is evaluated for it."""
    return glass.derivatives(row.method, T, B, paths, **conditions)
