"""Resonator tables with semicolons and decimal commas."""

import numpy as np
import pytest
from tests.reference import reference

from glasstunnel.data import read
from glasstunnel.errors import ReadError


def test_quality_factor_with_german_header_and_decimal_commas(real):
    data = read(real / "cpw_Qint_vs_T_100dBm.csv")
    assert (data.format, data.quantity, len(data)) == ("resonator-csv", "internal_quality_factor", 17)
    np.testing.assert_allclose(data["temperature"].to("K")[[0, -1]], [0.1, 1.7], rtol=1e-14)
    expected = [9.19e6, reference("published")["files"]["resonator"]]
    np.testing.assert_array_equal(data["internal_quality_factor"].values[[0, 11]], expected)
    np.testing.assert_allclose(data["power"].to("W"), 1e-13, rtol=1e-12)
    assert "no uncertainty of internal_quality_factor is given" in data.notes


def test_a_power_label_that_contradicts_the_file_name_is_noted_and_kept(real):
    data = read(real / "cpw_Qint_vs_T_160dBm.csv")
    assert np.all(data["power"].values == -140.0)
    assert sum("label contradiction" in note and "160 dBm" in note and "-140" in note for note in data.notes) == 1
    assert not any("label contradiction" in note for note in read(real / "cpw_Qint_vs_T_140dBm.csv").notes)


def test_frequency_shift_with_byte_order_mark_and_crlf(real):
    data = read(real / "cpw_freqshift_vs_T_Nb.csv")
    assert data.quantity == "frequency_shift"
    assert data["temperature"].label == "Temperature (mK)"
    assert data["frequency_shift"].values[1] == 1.11e-7
    assert any("first frequency shift is exactly 0" in note for note in data.notes)


@pytest.mark.parametrize(("text", "sentence"), [
    ("Temperatur (mK);Qint\n100;9,1\n200;1.234,5\n", "line 3, column 'Qint': '1.234,5' is not a finite number"),
    ("Temperatur (mK);Qint\n100;9,1\n200;1.234\n", "line 3, column 'Qint': '1.234' is not a finite number"),
    ("Temperatur (mK);Qint\n100\n", "line 2: 1 cells, but the header has 2 columns"),
    ("Temperatur (mK);Qint\n", "a header, but no rows"),
    ("Temperatur (mK);Qint\n100;\n", "column 'Qint': no row has a value"),
    ("Temperatur (mm);Qint\n100;5\n", "column 'Temperatur \\(mm\\)': the unit is not understood: cannot convert 'mm'"),
    ("Temperatur (mK);Qint;Frequency shift\n1;2;3\n", "quantity must be one of internal_quality_factor, frequ"),
])  # fmt: skip
def test_broken_tables_are_refused(written, text, sentence):
    with pytest.raises(ReadError, match=sentence):
        read(written(text))


def test_one_of_two_quantities_is_chosen(written):
    data = read(written("Temperatur (mK);Qint;Frequency shift\n1;2;3\n"), quantity="frequency_shift")
    assert data["frequency_shift"].values[0] == 3.0
