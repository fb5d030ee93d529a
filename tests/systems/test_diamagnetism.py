"""Larmor diamagnetism."""

import numpy as np

from glasstunnel import LarmorDiamagnetism, free_energy, heat_capacity, magnetization, susceptibility
from glasstunnel.constants import avogadro, elementary_charge
from glasstunnel.systems.contribution import Contribution


def test_magnetization_opposes_the_field_and_takes_the_broadcast_shape():
    larmor = LarmorDiamagnetism(4e-3)
    T, B = np.ones((3, 1)), np.array([-1.0, 0.0, 2.0])
    np.testing.assert_allclose(magnetization(larmor, T, B), np.tile([4e-3, 0.0, -8e-3], (3, 1)))
    np.testing.assert_allclose(susceptibility(larmor, T, B), np.full((3, 3), -4e-3))
    np.testing.assert_allclose(free_energy(larmor, T, B)[0], [2e-3, 0.0, 8e-3])
    assert not heat_capacity(larmor, T, B).any()


def test_silica_has_the_size_of_larmors_formula():
    """chi = N Z e^2 <r^2>/(6 m_e) with 30 electrons per SiO2 and <r^2> of about (0.5 Angstrom)^2: 4e-7 emu/(g Oe)."""
    electrons = 30 * avogadro / 60.08e-3
    estimate = electrons * elementary_charge**2 * (0.5e-10) ** 2 / (6 * 9.109e-31)
    published = 4.03e-7 * 1e4  # 000, Sec. A: textbook estimate in emu/(g Oe)
    assert 0.5 < estimate / published < 2.0


def test_it_is_a_contribution_with_one_linear_parameter():
    larmor = LarmorDiamagnetism(4e-3)
    assert isinstance(larmor, Contribution)
    value, slopes = larmor.derivatives("magnetization", np.array(4.0), np.array(2.0), ["susceptibility"])
    np.testing.assert_allclose([value, slopes["susceptibility"]], [-8e-3, -2.0], rtol=1e-14)
