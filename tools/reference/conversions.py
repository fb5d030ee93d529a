"""What the field converts by hand, with 30 digits."""

from mpmath import cos, exp, findroot, log, mpf, pi, quad, sqrt
from tools.reference.constants import AVOGADRO, BOHR_MAGNETON, BOLTZMANN, PHASE


def glass_transition():
    """The lower root of ln((T_c - T)/cooling) = w/(T - Theta), by bisection below the maximum of the difference."""

    def root(cooling, critical, energy, interaction):
        def balance(T):
            return log((critical - T) / cooling) - energy / (T - interaction)

        distance = (sqrt(energy * (energy + 4 * (critical - interaction))) - energy) / 2
        low, high = interaction + mpf("1e-3"), interaction + distance
        for _ in range(120):
            middle = (low + high) / 2
            low, high = (middle, high) if balance(middle) < 0 else (low, middle)
        return low

    rates, rest = [mpf("1e-13"), mpf("1e-12"), mpf("1e-11")], (mpf(1000), mpf(10000), mpf(300))
    step = mpf("1e-8")
    slopes = [(root(r * exp(step), *rest) - root(r * exp(-step), *rest)) / (2 * step) for r in rates]
    maximum = findroot(lambda T: rest[1] / (T - rest[2]) ** 2 - 1 / (rest[0] - T), mpf(900))
    return {
        "temperatures": [float(root(r, *rest)) for r in rates],
        "temperature_without_interaction": float(root(mpf("1e-12"), mpf(1000), mpf(20000), mpf(0))),
        "slopes": [float(slope) for slope in slopes],
        "largest_cooling": float((rest[0] - maximum) * exp(-rest[1] / (maximum - rest[2]))),
    }


def void():
    """A regular tetrahedron of edge 2 less four cones of its corners: the solid angle by integration over triangles."""
    # Solid angle of the corner: area of an equilateral spherical triangle with angles A = arccos(1/3), as the integral
    # of 1 - cos(edge) over the azimuth; the far face lies at tan(inclination) = cot of the height against the face.
    height = sqrt(mpf(2) / 3)  # of a tetrahedron of edge 1
    inner = 1 / (2 * sqrt(mpf(3)))  # from the center of the base to its edges

    def share(azimuth):  # directions from the apex through the base, between the normals to two edges
        reach = inner / cos(azimuth)
        return 1 - height / sqrt(height**2 + reach**2)

    solid_angle = 6 * quad(share, [0, pi / 3])
    volume = 2 * sqrt(mpf(2)) / 3 - 4 * solid_angle / 3
    return {
        "volume": float(volume), "volume_300": float(volume * 300**3),
        "edge_300": float((6 * sqrt(mpf(2)) * volume) ** (mpf(1) / 3) * 300),
    }


def cell_radii():
    """Four systems in each tetrahedron of edge 2 xi: n rho/P* = 4/(volume), P* = 1/(2 pi); radius in Angstrom."""
    rows = []
    for density, mass_density in (("5e16", "3.1"), ("9e16", "2.3"), ("1e16", "2.5")):  # per gram, g/cm3
        systems = mpf(density) * mpf(mass_density) * 2 * pi  # per cm3
        edge = findroot(lambda a, n=systems: a**3 / (6 * sqrt(mpf(2))) * n - 4, (4 / systems) ** (mpf(1) / 3) * 2)
        rows.append([float(density), float(mass_density), float(edge / 2 * mpf("1e8"))])
    return {"rows": rows}


def moments():
    """(pi/phi0) D0|q/e|S in Bohr magnetons; the phase per T and square Angstrom."""
    return {
        "phase_per_area": float(PHASE),
        "rows": [[area, float(PHASE / 2 * mpf(area) * BOLTZMANN / BOHR_MAGNETON)] for area in (4.99e4, 2.68e5)],
    }


def parts_per_million():
    """Ions per gram from ppm of formula units, and back; molar masses in g/mol as 002 states them."""
    to_gram = [["102", "80.530"], ["126", "61.873"], ["6", "63.530"]]
    to_ppm = [["1.539e18", "61.873"], ["1.931e17", "63.530"], ["7.165e18", "80.530"]]
    return {
        "per_gram": [[float(p), float(m), float(mpf(p) * mpf("1e-6") * AVOGADRO / mpf(m))] for p, m in to_gram],
        "ppm": [[float(n), float(m), float(mpf(n) * mpf(m) / AVOGADRO * 10**6)] for n, m in to_ppm],
    }
