"""The page docs/iron_bias.md."""

from pages.parts import run, table

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
