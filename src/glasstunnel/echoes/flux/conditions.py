"""What every echo of tunneling systems in flux needs to know, apart from the field."""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class EchoConditions:
    """SI, energies in kelvin.

    temperature [K]. carrier : omega [rad/s]. rabi : p F0/hbar of the dipole moment p [rad/s]. durations : of the
    pulses [s]. echo_time, stored_time : time over which coherence decays, and time spent as a population (three
    pulses) [s]. rate : of relaxation, [1/(s K^m)]. dephasing : 1/tau_phi [1/s]. damping_factor : the
    amplitude decays with damping_factor/tau.
    """

    temperature: float
    carrier: float
    rabi: float
    durations: tuple[float, ...]
    echo_time: float
    stored_time: float
    rate: float
    dephasing: float
    damping_factor: float = 0.5

    def amplitude_rate(self, population_rate: np.ndarray) -> np.ndarray:
        """1/tau_phi + damping_factor/tau, the decay rate of a coherence [1/s]  [002, Eq. 78, which has 1/tau]."""
        return self.dephasing + self.damping_factor * population_rate
