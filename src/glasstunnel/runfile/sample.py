"""What a run file says of a sample, and numbers with units that need it: ``concentration = "126 ppm"``."""

from glasstunnel.conversions.routes import Sample, convert_amount
from glasstunnel.errors import SampleError, UnitError


def sample_of_table(table):
    """The `Sample` of the keys molar_mass [g/mol], composition (text or table of fractions) and density_g_cm3."""
    mass, density = table.number("molar_mass", None), table.number("density_g_cm3", None)
    composition = table.values.get("composition")
    table.asked.add("composition")
    return table.calling(
        Sample.of, molar_mass=None if mass is None else 1e-3 * mass, composition=composition,
        density=None if density is None else 1e3 * density,
    )


def number_or_quantity(table, key, value, unit, sample):
    """A number in `unit`, or text with a unit of its own such as "126 ppm", converted through the sample."""
    if not isinstance(value, str):
        return table.as_number(key, value, infinite=True)
    number, _, stated = value.strip().partition(" ")
    try:
        size = float(number)
    except ValueError:
        sentence = f"must be a number, got {value!r}; a text is a number with its unit, such as '3 {unit}'"
        raise table.error(sentence, key) from None
    try:
        return table.as_number(key, float(convert_amount(size, stated or unit, unit, sample)[0]), infinite=True)
    except UnitError as error:
        keys = " (keys molar_mass, composition, density_g_cm3 of [glass])" if isinstance(error, SampleError) else ""
        raise table.error(f"{error}{keys}", key) from None
