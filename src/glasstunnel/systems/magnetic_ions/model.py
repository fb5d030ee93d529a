"""From the parameters of `MagneticIons` to the model of one ion."""

import numpy as np

from glasstunnel.numerics.random_tensors import size_and_shape
from glasstunnel.systems.magnetic_ions.distributions import DISTRIBUTIONS
from glasstunnel.systems.magnetic_ions.free import FreeMoment
from glasstunnel.systems.magnetic_ions.interactions import MeanFieldIon, MixedIon, PairedIon
from glasstunnel.systems.magnetic_ions.powder import PowderIon
from glasstunnel.systems.magnetic_ions.table import SPINS, TabulatedIon, czjzek_table, sites_table

_NO_DISORDER = 1e-9  #: of sigma/|D|; what it changes is of the order of its square


def ion_model(ions):
    """The model of one ion with the parameters of a `MagneticIons`: six observables of (T, B), per ion in SI.

    >>> from glasstunnel import MagneticIons
    >>> ion_model(MagneticIons("Fe2+", 1e20))
    FreeMoment(spin=2.0, g_factor=2.0)
    """
    spin, g = ions.angular_momentum, ions.lande_factor
    model = _single_ion(ions, float(spin), g)
    if ions.paired_share > 0.0:
        pair = PairedIon(spin, g, ions.exchange)
        model = MixedIon(((1.0 - ions.paired_share, model), (ions.paired_share, pair)))
    return MeanFieldIon(model, ions.mean_field, spin, g) if ions.mean_field != 0.0 else model


def _single_ion(ions, spin, g):
    """An ion that feels no other."""
    if ions.is_free:
        return FreeMoment(spin, g)
    D, sigma = ions.zero_field_splitting, ions.disorder
    if sigma <= _NO_DISORDER * abs(D):
        return _one_splitting(ions, spin, g)
    kind = ions.distribution or "czjzek"
    sites = DISTRIBUTIONS[kind](D, ions.rhombicity, sigma)
    splittings = sigma * np.transpose(sites.axial_rhombic())
    nodes = PowderIon(
        spin, tuple(map(tuple, splittings.tolist())), tuple(sites.weights.tolist()), ions.g_factors, _rings(ions)
    )
    if spin not in SPINS or _rings(ions) is not None or len(set(ions.g_factors)) > 1:
        return nodes
    if kind == "czjzek" and D == 0.0:
        return TabulatedIon(g, sigma, czjzek_table(spin), nodes)
    return TabulatedIon(g, sigma, sites_table(spin, *(tuple(part.tolist()) for part in sites)), nodes)


def _one_splitting(ions, spin, g):
    """Every site alike: exact, or from the table of one site, in units of its size."""
    D, E = ions.zero_field_splitting, ions.zero_field_splitting * ions.rhombicity
    exact = PowderIon(spin, ((D, E),), (1.0,), ions.g_factors, _rings(ions))
    if ions.orientations != "table":
        return exact
    size, shape = (float(number) for number in size_and_shape(D, E))
    return TabulatedIon(g, size, sites_table(spin, (1.0,), (shape,), (1.0,)), exact)


def _rings(ions):
    """The number of rings where one is given."""
    return ions.orientations if isinstance(ions.orientations, int) else None
