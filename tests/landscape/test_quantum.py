"""Levels and splittings along a path against exact numbers, asymptotic forms and two-dimensional diagonalization."""

import numpy as np
import pytest

from glasstunnel.errors import ParameterError
from glasstunnel.landscape import (
    Configuration,
    double_well_levels,
    extend_path,
    find_saddle,
    fit_wells,
    least_action_path,
    planar_surface,
    transverse_zero_point,
)
from glasstunnel.landscape.quantum import SINGLE_WELL, THIRD_LEVEL, TWO_LEVEL, dvr_levels

#: V0/hbar Omega -> Delta0/hbar Omega: two parabolas with a cusp, quartic (theory note 5.4; DVR and 2000-point grids).
EXACT = {1.0: (2.142e-1, 2.392e-2), 2.0: (4.217e-2, 1.895e-4), 3.0: (6.937e-3, 1.164e-6), 3.5: (2.747e-3, 8.83e-8),
         4.0: (1.078e-3, 6.61e-9)}  # fmt: skip
V0, A, HBAR = 0.08, 0.35, 0.03  # the curved double well of the theory note, 5.3


def quartic(s, tilt=0.0):
    """V0 = 1/2, Omega = 2: hbar = 1/(4 V0/hbar Omega)."""
    return 0.5 * (s**2 - 1) ** 2 + tilt * s


def quartic_levels(barrier, tilt=0.0):
    s = np.linspace(-1.7, 1.7, 121)
    return double_well_levels((s, quartic(s, tilt), 2 * s * (s**2 - 1) + tilt), hbar=0.25 / barrier)


@pytest.mark.parametrize("barrier", EXACT)
def test_quartic_splittings_are_exact_to_four_digits(barrier):
    found = quartic_levels(barrier)
    assert found.tunnel_splitting * 2 * barrier == pytest.approx(EXACT[barrier][1], rel=1e-3)
    assert found.solver == "sinc-DVR" and found.barrier == pytest.approx(0.5, abs=1e-5)


@pytest.mark.parametrize("barrier", EXACT)
def test_cusped_parabolas_have_the_tabulated_splittings(barrier):
    levels = [dvr_levels(lambda x: 2 * (np.abs(x) - 0.5) ** 2, -3, 3, 0.25 / barrier, n)[0] for n in (400, 800)]
    gaps = [(level[1] - level[0]) * 2 * barrier for level in levels]
    limit = gaps[1] + (gaps[1] - gaps[0]) / 3  # a cusp converges as the square of the spacing
    assert limit == pytest.approx(EXACT[barrier][0], rel=6e-4)


def test_quartic_approaches_its_asymptotic_form():
    for barrier, within in ((3.0, 0.08), (4.0, 0.06)):
        S = 16 * barrier / 3
        assert quartic_levels(barrier).tunnel_splitting * 2 * barrier == pytest.approx(
            2 * np.sqrt(6 * S / np.pi) * np.exp(-S), rel=within)


def test_oscillator_levels_and_their_independence_of_box_and_grid():
    exact = 0.3 * (np.arange(4) + 0.5)
    for reach, points in ((4.5, 90), (5.5, 110), (5.0, 160)):
        levels = dvr_levels(lambda x: 0.5 * x**2, -reach, reach, 0.3, points, 4)[0]
        assert levels == pytest.approx(exact, abs=1e-10)
    s = np.linspace(-1.7, 1.7, 121)
    splittings = [double_well_levels((s, quartic(s)), hbar=0.1, points=n).tunnel_splitting for n in (128, 200, 300)]
    assert np.ptp(splittings) < 1e-8 * 0.2


@pytest.mark.parametrize("tilt", [1e-6, 1e-5, 2e-5, 1e-4])
def test_tilted_wells_obey_the_two_level_formula(tilt):
    symmetric, found = quartic_levels(2.0), quartic_levels(2.0, tilt)
    assert found.tunnel_splitting == pytest.approx(symmetric.tunnel_splitting, rel=1e-4)
    assert found.splitting**2 == pytest.approx(found.asymmetry**2 + found.tunnel_splitting**2, rel=1e-3)
    assert found.asymmetry == pytest.approx(2 * tilt * 0.948, rel=0.01) and found.kind == TWO_LEVEL


def test_the_kind_flips_when_the_second_minimum_goes():
    kinds = [quartic_levels(2.0, tilt).kind for tilt in (0.0, 0.01, 0.5, 0.9)]
    assert kinds[:2] == [TWO_LEVEL, TWO_LEVEL]
    assert kinds[2] == THIRD_LEVEL
    assert kinds[3] == SINGLE_WELL  # beyond tilt 4/3^1.5 = 0.77 there is one minimum


def test_a_path_walked_backwards_is_the_same_system():
    random = np.random.default_rng(0)
    s = np.linspace(-1.3, 1.3, 61)
    for _n in range(60):
        hbar, tilt, skew = 10 ** random.uniform(-1.0, -0.2), random.uniform(0, 0.5), random.uniform(-0.3, 0.3)
        V = 0.5 * (s**2 - 1) ** 2 * (1 + skew * s) + 0.5 * tilt * s
        there, back = double_well_levels((s, V), hbar=hbar), double_well_levels((s, V[::-1]), hbar=hbar)
        assert there.kind == back.kind and there.tunnel_splitting == pytest.approx(back.tunnel_splitting, rel=1e-6)


@pytest.mark.parametrize("hbar", [0.045, 0.07, 0.11])
def test_wells_farther_apart_than_a_quantum_keep_their_own_asymmetry_and_splitting(hbar):
    """There E1 - E0 is an excitation inside the lower well; the tunneling is that of the same wells side by side."""
    s = np.linspace(-1.5, 1.5, 121)
    apart, even = (double_well_levels((s, 0.5 * (s**2 - 1) ** 2 + tilt * s), hbar=hbar) for tilt in (0.1, 0.0))
    assert apart.splitting < 0.9 * apart.asymmetry or hbar > 0.1
    assert apart.asymmetry == pytest.approx(2 * 0.1 * 0.95, rel=0.06)
    assert apart.tunnel_splitting == pytest.approx(even.tunnel_splitting, rel=1e-2 if hbar > 0.05 else 0.3)


def test_a_splitting_that_double_precision_loses_is_given_by_wkb_and_said():
    deep = quartic_levels(8.0)
    S = 16 * 8.0 / 3
    assert deep.solver == "WKB"
    assert deep.tunnel_splitting * 16 == pytest.approx(2 * np.sqrt(6 * S / np.pi) * np.exp(-S), rel=0.3)


def test_mass_and_hbar_scale_as_the_schroedinger_equation_demands():
    s = np.linspace(-1.7, 1.7, 121)
    light = double_well_levels((s, quartic(s)), mass=4.0, hbar=0.25)
    assert light.tunnel_splitting == pytest.approx(quartic_levels(2.0).tunnel_splitting, rel=1e-5)


def test_a_three_fold_ring_has_a_single_ground_state_and_negative_tunneling():
    n = np.arange(-40, 41)
    ring = np.diag(0.2**2 * n**2 / 2 + 0.5) - 0.25 * (np.eye(81, k=3) + np.eye(81, k=-3))
    levels = np.linalg.eigvalsh(ring)[:3]
    assert levels == pytest.approx([0.200007, 0.200233, 0.200233], abs=1e-6)  # theory note 5.5
    assert levels[2] - levels[1] < 1e-12
    _energies, t = fit_wells(levels)
    assert t < 0 and levels[1] - levels[0] == pytest.approx(3 * abs(t), rel=1e-6)


def test_a_four_fold_ring_has_a_degenerate_pair_in_the_middle():
    n = np.arange(-40, 41)
    levels = np.linalg.eigvalsh(np.diag(0.2**2 * n**2 / 2 + 0.5) - 0.25 * (np.eye(81, k=4) + np.eye(81, k=-4)))[:4]
    assert levels[2] - levels[1] < 1e-12 < levels[1] - levels[0]
    assert levels[1] - levels[0] == pytest.approx(levels[3] - levels[2], rel=0.05)  # 2|t| each; t across is small


def curved_well(om, c):
    k = om**2 / 2
    return planar_surface("curved double well", [
        ("power", V0, 0, 0), ("power", V0 / A**4 + k * c**2 / A**2, 4, 0), ("power", -2 * V0 / A**2, 2, 0),
        ("power", k, 0, 2), ("power", -2 * k * c / A, 2, 1)])  # fmt: skip


def exact_curved(om, c):
    """Splitting of the two-dimensional problem in a product of sinc grids."""
    from scipy.sparse.linalg import eigsh

    x = np.linspace(-0.85, 0.85, 44)
    y = np.linspace(-0.9 * c * A - 0.5, 2.2 * c * A + 0.55, 40)

    def kinetic(grid):
        d = np.subtract.outer(np.arange(len(grid)), np.arange(len(grid)))
        rows = np.where(d == 0, np.pi**2 / 3, 2 * (-1.0) ** d / np.where(d == 0, 1, d) ** 2)
        return rows * (HBAR / (grid[1] - grid[0])) ** 2 / 2

    V = V0 * ((x[:, None] / A) ** 2 - 1) ** 2 + om**2 * (y - c * x[:, None] ** 2 / A) ** 2 / 2
    H = np.kron(kinetic(x), np.eye(len(y))) + np.kron(np.eye(len(x)), kinetic(y)) + np.diag(V.ravel())
    low = np.sort(eigsh(H, 2, sigma=0, return_eigenvectors=False, v0=np.ones(len(H))))
    return low[1] - low[0]


def curved_saddle(om, c):
    model = curved_well(om, c)
    return find_saddle(*(Configuration([[x, c * A, 0]], [np.inf] * 3, [0], model) for x in (-A, A)))


@pytest.mark.parametrize(("om", "c", "ratio"), [(6, 0.15, 0.79), (6, 0.3, 0.42), (2, 0.3, 0.595)])
def test_bare_valley_floor_misses_the_exact_splitting_by_the_tabulated_ratio(om, c, ratio):
    x = np.linspace(-1.7 * A, 1.7 * A, 4001)
    stretch = np.sqrt(1 + (2 * c * x / A) ** 2)
    s = np.concatenate([[0], np.cumsum(0.5 * (stretch[1:] + stretch[:-1]) * (x[1] - x[0]))])
    floor = (s[::50], V0 * ((x[::50] / A) ** 2 - 1) ** 2)
    assert double_well_levels(floor, hbar=HBAR).tunnel_splitting / exact_curved(om, c) == pytest.approx(ratio, rel=0.02)


@pytest.mark.parametrize(("om", "c", "within"), [(6, 0.15, 0.01), (6, 0.3, 0.03), (6, 0.6, 0.1), (2, 0.15, 0.04),
                                                 (2, 0.3, 0.04), (2, 0.6, 0.16)])  # fmt: skip
def test_valley_floor_with_transverse_zero_point_comes_near_the_exact_splitting(om, c, within):
    x = np.linspace(-1.7 * A, 1.7 * A, 4001)
    slope = 2 * c * x / A
    stretch = np.sqrt(1 + slope**2)
    s = np.concatenate([[0], np.cumsum(0.5 * (stretch[1:] + stretch[:-1]) * (x[1] - x[0]))])
    # second derivative across the floor y = c x^2/a, where the second term of V and its gradient vanish
    Vxx = V0 * (12 * x**2 / A**4 - 4 / A**2) + om**2 * slope**2
    Vxy, Vyy = -(om**2) * slope, om**2
    across = (slope**2 * Vxx - 2 * slope * Vxy + Vyy) / stretch**2
    zero = 0.5 * HBAR * np.sqrt(across)
    floor = (s[::50], V0 * ((x[::50] / A) ** 2 - 1) ** 2)
    found = double_well_levels(floor, hbar=HBAR, transverse=zero[::50]).tunnel_splitting
    assert found / exact_curved(om, c) == pytest.approx(1.0, abs=within)


@pytest.mark.parametrize(("om", "c"), [(6, 0.0), (6, 0.3), (2, 0.3)])
def test_method_levels_come_nearer_to_the_exact_splitting(om, c):
    saddle, exact = curved_saddle(om, c), exact_curved(om, c)
    ratios = []
    for path in (saddle.path, least_action_path(saddle.configuration, saddle.path)[0]):
        path = extend_path(saddle.configuration, path)
        extra = transverse_zero_point(saddle.configuration, path, HBAR)
        found = double_well_levels(path, hbar=HBAR, transverse=extra)
        assert found.method == "L1" and "too small" in found.error_class
        ratios.append((double_well_levels(path, hbar=HBAR).tunnel_splitting / exact, found.tunnel_splitting / exact))
    (bare, with_modes), (_least, least_with_modes) = ratios
    if c == 0:
        assert np.array(ratios) == pytest.approx(1.0, rel=0.002)
    else:
        assert bare < with_modes < 1.0 and with_modes > {6: 0.75, 2: 0.65}[om]
        assert bare > 0.3  # L0 is low by a factor of two to three on these paths
        assert with_modes - 0.01 < least_with_modes < 1.0


def test_the_least_action_path_has_less_action():
    saddle = curved_saddle(2, 0.6)
    _path, ratio = least_action_path(saddle.configuration, saddle.path)
    assert 0.9 < ratio < 0.97


@pytest.mark.parametrize(("path", "words"), [
    (([0, 1, 2], [0, 1, 0]), "5 points or more"), (([0, 1, 1, 2, 3], [0, 1, 2, 1, 0]), "must increase"),
    (([0, 1, 2, 3, 4], [0, 1, np.nan, 1, 0]), "finite")])  # fmt: skip
def test_a_path_that_is_none_is_refused(path, words):
    with pytest.raises(ParameterError, match=words):
        double_well_levels(path)
    with pytest.raises(ParameterError, match="positive mass"):
        double_well_levels((np.arange(6.0), np.arange(6.0)), mass=-1)
