"""The array namespace of the inputs: NumPy, or JAX when a JAX array is among them."""

import sys

import numpy as np

from glasstunnel.errors import ParameterError


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


def real_arrays(*named):
    """Float arrays of (name, values) pairs, in their common namespace.

    `ParameterError` naming what is no real number, and for shapes that do not broadcast together.

    >>> real_arrays(("T", 1), ("B", [0, 2]))[1]
    array([0., 2.])
    """
    for name, values in named:
        _check_real(name, values)
    xp = namespace(*(values for _, values in named))
    arrays = [xp.asarray(values, dtype=float) for _, values in named]
    try:
        np.broadcast_shapes(*(array.shape for array in arrays))
    except ValueError:
        shapes = " and ".join(f"{name} of shape {array.shape}" for (name, _), array in zip(named, arrays, strict=True))
        raise ParameterError(f"{shapes} do not broadcast together") from None
    return arrays


def _check_real(name, values):
    try:
        kind = values.dtype.kind if is_jax(values) else np.asarray(values).dtype.kind
    except (TypeError, ValueError):  # lists of unequal length
        kind = "O"
    if kind not in "iuf":
        shown = repr(values)
        raise ParameterError(f"{name} must be real numbers, got {shown if len(shown) < 60 else shown[:57] + '...'}")
