"""How quickly the explorer follows a hand: Chromium before a server of its own, five curves and 301 measured points.

Times are those of the page: from a key press or the last of forty mouse moves until every panel has new curves.
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

import glasstunnel as gt
from glasstunnel.data import with_noise

_PRESSES = 40

# A promise of the milliseconds until all panels whose number is below `count` are drawn anew after `act`.
_UNTIL_DRAWN = """
window.untilDrawn = (act, count) => new Promise((done) => {
  const places = [...document.querySelectorAll('.canvas')].slice(0, count);
  const before = places.map((place) => place.dataset.drawn), began = performance.now();
  const watch = new MutationObserver(() => {
    if (!places.every((place, i) => place.dataset.drawn !== before[i])) return;
    watch.disconnect();
    requestAnimationFrame(() => done(performance.now() - began));
  });
  places.forEach((place) => watch.observe(place, {attributes: true}));
  act();
});
window.press = (name, key) => {
  const slider = document.querySelector(`input[type=range][aria-label='${name}']`);
  slider.dispatchEvent(new KeyboardEvent('keydown', {key, bubbles: true}));
};
window.put = (name, value) => {
  const slider = document.querySelector(`input[type=range][aria-label='${name}']`);
  slider.value = value;
  slider.dispatchEvent(new Event('input', {bubbles: true}));
};
"""
_PRESS = "([name, count]) => untilDrawn(() => press(name, 'ArrowRight'), count)"
_DRAG = """async ([name, count]) => {
  for (let step = 0; step < 39; step += 1) {
    put(name, 400 + 5 * step);
    await new Promise((done) => setTimeout(done, 25));
  }
  return untilDrawn(() => put(name, 600), count);
}"""


def rows():
    """Rows of the table of results."""
    from tests.browser.chromium import find_chromium

    path = find_chromium()
    if path is None:
        return [("explorer", "no Chromium here", "")]
    from playwright.sync_api import sync_playwright

    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        os.environ["GLASSTUNNEL_STATE"] = folder
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        try:
            size = ("explorer: files of the page", _size(), "250 kB")
            return [*_in_the_page(browser), *_of_the_command(browser), size]
        finally:
            browser.close()


def example():
    """A glass and 301 simulated points: magnetization at three fields, heat capacity at two."""
    glass = gt.published("002.T14.BK7.M", theory="exact")
    generator, datasets = np.random.default_rng(1), []
    for name, unit, fields, count in (("magnetization", "A m2/kg", (0.5, 2.0, 6.5), 67),
                                      ("heat_capacity", "J/(K kg)", (0.0, 2.0), 50)):  # fmt: skip
        for B in fields:
            T = np.geomspace(1.0, 30.0, count)
            y = getattr(gt, name)(glass, T, B) * (1.0 + 0.01 * generator.standard_normal(count))
            columns = {"temperature": gt.Column(T, "K"), "field": gt.Column(np.full(count, B), "T"),
                       name: gt.Column(y, unit)}  # fmt: skip
            datasets.append(with_noise(gt.Dataset(columns, name, name=f"{name}_{len(datasets)}"), relative=0.01))
    return glass, datasets


def _in_the_page(browser):
    explorer = gt.explore(*example())
    try:
        page = browser.new_context(viewport={"width": 1300, "height": 900}).new_page()
        page.goto(explorer.url)
        page.locator(".canvas[data-drawn]").nth(1).wait_for()
        page.wait_for_timeout(2000)
        page.evaluate(f"() => {{ {_UNTIL_DRAWN} }}")
        yield _latency("explorer: key to both panels, 5 curves, 301 points", page)
        spent = f"{_page_time(page):.0f} + {_processor_time(explorer.sessions.first)}"
        yield "explorer: the same, time of a processor in page + server + worker", spent, ""
        drags = [page.evaluate(_DRAG, ["ats.density", 2]) for _ in range(8)]
        yield ("explorer: end of a drag of 40 steps in a second", f"{statistics.median(drags):.0f} ms"
               f", at most {max(drags):.0f} ms{_load()}", "150 ms")  # fmt: skip
        yield from _during_a_fit(explorer, page)
        yield ("explorer: memory of the server, of all its processes", _memory(os.getpid()), "150 MB (server)")
    finally:
        explorer.stop()


def _processor_time(session):
    """What the server and its worker spend on one wish, without the browser."""
    import psutil

    worker = psutil.Process(session.quick._process.pid)

    def spent():
        return time.process_time(), sum(worker.cpu_times()[:2])

    before = spent()
    for step in range(100):
        session.curves({"points": 60, "values": {"ats.density": 1e19 * (1.0 + 0.001 * step)}})
    server, other = (10.0 * (after - start) for start, after in zip(before, spent(), strict=True))
    return f"{server:.0f} + {other:.0f} ms"


def _page_time(page):
    """Milliseconds that the page's own thread works for one key press."""
    session = page.context.new_cdp_session(page)
    session.send("Performance.enable", {"timeDomain": "threadTicks"})

    def spent():
        metrics = session.send("Performance.getMetrics")["metrics"]
        return next(row["value"] for row in metrics if row["name"] == "TaskDuration")

    before = spent()
    for _ in range(_PRESSES):
        page.evaluate(_PRESS, ["ats.density", 2])
    return 1e3 * (spent() - before) / _PRESSES


def _latency(what, page):
    times = sorted(page.evaluate(_PRESS, ["ats.density", 2]) for _ in range(_PRESSES))
    late = times[int(0.95 * len(times))]
    return what, f"median {statistics.median(times):.0f} ms, 95 % {late:.0f} ms{_load()}", "100 ms, 150 ms"


def _during_a_fit(explorer, page):
    session = explorer.sessions.first
    for path in ("ats.density", "ats.asymmetry_min", "ats.amplitude_area_min", "ats.activation_energy"):
        session.act("role", {"path": path, "role": "vary"})
    session.act("options", {"starts": 100})
    page.wait_for_timeout(1500)
    session.command_fit("start")
    page.wait_for_timeout(1000)
    yield _latency("explorer: the same while a fit runs", page)
    began = time.perf_counter()
    session.command_fit("cancel")
    while session.fit.status == "running":
        time.sleep(0.005)
    yield "explorer: cancel of a fit", f"{time.perf_counter() - began:.2f} s{_load()}", "1 s"


def _of_the_command(browser):
    times = []
    for _ in range(3):
        began = time.perf_counter()
        process = subprocess.Popen([sys.executable, "-m", "glasstunnel", "explore", "--no-browser"],
                                   stdout=subprocess.PIPE, text=True)  # fmt: skip
        page = browser.new_context().new_page()
        page.goto(process.stdout.readline().strip())
        page.locator(".canvas[data-drawn]").nth(3).wait_for()
        times.append(time.perf_counter() - began)
        page.close()
        memory = _memory(process.pid)
        process.terminate()
        process.wait()
        process.stdout.close()
    yield "explorer: command to four panels drawn", f"{statistics.median(times):.2f} s{_load()}", "2 s"
    yield "explorer: memory of the command, with its processes", memory, "150 MB (server)"


def _memory(pid):
    """Resident memory of a server, and the share of all its processes (pages held in common counted once)."""
    import psutil

    server = psutil.Process(pid)
    family = [server, *server.children(recursive=True)]
    ours = [process for process in family if "python" in process.name()]
    together = sum(process.memory_full_info().pss for process in ours) / 1e6
    return f"{server.memory_info().rss / 1e6:.0f} MB, {together:.0f} MB"


def _load():
    return f" (load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores)"


def _size():
    page = Path(gt.__file__).parent / "explorer" / "page"
    return f"{sum(path.stat().st_size for path in page.rglob('*') if path.is_file()) / 1e3:.0f} kB"


if __name__ == "__main__":
    for row in rows():
        print(*row, sep=" | ")
