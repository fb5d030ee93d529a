"""Draws the pictures of docs/explore.md by doing what the page says, in Chromium: python -m tools.draw_explorer."""

import os
import re
import tempfile
from pathlib import Path

from playwright.sync_api import expect, sync_playwright
from tests.browser.chromium import find_chromium

import glasstunnel as gt
from glasstunnel.explorer.journal import Journal, new_folder
from glasstunnel.explorer.launch import serve
from glasstunnel.explorer.opening import open_subject

PICTURES = Path(__file__).parents[1] / "docs" / "pictures"
EXAMPLES = Path(gt.__file__).parent / "examples"


def draw(browser):
    """All pictures; what the page says of them is asserted on the way."""
    page = _opened(browser, None)
    page.get_by_label("draw ats:effective too").check()
    _keep(page, "explore")
    panel = page.locator(".panel").nth(1)
    panel.locator("summary").first.click()
    panel.get_by_label("ratio to the chosen theory").check()
    expect(panel.locator(".canvas")).to_have_attribute("aria-label", re.compile("ratio to exact"))
    page.wait_for_timeout(500)
    panel.screenshot(path=PICTURES / "explore-ratio.png")
    page = _opened(browser, EXAMPLES / "simulated_bk7.toml")
    page.get_by_role("tab", name="Compare").click()
    page.get_by_label("add a published glass").fill("BK7")
    page.get_by_label("add a published glass").press("Enter")
    expect(page.locator(".verdict").last).to_contain_text("usable with a reading")
    _keep(page, "explore-compare")
    page.get_by_role("button", name="explore it").first.click()
    page.get_by_role("tab", name="Explore").click()
    _keep(page, "explore-before")
    page.get_by_role("button", name=re.compile("^Fit 7 of")).click()
    expect(page.locator(".bar .done")).to_be_visible()
    expect(page.locator(".bar")).to_contain_text("χ² 223.3 of 243 points")
    expect(page.get_by_text("shaded: one and two standard deviations").first).to_be_visible()
    _keep(page, "explore-fitted")
    page.get_by_role("tab", name="Fit").click()
    page.get_by_role("button", name="intervals").click()
    expect(page.locator(".bar .done")).to_contain_text("profile")
    _keep(page, "explore-fit")


    page = _opened(browser, EXAMPLES / "resonator.toml")
    page.get_by_role("button", name=re.compile("^Fit 8 of")).click()
    expect(page.locator(".bar .done")).to_be_visible()
    expect(page.get_by_text("shaded: one and two standard deviations").first).to_be_visible()
    page.wait_for_timeout(500)
    page.locator(".panel").first.screenshot(path=PICTURES / "explore-bands.png")


def _opened(browser, subject):
    state = open_subject(None if subject is None else str(subject))
    explorer = serve(lambda: state, journal=Journal(new_folder(), state))
    page = browser.new_context(viewport={"width": 1300, "height": 900}).new_page()
    page.goto(explorer.url)
    page.locator(".canvas[data-drawn]").nth(1).wait_for()
    return page


def _keep(page, name):
    expect(page.locator(".panel.late")).to_have_count(0)
    page.wait_for_timeout(1500)
    page.screenshot(path=PICTURES / f"{name}.png")


def main():
    """Draw them all."""
    expect.set_options(timeout=60_000)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        os.environ["GLASSTUNNEL_STATE"] = folder
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=["--no-sandbox"])
        draw(browser)
        browser.close()


if __name__ == "__main__":
    main()
