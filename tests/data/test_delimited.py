"""Delimited text: named by the user, or by headings that carry units."""

import numpy as np
import pytest

from glasstunnel.data import read
from glasstunnel.errors import GlassTunnelError, ReadError

MAPPING = {"temperature": (1, "K"), "heat_capacity": (2, "J/(K kg)")}


def test_headerless_columns_are_named_by_number_and_unit(written):
    data = read(written("  2.0  1.5e-2  x\r\n\r\n  4.0  9.0e-2  y\r\n"), columns=MAPPING)
    assert (data.format, data.quantity) == ("delimited", "heat_capacity")
    np.testing.assert_array_equal(data["heat_capacity"].values, [1.5e-2, 9e-2])
    assert data["heat_capacity"].unit == "J/(K kg)"
    assert list(data["column 3"].values) == ["x", "y"]


@pytest.mark.parametrize("text", [
    "T (K),H (Oe),M (emu/g)\n2,1e4,1e-3\n4,1e4,5e-4\n",
    "T [K]\tH [Oe]\tM [emu/g]\n2\t1e4\t1e-3\n4\t1e4\t5e-4\n",
    "# a comment\n# T/K  H/Oe  M/(emu/g)\n2 1e4 1e-3\n4 1e4 5e-4\n",
    "Temperature (K); Field (Oe); Magnetization (emu/g)\n2;1e4;0,001\n4;1e4;0,0005\n",
])  # fmt: skip
def test_headings_with_units_speak_for_themselves(written, text):
    data = read(written(text))
    assert data.quantity == "magnetization"
    np.testing.assert_array_equal(data["magnetization"].values, [1e-3, 5e-4])
    np.testing.assert_array_equal(data["field"].to("T"), [1.0, 1.0])


def test_a_heading_whose_unit_does_not_fit_is_not_guessed(written):
    with pytest.raises(ReadError, match="format not recognized"):
        read(written("T (K),M (V)\n2,1\n"))
    with pytest.raises(ReadError, match="format not recognized"):
        read(written("T (K),M\n2,1\n"))


@pytest.mark.parametrize("text, words", [
    ("T (K),M (emu/foo)\n2,1\n", "heading 'M (emu/foo)': unknown unit 'foo'"),
    ("T (K),M (V)\n2,1\n", "heading 'M (V)'.*'V'"),
    ("T (K),chi (emu/mol)\n2,1\n", "in CGS a susceptibility is per oersted: write 'emu/mol/Oe'"),
    ("T (K),chi T (cm3 K/mol)\n2,1\n", "write 'emu K/mol/Oe' [(]in SI"),
    ("E (meV),g (1/(K kg))\n0.1,1e20\n0.2,2e20\n", "heading 'E [(]meV[)]': an energy is the axis of no observable"),
    ("T (J),M (emu/g)\n2,1\n", "heading 'T [(]J[)]': 'J' measures something else; expected for instance 'K'"),
])  # fmt: skip
def test_the_heading_whose_unit_cannot_be_meant_is_named(written, text, words):
    with pytest.raises(ReadError, match=words.replace("(emu/foo)", "[(]emu/foo[)]").replace("(V)", "[(]V[)]")):
        read(written(text))


def sweeps(*fields):
    rows = [f"{t},{field},{1e-3 * field / t:.6g}" for field in fields for t in range(2, 32, 2)]
    return "T (K),H (kOe),M (emu/g)\n" + "\n".join(rows) + "\n"


def test_a_new_sweep_at_the_next_field_is_no_row_out_of_order(written):
    assert not any("out of order" in note for note in read(written(sweeps(1, 10))).notes)
    rows = sweeps(1).splitlines()
    rows[8], rows[9] = rows[9], rows[8]
    assert any("out of order" in note for note in read(written("\n".join(rows))).notes)


def test_advice_comes_in_the_words_of_a_run_file_too(written):
    (advice,) = [note for note in read(written(sweeps(1, 10))).notes if "split_by" in note]
    assert '{do = "split_by", column = "field"}' in advice


def test_columns_by_heading_and_error_columns(written):
    text = "temp,cp,dcp,who\n2,1.0,0.1,anna\n3,2.0,0.1,ben\n"
    columns = {"temperature": ("temp", "K"), "heat_capacity": {"column": "cp", "unit": "mJ/(g K)"},
               "heat_capacity_error": ("dcp", "mJ/(g K)")}  # fmt: skip
    data = read(written(text), columns=columns)
    assert data.quantity == "heat_capacity"
    assert list(data["who"].values) == ["anna", "ben"]


def test_decimal_commas_can_be_stated_and_are_noted_when_found(written):
    path = written("2,5\t1,25\n3,5\t2,25\n")
    stated = read(path, columns=MAPPING, decimal=",")
    found = read(path, columns=MAPPING)
    np.testing.assert_array_equal(stated["temperature"].values, [2.5, 3.5])
    np.testing.assert_array_equal(found["heat_capacity"].values, [1.25, 2.25])
    assert "commas in numbers are read as decimal commas" in found.notes


def test_rows_after_a_marker(written):
    text = "preamble, of any kind\n[Data]\nT (K),M-DC (emu)\n2,3\n"
    data = read(written(text), columns={"temperature": "T (K)", "moment": "M-DC (emu)"}, after="[Data]")
    assert data["moment"].values[0] == 3.0


def test_a_value_out_of_order_is_noted_with_its_lines(written):
    rows = [f"{T} {T**2 if T != 9 else 140.0}" for T in range(2, 40)]
    data = read(written("\n".join(rows) + "\n"), columns=MAPPING)
    assert any(note.startswith("heat_capacity falls from line 8 to 9, but rises elsewhere") for note in data.notes)


def test_rows_without_a_value_are_left_out_with_a_note(written):
    data = read(written("T (K),C (J/(K g)),x\n2,1,\n3,,5\n4,2,\n"))
    assert len(data) == 2
    assert "1 of 3 rows have no 'C (J/(K g))' and were left out, the first in line 3" in data.notes
    assert np.all(np.isnan(data["x"].values))


@pytest.mark.parametrize(("options", "sentence"), [
    ({"columns": {"temperature": (1, "Kelvn"), "moment": (2, "emu")}}, "unit of temperature: unknown unit 'Kelvn'"),
    ({"columns": {"temperature": (1, "T"), "moment": (2, "emu")}}, "temperature cannot be measured in 'T'"),
    ({"columns": {"temperature": (9, "K"), "moment": (2, "emu")}}, "said to be column 9, but there are 3 columns"),
    ({"columns": {"temperature": ("T", "K"), "moment": (2, "emu")}}, "said to be column 'T'; the columns are column 1"),
    ({"columns": {"temperature": (1, "K")}}, "columns temperature are given; say which one is the measured quantity"),
    ({"columns": {"temperature": (1, 5), "moment": (2, "emu")}}, "unit of temperature"),
    ({"columns": "temperature"}, "columns must map standard names"),
    ({"columns": MAPPING, "quantity": "moment"}, "quantity='moment' is not among them"),
    ({"columns": MAPPING, "decimal": ";"}, "decimal must be"),
    ({"columns": MAPPING, "delimiter": ",", "decimal": ","}, "comma cannot be both"),
    ({"columns": MAPPING, "after": "[Data]"}, "no line reads '\\[Data\\]'"),
    ({"columns": {"temperature": (3, "K"), "moment": (2, "emu")}}, "line 1, column 'column 3': 'a' is not a finite"),
])  # fmt: skip
def test_mappings_that_do_not_fit_are_refused(written, options, sentence):
    with pytest.raises(ReadError, match=sentence):
        read(written("1,2,a\n3,4,b\n"), **options)


def test_the_tables_that_curve_prints_are_read(tmp_path):
    path = tmp_path / "curve.csv"
    path.write_text("temperature [K],field [T],heat_capacity [J/(K kg)]\n1.0,0.0,2e-4\n2.0,0.0,3e-4\n")
    assert read(path).quantity == "heat_capacity"


def test_units_in_a_line_of_their_own_belong_to_the_headings_above(tmp_path):
    path = tmp_path / "origin.txt"
    path.write_text("T\tH\tM\nK\tkOe\temu/g\n2.0\t10\t1e-3\n4.0\t10\t5e-4\n")
    data = read(path)
    assert data.quantity == "magnetization"
    np.testing.assert_allclose(data["field"].to("T"), 1.0)
    np.testing.assert_allclose(data["magnetization"].to("A m2/kg"), [1e-3, 5e-4])
    named = read(path, columns={"temperature": "T (K)", "magnetization": (3, "emu/g")})
    np.testing.assert_allclose(named["temperature"].values, [2.0, 4.0])


@pytest.mark.parametrize("below", ["K\tof the puck\temu/g", "2.0\t10\t1e-3"])
def test_a_second_line_that_states_no_units_is_no_line_of_units(tmp_path, below):
    path = tmp_path / "other.txt"
    path.write_text(f"T (K)\tH (kOe)\tM (emu/g)\n{below}\n4.0\t10\t5e-4\n")
    if below.startswith("K"):
        with pytest.raises(GlassTunnelError, match="line 2"):
            read(path)
    else:
        assert len(read(path)) == 2


@pytest.mark.parametrize(("mark", "unit", "factor"), [("T^2", "K^2", 1.0), ("T²", "mK^2", 1e6), ("T2", "K2", 1.0)])
def test_the_axis_of_a_plot_of_c_over_t_is_a_squared_temperature(tmp_path, mark, unit, factor):
    T = np.array([0.5, 1.0, 2.0])
    rows = "\n".join(f"{factor * t * t:.6g};{1 + 0.8 * t * t:.6g}".replace(".", ",") for t in T)
    path = tmp_path / "ct.csv"
    path.write_text(f"{mark} ({unit});C/T (mJ/(mol K^2))\n{rows}\n")
    data = read(path)
    np.testing.assert_allclose(data["temperature"].to("K"), T, rtol=1e-6)
    assert any("square root" in note for note in data.notes)
    columns = {"temperature_squared": (1, unit), "heat_capacity_over_temperature": (2, "J/(K2 kg)")}
    named = read(path, columns=columns)
    np.testing.assert_allclose(named["temperature"].to("K"), T, rtol=1e-6)


def test_what_a_laboratory_writes_about_resonators_and_moles_is_known_or_told_what_is_wrong(tmp_path):
    path = tmp_path / "q.csv"
    path.write_text("Photon number,T (mK),Q_i\n1,20,2e5\n1,50,2.1e5\n100,20,3e5\n100,50,3.1e5\n")
    data = read(path)
    assert data.quantity == "internal_quality_factor" and "photon_number" in data
    path.write_text("T [K],chi_mol [emu/mol]\n2,1e-3\n4,5e-4\n")
    with pytest.raises(ReadError, match="per oersted: write 'emu/mol/Oe'"):
        read(path)


@pytest.mark.parametrize("heading, quantity, unit", [
    ("C (mJ/mol K)", "molar_heat_capacity", "mJ/(mol K)"),
    ("kappa (W/m K)", "thermal_conductivity", "W/(m K)"),
    ("chi (emu/g Oe)", "susceptibility", "emu/(g Oe)"),
])  # fmt: skip
def test_a_denominator_without_brackets_is_read_as_the_quantity_allows_and_said(written, heading, quantity, unit):
    data = read(written(f"T (mK)\t{heading}\n20\t1.5\n40\t3\n"))
    assert (data.quantity, data.measured.unit) == (quantity, unit)
    assert f"the unit of {heading!r} is read as {unit}" in data.notes
    columns = {"temperature": (1, "mK"), quantity: (2, heading[:-1].split("(")[1])}
    named = read(written("20\t1.5\n40\t3\n"), columns=columns)
    assert named.measured.unit == unit


def test_a_temperature_in_c_is_one_in_degrees(written):
    data = read(written("T (C),M (emu/g)\n-271,1\n-270,2\n"))
    np.testing.assert_allclose(data["temperature"].to("K"), [2.15, 3.15])
    assert "the unit of 'T (C)' is read as degC" in data.notes


@pytest.mark.parametrize("heading", ["dM (emu/g)", "ΔM (emu/g)", "M err (emu/g)", "error (emu/g)"])
def test_an_error_column_is_known_by_its_heading(written, heading):
    data = read(written(f"T (K)\tM (emu/g)\t{heading}\n2\t1e-3\t1e-5\n4\t5e-4\t2e-5\n"))
    np.testing.assert_array_equal(data["magnetization_error"].values, [1e-5, 2e-5])


def test_error_alone_names_the_error_of_what_is_measured(written):
    columns = {"temperature": (1, "K"), "heat_capacity": (2, "mJ/(g K)"), "error": 3}
    data = read(written("2 1 0.1\n4 8 0.3\n"), columns=columns)
    np.testing.assert_allclose(data["heat_capacity_error"].to("J/(kg K)"), [0.1, 0.3])


@pytest.mark.parametrize("heading, words", [
    ("H (Wb)", "'Wb' is no unit of it"), ("H", "its heading states no unit"),
])  # fmt: skip
def test_a_field_that_is_left_unread_is_told(written, heading, words):
    notes = read(written(f"T (K),{heading},M (emu/g)\n2,100,1e-3\n4,100,5e-4\n")).notes
    assert any(f"column {heading!r} is not read as field: {words}" in note for note in notes)


@pytest.mark.parametrize("columns", [
    None, {"temperature": (1, "K"), "magnetization": (2, "emu/g")},
    {"temperature": "T (K)", "magnetization": "M (emu/g)"},
])  # fmt: skip
def test_title_lines_with_other_cells_are_passed_over(written, columns):
    data = read(written("Sample: BK7, 53 mg\nT (K);M (emu/g)\n2,0;1e-3\n4,0;5e-4\n"), columns=columns)
    np.testing.assert_array_equal(data["temperature"].values, [2.0, 4.0])
    assert "the file begins with: Sample: BK7, 53 mg" in data.notes


def test_no_row_is_taken_for_a_title(written):
    columns = {"temperature": (1, "K"), "magnetization": (2, "emu/g")}
    with pytest.raises(ReadError, match="line 2: 3 cells, but the table has 2 columns"):
        read(written("2 1e-3\n4 5e-4 7\n6 2e-4\n8 1e-4\n9 1e-4\n"), columns=columns)


LABVIEW = (
    "LabVIEW Measurement\t\nWriter_Version\t2\nSeparator\tTab\nDecimal_Separator\t.\nX_Columns\tOne\n"
    "Date\t2024/03/12\n***End_of_Header***\t\n\t\nChannels\t2\nSamples\t2\t2\nX_Dimension\tTime\tTime\n"
    "***End_of_Header***\nX_Value\tField (mT)\tCapacitance (pF)\tComment\n0\t0\t61.2\n30\t25\t61.3\tquiet\n"
)


@pytest.mark.parametrize("columns", [None, {"field": (2, "mT"), "capacitance": (3, "pF")}])
def test_a_file_of_labview_is_read_after_its_two_headers(written, columns):
    data = read(written(LABVIEW), columns=columns)
    np.testing.assert_allclose(data["field"].to("T"), [0.0, 0.025])
    np.testing.assert_allclose(data["capacitance"].to("pF"), [61.2, 61.3])


def test_a_delimiter_at_the_end_of_rows_makes_no_column(written):
    data = read(written("T (K)\tM (emu/g)\n2\t1e-3\t\n4\t5e-4\t\n"))
    np.testing.assert_array_equal(data["magnetization"].values, [1e-3, 5e-4])


@pytest.mark.parametrize("last, noted", [(801, False), (300, True)])
def test_noise_on_a_plateau_is_no_row_out_of_order(written, last, noted):
    values = (90, 91, 95, 105, 130, 190, 300, 450, 600, 720, 780, last, 800, 805, 812)
    rows = "".join(f"20\t{-120 + 5 * k}\t{value}e3\n" for k, value in enumerate((*values[:11], 806, *values[11:])))
    notes = read(written(f"T (mK)\tPower (dBm)\tQi\n{rows}")).notes
    assert any("out of order" in note for note in notes) == noted
