"""Electric-dipole echoes: two-level and three-level systems, and the competing nuclear-quadrupole explanation."""
