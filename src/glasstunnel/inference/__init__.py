"""Where glass and data meet: priors, fits, profile intervals, model comparison."""

from importlib import import_module

# Bound at once: these functions share the name of their module, and importing the module would hide them.
from glasstunnel.inference.compare import compare
from glasstunnel.inference.fit import fit
from glasstunnel.inference.profile import profile
from glasstunnel.inference.tension import tension

_MODULE_OF = {
    "Uniform": "priors", "LogUniform": "priors", "Normal": "priors",
    "FitResult": "results", "FittedCurve": "results",
    "Profile": "profile", "Profiles": "profile", "Comparison": "compare", "Tension": "tension",
    "intrinsic_magnetization": "intrinsic",
    "universality_test": "universality", "Universality": "universality",
    "Run": "runfile", "load_run": "runfile", "execute": "runfile",
}
__all__ = ["compare", "fit", "profile", "tension", *sorted(_MODULE_OF)]


def __getattr__(name):
    if name not in _MODULE_OF:
        raise AttributeError(f"module 'glasstunnel.inference' has no attribute {name!r}")
    value = getattr(import_module(f"glasstunnel.inference.{_MODULE_OF[name]}"), name)
    globals()[name] = value
    return value


def __dir__():
    return __all__
