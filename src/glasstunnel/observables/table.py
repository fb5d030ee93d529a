"""The one list of observables: name, method, units and conditions."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Observable:
    """An observable: its SI unit, the CGS unit of the field, the name of the contribution's method, its label.

    `conditions` names what it depends on beside T and B, `optional` what it may depend on; each is a keyword of
    `evaluate` and of the method, in the unit that `CONDITIONS` states.
    """

    name: str
    unit: str
    method: str
    label: str
    symbol: str
    cgs_unit: str
    conditions: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()


#: Conditions beside temperature and field: name -> (SI unit, whether zero is allowed).
CONDITIONS = {
    "frequency": ("Hz", False), "reference_temperature": ("K", False), "photon_number": ("1", True),
    "power": ("W", True),
}  # fmt: skip


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
                   "\\Delta\\varepsilon'/\\varepsilon'", "1", ("frequency",), ("reference_temperature",)),
        Observable("internal_loss", "1", "internal_loss", "internal loss", "1/Q_i", "1", ("frequency",),
                   ("photon_number", "power")),
        Observable("frequency_shift", "1", "frequency_shift", "frequency shift", "\\Delta f/f", "1",
                   ("frequency", "reference_temperature")),
    )
}
