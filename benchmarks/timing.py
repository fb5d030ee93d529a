"""Timing in one process: the best of several rounds, and the speed of the machine's own transcendental functions."""

import time
from contextlib import contextmanager

import numpy as np


def best_time(function, rounds=5, at_least=0.05, clock=time.perf_counter):
    """Shortest time of one call [s]; a round repeats the call until it has lasted `at_least` seconds.

    clock : `time.process_time` counts what the machine does for this process only.
    """
    function()
    start = clock()
    function()
    once = clock() - start
    repeats = max(1, int(at_least / max(once, 1e-9)))
    times = []
    for _ in range(rounds if once < 2.0 else 1):
        start = clock()
        for _ in range(repeats):
            function()
        times.append((clock() - start) / repeats)
    return min(times)


def processor_time(function):
    """Processor time of one call [s]: what another program on the machine does is not counted."""
    start = time.process_time()
    function()
    return time.process_time() - start


def seconds_per_element(functions=(np.exp, np.log, np.tanh, np.sqrt), size=4096):
    """Mean time of one transcendental function value in this process [s], over arrays that stay in the cache."""
    values = np.linspace(0.1, 5.0, size)
    return sum(best_time(lambda f=f: f(values), at_least=0.01) for f in functions) / (len(functions) * size)


TRANSCENDENTAL = ("exp", "expm1", "log", "log1p", "tanh", "cosh", "sinh", "sqrt", "sin", "cos", "arctan2", "arctanh",
                  "arccosh", "arcsinh")


@contextmanager
def counted():
    """Count the elements that NumPy's transcendental functions process inside the block: yields a one-item list."""
    count = [0]

    def wrap(function):
        def counting(*arguments, **options):
            result = function(*arguments, **options)
            count[0] += np.size(result)
            return result

        return counting

    originals = {name: getattr(np, name) for name in TRANSCENDENTAL}
    try:
        for name, function in originals.items():
            setattr(np, name, wrap(function))
        yield count
    finally:
        for name, function in originals.items():
            setattr(np, name, function)


def distance_from_limit(function):
    """Time of `function` over the time its transcendental function values alone would take on this machine."""
    with counted() as count:
        function()
    return best_time(function) / (count[0] * seconds_per_element()), count[0]
