"""The page docs/echoes.md."""

from pages.parts import run, table

ECHO = """# Echoes: what the printed formulas give, and what the text claims

Dipole echoes of glasses change with a weak magnetic field. Two explanations compete: flux through anomalous tunneling
systems (002 Sec. 6, 003 Sec. 3.3) and nuclear quadrupoles in the tunneling particle (Würger, Fleischmann and Enss
2002).
`echo` evaluates the first. For the second a `NuclearQuadrupoles` stands in the glass beside the two-level systems,
whose echo it multiplies (`nuclear_quadrupole_echo` is the bare factor). An echo amplitude is an observable like any
other: pulses are conditions (`with_pulses`, or columns such as `waiting_time`), and what a receiver makes of a dipole
moment is `data.<name>.scale`. `compare_echo` is `compare` of the two glasses:

```python
data = gt.data.with_noise(gt.data.with_pulses(gt.read("echo.csv", columns={{...}}), pulses), absolute=0.01)
gt.compare_echo([data], glass, gt.NuclearQuadrupoles("B-11", 8e5, 0.4, quadrupole_spread=0.3))
```

Everything in the table below is computed from the printed parameters of 002 Table 8 at 12 mK; no measured point
enters. Script and figure:
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
