"""A list of systems as a contribution: level sums, and the standard model as the limit of a long list."""

import numpy as np
import pytest
import scipy.constants

from glasstunnel import Glass, TwoLevelSystems, heat_capacity
from glasstunnel.constants import boltzmann, vacuum_permittivity
from glasstunnel.errors import GlassTunnelError, ParameterError
from glasstunnel.landscape import TunnelingCatalogue, catalogue_from_pairs, read_pairs
from glasstunnel.landscape.tables import quartic_splitting
from glasstunnel.landscape.unit_systems import UNITS, units

T = np.array([0.05, 0.2, 1.0])


def standard_list(count=200_000, seed=0, low=1e-3, high=20.0):
    """Systems drawn from the standard law P/Delta0 with 0 < Delta < high, low < Delta0 < high."""
    random = np.random.default_rng(seed)
    return random.uniform(0, high, count), np.exp(random.uniform(np.log(low), np.log(high), count))


def test_heat_capacity_is_the_exact_level_sum():
    found = TunnelingCatalogue(3e20, asymmetries=(0.3, -2.0), splittings=(0.2, 0.001), weights=(1, 2),
                               third_levels=(0.9, 0.0))  # fmt: skip
    expected = 0.0
    for levels, weight in (((0, np.hypot(0.3, 0.2), 0.9), 1e20), ((0, np.hypot(2, 0.001)), 2e20)):
        p = np.exp(-np.array(levels) / 0.25)
        p /= p.sum()
        expected += weight * boltzmann * (p @ np.square(levels) - (p @ levels) ** 2) / 0.25**2
    assert heat_capacity(found, 0.25, 0.0) == pytest.approx(expected, rel=1e-12)
    assert heat_capacity(Glass({"found": found}), 0.25, 0.0) == pytest.approx(expected, rel=1e-12)


def test_a_long_list_drawn_from_the_standard_law_is_the_standard_model():
    asymmetry, splitting = standard_list()
    density = 1e20
    found = TunnelingCatalogue(density * 20 * np.log(20 / 1e-3), asymmetries=asymmetry, splittings=splitting)
    model = TwoLevelSystems(density=density, tunneling_min=1e-3, energy_max=20.0)
    assert heat_capacity(found, T, 0.0) == pytest.approx(heat_capacity(model, T, 0.0), rel=0.03)


def test_its_permittivity_is_that_of_the_standard_model():
    asymmetry, splitting = standard_list(400_000, 1)
    density, dipole, gamma, rho, eps = 1e20, 3e-30, 1e-8, 2200.0, 4.0
    number = density * 20 * np.log(20 / 1e-3)
    found = TunnelingCatalogue(number, asymmetries=asymmetry, splittings=splitting, dipoles=np.full(400_000, dipole),
                               relative_permittivity=eps, mass_density=rho, elastic_constant=gamma, line_width=1e-3)
    strength = density * rho * dipole**2 / (vacuum_permittivity * eps * boltzmann)
    model = TwoLevelSystems(density=density, tunneling_min=1e-3, energy_max=20.0, dielectric_strength=strength,
                            elastic_constant=gamma)  # fmt: skip
    for part, digits in (("relaxational", 0.05), ("resonant", 0.05)):
        one = found.permittivity(T, 0.0, 1e9, part=part)
        two = model.permittivity(T, 0.0, 1e9, part=part)
        assert one.real == pytest.approx(two.real, rel=digits)
        if part == "relaxational":
            assert one.imag == pytest.approx(two.imag, rel=digits)


def test_sound_has_the_plateau_of_the_standard_model():
    asymmetry, splitting = standard_list(400_000, 2)
    potential, speed, density = 1.6e-19, 4000.0, 1e20
    found = TunnelingCatalogue(density * 20 * np.log(20 / 1e-3), asymmetries=asymmetry, splittings=splitting,
                               deformation_potentials=np.full(400_000, potential), elastic_constant=1e-9)
    C = density * potential**2 / (speed**2 * boltzmann)
    loss = found.elastic_response(0.5, 1e4, speed, part="relaxational").imag
    assert loss == pytest.approx(np.pi / 2 * C, rel=0.06)  # Q^-1 = pi C/2 where omega tau_min << 1
    assert found.relaxation_rates(0.5).shape == (400_000,)


def test_sound_is_an_observable_of_the_list():
    from glasstunnel import internal_friction

    found = TunnelingCatalogue(1e20, asymmetries=(0.3, 1.0), splittings=(0.2, 0.1),
                               deformation_potentials=(1e-19, 2e-19), sound_speed=4000.0, elastic_constant=1e-9)
    expected = found.elastic_response(0.5, 1e4, 4000.0).imag
    assert internal_friction(found, 0.5, 0.0, 1e4) == pytest.approx(expected, rel=1e-12)
    with pytest.raises(GlassTunnelError, match="longitudinal sound, not transverse"):
        internal_friction(found, 0.5, 0.0, 1e4, mode="transverse")


def test_barriers_relax_by_activation_at_high_temperature():
    found = TunnelingCatalogue(1e20, asymmetries=(1.0,), splittings=(1e-9,), barriers=(200.0,), attempt_rate=1e12)
    assert found.relaxation_rates(20.0)[0] == pytest.approx(1e12 * np.exp(-10), rel=1e-9)


def test_density_of_states_holds_every_system():
    found = TunnelingCatalogue(2e20, asymmetries=(0.3, 1.0), splittings=(0.2, 0.1))
    E = np.geomspace(1e-3, 1e2, 4000)
    assert np.trapezoid(found.density_of_states(E, 0.0), E) == pytest.approx(2e20, rel=1e-4)


@pytest.mark.parametrize(("fields", "words"), [
    ({"asymmetries": (), "splittings": ()}, "asymmetries"), ({"asymmetries": (1.0,), "splittings": (1.0, 2.0)}, "one"),
    ({"asymmetries": (0.0,), "splittings": (0.0,)}, "gap above zero"),
    ({"asymmetries": (1.0,), "splittings": (-1.0,)}, "none negative"),
    ({"asymmetries": (1.0,), "splittings": (float("nan"),)}, "finite"),
    ({"asymmetries": (1.0,), "splittings": "abc"}, "list of finite numbers")])  # fmt: skip
def test_lists_that_do_not_fit_are_refused(fields, words):
    with pytest.raises(GlassTunnelError, match=words):
        TunnelingCatalogue(1e20, **fields)


def test_a_table_of_others_becomes_a_catalogue(tmp_path):
    path = tmp_path / "pairs.csv"
    path.write_text("Delta_E,energy_barrier,distance,quantum_splitting,PR\n"
                    "0.001,0.1,0.4,0.0013,1.4\n0.0004,0.05,0.3,0.0005,2.0\n", encoding="utf-8")  # fmt: skip
    table = read_pairs(path)
    assert set(table) == {"difference", "barrier", "distance", "splitting", "participation"}
    found = catalogue_from_pairs(path, glasses=31, particles=1500, units="nickel-phosphorus")
    eps = UNITS["nickel-phosphorus"].energy
    assert found.gaps == pytest.approx([0.0013 * eps, 0.0005 * eps])
    assert found.lower_bound and found.barriers[0] == pytest.approx(0.1 * eps)
    assert found.concentration == pytest.approx(2 / (31 * 1500 * UNITS["nickel-phosphorus"].mass))
    assert heat_capacity(found, 1.0, 0.0) > 0


def test_dipoles_of_a_table_are_one_number_or_one_for_each_row(tmp_path):
    table = tmp_path / "pairs.csv"
    rows = "energy difference [K],splitting [K],barrier [K]\n0.1,0.5,20\n3,8,30\n0.2,0.6,40\n"
    table.write_text(rows, encoding="utf-8")
    given = {"glasses": 3, "particles": 100, "max_gap": 1.0}
    single = catalogue_from_pairs(table, dipoles=2e-30, **given)
    listed = catalogue_from_pairs(table, dipoles=[1e-30, 9e-30, 3e-30], **given)
    assert single.dipoles == (2e-30, 2e-30) and listed.dipoles == (1e-30, 3e-30)
    assert listed.barriers == pytest.approx((20.0, 40.0))
    with pytest.raises(ParameterError, match="one for each"):
        catalogue_from_pairs(table, dipoles=[1e-30] * 5, **given)


def test_without_a_splitting_the_quartic_well_is_solved(tmp_path):
    path = tmp_path / "pairs.csv"
    path.write_text("asymmetry,barrier,distance\n0.0,0.5,2.0\n", encoding="utf-8")
    (hbar,) = (UNITS["argon"].hbar,)
    found = catalogue_from_pairs(path, glasses=1, particles=100)
    assert found.splittings[0] == pytest.approx(quartic_splitting(0.5, 2.0, 0.0, hbar) * 119.8, rel=1e-9)
    assert quartic_splitting(0.5, 2.0, 0.0, 0.125) / 0.25 == pytest.approx(1.895e-4, rel=1e-3)


@pytest.mark.parametrize(("text", "words"), [
    ("a,b\n1,2\n", "no splitting"), ("splitting\nx\n", "line 2, column 1: no number"),
    ("splitting\n", "at least one pair"), ("splitting\nnan\n", "not finite"),
    ("splitting\n\n\n", "at least one pair"), ("splitting\n-1\n", "line 2, column 1: -1 is negative"),
    ("gap,splitting\n1,2\n", "may all be the splitting"), ("gap (s)\n1\n", "gap .s."),
    ("gap (furlong)\n1\n", "column 1: 'gap .furlong.': unknown unit"),
    ("gap,PR [K]\n1,2\n", "has a unit, a participation has none"),
    ("v0,d\n1,2\n", "no energy difference")])  # fmt: skip
def test_a_table_that_cannot_be_read_says_where(tmp_path, text, words):
    path = tmp_path / "pairs.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(GlassTunnelError, match=words):
        catalogue_from_pairs(path, glasses=1, particles=1)


def test_units_in_the_headings_are_those_of_the_numbers(tmp_path):
    plain, physical = tmp_path / "plain.csv", tmp_path / "physical.csv"
    plain.write_text("Delta_E,barrier,distance\n0.01,0.5,0.4\n", encoding="utf-8")
    eps = UNITS["argon"].energy
    kelvin = 1e3 * scipy.constants.k / scipy.constants.e  # meV
    millivolts, angstrom = 0.5 * eps * kelvin, 0.4 * 3.405
    physical.write_text(f"Delta_E [K],barrier (meV),distance [A]\n{0.01 * eps},{millivolts},{angstrom}\n",
                        encoding="utf-8-sig")  # fmt: skip
    same, table = read_pairs(plain), read_pairs(physical)
    for name, values in same.items():
        assert table[name] == pytest.approx(values, rel=1e-9)
    found = [catalogue_from_pairs(path, glasses=2, particles=100) for path in (plain, physical)]
    assert found[1].splittings == pytest.approx(found[0].splittings, rel=1e-6)
    for glasses in (0, float("nan"), "two"):
        with pytest.raises(GlassTunnelError, match="positive numbers of glasses"):
            catalogue_from_pairs(plain, glasses=glasses, particles=100)


def test_units_of_argon_and_nickel_phosphorus():
    assert UNITS["argon"].hbar == pytest.approx(0.02957, abs=1e-5)  # theory note, section 7
    assert UNITS["nickel-phosphorus"].hbar == pytest.approx(0.01341, abs=1e-5)
    assert UNITS["argon"].time == pytest.approx(2.16e-12, rel=5e-3)
    with pytest.raises(GlassTunnelError, match="no units"):
        units("krypton")
