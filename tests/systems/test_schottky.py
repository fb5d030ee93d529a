"""Few-level systems against their closed forms and against free magnetic moments."""

import numpy as np
import pytest

from glasstunnel import (
    MagneticIons,
    ParameterError,
    SchottkyLevels,
    entropy,
    free_energy,
    heat_capacity,
    magnetization,
    susceptibility,
)
from glasstunnel.constants import boltzmann


def test_two_levels_give_the_textbook_schottky_anomaly():
    """C/k_B = r x^2 e^x/(e^x + r)^2 with x = E/T and the ratio r of degeneracies."""
    T, gap, ratio = np.array([0.2, 1.0, 5.0]), 3.0, 2.0
    levels = SchottkyLevels(1.0, levels=(1.0, 1.0 + gap), degeneracies=(2, 4))
    x = gap / T
    exact = ratio * x**2 * np.exp(x) / (np.exp(x) + ratio) ** 2
    np.testing.assert_allclose(heat_capacity(levels, T, 0.0) / boltzmann, exact, rtol=1e-13)


def test_entropy_runs_from_the_ground_degeneracy_to_all_states():
    levels = SchottkyLevels(1.0, levels=(0.0, 2.0, 7.0), degeneracies=(2, 1, 3))
    np.testing.assert_allclose(entropy(levels, [0.01, 1e7], 0.0) / boltzmann, np.log([2.0, 6.0]), rtol=1e-9)


@pytest.mark.parametrize("observable", [free_energy, entropy, heat_capacity, magnetization, susceptibility])
def test_a_zeeman_multiplet_is_a_free_magnetic_ion(observable):
    """Two independent routes: the general sum over levels and the closed forms of the ions."""
    m = np.arange(-2.5, 3.0)
    multiplet = SchottkyLevels(3.0, levels=(0.0,) * 6, moments=tuple(2.0 * m))
    ion = MagneticIons("Fe3+", 3.0)
    T, B = np.array([[0.5], [4.0], [300.0]]), np.array([-6.0, 0.0, 0.1, 2.0])
    np.testing.assert_allclose(observable(multiplet, T, B), observable(ion, T, B), rtol=1e-11)


def test_only_energy_differences_count():
    T = np.array([0.3, 2.0])
    low, high = SchottkyLevels(1.0, levels=(-5.0, -4.0)), SchottkyLevels(1.0, levels=(2.0, 3.0))
    np.testing.assert_array_equal(free_energy(low, T, 0.0), free_energy(high, T, 0.0))


@pytest.mark.parametrize(
    "options, words",
    [
        ({"levels": ()}, "at least one"),
        ({"levels": (0.0, 1.0), "degeneracies": (1,)}, "got 1 for 2 levels"),
        ({"levels": (0.0, float("nan"))}, "finite numbers, got nan"),
        ({"levels": (0.0, "1")}, "finite numbers, got '1'"),
        ({"levels": (0.0, 1.0), "degeneracies": (1, 0)}, "positive whole numbers"),
        ({"levels": (0.0, 1.0), "moments": (1.0, 0.0)}, "time reversal"),
        ({"levels": (0.0, 0.0), "degeneracies": (1, 2), "moments": (1.0, -1.0)}, "time reversal"),
    ],
)
def test_lists_that_do_not_fit_together_are_refused(options, words):
    with pytest.raises(ParameterError, match=words):
        SchottkyLevels(1.0, **options)
