"""Sliders, panels, axes: what a hand does on the page."""

import re

import pytest
from playwright.sync_api import expect
from tests.browser.conftest import EXAMPLES, charts, enter, field, moved_charts, slider, wait_for_charts


def test_a_key_on_a_slider_moves_every_panel_and_is_spoken(opened):
    page = opened()
    before = wait_for_charts(page, 4)
    slider(page, "ats.density").focus()
    page.keyboard.press("ArrowRight")
    moved_charts(page, before)
    expect(slider(page, "ats.density")).to_have_attribute("aria-valuetext", re.compile(r"^1\.414·10¹⁹ 1/kg"))
    expect(field(page, "ats.density")).to_have_value("1.414e+19")
    page.keyboard.press("Shift+ArrowLeft")
    expect(field(page, "ats.density")).to_have_value("1.41259e+19")
    assert not page.said


def test_the_mouse_moves_a_slider_and_the_last_value_of_a_fast_drag_counts(opened):
    page = opened()
    before = wait_for_charts(page, 4)
    box = slider(page, "ats.density").bounding_box()
    middle = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + box["width"] / 2, middle)
    page.mouse.down()
    for step in range(40):
        page.mouse.move(box["x"] + box["width"] * (0.5 + 0.01 * step), middle)
    page.mouse.up()
    moved_charts(page, before)
    expect(page.get_by_role("button", name="undo")).to_be_enabled()
    page.wait_for_timeout(500)
    session = page.explorer.sessions.first
    shown = float(field(page, "ats.density").input_value())
    assert session.journal.state.glass["ats"].density == pytest.approx(shown, rel=1e-5)
    assert shown > 1e20
    final = charts(page)
    page.reload()
    assert wait_for_charts(page, 4) == final


def test_a_number_with_its_unit_is_taken_and_a_wrong_one_refused_in_a_sentence(opened):
    page = opened()
    wait_for_charts(page, 4)
    entry = field(page, "ats.asymmetry_min")
    enter(entry, "80 mK")
    expect(entry).to_have_value("0.08")
    enter(entry, "80 kg")
    expect(page.get_by_role("alert")).to_contain_text("cannot convert 'kg'")
    expect(entry).to_have_value("0.08")
    enter(entry, "-1")
    expect(page.get_by_role("alert")).to_contain_text("asymmetry_min must be > 0 K")


def test_another_theory_is_drawn_dashed_beside_the_exact_one(opened):
    page = opened()
    wait_for_charts(page, 4)
    expect(page.locator(".panel").first.locator(".u-series")).to_have_count(4)
    page.get_by_label("draw ats:effective too").check()
    expect(page.locator(".panel").first.locator(".u-series")).to_have_count(7)
    expect(page.locator(".panel").first.locator(".u-legend")).to_contain_text("0.5 T, effective")


def test_undo_and_redo_walk_through_what_was_done(opened):
    page = opened()
    wait_for_charts(page, 4)
    entry = field(page, "ats.flux_field")
    enter(entry, "2")
    expect(entry).to_have_value("2")
    page.get_by_role("button", name="undo").click()
    expect(entry).to_have_value("1.3")
    page.get_by_role("button", name="redo").click()
    expect(entry).to_have_value("2")


def test_panels_take_fields_axes_and_an_asinh_scale(opened):
    page = opened()
    wait_for_charts(page, 4)
    first = page.locator(".panel").first
    values = first.get_by_label("field of the curves of magnetization", exact=True)
    enter(values, "0.1, 1, 2, 3, 7")
    expect(first.locator(".u-series")).to_have_count(6)
    first.locator("summary").first.click()
    first.get_by_label("vertical scale of magnetization").select_option("asinh")
    expect(first.get_by_label("vertical scale of magnetization")).to_have_value("asinh")
    enter(first.get_by_label("last temperature of magnetization"), "20")
    expect(first.locator(".sentence")).to_have_count(0)
    page.get_by_label("add a panel").select_option("magnetization against B/T")
    wait_for_charts(page, 5)
    page.get_by_label("units").select_option("CGS")
    expect(first.locator(".canvas")).to_have_attribute("aria-label", re.compile(r"M \[emu/g\]"))
    expect(first.locator(".u-legend")).to_contain_text("70 kOe")
    assert not page.said


def test_a_slow_panel_waits_in_gray_and_holds_up_no_other(opened):
    page = opened()
    wait_for_charts(page, 4)
    page.get_by_label("add a panel").select_option("density of tunneling systems")
    before = wait_for_charts(page, 5)
    assert list(page.explorer.sessions.first.is_slow.values()) == ["p5"]  # half a second of a processor
    slider(page, "ats.density").focus()
    page.keyboard.press("ArrowRight")
    moved_charts(page, before[:4])
    moved_charts(page, before)
    wait_for_charts(page, 5)


def test_a_loaded_glass_leaves_nothing_of_the_one_before_in_a_panel_that_it_cannot_fill(opened):
    page = opened(EXAMPLES / "resonator.toml")  # with data, whose panels stay
    panel = page.get_by_role("article", name="internal loss").first
    expect(panel.locator(".canvas[data-drawn] .uplot").first).to_be_visible()
    entry = page.get_by_label("load a published glass")
    entry.fill("002.T14.BK7.M")
    entry.press("Enter")
    expect(panel.get_by_role("alert")).to_contain_text("no contribution is a Resonator")
    expect(panel.locator(".canvas .uplot")).to_have_count(0)
    page.get_by_role("button", name="undo").click()
    expect(panel.locator(".canvas[data-drawn] .uplot").first).to_be_visible()
    assert not page.said


def test_every_control_is_reached_by_the_keyboard_and_has_a_name(opened):
    page = opened(EXAMPLES / "erbium_two_fields.toml")
    wait_for_charts(page, 2)
    for view in ("Explore", "Data", "Fit", "Compare"):
        page.get_by_role("tab", name=view).click()
        nameless = page.locator("button, input, select, textarea, a").evaluate_all("""all => all.filter(one => {
            const label = one.closest("label"), own = one.textContent.trim();
            const texts = label ? [...label.childNodes].filter(node => node.nodeType === 3) : [];
            const words = texts.map(node => node.textContent).join("").trim();
            return !(one.getAttribute("aria-label") || (one.tagName !== "SELECT" && own) || words);
        }).map(one => one.outerHTML)""")
        assert nameless == []
        assert page.locator("[tabindex='-1']").count() == 0
    page.get_by_role("tab", name="Explore").click()
    page.locator(".head .title").focus()
    reached = set()
    for _ in range(60):
        page.keyboard.press("Tab")
        focused = "document.activeElement"
        reached.add(page.evaluate(f"{focused}.getAttribute('aria-label') || {focused}.textContent.slice(0, 80)"))
    assert {"er3.concentration", "larmor.susceptibility", "role of er3.concentration", "units", "Compare"} <= reached


def test_a_reader_is_told_a_name_for_everything_and_the_value_of_every_slider(opened):
    page = opened(EXAMPLES / "erbium_two_fields.toml")
    wait_for_charts(page, 2)
    page.get_by_label("which parameters are shown").select_option("all")
    for view in ("Explore", "Data", "Fit", "Compare"):
        page.get_by_role("tab", name=view).click()
        told = page.locator("body").aria_snapshot()
        kinds = "slider|checkbox|textbox|searchbox|combobox|button|tab|link|img|spinbutton"
        assert not re.findall(rf"^\s*- (?:{kinds})(?: \[|:|$)", told, re.MULTILINE), told
    values = page.get_by_role("slider").evaluate_all("all => all.map(one => one.getAttribute('aria-valuetext'))")
    assert len(values) > 10 and all(re.match(r"[-–0-9]|infinite|not given", value) for value in values)
    assert "not given" in values  # g_parallel of the ions


def test_a_cutoff_becomes_infinite_and_finite_again_by_its_box(opened):
    page = opened()
    wait_for_charts(page, 4)
    box, entry = page.get_by_label("ats.asymmetry_max is infinite"), field(page, "ats.asymmetry_max")
    expect(box).to_be_checked()
    expect(slider(page, "ats.asymmetry_max")).to_have_attribute("aria-valuetext", "infinite")
    enter(entry, "30")
    expect(box).not_to_be_checked()
    box.check()
    expect(entry).to_have_value("inf")
    box.uncheck()
    expect(entry).to_have_value("30")


def test_a_panel_shows_the_ratio_of_two_theories(opened):
    page = opened()
    wait_for_charts(page, 4)
    page.get_by_label("draw ats:effective too").check()
    panel = page.locator(".panel").nth(1)
    panel.locator("summary").first.click()
    panel.get_by_label("ratio to the chosen theory").check()
    expect(panel.locator(".canvas")).to_have_attribute("aria-label", re.compile("ratio to exact.* from 0.35.* to 1$"))
    panel.get_by_text("numbers", exact=True).click()
    table = panel.locator(".scroll table")
    expect(table.locator("tbody tr")).to_have_count(9)
    expect(table.locator("tbody tr").first).to_contain_text("0.5")
    expect(table.locator("thead")).to_contain_text("0 T, effective")


def test_nothing_is_asked_of_another_machine(opened):
    page = opened(EXAMPLES / "erbium_two_fields.toml")
    wait_for_charts(page, 2)
    for view in ("Data", "Fit", "Compare", "Explore"):
        page.get_by_role("tab", name=view).click()
    origin = page.explorer.url.split("/?")[0]
    assert len(page.asked) > 10 and all(url.startswith(origin) for url in page.asked)
    assert not page.said


@pytest.mark.parametrize(("name", "options"), [
    ("wide", {}), ("phone", {"viewport": {"width": 390, "height": 800}, "has_touch": True}),
    ("dark", {"color_scheme": "dark"}),
])
def test_every_view_fits_its_screen(opened, picture_of, name, options):
    page = opened(EXAMPLES / "erbium_two_fields.toml", **options)
    wait_for_charts(page, 2)
    picture_of(page, f"explore-data-{name}")
    page.get_by_role("button", name="Fit 2 of").click()
    expect(page.locator(".bar .done")).to_be_visible()
    for view in ("Data", "Fit", "Compare", "Explore"):
        page.get_by_role("tab", name=view).click()
        if view == "Compare":
            page.get_by_role("button", name="keep", exact=True).click()
            entry = field(page, "er3.concentration")
            enter(entry, "9e23")
            expect(page.locator(".sheet table")).to_contain_text("9e+23")
        page.wait_for_timeout(300)
        picture_of(page, f"{view.lower()}-{name}")
        width = page.evaluate("document.documentElement.scrollWidth")
        assert width <= page.viewport_size["width"] + 1, view
    assert not page.said
