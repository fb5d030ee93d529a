"""Valleys on spheres: the harmonic limit has two, a surface with four arms four beyond the analytic radius."""

import json
from pathlib import Path

import numpy as np
import pytest

from glasstunnel.errors import ParameterError
from glasstunnel.landscape import Configuration, kob_andersen, planar_surface, quench, valleys
from glasstunnel.landscape.basins import quartic_pairs, valley_verdict

# Compiles every kernel of the search, half a minute of calculation in a fresh clone.
pytestmark = pytest.mark.slow


def at_origin(rows, stiffness=100.0):
    return Configuration([[0, 0, 0]], [np.inf] * 3, [0], planar_surface("test", rows, stiffness=stiffness))


@pytest.mark.parametrize("radius", [0.1, 0.5, 2.0])
def test_a_harmonic_minimum_has_two_valleys_at_every_radius(radius):
    found = valleys(at_origin([("power", 0.5, 2, 0), ("power", 2.0, 0, 2)]), radius, starts=24, check_return=False)
    assert len(found) == 2
    assert np.abs(found.directions[:, 0, 0]) == pytest.approx([1, 1], abs=1e-3)
    assert found.energies == pytest.approx([0.5 * radius**2] * 2, rel=1e-3)


@pytest.mark.parametrize(("radius", "count"), [(0.5, 2), (0.9, 2), (1.2, 4), (2.0, 4)])
def test_four_arms_appear_at_the_analytic_radius(radius, count):
    # V = x^2/2 + y^2 + x^2 y^2/2: on the circle, at an angle d from a y-arm, V = r^2 + (r^4 - r^2) d^2/2, so the y-arms
    # become minima of the circle at r = 1; the x-arms are minima at every radius.
    found = valleys(at_origin([("power", 0.5, 2, 0), ("power", 1.0, 0, 2), ("power", 0.5, 2, 2)]), radius, starts=40,
                    check_return=False)  # fmt: skip
    assert len(found) == count


def test_a_soft_minimum_of_a_glass_has_few_valleys_that_return():
    glass = quench(kob_andersen(150, seed=3))
    found = valleys(glass, 0.15, starts=10)
    assert 1 <= len(found) <= 6 and found.returned <= len(found)
    assert np.all(np.diff(found.energies) >= 0) and found.energies[0] > 0
    verdict = valley_verdict(glass, found, hbar=0.02957)
    assert verdict.height == pytest.approx(found.energies[0]) and verdict.zero_point > 0
    assert not verdict.passes  # the ground state along one line of a single basin is no double well
    with pytest.raises(ParameterError, match="positive radius"):
        valleys(glass, 0.0)


def test_the_conditions_for_a_second_minimum_agree_with_the_polynomial():
    random = np.random.default_rng(0)
    for k, t, q in random.uniform(0.2, 3.0, (200, 3)):
        roots = np.roots([q / 6, t / 2, k])
        pair = bool(np.all(np.abs(roots.imag) < 1e-12))
        lower = False
        if pair:
            s = roots.real
            lower = bool((k * s**2 / 2 + t * s**3 / 6 + q * s**4 / 24).min() <= 0)
        assert quartic_pairs(k, t, q) == (pair, lower)


def test_the_page_quotes_the_stored_count_of_valleys():
    root = Path(__file__).parents[2]
    stored = json.loads((root / "docs" / "valleys.json").read_text(encoding="utf-8"))
    page = (root / "docs" / "landscape.md").read_text(encoding="utf-8")
    for radius, row in stored["valleys"].items():
        cells = (f"{float(radius):.2f}", f"{row['valleys per minimum']:.1f}", f"{100 * row['inside the basin']:.0f} %",
                 f"{row['reached by the ground state']} of {row['minima']}", str(row["tunneling systems"]))  # fmt: skip
        assert "| " + " | ".join(cells) + " |" in page
        assert row["tunneling systems"] == row["soft modes with a second well"] == 0 and row["minima"] == 20
    assert stored["two-level systems between minima"] == 1 and stored["glasses"] == 4
