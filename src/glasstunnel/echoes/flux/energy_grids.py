"""Quadrature nodes over the energy gap for integrands that are narrow around the carrier and ripple beside it."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from glasstunnel.constants import boltzmann, hbar
from glasstunnel.errors import ParameterError
from glasstunnel.numerics.quadrature import panels

#: Angular frequency of one kelvin [rad/s].
PER_KELVIN = boltzmann / hbar

_NODES = 8  # per panel
_RIPPLES = 4  # panels per ripple 2 pi/(longest time)
_MOST_PANELS = 60_000  # some 250 MB of responses
_CLOSEST = 1e-14  # panels are wider than this share of the gap
_HALVINGS = 30  # of the panels beside an edge, where the density of states varies as a logarithm


@dataclass(frozen=True, eq=False)
class EnergyGrid:
    """Gaps and weights of two rules: `near` resolves every ripple, `far` continues it with the mean over ripples.

    gap, weight : (nodes,) [K]; near : (nodes,) True where the full integrand belongs. A smooth window hands over from
    one to the other; ripples under a smooth window integrate to nothing.
    """

    gap: np.ndarray
    weight: np.ndarray
    near: np.ndarray

    def detuning(self, carrier: float) -> np.ndarray:
        """z = E/hbar - omega [rad/s] for a carrier omega [rad/s]."""
        return PER_KELVIN * self.gap - carrier


def energy_grid(
    lowest: float,
    carrier: float,
    durations: Sequence[float],
    highest: float,
    *,
    longest: float = 0.0,
    edges: Sequence[float] = (),
) -> EnergyGrid:
    """The `EnergyGrid` from the smallest gap `lowest` [K] to `highest` [K] for a carrier omega [rad/s].

    durations : of the pulses, by which phases turn with the detuning; longest : any longer time that matters [s].
    edges : further gaps [K] where the integrand has a kink.
    `ParameterError`, before anything is allocated, where so many panels would be needed that memory runs out.
    """
    times = [time for time in durations if time > 0.0] or [1.0 / carrier]
    quantum = carrier / PER_KELVIN
    width = 2.0 * np.pi / (_RIPPLES * max(*times, longest)) / PER_KELVIN
    smoothing = 10.0 / min([*times, *_differences(times)]) / PER_KELVIN
    center = max(quantum, lowest, *edges) + 10.0 * smoothing
    stop = min(highest, center + 5.0 * smoothing)
    _check_size((stop - lowest) / width, max(*times, longest))
    if stop == highest:
        gap, weight = panels(_edges(lowest, highest, width, edges), _NODES)
        return EnergyGrid(gap, weight, np.ones(len(gap), bool))
    gap, weight = panels(_edges(lowest, stop, width, edges), _NODES)
    window = _window(gap, center, smoothing)
    start = center - 5.0 * smoothing
    span = smoothing * np.arange(21)
    beyond = span[-1] * 1.3 ** np.arange(1, 200)
    beyond = beyond[start + beyond < highest]
    far_gap, far_weight = panels(np.concatenate([start + span, start + beyond, [highest]]), _NODES)
    far_window = 1.0 - _window(far_gap, center, smoothing)
    return EnergyGrid(
        np.concatenate([gap, far_gap]), np.concatenate([weight * window, far_weight * far_window]),
        np.concatenate([np.ones(len(gap), bool), np.zeros(len(far_gap), bool)]),
    )


def _check_size(panels_needed, longest):
    if panels_needed > _MOST_PANELS:
        raise ParameterError(
            f"echo: phases that turn for {longest:g} s need {panels_needed * _NODES:.2g} energies, more than the "
            f"{_MOST_PANELS * _NODES:.2g} that are evaluated; ask for times closer to the echo, or for a shorter gate, "
            "pulse or receiver memory"
        )


def _window(gap, center, smoothing):
    """One far below `center`, zero far above."""
    from scipy.special import erfc

    return 0.5 * erfc((gap - center) / smoothing)


def _differences(times):
    """Differences of unequal times: slow beats between ripples."""
    return [abs(a - b) for i, a in enumerate(times) for b in times[:i] if a != b]


def _edges(low, high, width, kinks):
    """Panel edges of about equal width, halved towards `low` and towards each kink."""
    stops = [low, *sorted(kink for kink in kinks if low < kink < high), high]
    fractions = 0.5 ** np.arange(_HALVINGS, 0, -1)
    edges = [low]
    for i, (start, stop) in enumerate(zip(stops, stops[1:], strict=False)):
        count = max(2, int(np.ceil((stop - start) / width)))
        inner = np.linspace(start, stop, count + 1)
        step = inner[1] - inner[0]
        towards_stop = stop - step * fractions[::-1] if i < len(stops) - 2 else []
        edges.extend([*(start + step * fractions), *inner[1:-1], *towards_stop, stop])
    edges = np.unique(edges)
    distinct = np.diff(edges) > _CLOSEST * edges[1:]
    return np.append(edges[:-1][distinct], high)
