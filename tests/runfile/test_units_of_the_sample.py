"""Run files in a lab's units: per mole, per formula unit, ppm, with what they say of the sample."""

import numpy as np
import pytest

from glasstunnel import RunFileError, heat_capacity
from glasstunnel.runfile import execute, load_run

GLASS = '[glass.contributions]\nphonons = {type = "DebyePhonons", cubic_coefficient = 8e-4, debye_temperature = 495}\n'
VARY = '[vary]\nphonons.cubic_coefficient = {prior = "log-uniform", lower = 1e-5, upper = 1e-1}\n'


def written(tmp_path, heading, factor, keys, observable=""):
    """A run file on a simulated table of a Debye solid, C times `factor` under a heading."""
    from glasstunnel import DebyePhonons

    T = np.geomspace(2.0, 20.0, 12)
    C = heat_capacity(DebyePhonons(2e-3, 495.0), T, 0.0) * factor
    rows = "\n".join(f"{t},{c}" for t, c in zip(T, C, strict=True))
    (tmp_path / "c.csv").write_text(f"T (K),{heading}\n{rows}\n")
    text = f'{GLASS}[[data]]\nfile = "c.csv"\n{keys}\n{observable}\nnoise = {{relative = 0.01}}\n{VARY}'
    path = tmp_path / "run.toml"
    path.write_text(text)
    return path


@pytest.mark.parametrize(("heading", "factor", "keys"), [
    ("C (J/(mol K))", 60.083e-3, "molar_mass = 60.083"), ("C (J/(mol K))", 60.083e-3, 'composition = "SiO2"'),
    ("Cp (J/(g-atom K))", 60.083e-3 / 3.0, 'composition = {SiO2 = 1.0}'),
    ("C (mJ/(cm3 K))", 2.2, "density_g_cm3 = 2.2"),
    ("C (mJ/(g K))", 1.0, ""),
])  # fmt: skip
def test_any_amount_gives_the_same_fit(tmp_path, heading, factor, keys):
    (result,) = execute(load_run(written(tmp_path, heading, factor, keys)))
    assert result.values["phonons.cubic_coefficient"] == pytest.approx(2e-3, rel=1e-6)


def test_a_derived_column_is_fitted_under_its_own_name(tmp_path):
    path = written(tmp_path, "C (J/(mol K))", 60.083e-3, 'composition = "SiO2"',
                   'observable = "heat_capacity_over_cubed_temperature"')  # fmt: skip
    (result,) = execute(load_run(path))
    assert result.values["phonons.cubic_coefficient"] == pytest.approx(2e-3, rel=1e-6)
    assert {curve.observable for curve in result.curves.values()} == {"heat_capacity_over_cubed_temperature"}


def test_what_is_missing_is_named(tmp_path):
    with pytest.raises(RunFileError, match="needs a molar mass or a composition"):
        load_run(written(tmp_path, "C (J/(mol K))", 1.0, ""))


IONS = """
[glass]
composition = "80 SiO2 + 20 K2O"
contributions.fe3 = {type = "MagneticIons", species = "Fe3+", concentration = "126 ppm"}
[[data]]
file = "m.csv"
noise = {relative = 0.01}
[vary]
fe3.concentration = {prior = "log-uniform", lower = "1 ppm", upper = "0.01 1/f.u."}
"""


def test_concentrations_are_stated_in_ppm_or_per_formula_unit(tmp_path):
    (tmp_path / "m.csv").write_text("T (K),H (kOe),M (emu/g)\n2,10,1e-4\n4,10,5e-5\n")
    (tmp_path / "run.toml").write_text(IONS)
    (model,) = load_run(tmp_path / "run.toml").models.values()
    per_unit = 6.02214076e23 / 66.905e-3  # molar mass by the docstring of Composition
    assert model.glass.value("fe3.concentration") == pytest.approx(126e-6 * per_unit, rel=1e-4)
    prior = model.vary["fe3.concentration"]
    assert (prior.lower, prior.upper) == pytest.approx((1e-6 * per_unit, 1e-2 * per_unit), rel=1e-4)
    (tmp_path / "bad.toml").write_text(IONS.replace('composition = "80 SiO2 + 20 K2O"\n', ""))
    with pytest.raises(RunFileError, match="concentration: ppm to 1/kg needs a molar mass or a composition"):
        load_run(tmp_path / "bad.toml")
