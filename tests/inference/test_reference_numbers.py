"""The simulated BK7 of the examples against numbers that other programs found: evidence, designs."""

import numpy as np
import pytest
from tests.inference.evidence_cases import bk7_fit, bk7_models, enlarged, free_ratio_fit, marginal_case, with_free_ratio

from glasstunnel import plan, posterior
from glasstunnel.demo.files import example_file
from glasstunnel.inference import fit
from glasstunnel.inference.ensembles import bridge_evidence, run_ensemble
from glasstunnel.inference.evidence import model_evidence
from glasstunnel.inference.marginal import MarginalPosterior
from glasstunnel.inference.sampling import frozen_importance
from glasstunnel.runfile import load_run

GRID = {"T": np.geomspace(1.8, 300.0, 15), "B": [0.05, 0.1, 0.3, 0.5, 1.0, 2.0, 3.5, 5.0, 7.0]}


@pytest.fixture(scope="module")
def fits():
    run = load_run(example_file("simulated_bk7.toml"))
    return {name: fit(model.glass, run.datasets, model.vary, ties=model.ties) for name, model in run.models.items()}


def test_the_design_that_tells_iron_from_anomalous_systems(fits):
    """4176 of chi-square per point: 57 % at (10 K, 5 T), 36 % at (1.8 K, 7 T), 5 % at (300 K, 7 T)."""
    made = plan(fits["iron_and_ats"], GRID, versus=fits["iron"], noise=1e-5)
    assert made.per_point == pytest.approx(4176.0, rel=0.02) and made.worst < 1.02
    share = {(round(T), B): w for T, B, w in zip(made.candidates.T, made.candidates.B, made.weights, strict=True)}
    assert share[11, 5.0] == pytest.approx(0.57, abs=0.04) and share[2, 7.0] == pytest.approx(0.36, abs=0.04)


@pytest.mark.parametrize(("goal", "ratio", "points"), [
    ("ats.asymmetry_min", 0.544, {0.5: 16, 2.0: 11, 7.0: 13}), ("ats.activation_energy", 0.332, None),
    ("fe2.concentration", 0.349, None)])  # fmt: skip
def test_forty_points_at_the_lowest_temperature(fits, goal, ratio, points):
    made = plan(fits["iron_and_ats"], GRID, goal, points=40, noise=1e-5)
    assert made.after[goal] / made.before[goal] == pytest.approx(ratio, rel=0.02)
    if points:
        assert {block.B: block.count for block in made.blocks} == points and made.minutes == 85.0


def test_with_systematic_errors_the_points_spread_over_temperatures_and_fields(fits):
    """Repeats of one point share its drift: 0.205 from 0.349 instead of 0.129 from 0.237, three temperatures."""
    made = plan(fits["iron_and_ats"], GRID, "ats.asymmetry_min", points=40, noise=1e-5, systematics=True)
    assert made.before["ats.asymmetry_min"] == pytest.approx(0.349, abs=0.002)
    assert made.after["ats.asymmetry_min"] == pytest.approx(0.205, abs=0.003)
    assert len({block.T for block in made.blocks}) == 3 and len({block.B for block in made.blocks}) == 7


@pytest.mark.slow
def test_the_promise_of_a_plan_holds_when_it_is_simulated(fits):
    made = plan(fits["iron_and_ats"], GRID, "ats.asymmetry_min", points=40, noise=1e-5)
    found = made.simulate(60)
    assert abs(found.found["ats.asymmetry_min"] / made.after["ats.asymmetry_min"] - 1.0) < 3.0 / np.sqrt(118.0)


@pytest.mark.slow
def test_the_evidence_of_the_simulated_bk7(fits):
    """ln Z = -155.15 +- 0.02, Laplace -155.23, chi-square 223.278; by importance sampling and by an ensemble."""
    found = posterior(fits["iron_and_ats"], seed=1)
    assert found.trusted and found.fit.chi2 == pytest.approx(223.278, abs=1e-3)
    assert found.log_evidence == pytest.approx(-155.15, abs=0.04) and found.laplace == pytest.approx(-155.230, abs=2e-3)
    other = posterior(fits["iron_and_ats"], seed=1, method="ensemble")
    assert other.trusted and other.log_evidence == pytest.approx(found.log_evidence, abs=0.04)


@pytest.mark.slow
def test_importance_sampling_is_believed_where_it_is_right_and_only_there():
    """Twenty seeds: the clear posterior passes and scatters by its errors; the valleys never pass (efficiency)."""
    clear, shallow, valley = marginal_case(bk7_fit()), marginal_case(bk7_fit(10.0)), free_ratio_case()
    found = [sampled(clear, seed) for seed in range(20)]
    assert sum(run.trusted for run in found) >= 18 and min(run.efficiency for run in found) > 0.3
    values = np.array([run.log_evidence for run in found])
    assert np.mean(values) == pytest.approx(-155.15, abs=0.03)
    assert np.std(values) < 2.0 * np.mean([run.log_evidence_error for run in found])
    for case, seeds, draws in ((shallow, 8, 4000), (valley, 2, 1000)):
        for seed in range(seeds):
            run = sampled(case, seed, size=1000, fresh=draws, rounds=3 if draws > 1000 else 1)
            assert not run.trusted and run.efficiency < 0.15


@pytest.mark.slow
def test_evidence_at_ten_times_the_noise():
    """-139.40 +- 0.03, Laplace -139.37; importance sampling is not believed there and the ensemble takes over."""
    found = posterior(bk7_fit(10.0), seed=1)
    assert found.trusted and "differential evolution" in found.sampled.method
    assert found.log_evidence == pytest.approx(-139.40, abs=0.06) and found.laplace == pytest.approx(-139.37, abs=5e-3)


@pytest.mark.slow
def test_evidence_of_a_degenerate_valley():
    """Both areas free: -139.74 +- 0.10 there; here -139.55(4), the same by draws from a mixture of the chain's."""
    case, generator = free_ratio_case(), np.random.default_rng(2)
    found = run_ensemble(case.density, lambda: walkers(case, generator), generator, most=2000)
    log_evidence, error = bridge_evidence(case.density, found.chain, found.logs, generator)
    assert found.effective > 40.0 and error < 0.15
    assert log_evidence == pytest.approx(-139.65, abs=0.3)


@pytest.mark.slow
def test_evidence_of_linear_models_at_a_hundred_times_the_noise():
    """ln Z(Fe3+) = -128.417; of both irons by a grid over them, Larmor integrated by hand."""
    _, one, two = noisy_models()
    assert posterior(one).log_evidence == pytest.approx(-128.417, abs=2e-3)
    problem = two.problem
    z = problem.coordinates(two.values)
    residuals, columns = problem.linear_columns(z, list(problem.names))
    x, y = np.meshgrid(*(np.linspace(0.0, top, 1001)[:-1] + top / 2000 for top in (3e20, 5e20)), indexing="ij")
    larmor, fe2, fe3 = (columns[:, [name.split(".")[0] for name in problem.names].index(ion)]
                        for ion in ("larmor", "fe2", "fe3"))  # fmt: skip
    straight = np.eye(len(larmor)) - np.outer(larmor, larmor) / (larmor @ larmor)  # the best susceptibility inside
    off = np.column_stack([residuals, fe2, fe3])
    form = off.T @ straight @ off
    steps = [np.ones_like(x), x - two.values["fe2.concentration"], y - two.values["fe3.concentration"]]
    left = sum(form[i, k] * steps[i] * steps[k] for i in range(3) for k in range(3))
    area = (3e20 / 1000) * (5e20 / 1000) / 1e42 / 0.02
    brute = np.log(np.sum(np.exp(-0.5 * left)) * area * np.sqrt(2.0 * np.pi / (larmor @ larmor)))
    assert posterior(two).log_evidence == pytest.approx(brute, abs=2e-3)
    assert brute == pytest.approx(-131.47, abs=0.05)  # there +- 0.02: two errors off


@pytest.mark.slow
def test_data_that_do_not_decide_between_iron_and_anomalous_systems():
    """Noise x100: ln B = 2.99 +- 0.06, 1.98 with all priors wide, 4.70 with all narrow.

    At most 4.5 was found elsewhere; with the density held: 4.76(1) at 8e17, 4.84(1) at 1.5e18, 3.95(1) at 3e18.
    """
    with_ats, _, iron = noisy_models()
    assert iron.chi2 == pytest.approx(236.15, abs=0.01) and with_ats.chi2 == pytest.approx(223.278, abs=1e-3)
    found = model_evidence({"iron": iron, "iron_and_ats": with_ats}, seed=1)
    model = found.models["iron_and_ats"]
    assert model.trusted and model.verdict == "these data do not decide"
    assert model.log_bayes == pytest.approx(2.99, abs=0.12)
    assert 1.0 < model.lowest < 2.6 and 3.5 < model.highest < 5.0
    curve = next(curve for curve in model.curves if curve.path == "ats.density")
    assert curve.most == pytest.approx(4.85, abs=0.2)
    assert found.criteria["AICc"] == "iron_and_ats" and found.criteria["BIC"] == "iron"
    assert iron.aic - with_ats.aic == pytest.approx(4.9, abs=0.1)
    assert with_ats.bic - iron.bic == pytest.approx(9.1, abs=0.1)
    assert any("the criteria disagree" in sentence for sentence in found.sentences)


def noisy_models():
    """(iron and anomalous systems, Fe3+ alone, both irons) fitted at a hundred times the noise."""
    models, datasets = bk7_models()
    best = bk7_fit()
    data, iron, ats = enlarged(datasets, best, 100.0), models["iron"], models["iron_and_ats"]
    alone = {path: prior for path, prior in iron.vary.items() if path != "fe2.concentration"}
    start = {path: best.values[path] for path in ats.vary}
    return (fit(ats.glass, data, ats.vary, ties=ats.ties, start=start),
            fit(iron.glass.with_values({"fe2.concentration": 0.0}), data, alone), fit(iron.glass, data, iron.vary))


def free_ratio_case():
    """The degenerate valley, linear parameters integrated out."""
    result = free_ratio_fit()
    return with_free_ratio(marginal_case(result), list(MarginalPosterior(result.problem).outer))


def sampled(case, seed, **options):
    """Importance sampling of a case."""
    return frozen_importance(case.density, case.prior_draw, case.log_prior, case.mean, case.covariance,
                             np.random.default_rng(seed), **options)  # fmt: skip


def walkers(case, generator):
    """Forty points around the minimum that have a model."""
    low, high = case.limits
    x = generator.multivariate_normal(case.mean, case.covariance, 4000)
    x = np.where((x < low) | (x > high), generator.uniform(low, high, x.shape), x)
    return x[np.isfinite(case.density(x))][:40]
