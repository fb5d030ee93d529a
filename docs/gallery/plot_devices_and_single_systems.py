r"""
Noise, qubits and single tunneling systems
==========================================

Left to right: the loss spectrum of an oxide over frequency and temperature (resonant absorption at GHz, relaxation at
audio frequencies); relaxation rates of qubits that each have a few tunneling systems within a line width, drawn system
by system; the hyperbolas of single systems in strain, each with its vertex. Independent systems make white frequency
noise that dies out on cooling: the 1/f noise of resonators is not among these pictures, because it needs systems that
interact.
"""

import matplotlib.pyplot as plt
import numpy as np

import glasstunnel as gt
from glasstunnel.observables.noise import sample_qubit_rates
from glasstunnel.observables.spectroscopy import vertex

oxide = gt.TwoLevelSystems(1e20, 1e-6, 100.0, dielectric_strength=1e-3, elastic_constant=1e-8)
T, f = np.geomspace(0.01, 1.0, 60)[:, None], np.geomspace(1.0, 1e11, 90)
loss = gt.loss_tangent(oxide, T, 0.0, f)

# %%
fig, (spectrum, qubits, strain) = plt.subplots(1, 3, figsize=(13.0, 4.0))
image = spectrum.pcolormesh(f, T[:, 0], np.log10(loss), shading="gouraud", rasterized=True)
spectrum.set(xscale="log", yscale="log", xlabel="frequency (Hz)", ylabel="T (K)", title="loss")
fig.colorbar(image, ax=spectrum, orientation="horizontal", pad=0.2, label="log₁₀ tan δ")

summaries = {}
for color, mass in enumerate((1e-17, 4e-16)):
    conditions = (oxide, 0.02, 5e9, 1e-3, mass, 2e-8)
    rates, summary = sample_qubit_rates(*conditions, count=1500, seed=2), gt.qubit_relaxation(*conditions)
    summaries[mass] = (rates, summary)
    label = f"{summary.systems_per_linewidth:.2g} systems per line"
    qubits.hist(rates / summary.rate, np.geomspace(0.03, 30.0, 40), histtype="step", color=f"C{color}", label=label)
qubits.set(xscale="log", xlabel="1/T₁ over its mean", ylabel="qubits of 1500", title="qubits in the same glass")
qubits.legend()

bend = np.linspace(-3e-6, 3e-6, 200)
for color, (asymmetry, amplitude, potential) in enumerate([(0.02, 0.25, 1.2), (-0.03, 0.31, 0.8), (0.01, 0.2, 2.0)]):
    frequency = gt.transition_frequency(asymmetry, amplitude, bend, potential)
    found = vertex(bend, frequency)
    assert np.allclose([found[0], found[2]], [amplitude, potential], rtol=1e-6)
    strain.plot(1e6 * bend, 1e-9 * frequency, f"C{color}")
    strain.plot(1e6 * found[1], 1e-9 * frequency.min(), f"C{color}o")
strain.set(xlabel="strain (10⁻⁶)", ylabel="frequency (GHz)", title="single systems, vertex Δ₀/h")
fig.tight_layout()

# %%
# The loss has a relaxational plateau pi A/6 and twice that in resonance; rates scatter as one over the root of the
# number of systems; independent systems are white and die out on cooling.
assert abs(gt.loss_tangent(oxide, 1.0, 0.0, 1e3) / (np.pi / 6.0 * 1e-3) - 1.0) < 0.01
assert abs(gt.loss_tangent(oxide, 0.01, 0.0, 2e10) / (np.pi / 3.0 * 1e-3) - 1.0) < 0.01
for rates, summary in summaries.values():
    assert abs(np.mean(rates) / summary.rate - 1.0) < 0.06
    assert abs(np.std(rates) / np.mean(rates) / summary.spread - 1.0) < 0.2
few, many = (summary.spread for _, summary in summaries.values())
assert abs(few / many - 40.0**0.5) < 1e-6
noise = gt.frequency_noise(oxide, np.array([0.02, 0.1, 0.1])[:, None], 0.0, 5e9, [0.1, 1.0], 1e-12, coherence_time=1e-7)
assert abs(noise[1, 0] / noise[1, 1] - 1.0) < 0.02 and noise[0, 0] < noise[1, 0]
