"""Near-duplicates on the page: a button beside the hit lays them out, and puts them back."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import combinations

import pytest
from playwright.sync_api import Browser, Locator, Page, Route, expect

from tests.webui.browser import PHONE, look_for, picture_of, serving, watched
from tests.webui.conftest import app_of
from tests.webui.lakes import OTHERS, library_of_lakes

HITS = 1 + OTHERS + 1
MORE = 3
"""Pictures behind the first lake."""


@pytest.fixture(scope="module")
def lakes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with (
        library_of_lakes(tmp_path_factory.mktemp("lakes")) as library,
        serving(app_of(library)) as address,
    ):
        yield address


@pytest.fixture
def page(browser: Browser, lakes: str) -> Iterator[Page]:
    with watched(browser, lakes) as page:
        yield page


def stack(page: Page) -> Locator:
    return page.get_by_role("button", name=f"+{MORE} alike")


def tops(page: Page, button: Locator) -> list[float]:
    """Give how high the tiles lie up to the one with a button, and the button itself."""
    boxes = [tile.bounding_box() for tile in page.locator(".tile").all()]
    place = button.evaluate(
        "(one) => [...document.querySelectorAll('.tile')].indexOf(one.parentNode)"
    )
    return [button.bounding_box()["y"], *(box["y"] for box in boxes[: place + 1])]


def test_a_button_lays_near_duplicates_out_and_puts_them_back(page: Page) -> None:
    look_for(page, "lake")
    expect(page.locator(".tile")).to_have_count(HITS)
    expect(page.locator(".stack")).to_have_count(2)
    expect(page.locator("#status")).to_contain_text(f"{HITS + MORE + 1} of {HITS + MORE + 1}")
    expect(page.locator("#more")).to_be_hidden()
    button = stack(page)
    expect(button).to_have_attribute("aria-expanded", "false")
    before = tops(page, button)
    button.click()
    expect(page.locator(".tile")).to_have_count(HITS + MORE)
    expect(page.locator(".tile.unfolded")).to_have_count(1 + MORE)
    expect(button).to_have_attribute("aria-expanded", "true")
    assert tops(page, button) == before
    page.wait_for_load_state("networkidle")
    picture_of(page, "alike")
    button.click()
    expect(page.locator(".tile")).to_have_count(HITS)
    expect(page.locator(".unfolded")).to_have_count(0)


def test_the_keyboard_lays_them_out_and_steps_through_them(page: Page) -> None:
    look_for(page, "lake kind:image")
    tile = page.locator(".tile", has=page.locator(".stack"))
    tile.locator(".opens").focus()
    page.keyboard.press("Tab")
    expect(stack(page)).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator(".tile")).to_have_count(1 + OTHERS + MORE)
    expect(stack(page)).to_be_focused()
    place = page.locator(".tile .opens").evaluate_all(
        "(all) => all.findIndex((one) => one.closest('.tile').querySelector('.stack')) + 1"
    )
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    expect(page.locator("#position")).to_have_text(f"{place + 1} / {1 + OTHERS + MORE}")
    expect(page.locator("#detailname")).to_have_text(re.compile("^lake-0"))
    expect(page).to_have_url(re.compile("item="))
    expect(page.locator("#why")).to_have_count(0)
    page.keyboard.press("ArrowRight")
    expect(page.locator("#position")).to_have_text(f"{place + 2} / {1 + OTHERS + MORE}")
    page.keyboard.press("Escape")
    expect(page.locator(".tile .opens").nth(place + 1)).to_be_focused()


def test_a_star_stays_when_what_is_behind_a_hit_is_put_back(page: Page) -> None:
    look_for(page, "lake kind:image")
    stack(page).click()
    page.locator(".tile.unfolded .opens").last.click()
    with page.expect_response(lambda reply: reply.request.method == "PATCH"):
        page.locator("#favourite").click()
    page.keyboard.press("Escape")
    expect(page.locator(".starred:visible")).to_have_count(1)
    stack(page).click()
    expect(page.locator(".starred:visible")).to_have_count(0)
    stack(page).click()
    expect(page.locator(".tile.unfolded").last.locator(".starred")).to_be_visible()


def test_a_new_search_has_them_behind_their_hit_again(page: Page) -> None:
    look_for(page, "lake")
    stack(page).click()
    expect(page.locator(".tile.unfolded")).to_have_count(1 + MORE)
    page.locator("#words").fill("kind:text")
    page.keyboard.press("Enter")
    expect(page.locator(".tile")).to_have_count(1)
    card = page.get_by_role("button", name="+1 alike")
    card.click()
    expect(page.locator(".tile.unfolded .snippet").last).to_contain_text(re.compile(r"report.*txt"))
    page.get_by_role("link", name=re.compile("report")).last.click()
    expect(page.locator("#stage")).to_contain_text("The lake was calm")


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("alike-dark", {"color_scheme": "dark", "locale": "zh-CN"}),
        ("alike-phone", {"viewport": PHONE, "is_mobile": True, "device_scale_factor": 2}),
    ],
)
def test_near_duplicates_fit_in(
    browser: Browser, lakes: str, name: str, options: dict[str, object]
) -> None:
    with watched(browser, lakes, **options) as page:
        look_for(page, "lake")
        label = f"+{MORE} 个相似项" if "locale" in options else f"+{MORE} alike"
        page.get_by_role("button", name=label).click()
        expect(page.locator(".tile")).to_have_count(HITS + MORE)
        page.wait_for_load_state("networkidle")
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        picture_of(page, name)


BOXES = """(tile) => {
    const box = (one) => one.getBoundingClientRect();
    const [over] = tile.querySelectorAll(".over");
    const seen = tile.matches(".card") ? Infinity : box(over).bottom;
    const signs = [...over.querySelectorAll("button, .time, .starred")].map(box);
    const shown = signs.filter(({ width, top }) => width && top < seen);
    return [...shown, box(tile.querySelector(".match"))]
      .map(({ left, top, right, bottom }) => [left, top, right, bottom]);
}"""
"""Where the match is, last, and of what lies over a tile that which is not cut off."""


def laden(route: Route) -> None:
    """Answer with hits that have all that a tile can show, some of them narrow."""
    body = route.fetch().json()
    for n, hit in enumerate(body["hits"]):
        kind = {"kind": "video", "start": 3000.0, "end": 3090.0} if n % 2 else {"page": 12}
        size = {"width": 500, "height": 900} if n % 3 == 1 else {}
        picture = {**kind, **size} if hit["kind"] == "image" else {}
        hit |= {"favourite": True, "passages": 14, **picture}
        hit["alike"] = hit["alike"] or [{**hit, "alike": []}]
    route.fulfill(json=body)


@pytest.mark.parametrize("locale", ["en", "zh-CN"])
def test_what_lies_over_a_small_tile_takes_one_line(
    browser: Browser, lakes: str, locale: str
) -> None:
    options = {"viewport": PHONE, "is_mobile": True, "has_touch": True, "locale": locale}
    with watched(browser, lakes, **options) as page:
        page.route("**/api/v1/search", laden)
        page.goto("/?q=lake")
        expect(page.locator(".tile .stack")).to_have_count(2 * HITS)
        picture_of(page, f"laden-phone-{locale}")
        for tile in page.locator(".tile").all():
            boxes = tile.evaluate(BOXES)
            assert len(boxes) >= 2
            assert [(a, b) for a, b in combinations(boxes, 2) if overlap(a, b)] == []
            tops, bottoms = {box[1] for box in boxes[:-1]}, {box[3] for box in boxes[:-1]}
            assert max(tops) < min(bottoms), "one line"


def overlap(one: list[float], other: list[float]) -> bool:
    (left, top, right, bottom), (left2, top2, right2, bottom2) = one, other
    return left < right2 and left2 < right and top < bottom2 and top2 < bottom


def test_colours_stand_for_a_picture_until_it_has_come(page: Page) -> None:
    held: list[Route] = []
    page.route("**/thumbnail*", lambda route: held.append(route))
    page.goto("/?q=lake&kind=image")
    glimpse = page.locator(".tile.picture .glimpse").first
    expect(glimpse).to_be_visible()
    pixels = "(one) => [...one.getContext('2d').getImageData(0, 0, 4, 4).data]"
    colours = glimpse.evaluate(pixels)
    assert set(colours[3::4]) == {255} and len(set(colours)) > 10
    picture_of(page, "desktop-glimpses")
    picture = page.locator(".tile.picture img").first
    expect(picture).to_have_css("opacity", "0")
    for route in held:
        route.continue_()
    expect(picture).to_have_css("opacity", "1")
    assert picture.evaluate("(one) => one.matches('.glimpse ~ img')")
