r"""Two-level systems driven so hard at audio frequency that their response is not linear: plain functions of arrays.

The drive moves the asymmetry, Delta(t) = Delta + 2 x y cos(wt), with x = p0 F0/k_B (or g e0/k_B for strain) in kelvin
and y the cosine between dipole and field. As h f is far below every gap that counts, a system follows its levels and
its population difference s relaxes towards what the gap of the moment asks for,

.. math:: \dot s = -[s - \tanh(E(t)/2T)]/\tau(E(t)), \qquad m = s\,\Delta(t)/E(t),

with the periodic solution taken over one cycle. Where Delta(t) passes zero a system stays on its level but for the
probability P = exp(-pi Delta0^2/(2 hbar |dDelta/dt|)) of Landau (Phys. Z. Sowjetunion 2, 46 (1932)) and Zener (Proc.
R. Soc. A 137, 696 (1932)), which turns s into (1 - 2P) s; phases of two passages are taken as lost, T2 being far
shorter than a cycle. The response is the fundamental of m over the amplitude: what a lock-in amplifier reads.
"""

import math
from typing import NamedTuple

import numpy as np

from glasstunnel.constants import boltzmann, hbar
from glasstunnel.errors import ParameterError
from glasstunnel.numerics.quadrature import legendre, panels
from glasstunnel.systems.response.two_level import ONE_PHONON, RelaxationLaw, quantum

_STEPS = 48  # of half a cycle on either side of the passage
_HIGHEST_QUANTUM = 0.1  # of T: the largest h f that counts as audio frequency
#: Directions of dipoles against the field, (cosines, weights), and the one direction of a strain.
DIPOLES = legendre(4)
STRAIN = (np.ones(1), np.ones(1))


class DrivenPopulation(NamedTuple):
    """What is driven: the range of Delta0 and gaps [K], gamma [s K^3] and the law of relaxation, the directions."""

    tunneling_min: float
    energy_max: float
    elastic_constant: float
    law: RelaxationLaw = ONE_PHONON
    directions: tuple[np.ndarray, np.ndarray] = DIPOLES


class DrivenSystems(NamedTuple):
    """Single systems under a drive: Delta, Delta0 and swing = 2 x y [K], arrays of one shape (n,)."""

    asymmetry: np.ndarray
    amplitude: np.ndarray
    swing: np.ndarray


def driven(T, frequency, drive, population: DrivenPopulation):
    """Fundamental response per unit strength, complex, of the broadcast shape of T, frequency [Hz] and drive = x [K].

    For drive -> 0 the linear response per A_2LS (with `STRAIN` per C); error below 2e-3 of the strength.
    `ParameterError` where h f is not below a tenth of T.
    """
    T, frequency, drive = np.broadcast_arrays(*(np.asarray(value, float) for value in (T, frequency, drive)))
    if np.any(quantum(frequency) > _HIGHEST_QUANTUM * T):
        raise ParameterError(
            "the response to a strong drive is that of audio frequencies, h f below a tenth of k_B T; lower the "
            "frequency, or leave the amplitude of the drive out"
        )
    response = [
        _ensemble(*point, population)
        for point in zip(T.ravel(), frequency.ravel(), drive.ravel(), strict=True)
    ]
    return np.reshape(np.array(response, complex), T.shape)


def _ensemble(T, frequency, drive, population):
    """Sum over directions, ln(Delta0) and Delta at one condition."""
    span = math.log(population.energy_max / population.tunneling_min)
    edges = math.log(population.tunneling_min) + np.linspace(0.0, span, max(2, math.ceil(span / 2.0)) + 1)
    logarithm, amplitude_weight = panels(edges, 8)
    cosine, cosine_weight = population.directions
    y, amplitude = (axis[..., None] for axis in np.meshgrid(cosine, np.exp(logarithm), indexing="ij"))
    asymmetry, weight = _asymmetries(2.0 * drive * y, amplitude, population.energy_max)
    weight = weight * cosine_weight[:, None, None] * amplitude_weight[:, None] * y / drive
    shape = asymmetry.shape
    systems = DrivenSystems(
        asymmetry.ravel(), np.broadcast_to(amplitude, shape).ravel(), np.broadcast_to(2.0 * drive * y, shape).ravel()
    )
    fundamental = single(systems, T, 2.0 * math.pi * frequency, population.elastic_constant, population.law)
    return np.sum(weight.ravel() * fundamental)


def _asymmetries(swing, amplitude, energy_max):
    """Delta from 0 to the largest gap and its weights: systems that the drive takes through zero, and the others."""
    unit, weight = legendre(10)
    angle = 0.5 * math.pi * unit
    last = np.sqrt(np.maximum((energy_max - amplitude) * (energy_max + amplitude), 0.0))
    crossed = np.minimum(swing, last)
    inner, inner_weight = crossed * np.sin(angle), crossed * 0.5 * math.pi * weight * np.cos(angle)
    unit, weight = panels([0.0, 0.5, 1.0], 10)
    scale = np.hypot(swing, amplitude)
    reach = np.sqrt(np.log1p((last - crossed) / scale))
    grown = np.exp((reach * unit) ** 2)
    outer, outer_weight = crossed + scale * (grown - 1.0), 2.0 * scale * reach**2 * unit * grown * weight
    return np.concatenate([inner, outer], axis=-1), np.concatenate([inner_weight, outer_weight], axis=-1)


def single(systems: DrivenSystems, T, omega, elastic_constant, law=ONE_PHONON, steps=_STEPS):
    """(1/pi) Int_0^2pi m e^{i wt} d(wt) of single systems, (n,).

    T [K] and omega [rad/s] are numbers; the answer is dimensionless, m itself lies between -1 and 1.

    >>> systems = DrivenSystems(np.array([0.1]), np.array([0.1]), np.array([1e-6]))
    >>> weak = single(systems, 1.0, 1.0, 1e-9) / 1e-6
    >>> exact = 0.1**2 * np.tanh(np.sqrt(0.02) / 2) / 0.02**1.5 + 0.5 / np.cosh(np.sqrt(0.02) / 2) ** 2 / 2
    >>> bool(abs(weak[0].real / exact - 1) < 1e-3)
    True
    """
    asymmetry, amplitude, swing = systems
    phase, weight = _cycle(asymmetry, amplitude, swing, steps)
    moved = asymmetry + swing * np.cos(phase)
    gap = np.hypot(moved, amplitude)
    aim = np.tanh(gap / (2.0 * T))
    rate = (amplitude / gap) ** 2 / (omega * law.shortest(gap, T, elastic_constant))
    turned = _passage(asymmetry, amplitude, swing, omega)
    forward, backward = _periodic(np.diff(phase, axis=0), aim, rate, turned)
    cosine = moved / gap
    # A constant has no fundamental: without the value at rest nothing cancels at small swings.
    still = asymmetry / np.hypot(asymmetry, amplitude) * np.tanh(np.hypot(asymmetry, amplitude) / (2.0 * T))
    first, second = cosine * forward - still, cosine * backward - still
    real = np.sum(weight * np.cos(phase) * (first + second), axis=0)
    return (real + 1j * np.sum(weight * np.sin(phase) * (first - second), axis=0)) / math.pi


def _cycle(asymmetry, amplitude, swing, steps):
    """Phases of half a cycle (2 steps + 1, n), crowded where Delta(t) passes zero, and weights of an integral."""
    crossed = np.abs(asymmetry) < swing
    center = np.where(crossed, np.arccos(np.clip(-asymmetry / swing, -1.0, 1.0)), 0.5 * math.pi)
    width = np.where(crossed, amplitude / (swing * np.maximum(np.sin(center), 1e-3)), 1.0)
    unit = np.linspace(0.0, 1.0, steps + 1)[:, None]
    before = np.arcsinh(center / width)
    after = np.arcsinh((math.pi - center) / width)
    left, right = before * (unit[::-1]), after * unit
    phase = np.concatenate([center - width * np.sinh(left), (center + width * np.sinh(right))[1:]])
    jacobian = [width * np.cosh(left) * before, width * np.cosh(right) * after]
    rule = _simpson(steps)[:, None]
    weight = np.concatenate([rule * jacobian[0], (rule * jacobian[1])[1:]])
    weight[steps] += (rule * jacobian[1])[0]
    return phase, weight


def _simpson(steps):
    weight = np.full(steps + 1, 2.0)
    weight[1::2] = 4.0
    weight[[0, -1]] = 1.0
    return weight / (3.0 * steps)


def _passage(asymmetry, amplitude, swing, omega):
    """1 - 2P of the passage through zero; 1 where there is none."""
    crossed = np.abs(asymmetry) < swing
    speed = omega * np.sqrt(np.maximum(swing**2 - asymmetry**2, 1e-300)) * hbar / boltzmann
    jump = np.exp(-np.minimum(0.5 * math.pi * amplitude**2 / speed, 700.0))
    return np.where(crossed, 1.0 - 2.0 * jump, 1.0)


def _periodic(step, aim, rate, turned):
    """s on the way from phase 0 to pi and, at the same phases, on the way back: (nodes, n) each."""
    middle = len(step) // 2
    exponent = 0.5 * step * (rate[1:] + rate[:-1])
    keep = np.exp(-exponent)
    there, back = _gains(exponent, keep)
    ahead, behind = there * aim[1:] + back * aim[:-1], there * aim[:-1] + back * aim[1:]
    zero = np.zeros(aim.shape[1])

    def around(start):
        s, forward = start, [start]
        for k in range(len(step)):
            s = (turned * s if k == middle else s) * keep[k] + ahead[k]
            forward.append(s)
        backward = [s]
        for k in reversed(range(len(step))):
            s = (turned * s if k == middle - 1 else s) * keep[k] + behind[k]
            backward.append(s)
        return np.array(forward), np.array(backward[::-1])

    kept = np.maximum(np.abs(turned), 1e-150)
    lost = -np.expm1(-2.0 * np.sum(exponent, axis=0) + 2.0 * np.log(kept))
    _, backward = around(zero)
    return around(np.where(lost > 0.0, backward[0] / np.where(lost > 0.0, lost, 1.0), 0.0))


def _gains(x, keep):
    """Weights of the value asked for at the end and at the start of a step x = dt/tau in which it varies linearly."""
    small = x < 1e-2
    safe = np.where(small, 1.0, x)
    mean = (1.0 - keep) / safe
    end = x * (0.5 - x * (1 / 6 - x * (1 / 24 - x / 120)))
    start = x * (0.5 - x * (1 / 3 - x * (1 / 8 - x / 30)))
    return np.where(small, end, 1.0 - mean), np.where(small, start, mean - keep)
