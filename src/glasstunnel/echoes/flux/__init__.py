"""Echoes of two- and three-level systems whose levels depend on magnetic flux."""
