"""The map of the library: looked around in by mouse, wheel, fingers and keys."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.webui.browser import PHONE, picture_of, watched
from tests.webui.maps import ink, places_of, show, told_map


@pytest.fixture
def places(ids: dict[str, int]) -> list[dict[str, Any]]:
    return places_of(ids)


@pytest.fixture
def shown(page: Page, places: list[dict[str, Any]]) -> Iterator[Page]:
    told_map(page, places)
    show(page)
    yield page


def hover(page: Page, x: float, y: float, tall: float = 0.4) -> tuple[float, float]:
    """Point at a place of the whole map, and say where on the page that is."""
    box = page.locator("#map").bounding_box()
    assert box is not None
    scale = 0.8 * min(box["width"], box["height"] / tall)
    at = (
        box["x"] + box["width"] / 2 + (x - 0.5) * scale,
        box["y"] + box["height"] / 2 + (y - tall / 2) * scale,
    )
    page.mouse.move(*at)
    return at


def led_near(page: Page, item: int) -> None:
    """Expect the search near an item, and let it end."""
    expect(page).to_have_url(re.compile(rf"/\?like={item}$"))
    expect(page.locator(".tile").first).to_be_visible()
    page.wait_for_load_state("networkidle")


def test_it_is_drawn_by_the_server_while_one_waits(page: Page) -> None:
    page.goto("/")
    page.get_by_role("link", name="Map").click()
    expect(page.locator("#legend")).to_contain_text("Pictures4", timeout=60_000)
    expect(page.locator("#legend")).to_contain_text("Documents3")
    expect(page.locator("#word")).to_be_hidden()
    page.wait_for_load_state("networkidle")
    picture_of(page, "map")


def test_pointing_names_an_item_and_a_click_searches_near_it(
    shown: Page, ids: dict[str, int]
) -> None:
    at = hover(shown, 0, 0)
    expect(shown.locator("#card")).to_contain_text("red.png")
    hover(shown, 0.3, 0.2)
    expect(shown.locator("#card")).to_be_hidden()
    shown.mouse.click(*at)
    led_near(shown, ids["red.png"])
    expect(shown.locator(".chip")).to_contain_text("red.png")


def test_dragging_moves_the_map_and_is_no_click(shown: Page) -> None:
    at = hover(shown, 0, 0)
    shown.mouse.down()
    shown.mouse.move(at[0] + 150, at[1] + 60, steps=4)
    shown.mouse.up()
    expect(shown).to_have_url(re.compile("/map$"))
    shown.mouse.move(600, 300)
    shown.mouse.move(at[0] + 150, at[1] + 60)
    expect(shown.locator("#card")).to_contain_text("red.png")


def test_the_wheel_comes_closer_to_where_the_mouse_is(shown: Page) -> None:
    at = hover(shown, 1, 0.1)
    shown.mouse.wheel(0, -600)
    shown.mouse.move(at[0] + 1, at[1] + 1)
    expect(shown.locator("#card")).to_contain_text("blue.png")
    hover(shown, 0.5, 0.4)
    expect(shown.locator("#card")).to_be_hidden()
    shown.get_by_role("button", name="The whole map").click()
    hover(shown, 0, 0)
    expect(shown.locator("#card")).to_contain_text("red.png")


def test_pictures_appear_as_one_comes_closer(page: Page, places: list[dict[str, Any]]) -> None:
    fetched = set()
    page.on("request", lambda request: fetched.add(request.url))
    told_map(page, places)
    show(page)

    def pictures() -> int:
        return sum(url.endswith("/thumbnail") for url in fetched)

    assert pictures() == 3, "of two side by side one is a dot"
    before = ink(page)
    hover(page, 0.515, 0.4)
    with page.expect_response("**/thumbnail"):
        page.mouse.wheel(0, -400)
        page.mouse.wheel(0, -400)
    page.wait_for_load_state("networkidle")
    assert pictures() == 4
    assert ink(page) > before > 0


def test_keys_move_among_items_and_search_near_one(shown: Page, ids: dict[str, int]) -> None:
    canvas = shown.get_by_role("application", name="Map of the library")
    canvas.focus()
    said = shown.locator("#said")
    shown.keyboard.press("ArrowLeft")
    expect(said).to_have_text(re.compile("green.jpg|yellow.webp"))
    shown.keyboard.press("ArrowLeft")
    expect(said).to_have_text("barn.txt, Document")
    shown.keyboard.press("ArrowUp")
    expect(said).to_have_text("red.png, Picture")
    shown.keyboard.press("ArrowRight")
    expect(said).to_have_text("blue.png, Picture")
    shown.keyboard.press("ArrowRight")
    expect(said).to_have_text("blue.png, Picture")
    shown.keyboard.press("+")
    shown.keyboard.press("0")
    shown.keyboard.press("Enter")
    led_near(shown, ids["blue.png"])


def test_escape_lets_go_of_an_item(shown: Page) -> None:
    shown.locator("#map").focus()
    shown.keyboard.press("ArrowUp")
    expect(shown.locator("#card")).to_be_visible()
    shown.keyboard.press("Escape")
    expect(shown.locator("#card")).to_be_hidden()
    shown.keyboard.press("Enter")
    expect(shown).to_have_url(re.compile("/map$"))


def test_coming_back_shows_the_same_part(shown: Page, ids: dict[str, int]) -> None:
    shown.locator("#map").focus()
    for key in ("ArrowLeft", "ArrowLeft", "ArrowUp", "+", "+", "+", "+"):
        shown.keyboard.press(key)
    expect(shown.locator("#said")).to_have_text("red.png, Picture")
    shown.keyboard.press("Enter")
    led_near(shown, ids["red.png"])
    shown.go_back()
    expect(shown.locator("#legend")).to_be_visible()
    kept = shown.evaluate("history.state.view.scale")
    width = shown.locator("#map").bounding_box()["width"]  # type: ignore[index]
    assert kept > 3 * 0.8 * width


def test_kinds_may_be_hidden(shown: Page) -> None:
    hover(shown, 0.1, 0.38)
    expect(shown.locator("#card")).to_contain_text("barn.txt")
    documents = shown.get_by_role("button", name="Documents")
    documents.click()
    expect(documents).to_have_attribute("aria-pressed", "false")
    expect(documents).to_be_focused()
    hover(shown, 0.1, 0.38)
    expect(shown.locator("#card")).to_be_hidden()
    documents.click()
    hover(shown, 0.1, 0.37)
    expect(shown.locator("#card")).to_contain_text("barn.txt")


def test_a_finger_first_names_an_item_and_then_searches(
    browser: Browser, address: str, places: list[dict[str, Any]], ids: dict[str, int]
) -> None:
    phone = {"viewport": PHONE, "is_mobile": True, "has_touch": True, "locale": "zh-CN"}
    with watched(browser, address, color_scheme="dark", **phone) as page:
        told_map(page, places)
        show(page)
        page.wait_for_timeout(200)
        # The view is higher than wide, so the map is turned: its left end is on top.
        box = page.locator("#map").bounding_box()
        assert box is not None
        scale = 0.8 * min(box["width"] / 0.4, box["height"])
        left = box["x"] + box["width"] / 2 - 0.2 * scale
        top = box["y"] + box["height"] / 2 - 0.5 * scale
        page.touchscreen.tap(left, top)
        expect(page.locator("#card")).to_contain_text("red.png")
        expect(page.locator("#said")).to_have_text("red.png, 图片")
        picture_of(page, "map-phone-dark-chinese")
        page.get_by_role("link", name="搜索相近内容").tap()
        led_near(page, ids["red.png"])
