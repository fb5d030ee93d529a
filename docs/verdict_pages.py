"""Write the pages of docs/verdicts, whose numbers come from glasstunnel.verdicts: python docs/verdict_pages.py.

docs/conf.py writes them at every build too. The tables of equations and of figures are not kept: they follow every
citation in the code and every heading in the gallery.
"""

import re
from pathlib import Path

import equation_table
import figure_table

from glasstunnel.papers import paper_citations, published_entry, recommendations
from glasstunnel.verdicts import all_set_verdicts, all_verdicts, verdict
from glasstunnel.verdicts.parameter_sets import SET_MEANINGS
from glasstunnel.verdicts.record import CONTRADICTED, CORRECTED, MISPRINT, REPRODUCED
from glasstunnel.verdicts.tables import PAPERS, number_text, printed_text, select, totals

DOCS = Path(__file__).parent
GALLERY = sorted(path.stem for path in (DOCS / "gallery").glob("plot_*.py"))

TEN = """# The papers in ten verdicts

Five papers explain the magnetic effects of glasses by tunneling systems in magnetic flux: a letter (000) with its
supplement (001), a review of tunneling states (002), a review of the polycluster picture (003) and a paper on mixed
alkali-silicates (004). They print {claims} numbers, formulas and features that one can check. Each has a verdict that
a program computes and a test guards: {reproduced} are reproduced, {corrected} after a named correction, {misprint} are
misprints, {contradicted} are contradicted by the papers' own inputs or by the exact theory, in two independent
computations each. Of these, {near} are numbers that lie within {spread_near} of the computed ones: the rule is half the
last printed digit, also where the paper says "about". The rest is cited, observed, or not determined by what is
printed. A verdict is about a printed statement. Whether glasses behave so is for measurements to say.

{totals}

1. **Iron.** Fitted without tunneling systems, the magnetization of BK7 gives too much iron. Simulated from the printed
   full fit, such a fit finds Fe²⁺ within {iron:.1%} of what the letter reports, and spin 5/2 alone where both species
   are free. The full fits come within {excess} percent of mass spectrometry. *Reproduced*
   (`000.BK7.LL65.Fe2only`, `000.LL.otherspecies`, `001.total.agree`).
2. **The magnetization formula.** Its printed prefactor is {prefactor} times the one that follows from the papers' own
   density of states (001 Eq. 10, 002 Eq. 93); their weak-field susceptibility (001 Eq. 12) has the right one. If the
   fits used it as printed, their densities must be doubled, and the agreement with those from heat capacities becomes
   factors of {densities} (BAS, Duran). *Reproduced after a correction* (`001.eq10`, `002.eq93`, `001.eq12`).
3. **The maxima of the intrinsic magnetization.** Against the field the maximum moves up on cooling, in the exact theory
   with a B* of 1.30 T as in the text; the weak-field formula has none: *reproduced* (`000.peak.H`). Against 1/T it is
   said to stay in place; the printed formula with the printed set moves it by a factor of {peak} in temperature between
   1 and 5 T: *contradicted* (`000.peak.T`). The exact theory with that B* keeps it near 2 K up to 2 T, and moves it
   down beyond.
4. **Curie's law fails without impurities.** It does: T(χ - χ_L) changes by a factor of {curie} between 2 and 10 K
   (*reproduced*, `001.curie.dev`). The proposed test, a straight line between 0.3 and 4 K, is not one: there the term
   is a logarithm, and the line lies {window} times too high at the two ends (*contradicted*, `001.curie.T`).
5. **Levels, density of states, heat capacity.** The three-well levels, the density of states and both forms of the heat
   capacity are right to the last digit computed (`002.eq8`, `002.eq13`, `002.eq17`, `002.eq18`); the argument of the
   ionic heat capacity has an extra J (`002.eq16`). The field dependence the papers isolate is there. What the two-level
   form leaves out, the third level, is not small for the printed numbers: see
   {{doc}}`../what_the_exact_theory_changes`.
6. **The dielectric constant in a field.** Sign, size and final formulas are reproduced: a depression in Duran and BK7,
   changes between {eps} (`002.eps.negative`, `004.deltaeps.range`, `002.eq51`). The relaxation rate is not: its 5/6
   is 1/2 by the exact matrix element, and strain coupling gives another power of the energy (`002.eq55`, `004.eq15`).
7. **Echoes.** The amplitude formula is right after four corrections (`002.eq76`). The anomalous and the two-level echo
   have the same sign, so that a maximum, not a minimum, follows; the tail falls as B to the power {tail}, not -2. The
   common trend of echo, dielectric constant, heat capacity and density of states holds for three of the four, at fields
   that differ by a factor of about {spread}. *Contradicted* (`002.echo.sat`, `003.fig17`). Whether new features follow
   beyond 0.6 T hangs on a B* that is not printed: *not determined* (`002.echo.highB`).
8. **The standard tunneling model beneath.** Slopes of -2 and 1 and the rate are *reproduced* (`002.slopes.STM`,
   `002.eq39`). The minimum of the dielectric constant lies {minimum} times higher than the printed estimate
   (`002.eq38`, `004.T0.eq`), and the relaxational part alone has {relaxation} times the printed slope (`004.eq11`).
9. **Mixed alkali-silicates.** The laws in the composition, the exponent {exponent} and percolation's 29/36 are
   *reproduced* (`004.AATS.linear`, `004.BATS.linear`, `004.f`, `004.eq20`). The dipole moment of 0.045 D is not: the
   same tables give {moment} D with a relative permittivity of 5, and "much smaller than e a₀", which is 2.54 D, falls
   with it (`004.peff.mixed`). A factor 4 is lost in the relaxational part (`004.eq18`).
10. **Where the parameters come from.** A particle on one potential surface has a negative amplitude; D₀ > 0 needs more
    than the papers say (`001.D0sign`). Four particles tunnel together with the amplitude of one where they do
    not attract each other and with less where they do ({cluster} of it for an attraction of ten amplitudes); four times
    that of one is printed (`004.eq41`), so the cube law in the number of particles is an assumption. Cell sizes follow
    for BAS and BK7 from the stated densities, not for Duran (`003.BAS.xi`, `003.BK7.xi`, `003.Duran.xi`).

What speaks for the picture: formulas with few parameters follow several observables of several glasses, and of the
{formulas} formulas that were checked {right} are right as printed and {mended} more after a correction. What speaks
against it: each observable has cutoffs of its own, those of the echo {apart} times below the others on the mean
(`002.echo.order`), the printed numbers leave the range in which the formulas hold, and the step from atoms to the
fitted charges and areas is not made. Both can be looked up claim by claim: {pages}. The
{{doc}}`parameter_sets` have verdicts of their own, {{doc}}`equations` says where each numbered equation stands in the
code, and {{doc}}`figures` what becomes of each figure.

On the command line: `glasstunnel verdict 000.peak.T`, `glasstunnel verdict 002`, `glasstunnel verdict --contradicted`.

```{{toctree}}
:hidden:

{toctree}
parameter_sets
equations
figures
```
"""

PAPER = """# Verdicts on paper {number}

{citation}.

{count} claims: {totals}. Numbers are computed by `glasstunnel.verdicts`; `glasstunnel verdict ID` shows tolerance,
source line and the function behind each. Figures drawn from this paper: {figures}.

{table}
"""

SETS = """# Verdicts on the printed parameter sets

Every one of the 67 printed sets, and of two for phonon scattering that nobody printed as such: whether it gives the
curves of its figure, what follows from its numbers, and how far other sets of the same glass are from it.
`gt.published("BK7")`, or `gt.published("BAS", observable="heat_capacity")`, gives the recommended set with a note;
`glasstunnel show ID` prints everything below for one set.

{meanings}

## Recommended sets

{recommended}

## All sets

{table}
"""


def table(header, rows):
    """A Markdown table of strings."""
    lines = ["| " + " | ".join(header) + " |", "|" + "---|" * len(header)]
    return "\n".join([*lines, *("| " + " | ".join(cell(text) for text in row) + " |" for row in rows)])


def cell(text):
    """Text that does not end a table cell or start markup."""
    return text.replace("|", "\\|").replace("*", "\\*").replace("_", "\\_").replace("<", "\\<")


def total_table():
    words = list(totals(all_verdicts()))
    rows = []
    for paper in (*PAPERS, None):
        counts = totals(select(paper))
        rows.append([paper or "all", str(sum(counts.values())), *(str(counts.get(word, 0)) for word in words)])
    return table(["paper", "claims", *words], rows)


def number(id, digits=3):
    return number_text(verdict(id).computed, digits)


def near_numbers(within=0.05):
    """Relative distances of the contradicted numbers that lie this near to what is computed."""
    apart = [abs(record.computed / record.printed - 1.0) for record in select(contradicted=True)
             if isinstance(record.printed, float) and isinstance(record.computed, float)]
    return [distance for distance in apart if distance < within]


def doubled_densities():
    """Twice P* n of the magnetization fits of BAS and Duran over that of their heat-capacity fits."""
    pairs = ("002.T10.BAS.M", "002.T1.BAS.Cp"), ("002.T11.Duran.M", "002.T3.Duran.Cp")
    densities = [[published_entry(id).values["Pstar_n_ATS_per_g"] for id in pair] for pair in pairs]
    return [2.0 * magnetic / thermal for magnetic, thermal in densities]


def ten_verdicts_page():
    """docs/verdicts/index.md as text."""
    counts = totals(all_verdicts())
    iron = verdict("000.BK7.LL65.Fe2only")
    trend = verdict("003.fig17").computed
    *fitted, measured = verdict("001.total.agree").computed
    words = [record.verdict for record in all_verdicts() if record.topic == "formula"]
    right, mended = words.count(REPRODUCED), words.count(CORRECTED) + words.count(MISPRINT)
    excess = [number_text(100.0 * (total / measured - 1.0), 2) for total in fitted]
    pages = ", ".join(f"{{doc}}`paper_{paper}`" for paper in PAPERS)
    return TEN.format(
        claims=sum(counts.values()), reproduced=counts[REPRODUCED], corrected=counts[CORRECTED],
        misprint=counts[MISPRINT], contradicted=counts[CONTRADICTED], totals=total_table(),
        iron=abs(iron.computed / iron.printed - 1.0), excess=" and ".join(excess),
        prefactor=number("002.eq93", 2), peak=number("000.peak.T"), curie=number("001.curie.dev", 2),
        window=number("001.curie.T", 2).replace(", ", " and "),
        eps=number("004.deltaeps.range", 1).replace(", ", " and "), tail=number("002.echo.sat", 2),
        spread=f"{max(trend) / min(trend):.0f}", minimum=number("002.eq38"), relaxation=number("004.eq11", 2),
        near=len(near_numbers()), spread_near=f"{max(near_numbers()):.0%}",
        densities=" and ".join(f"{ratio:.1f}" for ratio in doubled_densities()), right=right, mended=mended,
        formulas=right + mended + words.count(CONTRADICTED), apart=number("002.echo.order", 2),
        exponent=number("004.f", 2), moment=number("004.peff.mixed", 2), cluster=number("004.eq41", 1), pages=pages,
        toctree="\n".join(f"paper_{paper}" for paper in PAPERS),
    )


def paper_page(paper):
    """docs/verdicts/paper_NNN.md as text."""
    found = select(paper)
    rows = [[f"`{record.id}`", record.what, printed(record), number_text(record.computed), record.verdict,
             record.reason, place(record)] for record in found]
    scripts = [name for name in GALLERY if name.startswith(f"plot_{paper}")]
    figures = ", ".join(f"{{doc}}`../gallery_output/{name}`" for name in scripts) or "none"
    head = ["claim", "what", "printed", "computed", "verdict", "reason", "where"]
    counts = ", ".join(f"{count} {word}" for word, count in totals(found).items())
    return PAPER.format(
        number=paper, citation=paper_citations()[paper], count=len(found), figures=figures, totals=counts,
        table=code_cells(table(head, rows)),
    )


def printed(record):
    """What is printed, formulas shortened."""
    text = printed_text(record)
    return text if len(text) < 80 else text[:77] + "..."


def place(record):
    """Where it stands, with a link to the figure if the gallery draws it."""
    text = re.sub(r", line \d+", "", record.source)
    for name in GALLERY:
        match = re.match(r"plot_(\d{3})_fig0?(\d+)_", name + "_")
        if match and re.search(rf"{match[1]} [^;]*Fig\. {match[2]}\b", record.source):
            return f"{text} {{doc}}`drawn here <../gallery_output/{name}>`"
    return text


def code_cells(text):
    """Undo the escapes inside code and links."""
    return re.sub(r"`[^`\n]*`", lambda found: found[0].replace("\\", ""), text)


def parameter_sets_page():
    """docs/verdicts/parameter_sets.md as text."""
    found = all_set_verdicts()
    rows = []
    for record in found:
        follows = "; ".join(f"{part.what}: {number_text(part.value, 3)} {part.unit}".removesuffix(" 1")
                            for part in record.recomputed)
        fails = "; ".join(f"{check.what}: printed {number_text(check.printed)}, computed {number_text(check.computed)}"
                          for check in record.checks if not check.follows)
        far = [part for part in record.tensions if part.sigmas is not None or max(part.ratio, 1 / part.ratio) > 2.0]
        apart = "; ".join(
            f"{part.what} {number_text(max(part.ratio, 1 / part.ratio), 2)} times "
            f"{'more' if part.ratio > 1.0 else 'less'} than {part.other}"
            + (f" ({part.sigmas:.1f} σ)" if part.sigmas is not None else "") for part in far)
        rows.append([f"`{record.id}`", record.verdict, record.reason, follows, fails, apart])
    best = [[row.glass, row.observable, f"`{row.id}`", row.reason] for row in recommendations()]
    return SETS.format(
        meanings="\n".join(f"- *{word}*: {meaning}" for word, meaning in SET_MEANINGS.items()),
        recommended=code_cells(table(["glass", "observable", "set", "why"], best)),
        table=code_cells(table(["set", "verdict", "reason", "what follows", "what does not", "other sets"], rows)),
    )


EQUATIONS = """# Where the numbered equations are

Every numbered equation of the five papers: the functions and records whose docstrings cite it, the tests that do, the
verdict on it, and what was corrected. Computed from the citations in the code, so that a citation that is added or lost
shows here. Judgments stand in `glasstunnel.verdicts` and are given as verdicts.

{papers}
"""


def equations_page():
    """docs/verdicts/equations.md as text."""
    parts = []
    for paper, citation in paper_citations().items():
        rows = []
        for number, places, tests, judged, sentence in equation_table.rows(paper):
            verdicts = "; ".join(f"{record.verdict} (`{record.id}`)" for record in judged)
            wrong = [record.reason for record in judged if record.verdict in (CORRECTED, MISPRINT, CONTRADICTED)]
            rows.append([str(number), short_list(places), short_list(tests), verdicts,
                         " ".join(dict.fromkeys([*wrong, sentence])).strip()])
        head = ["Eq.", "in the code", "cited by tests", "verdict", "correction or remark"]
        parts.append(f"## {paper}\n\n{citation}.\n\n{code_cells(table(head, rows))}")
    return EQUATIONS.format(papers="\n\n".join(parts))


FIGURES = """# What becomes of each figure

The {count} figures of the five papers: {drawn} are drawn by scripts of the gallery, each of which asserts what its
figure must show; for the rest there is nothing to compute, and a sentence says why.

{table}
"""


def figures_page():
    """docs/verdicts/figures.md as text."""
    drawn, figures = figure_table.drawn(), figure_table.figures()
    rows, count = [], 0
    for id, figure in figures.items():
        scripts = drawn.get(id) or drawn.get(figure.get("same_as", ""), [])
        why = figure.get("why_not") or figures.get(figure.get("same_as", ""), {}).get("why_not", "")
        count += bool(scripts)
        links = ", ".join(f"{{doc}}`{name.removeprefix('plot_')} <../gallery_output/{name}>`" for name in scripts)
        found = " ".join(plain(figure_table.difference(name)) for name in scripts[:1]) if scripts else why
        paper, number = id.split(".F")
        rows.append([f"{paper} Fig. {number}", figure["plotted"], figure["must_show"], links, found])
    head = ["figure", "plotted", "must show", "drawn by", "what is computed, and how it differs"]
    return FIGURES.format(count=len(figures), drawn=count, table=code_cells(table(head, rows)))


def plain(text):
    """Words of a gallery heading without its markup."""
    text = re.sub(r":(?:doc|math):`([^`]*)`", r"\1", text)
    return text.replace("``", "").replace("`", "")


def short_list(names, most=4):
    """The first names as code, and how many more there are."""
    more = [f"{len(names) - most} more"] if len(names) > most else []
    return ", ".join([*(f"`{name}`" for name in names[:most]), *more])


PAGES = {
    "index.md": ten_verdicts_page,
    **{f"paper_{paper}.md": (lambda paper=paper: paper_page(paper)) for paper in PAPERS},
    "parameter_sets.md": parameter_sets_page,
    "equations.md": equations_page,
    "figures.md": figures_page,
}


def write_pages():
    """Write every page, those that hold already what they should left alone."""
    folder = DOCS / "verdicts"
    folder.mkdir(exist_ok=True)
    for name, page in PAGES.items():
        text, path = page(), folder / name
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")
            print(f"wrote docs/verdicts/{name}")


if __name__ == "__main__":
    write_pages()
