"""Write the two pages whose numbers come from gallery scripts: python docs/make_pages.py."""

import contextlib
import io
import runpy
from pathlib import Path

DOCS = Path(__file__).parent

IRON_BIAS = """# How a missing contribution becomes iron

A magnetization curve fitted without tunneling systems puts what they contribute into the iron. How much? The curves of
BK7 are computed from the printed parameters of the full fit (001 Tables 3 and 4: Larmor, iron close to its
mass-spectrometry content of {mass:.3f}, anomalous tunneling systems with the printed prefactor) and fitted with Larmor
and free ions only. Concentrations are in 10¹⁷ per gram. This is simulated: no measured point enters. Script and figure:
{{doc}}`gallery_output/plot_000_table1_iron_bias`.

## Temperature scans (000 Table 1)

{by_field}

*Fe²⁺ only: mean deviation {field_mean:.1%}, largest {field_largest:.1%}. Fe³⁺: mean {free_mean:.1%}, largest
{free_largest:.1%}.* With both species allowed the fit takes Fe³⁺ alone at every field, as the letter reports. The
letter gives no list of temperatures, only that warming was slow below 60 K; 0.25 K steps up to 60 K and six
temperatures from there to 300 K are used, all with the same weight. The result depends on this choice: with 1/T spaced
evenly from 2 to 300 K, the Fe²⁺-only column comes out {even_low:.0%} to {even_high:.0%} below the table.

## Field scans (000 Table 2)

{by_temperature}

*Fe²⁺ only: mean deviation {scan_mean:.1%}, largest {scan_largest:.1%}.* The rise with temperature, up to nearly four
times the true content at 20 K, comes out. The two coldest scans do not: there the simulated curve is fitted with a
mixture of Fe²⁺ and Fe³⁺ where the letter found Fe³⁺ only, and the apparent iron is too low by a sixth. So the printed
parameters of 001 Table 4 with the printed formula do not contain the whole of what was measured at 2 and 4.5 K.

## What follows

- The bias has the size the letter found: {excess_low:.0%} to {excess_high:.0%} too much iron in temperature scans if
  all of it is taken as Fe²⁺, and it changes with the field only because the model is incomplete.
- It needs the printed prefactor. With the derived one, half as large, and the exact average over loop directions, the
  same parameters give {half_low:.0%} to {half_high:.0%} less Fe²⁺ than Table 1: the density P\\*n that describes the
  measurement is then about twice the printed one.
"""

EXACT = """# What the exact theory changes

The papers keep two of the three levels of an anomalous tunneling system and expand its gap for small flux. Both steps
need temperatures and fields that are small against D₀ and B\\*. Here every printed parameter set is evaluated with that
two-level form and with all three levels. Both use the derived prefactor and the exact average over the direction of the
flux loops, so that the third level and the full flux dependence are all that differs. Script and figure:
{{doc}}`gallery_output/plot_exact_against_effective`.

In short: **with the printed B\\* the two-level form fails almost everywhere it was fitted.** At 4.5 K and weak field
{weak_share} of its magnetization is left, at 77 K a few percent, and at high field the sign changes. The two-level form
becomes good to 5 % for B\\* above about {needed} T (BK7, 4.5 K, 2 T). Without field the exact heat capacity is
{heat_low:.0%} to {heat_high:.0%} higher, because the third level is within reach.

## Magnetization, sets with a printed B\\*

Exact over effective. A negative number means the exact magnetization of the systems is diamagnetic.

{magnetization}

## Magnetization, sets without B\\*

001 Tables 3 and 4 (BK7) print no B\\*. Exact over effective for assumed values at 1.26 K:

{assumed}

The higher-field correction of the papers (002 Eqs. 20 and 95) goes part of the way only: for 001 Table 3 with
B\\* = 1.30 T, at 4.5 K and 2 T, it leaves {corrected:.2f} of the weak-field form where the exact theory leaves
{exact_there:.2f}. It ends at √27 B\\*(T) when averaged exactly and at √45 B\\*(T) as printed.

## Heat capacity

Sets of 002 Tables 1 to 4, which print no B\\*; that of the magnetization fit of the same glass is used (1.02 T for BAS,
1.63 T for Duran). Exact over effective:

{heat}

At 8 T, the field whose data were subtracted before the fit, the exact heat capacity is two to four times the other one:
the subtracted curves change as a whole.

## What this means for the printed parameters

Either B\\* is much larger than printed, or the fitted cutoffs and densities compensate for the missing physics. They
cannot be converted: a fit with the exact theory has to be made from the measured files. Two statements of the papers do
not survive: that the third level can be neglected, and that the magnetization keeps its sign at high field. For one
flux area the exact magnetization changes sign at 4.49 to 4.69 B\\*(T), at high temperature the zero of a spherical
Bessel function; only a spread of areas or a larger B\\* avoids that.
"""


ECHO = """# Echoes: what the printed formulas give, and what the text claims

Dipole echoes of glasses change with a weak magnetic field. Two explanations compete: flux through anomalous tunneling
systems (002 Sec. 6, 003 Sec. 3.3) and nuclear quadrupoles in the tunneling particle (Würger, Fleischmann and Enss
2002).
`echo` evaluates the first, `nuclear_quadrupole_echo` the second, `compare_echo` fits both to the same data. Everything
below is computed from the printed parameters of 002 Table 8 at 12 mK; no measured point enters. Script and figure:
{{doc}}`gallery_output/plot_002_table8_echo_fits`.

## The numbers

Anomalous echo in units of its zero-field value. "paper" is the printed formula, detected on a carrier with the printed
tan(ωΔτ); "derived" follows from the Hamiltonian, with the drive averaged over directions exactly, or (rms) its mean
square. The rate constant is read per microsecond, as printed, or per millisecond, as the loss fits of 002 Table 7
suggest.

{table}

## Claim by claim

{claims}

## What was corrected

The derivation gives these in place of the printed formulas; each is a switch, so that either can be computed.

- Ω_R² contains D²/2, not 5D²/6 (002 Eq. 72; Eq. 45 of the same paper has the right ratio): `kappa_rabi`.
- The echo shift C contains z/Ω_G as in 002 Eq. 63, not z/Ω_R as in Eqs. 67, 73, 77: `shift_denominator`.
- The amplitude decays with half the population rate: `damping_factor`.
- One-phonon rates grow as E³, not E⁵ (002 Eq. 55): `rate_power`.
- The two exponential integrals of 002 Eq. 86 have exchanged arguments, and Eq. 87 lacks a factor:
  `oscillation_integral`, `printed_decay`.
- Anomalous and two-level echoes have the same sign; their ratio is the explicit argument `relative_amplitude` of
  `echo`, which warns when it is negative.

## What is not known

002 and 003 do not print the ratio of the two parts, the electric field alone, the number of systems, the reference
field of each curve, whether a modulus, a quadrature or an integral was recorded, and the receiver. In the printed
curve of AlBaSiO 1 nearly all of the weak-field signal comes from systems far off resonance (the printed C has too long
a tail), because the printed rate damps the resonant ones to 3·10⁻⁵.
The direction of the microwave field and that of the magnetic field against a loop are averaged independently; in an
experiment with both fields along fixed axes they are not independent.
"""

def table(header, rows):
    """A Markdown table of strings."""
    lines = ["| " + " | ".join(header) + " |", "|" + "---|" * len(header)]
    return "\n".join([*lines, *("| " + " | ".join(row) + " |" for row in rows)])


def run(script):
    """The variables of a gallery script; what it prints is kept back."""
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    with contextlib.redirect_stdout(io.StringIO()):
        result = runpy.run_path(str(DOCS / "gallery" / script))
    plt.close("all")
    return result


def deviations(rows, key):
    return [row[key] / row[f"{key} printed"] - 1.0 for row in rows.values()]


def extremes(values):
    sizes = [abs(value) for value in values]
    return sum(sizes) / len(sizes), max(sizes)


def bias_table(rows, condition):
    header = [condition, "Fe²⁺ only, printed", "simulated", "deviation", "Fe³⁺, printed", "simulated", "Fe²⁺ beside it",
              "deviation", "χ_L of it, printed", "simulated (10⁻⁷ emu/(g Oe))"]
    lines = []
    for value, row in rows.items():
        lines.append([
            f"{value:g}", f"{row['Fe2+ only printed'] / 1e17:.3f}", f"{row['Fe2+ only'] / 1e17:.3f}",
            f"{row['Fe2+ only'] / row['Fe2+ only printed'] - 1.0:+.1%}", f"{row['Fe3+ printed'] / 1e17:.3f}",
            f"{row['Fe3+'] / 1e17:.3f}", f"{row['Fe2+ beside it'] / 1e17:.3f}",
            f"{row['Fe3+'] / row['Fe3+ printed'] - 1.0:+.1%}", f"{row['chi printed'] * 1e7:.3f}",
            f"{row['chi'] * 1e7:.3f}",
        ])
    return table(header, lines)


def iron_bias_page():
    """The page docs/iron_bias.md as text."""
    script = run("plot_000_table1_iron_bias.py")
    by_field, by_temperature = script["by_field"], script["by_temperature"]
    field_mean, field_largest = extremes(deviations(by_field, "Fe2+ only"))
    free_mean, free_largest = extremes(deviations(by_field, "Fe3+"))
    scan_mean, scan_largest = extremes(deviations(by_temperature, "Fe2+ only"))
    excess = [row["Fe2+ only"] / script["MASS_SPECTROMETRY"] - 1.0 for row in by_field.values()]
    even, half = ([-value for value in script[name]] for name in ("even_spacing", "half_prefactor"))
    return IRON_BIAS.format(
        mass=script["MASS_SPECTROMETRY"] / 1e17, by_field=bias_table(by_field, "B (T)"),
        by_temperature=bias_table(by_temperature, "T (K)"), field_mean=field_mean, field_largest=field_largest,
        free_mean=free_mean, free_largest=free_largest, scan_mean=scan_mean, scan_largest=scan_largest,
        excess_low=min(excess), excess_high=max(excess), even_low=min(even), even_high=max(even), half_low=min(half),
        half_high=max(half),
    )


def exact_page():
    """The page docs/what_the_exact_theory_changes.md as text."""
    script = run("plot_exact_against_effective.py")
    fields, temperatures = script["FIELDS"], script["TEMPERATURES"]
    blocks = []
    for id, ratio in script["ratios"].items():
        low, high = script["levels"][id]
        rows = [[f"{T:g}", *(f"{value:.3f}" for value in row)] for T, row in zip(temperatures, ratio, strict=True)]
        blocks.append(
            f"`{id}`: D₀ = {low:.2f} to {high:.2f} K at 4.5 K, third level {2.598 * low:.1f} to {2.598 * high:.1f} K "
            "above the doublet.\n\n" + table(["T (K) \\\\ B (T)", *(f"{B:g}" for B in fields)], rows)
        )
    chosen = [(4.5, 0.05), (4.5, 2.0), (4.5, 6.5), (20.0, 2.0), (77.0, 2.0)]
    assumed = [
        [f"`{id}`", f"{flux_field:g}", *(f"{ratio[list(temperatures).index(T), list(fields).index(B)]:.3f}"
                                          for T, B in chosen)]
        for (id, flux_field), ratio in script["assumed"].items()
    ]
    heat = [[f"`{id}`", *(f"{value:.2f}" for value in ratio)] for id, ratio in script["heat"].items()]
    weak = [ratio[1, 0] for ratio in script["ratios"].values()]
    at_zero = [ratio[0] - 1.0 for ratio in script["heat"].values()]
    return EXACT.format(
        weak_share=f"{min(weak):.0%} to {max(weak):.0%}", needed=f"{script['needed']:.0f}",
        corrected=script["corrected"], exact_there=script["assumed"]["001.T3.BK7.constH", 1.30][1, 3],
        heat_low=min(at_zero), heat_high=max(at_zero), magnetization="\n\n".join(blocks),
        assumed=table(["set", "B* (T)", *(f"{T:g} K, {B:g} T" for T, B in chosen)], assumed),
        heat=table(["set \\\\ B (T)", *(f"{B:g}" for B in script["heat_fields"])], heat),
    )

ECHO_CLAIMS = [
    ("AlBaSiO has one minimum of A(B)", "one extremum at most", "agrees"),
    ("... it is a minimum",
     "a maximum of the anomalous part; a minimum of the sum only if both parts had opposite signs", "differs"),
    ("... near 10 mT", "60 to 650 mT, or none; 10 mT would need cutoffs of D0 (q/e) S 6 to 40 times larger", "differs"),
    ("saturation as B⁻² at high field", "1/B, and only beyond 3 T: loops nearly parallel to the field never saturate",
     "differs"),
    ("BK7 has two maxima and two minima", "one extremum at each waiting time", "differs"),
    ("new features beyond 0.6 T (BK7)", "a smooth fall (or the one maximum, where it lies that high)", "differs"),
    ("the phase average may be replaced by φ/√3", "up to 30 % off, with artificial sharp features", "differs"),
    ("oscillations with the waiting time at B = 0 come from the edge D_min",
     "only if the echo is integrated from before the second pulse; a gate around the echo leaves exp(-2wτ₁₂)",
     "differs"),
    ("... τ_φ = 0.3 µs removes them", "with the printed prefactors, yes", "agrees"),
    ("natural glycerol shows no effect because D_min > ħω", "its anomalous echo indeed vanishes", "agrees"),
    ("nuclei do not explain the rise at high field (003)", "they do: the factor tends to one as B⁻²", "differs"),
]


def echo_page():
    """The page docs/echoes.md as text."""
    results = run("plot_002_table8_echo_fits.py")["results"]
    rows = [
        [name, variant, f"per {unit.replace('u', 'µ')}", f"{row['top']:.3f}",
         f"{row['at']:.0f}" if row["at"] else "none", f"{row['left']:.2f}", f"{row['exponent']:.2f}"]
        for (unit, name, variant), row in results.items()
    ]
    head = ["row", "preset", "Γ⁻¹", "largest", "at (mT)", "at 0.6 T", "exponent 5 to 10 T"]
    return ECHO.format(
        table=table(head, rows), claims=table(["claim (002 Sec. 6)", "what the formulas give", ""], ECHO_CLAIMS)
    )


PAGES = {"iron_bias.md": iron_bias_page, "what_the_exact_theory_changes.md": exact_page, "echoes.md": echo_page}

if __name__ == "__main__":
    for name, page in PAGES.items():
        (DOCS / name).write_text(page(), encoding="utf-8")
        print(name)
