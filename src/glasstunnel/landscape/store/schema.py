"""Tables of a catalogue. Every row of a result names the task that made it, so that a task replaces its own rows."""

from sqlalchemy import Boolean, Column, Float, Integer, MetaData, String, Table, Text

#: Changes whenever the tables do; a catalogue of another version is refused.
SCHEMA_VERSION = 2

metadata = MetaData()

about = Table("about", metadata, Column("name", String(40), primary_key=True), Column("value", Text, nullable=False))

tasks = Table(
    "tasks", metadata, Column("key", String(24), primary_key=True), Column("stage", String(12), nullable=False),
    Column("glass", Integer, nullable=False), Column("seconds", Float, nullable=False),
    Column("version", String(20), nullable=False), Column("finished", String(32), nullable=False),
)  # fmt: skip

_task = lambda: Column("task", String(24), nullable=False, index=True)  # noqa: E731  a fresh column for each table
_glass = lambda: Column("glass", Integer, nullable=False)  # noqa: E731

glasses = Table("glasses", metadata, _task(), _glass(), Column("seed", Integer), Column("energy", Float),
                Column("rate", Float))  # fmt: skip
minima = Table("minima", metadata, _task(), _glass(), Column("number", Integer), Column("energy", Float),
               Column("structure", Integer), Column("visits", Integer))  # fmt: skip
edges = Table(
    "edges", metadata, _task(), _glass(), Column("number", Integer), Column("i", Integer), Column("j", Integer),
    *(Column(name, Float) for name in ("energy_i", "energy_j", "saddle_energy", "barrier", "asymmetry", "chord",
                                       "length", "participation", "curvature", "force")),
)  # fmt: skip
levels = Table(
    "levels", metadata, _task(), _glass(), Column("number", Integer),
    *(Column(name, Float) for name in ("splitting", "tunnel_splitting", "effective_asymmetry", "consistency",
                                       "third_level", "zero_point", "longitudinal", "transverse",
                                       "dipole")),
    *(Column(name, String(40)) for name in ("kind", "method", "solver")),
)  # fmt: skip
valleys = Table(
    "valleys", metadata, _task(), _glass(), Column("number", Integer), Column("valleys", Integer),
    Column("returned", Integer), Column("soft_pairs", Integer), Column("soft_wells", Integer),
    *(Column(name, Float) for name in ("radius", "height", "zero_point", "splitting", "quantum")),
    *(Column(name, Boolean) for name in ("reached", "passes")),
)  # fmt: skip
rejected = Table("rejected", metadata, _task(), _glass(), Column("stage", String(12)), Column("reason", Text),
                 Column("count", Integer))  # fmt: skip

#: Tables that hold results, by name.
RESULTS = {table.name: table for table in (glasses, minima, edges, levels, valleys, rejected)}
