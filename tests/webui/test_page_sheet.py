"""A PDF in the detail view: its page as it is printed, marked, beside its words."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.indexer.papers import print_plates
from tests.webui.browser import PHONE, look_for, picture_of, watched
from tests.webui.conftest import serving_media
from tests.webui.test_page_films import DECODED

PAGES = (
    "The keeper lit the lamp at dusk.",
    "A red boat came home with the evening tide, and the red flag was taken down.",
    "Nothing of note.",
)


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("shelf")
    (folder / "media").mkdir()
    print_plates(folder / "media" / "log.pdf", *((words, []) for words in PAGES))
    with serving_media(folder) as address:
        yield address


def drawn(page: Page) -> None:
    """Wait for the page that is shown and all marks on it."""
    expect(page.locator(".leaf img")).not_to_have_js_property("naturalWidth", 0, timeout=DECODED)
    expect(page.locator(".spot.line").first).to_be_visible(timeout=DECODED)


def test_the_page_that_was_found_is_shown_and_marked(browser: Browser, shelf: str) -> None:
    with watched(browser, shelf) as page:
        look_for(page, "red boat")
        page.locator(".tile .opens").click()
        sheet = page.get_by_role("region", name="As it is printed")
        expect(sheet.get_by_role("status")).to_have_text("Page 2")
        drawn(page)
        expect(page.get_by_role("img", name="log.pdf, Page 2")).to_be_visible()
        expect(page.locator(".spot.mark")).to_have_count(3)
        expect(page.locator("#stage .found mark")).to_have_text(["red", "boat", "red"])
        paper, mark = (page.locator(css).bounding_box() for css in (".leaf", ".spot.mark >> nth=0"))
        assert paper and mark
        assert paper["x"] < mark["x"] and mark["x"] + mark["width"] < paper["x"] + paper["width"]
        assert paper["y"] < mark["y"] < paper["y"] + paper["height"] / 4, "at the top of the page"
        assert paper["height"] / paper["width"] == pytest.approx(297 / 210, abs=0.02)
        picture_of(page, "detail-sheet")


def test_pages_are_turned(browser: Browser, shelf: str) -> None:
    with watched(browser, shelf, locale="zh-CN", color_scheme="dark") as page:
        look_for(page, "red boat")
        page.locator(".tile .opens").click()
        drawn(page)
        page.get_by_role("button", name="下一页").click()
        expect(page.locator(".sheet").get_by_role("status")).to_have_text("第 3 页")
        expect(page.get_by_role("button", name="下一页")).to_be_disabled()
        expect(page.locator(".spot")).to_have_count(0)
        page.get_by_role("button", name="上一页").click()
        expect(page.locator(".spot.mark")).to_have_count(3)
        picture_of(page, "detail-sheet-dark-chinese")
        page.get_by_role("button", name="上一页").click()
        expect(page.get_by_role("button", name="上一页")).to_be_disabled()
        expect(page.locator('[data-page="1"]')).to_be_in_viewport()


def test_on_a_phone_the_page_is_as_wide_as_the_screen(browser: Browser, shelf: str) -> None:
    options = {"viewport": PHONE, "is_mobile": True, "has_touch": True}
    with watched(browser, shelf, **options) as page:
        look_for(page, "red boat")
        page.locator(".tile .opens").tap()
        drawn(page)
        box = page.locator(".leaf").bounding_box()
        assert box is not None and box["width"] > PHONE["width"] - 40
        expect(page.locator(".spot.mark").first).to_be_in_viewport()
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
        picture_of(page, "detail-sheet-phone")


def test_words_that_stand_without_their_page(browser: Browser, shelf: str) -> None:
    page = browser.new_page(base_url=shelf, locale="en")  # its console names the refusal
    gone = {"ok": False, "error": "Gone.", "errors": ["Gone."], "status": 404}
    for part in ("preview?*", "passages/*/placement*"):
        page.route(f"**/items/*/{part}", lambda route: route.fulfill(status=404, json=gone))
    look_for(page, "red boat")
    page.locator(".tile .opens").click()
    expect(page.locator("#stage .found")).to_be_in_viewport()
    expect(page.locator(".sheet")).to_have_count(0)
    page.close()
