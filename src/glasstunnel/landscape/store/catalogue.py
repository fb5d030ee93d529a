"""The catalogue of a campaign: what is finished, and the rows found. One writer; a task is one transaction."""

import hashlib
import json
import shutil
import time
from datetime import UTC, datetime
from pathlib import Path

from glasstunnel import __version__
from glasstunnel.errors import LandscapeError

#: Seconds for which a database that went away is asked again.
PATIENCE = 120.0


class Catalogue:
    """A SQLite file or a PostgreSQL database (`url`), through one schema."""

    def __init__(self, url, *, patience=PATIENCE):
        try:
            from sqlalchemy import create_engine, event
        except ImportError:
            raise LandscapeError("campaigns need SQLAlchemy: pip install 'glasstunnel[landscape]'") from None
        self.url, self.patience = url, patience
        self.engine = create_engine(url, pool_pre_ping=True)
        if url.startswith("sqlite"):
            event.listen(self.engine, "connect", _durable)

    @classmethod
    def open(cls, folder, database="", *, patience=PATIENCE):
        """The catalogue of a campaign folder, made when it is not there; refuses broken ones and other versions."""
        from sqlalchemy.exc import ArgumentError, NoSuchModuleError

        url = database or f"sqlite:///{Path(folder) / 'catalogue.sqlite'}"
        try:
            found = cls(url, patience=patience)
        except (ArgumentError, NoSuchModuleError, ImportError) as error:
            raise LandscapeError(f"database {url!r} cannot be used: {error}") from None
        found.prepare()
        return found

    def prepare(self):
        """Make the tables, or check that they are those of this version."""
        from sqlalchemy import inspect, select

        from glasstunnel.landscape.store import schema

        def work(connection):
            if not inspect(connection).has_table("about"):
                schema.metadata.create_all(connection)
                connection.execute(schema.about.insert(), [{"name": "schema", "value": str(schema.SCHEMA_VERSION)},
                                                           {"name": "created by", "value": __version__}])  # fmt: skip
                return str(schema.SCHEMA_VERSION)
            return connection.execute(select(schema.about.c.value).where(schema.about.c.name == "schema")).scalar()

        version = self.transaction(work)
        if version != str(schema.SCHEMA_VERSION):
            raise LandscapeError(f"{self.url}: a catalogue of version {version}, this program writes version "
                                 f"{schema.SCHEMA_VERSION}; start a new folder, or export it with the program that "
                                 "made it")

    def transaction(self, work):
        """work(connection) in one transaction; a database that is away is asked again for `patience` seconds."""
        from sqlalchemy.exc import DatabaseError, DBAPIError, OperationalError

        stop, pause = time.monotonic() + self.patience, 0.2
        while True:
            try:
                with self.engine.begin() as connection:
                    return work(connection)
            except OperationalError as error:
                text = str(error.orig or error)
                if "disk is full" in text or "No space left" in text or ("disk I/O" in text and self._is_full()):
                    raise LandscapeError(f"{self.url}: the disk is full; what is finished is kept, make room and run "
                                         "'resume'") from None
                if "not a database" in text or "malformed" in text:
                    raise LandscapeError(self._broken(text)) from None
                if time.monotonic() > stop:
                    raise LandscapeError(f"{self.url}: the database did not answer for {self.patience:g} s ({text}); "
                                         "what is finished is kept, run 'resume' when it is back") from None
                time.sleep(pause)
                pause = min(2 * pause, 5.0)
            except (DatabaseError, DBAPIError) as error:
                raise LandscapeError(self._broken(str(error.orig or error))) from None

    def _is_full(self):
        """Whether the disk of an SQLite catalogue has no room for the files that it keeps beside itself."""
        folder = Path(self.url.removeprefix("sqlite:///")).parent
        return folder.is_dir() and shutil.disk_usage(folder).free < 100_000

    def _broken(self, text):
        return f"{self.url}: not a catalogue of a campaign, or a damaged one ({' '.join(text.split())[:200]})"

    def finished(self):
        """{key: (stage, glass, seconds)} of all finished tasks."""
        from sqlalchemy import select

        from glasstunnel.landscape.store import schema

        rows = self.transaction(lambda connection: connection.execute(select(schema.tasks)).mappings().all())
        return {row["key"]: (row["stage"], row["glass"], row["seconds"]) for row in rows}

    def keep(self, key, stage, glass, result):
        """Rows of a finished task and the note that it is finished, in one transaction; its old rows go."""
        from glasstunnel.landscape.store import schema

        def work(connection):
            for name, table in schema.RESULTS.items():
                connection.execute(table.delete().where(table.c.task == key))
                rows = [{"task": key, "glass": glass} | ({"stage": stage} if name == "rejected" else {}) | row
                        for row in result.rows.get(name, ())]  # fmt: skip
                if rows:
                    connection.execute(table.insert(), rows)
            connection.execute(schema.tasks.delete().where(schema.tasks.c.key == key))
            connection.execute(schema.tasks.insert().values(
                key=key, stage=stage, glass=glass, seconds=result.seconds, version=__version__,
                finished=datetime.now(UTC).isoformat(timespec="seconds")))  # fmt: skip

        self.transaction(work)

    def rows(self, name, keys):
        """Rows of a result table made by the given tasks, in a fixed order, without the task column."""
        from sqlalchemy import select

        from glasstunnel.landscape.store import schema

        table, keys = schema.RESULTS[name], set(keys)
        found = self.transaction(lambda connection: connection.execute(select(table)).mappings().all())
        rows = [{key: value for key, value in row.items() if key != "task"} for row in found if row["task"] in keys]
        return sorted(rows, key=lambda row: (row["glass"], row.get("number", 0) or 0,
                                             row.get("radius", 0.0), str(row.get("reason", ""))))

    def identity(self, keys):
        """Hash of all results of the given tasks: equal for equal results, whoever calculated them and when."""
        from glasstunnel.landscape.store import schema

        whole = {name: self.rows(name, keys) for name in schema.RESULTS}
        return hashlib.sha256(json.dumps(whole, sort_keys=True).encode()).hexdigest()[:16]

    def remember(self, name, value):
        """Keep a text about the campaign (its settings)."""
        from glasstunnel.landscape.store import schema

        def work(connection):
            connection.execute(schema.about.delete().where(schema.about.c.name == name))
            connection.execute(schema.about.insert().values(name=name, value=value))

        self.transaction(work)

    def close(self):
        """Give the connections back."""
        self.engine.dispose()


def _durable(connection, _record):
    """SQLite: a finished transaction survives a crash of the machine; readers do not wait for the writer."""
    cursor = connection.cursor()
    cursor.execute("PRAGMA busy_timeout=5000")
    try:
        cursor.execute("PRAGMA journal_mode=WAL")
        cursor.execute("PRAGMA synchronous=FULL")
    finally:
        cursor.close()
