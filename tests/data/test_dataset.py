"""`Column` and `Dataset` keep what the file gave and say what was done."""

import numpy as np
import pytest

from glasstunnel.data import Column, Dataset
from glasstunnel.data.dataset import dataset_name
from glasstunnel.errors import ParameterError, UnitError

DATA = Dataset(
    {
        "temperature": Column([2.0, 4.0, 8.0], "K"),
        "moment": Column([4.0, 2.0, 1.0], "emu"),
        "Note": Column(["", "a", "b"]),
    },
    "moment",
    name="salt",
)


def test_a_column_converts_and_cannot_be_changed():
    np.testing.assert_allclose(DATA["temperature"].to("mK"), [2000.0, 4000.0, 8000.0])
    with pytest.raises(ValueError, match="read-only"):
        DATA["temperature"].values[0] = 1.0


def test_a_dataset_leaves_the_array_it_was_made_from_alone():
    values = np.array([1.0, 2.0])
    column = Column(values, "K")
    values[0] = 7.0
    assert column.values[0] == 1.0


def test_text_columns_do_not_convert():
    with pytest.raises(UnitError, match="holds text"):
        DATA["Note"].to("K")


def test_a_wrong_unit_names_the_column():
    with pytest.raises(UnitError, match="column 'Temperatur': unknown unit 'Kelvn'"):
        Column([1.0], "Kelvn", "Temperatur").to("K")


def test_a_missing_column_lists_those_there_are():
    with pytest.raises(ParameterError, match="'salt' has no column 'field'; it has temperature, moment, Note"):
        DATA["field"]


def test_select_keeps_rows_of_every_column_and_says_why():
    part = DATA.select(DATA["temperature"].values > 3.0, "above 3 K")
    assert len(part) == 2
    assert list(part["Note"].values) == ["a", "b"]
    assert part.history == ("kept 2 of 3 rows: above 3 K",)
    assert DATA.history == ()


@pytest.mark.parametrize("mask", [[True, False], [1, 0, 1], [False, False, False]])
def test_select_refuses_masks_that_do_not_fit(mask):
    with pytest.raises(ParameterError):
        DATA.select(np.array(mask), "nothing")


def test_columns_of_different_length_are_refused():
    with pytest.raises(ParameterError, match="differ in length"):
        Dataset({"moment": Column([1.0]), "field": Column([1.0, 2.0])}, "moment")


def test_the_printed_form_names_quantity_units_notes_and_history():
    text = str(DATA.with_note("odd").with_history("cut"))
    assert "salt: moment, 3 points" in text
    assert "temperature: 2 to 8 K" in text
    assert "note: odd" in text
    assert "done: cut" in text


@pytest.mark.parametrize(("text", "name"), [("a b.c", "a_b_c"), ("12 K", "run_12_K"), ("---", "data")])
def test_names_fit_into_parameter_paths(text, name):
    assert dataset_name(text) == name


def test_a_name_that_begins_with_a_digit_becomes_one_of_a_path():
    from glasstunnel.data.dataset import dataset_name

    assert dataset_name("5kOe") == "run_5kOe"
    assert dataset_name("r5") == "r5"


def test_in_a_notebook_a_dataset_is_short_and_its_text_is_text():
    data = Dataset({"temperature": Column(np.arange(1.0, 500.0), "K")}, "temperature", name="a", notes=("<b>",))
    assert repr(data) == "<Dataset 'a': temperature, 499 points, 1 columns>"
    assert "<strong>a</strong>" in data._repr_html_() and "<li>&lt;b&gt;" in data._repr_html_()


def test_a_dataset_becomes_a_data_frame_headed_by_units():
    pytest.importorskip("pandas")
    data = Dataset({"temperature": Column([1.0, 2.0], "K"), "label": Column(["x", "y"], "")}, "temperature")
    frame = data.to_dataframe()
    assert list(frame) == ["temperature [K]", "label"] and frame["temperature [K]"].tolist() == [1.0, 2.0]
