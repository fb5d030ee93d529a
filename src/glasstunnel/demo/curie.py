"""Curie constant of a paramagnet from an MPMS XL file, its uncertainty from the repeats in the file."""

import math

import numpy as np

from glasstunnel.data import keep_range, per_mass, read, with_noise
from glasstunnel.demo.files import example_file
from glasstunnel.inference import LogUniform
from glasstunnel.inference.fitting import fit
from glasstunnel.inference.results import FitResult
from glasstunnel.observables.thermodynamics import susceptibility
from glasstunnel.report import Section, Table, Text, fit_section
from glasstunnel.report.numbers import with_uncertainty
from glasstunnel.systems.glass import Glass
from glasstunnel.systems.magnetic_ions import MagneticIons
from glasstunnel.units import convert

WHAT = "Measured: sample pb6051, 48.4 mg, MPMS XL, 1 kOe, 2 to 15 K"

_FILE = "mpmsxl_pb6051_MvsT_0p1T.dc.dat"
_WINDOWS = (4.5, 2.5, 1.5)  # coldest temperature of each fit [K]; the first one is the result
_UNIT = "emu K/(g Oe)"


def run() -> tuple[list[str], list[Section]]:
    """(lines of the table, sections of the report)."""
    data = with_noise(per_mass(read(example_file(f"data/{_FILE}"), name="pb6051")), repeats=True)
    fits = [(coldest, _fit(keep_range(data, "temperature", coldest, 20.0, "K"))) for coldest in _WINDOWS]
    main = fits[0][1]
    constant, error = curie_constant(main)
    span = float(np.ptp([curie_constant(result)[0] for _, result in fits]))
    lines = [
        f"Curie constant         {with_uncertainty(1e3 * constant, 1e3 * math.hypot(error, span))} 1e-3 {_UNIT}, "
        f"T >= {_WINDOWS[0]:g} K",
        f"  it moves by {1e3 * span:.2g} when colder points are taken in, which lie below the Curie law; the repeats "
        f"alone would give an error of {1e3 * error:.2g}",
        f"chi2/dof               {main.chi2 / main.dof:.3g} (noise from repeats: {data.noise})",
    ]
    before = [*_introduction(), _window_table(fits)]
    return lines, [fit_section(main, WHAT, name="curie", before=before)]


def _fit(data):
    ions = MagneticIons("effective spin 1/2", concentration=1e24, spin=0.5, g_factor=2.0)
    glass = Glass({"ions": ions}, name="pb6051", source="Curie law, as the limit of the Brillouin function")
    return fit(glass, [data], {"ions.concentration": LogUniform(1e20, 1e27)})


def curie_constant(result: FitResult) -> tuple[float, float]:
    """(Curie constant T chi for B -> 0 of the fitted ions, its standard error) [emu K/(g Oe)]."""
    constant = float(susceptibility(result.glass, 1.0, 0.0))
    relative = result.errors["ions.concentration"] / result.values["ions.concentration"]
    constant = float(convert(constant, "A m2 K/(kg T)", _UNIT))
    return constant, constant * relative


def _introduction():
    yield Text(
        "The file names neither composition nor molar mass, so the answer is a Curie constant per gram; the number of "
        "ions below is that of spins 1/2 with g = 2 that would give the same, any other spin scales it. The standard "
        "deviations in the file are zero; the noise is taken from three repeats at each temperature."
    )
    yield Text(
        "Repeats show the scatter within a minute, not an error of the thermometer: T M has steps of 0.3 % at 4 K and "
        "12 K, and below 4 K it falls, by 3 % at 2 K, more than any free moment in 0.1 T would. χ²/dof above 1 says "
        "so. The difference between the rows of the table is therefore the larger uncertainty.", warning=True,
    )


def _window_table(fits):
    rows = []
    for coldest, result in fits:
        constant, error = curie_constant(result)
        rows.append((f"{coldest:g} K", with_uncertainty(1e3 * constant, 1e3 * error), f"{result.dof}",
                     f"{result.chi2 / result.dof:.3g}"))
    return Table(("from", f"Curie constant [10⁻³ {_UNIT}]", "degrees of freedom", "χ²/dof"), tuple(rows))
