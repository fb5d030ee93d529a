"""Exchange pairs and the mean field against closed forms, brute force and limits."""

import numpy as np
import pytest

from glasstunnel import MagneticIons, ParameterError, entropy, heat_capacity, magnetization, susceptibility
from glasstunnel.constants import bohr_magneton, bohr_magneton_kelvin, boltzmann
from glasstunnel.numerics.spin import spin_matrices
from glasstunnel.systems.magnetic_ions import interactions

CURIE_5_2 = 4.0 * bohr_magneton * bohr_magneton_kelvin * 2.5 * 3.5 / 3.0


def test_a_pair_of_spins_one_half_obeys_the_bleaney_bowers_equation():
    """chi per pair = 2 g^2 mu_B^2/(k_B T [3 + exp(-J/T)]) for -J S1.S2 (Bleaney and Bowers, Proc. R. Soc. A 214, 451
    (1952))."""
    J, T = -6.0, np.array([1.0, 4.0, 50.0])
    pairs = MagneticIons("Cu2+", 1.0, paired_share=1.0, exchange=J)
    printed = 0.5 * 2 * 4 * bohr_magneton * bohr_magneton_kelvin / (T * (3 + np.exp(-J / T)))
    np.testing.assert_allclose(susceptibility(pairs, T, 0.0), printed, rtol=1e-12)


@pytest.mark.parametrize("J", [-3.0, 2.0])
def test_a_pair_equals_the_diagonalized_two_spin_hamiltonian(J):
    T, B = 1.7, 2.5
    S = spin_matrices(1.5)
    one = np.eye(4)
    first, second = [np.kron(s, one) for s in S], [np.kron(one, s) for s in S]
    H = -J * sum(a @ b for a, b in zip(first, second, strict=True))
    H = H + 2 * bohr_magneton_kelvin * B * (first[2] + second[2])
    levels, states = np.linalg.eigh(H)
    p = np.exp(-(levels - levels[0]) / T)
    p /= p.sum()
    spins = np.einsum("ik,ij,jk->k", states.conj(), first[2] + second[2], states).real
    pairs = MagneticIons("Cr3+", 1.0, paired_share=1.0, exchange=J)
    np.testing.assert_allclose(magnetization(pairs, T, B) / bohr_magneton, -p @ spins, rtol=1e-10)
    variance = p @ levels**2 - (p @ levels) ** 2
    np.testing.assert_allclose(heat_capacity(pairs, T, B) / boltzmann, variance / T**2 / 2, rtol=1e-9)


def test_pairs_without_exchange_and_a_share_of_zero_are_free_ions():
    T, B = np.array([1.0, 20.0]), np.array([2.0, -5.0])
    free = magnetization(MagneticIons("Fe3+", 1.0), T, B)
    np.testing.assert_allclose(magnetization(MagneticIons("Fe3+", 1.0, paired_share=0.4), T, B), free, rtol=1e-13)
    np.testing.assert_array_equal(magnetization(MagneticIons("Fe3+", 1.0, exchange=-9.0), T, B), free)


@pytest.mark.parametrize("coupling", [-2.0, 1.0])
def test_a_mean_field_gives_the_curie_weiss_law(coupling):
    T = np.array([4.0, 30.0, 300.0])
    theta = coupling * 2.5 * 3.5 / 3.0
    ions = MagneticIons("Fe3+", 1.0, mean_field=coupling)
    np.testing.assert_allclose(susceptibility(ions, T, 0.0), CURIE_5_2 / (T - theta), rtol=1e-12)


@pytest.mark.parametrize("coupling", [-2.0, 0.5, 3.0])
def test_the_moment_solves_its_own_equation(coupling):
    T, B = np.array([2.0, 2.0, 10.0]), np.array([0.2, 5.0, 1.0])
    M = magnetization(MagneticIons("Fe2+", 1.0, mean_field=coupling), T, B)
    constant = coupling / (4 * bohr_magneton * bohr_magneton_kelvin)
    felt = magnetization(MagneticIons("Fe2+", 1.0), T, B + constant * M)
    np.testing.assert_allclose(M, felt, rtol=1e-11)


def test_below_the_ordering_temperature_the_moment_is_spontaneous_and_odd():
    ions = MagneticIons("Cu2+", 1.0, mean_field=8.0)  # Curie temperature 2 K
    assert susceptibility(ions, 2.1, 0.0) > 0.0
    weak = magnetization(ions, 1.0, 1e-9) / bohr_magneton
    assert weak == pytest.approx(np.tanh(2.0 * weak / 1.0), rel=1e-6) and weak > 0.9  # m = tanh(T_C m/T), g S = 1
    assert magnetization(ions, 1.0, -1e-9) == -magnetization(ions, 1.0, 1e-9)
    assert magnetization(ions, 1.0, 0.0) == 0.0
    assert entropy(ions, 1.0, 0.0) < entropy(ions, 2.5, 0.0)


@pytest.mark.parametrize("B, aligned", [(3.6, 0.0), (4.2, 0.0), (5.0, 1.0), (5.4, 1.0)])
def test_of_several_moments_the_one_of_lowest_free_energy_is_taken(B, aligned):
    """Singlets 10 K below their triplets, zJ = 15 K: at T -> 0 all moments align where 2 mu_B B = 10 K - zJ/4."""
    pairs = MagneticIons("Cu2+", 1.0, paired_share=1.0, exchange=-10.0, mean_field=15.0)
    assert (5.0 > B) == (2.0 * bohr_magneton_kelvin * B < 10.0 - 15.0 / 4.0)
    assert magnetization(pairs, 0.4, B) / bohr_magneton == pytest.approx(aligned, abs=0.002)
    assert pairs.free_energy(0.4, B) <= boltzmann * min(0.0, 5.0 - bohr_magneton_kelvin * B - 15.0 / 8.0) + 1e-26


def test_a_mean_field_that_would_not_end_is_refused_in_a_sentence(monkeypatch):
    monkeypatch.setattr(interactions, "_LONGEST", 1e-9)
    with pytest.raises(ParameterError, match="at these 2 temperatures and fields .* leave out mean_field"):
        magnetization(MagneticIons("Fe2+", 1.0, disorder=2.0, mean_field=0.5), 2.0, np.array([1.0, 2.0]))


def test_interactions_and_disorder_go_together():
    parts = dict(disorder=5.0, paired_share=0.2, exchange=-4.0)
    both = magnetization(MagneticIons("Fe2+", 1.0, **parts), 4.0, 2.0)
    single = magnetization(MagneticIons("Fe2+", 1.0, disorder=5.0), 4.0, 2.0)
    pairs = magnetization(MagneticIons("Fe2+", 1.0, paired_share=1.0, exchange=-4.0), 4.0, 2.0)
    np.testing.assert_allclose(both, 0.8 * single + 0.2 * pairs, rtol=1e-13)
    coupled = magnetization(MagneticIons("Fe2+", 1.0, mean_field=-0.3, **parts), 4.0, 2.0)
    assert 0.0 < coupled < both


@pytest.mark.parametrize("changes, words", [
    ({"paired_share": 1.2}, "paired_share must be >= 0 and <= 1"),
    ({"paired_share": 0.2, "g_parallel": 2.3}, "need a g that is a number"),
    ({"mean_field": 1.0, "g_rhombicity": 0.1}, "need a g that is a number"),
    ({"mean_field": float("nan")}, "mean_field must be"),
])
def test_what_cannot_be_meant_is_refused(changes, words):
    with pytest.raises(ParameterError, match=words):
        MagneticIons(**{"species": "Fe2+", "concentration": 1.0} | changes)
