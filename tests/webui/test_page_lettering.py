"""Pictures with words in them, on the page: a tile shows the picture and what was found in it."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.lettered import exit_sign, lettered
from tests.webui.browser import look_for, picture_of
from tests.webui.conftest import serving_media


@pytest.fixture(scope="module")
def address(legible: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("shelf")
    media = folder / "media"
    media.mkdir()
    rows = [f"Row {n} of the timetable holds nothing" for n in range(8)]
    lettered(*rows, "The last ferry leaves at noon", "Return ticket 14.50", size=30).save(
        media / "ferry.png"
    )
    exit_sign().save(media / "exit.png")
    with serving_media(folder) as address:
        yield address


def test_a_tile_shows_the_picture_and_the_words_that_were_found(page: Page) -> None:
    look_for(page, "ferry noon")
    tile = page.locator(".tile.image").first
    expect(tile.locator("img")).to_be_visible()
    expect(tile.locator(".words mark")).to_have_text(["ferry", "noon"])
    expect(tile.locator(".words mark").first).to_be_in_viewport()
    named = re.compile(r"^ferry\.png, Picture, .*The last ferry leaves at noon.*, \d+ % match$")
    expect(tile.get_by_role("link")).to_have_accessible_name(named)
    expect(tile.get_by_text("ferry.png")).to_be_hidden()
    tile.hover()
    expect(tile.get_by_text("ferry.png")).to_be_visible()
    picture_of(page, "tile-lettering")


def test_the_detail_view_shows_all_that_was_read(page: Page) -> None:
    look_for(page, "ferry noon")
    page.locator(".tile.image .opens").first.click()
    expect(page.locator("#stage .canvas img")).to_be_visible()
    expect(page.locator("#stage h3")).to_have_text("Text with this picture")
    expect(page.locator("#stage .found mark")).to_have_text(["ferry", "noon"])
    expect(page.locator("#stage .found mark").first).to_be_in_viewport()
    text = page.locator("#stage .column").inner_text()
    assert text.count("Row 0 of the timetable") == 1 and text.count("Return ticket 14.50") == 1
    picture_of(page, "detail-lettering")


def test_why_marks_the_words_that_match(page: Page) -> None:
    look_for(page, "ferry noon")
    page.locator(".tile.image .opens").first.click()
    page.get_by_role("button", name="Why this?").click()
    expect(page.locator(".whynote")).not_to_have_text("")
    expect(page.locator("#stage .found.explained")).to_be_visible()
    expect(page.locator("#stage .shade")).to_have_count(0)


def test_a_picture_found_by_its_looks_shows_no_words(page: Page) -> None:
    look_for(page, "white")
    tile = page.locator(".tile.image").first
    expect(tile.locator("img")).to_be_visible()
    expect(tile.locator(".words")).to_have_count(0)


def test_chinese_words_are_found_in_a_picture(page: Page) -> None:
    look_for(page, "出口")
    expect(page.locator(".tile.image").first.locator(".words mark")).to_have_text("出口")
