r"""
Two pulses and their echo (002 Fig. 12, 003 Fig. 13)
====================================================

The envelope of the echo of AlBaSiO against time for the pulses of 002 Table 8 (0.1 and 0.2 µs, 1 GHz), with a waiting
time of 2 µs: systems that dephase after the first pulse are turned by the second and come back in phase a waiting time
later.

*Where this differs from the paper.* The paper draws a sketch with an echo one waiting time after the second pulse. For
pulses of finite length the echo comes later, by about half the first pulse beyond the sum of the centers.
"""

import matplotlib.pyplot as plt
import numpy as np

from glasstunnel import echo, published_echo

printed = published_echo("002.T8.BAS.echo.s2", preset="derived")
pulses = printed.pulses
first, second = pulses.durations
gap = pulses.waiting_times[0]
start = first + gap + second  # end of the second pulse
time = np.linspace(start + 0.6 * gap, start + 1.4 * gap, 401)
envelope = echo(printed.glass, pulses, printed.T, 0.0, time)
envelope = envelope / abs(envelope).max()

fig, panel = plt.subplots(figsize=(8.0, 3.6))
for begin, length in ((0.0, first), (first + gap, second)):
    panel.axvspan(1e6 * begin, 1e6 * (begin + length), color="C0", alpha=0.5)
panel.plot(1e6 * time, envelope, "C3", label="echo")
panel.axvline(1e6 * (2.0 * gap + first + second), color="0.5", ls=":", label="τ₁₂ after the second pulse")
panel.set(xlabel="time from the start of the first pulse (µs)", ylabel="envelope", xlim=(-0.1, None))
panel.legend(fontsize="small")
fig.tight_layout()

# %%
# What the figure must show: one echo, about a waiting time after the second pulse, as long as the pulses.
peak = float(time[np.argmax(abs(envelope))])
centers = 0.5 * first + 2.0 * (0.5 * first + gap + 0.5 * second)  # twice the distance of the pulse centers
print(f"echo {1e6 * (peak - start):.3f} us after pulse 2, {1e6 * (peak - centers):+.3f} us from the sum of the centers")
assert abs(peak - start - gap) < second
assert 0.0 < peak - (first + second + 2.0 * gap) < first
wide = time[abs(envelope) > 0.5]
assert wide[-1] - wide[0] < 2.0 * (first + second)
