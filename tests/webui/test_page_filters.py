"""The filter panel: the library over time to brush, and what is written in the search box."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.webui.browser import PHONE, picture_of, watched
from tests.webui.shelf import BARS, opened, serving_shelf


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with serving_shelf(tmp_path_factory.mktemp("shelf")) as address:
        yield address


@pytest.fixture
def page(window: Page) -> Page:
    """Open the filters over a search that ranks everything."""
    return opened(window, "/?q=red")


def brush(page: Page, first: int, last: int) -> None:
    """Drag from the middle of one bar to that of another."""
    box = page.locator("#bars").bounding_box()
    assert box is not None
    spots = [box["x"] + (bar + 0.5) * box["width"] / BARS for bar in (first, last)]
    page.mouse.move(spots[0], box["y"] + 20)
    page.mouse.down()
    page.mouse.move(spots[1], box["y"] + 30, steps=4)
    page.mouse.up()


def chosen(page: Page) -> Locator:
    return page.locator("#bars i:not(.out)")


def test_brushing_sets_the_dates(page: Page) -> None:
    expect(page.locator("#bars i")).to_have_count(BARS)
    expect(page.locator("#brushed")).to_have_text(re.compile(r"Jan – Oct 2023 · 7 items"))
    brush(page, 2, 5)
    expect(page).to_have_url(re.compile(r"&after=2023-03-01&before=2023-06-30$"))
    expect(page.locator("#after")).to_have_value("2023-03-01")
    expect(page.locator("#before")).to_have_value("2023-06-30")
    expect(page.locator("#brushed")).to_have_text(re.compile(r"Mar – Jun 2023 · 2 items"))
    expect(page.locator("#filtercount")).to_have_text("2")
    expect(page.locator(".tile")).to_have_count(2)
    picture_of(page, "filters")
    brush(page, 3, 4)
    expect(page).to_have_url(re.compile(r"after=2023-04-01&before=2023-07-31$"))
    page.go_back()
    expect(chosen(page)).to_have_count(4)
    page.get_by_role("button", name="Clear").click()
    expect(chosen(page)).to_have_count(BARS)
    expect(page).to_have_url(re.compile(r"\?q=red$"))


def test_an_end_at_the_edge_bounds_nothing(page: Page) -> None:
    brush(page, 4, 9)
    expect(page).to_have_url(re.compile(r"&after=2023-05-01$"))
    expect(page.locator("#before")).to_have_value("")


def test_the_ends_are_sliders_for_the_keyboard(page: Page) -> None:
    over_time = page.get_by_role("group", name="Over time")
    beginning = over_time.get_by_role("slider", name="Beginning")
    end = over_time.get_by_role("slider", name="End")
    beginning.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    expect(beginning).to_have_attribute("aria-valuetext", "Mar 2023")
    expect(page).to_have_url(re.compile(r"&after=2023-03-01$"))
    expect(beginning).to_be_focused()
    page.keyboard.press("Tab")
    expect(end).to_be_focused()
    page.keyboard.press("Home")
    expect(end).to_have_attribute("aria-valuetext", "Mar 2023")
    expect(page).to_have_url(re.compile(r"&after=2023-03-01&before=2023-03-31$"))
    expect(page.locator(".tile")).to_have_count(1)
    page.keyboard.press("Escape")
    expect(page).to_have_url(re.compile(r"\?q=red$"))
    expect(page.locator("#fields, .fields")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#brush")).to_be_hidden()
    expect(page.locator("#filters summary")).to_be_focused()


def test_the_brush_follows_the_dates_and_keeps_their_days(page: Page) -> None:
    page.locator("#after").fill("2023-03-15")
    expect(chosen(page)).to_have_count(8)
    page.get_by_role("slider", name="End").focus()
    page.keyboard.press("ArrowLeft")
    expect(page).to_have_url(re.compile(r"&after=2023-03-15&before=2023-09-30$"))


def test_the_other_filters_restrict_the_bars(window: Page) -> None:
    opened(window, "/?q=red&kind=image")
    expect(window.locator("#brushed")).to_have_text(re.compile("4 items"))
    window.get_by_label("Folder").fill("coast")
    window.keyboard.press("Enter")
    expect(window.locator("#brush")).to_be_hidden()  # all of one month: nothing to choose
    window.get_by_role("button", name="All", exact=True).click()
    expect(window.locator("#bars i")).to_have_count(6)
    expect(window.locator("#brushed")).to_have_text(re.compile("Jan – Jun 2023 · 3 items"))


def test_a_finger_brushes(browser: Browser, address: str) -> None:
    options = {"viewport": PHONE, "is_mobile": True, "has_touch": True, "locale": "zh-CN"}
    with watched(browser, address, **options) as page:
        opened(page, "/?q=red")
        box = page.locator("#bars").bounding_box()
        assert box is not None
        page.touchscreen.tap(box["x"] + 2.5 * box["width"] / BARS, box["y"] + 30)
        expect(page).to_have_url(re.compile(r"&after=2023-03-01&before=2023-03-31$"))
        expect(page.get_by_role("slider", name="起点")).to_have_attribute(
            "aria-valuetext", "2023年3月"
        )
        expect(page.locator("#brushed")).to_contain_text("1 项")
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
        picture_of(page, "filters-phone-chinese")


def test_a_finger_that_scrolls_lets_go_of_the_bars(browser: Browser, address: str) -> None:
    options = {"viewport": PHONE, "is_mobile": True, "has_touch": True}
    with watched(browser, address, **options) as page:
        opened(page, "/?q=red")
        box = page.locator("#bars").bounding_box()
        assert box is not None
        where = {"x": box["x"] + box["width"] / 2, "y": box["y"] + 30}
        finger = page.context.new_cdp_session(page)
        finger.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [where]})
        expect(chosen(page)).to_have_count(1)
        finger.send("Input.dispatchTouchEvent", {"type": "touchCancel", "touchPoints": []})
        expect(chosen(page)).to_have_count(BARS)
        page.locator("#earliest").focus()
        page.keyboard.press("Escape")
        expect(page.locator("#filters")).not_to_have_attribute("open", "")


def test_what_is_written_in_the_box_counts_as_a_filter(window: Page) -> None:
    opened(window, "/?q=red kind:image 早于:2023-05&in=media")
    expect(window.locator("#filtercount")).to_have_text("3")
    expect(window.locator("#brushed")).to_have_text(re.compile("Jan – Mar 2023 · 3 items"))
    written = window.get_by_role("group", name="In the search box")
    expect(written.get_by_role("button")).to_have_text(["kind:image", "早于:2023-05"])
    written.get_by_role("button", name="Without 早于:2023-05").click()
    expect(window.locator("#words")).to_have_value("red kind:image")
    expect(window.locator("#brushed")).to_have_text(re.compile("Jan – Oct 2023 · 4 items"))
    expect(window.locator("#filtercount")).to_have_text("2")
    written.get_by_role("button").click()
    expect(window.locator("#brushed")).to_have_text(re.compile("7 items"))
    expect(written).to_be_hidden()


def test_only_what_the_server_reads_as_a_filter_is_called_one(window: Page) -> None:
    opened(
        window, '/?q=red "a kind:text note" is:foo 𝒳 in:「media」 after:2023-02-01 after:2023-02'
    )
    written = window.get_by_role("group", name="In the search box")
    parts = ["in:「media」", "after:2023-02-01", "after:2023-02"]
    expect(written.get_by_role("button")).to_have_text(parts)
    written.get_by_role("button", name="Without after:2023-02", exact=True).press("Enter")
    expect(written.get_by_role("button")).to_have_text(parts[:2])
    rest = 'red "a kind:text note" is:foo 𝒳 in:「media」 after:2023-02-01'
    expect(window.locator("#words")).to_have_value(rest)
    expect(window.locator("#filters summary")).to_be_focused()
    window.locator("#clearfilters").click()
    expect(window.locator("#words")).to_have_value('red "a kind:text note" is:foo 𝒳')
    expect(window.locator("#filtercount")).to_be_hidden()
