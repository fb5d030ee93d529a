"""Energies, forces, Hessians and quenches against differences, closed forms and published energies."""

import numpy as np
import pytest
from tests.reference import reference

from glasstunnel.errors import GlassTunnelError
from glasstunnel.landscape import (
    Configuration,
    deformation_potentials,
    energy,
    forces,
    hessian,
    kob_andersen,
    kob_andersen_model,
    lennard_jones_cluster,
    lennard_jones_mixture,
    lennard_jones_model,
    loop_area,
    normal_modes,
    pair_table,
    quench,
    search_from,
)
from glasstunnel.landscape.explore import is_bound
from glasstunnel.landscape.harvesting import run_dynamics
from glasstunnel.landscape.matching import distance
from glasstunnel.landscape.models import VARIANTS

OPEN = np.full(3, np.inf)


def cluster(positions):
    return Configuration(positions, OPEN, np.zeros(len(positions)), lennard_jones_model())


def pair_energy(variant, r, types=(0, 1)):
    positions = [[0, 0, 0], [r, 0, 0]]
    return energy(Configuration(positions, np.full(3, 20.0), types, kob_andersen_model(variant)))


@pytest.fixture(scope="module")
def liquid():
    return kob_andersen(150, seed=3)


@pytest.mark.parametrize("variant", VARIANTS)
def test_forces_are_minus_the_gradient_for_every_variant(variant):
    sample = kob_andersen(150, seed=3, variant=variant)
    exact, step = forces(sample), 1e-5
    for atom, axis in ((0, 0), (40, 1), (149, 2)):
        moved = np.zeros((150, 3))
        moved[atom, axis] = step
        up, down = (energy(sample.moved(sample.positions + sign * moved)) for sign in (1, -1))
        assert (down - up) / (2 * step) == pytest.approx(exact[atom, axis], abs=2e-5)
    assert np.abs(exact.sum(axis=0)).max() < 1e-9


def test_two_atoms_feel_the_textbook_force_to_ten_digits():
    for r in (0.95, 1.1, 1.7):
        exact = 48 * r**-13 - 24 * r**-7
        assert forces(cluster([[0, 0, 0], [r, 0, 0]]))[1, 0] == pytest.approx(exact, rel=1e-12)


@pytest.mark.parametrize(("variant", "continuous"), [("smooth", 2), ("quadratic", 1), ("shifted-force", 1),
                                                     ("cut-and-shifted", 0)])  # fmt: skip
def test_each_variant_is_as_smooth_at_the_cutoff_as_its_name_says(variant, continuous):
    cutoff, h = 2.5 * 0.8, 1e-3
    below = np.array([pair_energy(variant, cutoff - k * h) for k in (1, 2, 3, 4)])
    slope = (4 * below[1] - 6 * below[0] - below[2] + below[0] * 3) / (2 * h)  # one-sided, -dV/dr from V(cutoff) = 0
    assert abs(below[0]) < 1e-4
    curvature = (below[0] - 2 * below[1] + below[2]) / h**2
    assert (abs(slope) < 1e-3) == (continuous >= 1)
    assert (abs(curvature) < 0.1 and abs(slope) < 1e-3) == (continuous == 2)


def test_the_cut_and_shifted_force_jumps_by_the_stated_amount():
    model = kob_andersen_model("cut-and-shifted")
    pair = Configuration([[0, 0, 0], [2.5 - 1e-9, 0, 0]], np.full(3, 20.0), (0, 0), model)
    assert abs(forces(pair)[1, 0]) == pytest.approx(0.039, abs=5e-4)  # theory note, section 1


def test_the_variant_is_part_of_the_identity():
    identities = {kob_andersen_model(variant).identity for variant in VARIANTS}
    assert len(identities) == len(VARIANTS)


def test_hessian_is_the_derivative_of_the_forces_and_has_three_zeros(liquid):
    glass = quench(liquid)
    matrix, step = hessian(glass), 1e-5
    moved = np.zeros((150, 3))
    moved[7, 1] = step
    column = (forces(glass.moved(glass.positions - moved)) - forces(glass.moved(glass.positions + moved))) / (2 * step)
    assert np.abs(column.ravel() - matrix[3 * 7 + 1]).max() < 1e-3
    values = normal_modes(glass)[0]
    assert np.sum(np.abs(values) < 1e-6) == 3 == glass.zero_modes
    assert values[3] > 0.01


def test_three_atoms_have_the_closed_form_spectrum():
    r = 2 ** (1 / 6)
    k = 72 / 2 ** (1 / 3)
    triangle = cluster(r * np.array([[0, 0, 0], [1, 0, 0], [0.5, np.sqrt(3) / 2, 0]]))
    assert energy(triangle) == pytest.approx(-3, abs=1e-12)
    assert normal_modes(triangle)[0][-3:] == pytest.approx([1.5 * k, 1.5 * k, 3 * k], rel=1e-9)
    neighbor = (2 * (2 + 2**-12) / (2 + 2**-6)) ** (1 / 6)
    line = cluster(neighbor * np.array([[-1, 0, 0], [0, 0, 0], [1.0, 0, 0]]))
    assert energy(line) == pytest.approx(-((2 + 2**-6) ** 2) / (2 + 2**-12), abs=1e-9)
    values = normal_modes(line)[0]
    assert np.sum(values < -1e-3) == 2 and np.sum(np.abs(values) < 1e-3) == 5


@pytest.mark.parametrize(("count", "lowest"), reference("published")["lennard_jones_clusters"]["lowest"])
def test_clusters_have_the_published_lowest_energies(count, lowest):
    assert energy(lennard_jones_cluster(count)) == pytest.approx(lowest, abs=2e-6)


def test_quench_reaches_its_tolerance_and_stays(liquid):
    glass = quench(liquid)
    assert np.linalg.norm(forces(glass), axis=1).max() < 1e-7
    assert distance(glass, quench(glass)) < 1e-6
    assert energy(glass) < energy(liquid)


def test_wrapping_translating_and_reordering_atoms_changes_no_energy(liquid):
    shifted = liquid.positions + [10.3, -4.4, 0.7]
    order = np.random.default_rng(0).permutation(150)
    same = Configuration(np.mod(shifted, liquid.box)[order], liquid.box, liquid.types[order], liquid.model)
    assert energy(same) == pytest.approx(energy(liquid), rel=1e-12)
    assert np.allclose(forces(same), forces(liquid)[order], atol=1e-8)


def test_newtons_dynamics_keep_the_energy():
    x = quench(kob_andersen(150, seed=3))
    start = run_dynamics(x, 0.4, 0.4, 300, seed=1)
    from glasstunnel.landscape.engine import compiled
    from glasstunnel.landscape.engine.dynamics import seed_random, thermal_velocities
    from glasstunnel.landscape.engine.records import Langevin

    seed_random(4)
    v, y, field = thermal_velocities(start.masses, 0.4), start.positions.copy(), start.field()
    before = energy(start) + 0.5 * np.sum(v**2)
    potential, done = compiled().propagate(field, 0, y, v, Langevin(start.masses, 0.002, 0.0, 0.0, 0.0), 2000)
    assert done == 2000
    assert abs(potential + 0.5 * np.sum(v**2) - before) / 150 < 2e-5
    assert np.abs(v.sum(axis=0)).max() < 1e-9


def test_langevin_dynamics_hold_the_bath_temperature():
    x = run_dynamics(quench(kob_andersen(150, seed=3)), 0.4, 0.4, 500, seed=2)
    from glasstunnel.landscape.engine import compiled
    from glasstunnel.landscape.engine.records import Langevin

    v, y, field, kinetic = np.zeros((150, 3)), x.positions.copy(), x.field(), []
    for _piece in range(60):
        compiled().propagate(field, 0, y, v, Langevin(x.masses, 0.005, 5.0, 0.4, 0.4), 50)
        kinetic.append(np.sum(v**2) / 450)
    assert np.mean(kinetic[10:]) == pytest.approx(0.4, abs=0.02)


def test_a_table_of_the_same_potential_gives_the_same_forces():
    r = np.linspace(0.6, 2.5, 600)
    exact = np.array([pair_energy("smooth", x, (0, 0)) for x in r])
    table = pair_table("A only", ("A",), r, exact)
    x = quench(lennard_jones_cluster(13)).positions
    one = Configuration(x, np.full(3, 20.0), np.zeros(13), table)
    two = Configuration(x, np.full(3, 20.0), np.zeros(13), kob_andersen_model())
    assert energy(one) == pytest.approx(energy(two), abs=1e-5)
    assert np.abs(forces(one) - forces(two)).max() < 1e-4
    assert np.abs(hessian(one) - hessian(two)).max() < 0.05


@pytest.mark.parametrize(("make", "words"), [
    (lambda: kob_andersen(100, seed=1), "smaller than twice the cutoff"),
    (lambda: kob_andersen(150, seed=1, variant="rough"), "no cutoff variant 'rough'"),
    (lambda: kob_andersen(0, seed=1), "positive whole number"),
    (lambda: lennard_jones_cluster(1), "at least two atoms"),
    (lambda: kob_andersen(150, seed="a"), "seed must be a whole number"),
    (lambda: lennard_jones_mixture("a", ("A",), (1.0,), (1.0,), cutoff=0.0), "cutoff must be positive"),
    (lambda: lennard_jones_mixture("a", ("A",), (1.0,), (1.0,), masses=[0.0]), "masses must be 1 positive"),
    (lambda: Configuration("abc", OPEN, (0,), lennard_jones_model()), "must be an array of numbers"),
    (lambda: run_dynamics(cluster([[0, 0, 0], [1.1, 0, 0]]), 0.1, 0.1, 0.5, seed=1), "steps whole"),
    (lambda: deformation_potentials(np.full((3, 3), np.nan)), "finite numbers"),
    (lambda: search_from(cluster([[0, 0, 0], [1.1, 0, 0]]), np.zeros((2, 3))), "not all zero"),
    (lambda: loop_area([]), "one path or more"),
    (lambda: Configuration(np.zeros((2, 3)), OPEN, (0, 2), lennard_jones_model()), "indices of the species"),
    (lambda: Configuration(np.full((2, 3), np.nan), OPEN, (0, 0), lennard_jones_model()), "finite numbers"),
    (lambda: pair_table("t", ("A",), [1, 2, 3], [[1, 2, 3]]), "8 or more increasing"),
    (lambda: energy(cluster([[0, 0, 0], [0, 0, 0]])), "not finite"),
    (lambda: run_dynamics(kob_andersen(150, 3), 0.4, 0.4, 500, seed=1, step=0.5), "integrator exploded"),
])  # fmt: skip
def test_bad_input_ends_in_a_sentence(make, words):
    with pytest.raises(GlassTunnelError, match=words):
        make()


@pytest.mark.slow
@pytest.mark.parametrize(("T", "liquid_energy", "minimum_energy"), [(1.0, -6.014, -7.562), (0.6, -6.699, -7.593)])
def test_inherent_structure_energies_are_the_published_ones(T, liquid_energy, minimum_energy):
    # theory note, section 1, LAMMPS: N = 1000, cut-and-shifted, mean of 10 quenches
    sample = quench(kob_andersen(1000, seed=5, variant="cut-and-shifted"), tolerance=1e-2)
    hot, potential, minima = run_dynamics(sample, 1.0, 1.0, 10_000, seed=1), [], []
    hot = run_dynamics(hot, T, T, 20_000 if T < 1 else 1, seed=2)
    for piece in range(8):
        hot = run_dynamics(hot, T, T, 2000, seed=10 + piece)
        potential.append(energy(hot) / 1000)
        minima.append(energy(quench(hot, tolerance=1e-2)) / 1000)
    assert np.mean(minima) == pytest.approx(minimum_energy, abs=0.012)
    assert np.mean(potential) == pytest.approx(liquid_energy, abs=0.05)


@pytest.mark.slow
def test_a_hundred_thousand_steps_do_not_drift():
    from glasstunnel.landscape.engine import compiled
    from glasstunnel.landscape.engine.dynamics import seed_random, thermal_velocities
    from glasstunnel.landscape.engine.records import Langevin

    start = run_dynamics(quench(kob_andersen(150, seed=3)), 0.4, 0.4, 300, seed=1)
    seed_random(4)
    v, y, field = thermal_velocities(start.masses, 0.4), start.positions.copy(), start.field()
    totals = []
    for _piece in range(20):
        potential, _done = compiled().propagate(field, 0, y, v, Langevin(start.masses, 0.001, 0.0, 0.0, 0.0), 5000)
        totals.append((potential + 0.5 * np.sum(v**2)) / 150)
    drift = np.polyfit(np.arange(20), totals, 1)[0] * 20  # per 1e5 steps; single values swing by the shadow energy
    assert abs(drift) < 1e-5


def test_a_cluster_that_an_atom_has_left_is_not_bound():
    whole = lennard_jones_cluster(8)
    away = whole.positions.copy()
    away[3] += 12.0
    assert is_bound(whole) and not is_bound(whole.moved(away))
