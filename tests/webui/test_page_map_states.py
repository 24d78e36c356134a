"""The map before it is drawn, where there is little or very much to draw, and in trouble."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.webui.maps import ink, places_of, told_map


@pytest.fixture
def places(ids: dict[str, int]) -> list[dict[str, Any]]:
    return places_of(ids)


def test_waiting_is_said_and_ends(page: Page, places: list[dict[str, Any]]) -> None:
    waiting = {"ok": True, "drawn": False, "current": False, "total": 5, "places": []}
    drawn = {"ok": True, "drawn": True, "current": True, "total": 5, "places": places}
    asked = 0

    def answer(route: Route) -> None:
        nonlocal asked
        asked += 1
        late = asked > 2
        route.fulfill(status=200 if late else 202, json=drawn if late else waiting)

    page.route("**/api/v1/map", answer)
    page.goto("/map")
    expect(page.get_by_role("status").filter(has_text="Drawing the map")).to_be_visible()
    expect(page.locator("#legend")).to_be_visible()
    expect(page.locator("#word")).to_be_hidden()


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"places": []}, "nothing to put on a map yet"),
        ({"total": 250_000}, "5 of 250,000 items are on this map."),
        ({"current": False}, "a new map is being drawn"),
    ],
)
def test_what_there_is_to_know_of_the_map_is_said(
    page: Page, places: list[dict[str, Any]], more: dict[str, Any], said: str
) -> None:
    told_map(page, **{"places": places, **more})
    page.goto("/map")
    expect(page.locator("#word")).to_contain_text(said)
    expect(page.locator("#zoom")).to_be_visible(visible="places" not in more)


def test_trouble_is_said_and_asking_again_helps(
    browser: Browser, address: str, places: list[dict[str, Any]]
) -> None:
    context = browser.new_context(base_url=address, locale="en")
    page = context.new_page()
    gone = {"ok": False, "error": "No map.", "errors": ["No map."], "status": 503}
    page.route("**/api/v1/map", lambda route: route.fulfill(status=503, json=gone))
    page.goto("/map")
    expect(page.get_by_role("alert")).to_have_text("No map.")
    page.unroute("**/api/v1/map")
    told_map(page, places)
    page.get_by_role("button", name="Try again").click()
    expect(page.locator("#legend")).to_be_visible()
    context.close()


def test_a_hundred_thousand_items_can_be_looked_around_in(page: Page) -> None:
    count = 100_000
    steps = [((i * 7919) % count) / count for i in range(count)]
    places = [
        {
            "kind": "text",
            "items": list(range(10**6, 10**6 + count)),
            "x": steps,
            "y": [((i * 104_729) % 61_001) / 100_000 for i in range(count)],
        }
    ]
    told_map(page, places, total=count)
    page.route("**/api/v1/items/*", lambda route: route.fulfill(json={"path": "/far/away.txt"}))
    page.goto("/map")
    expect(page.locator("#legend")).to_contain_text("100,000")
    asked = """async () => {
      const canvas = document.getElementById("map");
      const { left, top } = canvas.getBoundingClientRect();
      for (let i = 0; i < 24; i++) {
        const options = { deltaY: -120, clientX: left + 500, clientY: top + 400, cancelable: true };
        canvas.dispatchEvent(new WheelEvent("wheel", options));
        await new Promise(requestAnimationFrame);
      }
    }"""
    page.evaluate(asked)
    assert ink(page) > 0
    page.locator("#map").focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator("#map")).to_have_class(re.compile("over"))


def test_its_scripts_ask_nobody_else_and_make_no_markup() -> None:
    static = Path(__file__).parents[2] / "webui" / "static" / "map"
    for file in static.glob("*.js"):
        assert not re.search(r"https?://|innerHTML|eval\(", file.read_text("utf-8")), file
