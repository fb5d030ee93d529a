"""What contributions that couple to strain share: sound velocity and internal friction from one complex response.

Strain e moves the asymmetry of a system by 2 g e. The relative change of a modulus is -s with

    dv/v = -Re(s)/2,   1/Q = Im(s),

so that s is to strain what Delta eps/eps is to an electric field (the direction average of a dipole, 1/3, is missing).
"""

from collections.abc import Mapping

import numpy as np

from glasstunnel.constants import elementary_charge
from glasstunnel.errors import ParameterError
from glasstunnel.systems.material import Material
from glasstunnel.systems.parameters import known

#: Which modulus a measurement feels: bulk waves, the bar (vibrating reed) and the torsion of a rod (transverse).
MODES = ("longitudinal", "transverse", "young", "torsion")
_METHODS = ("sound_velocity_shift", "internal_friction")


class AcousticResponse:
    """Mixed into a contribution with `material`, which states `strain_response` and `couples_to_strain`."""

    def couples_to_strain(self) -> bool:
        """Whether a tunneling strength is known, be it zero."""
        raise NotImplementedError(f"{type(self).__name__} does not say whether it couples to strain")

    def strain_response(self, T, B, frequency, *, mode, part, intensity=None):
        """s [1], complex, of the broadcast shape."""
        raise NotImplementedError(f"{type(self).__name__} does not state its response to strain")

    def strained_response(self, T, B, frequency, strain_amplitude, *, mode, part):
        """The same at an amplitude of strain [1] so large that the response is not linear."""
        raise ParameterError(
            f"{type(self).__name__}: the response to a large strain amplitude is evaluated for two-level systems only; "
            "leave strain_amplitude out"
        )

    def gives(self, method):
        return self.couples_to_strain() if method in _METHODS else super().gives(method)  # pyright: ignore[reportAttributeAccessIssue]  # of the contribution

    def sound_velocity_shift(
        self, T, B, frequency, reference_temperature=None, reference_field=None, strain_amplitude=None, *,
        mode="longitudinal", part="both",
    ):
        """dv/v [1], from its value at the reference, either coordinate taken from T or B where it is not given; at a
        strain amplitude [1], the same at the reference, where one is given."""
        options = {"mode": mode, "part": part}
        shift = -0.5 * np.real(self._strain_response(T, B, frequency, strain_amplitude, options))
        if reference_temperature is None and reference_field is None:
            return shift
        T = T if reference_temperature is None else reference_temperature
        B = B if reference_field is None else reference_field
        return shift + 0.5 * np.real(self._strain_response(T, B, frequency, strain_amplitude, options))

    def internal_friction(
        self, T, B, frequency, intensity=None, strain_amplitude=None, *, mode="longitudinal", part="both"
    ):
        """1/Q [1] at an intensity [W/m2] of resonant sound, or at a strain amplitude [1] of slow sound; without either
        in its weak-field value."""
        if strain_amplitude is None:
            return np.imag(self.strain_response(T, B, frequency, mode=mode, part=part, intensity=intensity))
        if intensity is not None:
            raise ParameterError("give intensity (resonant absorption) or strain_amplitude (slow sound), not both")
        return np.imag(self._strain_response(T, B, frequency, strain_amplitude, {"mode": mode, "part": part}))

    def _strain_response(self, T, B, frequency, strain_amplitude, options):
        if strain_amplitude is None:
            return self.strain_response(T, B, frequency, **options)
        return self.strained_response(T, B, frequency, strain_amplitude, **options)


def as_material(material: object, owner: str) -> Material | None:
    """A `Material`, from a table of a run file too; `ParameterError` for anything else."""
    if material is None or isinstance(material, Material):
        return material
    if isinstance(material, Mapping):
        try:
            return Material(**material)
        except TypeError as error:
            raise ParameterError(f"{owner}.material: {error}") from None
    raise ParameterError(
        f"{owner}.material must be a Material(density, longitudinal_speed, transverse_speed, longitudinal_potential, "
        f"transverse_potential), got {material!r}"
    )


def tunneling_strengths(density: float, material: Material) -> tuple[float, float]:
    """(C_l, C_t) = density g_i^2/(k_B v_i^2) [1] of two-level systems, `density` [1/(K kg)].

    The dimensionless coupling C = Pbar g^2/(rho v^2) of W. A. Phillips, Rep. Prog. Phys. 50, 1657 (1987), with
    Pbar = density rho/k_B.

    >>> silica = Material(2200.0, 5800.0, 3800.0, 1.04, 0.65)
    >>> [f"{strength:.4e}" for strength in tunneling_strengths(5.0205418e18, silica)]
    ['3.0012e-04', '2.7312e-04']
    """
    from glasstunnel.constants import boltzmann

    pairs = (
        (known(material, "longitudinal_potential"), material.longitudinal_speed),
        (known(material, "transverse_potential"), material.transverse_speed),
    )
    longitudinal, transverse = (
        density * (potential * elementary_charge) ** 2 / (boltzmann * speed**2) for potential, speed in pairs
    )
    return longitudinal, transverse


def mode_weights(mode: str, material: Material | None) -> tuple[float, float]:
    """Shares of the longitudinal and transverse strength in what a mode measures.

    For Young's modulus E = M_t (3 M_l - 4 M_t)/(M_l - M_t), M = rho v^2, the logarithmic derivatives of E.
    `ParameterError` for another mode.

    >>> silica = Material(2200.0, 5800.0, 3800.0, 1.04, 0.65)
    >>> f"{mode_weights('young', silica)[0]:.9f}"
    '0.586192848'
    """
    if mode not in MODES:
        raise ParameterError(f"mode must be one of {', '.join(map(repr, MODES))}, got {mode!r}")
    if mode == "longitudinal":
        return 1.0, 0.0
    if mode in ("transverse", "torsion"):
        return 0.0, 1.0
    if material is None:
        raise ParameterError("mode='young' mixes both strengths by the speeds of sound: give the material")
    longitudinal, transverse = material.longitudinal_speed**2, material.transverse_speed**2
    share = longitudinal * transverse / ((3.0 * longitudinal - 4.0 * transverse) * (longitudinal - transverse))
    return share, 1.0 - share
