"""Where glass and data meet: priors, fits, profile intervals, comparison. Names are imported when first used."""

from importlib import import_module

_MODULE_OF = {
    "Uniform": "inference.priors", "LogUniform": "inference.priors", "Normal": "inference.priors",
    "FitResult": "inference.results", "FittedCurve": "inference.results", "fit": "inference.fitting",
    "Profile": "inference.profiles", "Profiles": "inference.profiles", "profile": "inference.profiles",
    "Comparison": "inference.comparison", "compare": "inference.comparison",
    "Tension": "inference.tensions", "tension": "inference.tensions",
    "Interval": "inference.intervals", "Prediction": "inference.predictions", "HoldOut": "inference.holdouts",
    "CoverageCard": "inference.calibration", "Posterior": "inference.posteriors", "posterior": "inference.posteriors",
    "Contours": "inference.pair_profiles", "contours": "inference.pair_profiles",
    "Plan": "inference.design", "plan": "inference.design",
    # Kept where scripts written for 0.1 look for them.
    "load_run": "runfile.run", "execute": "runfile.run",
}  # fmt: skip
__all__ = sorted(_MODULE_OF)


def __getattr__(name):
    if name not in _MODULE_OF:
        raise AttributeError(f"module 'glasstunnel.inference' has no attribute {name!r}")
    value = getattr(import_module(f"glasstunnel.{_MODULE_OF[name]}"), name)
    globals()[name] = value
    return value


def __dir__():
    return __all__
