"""What contributions with a dipole share: loss and shift from one complex permittivity."""

from types import MappingProxyType

import numpy as np

from glasstunnel.errors import ParameterError


class DielectricResponse:
    """Mixed into a contribution with `dielectric_strength`, which states its complex `permittivity`."""

    needs = MappingProxyType(dict.fromkeys(("permittivity", "loss_tangent", "dielectric_shift"), "dielectric_strength"))

    def permittivity(self, T, B, frequency, *, part="both"):
        """Complex relative change Delta eps/eps = Delta eps'/eps' + i tan(delta) [1].

        frequency [Hz] broadcasts with T and B; `part` is "resonant", "relaxational" or "both".
        """
        raise NotImplementedError(f"{type(self).__name__} does not state its permittivity")

    def driven_permittivity(self, T, B, frequency, drive_amplitude, *, part="both"):
        """The fundamental of the same at an amplitude of the measuring field [V/m] that is not weak."""
        raise ParameterError(
            f"{type(self).__name__}: the response to a strong drive is evaluated for two-level systems only; leave "
            "drive_amplitude out"
        )

    def loss_tangent(self, T, B, frequency, drive_amplitude=None, *, part="both"):
        """tan(delta) = Im Delta eps/eps [1]."""
        return np.imag(self._permittivity(T, B, frequency, drive_amplitude, part))

    def _permittivity(self, T, B, frequency, drive_amplitude, part):
        if drive_amplitude is None:
            return self.permittivity(T, B, frequency, part=part)
        return self.driven_permittivity(T, B, frequency, drive_amplitude, part=part)

    def dielectric_shift(
        self, T, B, frequency, reference_temperature=None, reference_field=None, drive_amplitude=None, *, part="both"
    ):
        """Delta eps'/eps' = Re Delta eps/eps [1], from its value at the reference: `reference_temperature` [K] and
        `reference_field` [T], either one taken from T or B where it is not given; with neither from a glass without
        tunneling systems."""
        shift = np.real(self._permittivity(T, B, frequency, drive_amplitude, part))
        if reference_temperature is None and reference_field is None:
            return shift
        T = T if reference_temperature is None else reference_temperature
        B = B if reference_field is None else reference_field
        return shift - np.real(self._permittivity(T, B, frequency, drive_amplitude, part))
