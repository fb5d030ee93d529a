"""Ranges of splittings: each with a source and with what is assumed, usable as they are."""

import numpy as np
import pytest

from glasstunnel import MagneticIons, ParameterError, magnetization
from glasstunnel.numerics.random_tensors import czjzek
from glasstunnel.systems.magnetic_ions.presets import RANGES, ion_range


@pytest.mark.parametrize("row", RANGES.values(), ids=lambda row: f"{row.species} {row.glass}")
def test_every_range_has_two_ends_a_source_and_what_is_assumed(row):
    assert 0.0 < row.splitting[0] < row.splitting[1] and row.rhombicity == (0.0, 1.0 / 3.0)
    assert "(19" in row.source or "(20" in row.source
    assert len(row.assumed) > 20
    assert row.disorder[0] < row.ions(1e20).disorder < row.disorder[1]


def test_the_disorder_has_the_root_mean_square_splitting():
    nodes = czjzek(24, 100)
    mean_square = nodes.weights @ (1.5 * nodes.largest_and_asymmetry()[0]) ** 2
    row = ion_range("Fe2+", "silicate")
    np.testing.assert_allclose(row.splitting[1], row.disorder[1] * np.sqrt(mean_square), rtol=1e-3)


def test_the_lower_end_of_fe3_is_the_microwave_quantum_of_its_line():
    """9 GHz in kelvin, h nu/k_B."""
    assert ion_range("Fe3+", "silicate").splitting[0] == pytest.approx(6.626e-34 * 9e9 / 1.381e-23, rel=0.01)


@pytest.mark.parametrize("glass, field", [("silicate", (15.0, 20.1))])
def test_the_range_of_fe3_holds_the_splittings_of_its_crystals(glass, field):
    """D of andalusite in kG, times g mu_B/k_B."""
    low, high = ion_range("Fe3+", glass).splitting
    assert all(low < 2.0 * 0.0671714 * kilogauss < high for kilogauss in field)


@pytest.mark.parametrize("wavenumber", [11.95, 13.42, 12.02, 12.15])
def test_the_range_of_fe2_holds_the_splittings_of_its_salts(wavenumber):
    low, high = ion_range("Fe2+", "aluminosilicate").splitting
    assert low < 1.43878 * wavenumber < high


def test_what_was_not_read_says_so_and_every_family_says_what_is_known_of_it():
    for species in ("Fe2+", "Fe3+"):
        sources = {ion_range(species, glass).source for glass in ("silicate", "borosilicate", "aluminosilicate")}
        assert len(sources) == 3
    for row in RANGES.values():
        for author in ("Castner", "Brodbeck", "Dieke"):
            part = row.source.partition(author)[2]
            assert not part or "(not checked against the original)" in part.partition(":")[0].partition(" has ")[0]


def test_split_iron_is_less_magnetic_than_free_iron():
    free = magnetization(MagneticIons("Fe2+", 1e20), 2.0, 1.0)
    assert 0.2 * free < magnetization(ion_range("Fe2+", "borosilicate").ions(1e20), 2.0, 1.0) < 0.7 * free


def test_an_unknown_pair_is_refused_with_what_there_is():
    with pytest.raises(ParameterError, match=r"no range for 'Fe2\+' in 'metallic' glass; .*Fe2\+ in silicate"):
        ion_range("Fe2+", "metallic")
