"""Where glass and data meet: priors, fits, profile intervals, model comparison."""

from importlib import import_module

_MODULE_OF = {
    "Uniform": "priors", "LogUniform": "priors", "Normal": "priors",
    "fit": "fit",
    "FitResult": "results", "FittedCurve": "results",
    "profile": "profile", "Profile": "profile",
    "compare": "compare", "Comparison": "compare",
    "intrinsic_magnetization": "intrinsic",
    "universality_test": "universality", "Universality": "universality",
    "load_run": "runfile", "execute": "execute",
}
__all__ = sorted(_MODULE_OF)


def __getattr__(name):
    if name not in _MODULE_OF:
        raise AttributeError(f"module 'glasstunnel.inference' has no attribute {name!r}")
    value = getattr(import_module(f"glasstunnel.inference.{_MODULE_OF[name]}"), name)
    globals()[name] = value
    return value


def __dir__():
    return __all__
