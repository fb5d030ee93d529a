"""Heat capacity, magnetization and dielectric data of one glass: does one set of parameters serve them all?"""

import dataclasses
import math
from types import SimpleNamespace

import numpy as np
import pytest
from numpy.testing import assert_allclose

from glasstunnel import (
    AnomalousTunnelingSystems,
    Column,
    Dataset,
    Glass,
    LogUniform,
    Normal,
    TwoLevelSystems,
    Uniform,
    dielectric_shift,
    fit,
    heat_capacity,
    loss_tangent,
    magnetization,
    tension,
)
from glasstunnel.data import with_condition, with_noise
from glasstunnel.errors import FitError
from glasstunnel.inference.tensions import _objections, deviance
from glasstunnel.papers import published, published_entry

CUTOFFS = {"asymmetry_min": 0.0599, "amplitude_area_min": 8.87e4, "amplitude_area_max": 1.2e5}  # BK7, 002 Table 14
GLASS = Glass({
    "tls": TwoLevelSystems(2e20, 3.9e-3, 10.0, dielectric_strength=40e-5, elastic_constant=5.3e-8),
    "ats": AnomalousTunnelingSystems(1.4e19, asymmetry_max=None, **CUTOFFS, theory="effective",
                                     dielectric_strength=2e-4),
})  # fmt: skip
VARY = {
    "ats.asymmetry_min": LogUniform(1e-3, 1.0), "ats.density": LogUniform(1e17, 1e21),
    "ats.dielectric_strength": LogUniform(1e-7, 1e-3), "tls.dielectric_strength": LogUniform(1e-6, 1e-2),
    "tls.density": LogUniform(1e18, 1e22),
}  # fmt: skip


def simulated(observable, truth, seed, noise=0.005):
    generator = np.random.default_rng(seed)
    T = np.geomspace(0.05, 2.0, 40)
    B = np.full_like(T, 1.0 if observable is magnetization else 0.0)
    further, unit = {}, {heat_capacity: "J/(K kg)", magnetization: "A m2/kg"}.get(observable, "1")
    if observable in (dielectric_shift, loss_tangent):
        further = {"frequency": 1e3}
    values = np.asarray(observable(truth, T, B, **further))
    columns = {
        "temperature": Column(T, "K"), "field": Column(B, "T"),
        observable.__name__: Column(values * (1.0 + noise * generator.standard_normal(T.size)), unit),
    }  # fmt: skip
    data = Dataset(columns, observable.__name__, name=f"simulated_{observable.__name__}")
    return with_noise(with_condition(data, **further), relative=noise)


def groups(dielectric_truth):
    return {
        "heat capacity": [simulated(heat_capacity, GLASS, 1)],
        "magnetization": [simulated(magnetization, GLASS, 2)],
        "dielectric": [simulated(dielectric_shift, dielectric_truth, 3), simulated(loss_tangent, dielectric_truth, 4)],
    }  # fmt: skip


@pytest.mark.slow
def test_one_glass_behind_all_observables_shows_no_tension():
    found = tension(GLASS, groups(GLASS), VARY)
    assert found.serves_all and found.p_value > 0.01 and abs(found.sigma) < 2.5
    assert "One set of parameters serves heat capacity and magnetization and dielectric" in found.sentence
    assert set(found.separate["heat capacity"].names) == {"ats.asymmetry_min", "ats.density", "tls.density"}
    assert set(found.separate["magnetization"].names) == {"ats.asymmetry_min", "ats.density"}
    for path, value in found.joint.values.items():
        assert abs(value - GLASS.value(path)) < 4.0 * found.joint.errors[path], path


@pytest.mark.slow
def test_another_cutoff_behind_one_observable_is_found():
    """The papers need another D_min in the dielectric data than in the magnetization of one glass (002)."""
    found = tension(GLASS, groups(GLASS.with_values({"ats.asymmetry_min": 0.3})), VARY)
    assert not found.serves_all and found.p_value < 1e-6
    assert "No one set of parameters serves" in found.sentence
    header, rows = found.rows()
    assert header == ("parameter", "unit", "joint", "heat capacity", "magnetization", "dielectric")
    assert rows[0][0] == "ats.asymmetry_min" and rows[3][3:5] == ("-", "-")
    assert found.to_dict()["dof"] == found.dof and "ats.density" in found.report()


def test_two_measurements_of_one_number_give_the_textbook_statistic():
    """Weighted means: (x1 - x2)^2/(s1^2 + s2^2) with one degree of freedom."""
    from glasstunnel import LarmorDiamagnetism, Uniform

    def one(name, value, sigma):
        columns = {"temperature": Column([4.0], "K"), "field": Column([1.0], "T"),
                   "magnetization": Column([-value], "A m2/kg"), "sigma": Column([sigma], "A m2/kg")}  # fmt: skip
        return [Dataset(columns, "magnetization", name=name, noise="given")]

    found = tension(Glass({"larmor": LarmorDiamagnetism(4e-3)}), {"a": one("a", 4e-3, 3e-4), "b": one("b", 5e-3, 4e-4)},
                    {"larmor.susceptibility": Uniform(0.0, 1.0)})  # fmt: skip
    assert_allclose(found.statistic, 4.0, rtol=1e-9)
    assert found.dof == 1
    assert_allclose(found.p_value, math.erfc(2.0 / math.sqrt(2.0)), rtol=1e-9)


@pytest.mark.parametrize(("asked", "sentence"), [
    ({"all": groups(GLASS)["magnetization"]}, "two or more groups"),
    ({"magnetization": groups(GLASS)["magnetization"], "dielectric": groups(GLASS)["dielectric"]},
     "do not depend on any varied parameter"),
])
def test_what_cannot_be_compared_is_said(asked, sentence):
    with pytest.raises(FitError, match=sentence):
        tension(GLASS, asked, {"tls.dielectric_strength": VARY["tls.dielectric_strength"]})


@pytest.mark.slow
def test_the_printed_sets_of_bk7_contradict_each_other():
    """Magnetization (002 Table 14) and dielectric constant at 15 mK (002 Table 5) have other cutoffs."""
    row = published_entry("002.T5.BK7.eps.T15mK").values
    magnetic = dataclasses.replace(
        published("002.T14.BK7.M")["ats"], dielectric_strength=row["prefactor_K"], activation_energy=0.0
    )
    dielectric = dataclasses.replace(
        magnetic, asymmetry_min=row["D_min_K"], amplitude_area_min=row["D0min_qe_S_K_A2"],
        amplitude_area_max=row["D0max_qe_S_K_A2"],
    )  # fmt: skip
    vary = {
        "ats.asymmetry_min": LogUniform(1e-3, 1.0), "ats.density": LogUniform(1e17, 1e21),
        "ats.dielectric_strength": LogUniform(1e-9, 1e-3), "ats.amplitude_area_min": LogUniform(1e4, 2e6),
    }  # fmt: skip
    ratio = magnetic.amplitude_area_max / magnetic.amplitude_area_min
    ties = {"ats.amplitude_area_max": ("ats.amplitude_area_min", ratio)}
    glass = Glass({"ats": magnetic})

    def found(truth):
        fields = np.geomspace(5e-3, 1.0, 40)
        curve = Dataset({
            "temperature": Column(np.full(40, 0.015), "K"), "field": Column(fields, "T"),
            "dielectric_shift": Column(noisy(dielectric_shift(Glass({"ats": truth}), 0.015, fields, 1e3), 5)),
        }, "dielectric_shift", name="dielectric")  # fmt: skip
        T = np.geomspace(2.0, 60.0, 40)
        moment = Dataset({
            "temperature": Column(T, "K"), "field": Column(np.full(40, 2.0), "T"),
            "magnetization": Column(noisy(magnetization(glass, T, 2.0), 6), "A m2/kg"),
        }, "magnetization", name="magnetization")  # fmt: skip
        data = {"dielectric": [with_noise(with_condition(curve, frequency=1e3), relative=0.003)],
                "magnetization": [with_noise(moment, relative=0.003)]}  # fmt: skip
        return tension(glass, data, vary, ties=ties, starts=2)

    assert found(magnetic).serves_all
    contradicted = found(dielectric)
    assert not contradicted.serves_all and contradicted.sigma > 8.0


def noisy(values, seed):
    return np.asarray(values) * (1.0 + 0.003 * np.random.default_rng(seed).standard_normal(np.size(values)))


def test_the_deviance_is_minus_twice_the_logarithm_of_the_likelihood(models, heat_capacity):
    """Written out point by point, for stated noise and for noise estimated from the residuals."""
    from scipy.stats import norm

    T = np.linspace(1.0, 9.0, 25)
    C = 2.0 * T**1.3 + 0.05 * np.random.default_rng(5).standard_normal(T.size)
    glass, amplitude = Glass({"p": models["Power"](2.0, 1.3)}), {"p.amplitude": LogUniform(0.1, 10.0)}
    exponent = {"p.exponent": Uniform(0.5, 3.0)}
    for sigma, noise in ((0.05, "given"), (None, "residuals")):
        fits = [fit(glass, [heat_capacity(T, C, sigma, noise=noise)], vary)
                for vary in (amplitude, exponent, amplitude | exponent)]
        written = []
        for one in fits:
            (curve,) = one.curves.values()
            residuals = curve.measured - curve.model
            width = np.sqrt(np.mean(residuals**2)) if sigma is None else sigma
            written.append(-2.0 * norm.logpdf(residuals, scale=width).sum())
        found = [deviance(one) for one in fits]
        constant = T.size * math.log(2.0 * math.pi) + (0.0 if sigma is None else 2.0 * T.size * math.log(sigma))
        assert_allclose(found, np.array(written) - constant, rtol=1e-6, atol=1e-6)


@pytest.mark.parametrize("statistic, missed", [(-3.9, False), (-4.1, True)])
def test_a_joint_fit_may_be_better_by_the_priors_that_count_once_only(statistic, missed):
    """A normal prior pulled by two sigma is counted in each of two separate fits, once in the joint one."""
    fitted = SimpleNamespace(converged=True, curves={}, priors={"x": Normal(1.0, 0.5)}, values={"x": 2.0})
    objections = list(_objections(fitted, {"a": fitted, "b": fitted}, statistic))
    assert any("missed its minimum" in objection for objection in objections) == missed
