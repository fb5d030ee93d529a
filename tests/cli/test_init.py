"""`glasstunnel init`: from a measured file to a run file that runs as it is, for every kind of experiment."""

import json
from pathlib import Path

import numpy as np
import pytest

import glasstunnel as gt
from glasstunnel.cli import main
from glasstunnel.runfile import execute, load_run
from glasstunnel.runfile.init import KINDS, run_file_text

EXAMPLES = Path(gt.__file__).parent / "examples" / "data"
RNG = np.random.default_rng(11)


def table(path, heading, *columns):
    rows = "\n".join(",".join(f"{number:.8g}" for number in row) for row in zip(*columns, strict=True))
    path.write_text(f"{heading}\n{rows}\n")
    return path


def magnetometer(folder):
    T = np.tile(np.geomspace(2.0, 100.0, 20), 2)
    B = np.repeat([0.5, 4.0], 20)
    glass = gt.Glass({"larmor": gt.LarmorDiamagnetism(4e-3), "ions": gt.MagneticIons("Fe3+", 2e20)})
    M = gt.magnetization(glass, T, B) * (1.0 + 0.002 * RNG.normal(size=40))
    return [table(folder / "squid.csv", "T (K),H (kOe),m (emu)", T, 10.0 * B, 0.01 * M)], "ions.concentration", 2e20


def calorimeter(folder):
    T = np.geomspace(0.1, 2.0, 30)
    glass = gt.Glass({"phonons": gt.DebyePhonons(8e-4), "tls": gt.TwoLevelSystems(5e19)})
    C = gt.heat_capacity(glass, T, 0.0) * 60.0e-3 * (1.0 + 0.005 * RNG.normal(size=30))
    return [table(folder / "cp.csv", "T (K),Cp (J/(mol K))", T, C)], "phonons.cubic_coefficient", 8e-4


def bridge(folder):
    T, f = np.tile(np.geomspace(0.02, 1.0, 24), 3), np.repeat([0.5, 1.0, 5.0], 24)
    tls = gt.TwoLevelSystems(1e20, dielectric_strength=5e-4, elastic_constant=5e-8)
    C = 10.0 * (1.0 + gt.dielectric_shift(tls, T, 0.0, 1e3 * f)) + 1e-6 * RNG.normal(size=72)
    loss = gt.loss_tangent(tls, T, 0.0, 1e3 * f) * (1.0 + 0.01 * RNG.normal(size=72))
    path = table(folder / "bridge.csv", "T (K),f (kHz),C (pF),tan d", T, f, C, loss)
    return [path], "tls.dielectric_strength", 5e-4


def resonator(folder):
    del folder
    names = ("cpw_Qint_vs_T_100dBm.csv", "cpw_Qint_vs_T_140dBm.csv", "cpw_freqshift_vs_T_Nb.csv")
    return [EXAMPLES / name for name in names], None, None


def echo(folder):
    times = np.linspace(1.0, 8.0, 8)
    tls = gt.TwoLevelSystems(1e20, dipole_moment=2e-30, spectral_diffusion=3e7)
    values = [float(gt.echo(tls, gt.Pulses((1e-7, 2e-7), (1e-6 * t,), 1e9, 1e3), 0.012, 0.0)) for t in times]
    mV = np.array(values) / values[0] * (1.0 + 0.01 * RNG.normal(size=8))
    return [table(folder / "echo.csv", "tau12 (us),echo (mV)", times, mV)], "tls.spectral_diffusion", 3e7


def oscillator(folder):
    """A torsional oscillator: resonance frequency and quality factor of one run, and an amplitude that is kept."""
    T = np.geomspace(0.02, 2.0, 40)
    tls = gt.TwoLevelSystems(0.0, transverse_strength=3e-4, longitudinal_strength=3e-4, elastic_constant=2e-8)
    f = 90e3 * (1.0 + gt.sound_velocity_shift(tls, T, 0.0, 90e3, "torsion")) + 1e-3 * RNG.normal(size=40)
    Q = 1.0 / (gt.internal_friction(tls, T, 0.0, 90e3, "torsion") * (1.0 + 0.01 * RNG.normal(size=40)))
    path = folder / "torsion.csv"
    rows = "\n".join(f"{a:.6g},{b:.12g},{c:.6g},3.5" for a, b, c in zip(T, f, Q, strict=True))
    path.write_text(f"T (K),f (Hz),Q,amplitude (nm)\n{rows}\n")
    return [path], "tls.transverse_strength", 3e-4


def conductivity(folder):
    T = np.geomspace(0.05, 5.0, 25)
    host = gt.Material(2200.0, 5800.0, 3800.0)
    tls = gt.TwoLevelSystems(0.0, transverse_strength=3e-4, longitudinal_strength=3e-4, material=host)
    k = gt.thermal_conductivity(gt.Glass({"tls": tls, "soft": gt.SoftModes(0.0, 4.0)}), T, 0.0)
    k = k * (1.0 + 0.01 * RNG.normal(size=25))
    return [table(folder / "kappa.csv", "T (K),k (mW/(cm K))", T, 10.0 * k)], "tls.transverse_strength", 3e-4


def noise(folder):
    f = np.geomspace(1.0, 1e4, 40)
    tls = gt.TwoLevelSystems(0.0, dielectric_strength=1e-3, elastic_constant=2e-8)
    S = gt.capacitor_noise(tls, 4.2, 0.0, f, 1e-12) * (1.0 + 0.03 * RNG.normal(size=40))
    return [table(folder / "spectrum.csv", "f (Hz),S_V (V2/Hz)", f, S)], "tls.dielectric_strength", 1e-3


SIMULATED = {"magnetization": magnetometer, "heat_capacity": calorimeter, "bridge": bridge, "resonator": resonator,
             "echo": echo, "oscillator": oscillator, "conductivity": conductivity, "noise": noise}  # fmt: skip


def test_every_kind_is_tried_here():
    assert SIMULATED.keys() == KINDS.keys()


@pytest.mark.parametrize("kind", SIMULATED)
def test_what_it_writes_runs_as_it_is_and_finds_what_was_put_in(kind, tmp_path, capsys):
    files, path, value = SIMULATED[kind](tmp_path)
    assert main(["init", *map(str, files), "-o", str(tmp_path / "run.toml")]) == 0
    assert "FILL IN" in capsys.readouterr().out
    text = (tmp_path / "run.toml").read_text()
    assert text == run_file_text(files, kind, folder=tmp_path)
    assert "noise = {" in text and "# " in text
    (result, *_) = execute(load_run(tmp_path / "run.toml"))
    assert result.converged
    if path is not None:
        assert result.values[path] == pytest.approx(value, rel=0.1)


@pytest.mark.parametrize("path", sorted(EXAMPLES.glob("*.[cd][sa][vt]")), ids=lambda path: path.name)
def test_what_it_writes_of_a_real_file_runs_as_it_is(path, tmp_path):
    (tmp_path / "run.toml").write_text(run_file_text([path], folder=tmp_path))
    (result, *_) = execute(load_run(tmp_path / "run.toml"))
    assert result.converged and np.isfinite(result.chi2)


def test_a_conductivity_up_to_its_plateau_finds_the_soft_modes_of_silica(tmp_path):
    T = np.geomspace(0.08, 20.0, 40)
    silica = gt.published("acoustics.collected.silica")
    k = gt.thermal_conductivity(silica, T, 0.0) * (1.0 + 0.01 * RNG.normal(size=40))
    path = table(tmp_path / "kappa.csv", "T (K),kappa (W/m K)", T, k)
    (tmp_path / "run.toml").write_text(run_file_text([path], folder=tmp_path))
    (result, *_) = execute(load_run(tmp_path / "run.toml"))
    assert result.values["soft.energy"] == pytest.approx(4.0, rel=0.05)
    assert result.values["tls.transverse_strength"] == pytest.approx(2.73e-4, rel=0.05)  # of silica, docs/acoustics


def test_values_that_change_sign_get_no_relative_noise(tmp_path):
    B = np.linspace(-7.0, 7.0, 20)
    path = table(tmp_path / "loop.csv", "B (T),M (emu/g)", B, 0.01 * np.tanh(B))
    assert "noise = {residuals = true}" in run_file_text([path], folder=tmp_path)


@pytest.mark.slow
@pytest.mark.parametrize("measured", ["capacitance", "loss_tangent"])
def test_a_bridge_in_a_field_gets_anomalous_systems_and_its_zero_there(tmp_path, measured):
    B = np.linspace(0.0, 0.6, 30)
    ats = gt.AnomalousTunnelingSystems(0.0, 0.02, np.inf, 2e5, 4e5, theory="effective", dielectric_strength=5e-6,
                                       elastic_constant=None if measured == "capacitance" else 1e-6)  # fmt: skip
    if measured == "capacitance":
        shift = gt.dielectric_shift(ats, 0.05, B, 1e3, reference_field=0.0)
        values, heading = 60.0 * (1.0 + shift) + 6e-6 * RNG.normal(size=30), "C (pF)"
    else:
        loss = gt.loss_tangent(ats, 0.05, B, 1e3)
        values, heading = 1e-4 + loss * (1.0 + 1e-3 * RNG.normal(size=30)), "tan d"
    path = table(tmp_path / "bridge.csv", f"B (mT),{heading}", 1e3 * B, values)
    (tmp_path / "run.toml").write_text(run_file_text([path], folder=tmp_path))
    assert 'temperature = "50 mK"},   # FILL IN' in (tmp_path / "run.toml").read_text()
    (result, *_) = execute(load_run(tmp_path / "run.toml"))
    assert result.converged
    if measured == "capacitance":
        assert result.values["ats.amplitude_area_min"] == pytest.approx(2e5, rel=0.2)


def test_an_echo_in_a_field_gets_anomalous_systems(tmp_path):
    B = np.linspace(-0.2, 0.2, 5)
    path = table(tmp_path / "echo.csv", "B (T),echo (mV)", B, 1.0 + B**2)
    (tmp_path / "run.toml").write_text(run_file_text([path], folder=tmp_path))
    run = load_run(tmp_path / "run.toml")
    assert "ats.dipole_moment" in run.models[""].vary


def test_nothing_is_overwritten_and_what_cannot_be_meant_is_refused(tmp_path, capsys):
    (path,), *_ = magnetometer(tmp_path)
    run = tmp_path / "run.toml"
    assert main(["init", str(path), "-o", str(run)]) == 0
    for arguments, words in [
        ([str(path), "-o", str(run)], "already exists"),
        ([str(path), "--kind", "echo", "-o", "-"], "no matter of echo"),
        ([str(path), "--kind", "dance", "-o", "-"], "kind must be one of magnetization"),
        ([str(path), str(EXAMPLES / "cpw_Qint_vs_T_100dBm.csv"), "-o", "-"], "no one kind of experiment"),
    ]:
        capsys.readouterr()
        assert main(["init", *arguments]) == 2
        assert words in capsys.readouterr().err


def test_headerless_files_are_named_by_columns(tmp_path, capsys):
    path = tmp_path / "plain.txt"
    T = np.geomspace(0.1, 2.0, 20)
    path.write_text("\n".join(f"{t:.5g} {1e-3 * t + 8e-4 * t**3:.6g}" for t in T))
    assert main(["init", str(path), "-o", "-"]) == 2
    assert "the columns have to be named first" in capsys.readouterr().err
    run = tmp_path / "run.toml"
    assert main(["init", str(path), "--columns", "temperature=1 K, heat_capacity=2 J/(kg K)", "-o", str(run)]) == 0
    (result, *_) = execute(load_run(run))
    assert result.values["phonons.cubic_coefficient"] == pytest.approx(8e-4, rel=1e-3)


def test_five_points_for_four_parameters_have_no_corrected_criterion_and_no_infinity(tmp_path, capsys):
    T = np.array([2.0, 3.0, 4.0, 5.0, 6.0])
    C = 2e-3 * T**3 * (1.0 + 0.05 * np.array([1, -1, 1, 1, -1]))
    path = table(tmp_path / "few.csv", "T (K),C (J/(kg K))", T, C)
    assert main(["init", str(path), "-o", str(tmp_path / "run.toml")]) == 0
    assert main(["fit", str(tmp_path / "run.toml"), "-o", str(tmp_path / "out"), "-q"]) == 0
    printed = capsys.readouterr().out
    assert "AICc none (too few points)" in printed and "inf" not in printed.split("Notes:")[0].replace("init", "")


def test_two_models_are_written_for_compare_and_run_as_they_are(tmp_path, capsys):
    (path,), _, _ = magnetometer(tmp_path)
    two = tmp_path / "two.toml"
    assert main(["init", str(path), "--compare", "-o", str(two)]) == 0
    assert f"glasstunnel compare {two}" in capsys.readouterr().out
    run = load_run(two)
    assert list(run.models) == ["ions", "ions_and_tunneling"]
    extra = set(run.models["ions_and_tunneling"].vary) - set(run.models["ions"].vary)
    assert extra and all(name.startswith("ats.") for name in extra)
    assert main(["compare", str(two), "-o", str(tmp_path / "out")]) == 0
    assert "describes these data best" in capsys.readouterr().out


def test_a_kind_without_a_second_model_says_which_kinds_have_one(tmp_path, capsys):
    path = EXAMPLES / "cpw_Qint_vs_T_100dBm.csv"
    assert main(["init", str(path), "--compare", "-o", str(tmp_path / "two.toml")]) == 2
    said = capsys.readouterr().err
    assert "no second model for superconducting resonator, only for magnetization, heat_capacity" in said


@pytest.mark.slow
def test_two_models_of_a_heat_capacity_are_told_apart_where_anomalous_systems_are_in_it(tmp_path, capsys):
    """A bump of anomalous systems at 0.1 K over phonons and two-level systems, with 1 % of noise."""
    T = np.geomspace(0.05, 2.5, 40)
    ats = gt.AnomalousTunnelingSystems(3e19, 0.1, None, 1e4, 2e4, theory="effective")
    glass = gt.Glass({"phonons": gt.DebyePhonons(1e-3), "tls": gt.TwoLevelSystems(2e20), "ats": ats})
    C = gt.heat_capacity(glass, T, 0.0) * (1.0 + 0.01 * RNG.normal(size=T.size))
    two = tmp_path / "two.toml"
    path = table(tmp_path / "cp.csv", "T (K),C (J/(K kg))", T, C)
    assert main(["init", str(path), "--compare", "-o", str(two)]) == 0
    assert list(load_run(two).models) == ["two_level", "two_level_and_anomalous"]
    assert main(["compare", str(two), "-o", str(tmp_path / "out")]) == 0
    assert "two_level_and_anomalous describes these data best" in capsys.readouterr().out
    values = json.loads((tmp_path / "out" / "result.json").read_text())["comparison-1"]["values"]
    assert values["phonons.cubic_coefficient"] == pytest.approx(1e-3, rel=0.15)  # 1800 times below the coldest C/T^3
    assert values["ats.asymmetry_min"] == pytest.approx(0.1, rel=0.05)


@pytest.mark.slow
@pytest.mark.parametrize("ratio", [2.0, 5.0])
def test_two_models_of_a_heat_capacity_in_fields_reach_the_truth_that_one_start_misses(tmp_path, ratio):
    T, B = (grid.ravel() for grid in np.meshgrid(np.geomspace(0.1, 3.0, 25), [0.0, 1.0, 2.0, 4.0, 8.0]))
    ats = gt.AnomalousTunnelingSystems(2e19, 0.3, None, 1e5, ratio * 1e5, theory="effective")
    truth = gt.Glass({"phonons": gt.DebyePhonons(2e-4), "tls": gt.TwoLevelSystems(2e19), "ats": ats})
    expected = gt.heat_capacity(truth, T, B)
    noise = 0.01 * np.random.default_rng(3).normal(size=T.size)
    two = tmp_path / "two.toml"
    path = table(tmp_path / "cp.csv", "T (K),B (T),C (J/(K kg))", T, B, expected * (1.0 + noise))
    assert main(["init", str(path), "--compare", "-o", str(two)]) == 0
    run = load_run(two)
    assert run.options["starts"] == 8
    assert {"ats.amplitude_area_min", "ats.amplitude_area_max"} < set(run.models["two_level_and_anomalous"].vary)
    (comparison, *_) = execute(run)
    assert comparison.sentences[0] == "two_level_and_anomalous describes these data best (AICc)"
    best = comparison.best.result
    left = best.curves["cp"].residuals * best.curves["cp"].sigma / (0.01 * expected)
    assert np.sum(left**2) / best.dof < 1.01 * np.mean((noise / 0.01) ** 2) * T.size / best.dof
    assert best.values["ats.asymmetry_min"] == pytest.approx(0.3, rel=0.05)


def test_areas_are_held_where_a_heat_capacity_has_one_field(tmp_path):
    T = np.geomspace(0.1, 2.0, 30)
    path = table(tmp_path / "cp.csv", "T (K),B (T),C (J/(K kg))", T, np.zeros(30), 1e-3 * T + 1e-3 * T**3)
    (tmp_path / "two.toml").write_text(run_file_text([path], folder=tmp_path, compared=True))
    run = load_run(tmp_path / "two.toml")
    assert not any("area" in name for name in run.models["two_level_and_anomalous"].vary)


def test_a_handful_of_points_is_not_asked_for_as_many_numbers(tmp_path):
    T = np.array([2.0, 4.0, 6.0, 10.0, 15.0, 100.0])
    path = table(tmp_path / "cp.csv", "T (K),C (J/(K kg))", T, 1e-3 * T**3 + 2e-3 * T)
    text = run_file_text([path], folder=tmp_path)
    assert "# 5 points do not determine 4 numbers with an error" in text and "\n# soft.crossover" in text
    (tmp_path / "run.toml").write_text(text)
    assert len(next(iter(load_run(tmp_path / "run.toml").models.values())).vary) == 3


def test_noise_is_proposed_from_the_rows_that_are_fitted(tmp_path):
    """Repeats above the range that is kept say nothing of the rows below it."""
    cold = np.geomspace(2.0, 19.0, 12)
    T = np.concatenate([cold, np.repeat(np.linspace(40.0, 90.0, 20), 3)])
    C = (1e-3 * T**3) * (1.0 + 0.01 * RNG.normal(size=T.size))
    text = run_file_text([table(tmp_path / "cp.csv", "T (K),C (J/(K kg))", T, C)])
    assert "high = 20" in text and "repeats = true" not in text and "residuals" in text


def test_two_quantities_of_a_table_without_headings_become_two_datasets(tmp_path):
    T = np.geomspace(0.02, 1.0, 12)
    path = tmp_path / "bridge.dat"
    path.write_text("".join(f"{t:.5g} {10.0 - 1e-3 * np.log(t):.8g} {1e-4 * t:.5g}\n" for t in T))
    two = tmp_path / "bridge.toml"
    columns = "temperature=1 K, capacitance=2 pF, loss_tangent=3"
    assert main(["init", str(path), "--columns", columns, "-o", str(two)]) == 0
    assert [data.quantity for data in load_run(two).datasets] == ["dielectric_shift", "loss_tangent"]
