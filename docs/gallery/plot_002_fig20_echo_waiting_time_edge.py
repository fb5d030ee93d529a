r"""
Integrated echo of glycerol-d3 against waiting time (002 Fig. 20)
=================================================================

002 Eq. 87 with the parameters of the text: :math:`\tau_{\varphi(3)}=1` us, :math:`\tau_{\varphi(2)}=10` us, offset of
0.6 MHz read as 0.6e6 rad/s. The amplitudes are not printed; K/C = 15 is chosen in the range where the sum oscillates
and stays positive.

*Where this differs from the paper.* In 002 Eq. 86 the two exponential integrals have exchanged arguments, and in Eq. 87
all anomalous terms lack the factor :math:`2\tau_{12}/\tau_\varphi`; corrected (left) and with the printed prefactors
(middle). The oscillations come from integrating over all times, with the decay centered before the second pulse. With a
gate around the echo (right) the same sharp edge leaves nothing but :math:`e^{-2w\tau_{12}}`.
"""

import matplotlib.pyplot as plt
import numpy as np

from glasstunnel import AnomalousTunnelingSystems, Pulses, echo
from glasstunnel.constants import boltzmann, hbar
from glasstunnel.echoes.flux.zero_field_decay import printed_decay

OFFSET = 0.6e6  # rad/s
wait = np.linspace(0.25e-6, 20e-6, 400)
fig, panels = plt.subplots(1, 3, figsize=(12.5, 4.0))
turns = {}
for panel, form, strength in ((panels[0], "corrected", 0.3), (panels[1], "printed", 15.0)):
    two_level = np.exp(-2.0 * wait / 10e-6)
    panel.plot(1e6 * wait, two_level, "C0", label="two-level systems")
    for time, color in ((1.0e-6, "k"), (0.3e-6, "C1")):
        total = printed_decay(wait, 1.0, strength, 10e-6, time, OFFSET, form=form)
        panel.plot(1e6 * wait, total, color, label=f"sum, anomalous {1e6 * time:.1f} µs")
        turns[form, time] = np.count_nonzero(np.diff(np.sign(np.diff(total))))
    panel.set(xlabel="waiting time (µs)", title=f"Eq. 87, {form}", yscale="log", ylim=(5e-3, 30.0))
    panel.legend(fontsize="small")
panels[0].set_ylabel("integrated echo amplitude")

# The same edge behind a gate of +-0.4 us around the echo.
frequency = 0.887e9
edge = (2.0 * np.pi * frequency - OFFSET) * hbar / boltzmann
contribution = AnomalousTunnelingSystems(
    1.0, edge, None, 1e3, 1e4, theory="effective", dipole_moment=1e-28, spectral_diffusion=1e6 / 0.0135
)
gaps = np.array([0.5, 1.0, 2.0, 4.0, 6.0, 8.0, 10.0]) * 1e-6
gated = np.array([
    float(echo(contribution, Pulses((10e-9, 20e-9), (gap,), frequency, 1e2, detection="gated", gate=0.4e-6), 0.0135, 0))
    for gap in gaps
])
panels[2].semilogy(1e6 * gaps, gated / gated[0], "ko", label="gated echo of the same edge")
panels[2].semilogy(1e6 * gaps, np.exp(-2e6 * (gaps - gaps[0])), "C0", label="pure decay")
panels[2].set(xlabel="waiting time (µs)", title="with a gate of ±0.4 µs")
panels[2].legend(fontsize="small")
fig.tight_layout()

# %%
# What the figure must show: (a) oscillations at 1 us, (b) none at 0.3 us; and what a gate makes of them.
print("turning points:", turns)
assert turns["printed", 1.0e-6] >= 4 > turns["printed", 0.3e-6]
print("largest deviation of the gated echo from a pure decay:", np.ptp(gated * np.exp(2e6 * gaps)) / gated[0])
assert np.allclose(gated * np.exp(2e6 * gaps), gated[0] * np.exp(1.0), rtol=1e-9)
