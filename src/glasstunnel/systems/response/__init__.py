"""What the response to a field shares between contributions: conventions, two-level and few-level kernels."""
