"""Quantum Design files: the numbers asserted here are read off the files with a text editor, or their formulas."""

import numpy as np
import pytest
from tests.reference import reference

from glasstunnel.data import read
from glasstunnel.errors import ReadError

FILES = reference("published")["files"]


def noted(data, words):
    return any(words in note for note in data.notes)


def test_mpms3_dc_scan_reads_the_free_center_and_keeps_everything_else(real):
    data = read(real / "mpms3_ErCOT2_MvsT_FC_1kOe.dat")
    assert (data.format, data.quantity, len(data)) == ("qd-moment", "moment", 193)
    keys = ("temperature", "field", "moment", "moment_error", "DC Moment Fixed Ctr (emu)")
    assert [data[key].values[0] for key in keys] == FILES["mpms3"]
    assert [data[key].unit for key in ("temperature", "field", "moment")] == ["K", "Oe", "emu"]
    assert len(data.columns) == 89
    assert data.metadata["sample_mass"] == "10.1 mg"
    assert data.metadata["molar_mass"] == "704.95 g/mol"
    assert noted(data, "free-center fit")
    assert noted(data, "SAMPLE_VOLUME 17.3 and SAMPLE_SIZE -0.000319 state no unit")
    assert noted(data, "not a statistical one")


def test_the_other_center_is_taken_on_request(real):
    data = read(real / "mpms3_ErCOT2_MvsT_FC_1kOe.dat", center="fixed")
    assert data["moment"].values[0] == FILES["mpms3"][-1]
    assert data["moment"].label == "DC Moment Fixed Ctr (emu)"


def test_mpms3_loops_are_recognized_as_three_temperatures_and_two_branches(real):
    data = read(real / "mpms3_ErCOT_MvsH_2-6K.dat")
    assert len(data) == 843
    assert noted(data, "holds 3 values of temperature (2.001, 4.002, 6.003 K)")
    assert noted(data, "up and down branches")


def test_vsm_rows_comments_and_missing_moments(made_up):
    data = read(made_up / "mpms3_vsm.dat")
    assert data["moment"].label == "Moment (emu)"
    np.testing.assert_allclose(data["moment"].values, 1e-2 / data["temperature"].values, rtol=1e-8)
    assert len(data) == 10
    assert noted(data, "1 of 11 rows have no 'Moment (emu)' and were left out, the first in line 31")
    assert noted(data, "line 26 says: Sequence paused, operator away")
    assert list(data["Comment"].values[[2, 3]]) == ["", "Warning, range changed"]


def test_mpms_xl_header_grammar_repeats_and_empty_deviations(real):
    data = read(real / "mpmsxl_pb6051_MvsT_0p1T.dc.dat")
    assert (data.format, len(data)) == ("qd-mpms-xl", 42)
    assert data.metadata["sample_mass"] == "48.400 mg"
    assert data.metadata["sample_name"] == "pb6051"
    assert data["moment"].values[0] == FILES["mpms_xl"]
    assert data["field"].values[0] == 1000.0
    assert noted(data, "42 rows are repeats at 14 conditions")
    assert noted(data, "'Long Scan Std Dev' is 0 in every row")


def test_ppms_heat_capacity_in_latin_1_with_comment_rows(made_up):
    data = read(made_up / "ppms_heat_capacity.dat")
    T = data["temperature"].values
    assert (data.format, len(data)) == ("qd-heat-capacity", 27)
    assert data["heat_capacity"].unit == "\u00b5J/K"
    third = slice(2, None, 3)
    np.testing.assert_allclose(data["heat_capacity"].to("J/K")[third], 1e-6 * (0.5 * T + 0.02 * T**3)[third], rtol=1e-8)
    np.testing.assert_allclose(data["heat_capacity_addenda"].values, 0.3 * T, rtol=1e-8)
    assert data.metadata["sample_mass"] == "5.00 mg"
    assert data.metadata["sample_mass_error"] == "0.01 mg"
    assert "molar_mass" not in data.metadata
    assert noted(data, "Current field is 1000.0 Oe")
    assert noted(data, "1 relaxation fits deviate more than 10 times the median, the worst in line 22")
    assert noted(data, "addenda are already subtracted")
    assert noted(data, "27 rows are repeats at 9 conditions")


def test_the_name_of_the_file_does_not_matter(real, written):
    content = (real / "mpmsxl_pb6051_MvsT_0p1T.dc.dat").read_bytes()
    data = read(written(content, "anything.xyz"))
    assert (data.format, data.name) == ("qd-mpms-xl", "anything")


def test_line_ends_and_byte_order_marks_do_not_matter(real, written):
    text = (real / "mpmsxl_pb6051_MvsT_0p1T.dc.dat").read_text()
    plain = read(written(text))
    crlf, cr = (text.replace("\n", end) for end in ("\r\n", "\r"))
    for content in (crlf.encode("utf-8-sig"), text.encode("utf-16"), cr.encode()):
        np.testing.assert_array_equal(read(written(content))["moment"].values, plain["moment"].values)


def test_a_field_in_the_file_name_that_the_column_denies_is_noted(real, written):
    content = (real / "mpmsxl_pb6051_MvsT_0p1T.dc.dat").read_bytes()
    assert not noted(read(written(content, "salt_0p1T.dat")), "label contradiction")
    contradicting = read(written(content, "salt_5kOe.dat"))
    assert noted(contradicting, "the file name says 5 kOe, but column 'Field (Oe)' says 1 kOe")


def test_a_zero_mass_in_the_header_is_noted(real, written):
    text = (real / "mpmsxl_pb6051_MvsT_0p1T.dc.dat").read_text().replace("48.400", "0.000")
    assert noted(read(written(text)), "WEIGHT is '0.000': not a usable sample mass")


@pytest.mark.parametrize(("name", "sentence"), [
    ("broken_mpms3_text_in_moment.dat", "line 21, column 'Moment \\(emu\\)': 'overload' is not a finite number"),
    ("broken_heat_capacity_cut.dat", "line 31: 12 cells, but the table has 13 columns; is the file cut?"),
])  # fmt: skip
def test_broken_files_are_refused_with_line_and_column(made_up, name, sentence):
    with pytest.raises(ReadError, match=f"{name}, {sentence}"):
        read(made_up / name)


def test_a_file_cut_in_its_last_number_is_noted(made_up, written):
    content = (made_up / "ppms_heat_capacity.dat").read_bytes()
    assert noted(read(written(content[:-3])), "the last line has no line end")


@pytest.mark.parametrize(("old", "new", "sentence"), [
    ("Temperature (K)", "Temperatur (K)", "a Quantum Design file, but without moment"),
    ("[Data]", "[Date]", "format not recognized"),
    (",2.0,5000.0", ",-2.0,5000.0", "line 20, column 'Temperature \\(K\\)': a temperature must be above absolute zero"),
    (",2.0,5000.0", ",0,5000.0", "line 20, column 'Temperature \\(K\\)': a temperature must be above absolute zero"),
    (",2.0,5000.0", ",,5000.0", "line 20, column 'Temperature \\(K\\)': the cell is empty"),
    (",2.0,5000.0", ",2.0,nan", "line 20, column 'Magnetic Field \\(Oe\\)': 'nan' is not a finite number"),
    ("0.005,1e-06", "inf,1e-06", "line 20, column 'Moment \\(emu\\)': 'inf' is not a finite number"),
    ("0.005,1e-06", "1e999,1e-06", "line 20, column 'Moment \\(emu\\)': '1e999' is not a finite number"),
    ("0.005,1e-06", "0.0_5,1e-06", "line 20, column 'Moment \\(emu\\)': '0.0_5' is not a finite number"),
    ("0.005,1e-06", "0.005,little", "column 'M. Std. Err. \\(emu\\)': 'little' is not a finite number"),
    ("0.005,1e-06,1", "0.005,1", "line 20: 11 cells, but the table has 12 columns"),
])  # fmt: skip
def test_changed_files_are_refused_with_one_sentence(made_up, written, old, new, sentence):
    text = (made_up / "mpms3_vsm.dat").read_text()
    assert old in text
    with pytest.raises(ReadError, match=sentence) as caught:
        read(written(text.replace(old, new, 1), "changed.dat"))
    assert "changed.dat" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_options_of_another_format_are_refused(real):
    path = real / "mpmsxl_pb6051_MvsT_0p1T.dc.dat"
    with pytest.raises(ReadError, match="format qd-mpms-xl has no option 'center'; it has name"):
        read(path, center="free")
    with pytest.raises(ReadError, match="unknown format 'qd'; known are qd-moment"):
        read(path, format="qd")
    with pytest.raises(ReadError, match="no column 'Field \\(Oe\\)'"):
        read(real / "mpms3_ErCOT2_MvsT_FC_1kOe.dat", format="qd-mpms-xl")
    with pytest.raises(ReadError, match="center must be 'free' or 'fixed', got 'left'"):
        read(real / "mpms3_ErCOT2_MvsT_FC_1kOe.dat", center="left")


@pytest.mark.parametrize("format", ["qd-moment", "qd-mpms-xl", "qd-heat-capacity", "resonator-csv", "delimited"])
def test_a_format_forced_on_the_wrong_file_is_a_read_error(real, written, format):
    other = "cpw_Qint_vs_T_100dBm.csv" if format.startswith("qd") else "mpmsxl_pb6051_MvsT_0p1T.dc.dat"
    with pytest.raises(ReadError):
        read(real / other, format=format)
