"""Thermal conductivity: benchmark numbers, the exact T^2 law, Matthiessen's rule, and a measured polymer."""

import math

import numpy as np
import pytest
from tests.reference import reference

import glasstunnel as gt

SILICA = gt.Material(2200.0, 5800.0, 3800.0, 1.04, 0.65)
REFERENCE = reference("acoustics")
DENSITY = REFERENCE["sound"]["density"]
FULL = gt.TwoLevelSystems(DENSITY, material=SILICA)
#: Systems that do not relax within the period of any phonon: resonant scattering only.
RESONANT = gt.TwoLevelSystems(DENSITY, material=SILICA, elastic_constant=1e40)


SCATTERING = {
    "resonant": RESONANT, "full": FULL, "soft": gt.Glass({"tls": FULL, "soft": gt.SoftModes(None, 4.0)}),
    "classical": gt.Glass({"tls": FULL, "soft": gt.SoftModes(None, 4.0, attempt_time=1e-13)}),
}


@pytest.mark.parametrize(("scattering", "T", "size", "expected"), REFERENCE["conductivity"]["rows"])
def test_conductivity_of_silica_has_the_benchmark_values(scattering, T, size, expected):
    found = gt.thermal_conductivity(SCATTERING[scattering], T, 0.0, size or None)
    assert found == pytest.approx(expected, rel=1e-8)


def test_resonant_scattering_gives_the_square_law_with_its_exact_prefactor():
    """k_B^3/(6 pi hbar^2) T^2 sum g_i/(C_i v_i), because Int x^3 e^x coth(x/2)/(e^x-1)^2 dx = pi^2."""
    k_B, hbar = 1.380649e-23, 1.054571817e-34
    strengths = (FULL.mode_strength("longitudinal"), FULL.mode_strength("transverse"))
    law = k_B**3 / (6 * math.pi * hbar**2) * (1 / (strengths[0] * 5800.0) + 2 / (strengths[1] * 3800.0))
    T = np.array([0.02, 0.3, 3.0])
    np.testing.assert_allclose(gt.thermal_conductivity(RESONANT, T, 0.0), law * T**2, rtol=1e-8)


def test_conductivity_agrees_with_nested_quadrature():
    from scipy.integrate import quad

    k_B, hbar, T, size = 1.380649e-23, 1.054571817e-34, 0.4, 2e-3
    total = 0.0
    for branches, speed, mode in ((1, 5800.0, "longitudinal"), (2, 3800.0, "transverse")):
        def flow(x, speed=speed, mode=mode):
            omega = x * k_B * T / hbar
            friction = gt.internal_friction(
                gt.TwoLevelSystems(DENSITY, 1e-9, 1e4, material=SILICA), T, 0.0, omega / (2 * math.pi), mode
            )
            return x**4 / (4 * math.sinh(x / 2) ** 2) / (omega / speed * float(friction) + 1 / size)

        scale = branches * k_B**4 * T**3 / (6 * math.pi**2 * hbar**3 * speed**2)
        total += scale * quad(flow, 1e-6, 50.0, limit=200, epsrel=1e-7)[0]
    assert gt.thermal_conductivity(FULL, T, 0.0, size) == pytest.approx(total, rel=1e-6)


def test_what_states_no_material_or_does_not_scatter_is_refused():
    with pytest.raises(gt.ParameterError, match="no contribution states the material"):
        gt.thermal_conductivity(gt.DebyePhonons(1e-3), 0.1, 0.0)
    with pytest.raises(gt.ParameterError, match="nothing in this glass scatters"):
        gt.thermal_conductivity(gt.TwoLevelSystems(0.0, material=SILICA), 0.1, 0.0)
    other = gt.Material(2500.0, 5800.0, 3800.0, 1.04, 0.65)
    two = gt.Glass({"a": FULL, "b": gt.TwoLevelSystems(DENSITY, material=other)})
    with pytest.raises(gt.ParameterError, match="a, b state different materials"):
        gt.thermal_conductivity(two, 0.1, 0.0)


@pytest.mark.parametrize("part", [
    gt.SoftModes(2e22, 4.0), gt.SoftModes(2e22, 4.0, 40.0), gt.EinsteinModes(3e24, 30.0),
])
def test_vibrations_agree_with_a_sum_over_oscillators(part):
    T = np.array([0.7, 3.0, 20.0])
    if isinstance(part, gt.EinsteinModes):
        energy, number = np.array([30.0]), np.array([3e24])
    else:
        end = 6.0 * part.crossover if part.crossover else 1500.0
        energy = (np.arange(400_000) + 0.5) / 400_000 * end
        number = part.vibrational_density(energy) * end / 400_000
    x = energy / T[:, None]
    C = 1.380649e-23 * np.sum(number * (0.5 * x) ** 2 * 4.0 * np.exp(-x) / (1.0 - np.exp(-x)) ** 2, axis=-1)
    np.testing.assert_allclose(gt.heat_capacity(part, T, 0.0), C, rtol=1e-7)


def test_excess_peaks_at_a_quarter_of_the_crossover():
    T = np.linspace(5.0, 15.0, 2001)
    excess = gt.heat_capacity(gt.SoftModes(1e22, 4.0, 40.0), T, 0.0) / T**3
    assert T[np.argmax(excess)] / 40.0 == pytest.approx(0.2555, abs=5e-4)


def test_the_measured_epoxy_is_described_by_two_parameters_and_the_filled_polymer_is_not():
    """Stycast 1266 (J. R. Olson, thesis, Cornell 1993): sum g_i/(C_i v_i) = 4.085 s/m, W = 1.666 K, 1.0 % rms, as two
    independent fits of the same formula found."""
    from glasstunnel.demo.files import example_file

    ratios = {}
    for name in ("stycast1266", "vespel_sp22"):
        data = gt.data.with_noise(gt.read(example_file(f"data/kappa_{name}_Olson1993.csv")), relative=0.01)
        host = gt.Material(1100.0, 2600.0, 1250.0)
        tls = gt.TwoLevelSystems(None, material=host, longitudinal_strength=4e-4, transverse_strength=4e-4)
        vary = {"tls.transverse_strength": gt.LogUniform(1e-5, 1e-1), "soft.energy": gt.LogUniform(0.1, 50.0)}
        ties = {"tls.longitudinal_strength": ("tls.transverse_strength", 1.0)}
        result = gt.fit(gt.Glass({"tls": tls, "soft": gt.SoftModes(None, 2.0)}), [data], vary, ties=ties)
        ratios[name] = result.chi2 / result.dof
        if name == "stycast1266":
            strength, (curve,) = result.values["tls.transverse_strength"], result.curves.values()
            assert (1 / 2600 + 2 / 1250) / strength == pytest.approx(4.085, abs=5e-3)
            assert result.values["soft.energy"] == pytest.approx(1.666, abs=5e-3)
            assert np.sqrt(np.mean((curve.model / curve.measured - 1) ** 2)) == pytest.approx(0.010, abs=5e-4)
    assert ratios["stycast1266"] < 2.0 and ratios["vespel_sp22"] > 100.0
