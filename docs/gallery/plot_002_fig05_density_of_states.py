r"""
Magnetic density of states (002 Figs. 5 and 6)
==============================================

Also 003 Figs. 7 and 8. A weak magnetic field moves tunneling systems from the lowest gaps upward (left). At fixed gap
the number of systems rises with the field, has a cusp and falls (right).

*Where this differs from the paper.* The parameters behind the drawings are not printed; those here are of the size of
the fitted ones (ratio 4 of the amplitude cutoffs). The curves are 002 Eq. 13 for :math:`n P^*=1`; the exact average
over the direction of the flux loops, dashed, has no cusp: it is an artifact of replacing that average by
:math:`\varphi\to\varphi/\sqrt3`, besides the two reasons the paper gives.
"""

import dataclasses

import matplotlib.pyplot as plt
import numpy as np

from glasstunnel import AnomalousTunnelingSystems, density_of_states
from glasstunnel.constants import flux_phase_per_area

lower, upper, smallest = 0.5, 2.0, 0.1  # D0min, D0max, Dmin in kelvin
area = 1e5  # Angstrom^2; it only sets the scale of the field
fixed = AnomalousTunnelingSystems(
    density=1.0, asymmetry_min=smallest, asymmetry_max=None, amplitude_area_min=lower * area,
    amplitude_area_max=upper * area, theory="effective", orientation="rms",
)
averaged = dataclasses.replace(fixed, orientation="average")


def field_of(phase):
    """Flux density whose orientation-averaged phase is `phase`: the rms phase is phi_m/sqrt(3)."""
    return np.sqrt(3.0) * phase / (flux_phase_per_area * area)


gap = np.geomspace(0.05, 3.0, 1200)
phases = (0.0, 0.1, 0.2, 0.4)
fig, (left, right) = plt.subplots(1, 2, figsize=(9.5, 4.0))
peaks = []
for phase in phases:
    states = density_of_states(fixed, gap, field_of(phase))
    peaks.append(gap[np.argmax(states)])
    left.plot(gap, states, label=rf"$\varphi={phase}$")
left.set(xlabel="gap E (K)", ylabel=r"$g_{ATS}$ (1/K, $nP^*=1$)", xscale="log")
left.legend()

phase = np.linspace(0.0, 1.0, 1201)
for number, energy in enumerate((0.15, 0.3, 0.6)):
    right.plot(phase, density_of_states(fixed, energy, field_of(phase)), f"C{number}", label=f"E = {energy} K")
    right.plot(phase, density_of_states(averaged, energy, field_of(phase)), f"C{number}--")
right.set(xlabel=r"rms phase $\varphi$", ylabel=r"$g_{ATS}$ (1/K, $nP^*=1$)", ylim=(0.0, None))
right.legend(title="dashed: exact average")
fig.tight_layout()

# %%
# What the figures must show: the peak moves up quickly with the field; at fixed gap the density rises, has a cusp and
# falls to zero. The edges are :math:`\sqrt{D_{min}^2+D_{0min}^2\varphi^2}`.
print("peak at E =", ", ".join(f"{peak:.3f} K (phase {phi})" for peak, phi in zip(peaks, phases, strict=True)))
assert np.all(np.diff(peaks) > 0.0) and peaks[-1] > 3.0 * peaks[0]
at_fixed_gap = density_of_states(fixed, 0.3, field_of(phase))
top = np.argmax(at_fixed_gap)
assert 0.0 < phase[top] < 1.0 and at_fixed_gap[top] > at_fixed_gap[0] > 0.0
assert np.all(np.diff(at_fixed_gap[: top - 1]) > 0.0) and at_fixed_gap[-1] == 0.0
cusp = np.sqrt(0.3**2 - smallest**2) / upper
assert abs(phase[top] - cusp) < 0.002

# %%
# States are conserved: what leaves the low gaps is found higher up.
wide = np.geomspace(0.09, 1e4, 40001)


def number_below(top, phi):
    return np.trapezoid(np.where(wide < top, density_of_states(fixed, wide, field_of(phi)), 0.0), wide)


loss_below, loss_above = ([number_below(end, 0.4) - number_below(end, 0.0)] for end in (0.5, 1e4))
print(f"change of the number of systems below 0.5 K: {loss_below[0]:.2f}; altogether: {loss_above[0]:.4f}")
assert loss_below[0] < -1.0 and abs(loss_above[0]) < 1e-3 * abs(loss_below[0])
