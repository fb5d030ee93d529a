"""The state is a run file: what is done to it, undone, written and read again agrees, a thousand random steps long."""

import copy
import json
import tomllib
from pathlib import Path

import numpy as np
import pytest
from tests.systems.examples import EXAMPLES as CONTRIBUTION_EXAMPLES

import glasstunnel as gt
from glasstunnel.errors import GlassTunnelError
from glasstunnel.explorer.actions import act
from glasstunnel.explorer.description import describe, rows
from glasstunnel.explorer.documents import python_script, run_text, without_data
from glasstunnel.explorer.fitting import FitJob
from glasstunnel.explorer.journal import Journal, new_folder
from glasstunnel.explorer.opening import glass_table, open_objects, open_run, open_subject
from glasstunnel.explorer.panels import read_panel
from glasstunnel.explorer.pictures import Drawn, picture
from glasstunnel.explorer.sliders import slider_range
from glasstunnel.explorer.state import State
from glasstunnel.runfile import load_run
from glasstunnel.runfile.run import read_glass
from glasstunnel.systems.parameters import parameter_table
from glasstunnel.systems.registry import CONTRIBUTIONS

FOLDER = Path(gt.__file__).parent / "examples"
EXAMPLES = ("erbium_two_fields", "resonator", "conductivity", "curie_pb6051")


@pytest.fixture
def first():
    return open_subject(None)


def test_the_first_look_is_bk7_at_its_printed_values(first):
    printed = gt.published("002.T14.BK7.M", theory="exact")
    assert {path: first.glass.value(path) for path in first.glass.paths()} == {
        path: printed.value(path) for path in printed.paths()}  # fmt: skip
    assert len(describe(Journal(new_folder(), first), FitJob(lambda: None).described())["guidance"]) == 3


@pytest.mark.parametrize("name", EXAMPLES)
def test_every_example_opens_and_comes_back_as_the_run_file_it_was(name, tmp_path):
    path = str(FOLDER / f"{name}.toml")
    opened, run = open_run(path), load_run(path)
    model = run.models[""]
    assert opened.glass == model.glass and opened.priors == dict(model.vary) and opened.ties == dict(model.ties)
    assert [row.name for row in opened.measured] == [dataset.name for dataset in run.datasets]
    (tmp_path / "run.toml").write_text(run_text(opened))
    for key, place in opened.files.items():
        (tmp_path / key).write_bytes(Path(place).read_bytes())
    again = load_run(tmp_path / "run.toml")
    assert again.models[""].glass == model.glass and again.models[""].vary == model.vary
    for ours, theirs in zip(again.datasets, run.datasets, strict=True):
        assert np.array_equal(ours.measured.values, theirs.measured.values) and ours.noise == theirs.noise


def test_several_models_of_a_run_file_are_compared():
    opened = open_run(FOLDER / "simulated_bk7.toml")
    assert list(opened.glass.contributions) == ["larmor", "fe2", "fe3"]
    (other,) = opened.view["compare"]
    assert other["name"] == "iron_and_ats" and "ats" in State({"glass": other["glass"]}).glass.contributions


@pytest.mark.parametrize("name", [name for name, part in CONTRIBUTION_EXAMPLES.items() if name != "glass"])
def test_every_contribution_can_be_written_as_a_run_file_and_read_again(name, tmp_path):
    glass = gt.Glass({"x": CONTRIBUTION_EXAMPLES[name]})
    (tmp_path / "glass.toml").write_text(run_text(State({"glass": glass_table(glass)})))
    assert read_glass(tmp_path / "glass.toml") == glass


@pytest.mark.parametrize("kind", CONTRIBUTIONS)
def test_every_kind_of_contribution_can_be_added_and_left_out(first, kind):
    try:
        added = act(first, "add", {"kind": kind})
    except GlassTunnelError as error:
        assert kind in ("TunnelingCatalogue", "SchottkyLevels"), error  # lists of levels: by the run file
        return
    (key,) = set(added.glass.contributions) - set(first.glass.contributions)
    assert type(added.glass[key]).__name__ == kind
    assert act(added, "remove", {"contribution": key}).glass == first.glass
    new = [row for row in rows(added, first, None) if row["group"] == key]
    assert not any(row["changed"] and row["idle"] for row in new)  # what does nothing in it is not shown
    for path in added.glass.paths():
        low, high, log = slider_range(added, path)
        assert low < high and (low > 0 or not log), path


@pytest.mark.parametrize("number", [1e308, 1e-320, 0.0])
def test_the_largest_and_smallest_numbers_leave_a_session_that_can_be_told(first, tmp_path, number):
    journal = Journal(tmp_path, first)
    journal.push("set", act(first, "set", {"values": {"ats.density": number, "larmor.susceptibility": number}}))
    told = describe(journal, {"result": None})
    json.dumps(told, allow_nan=False)
    row = next(row for row in told["rows"] if row["path"] == "ats.density")
    assert row["low"] <= number <= row["high"] and row["log"] == (number > 0)


def test_fields_are_typed_in_the_unit_in_which_the_curves_are_named(first, tmp_path):
    journal = Journal(tmp_path, act(first, "view", {"units": "CGS"}))
    told = describe(journal, {"result": None})["panels"][0]
    assert told["along_unit"] == "kOe" and told["values"] == [5.0, 20.0, 65.0]
    changed = act(journal.state, "panel_set", {"id": told["id"], "shown": {"values": [0, 20, 70]}})
    assert changed.view["panels"][0]["values"] == [0.0, 2.0, 7.0]
    changed = act(changed, "panel_set", {"id": told["id"], "shown": {"show": "magnetization against B/T"}})
    journal.push("panel_set", act(changed, "panel_add", {"show": "magnetization against B"}))
    over_powers, against = (describe(journal, {"result": None})["panels"][at] for at in (0, -1))
    assert over_powers["range"] == "" and against["range"] == "field"  # an axis of B/T is no range of B
    assert against["x_unit"] == "kOe" and against["high"] == 10.0 * journal.state.view["panels"][-1]["high"]
    back = act(journal.state, "panel_set", {"id": against["id"], "shown": {"high": 30.0}})
    assert back.view["panels"][-1]["high"] == 3.0


def test_levels_are_drawn_of_chosen_contributions(first, tmp_path):
    """The levels of ions span ten kelvin and hide those of anomalous systems."""
    journal = Journal(tmp_path, act(first, "panel_add", {"show": "levels against field"}))
    told = describe(journal, {"result": None})["panels"][-1]
    assert told["levels"] == ["fe2", "fe3", "ats"]
    chosen = act(journal.state, "panel_set", {"id": told["id"], "shown": {"without": ["fe2", "fe3"]}})
    panel = read_panel(chosen.view["panels"][-1])
    bare = act(act(first, "load", {"published": "004.TI.SiO2"}), "panel_add", {"show": "levels against field"})
    assert describe(Journal(tmp_path / "bare", bare), {"result": None})["panels"][-1]["levels"] == ["tls"]  # not known
    labels = [line.label for line in picture(panel, Drawn(chosen.glass), 20, False).lines]
    assert labels and all(label.startswith("ats") for label in labels)


def test_a_slider_reaches_as_far_as_the_parameter_table_says(first):
    """A bounded splitting of up to 1e5 K would else have a slider on which nothing of a glass can be seen."""
    table = {row.name: row for row in parameter_table(gt.MagneticIons)}
    assert slider_range(first, "fe2.mean_field") == (-10.0, 10.0, False) and table["mean_field"].span == 10.0
    assert slider_range(first, "ats.density") == pytest.approx((1.4e16, 1.4e22, True), abs=0.0)
    assert slider_range(first, "fe2.paired_share") == (0.0, 1.0, False)


def test_a_printed_contribution_is_left_out_and_a_role_exists_once(first):
    without = act(first, "remove", {"contribution": "larmor"})
    assert "larmor" not in without.glass.contributions and 'without = [\n    "larmor",\n]' in run_text(without)
    varied = act(first, "role", {"path": "ats.density", "role": "vary"})
    tied = act(varied, "role", {"path": "fe2.concentration", "role": "tied", "to": "ats.density", "factor": 0.5})
    assert tied.glass["fe2"].concentration == 0.5 * tied.glass["ats"].density
    moved = act(tied, "set", {"values": {"ats.density": 2e19}})
    assert moved.glass["fe2"].concentration == 1e19
    with pytest.raises(GlassTunnelError, match=r"fe2.concentration is tied to ats.density; free it first"):
        act(moved, "role", {"path": "ats.density", "role": "fixed"})
    free = act(moved, "role", {"path": "fe2.concentration", "role": "fixed"})
    assert list(free.priors) == ["ats.density"] and not free.ties


def test_a_theory_is_chosen_by_its_name_and_a_missing_number_is_said(first):
    printed = act(first, "variant", {"contribution": "ats", "name": "printed"})
    assert (printed.glass["ats"].theory, printed.glass["ats"].prefactor) == ("effective", "printed")
    with pytest.raises(GlassTunnelError, match="flux_field must be given for theory='exact'"):
        act(open_subject("002.T2.BAS.Cp.T0.60K"), "variant", {"contribution": "ats", "name": "exact"})


def test_a_link_carries_no_data(first):
    opened = open_run(FOLDER / "resonator.toml")
    text = run_text(without_data(opened))
    assert "csv" not in text and "[[data]]" not in text and "data.shift" not in text
    assert State(tomllib.loads(text)).glass == opened.glass


def test_a_script_says_the_same_numbers(first):
    moved = act(first, "set", {"values": {"ats.flux_field": 1.7}})
    space = {}
    exec(compile(python_script(moved), "script", "exec"), space)
    assert space["glass"] == gt.Glass(dict(moved.glass.contributions), moved.glass.name)
    assert len(space["curves"]) == sum(len(panel["values"]) for panel in moved.view["panels"])


def test_objects_from_python_open_with_their_noise_and_conditions(tmp_path):
    columns = {"temperature": gt.Column([10.0, 20.0, 40.0], "mK"), "frequency": gt.Column([1.0, 1.0, 1.0], "kHz")}
    columns["loss_tangent"] = gt.Column([3e-4, 2e-4, 1e-4])
    data = gt.Dataset(columns, "loss_tangent", name="bridge")
    data = gt.data.with_noise(data, relative=0.02)
    opened = open_objects(gt.published("004.TI.SiO2"), [data], tmp_path)
    (row,) = opened.measured
    assert not row.problem and row.measurement.sigma == pytest.approx([6e-6, 4e-6, 2e-6], rel=1e-12)
    assert row.measurement.conditions["frequency"] == pytest.approx([1e3] * 3)
    assert opened.glass["tls"] == gt.published("004.TI.SiO2")["tls"]


def test_what_the_page_on_the_explorer_says_of_the_first_look(first):
    exact = gt.heat_capacity(first.glass, [0.5, 3.5, 20.0], 0.0)
    assert exact[1] > 1.9 * exact[0] and exact[2] < 0.7 * exact[1]
    effective = act(first, "variant", {"contribution": "ats", "name": "effective"}).glass
    flat = gt.heat_capacity(effective, [0.5, 3.5, 20.0], 0.0)
    assert flat == pytest.approx([flat[0]] * 3, rel=0.01)
    ions = gt.Glass({"ions": first.glass["fe3"]})
    assert gt.magnetization(ions, 2.0, 1.0) == pytest.approx(gt.magnetization(ions, 4.0, 2.0), rel=1e-12)


# --- a thousand random steps ------------------------------------------------------------------------------------------


def _random_step(generator, state):
    """An action that could be meant, as a page sends it."""
    paths = list(state.glass.paths())
    path, other = (paths[i] for i in generator.integers(len(paths), size=2))
    panels = [panel["id"] for panel in state.view["panels"]] or ["p1"]
    panel = panels[generator.integers(len(panels))]
    shown = ["magnetization", "heat capacity", "loss tangent", "magnetization against B/T", "echo against field"]
    steps = [
        ("set", {"values": {path: float(10.0 ** generator.uniform(-3, 20))}}),
        ("set", {"values": {path: (state.glass.value(path) or 1.0) * float(generator.uniform(0.9, 1.1))}}),
        ("role", {"path": path, "role": ("fixed", "vary")[generator.integers(2)]}),
        ("role", {"path": path, "role": "tied", "to": other, "factor": 2.0}),
        ("variant", {"contribution": "ats", "name": ("exact", "effective", "printed")[generator.integers(3)]}),
        ("option", {"contribution": "fe2", "options": {"species": ("Fe2+", "Fe3+", "none")[generator.integers(3)]}}),
        ("panel_add", {"show": shown[generator.integers(len(shown))]}), ("panel_remove", {"id": panel}),
        ("panel_set", {"id": panel, "changes": {"low": 0.1, "high": float(generator.uniform(0.05, 9))}}),
        ("view", {"units": ("SI", "CGS")[generator.integers(2)]}), ("view", {"theories": ["ats:effective"]}),
        ("add", {"kind": ("DebyePhonons", "TwoLevelSystems")[generator.integers(2)]}),
        ("remove", {"contribution": list(state.glass.contributions)[-1]}), ("compare_add", {"name": "kept"}),
        ("compare_remove", {"number": int(generator.integers(3))}), ("options", {"starts": int(generator.integers(5))}),
        ("title", {"title": f"state {generator.integers(99)}"}), ("undo", {}), ("undo", {}), ("redo", {}),
    ]  # fmt: skip
    return steps[generator.integers(len(steps))]


@pytest.mark.slow
def test_a_thousand_random_steps_leave_page_run_file_and_journal_in_agreement(first):
    generator = np.random.default_rng(11)
    journal, model, index, done = Journal(new_folder(), first), [copy.deepcopy(first.document)], 0, 0
    for number in range(1000):
        name, arguments = _random_step(generator, journal.state)
        try:
            if name in ("undo", "redo"):
                journal.move(-1 if name == "undo" else 1)
                index += -1 if name == "undo" else 1
            else:
                journal.push(name, act(journal.state, name, json.loads(json.dumps(arguments))))
                model, index = [*model[: index + 1], copy.deepcopy(journal.state.document)], index + 1
                model, index = model[-1000:], min(index, 999)
            done += 1
        except GlassTunnelError as error:
            assert len(str(error).split()) > 3, error
        assert journal.state.document == model[index]
        if number % 50 == 0:
            _check_agreement(journal)
    assert 400 < done < 1000
    resumed = Journal.resume(journal.folder)
    assert [state.document for _, state in resumed.states] == [state.document for _, state in journal.states]
    assert resumed.index == journal.index


def _check_agreement(journal):
    state, told = journal.state, describe(journal, FitJob(lambda: None).described())
    again = State(tomllib.loads(run_text(state)))
    assert again.glass == state.glass and again.priors == state.priors and again.ties == state.ties
    for row in told["rows"]:
        value = state.glass.value(row["path"])
        assert row["value"] == (value if value is not None and np.isfinite(value) else None)
        roles = {**dict.fromkeys(state.priors, "vary"), **dict.fromkeys(state.ties, "tied")}
        assert row["role"] == roles.get(row["path"], "fixed")
        if row["role"] == "tied":
            assert value == pytest.approx(row["tie"]["factor"] * state.glass.value(row["tie"]["to"]), rel=1e-12)
    assert [row["id"] for row in told["panels"]] == [read_panel(panel).id for panel in state.view["panels"]]
    assert json.dumps(told, allow_nan=False)


def test_a_journal_whose_last_line_was_cut_short_loses_only_that_line(first):
    journal = Journal(new_folder(), first)
    journal.push("title", act(first, "title", {"title": "kept"}))
    with open(journal.folder / "journal.jsonl", "a") as stream:
        stream.write('{"at": 1, "do": "title", "docum')
    resumed = Journal.resume(journal.folder)
    assert resumed.state.document["title"] == "kept"
    resumed.push("title", act(first, "title", {"title": "after"}))
    assert Journal.resume(journal.folder).state.document["title"] == "after"
