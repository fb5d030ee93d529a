"""Where the stages of a campaign run: in this process, in a pool of processes, or on a dask cluster."""

import os
import threading
import time
from concurrent.futures import Future, ProcessPoolExecutor

from glasstunnel.errors import LandscapeError
from glasstunnel.landscape.stages import run_stage


def one_threaded_stage(stage, glass, settings, arrays):
    """`run_stage` with one thread in the linear algebra: the digits do not depend on the number of cores."""
    from threadpoolctl import threadpool_limits

    with threadpool_limits(1):
        return run_stage(stage, glass, settings, arrays)


class InProcess:
    """Runs a stage at once, here."""

    places = 1

    def submit(self, stage, glass, settings, arrays):
        """A finished future."""
        future = Future()
        try:
            future.set_result(one_threaded_stage(stage, glass, settings, arrays))
        except Exception as error:
            future.set_exception(error)
        return future

    def renew(self):
        """Nothing to renew."""

    def close(self):
        """Nothing to give back."""


class Pool:
    """A pool of `workers` processes on this machine; a pool that lost a process is made anew."""

    def __init__(self, workers):
        self.places = workers
        self.renew()

    def renew(self):
        """A fresh pool."""
        import multiprocessing

        context = multiprocessing.get_context("spawn")
        self.pool = ProcessPoolExecutor(self.places, context, initializer=_leave_with_parent, initargs=(os.getpid(),))

    def submit(self, *task):
        """A future of the stage."""
        return self.pool.submit(one_threaded_stage, *task)

    def close(self):
        """Stop the processes."""
        self.pool.shutdown(wait=True, cancel_futures=True)


class Cluster:
    """A dask cluster reached at a scheduler's address; lost workers' tasks are run again elsewhere by dask."""

    def __init__(self, address):
        try:
            from distributed import Client
        except ImportError:
            raise LandscapeError("--scheduler needs dask: pip install 'glasstunnel[landscape]'") from None
        try:
            self.client = Client(address, timeout=20)
        except OSError as error:
            raise LandscapeError(f"no dask scheduler answers at {address}: {error}") from None
        self.places = max(1, len(self.client.scheduler_info(n_workers=-1)["workers"]))
        self.executor = self.client.get_executor(pure=False)

    def submit(self, *task):
        """A future of the stage."""
        return self.executor.submit(one_threaded_stage, *task)

    def renew(self):
        """dask replaces its workers itself."""

    def close(self):
        """Leave the cluster as it is."""
        self.executor.shutdown(wait=False)
        self.client.close()


def executor_for(workers, scheduler=""):
    """The executor for a number of workers (1: this process) or a scheduler's address."""
    if scheduler:
        return Cluster(scheduler)
    return Pool(workers) if workers > 1 else InProcess()


def _leave_with_parent(parent):
    """A worker whose parent was killed ends by itself within a second."""

    def watch():
        while os.getppid() == parent:
            time.sleep(0.5)
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()
