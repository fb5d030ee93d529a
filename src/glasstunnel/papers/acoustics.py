"""Ready glasses of the sets for phonon scattering, which are collected or fitted: none of the papers prints them."""

from glasstunnel.constants import boltzmann
from glasstunnel.papers.entries import PublishedEntry
from glasstunnel.systems.contribution import Contribution
from glasstunnel.systems.material import Material
from glasstunnel.systems.soft_modes import SoftModes
from glasstunnel.systems.two_level import TwoLevelSystems

#: Tables of `parameters.toml` that hold them.
ACOUSTIC_TABLES = ("acoustics.collected", "acoustics.fitted")


def acoustic_glass(entry: PublishedEntry) -> tuple[dict[str, Contribution], tuple[str, ...]]:
    """(contributions, notes) of an entry of `ACOUSTIC_TABLES`: ``tls`` with its material, and ``soft``.

    >>> from glasstunnel.papers.entries import published_entry
    >>> contributions, _ = acoustic_glass(published_entry("acoustics.collected.silica"))
    >>> print(f"{contributions['tls'].mode_strength('transverse'):.3e}")
    2.731e-04
    """
    values = {**entry.conditions, **entry.values}
    material = Material(
        values["mass_density_kg_per_m3"], values["v_l_m_per_s"], values["v_t_m_per_s"], values.get("gamma_l_eV"),
        values.get("gamma_t_eV"),
    )
    density = values["Pbar_per_J_m3"] * boltzmann / material.density if "Pbar_per_J_m3" in values else None
    return {
        "tls": TwoLevelSystems(
            density, material=material, longitudinal_strength=values.get("C_l"), transverse_strength=values.get("C_t")
        ),
        "soft": SoftModes(None, values["W_K"], attempt_time=values.get("tau0_s")),
    }, ()
