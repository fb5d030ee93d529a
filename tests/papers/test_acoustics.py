"""The sets for phonon scattering: marked as collected or fitted, with a source, reachable as every published set."""

import math
from pathlib import Path

import pytest
from scipy import constants as nature

import glasstunnel as gt
from glasstunnel.cli import main
from glasstunnel.papers import published_entry, published_ids
from glasstunnel.studies.phonon_scattering import reference_glasses

ACOUSTIC = [id for id in published_ids() if id.startswith("acoustics.")]


@pytest.mark.parametrize("id", ACOUSTIC)
def test_a_set_that_nobody_printed_says_so_and_where_it_comes_from(id, capsys):
    entry, glass = published_entry(id), gt.published(id)
    assert "no printed set" in entry.what and glass.source == entry.source and glass.notes
    assert gt.thermal_conductivity(glass, 0.1, 0.0) > 0.0 and gt.internal_friction(glass, 0.1, 0.0, 1e9) > 0.0
    assert main(["show", entry.glass]) == 0
    out = capsys.readouterr().out
    assert "no printed set" in out and entry.source in out and "verdict: not printed" in out


def test_the_table_of_reference_glasses_is_the_published_sets():
    assert {name: glass.source for name, glass in reference_glasses().items()} == {
        published_entry(id).glass: published_entry(id).source for id in ACOUSTIC
    }


def test_silica_has_the_strengths_and_the_conductivity_of_the_acoustic_reference():
    """C = Pbar g^2/(rho v^2) with Pbar 8e44/(J m3); kappa of its two-level systems alone is 3.1362e-4 W/(m K)."""
    silica = gt.published("vitreous silica")["tls"]
    potential = 0.65 * 1.602176634e-19
    assert silica.mode_strength("transverse") == pytest.approx(8e44 * potential**2 / (2200 * 3800.0**2), rel=1e-12)
    assert gt.thermal_conductivity(silica, 0.1, 0.0) == pytest.approx(3.1362e-4, rel=2e-5)


@pytest.mark.parametrize("choice", [{"theory": "exact"}, {"convention": "consistent"}, {"higher_field": True},
                                    {"flux_field": 1.0}], ids=str)  # fmt: skip
def test_choices_about_anomalous_systems_are_refused(choice):
    with pytest.raises(gt.ParameterError, match="no anomalous systems"):
        gt.published(ACOUSTIC[0], **choice)


def test_the_command_line_draws_it_by_its_name(capsys):
    grid = ["--temperature", "0.1", "--field", "0"]
    assert main(["curve", "thermal_conductivity", "--glass", "vitreous silica", *grid]) == 0
    assert "0.000289" in capsys.readouterr().out  # two-level systems and soft modes


def test_its_heat_agrees_with_the_printed_linear_term_of_silica_within_a_factor_of_two():
    """004 Table II fits 7.065e-7 J/(g K2) to a-SiO2; the acoustic set takes up half as much again within 10 s."""
    silica, printed = gt.published("vitreous silica")["tls"], gt.published("004.TII.SiO2")["tls"]
    taken = gt.short_time_heat_capacity(silica, 0.1, 0.0, 10.0)
    assert taken / gt.heat_capacity(printed, 0.1, 0.0) == pytest.approx(1.48, abs=0.01)
    assert gt.short_time_heat_capacity(silica, 1.0, 0.0, 10.0) < 2.1 * gt.heat_capacity(printed, 1.0, 0.0)


def test_the_table_of_the_page_is_what_the_sets_give():
    """C_l, C_t, plateau pi C/2, 1/(2 pi^2 C), kappa/T^2 = k_B^3/(6 pi hbar^2) sum g_i/(C_i v_i), by hand."""
    page = (Path(__file__).parents[2] / "docs" / "acoustics.md").read_text(encoding="utf-8")
    for name, glass in reference_glasses().items():
        (row,) = [line for line in page.splitlines() if line.startswith(f"| {name}")]
        tls, material = glass["tls"], glass["tls"].material
        longitudinal, transverse = tls.tunneling_strengths()
        sums = 1.0 / (longitudinal * material.longitudinal_speed) + 2.0 / (transverse * material.transverse_speed)
        numbers = [longitudinal, transverse, math.pi / 2 * transverse, 0.5 / (math.pi**2 * transverse),
                   nature.k**3 / (6 * math.pi * nature.hbar**2) * sums]  # fmt: skip
        assert [float(cell) for cell in row.split("|")[2:-1]] == pytest.approx(numbers, rel=3e-3)
