"""The run file that plays iron at full strength: five kinds of iron, each without and with tunneling systems."""

from glasstunnel.demo.files import example_file
from glasstunnel.runfile import load_run


def test_every_kind_of_iron_comes_without_and_with_tunneling_systems():
    run = load_run(example_file("simulated_bk7_iron.toml"))
    kinds = ("free", "split", "disordered", "interacting", "everything")
    assert set(run.models) == {*kinds, *(f"{kind}_and_ats" for kind in kinds)}
    for kind in kinds:
        alone, with_ats = run.models[kind], run.models[f"{kind}_and_ats"]
        assert dict(alone.glass.contributions) == {
            key: part for key, part in with_ats.glass.contributions.items() if key != "ats"
        }
        assert set(alone.vary) == {path for path in with_ats.vary if not path.startswith("ats.")}
    assert run.models["disordered"].glass["fe2"].disorder > 0.0
    assert run.models["interacting"].glass["fe3"].paired_share > 0.0


def test_everything_at_once_has_wider_ranges_than_one_splitting_and_treats_both_ions_alike():
    models = load_run(example_file("simulated_bk7_iron.toml")).models
    split, everything = models["split"].vary, models["everything"].vary
    for path, prior in split.items():
        assert everything[path].lower <= prior.lower and everything[path].upper >= prior.upper
    for name in ("zero_field_splitting", "rhombicity", "paired_share", "exchange", "mean_field"):
        assert everything[f"fe2.{name}"] == everything[f"fe3.{name}"]
    assert (everything["fe3.zero_field_splitting"].lower, everything["fe3.zero_field_splitting"].upper) == (-60.0, 60.0)
