"""Distributions of zero-field splittings: published Monte Carlo averages, own Monte Carlo, limits, thermodynamics."""

import dataclasses

import numpy as np
import pytest
from tests.derivatives import slope
from tests.reference import reference

from glasstunnel import MagneticIons, ParameterError, magnetization
from glasstunnel.constants import bohr_magneton, bohr_magneton_kelvin, boltzmann
from glasstunnel.numerics.random_tensors import czjzek, random_tensor_components
from glasstunnel.numerics.spin import spin_matrices
from glasstunnel.systems.contribution import THERMODYNAMIC
from glasstunnel.systems.magnetic_ions import table
from glasstunnel.systems.magnetic_ions.model import ion_model
from glasstunnel.systems.magnetic_ions.powder import PowderIon
from glasstunnel.systems.magnetic_ions.table import TabulatedIon

#: Monte Carlo of 400 000 sites. Another, of 40 000, gave 1.083(4), 0.731(3), 1.128(2): two standard errors off at most.
MONTE_CARLO = reference("magnetic_ions")["czjzek"]["rows"]
IRON = MagneticIons("Fe2+", 1.0, disorder=10.0)
T, B = (grid.ravel() for grid in np.meshgrid([1.9, 4.0, 15.0, 200.0], [0.0, 0.3, -2.0, 6.5]))


@pytest.mark.parametrize("sigma, T, B, moment, error", MONTE_CARLO)
def test_czjzek_moments_agree_with_an_independent_monte_carlo(sigma, T, B, moment, error):
    ions = MagneticIons("Fe2+", 1.0, disorder=sigma)
    assert error < 0.0014
    assert magnetization(ions, T, B) / bohr_magneton == pytest.approx(moment, abs=2 * error)


def monte_carlo_moment(D, sigma, T, B, count, seed):
    """(mean, standard error) over random sites and field directions, from the five operators as printed."""
    Sx, Sy, Sz = spin_matrices(2.0)
    square = 6.0 * np.eye(5)
    operators = np.array([
        (3 * Sz @ Sz - square) / np.sqrt(12), (Sx @ Sx - Sy @ Sy) / 2, (Sx @ Sy + Sy @ Sx) / 2,
        (Sx @ Sz + Sz @ Sx) / 2, (Sy @ Sz + Sz @ Sy) / 2,
    ])  # fmt: skip
    n = np.random.default_rng(seed + 1000).standard_normal((count, 3))
    along = np.einsum("nk,kij->nij", n / np.linalg.norm(n, axis=1)[:, None], spin_matrices(2.0))
    H = np.einsum("kn,kij->nij", random_tensor_components(D, 0.0, sigma, count, seed), operators)
    levels, states = np.linalg.eigh(H + 2 * bohr_magneton_kelvin * B * along)
    p = np.exp(-(levels - levels[:, :1]) / T)
    spins = np.einsum("nik,nij,njk->nk", states.conj(), along, states).real
    moments = -2 * np.sum(p * spins, axis=1) / p.sum(axis=1)
    return moments.mean(), moments.std() / np.sqrt(count)


@pytest.mark.parametrize("D, sigma", [(0.0, 10.0), (8.0, 4.0)])
def test_moments_agree_with_sites_drawn_at_random(D, sigma):
    mean, error = monte_carlo_moment(D, sigma, 2.0, 1.0, 20000, seed=7)
    ions = MagneticIons("Fe2+", 1.0, zero_field_splitting=D, disorder=sigma)
    assert magnetization(ions, 2.0, 1.0) / bohr_magneton == pytest.approx(mean, abs=3 * error)


@pytest.mark.parametrize("spin", table.SPINS)
def test_the_table_equals_the_direct_average(spin):
    """Sites and directions by quadrature, diagonalized one by one: 1e-7 of the free ion's size and better."""
    nodes = czjzek(20, 6)
    direct = PowderIon(spin, tuple(zip(*(1.5 * part for part in nodes.axial_rhombic()), strict=True)),
                       tuple(nodes.weights), rings=20)  # fmt: skip
    tabulated = TabulatedIon(2.0, 1.5, table.czjzek_table(spin), direct)
    for quantity, size in (("magnetization", spin * bohr_magneton), ("entropy", boltzmann)):
        found, expected = (getattr(ion, quantity)(3.0, 2.0) for ion in (tabulated, direct))
        assert found == pytest.approx(expected, abs=3e-7 * size)


@pytest.mark.slow
@pytest.mark.parametrize("species, D, rhombicity, sigma, distribution", [
    ("Ni2+", 8.0, 0.0, 2.0, "normal"), ("Ni2+", -6.0, 0.0, 2.0, "lognormal"), ("Fe2+", 5.0, 0.2, 1.5, "normal"),
    ("Ni2+", 4.0, 0.1, 0.5, "czjzek"), ("Gd3+", 1.0, 0.3, 0.3, "normal"),
])
def test_the_table_of_any_distribution_equals_the_sum_over_its_sites(species, D, rhombicity, sigma, distribution):
    ions = MagneticIons(species, 1.0, zero_field_splitting=D, rhombicity=rhombicity, disorder=sigma,
                        distribution=distribution)
    tabulated = ion_model(ions)
    assert isinstance(tabulated, TabulatedIon)
    for quantity, size in (("magnetization", bohr_magneton), ("entropy", boltzmann), ("free_energy", boltzmann)):
        found, expected = (getattr(ion, quantity)(2.0, 1.5) for ion in (tabulated, tabulated.beyond))
        assert found == pytest.approx(expected, abs=3e-6 * size)


def schottky_of_triplets(D, T):
    """(entropy, heat capacity)/k_B of levels 0, |D| without field, the upper one twice for D > 0, the lower for D < 0.
    """
    x, lower = np.abs(D) / T, np.where(D > 0, 1, 2)
    upper = (3 - lower) * np.exp(-x)
    share = upper / (lower + upper)
    return np.log(lower + upper) + share * x, share * (1 - share) * x**2


@pytest.mark.parametrize("mean, sigma, T", [(10.0, 3.0, 2.0), (10.0, 10.0, 2.0), (-4.0, 6.0, 0.5), (1.0, 0.05, 0.7)])
@pytest.mark.parametrize("distribution", ["normal", "lognormal"])
def test_averages_over_D_equal_a_dense_sum_over_sites(distribution, mean, sigma, T):
    """Closed form for S = 1 at B = 0; sites with D of either sign included, at kT well below sigma."""
    x = (np.arange(400_000) + 0.5) / 25_000.0 - 8.0
    width = np.sqrt(np.log1p((sigma / mean) ** 2))
    D = mean + sigma * x if distribution == "normal" else mean * np.exp(width * x - 0.5 * width**2)
    dense = np.array(schottky_of_triplets(D, T)) @ np.exp(-0.5 * x**2) / np.exp(-0.5 * x**2).sum()
    ions = MagneticIons("Ni2+", 1.0, zero_field_splitting=mean, disorder=sigma, distribution=distribution)
    found = [float(getattr(ions, name)(T, 0.0)) / boltzmann for name in ("entropy", "heat_capacity")]
    np.testing.assert_allclose(found, dense, atol=2e-6)


def test_every_observable_of_the_table_is_a_derivative_of_its_free_energy():
    for found, quantity, size in (
        (-slope(lambda t: IRON.free_energy(t, B), T), "entropy", boltzmann),
        (-slope(lambda b: IRON.free_energy(T, b), B), "magnetization", bohr_magneton),
        (T * slope(lambda t: IRON.entropy(t, B), T), "heat_capacity", boltzmann),
        (slope(lambda b: IRON.magnetization(T, b), B), "magnetic_susceptibility", bohr_magneton),
    ):
        np.testing.assert_allclose(found, getattr(IRON, quantity)(T, B), rtol=1e-7, atol=1e-8 * size)
    assert (IRON.heat_capacity(T, B) >= 0).all() and (IRON.entropy(T, B) >= 0).all()


@pytest.mark.parametrize("observable", THERMODYNAMIC)
def test_no_disorder_is_the_free_ion_and_little_disorder_nearly_so(observable):
    free = getattr(MagneticIons("Fe3+", 1.0), observable)(T, B)
    little = getattr(MagneticIons("Fe3+", 1.0, disorder=1e-5), observable)(T, B)
    np.testing.assert_allclose(little, free, rtol=1e-5, atol=1e-4 * boltzmann)


def test_beyond_the_table_the_sites_are_summed_one_by_one_and_nothing_jumps():
    edge = table.FIELD_MAX * 2.0 / (2.0 * bohr_magneton_kelvin)
    some = MagneticIons("Ni2+", 1.0, disorder=4.0)
    below, above = (float(magnetization(some, 2.0, edge * (1 + step))) for step in (-1e-9, 1e-9))
    assert below == pytest.approx(above, rel=1e-6)
    np.testing.assert_allclose(some.entropy(0.01, 0.0), 0.0, atol=0.05 * boltzmann)


@pytest.mark.parametrize("D, sigma, distribution", [
    (10.0, 1e-300, None), (10.0, 1e-12, "normal"), (10.0, 1e-9, "lognormal"), (1e-300, 1e-300, None),
    (0.0, 5e-324, None),
])  # fmt: skip
def test_disorder_too_small_to_matter_is_none(D, sigma, distribution):
    without = magnetization(MagneticIons("Fe2+", 1.0, zero_field_splitting=D), 2.0, 1.0)
    little = MagneticIons("Fe2+", 1.0, zero_field_splitting=D, disorder=sigma, distribution=distribution)
    np.testing.assert_allclose(magnetization(little, 2.0, 1.0), without, rtol=1e-7)


@pytest.mark.slow
def test_a_strong_field_beyond_the_table_is_met_within_what_is_said():
    """1e-5 Bohr magnetons against a grid twice as fine."""
    nodes = ion_model(MagneticIons("Fe2+", 1.0, disorder=8.0)).beyond
    finer = dataclasses.replace(nodes, rings=40).magnetization(0.1, 2.0)
    np.testing.assert_allclose(nodes.magnetization(0.1, 2.0), finer, rtol=0, atol=2e-5 * bohr_magneton)


@pytest.mark.parametrize("distribution", ["normal", "lognormal"])
def test_a_narrow_distribution_of_splittings_is_the_mean_over_neighbors(distribution):
    """The change is sigma^2/2 times the second derivative by D."""
    base = MagneticIons("Ni2+", 1.0, zero_field_splitting=6.0, rhombicity=0.1)
    moment = lambda D: float(magnetization(dataclasses.replace(base, zero_field_splitting=D), 2.0, 3.0))  # noqa: E731
    curvature = (moment(6.2) - 2.0 * moment(6.0) + moment(5.8)) / 0.04
    wide = dataclasses.replace(base, disorder=0.1, distribution=distribution)
    found = (float(magnetization(wide, 2.0, 3.0)) - moment(6.0)) / (0.5 * 0.1**2)
    assert found == pytest.approx(curvature, rel=0.01)


def test_derivative_by_the_disorder_is_the_difference_quotient():
    value, slopes = IRON.derivatives("magnetization", T, B, ["disorder", "concentration"])
    np.testing.assert_array_equal(slopes["concentration"], value)
    found = slope(lambda s: dataclasses.replace(IRON, disorder=float(s)).magnetization(T, B), 10.0)
    np.testing.assert_allclose(slopes["disorder"], found, rtol=1e-6, atol=1e-9 * bohr_magneton)


@pytest.mark.parametrize("changes, words", [
    ({"disorder": -1.0}, "disorder must be >= 0"),
    ({"disorder": float("inf")}, "disorder must be"),
    ({"distribution": "uniform"}, "distribution must be one of 'czjzek', 'normal', 'lognormal'"),
    ({"disorder": 1.0, "distribution": "lognormal"}, "must not be 0 with distribution='lognormal'"),
    ({"disorder": 1.0, "g_parallel": 2.3}, "leaves no common axes"),
])
def test_what_cannot_be_meant_is_refused(changes, words):
    with pytest.raises(ParameterError, match=words):
        MagneticIons(**{"species": "Fe2+", "concentration": 1.0} | changes)
