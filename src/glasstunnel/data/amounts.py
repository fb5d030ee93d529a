"""From an amount of another kind to per kilogram: per mole, per formula unit, per mole of atoms, per volume."""

from dataclasses import dataclass, replace

from glasstunnel.conversions.routes import Sample, convert_amount
from glasstunnel.data.dataset import Column, Dataset, of_dataset
from glasstunnel.errors import ParameterError, SampleError, UnitError
from glasstunnel.observables.table import OBSERVABLES
from glasstunnel.records import brief
from glasstunnel.units import quantity_in


@dataclass(frozen=True)
class Amount:
    """What a quantity may be stated per, beside the kilogram: `unit` takes its place in the unit of the observable."""

    kind: str
    unit: str

    __repr__ = brief

    def unit_of(self, per_kilogram: str) -> str:
        """The unit of a quantity per this amount.

        >>> Amount("molar", "mol").unit_of("J/(K kg)")
        'J/(K mol)'
        """
        return per_kilogram.replace("kg", self.unit)


#: Kinds of amounts; the quantity of such a file is ``<kind>_<observable>``. One formula unit is 1/N_A mol.
AMOUNTS = (Amount("molar", "mol"), Amount("molar", "gatom"), Amount("volume", "m3"))


def observable_of(quantity: str) -> str:
    """The observable that a quantity per another amount belongs to; the quantity itself otherwise.

    >>> observable_of("molar_heat_capacity"), observable_of("heat_capacity")
    ('heat_capacity', 'heat_capacity')
    """
    for amount in AMOUNTS:
        name = quantity.removeprefix(f"{amount.kind}_")
        if name != quantity and name in OBSERVABLES:
            return name
    return quantity


@of_dataset
def per_kilogram(data: Dataset, sample: Sample) -> Dataset:
    """The measured column in the SI unit of its observable, per kilogram; its error and sigma with it.

    sample : what is known of the sample (`Sample`). A dataset that is per mass already, or a moment, stays as it is.
    `UnitError` naming what the way needs when the sample does not tell it.

    >>> from glasstunnel import Sample
    >>> from glasstunnel.data import Column, Dataset, per_kilogram
    >>> data = Dataset({"molar_heat_capacity": Column([44.46], "J/(mol K)")}, "molar_heat_capacity")
    >>> per_kilogram(data, Sample(molar_mass=60.083e-3)).measured
    Column(values=[739.976366...], unit='J/(K kg)')
    """
    name = observable_of(data.quantity)
    if name == data.quantity:
        return data
    sample = sample_of(data, sample)
    unit, start, result = OBSERVABLES[name].unit, data.measured.unit, data
    way = None
    for old, new in ((data.quantity, name), (f"{data.quantity}_error", f"{name}_error"), ("sigma", "sigma")):
        if old in data:
            column = data[old]
            try:
                values, found = convert_amount(column.values, column.unit, unit, sample)
            except UnitError as error:
                known = isinstance(error, SampleError)
                keys = " (molar_mass, composition or density_g_cm3, in [[data]] of a run file)" if known else ""
                raise type(error)(f"dataset {data.name!r}: {error}{keys}") from None
            way = way or found
            result = result.with_column(new, Column(values, unit, column.label))
    steps = ", ".join(way.steps) if way else ""
    return replace(result, quantity=name).with_history(f"{name} [{unit}]: {data.quantity} [{start}] {steps}")


def sample_of(data: Dataset, sample: Sample) -> Sample:
    """The sample, with the molar mass of the file header where nothing else tells it."""
    stated = data.metadata.get("molar_mass", "")
    if sample.molar_mass is not None or not stated:
        return sample
    try:
        return replace(sample, molar_mass=quantity_in(stated, "kg/mol"))
    except UnitError as error:
        raise ParameterError(f"dataset {data.name!r}: molar_mass of the file is not usable: {error}") from None
