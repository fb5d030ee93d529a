"""Where glass and data meet: priors, fits, profile intervals, comparison. Names are imported when first used."""

from glasstunnel.lazy import lazy_names

_PUBLIC = {
    "calibration": ("CoverageCard",), "comparison": ("Comparison", "compare"), "design": ("Plan", "plan"),
    "fitting": ("fit",), "holdouts": ("HoldOut",), "intervals": ("Interval",),
    "pair_profiles": ("Contours", "contours"), "posteriors": ("Posterior", "laplace_evidence", "posterior"),
    "predictions": ("Prediction",), "priors": ("LogUniform", "Normal", "Uniform"),
    "profiles": ("Profile", "Profiles", "profile"), "results": ("FitResult", "FittedCurve"),
    "tensions": ("Tension", "tension"),
}  # fmt: skip
_MODULE_OF = {name: f"glasstunnel.inference.{module}" for module, names in _PUBLIC.items() for name in names}
# Kept where scripts written for 0.1 look for them.
_MODULE_OF |= {"load_run": "glasstunnel.runfile.run", "execute": "glasstunnel.runfile.run"}

__all__, __getattr__, __dir__ = lazy_names(__name__, _MODULE_OF)  # pyright: ignore[reportUnsupportedDunderAll]
