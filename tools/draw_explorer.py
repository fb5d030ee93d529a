"""Draws the pictures of the explorer in README and docs: `python -m tools.draw_explorer` writes docs/pictures."""

import os
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright
from tests.browser.chromium import find_chromium

import glasstunnel as gt

PICTURES = Path(__file__).parents[1] / "docs" / "pictures"
EXAMPLES = Path(gt.__file__).parent / "examples"


def main():
    """Write every picture."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        os.environ["GLASSTUNNEL_STATE"] = folder
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=["--no-sandbox"])
        _first_look(browser)
        _fit(browser)
        browser.close()


def _page(browser, explorer, height):
    page = browser.new_context(viewport={"width": 1300, "height": height}).new_page()
    page.goto(explorer.url)
    page.locator(".canvas[data-drawn]").first.wait_for()
    return page


def _draw(page, name):
    page.mouse.move(1, 1)
    page.wait_for_timeout(2500)
    path = PICTURES / f"{name}.png"
    page.screenshot(path=path)
    from PIL import Image

    Image.open(path).convert("P", palette=Image.Palette.ADAPTIVE, colors=64).save(path, optimize=True)


def _first_look(browser):
    explorer = gt.explore()
    session = explorer.sessions.first
    session.act("panel_set", {"id": "p1", "changes": {"show": "magnetization against B"}})
    session.act("panel_set", {"id": "p2", "changes": {"values": [0.0, 2.0, 6.5]}})
    session.act("panel_set", {"id": "p3", "changes": {"show": "susceptibility times temperature"}})
    session.act("remove", {"contribution": "larmor"})
    session.act("view", {"theories": ["ats:effective"]})
    page = _page(browser, explorer, 940)
    _draw(page, "explore")
    explorer.stop()


def _fit(browser):
    explorer = gt.explore(str(EXAMPLES / "simulated_bk7.toml"))
    session = explorer.sessions.first
    session.act("compare_take", {"number": 0})
    page = _page(browser, explorer, 760)
    _draw(page, "explore-before")
    page.get_by_role("button", name="Fit ").click()
    page.locator(".bar .done").wait_for()
    _draw(page, "explore-fitted")
    assert "223.3 of 243 points" in page.locator(".bar").inner_text()  # docs/explore.md says so
    page.get_by_role("tab", name="Fit").click()
    _draw(page, "explore-fit")
    page.get_by_role("tab", name="Compare").click()
    session.act("compare_add", {"published": "002.T14.BK7.M"})
    page.wait_for_timeout(1000)
    _draw(page, "explore-compare")
    explorer.stop()


if __name__ == "__main__":
    main()
