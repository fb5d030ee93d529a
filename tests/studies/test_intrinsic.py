"""Raw minus Larmor minus Langevin."""

import numpy as np
import pytest
from numpy.testing import assert_allclose
from tests.reference import reference

from glasstunnel import Column, ParameterError, intrinsic_magnetization

# Moments per ion in Bohr magnetons, g = 2, B = 2 T, T = 4.5 K.
(_, MOMENT_FE2), (_, MOMENT_FE3) = reference("levels")["free_ions"]["moments"]
MU_B = 9.2740100657e-24


@pytest.mark.parametrize("fraction", [0.0, 0.3, 1.0])
def test_benchmark_moments_are_subtracted(magnetization, fraction):
    iron, chi = 2e19, 4e-3
    moments = fraction * MOMENT_FE2 + (1.0 - fraction) * MOMENT_FE3
    raw = 5e-4 - chi * 2.0 + iron * MU_B * moments
    data = magnetization([4.5], 2.0, raw)
    result = intrinsic_magnetization(data, chi, iron, fraction)
    assert_allclose(result["magnetization"].values, 5e-4, rtol=1e-9)
    assert_allclose(result["magnetization_raw"].values, raw)
    assert "Larmor" in result.history[-1] and result.name == "run"


def test_a_scan_of_fractions_gives_one_dataset_each_in_the_unit_of_the_file(magnetization):
    data = magnetization([4.5, 9.0], 2.0, 0.0).with_column("magnetization", Column([1e-4, 2e-4], "memu/g"))
    first, second = intrinsic_magnetization(data, 0.0, 0.0, [0.0, 0.25])
    assert (first.name, second.name) == ("run_fe2_0", "run_fe2_25")
    assert_allclose(first["magnetization"].values, [1e-4, 2e-4])
    assert first["magnetization"].unit == "memu/g"


def test_impossible_input_is_refused(magnetization, heat_capacity):
    good = magnetization([4.5], 2.0, 1.0)
    for arguments, sentence in [
        ((good, 4e-3, 1e19, 1.5), "between 0 and 1"),
        ((good, 4e-3, -1.0, 0.5), "concentration"),
        ((good, -1.0, 1e19, 0.5), "susceptibility"),
        ((heat_capacity([1.0], [1.0]), 4e-3, 1e19, 0.5), "per_mass"),
        ((magnetization([np.nan], 2.0, 1.0), 4e-3, 1e19, 0.5), "row 1: temperature"),
        ((magnetization([-2.0], 2.0, 1.0), 4e-3, 1e19, 0.5), "temperature must be positive"),
    ]:
        with pytest.raises(ParameterError) as caught:
            intrinsic_magnetization(*arguments)
        assert sentence in str(caught.value)
