"""Campaigns: same result on any number of workers, nothing lost by a kill, faults in one sentence each."""

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path

import pytest
from tests.landscape.campaigns import TINY, write

from glasstunnel.errors import GlassTunnelError
from glasstunnel.landscape.analysis import collect
from glasstunnel.landscape.campaign import Campaign, run_campaign
from glasstunnel.landscape.settings import settings_from
from glasstunnel.landscape.stages import StageResult
from glasstunnel.landscape.store.catalogue import Catalogue

# A campaign compiles every kernel and runs a whole search: half a minute before the first assertion.
pytestmark = pytest.mark.slow


def test_what_was_interrupted_at_any_stage_is_repeated_to_the_same_result(finished, tmp_path):
    folder = tmp_path / "copy"
    shutil.copytree(finished.folder, folder)
    campaign = Campaign(folder)
    key = campaign.keys(1)["edges"]
    with sqlite3.connect(folder / "catalogue.sqlite") as connection:  # rows and arrays are there, the note is not
        connection.execute("delete from tasks where key = ?", (key,))
    (folder / "arrays" / f"{campaign.keys(0)['levels']}.draft").mkdir()
    assert not campaign.status().complete
    assert not campaign.run()
    assert campaign.identity() == finished.identity() and campaign.status().complete


def test_two_workers_find_the_same_catalogue(finished, tmp_path):
    assert run_campaign(finished.settings, tmp_path, workers=2).identity() == finished.identity()


def test_a_killed_run_goes_on_and_ends_with_the_same_catalogue(finished, tmp_path):
    run_file = write(tmp_path, TINY)
    command = [sys.executable, "-m", "glasstunnel", "landscape", "run", str(run_file), "-o", str(tmp_path / "c"),
               "--workers", "2"]  # fmt: skip
    for pause in (6.0, 9.0):
        process = subprocess.Popen(command, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
        time.sleep(pause)
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
    done = subprocess.run(command, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    assert finished.identity() in done.stdout
    with sqlite3.connect(tmp_path / "c" / "catalogue.sqlite") as connection:
        (count,) = connection.execute("select count(*) from tasks").fetchone()
    assert count == 10


def many(workers, folder, run_file):
    return [sys.executable, "-m", "glasstunnel", "landscape", "run", str(run_file), "-o", str(folder),
            "--workers", str(workers)]  # fmt: skip


def finished_tasks(folder):
    try:
        with sqlite3.connect(f"file:{folder / 'catalogue.sqlite'}?mode=ro", uri=True) as connection:
            return connection.execute("select count(*), count(distinct glass || stage) from tasks").fetchone()
    except sqlite3.Error:
        return 0, 0


def test_eight_workers_that_are_killed_twice_find_what_one_worker_finds(finished, tmp_path):
    values = TINY | {"sample": {"glasses": 8, "count": 150}, "valleys": {"minima": 0}}
    run_file, folder = write(tmp_path, values), tmp_path / "eight"
    for enough in (3, 20):  # killed while all eight are at work, with so many tasks behind them
        process = subprocess.Popen(many(8, folder, run_file), stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
        stop = time.monotonic() + 240
        while finished_tasks(folder)[0] < enough and process.poll() is None and time.monotonic() < stop:
            time.sleep(0.05)
        process.kill()
        process.wait()
    done = subprocess.run(many(8, folder, run_file), capture_output=True, text=True, timeout=600)
    assert done.returncode == 0, done.stderr
    assert finished_tasks(folder) == (40, 40)
    alone = run_campaign(settings_from(values), tmp_path / "one")
    assert alone.identity() in done.stdout


class Poisoned:
    """An executor of three places that breaks whenever glass 0 is among its tasks."""

    places = 3

    def __init__(self):
        self.pending = []

    def submit(self, stage, glass, _settings, _arrays):
        future = Future()
        self.pending.append(future)
        if glass == 0:
            for other in self.pending:
                other.set_exception(BrokenProcessPool("a process died"))
            self.pending = []
        else:
            threading.Timer(0.02, self.finish, (future,)).start()
        return future

    def finish(self, future):
        if future in self.pending:
            self.pending.remove(future)
            future.set_result(StageResult())

    def renew(self):
        pass

    def close(self):
        pass


def test_a_glass_that_kills_its_worker_takes_no_other_glass_with_it(tmp_path, monkeypatch):
    monkeypatch.setattr("glasstunnel.landscape.campaign.executor_for", lambda *_given: Poisoned())
    campaign = Campaign(tmp_path, settings_from(TINY | {"sample": {"glasses": 4, "count": 150}}))
    failed = campaign.run(3)
    assert list(failed) == [0] and "lost 3 times" in failed[0]
    assert all(count == 3 for count in campaign.status().finished.values())


def test_a_small_disk_that_is_full_keeps_what_is_finished_until_there_is_room(finished, tmp_path):
    place = tmp_path / "disk"
    place.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=400k", "tmpfs", str(place)], capture_output=True)
    if mounted.returncode:
        pytest.skip("needs the right to mount a small tmpfs")
    try:
        with pytest.raises(GlassTunnelError, match="what is finished is kept, make room and run 'resume'"):
            run_campaign(finished.settings, place / "c")
        subprocess.run(["mount", "-o", "remount,size=40m", str(place)], check=True)
        campaign = run_campaign(Campaign(place / "c").settings, place / "c")
        assert campaign.identity() == finished.identity()
        campaign.close()
    finally:
        subprocess.run(["umount", "-l", str(place)], check=True)


def test_a_dask_cluster_that_loses_a_worker_finds_the_same_catalogue(finished, tmp_path):
    distributed = pytest.importorskip("distributed")
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        cluster = distributed.LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None)
        try:
            victim = next(iter(cluster.workers.values())).pid
            timer = threading.Timer(4.0, os.kill, (victim, signal.SIGKILL))
            timer.start()
            campaign = run_campaign(finished.settings, tmp_path, scheduler=cluster.scheduler_address)
            timer.join()
        finally:
            cluster.close()
    assert campaign.identity() == finished.identity()


def test_the_same_schema_on_a_postgresql_server(finished, tmp_path):
    pytest.importorskip("psycopg")
    tools = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    place = str(tools[-1]) if tools else os.path.dirname(shutil.which("initdb") or "")
    if not place:
        pytest.skip("needs a PostgreSQL server: apt-get install postgresql")
    data, port = tmp_path / "server", 54999
    user = ["runuser", "-u", "postgres", "--"] if os.getuid() == 0 else []
    if user:
        data.mkdir(mode=0o777)
        for folder in (tmp_path, *tmp_path.parents):  # the server runs as another user, who must get to its data
            if folder.owner() == "root" and folder.name.startswith(("pytest-", "popen-", tmp_path.name)):
                os.chmod(folder, 0o755)
        shutil.chown(data, "postgres")

    def server(tool, *arguments):
        return subprocess.run([*user, f"{place}/{tool}", *arguments], check=True, capture_output=True, timeout=60,
                              cwd="/")  # fmt: skip

    server("initdb", "-D", str(data), "-U", "tester", "-A", "trust")
    start = ("pg_ctl", "-D", str(data), "-w", "-l", str(data / "log"), "-o", f"-p {port} -k {data}", "start")
    server(*start)
    try:
        settings = settings_from(TINY | {"database": f"postgresql+psycopg://tester@localhost:{port}/postgres"})
        campaign = Campaign(tmp_path / "c", settings)
        one = threading.Thread(target=campaign.run)  # the server goes away for a while and comes back
        one.start()
        time.sleep(3.0)
        server("pg_ctl", "-D", str(data), "-m", "immediate", "stop")
        time.sleep(3.0)
        server(*start)
        one.join(240)
        assert campaign.status().complete
        assert campaign.identity() == finished.identity()
        campaign.close()
    finally:
        server("pg_ctl", "-D", str(data), "-m", "immediate", "stop")


def test_a_missing_extra_is_named_with_the_command_that_installs_it(finished, monkeypatch):
    monkeypatch.setattr("glasstunnel.landscape.campaign.NEEDS", ("numba", "no_such_package"))
    with pytest.raises(GlassTunnelError, match=r"campaigns need no_such_package: pip install"):
        Campaign(finished.folder)


def test_two_runs_in_one_folder_are_refused(finished):
    with finished._lock(), pytest.raises(GlassTunnelError, match="another run of a campaign works"):
        run_campaign(finished.settings, finished.folder)


def test_a_broken_catalogue_and_one_of_another_version_are_refused(finished, tmp_path):
    (tmp_path / "catalogue.sqlite").write_bytes(b"no database at all, but long enough to be read as one" * 50)
    with pytest.raises(GlassTunnelError, match=r"not a catalogue of a campaign"):
        Campaign(tmp_path, finished.settings)
    copy = tmp_path / "other"
    shutil.copytree(finished.folder, copy)
    with sqlite3.connect(copy / "catalogue.sqlite") as connection:
        connection.execute("update about set value = '99' where name = 'schema'")
    with pytest.raises(GlassTunnelError, match="of version 99"):
        Campaign(copy)
    with pytest.raises(GlassTunnelError, match="no campaign here"):
        Campaign(tmp_path / "nothing")


def test_damaged_arrays_say_what_to_do(finished, tmp_path):
    copy = tmp_path / "copy"
    shutil.copytree(finished.folder, copy)
    campaign = Campaign(copy)
    shutil.rmtree(copy / "arrays" / f"{campaign.keys(0)['edges']}.zarr" / "paths")
    (copy / "arrays" / f"{campaign.keys(0)['harvest']}.zarr" / "zarr.json").write_text("{", encoding="utf-8")
    with pytest.raises(GlassTunnelError, match="remove that folder and run"):
        collect(campaign)


class Away:
    """Stands before an engine and fails as a database that went away, `times` times."""

    def __init__(self, engine, times, text):
        self.engine, self.times, self.text = engine, times, text

    def begin(self):
        from sqlalchemy.exc import OperationalError

        self.times -= 1
        if self.times >= 0:
            raise OperationalError("statement", {}, Exception(self.text))
        return self.engine.begin()


def test_a_database_that_comes_back_is_waited_for_and_one_that_stays_away_is_named(tmp_path):
    catalogue = Catalogue.open(tmp_path)
    engine = catalogue.engine
    catalogue.engine = Away(engine, 2, "server closed the connection")
    catalogue.keep("k", "glass", 0, StageResult({"glasses": [{"seed": 1, "energy": -1.0, "rate": 1.0}]}, {}, 0.1))
    assert list(catalogue.finished()) == ["k"]
    catalogue.patience = 0.3
    catalogue.engine = Away(engine, 100, "server closed the connection")
    with pytest.raises(GlassTunnelError, match="did not answer for"):
        catalogue.finished()
    catalogue.engine = Away(engine, 1, "database or disk is full")
    with pytest.raises(GlassTunnelError, match="the disk is full; what is finished is kept"):
        catalogue.finished()


def test_a_full_disk_under_the_arrays_is_a_sentence(finished, tmp_path, monkeypatch):
    campaign = Campaign(tmp_path, finished.settings)

    def full(_key, _arrays):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(campaign.arrays, "write", full)
    with pytest.raises(GlassTunnelError, match="No space left on device"):
        campaign.run()
    assert not campaign.catalogue.finished()


def test_clocks_that_differ_change_nothing(finished, tmp_path, monkeypatch):
    import glasstunnel.landscape.store.catalogue as module

    class Wrong(module.datetime):
        @classmethod
        def now(cls, tz=None):
            return cls(1970, 1, 1, tzinfo=tz)

    copy = tmp_path / "copy"
    shutil.copytree(finished.folder, copy)
    monkeypatch.setattr(module, "datetime", Wrong)
    campaign = Campaign(copy)
    with sqlite3.connect(copy / "catalogue.sqlite") as connection:
        connection.execute("delete from tasks where stage = 'levels'")
    campaign.run()
    assert campaign.identity() == finished.identity()


def test_a_glass_that_explodes_is_named_and_the_others_are_kept(tmp_path):
    hot = settings_from(TINY | {"cooling": {"steps": 200, "start": 1e8, "end": 1e7}})
    with pytest.raises(GlassTunnelError, match="glasses failed .* glass: the integrator exploded"):
        run_campaign(hot, tmp_path)
