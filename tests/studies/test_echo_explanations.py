"""Both explanations of echo data, on curves made by either of them."""

import dataclasses
import json

import numpy as np
import pytest

from glasstunnel import EchoConvention, compare_echo, echo, nuclear_quadrupole_echo, published_echo
from glasstunnel.errors import FitError

pytestmark = pytest.mark.slow
PRINTED = published_echo("002.T8.BAS.echo.s2", preset="derived")
B = np.concatenate([np.linspace(0.0, 0.05, 11), np.linspace(0.08, 0.6, 14)])
SIGMA = 0.002
RMS = EchoConvention(rabi="rms")  # the fast one
NOISE = np.random.default_rng(7).normal(size=len(B)) * SIGMA


def compare(amplitude, **options):
    options = {"convention": RMS, "vary": ("amplitude_area_max",), "orientations": 80} | options
    return compare_echo(B, amplitude, SIGMA, PRINTED.glass, PRINTED.pulses, PRINTED.T, nucleus="B-11", **options)


def flux_echo(x, pulses=PRINTED.pulses, field=B):
    return echo(PRINTED.glass, pulses, PRINTED.T, field, relative_amplitude=x, convention=RMS)


@pytest.fixture(scope="module")
def of_flux():
    return compare(3.0 * flux_echo(0.6) + 3.0 * NOISE, vary=("asymmetry_min", "amplitude_area_max"))


@pytest.fixture(scope="module")
def of_nuclei():
    nodes, weights = np.polynomial.hermite_e.hermegauss(5)
    factor = nuclear_quadrupole_echo("B-11", 8e5 * np.exp(0.3 * nodes), 0.5, B, 2e-6, weights=weights, orientations=80)
    return compare(1.0 - 0.8 + 0.8 * factor + NOISE)


def test_anomalous_systems_are_recognized_with_their_cutoffs(of_flux):
    best = of_flux.best
    assert best.name == "anomalous systems"
    assert best.chi2 < 2.0 * best.dof * 9.0  # the noise is three times sigma
    assert best.values["relative_amplitude"] == pytest.approx(0.6, abs=0.1)
    assert best.values["amplitude_area_max"] == pytest.approx(8960.0, rel=0.1)
    assert of_flux.explanations[1].aic > best.aic + 10.0


def test_nuclei_are_recognized_with_their_frequency(of_nuclei):
    best = of_nuclei.best
    assert best.name == "nuclear quadrupoles"
    assert best.chi2 < 2.0 * best.dof
    assert best.values["quadrupole_frequency"] == pytest.approx(8e5, rel=0.1)
    assert of_nuclei.explanations[1].aic > best.aic + 10.0


def test_the_report_names_both_and_says_which(of_nuclei):
    text = of_nuclei.report()
    assert "nuclear quadrupoles describes these data best" in text
    assert "anomalous systems has essentially no support" in text
    assert "rad/s" in text and "K Angstrom^2" in text
    assert json.loads(json.dumps(of_nuclei.to_dict()))["explanations"][0]["name"] == "nuclear quadrupoles"


def test_a_dip_needs_a_negative_amplitude_and_says_so():
    result = compare(1.0 - 0.3 * (flux_echo(1.0) - 1.0) + NOISE, negative=True)
    assert result.best.values["relative_amplitude"] == pytest.approx(-0.3, abs=0.03)
    assert any("negative relative amplitude" in sentence for sentence in result.sentences)


def test_each_waiting_time_has_its_own_scale():
    times = np.where(np.arange(len(B)) % 2, 2e-6, 4e-6)
    model = [
        flux_echo(0.5, dataclasses.replace(PRINTED.pulses, waiting_times=(time,)), field) / (1 if time == 2e-6 else 3)
        for field, time in zip(B, times, strict=True)
    ]
    result = compare(np.array(model), waiting_time=times)
    anomalous = next(one for one in result.explanations if one.name == "anomalous systems")
    assert len(anomalous.scales) == 2
    assert anomalous.scales[0] / anomalous.scales[1] == pytest.approx(3.0, rel=0.3)


@pytest.mark.parametrize("changes, words", [
    ({"amplitude": np.ones(3)}, "same length"),
    ({"amplitude": np.full(len(B), np.nan)}, "amplitude must be finite"),
    ({"sigma": 0.0}, "sigma must be > 0"),
    ({"vary": ("density",)}, "cannot vary 'density'"),
    ({"axis_angle": 3.0}, "axis_angle"),
    ({"B": B[:3], "amplitude": np.ones(3)}, "3 points do not determine"),
    ({"glass": PRINTED.glass.with_values({"ats.dipole_moment": None})}, "exactly one anomalous contribution"),
])
def test_unusable_data_are_refused_in_a_sentence(changes, words):
    arguments = dict(B=B, amplitude=np.ones(len(B)), sigma=SIGMA, glass=PRINTED.glass, pulses=PRINTED.pulses,
                     T=PRINTED.T, nucleus="B-11") | changes
    with pytest.raises(FitError, match=words):
        compare_echo(**arguments)
