"""The report says what the records say: numbers, doubts, sources; and its tables can be read back."""

import csv
import hashlib
import html
import json
import re
from urllib.parse import unquote
from xml.etree import ElementTree

import numpy as np
import pytest

from glasstunnel import (
    Column,
    Dataset,
    Glass,
    LarmorDiamagnetism,
    LogUniform,
    MagneticIons,
    Uniform,
    fit,
    magnetization,
)
from glasstunnel.errors import FitError
from glasstunnel.inference import compare, profile
from glasstunnel.report import Section, Text, fit_section, save_results, sections_of, typography, write_report
from glasstunnel.report.fits import equation_source
from glasstunnel.report.numbers import plain, sentence, with_uncertainty
from glasstunnel.systems.registry import CONTRIBUTIONS

PARTS = {"larmor": LarmorDiamagnetism(4e-3), "fe3": MagneticIons("Fe3+", 1e20)}
TRUTH = Glass(PARTS, name="test <glass>", notes=("a doubt & more",))
VARY = {"larmor.susceptibility": Uniform(0.0, 0.1), "fe3.concentration": LogUniform(1e18, 1e22)}


def dataset(name, B, notes=()):
    T = np.geomspace(2.0, 100.0, 25)
    M = magnetization(TRUTH, T, B)
    sigma = np.full_like(T, 1e-5)
    noisy = M + sigma * np.random.default_rng(int(10 * B)).standard_normal(T.size)
    columns = {
        "temperature": Column(T, "K"), "field": Column(np.full_like(T, 10.0 * B), "kOe"),
        "magnetization": Column(noisy, "emu/g"), "sigma": Column(sigma, "emu/g"),
    }  # fmt: skip
    return Dataset(columns, "magnetization", name=name, notes=notes, history=("weighed",), noise="stated")


DATA = [dataset("low", 0.5, ("an odd header",)), dataset("high", 4.0, ("an odd header",))]


@pytest.fixture(scope="module")
def result():
    return fit(TRUTH, DATA, VARY)


@pytest.fixture(scope="module")
def saved(result, tmp_path_factory):
    """The folder with the report on `result`."""
    folder = tmp_path_factory.mktemp("report")
    save_results(result, folder, title="<b>bold</b>")
    return folder


@pytest.fixture(scope="module")
def page(saved):
    return (saved / "report.html").read_text(encoding="utf-8")


def page_of(results, folder):
    return write_report(results, folder / "report.html").read_text(encoding="utf-8")


def text_of(page):
    """What a reader sees, without the figures."""
    body = re.sub(r"<style>.*?</style>|<img[^>]*>", "", page, flags=re.DOTALL)
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", body)))


def printed(sentence):
    """A sentence of a record as a reader sees it on a page."""
    return text_of(str(typography.prose(sentence)))


def test_every_fitted_number_stands_there_with_its_uncertainty_unit_and_meaning(result, page):
    text = text_of(page).replace("\u00a0", " ")
    for path, value in result.values.items():
        assert path in text
        assert with_uncertainty(value, result.errors[path]) in text
    assert "A m²/(kg T)" in text and "ions per kilogram" in text
    assert f"{result.chi2:.5g} for {result.dof} degrees of freedom" in text


def test_a_page_begins_with_its_answers_then_figures_then_tables(result, page):
    kinds = re.findall(r'<div class="(answers|figures|rows)">', page)
    assert kinds[:2] == ["answers", "figures"] and set(kinds[2:]) == {"rows"}
    answers = text_of(page[: page.index('<div class="figures">')]).replace("\u00a0", " ")
    for path in result.names:
        assert path in answers and with_uncertainty(result.values[path], result.errors[path]) in answers


def test_every_number_stands_beside_its_unit_and_the_equation_behind_it(result):
    from glasstunnel.report.fits import parameter_table

    table = parameter_table(result)
    for row in table.rows:
        cells = dict(zip(table.header, row, strict=True))
        assert cells["unit"] and cells["meaning"]
        source = equation_source(result.glass[cells["parameter"].partition(".")[0]])[1]
        assert cells["equations"] == typography.symbols(source)


def test_a_page_is_readable_in_the_dark_and_scrolls_only_its_tables(page):
    assert "prefers-color-scheme: dark" in page and 'name="color-scheme" content="light dark"' in page
    assert page.count("<table>") == page.count('<div class="rows">') and "overflow-x: auto" in page


def test_an_uncertain_parameter_fitted_in_the_logarithm_is_quoted_with_a_factor_everywhere(tmp_path):
    T = np.geomspace(2.0, 100.0, 8)
    columns = {
        "temperature": Column(T, "K"), "field": Column(np.full_like(T, 0.5), "T"),
        "magnetization": Column(magnetization(TRUTH, T, 0.5), "A m2/kg"),
        "sigma": Column(np.full_like(T, 2e-3), "A m2/kg"),
    }  # fmt: skip
    found = fit(TRUTH, [Dataset(columns, "magnetization", name="vague", noise="stated")],
                {"fe3.concentration": VARY["fe3.concentration"]})  # fmt: skip
    factor = found.error_factor("fe3.concentration")
    assert factor == pytest.approx(np.exp(found.errors["fe3.concentration"] / found.values["fe3.concentration"]))
    assert f"×/÷ {factor:.3g}" in found.report()
    assert f"(×/÷ {factor:.2g})" in found.quoted("fe3.concentration") == found.to_dict()["quoted"]["fe3.concentration"]
    assert found.to_dict()["error_factors"]["fe3.concentration"] == pytest.approx(factor)
    assert f"(×/÷ {plain(factor, 2)})" in text_of(page_of(found, tmp_path)).replace("\u00a0", " ")


def test_doubts_history_hashes_and_versions_are_not_left_out(result, page):
    text = text_of(page)
    assert "a doubt & more" in text
    assert "low, high: an odd header" in text
    assert "low, high: weighed" in text
    assert all(digest[:12] in text for digest in result.hashes.values())
    assert f"numpy {np.__version__}" in text


def test_equations_are_cited_with_the_title_of_the_paper(page):
    text = text_of(page)
    assert "000, Eq. 1" in text
    assert "000: Giancarlo Jug and Sandro Recchia, Revealing the Intrinsic Magnetism of Non-Magnetic Glasses" in text


def test_every_contribution_has_a_source():
    from tests.systems.examples import EXAMPLES

    for contribution in (example for example in EXAMPLES.values() if not isinstance(example, Glass)):
        what, source = equation_source(contribution)
        assert what and source, type(contribution).__name__
        (first, *_) = (" ".join(part.split()) for part in (type(contribution).__doc__ or "").split("\n\n"))
        assert first.startswith(what), "the docstring begins with the summary that the report prints"


def test_the_page_is_self_contained_and_text_from_files_is_escaped(page):
    assert "<b>bold</b>" not in page and "test <glass>" not in page
    assert not re.search(r'(src|href)="(?!data:|#)', page)
    images = re.findall(r'src="data:image/svg\+xml,([^"]*)"', page)
    assert len(images) == 4  # all datasets, each one, correlations
    for image in images:
        assert ElementTree.fromstring(unquote(html.unescape(image))).tag.endswith("svg")


def test_a_table_stands_behind_every_figure_and_adds_up(result, page, saved):
    named = set(re.findall(r"<code>([^<]*\.csv)</code>", page))
    assert named == {path.name for path in saved.glob("*.csv")}
    with open(saved / "fit-high.csv", encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    column = {key: np.array([float(row[key]) for row in rows]) for key in rows[0]}
    unit = "[A m2/kg]"
    np.testing.assert_array_equal(column[f"measured {unit}"], DATA[1]["magnetization"].to("A m2/kg"))
    np.testing.assert_allclose(column[f"larmor {unit}"] + column[f"fe3 {unit}"], column[f"fit {unit}"], rtol=1e-9)
    off = (column[f"measured {unit}"] - column[f"fit {unit}"]) / column[f"sigma {unit}"]
    np.testing.assert_allclose(column["residual [sigma]"], off, rtol=1e-12)
    assert float(off @ off) == pytest.approx(result.chi2_by_dataset["high"])


def test_the_overview_table_holds_all_points(saved):
    with open(saved / "fit-magnetization.csv", encoding="utf-8", newline="") as file:
        names = [row["dataset"] for row in csv.DictReader(file)]
    assert names == ["low"] * 25 + ["high"] * 25


def test_result_json_is_strict_and_complete(result, saved):
    def refuse(word):
        raise AssertionError(f"{word} is no JSON")

    record = json.loads((saved / "result.json").read_text(encoding="utf-8"), parse_constant=refuse)["fit"]
    assert record["values"] == pytest.approx(result.values)
    assert record["hashes"] == dict(result.hashes)


def test_a_parameter_at_its_bound_gets_no_error_bar(tmp_path):
    at_bound = fit(TRUTH, DATA, VARY | {"larmor.susceptibility": Uniform(0.0, 3e-3)})
    text = text_of(page_of(at_bound, tmp_path))
    assert "0.003 A m²/(kg T) (at its upper bound)" in text
    assert "What the data do not determine" in text


def test_a_fit_that_did_not_converge_is_no_result(tmp_path):
    stopped = fit(
        TRUTH, DATA, VARY | {"fe3.g_factor": Uniform(1.0, 3.0)}, start={"fe3.g_factor": 1.2}, max_evaluations=1
    )
    assert not stopped.converged
    text = text_of(page_of(stopped, tmp_path))
    assert "did not converge" in text and "(no uncertainty)" in text


def test_noise_estimated_from_residuals_is_said_to_be_no_test(tmp_path):
    from glasstunnel.data import with_noise

    estimated = fit(TRUTH, [with_noise(data, residuals=True) for data in DATA], VARY)
    assert "no test of the model" in text_of(page_of(estimated, tmp_path))


@pytest.mark.slow
def test_a_comparison_ranks_the_models_and_reports_on_each(tmp_path):
    ions = Glass({"fe3": MagneticIons("Fe3+", 1e20)})
    models = {"ions alone": (ions, {"fe3.concentration": VARY["fe3.concentration"]}), "with Larmor": (TRUTH, VARY)}
    comparison = compare(models, DATA, iron=(1e20, 1e18))
    sections = sections_of(comparison)
    assert [section.title for section in sections] == ["Comparison of models", "with Larmor", "ions alone"]
    page = page_of(comparison, tmp_path)
    text = text_of(page)
    for part in ("ΔAIC", "iron [1/g]", "independent value", *map(printed, map(sentence, comparison.sentences))):
        assert part in text
    assert '<p class="warning">The model does not describe these data' in page


def test_a_profile_is_drawn_and_said_in_words(result, tmp_path):
    profiles = profile(result, ["fe3.concentration"])
    save_results([result, profiles], tmp_path)
    text = text_of((tmp_path / "report.html").read_text(encoding="utf-8"))
    assert printed(profiles["fe3.concentration"].sentence) in text
    assert (tmp_path / "profiles-fe3.concentration.csv").exists()


def test_a_label_stands_in_the_section_and_in_its_figures(result):
    section = fit_section(result, label="SIMULATED DATA")
    assert section.label == "SIMULATED DATA"
    pictures = [picture for block in section.blocks if block.kind == "figures" for picture in block.pictures]
    titles = [picture.figure.axes[0].get_title("left") for picture in pictures if "residuals" in picture.caption]
    assert len(titles) == 3 and all("SIMULATED DATA" in title for title in titles)


def test_sections_of_one_s_own_are_taken_as_they_are(tmp_path):
    assert "hello" in page_of(Section("mine", (Text("hello"),)), tmp_path)


def test_anything_else_is_refused(tmp_path):
    with pytest.raises(FitError, match="dict"):
        write_report({}, tmp_path / "report.html")


@pytest.mark.parametrize(
    ("value", "error", "text"),
    [
        (1.0, 0.25, "1.00 ± 0.25"),
        (123.456, 7.0, "123.5 ± 7.0"),
        (0.0042266, 1.2e-6, "(4.2266 ± 0.0012) × 10⁻³"),
        (-8.5e23, 1.7e21, "(−8.500 ± 0.017) × 10²³"),
        (0.0, 2e-7, "(0.0 ± 2.0) × 10⁻⁷"),
        (5.0, 0.0, "5 (exact)"),
        (5.0, np.inf, "5 (not determined by the data)"),
        (5.0, np.nan, "5 (no uncertainty)"),
        (1e19, 9.99e19, "(1.0 ± 10.0) × 10¹⁹"),
    ],
)
def test_numbers_are_printed_to_the_digits_their_uncertainty_allows(value, error, text):
    assert with_uncertainty(value, error) == text


@pytest.mark.parametrize(
    ("value", "text"), [(0.0599, "0.0599"), (1e19, "10¹⁹"), (np.inf, "∞"), (None, "not given")]
)
def test_plain_numbers_have_no_computer_powers(value, text):
    assert plain(value) == text


def test_the_chosen_variant_of_the_equations_is_stated(result, page, saved):
    assert "fe3.species Fe3+" in text_of(page)
    record = json.loads((saved / "result.json").read_text(encoding="utf-8"))
    (fitted,) = [value for value in record.values() if "options" in value] if "options" not in record else [record]
    assert fitted["options"] == {"fe3.species": "Fe3+"}
    assert fitted["contributions"]["larmor"] == "LarmorDiamagnetism"
    assert fitted["datasets"]["low"]["noise"] == "stated"
    assert fitted["datasets"]["low"]["history"] == ["weighed"]


def test_the_text_report_states_the_noise_model_of_every_dataset(result):
    (row,) = [line for line in result.report().splitlines() if line.startswith("low ")]
    assert row.endswith("stated")


def test_long_names_may_break_in_a_table_and_numbers_may_not():
    path = "data.2023-05-17_run_of_the_second_chip<3>.offset"
    for broken in (str(typography.name(path)), str(typography.cell(path))):
        assert html.unescape(broken.replace("<wbr>", "")) == path
        assert max(map(len, broken.split("<wbr>"))) <= 30
    assert " " not in typography.cell("2 to 300")
    assert "<wbr>" not in typography.cell("(1.0980 ± 0.0013) × 10²⁰ larmor.susceptibility")


def test_class_names_break_before_their_words_and_nowhere_else():
    for kind in CONTRIBUTIONS:
        pieces = str(typography.cell(kind)).split("<wbr>")
        assert "".join(pieces) == kind and all(len(piece) > 2 and piece[0].isupper() for piece in pieces)


def test_names_of_a_user_are_never_set_as_formulas(tmp_path):
    columns = {"temperature": Column([4.0, 8.0], "K"), "field": Column([0.5, 0.5], "T"),
               "magnetization": Column([-2e-3] * 2, "A m2/kg"), "sigma": Column([1e-4] * 2, "A m2/kg")}  # fmt: skip
    named = [Dataset(columns, "magnetization", name=name, noise="stated") for name in ("alpha", "D0_2", "run-1e-05")]
    text = text_of(page_of(fit(TRUTH, named, {"larmor.susceptibility": Uniform(0.0, 0.1)}), tmp_path))
    assert all(data.name in text for data in named)


def test_a_file_is_named_with_its_hash_once_however_many_datasets_it_gave(tmp_path):
    from glasstunnel.data import read, split_by, with_noise

    path = tmp_path / "two_fields.csv"
    path.write_text("T (K),B (T),M (emu/g),error (emu/g)\n" + "".join(
        f"{T},{B},{-4e-3 * B},1e-4\n" for B in (1.0, 2.0) for T in (2.0, 4.0, 8.0)))
    parts = split_by(with_noise(read(path), relative=0.01), "field")
    found = fit(TRUTH, parts, {"larmor.susceptibility": Uniform(0.0, 0.1)})
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    text = text_of(page_of(found, tmp_path))
    assert len(parts) == 2 and text.count(digest[:12]) == 1 and text.count("the same file") == 1
    assert {described["file_sha256"] for described in found.to_dict()["datasets"].values()} == {digest}
