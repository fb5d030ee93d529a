"""Amounts of a fit as other laboratories state them, where the formula unit of the glass is known."""

from glasstunnel.conversions.amounts import concentration_to_ppm
from glasstunnel.report.blocks import Heading, Table


def amount_blocks(result, quote):
    """Every fitted number per kilogram also per gram and in ppm of formula units; nothing without a molar mass.

    quote : function of (result, path, value, scale), how a page quotes a parameter.
    """
    sample = result.glass.sample
    paths = [path for path in result.values if result.units[path] == "1/kg" and path.endswith(".concentration")]
    if sample is None or sample.molar_mass is None or not paths:
        return
    ppm = float(concentration_to_ppm(1.0, sample.molar_mass))
    rows = [(path, *(quote(result, path, result.values[path], scale) for scale in (1e-3, ppm, 1e-6 * ppm)))
            for path in paths]  # fmt: skip
    yield Heading("Amounts")
    yield Table(("amount", "per gram", "ppm of formula units", "per formula unit"), tuple(rows),
                f"With {1e3 * sample.molar_mass:.6g} g/mol of formula units.", code=True)
