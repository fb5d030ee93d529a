"""The demo's answers, against what is known from elsewhere: chemistry, the file itself, what was put in."""

import json
import re

import numpy as np
import pytest
from scipy.special import k0
from tests.reference import reference

from glasstunnel.constants import avogadro, bohr_magneton, boltzmann
from glasstunnel.data import Column, per_mass, read
from glasstunnel.demo import resonator, run_demo, simulated
from glasstunnel.demo.files import example_file
from glasstunnel.papers import published

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("demo")]  # one process computes the demo for all of them


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    """(printed table, path of the report, result.json)."""
    folder = tmp_path_factory.mktemp("demo")
    table, path = run_demo(folder)
    return table, path, json.loads((folder / "result.json").read_text(encoding="utf-8"))


def test_the_resonator_agrees_with_estimates_by_hand(demo):
    """F delta_0 from the slope of the shift between 0.2 and 1 K; the gap from that of its fall from 1.5 to 1.7 K."""
    found, data = demo[2]["resonator"], read(example_file("data/cpw_freqshift_vs_T_Nb.csv"))
    T, shift = data["temperature"].to("K"), data.measured.values
    early = (T > 0.15) & (T < 1.05)
    slope = np.pi * np.polyfit(np.log(T[early]), shift[early], 1)[0]  # F delta_0/pi per ln T for T > hf/2 = 0.13 K
    assert found["values"]["resonator.filling_factor"] * np.pi / 3.0 * 1e-3 == pytest.approx(slope, rel=0.25)
    pull = 6.5e-7 - shift[T > 1.45]  # below what the two-level systems alone would give
    gap = -np.polyfit(1.0 / T[T > 1.45], np.log(pull), 1)[0]
    assert found["values"]["resonator.gap"] == pytest.approx(gap, rel=0.15)
    assert found["values"]["resonator.gap"] / 1.764 == pytest.approx(8.0, abs=0.7)  # niobium: 9.2 K in bulk


def test_the_resonator_losses_agree_with_estimates_by_hand(demo):
    """Inductance fraction from the loss at 1.7 K [low-temperature BCS]; exponent from two powers at 0.1 K."""
    value = {key.removeprefix("resonator."): found for key, found in demo[2]["resonator"]["values"].items()}
    loss = {dbm: 1.0 / read(example_file(f"data/cpw_Qint_vs_T_{dbm}dBm.csv")).measured.values for dbm in (100, 140)}
    x = reference("levels")["quantum"]["kelvin_per_gigahertz"] * 5.6199 / 2.0  # h f/2k_B
    per_alpha = 4.0 / np.pi * np.exp(-value["gap"] / 1.7) * np.sinh(x / 1.7) * k0(x / 1.7)
    alpha = (loss[100][-1] - loss[100][10] - value["data.loss_100dBm.holder"]) / per_alpha
    assert value["kinetic_inductance_fraction"] == pytest.approx(alpha, rel=0.1)
    weak = value["filling_factor"] * np.pi / 3.0 * 1e-3 * np.tanh(x / 0.1)
    saturated = {dbm: (weak / (loss[dbm][0] - value["residual_loss"])) ** 2 - 1.0 for dbm in loss}  # (P/P_c)^beta
    beta = np.log10(saturated[100] / saturated[140]) / 4.0
    assert value["saturation_exponent"] == pytest.approx(beta, rel=0.1)


def test_the_scatter_and_the_jump_named_in_the_report_come_from_the_files(demo):
    page, data = demo[1].read_text(encoding="utf-8").replace("\u00a0", " "), resonator.losses()
    rises = [1e7 * (one.measured.values[11] - one.measured.values[10]) for one in data]
    assert f"rises there by {min(rises):.2f} to {max(rises):.2f} × 10⁻⁷" in page
    assert all(one.measured.values[12] - one.measured.values[11] < 1e-7 * rise
               for one, rise in zip(data, rises, strict=True))  # fmt: skip
    rng = np.random.default_rng(3)
    found = []
    for _ in range(300):
        noisy = 1e-7 * (1.0 + data[0]["temperature"].to("K")) * np.exp(0.02 * rng.standard_normal(17))
        found.append(resonator.scatter(data[0].with_column("internal_loss", Column(noisy, "", "simulated"))) ** 2)
    assert np.sqrt(np.mean(found)) == pytest.approx(0.02, rel=0.1)
    assert resonator.scatter(data[0]) < 0.5 * resonator.scatter(data[2])


def test_the_mislabelled_file_gives_itself_away(demo):
    """Its loss at 0.1 K is 1.8 times that of the -140 dBm file, at the same stated power and temperature."""
    page = demo[1].read_text(encoding="utf-8")
    assert "label contradiction" in page and "power set to −160 dBm; the file says −140 dBm" in page
    assert "the data ask for -145 to -165 dBm" in demo[0]
    assert "2 (at its upper bound)" in page  # what -145 dBm would need
    cold = [1.0 / read(example_file(f"data/cpw_Qint_vs_T_{name}dBm.csv")).measured.values[0] for name in (140, 160)]
    assert cold[1] / cold[0] > 1.7


def test_that_one_set_does_not_serve_all_resonator_files_is_said(demo):
    page = demo[1].read_text(encoding="utf-8")
    assert "No one set of parameters serves losses and shift" in page
    assert "as from another run" in page and "Where the tension sits" in page
    found = demo[2]["resonator"]
    assert found["identifiability"] and any("correlated" in sentence for sentence in found["identifiability"])
    assert set(demo[2]["resonator-profiles"]) >= {"resonator.gap", "resonator.critical_power"}


def test_there_is_one_erbium_ion_per_formula_unit(demo):
    """Chemistry says one; the mass of 10.1 mg is known to about a percent, the treatment of the data moves 2 %."""
    erbium = demo[2]["erbium"]
    per_formula = erbium["values"]["er3.concentration"] * 0.70495 / avogadro
    assert per_formula == pytest.approx(1.0, abs=0.03)
    assert erbium["converged"]
    assert erbium["errors"]["er3.concentration"] / erbium["values"]["er3.concentration"] < 0.01


def test_the_curie_constant_is_the_mean_of_t_times_m(demo):
    """Straight from the file, without a fit: the mean of T M/B above 4.5 K."""
    data = per_mass(read(example_file("data/mpmsxl_pb6051_MvsT_0p1T.dc.dat")))
    T = data["temperature"].to("K")
    curie = (T * data["magnetization"].to("A m2/kg") / data["field"].to("T"))[T > 4.5]
    fitted = demo[2]["curie"]["values"]["ions.concentration"] * bohr_magneton**2 / boltzmann  # spin 1/2, g = 2
    assert fitted == pytest.approx(np.mean(curie), rel=1e-3)
    assert f"{1e-1 * np.mean(curie):.2f}" in demo[0]


def test_only_tunneling_systems_bring_back_the_iron_that_was_put_in(demo):
    put_in = simulated.put_in(published("001.T3.BK7.constH"))
    models = {model["name"]: model for model in demo[2]["simulated"]["models"]}
    alone, with_ats = models["Larmor-Langevin"], models["Larmor-Langevin + ATS"]
    assert alone["iron_per_kg"] > put_in + 30.0 * alone["iron_error_per_kg"]
    assert with_ats["iron_per_kg"] == pytest.approx(put_in, abs=3.0 * with_ats["iron_error_per_kg"])
    assert with_ats["iron_error_per_kg"] < 0.03 * put_in
    assert alone["delta_aic"] > 1e4 and with_ats["delta_aic"] == 0.0
    dof = with_ats["fit"]["dof"]
    assert with_ats["fit"]["chi2"] == pytest.approx(dof, abs=3.5 * np.sqrt(2.0 * dof))


def test_simulated_data_are_called_simulated_wherever_they_are_shown(demo):
    page = demo[1].read_text(encoding="utf-8")
    sections = re.split(r'(?=<section id=)', page)[1:]
    labelled = [section for section in sections if '<p class="label">SIMULATED DATA</p>' in section]
    assert len(sections) == 9 and len(labelled) == 4
    assert not any("SIMULATED" in section for section in sections if section not in labelled)
    assert "SIMULATED" in demo[0]
    assert all(run.name.startswith("SIMULATED") for run in simulated.simulate(published("001.T3.BK7.constH")))


def test_the_demo_says_what_its_models_do_not_describe(demo):
    page = demo[1].read_text(encoding="utf-8")
    for part in ("crystal field", "blocked", "a scale error, not a statistical one", "Pascal"):
        assert part in page
    assert "where the crystal field acts" in demo[0]


def test_the_page_begins_with_the_answers_of_its_studies_each_leading_to_its_section(demo):
    page = demo[1].read_text(encoding="utf-8")
    head = page[: page.index("<section")]
    entry = r'<a href="#(section-\d+)">([^<]+)</a></p>\s*<p class="value">([^<]+(?:<wbr>[^<]+)*)</p>'
    answers = re.findall(entry, head)
    assert len(answers) == 5 and len({place for place, _, _ in answers}) == 5
    assert all(f'<section id="{place}">' in page and asked.endswith("?") for place, asked, _ in answers)
    assert all("±" in value for _, _, value in answers[:4])


def test_an_error_that_a_misfit_makes_too_small_is_called_so(demo):
    """The iron of the model without tunneling systems is far off, by an error that its misfit makes meaningless."""
    page = demo[1].read_text(encoding="utf-8")
    assert " σ, by an error that is too small: this model does not describe the data)" in page
    assert "(not determined by the data)" not in page
