"""Turning ovals, two-stage averages, one tetrahedron against four rings."""

import math

import numpy as np
import pytest

from glasstunnel.errors import ParameterError
from glasstunnel.origins import (
    added_area,
    exposed_oval_perimeter,
    negative_lobe,
    packing,
    tetrahedron_over_rings,
    turning_noise,
)

CELLS = packing(50, 0.1, 2, seed=1)


def test_ovals_that_do_not_touch_keep_their_perimeter_at_every_angle():
    from dataclasses import replace

    apart = replace(CELLS, radii=0.7 * CELLS.radii)
    rng = np.random.default_rng(0)
    perimeters = [exposed_oval_perimeter(apart, rng.uniform(0.0, math.pi, 50), growth=0.0) for _ in range(4)]
    np.testing.assert_allclose(perimeters, perimeters[0], rtol=1e-12)


def test_discs_among_the_ovals_have_the_exposed_arcs():
    from glasstunnel.origins import exposed_share

    exact = exposed_share(CELLS, 0.03) * 2.0 * math.pi * CELLS.radii.sum() * 1.03
    assert exposed_oval_perimeter(CELLS, np.zeros(50), 1.0, 0.03, 2000) == pytest.approx(float(exact), rel=3e-3)


@pytest.mark.slow
def test_overlapping_ovals_vary_by_a_share_that_averages_out():
    # another program: 0.12 N^(-1/2) between random angles, 0.02 to 0.03 N^(-1/2) for turns of 5 degrees
    assert turning_noise(CELLS) == pytest.approx(0.12, abs=0.05)
    assert turning_noise(CELLS, turn=math.radians(5.0)) == pytest.approx(0.027, abs=0.01)


def test_fluxes_that_add_before_squaring_follow_the_alignment():
    rng = np.random.default_rng(3)
    count, samples = 6, 60_000
    axis = np.array([0.0, 0.0, 1.0])
    normals = axis + 0.8 * rng.normal(size=(samples, count, 3))
    normals /= np.linalg.norm(normals, axis=-1)[..., None]
    cosines = np.einsum("sia,sja->sij", normals, normals)
    alignment = (cosines.sum(axis=(1, 2)).mean() - count) / (count * (count - 1))
    square = np.mean(np.sum(np.sum(normals, axis=1) ** 2, axis=-1))  # a random field takes 1/3
    assert added_area(1.0, count, alignment) == pytest.approx(math.sqrt(square), rel=1e-9)
    isotropic = rng.normal(size=(100_000, 3))
    isotropic /= np.linalg.norm(isotropic, axis=1)[:, None]
    assert np.mean(isotropic[:, 2] ** 2) == pytest.approx(1.0 / 3.0, abs=4e-3)


def test_a_second_stage_changes_nothing_for_independent_systems():
    # the mean over crystallites of the mean over systems is the mean over systems
    values = np.random.default_rng(0).normal(size=(40, 25))
    assert values.mean(axis=1).mean() == pytest.approx(values.mean())
    assert added_area(3.0, 1, 0.0) == 3.0


def test_one_tetrahedron_has_less_moment_than_four_rings():
    ratios = tetrahedron_over_rings(np.array([0.05, 0.2, 1.0, 3.0, 10.0]), samples=3000)
    np.testing.assert_allclose(ratios, [0.508, 0.509, 0.563, 0.662, 0.724], atol=2e-3)  # another program
    assert tetrahedron_over_rings(100.0, samples=50) == pytest.approx(0.75, abs=5e-3)
    assert tetrahedron_over_rings(0.05, asymmetry=1e-4, phase=1e-3, samples=100) == pytest.approx(0.5, abs=0.02)


@pytest.mark.parametrize("spread,lobe", [
    (0.0, -0.385), (0.1, -0.330), (0.155, -0.265), (0.2, -0.207), (0.3, -0.099), (0.4, -0.039), (0.5, -0.0136),
])  # fmt: skip
def test_a_spread_of_areas_fills_the_negative_lobe_of_the_magnetization(spread, lobe):
    assert negative_lobe(spread) == pytest.approx(lobe, abs=6e-4)  # another program


def test_the_lobe_is_that_of_the_populations_of_the_package():
    from glasstunnel import AnomalousTunnelingSystems, magnetization

    systems = AnomalousTunnelingSystems(1e20, 1e-3, 300.0, 3e3, 3.1e3, flux_field=1.0, area_spread=0.2, theory="exact")
    M = magnetization(systems, 30.0, np.linspace(0.5, 9.0, 60))
    assert M.min() / M.max() == pytest.approx(negative_lobe(0.2), abs=0.01)


@pytest.mark.parametrize("call,sentence", [
    (lambda: negative_lobe(2.0), "area_spread"),
    (lambda: added_area(1.0, 0, 0.5), "whole number"),
    (lambda: added_area(1.0, 3, -0.6), "alignment"),
    (lambda: tetrahedron_over_rings(-1.0), "temperatures"),
    (lambda: exposed_oval_perimeter(CELLS, np.zeros(3)), "one angle per cell"),
])  # fmt: skip
def test_bad_input_ends_in_a_sentence(call, sentence):
    with pytest.raises(ParameterError, match=sentence):
        call()
