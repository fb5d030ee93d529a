"""Other engines behind the same algorithms: ASE calculators, LAMMPS in its own process."""
