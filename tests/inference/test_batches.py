"""Many parameter sets at once: the same numbers as one after the other."""

import dataclasses

import numpy as np
import pytest
from numpy.testing import assert_allclose
from tests.inference.simulations import curie_run, weighed

from glasstunnel import (
    AnomalousTunnelingSystems,
    Column,
    Glass,
    LarmorDiamagnetism,
    LogUniform,
    MagneticIons,
    Normal,
    Uniform,
)
from glasstunnel.errors import ParameterError
from glasstunnel.inference.setup import build_problem

GLASS = Glass({
    "larmor": LarmorDiamagnetism(4e-3), "fe2": MagneticIons("Fe2+", 5e18), "fe3": MagneticIons("Fe3+", 3e18),
    "spin": MagneticIons("effective", 1e18, spin=1.5, g_factor=2.0),
    "ats": AnomalousTunnelingSystems(1.4e19, 0.06, None, 8.87e4, 1.2e5),
})  # fmt: skip
VARY = {
    "larmor.susceptibility": Uniform(0.0, 0.02), "fe3.concentration": LogUniform(1e17, 1e21),
    "spin.g_factor": Uniform(1.5, 2.5), "ats.density": LogUniform(1e18, 1e20),
    "ats.amplitude_area_min": LogUniform(5e4, 2e5), "data.a.scale": Normal(1.0, 0.01),
    "data.b.offset": Uniform(-1e-4, 1e-4), "data.b.holder": Uniform(0.0, 2.0),
}  # fmt: skip
TIES = {"fe2.concentration": ("fe3.concentration", 0.5)}


def problem():
    runs = [weighed(curie_run(k, points=15, absolute=1e-5, glass=GLASS, name=name), absolute=1e-5)
            for k, name in enumerate("ab")]  # fmt: skip
    holder = Column(np.linspace(1e-6, 2e-6, 15), "A m2/kg")
    return build_problem(GLASS, [runs[0], runs[1].with_column("holder", holder)], VARY, TIES)


def drawn(made, sets):
    generator = np.random.default_rng(5)
    return np.array([made.coordinates({name: prior.draw(generator) for name, prior in made.priors.items()})
                     for _ in range(sets)])  # fmt: skip


def test_a_batch_agrees_with_one_set_after_the_other():
    made = problem()
    Z = np.array([z for z in drawn(made, 12) if made.is_physical(z)])
    models = made.models(Z)
    assert len(Z) > 4
    assert_allclose(models, [made.model(z) for z in Z], rtol=1e-12)
    off = (models - made.observed) / made.sigma
    assert_allclose(made.log_likelihoods(Z), -0.5 * np.sum(off**2, axis=1), rtol=1e-12)


@pytest.mark.parametrize("path", ["larmor.susceptibility", "data.b.offset"])
def test_an_amplitude_that_no_glass_has_is_impossible_in_a_batch_as_well(path):
    """A negative susceptibility is refused by a glass; an offset may be what it likes."""
    made = problem()
    Z = np.array([z for z in drawn(made, 12) if made.is_physical(z)])[:3]
    Z[1, made.names.index(path)] = -0.01
    assert list(np.isfinite(made.log_likelihoods(Z))) == [True, made.is_physical(Z[1]), True]
    assert made.is_physical(Z[1]) == (path == "data.b.offset")


def test_a_set_without_a_glass_is_impossible_for_itself_alone():
    made = problem()
    Z = np.array([z for z in drawn(made, 12) if made.is_physical(z)][:3])
    before = made.log_likelihoods(Z)
    Z[1, made.names.index("ats.amplitude_area_min")] = np.log(2e5)  # above the upper cutoff, which is 1.2e5
    found = made.log_likelihoods(Z)
    assert found[1] == -np.inf and np.array_equal(found[[0, 2]], before[[0, 2]])


def test_only_what_varies_beside_an_amplitude_is_evaluated_again(monkeypatch):
    made = problem()
    Z = np.array([z for z in drawn(made, 12) if made.is_physical(z)][:2])
    made.models(Z)
    assert made.batch.evaluated == ["spin", "ats"] and set(made.batch.columns) == {
        "larmor.susceptibility", "fe2.concentration", "fe3.concentration"}  # fmt: skip
    for kind in (Glass, LarmorDiamagnetism):
        monkeypatch.setattr(kind, "magnetization", None)
    made.models(Z)


def test_observables_that_are_no_sums_are_evaluated_set_by_set():
    glass = Glass({"ions": MagneticIons("Fe3+", 1e20)})
    data = weighed(curie_run(0, points=5, absolute=1e-5), absolute=1e-5)
    made = build_problem(glass, [data], {"ions.concentration": Uniform(0.0, 1e21)})
    Z = np.array([[1e20], [2e20]])
    plain = dataclasses.replace(made)
    plain.batch.additive = False
    assert_allclose(plain.models(Z), made.models(Z), rtol=1e-12)


def test_sets_of_the_wrong_shape_are_refused():
    for wrong in ([["a"]], [[1j]], [[1.0], [1.0, 2.0]]):
        with pytest.raises(ParameterError, match="Z must be real numbers"):
            problem().log_likelihoods(wrong)
    with pytest.raises(ParameterError, match=r"Z must have the shape \(sets, 8\)"):
        problem().log_likelihoods([1.0, 2.0])


