"""The reference of run files names every key that the code takes, and no other; its examples are TOML."""

import tomllib
from pathlib import Path

import pytest

import glasstunnel as gt
from glasstunnel.errors import GlassTunnelError
from glasstunnel.observables.table import CONDITIONS
from glasstunnel.runfile import data, glass, run
from glasstunnel.runfile.reference import sections
from glasstunnel.runfile.table import RunTable

SECTIONS = {section.name: section for section in sections()}
EXAMPLES = Path(gt.__file__).parent / "examples"


def keys_of(name):
    return {key.name for key in SECTIONS[name].keys}


def asked_by(function, values, *arguments, where=""):
    """The keys that a reader of tables asks for; it may refuse the values afterwards."""
    table = RunTable(values, str(EXAMPLES / "run.toml"), where)
    try:
        list(function(table, *arguments) or ())
    except (GlassTunnelError, TypeError):
        pass
    return table.asked


@pytest.fixture
def asked_everywhere(monkeypatch):
    """{what a table is for: keys asked}, gathered while run files are read."""
    gathered = {}
    finish = RunTable.finish

    def gather(table):
        gathered.setdefault(table.where, set()).update(table.asked)
        finish(table)

    monkeypatch.setattr(RunTable, "finish", gather)
    return gathered


def test_the_tables_of_whole_run_files_are_named_key_by_key(asked_everywhere):
    for name in ("erbium_two_fields", "resonator", "simulated_bk7", "curie_pb6051"):
        run.load_run(EXAMPLES / f"{name}.toml")
    top = {where: keys for where, keys in asked_everywhere.items() if where == ""}
    assert top[""] == keys_of("the file")
    glasses = set().union(*(keys for where, keys in asked_everywhere.items() if where.endswith("[glass]")
                            or where.endswith(".glass")))  # fmt: skip
    assert glasses | {"theory", "convention", "higher_field", "flux_field"} == keys_of("[glass]")
    blocks = set().union(*(keys for where, keys in asked_everywhere.items() if where.startswith("[[data]]")
                           and "step" not in where and "noise" not in where))  # fmt: skip
    assert blocks == keys_of("[[data]]")
    assert asked_everywhere["[options]"] == keys_of("[options]")
    assert asked_everywhere["[iron]"] == keys_of("[iron]")


@pytest.mark.parametrize("step", data.STEPS)
def test_every_key_of_every_step_is_named(step):
    values = {"do": step, "column": "temperature", "susceptibility": 1.0, "unit": "K", "temperature": 1.0,
              "observable": "entropy", "coupling": "notch", "coupling_quality_factor": 1.0,
              "attenuation_db": 1.0}  # fmt: skip
    if step == "subtract_holder":
        values |= {"file": "data/mpmsxl_pb6051_MvsT_0p1T.dc.dat"}
    sample = gt.Dataset({"temperature": gt.Column([1.0], "K"), "moment": gt.Column([1.0], "emu")}, "moment")
    asked = asked_by(data.STEPS[step], values, [sample]) | {"do"}
    assert asked == keys_of(f"step {step}")


def test_noise_priors_and_ties_are_named():
    assert asked_by(data._noise, {}) == keys_of("noise")
    for name in run._PRIORS:
        values = {"prior": name, "lower": 1.0, "upper": 2.0, "mean": 1.0, "sigma": 1.0}
        table = RunTable(values, "run.toml", "[vary]")
        with pytest.raises(GlassTunnelError, match="unknown key|mean|sigma") if name != "normal" else _nothing():
            run._prior(table, None, None)
        assert table.asked == keys_of(f"prior {name}")
    assert asked_by(lambda table: run._tie(table), {"to": "a.b"}) == keys_of("[ties]")
    assert {key.name for key in SECTIONS["step with_condition"].keys} > set(CONDITIONS)


def _nothing():
    from contextlib import nullcontext

    return nullcontext()


@pytest.mark.parametrize("name", SECTIONS)
def test_the_examples_are_toml(name):
    tomllib.loads(SECTIONS[name].example)
    assert SECTIONS[name].meaning.endswith(".")
    assert all(key.kind and key.meaning for key in SECTIONS[name].keys)


def test_a_glass_takes_nothing_else():
    table = RunTable({"contributions": {}, "publishd": "x"}, "run.toml", "[glass]")
    with pytest.raises(GlassTunnelError):
        glass.glass_of(table)
