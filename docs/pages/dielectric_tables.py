"""The page docs/dielectric_tables.md."""

from pages.parts import run, table

DIELECTRIC = """# Dielectric tables: which rows give sensible curves

Every row of the dielectric tables of 002, 003 and 004, evaluated as its paper prints the formulas
(`gt.published(id)`) and with the derived weights (`convention="consistent"`: exact average over directions, resonant
weight 1/2). A row is called sensible if it gives the curve its figure is described to show. No measured point enters.

| rows | verdict |
|---|---|
| 002 Table 5 (BK7, Duran, AlBaSiO) | sensible, once K² in the header is read as K Å² |
| 002 Table 6 (SiO₂₊ₓC_yH_z) | sensible; the row at 50 mK has a doubtful D₀,min |
| 002 Table 7, AlBaSiO | sensible, with 1.5410^-5 as 1.54·10⁻⁵ and the last column as 1/Γ; the peak needs κ = 1/2 |
| 002 Table 7, BK7 | **not sensible**: no effect up to 0.3 T, and a rise of ε′ where Table 5 has a fall |
| 004 Table I, all | sensible V curves, with γ in s K³; "-1:1" and "T₀ near 100 mK" need different readings of ω |

## Dielectric constant against field (002 Tables 5 and 6)

Δε′/ε′ in 10⁻⁶ against zero field. *Level* is what the same systems add without field; the change tends to its negative
when the field has opened all gaps. Figures: {{doc}}`gallery_output/plot_002_fig08_dielectric_constant_in_field`,
{{doc}}`gallery_output/plot_002_fig10_dielectric_constant_without_quadrupoles`.

{fields}

- BK7 and Duran fall from about 30 mT on; the rise before it is about a millionth. AlBaSiO and the hydrocarbon
  glass rise first. That is what the figures are described to show.
- The papers replace φ by φ/√3. The exact average over loop directions makes the rise {rise_low:.0%} to {rise_high:.0%}
  smaller and shifts the zero: a fit with it would give other cutoffs and prefactors.
- With the measuring field perpendicular to the magnetic field, BK7 at 50 mT answers {perpendicular:.1f} times as much
  as with the two parallel. The papers do not say which it was.
- Ten times the doubtful D₀,min (Table 6, 50 mK) moves the curve by at most {digit:.0%} of its maximum: the figure
  cannot tell.

## Loss against field (002 Table 7)

tan δ and its change in 10⁻⁶ at 1 kHz, with the printed rate (κ = 1/6) and, for the peak, with κ = 1/2, which follows
from the exact matrix element. Figure: {{doc}}`gallery_output/plot_002_fig11_dielectric_loss_in_field`.

{losses}

- The three AlBaSiO rows lose their whole loss in the field, monotonically with the printed rate. The faint peak at weak
  field, which the paper says its theory shows, appears with κ = 1/2 only.
- The same rows put into the dielectric constant, in 10⁻⁶ at 0.1 T: {both}.
  The relaxational part, which 002 Eq. 51 leaves out, takes most of the resonant part back. Table 5 has {table5:+.0f}
  for AlBaSiO at 94 mK: the two tables do not describe one glass.
- BK7: at 0.1 T the loss changes by {bk7_loss:.2f} and the dielectric constant by {bk7_shift:+.1f}, where Table 5 has
  {bk7_table5:+.1f} (10⁻⁶). Its cutoffs are 70 to 240 times smaller than those of Table 5 at the same temperature.
  Damaged, or a set of another kind.
- Γ is no constant of the glass: 7·10⁻⁵ s K⁵ in 004 Table I, 2·10⁻¹⁰ here, 10⁻¹³ in 002 Table 8 for the same AlBaSiO.

## Temperature dependence (004 Table I)

Minimum and slopes of ε′ against ln T: S₋ on 0.2 to 0.5, S₊ on 2 to 5 times the temperature of the minimum, in 10⁻⁵;
silica and AlBaSiO at 1 kHz, the potassium silicates at 10 kHz. *Steepest* uses the steepest rise up to ten times the
minimum in place of S₊. k is the weight of the resonant part: 1/3 as 004 Eq. 14 prints it, 1/2 as it follows from its
own relaxational part. The papers write "ω = 1 kHz"; both readings are given. Figures:
{{doc}}`gallery_output/plot_004_fig07_dielectric_minimum`, {{doc}}`gallery_output/plot_004_fig09_dielectric_frequency`.

{slopes}

- All rows give the V, with slopes that grow with x, faster above the minimum ({growth[0]:.2f} times from x = 0.05 to
  0.20, against {growth[1]:.2f} below it).
- Not even silica has -2:1 on these windows: the lower cutoff of 3.9 mK flattens the falling side. Without cutoff the
  slopes are {edges[0]:.3f} and {edges[1]:.3f} in units of A/3.
- "Roughly -1:1" is met by AlBaSiO for ω = f, and by the potassium silicates nowhere on these windows; a minimum near
  100 mK in the potassium silicates is met for ω = 2πf. What was fitted cannot be decided.
- With k = 1/2 and ω = 2πf the anomalous systems do not steepen the rise of AlBaSiO at all: its ratio is that of silica.
  The tabulated A_ATS was presumably fitted with 1/3.
"""


def short(id):
    """Row of a dielectric table in words: table, glass, temperature or composition."""
    table_id, rest = ".".join(id.split(".")[:2]), id.split(".", 2)[2]
    glass, *others = [rest] if rest.startswith("x0") else rest.split(".")
    temperature = others[-1].removeprefix("T").replace("mK", " mK") if others else ""
    name = {"BAS": "AlBaSiO", "SiO2CH": "SiO₂₊ₓC_yH_z", "SiO2": "SiO₂"}.get(glass, glass).replace("x0", "x = 0")
    return f"{table_id.replace('.T', ' Table ')} {name} {temperature}".strip()


def field_rows(printed, average):
    """Table lines of one row of 002 Tables 5-6; `printed` and `average` as the gallery scripts name their features."""
    return [f"{printed['level']:.1f}", f"{printed['rise']:.2f}", f"{1e3 * printed['field']:.0f}",
            f"{1e3 * printed['zero']:.0f}", f"{printed[1.0]:.1f}", f"{average['rise']:.2f}",
            f"{1e3 * average['zero']:.0f}", f"{average[1.0]:.1f}"]


def dielectric_page():
    """The page docs/dielectric_tables.md as text."""
    fifth, sixth = (run(f"plot_002_fig{name}.py") for name in (
        "08_dielectric_constant_in_field", "10_dielectric_constant_without_quadrupoles"))
    seventh, first = run("plot_002_fig11_dielectric_loss_in_field.py"), run("plot_004_fig07_dielectric_minimum.py")
    pairs = {id: ({"level": row["level"]} | row["printed"], row["consistent"]) for id, row in fifth["curves"].items()}
    pairs |= {id: (sixth["curves"][id, "printed"], sixth["curves"][id, "consistent"]) for id in sixth["ROWS"]}
    smaller = [1.0 - average["rise"] / printed["rise"] for printed, average in pairs.values()]
    losses = [
        [short(id), f"{row['zero field']:.1f}", *(f"{row['printed'][B]:.2g}" for B in (0.01, 0.1, 1.0)),
         f"{row['derived']['peak']:.2f} at {1e3 * row['derived']['field']:.0f} mT"]
        for id, row in seventh["curves"].items()
    ]
    slopes = []
    for (id, (weight, angular)), row in first["slopes"].items():
        falling = row["falling"]
        reading = ["1/2" if weight == 0.5 else "1/3", "2πf" if angular else "f"]
        slopes.append([short(id), *reading, f"{1e3 * row['minimum']:.1f}", f"{falling:.1f}", f"{row['rising']:.1f}",
                       f"{falling / row['rising']:.2f}", f"{falling / row['steepest']:.2f}"])
    *albasio, bk7 = seventh["curves"].values()
    return DIELECTRIC.format(
        fields=table(["row", "level", "rise", "at (mT)", "zero at (mT)", "at 1 T", "exact average: rise",
                      "zero at (mT)", "at 1 T"], [[short(id), *field_rows(*pair)] for id, pair in pairs.items()]),
        losses=table(["row", "tan δ, no field", "10 mT", "0.1 T", "1 T", "peak with κ = 1/2"], losses),
        slopes=table(["row", "k", "ω", "T_min (mK)", "S₋", "S₊", "S₋/S₊", "steepest"], slopes),
        rise_low=min(smaller), rise_high=max(smaller), digit=sixth["digit"],
        perpendicular=float(fifth["directions"][1] / fifth["directions"][0]),
        both="; ".join(f"{row['shift']['resonant']:+.0f} resonant and {row['shift']['relaxational']:+.0f} relaxational"
                       for row in albasio) + " (77, 88, 96 mK)",
        table5=fifth["curves"]["002.T5.BAS.eps.T94mK"]["printed"][0.1], bk7_loss=bk7["printed"][0.1],
        bk7_shift=bk7["shift"]["resonant"], bk7_table5=fifth["curves"]["002.T5.BK7.eps.T15mK"]["printed"][0.1],
        growth=first["growth"], edges=first["edges"],
    )
