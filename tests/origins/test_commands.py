"""The commands and pictures of wells and voids, and the line on kinetics in fits."""

import json

import numpy as np
import pytest

import glasstunnel as gt
from glasstunnel.cli import main
from glasstunnel.data import with_noise
from glasstunnel.origins import kinetic_notes, packing, reduce_to_wells, triple_well, voids_of
from glasstunnel.plots import voids_figure, wells_figure
from glasstunnel.plots.origins import loops_of

WELLS = ["wells", "triple", "--mass-u", "16", "--charge", "1", "--radius", "1", "--barrier", "100"]


def test_the_package_is_reached_by_its_name():
    assert gt.origins.triple_well is triple_well
    assert set(gt.origins.__all__) <= set(dir(gt.origins))
    for name in gt.origins.__all__:
        assert getattr(gt.origins, name) is not None
    with pytest.raises(AttributeError, match="no attribute"):
        gt.origins.nothing  # noqa: B018


def test_wells_prints_parameters_and_levels(capsys, tmp_path):
    picture = tmp_path / "wells.png"
    assert main([*WELLS, "--field", "0:1000:3", "--json", "-o", str(picture)]) == 0
    record = json.loads(capsys.readouterr().out)
    reduced = reduce_to_wells(triple_well(1.0), record["hbar/(a sqrt(M V0))"])
    assert record["t [K]"] == pytest.approx(100.0 * reduced.amplitude)
    levels = record["levels"]
    assert levels["field [T]"] == [0.0, 500.0, 1000.0]
    split = np.subtract(levels["E2 - E0(0) [K]"], levels["E1 - E0(0) [K]"])
    assert split[0] == pytest.approx(0.0, abs=1e-9) and split[2] == pytest.approx(2.0 * split[1], rel=1e-3)
    assert picture.stat().st_size > 10_000
    assert main(WELLS) == 0
    assert "angular momentum" in capsys.readouterr().out


def test_a_square_well_says_that_its_bound_is_not_known(capsys):
    assert main(["wells", "square", "--mass-u", "1", "--radius", "0.5", "--barrier", "500"]) == 0
    assert "known for three wells" in capsys.readouterr().out


@pytest.mark.parametrize("change,sentence", [
    (["--mass-u", "heavy"], "no number"), (["--mass-u", "-1"], "mass must be positive"), (["--charge", "0"], "charge"),
    (["--radius", "1,2"], "one number"), (["--barrier", "1e7"], "between 0.04"), (["--shape", "7"], "between 0 and 4"),
    (["--field", "0:1:5000"], "at most 2000"), (["--output", "x.gif"], "png"),
])  # fmt: skip
def test_wells_refuses_in_one_sentence(capsys, tmp_path, monkeypatch, change, sentence):
    monkeypatch.chdir(tmp_path)
    assert main([*WELLS, *change]) == 2
    said = capsys.readouterr().err
    assert sentence in said and said.count("\n") == 1


def test_voids_prints_the_statistics_and_draws(capsys, tmp_path):
    picture = tmp_path / "voids.png"
    arguments = ["voids", "--cells", "60", "--spread", "0.1", "--growth", "0.02", "-o", str(picture)]
    assert main(arguments) == 0
    assert "voids per cell" in capsys.readouterr().out and picture.stat().st_size > 10_000
    assert main(arguments) == 2 and "already exists" in capsys.readouterr().err
    assert main(["voids", "--cells", "40", "--dimension", "3", "--json"]) == 0
    record = json.loads(capsys.readouterr().out)
    assert record["tunnelers against no growth, N/N0"] == pytest.approx(1.0) and len(record["hash"]) == 12


@pytest.mark.parametrize("change,sentence", [
    (["--cells", "3"], "from 10"), (["--growth", "0.9"], "closes every void"), (["--spread", "-1"], "spread"),
    (["--dimension", "3", "-o", "v.png"], "drawn for discs"),
])  # fmt: skip
def test_voids_refuses_in_one_sentence(capsys, tmp_path, monkeypatch, change, sentence):
    monkeypatch.chdir(tmp_path)
    assert main(["voids", "--cells", "40", *change]) == 2
    assert sentence in capsys.readouterr().err


def test_the_pictures_show_every_void_and_loop():
    cells = packing(40, 0.1, 2, 3)
    voids = voids_of(cells)
    loops = loops_of(cells.triangulation, voids, cells.radii)
    assert len(loops) == np.sum(np.bincount(voids.triangles[voids.triangles >= 0]) == 1)
    for loop in loops:
        np.testing.assert_array_equal(loop[0], loop[3])
    assert f"{len(voids.area)} voids" in voids_figure(cells, voids).axes[0].get_title(loc="left")
    assert len(wells_figure(reduce_to_wells(triple_well(2.0), 0.4)).axes) == 2


def test_every_fit_with_anomalous_systems_compares_them_with_kinetics():
    ats = gt.AnomalousTunnelingSystems(1e19, 0.03, None, 2e5, 2.9e5, flux_field=1.3)
    glass = gt.Glass({"ats": ats, "iron": gt.LarmorDiamagnetism(1e-3)})
    (note,) = kinetic_notes(glass)
    assert note.startswith("ats: D0|q/e|S = 2.9e+05") and "9.6e+04 times" in note
    assert kinetic_notes(gt.Glass({"iron": gt.LarmorDiamagnetism(1e-3)})) == ()
    T = np.linspace(2.0, 6.0, 9)
    M = gt.magnetization(glass, T, 1.0)
    columns = {
        "temperature": gt.Column(T, "K"), "field": gt.Column(np.ones(9), "T"),
        "magnetization": gt.Column(M, "A m2/kg"),
    }  # fmt: skip
    data = with_noise(gt.Dataset(columns, "magnetization"), relative=1e-3)
    result = gt.fit(glass, [data], {"ats.density": gt.LogUniform(1e18, 1e20)})
    assert sum("9.6e+04 times the most" in each for each in result.notes) == 1
    assert "one hbar of angular momentum" in result.report()
