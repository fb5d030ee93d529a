"""Ready glasses from the printed tables: units converted, conventions and doubts stated."""

import math
from functools import cache

from glasstunnel.constants import boltzmann
from glasstunnel.conversions.amounts import ppm_to_concentration
from glasstunnel.conversions.composition import Composition
from glasstunnel.conversions.routes import Sample
from glasstunnel.errors import ParameterError
from glasstunnel.papers.acoustics import ACOUSTIC_TABLES, acoustic_glass
from glasstunnel.papers.advice import recommended, recommended_glasses
from glasstunnel.papers.dielectric import DIELECTRIC_TABLES, dielectric_glass
from glasstunnel.papers.entries import published_entry, published_ids
from glasstunnel.systems.anomalous.contribution import AnomalousTunnelingSystems
from glasstunnel.systems.diamagnetism import LarmorDiamagnetism
from glasstunnel.systems.feo4 import FeO4Centers
from glasstunnel.systems.glass import Glass
from glasstunnel.systems.magnetic_ions import MagneticIons
from glasstunnel.systems.phonons import DebyePhonons
from glasstunnel.systems.response.convention import DielectricConvention
from glasstunnel.systems.two_level import TwoLevelSystems
from glasstunnel.units import convert

_PER_GRAM = convert(1.0, "1/g", "1/kg")
_EMU_PER_GRAM_OERSTED = convert(1.0, "emu/(g Oe)", "A m2/(kg T)")

#: The effective theory as the papers evaluate it, and as it follows from their Hamiltonian.
CONVENTIONS = {
    "printed": {"orientation": "rms", "prefactor": "printed"},
    "consistent": {"orientation": "average", "prefactor": "consistent"},
}

#: Field of the single run behind a vertical offset [T]; see the notes of each entry.
_OFFSET_FIELD = {"002.T10": 3.0, "002.T11": 5.0, "002.T14": 3.0}

#: Concentrations of a heat-capacity fit and its cutoffs are printed in different tables.
_CONCENTRATIONS = {"002.T2": "002.T1.BAS.Cp", "002.T4": "002.T3.Duran.Cp"}

#: After the id of a row of 000 Tables 1 and 2: the fit of the same row with Fe2+ alone.
_FE2_ONLY = ".Fe2only"

_NOT_A_GLASS = {
    "000.T1T2": "compare a fitted iron concentration with it",
    "000.T3": "it has no absolute concentration",
    "001.T5": "it has no absolute concentration",
    "001.T6": "it has no absolute concentration",
    "002.T1": "whole glasses are 002.T2.BAS.Cp.T0.60K, .T0.90K and .T1.36K",
    "002.T3": "whole glasses are 002.T4.Duran.Cp.T1.11K, .T1.23K and .T1.36K",
    "002.T8": "it fixes cutoffs, rates and a dipole moment, but no concentration (published_echo gives it as an echo)",
    "002.T9": "it describes a sample",
    "002.T12": "whole glasses are 002.T2.BAS.Cp.* (heat capacity) and 002.T10.BAS.M (magnetization)",
    "002.T13": "whole glasses are 002.T4.Duran.Cp.* (heat capacity) and 002.T11.Duran.M (magnetization)",
}


def published(
    id: str,
    *,
    observable: str | None = None,
    theory: str = "effective",
    convention: str | DielectricConvention | None = None,
    higher_field: bool = False,
    flux_field: float | None = None,
) -> Glass:
    """A printed parameter set as a ready `Glass` with its source and the doubts about it in `source` and `notes`.

    id : of a printed set, or the name of a glass ("BK7", "Duran", "BAS", ...) for its recommended set, for `observable`
    if that is given; a note names the set and the reason. A row of 000 Tables 1 and 2 with ".Fe2only" after it is its
    fit with Fe2+ alone.

    As the paper evaluates it by default: `theory="effective"` with `convention="printed"`, that is phi -> phi/sqrt(3)
    for the direction of the flux loops, and for magnetization fits the printed prefactor (002 Eqs. 93-94,
    001 Eq. 10), twice the derived one; linear gap.
    The numbers are never changed, only how they are evaluated:

    convention : "printed", or "consistent" for the derived prefactor and the exact orientation average.
    higher_field : True for the correction of 002 Eqs. 20 and 95, which needs B* and ends at sqrt(45) B*(T).
        The fits 002.T10, T11 and T14 seem to have used it, though their captions name the formula without it.
    theory : "effective", or "exact" for all three levels, which needs B*: printed for 002.T10, T11 and T14 only.
    flux_field : B* [T] to assume at the reference temperature where the paper prints none.

    Contributions: ``ats``, ``fe2``, ``fe3``, ``larmor`` (magnetization fits), ``phonons``, ``tls``, ``feo4``
    (004 Table II). Concentrations per gram become per kilogram, emu/(g Oe) becomes A m2/(kg T), a vertical offset
    becomes a Larmor susceptibility through the field of the run.
    Dielectric fits (002 Tables 5-7: ``ats`` at one temperature; 004 Table I: ``tls`` and ``ats`` without field) come
    as their paper evaluates them, phi -> phi/sqrt(3) and, for 004, resonant weight 1/3. "consistent" has the derived
    weights and the printed rate, to which the printed Gamma belongs; any `DielectricConvention` with that rate, or the
    name of a preset, may stand in its place. Their densities are not known (None): thermodynamic observables raise
    `ParameterError` until one is given. theory="exact" also needs a finite ``ats.asymmetry_max``.
    The sets for phonon scattering ("acoustics.") come as ``tls`` and ``soft``; nobody printed them as such.
    The Larmor-Langevin rows 000.T1 and 000.T2 give the fit with both species free (all iron is Fe3+).

    `ParameterError` for an entry that is no glass, for an unknown id (with the nearest ids), for theory="exact" or
    higher_field=True without B*, and for choices that do not belong to the entry.
    Sources: 000 Tables 1-2; 001 Tables 3-4; 002 Tables 1-7, 10, 11, 14; 004 Tables I, II.

    >>> from glasstunnel import published
    >>> glass = published("002.T14.BK7.M")
    >>> print(f"{glass['ats'].density:.3g} {glass['larmor'].susceptibility:.3g}")
    1.4e+19 0.0036
    """
    id, notes = _resolve(id, observable)
    entry = published_entry(printed_row(id))
    if entry.table in _NOT_A_GLASS:
        raise ParameterError(
            f"published entry {id!r} ({entry.what}) does not describe a glass: "
            f"{_NOT_A_GLASS[entry.table]}; its numbers are in published_entry(id).values"
        )
    if entry.table in ACOUSTIC_TABLES:
        if theory != "effective" or convention or higher_field or flux_field is not None:
            raise ParameterError(f"published entry {entry.id!r} has no anomalous systems: no theory, convention, "
                                 "higher_field or flux_field to choose")  # fmt: skip
        contributions, further = acoustic_glass(entry)
    elif entry.table in DIELECTRIC_TABLES:
        contributions, further = dielectric_glass(entry, theory, convention, higher_field, flux_field)
    else:
        options = _options(theory, convention, higher_field)
        build = _iron_two_only if id.endswith(_FE2_ONLY) else _BUILDERS[entry.table]
        contributions, further = build(entry, options, flux_field)
    notes += entry.notes + further
    return Glass(contributions, f"{entry.glass} ({id})", entry.source, notes, _sample(entry.glass))


@cache
def _sample(glass):
    """The formula unit by which the papers count the ions of a glass; None where no table says its molar mass."""
    masses = {row.conditions["molar_mass_g_per_mol"] for row in map(published_entry, published_ids())
              if row.glass == glass and "molar_mass_g_per_mol" in row.conditions}  # fmt: skip
    return Sample(1e-3 * masses.pop()) if len(masses) == 1 else None


def printed_row(id: str) -> str:
    """The id of the printed row behind an id: without ".Fe2only", which names a column of it.

    >>> printed_row("000.T1.BK7.H1.0kOe.Fe2only")
    '000.T1.BK7.H1.0kOe'
    """
    return id.removesuffix(_FE2_ONLY) if id.startswith(("000.T1.", "000.T2.")) else id


def _resolve(id, observable):
    """(id of a set, notes): the name of a glass stands for its recommended set."""
    if not isinstance(id, str):
        raise ParameterError(f"published needs an id, such as '002.T14.BK7.M', or the name of a glass, got {id!r}")
    if id in recommended_glasses():
        choice = recommended(id, observable)
        return choice.id, (f"{choice.id} is the recommended set of {id} for {choice.observable}: {choice.reason}.",)
    if observable is not None:
        raise ParameterError(f"published: observable= chooses among the sets of a glass; {id!r} names a set already")
    return id, ()


def _options(theory, convention, higher_field):
    if theory == "exact":
        if convention not in (None, "consistent") or higher_field:
            raise ParameterError("published: theory='exact' has no convention and no higher-field correction to choose")
        return {"theory": theory}
    convention = convention or "printed"
    if theory != "effective" or convention not in CONVENTIONS:
        raise ParameterError(
            "published: theory must be 'effective' or 'exact' and convention 'printed' or 'consistent', "
            f"got {theory!r} and {convention!r}"
        )
    return {"theory": theory, "higher_field": higher_field, **CONVENTIONS[convention]}


def _larmor_langevin(entry, options, flux_field):
    """The columns of 000 Tables 1 and 2 with free Fe3+."""
    return _iron_alone(entry, "free", "Fe3"), ("No anomalous systems in this fit.",)


def _iron_two_only(entry, options, flux_field):
    """Those with Fe2+ imposed."""
    return _iron_alone(entry, "Fe2only", "Fe2"), ("No anomalous systems in this fit; Fe2+ alone was allowed.",)


def _iron_alone(entry, columns, ion):
    susceptibility, number = entry.values[f"{columns}_chi_L_emu_per_gOe"], entry.values[f"{columns}_n_{ion}_per_g"]
    return {
        "larmor": LarmorDiamagnetism(susceptibility * _EMU_PER_GRAM_OERSTED),
        ion.lower(): MagneticIons(f"{ion}+", number * _PER_GRAM),
    }


def _supplement(entry, options, flux_field):
    """001 Tables 3 and 4: no B*, Larmor susceptibility printed, activation energy called Delta mu."""
    values = entry.values
    contributions = {
        "larmor": LarmorDiamagnetism(values["chi_L_emu_per_gOe"] * _EMU_PER_GRAM_OERSTED),
        **_iron(values),
        "ats": _anomalous(
            entry, options, flux_field, values["n_ATS_per_g"],
            activation_energy=values["Delta_mu_K"], reference_temperature=1.26,
        ),
    }
    return contributions, _convention_note(options)


def _magnetization(entry, options, flux_field):
    """002 Tables 10, 11, 14: B* printed, Larmor term given as an offset at one field."""
    values = entry.values
    offset_field = _OFFSET_FIELD[entry.table]
    larmor = -values["vertical_offset_A_m2_per_g"] * _PER_GRAM / offset_field
    contributions = {
        "larmor": LarmorDiamagnetism(larmor),
        **_iron(values),
        "ats": _anomalous(
            entry, options, flux_field or values["B_star_T"], values["Pstar_n_ATS_per_g"],
            activation_energy=values["E0_K"], reference_temperature=1.26,
        ),
    }
    return contributions, _convention_note(options) + ("T0 = 1.26 K is used, as in 001.",)


def _heat_capacity_of_field(entry, options, flux_field):
    """002 Tables 1-4: cutoffs frozen at the temperature of the row; the magnetization prefactor was never used."""
    concentrations = published_entry(_CONCENTRATIONS[entry.table]).values
    frozen = entry.conditions["T_K"]
    if options["theory"] == "effective":
        options = options | {"prefactor": "consistent"}
    contributions = {
        **_iron(concentrations),
        "ats": _anomalous(
            entry, options, flux_field, concentrations["Pstar_n_ATS_per_g"], reference_temperature=frozen,
        ),
    }
    return contributions, (f"Parameters are frozen at {frozen:g} K. No Larmor term is printed, and none is included.",)


def _heat_capacity_of_temperature(entry, options, flux_field):
    """004 Table II, zero field: C = B_ph T^3 + B_2LS T + anomalous systems + FeO4 centers  [004, Eqs. 21, 26, 30]."""
    values = entry.values
    contributions = {
        "phonons": DebyePhonons(values["B_ph_J_per_g_K4"] * _PER_GRAM),
        "tls": TwoLevelSystems(6.0 / math.pi**2 * values["B_2LS_J_per_g_K2"] * _PER_GRAM / boltzmann),
    }
    if "B_ATS_J_per_g_K" not in values:
        return contributions, ()
    # At B = 0 only density * ln(amplitude_area_max/amplitude_area_min) enters; that logarithm is set to 1.
    contributions["ats"] = AnomalousTunnelingSystems(
        density=values["B_ATS_J_per_g_K"] * _PER_GRAM / (2.0 * math.pi * boltzmann),
        asymmetry_min=entry.conditions["fixed_D_min_K"], asymmetry_max=None,
        amplitude_area_min=1.0, amplitude_area_max=math.e, flux_field=flux_field, **options,
    )
    x = entry.conditions["x_K2O"]
    contributions["feo4"] = FeO4Centers(
        concentration=float(ppm_to_concentration(values["x_j_ppm"], Composition({"SiO2": 1.0 - x, "K2O": x}))),
        scale=abs(entry.conditions["fixed_V0_K"]), gap="printed",
    )
    return contributions, (
        "Zero-field table: of the anomalous systems only density * ln(D0max/D0min) is known (the logarithm is set to "
        "1), and nothing about their field dependence (the flux area is set so small that a field does nothing).",
    )


def _iron(values):
    return {
        "fe2": MagneticIons("Fe2+", values["n_Fe2_per_g"] * _PER_GRAM),
        "fe3": MagneticIons("Fe3+", values["n_Fe3_per_g"] * _PER_GRAM),
    }


def _anomalous(entry, options, flux_field, density_per_gram, **cutoff_law):
    if flux_field is None and (options["theory"] == "exact" or options["higher_field"]):
        raise ParameterError(
            f"published entry {entry.id!r} prints no B*, which theory='exact' and higher_field=True need; "
            "give flux_field= (tesla)"
        )
    return AnomalousTunnelingSystems(
        density=density_per_gram * _PER_GRAM,
        asymmetry_min=entry.values["D_min_K"], asymmetry_max=None,
        amplitude_area_min=entry.values["D0min_qe_S_K_A2"], amplitude_area_max=entry.values["D0max_qe_S_K_A2"],
        flux_field=flux_field, **cutoff_law, **options,
    )


def _convention_note(options):
    if options.get("prefactor") == "printed":
        return ("Evaluated as printed: prefactor twice the derived one, phi -> phi/sqrt(3).",)
    return (f"Evaluated with theory='{options['theory']}' and the derived prefactor: about half the printed curve; the "
            "paper's curve would need twice the density.",)


_BUILDERS = {
    "000.T1": _larmor_langevin, "000.T2": _larmor_langevin,
    "001.T3": _supplement, "001.T4": _supplement, "001.T3T4": _supplement,
    "002.T2": _heat_capacity_of_field, "002.T4": _heat_capacity_of_field,
    "002.T10": _magnetization, "002.T11": _magnetization, "002.T14": _magnetization,
    "004.TII": _heat_capacity_of_temperature,
}
