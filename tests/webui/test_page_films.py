"""Films, and pictures in documents, on the page: shown where they are."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from PIL import Image
from playwright.sync_api import Locator, Page, expect

from tests.films import film
from tests.indexer.papers import picture, print_plates
from tests.webui.browser import look_for, picture_of
from tests.webui.conftest import serving_media

PLAYS_ON = """film => new Promise((arrived, late) => {
    const look = () => film.currentTime > 2.5 && arrived();
    film.addEventListener("timeupdate", look);
    setTimeout(late, 30000, "it does not play from the scene");
    look();
})"""
"""Settles once a film is where the scene begins. The page's policy forbids Playwright's polling."""


SCAN = {"black": (120, 90), "white": (120, 90), "yellow": (90, 120)}
LOOKS = """image => {
    const canvas = new OffscreenCanvas(64, 64).getContext("2d");
    canvas.drawImage(image, 0, 0, 64, 64);
    const pixels = canvas.getImageData(0, 0, 64, 64).data;
    const sums = [0, 0, 0];
    pixels.forEach((one, i) => i % 4 < 3 && (sums[i % 4] += one));
    return sums;
}"""
"""Gives the mean colour of a picture."""


def colour_of(image: Locator) -> str:
    """Name the colour that a picture has more of than any other; white does not count."""
    red, green, blue = image.evaluate(LOOKS)
    if min(red, green) > blue + 4096 * 50:
        return "yellow"
    return max(("red", red), ("green", green), ("blue", blue), key=lambda named: named[1])[0]


DECODED = 30_000
"""Milliseconds in which a picture is decoded, the start of a process included."""


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("shelf")
    media = folder / "media"
    media.mkdir()
    # Chromium plays VP8 in WebM; Debian's plays others too.
    film(media / "holiday.webm", ["red", "blue"], codec="libvpx")
    pages = [Image.new("RGB", size, name) for name, size in SCAN.items()]
    pages[0].save(media / "scan.tif", save_all=True, append_images=pages[1:])
    print_plates(
        media / "plan.pdf", ("Nothing of note.", []), ("A plan.", [picture("green", 1200, 300)])
    )
    with serving_media(folder) as address:
        yield address


def test_a_film_plays_from_the_scene_that_was_found(page: Page) -> None:
    look_for(page, "blue")
    tile = page.locator(".tile.video")
    expect(tile.locator(".time")).to_have_text("0:03 – 0:06")
    expect(tile.locator("img.there")).to_be_visible(timeout=DECODED)
    assert colour_of(tile.locator("img")) == "blue"
    tile.locator(".opens").click()
    player = page.locator("#stage video")
    expect(player).to_be_visible()
    player.evaluate(PLAYS_ON)


def test_a_picture_in_a_document_says_where_it_is_and_its_page_is_shown(page: Page) -> None:
    look_for(page, "green")
    tile = page.locator(".tile.text").first
    expect(tile.locator(".time")).to_have_text("Page 2")
    expect(tile.locator("img.there")).to_be_visible(timeout=DECODED)
    assert colour_of(tile.locator("img")) == "green"
    named = re.compile("plan.pdf.*The picture here is what was found.")
    expect(tile.get_by_role("link")).to_have_accessible_name(named)
    picture_of(page, "tile-page")
    tile.locator(".opens").click()
    expect(page.locator("#stage .found")).to_have_text("The picture here is what was found.")


def test_the_page_of_a_scan_that_was_found_is_shown(page: Page) -> None:
    look_for(page, "yellow")
    tile = page.locator(".tile.image").first
    expect(tile.locator(".time")).to_have_text("Page 3")
    expect(tile.locator("img.there")).to_be_visible(timeout=DECODED)
    assert colour_of(tile.locator("img")) == "yellow"
    tile.locator(".opens").click()
    large = page.locator("#stage .canvas img")
    expect(large).to_have_js_property("naturalWidth", 90)
    assert colour_of(large) == "yellow"
    assert large.evaluate("image => image.clientWidth < image.clientHeight"), "as page 3 lies"
