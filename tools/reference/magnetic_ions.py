"""Moments of ions with zero-field splitting: dense quadrature over directions, and sites drawn at random."""

import numpy as np
from tools.reference.constants import BOHR_MAGNETON, BOLTZMANN

_PER_TESLA = 2.0 * float(BOHR_MAGNETON / BOLTZMANN)  # g mu_B/k_B [K/T], g = 2


def _spins(S):
    m = np.arange(S, -S - 1.0, -1.0)
    up = np.diag(np.sqrt(S * (S + 1.0) - m[1:] * (m[1:] + 1.0)), 1)
    return np.array([(up + up.T) / 2, (up - up.T) / 2j, np.diag(m)])


def _moments(H, along, T):
    """Bohr magnetons along the field, one for each matrix [K]; along: S.n, one for all or one for each."""
    levels, states = np.linalg.eigh(H)
    p = np.exp(-(levels - levels[:, :1]) / T)
    spins = np.einsum("nak,nak->nk", states.conj(), along @ states).real
    return -2.0 * np.sum(p * spins, axis=1) / p.sum(axis=1)


def _powder(S, D, E, T, B, polar, around):
    x, y, z = spins = _spins(S)
    u, w = np.polynomial.legendre.leggauss(polar)
    cosine, weight = 0.5 * (u + 1.0), 0.5 * w
    total = 0.0
    for angle in 0.5 * np.pi * (np.arange(around) + 0.5) / around:
        sine = np.sqrt(1.0 - cosine**2)
        along = np.einsum("kn,kab->nab", [sine * np.cos(angle), sine * np.sin(angle), cosine], spins)
        split = D * (z @ z - S * (S + 1.0) / 3.0 * np.eye(len(z))) + E * (x @ x - y @ y)
        total += weight @ _moments(split + _PER_TESLA * B * along, along, T) / around
    return float(total)


def zero_field_splitting():
    """Powder mean of the moment (S, D [K], E [K], T [K], B [T], Bohr magnetons), g = 2: Gauss-Legendre in the polar
    angle times the midpoint rule around, 200 x 40 directions of an octant (axial: 4000 x 1), each diagonalized."""
    cases = [(2.0, 10.0, 0.0, 2.0, 1.0), (2.0, 10.0, 2.0, 2.0, 1.0), (2.5, 1.0, 1.0 / 3.0, 2.0, 5.0),
             (2.0, 10.0, 0.0, 20.0, 1.0), (1.5, 5.0, 1.0, 4.5, 7.0), (2.0, -10.0, 0.0, 2.0, 5.0)]  # fmt: skip
    return {"rows": [[*case, _powder(*case, *((200, 40) if case[2] else (4000, 1)))] for case in cases]}


def czjzek():
    """Rows (sigma [K], T [K], B [T], Bohr magnetons, standard error) of S = 2, g = 2 in 400 000 random sites: H = S.A.S
    with A the traceless part of a Gaussian orthogonal 3 x 3 matrix, 2 <tr A^2> = 5 sigma^2, and the field along z."""
    generator, sigma, chunks = np.random.default_rng(20260101), 10.0, 20
    spins = _spins(2.0)
    products = np.einsum("iab,jbc->ijac", spins, spins)
    products = (products + np.swapaxes(products, 0, 1)) / 2.0
    found = {case: [] for case in ((2.0, 1.0), (4.5, 1.0), (20.0, 5.0))}
    for _ in range(chunks):
        G = generator.standard_normal((400_000 // chunks, 3, 3))
        A = sigma / np.sqrt(8.0) * (G + np.swapaxes(G, 1, 2))
        A -= np.trace(A, axis1=1, axis2=2)[:, None, None] / 3.0 * np.eye(3)
        split = np.einsum("nij,ijab->nab", A, products)
        for (T, B), moments in found.items():
            moments.append(_moments(split + _PER_TESLA * B * spins[2], spins[2], T))
    rows = []
    for (T, B), moments in found.items():
        together = np.concatenate(moments)
        rows.append([sigma, T, B, float(together.mean()), float(together.std() / np.sqrt(len(together)))])
    return {"rows": rows}
