"""From the parameters of `MagneticIons` to the model of one ion."""

from glasstunnel.systems.magnetic_ions.free import FreeMoment
from glasstunnel.systems.magnetic_ions.powder import PowderIon


def ion_model(ions):
    """The model of one ion with the parameters of a `MagneticIons`: six observables of (T, B), per ion in SI.

    >>> from glasstunnel import MagneticIons
    >>> ion_model(MagneticIons("Fe2+", 1e20))
    FreeMoment(spin=2.0, g_factor=2.0)
    """
    if ions.is_free:
        return FreeMoment(ions.angular_momentum, ions.lande_factor)
    D = ions.zero_field_splitting
    return PowderIon(
        float(ions.angular_momentum), ((D, D * ions.rhombicity),), (1.0,), ions.g_factors, ions.orientations
    )
