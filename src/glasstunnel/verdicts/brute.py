"""Independent computations: sums over levels, matrices and nested quadrature, free of the package's own closed forms.

They share no code with the observables: only constants come from the package.
"""

import math
from functools import cache

import numpy as np

from glasstunnel.constants import bohr_magneton, bohr_magneton_kelvin, boltzmann, flux_phase_per_area, hbar


def ion_moment(spin: float, T: float, B: float, g: float = 2.0) -> float:
    """Mean moment of one free ion [A m2], the sum over its 2J+1 levels."""
    m = np.arange(-spin, spin + 0.5)
    weights = np.exp(m * g * bohr_magneton_kelvin * B / T)
    return float(g * bohr_magneton * np.sum(m * weights) / np.sum(weights))


def level_heat_capacity(levels, T: float) -> float:
    """Heat capacity over k_B of one system with these levels [K]: the variance of the energy over T^2."""
    shifted = np.asarray(levels, float) - np.min(levels)
    weights = np.exp(-shifted / T)
    mean = np.sum(shifted * weights) / np.sum(weights)
    return float(np.sum((shifted - mean) ** 2 * weights) / np.sum(weights) / T**2)


def ring_matrix(energies, amplitude: float, phase: float) -> np.ndarray:
    """Hamiltonian of wells on a ring, hopping amplitude between neighbors with an equal share of the phase."""
    count = len(energies)
    matrix = np.diag(np.asarray(energies, complex))
    for well in range(count):
        matrix[well, (well + 1) % count] += amplitude * np.exp(1j * phase / count)
        matrix[(well + 1) % count, well] += amplitude * np.exp(-1j * phase / count)
    return matrix


def rescaled_ring(D: float, psi: float, D0: float, phase: float) -> np.ndarray:
    """Three-well Hamiltonian of rescaled asymmetry D, angle psi and amplitude D0."""
    wells = D * np.cos(psi / 3.0 + 2.0 * math.pi / 3.0 * np.arange(3))
    return ring_matrix(wells, 0.5 * math.sqrt(3.0) * D0, phase)


def gap(D: float, psi: float, D0: float, phase: float) -> float:
    """Distance of the two lowest levels of a three-well system, by diagonalization."""
    levels = np.linalg.eigvalsh(rescaled_ring(D, psi, D0, phase))
    return float(levels[1] - levels[0])


def doublet_magnetization(density, asymmetry_min, area_min, area_max, T, B, *, share=3.0**-0.5) -> float:
    """M per kilogram of anomalous systems as two-level systems at one loop direction, -dF/dB of each one summed up.

    The double integral over ln D and ln D0 of (1/2) tanh(E/2T) dE/dB, weight 2 pi density; `share` is cos(beta).
    """
    from scipy.integrate import dblquad

    scale = share * flux_phase_per_area * B

    def moment(log_asymmetry, log_amplitude):
        flux = scale * math.exp(log_amplitude)
        E = math.hypot(math.exp(log_asymmetry), flux)
        return 0.5 * math.tanh(0.5 * E / T) * flux**2 / (E * B)

    largest = scale * area_max
    top = math.log(1e4 * max(T, largest))
    total = dblquad(moment, math.log(area_min), math.log(area_max), math.log(asymmetry_min), top,
                    epsabs=0.0, epsrel=1e-9)[0]
    tail = scale**2 * (area_max**2 - area_min**2) / (4.0 * B) * math.exp(-top)
    return 2.0 * math.pi * density * boltzmann * (total + tail)


@cache
def legendre(count: int):
    """Nodes and weights of Gauss-Legendre quadrature on 0 to 1."""
    nodes, weights = np.polynomial.legendre.leggauss(count)
    return 0.5 * (nodes + 1.0), 0.5 * weights


def printed_line_integral(asymmetry_min, area_min, area_max, T, B) -> float:
    """The two integrals of 001 Eq. 10 over the energy [K], by adaptive quadrature, with phi -> phi/sqrt(3)."""
    from scipy.integrate import quad

    low, high = (flux_phase_per_area * B * area / math.sqrt(3.0) for area in (area_min, area_max))
    first, second = math.hypot(asymmetry_min, low), math.hypot(asymmetry_min, high)

    def below(E):
        return math.tanh(0.5 * E / T) * math.log((E * E - low**2) / asymmetry_min**2)

    def above(E):
        return math.tanh(0.5 * E / T) * math.log((E * E - low**2) / (E * E - high**2))

    far = 50.0 * max(T, second)
    parts = quad(below, first, second, epsrel=1e-11, limit=400)[0]
    parts += quad(above, second, far, epsrel=1e-11, limit=400)[0]
    return parts + (high**2 - low**2) / far + (high**4 - low**4) / (6.0 * far**3)


def sphere_mean(function, count: int = 400) -> float:
    """Mean over isotropic directions of a function of the direction cosine."""
    nodes, weights = legendre(count)
    return float(np.sum(weights * function(nodes)))


def parabola_doublet(height: float) -> float:
    """Splitting of two joined parabolas in units of hbar Omega, height of the cusp in the same unit.

    H = p^2/2 + (|x| - a)^2/2 with a^2/2 = `height`, the two lowest levels from finite differences on two grids.
    """
    return (4.0 * _parabola_grid(height, 4000) - _parabola_grid(height, 2000)) / 3.0


def _parabola_grid(height, points):
    """One grid of half the well with an even or odd wall at x = 0; error quadratic in the step."""
    from scipy.linalg import eigh_tridiagonal

    distance = math.sqrt(2.0 * height)
    step = (distance + 8.0) / points
    x = step * (np.arange(points) + 0.5)
    diagonal = 1.0 / step**2 + 0.5 * (x - distance) ** 2
    lowest = []
    for mirror in (-1.0, 1.0):  # the neighbor at -step/2 has the same or the opposite value
        mirrored = diagonal.copy()
        mirrored[0] += 0.5 * mirror / step**2
        coupling = np.full(points - 1, -0.5 / step**2)
        lowest.append(eigh_tridiagonal(mirrored, coupling, select="i", select_range=(0, 0))[0][0])
    return lowest[1] - lowest[0]


def distribution_nodes(asymmetry_min, amplitude_min, amplitude_max, far=1e4, panels=40, count=16):
    """Nodes (D, D0, weight) of the measure dlnD dlnD0 from the lower cutoffs, D up to `far` times all scales."""
    nodes, weights = legendre(count)
    span = math.log(amplitude_max / amplitude_min)
    D0 = amplitude_min * np.exp(span * nodes)
    length = math.log(far * max(1.0, amplitude_max / asymmetry_min)) / panels
    steps = (np.arange(panels)[:, None] + nodes[None, :]) * length
    D = asymmetry_min * np.exp(steps.ravel())
    return D[:, None], D0[None, :], span * length * np.tile(weights, panels)[:, None] * weights[None, :]


def doublet_heat_capacity(asymmetry_min, amplitude_min, amplitude_max, phase, T) -> float:
    """C/(P* n k_B) of two-level systems with gap sqrt(D^2 + D0^2 phi^2), the double integral."""
    D, D0, weight = distribution_nodes(asymmetry_min, amplitude_min, amplitude_max)
    x = np.minimum(np.sqrt(D**2 + (D0 * phase) ** 2) / (2.0 * T), 300.0)
    return float(2.0 * math.pi * np.sum(weight * (x / np.cosh(x)) ** 2))


def doublet_polarizability(asymmetry_min, amplitude_min, amplitude_max, T) -> tuple[float, float]:
    """alpha_1 and alpha_0 of 002 Eqs. 46-51 for amplitudes D0 phi [K], double integrals [1/K]."""
    D, flux, weight = distribution_nodes(asymmetry_min, amplitude_min, amplitude_max, far=1e6, panels=80)
    E = np.sqrt(D**2 + flux**2)
    kernel = weight * np.tanh(0.5 * E / T) / E
    return float(np.sum(kernel)), float(np.sum(kernel * (flux / E) ** 2))


def doublet_loss(asymmetry_min, amplitude_min, amplitude_max, T, omega, gamma, *, kappa=1.0 / 6.0, power=3) -> float:
    """Int dlnD dlnD0 (D/E)^2 sech^2(E/2T) omega tau/(1 + omega^2 tau^2)/T, for the loss of 002 Eq. 61."""
    D, flux, weight = distribution_nodes(asymmetry_min, amplitude_min, amplitude_max, panels=200)
    E = np.sqrt(D**2 + flux**2)
    x = np.minimum(0.5 * E / T, 300.0)
    turn = omega * gamma * np.tanh(x) / (E**power * (E**2 - kappa * D**2))
    return float(np.sum(weight * (D / E) ** 2 / np.cosh(x) ** 2 * turn / (1.0 + turn**2)) / T)


def standard_relaxation(T, omega, tunneling_min, gamma) -> complex:
    """Relaxational response over A of the standard model by direct integration over Delta >= 0 and Delta0."""
    nodes, weights = legendre(60)
    panels, top = 12, math.log(60.0 * T / tunneling_min)
    edges = np.linspace(0.0, top, panels + 1)
    logs = (edges[:-1, None] + np.diff(edges)[:, None] * nodes).ravel()
    share = (np.diff(edges)[:, None] * weights).ravel()
    tunneling = (tunneling_min * np.exp(logs))[:, None]
    asymmetry = (tunneling_min * np.exp(np.linspace(-12.0, top, 12 * 60 + 1)))[None, :]
    E = np.sqrt(asymmetry**2 + tunneling**2)
    x = np.minimum(0.5 * E / T, 300.0)
    tau = gamma * np.tanh(x) / (tunneling**2 * E)
    kernel = asymmetry * (asymmetry / E) ** 2 / (3.0 * T * np.cosh(x) ** 2) / (1.0 - 1j * omega * tau)
    inner = np.trapezoid(kernel, np.log(asymmetry), axis=1)  # d(Delta) = Delta dln(Delta)
    return complex(np.sum(share * inner))


def standard_minimum() -> float:
    """T_min/(gamma omega)^(1/3) of eps' in the ideal standard model, from its double integral."""
    from scipy.optimize import minimize_scalar

    z, z_weight = legendre(200)
    v, v_weight = legendre(200)
    z, z_weight, v, v_weight = 25.0 * z, 25.0 * z_weight, 30.0 * v, 30.0 * v_weight

    def change(x):
        turn = np.tanh(z) / (8.0 * (x * z) ** 3)
        inner = np.sum(v_weight * 2.0 * np.tanh(v) ** 2 / (1.0 + (turn[:, None] * np.cosh(v) ** 2) ** 2), axis=1)
        return -2.0 / 3.0 * math.log(x) + np.sum(z_weight * inner / np.cosh(z) ** 2) / 3.0

    return float(minimize_scalar(change, bounds=(1.0, 2.0), method="bounded", options={"xatol": 1e-9}).x)  # pyright: ignore


def _ring_states(energies, amplitude, phase, directions):
    """(eigenvectors in columns, p_i.e for wells on a circle (directions, wells))."""
    count = len(energies)
    angles = 2.0 * math.pi * np.arange(count) / count
    turns = 2.0 * math.pi * np.arange(directions) / directions
    vectors = np.linalg.eigh(ring_matrix(energies, amplitude, phase))[1]
    return vectors, np.cos(angles[None, :] - turns[:, None])


def transition_strength(energies, amplitude, phase, directions=48) -> float:
    """Mean |<0|p.e|1>|^2 over directions e in the plane, dipoles p_i = 1 on a circle, by diagonalization."""
    vectors, dipoles = _ring_states(energies, amplitude, phase, directions)
    element = np.einsum("i,di,i->d", vectors[:, 0].conj(), dipoles, vectors[:, 1])
    return float(np.mean(abs(element) ** 2))


def doublet_strength(energies, width) -> float:
    """The same within the doublet of two chiral states that `width` splits: (1/8)(1 + width^2/gap^2).

    Built from the 2x2 projection: the wells couple the chiral states with their second Fourier component, the in-plane
    dipole likewise with its own.
    """
    count = len(energies)
    angles = 2.0 * math.pi * np.arange(count) / count
    winding = np.exp(1j * angles)  # the chiral states differ by one unit of angular momentum modulo the ring
    coupling = np.mean(np.asarray(energies) * winding)
    matrix = np.array([[-0.5 * width, coupling], [np.conj(coupling), 0.5 * width]])
    vectors = np.linalg.eigh(matrix)[1]
    total = 0.0
    for turn in (0.0, 0.5 * math.pi):
        dipole = np.mean(np.cos(angles - turn) * winding)
        total += abs(vectors[:, 0].conj() @ np.array([[0.0, dipole], [np.conj(dipole), 0.0]]) @ vectors[:, 1]) ** 2
    return float(0.5 * total)


def echo_sum(row, field, T=0.012, gap=2e-6, share=None, flux_field=None) -> float:
    """J_S [rad/s] of a row of 002 Table 8: the derived echo in phase, mean square Rabi frequency, loop average.

    Direct sum over energy, flux share and (where `share` is None) the cosine between loop and field. With `flux_field`,
    B* [T], the flux energy is 3 D0 sin(phi/3) with phi folded to -pi..pi, which is periodic, in place of D0 phi.
    """
    if share is None:
        edges = np.append(0.0, np.geomspace(2e-4, 1.0, 31)) if flux_field is None else np.linspace(0.0, 1.0, 61)
        nodes, weights = legendre(4)
        cosines = (edges[:-1, None] + np.diff(edges)[:, None] * nodes).ravel()
        parts = (np.diff(edges)[:, None] * weights).ravel()
        pairs = zip(cosines, parts, strict=True)
        return float(sum(part * echo_sum(row, field, T, gap, c, flux_field) for c, part in pairs))
    if flux_field is not None:
        folded = math.remainder(field * share / flux_field, 2.0 * math.pi)
        field, share = 3.0 * flux_field * abs(math.sin(folded / 3.0)), 1.0
    per_kelvin = boltzmann / hbar
    flux = flux_phase_per_area * max(field, 1e-7) * share
    low, high = flux * row["D0min_qe_S_K_A2"], flux * row["D0max_qe_S_K_A2"]
    D, carrier = 1e-3 * row["D_min_mK"], 2.0 * math.pi * row["frequency_GHz"] * 1e9
    drive = row["p1_F0_D_kV_per_m"] * 1e-21 / 299792458.0 * 1e3 / hbar
    first, second = 1e-6 * row["tau1_us"], 1e-6 * row["tau2_us"]
    detuning = np.linspace(-1.2e9, 1.2e9, 1201)
    E = (carrier + detuning) / per_kelvin
    nodes, weights = legendre(16)
    begin = np.log(low**2 / np.maximum(E**2 - low**2, 1e-300))
    top = np.minimum(high**2, E**2 - D**2)
    end = np.log(top / (E**2 - top))
    inside = (E > math.hypot(D, low)) & (end > begin)
    v = begin[:, None] + (end - begin)[:, None] * nodes
    u = 1.0 / (1.0 + np.exp(-v))
    rabi = drive * np.sqrt((u + 0.5 * (1.0 - u)) / 6.0)
    general = np.sqrt(rabi**2 + detuning[:, None] ** 2)
    thermal = np.tanh(0.5 * E / T)[:, None]
    rate = 1e6 * row["Gamma_inverse_per_us_K5"] * E[:, None] ** 5 * (u + 0.5 * (1.0 - u)) / thermal
    twice = first + second + 2.0 * gap
    damping = np.exp(-twice * (1e6 * row["diffusion"] * T + 0.5 * rate))
    signal = np.sin(general * first) * np.sin(0.5 * general * second) ** 2
    inner = np.sum(weights * thermal * damping * rabi**4 / general**3 * signal, axis=1) * 0.5 * (end - begin)
    return float(np.trapezoid(np.where(inside, inner / E, 0.0), E))


def decay_rates(population_time: float) -> tuple[float, float]:
    """Decay rates of population and coherence of a two-level system that only relaxes, from its Lindblad matrix."""
    lower = np.array([[0.0, 1.0], [0.0, 0.0]])
    number, identity = lower.T @ lower, np.eye(2)
    generator = np.kron(lower, lower) - 0.5 * (np.kron(number, identity) + np.kron(identity, number))
    rates = np.sort(-np.linalg.eigvals(generator / population_time).real)
    return float(rates[-1]), float(rates[1])


def diagonal_strength(energies, amplitude, phase, directions=48) -> float:
    """Mean of (<0|p.e|0> - <1|p.e|1>)^2/4 over directions e in the plane, by diagonalization."""
    vectors, dipoles = _ring_states(energies, amplitude, phase, directions)
    shares = abs(vectors[:, 0]) ** 2 - abs(vectors[:, 1]) ** 2
    return float(np.mean((0.5 * dipoles @ shares) ** 2))


def attracting_cluster(count: int, amplitude: float, attraction: float) -> float:
    """Splitting of the lowest doublet of particles with a double well each, from the matrix of all 2^count states.

    Each particle hops with `amplitude`; each pair in the same well gains `attraction`.
    """
    hop, side = np.array([[0.0, 1.0], [1.0, 0.0]]), np.diag([1.0, -1.0])

    def acting(*places):
        matrix = np.eye(1)
        for particle in range(count):
            matrix = np.kron(matrix, dict(places).get(particle, np.eye(2)))
        return matrix

    matrix = sum(amplitude * acting((particle, hop)) for particle in range(count))
    for first in range(count):
        for second in range(first):
            matrix = matrix - 0.5 * attraction * acting((first, side), (second, side))
    levels = np.linalg.eigvalsh(matrix)
    return float(levels[1] - levels[0])


def triple_well_amplitude(quantum: float, points: int = 33, reach: float = 1.9) -> float:
    """Tunneling amplitude of the warped triple well (straight valleys) in units of its barrier, on a sinc grid."""
    center = 32.0 / 27.0
    x = np.linspace(-reach, reach, points)
    step = x[1] - x[0]
    apart = np.subtract.outer(np.arange(points), np.arange(points))
    with np.errstate(divide="ignore"):
        kinetic = np.where(apart == 0, math.pi**2 / 3.0, 2.0 * (-1.0) ** apart / apart.astype(float) ** 2)
    kinetic = 0.5 * (quantum / step) ** 2 * kinetic
    first, second = np.meshgrid(x, x, indexing="ij")
    square = first**2 + second**2
    wells = center * (1.0 - 1.5 * square - (first**3 - 3.0 * first * second**2) + 1.5 * square**2)
    identity = np.eye(points)
    levels = np.linalg.eigvalsh(np.kron(kinetic, identity) + np.kron(identity, kinetic) + np.diag(wells.ravel()))
    return float((levels[0] - levels[1]) / 3.0)


def fibonacci_directions(count: int) -> np.ndarray:
    """Points spread evenly over the sphere, (count, 3)."""
    height = 1.0 - (2.0 * np.arange(count) + 1.0) / count
    turn = math.pi * (3.0 - math.sqrt(5.0)) * np.arange(count)
    radius = np.sqrt(1.0 - height**2)
    return np.column_stack([radius * np.cos(turn), radius * np.sin(turn), height])
