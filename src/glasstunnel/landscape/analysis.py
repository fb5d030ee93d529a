"""What a campaign found: tunneling systems per glass, their density with errors, and a catalogue for a `Glass`."""

from dataclasses import dataclass, field, replace

import numpy as np

from glasstunnel.constants import boltzmann, elementary_charge
from glasstunnel.errors import LandscapeError
from glasstunnel.landscape.graph import Edge, classify, law_tests, motion_center
from glasstunnel.landscape.quantum import ERROR_CLASS, TWO_LEVEL
from glasstunnel.landscape.saddles import Path
from glasstunnel.landscape.settings import SECTIONS
from glasstunnel.landscape.stages import configuration, stored_path
from glasstunnel.landscape.unit_systems import units
from glasstunnel.records import brief
from glasstunnel.systems.catalogue import TunnelingCatalogue

#: Systems with a gap below this count in the density n0 [K].
COUNTED_GAP = 1.0
#: A saturation curve is flat when its last quarter of quenches adds less than this fraction of the minima.
FLAT = 0.05


@dataclass(frozen=True, eq=False)
class Density:
    """Systems with a gap below `gap` [K] per particle: value and error (bootstrap over glasses), and per kilogram.

    `lower_bound` where the saturation curve is not flat.
    """

    gap: float
    count: int
    per_particle: float
    error: float
    per_kilogram: float
    lower_bound: bool

    def sentence(self):
        """The density in words."""
        if not self.count:
            bound = ", of those that a search can find which has not saturated" if self.lower_bound else ""
            return (f"no system with a gap below {self.gap:g} K was found: fewer than {self.error:.2g} per particle at "
                    f"95 % confidence{bound}")  # fmt: skip
        bound = ", a lower bound: the search has not saturated" if self.lower_bound else ""
        value = f"{self.per_particle:.3g} ± {self.error:.2g}"
        return f"{self.count} systems with a gap below {self.gap:g} K: {value} per particle{bound}"


@dataclass(frozen=True, eq=False)
class ExampleWell:
    """One double well of a campaign, to look at: row of its edge, first minimum, displacement (atoms, 3), box, path."""

    row: dict
    positions: np.ndarray
    displacement: np.ndarray
    box: np.ndarray
    path: Path

    __repr__ = brief


@dataclass(frozen=True, eq=False)
class CampaignResult:
    """A finished campaign as records and arrays; energies in eps unless a name says kelvin.

    edges : rows of edges with their levels. groups : (glass, `TunnelingGroup`). saturation : (quenches, mean distinct
    minima); system_curve : two-level systems per glass known after so many quenches. estimate : minima within reach
    (capture-recapture), summed over glasses. rejected : {reason: number}.
    gaps, asymmetries, splittings [K] of the two-level systems kept for the catalogue; their deformation potentials
    {"longitudinal", "transverse"} [J] and, where charges were given, dipole moments [C m]. valleys : rows.
    example : the double well with the lowest barrier; propensity : of the atoms of the first glass, at `atoms`.
    """

    title: str
    settings: dict
    edges: tuple
    groups: tuple
    dropped: dict
    rejected: dict
    saturation: tuple
    estimate: float
    minima: int
    gaps: np.ndarray
    asymmetries: np.ndarray
    splittings: np.ndarray
    third_levels: np.ndarray
    barriers: np.ndarray
    per_glass: np.ndarray
    density: Density
    laws: dict
    identity: str
    method: str
    notes: tuple = ()
    particles: int = 0
    glasses: int = 0
    propensity: np.ndarray = field(default_factory=lambda: np.zeros(0))
    deformation_potentials: dict = field(default_factory=dict)
    dipoles: np.ndarray | None = None
    valleys: tuple = ()
    example: ExampleWell | None = None
    atoms: np.ndarray = field(default_factory=lambda: np.zeros((0, 3)))
    box: np.ndarray = field(default_factory=lambda: np.full(3, np.inf))
    system_curve: np.ndarray = field(default_factory=lambda: np.zeros(0))

    __repr__ = brief

    @property
    def saturated(self):
        """True when the last quarter of the quenches added less than five per cent of the minima."""
        return is_flat(*self.saturation)

    def catalogue(self, **options):
        """The two-level systems found as a `TunnelingCatalogue` [per kilogram of the model's atoms].

        options : further arguments of it, e.g. sound_mode and sound_speed for sound, relative_permittivity and
        mass_density for the dielectric response; the couplings found go in by themselves.
        """
        if not len(self.gaps):
            raise LandscapeError("no two-level system was found: there is nothing to put into a glass; search longer")
        scale = units(self.settings["tunneling"]["units"])
        number = scale.per_kilogram(len(self.gaps), self.glasses * self.particles)
        mode = options.get("sound_mode", "longitudinal")
        couplings: dict = {"deformation_potentials": self.deformation_potentials.get(mode), "dipoles": self.dipoles}
        couplings = {name: tuple(values) for name, values in couplings.items() if values is not None} | options
        return TunnelingCatalogue(
            number, asymmetries=tuple(self.asymmetries), splittings=tuple(self.splittings),
            third_levels=tuple(self.third_levels), barriers=tuple(self.barriers), lower_bound=self.density.lower_bound,
            **couplings)  # fmt: skip

    def counts(self):
        """{kind of group: number}."""
        kinds = [group.kind for _glass, group in self.groups]
        return {kind: kinds.count(kind) for kind in sorted(set(kinds), key=lambda kind: (-kinds.count(kind), kind))}

    def to_dict(self):
        """Plain values for machines."""
        return {"title": self.title, "identity": self.identity, "settings": self.settings, "minima": self.minima,
                "edges": len(self.edges), "groups": self.counts(), "dropped": self.dropped, "rejected": self.rejected,
                "two-level systems": len(self.gaps), "density per particle": self.density.per_particle,
                "density error": self.density.error, "lower bound": self.density.lower_bound,
                "valleys": valley_statistics(self.valleys),
                "laws": {name: None if np.isnan(p) else p for name, p in self.laws.items()}, "method": self.method,
                "notes": list(self.notes)}  # fmt: skip


def is_flat(quenches, known):
    """Whether a saturation curve has become flat."""
    if len(known) < 8:
        return False
    return bool(known[-1] - known[3 * len(known) // 4] < FLAT * known[-1])


def collect(campaign, glasses=None):
    """The `CampaignResult` of what is finished so far."""
    settings, done = campaign.settings, campaign.catalogue.finished()
    ready = [glass for glass in range(settings.sample.glasses) if set(campaign.keys(glass).values()) <= set(done)]
    ready = ready if glasses is None else [glass for glass in ready if glass in glasses]
    if not ready:
        raise LandscapeError(f"{campaign.folder}: no glass is finished yet; run the campaign first")
    keys = [key for glass in ready for key in campaign.keys(glass).values()]
    levels = {(row["glass"], row["number"]): row for row in campaign.catalogue.rows("levels", keys)}
    rows = [row | levels.get((row["glass"], row["number"]), {}) for row in campaign.catalogue.rows("edges", keys)]
    rejected, remarks = {}, {}
    for row in campaign.catalogue.rows("rejected", keys):
        kind, name = (remarks, row["reason"][6:]) if row["reason"].startswith("note: ") else (rejected, row["reason"])
        kind[name] = kind.get(name, 0) + row["count"]
    gathered = _Gathered(ready, keys, rows, rejected)
    for glass in ready:
        arrays = campaign.glass_arrays(glass, ("glass", "harvest", "edges"))
        gathered.add(glass, arrays, classify_glass(settings, arrays, [row for row in rows if row["glass"] == glass]))
    found = _result(campaign, gathered)
    notes = tuple(f"in {count} of {len(ready)} glasses: {remark}" for remark, count in sorted(remarks.items()))
    first = campaign.glass_arrays(ready[0], ("glass",))["glass"]
    return replace(found, notes=found.notes + notes, example=_example(campaign, found), atoms=first["positions"],
                   box=first["box"])  # fmt: skip


def _example(campaign, found):
    """The `ExampleWell` with the lowest barrier among the two-level systems, else among all edges."""
    rows = _two_level_rows(found.edges, found.groups) or list(found.edges)
    if not rows:
        return None
    row = min(rows, key=lambda row: row["barrier"])
    arrays, n = campaign.glass_arrays(row["glass"], ("glass", "edges")), row["number"]
    path = stored_path(arrays, n)
    return ExampleWell(row, path.positions[0], arrays["edges"]["displacements"][n], arrays["glass"]["box"], path)


@dataclass
class _Gathered:
    """What the finished glasses of a campaign hold together, while it is added up.

    ready : their numbers; keys : of their stages. rows : of all edges. rejected, dropped : {reason: number} of quenches
    and of edges. curves : one of saturation for each glass. propensity : that of the first. visits : {glass: minimum
    that each quench found, in order}.
    """

    ready: list[int]
    keys: list[str]
    rows: list[dict]
    rejected: dict[str, int]
    dropped: dict[str, int] = field(default_factory=dict)
    groups: list[tuple] = field(default_factory=list)
    curves: list[np.ndarray] = field(default_factory=list)
    estimate: float = 0.0
    propensity: np.ndarray = field(default_factory=lambda: np.zeros(0))
    visits: dict[int, np.ndarray] = field(default_factory=dict)

    def add(self, glass, arrays, classified):
        """One more glass: its arrays and the `Classification` of its edges."""
        self.groups += [(glass, group) for group in classified.groups]
        for reason, count in classified.dropped.items():
            self.dropped[reason] = self.dropped.get(reason, 0) + count
        self.curves.append(arrays["harvest"]["known"])
        self.visits[glass] = np.concatenate(arrays["harvest"]["visits"])
        self.estimate += float(arrays["harvest"]["estimate"][0])
        if not len(self.propensity):
            self.propensity = arrays["harvest"]["propensity"]


def classify_glass(settings, arrays, rows):
    """`Classification` of the edges of one glass, from its rows and arrays."""
    start, edges = configuration(settings, arrays), []
    for row in rows:
        n, solved = row["number"], row.get("tunnel_splitting")
        u, x = arrays["edges"]["displacements"][n], arrays["edges"]["saddles"][n]
        edges.append(Edge(row["i"], row["j"], (row["energy_i"], row["energy_j"]), row["saddle_energy"], u,
                          motion_center(x, u, start.box), float("nan") if solved is None else -0.5 * solved,
                          row["length"], str(n)))  # fmt: skip
    limits = settings.tunneling
    return classify(edges, start.box, max_asymmetry=limits.max_asymmetry, max_barrier=limits.max_barrier)


def valley_statistics(rows):
    """{radius: counts} over the minima looked at: valleys, those inside the basin, reached, and passing; soft modes."""
    found = {}
    for radius in sorted({row["radius"] for row in rows}):
        at = [row for row in rows if row["radius"] == radius]
        found[radius] = {
            "minima": len(at), "valleys per minimum": float(np.mean([row["valleys"] for row in at])),
            "inside the basin": sum(row["returned"] for row in at) / max(sum(row["valleys"] for row in at), 1),
            "reached by the ground state": sum(bool(row["reached"]) for row in at),
            "tunneling systems": sum(bool(row["passes"]) for row in at),
            "soft modes with a second well": sum(row["soft_wells"] for row in at)}  # fmt: skip
    return found


def system_saturation(systems, visits):
    """Two-level systems per glass whose two minima are known after each quench, (quenches,).

    systems : rows with glass, i, j; visits : {glass: minimum that each quench found}. A minimum that only a path showed
    counts from the last quench on, the one that all replicas start from is known before the first.
    """
    length = min(len(sequence) for sequence in visits.values())
    curve = np.zeros(length)
    for row in systems:
        sequence = visits[row["glass"]]
        seen = [np.flatnonzero(sequence == end) for end in (row["i"], row["j"])]
        first = [0 if end == 0 else at[0] if len(at) else length - 1
                 for end, at in zip((row["i"], row["j"]), seen, strict=True)]  # fmt: skip
        curve[min(max(first), length - 1) :] += 1.0
    return curve / len(visits)


def _two_level_rows(rows, groups):
    """Rows of edges that are two-level systems and stand in a group (so not composite, no copies)."""
    kept = {(glass, int(edge.name)) for glass, group in groups for edge in group.edges}
    return [row for row in rows if row.get("kind") == TWO_LEVEL and (row["glass"], row["number"]) in kept]


def _result(campaign, gathered):
    settings, scale = campaign.settings, units(campaign.settings.tunneling.units)
    ready, groups, curves = gathered.ready, gathered.groups, gathered.curves
    systems = _two_level_rows(gathered.rows, groups)
    columns = {name: scale.energy * np.array([row[name] or 0.0 for row in systems], dtype=float)
               for name in ("effective_asymmetry", "tunnel_splitting", "third_level", "barrier")}  # fmt: skip
    length = min(len(curve) for curve in curves)
    known = np.mean([curve[:length] for curve in curves], axis=0)
    saturation = (np.arange(1, length + 1), known)
    gaps = np.hypot(columns["effective_asymmetry"], columns["tunnel_splitting"])
    joule, moment = boltzmann * scale.energy, elementary_charge * scale.length
    potentials = {name: joule * np.array([row[name] for row in systems], dtype=float)
                  for name in ("longitudinal", "transverse")}  # fmt: skip
    dipoles = moment * np.array([row["dipole"] for row in systems], dtype=float) if settings.tunneling.charges else None
    of_glass = np.array([row["glass"] for row in systems], dtype=int)
    per_glass = np.array([np.sum(of_glass[gaps < COUNTED_GAP] == glass) for glass in ready])
    curve = system_saturation(systems, gathered.visits)
    flat = is_flat(*saturation) and (curve[-1] == 0 or is_flat(saturation[0], curve))
    density = density_of(per_glass, settings.sample.count, scale, flat)
    laws = law_tests([group for _glass, group in groups], columns["tunnel_splitting"][gaps > 0],
                     columns["effective_asymmetry"][gaps > 0])  # fmt: skip
    good = gaps > 0
    return CampaignResult(
        settings.title, {name: settings.section(name) for name in SECTIONS}, tuple(gathered.rows), tuple(groups),
        gathered.dropped, gathered.rejected, saturation, gathered.estimate,
        len(campaign.catalogue.rows("minima", gathered.keys)), gaps[good], columns["effective_asymmetry"][good],
        columns["tunnel_splitting"][good], columns["third_level"][good], columns["barrier"][good], per_glass, density,
        laws, campaign.catalogue.identity(gathered.keys), settings.tunneling.method,
        _notes(settings, ready, groups, density), settings.sample.count, len(ready), gathered.propensity,
        {name: values[good] for name, values in potentials.items()}, None if dipoles is None else dipoles[good],
        tuple(campaign.catalogue.rows("valleys", gathered.keys)), system_curve=curve)  # fmt: skip


def density_of(per_glass, particles, scale, saturated, draws=2000):
    """`Density` from counts per glass, its error by bootstrap over glasses; without any, the 95 % limit (3 systems)."""
    glasses = len(per_glass)
    value = float(np.sum(per_glass)) / (glasses * particles)
    random = np.random.default_rng(0)
    means = per_glass[random.integers(0, glasses, (draws, glasses))].mean(axis=1) / particles
    poisson = np.sqrt(max(float(np.sum(per_glass)), 1.0)) / (glasses * particles)
    error = max(float(np.std(means)), poisson) if np.sum(per_glass) else 3.0 / (glasses * particles)
    return Density(COUNTED_GAP, int(np.sum(per_glass)), value, error, value / scale.mass, not saturated)


def _notes(settings, ready, groups, density):
    notes = [f"splittings at method level {settings.tunneling.method}: {ERROR_CLASS[settings.tunneling.method]}",
             "the density depends on cooling rate and harvest temperature; both are in the settings"]  # fmt: skip
    if len(ready) < settings.sample.glasses:
        notes.append(f"only {len(ready)} of {settings.sample.glasses} glasses are finished")
    if density.lower_bound:
        notes.append("the number of minima still grows with the number of quenches: densities are lower bounds")
    if any(group.kind == "triangle" for _glass, group in groups):
        notes.append("t12 t23 t31 of a triangle is negative here; the positive D0 of the anomalous systems is an added "
                     "assumption about their surroundings")
    escaping = sum(group.escapes for _glass, group in groups)
    if escaping:
        notes.append(f"{escaping} of {len(groups)} systems have an easier way out than their own barriers")
    return tuple(notes)
