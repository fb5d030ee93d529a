"""`glasstunnel curve`: several glasses, lists of everything, both theories, pictures that do not mislead."""

import csv

import numpy as np
import pytest

import glasstunnel as gt
from glasstunnel.cli import main
from glasstunnel.cli.grids import parse_grid
from glasstunnel.plots import plot_curves

BK7, DURAN = "002.T14.BK7.M", "002.T11.Duran.M"


def table(capsys, *arguments):
    """Header and columns of a table on standard output."""
    assert main(["curve", *arguments]) == 0
    header, *rows = csv.reader(capsys.readouterr().out.splitlines())
    return header, np.array([[float(cell) for cell in row] for row in rows]).T


def test_several_glasses_are_columns_beside_each_other(capsys):
    header, columns = table(capsys, "magnetization", "--glass", BK7, "--glass", DURAN, "--temperature", "4,8",
                            "--field", "-7:7:3")  # fmt: skip
    assert len(header) == 4 and BK7 in header[2] and DURAN in header[3]
    T, B, *found = columns
    assert list(B) == [-7.0, -7.0, 0.0, 0.0, 7.0, 7.0]
    for name, values in zip((BK7, DURAN), found, strict=True):
        np.testing.assert_allclose(values, gt.magnetization(gt.published(name), T, B), rtol=1e-12, atol=1e-20)


def test_lists_of_frequencies_and_fields_are_all_calculated(capsys):
    header, (T, B, f, loss) = table(capsys, "loss_tangent", "--glass", "004.TI.SiO2", "--temperature", "0.05,0.1",
                                    "--field", "0,1", "--frequency", "1,10 kHz")  # fmt: skip
    assert header[2] == "frequency [Hz]" and len(T) == 8 and set(f) == {1e3, 1e4}
    np.testing.assert_allclose(loss, gt.loss_tangent(gt.published("004.TI.SiO2"), T, B, f), rtol=1e-12)


def test_both_theories_stand_side_by_side(capsys):
    header, (T, B, exact, effective) = table(capsys, "magnetization", "--glass", BK7, "--theory", "exact,effective",
                                             "--temperature", "2,20", "--field", "2")  # fmt: skip
    assert header[2].count("exact") and header[3].count("effective")
    np.testing.assert_allclose(exact, gt.magnetization(gt.published(BK7, theory="exact"), T, B), rtol=1e-12)
    np.testing.assert_allclose(effective, gt.magnetization(gt.published(BK7), T, B), rtol=1e-12)


def test_an_echo_is_drawn_over_the_waiting_time(capsys):
    pulses = ("--frequency", "0.9 GHz", "--first-duration", "100 ns", "--second-duration", "200 ns",
              "--field-amplitude", "1000")  # fmt: skip
    header, (_, _, tau, echo) = table(capsys, "echo", "--glass", "002.T8.BK7.echo.tau12_6us", "--temperature", "0.012",
                                      "--waiting-time", "2,4,8 us", *pulses)  # fmt: skip
    assert header[2] == "waiting_time [s]" and list(tau) == pytest.approx([2e-6, 4e-6, 8e-6])
    assert np.all(np.diff(np.abs(echo)) < 0.0)


def test_choices_of_an_observable_are_options(capsys):
    where = "--glass", "002.T8.BK7.echo.tau12_6us", "--temperature", "0.012", "--waiting-time", "2 us"
    pulses = ("--frequency", "0.9 GHz", "--first-duration", "100 ns", "--second-duration", "200 ns",
              "--field-amplitude", "1000")  # fmt: skip
    _, (*_, phase) = table(capsys, "echo", *where, *pulses)
    _, (*_, modulus) = table(capsys, "echo", *where, *pulses, "--detection", "modulus")
    assert 0.0 < abs(phase[0]) < modulus[0]
    losses = [table(capsys, "loss_tangent", "--glass", "004.TI.SiO2", "--temperature", "0.1", "--frequency", "1 kHz",
                    "--part", part)[1][-1][0] for part in ("both", "resonant", "relaxational")]  # fmt: skip
    assert losses[0] == pytest.approx(losses[1] + losses[2])


@pytest.mark.parametrize(("arguments", "words"), [
    (("loss_tangent", "--glass", "004.TI.SiO2", "--frequency", "1", "--detection", "modulus"), "does not depend on"),
    (("loss_tangent", "--glass", "004.TI.SiO2", "--frequency", "1", "--part", "half"), "is one of both, resonant"),
    (("magnetization", "--glass", "000.T1.BK7.H1.0kOe", "--theory", "exact"), "no anomalous systems"),
    (("magnetization", "--glass", BK7, "--theory", "quantum"), "--theory takes exact and effective"),
    (("loss_tangent", "--glass", "004.TI.SiO2"), "needs --frequency"),
])  # fmt: skip
def test_what_cannot_be_meant_is_one_sentence(capsys, arguments, words):
    assert main(["curve", *arguments, "--temperature", "4"]) == 2
    out, err = capsys.readouterr()
    assert out == "" and words in err and err.count("\n") == 1


def test_a_logarithmic_axis_has_a_logarithmic_grid_which_finds_the_maximum():
    """The magnetization of BK7 at 2 T has its maximum between 3 and 4 K; 100 even steps from 2 K miss it."""
    drawn = parse_grid("2:300:100", "T", "K", wide_is_log=True)
    np.testing.assert_allclose(drawn, np.geomspace(2.0, 300.0, 100))
    np.testing.assert_allclose(parse_grid("2:300:100:lin", "T", "K", wide_is_log=True), np.linspace(2.0, 300.0, 100))
    np.testing.assert_allclose(parse_grid("2:30:5", "T", "K", wide_is_log=True), np.linspace(2.0, 30.0, 5))
    glass = gt.published(BK7)
    fine = np.geomspace(2.0, 10.0, 2000)
    peak = fine[np.argmax(gt.magnetization(glass, fine, 2.0))]
    assert 3.0 < peak < 4.0
    assert abs(np.log(drawn[np.argmax(gt.magnetization(glass, drawn, 2.0))] / peak)) < 0.06


def lines_of(ax):
    return {line.get_label(): line for line in ax.lines}


def test_a_picture_says_what_is_held_and_draws_no_sum_on_its_only_part():
    tls = gt.Glass({"tls": gt.TwoLevelSystems(1e20, dielectric_strength=5e-4, elastic_constant=5e-8)}, name="one")
    T = np.geomspace(0.02, 1.0, 30)
    ax = plot_curves(tls, "loss_tangent", T, [0.0], conditions={"frequency": 1e3})
    assert "1 kHz" in ax.get_title("left") and len(ax.lines) == 1
    assert ax.get_legend() is None
    several = plot_curves(tls, "loss_tangent", T, [0.0], conditions={"frequency": [1e3, 1e4]})
    assert list(lines_of(several)) == ["1 kHz", "10 kHz"]
    two = gt.Glass({**tls.contributions, "phonons": gt.DebyePhonons(8e-4)}, name="two")
    assert len(lines_of(plot_curves(two, "heat_capacity", T, [0.0]))) == 3
    assert len(lines_of(plot_curves(two, "heat_capacity", T, [0.0], show_parts=False))) == 1
    both = lines_of(plot_curves([tls, two], "heat_capacity", T, [0.0]))
    assert list(both) == ["one", "two"]


def test_what_has_most_points_is_the_horizontal_axis():
    tls = gt.TwoLevelSystems(1e20, dielectric_strength=5e-4, elastic_constant=5e-8)
    ax = plot_curves(tls, "loss_tangent", [0.1], [0.0], conditions={"frequency": np.geomspace(1e2, 1e5, 20)})
    assert ax.get_xlabel() == "frequency [Hz]" and ax.get_xscale() == "log"


def test_parts_are_switched_from_the_shell(tmp_path, monkeypatch):
    seen = []
    import glasstunnel.plots.curves as curves

    whole = curves.plot_curves
    monkeypatch.setattr(curves, "plot_curves", lambda *a, **k: seen.append(k["show_parts"]) or whole(*a, **k))
    for number, option in enumerate(("--parts", "--no-parts")):
        target = str(tmp_path / f"{number}.svg")
        assert main(["curve", "magnetization", "--glass", BK7, "--temperature", "2:4:3", option, "-o", target]) == 0
    assert seen == [True, False]
