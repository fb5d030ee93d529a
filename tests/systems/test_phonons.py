"""Debye phonons against mpmath and the two textbook limits."""

import math

import mpmath
import numpy as np
import pytest

from glasstunnel import DebyePhonons, entropy, free_energy, heat_capacity
from glasstunnel.constants import boltzmann

ATOMS, THETA = 3e25, 495.0


def reference(T):
    """(F, S, C) of 3 modes per atom with the density of states 3 w^2/theta^3, by mpmath."""
    u = mpmath.mpf(THETA) / T
    edges = sorted({mpmath.mpf(0), min(u, mpmath.mpf(1)), min(u, mpmath.mpf(10)), min(u, mpmath.mpf(200))})
    per_mode = 9 * ATOMS * boltzmann / u**3

    def integral(f):
        return mpmath.quad(lambda x: x**2 * f(x), edges)

    log = integral(lambda x: mpmath.log(-mpmath.expm1(-x)))
    energy = integral(lambda x: x / mpmath.expm1(x))
    fluctuation = integral(lambda x: x**2 * mpmath.exp(x) / mpmath.expm1(x) ** 2)
    return [float(per_mode * value) for value in (T * log, energy - log, fluctuation)]


@pytest.mark.parametrize("T", [0.5, 5.0, 12.0, 60.0, 300.0, 3000.0])
def test_debye_integrals_equal_mpmath(T):
    phonons = DebyePhonons.from_atoms(THETA, ATOMS)
    found = [observable(phonons, T, 0.0) for observable in (free_energy, entropy, heat_capacity)]
    np.testing.assert_allclose(found, reference(T), rtol=1e-13)


def test_low_temperature_is_the_cubic_law_and_high_temperature_dulong_and_petit():
    phonons = DebyePhonons.from_atoms(THETA, ATOMS)
    np.testing.assert_allclose(
        heat_capacity(phonons, 2.0, 0.0), 12 * math.pi**4 / 5 * ATOMS * boltzmann * (2.0 / THETA) ** 3, rtol=1e-13
    )
    T = 1e5  # first correction: 1 - (theta/T)^2/20
    np.testing.assert_allclose(
        heat_capacity(phonons, T, 0.0), 3 * ATOMS * boltzmann * (1 - (THETA / T) ** 2 / 20), rtol=1e-11
    )


def test_the_cubic_coefficient_alone_gives_the_cubic_law_at_every_temperature():
    phonons = DebyePhonons(cubic_coefficient=2.4555e-3)
    T = np.array([0.1, 3.0, 1000.0])
    np.testing.assert_allclose(heat_capacity(phonons, T, 0.0), 2.4555e-3 * T**3, rtol=1e-13)
    np.testing.assert_allclose(entropy(phonons, T, 0.0), 2.4555e-3 * T**3 / 3, rtol=1e-13)
    np.testing.assert_allclose(free_energy(phonons, T, 0.0), -2.4555e-3 * T**4 / 12, rtol=1e-13)


def test_atoms_and_cubic_coefficient_are_two_ways_to_say_the_same():
    phonons = DebyePhonons.from_atoms(THETA, ATOMS)
    np.testing.assert_allclose(phonons.atoms_per_kilogram, ATOMS, rtol=1e-14)
    assert DebyePhonons(phonons.cubic_coefficient, THETA) == phonons


def test_silica_sound_velocities_give_its_measured_cubic_coefficient():
    """Sound velocities 5.80 and 3.80 km/s, 2200 kg/m3: Debye's cubic term is 0.8e-6 J/(g K^4), textbook value."""
    density, longitudinal, transverse = 2200.0, 5800.0, 3800.0
    inverse_cube = 1 / longitudinal**3 + 2 / transverse**3
    hbar = 1.054571817e-34
    cubic = 2 * math.pi**2 * boltzmann**4 * inverse_cube / (15 * hbar**3 * density)
    atoms = 3 / 60.0843e-3 * 6.02214076e23
    theta = hbar / boltzmann * (18 * math.pi**2 * atoms * density / inverse_cube) ** (1 / 3)
    np.testing.assert_allclose(DebyePhonons.from_atoms(theta, atoms).cubic_coefficient, cubic, rtol=1e-8)
    assert 7e-4 < cubic < 9e-4
