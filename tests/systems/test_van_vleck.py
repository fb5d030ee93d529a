"""The temperature-independent susceptibility, of either sign."""

import numpy as np
import pytest

from glasstunnel import LarmorDiamagnetism, VanVleckParamagnetism, entropy, heat_capacity, magnetization, susceptibility


@pytest.mark.parametrize("chi", [3e-3, -3e-3])
def test_it_is_larmors_term_with_the_other_sign(chi):
    T, B = np.array([2.0, 300.0]), np.array([-1.0, 5.0])
    np.testing.assert_array_equal(magnetization(VanVleckParamagnetism(chi), T, B), chi * B)
    np.testing.assert_array_equal(susceptibility(VanVleckParamagnetism(chi), T, B), [chi, chi])
    larmor = LarmorDiamagnetism(abs(chi)).free_energy(T, B)
    np.testing.assert_array_equal(VanVleckParamagnetism(chi).free_energy(T, B), -np.sign(chi) * larmor)


def test_it_carries_no_entropy():
    assert entropy(VanVleckParamagnetism(1e-3), 4.0, 2.0) == heat_capacity(VanVleckParamagnetism(1e-3), 4.0, 2.0) == 0.0
