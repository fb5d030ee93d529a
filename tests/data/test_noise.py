"""Noise models, and the verdict on error columns of instruments."""

import numpy as np
import pytest

from glasstunnel.data import Column, Dataset, check_error_column, read, with_noise
from glasstunnel.data.grouping import repeat_groups, set_points
from glasstunnel.errors import ParameterError


def dataset(values, errors=None, temperature=None):
    columns = {"moment": Column(values, "emu")}
    if errors is not None:
        columns["moment_error"] = Column(errors, "uemu", "M. Err.")
    if temperature is not None:
        columns["temperature"] = Column(temperature, "K")
    return Dataset(columns, "moment")


def test_the_error_columns_of_the_measured_files_get_their_verdict(real):
    constant = check_error_column(read(real / "mpms3_ErCOT2_MvsT_FC_40kOe.dat", center="fixed"))
    assert constant.kind == "constant fraction"
    np.testing.assert_allclose(constant.fraction, 0.051, atol=0.001)
    assert check_error_column(read(real / "mpmsxl_pb6051_MvsT_0p1T.dc.dat")).kind == "zero"
    assert check_error_column(read(real / "cpw_Qint_vs_T_100dBm.csv")).kind == "missing"


def test_an_error_column_that_varies_is_believed_and_converted():
    data = dataset([1.0, -2.0, 4.0, 8.0, 16.0], [1.0, 3.0, 2.0, 1.0, 2.0])
    assert check_error_column(data).kind == "varies"
    sigma = with_noise(data, given=True)
    np.testing.assert_allclose(sigma["sigma"].values, [1e-6, 3e-6, 2e-6, 1e-6, 2e-6], rtol=1e-14)
    assert sigma.noise == "given by column 'M. Err.'"


def test_a_constant_fraction_taken_as_sigma_says_so():
    values = np.linspace(1.0, 9.0, 9)
    assert "not a statistical one" in with_noise(dataset(values, 5e4 * values), given=True).noise


def test_stated_noise_adds_in_quadrature():
    data = with_noise(dataset([3.0, -4.0]), relative=0.1, absolute=0.4)
    np.testing.assert_allclose(data["sigma"].values, [0.5, np.hypot(0.4, 0.4)], rtol=1e-14)
    assert data.noise == "relative 0.1 and absolute 0.4 emu"


def test_residual_noise_has_no_sigma():
    data = with_noise(with_noise(dataset([1.0, 2.0]), relative=0.1), residuals=True)
    assert "sigma" not in data
    assert data.noise == "residuals"


def test_noise_from_repeats_is_the_scatter_put_in():
    random = np.random.default_rng(3)
    T = np.repeat(np.geomspace(2.0, 50.0, 100), 3)
    data = with_noise(dataset((1.0 + 3e-3 * random.standard_normal(300)) / T, temperature=T), repeats=True)
    np.testing.assert_allclose(data["sigma"].values * T, 3e-3, rtol=0.15)


@pytest.mark.parametrize(("data", "options", "sentence"), [
    (dataset([1.0]), {}, "choose one noise model"),
    (dataset([1.0]), {"relative": 0.1, "residuals": True}, "choose one noise model"),
    (dataset([1.0]), {"relative": -0.1}, "noise relative must be > 0 and finite, got -0.1"),
    (dataset([1.0]), {"absolute": np.nan}, "noise absolute must be > 0 and finite, got nan"),
    (dataset([1.0, 0.0]), {"relative": 0.1}, "is 0.0 in row 2; it must be > 0"),
    (dataset([1.0]), {"given": True}, "no uncertainty is given"),
    (dataset([1.0, 2.0], [1.0, np.nan]), {"given": True}, "is nan in row 2; it must be > 0"),
    (dataset([1.0, 2.0], temperature=[1.0, 2.0]), {"repeats": True}, "no rows are repeated"),
])  # fmt: skip
def test_impossible_noise_is_refused(data, options, sentence):
    with pytest.raises(ParameterError, match=sentence):
        with_noise(data, **options)


def test_repeats_are_found_next_to_narrow_steps():
    # Triples that scatter by 0.05 %, 0.3 % apart, as a heat-capacity run writes them.
    centers = 50.0 * 0.997 ** np.arange(40)
    T = (centers[:, None] * (1.0 + 1e-4 * np.array([5.0, 0.0, 1.0]))).ravel()
    assert [len(rows) for rows in repeat_groups(dataset(np.ones(120), temperature=T))] == [3] * 40


def test_a_slow_sweep_is_no_repeat():
    T = np.linspace(50.0, 49.0, 300)
    assert len(repeat_groups(dataset(np.ones(300), temperature=T))) == 300
    assert len(repeat_groups(dataset(np.ones(5)))) == 5


def test_set_points_gather_rows_from_anywhere_in_the_file():
    data = dataset(np.ones(5), temperature=[4.0, 2.0, 4.01, 1.99, 6.0])
    groups = set_points(data, "temperature")
    np.testing.assert_allclose([value for value, _ in groups], [1.995, 4.005, 6.0])
    assert [rows.tolist() for _, rows in groups] == [[1, 3], [0, 2], [4]]


@pytest.mark.parametrize("scatter", [7e-3, 3e-3, 1.2e-3, 7e-4, 3e-4, 1.5e-4])
def test_repeats_are_found_at_every_width_between_two_tolerances(scatter):
    """Triples one of which is off by a little; the step to the next set point is twice that."""
    centers = 50.0 * (1.0 - 2.2 * scatter) ** np.arange(40)
    T = (centers[:, None] * (1.0 + scatter * np.array([0.9, 0.0, 0.9]))).ravel()
    assert [len(rows) for rows in repeat_groups(dataset(np.ones(120), temperature=T))] == [3] * 40


def test_noise_from_repeats_counts_its_degrees_of_freedom():
    """Ten pairs that differ by 2 %: each has one degree of freedom and a standard deviation of sqrt(2) %."""
    T = np.repeat(np.geomspace(2.0, 50.0, 10), 2)
    data = with_noise(dataset(np.tile([0.99, 1.01], 10), temperature=T), repeats=True)
    np.testing.assert_allclose(data["sigma"].values, 0.02 / np.sqrt(2.0) * data.measured.values, rtol=1e-9)
    assert "from 10 degrees of freedom" in data.noise


@pytest.mark.parametrize("missing", [np.inf, np.nan])
def test_a_value_that_is_no_number_is_named_not_its_sigma(missing):
    data = Dataset({"magnetization": Column([1.0, 2.0, missing], "A m2/kg")}, "magnetization", name="run")
    with pytest.raises(ParameterError, match="row 3: magnetization is (inf|nan); drop such rows"):
        with_noise(data, relative=0.1)
    assert with_noise(data, absolute=0.1)["sigma"].values.tolist() == [0.1] * 3  # the row may still be dropped
