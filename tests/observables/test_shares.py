"""What belongs to a resonator and what to the glass in it, where one contribution serves both."""

import dataclasses

import pytest

import glasstunnel as gt

SILICA = gt.published("vitreous silica")["tls"]
FILM = dataclasses.replace(SILICA, elastic_share=0.01)


def test_the_share_of_elastic_energy_scales_friction_and_not_the_conductivity_of_the_glass():
    """A film in an oscillator: 1/Q is its share; its phonons are scattered as they are in bulk glass."""
    for mode in ("transverse", "young"):
        whole, film = (gt.internal_friction(part, 0.1, 0.0, 9e4, mode) for part in (SILICA, FILM))
        assert film == pytest.approx(0.01 * whole, rel=1e-12)
    assert gt.thermal_conductivity(FILM, 0.1, 0.0) == gt.thermal_conductivity(SILICA, 0.1, 0.0)
    soft = gt.SoftModes(None, 4.0, attempt_time=1e-13)
    whole, film = (gt.thermal_conductivity(gt.Glass({"t": part, "s": soft}), 10.0, 0.0) for part in (SILICA, FILM))
    assert film == whole


def test_soft_modes_take_from_the_two_level_systems_only_the_strength_that_is_not_given():
    """Strengths equal to those of the two-level systems change nothing, alone or both; a larger one scatters more."""
    longitudinal, transverse = SILICA.tunneling_strengths()

    def kappa(**strengths):
        return gt.thermal_conductivity(gt.Glass({"t": SILICA, "s": gt.SoftModes(None, 4.0, **strengths)}), 10.0, 0.0)

    assert kappa(longitudinal_strength=longitudinal) == pytest.approx(kappa(), rel=1e-12)
    assert kappa(transverse_strength=transverse) == pytest.approx(kappa(), rel=1e-12)
    assert kappa(longitudinal_strength=10.0 * longitudinal) < kappa()
