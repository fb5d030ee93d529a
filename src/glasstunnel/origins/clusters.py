"""Tunneling particles that attract each other: what becomes of amplitude, charge and flux in a cluster of N.

Each of N particles hops between two (or three) wells with amplitude t, each pair in equal wells gains the energy U
(004 Eqs. 44, 47, 49). Only states symmetric under exchange matter for the lowest levels. The strength of the attraction
against N hops is Lambda = U N/(2 t): below 1 the particles move independently; above, the cluster tunnels as one with
an exponentially small amplitude. Neither amplitude and flux both N-fold, nor the N^3 of 004 Eq. 43, comes out anywhere.
"""

import math
from dataclasses import dataclass

import numpy as np

from glasstunnel.errors import ParameterError
from glasstunnel.numerics.checks import finite, real_number, real_numbers, whole_number
from glasstunnel.origins.reduction import ring_amplitudes
from glasstunnel.records import brief
from glasstunnel.systems.wells import log_cluster_splitting

MOST_PARTICLES = 1000  #: checked against exact arithmetic up to here
MOST_ON_RINGS = 24  #: three-well clusters: (N + 1)(N + 2)/2 states, diagonalized as a whole


def cluster_splitting(count: int, attraction: float, amplitude: float) -> float:
    """Natural logarithm of the splitting of the lowest doublet of `count` double wells  [004, Eqs. 44-48, solved].

    count : N, up to 1000. attraction : U >= 0 of each pair in equal wells; amplitude : t > 0 of one particle (its
    doublet is 2 t), in one unit of energy: the logarithm is that of the splitting in this unit. Exact in the symmetric
    sector (the Lipkin model) however small the splitting. 004 takes N Delta0 for it, which is half the width of the
    band of levels. `ParameterError` for bad input.

    >>> import math
    >>> from glasstunnel.origins import cluster_splitting
    >>> round(math.exp(cluster_splitting(4, 10.0, 1.0)), 9)
    0.001324446
    >>> round(cluster_splitting(200, 1e5, 1e-3))
    -4525
    """
    count = _particles("cluster_splitting", count, MOST_PARTICLES)
    _energies("cluster_splitting", attraction, amplitude)
    return log_cluster_splitting(count, amplitude, attraction)


def attraction_ratio(count: int, attraction: float, amplitude: float) -> float:
    """Lambda = U N/(2 t): below 1 N particles tunnel independently, above 1 jointly."""
    _energies("attraction_ratio", attraction, amplitude)
    return 0.5 * attraction * _particles("attraction_ratio", count, 10**9) / amplitude


def joint_exponent(ratio: float) -> float:
    """-ln(splitting/2t)/N for many particles at Lambda > 1: arccosh Lambda - sqrt(1 - 1/Lambda^2).

    >>> from glasstunnel.origins import joint_exponent
    >>> round(joint_exponent(2.0), 6)
    0.450932
    """
    if not 1.0 <= real_number("joint_exponent: ratio", ratio):
        raise ParameterError(f"joint_exponent: joint tunneling needs Lambda = U N/(2 t) of 1 or more, got {ratio!r}")
    return math.acosh(ratio) - math.sqrt(1.0 - 1.0 / ratio**2)


def joint_amplitude(count: int, attraction: float, amplitude: float) -> tuple[int, float]:
    """(sign, ln|t_N|) of a tightly bound cluster: t_N = (-1)^(N-1) N t^N/((N-1)! U^(N-1)), for U much above N t.

    The amplitude of the ring of the states |aa...a> for three wells; the splitting of a double well is 2 |t_N|.
    amplitude : t with its sign. The phase around the loop is N times that of one particle.

    >>> import math
    >>> from glasstunnel.origins import joint_amplitude
    >>> sign, logarithm = joint_amplitude(4, 10.0, 1.0)
    >>> sign, round(2.0 * math.exp(logarithm), 7)
    (-1, 0.0013333)
    """
    count = _particles("joint_amplitude", count, 10**9)
    attraction = real_number("joint_amplitude: attraction", attraction)
    amplitude = real_number("joint_amplitude: amplitude", amplitude)
    if not (attraction > 0.0 and amplitude != 0.0):
        raise ParameterError(
            f"joint_amplitude: attraction must be positive and amplitude not zero, got {attraction!r}, {amplitude!r}"
        )
    ratio = math.log(abs(amplitude) / attraction)
    logarithm = math.log(count) - math.lgamma(count) + math.log(abs(amplitude)) + (count - 1) * ratio
    sign = (-1) ** (count - 1) * (int(math.copysign(1.0, amplitude)) ** count)
    return sign, logarithm


@dataclass(frozen=True)
class RingCluster:
    """N particles in a three-well ring as one three-well system.

    energies : lowest level of each momentum k = 0, 1, 2 of the ring, (3,). amplitude : tau_N of the reduction (see
    `reduce_to_wells`), with its sign without flux. phase_ratio : phase around the loop over that of one particle.
    stiffness : second derivative of the ground level by the phase of one particle, over that of one particle with t < 0
    (2|t|/9): N for independent particles. ground_doublet : whether the ground level is degenerate without flux.
    """

    count: int
    attraction: float
    hopping: float
    energies: np.ndarray
    amplitude: float
    phase_ratio: float
    stiffness: float

    __repr__ = brief

    @property
    def ground_doublet(self) -> bool:
        return bool(self.energies[0] > min(self.energies[1:]) + 1e-12 * np.ptp(self.energies))


def ring_cluster(count: int, attraction: float, amplitude: float) -> RingCluster:
    """`RingCluster`: N attracting particles in three wells, solved in the symmetric sector  [004, Eqs. 49-51, solved].

    amplitude : t of one particle, with its sign (positive: one particle alone has a ground doublet).
    `ParameterError` for bad input and where the joint amplitude is lost in rounding; `joint_amplitude` holds there.

    >>> from glasstunnel.origins import ring_cluster
    >>> round(ring_cluster(3, 10.0, 1.0).amplitude, 12)
    0.011789130949
    """
    count = _particles("ring_cluster", count, MOST_ON_RINGS)
    attraction = real_number("ring_cluster: attraction", attraction)
    amplitude = real_number("ring_cluster: amplitude", amplitude)
    if not (attraction >= 0.0 and amplitude != 0.0):
        raise ParameterError(
            f"ring_cluster: attraction must be 0 or more and amplitude not zero, got {attraction!r} and {amplitude!r}"
        )
    still, step = ring_cluster_levels(count, attraction, amplitude, 0.0), 1e-3
    turned = ring_cluster_levels(count, attraction, amplitude, step)
    tau = ring_amplitudes(still)[1].real
    scale = count * (abs(amplitude) + attraction * count)
    if abs(tau) < 1e-11 * scale:
        raise ParameterError(
            f"ring_cluster: the joint amplitude of {count} particles is lost in rounding ({tau:.1e} of {scale:.1e}); "
            "use joint_amplitude"
        )
    phase = 3.0 * float(np.angle(ring_amplitudes(turned)[1] / tau)) / step
    bend = 0.05
    curvature = 2.0 * (ring_cluster_levels(count, attraction, amplitude, bend)[0] - still[0]) / bend**2
    stiffness = float(curvature / (2.0 * abs(amplitude) / 9.0))
    return RingCluster(count, float(attraction), float(amplitude), still, float(tau), phase, stiffness)


def ring_cluster_levels(
    count: int, attraction: float, amplitude: float, phase: float, energies=(0.0, 0.0, 0.0)
) -> np.ndarray:
    """Lowest level of each ring momentum k = 0, 1, 2 at a phase of one particle; equal wells only: see
    `ring_levels_of`.

    energies : E_a of one particle in each well; when they differ the three lowest levels of all are returned instead.
    """
    whole_number("ring_cluster_levels: count", count, 1, 60)
    real_numbers("ring_cluster_levels", attraction=attraction, amplitude=amplitude, phase=phase)
    finite(energies=energies)
    matrix, occupations = _ring_hamiltonian(count, attraction, amplitude, phase, energies)
    if np.ptp(energies) > 0.0:
        return np.linalg.eigvalsh(matrix)[:3]
    return np.array([_momentum_level(matrix, occupations, momentum) for momentum in range(3)])


def _ring_hamiltonian(count, attraction, amplitude, phase, energies):
    occupations: list[tuple[int, ...]] = [(a, b, count - a - b) for a in range(count + 1) for b in range(count + 1 - a)]
    index = {state: i for i, state in enumerate(occupations)}
    matrix = np.zeros((len(occupations),) * 2, dtype=complex)
    for state, row in index.items():
        pairs = sum(n * (n - 1) / 2 for n in state)
        matrix[row, row] = np.dot(energies, state) - attraction * pairs
        for well in range(3):
            if state[well]:
                moved = [*state]
                moved[well] -= 1
                moved[(well + 1) % 3] += 1
                element = amplitude * np.exp(1j * phase / 3.0) * math.sqrt(state[well] * moved[(well + 1) % 3])
                matrix[index[tuple(moved)], row] += element
                matrix[row, index[tuple(moved)]] += np.conj(element)
    return matrix, occupations


def _momentum_level(matrix, occupations, momentum):
    """Lowest level among the states that gain exp(-2 pi i k/3) when all particles move one well on."""
    from scipy.linalg import eigh

    index = {state: i for i, state in enumerate(occupations)}
    columns = []
    for state in occupations:
        turns = [state, (state[2], state[0], state[1]), (state[1], state[2], state[0])]
        if state != min(turns) or (len(set(turns)) == 1 and momentum):
            continue
        column = np.zeros(len(occupations), dtype=complex)
        for turn, each in enumerate(turns):
            column[index[each]] += np.exp(2j * math.pi * momentum * turn / 3.0)
        columns.append(column / np.linalg.norm(column))
    basis = np.array(columns).T
    return float(eigh(basis.conj().T @ matrix @ basis, subset_by_index=(0, 0), eigvals_only=True)[0])


@dataclass(frozen=True)
class ClusterScaling:
    """How a cluster of N scales one particle's numbers: D0, the loop phase per field (q S), and their product D0 q
    S."""

    law: str
    amplitude: float
    phase: float
    meaning: str

    __repr__ = brief

    @property
    def product(self) -> float:
        return self.amplitude * self.phase


def cluster_scaling(count: int, attraction: float, amplitude: float) -> dict[str, ClusterScaling]:
    """What N particles make of t and q S of one, under each law by name: the exact regimes beside 004 Eqs. 41-43.

    "independent" : U N << 2 t, amplitude (as the stiffness of the current) N, period h/q0. "joint" : t_N of a bound
    cluster, period h/(N q0). "papers" : D0 = N Delta0, q = N q0, S ~ N, the product N^3, which needs both at once.
    "papers-area" : the same without S ~ N, product N^2. "papers-amplitude" : D0 alone, product N. "solved" : what this
    attraction gives: "independent" below Lambda = 1, else the exact double-well splitting over 2 t for the amplitude.

    >>> from glasstunnel.origins import cluster_scaling
    >>> laws = cluster_scaling(100, 1e4, 1e-3)
    >>> laws["papers"].product, laws["independent"].product, laws["solved"].product < 1e-300
    (1000000.0, 100.0, True)
    """
    count = _particles("cluster_scaling", count, MOST_PARTICLES)
    _energies("cluster_scaling", attraction, amplitude)
    N = float(count)
    joint = math.exp(cluster_splitting(count, attraction, amplitude) - math.log(2.0 * amplitude))
    rows = (
        ClusterScaling("independent", N, 1.0, "N currents add; the flux period is that of one particle"),
        ClusterScaling("joint", joint, N, "the cluster tunnels as one; exponentially small"),
        ClusterScaling("papers", N, N * N, "004 Eqs. 41-43: assumed, and excluded by the two rows above"),
        ClusterScaling("papers-area", N, N, "004 Eqs. 41-42 without the growth of the area"),
        ClusterScaling("papers-amplitude", N, 1.0, "004 Eq. 41 alone"),
    )
    laws = {row.law: row for row in rows}
    chosen = laws["joint" if count > 1 and attraction_ratio(count, attraction, amplitude) > 1.0 else "independent"]
    return laws | {"solved": ClusterScaling("solved", chosen.amplitude, chosen.phase, chosen.meaning)}


def _particles(name, count, most):
    """The number of particles; beyond `most` the solution is not exact."""
    return whole_number(f"{name}: count (not exact beyond {most})", count, 1, most)


def _energies(name, attraction, amplitude):
    attraction, amplitude = real_number(f"{name}: attraction", attraction), real_number(f"{name}: amplitude", amplitude)
    if not (attraction >= 0.0 and amplitude > 0.0):
        raise ParameterError(
            f"{name}: attraction must be 0 or more and amplitude positive, got {attraction!r} and {amplitude!r}"
        )
