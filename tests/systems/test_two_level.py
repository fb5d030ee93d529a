"""Two-level systems against mpmath quadrature of the tunneling model and its linear-temperature limit."""

import math

import mpmath
import numpy as np
import pytest

from glasstunnel import ParameterError, TwoLevelSystems, density_of_states, entropy, free_energy, heat_capacity
from glasstunnel.constants import boltzmann


def reference(T, tunneling_min, energy_max, per_gap):
    """Integral over (Delta, Delta0) of 1/Delta0 times per_gap(E/T), done as an integral over s in 25 digits."""
    with mpmath.workdps(25):
        low, end = mpmath.mpf(tunneling_min), mpmath.acosh(mpmath.mpf(energy_max) / tunneling_min)

        def integrand(s):
            return s * low * mpmath.sinh(s) * per_gap(low * mpmath.cosh(s) / T)

        return float(mpmath.quad(integrand, mpmath.linspace(0, end, 24)))


#: per system, in units of k_B (F: k_B T)
SCHOTTKY = {
    free_energy: lambda x: -mpmath.log1p(mpmath.exp(-x)),
    entropy: lambda x: mpmath.log1p(mpmath.exp(-x)) + x / (mpmath.exp(x) + 1),
    heat_capacity: lambda x: (x / 2 / mpmath.cosh(x / 2)) ** 2,
}


@pytest.mark.parametrize("observable", SCHOTTKY, ids=lambda f: f.__name__)
@pytest.mark.parametrize("T, tunneling_min, energy_max", [(0.01, 1e-3, 1e3), (1.0, 1e-6, 1e3), (5.0, 4e-3, 10.0)])
def test_observables_equal_the_mpmath_integral_over_the_distribution(observable, T, tunneling_min, energy_max):
    tls = TwoLevelSystems(3.0, tunneling_min, energy_max)
    exact = 3.0 * boltzmann * reference(T, tunneling_min, energy_max, SCHOTTKY[observable])
    if observable is free_energy:
        exact *= T
    np.testing.assert_allclose(observable(tls, T, 0.0), exact, rtol=1e-12)


def test_density_of_states_counts_a_random_sample_of_asymmetries_and_amplitudes():
    random = np.random.default_rng(1)
    low, high = 0.01, 1.0
    delta = random.uniform(0.0, high, 400_000)
    delta0 = low * (high / low) ** random.uniform(0.0, 1.0, delta.size)
    gap = np.hypot(delta, delta0)
    systems = high * math.log(high / low)  # integral of P = 1/Delta0 over the sampled rectangle
    found, edges = np.histogram(gap, bins=np.linspace(0.1, 0.9, 9))
    expected = density_of_states(TwoLevelSystems(1.0, low, high), 0.5 * (edges[1:] + edges[:-1]), 0.0)
    np.testing.assert_allclose(found / delta.size * systems / np.diff(edges), expected, rtol=0.03)


def test_density_of_states_is_zero_outside_the_cutoffs_and_takes_the_broadcast_shape():
    tls = TwoLevelSystems(1.0, 0.01, 10.0)
    states = density_of_states(tls, np.array([0.005, 1.0, 20.0]), np.zeros((2, 1)))
    assert states.shape == (2, 3)
    np.testing.assert_allclose(states[0], [0.0, math.acosh(100.0), 0.0])


def test_a_nearly_constant_density_of_states_gives_the_linear_heat_capacity():
    """C = (pi^2/6) g k_B T  [002, Eq. 12]; exact when ln E is averaged with (x/cosh x)^2, x = E/2T."""
    T, low = 0.5, 1e-9
    tls = TwoLevelSystems(1.0, low, 1e3)
    mean_log = mpmath.quad(lambda x: mpmath.log(x) * (x / mpmath.cosh(x)) ** 2, [0, 1, 5, 40]) / (mpmath.pi**2 / 12)
    gap = 2.0 * T * math.exp(mean_log)
    linear = math.pi**2 / 6 * boltzmann * T
    np.testing.assert_allclose(heat_capacity(tls, T, 0.0), linear * density_of_states(tls, gap, 0.0), rtol=1e-12)


def test_entropy_ends_at_ln_2_per_system():
    tls = TwoLevelSystems(1.0, 1e-3, 2.0)
    number = reference(1.0, 1e-3, 2.0, lambda x: 1)
    np.testing.assert_allclose(entropy(tls, 1e5, 0.0), boltzmann * number * math.log(2.0), rtol=1e-9)


def test_reversed_cutoffs_are_refused():
    with pytest.raises(ParameterError, match="tunneling_min must be below energy_max"):
        TwoLevelSystems(1e20, tunneling_min=10.0, energy_max=1.0)


@pytest.mark.parametrize("T", [1e-4, 0.01, 1.0, 10.0])
def test_constant_density_of_states_gives_the_linear_law(T):
    tls = TwoLevelSystems(density=2e21)
    assert heat_capacity(tls, T, 0.0) == pytest.approx(math.pi**2 / 6.0 * 2e21 * boltzmann * T, rel=1e-11)
    assert entropy(tls, T, 0.0) == pytest.approx(heat_capacity(tls, T, 0.0), rel=1e-11)
    assert density_of_states(tls, T, 0.0) == 2e21
