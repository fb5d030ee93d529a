r"""
One field axis for echo, permittivity, density of states and heat capacity (003 Fig. 17)
========================================================================================

The central claim of the papers: minus the echo amplitude, the dielectric constant, the heat capacity and the density of
states of the anomalous systems of AlBaSiO trace one trend with the field, a rise and then a fall. Each quantity is
computed from the printed set of its own fit: 002 Table 8 (echo at 12 mK, 1 GHz, and the density of states at that
carrier), Table 5 (50 mK) and Table 2 (0.9 K).

*Where this differs from the paper.* No measured points. The printed ratio of the two parts of the echo is not known;
drawn is the anomalous part. Three quantities rise and fall as claimed, though at fields from 0.02 to 1 T: the sets
have different cutoffs. Minus the echo does the opposite, because anomalous and two-level echoes have the same sign. The
papers get a minimum of the amplitude by giving their ratio a negative sign, without a reason (dashed).
"""

import matplotlib.pyplot as plt
import numpy as np

from glasstunnel import (
    EchoConvention,
    density_of_states,
    dielectric_shift,
    echo,
    heat_capacity,
    published,
    published_echo,
)
from glasstunnel.constants import boltzmann, hbar

B = np.concatenate([[0.0], np.geomspace(1e-3, 8.0, 90)])
printed = published_echo("002.T8.BAS.echo.s2", preset="derived")
carrier = hbar * 2.0 * np.pi * 1e9 / boltzmann  # K
amplitude = echo(
    printed.glass, printed.pulses, printed.T, B, convention=EchoConvention(rabi="rms"), relative_amplitude=1.0
) - 1.0
curves = {
    "density of states at the carrier": density_of_states(printed.glass["ats"], carrier, B),
    "Δε′/ε′ at 50 mK": dielectric_shift(
        published("002.T5.BAS.eps.T50mK"), 0.05, B, 1e3, reference_field=0.0, part="resonant"),
    "C at 0.9 K": heat_capacity(published("002.T2.BAS.Cp.T0.90K")["ats"], 0.9, B),
    "−A of the echo": -amplitude,
}


def scaled(curve):
    """Zero at B = 0, and one (or minus one) at the first turn."""
    change = curve - curve[0]
    return change / abs(change[np.argmax(np.diff(np.sign(np.diff(change[1:]))) != 0.0) + 2])


fig, panel = plt.subplots(figsize=(7.6, 4.8))
for number, (name, curve) in enumerate(curves.items()):
    panel.semilogx(B[1:], scaled(curve)[1:], f"C{number}", label=name)
panel.semilogx(B[1:], -scaled(curves["−A of the echo"])[1:], "C3--", label="−A with the papers' sign")
panel.axhline(0.0, color="0.7", lw=0.8)
panel.set(xlabel="B (T)", ylabel="change, scaled", ylim=(-2.0, 1.3), title="AlBaSiO, printed sets")
panel.legend(fontsize="small", loc="lower left")
fig.tight_layout()

# %%
# What the figure must show, and what it does: three rise and fall, minus the echo falls and rises.
tops = {}
for name, curve in curves.items():
    sign = -1.0 if name.startswith("−A") else 1.0
    tops[name] = float(B[np.argmax(sign * curve)])
    assert 0.0 < tops[name] < B[-1], name
    assert (sign * curve).max() > max((sign * curve)[0], (sign * curve)[-1]), name
print("extremum (T):", {name: round(B, 3) for name, B in tops.items()})
assert tops["Δε′/ε′ at 50 mK"] < 0.05 and tops["C at 0.9 K"] > 1.0
assert amplitude.max() > 1.1 * amplitude[0]  # the anomalous echo grows before it falls
