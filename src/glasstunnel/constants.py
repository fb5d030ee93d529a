"""Physical constants in SI (exact in the 2019 SI unless a source is named)."""

import math

boltzmann = 1.380649e-23  #: k_B [J/K]
planck = 6.62607015e-34  #: h [J s]
hbar = planck / (2.0 * math.pi)  #: [J s]
elementary_charge = 1.602176634e-19  #: e [C]
avogadro = 6.02214076e23  #: N_A [1/mol]
speed_of_light = 299792458.0  #: c [m/s]
bohr_magneton = 9.2740100657e-24  #: mu_B [J/T], CODATA 2022
vacuum_permeability = 1.25663706127e-6  #: mu_0 [N/A^2], CODATA 2022
vacuum_permittivity = 1.0 / (vacuum_permeability * speed_of_light**2)  #: eps_0 [F/m]
debye = 1e-21 / speed_of_light  #: 1 D [C m]
flux_quantum = planck / elementary_charge  #: phi_0 = h/e [Wb] (single charge e, not 2e)
atomic_mass = 1.66053906892e-27  #: u [kg], CODATA 2022
angstrom = 1e-10  #: [m]
bohr_radius = 5.29177210544e-11  #: a_0 [m], CODATA 2022

bohr_magneton_kelvin = bohr_magneton / boltzmann  #: mu_B/k_B [K/T]

#: kappa [1/(T Angstrom^2)]: the energy D0*phi in kelvin is kappa * (D0|q/e|S in K Angstrom^2) * (B in T).
flux_phase_per_area = 2.0 * math.pi * angstrom**2 / flux_quantum
