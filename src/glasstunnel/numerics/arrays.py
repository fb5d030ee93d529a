"""The array namespace of the inputs: NumPy, or JAX when a JAX array is among them."""

import sys

import numpy as np


def is_jax(value):
    """True when `value` is a JAX array or tracer (without importing JAX)."""
    jax = sys.modules.get("jax")
    return jax is not None and isinstance(value, jax.Array)


def namespace(*values):
    """`jax.numpy` when any value is a JAX array, else `numpy`.

    Kernels call this on their inputs and run unchanged on both. JAX needs 64-bit floats
    (`jax.config.update("jax_enable_x64", True)`) for the accuracy stated in this package.

    >>> namespace(1.0, np.ones(3)).__name__
    'numpy'
    """
    if any(is_jax(value) for value in values):
        import jax.numpy as jnp

        return jnp
    return np
