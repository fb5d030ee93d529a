"""The run file that plays iron at full strength: four kinds of iron, each without and with tunneling systems."""

from glasstunnel.demo.files import example_file
from glasstunnel.runfile import load_run


def test_every_kind_of_iron_comes_without_and_with_tunneling_systems():
    run = load_run(example_file("simulated_bk7_iron.toml"))
    kinds = ("free", "split", "disordered", "interacting")
    assert set(run.models) == {*kinds, *(f"{kind}_and_ats" for kind in kinds)}
    for kind in kinds:
        alone, with_ats = run.models[kind], run.models[f"{kind}_and_ats"]
        assert dict(alone.glass.contributions) == {
            key: part for key, part in with_ats.glass.contributions.items() if key != "ats"
        }
        assert set(alone.vary) == {path for path in with_ats.vary if not path.startswith("ats.")}
    assert run.models["disordered"].glass["fe2"].disorder > 0.0
    assert run.models["interacting"].glass["fe3"].paired_share > 0.0
