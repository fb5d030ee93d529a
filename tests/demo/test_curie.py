"""The quickest part of the demo, from the file to a section of the report: what the whole demo does, in a second."""

import numpy as np
import pytest

from glasstunnel.constants import bohr_magneton, boltzmann
from glasstunnel.data import per_mass, read
from glasstunnel.demo import curie
from glasstunnel.demo.files import example_file


def test_the_curie_constant_is_the_mean_of_t_times_m():
    """Straight from the file, without a fit: the mean of T M/B above 4.5 K."""
    data = per_mass(read(example_file("data/mpmsxl_pb6051_MvsT_0p1T.dc.dat")))
    T = data["temperature"].to("K")
    expected = np.mean((T * data["magnetization"].to("A m2/kg") / data["field"].to("T"))[T > 4.5])
    lines, (section,) = curie.run()
    fitted = section.records["curie"]["values"]["ions.concentration"] * bohr_magneton**2 / boltzmann  # spin 1/2, g = 2
    assert fitted == pytest.approx(expected, rel=1e-3)
    assert f"{1e-1 * expected:.2f}" in lines[0]
