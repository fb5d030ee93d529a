"""Run files: what they can say, and that everything else is refused with file and key."""

import os

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from glasstunnel import FitError, FitResult, GlassTunnelError, LogUniform, Normal, RunFileError, Uniform
from glasstunnel.inference import load_run
from glasstunnel.inference.comparison import Comparison
from glasstunnel.runfile import Run, execute
from glasstunnel.runfile.run import read_glass

DATA = "T (K),H (kOe),M (emu/g)\n" + "".join(
    f"{T},{H},{-4e-7 * H * 1e3 + 1e-3 * H / T}\n" for H in (5.0, 20.0) for T in (2.0, 4.0, 8.0, 16.0, 32.0)
)
FIT = """
title = "chip"

[glass]
name = "test glass"
contributions.larmor = {type = "LarmorDiamagnetism", susceptibility = 4e-3}
contributions.fe3 = {type = "MagneticIons", species = "Fe3+", concentration = 1e19}

[[data]]
file = "chip.csv"
name = "chip"
steps = [{do = "keep_range", column = "temperature", low = 3, unit = "K"}]
noise = {relative = 0.01, absolute = 1e-6}

[vary]
larmor.susceptibility = {prior = "uniform", lower = 0, upper = 0.1}
"fe3.concentration" = {prior = "log-uniform", lower = 1e17, upper = 1e22}
data.chip.offset = {prior = "normal", mean = 0, sigma = 1e-6}

[start]
fe3.concentration = 1e18

[options]
starts = 2
seed = 3
profile = ["larmor.susceptibility"]
"""
COMPARE = """
[[data]]
file = "chip.csv"
noise = {relative = 0.01, absolute = 1e-6}

[models.iron.glass.contributions]
larmor = {type = "LarmorDiamagnetism", susceptibility = 4e-3}
fe2 = {type = "MagneticIons", species = "Fe2+", concentration = 1e19}
fe3 = {type = "MagneticIons", species = "Fe3+", concentration = 1e19}

[models.iron.vary]
larmor.susceptibility = {prior = "uniform", lower = 0, upper = 0.1}
fe3.concentration = {prior = "uniform", lower = 0, upper = 1e22}

[models.iron.ties]
fe2.concentration = {to = "fe3.concentration", factor = 0.5}

[models.larmor.glass]
contributions.larmor = {type = "LarmorDiamagnetism", susceptibility = 4e-3}
[models.larmor.vary]
larmor.susceptibility = {prior = "uniform", lower = 0, upper = 0.1}

[iron]
value = 1e18
sigma = 1e16
unit = "1/g"
"""


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "chip.csv").write_text(DATA)
    return tmp_path


def load(folder, text):
    path = folder / "run.toml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return load_run(path)


def test_a_run_file_says_what_fit_would_be_told(folder):
    run = load(folder, FIT)
    model = run.models[""]
    assert run.title == "chip" and model.glass.name == "test glass"
    assert model.vary == {
        "larmor.susceptibility": Uniform(0.0, 0.1), "fe3.concentration": LogUniform(1e17, 1e22),
        "data.chip.offset": Normal(0.0, 1e-6),
    }  # fmt: skip
    (data,) = run.datasets
    assert data.name == "chip" and len(data) == 8 and "relative 0.01" in data.noise
    assert run.options == {"starts": 2, "seed": 3, "start": {"fe3.concentration": 1e18}}
    assert run.profile == ("larmor.susceptibility",)


def test_execute_fits_and_profiles(folder):
    said = []
    result, profiles = execute(load(folder, FIT), said.append)
    assert isinstance(result, FitResult) and result.converged
    assert list(profiles) == ["larmor.susceptibility"]
    assert any("start 2 of 2" in text for text in said)


def test_execute_compares(folder):
    run = load(folder, COMPARE)
    assert run.iron == (1e21, 1e19)
    (result,) = execute(run)
    assert isinstance(result, Comparison) and result.best.name == "iron"
    values = result.best.result.values
    assert_allclose(values["fe2.concentration"], 0.5 * values["fe3.concentration"])


def test_steps_split_average_and_divide_by_mass(folder):
    rows = "".join(f"{T},{H},{1e-4 * (H / T) * (1 + e)}\n"
                   for H in (5.0, 20.0) for T in (2.0, 4.0, 8.0, 16.0) for e in (-1e-3, 1e-3, 0.0))
    (folder / "chip.csv").write_text("T (K),H (kOe),M (emu)\n" + rows)
    text = FIT.replace('[{do = "keep_range", column = "temperature", low = 3, unit = "K"}]',
                       '[{do = "average_repeats"}, {do = "split_by", column = "field"}]\nmass_mg = 10')
    text = text.replace("data.chip.offset", "data.chip_5kOe.offset")
    first, second = load(folder, text).datasets
    assert (first.name, second.name) == ("chip_5kOe", "chip_20kOe")
    assert len(first) == 4 and first["magnetization"].unit == "emu/g"
    assert_allclose(first["magnetization"].values[0], 1e-4 * 2.5 / 0.01, rtol=1e-9)


def test_a_holder_run_is_subtracted(folder):
    (folder / "holder.csv").write_text(DATA)
    step = '[{do = "keep_range", column = "field", low = 5, high = 5}, ' \
           '{do = "subtract_holder", file = "holder.csv"}]'
    with pytest.raises(RunFileError, match="field"):
        load(folder, FIT.replace('[{do = "keep_range", column = "temperature", low = 3, unit = "K"}]', step))
    (folder / "holder.csv").write_text("T (K),H (kOe),M (emu/g)\n2.0,5.0,1e-5\n32.0,5.0,1e-5\n")
    text = FIT.replace('[{do = "keep_range", column = "temperature", low = 3, unit = "K"}]', step)
    (data,) = load(folder, text).datasets
    assert_allclose(data["magnetization"].values[0], -2e-3 + 2.5e-3 - 1e-5)


def test_a_published_glass_can_be_the_start(folder):
    path = folder / "glass.toml"
    path.write_text('[glass]\npublished = "001.T3.BK7.constH"\nwithout = ["larmor"]\nvalues = {ats.density = 1e19}\n')
    glass = read_glass(path)
    assert "larmor" not in glass.contributions and glass.value("ats.density") == 1e19


@pytest.mark.parametrize("old, new, sentence", [
    ("title", "titel", "unknown key 'titel'; did you mean 'title'?"),
    ("susceptibility = 4e-3", "susceptibilty = 4e-3", "[glass].contributions.larmor: unknown key 'susceptibilty'"),
    ("susceptibility = 4e-3", "susceptibility = -4e-3", "must be >= 0"),
    ("susceptibility = 4e-3", "susceptibility = 'big'", "susceptibility: must be a number, got 'big'"),
    (", susceptibility = 4e-3", "", "susceptibility is missing"),
    ('"LarmorDiamagnetism"', '"Larmor"', "type: must be one of"),
    ('"Fe3+"', '"Fe9+"', "Fe9+"),
    ('"Fe3+"', "3", "[glass].contributions.fe3"),
    ("chip.csv", "chop.csv", "[[data]] 1 file: there is no file 'chop.csv'"),
    ('name = "chip"', 'name = "my chip"', "letters, digits and underscores"),
    ('file = "chip.csv"', 'file = "chip.csv"\nformat = "excel"', "unknown format 'excel'"),
    ('"keep_range"', '"keep_rnage"', "[[data]] 1.steps 1 do: must be one of"),
    ('low = 3', 'low = 300', "no row is left"),
    ('low = 3', 'lwo = 3', "did you mean 'low'?"),
    ('column = "temperature"', 'column = "depth"', "no column 'depth'"),
    ("{relative = 0.01, absolute = 1e-6}", "{relative = -0.01}", "relative must be > 0"),
    ("{relative = 0.01, absolute = 1e-6}", "{}", "choose one noise model"),
    ("noise =", "# noise =", "choose a noise model"),
    ("lower = 0, upper = 0.1", "lower = 1, upper = 0.1", "[vary].larmor.susceptibility: Uniform: lower must be below"),
    ("lower = 0, upper = 0.1", "lower = 0", "[vary].larmor.susceptibility: upper is missing"),
    ("lower = 0, upper = 0.1", "lower = 0, upper = nan", "upper: must be a finite number"),
    ('"uniform"', '"flat"', "prior: must be one of 'uniform', 'log-uniform', 'normal'"),
    ('"fe3.concentration" =', '"fe3.concentratoin" =', "did you mean 'fe3.concentration'?"),
    ('"fe3.concentration" =', "larmor.susceptibility =", "given twice or in two ways (at line 17"),
    ("data.chip.offset", "data.chop.offset", "did you mean 'data.chip.offset'?"),
    ("fe3.concentration = 1e18", "fe3.concentration = 1e30", "outside its prior"),
    ("starts = 2", "starts = 0", "[options] starts: must be from 1"),
    ("starts = 2", "starts = true", "starts: must be a whole number, got True"),
    ('profile = ["larmor', 'profile = ["lamror', "does not vary"),
    ("relative = 0.01, absolute = 1e-6", "absolute = 1e-150", "less than the rounding of the measured"),
    ("[glass]", "[glass", "line 4"),
    ("[glass]", '[glass]\nwithout = [["a"]]', "[glass] without: the glass has no contribution ['a']"),
    ("[vary]", "[varry]", "vary is missing; did you mean it by 'varry'?"),
    ('{prior = "uniform", lower = 0, upper = 0.1}', "[0, 0.1]", "larmor.susceptibility: must be a prior such as"),
    ("[options]", "[[data]]\nfile = 'chip.csv'\nname = 'chip'\nnoise = {relative = 1}\n[options]", "are called 'chip'"),
])  # fmt: skip
def test_what_cannot_be_meant_is_refused_with_file_and_key(folder, old, new, sentence):
    assert old in FIT
    with pytest.raises(RunFileError) as caught:
        load(folder, FIT.replace(old, new, 1))
    assert sentence in str(caught.value)
    assert str(caught.value).startswith(str(folder / "run.toml"))
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("old, new, sentence", [
    ("[iron]", "[irno]", "unknown key 'irno'"),
    ('unit = "1/g"', 'unit = "g"', "different quantities"),
    ("sigma = 1e16", "sigma = 0", "sigma > 0"),
    ("[iron]", "[options]\nprofile = true\n[iron]", "profile"),
    ("[iron]", "[glass]\n[iron]", "[glass] and [models] cannot both be given"),
    ('to = "fe3.concentration"', 'to = "larmor.size"', "[models.iron]: ties: fe2.concentration is tied to"),
])  # fmt: skip
def test_what_a_comparison_cannot_mean_is_refused(folder, old, new, sentence):
    with pytest.raises(RunFileError) as caught:
        load(folder, COMPARE.replace(old, new, 1))
    assert sentence in str(caught.value)


def test_an_example_that_is_not_in_this_folder_is_pointed_out(tmp_path):
    with pytest.raises(RunFileError, match="cannot be opened .*comes with the package: .*conductivity.toml"):
        load_run(tmp_path / "examples" / "conductivity.toml")


def test_unreadable_files_are_refused(folder):
    for content, sentence in [
        (b"\x00\x01\xff\xfe binary", "line 1 is not UTF-8 text"), (b"title = 1\n\xff", "line 2 is not UTF-8"),
        (b"", "data is missing"), (b"x = " + b"[" * 20_000, "TOML"), (b"#" * 1_000_001, "larger than"),
        (b"data = 3", "data: must be a list"), (b"data = [3]", "[[data]]"),
    ]:
        with pytest.raises(RunFileError) as caught:
            load(folder, content)
        assert sentence in str(caught.value)
    with pytest.raises(RunFileError, match="cannot be opened"):
        load_run(folder / "missing.toml")
    with pytest.raises(RunFileError, match="cannot be opened .a directory"):
        load_run(folder)
    os.mkfifo(folder / "pipe")
    with pytest.raises(RunFileError, match="cannot be opened .not a regular file"):
        load_run(folder / "pipe")


TOKENS = st.sampled_from([
    "", "=", "[", "]", "{", "}", '"', "'", ",", "\n", ".", "nan", "inf", "-1", "1e400", "0", "true", "1979-05-27",
    "[[data]]", "[vary]", "file", "\x00", "é", "[]", "{}", '"chip.csv"', "9" * 400, "prior", "#",
])  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(data=st.data())
def test_a_mutated_run_file_is_refused_or_is_a_run(tmp_path_factory, data):
    folder = tmp_path_factory.getbasetemp() / "mutated"
    folder.mkdir(exist_ok=True)
    (folder / "chip.csv").write_text(DATA)
    text = data.draw(st.sampled_from([FIT, COMPARE]))
    for _ in range(data.draw(st.integers(1, 3))):
        start = data.draw(st.integers(0, len(text)))
        length = data.draw(st.sampled_from([0, 1, 2, 5, 20, len(text)]))
        text = text[:start] + data.draw(TOKENS) + text[start + length :]
    try:
        assert isinstance(load(folder, text), Run)
    except GlassTunnelError as error:
        assert str(error) and "\n" not in str(error)


@settings(max_examples=200, deadline=None)
@given(data=st.data())
def test_a_run_file_with_values_of_other_types_is_refused_or_is_a_run(tmp_path_factory, data):
    """Every value of a valid file, replaced by something else that TOML allows."""
    folder = tmp_path_factory.getbasetemp() / "retyped"
    folder.mkdir(exist_ok=True)
    (folder / "chip.csv").write_text(DATA)
    lines = data.draw(st.sampled_from([FIT, COMPARE])).splitlines()
    places = [i for i, line in enumerate(lines) if "=" in line]
    i = data.draw(st.sampled_from(places))
    parts = lines[i].split("=")
    j = data.draw(st.integers(1, len(parts) - 1))
    end = next((mark for mark in (",", "}", "]") if mark in parts[j]), None)
    tail = parts[j][parts[j].index(end) :] if end else ""
    parts[j] = " " + data.draw(st.sampled_from([
        "3", "-3", "0", "1e308", "inf", "nan", "true", '"x"', '""', "[]", "{}", "[1, 2]", "{a = 1}", "[[]]",
        "1979-05-27", '"temperature"', '["a", 3]', "[true]", str(10**400),
    ])) + tail  # fmt: skip
    lines[i] = "=".join(parts)
    try:
        assert isinstance(load(folder, "\n".join(lines)), Run)
    except GlassTunnelError as error:
        assert str(error) and "\n" not in str(error)


RESONATOR = """
[glass]
contributions.oxide = {type = "TwoLevelSystems", density = 0, dielectric_strength = 1e-3}
contributions.resonator = {type = "Resonator", filling_factor = 1e-3, critical_photon_number = 10.0}

[[data]]
file = "q.csv"
name = "loss"
steps = [
    {do = "quality_factor_to_loss"},
    {do = "with_condition", frequency = "5.6 GHz"},
    {do = "photons_from_power", attenuation_db = 60, coupling_quality_factor = 5e5, coupling = "notch"},
]
noise = {residuals = "relative"}

[[data]]
file = "shift.csv"
name = "shift"
steps = [{do = "relative_to", temperature = 0.2}, {do = "with_condition", frequency = 5.6e9}]
noise = {residuals = true}

[vary]
resonator.filling_factor = {prior = "log-uniform", lower = 1e-6, upper = 1}
resonator.critical_photon_number = {prior = "log-uniform", lower = 1e-3, upper = 1e6}
resonator.residual_loss = {prior = "uniform", lower = 0, upper = 1e-5}
"""
QUALITY = "Temperature (mK);Power (dBm);Qint\n" + "".join(f"{T};-70;{1e6 + 900.0 * T}\n" for T in range(100, 900, 100))
SHIFT = "Temperature (mK);Frequency Shift\n" + "".join(f"{T};{1e-9 * T}\n" for T in range(100, 900, 100))


@pytest.mark.parametrize(("old", "new", "sentence"), [
    ("", "", ""),
    ("temperature = 0.2", "temperature = 0.01", "reference temperature 0.01 K lies outside"),
    ('frequency = "5.6 GHz"', 'frequency = "0 GHz"', "frequency must be positive"),
    ("attenuation_db = 60, ", "", "attenuation_db is missing"),
    ('coupling = "notch"', 'coupling = "strip"', "coupling must be one of"),
    ("frequency = 5.6e9", "angle = 3", "unknown key 'angle'"),
    ('residuals = "relative"', 'residuals = "some"', "residuals must be true or 'relative'"),
])
def test_resonator_data_with_their_conditions(tmp_path, old, new, sentence):
    (tmp_path / "q.csv").write_text(QUALITY)
    (tmp_path / "shift.csv").write_text(SHIFT)
    path = tmp_path / "run.toml"
    path.write_text(RESONATOR.replace(old, new) if old else RESONATOR)
    if sentence:
        with pytest.raises(RunFileError, match=sentence):
            load_run(path)
        return
    run = load_run(path)
    assert [dataset.noise for dataset in run.datasets] == ["residuals, relative", "residuals"]
    assert run.datasets[0]["photon_number"].values.min() > 0
    (result,) = execute(run)
    assert result.converged and set(result.values) == set(run.models[""].vary)


@pytest.mark.parametrize("key, wrong", [("molar_mass = 60", "molarmass = 60"), ("columns = ", "colums = ")])
def test_a_misspelled_key_is_named_before_what_is_missing_without_it(tmp_path, key, wrong):
    (tmp_path / "cp.txt").write_text("2 1e-3\n4 5e-3\n")
    text = ('[[data]]\nfile = "cp.txt"\nmolar_mass = 60\nnoise = {relative = 0.01}\n'
            'columns = {temperature = [1, "K"], heat_capacity = [2, "J/mol K"]}\n'
            '[glass]\ncontributions.phonons = {type = "DebyePhonons", cubic_coefficient = 1e-3}\n'
            '[vary]\nphonons.cubic_coefficient = {prior = "uniform", lower = 0, upper = 1}\n')  # fmt: skip
    path = tmp_path / "run.toml"
    path.write_text(text)
    assert load_run(path).datasets[0].measured.unit == "J/(K kg)"
    path.write_text(text.replace(key, wrong))
    with pytest.raises(RunFileError, match=f"unknown key {wrong.split()[0]!r}; did you mean {key.split()[0]!r}"):
        load_run(path)


def test_what_makes_a_fit_impossible_names_the_run_file(folder):
    """A factor that no Lande factor can be: found when the model is evaluated, not before."""
    tie = '[ties]\nfe3.g_factor = {to = "larmor.susceptibility", factor = 0}\n\n[vary]'
    run = load(folder, FIT.replace("[vary]", tie))
    with pytest.raises(FitError, match=r"run\.toml: .*g_factor must be > 0"):
        execute(run)
