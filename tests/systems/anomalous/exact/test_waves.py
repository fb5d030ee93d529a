"""Splines in B/B* against the means over directions that they stand for."""

import numpy as np
import pytest

from glasstunnel.systems.anomalous.exact import table
from glasstunnel.systems.anomalous.exact.harmonics import harmonic_means
from glasstunnel.systems.anomalous.exact.panels import PANELS
from glasstunnel.systems.anomalous.exact.quantities import QUANTITIES
from glasstunnel.systems.anomalous.exact.waves import LARGEST, reduced_means

B = np.concatenate([[0.0, 1e-6, -1e-3], np.random.default_rng(4).uniform(-LARGEST, LARGEST, 100), [LARGEST]])


@pytest.mark.parametrize("quantity", QUANTITIES.values(), ids=QUANTITIES)
def test_reduced_means_times_their_power_are_the_harmonic_means(quantity):
    b = B[np.abs(B) > 0.5]
    means = reduced_means(quantity, 9, np.abs(b)) * (b**quantity.field_power)[:, None]
    np.testing.assert_allclose(means, harmonic_means(quantity, 9, b)[0], rtol=1e-10, atol=1e-14)


@pytest.mark.parametrize("number", range(4))
@pytest.mark.parametrize("quantity", QUANTITIES.values(), ids=QUANTITIES)
def test_splines_and_their_slopes_equal_the_means_of_every_function(quantity, number):
    """The functions of a panel are ordered by their share: each is as exact as its share asks for."""
    block = table.load().blocks["entropy" if quantity.thermal else "force"][number]
    share = np.abs(block.core).reshape(len(block.functions), -1).max(axis=1)
    share = share / share.max()
    value, slope, _ = (part @ block.functions.T for part in harmonic_means(
        quantity, block.functions.shape[1], B, slopes=True))  # fmt: skip
    for k in range(len(share)):
        mixture = np.zeros((1, 1, len(share)))
        mixture[0, 0, k] = share[k]
        found = block.waves(quantity).at(mixture, np.zeros(B.size, int), B, slope=True)
        largest = np.abs(value).max()
        np.testing.assert_allclose(found[0], share[k] * value[:, k], atol=3e-11 * largest)
        np.testing.assert_allclose(found[1], share[k] * slope[:, k], atol=3e-8 * largest)


def test_cold_panels_have_no_spline():
    assert [panel.wave_step > 0.0 for panel in PANELS] == [True] * 4 + [False] * 3
