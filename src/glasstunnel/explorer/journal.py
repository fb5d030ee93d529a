"""What was done, in memory and on disk: undo and redo walk it, a crash loses nothing of it."""

import hashlib
import json
import os
import secrets
import shutil
import threading
import time
import weakref
from pathlib import Path
from typing import Any

from glasstunnel.errors import GlassTunnelError
from glasstunnel.explorer.state import State
from glasstunnel.files import written_whole

_MOST_STATES = 1000
_MOST_SESSIONS = 50  # that are kept on disk
_OLDEST = 90.0  # days since the last change of a session that is kept


def state_folder() -> Path:
    """The folder of all sessions: in $GLASSTUNNEL_STATE, else where a user's programs keep their state."""
    given = os.environ.get("GLASSTUNNEL_STATE")
    base = os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state"
    return Path(given) if given else Path(base) / "glasstunnel" / "explorer"


class Journal:
    """The states of one session, one of them the present one; every change is on disk before it is answered.

    folder : of the session: ``journal.jsonl``, uploads. version : grows with every change.
    """

    def __init__(self, folder: Path, state: State | None = None):
        self.folder = folder
        self.states: list[tuple[str, State]] = []
        self.index = -1
        self.version = 0
        self.saved_at = 0.0
        self.fit: dict[str, Any] | None = None
        self.lock = threading.RLock()
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._hold()
        self._path = folder / "journal.jsonl"
        if state is not None:
            self.push("open", state)

    def _hold(self):
        """A lock that says, as long as this journal lives, that its session is in use."""
        lock = os.open(self.folder / "lock", os.O_CREAT | os.O_RDWR, 0o600)
        weakref.finalize(self, os.close, lock)
        _locked(lock)

    @property
    def state(self) -> State:
        """The present state."""
        return self.states[self.index][1]

    @property
    def first(self) -> State:
        """The state the session opened with."""
        return self.states[0][1]

    @property
    def before(self) -> State:
        """The state of the step before, the first one where there is none."""
        return self.states[max(0, self.index - 1)][1]

    def push(self, name: str, state: State) -> None:
        """A new present state; what was undone is forgotten."""
        with self.lock:
            self._write({"do": name, "document": state.document, "files": state.files})
            self._push(name, state)

    def _push(self, name, state):
        self.states = [*self.states[: self.index + 1], (name, state)][-_MOST_STATES:]
        self.index = len(self.states) - 1
        self.version += 1

    def move(self, steps: int) -> None:
        """Undo (-1) or redo (+1); `GlassTunnelError` where there is nothing to."""
        with self.lock:
            if not 0 <= self.index + steps < len(self.states):
                raise GlassTunnelError(f"there is nothing to {'undo' if steps < 0 else 'redo'}")
            self._write({"do": "move", "steps": steps})
            self.index += steps
            self.version += 1

    def keep_fit(self, result: dict[str, Any] | None) -> None:
        """The last fit, beside the states."""
        with self.lock:
            self._write({"do": "fit", "result": result})
            self.fit = result
            self.version += 1

    def _write(self, record):
        line = json.dumps({"at": time.time(), **record}, allow_nan=True)
        with open(self._path, "a", encoding="utf-8") as stream:
            stream.write(line + "\n")
            stream.flush()
            os.fsync(stream.fileno())
        self.saved_at = time.time()

    @classmethod
    def resume(cls, folder: Path) -> "Journal":
        """The journal of a folder as it was; a last line that was cut short is left out."""
        journal = cls(folder)
        content = journal._path.read_bytes()
        whole = content[: content.rfind(b"\n") + 1]
        if len(whole) < len(content):
            os.truncate(journal._path, len(whole))
        for line in whole.decode("utf-8").splitlines():
            journal._repeat(json.loads(line))
        if not journal.states:
            raise GlassTunnelError(f"{folder}: holds no state to resume")
        return journal

    def _repeat(self, record):
        if record["do"] == "move":
            self.index += record["steps"]
        elif record["do"] == "fit":
            self.fit = record["result"]
        else:
            self._push(record["do"], State(record["document"], record["files"]))
        self.version += record["do"] in ("move", "fit")

    def keep_upload(self, name: str, content: bytes) -> Path:
        """An uploaded file, in the folder of the session under its own content's name."""
        place = self.folder / "uploads" / hashlib.sha256(content).hexdigest()[:16]
        place.mkdir(parents=True, exist_ok=True)
        path = place / name
        with written_whole(path) as part, open(part, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        return path


def new_folder() -> Path:
    """A folder for a new session, which only its owner reads."""
    folder = state_folder() / f"{time.strftime('%Y%m%d-%H%M%S')}-{secrets.token_hex(4)}"
    folder.mkdir(parents=True, mode=0o700)
    return folder


def latest_folder() -> Path:
    """The folder of the session that was changed last; `GlassTunnelError` where there is none."""
    found = sorted(state_folder().glob("*/journal.jsonl"), key=lambda path: path.stat().st_mtime)
    if not found:
        raise GlassTunnelError(f"there is no session to resume in {state_folder()}")
    return found[-1].parent


def _locked(lock):
    """Whether an open file could be locked, which one process at a time can do."""
    try:
        import fcntl
    except ImportError:  # Windows, where a folder with an open file cannot be moved
        return True
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def prune(now: float | None = None) -> int:
    """Remove the sessions that nobody changed for 90 days, and all but the newest 50; how many they were.

    A session in use stays.
    """
    found = sorted(state_folder().glob("*/journal.jsonl"), key=lambda path: path.stat().st_mtime, reverse=True)
    limit = (time.time() if now is None else now) - 86400.0 * _OLDEST
    old = [path for number, path in enumerate(found) if number >= _MOST_SESSIONS or path.stat().st_mtime < limit]
    return sum(_removed(path.parent) for path in old)


def _removed(folder):
    """Whether a folder could be taken away: moved aside first, so that no half of it is ever found."""
    with open(folder / "lock", "a", encoding="utf-8") as stream:
        if not _locked(stream):
            return False
    aside = folder.with_name(f".{folder.name}.removed")
    try:
        os.replace(folder, aside)
    except OSError:
        return False
    shutil.rmtree(aside, ignore_errors=True)
    return True
