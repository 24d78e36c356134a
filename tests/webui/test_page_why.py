"""The detail view says why."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.halves import halved_library
from tests.webui.browser import look_for, picture_of, serving, watched
from tests.webui.conftest import app_of


@pytest.fixture
def halves(browser: Browser, tmp_path: Path) -> Iterator[Page]:
    """Open the page of a library whose one picture is red and blue."""
    with (
        halved_library(tmp_path) as library,
        serving(app_of(library)) as address,
        watched(browser, address) as page,
    ):
        yield page


def test_why_marks_the_sentence_and_its_words(page: Page) -> None:
    look_for(page, "red barn")
    page.get_by_role("link", name="barn.txt").click()
    found = page.locator("#stage .found")
    expect(page.locator("#why")).to_be_visible()
    text = found.inner_text()
    page.keyboard.press("w")
    expect(page.locator("#why")).to_have_attribute("aria-pressed", "true")
    expect(page.locator(".whynote")).to_contain_text("marked")
    assert "red" in found.locator("mark").all_inner_texts()
    expect(found.locator("span").first).to_have_text("A red barn stood by the road.")
    assert found.inner_text() == text
    picture_of(page, "detail-why-document")
    page.keyboard.press("w")
    expect(page.locator("#why")).to_have_attribute("aria-pressed", "false")
    expect(found.locator("span")).to_have_count(0)
    assert found.inner_text() == text


def test_why_lays_a_veil_over_the_picture(halves: Page) -> None:
    look_for(halves, "red")
    halves.locator(".tile .opens").first.click()
    halves.get_by_role("button", name="Why this?").click()
    veil, picture = halves.locator(".canvas .shade"), halves.locator(".canvas img").first
    expect(veil).to_be_visible()
    expect(halves.locator(".whynote")).to_contain_text("Clear where")
    assert veil.bounding_box() == picture.bounding_box()
    halves.set_viewport_size({"width": 500, "height": 800})
    assert veil.bounding_box() == picture.bounding_box()
    picture_of(halves, "detail-why-picture")
    halves.keyboard.press("w")
    expect(veil).to_have_count(0)


def test_why_says_what_went_wrong_and_may_be_asked_again(browser: Browser, address: str) -> None:
    gone = {"ok": False, "error": "Gone.", "errors": ["Gone."], "status": 404}
    context = browser.new_context(base_url=address, locale="zh-CN")
    page = context.new_page()
    page.route("**/explain", lambda route: route.fulfill(status=404, json=gone))
    look_for(page, "red")
    page.locator(".tile.picture .opens").first.click()
    page.get_by_role("button", name="为何匹配？").click()
    expect(page.locator(".whynote.wrong")).to_have_text("Gone.")
    expect(page.locator("#why")).to_have_attribute("aria-pressed", "false")
    page.unroute("**/explain")
    page.keyboard.press("w")
    expect(page.locator(".whynote")).to_have_text("没有突出的部分：整体匹配。")
    context.close()
