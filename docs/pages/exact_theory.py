"""The page docs/what_the_exact_theory_changes.md."""

from pages.parts import run, table

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
