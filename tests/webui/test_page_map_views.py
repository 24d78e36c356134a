"""What one looks at on the map stays in view: under two fingers, and when the map is drawn anew."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.webui.browser import PHONE, watched
from tests.webui.maps import places_of, show, told_map

Place = tuple[float, float]


@pytest.fixture
def places(ids: dict[str, int]) -> list[dict[str, Any]]:
    return places_of(ids)


def scale(page: Page) -> float:
    """Pixels to a unit of the map, as the page keeps them when one leaves."""
    page.evaluate("dispatchEvent(new Event('pagehide'))")
    found: float = page.evaluate("history.state.view.scale")
    return found


def card_at(page: Page) -> Place:
    """Where on the page the card of the chosen item hangs."""
    return tuple(page.evaluate("Object.values(card.getBoundingClientRect().toJSON()).slice(0, 2)"))


def spread(page: Page, middle: Place, *apart: float) -> None:
    """Put two fingers above and below a place, and move them apart or together."""
    x, y = middle
    session = page.context.new_cdp_session(page)

    def touch(kind: str, *places: Place) -> None:
        points = [{"x": x, "y": y, "id": at} for at, (x, y) in enumerate(places)]
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    for step, far in enumerate(apart):
        touch("touchMove" if step else "touchStart", (x, y - far / 2), (x, y + far / 2))
    touch("touchEnd")
    session.detach()


def test_two_fingers_come_closer_to_what_is_between_them(
    browser: Browser, address: str, places: list[dict[str, Any]]
) -> None:
    phone = {"viewport": PHONE, "is_mobile": True, "has_touch": True}
    with watched(browser, address, **phone) as page:
        told_map(page, places)
        show(page)
        box = page.locator("#map").bounding_box()
        assert box is not None
        whole = 0.8 * min(box["width"] / 0.4, box["height"])
        left = box["x"] + box["width"] / 2 - 0.2 * whole
        red = left, box["y"] + box["height"] / 2 - 0.5 * whole
        assert scale(page) == pytest.approx(whole, rel=0.01)
        spread(page, red, 35, 70, 105)
        assert scale(page) == pytest.approx(3 * whole, rel=0.1)
        expect(page.locator("#card")).to_be_hidden()
        page.touchscreen.tap(*red)
        expect(page.locator("#card")).to_contain_text("red.png")
        spread(page, red, 105, 70, 35)
        assert scale(page) == pytest.approx(whole, rel=0.1)
        assert page.evaluate("visualViewport.scale") == 1, "the page itself stays as it is"


def test_a_new_map_is_shown_from_where_one_looked(page: Page, places: list[dict[str, Any]]) -> None:
    page.clock.install()
    told_map(page, places, current=False)
    # A card hangs lower once its picture has come.
    page.route("**/thumbnail", lambda route: route.fulfill(status=204))
    show(page)
    page.locator("#map").focus()
    for key in ("+", "+", "+", "+", "+"):
        page.keyboard.press(key)
    page.keyboard.press("ArrowLeft")
    expect(page.locator("#card")).to_be_visible()
    name, near, where = page.locator("#card b").inner_text(), scale(page), card_at(page)
    moved = [{**one, "y": [0.7 * y + 0.1 for y in one["y"]]} for one in places]
    page.unroute("**/api/v1/map")
    told_map(page, moved)
    page.clock.fast_forward(10_000)
    page.get_by_role("button", name="Show the new map").click()
    expect(page.locator("#card b")).to_have_text(name)
    assert scale(page) == near
    page.evaluate("new Promise(requestAnimationFrame)")
    assert card_at(page) == pytest.approx(where, abs=2)


def test_who_leaves_before_the_map_has_come_finds_it_as_it_was(
    page: Page, places: list[dict[str, Any]]
) -> None:
    told_map(page, places)
    show(page)
    page.locator("#map").focus()
    page.keyboard.press("+")
    near = scale(page)
    page.unroute("**/api/v1/map")
    page.route("**/api/v1/map", lambda route: route.fulfill(status=202, json={}))
    page.reload()
    assert scale(page) == near
