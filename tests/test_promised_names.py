"""Names that scripts of others use keep the arguments they had, at the same places: new ones come behind."""

import dataclasses
import inspect

import pytest

import glasstunnel as gt

#: Arguments by position, then, after *, those by name alone.
PROMISED = {
    "AnomalousTunnelingSystems": (
        "density asymmetry_min asymmetry_max amplitude_area_min amplitude_area_max flux_field activation_energy "
        "reference_temperature theory orientation prefactor higher_field cutoff_law surface_growth area_spread "
        "dipole_moment spectral_diffusion dielectric_strength elastic_constant convention"
    ),
    "TwoLevelSystems": (
        "density tunneling_min energy_max dielectric_strength elastic_constant dipole_moment spectral_diffusion "
        "convention"
    ),
    "MagneticIons": "species concentration spin g_factor",
    "LarmorDiamagnetism": "susceptibility",
    "DebyePhonons": "cubic_coefficient debye_temperature",
    "Glass": "contributions name source notes",
    "Resonator": (
        "filling_factor critical_photon_number critical_power saturation_exponent saturation_thermal_power gap "
        "kinetic_inductance_fraction residual_loss saturation_law"
    ),
    "DielectricConvention": "field_direction resonant_weight rate_power rate_kappa angular_frequency levels",
    "Pulses": "durations waiting_times frequency field_amplitude detection gate carrier_phase receiver_rate",
    "echo": "glass pulses T B time * convention relative_amplitude nuclear_factor",
    "nuclear_quadrupole_echo": (
        "nucleus quadrupole_frequency axis_angle B waiting_time * asymmetry_parameter asymmetry_ratio "
        "second_waiting_time orientations weights"
    ),
    "free_energy": "contribution T B",
    "entropy": "contribution T B",
    "heat_capacity": "contribution T B",
    "magnetization": "contribution T B",
    "susceptibility": "contribution T B",
    "density_of_states": "contribution E B",
    "permittivity": "contribution T B frequency part",
    "loss_tangent": "contribution T B frequency part",
    "dielectric_shift": "contribution T B frequency reference_temperature reference_field part",
    "internal_loss": "glass T B frequency photon_number power",
    "frequency_shift": "glass T B frequency reference_temperature",
    "published": "id * theory convention higher_field flux_field",
    "read": "path format",
    "fit": "glass datasets vary * ties start starts seed jacobian max_evaluations progress",
    "compare": "models datasets * iron progress",
    "profile": "result paths * level max_evaluations progress",
    "tension": "glass groups vary * ties progress",
    "universality_test": "datasets larmor_susceptibility",
    "Column": "values unit label",
    "Dataset": "columns quantity name source format metadata notes history noise digest",
    "Uniform": "lower upper",
    "LogUniform": "lower upper",
    "Normal": "mean sigma lower upper",
}


def arguments(public):
    """Names by position and names by keyword alone; of a record, its fields."""
    if dataclasses.is_dataclass(public):
        return [field.name for field in dataclasses.fields(public) if field.init], []
    listed = inspect.signature(public).parameters.values()
    by_name = [each.name for each in listed if each.kind is each.KEYWORD_ONLY]
    return [each.name for each in listed if each.kind is each.POSITIONAL_OR_KEYWORD], by_name


@pytest.mark.parametrize("name", PROMISED)
def test_promised_arguments_stay_at_their_places(name):
    promised, _, by_name = PROMISED[name].partition("*")
    places, keywords = arguments(getattr(gt, name))
    assert places[: len(promised.split())] == promised.split()
    assert set(by_name.split()) <= {*places, *keywords}


def test_the_promised_names_of_rooms_are_there():
    assert arguments(gt.data.with_noise) == (
        ["data"], ["relative", "absolute", "given", "repeats", "residuals", "drift", "drift_length"]
    )
    assert arguments(gt.inference.load_run) == (["path"], [])
