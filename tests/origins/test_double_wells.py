"""Splittings of double wells: exact solutions, their limits, the printed formula."""

import math

import mpmath
import numpy as np
import pytest
from tests.reference import reference

from glasstunnel.errors import ParameterError
from glasstunnel.origins import barrier_for_splitting, splitting, square_barrier_splitting
from glasstunnel.origins.double_wells import ACTION_FACTORS, PRINTED_ZERO, quartic_level_pair

REFERENCE = reference("joint_tunneling")
PARABOLAS = REFERENCE["parabolas"]["rows"]  # u, exact splitting/hbar Omega, asymptote, orbitals, 002 Eq. 4


@pytest.mark.parametrize("u,exact,asymptote,orbitals,printed", PARABOLAS)
def test_parabolas_have_the_values_of_an_independent_calculation(u, exact, asymptote, orbitals, printed):
    assert splitting(u, 1.0) == pytest.approx(exact, rel=1e-10)
    assert splitting(u, 1.0, "parabolas-asymptotic") == pytest.approx(asymptote, rel=1e-13)
    assert splitting(u, 1.0, "parabolas-orbitals") == pytest.approx(orbitals, rel=1e-12)
    if printed > 0.0:
        assert splitting(u, 1.0, "printed") == pytest.approx(printed, rel=1e-12)


def test_the_printed_formula_is_negative_where_it_is_refused():
    assert PRINTED_ZERO == pytest.approx(3.534, abs=1e-3)
    printed = 0.5 * (3.0 - math.sqrt(8.0 * 4.0 / math.pi)) * math.exp(-8.0)
    assert printed == pytest.approx(PARABOLAS[3][4], rel=1e-12) and printed < 0.0
    with pytest.raises(ParameterError, match="negative"):
        splitting(4.0, 1.0, "printed")


def test_the_printed_formula_is_a_matrix_element_plus_an_overlap():
    u = 2.0
    x, step = np.linspace(-12.0, 12.0, 40001, retstep=True)
    d = math.sqrt(2.0 * u)  # parabolas x^2/2 about +-d meet at the height d^2/2 = u
    left, right = (math.pi**-0.25 * np.exp(-0.5 * (x - c) ** 2) for c in (-d, d))
    potential = 0.5 * (np.abs(x) - d) ** 2
    overlap = np.sum(left * right) * step
    slope = np.sum(np.gradient(left, step) * np.gradient(right, step)) * step
    crossed = 0.5 * slope + np.sum(left * potential * right) * step
    assert crossed + overlap == pytest.approx(splitting(u, 1.0, "printed"), rel=1e-5)


@pytest.mark.parametrize("u", [0.05, 0.7, 6.0, 9.5, 20.0])
def test_parabolas_agree_with_arbitrary_precision(u):
    with mpmath.workdps(60):
        x = -2 * mpmath.sqrt(mpmath.mpf(u))
        start = mpmath.mpf(splitting(u, 1.0)) / 2
        odd = mpmath.findroot(lambda nu: mpmath.pcfd(nu, x), (start, 1.05 * start))
        even = mpmath.findroot(lambda nu: x / 2 * mpmath.pcfd(nu, x) - mpmath.pcfd(nu + 1, x), (-start, -0.95 * start))
        assert splitting(u, 1.0) == pytest.approx(float(odd - even), rel=1e-8)


def test_the_splitting_scales_with_the_unit_and_reaches_the_end_of_floats():
    assert splitting(30.0, 10.0) == pytest.approx(10.0 * splitting(3.0, 1.0), rel=1e-12)
    assert 0.0 < splitting(349.0, 1.0) < 1e-300


def test_no_barrier_leaves_the_oscillator():
    assert splitting(1e-6, 1.0) == pytest.approx(1.0, abs=4e-3)


def test_the_quartic_form_approaches_the_exact_quartic():
    errors = [splitting(u, 1.0, "quartic") / splitting(u, 1.0, "quartic-exact") - 1.0 for u in (1.5, 3.0, 5.0)]
    assert errors[0] < 0.16 and errors[2] < 0.04 and sorted(errors, reverse=True) == errors
    even, odd = quartic_level_pair(0.3)
    assert odd - even == pytest.approx(REFERENCE["quartic_wells"]["single"][0][1], rel=1e-10)


def test_the_actions_are_the_fractions_of_the_square_barrier():
    x = np.linspace(-1.0, 1.0, 200001)
    forms = {"square": np.ones_like(x), "quartic": (x**2 - 1.0) ** 2, "parabolas": (np.abs(x) - 1.0) ** 2}
    for name, potential in forms.items():
        assert np.trapezoid(np.sqrt(potential), x) / 2.0 == pytest.approx(ACTION_FACTORS[name], rel=1e-6)


def test_the_square_barrier_falls_as_the_first_printed_formula_says():
    barrier = 400.0
    first, second = (math.log(square_barrier_splitting(barrier, d)) for d in (1.0, 1.2))
    assert (first - second) / 0.2 == pytest.approx(math.sqrt(barrier - math.pi**2), rel=0.01)
    below, above = (square_barrier_splitting(100.0, d) for d in (1.69, 1.70))  # the two branches of the calculation
    assert math.log(below / above) == pytest.approx(0.01 * 9.53, rel=0.02)


def test_the_square_barrier_agrees_with_finite_differences():
    from scipy.linalg import eigh_tridiagonal

    def lowest(points):
        x = np.linspace(0.0, 2.3, points + 2)[1:-1]
        step = x[1] - x[0]
        edges = np.isclose(x, 1.0) | np.isclose(x, 1.3)
        potential = np.where(edges, 50.0, np.where((x > 1.0) & (x < 1.3), 100.0, 0.0))
        energies = eigh_tridiagonal(2.0 / step**2 + potential, np.full(points - 1, -1.0 / step**2), select="i",
                                    select_range=(0, 1))[0]  # fmt: skip
        return energies[1] - energies[0]

    assert square_barrier_splitting(100.0, 0.3) == pytest.approx((4.0 * lowest(4599) - lowest(2299)) / 3.0, rel=2e-4)


@pytest.mark.parametrize("small,parabolas,quartic", REFERENCE["parabolas"]["heights"])
def test_the_inverse_has_closed_form(small, parabolas, quartic):
    assert barrier_for_splitting(small, 1.0) == pytest.approx(parabolas, rel=1e-13)
    assert barrier_for_splitting(small, 1.0, "quartic") == pytest.approx(quartic, rel=1e-13)
    assert splitting(parabolas, 1.0, "parabolas-asymptotic") == pytest.approx(small, rel=1e-10)
    assert splitting(quartic, 1.0, "quartic") == pytest.approx(small, rel=1e-10)


def test_the_barriers_of_the_iso_lines():
    # 002 Fig. 26: V0 [K] for Delta0 = 1e-3 and 1e-6 K at hbar Omega = 10 and 5.66 K (another program)
    for energy, parabolas, quartic in ((10.0, (52.54, 88.37), (21.46, 34.87)), (5.66, (28.04, 48.36), (11.51, 19.11))):
        for small, first, second in zip((1e-3, 1e-6), parabolas, quartic, strict=True):
            assert barrier_for_splitting(small, energy) == pytest.approx(first, abs=6e-3)
            assert barrier_for_splitting(small, energy, "quartic") == pytest.approx(second, abs=6e-3)
    for energy, barriers in ((10.0, (32.36, 35.34)), (5.66, (17.66, 20.00))):
        for small, barrier in zip((1e-3, 1e-6), barriers, strict=True):
            assert splitting(barrier, energy, "printed") == pytest.approx(small, rel=0.12 if small == 1e-3 else 20.0)


@pytest.mark.parametrize("call,sentence", [
    (lambda: splitting(1.0, 1.0, "cubic"), "potential must be one of"),
    (lambda: splitting(-1.0, 1.0), "positive and finite"),
    (lambda: splitting(1.0, math.inf), "one finite number"),
    (lambda: splitting("high", 1.0), "one finite number"),
    (lambda: splitting(400.0, 1.0), "below any float"),
    (lambda: splitting(20.0, 1.0, "quartic-exact"), "0.1 to 5"),
    (lambda: barrier_for_splitting(2.0, 1.0), "no splitting"),
    (lambda: barrier_for_splitting(0.0, 1.0), "positive and finite"),
    (lambda: barrier_for_splitting(1e-3, 1.0, "printed"), "potential must be one of"),
    (lambda: square_barrier_splitting(5.0, 1.0), "above pi"),
])  # fmt: skip
def test_bad_input_ends_in_a_sentence(call, sentence):
    with pytest.raises(ParameterError, match=sentence):
        call()
