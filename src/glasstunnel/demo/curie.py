"""Curie constant of a paramagnet from an MPMS XL file, its uncertainty from the repeats in the file."""

import math

import numpy as np

from glasstunnel.data import keep_range, per_mass, read, with_noise
from glasstunnel.demo.files import example_file
from glasstunnel.inference import LogUniform
from glasstunnel.inference.fitting import fit
from glasstunnel.inference.results import FitResult
from glasstunnel.observables.thermodynamics import susceptibility
from glasstunnel.report import Answer, Heading, Section, Table, Text, fit_section
from glasstunnel.report.numbers import plain, with_uncertainty
from glasstunnel.systems.glass import Glass
from glasstunnel.systems.magnetic_ions import MagneticIons
from glasstunnel.units import convert

WHAT = "Measured: sample pb6051, 48.4 mg, MPMS XL, 1 kOe, 2 to 15 K"

_FILE = "mpmsxl_pb6051_MvsT_0p1T.dc.dat"
_WINDOWS = (4.5, 2.5, 1.5)  # coldest temperature of each fit [K]; the first one is the result
_AS_GOOD = 2  # of these windows a Curie law describes; what the answer moves by between them belongs to its error
_UNIT = "emu K/(g Oe)"


def run() -> tuple[list[str], list[Section]]:
    """(lines of the table, sections of the report)."""
    raw = per_mass(read(example_file(f"data/{_FILE}"), name="pb6051"))
    repeats, drifting = (
        [(coldest, _fit(keep_range(with_noise(raw, repeats=True, drift=drift), "temperature", coldest, 20.0, "K")))
         for coldest in _WINDOWS] for drift in (False, True)
    )  # fmt: skip
    main, white = drifting[0][1], repeats[0][1]
    constant, error = curie_constant(main)
    span = float(np.ptp([curie_constant(result)[0] for _, result in drifting[:_AS_GOOD]]))
    moved = constant - curie_constant(drifting[-1][1])[0]
    drift = main.problem.measurements[0].drift.amount
    lines = [
        f"Curie constant         {with_uncertainty(1e3 * constant, 1e3 * math.hypot(error, span))} 1e-3 {_UNIT}, "
        f"T >= {_WINDOWS[0]:g} K",
        f"  errors of a drift of {drift:.2g} times the scatter of repeats along T ({1e3 * error:.2g}) and of the "
        f"window ({1e3 * span:.2g}); the repeats alone would give {1e3 * curie_constant(white)[1]:.2g}",
        f"chi2/dof               {main.chi2 / main.dof:.3g}; {white.chi2 / white.dof:.3g} if repeats showed it all",
        f"below 2.5 K            {1e3 * moved:.2g} less with the points down to {_WINDOWS[-1]:g} K: no Curie law there",
    ]
    answer = Answer(
        f"{with_uncertainty(constant, math.hypot(error, span))} {_UNIT}",
        f"Curie constant C = χ T above {_WINDOWS[0]:g} K, {1e4 * constant:.4g} A m² K/(kg T) in SI; ± holds the "
        f"drift of the thermometer ({plain(error, 2)}) and the choice of the window ({plain(span, 2)}); "
        f"the repeats alone would claim {plain(curie_constant(white)[1], 2)}.",
        "What is the Curie constant of a paramagnet?",
    )  # fmt: skip
    further = [Heading("What the answer depends on"), *_introduction(), _window_table(repeats, drifting)]
    undetermined = [
        "Spin and number of the moments one by one: the file names no composition, and only both together enter.",
        f"Anything below {_WINDOWS[0]:g} K: T M falls there by more than that of any free moment would.",
    ]
    return lines, [fit_section(main, WHAT, name="curie", answers=[answer], undetermined=undetermined, further=further)]


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
        "so. The noise therefore has a drift along ln T, whose size is found with the fit: errors grow sevenfold, and "
        "what is left looks independent.", warning=True,
    )


def _window_table(repeats, drifting):
    rows = []
    for (coldest, white), (_, result) in zip(repeats, drifting, strict=True):
        quoted = [with_uncertainty(*(1e3 * number for number in curie_constant(found))) for found in (white, result)]
        drift = result.problem.measurements[0].drift.amount
        rows.append((f"{coldest:g} K", quoted[0], f"{white.chi2 / white.dof:.2f}", quoted[1],
                     f"{result.chi2 / result.dof:.2f}", f"{drift:.1f} σ", f"{result.dof}"))  # fmt: skip
    return Table(("T from", f"repeats alone [10⁻³ {_UNIT}]", "χ²/dof", f"with a drift [10⁻³ {_UNIT}]", "χ²/dof",
                  "drift",
                  "degrees of freedom"), tuple(rows), "The Curie constant, if the scatter of repeats were all, and "
                 "with a drift along ln T that is found with the fit.")  # fmt: skip
