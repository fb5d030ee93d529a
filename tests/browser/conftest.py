"""A server in this process and Chromium before it. Screenshots go to the folder $SCREENSHOTS, else to a temporary one.

A test takes `opened(subject)`, which returns a page on a fresh explorer.
"""

import os
import re
from pathlib import Path

import pytest
from playwright.sync_api import expect, sync_playwright
from tests.browser.chromium import ADVICE, find_chromium

from glasstunnel.explorer.journal import Journal, new_folder
from glasstunnel.explorer.launch import serve
from glasstunnel.explorer.opening import open_subject

EXAMPLES = Path(__file__).parents[2] / "src" / "glasstunnel" / "examples"
expect.set_options(timeout=15000)  # milliseconds, for a busy machine


def pytest_collection_modifyitems(items):
    for item in items:
        if Path(item.path).parent == Path(__file__).parent:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def chromium():
    path = find_chromium()
    if path is None:
        pytest.fail(ADVICE)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def start(tmp_path, monkeypatch):
    """start(subject, **options): a running `Explorer`."""
    monkeypatch.setenv("GLASSTUNNEL_STATE", str(tmp_path / "state"))
    running = []

    def starting(subject=None, **options):
        state = open_subject(None if subject is None else str(subject))
        running.append(serve(lambda: state, journal=Journal(new_folder(), state), **options))
        return running[-1]

    yield starting
    for explorer in running:
        explorer.stop()


@pytest.fixture
def visit(chromium):
    """visit(url, **options of a context): a page in a browser of its own, drawn; what it asks for and says is kept."""
    contexts = []

    def visiting(url, **options):
        context = chromium.new_context(**{"viewport": {"width": 1300, "height": 900}, **options})
        contexts.append(context)
        page = context.new_page()
        page.asked, page.said = [], []
        page.on("request", lambda request: page.asked.append(request.url))
        page.on("console", lambda message: page.said.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: page.said.append(str(error)))
        page.goto(url)
        expect(page.locator(".panel .uplot").first).to_be_visible()
        return page

    yield visiting
    for context in contexts:
        context.close()


@pytest.fixture
def opened(start, visit):
    def opening(subject=None, **options):
        explorer = start(subject)
        page = visit(explorer.url, **options)
        page.explorer = explorer
        return page

    return opening


@pytest.fixture
def picture_of(tmp_path):
    """picture_of(page, name): a screenshot."""
    folder = Path(os.environ.get("SCREENSHOTS") or tmp_path)
    folder.mkdir(parents=True, exist_ok=True)
    return lambda page, name: page.screenshot(path=folder / f"{name}.png")


def charts(page):
    """A fingerprint of each panel, which changes whenever a curve does."""
    return page.locator(".canvas[data-drawn]").evaluate_all("all => all.map(one => one.dataset.drawn)")


def wait_for_charts(page, count):
    """The charts, once there are `count` and none is late."""
    expect(page.locator(".canvas[data-drawn]")).to_have_count(count)
    expect(page.locator(".panel.late")).to_have_count(0)
    return charts(page)


def moved_charts(page, before):
    """The charts, once every one differs from `before`."""
    for number, text in enumerate(before):
        expect(page.locator(".canvas[data-drawn]").nth(number)).not_to_have_attribute("data-drawn", text)
    return charts(page)


def slider(page, path):
    return page.get_by_role("slider", name=path, exact=True)


def field(page, path):
    return page.get_by_role("textbox", name=re.compile(rf"^{re.escape(path)} in "))


def enter(entry, text):
    """Type into a field and confirm."""
    entry.fill(text)
    entry.press("Enter")
