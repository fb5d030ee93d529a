"""Paramagnetic ions against printed closed forms, sums over levels in mpmath, and published moments."""

import mpmath
import numpy as np
import pytest
from tests.reference import reference

from glasstunnel import MagneticIons, ParameterError, entropy, free_energy, heat_capacity, magnetization, susceptibility
from glasstunnel.constants import bohr_magneton, bohr_magneton_kelvin, boltzmann
from glasstunnel.systems.magnetic_ions import SPECIES

REFERENCE = reference("levels")["free_ions"]


def sums_over_levels(J, z):
    """ln Z, <m>, ln Z - z<m>, z^2 Var(m) of levels -m z, in 300 digits because they cancel."""
    with mpmath.workdps(300):
        z = mpmath.mpf(z)
        m = [-mpmath.mpf(J) + k for k in range(round(2 * J) + 1)]
        Z = sum(mpmath.exp(k * z) for k in m)
        mean = sum(k * mpmath.exp(k * z) for k in m) / Z
        variance = sum((k - mean) ** 2 * mpmath.exp(k * z) for k in m) / Z
        return [float(value) for value in (mpmath.log(Z), mean, mpmath.log(Z) - z * mean, z**2 * variance)]


@pytest.mark.parametrize("J", [0.5, 1.0, 2.5, 7.5])
@pytest.mark.parametrize("z", [1e-8, 1e-3, 0.3, 2.0, 30.0, 300.0])
def test_observables_equal_the_sum_over_levels_to_full_relative_accuracy(J, z):
    ions = MagneticIons("any", 1.0, spin=J, g_factor=1.8)
    T = 2.0
    B = z * T / (1.8 * bohr_magneton_kelvin)
    log_sum, mean, entropy_number, fluctuation = sums_over_levels(J, z)
    close = {"rtol": 4e-13}
    np.testing.assert_allclose(free_energy(ions, T, B), -boltzmann * T * log_sum, **close)
    np.testing.assert_allclose(magnetization(ions, T, B), 1.8 * bohr_magneton * mean, **close)
    np.testing.assert_allclose(entropy(ions, T, B), boltzmann * entropy_number, **close)
    np.testing.assert_allclose(heat_capacity(ions, T, B), boltzmann * fluctuation, **close)
    np.testing.assert_allclose(susceptibility(ions, T, B), boltzmann * T * fluctuation / B**2, **close)


@pytest.mark.parametrize("J, expected", REFERENCE["brillouin"])
def test_brillouin_function_has_its_reference_value(J, expected):
    """B_J at z = 1.3 J."""
    B = 1.3 / (2.0 * bohr_magneton_kelvin)
    found = magnetization(MagneticIons("any", 1.0, J, 2.0), 1.0, B) / (2.0 * J * bohr_magneton)
    np.testing.assert_allclose(found, expected, rtol=1e-15)


@pytest.mark.parametrize("J, expected", REFERENCE["schottky"])
def test_schottky_heat_capacity_has_its_reference_value_with_z_free_of_J(J, expected):
    """002 Eq. 16 with z = g mu_B B/k_B T = 1.3; the printed z = g mu_B J B/k_B T would give 0.58551 and 0.44326."""
    B = 1.3 / (2.0 * bohr_magneton_kelvin)
    np.testing.assert_allclose(
        heat_capacity(MagneticIons("any", 1.0, J, 2.0), 1.0, B) / boltzmann, expected, rtol=1e-14
    )


@pytest.mark.parametrize("species, moment", REFERENCE["moments"])
def test_iron_moments_at_two_tesla_and_liquid_helium_temperature(species, moment):
    np.testing.assert_allclose(
        magnetization(MagneticIons(species, 1.0), 4.5, 2.0) / bohr_magneton, moment, rtol=1e-14
    )


@pytest.mark.parametrize("z", [0.2, 1.0, 5.0])
def test_the_printed_closed_forms_hold(z):
    """Brillouin function of 000 Eq. 1 and Schottky form of 002 Eq. 16 (corrected argument)."""
    J, q = 2.5, 3.0
    B = z / (2.0 * bohr_magneton_kelvin)
    ions = MagneticIons("Fe3+", 1.0)
    brillouin = q / np.tanh(q * z) - 0.5 / np.tanh(0.5 * z)
    np.testing.assert_allclose(magnetization(ions, 1.0, B), 2.0 * bohr_magneton * brillouin, rtol=1e-13)
    schottky = z**2 / 4 * (np.sinh(z / 2) ** -2 - (2 * J + 1) ** 2 * np.sinh(q * z) ** -2)
    np.testing.assert_allclose(heat_capacity(ions, 1.0, B), boltzmann * schottky, rtol=1e-13)


@pytest.mark.parametrize("species", SPECIES)
def test_weak_fields_give_curies_law_and_strong_ones_saturation(species):
    J, g = SPECIES[species]
    ions = MagneticIons(species, 1.0)
    curie = (g * bohr_magneton) ** 2 * J * (J + 1) / (3 * boltzmann)
    T = np.array([1.0, 10.0, 100.0])
    np.testing.assert_allclose(susceptibility(ions, T, 0.0), curie / T, rtol=1e-14)
    np.testing.assert_allclose(magnetization(ions, 0.01, 10.0), g * bohr_magneton * J, rtol=1e-14)


def test_effective_moments_are_the_tabulated_spin_only_values():
    """g sqrt(J(J+1)): 1.73, 2.83, 3.87, 4.90, 5.92 Bohr magnetons for 1 to 5 unpaired electrons (any textbook)."""
    unpaired = {"Ti3+": 1.73, "Cu2+": 1.73, "Ni2+": 2.83, "Cr3+": 3.87, "Co2+": 3.87, "Fe2+": 4.90, "Fe3+": 5.92,
                "Mn2+": 5.92}
    assert set(unpaired) <= set(SPECIES)
    for species, moment in unpaired.items():
        curie = susceptibility(MagneticIons(species, 1.0), 1.0, 0.0)
        effective = np.sqrt(3 * boltzmann * curie) / bohr_magneton
        np.testing.assert_allclose(effective, moment, atol=0.005)


def test_rare_earths_have_their_tabulated_effective_moments():
    """g sqrt(J(J+1)) of the free ions Ce3+ to Yb3+ (Ashcroft and Mermin, Solid State Physics, Table 31.3)."""
    printed = {"Ce3+": 2.54, "Pr3+": 3.58, "Nd3+": 3.62, "Pm3+": 2.68, "Sm3+": 0.84, "Gd3+": 7.94, "Tb3+": 9.72,
               "Dy3+": 10.63, "Ho3+": 10.60, "Er3+": 9.59, "Tm3+": 7.57, "Yb3+": 4.54}
    for species, moment in printed.items():
        J, g = SPECIES[species]
        np.testing.assert_allclose(g * np.sqrt(J * (J + 1)), moment, atol=0.021)


def test_an_unknown_species_is_refused_with_the_list_of_known_ones():
    with pytest.raises(ParameterError, match=r"'Fe4\+' is not known; use one of Fe2\+, Fe3\+"):
        MagneticIons("Fe4+", 1e20)


@pytest.mark.parametrize("spin", [0.0, 0.7, -1.0, float("nan"), 51.0])
def test_a_spin_that_is_no_half_integer_is_refused(spin):
    with pytest.raises(ParameterError, match="spin must be 1/2, 1, 3/2"):
        MagneticIons("Gd3+", 1e20, spin=spin, g_factor=2.0)


def test_given_spin_and_g_factor_replace_those_of_the_species():
    ions = MagneticIons("Co2+", 1e20, g_factor=2.3)
    assert (ions.angular_momentum, ions.lande_factor) == (1.5, 2.3)


@pytest.mark.parametrize("spin", ["half", True, (0.5,)])
def test_a_spin_that_is_no_number_is_refused(spin):
    with pytest.raises(ParameterError, match="spin must be a number"):
        MagneticIons("Er", concentration=1e20, spin=spin, g_factor=1.2)
