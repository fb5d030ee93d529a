"""The exact three-level theory of anomalous tunneling systems."""
