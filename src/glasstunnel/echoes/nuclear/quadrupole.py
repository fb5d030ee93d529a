"""Echo amplitude in a magnetic field when nuclear quadrupoles, not flux, explain it."""

from functools import partial

import numpy as np
from numpy.typing import ArrayLike

from glasstunnel.echoes.nuclear.hamiltonian import ground_and_excited
from glasstunnel.echoes.nuclear.trace import three_pulse_trace, two_pulse_trace
from glasstunnel.errors import ParameterError
from glasstunnel.numerics.arrays import real_arrays
from glasstunnel.numerics.checks import is_number
from glasstunnel.numerics.quadrature import legendre
from glasstunnel.numerics.random_tensors import czjzek
from glasstunnel.systems.nuclei import NUCLEI, Nucleus

_TOLERANCE = 1e-4  #: of the powder average that the program chooses
_LEVELS = 14  #: rules of that average, each about twice as many directions as the one before
_LARGEST = 3e9  #: numbers that one field may work through: about a minute
_LARGEST_CALL = 3e10  #: and all fields of a call
_EARLY = 6e7  #: numbers, about a second's, up to which it is estimated what is ahead
_SURELY = 1.4  #: times too much by the estimate from which a field is refused before it is worked through
_MARGIN = 2.0  #: times the directions that follow every phase: an average that turns much takes more, up to 40 times
_PER_RING = 9.0  #: directions over the sphere for the square of the rings of one octant
_BLOCK = 2e6  #: and at a time
_DIAGONALIZATION = 1000  #: numbers that take as long as one
_MOST_RATIOS = 1000  #: nodes of the average over asymmetry ratios

def nuclear_quadrupole_echo(
    nucleus: str | Nucleus,
    quadrupole_frequency: ArrayLike,
    axis_angle: float,
    B: ArrayLike,
    waiting_time: ArrayLike,
    *,
    asymmetry_parameter: ArrayLike = 0.0,
    asymmetry_ratio: float | str = "weak pulses",
    second_waiting_time: float | None = None,
    orientations: float | None = None,
    weights: ArrayLike | None = None,
) -> np.ndarray:
    """Factor by which one nuclear spin in each tunneling particle changes the echo amplitude.

    The quadrupole axis differs between the wells by `axis_angle`, so the nuclear levels differ between the tunneling
    states and the spins beat with the echo  [Wuerger, Fleischmann, Enss, Phys. Rev. Lett. 89, 237601 (2002)]. One for
    several nuclei is the product. Pulses count as short, nuclei as infinitely hot.

    Parameters
    ----------
    nucleus : name in `NUCLEI`, or a `Nucleus`.
    quadrupole_frequency : omega_q = e^2 q Q/(4 I (2I-1) hbar) [rad/s]; a number, or (k,) values of a distribution.
    axis_angle : angle between the quadrupole axes of the two wells [rad].
    B, waiting_time : flux density [T] and time between the pulses tau12 [s]; arrays that broadcast together.
    asymmetry_parameter : eta of the field gradient, 0 to 1; a number, or one for each `quadrupole_frequency`
        (`czjzek_couplings` gives both, with weights).
    asymmetry_ratio : Delta/E from 0 to 1, or "weak pulses" for the average over the systems that answer weak pulses,
        density (3/2)(1 - x^2) of x = Delta/E.
    second_waiting_time : time between pulses 2 and 3 [s]; given, the three-pulse echo is meant.
    orientations : directions of B over the sphere in the powder average (one octant of them is evaluated). None: as
        many as it takes for an error below 1e-4, field by field; the number grows as the square of the fastest nuclear
        frequency times the longest waiting time.
    weights : (k,) weights of the distribution of `quadrupole_frequency` (normalized here); equal when not given.

    Returns
    -------
    array of the broadcast shape of B and waiting_time, real, 1 for no effect. Even in B, tends to 1 as B^-2.

    Raises
    ------
    ParameterError for an unknown nucleus, a negative waiting time, a ratio outside its range, and waiting times so long
    that the averages would take more than a minute for one field, ten for all.

    >>> from glasstunnel import nuclear_quadrupole_echo
    >>> factor = nuclear_quadrupole_echo("B-11", 5e5, 0.4, B=[0.0, 0.5], waiting_time=4e-6)
    >>> bool(factor[0] < factor[1] <= 1.0)
    True
    """
    nucleus = _nucleus(nucleus)
    frequencies, frequency_weights = _distribution(quadrupole_frequency, weights)
    asymmetries = _asymmetries(asymmetry_parameter, frequencies)
    B, waiting_time = real_arrays(("B", B), ("waiting_time", waiting_time))
    _check_numbers(
        axis_angle=axis_angle, orientations=8 if orientations is None else orientations,
        second_waiting_time=0.0 if second_waiting_time is None else second_waiting_time,
    )
    _check(B, waiting_time, second_waiting_time, axis_angle, orientations)
    longest = max(waiting_time.max(initial=0.0), second_waiting_time or 0.0)
    fields, field_index = np.unique(np.abs(B), return_inverse=True)
    times, time_index = np.unique(waiting_time, return_inverse=True)
    each = len(times) * round(2 * nucleus.spin + 1) ** 2 + _DIAGONALIZATION
    couplings = []
    for frequency, eta, weight in zip(frequencies, asymmetries, frequency_weights, strict=True):
        turn = _largest_turn(nucleus.spin, frequency, eta, axis_angle)
        ratios, ratio_weights = _asymmetry_ratios(asymmetry_ratio, turn * longest, each)

        def average(field, directions, direction_weights, *, frequency=frequency, eta=eta, ratios=ratios,
                    ratio_weights=ratio_weights):  # fmt: skip
            """Average over directions and asymmetries for one coupling at one field: (times,)."""
            larmor = nucleus.gyromagnetic_ratio * field * directions[:, None, :]
            ground, excited = ground_and_excited(nucleus.spin, frequency, eta, axis_angle, ratios, larmor)
            if second_waiting_time is None:
                trace = two_pulse_trace(ground, excited, times)
            else:
                trace = three_pulse_trace(ground, excited, times, np.full(len(times), float(second_waiting_time)))
            return np.einsum("drt,d,r->t", np.real(trace), direction_weights, ratio_weights)

        # Rare couplings, often the fastest ones, need be known less well: each may err by its share of the tolerance.
        tolerance = _TOLERANCE / max(weight * len(frequencies), 1e-9)
        following = partial(_directions_that_follow, nucleus, frequency, eta, axis_angle, longest)
        couplings.append((weight, average, each * len(ratios), tolerance, following))
    powder, table = _Powder(longest, len(fields)), np.zeros((len(fields), len(times)))
    for row, field in zip(table, fields, strict=True):
        for weight, average, numbers, tolerance, following in couplings:
            row += weight * powder.mean(average, field, numbers, orientations, tolerance, following)
        powder.finish_field()
    field_index, time_index = np.reshape(field_index, B.shape), np.reshape(time_index, waiting_time.shape)
    return table[field_index, time_index]


class _Powder:
    """Powder averages of average(field, directions, weights) -> (times,), in blocks and within a limit of work.

    longest : longest waiting time, for the message [s]. fields : their number, which the first one is multiplied by.
    """

    def __init__(self, longest, fields):
        self.longest, self.fields = longest, fields
        self.work = 0.0  # of the field in hand

    def finish_field(self):
        """Refuse a call whose fields together would take too long, once one of them is known."""
        _check_work(self.work * self.fields, self.longest, _LARGEST_CALL)
        self.work = 0.0

    def mean(self, average, field, each, orientations, tolerance, following):
        """The average with `orientations` directions, or with as many as the tolerance takes: (times,).

        each : numbers that one direction works through. following(field) : directions that follow every phase.
        """
        if orientations is not None:
            return self._rule(average, field, each, orientations)
        return self._converged(lambda count: self._rule(average, field, each, count), each, tolerance,
                               partial(following, field))  # fmt: skip

    def _rule(self, average, field, each, orientations):
        _check_work(self.work + orientations / 8.0 * each, self.longest)
        directions, weights = octant(orientations)
        self.work += len(weights) * each
        size = max(1, int(_BLOCK / each))
        blocks = [slice(start, start + size) for start in range(0, len(weights), size)]
        return sum(average(field, directions[block], weights[block]) for block in blocks)

    def _converged(self, rule, each, tolerance, following):
        """rule(directions) with so many that the next finer rule, and the one before, agree."""
        before, close = rule(240), False
        for level in range(1, _LEVELS):
            count = 240 * 2**level
            after = rule(count)
            change = float(np.max(np.abs(after - before), initial=0.0))
            if change < 0.01 * tolerance or (close and change < 0.5 * tolerance):
                return after
            self._look_ahead(count, 2.0 * count * (change / (0.5 * tolerance)) ** 2, each, following)
            before, close = after, change < 0.5 * tolerance
        raise _too_long(self.longest)

    def _look_ahead(self, count, expected, each, following):
        """Refuse at once what will be refused after all the work.

        Rules too coarse for the phases scatter like samples, by one over the root of their number of directions:
        `expected` is how many that takes, twice over because two rules in turn have to agree. Or it takes those that
        follow the phases.
        """
        def work_for(directions):
            return self.work + 2.0 * (directions - count) / 8.0 * each  # of all rules up to there

        if self.work < _EARLY and work_for(expected) > _SURELY * _LARGEST:
            _check_work(work_for(min(expected, _MARGIN * following())) / _SURELY, self.longest)


def _check_work(numbers, longest, largest=_LARGEST):
    if numbers > largest:
        raise _too_long(longest, largest)


def _too_long(longest, largest=_LARGEST):
    return ParameterError(
        f"nuclear_quadrupole_echo: averages up to a waiting time of {longest:g} s turn too fast: they would work "
        f"through more than {largest:.0e} numbers; shorten the times, ask for fewer, or give orientations"
    )


def octant(orientations: float) -> tuple[np.ndarray, np.ndarray]:
    """Directions of one octant that average like `orientations` over the sphere: (n, 3) and weights (n,), sum one.

    Half turns about the three axes of the two wells' common frame, and reversal of B, leave the real part of the
    trace as it is.

    >>> directions, weights = octant(500)
    >>> len(weights), round(float(weights @ directions[:, 2] ** 2), 12)
    (63, 0.333333333333)
    """
    rings = max(2, round(np.sqrt(orientations / _PER_RING)))
    around = max(2, round(orientations / (8.0 * rings)))
    cosine, weight = legendre(rings)
    angle = 0.5 * np.pi * (np.arange(around) + 0.5) / around
    cosine, angle = (grid.ravel() for grid in np.meshgrid(cosine, angle, indexing="ij"))
    sine = np.sqrt(1.0 - cosine**2)
    directions = np.stack([sine * np.cos(angle), sine * np.sin(angle), cosine], axis=-1)
    return directions, np.repeat(weight, around) / around


def _nucleus(nucleus):
    if isinstance(nucleus, Nucleus):
        return nucleus
    if not isinstance(nucleus, str) or nucleus not in NUCLEI:
        raise ParameterError(f"no nucleus {nucleus!r}; there are {', '.join(NUCLEI)}, or give a Nucleus")
    return NUCLEI[nucleus]


def _distribution(values, weights):
    values = np.atleast_1d(real_arrays(("quadrupole_frequency", values))[0])
    weights = np.ones_like(values) if weights is None else real_arrays(("weights", weights))[0]
    if values.ndim != 1 or weights.shape != values.shape or not weights.sum() > 0 or not (weights >= 0).all():
        raise ParameterError(
            "quadrupole_frequency and weights must be numbers, or lists of the same length, weights >= 0"
        )
    if not np.isfinite(values).all():
        raise ParameterError(f"quadrupole_frequency must be finite [rad/s], got {values.tolist()}")
    return values, weights / weights.sum()


def _asymmetries(values, frequencies):
    """eta for every frequency."""
    values = real_arrays(("asymmetry_parameter", values))[0]
    if values.shape not in ((), frequencies.shape):
        raise ParameterError(
            f"asymmetry_parameter must be a number or one for each of the {len(frequencies)} values of "
            f"quadrupole_frequency, got shape {values.shape}"
        )
    if not ((values >= 0) & (values <= 1)).all():
        raise ParameterError(f"asymmetry_parameter must be between 0 and 1, got {values.tolist()!r}")
    return np.broadcast_to(values, frequencies.shape)


def czjzek_couplings(strength: float, sizes: int = 12, shapes: int = 6) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Quadrupole couplings of Czjzek's distribution: (quadrupole_frequency [rad/s], asymmetry_parameter, weights).

    strength : standard deviation of each of the five components u_k of H_Q/hbar = sum_k u_k Q_k [rad/s]
        (`numerics.random_tensors`, which also serves the splittings of magnetic ions); the root mean square of
        omega_q is 0.606 strength. `sizes` and `shapes` are the numbers of nodes.

    >>> frequencies, asymmetries, weights = czjzek_couplings(5e5)
    >>> factor = nuclear_quadrupole_echo("B-11", frequencies, 0.4, 0.1, 2e-6, asymmetry_parameter=asymmetries,
    ...                                  weights=weights, orientations=100)
    >>> bool(0.0 < factor < 1.0)
    True
    """
    if not is_number(strength) or not 0.0 < strength < np.inf:
        raise ParameterError(f"strength must be a positive number [rad/s], got {strength!r}")
    nodes = czjzek(sizes, shapes)
    largest, asymmetry = nodes.largest_and_asymmetry()
    return 0.5 * strength * largest, asymmetry, nodes.weights


def _largest_turn(spin, frequency, asymmetry_parameter, axis_angle):
    """Largest difference between levels of H_L - H_R [rad/s], by which the asymmetry ratio turns the phases."""
    ground, excited = ground_and_excited(spin, frequency, asymmetry_parameter, axis_angle, 1.0, np.zeros(3))
    return float(np.ptp(np.linalg.eigvalsh(ground - excited)))


def _directions_that_follow(nucleus, frequency, asymmetry_parameter, axis_angle, time, field):
    """Directions over the sphere with which the phases of a time [s] do not turn by more from ring to ring than the
    quadrature follows: N nodes of Gauss and Legendre integrate exp(i k x) over 0 to 1 from about N = k/4."""
    directions, _ = octant(240)
    larmor = nucleus.gyromagnetic_ratio * field * directions[:, None, :]
    ratios, fastest = np.array([0.0, 0.5, 1.0]), 0.0
    for half in ground_and_excited(nucleus.spin, frequency, asymmetry_parameter, axis_angle, ratios, larmor):
        levels = np.linalg.eigvalsh(half)  # (directions, ratios, states)
        lines = levels[..., :, None] - levels[..., None, :]
        fastest = max(fastest, float(np.ptp(lines, axis=0).max()))
    return _PER_RING * (fastest * time / 4.0) ** 2


def _asymmetry_ratios(ratio, turn, each):
    """Nodes of Delta/E and their weights; `turn` : phase by which the nuclei feel the two ends of the range.

    each : numbers that one node and direction work through.
    """
    if isinstance(ratio, str) and ratio == "weak pulses":
        count = 6 + 0.5 * turn
        if count > _MOST_RATIOS or 30 * count * each > _LARGEST:
            raise ParameterError(
                f"nuclear_quadrupole_echo: the waiting times turn the nuclei of asymmetric systems by {turn:.3g} rad, "
                f"beyond the {2 * _MOST_RATIOS} rad up to which the average over asymmetry_ratio is taken; shorten "
                "them, or give asymmetry_ratio"
            )
        nodes, weights = legendre(int(count))
        return nodes, 1.5 * weights * (1.0 - nodes**2)
    if isinstance(ratio, str) or not is_number(ratio) or not 0.0 <= ratio <= 1.0:
        raise ParameterError(f"asymmetry_ratio must be between 0 and 1, or 'weak pulses', got {ratio!r}")
    return np.array([float(ratio)]), np.ones(1)


def _check_numbers(**values):
    for name, value in values.items():
        if not is_number(value):
            raise ParameterError(f"{name} must be a number, got {value!r}")


def _check(B, waiting_time, second_waiting_time, axis_angle, orientations):
    if not np.isfinite(B).all():
        raise ParameterError("flux density B must be finite [T]")
    if not (np.isfinite(waiting_time) & (waiting_time >= 0)).all():
        raise ParameterError(f"waiting_time must not be negative [s], got {float(np.min(waiting_time))!r}")
    if second_waiting_time is not None and not 0 <= second_waiting_time < np.inf:
        raise ParameterError(f"second_waiting_time must not be negative [s], got {second_waiting_time!r}")
    if not np.isfinite(axis_angle):
        raise ParameterError(f"axis_angle must be finite [rad], got {axis_angle!r}")
    if orientations is not None and not orientations >= 8:
        raise ParameterError(f"orientations must be at least 8, got {orientations!r}")
