"""The filter panel: the library over time to brush, sizes, lengths and folders."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from datetime import datetime

import pytest
from PIL import Image
from playwright.sync_api import Browser, Locator, Page, expect

from tests.webui.browser import PHONE, picture_of, watched
from tests.webui.conftest import serving_media, tone

MONTHS = {
    "2023-01": ["coast/red.png", "coast/blue.png"],
    "2023-03": ["green.png"],
    "2023-06": ["coast/small.txt"],
    "2023-10": ["large.bmp", "long.wav", "short.wav"],
}
"""Which file is of which month; ten months, so that each has a bar of its own."""
BARS = 10


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("shelf")
    media = folder / "media"
    (media / "coast").mkdir(parents=True)
    for name, colour in (("coast/red", "red"), ("coast/blue", "blue"), ("green", "green")):
        Image.new("RGB", (60, 40), colour).save(media / f"{name}.png")
    Image.new("RGB", (900, 800), "yellow").save(media / "large.bmp")  # 2.2 MB
    (media / "coast" / "small.txt").write_text("a red note")
    tone(media / "short.wav", 1)
    tone(media / "long.wav", 3)
    for month, names in MONTHS.items():
        for name in names:
            seconds = datetime.fromisoformat(f"{month}-10T12:00").timestamp()
            os.utime(media / name, (seconds, seconds))
    with serving_media(folder) as address:
        yield address


@pytest.fixture(scope="module")
def panel(browser: Browser, shelf: str) -> Iterator[Page]:
    with watched(browser, shelf) as page:
        yield page


@pytest.fixture
def page(panel: Page) -> Page:
    """Open the filters over a search that ranks everything."""
    return opened(panel, "/?q=red")


def opened(page: Page, address: str) -> Page:
    page.goto(address)
    page.locator("#filters summary").click()
    expect(page.locator("#bars i").first).to_be_visible()
    return page


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


def test_the_other_filters_restrict_the_bars(panel: Page) -> None:
    opened(panel, "/?q=red&kind=image")
    expect(panel.locator("#brushed")).to_have_text(re.compile("4 items"))
    panel.get_by_label("Folder").fill("coast")
    panel.keyboard.press("Enter")
    expect(panel.locator("#brush")).to_be_hidden()  # all of one month: nothing to choose
    panel.get_by_role("button", name="All", exact=True).click()
    expect(panel.locator("#bars i")).to_have_count(6)
    expect(panel.locator("#brushed")).to_have_text(re.compile("Jan – Jun 2023 · 3 items"))


def test_a_finger_brushes(browser: Browser, shelf: str) -> None:
    options = {"viewport": PHONE, "is_mobile": True, "has_touch": True, "locale": "zh-CN"}
    with watched(browser, shelf, **options) as page:
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


def test_a_finger_that_scrolls_lets_go_of_the_bars(browser: Browser, shelf: str) -> None:
    options = {"viewport": PHONE, "is_mobile": True, "has_touch": True}
    with watched(browser, shelf, **options) as page:
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


def test_sizes_are_written_with_units_and_kept_in_the_address(page: Page) -> None:
    page.get_by_label("File size from").fill("1 mb")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"&min_size=1000000$"))
    expect(page.locator(".tile")).to_have_count(1)
    page.get_by_label("File size up to").fill("2,5MB")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"&min_size=1000000&max_size=2500000$"))
    expect(page.locator("#filtercount")).to_have_text("2")
    page.reload()
    expect(page.locator("#most")).to_have_value("2.5 MB")
    expect(page.locator(".tile")).to_have_count(1)
    page.go_back()
    expect(page.locator("#most")).to_have_value("")


def test_lengths_are_written_as_people_do(page: Page) -> None:
    page.get_by_label("Length from").fill("2 s")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"&min_duration=2$"))
    expect(page.locator(".tile")).to_have_count(1)
    expect(page.locator("#shortest")).to_have_value("0:02")
    page.get_by_label("Length up to").fill("1:30")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"&min_duration=2&max_duration=90$"))
    expect(page.locator(".tile")).to_have_count(1)


def test_nonsense_is_told_where_it_stands(page: Page) -> None:
    least = page.get_by_label("File size from")
    least.fill("lots")
    page.keyboard.press("Tab")
    told = "Write a size with its unit, such as 500 KB or 2 MB."
    expect(page.get_by_role("alert")).to_have_text(told)
    expect(least).to_have_attribute("aria-invalid", "true")
    expect(least).to_have_accessible_description(told)
    expect(page).to_have_url(re.compile(r"\?q=red$"))
    least.fill("2 MB")
    page.keyboard.press("Tab")
    expect(page.get_by_role("alert")).to_be_hidden()
    page.get_by_label("File size up to").fill("1 MB")
    page.keyboard.press("Tab")
    expect(page.get_by_role("alert")).to_have_text(re.compile("first is beyond the second"))
    page.locator("#before").fill("2020-01-01")
    page.locator("#after").fill("2021-01-01")
    expect(page.get_by_role("alert")).to_have_text(re.compile("first is beyond the second"))


def test_nonsense_is_told_in_chinese(browser: Browser, shelf: str) -> None:
    with watched(browser, shelf, locale="zh-CN", color_scheme="dark") as page:
        opened(page, "/?q=red")
        page.get_by_label("时长不短于").fill("很久")
        page.keyboard.press("Tab")
        expect(page.get_by_role("alert")).to_contain_text("90 秒")
        picture_of(page, "filters-dark-chinese")
        page.get_by_label("时长不短于").fill("2秒")
        page.keyboard.press("Tab")
        expect(page.locator(".tile")).to_have_count(1)


def test_nonsense_in_an_address_is_named_by_the_server(browser: Browser, shelf: str) -> None:
    page = browser.new_page(base_url=shelf, locale="en")  # its console names the refusal
    page.goto("/?q=red&min_size=lots")
    expect(page.get_by_role("alert").first).to_contain_text("filters.min_size")
    page.close()


def test_folders_of_the_library_are_suggested(page: Page) -> None:
    options = page.locator("#folders option")
    expect(options).to_have_count(2)
    values = [option.get_attribute("value") for option in options.all()]
    assert values == ["media", "media/coast"]
    assert options.last.get_attribute("label") == "3 items"
    page.get_by_label("Folder").fill(values[1] or "")
    page.keyboard.press("Enter")
    expect(page.locator(".tile")).to_have_count(3)
