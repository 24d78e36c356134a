"""Films, and pictures in documents, on the page: shown where they are."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.films import film
from tests.indexer.papers import picture, print_plates
from tests.webui.browser import look_for, watched
from tests.webui.conftest import serving_media

PLAYS_ON = """film => new Promise((arrived, late) => {
    const look = () => film.currentTime > 2.5 && arrived();
    film.addEventListener("timeupdate", look);
    setTimeout(late, 30000, "it does not play from the scene");
    look();
})"""
"""Settles once a film is where the scene begins. The page's policy forbids Playwright's polling."""


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("shelf")
    media = folder / "media"
    media.mkdir()
    # Chromium plays VP8 in WebM; Debian's plays others too.
    film(media / "holiday.webm", ["red", "blue"], codec="libvpx")
    print_plates(media / "plan.pdf", ("Nothing of note.", []), ("A plan.", [picture("green")]))
    with serving_media(folder) as address:
        yield address


@pytest.fixture
def page(browser: Browser, shelf: str) -> Iterator[Page]:
    with watched(browser, shelf) as page:
        yield page


def test_a_film_plays_from_the_scene_that_was_found(page: Page) -> None:
    look_for(page, "blue")
    tile = page.locator(".tile.video")
    expect(tile.locator(".time")).to_have_text("0:03 – 0:06")
    tile.locator(".opens").click()
    player = page.locator("#stage video")
    expect(player).to_be_visible()
    player.evaluate(PLAYS_ON)


def test_a_picture_in_a_document_says_where_it_is(page: Page) -> None:
    look_for(page, "green")
    card = page.locator(".tile.text").first
    expect(card).to_contain_text("Page 2")
    expect(card).to_contain_text("The picture here is what was found.")
    card.locator(".opens").click()
    expect(page.locator("#stage .found")).to_have_text("The picture here is what was found.")
