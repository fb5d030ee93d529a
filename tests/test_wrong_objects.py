"""At every public entrance a wrong main object ends in one sentence of the project, never in a traceback."""

import importlib
import inspect

import pytest

import glasstunnel as gt
from glasstunnel.data import dataset as records
from glasstunnel.errors import GlassTunnelError
from glasstunnel.observables.evaluation import evaluate
from glasstunnel.observables.table import CONDITIONS, OBSERVABLES

LARMOR = gt.LarmorDiamagnetism(4e-6)
VARY = {"larmor.susceptibility": gt.Uniform(0.0, 1e-4)}
WRONG = {"nothing": None, "text": "run.dat", "mapping": {}, "class": gt.LarmorDiamagnetism, "texts": ["run.dat"],
         "nothings": [None], "object": object()}  # fmt: skip
DATA_FUNCTIONS = sorted(name for name in gt.data.__all__ if name not in {"Column", "Dataset", "READERS", "read"})


def chip(name="chip"):
    columns = {"temperature": gt.Column([4.0, 8.0], "K"), "field": gt.Column([1.0, 2.0], "T"),
               "sigma": gt.Column([1e-7] * 2, "emu/g"),
               "magnetization": gt.Column([-4e-6, -8e-6], "emu/g")}  # fmt: skip
    return gt.Dataset(columns, "magnetization", name=name, noise="given")


@pytest.fixture(params=list(WRONG))
def wrong(request):
    return WRONG[request.param]


@pytest.mark.parametrize("name", list(OBSERVABLES))
def test_no_observable_takes_what_is_no_glass(name, wrong):
    given = {key: CONDITIONS[key].typical for key in OBSERVABLES[name].conditions}
    with pytest.raises(GlassTunnelError):
        evaluate(name, wrong, 1.0, 0.5, **given)


@pytest.mark.parametrize("name", DATA_FUNCTIONS)
def test_no_step_on_data_takes_what_is_no_dataset(name, wrong):
    function = getattr(gt.data, name)
    kinds = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
    needed = [row for row in inspect.signature(function).parameters.values()
              if row.kind in kinds and row.default is row.empty]  # fmt: skip
    with pytest.raises(GlassTunnelError, match=f"{name} needs a Dataset"):
        function(wrong, *[1.0] * (len(needed) - 1))


@pytest.mark.parametrize(
    "call",
    [
        lambda wrong: gt.fit(wrong, [chip()], VARY),
        lambda wrong: gt.fit(LARMOR, wrong, VARY),
        lambda wrong: gt.fit(LARMOR, [chip()], wrong),
        lambda wrong: gt.compare(wrong, [chip()]),
        lambda wrong: gt.compare({"larmor": (LARMOR, VARY)}, wrong),
        lambda wrong: gt.tension(wrong, {"a": [chip("a")], "b": [chip("b")]}, VARY),
        lambda wrong: gt.tension(LARMOR, wrong, VARY),
        lambda wrong: gt.tension(LARMOR, {"a": wrong, "b": [chip()]}, VARY),
        lambda wrong: gt.tension(LARMOR, {"a": [chip("a")], "b": [chip("b")]}, wrong),
        gt.profile,
        gt.posterior,
        lambda wrong: gt.plan(wrong, {"T": [1.0, 2.0], "B": [1.0]}),
        lambda wrong: gt.write_report([wrong], "unwritten.html"),
        lambda wrong: gt.intrinsic_magnetization(wrong, 1e-6, iron_total=0.0, fe2_fraction=0.5),
        lambda wrong: gt.universality_test(wrong, 1e-6),
        lambda wrong: gt.universality_test([wrong, wrong], 1e-6),
        lambda wrong: gt.compare_echo(wrong, LARMOR, None),
        gt.published,
        gt.published_echo,
        gt.read,
        lambda wrong: gt.Dataset(wrong, "magnetization"),
        lambda wrong: gt.three_well_levels(wrong, 1.0, 0.3),
        lambda wrong: gt.three_well_levels([1.0, 2.0, -3.0], 1.0, wrong),
        lambda wrong: gt.four_well_levels(wrong, 1.0, 0.1, 0.3),
        lambda wrong: gt.tetrahedral_levels(wrong, 1.0, [0.0, 0.0, 0.0]),
        lambda wrong: gt.two_level_gap(wrong, 1.0, 0.3),
        lambda wrong: gt.convert_amount(wrong, "ppm", "1/g"),
    ],
)
def test_no_study_takes_what_it_cannot_mean(call, wrong):
    with pytest.raises(GlassTunnelError):
        call(wrong)


@pytest.mark.parametrize("option", ["ties", "start"])
@pytest.mark.parametrize("value", ["larmor", ["larmor"], 3.0])
def test_ties_and_start_are_mappings(option, value):
    with pytest.raises(gt.FitError, match=f"{option} must be a mapping"):
        gt.fit(LARMOR, [chip()], VARY, **{option: value})


def test_one_contribution_is_a_glass_of_one_and_one_dataset_a_sequence_of_one():
    bare = gt.fit(LARMOR, chip(), VARY)
    assert bare.values == gt.fit(gt.Glass({"larmor": LARMOR}), [chip()], VARY).values


def test_every_column_is_one_list():
    for values in (None, 3.0, {}, [[1.0], [2.0]], [LARMOR]):
        with pytest.raises(gt.ParameterError, match="must be one list of numbers or texts"):
            gt.Column(values, "K")


def test_every_step_on_data_says_what_it_needs_by_keyword_too():
    for name in DATA_FUNCTIONS:
        assert hasattr(getattr(gt.data, name), "__wrapped__"), name
    with pytest.raises(gt.ParameterError, match="per_mass needs a Dataset"):
        gt.data.per_mass(data="run.dat")  # pyright: ignore[reportArgumentType]
    assert records.as_dataset(chip(), "test").name == "chip"


@pytest.mark.parametrize("room", gt._ROOMS)
def test_every_room_is_reached_after_one_import(room):
    assert getattr(gt, room) is importlib.import_module(f"glasstunnel.{room}")
