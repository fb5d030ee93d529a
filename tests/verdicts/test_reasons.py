"""Numbers that the reasons state beside the computed ones."""

import math

import numpy as np
import pytest
from tests.reference import reference

from glasstunnel import magnetization, published
from glasstunnel.constants import flux_phase_per_area
from glasstunnel.conversions import cell_radius, magnetic_moment_per_system
from glasstunnel.verdicts import judgments, verdict
from glasstunnel.verdicts.alkali_dielectric import composition_law
from glasstunnel.verdicts.brute import attracting_cluster
from glasstunnel.verdicts.inputs import SPECTROMETRY, ppm, values
from glasstunnel.verdicts.letter import cell_size, peak_temperature
from glasstunnel.verdicts.review_levels import _printed_splitting

T3, T4 = values("001.T3.BK7.constH"), values("001.T4.BK7.constT")


def iron_ratio(row):
    return row["n_Fe2_per_g"] / row["n_Fe3_per_g"]


def zero_of_the_printed_splitting(amplitude):
    from scipy.optimize import brentq

    return 10.0 * brentq(lambda u: 10.0 * _printed_splitting(u) - amplitude, 1.0, 9.0 * math.pi / 8.0)


#: (claim, words of its reason, the number behind them, half its last digit)
STATED = [
    ("000.BK7.LL65.ppm", "1.943e17", 1.931e17 * 20.5 / ppm(1.931e17, "BK7"), 5e13),
    ("000.x.BK7", "0.647", T3["n_Fe2_per_g"] / T3["n_Fe_total_per_g"], 5e-4),
    ("000.BK7.theory.nFe", "1.683e17", 0.5 * (T3["n_Fe_total_per_g"] + T4["n_Fe_total_per_g"]), 5.1e13),
    ("000.BK7.2xi", "54 nm", cell_size("BK7", 1.348e16), 0.5),
    ("000.BAS.2xi", "20 nm", cell_size("BAS", 2.323e17), 0.5),
    ("000.Duran.2xi", "37 nm", cell_size("Duran", 4.519e16), 0.5),
    ("000.peak.T", "2.7 K", peak_temperature(1.0), 0.05),
    ("000.peak.T", "6.7 K", peak_temperature(5.0), 0.05),
    ("001.T0", "0.95 K", np.mean([0.60, 0.90, 1.36]), 5e-3),
    ("001.Fe2Fe3", "1.83", iron_ratio(T3), 6e-3),
    ("001.Fe2Fe3.2000", "1.95", iron_ratio(values("002.T14.BK7.M")), 5e-3),
    ("001.BK7.2xi", "54 with", cell_size("BK7", 1.35e16), 0.5),
    ("001.total.agree", "2.2 and", (T3["n_Fe_total_per_g"] - SPECTROMETRY["BK7"]) / 1.9e15, 0.05),
    ("001.total.agree", "0.5 of", (T4["n_Fe_total_per_g"] - SPECTROMETRY["BK7"]) / 1.9e15, 0.05),
    ("002.echo.factor20", "8.9 per", SPECTROMETRY["Duran"] / SPECTROMETRY["BK7"], 0.05),
    ("002.muATS", "3.4e5", 3.8 / magnetic_moment_per_system(1.0), 5e3),
    ("002.muATS", "2.4e6", 27.1 / magnetic_moment_per_system(1.0), 5e4),
    ("002.V0.max", "32 to", zero_of_the_printed_splitting(1e-3), 0.5),
    ("002.V0.max", "35 K", zero_of_the_printed_splitting(1e-6), 0.5),
    ("003.Duran.xi", "8.0e16", 9e16 * (148.307 / 154.0) ** 3, 5e14),
    ("004.f", "0.83", composition_law("TII", "B_2LS_J_per_g_K2")[0], 5e-3),
]


@pytest.mark.parametrize(("id", "words", "number", "tolerance"), STATED)
def test_a_number_in_a_reason_is_right(id, words, number, tolerance):
    assert words.split()[0] in judgments()[id].reason, f"{id} no longer says {words!r}"
    said = float(words.split()[0])
    assert abs(float(number) - said) <= tolerance, f"{id} says {words!r}, computed {number:.6g}"


def test_the_missing_factor_of_the_dipole_moment_is_joules_per_gram():
    assert verdict("004.peff.mixed").computed / math.sqrt(1000.0) == pytest.approx(0.045, abs=5e-4)


def test_a_radius_of_154_angstrom_needs_the_density_the_reason_says():
    assert 1e10 * cell_radius(8.0e19, 2300.0) == pytest.approx(154.25, abs=0.01)


def test_an_oxygen_ion_would_need_142_square_angstrom_for_400_sites_to_fill_a_face():
    from glasstunnel.conversions import void_edge

    assert math.sqrt(3.0) / 4.0 * void_edge(300.0) ** 2 / 400.0 == pytest.approx(142.0, abs=0.5)


@pytest.mark.parametrize("options", [{}, {"theory": "exact", "flux_field": 1.3}], ids=["as printed", "exact"])
@pytest.mark.parametrize("id", ["001.T3.BK7.constH", "002.T11.Duran.M", "002.T10.BAS.M"])
def test_no_form_of_the_theory_oscillates_with_temperature(id, options):
    T = np.geomspace(2.0, 100.0, 300)
    for B in (1.0, 3.0, 5.0):
        moment = magnetization(published(id, **options)["ats"], T, B)
        steps = np.diff(moment)
        steps = steps[abs(steps) > 1e-7 * abs(moment).max()]
        assert np.count_nonzero(np.diff(np.sign(steps))) <= 1


@pytest.mark.parametrize(("attraction", "share"), [(0.0, 0.5), (0.1, 0.488), (10.0, 0.0963)])
def test_a_pair_has_at_most_half_the_printed_splitting(attraction, share):
    assert attracting_cluster(2, 1.0, attraction) / 4.0 == pytest.approx(share, rel=2e-3)


@pytest.mark.parametrize("attraction", [0.0, 0.1, 1.0, 10.0])
def test_four_particles_never_tunnel_faster_together_than_alone(attraction):
    assert attracting_cluster(4, 1.0, attraction) / attracting_cluster(1, 1.0, 0.0) <= 1.0 + 1e-12


def strict_resonance(field, flux_field):
    """Echo of BK7 (6 us) at E = hbar omega alone, up to a constant, with the gap periodic in the flux."""
    row = values("002.T8.BK7.echo.tau12_6us")
    E, low = 0.9 * reference("levels")["quantum"]["kelvin_per_gigahertz"], 1e-3 * row["D_min_mK"]
    phase = (np.arange(6000) + 0.5) / 6000 * field / flux_field
    winding = 3.0 * abs(np.sin(np.remainder(phase + np.pi, 2.0 * np.pi) / 3.0 - np.pi / 3.0))
    ends = [flux_phase_per_area * row[key] * flux_field for key in ("D0min_qe_S_K_A2", "D0max_qe_S_K_A2")]
    amplitudes = np.exp(np.linspace(*np.log(ends), 121))
    flux = winding[:, None] * 0.5 * (amplitudes[1:] + amplitudes[:-1])
    square = np.where(E**2 - flux**2 > low**2, E**2 - flux**2, np.inf)
    return float(np.mean((1.0 + (flux / E) ** 2) ** 2 / square))


def test_the_echo_rises_again_at_strong_field_only_with_a_periodic_gap():
    linear, periodic = verdict("002.echo.highB").computed
    assert linear < 0.6 and periodic > 1.3
    estimate = strict_resonance(10.0, 1.30) / strict_resonance(5.0, 1.30)
    assert periodic == pytest.approx(estimate, rel=0.1)
    assert strict_resonance(10.0, 1e3) / strict_resonance(5.0, 1e3) == pytest.approx(0.5, rel=0.05)


def test_the_exact_maximum_against_temperature_stays_up_to_two_tesla_only():
    system = published("001.T3.BK7.constH", theory="exact", flux_field=1.30)["ats"]
    T = np.geomspace(0.9, 14.0, 150)
    peaks = [T[np.argmax(magnetization(system, T, B))] for B in (0.1, 0.5, 1.0, 1.5, 2.0, 4.0)]
    assert min(peaks[:-1]) > 1.9 and max(peaks[:-1]) < 2.5
    assert peaks[-1] == pytest.approx(1.1, abs=0.05)
