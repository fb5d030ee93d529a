"""Sound: the benchmark numbers of a direct double integral, limits, Kramers-Kronig, bars, saturation, activation."""

import math

import numpy as np
import pytest
from tests.reference import reference

import glasstunnel as gt
from glasstunnel.observables.acoustics import sound_attenuation
from glasstunnel.systems.response.acoustic import mode_weights
from glasstunnel.systems.response.two_level import RelaxationLaw, relaxational, unlimited_loss

SILICA = gt.Material(2200.0, 5800.0, 3800.0, 1.04, 0.65)
REFERENCE = reference("acoustics")
DENSITY = REFERENCE["sound"]["density"]  # Pbar k_B/rho
GLASS = gt.TwoLevelSystems(DENSITY, 0.0066, 20.0, material=SILICA)
C, C_TRANSVERSE = REFERENCE["sound"]["strengths"]  # Pbar g^2/(rho v^2), W. A. Phillips 1987


def brute_force(T, frequency, low, high, gamma, points=4000):
    """(dv/v, 1/Q) over C of the relaxational part: a sum over tau and E, both on even grids of the logarithm."""
    E = np.exp(np.linspace(math.log(low * (1 + 1e-9)), math.log(min(high, low + 60.0 * T)), points))
    total = np.zeros(points, complex)
    for i, gap in enumerate(E):
        v = (np.arange(1200) + 0.5) / 1200 * math.acosh(gap / low)  # Delta0 = gap/cosh(v)
        tau = gamma * math.tanh(gap / (2 * T)) / gap**3 * np.cosh(v) ** 2
        total[i] = np.mean(np.tanh(v) ** 2 / (1 - 2j * math.pi * frequency * tau)) * math.acosh(gap / low)
    weight = E / np.cosh(E / (2 * T)) ** 2 / T
    value = np.trapezoid(weight * total, np.log(E))  # 3 K per unit C
    return -0.5 * value.real, value.imag


@pytest.mark.parametrize(("frequency", "T", "shift", "friction"), REFERENCE["sound"]["rows"])
def test_shift_and_friction_of_silica_have_the_benchmark_values(frequency, T, shift, friction):
    assert gt.sound_velocity_shift(GLASS, T, 0.0, frequency) / C == pytest.approx(shift, rel=1e-9)
    assert gt.internal_friction(GLASS, T, 0.0, frequency) / C == pytest.approx(friction, rel=1e-9)


@pytest.mark.parametrize(("frequency", "T"), [(90e3, 0.1), (1e9, 1.0)])
def test_relaxational_part_agrees_with_a_sum_over_systems(frequency, T):
    shift, friction = brute_force(T, frequency, 0.0066, 20.0, SILICA.elastic_constant())
    strength = GLASS.mode_strength("longitudinal")
    found = gt.sound_velocity_shift(GLASS, T, 0.0, frequency, part="relaxational") / strength
    assert found == pytest.approx(shift, rel=2e-5)
    found = gt.internal_friction(GLASS, T, 0.0, frequency, part="relaxational") / strength
    assert found == pytest.approx(friction, rel=2e-5)


def test_slopes_and_plateau_are_those_of_the_standard_model():
    glass = gt.TwoLevelSystems(None, 1e-9, 1e4, longitudinal_strength=1.0, elastic_constant=2e-8)
    cold, warm = np.array([1e-3, 2e-3]), np.array([5.0, 10.0])
    slope = np.diff(gt.sound_velocity_shift(glass, cold, 0.0, 1e6))[0] / math.log(2.0)
    assert slope == pytest.approx(1.0, abs=2e-3)
    assert np.diff(gt.sound_velocity_shift(glass, warm, 0.0, 10.0))[0] / math.log(2.0) == pytest.approx(-0.5, abs=1e-3)
    assert gt.internal_friction(glass, 5.0, 0.0, 10.0) == pytest.approx(math.pi / 2.0, rel=1e-3)
    cubic = math.pi**4 / 12.0 * 1e-3**3 / (2e-8 * 2e6 * math.pi)
    assert gt.internal_friction(glass, 1e-3, 0.0, 1e6, part="relaxational") == pytest.approx(cubic, rel=1e-4)


def test_static_limit_is_the_kramers_kronig_integral_of_the_friction():
    """2/pi Int Im dlnw = Re(0) - Re(infinity) of the relaxational response."""
    logarithm = np.linspace(math.log(1e-9), math.log(1e16), 6001)
    friction = np.imag(relaxational(1.0, np.exp(logarithm), 0.0066, 20.0, SILICA.elastic_constant()))
    static = np.real(relaxational(1.0, 1e-12, 0.0066, 20.0, SILICA.elastic_constant()))
    assert 2.0 / math.pi * np.trapezoid(friction, logarithm) == pytest.approx(float(static), rel=1e-7)
    assert float(static) == pytest.approx(REFERENCE["sound"]["static"], rel=1e-10)


def test_bar_weights_are_the_derivatives_of_youngs_modulus():
    share, rest = mode_weights("young", SILICA)

    def young(longitudinal, transverse):
        return transverse * (3.0 * longitudinal - 4.0 * transverse) / (longitudinal - transverse)

    longitudinal, transverse, h = 5800.0**2, 3800.0**2, 1e-6
    numeric = math.log(young(longitudinal * (1 + h), transverse) / young(longitudinal * (1 - h), transverse)) / (2 * h)
    assert share == pytest.approx(numeric, rel=1e-8) and share + rest == pytest.approx(1.0, rel=1e-14)
    assert GLASS.mode_strength("young") == pytest.approx(REFERENCE["sound"]["bar"], rel=1e-12)
    assert GLASS.mode_strength("torsion") == GLASS.mode_strength("transverse") == pytest.approx(C_TRANSVERSE, rel=1e-12)


def test_only_resonant_absorption_saturates():
    import dataclasses

    glass = dataclasses.replace(GLASS, critical_intensity=8.597e-5)
    weak, strong = (
        gt.internal_friction(glass, 0.02, 0.0, 1e9, intensity=intensity, part="resonant")
        for intensity in (0.0, 3.0 * 8.597e-5)
    )
    assert strong == pytest.approx(0.5 * weak, rel=1e-13)
    relaxing = [
        gt.internal_friction(glass, 0.02, 0.0, 1e9, intensity=intensity, part="relaxational")
        for intensity in (0.0, 1.0)
    ]
    assert relaxing[0] == relaxing[1]
    with pytest.raises(gt.ParameterError, match="critical_intensity is not known"):
        gt.internal_friction(GLASS, 0.02, 0.0, 1e9, intensity=1.0)


def test_attenuation_follows_from_the_friction():
    friction = gt.internal_friction(GLASS, 0.1, 0.0, 1e9)
    found = sound_attenuation(GLASS, 0.1, 0.0, 1e9)
    assert found == pytest.approx(10.0 / math.log(10.0) * 2e9 * math.pi * friction / 5800.0, rel=1e-9)


@pytest.mark.parametrize("dimension", [1, 2])
def test_fewer_dimensions_change_the_power_of_the_cold_loss(dimension):
    law = RelaxationLaw(dimension)
    cold = np.array([1e-3, 2e-3])
    loss = np.imag(relaxational(cold, 1e9, 1e-8, 1.0, 1e-3, law))
    assert math.log(loss[1] / loss[0]) / math.log(2.0) == pytest.approx(dimension, abs=1e-3)


def test_electrons_and_two_phonon_processes_only_add_to_the_rate():
    plain, more = RelaxationLaw(), RelaxationLaw(raman=2.0, electrons=3.0)
    gap, T = np.array([0.1, 5.0]), 2.0
    rate = 1.0 / plain.shortest(gap, T, 2e-8) + 2.0 * T**7 + 3.0 * gap / np.tanh(gap / (2.0 * T))
    np.testing.assert_allclose(1.0 / more.shortest(gap, T, 2e-8), rate, rtol=1e-14)


def test_the_unlimited_loss_is_the_kernel():
    ratio = np.geomspace(1e-13, 1e8, 77) * 1.01
    kernel = np.imag(relaxational(1.0, ratio / (2.0 * math.pi), 1e-12, 1e3, 1.0))
    np.testing.assert_allclose(unlimited_loss(ratio), kernel, rtol=1e-9)


@pytest.mark.parametrize(("T", "frequency", "friction", "shift"), REFERENCE["activation"]["rows"])
def test_activated_relaxation_has_the_benchmark_values(T, frequency, friction, shift):
    silica = gt.ActivatedRelaxation(1.0, 1.0, 13.0, 445.0, 1e-13)
    assert gt.internal_friction(silica, T, 0.0, frequency) == pytest.approx(friction, rel=1e-9)
    assert gt.sound_velocity_shift(silica, T, 0.0, frequency) == pytest.approx(shift, rel=1e-9)


def test_exponential_barriers_give_gilroy_and_phillips_law():
    """1/Q = pi C (T/E0) (w tau0)^(T/V0)/cos(pi T/2 V0), exact without the sech of tau, which makes some percent."""
    glass = gt.ActivatedRelaxation(1.0, 1.0, 10.0, 400.0, 1e-13, barriers="exponential")
    T, omega = 40.0, 2e5 * math.pi
    law = math.pi * T / 10.0 * (omega * 1e-13) ** (T / 400.0) / math.cos(math.pi * T / 800.0)
    assert gt.internal_friction(glass, T, 0.0, 1e5) == pytest.approx(law, rel=0.1)


def test_what_does_not_couple_to_strain_is_silent_and_alone_refused():
    mixed = gt.Glass({"tls": GLASS, "phonons": gt.DebyePhonons(1e-3)})
    assert gt.internal_friction(mixed, 0.1, 0.0, 1e9) == gt.internal_friction(GLASS, 0.1, 0.0, 1e9)
    with pytest.raises(gt.ParameterError, match="no contribution couples to strain"):
        gt.internal_friction(gt.TwoLevelSystems(1e20), 0.1, 0.0, 1e9)
    with pytest.raises(gt.ParameterError, match="mode must be one of"):
        gt.internal_friction(GLASS, 0.1, 0.0, 1e9, mode="sideways")


def test_strengths_of_a_fit_are_recovered_with_heat_capacity_and_conductivity():
    """One glass, three observables: the same density and potentials serve all."""
    rng = np.random.default_rng(5)
    truth = gt.Glass({"tls": gt.TwoLevelSystems(DENSITY, material=SILICA, longitudinal_strength=3e-4,
                                                transverse_strength=2.7e-4)})  # fmt: skip
    T = np.geomspace(0.05, 1.0, 15)
    columns = {
        "heat_capacity": (gt.heat_capacity(truth, T, 0.0), "J/(K kg)", {}),
        "internal_friction": (gt.internal_friction(truth, T, 0.0, 1e4), "1", {"frequency": 1e4}),
        "sound_velocity_shift": (
            gt.sound_velocity_shift(truth, T, 0.0, 1e4, "torsion", 0.1), "1",
            {"frequency": 1e4, "reference_temperature": 0.1, "mode": "torsion"},
        ),
        "thermal_conductivity": (gt.thermal_conductivity(truth, T, 0.0), "W/(m K)", {}),
    }
    data = []
    for name, (values, unit, conditions) in columns.items():
        sigma = 0.01 * np.max(np.abs(values))
        dataset = gt.Dataset(
            {"temperature": gt.Column(T, "K"), "sigma": gt.Column(np.full(15, sigma), unit),
             name: gt.Column(values + sigma * rng.standard_normal(15), unit)}, name, name=name, noise="given",
        )  # fmt: skip
        data.append(gt.data.with_condition(dataset, **conditions) if conditions else dataset)
    vary = {
        "tls.density": gt.LogUniform(1e18, 1e20), "tls.longitudinal_strength": gt.LogUniform(1e-5, 1e-2),
        "tls.transverse_strength": gt.LogUniform(1e-5, 1e-2),
    }
    start = truth.with_values({"tls.density": 2e19, "tls.longitudinal_strength": 1e-3})
    result = gt.fit(start, data, vary)
    assert result.converged and 0.6 < result.chi2 / result.dof < 1.5
    for path in vary:
        assert abs(result.values[path] - truth.value(path)) < 4.0 * result.errors[path]


EXAMPLES = {
    "tls": GLASS,
    "electrons": gt.TwoLevelSystems(DENSITY, material=SILICA, elastic_constant=2e-8, electron_rate=1e6, raman_rate=1e3),
    "beam": gt.TwoLevelSystems(None, 1e-3, 20.0, longitudinal_strength=3e-4, elastic_constant=1e-9, phonon_dimension=1),
    "activated": gt.ActivatedRelaxation(3e-4, 3e-4, 13.0, 445.0, 1e-13),
    "exponential": gt.ActivatedRelaxation(3e-4, 3e-4, 13.0, 400.0, 1e-13, barriers="exponential"),
}


@pytest.mark.parametrize("name", EXAMPLES)
def test_friction_is_never_negative(name):
    """A passive body takes energy from sound at any temperature and frequency."""
    T = np.geomspace(5e-3, 50.0, 15)[:, None]
    friction = gt.internal_friction(EXAMPLES[name], T, 0.0, np.geomspace(1.0, 1e10, 12))
    assert np.all(friction >= 0.0) and np.all(np.isfinite(friction))


@pytest.mark.parametrize("name", ["tls", "electrons", "beam", "activated"])
def test_velocity_and_friction_of_relaxation_are_one_causal_response(name):
    """2 [v(0) - v(w)]/v = -(2/pi) w^2 PV Int dw' Q^-1(w')/[w' (w'^2 - w^2)], with w'^2 = w^2 e^(2u)."""
    glass, T, f0 = EXAMPLES[name], 100.0 if name == "activated" else 1.0, 2e4
    u = 0.05 * (np.arange(-800, 800) + 0.5)  # even about the pole
    friction = gt.internal_friction(glass, T, 0.0, f0 * np.exp(u), part="relaxational")
    integral = 2.0 / math.pi * np.sum(friction / np.expm1(2.0 * u)) * 0.05
    slow, here = gt.sound_velocity_shift(glass, T, 0.0, np.array([1e-14, f0]), part="relaxational")
    assert 2.0 * (slow - here) == pytest.approx(integral, rel=2e-3, abs=2e-7)
