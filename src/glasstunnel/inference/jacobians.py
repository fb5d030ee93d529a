"""The Jacobian of a fit: structured (default), or exact through JAX."""

import numpy as np

from glasstunnel.errors import FitError


def jacobian_function(kind):
    """Function (problem, z) -> derivative of `problem.residuals` for kind "structured", "jax" or "auto".

    "structured": exact for linear parameters, closed forms where a contribution has them, central differences else.
    "jax": forward differentiation of the whole model, exact; `FitError` when JAX is not installed.
    "auto" is "structured", the faster one for the models of this package (docs/decisions).
    """
    if kind in ("auto", "structured"):
        return lambda problem, z: problem.jacobian(z)
    if kind != "jax":
        raise FitError(f"jacobian must be 'auto', 'structured' or 'jax', got {kind!r}")
    try:
        import jax
    except ImportError:
        raise FitError("jacobian='jax' needs JAX; install glasstunnel[jax] or leave the default") from None
    return _jax_function(jax)


def _jax_function(jax):
    """Compiles the model of a problem once and keeps it as long as the fit works on that problem."""
    compiled = {}

    def jacobian(problem, z):
        key = id(problem.glass), tuple(problem.held.items())
        with jax.enable_x64(True):
            if key not in compiled:
                compiled[key] = jax.jit(jax.jacfwd(problem.model)), problem
            slopes, _ = compiled[key]
            rows = np.asarray(slopes(jax.numpy.asarray(z))) / problem.sigma[:, None]
        return np.vstack([rows, problem.prior_rows(z)])

    return jacobian
