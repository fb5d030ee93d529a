"""Spectral diffusion of echoes: telegraph signals by brute force, limits, explicit neighbors, the echo itself."""

import math

import numpy as np
import pytest
from tests.reference import reference

import glasstunnel as gt
from glasstunnel.systems.response import slow_heat
from glasstunnel.systems.response.spectral_diffusion import exponent, time_flipped, wandering

GAMMA = reference("acoustics")["sound"]["rate_constant"]


def time_flipped_by_steps(z, wait, p1, steps=400):
    """<|X|> from the distribution of X on a grid, the two-state chain advanced step by step."""
    p0, dt = 1 - p1, z / steps
    weight = np.zeros((2, 4 * steps + 1))
    weight[:, 2 * steps] = p0, p1

    def relax(weight, time):
        gone, total = 1 - math.exp(-time), weight.sum(axis=0)
        return np.stack([weight[0] * (1 - gone) + p0 * total * gone, weight[1] * (1 - gone) + p1 * total * gone])

    for sign in (1, -1):
        for _ in range(steps):
            weight = relax(weight, dt / 2)
            weight[1] = np.roll(weight[1], sign)
            weight = relax(weight, dt / 2)
        weight = relax(weight, wait) if sign == 1 else weight
    return float(np.abs(np.arange(-2 * steps, 2 * steps + 1) * dt) @ weight.sum(axis=0))


@pytest.mark.parametrize(("z", "wait", "p1"), [(0.3, 0.0, 0.5), (2.0, 0.0, 0.3), (10.0, 5.0, 0.1), (0.05, 3.0, 0.5)])
def test_the_time_spent_flipped_is_that_of_the_chain(z, wait, p1):
    found = time_flipped(z, wait, np.array([p1 * (1 - p1)]))[0]
    assert found == pytest.approx(time_flipped_by_steps(z, wait, p1), rel=3e-5)


def test_rare_flips_and_long_times_have_their_laws():
    square = np.array([0.25, 0.1])
    np.testing.assert_allclose(time_flipped(1e-3, 0.0, square), 2 * square * 1e-6, rtol=1e-3)
    z = 1e5  # many flips: X is normal, its variance 4 p0 p1 z
    np.testing.assert_allclose(time_flipped(z, 0.0, square), np.sqrt(2 / math.pi * 4 * square * z), rtol=2e-3)


@pytest.mark.slow
def test_short_delays_and_long_waits_are_those_of_black_and_halperin():
    """(pi T)^4/4 tau^2/gamma, and tau times the width S(T, T_w) of the shifts."""
    short = wandering(0.02, 1e-9, 0.0, 1e-9, GAMMA)
    assert short == pytest.approx(0.25 * math.pi**4 * 0.02**4 * 1e-18 / GAMMA, rel=1e-4)
    for delay, wait in ((1e-9, 1e-5), (1e-7, 1e-2)):
        width = float(slow_heat.spectral_diffusion(0.05, wait, 1e-10, 1e3, GAMMA))
        assert wandering(0.05, delay, wait, 1e-10, GAMMA) / delay == pytest.approx(width, rel=2e-3)


def test_slower_than_quadratic_where_neighbors_flip_more_than_once():
    ratio = [wandering(0.05, tau, 0.0, 1e-9, GAMMA) / tau**2 for tau in (1e-7, 1e-6, 1e-5, 1e-4)]
    assert np.all(np.diff(ratio) < 0.0) and ratio[-1] < 0.2 * ratio[0]


def test_the_exponent_is_that_of_explicit_neighbors():
    """Neighbors of one kind in a sphere, each a telegraph signal; the mean of cos(phase) is exp(-K)."""
    rng = np.random.default_rng(12)
    samples, neighbors, z = 8000, 60, 0.7
    # Density one per unit volume; a shift A/r^3 [1/tau_r] for a flip, either sign.
    radius = (3 * neighbors / (4 * math.pi)) ** (1 / 3)
    r = radius * rng.random((samples, neighbors)) ** (1 / 3)
    A = 0.6 * rng.choice([-1.0, 1.0], (samples, neighbors))
    steps = 140
    state = rng.random((samples, neighbors)) < 0.5
    X = np.zeros((samples, neighbors))
    dt = z / steps
    for step in range(2 * steps):
        X += np.where(step < steps, 1.0, -1.0) * dt * state
        state ^= rng.random((samples, neighbors)) < 0.5 * (1 - math.exp(-dt))
    mean = np.mean(np.cos(np.sum(A / r**3 * X, axis=1)))
    flipped = time_flipped(z, 0.0, np.array([0.25]))[0]
    assert mean == pytest.approx(math.exp(-2 * math.pi**2 / 3 * 0.6 * flipped), abs=0.02)


def echo(delay, wait=None, **changes):
    options = {"dipole_moment": 2e-30, "elastic_constant": GAMMA, "diffusion_strength": 3e-4} | changes
    tls = gt.TwoLevelSystems(1e20, None, 10.0, **options)
    waits = (delay,) if wait is None else (delay, wait)
    durations = (1e-7, 2e-7) if wait is None else (1e-7, 1e-7, 1e-7)
    return float(gt.echo(tls, gt.Pulses(durations, waits, 1e9, field_amplitude=1e3), 0.02, 0.0))


@pytest.mark.slow
def test_the_echo_decays_by_the_kernel():
    """Resonant systems have nearly Delta = 0 weighted out: the decay lies between those of Delta/E = 0 and 1."""
    for delay, wait in ((2e-6, None), (5e-6, None), (1e-6, 1e-2)):
        ratio = echo(delay, wait) / echo(delay, wait, diffusion_strength=0.0)
        full = math.exp(-exponent(0.02, delay, wait or 0.0, 3e-4, 1e-9, GAMMA))
        assert full < ratio < 1.0
    assert echo(2e-6) > echo(5e-6) > 0.0


def test_spectral_diffusion_without_a_rate_is_refused():
    with pytest.raises(gt.ParameterError, match="spectral diffusion of echoes needs one-phonon relaxation"):
        echo(2e-6, elastic_constant=None)
