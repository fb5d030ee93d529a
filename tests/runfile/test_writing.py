"""A glass written to a file is the glass that is read from it."""

import numpy as np
import pytest

import glasstunnel as gt


@pytest.mark.parametrize("id", ["002.T14.BK7.M", "004.TII.x0.10", "004.TI.SiO2", "002.T5.BAS.eps.T50mK"])
def test_a_published_glass_comes_back_with_every_number(id, tmp_path):
    glass = gt.published(id)
    back = gt.read_glass(gt.write_glass(glass, tmp_path / "glass.toml"))
    assert back.contributions == glass.contributions


def test_a_glass_of_ones_own_is_replaced_whole_and_calculates_the_same(tmp_path):
    path = tmp_path / "mine.toml"
    path.write_text("old")
    glass = gt.Glass({
        "phonons": gt.DebyePhonons(8e-4),
        "tls": gt.TwoLevelSystems(2e19, material=gt.Material(2200.0, 5800.0, 3800.0, 1.04, 0.65)),
    }, name="mine")  # fmt: skip
    back = gt.read_glass(gt.write_glass(glass, path))
    assert back == glass and back.name == "mine"
    T = np.array([0.1, 1.0])
    np.testing.assert_array_equal(gt.heat_capacity(back, T, 0.0), gt.heat_capacity(glass, T, 0.0))


def test_what_is_no_glass_is_refused_and_leaves_the_file(tmp_path):
    path = tmp_path / "mine.toml"
    path.write_text("old")
    with pytest.raises(gt.GlassTunnelError):
        gt.write_glass({"tls": 3}, path)
    assert path.read_text() == "old"
