"""The nuclear-quadrupole explanation of echoes in a magnetic field."""
