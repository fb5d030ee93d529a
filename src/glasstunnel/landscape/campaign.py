"""Campaigns: every stage of every glass once, resumable after a kill at any moment, nothing lost or counted twice.

A stage is finished when its row in the table of tasks is committed; its arrays are in place before, its results come in
the same transaction. Whatever was under way when a run was killed is calculated again and gives the same.
"""

import json
import time
from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from numpy.linalg import LinAlgError

from glasstunnel.errors import GlassTunnelError, LandscapeError, RunFileError
from glasstunnel.landscape.executors import executor_for
from glasstunnel.landscape.settings import SECTIONS, STAGES, CampaignSettings, settings_from
from glasstunnel.landscape.store.arrays import ArrayStore
from glasstunnel.landscape.store.catalogue import Catalogue
from glasstunnel.progress import shows_progress
from glasstunnel.records import brief

#: How often a stage whose worker process was lost is started again.
ATTEMPTS = 3


#: What a campaign needs beyond a plain installation.
NEEDS = ("numba", "sqlalchemy", "zarr", "networkx", "threadpoolctl")


def _check_extras():
    missing = [name for name in NEEDS if find_spec(name) is None]
    if missing:
        raise LandscapeError(f"campaigns need {', '.join(missing)}: pip install 'glasstunnel[landscape]'")


@dataclass(frozen=True)
class Status:
    """How far a campaign is: finished and all tasks per stage, seconds per task, an estimate of what is left [s]."""

    finished: dict
    total: int
    seconds: dict
    left: float
    running: bool

    __repr__ = brief

    @property
    def complete(self) -> bool:
        """True when every stage of every glass is finished."""
        return all(count == self.total for count in self.finished.values())

    def lines(self):
        """The status as lines of text."""
        rows = [f"{stage:8s} {count:4d} of {self.total}" + (f", {self.seconds[stage]:.1f} s each" if count else "")
                for stage, count in self.finished.items()]  # fmt: skip
        state = "complete" if self.complete else "running" if self.running else "not running"
        unknown = [stage for stage, count in self.finished.items() if not count]
        rest = f", about {self.left:.0f} s of calculation left (one worker)"
        if unknown:
            rest = f", at least {self.left:.0f} s of calculation left (one worker; no {unknown[0]} stage is timed yet)"
        return [*rows, state + ("" if self.complete else rest)]


class Campaign:
    """One campaign folder: run file, catalogue, arrays."""

    def __init__(self, folder, settings: CampaignSettings | None = None, *, patience=120.0):
        _check_extras()
        self.folder = Path(folder)
        self.settings = settings or self._stored_settings()
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise LandscapeError(f"{folder}: cannot be made: {error.strerror}") from None
        self.catalogue = Catalogue.open(self.folder, self.settings.database, patience=patience)
        self.arrays = ArrayStore(self.folder / "arrays")

    def _stored_settings(self):
        place = self.folder / "campaign.json"
        try:
            return settings_from(json.loads(place.read_text(encoding="utf-8")), where=str(place))
        except (OSError, ValueError) as error:
            if isinstance(error, GlassTunnelError):
                raise
            raise RunFileError(f"{self.folder}: no campaign here (campaign.json cannot be read); start one with "
                               "'glasstunnel landscape run CAMPAIGN.toml -o FOLDER'") from None

    def other_settings(self):
        """Names of the settings in which the campaign that stands in this folder differs from this one."""
        try:
            before = self._stored_settings()
        except GlassTunnelError:
            return []
        return [f"{name}.{key}" for name in SECTIONS for key, value in self.settings.section(name).items()
                if before.section(name)[key] != value]  # fmt: skip

    def _remember_settings(self):
        values = {name: self.settings.section(name) for name in SECTIONS}
        values |= {"title": self.settings.title, "database": self.settings.database}
        text = json.dumps(values, indent=1)
        draft = self.folder / "campaign.json.draft"
        try:
            draft.write_text(text + "\n", encoding="utf-8")
            draft.replace(self.folder / "campaign.json")
        except OSError as error:
            raise LandscapeError(f"{self.folder}: the settings cannot be written ({error.strerror or error}); what is "
                                 "finished is kept, make room and run 'resume'") from None
        self.catalogue.remember("settings", text)

    def keys(self, glass):
        """{stage: key} of one glass, in order."""
        found, before = {}, ""
        for stage in STAGES:
            found[stage] = before = self.settings.key(stage, glass, before)
        return found

    def all_keys(self, stage=""):
        """Keys of all glasses, of one stage where it is named."""
        return [key for glass in range(self.settings.sample.glasses) for name, key in self.keys(glass).items()
                if stage in ("", name)]  # fmt: skip

    def status(self):
        """`Status` from the catalogue; can be asked while another process runs the campaign."""
        done = self.catalogue.finished()
        finished, seconds = {}, {}
        for stage in STAGES:
            times = [done[key][2] for key in self.all_keys(stage) if key in done]
            finished[stage] = len(times)
            seconds[stage] = sum(times) / len(times) if times else 0.0
        total = self.settings.sample.glasses
        left = sum((total - finished[stage]) * seconds[stage] for stage in STAGES)
        return Status(finished, total, seconds, left, self._is_locked())

    def identity(self):
        """Hash of all results; equal for equal settings, on any number of workers."""
        return self.catalogue.identity(self.all_keys())

    def glass_arrays(self, glass, stages=tuple(STAGES)):
        """{stage: {name: array}} of a glass, for the stages that are finished."""
        keys = self.keys(glass)
        return {stage: self.arrays.read(keys[stage]) for stage in stages if self.arrays.holds(keys[stage])}

    @shows_progress
    def run(self, workers=1, scheduler="", *, progress: Callable[[str], None] | None = None):
        """Run what is not finished; returns {glass: sentence} of the glasses that failed. One run per folder."""
        with self._lock():
            self._remember_settings()
            executor = executor_for(workers, scheduler)
            try:
                return self._run(executor, progress or (lambda sentence: None))
            finally:
                executor.close()

    def _run(self, executor, tell):
        done = self.catalogue.finished()
        ready = [task for glass in range(self.settings.sample.glasses) if (task := self._next(glass, done))]
        ready.reverse()
        running, failed, lost = {}, {}, {}
        while ready or running:
            # a task that keeps losing its worker takes the others with it, so it runs alone
            alone = any(lost.get(key, 0) > 1 for _glass, _stage, key in (*ready, *running.values()))
            while ready and len(running) < (1 if alone else executor.places):
                task = ready.pop()
                try:
                    running[executor.submit(*self._order(task))] = task
                except BrokenProcessPool:
                    ready.append(task)
                    executor.renew()
            finished, _others = wait(running, return_when=FIRST_COMPLETED)
            for future in finished:
                glass, stage, key = task = running.pop(future)
                try:
                    result = future.result()
                except BrokenProcessPool:
                    ready += self._again(task, running, lost, failed)
                    running.clear()
                    executor.renew()
                    break
                except GlassTunnelError as error:
                    failed[glass] = f"{stage}: {error}"
                    continue
                except (MemoryError, LinAlgError) as error:
                    failed[glass] = f"{stage}: {type(error).__name__}: {error}"
                    continue
                self.keep(key, stage, glass, result)
                done[key] = (stage, glass, result.seconds)
                tell(self._sentence(done, executor.places))
                following = self._next(glass, done)
                if following:
                    ready.append(following)
        return failed

    def _order(self, task):
        glass, stage, _key = task
        earlier = list(STAGES)[: list(STAGES).index(stage)]
        return stage, glass, self.settings, self.glass_arrays(glass, earlier)

    def _again(self, task, running, lost, failed):
        """Tasks to repeat after a worker process was lost."""
        again = []
        for glass, stage, key in [task, *running.values()]:
            lost[key] = lost.get(key, 0) + 1
            if lost[key] > ATTEMPTS:
                failed[glass] = (f"{stage}: the worker process was lost {ATTEMPTS} times (out of memory? a script that "
                                 "starts workers needs the line: if __name__ == '__main__')")
            else:
                again.append((glass, stage, key))
        return again

    def _next(self, glass, done):
        """(glass, stage, key) of the first stage of a glass that is not finished, or None."""
        for stage, key in self.keys(glass).items():
            if key not in done or not self.arrays.holds(key):
                return glass, stage, key
        return None

    def keep(self, key, stage, glass, result):
        """Arrays first, then rows and the note that the task is finished, in one transaction."""
        try:
            self.arrays.write(key, result.arrays)
        except OSError as error:
            raise LandscapeError(f"{self.folder}: arrays cannot be written ({error.strerror or error}); what is "
                                 "finished is kept, make room and run 'resume'") from None
        self.catalogue.keep(key, stage, glass, result)

    def _sentence(self, done, places):
        wanted = [key for key in self.all_keys() if key in done]
        spent = {stage: [done[key][2] for key in wanted if done[key][0] == stage] for stage in STAGES}
        left = sum((self.settings.sample.glasses - len(times)) * (sum(times) / len(times) if times else 0.0)
                   for times in spent.values())  # fmt: skip
        total = len(STAGES) * self.settings.sample.glasses
        about = "about" if all(spent.values()) else "at least"
        return f"stages finished: {len(wanted)} (all: {total}), {about} {left / places:.0f} s left"

    @contextmanager
    def _lock(self):
        import fcntl

        with open(self.folder / "lock", "a", encoding="utf-8") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                raise LandscapeError(f"{self.folder}: another run of a campaign works in this folder; wait for it or "
                                     "choose another folder") from None
            yield

    def _is_locked(self):
        try:
            with self._lock():
                return False
        except LandscapeError:
            return True

    def close(self):
        """Give the database back."""
        self.catalogue.close()


@shows_progress
def run_campaign(settings, folder, *, workers=1, scheduler="", progress=None):
    """Run (or go on with) a campaign in a folder; returns its `Campaign`. Raises `LandscapeError` if glasses failed.

    What another campaign with the same settings has finished in this folder is not calculated again.
    """
    start = time.monotonic()
    campaign = Campaign(folder, settings)
    failed = campaign.run(workers, scheduler, progress=progress)
    if failed:
        rest = "; ".join(f"glass {glass}: {sentence}" for glass, sentence in sorted(failed.items()))
        raise LandscapeError(f"{len(failed)} of {settings.sample.glasses} glasses failed after "
                             f"{time.monotonic() - start:.0f} s, the others are kept: {rest}")
    return campaign
