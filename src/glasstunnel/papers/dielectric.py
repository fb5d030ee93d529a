"""Ready glasses from the printed dielectric fits: 002 Tables 5-7 (field curves) and 004 Table I (zero field)."""

import math
from dataclasses import replace

from glasstunnel.errors import ParameterError
from glasstunnel.papers.entries import PublishedEntry
from glasstunnel.systems.anomalous.contribution import AnomalousTunnelingSystems
from glasstunnel.systems.contribution import Contribution
from glasstunnel.systems.response.convention import CONVENTIONS, DielectricConvention
from glasstunnel.systems.two_level import TwoLevelSystems

_FIELD_CURVES = {"printed": "paper", "consistent": "default"}
#: Tables of dielectric fits, and what "printed" and "consistent" mean there. The consistent one has the derived weights
#: but the printed rate, because the printed Gamma belongs to it (004 Eq. 15: kappa = 0).
DIELECTRIC_TABLES = {
    "002.T5": _FIELD_CURVES, "002.T6": _FIELD_CURVES, "002.T7": _FIELD_CURVES,
    "004.TI": {"printed": "paper_zero_field", "consistent": DielectricConvention(rate_kappa=0.0)},
}

_UNKNOWN_DENSITY = (
    "A dielectric fit fixes a product of density and squared dipole moment, never the density alone: it is left open "
    "(None), and heat capacity or magnetization raise an error until it is given."
)


def dielectric_glass(
    entry: PublishedEntry,
    theory: str,
    convention: str | DielectricConvention | None,
    higher_field: bool,
    flux_field: float | None,
) -> tuple[dict[str, Contribution], tuple[str, ...]]:
    """(contributions, notes) of an entry of `DIELECTRIC_TABLES`; the choices are those of `published`."""
    if higher_field:
        raise ParameterError(
            f"published entry {entry.id!r}: higher_field=True acts on heat capacity and magnetization, not on the "
            "permittivity"
        )
    if theory not in ("effective", "exact"):
        raise ParameterError(f"published: theory must be 'effective' or 'exact', got {theory!r}")
    preset, rules = _rules(entry, convention or ("consistent" if theory == "exact" else "printed"))
    if theory == "exact":
        _check_exact(entry, rules, flux_field)
        preset = rules = replace(rules, levels="three", rate_kappa=None)
    options = {
        "theory": theory, "flux_field": flux_field, "convention": preset,
        "orientation": "rms" if rules.field_direction == "rms" else "average",
    }
    build = _temperature_curve if entry.table == "004.TI" else _field_curve
    contributions, notes = build(entry, options)
    return contributions, (*notes, _convention_note(rules), _UNKNOWN_DENSITY)


def _check_exact(entry, rules, flux_field):
    if entry.table == "004.TI":
        raise ParameterError(
            f"published entry {entry.id!r} prints no cutoffs of D0|q/e|S, which theory='exact' needs"
        )
    if flux_field is None:
        raise ParameterError(
            f"published entry {entry.id!r} prints no B*, which theory='exact' needs; give flux_field= (tesla)"
        )
    if rules.field_direction == "rms":
        raise ParameterError(
            "published: theory='exact' averages over directions exactly; it has no printed convention and no "
            "field_direction='rms'"
        )


def _rules(entry, convention):
    """(preset name or record, record) behind the `convention` of `published`."""
    preset = DIELECTRIC_TABLES[entry.table].get(convention, convention) if isinstance(convention, str) else convention
    rules = CONVENTIONS.get(preset) if isinstance(preset, str) else preset
    if not isinstance(rules, DielectricConvention):
        raise ParameterError(
            f"published: convention must be 'printed', 'consistent', {', '.join(map(repr, CONVENTIONS))} or a "
            f"DielectricConvention, got {convention!r}"
        )
    has_rate = any(key.startswith("Gamma") for key in entry.values)
    if has_rate and rules.rate_power != 3:
        raise ParameterError(
            f"published entry {entry.id!r}: the printed Gamma is in s K^5 and belongs to rate_power = 3, not "
            f"{rules.rate_power:g}; choose 'consistent', or a DielectricConvention with rate_power=3"
        )
    return preset, rules


def _field_curve(entry, options):
    """002 Tables 5-7: one temperature each, resonant part, and relaxation where a rate is printed."""
    values, temperature = entry.values, entry.conditions["T_mK"]
    rate = values.get("Gamma_inverse_per_s_K5")
    contributions: dict[str, Contribution] = {"ats": AnomalousTunnelingSystems(
        density=None, asymmetry_min=values["D_min_K"], asymmetry_max=None,
        amplitude_area_min=values["D0min_qe_S_K_A2"], amplitude_area_max=values["D0max_qe_S_K_A2"],
        dielectric_strength=values["prefactor_K"], elastic_constant=None if rate is None else 1.0 / rate, **options,
    )}
    notes = (f"Fitted at {temperature:g} mK: the cutoffs are those of this temperature. Only the anomalous systems, "
             "because nothing else depends on the field.",)
    if rate is None:
        return contributions, (*notes, "No rate is printed: resonant part only.")
    return contributions, (*notes, "The printed curve is the change of the loss with the field.")


def _temperature_curve(entry, options):
    """004 Table I, zero field: two-level systems, and anomalous ones whose field dependence is not known."""
    values, fixed = entry.values, entry.conditions
    contributions: dict[str, Contribution] = {"tls": TwoLevelSystems(
        density=None, tunneling_min=1e-3 * fixed["fixed_Delta0min_mK"], energy_max=fixed["fixed_Delta0max_K"],
        dielectric_strength=values["A_2LS"], elastic_constant=values["gamma_s_K3"], convention=options["convention"],
    )}
    if "A_ATS" not in values:
        return contributions, ()
    # A_ATS = C_ATS ln(D0max/D0min)/D_min; at B = 0 the logarithm enters nowhere else and is set to 1.
    contributions["ats"] = AnomalousTunnelingSystems(
        density=None, asymmetry_min=values["D_min_K"], asymmetry_max=None, amplitude_area_min=1.0,
        amplitude_area_max=math.e, dielectric_strength=values["A_ATS"] * values["D_min_K"],
        elastic_constant=values["Gamma_s_K5"], **options,
    )
    return contributions, (
        "Zero-field table: of the anomalous systems only C_ATS ln(D0max/D0min) is known (the logarithm is set to 1), "
        "and nothing about their field dependence (the flux area is set so small that a field does nothing).",
    )


def _convention_note(rules):
    direction = "phi -> phi/sqrt(3)" if rules.field_direction == "rms" else f"direction {rules.field_direction!r}"
    frequency = "omega = 2 pi f" if rules.angular_frequency else "omega = f"
    return (f"Evaluated with {direction}, resonant weight {rules.resonant_weight:.3g}, rate E^{rules.rate_power:g} "
            f"(E^2 - {rules.rate_kappa:.3g} D^2), {frequency}.")
