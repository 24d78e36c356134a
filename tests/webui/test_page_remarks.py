"""The star and the caption of an item, and what other programs may have, on the page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.indexer.conftest import paint
from tests.webui.browser import PHONE, intercept, look_for, picture_of, watched
from tests.webui.conftest import serving_media

COLOURS = ("red", "blue", "green", "yellow", "white")


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("remarked")
    for colour in COLOURS:
        paint(folder / "media" / f"{colour}.png", colour)
    with serving_media(folder) as address:
        yield address


def open_item(page: Page, name: str) -> None:
    look_for(page, name)
    page.locator(".tile", has_text=name).locator(".opens").first.click()
    expect(page.locator("#favourite")).to_be_visible()


def test_a_star_is_set_by_key_shown_on_the_tile_and_searched_by(page: Page) -> None:
    open_item(page, "red.png")
    star = page.get_by_role("button", name="Favourite")
    expect(star).to_have_attribute("aria-pressed", "false")
    page.keyboard.press("f")
    expect(star).to_have_attribute("aria-pressed", "true")
    picture_of(page, "detail-favourite")
    page.keyboard.press("Escape")
    expect(page.locator(".starred:visible")).to_have_count(1)
    look_for(page, "is:favourite")
    expect(page.locator(".tile")).to_have_count(1)
    look_for(page, "blue")
    expect(page.locator(".tile")).to_have_count(len(COLOURS))
    page.locator("#filters summary").click()
    page.get_by_role("checkbox", name="Only favourites").check()
    expect(page.locator(".tile")).to_have_count(1)
    expect(page).to_have_url(re.compile(r"q=blue&favourite=true$"))
    expect(page.locator("#filtercount")).to_have_text("1")
    page.reload()
    expect(page.locator(".tile")).to_have_count(1)
    expect(page.locator("#starred")).to_be_checked()
    expect(page.get_by_role("img", name="Favourite")).to_be_visible()
    page.locator(".opens").first.click()
    page.get_by_role("button", name="Favourite").click()
    expect(page.locator(".starred:visible")).to_have_count(0)


def test_a_star_that_could_not_be_kept_says_why(browser: Browser, address: str) -> None:
    context = browser.new_context(base_url=address, locale="en")
    page = context.new_page()
    open_item(page, "blue.png")
    said = {"ok": False, "error": "Busy.", "errors": ["Busy."], "status": 409}
    intercept(page, "**/api/v1/items/*", lambda route: route.fulfill(status=409, json=said))
    page.keyboard.press("f")
    star = page.locator("#favourite")
    expect(page.get_by_role("alert")).to_have_text("Busy.")
    expect(star).to_have_attribute("aria-pressed", "false")
    context.close()


def test_of_two_quick_presses_the_last_decides(page: Page) -> None:
    held: list[Route] = []
    open_item(page, "green.png")
    hold = held.append
    intercept(page, "**/api/v1/items/*", lambda route: route.continue_() if held else hold(route))
    star = page.locator("#favourite")
    star.click()
    expect(star).to_have_attribute("aria-pressed", "true")
    star.click()
    expect(star).to_have_attribute("aria-pressed", "false")
    assert len(held) == 1
    with page.expect_response(lambda reply: reply.request.post_data_json == {"favourite": False}):
        held[0].continue_()
    expect(star).to_have_attribute("aria-pressed", "false")
    look_for(page, "green.png")
    expect(page.locator(".tile", has_text="green.png").locator(".starred")).to_be_hidden()


def test_what_the_reply_says_is_shown(page: Page) -> None:
    open_item(page, "white.png")
    said = {"ok": True, "item": 1, "favourite": False, "caption": ""}
    intercept(page, "**/api/v1/items/*", lambda route: route.fulfill(json=said))
    page.locator("#favourite").click()
    expect(page.locator("#favourite")).to_have_attribute("aria-pressed", "false")


def test_a_caption_is_written_found_and_removed(page: Page) -> None:
    open_item(page, "green.png")
    page.get_by_role("button", name="Add a caption").click()
    field = page.get_by_role("textbox", name="Caption")
    expect(field).to_be_focused()
    field.fill("Zebras <b>at</b> noon\nwith Ada")
    field.press("f")
    field.press("Backspace")
    field.press("Control+Enter")
    expect(page.locator(".said p").first).to_have_text("Zebras <b>at</b> noon\nwith Ada")
    expect(page.get_by_role("button", name="Edit")).to_be_focused()
    expect(page.locator("#favourite")).to_have_attribute("aria-pressed", "false")
    picture_of(page, "detail-caption")
    look_for(page, "zebras")
    page.locator(".opens").first.click()
    expect(page.locator("#detailname")).to_have_text("green.png")
    expect(page.locator(".said .found mark")).to_have_text("Zebras")
    expect(page.locator("#stage .column")).to_have_count(0)
    page.get_by_role("button", name="Edit").click()
    page.get_by_role("textbox", name="Caption").fill("")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("button", name="Add a caption")).to_be_focused()


def write(page: Page, words: str) -> None:
    """Begin a caption of the item that is looked at."""
    page.locator(".said .change").click()
    page.get_by_role("textbox", name="Caption").fill(words)


def call(page: Page, words: str) -> None:
    """Give the item that is looked at a caption."""
    write(page, words)
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("button", name="Edit")).to_be_visible()


@pytest.mark.parametrize("by", ["next", "close", "backdrop", "back", "similar"])
def test_a_caption_being_written_is_kept_when_the_view_changes(page: Page, by: str) -> None:
    open_item(page, "yellow.png")
    write(page, f"Left by {by}")
    with page.expect_response(lambda reply: reply.request.method == "PATCH"):
        match by:
            case "next":
                page.locator("#next").click()
            case "close":
                page.locator("#close").click()
            case "backdrop":
                page.mouse.click(5, 5)
            case "similar":
                page.locator(".similar a").first.click()
            case "back":
                page.go_back()
    expect(page.locator("textarea")).to_have_count(0)
    open_item(page, "yellow.png")
    expect(page.locator(".said p").first).to_have_text(f"Left by {by}")


def test_a_caption_that_is_refused_stays_and_says_why(browser: Browser, address: str) -> None:
    context = browser.new_context(base_url=address, locale="en")
    page = context.new_page()
    open_item(page, "white.png")
    write(page, "Not lost")
    said = {"ok": False, "error": "Busy.", "errors": ["Busy."], "status": 503}
    intercept(page, "**/api/v1/items/*", lambda route: route.fulfill(status=503, json=said))
    page.locator("#close").click()
    expect(page.get_by_role("alert")).to_have_text("Busy.")
    expect(page.get_by_role("textbox", name="Caption")).to_have_value("Not lost")
    page.go_back()
    expect(page.locator("#notice")).to_contain_text("Busy.")
    page.unroute("**/api/v1/items/*")
    with page.expect_response(lambda reply: reply.request.method == "PATCH") as reply:
        page.get_by_role("button", name="Try again").click()
    assert reply.value.json()["caption"] == "Not lost"
    expect(page.locator("#notice")).to_be_hidden()
    context.close()


def test_why_marks_the_caption_that_was_found(page: Page) -> None:
    open_item(page, "yellow.png")
    call(page, "A red barn. Nobody knows it.")
    look_for(page, '"red barn"')
    page.locator(".opens").first.click()
    page.get_by_role("button", name="Why this?").click()
    expect(page.locator(".whynote")).to_contain_text("marked")
    assert "red" in page.locator(".said .explained mark").all_inner_texts()
    expect(page.locator(".said .found")).to_have_text("A red barn. Nobody knows it.")


def test_why_says_that_the_caption_that_was_found_is_gone(page: Page) -> None:
    open_item(page, "white.png")
    call(page, "A grey heron by the pond.")
    look_for(page, '"grey heron"')
    page.locator(".opens").first.click()
    call(page, "A white wall.")
    page.get_by_role("button", name="Why this?").click()
    expect(page.locator(".whynote")).to_contain_text("is gone")
    expect(page.locator(".explained")).to_have_count(0)


def test_escape_leaves_a_caption_as_it_was(page: Page) -> None:
    open_item(page, "blue.png")
    page.get_by_role("button", name="Add a caption").click()
    page.get_by_role("textbox", name="Caption").fill("Not this")
    page.keyboard.press("Escape")
    expect(page.locator("#detail")).to_be_visible()
    expect(page.locator(".said p").first).to_be_hidden()


def test_a_document_s_caption_stands_by_itself(browser: Browser, tmp_path: Path) -> None:
    (tmp_path / "media").mkdir()
    (tmp_path / "media/barn.txt").write_text("A red barn stood by the road.")
    with serving_media(tmp_path) as address, watched(browser, address) as page:
        open_item(page, "barn.txt")
        page.get_by_role("button", name="Add a caption").click()
        page.get_by_role("textbox", name="Caption").fill("Ours until the war")
        page.get_by_role("button", name="Save").click()
        expect(page.locator(".said p").first).to_have_text("Ours until the war")
        page.reload()
        expect(page.locator(".said p").first).to_have_text("Ours until the war")
        expect(page.locator("#stage .column")).not_to_contain_text("Ours until the war")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_fits_a_phone_in_chinese(browser: Browser, address: str, scheme: str) -> None:
    options = {"viewport": PHONE, "locale": "zh-CN", "color_scheme": scheme}
    with watched(browser, address, **options) as page:
        open_item(page, "red.png")
        page.get_by_role("button", name="添加说明").click()
        page.get_by_role("textbox", name="说明").scroll_into_view_if_needed()
        expect(page.get_by_role("button", name="保存")).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
        picture_of(page, f"detail-caption-zh-{scheme}")


def test_the_library_can_be_taken_to_other_programs(page: Page, tmp_path: Path) -> None:
    page.goto("/library")
    for name in ("items.csv", "items.jsonl", "passages.jsonl", "vectors.npy"):
        with page.expect_download() as expected:
            page.locator(f'.exports a[href$="{name}"]').click()
        assert expected.value.suggested_filename == f"triptych-{name}"
        assert Path(expected.value.path()).stat().st_size > 100
