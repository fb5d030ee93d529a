"""The moments in a report are those of Van Vleck and of the fit's own errors."""

import numpy as np
import pytest

import glasstunnel as gt
from glasstunnel.constants import bohr_magneton, boltzmann
from glasstunnel.report.blocks import Table
from glasstunnel.report.moments import _errors, _slopes, moment_blocks

T = np.geomspace(20.0, 300.0, 40)


def fitted(glass, vary, noise=0.003):
    M = gt.magnetization(glass, T, 0.1)
    M = M * (1.0 + noise * np.random.default_rng(0).normal(size=T.size))
    columns = {"temperature": gt.Column(T, "K"), "field": gt.Column([0.1] * len(T), "T"),
               "magnetization": gt.Column(M, "A m2/kg"), "sigma": gt.Column(noise * np.abs(M), "A m2/kg")}  # fmt: skip
    return gt.fit(glass, gt.Dataset(columns, "magnetization", name="run", noise="given"), vary)


def _errors_of(result, key, law):
    return _errors(result, _slopes(result, key, law))


def table(result):
    return next(block for block in moment_blocks(result) if isinstance(block, Table))


def test_free_ions_have_the_moment_of_hund_and_the_constant_of_their_number():
    glass = gt.Glass({"fe3": gt.MagneticIons("Fe3+", 1e22)})
    result = fitted(glass, {"fe3.concentration": gt.Uniform(0, 1e24)})
    n, error = result.values["fe3.concentration"], result.errors["fe3.concentration"]
    per_ion = 35.0 * bohr_magneton**2 / (3.0 * boltzmann)  # g sqrt(J(J+1)) of spin 5/2 is sqrt(35)
    C, moment, theta = result.glass["fe3"].curie_weiss()
    assert (C, moment, theta) == pytest.approx((n * per_ion, 35.0**0.5, 0.0), rel=1e-8)
    assert _errors_of(result, "fe3", (C, moment, theta)) == pytest.approx([error * per_ion, 0.0, 0.0], rel=1e-6)
    ((key, constant, shown, zero),) = table(result).rows
    assert key == "fe3" and shown == "5.9161" and zero == "0" and "±" in constant


def test_a_curie_weiss_law_shows_its_own_parameters_and_says_what_a_moment_needs():
    glass = gt.Glass({"law": gt.CurieWeissLaw(2e-3, -5.0)})
    result = fitted(glass, {"law.curie_constant": gt.Uniform(0, 1), "law.weiss_temperature": gt.Uniform(-50, 15)})
    errors = _errors_of(result, "law", result.glass["law"].curie_weiss())
    assert errors[0] == pytest.approx(result.errors["law.curie_constant"], rel=1e-6)
    assert errors[2] == pytest.approx(result.errors["law.weiss_temperature"], rel=1e-6)
    ((_, _, moment, theta),) = table(result).rows
    assert "how many ions" in moment and "±" in theta


def test_no_ions_at_all_is_no_error():
    glass = gt.Glass({"larmor": gt.LarmorDiamagnetism(4e-3), "fe3": gt.MagneticIons("Fe3+", 0.0)})
    M = -4e-3 * 0.1 * (1.0 + 0.1 / T)  # more diamagnetic in the cold: the ions end at their bound
    columns = {"temperature": gt.Column(T, "K"), "field": gt.Column([0.1] * len(T), "T"),
               "magnetization": gt.Column(M, "A m2/kg"), "sigma": gt.Column([1e-7] * len(T), "A m2/kg")}  # fmt: skip
    vary = {"larmor.susceptibility": gt.Uniform(0, 1), "fe3.concentration": gt.Uniform(0, 1e24)}
    result = gt.fit(glass, gt.Dataset(columns, "magnetization", name="run", noise="given"), vary)
    assert "fe3.concentration" in result.at_bound
    ((key, constant, *_),) = table(result).rows
    assert key == "fe3" and constant == "0 (at the lower bound of fe3.concentration)"


def test_amounts_stand_per_gram_and_in_ppm_where_the_formula_unit_is_known():
    from glasstunnel.constants import avogadro
    from glasstunnel.report.fits import fit_section
    from glasstunnel.report.numbers import with_uncertainty

    parts, vary = {"fe3": gt.MagneticIons("Fe3+", 1e22)}, {"fe3.concentration": gt.Uniform(0, 1e24)}
    known = gt.Glass(parts, sample=gt.Sample.of(composition="SiO2"))
    result, bare = fitted(known, vary), fitted(gt.Glass(parts), vary)
    tables = [block for block in fit_section(result).blocks if isinstance(block, Table)]
    ((path, per_gram, ppm, share),) = next(table for table in tables if table.header[0] == "amount").rows
    n, error = result.values["fe3.concentration"], result.errors["fe3.concentration"]
    mole = known.sample.molar_mass / avogadro
    assert path == "fe3.concentration" and per_gram == with_uncertainty(1e-3 * n, 1e-3 * error)
    assert (ppm, share) == tuple(with_uncertainty(scale * mole * n, scale * mole * error) for scale in (1e6, 1.0))
    assert not any(block.header[0] == "amount" for block in fit_section(bare).blocks if isinstance(block, Table))
    with pytest.raises(gt.ParameterError, match="Sample.of"):
        gt.Glass(parts, sample="SiO2")


def test_a_run_file_tells_the_glass_its_sample():
    import pickle

    from glasstunnel.runfile.glass import glass_of
    from glasstunnel.runfile.table import RunTable

    values = {"composition": "SiO2", "contributions": {"fe3": {"type": "MagneticIons", "species": "Fe3+",
                                                               "concentration": "100 ppm"}}}  # fmt: skip
    glass = glass_of(RunTable(values, "run.toml", "glass"))
    assert glass.sample.molar_mass == pytest.approx(60.083e-3, rel=1e-4)
    assert pickle.loads(pickle.dumps(glass)) == glass


def test_a_glass_without_moments_has_no_such_table():
    result = fitted(gt.Glass({"larmor": gt.LarmorDiamagnetism(4e-3)}), {"larmor.susceptibility": gt.Uniform(0, 1)})
    assert not list(moment_blocks(result))


def test_the_caption_asks_for_the_number_of_ions_only_where_it_is_not_known():
    known = fitted(gt.Glass({"fe3": gt.MagneticIons("Fe3+", 1e22)}), {"fe3.concentration": gt.Uniform(0, 1e24)})
    law = fitted(gt.Glass({"law": gt.CurieWeissLaw(2e-3, -5.0)}), {"law.curie_constant": gt.Uniform(0, 1)})
    assert "needs the number of ions" not in table(known).caption
    assert "needs the number of ions" in table(law).caption
