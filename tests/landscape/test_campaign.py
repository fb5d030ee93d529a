"""Campaigns: what is found, counted, exported and handed out; run files that are read or refused."""

import json

import numpy as np
import pytest
from tests.landscape.campaigns import TINY, write

from glasstunnel import Glass, heat_capacity
from glasstunnel.errors import GlassTunnelError
from glasstunnel.landscape.analysis import collect, density_of, is_flat
from glasstunnel.landscape.campaign import Campaign, run_campaign
from glasstunnel.landscape.exports import export
from glasstunnel.landscape.settings import CampaignSettings, read_settings, settings_from
from glasstunnel.landscape.unit_systems import UNITS

# A campaign compiles every kernel and runs a whole search: half a minute before the first assertion.
pytestmark = pytest.mark.slow


def test_a_campaign_runs_to_its_end_and_says_what_it_found(finished):
    status = finished.status()
    assert status.complete and not status.running and status.lines()[-1] == "complete"
    result = collect(finished)
    assert result.glasses == 2 and result.minima >= 2 and result.particles == 150
    assert result.identity == finished.identity()
    assert result.density.lower_bound and "not saturated" in result.density.sentence()
    assert len(result.system_curve) == len(result.saturation[0]) and result.example is not None
    json.dumps(result.to_dict())
    for row in result.edges:
        assert row["barrier"] > 0 and row["curvature"] < 0 and row["force"] < 1e-5


def test_every_solved_edge_has_its_couplings_from_its_two_minima(finished):
    from glasstunnel.landscape.couplings import deformation_potentials, strain_coupling
    from glasstunnel.landscape.stages import configuration, stored_path

    rows = [row for row in collect(finished).edges if row.get("longitudinal") is not None]
    assert rows
    row = rows[0]
    arrays = finished.glass_arrays(row["glass"])
    path = stored_path(arrays, row["number"])
    start, end = (configuration(finished.settings, arrays, path.positions[k]) for k in (0, -1))
    potentials = deformation_potentials(strain_coupling(start, end))
    assert (row["longitudinal"], row["transverse"]) == pytest.approx(potentials)
    u = end.positions - start.positions  # atoms of a path are not wrapped
    u -= u.mean(axis=0)
    moment = 0.5 * np.where(start.types == 0, -0.5, 2.0) @ u
    assert row["dipole"] == pytest.approx(np.linalg.norm(moment), rel=1e-6)


def test_valleys_of_the_minima_visited_most_are_counted(finished):
    result = collect(finished)
    assert {(row["glass"], row["radius"]) for row in result.valleys} == {(0, 0.2), (1, 0.2)}
    for row in result.valleys:
        assert 0 <= row["returned"] <= row["valleys"] and row["soft_wells"] <= row["soft_pairs"] <= 4
        assert row["returned"] == 0 or (row["quantum"] > 0 and row["splitting"] > 0)
    counted = result.to_dict()["valleys"][0.2]
    assert counted["minima"] == 2 and counted["tunneling systems"] <= 2


def test_running_again_calculates_nothing(finished):
    before = finished.catalogue.finished()
    run_campaign(finished.settings, finished.folder)
    assert finished.catalogue.finished() == before


def test_more_glasses_keep_those_already_there(finished):
    more = settings_from(TINY | {"sample": {"glasses": 5, "count": 150}})
    assert Campaign(finished.folder, more).keys(1) == finished.keys(1)
    other = settings_from(TINY | {"cooling": {"steps": 300}})
    assert Campaign(finished.folder, other).other_settings() == ["cooling.steps"]
    assert set(Campaign(finished.folder, other).all_keys()).isdisjoint(finished.all_keys())


@pytest.mark.parametrize(("values", "words"), [
    ({"sampel": {}}, "unknown key 'sampel'"), ({"sample": {"count": 100}}, "smaller than twice the cutoff"),
    ({"sample": {"count": "many"}}, "sample.count must be a whole number"), ({"sample": 3}, "must be a table"),
    ({"sample": {"variant": "rough"}}, "sample.variant must be one of"), ({"harvest": {"segments": 0}}, "at least 1"),
    ({"tunneling": {"method": "L9"}}, "L0, L1, L2"), ({"cooling": {"start": float("inf")}}, "positive and finite"),
    ({"harvest": {"heat": 1.0}}, "unknown key 'heat'"), ({"database": 3}, "must be text")])  # fmt: skip
def test_a_wrong_run_file_is_one_sentence(values, words):
    with pytest.raises(GlassTunnelError, match=words):
        settings_from(values)


def test_a_run_file_reads_back_and_a_missing_one_is_named(tmp_path):
    settings = read_settings(write(tmp_path, TINY))
    assert settings == settings_from(TINY) and isinstance(settings, CampaignSettings)
    with pytest.raises(GlassTunnelError, match="cannot be read"):
        read_settings(tmp_path / "no.toml")
    with pytest.raises(GlassTunnelError, match="database 'nothing' cannot be used"):
        Campaign(tmp_path, settings_from(TINY | {"database": "nothing"}))


def test_export_writes_tables_and_structures(finished, tmp_path):
    ase_io = pytest.importorskip("ase.io")
    count = export(finished, tmp_path / "edges.csv")
    lines = (tmp_path / "edges.csv").read_text(encoding="utf-8").splitlines()
    assert len(lines) == count + 1 and lines[0].startswith("glass,number,i,j")
    if count:
        export(finished, tmp_path / "edges.extxyz")
        frames = ase_io.read(tmp_path / "edges.extxyz", index=":")
        assert len(frames) == 3 * count and frames[0].arrays["Displacement"].shape == (150, 3)
    parquet = pytest.importorskip("pyarrow.parquet")
    export(finished, tmp_path / "edges.parquet")
    assert parquet.read_table(tmp_path / "edges.parquet").num_rows == count
    with pytest.raises(GlassTunnelError, match="export writes"):
        export(finished, tmp_path / "edges.xls")


def test_density_has_a_bootstrap_error_over_glasses_and_a_limit_when_nothing_was_found():
    counts = np.array([0, 3, 1, 0, 5, 2, 1, 0])
    found = density_of(counts, 250, UNITS["argon"], saturated=False)
    assert found.per_particle == pytest.approx(12 / 2000)
    assert found.error == pytest.approx(np.std(counts) / np.sqrt(8) / 250, rel=0.1)
    none = density_of(np.zeros(4), 250, UNITS["argon"], saturated=True)
    assert none.error == pytest.approx(3 / 1000) and "below" in none.sentence() and "lower" not in none.sentence()
    assert is_flat(np.arange(40), np.minimum(np.arange(40), 20)) and not is_flat(np.arange(40), np.arange(40))


def test_a_result_with_systems_becomes_a_glass(finished):
    from dataclasses import replace

    result = collect(finished)
    one = np.array([0.5])
    result = replace(result, gaps=one, asymmetries=0.6 * one, splittings=0.8 * one, third_levels=40 * one,
                     barriers=90 * one, dipoles=1e-30 * one,
                     deformation_potentials={"longitudinal": 1e-20 * one, "transverse": 1e-20 * one})  # fmt: skip
    glass = Glass({"found": result.catalogue()})
    assert heat_capacity(glass, 0.2, 0.0) > 0
    assert glass["found"].concentration == pytest.approx(1 / (300 * UNITS["argon"].mass))
    with pytest.raises(GlassTunnelError, match="no two-level system was found"):
        replace(result, gaps=np.zeros(0)).catalogue()
