"""Places in one item: a button says how many, lays them out, and they can be stepped through."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.films import film
from tests.webui.browser import PHONE, look_for, picture_of, watched
from tests.webui.conftest import serving_media


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("shelf")
    media = folder / "media"
    media.mkdir()
    film(media / "holiday.webm", ["red", "blue", "red", "green"], codec="libvpx")
    with serving_media(folder) as address:
        yield address


def test_the_scenes_of_a_film_are_laid_out_and_stepped_through(page: Page) -> None:
    look_for(page, "red")
    expect(page.locator(".tile")).to_have_count(1)
    button = page.get_by_role("button", name="2 places in holiday.webm")
    button.click()
    expect(page.locator(".tile.unfolded")).to_have_count(2)
    expect(button).to_have_attribute("aria-expanded", "true")
    times = page.locator(".tile .time").all_inner_texts()
    assert sorted(times) == ["0:00 – 0:03", "0:06 – 0:09"]
    picture_of(page, "places-in-a-film")
    page.locator(".tile .opens").first.click()
    expect(page.locator("#position")).to_have_text("1 / 2")
    page.keyboard.press("Escape")
    page.locator(".tile .opens").first.press("Enter")
    page.locator("#next").click()
    expect(page.locator("#position")).to_have_text("2 / 2")
    expect(page).to_have_url(re.compile(r"item=\d+"))
    page.keyboard.press("Escape")
    expect(page.locator(".tile .opens").nth(1)).to_be_focused()
    button.click()
    expect(page.locator(".tile")).to_have_count(1)


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("places-dark", {"color_scheme": "dark", "locale": "zh-CN"}),
        ("places-phone", {"viewport": PHONE, "is_mobile": True, "device_scale_factor": 2}),
    ],
)
def test_the_button_fits_in(
    browser: Browser, address: str, name: str, options: dict[str, object]
) -> None:
    with watched(browser, address, **options) as page:
        look_for(page, "red")
        label = "holiday.webm 中有 2 处" if "locale" in options else "2 places in holiday.webm"
        page.get_by_role("button", name=label).click()
        expect(page.locator(".tile.unfolded")).to_have_count(2)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        picture_of(page, name)
