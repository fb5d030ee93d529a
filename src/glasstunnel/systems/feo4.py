"""[FeO4]0 centers: Fe3+ on a silicon site, coupled to the spin of a trapped hole."""

from dataclasses import dataclass

import numpy as np

from glasstunnel.systems.contribution import zeros
from glasstunnel.systems.ensemble import Ensemble, EnsembleContribution
from glasstunnel.systems.parameters import check_choice, option, parameter

#: option `gap` -> gap over V
GAPS = {"corrected": 2.5, "printed": 1.25}

# V/V0 = e^v on equidistant v: the integrand is analytic in |Im v| < pi/2 and dies at both ends faster than
# exponentially, so the trapezoidal rule has no error left in double precision (for T > 1e-6 V0).
_STEP = 0.2
_RATIO = np.exp(np.arange(-27.0, 3.1, _STEP))
_WEIGHT = _STEP * 4.0 * _RATIO**3 * np.exp(-2.0 * _RATIO)


@dataclass(frozen=True)
class FeO4Centers(EnsembleContribution):
    """[FeO4]0 centers as two-level systems with a spread of couplings V  [004, Eqs. 27-30].

    The coupling of the iron spin 5/2 with the hole spin 1/2 along the local axis has the distribution
    4 V^2/V0^3 exp(-2V/V0), V > 0, with V0 = `scale` > 0 (004 prints both with the other sign).

    gap : "corrected", the distance 5/2 V of the levels +5/4 V and -5/4 V, or "printed", 5/4 V as in 004 Eqs. 29-30.
        With the printed gap the published V0 of 0.42 K applies; the corrected gap gives the same curve at 0.21 K.

    The truncation to the two outer ones of six doublets is that of the source. The levels do not depend on the field
    here.

    >>> from glasstunnel import FeO4Centers, heat_capacity
    >>> from glasstunnel.constants import boltzmann
    >>> centers = FeO4Centers(concentration=1.0, scale=0.42)
    >>> round(float(heat_capacity(centers, T=0.1, B=0.0)) / boltzmann, 10)
    0.0319631071
    """

    summary = "[FeO4]0 centers as two-level systems with a spread of couplings V"
    validity = (
        "Fields too weak to shift the levels (mu_B B well below k_B times `scale`), and temperatures at "
        "which the two outer of six doublets stand for all, which is the truncation of the source"
    )
    equations = "004, Eqs. 27-30"

    concentration: float = parameter("1/kg", "centers per kilogram", open_lower=False, linear=True)
    scale: float = parameter("K", "scale V0 of the couplings, their mean being 1.5 V0")
    gap: str = option(GAPS, "corrected")

    def __post_init__(self):
        super().__post_init__()
        check_choice(self, "gap")

    def ensemble(self, B):
        """Two levels, 0 and the gap, at each node of the coupling."""
        gap = GAPS[self.gap] * self.scale * np.asarray(_RATIO)
        levels = zeros(B)[..., None, None] + np.stack([np.zeros_like(gap), gap], axis=-1)
        return Ensemble(levels=levels, weights=self.concentration * np.asarray(_WEIGHT))
