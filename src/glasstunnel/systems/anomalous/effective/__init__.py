"""The effective two-level theory of anomalous tunneling systems, valid for T << D0 and phi << 1."""
