"""What `glasstunnel init` proposes for a capacitance bridge, against temperature or against the magnetic field."""

from collections.abc import Iterator, Sequence

import numpy as np

from glasstunnel.data import Dataset
from glasstunnel.data.grouping import set_points
from glasstunnel.runfile.proposals import condition_step, offsets, reference_temperature, vary_table

_SHIFTS = ("capacitance", "dielectric_shift")
_SWEEP = 5  # fields, from which on a file is a sweep of the field


def bridge_steps(data: Dataset) -> Iterator[str]:
    """The steps of a run file: what the file does not say, and where the change of the dielectric constant is zero."""
    yield from condition_step(data, "temperature", "50 mK", "temperature of the sample")
    if data.quantity in _SHIFTS:
        yield (f'{{do = "relative_to", {_reference(data)}}},'
               "   # where the change counts as zero; an offset takes what is left")  # fmt: skip
    yield from condition_step(data, "frequency", "1 kHz", "frequency of the bridge")


def _reference(data):
    if not _is_field_sweep(data):
        return f"temperature = {reference_temperature(data):.6g}"
    B = data["field"].to("T")
    return f"field = {B[np.argmin(np.abs(B))]:.6g}"


def _is_field_sweep(data):
    """More fields than temperatures."""
    fields = len(set_points(data, "field")) if "field" in data else 0
    return fields >= _SWEEP and ("temperature" not in data or fields > len(set_points(data, "temperature")))


def bridge_glass(datasets: Sequence[Dataset]) -> Iterator[str]:
    """The glass and what varies: two-level systems, or in a field the anomalous ones, which alone depend on it."""
    yield "[glass]"
    yield "# Only the dielectric strength is seen; the density of states (needed for a heat capacity) is not."
    if any(map(_is_field_sweep, datasets)):
        yield from _in_field(datasets)
        return
    yield ('contributions.tls = {type = "TwoLevelSystems", density = 0, dielectric_strength = 1e-3, '
           "elastic_constant = 1e-7}")  # fmt: skip
    yield from vary_table({
        "tls.dielectric_strength": ("log-uniform", 1e-7, 1e-1, "A = Pbar p0^2/(eps0 eps_r)"),
        "tls.elastic_constant": ("log-uniform", 1e-12, 1e-3, "s K^3: where the minimum of the shift lies"),
    } | offsets(datasets, _SHIFTS, 1e-2))  # fmt: skip


def _in_field(datasets):
    """Without a rate only the resonant part, as the papers fit a dielectric constant; a loss has only the other one.

    The offset of a loss is what does not depend on the field.
    """
    losses = any(data.quantity == "loss_tangent" for data in datasets)
    yield "# Nothing but the anomalous systems depends on the field in this model."
    yield "[glass.contributions.ats]"
    yield from ('type = "AnomalousTunnelingSystems"', 'theory = "effective"', "density = 0", "asymmetry_min = 0.02",
                "asymmetry_max = inf", "amplitude_area_min = 1e5", "amplitude_area_max = 2e5",
                "dielectric_strength = 1e-6")  # fmt: skip
    vary = {
        "ats.dielectric_strength": ("log-uniform", 1e-10, 1e-2, "K, pi P* p1^2/(eps0 eps_r k_B)"),
        "ats.asymmetry_min": ("log-uniform", 1e-3, 1, "K"),
        "ats.amplitude_area_min": ("log-uniform", 1e3, 1e7, "K Angstrom^2: the scale of the field"),
    }  # fmt: skip
    if losses:
        yield "elastic_constant = 1e-6"
        vary["ats.elastic_constant"] = ("log-uniform", 1e-12, 1e3, "s K^5, the rate of relaxation")
    yield from vary_table(vary | offsets(datasets, (*_SHIFTS, "loss_tangent"), 1e-2))
    yield from ("", "[ties]", "# The ratio of the cutoffs is a choice.",
                'ats.amplitude_area_max = {to = "ats.amplitude_area_min", factor = 2}')  # fmt: skip
