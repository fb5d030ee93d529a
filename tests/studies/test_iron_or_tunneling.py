"""Iron or tunneling: simulated runs, models fitted to them, and what is said of each."""

import json
from pathlib import Path

import numpy as np
import pytest
from benchmarks.iron import EVERYTHING, FIELDS, TEMPERATURES
from benchmarks.iron import glass as bk7_glass

from glasstunnel import Glass, LarmorDiamagnetism, MagneticIons, ParameterError, Uniform
from glasstunnel.runfile.run import VariedGlass
from glasstunnel.studies.iron_or_tunneling import best_fit, fit_models, simulated_runs, trial


def glass(**iron):
    return Glass({"larmor": LarmorDiamagnetism(4e-3), "fe2": MagneticIons("Fe2+", 1e20, **iron)})


VARY = {"larmor.susceptibility": Uniform(0.0, 0.02), "fe2.concentration": Uniform(0.0, 1e21)}
MODELS = {
    "free": VariedGlass(glass(), VARY, {}),
    "split": VariedGlass(glass(zero_field_splitting=5.0, orientations="table"),
                   VARY | {"fe2.zero_field_splitting": Uniform(0.1, 40.0)}, {}),
}  # fmt: skip


def test_the_model_that_was_put_in_describes_the_runs_and_the_other_does_not():
    runs = simulated_runs(glass(zero_field_splitting=10.0), np.geomspace(2.0, 200.0, 12), [0.5, 2.0, 6.5], 0.003)
    found = {name: trial(result, ["fe2"], 1e20) for name, result in fit_models(runs, MODELS).items()}
    right, wrong = found["split"], found["free"]
    assert right.chi2 < 2.0 * right.freedom and right.missed == 0 and right.holdout_p > 0.01
    assert right.iron == pytest.approx(1.0, abs=0.01)
    assert wrong.chi2 > 50.0 * wrong.freedom and wrong.missed == 3 and wrong.holdout_p < 1e-9
    assert right.log_evidence - wrong.log_evidence == pytest.approx(0.5 * (wrong.chi2 - right.chi2), rel=0.02)


@pytest.mark.slow
def test_wider_ranges_do_not_save_iron_without_tunneling_systems_but_shorten_its_distance():
    """The sentence of the page on ranges: D of Fe3+ up to 60 K where free iron and tunneling systems were put in."""
    iron = {"fe2": MagneticIons("Fe2+", 5e19, zero_field_splitting=0.5, orientations="table"),
            "fe3": MagneticIons("Fe3+", 5e19, zero_field_splitting=7.0, orientations="table")}  # fmt: skip
    vary = {"larmor.susceptibility": Uniform(0.0, 0.02)}
    vary |= {f"{name}.concentration": Uniform(0.0, 1e21) for name in iron}
    vary |= {f"{name}.zero_field_splitting": Uniform(-60.0, 60.0) for name in iron}
    runs = simulated_runs(bk7_glass("free", True), TEMPERATURES, FIELDS, 0.003)
    model = VariedGlass(Glass({"larmor": LarmorDiamagnetism(4e-3)} | iron), vary, {})
    best = fit_models(runs, {"wide": model})["wide"]
    assert best.chi2 / best.dof == pytest.approx(3.20, abs=0.05)
    assert best.values["fe3.zero_field_splitting"] == pytest.approx(7.26, abs=0.1)
    assert abs(best.values["fe2.zero_field_splitting"]) < 0.5
    put_in = bk7_glass("free", True)
    ratio = sum(best.values[f"{name}.concentration"] for name in iron) / sum(put_in[n].concentration for n in iron)
    assert ratio == pytest.approx(1.5, abs=0.05)


@pytest.mark.slow
def test_another_minimum_of_everything_at_once_needs_twice_the_iron_and_misses_by_more():
    """The sentence of the page on less iron: found from another start, with the exchanges held at 60 K."""
    iron = {"fe2": MagneticIons("Fe2+", 2.22e20, zero_field_splitting=-60.0, exchange=60.0, mean_field=-0.108,
                                orientations="table"),
            "fe3": MagneticIons("Fe3+", 1.38e20, zero_field_splitting=-3.93, paired_share=0.199, exchange=60.0,
                                mean_field=-0.542, orientations="table")}  # fmt: skip
    vary = {"larmor.susceptibility": Uniform(0.0, 0.02), "fe3.paired_share": Uniform(0.0, 0.9),
            "fe3.zero_field_splitting": Uniform(-60.0, 60.0)}  # fmt: skip
    vary |= {f"{name}.concentration": Uniform(0.0, 1e21) for name in iron}
    vary |= {f"{name}.mean_field": Uniform(-2.0, 2.0) for name in iron}
    put_in = bk7_glass("free", True)
    runs = simulated_runs(put_in, TEMPERATURES, FIELDS, 0.003)
    best = best_fit(runs, VariedGlass(Glass({"larmor": LarmorDiamagnetism(4.25e-3)} | iron), vary, {}), evaluations=40)
    assert best.chi2 / best.dof == pytest.approx(1.77, abs=0.06)
    ratio = sum(best.values[f"{name}.concentration"] for name in iron) / sum(put_in[n].concentration for n in iron)
    assert ratio == pytest.approx(2.1, abs=0.1)


def test_the_noise_of_the_runs_is_what_was_asked_for():
    runs = simulated_runs(glass(), np.full(4000, 5.0), [2.0], 0.01)
    moment = runs[0]["magnetization"].values
    assert np.std(moment) / abs(np.mean(moment)) == pytest.approx(0.01, rel=0.04)


@pytest.mark.parametrize("noise", [0.0, -0.1, float("nan")])
def test_noise_that_is_none_is_refused(noise):
    with pytest.raises(ParameterError, match="noise must be a positive fraction"):
        simulated_runs(glass(), [2.0], [1.0], noise)


def test_the_stored_study_has_every_model_at_both_noises_for_every_truth():
    path = Path(__file__).parents[2] / "docs" / "iron_at_full_strength.json"
    truths = json.loads(path.read_text(encoding="utf-8"))["truths"]
    assert len(truths) == 5
    for found in truths.values():
        assert [len(models) for models in found["trials"].values()] == [8, 8]
        assert len(found["evidence"]) == len(found["plans"]) == 2
    for truth in EVERYTHING:
        assert set(truths[truth]["everything"]) == {
            "wide", "free_and_ats", "everything", "everything_and_ats"}


@pytest.mark.slow
def test_the_stored_misfit_of_everything_at_once_is_that_of_its_stored_numbers():
    """The number of the headline again, from the stored parameters alone: no fit, the sum of squares written out."""
    path = Path(__file__).parents[2] / "docs" / "iron_at_full_strength.json"
    made = json.loads(path.read_text(encoding="utf-8"))["truths"]["free iron, ATS"]["everything"]["everything"]
    given = {name: {} for name in ("fe2", "fe3")}
    for key, value in made["values"].items():
        name, number = key.split(".")
        given.setdefault(name, {})[number] = value
    iron = {"fe2": "Fe2+", "fe3": "Fe3+"}
    parts = {name: MagneticIons(species, **given[name]) for name, species in iron.items()}
    rebuilt = Glass({"larmor": LarmorDiamagnetism(given["larmor"]["susceptibility"])} | parts)
    runs = simulated_runs(bk7_glass("free", True), TEMPERATURES, FIELDS, 0.003)
    chi2 = 0.0
    for B, run in zip(FIELDS, runs, strict=True):
        moment = rebuilt.magnetization(TEMPERATURES, B)
        chi2 += np.sum(((run["magnetization"].values - moment) / run["sigma"].values) ** 2)
    assert made["freedom"] == len(TEMPERATURES) * len(FIELDS) - len(made["values"])
    assert chi2 == pytest.approx(made["chi2"], rel=0.01)
    put_in = sum(bk7_glass("free", True)[name].concentration for name in iron)
    assert sum(given[name]["concentration"] for name in iron) / put_in == pytest.approx(made["iron"])
