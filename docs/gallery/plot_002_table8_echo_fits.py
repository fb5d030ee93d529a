r"""
What the printed echo fits give (002 Table 8)
=============================================

Every row of the table under both presets, with the average over drive directions taken exactly or before it enters
(rms), and with the rate constant read per microsecond, as printed, or per millisecond, which agrees with the loss fits.
Position and height of the largest anomalous echo, what is left at 0.6 T, and the exponent of the tail.

The page :doc:`../echoes` compares the numbers with what the text claims.
"""

import matplotlib.pyplot as plt
import numpy as np

from glasstunnel import EchoConvention, echo, published_echo

ROWS = {
    "AlBaSiO 1": "002.T8.BAS.echo.s1", "AlBaSiO 2": "002.T8.BAS.echo.s2", "BK7, 1.5 µs": "002.T8.BK7.echo.tau12_1.5us",
    "BK7, 6 µs": "002.T8.BK7.echo.tau12_6us",
}
VARIANTS = {
    "paper": ("paper", "paper"), "derived, rms": ("derived", EchoConvention(rabi="rms")),
    "derived": ("derived", "derived"),
}
B = np.linspace(0.0, 0.9, 181)
results = {}
fig, panels = plt.subplots(2, 4, figsize=(13.0, 6.2), sharex=True)
for line, unit in zip(panels, ("us", "ms"), strict=True):
    for panel, (name, row) in zip(line, ROWS.items(), strict=True):
        for variant, (preset, convention) in VARIANTS.items():
            printed = published_echo(row, preset=preset, rate_unit=unit)
            relative = echo(
                printed.glass, printed.pulses, printed.T, np.append(B, [5.0, 10.0]), convention=convention,
                relative_amplitude=1.0,
            ) - 1.0
            curve, tail = relative[:-2], relative[-2:]
            steps = np.diff(curve)
            results[unit, name, variant] = {
                "top": float(curve.max()), "at": 1e3 * float(B[np.argmax(curve)]),
                "left": float(np.interp(0.6, B, curve)), "exponent": float(np.log2(tail[1] / tail[0])),
                "turns": int(np.count_nonzero(np.diff(np.sign(steps[np.abs(steps) > 1e-4])))),
            }
            panel.plot(1e3 * B, curve, label=variant)
        panel.set(title=f"{name}, Γ⁻¹ per {unit.replace('u', 'µ')}", xlabel="B (mT)")
panels[0, 0].legend(fontsize="small")
for line in panels:
    line[0].set_ylabel("anomalous echo (B = 0: 1)")
fig.tight_layout()

for (unit, name, variant), numbers in results.items():
    print(f"{unit} {name:12} {variant:12}", *(f"{key} {value:.4g}" for key, value in numbers.items()))
# One extremum at most, far above 10 mT, and a tail that falls as 1/B whatever the reading.
for numbers in results.values():
    assert numbers["turns"] <= 1
    assert numbers["at"] == 0.0 or numbers["at"] > 40.0
    assert abs(numbers["exponent"] + 1.0) < 0.01
