"""Files, fits, saving: nothing is lost, and what is saved says the same elsewhere."""

import csv
import io
import json
import os
import re
import signal
import subprocess
import sys
import time
import zipfile

import numpy as np
import pytest
from playwright.sync_api import expect
from tests.browser.conftest import EXAMPLES, charts, enter, field, moved_charts, slider, wait_for_charts


def run_of(page, tmp_path):
    """The saved run file and its data, unpacked."""
    page.locator(".menu summary").click()
    with page.expect_download() as download:
        page.get_by_role("link", name="run file with its data").click()
    page.locator(".menu summary").click()
    zipfile.ZipFile(download.value.path()).extractall(tmp_path / "saved")
    return tmp_path / "saved" / "run.toml"


def test_a_fit_runs_is_undone_and_leaves_everything_usable(opened):
    page = opened(EXAMPLES / "erbium_two_fields.toml")
    before = wait_for_charts(page, 2)
    page.get_by_role("button", name="Fit 2 of").click()
    expect(page.locator(".bar .done")).to_be_visible()
    expect(field(page, "er3.concentration")).not_to_have_value("8.5e+23")
    fitted = field(page, "er3.concentration").input_value()
    moved_charts(page, before[:1])
    expect(page.locator(".row", has_text="concentration").first).to_contain_text("±")
    page.get_by_role("button", name="undo").click()
    expect(field(page, "er3.concentration")).to_have_value("8.5e+23")
    page.get_by_role("tab", name="Fit").click()
    page.get_by_role("button", name="intervals").click()
    expect(page.locator("img[alt='profile er3.concentration']")).to_be_visible()
    page.get_by_role("button", name="take its values").click()
    expect(field(page, "er3.concentration")).to_have_value(fitted)
    assert not page.said


def test_bands_are_shaded_as_long_as_the_numbers_are_the_fitted_ones(opened):
    page = opened(EXAMPLES / "erbium_two_fields.toml")
    wait_for_charts(page, 2)
    shaded = page.get_by_text("shaded: one and two standard deviations")
    expect(shaded).to_have_count(0)
    page.get_by_role("button", name="Fit 2 of").click()
    expect(shaded).to_have_count(2)
    drawn = page.get_by_role("img", name="prior density of er3.concentration, and one standard deviation of the fit")
    expect(drawn).to_be_visible()
    slider(page, "er3.concentration").focus()
    page.keyboard.press("ArrowRight")
    expect(shaded).to_have_count(0)
    expect(page.locator(".row", has_text="concentration").first).to_contain_text("the fit: ")
    page.get_by_role("button", name="undo").click()  # of the key alone, whether it was sent yet or not
    expect(shaded).to_have_count(2)
    place, readout = page.locator(".panel .u-over").first, page.locator(".readout").first
    for height in range(10, 230, 15):  # the cursor comes near a point somewhere on its way down
        place.hover(position={"x": 40, "y": height})
        if readout.text_content():
            break
    expect(readout).to_contain_text(re.compile(r"^run_40kOe at 1[\d.]+: [\d.]+ ± [\d.]+, residual -?[\d.]+ σ$"))
    assert not page.said


def _make_long(page):
    page.get_by_role("tab", name="Fit").click()
    starts = page.get_by_label("starts")
    enter(starts, "100")
    expect(page.locator(".bar")).to_be_visible()
    page.get_by_role("tab", name="Explore").click()


def test_a_long_fit_tells_what_it_does_lets_sliders_move_and_stops_within_a_second(opened):
    page = opened(EXAMPLES / "resonator.toml")
    wait_for_charts(page, 2)
    _make_long(page)
    page.get_by_role("button", name=re.compile("^Fit 8 of")).click()
    expect(page.locator(".bar .running")).to_contain_text(re.compile(r"start \d+ of 100"))
    before = charts(page)
    slider(page, "resonator.residual_loss").focus()
    page.keyboard.press("ArrowRight")
    moved_charts(page, before[:1])
    entry = field(page, "resonator.residual_loss").input_value()
    began = time.monotonic()
    page.get_by_role("button", name="Cancel").click()
    expect(page.locator(".bar .cancelled")).to_contain_text("everything is as it was")
    assert time.monotonic() - began < 2.0  # the page's own promise is one second on an idle machine: benchmarks
    expect(field(page, "resonator.residual_loss")).to_have_value(entry)
    expect(page.get_by_role("button", name=re.compile("^Fit 8 of"))).to_be_enabled()
    page.get_by_role("button", name=re.compile("^Fit 8 of")).click()
    expect(page.locator(".bar .running")).to_be_visible()
    page.get_by_role("button", name="Cancel").click()
    expect(page.locator(".bar .cancelled")).to_be_visible()


def test_files_good_broken_unknown_and_huge(opened, tmp_path):
    page = opened()
    wait_for_charts(page, 4)
    page.get_by_role("tab", name="Data").click()
    choose = page.get_by_label("choose measured files")
    choose.set_input_files(EXAMPLES / "data" / "mpms3_ErCOT2_MvsT_FC_40kOe.dat")
    expect(page.locator(".dataset h3")).to_contain_text("magnetization, ")
    (tmp_path / "broken.dat").write_bytes(bytes(range(256)) * 20)
    choose.set_input_files(tmp_path / "broken.dat")
    expect(page.get_by_role("alert").first).to_contain_text("broken.dat")
    page.get_by_role("button", name="leave it").click()
    (tmp_path / "plain.txt").write_text("\n".join(f"{t} {0.001 / t}" for t in (2, 3, 4, 6, 9)))
    choose.set_input_files(tmp_path / "plain.txt")
    page.get_by_role("button", name="another column").click()
    rows = page.locator(".dataset .line", has_text="column")
    rows.nth(2).get_by_label("column").fill("2")
    page.get_by_role("button", name="leave it").click()
    with open(tmp_path / "huge.dat", "wb") as stream:
        stream.truncate(51_000_000)
    choose.set_input_files(tmp_path / "huge.dat")
    expect(page.get_by_role("alert").first).to_contain_text("at most 50 MB")
    expect(page.locator(".dataset h3", has_text="FC_40kOe")).to_have_count(1)
    page.get_by_role("tab", name="Explore").click()
    expect(page.locator(".canvas[aria-label*='measured points']").first).to_be_visible()


def _drop(page, name, content):
    page.evaluate("""([name, content]) => {
        const transfer = new DataTransfer();
        transfer.items.add(new File([content], name));
        document.body.dispatchEvent(new DragEvent("drop", {dataTransfer: transfer, bubbles: true, cancelable: true}));
    }""", [name, content])  # fmt: skip


def test_a_dropped_file_appears_and_of_an_unknown_one_the_columns_are_asked(opened):
    page = opened()
    wait_for_charts(page, 4)
    rows = "\n".join(f"{t},2,{-0.007 - 0.001 / t}" for t in (2, 3, 4, 6, 9, 15, 30))
    _drop(page, "chip.csv", "T (K),B (T),M (emu/g)\n" + rows)
    expect(page.locator(".canvas[aria-label*='7 measured points']").first).to_be_visible()
    page.get_by_label("role of larmor.susceptibility").select_option("vary")
    page.get_by_role("button", name="Fit 1 of").click()
    expect(page.locator(".bar .done")).to_be_visible()
    _drop(page, "bare.txt", "2 0.1\n3 0.2\n4 0.3\n")
    expect(page.get_by_role("heading", name="Columns of bare.txt")).to_be_visible()
    expect(page.get_by_role("alert").first).to_contain_text("bare.txt")
    form = page.locator(".dataset .line", has_text="column")
    form.nth(1).get_by_label("is").select_option("heat_capacity")
    form.nth(1).get_by_label("in", exact=True).fill("J/(K kg)")
    page.get_by_role("button", name="read it so").click()
    expect(page.locator(".dataset h3", has_text="bare")).to_contain_text("heat capacity, 3 points")
    expect(page.get_by_role("heading", name="Columns of bare.txt")).to_have_count(0)


def test_a_table_without_headings_is_read_by_naming_its_columns(opened, tmp_path):
    page = opened()
    wait_for_charts(page, 4)
    page.get_by_role("tab", name="Data").click()
    (tmp_path / "plain.txt").write_text("\n".join(f"{t} {1e-3 * t}" for t in (2, 3, 4, 6, 9)))
    page.get_by_label("choose measured files").set_input_files(tmp_path / "plain.txt")
    rows = page.locator(".dataset .line", has_text="column")
    rows.nth(1).get_by_label("is").select_option("heat_capacity")
    rows.nth(1).get_by_label("in", exact=True).fill("J/(K kg)")
    page.get_by_role("button", name="read it so").click()
    expect(page.locator(".dataset h3")).to_contain_text("heat capacity, 5 points")
    limit = page.get_by_label("lowest temperature of plain")
    enter(limit, "3")
    expect(page.locator(".dataset h3")).to_contain_text("4 points")


def test_the_saved_run_file_gives_the_same_curves_and_chi_square_on_the_command_line(opened, tmp_path):
    page = opened(EXAMPLES / "erbium_two_fields.toml")
    wait_for_charts(page, 2)
    entry = field(page, "larmor.susceptibility")
    enter(entry, "0.0021")
    expect(entry).to_have_value("0.0021")
    with page.expect_download() as download:
        page.get_by_role("link", name="magnetization as csv").click()
    rows = list(csv.DictReader(io.StringIO(download.value.path().read_text())))
    curve = [row for row in rows if row["label"] == "0.1 T" and row["what"] == "curve"]
    ours = [float(row["M [A m2/kg]"]) for row in curve]
    panel = page.explorer.sessions.first.journal.state.view["panels"][0]
    path = run_of(page, tmp_path)
    command = ["curve", "magnetization", "--glass", str(path), "--field", "0.1", "--json", "--temperature",
               f"{panel['low']!r}:{panel['high']!r}:200"]  # fmt: skip
    done = subprocess.run([sys.executable, "-m", "glasstunnel", *command], capture_output=True, text=True, check=True)
    columns = json.loads(done.stdout)["columns"]
    assert np.allclose(columns["magnetization [A m2/kg]"], ours, rtol=1e-12, atol=0.0)
    from glasstunnel.inference.setup import build_problem, starting_values
    from glasstunnel.runfile import load_run

    run = load_run(path)
    model = run.models[""]
    problem = build_problem(model.glass, run.datasets, model.vary, model.ties)
    z = problem.coordinates(starting_values(problem))
    residuals = problem.weighed_by(problem.model(z)).residuals(z)  # a relative sigma is a fraction of the model
    chi2 = page.explorer.sessions.first.curves({"points": 60})["chi2"]
    assert sum(row["chi2"] for row in chi2.values()) == pytest.approx(float(residuals @ residuals), rel=1e-12)
    page.locator(".menu summary").click()
    with page.expect_download() as download:
        page.get_by_role("link", name="Python script").click()
    (path.parent / "script.py").write_bytes(download.value.path().read_bytes())
    done = subprocess.run([sys.executable, "script.py"], cwd=path.parent, capture_output=True, text=True)
    assert done.returncode == 0 and "Converged" in done.stdout, done.stderr


def test_a_link_carries_the_state_to_another_browser(opened, visit, start):
    page = opened()
    wait_for_charts(page, 4)
    entry = field(page, "ats.density")
    enter(entry, "3e19")
    expect(entry).to_have_value("3e+19")
    page.wait_for_timeout(400)
    shown = wait_for_charts(page, 4)
    page.locator(".menu summary").click()
    page.get_by_role("button", name="link with this state").click()
    page.wait_for_url("**/#s=*")
    fragment = page.url.split("#")[1]
    assert len(fragment) < 1500 and not any("#" in url or fragment in url for url in page.asked)
    other = visit(f"{start().url}#{fragment}")
    expect(field(other, "ats.density")).to_have_value("3e+19")
    other.wait_for_timeout(400)
    assert wait_for_charts(other, 4) == shown
    assert "#" not in other.url


def test_two_people_have_their_own_glass_and_two_tabs_share_one(start, visit):
    explorer = start()
    one, other = visit(explorer.url), visit(explorer.url)
    entry = field(one, "ats.density")
    enter(entry, "3e19")
    expect(entry).to_have_value("3e+19")
    expect(field(other, "ats.density")).to_have_value("1.4e+19")
    tab = one.context.new_page()
    tab.goto(explorer.url.split("?")[0])
    expect(field(tab, "ats.density")).to_have_value("3e+19")
    enter(entry, "4e19")
    expect(field(tab, "ats.density")).to_have_value("4e+19")  # the other tab follows
    expect(field(other, "ats.density")).to_have_value("1.4e+19")


def _command(*arguments):
    process = subprocess.Popen([sys.executable, "-m", "glasstunnel", "explore", "--no-browser", *arguments],
                               stdout=subprocess.PIPE, text=True)  # fmt: skip
    return process, process.stdout.readline().strip()


def test_a_killed_explorer_goes_on_where_it_was_and_the_open_page_with_it(visit, tmp_path, monkeypatch):
    monkeypatch.setenv("GLASSTUNNEL_STATE", str(tmp_path))
    process, url = _command(str(EXAMPLES / "erbium_two_fields.toml"))
    port = re.search(r":(\d+)/", url)[1]
    page = visit(url)
    entry = field(page, "larmor.susceptibility")
    enter(entry, "0.0021")
    expect(page.get_by_role("button", name="undo")).to_be_enabled()
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    process.stdout.close()
    process, url = _command("--resume", "--port", port)
    try:
        assert url, "the port is free again and the address is printed"
        page.reload()
        expect(field(page, "larmor.susceptibility")).to_have_value("0.0021")
        page.get_by_role("button", name="undo").click()
        expect(field(page, "larmor.susceptibility")).to_have_value("0.002")
        expect(page.locator(".canvas[aria-label*='measured points']").first).to_be_visible()
    finally:
        process.terminate()
        process.wait(10)
        process.stdout.close()
