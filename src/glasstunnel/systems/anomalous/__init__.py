"""Anomalous tunneling systems: the contribution, its cutoffs, and two theories of its observables."""
