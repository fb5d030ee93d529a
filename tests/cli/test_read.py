"""`glasstunnel read`: files that it recognizes, files that it has to be told about, and files that it refuses."""

import gzip
import time
from pathlib import Path

import numpy as np
import pytest

import glasstunnel as gt
from glasstunnel.cli import main
from glasstunnel.data import read
from glasstunnel.data.readers.previews import columns_of_text, preview
from glasstunnel.errors import ParameterError, ReadError

EXAMPLES = Path(gt.__file__).parent / "examples" / "data"
PLAIN = "  2.0  1.5e-2  x\n  4.0  9.0e-2  y\n"


def test_what_is_not_recognized_is_shown_with_the_command_that_reads_it(written, capsys):
    path = written(PLAIN)
    assert main(["read", str(path)]) == 2
    out, err = capsys.readouterr()
    assert "1 |   2.0  1.5e-2  x" in out and "delimiter: blanks; decimal sign: point; header: none found" in out
    assert 'glasstunnel read' in out and '--columns "temperature=1 K, heat_capacity=2 J/(kg K)"' in out
    assert "format not recognized" in err
    assert main(["read", str(path), "--columns", "temperature=1 K, heat_capacity=2 J/(mol K)"]) == 0
    assert "molar_heat_capacity: 0.015 to 0.09 J/(mol K)" in capsys.readouterr().out


def test_headings_without_units_are_proposed_with_usual_ones(written):
    found = preview(written("Temp;Cp;f\n1,5;2,0e-3;1\n", "x.csv"))
    assert (found.delimiter, found.decimal) == (";", ",")
    assert found.columns == "temperature=1 K, heat_capacity=2 J/(K kg), frequency=3 Hz" and not found.complete
    assert preview(written("T (mK),C (J/(kg K)),T (K)\n1,2,3\n")).complete


def test_preview_alone_is_no_error_and_recognized_files_have_one_too(capsys):
    assert main(["read", str(EXAMPLES / "mpmsxl_pb6051_MvsT_0p1T.dc.dat"), "--preview"]) == 0
    assert "first lines of" in capsys.readouterr().out


@pytest.mark.parametrize(("text", "columns"), [
    ("temperature=1 K, heat_capacity=2 J/(mol K)", {"temperature": (1, "K"), "heat_capacity": (2, "J/(mol K)")}),
    ("temperature=T, echo=3", {"temperature": "T", "echo": (3, "")}),
    ("magnetization='M (emu/g, dry)'", {"magnetization": "M (emu/g, dry)"}),
])  # fmt: skip
def test_columns_are_named_in_a_text(text, columns):
    assert columns_of_text(text) == columns


@pytest.mark.parametrize("text", ["1 K", "temperature", "=1 K", "temperature=", "2=K"])
def test_columns_that_cannot_be_meant_are_refused(text):
    with pytest.raises(ParameterError, match="is not NAME=COLUMN UNIT"):
        columns_of_text(text)


def test_gzip_is_read_and_never_unpacked_beyond_the_limit(written, tmp_path):
    source = EXAMPLES / "mpmsxl_pb6051_MvsT_0p1T.dc.dat"
    packed = written(gzip.compress(source.read_bytes()), "run.dat.gz")
    np.testing.assert_array_equal(read(packed).measured.values, read(source).measured.values)
    with pytest.raises(ReadError, match="cannot be unzipped"):
        read(written(gzip.compress(source.read_bytes())[:500], "cut.gz"))
    bomb = written(gzip.compress(b"1 2\n" * 20_000_000, 1), "bomb.gz")
    start = time.process_time()
    with pytest.raises(ReadError, match="unzipped it is more than the 67 MB"):
        read(bomb, columns={"temperature": (1, "K"), "heat_capacity": (2, "J/K")})
    assert time.process_time() - start < 3.0


@pytest.mark.parametrize(("content", "words"), [
    (b"PK\x03\x04rest", "Excel workbook .* save the sheet as CSV"), (b"\xd0\xcf\x11\xe0rest", "old Excel workbook"),
    (b"\x89HDF\r\n\x1a\n", "an HDF5 file"), (b"%PDF-1.7", "a PDF"),
])  # fmt: skip
def test_files_of_other_programs_are_refused_with_advice(written, content, words):
    with pytest.raises(ReadError, match=words):
        read(written(content, "file.xlsx"))


@pytest.mark.parametrize(("columns", "words"), [
    ("temperature=1, heat_capacity=2 J/K", "unit of temperature is missing"),
    ("temp=1 K, heat_capacity=2 J/K", "'temp' is no name known here, did you mean 'temperature'?"),
    ("temperature=1 K heat_capacity=2 J/K", "separate them by a comma"),
    ("temperature=1 K, susceptibility=2 emu/mol", "write 'emu/mol/Oe'"),
    (" ", "--columns is empty"),
])  # fmt: skip
def test_columns_that_do_not_name_the_table_are_told_how(written, capsys, columns, words):
    assert main(["read", str(written(PLAIN)), "--columns", columns]) == 2
    assert words in capsys.readouterr().err


def test_a_misspelt_quantity_is_noted(written):
    data = read(written(PLAIN), columns={"temperature": (1, "K"), "heat_capcity": (2, "J/K")})
    assert "'heat_capcity' is no quantity known here, did you mean 'heat_capacity'?" in data.notes


def test_a_table_of_a_thousand_columns_prints_short(written):
    heading = ",".join(["T (K)", "M (emu/g)", *(f"x{number}" for number in range(1000))])
    rows = "\n".join(",".join(["2.0", "1.0", *["0"] * 1000]) for _ in range(3))
    text = str(read(written(f"{heading}\n{rows}\n")))
    assert text.count("\n") < 30 and "and 982 more columns" in text


def test_two_columns_of_the_same_heading_are_said(written):
    data = read(written("T (K),C (J/(kg K)),T (K)\n1,2,3\n2,3,4\n"))
    assert "columns 1, 3 have the same heading 'T (K)': column 1 is taken as temperature" in data.notes
    np.testing.assert_array_equal(data["T (K)"].values, [3.0, 4.0])


@pytest.mark.parametrize("headings", [["x"] * 2000, [f"x{number}" for number in range(8000)]])
def test_many_columns_are_read(written, headings):
    values = [",".join([row] * (len(headings) + 2)) for row in "23"]
    lines = [",".join(["T (K)", "C (J/(kg K))", *headings]), *values]
    assert len(read(written("\n".join(lines) + "\n")).columns) == len(headings) + 2


def test_an_echo_and_its_waiting_time_are_headings(written):
    data = read(written("tau12 (us),echo (mV)\n1,2\n2,1\n"))
    assert data.quantity == "echo" and data["waiting_time"].unit == "us"


def test_a_bridge_at_three_frequencies_is_drawn_as_three_lines():
    T, f = np.tile(np.geomspace(0.05, 1.0, 10), 3), np.repeat([0.5e3, 1e3, 5e3], 10)
    tls = gt.TwoLevelSystems(1e20, dielectric_strength=5e-4, elastic_constant=5e-8)
    loss = gt.loss_tangent(tls, T, 0.0, f)
    columns = {"temperature": gt.Column(T, "K"), "frequency": gt.Column(f, "Hz"), "loss_tangent": gt.Column(loss)}
    data = gt.data.with_noise(gt.Dataset(columns, "loss_tangent", name="bridge"), relative=0.01)
    result = gt.fit(tls, [data], {"tls.dielectric_strength": gt.LogUniform(1e-6, 1e-1)})
    from glasstunnel.plots import fit_figure

    figure = fit_figure(list(result.curves.values()), result=result)
    fits = [line for line in figure.axes[0].lines if line.get_linestyle() == "-" and len(line.get_xdata()) > 2]
    assert len(fits) == 3 and all(np.all(np.diff(line.get_xdata()) > 0) for line in fits)
    labels = [text.get_text() for text in figure.axes[0].get_legend().get_texts()]
    assert labels == ["500 Hz (bridge)", "1 kHz (bridge)", "5 kHz (bridge)", "fit"]


@pytest.mark.parametrize(("table", "columns"), [
    ("T (K),echo (mV),sigma (mV)\n1,2,0.1\n2,1,0.1\n", {"echo_error": "mV"}),
    ("T (K),M (emu/g),M err. (emu/g)\n1,2,0.1\n2,1,0.1\n", {"magnetization_error": "emu/g"}),
    ("T (K),Moment (emu/g),Std. Dev. (emu/g)\n1,2,0.1\n2,1,0.1\n", {"magnetization_error": "emu/g"}),
    ("T (K),tan delta,error\n1,2e-4,1e-6\n2,1e-4,1e-6\n", {"loss_tangent_error": ""}),
    ("T (K),tan delta,error (mK)\n1,2e-4,1e-6\n2,1e-4,1e-6\n", {}),
])  # fmt: skip
def test_a_stated_uncertainty_is_found_by_its_heading(written, table, columns):
    data = read(written(table))
    assert {name: data[name].unit for name in data.columns if name.endswith("_error")} == columns
