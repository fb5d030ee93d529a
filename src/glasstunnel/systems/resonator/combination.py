"""How loss and frequency shift of a resonator come from the glass it stands in: filling factor, saturation, film.

    1/Q_i = F [S tan(delta_res) + tan(delta_rel)] + film + residual,   df/f = -(F/2) d(eps')/eps' + film

`row` is an observable whose method is `internal_loss` or `frequency_shift` of the `Resonator`; `memory`, where given,
is kept by the caller for the same temperatures, fields and conditions: fits mostly vary a part of the resonator, and
the glass in it and the film then stay as they are.
"""

from dataclasses import replace

import numpy as np

from glasstunnel.errors import ParameterError
from glasstunnel.systems.contribution import zeros
from glasstunnel.systems.glass import owned
from glasstunnel.systems.resonator.contribution import Resonator, film_loss, film_shift

_REMEMBERED = 64


def value(row, glass, T, B, conditions, memory=None):
    """The sum of the shares."""
    return sum(parts(row, glass, T, B, conditions, memory).values())


def parts(row, glass, T, B, conditions, memory=None):
    """{contribution: share}; the resonator itself has the share of film and residual loss."""
    observed, memory = _OBSERVED[row.method], {} if memory is None else memory
    key, resonator = resonator_of(glass)
    shares = {
        name: observed.seen(resonator, _response(observed, part, T, B, conditions, memory), T, conditions)
        for name, part in glass.contributions.items() if name != key
    }  # fmt: skip
    return shares | {key: _alone(observed, resonator, T, B, conditions, memory)}


def derivatives(row, glass, T, B, paths, conditions, *, memory=None):
    """(value, {path: derivative}); every contribution is evaluated again only for its own paths."""
    observed, memory = _OBSERVED[row.method], {} if memory is None else memory
    key, resonator = resonator_of(glass)
    total, slopes = 0.0, {}
    for name, part in glass.contributions.items():
        if name == key:
            continue
        total = total + _response(observed, part, T, B, conditions, memory)
        for path in owned(paths, name):
            change = part.difference(path, lambda moved: _response(observed, moved, T, B, conditions, {}))
            slopes[f"{name}.{path}"] = observed.seen(resonator, change, T, conditions)
    total = total + np.zeros((observed.rows, *(1,) * np.ndim(T)))

    def whole(moved):
        return observed.seen(moved, total, T, conditions) + _alone(observed, moved, T, B, conditions, memory)

    value_here = whole(resonator)
    for path in owned(paths, key):
        linear = path in ("residual_loss", "kinetic_inductance_fraction")
        slopes[f"{key}.{path}"] = (
            _alone(observed, replace(resonator, **_UNIT | {path: 1.0}), T, B, conditions, memory) if linear
            else resonator.difference(path, whole)
        )  # fmt: skip
    return value_here, slopes


def resonator_of(glass):
    """(key, `Resonator`) of a glass; `ParameterError` unless there is exactly one."""
    resonators = [(key, part) for key, part in glass.contributions.items() if isinstance(part, Resonator)]
    if len(resonators) != 1:
        raise ParameterError(
            f"internal loss and frequency shift need one Resonator among the contributions, there are {len(resonators)}"
        )
    return resonators[0]


#: Shares of film and residual loss are proportional to these two.
_UNIT = {"residual_loss": 0.0, "kinetic_inductance_fraction": 0.0}


def _alone(observed, resonator, T, B, conditions, memory):
    """Film and residual loss; the film is remembered by its gap."""
    film = _remember(memory, (observed, "film", resonator.gap), lambda: observed.film(resonator.gap, T, conditions))
    residual = resonator.residual_loss if observed is _Loss else 0.0
    return residual + resonator.kinetic_inductance_fraction * (film + zeros(T, B))


def _response(observed, part, T, B, conditions, memory):
    """What a contribution does to the field in the resonator, (rows, ...); nothing where it has no dipole."""
    if not part.gives("permittivity"):
        return np.zeros((observed.rows, *np.shape(zeros(T, B, conditions["frequency"]))))
    return _remember(memory, (observed, part), lambda: observed.response(part, T, B, conditions))


def _remember(memory, key, compute):
    if key not in memory:
        while len(memory) >= _REMEMBERED:
            del memory[next(iter(memory))]
        memory[key] = compute()
    return memory[key]


class _Loss:
    """Internal loss: resonant (which the drive saturates) and relaxational loss tangent."""

    rows = 2

    @staticmethod
    def response(part, T, B, conditions):
        kinds = ("resonant", "relaxational")
        return np.stack([part.loss_tangent(T, B, conditions["frequency"], part=kind) for kind in kinds])

    @staticmethod
    def film(gap, T, conditions):
        return film_loss(gap, T, conditions["frequency"])

    @staticmethod
    def seen(resonator, response, T, conditions):
        drive = {key: numbers for key, numbers in conditions.items() if key != "frequency"}
        factor = resonator.saturation(T, conditions["frequency"], **drive)
        return resonator.filling_factor * (factor * response[0] + response[1])


class _Shift:
    """Frequency shift, in its weak-field value: it comes from systems far from resonance."""

    rows = 1

    @staticmethod
    def response(part, T, B, conditions):
        return part.dielectric_shift(T, B, **conditions)[None]

    @staticmethod
    def film(gap, T, conditions):
        return film_shift(gap, T, conditions["frequency"], conditions["reference_temperature"])

    @staticmethod
    def seen(resonator, response, T, conditions):
        return -0.5 * resonator.filling_factor * response[0]


_OBSERVED = {"internal_loss": _Loss, "frequency_shift": _Shift}
