"""The one list of observables: name, method, units and conditions."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Observable:
    """An observable: its SI unit, the CGS unit of the field, the name of the contribution's method, its label.

    `conditions` names what it depends on beside T and B, each a keyword of `evaluate` and of the method.
    """

    name: str
    unit: str
    method: str
    label: str
    symbol: str
    cgs_unit: str
    conditions: tuple[str, ...] = ()


OBSERVABLES = {
    row.name: row
    for row in (
        Observable("free_energy", "J/kg", "free_energy", "free energy", "F", "erg/g"),
        Observable("entropy", "J/(K kg)", "entropy", "entropy", "S", "erg/(K g)"),
        Observable("heat_capacity", "J/(K kg)", "heat_capacity", "heat capacity", "C", "J/(K g)"),
        Observable("magnetization", "A m2/kg", "magnetization", "magnetization", "M", "emu/g"),
        Observable("susceptibility", "A m2/(kg T)", "magnetic_susceptibility", "susceptibility dM/dB", "\\chi",
                   "emu/(g Oe)"),
        Observable("loss_tangent", "1", "loss_tangent", "loss tangent", "\\tan\\delta", "1", ("frequency",)),
        Observable("dielectric_shift", "1", "dielectric_shift", "relative change of the dielectric constant",
                   "\\Delta\\varepsilon'/\\varepsilon'", "1", ("frequency",)),
    )
}
