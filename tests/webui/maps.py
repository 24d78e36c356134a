"""A map of a few items at places that a test knows."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Page, expect

PLACES = [
    {"kind": "image", "x": [0.0, 1.0, 0.5, 0.53], "y": [0.0, 0.1, 0.4, 0.4]},
    {"kind": "text", "x": [0.1], "y": [0.38]},
]
"""Where the map in these tests has red.png, blue.png, two more pictures, and a document."""


def places_of(ids: dict[str, int]) -> list[dict[str, Any]]:
    pictures = [ids[name] for name in ("red.png", "blue.png", "green.jpg", "yellow.webp")]
    return [{**PLACES[0], "items": pictures}, {**PLACES[1], "items": [ids["barn.txt"]]}]


def told_map(page: Page, places: list[dict[str, Any]], **more: object) -> None:
    body = {"ok": True, "drawn": True, "current": True, "total": 5, "places": places, **more}
    page.route("**/api/v1/map", lambda route: route.fulfill(json=body))


def show(page: Page) -> None:
    page.goto("/map")
    expect(page.locator("#legend")).to_be_visible()
    page.wait_for_load_state("networkidle")


def ink(page: Page) -> int:
    """Count the pixels of the canvas that something is drawn on."""
    return page.evaluate(
        """() => {
          const map = document.getElementById("map");
          const canvas = new OffscreenCanvas(map.width, map.height);
          const context = canvas.getContext("2d", { willReadFrequently: true });
          context.drawImage(map, 0, 0);
          const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
          return data.reduce((sum, value, at) => sum + (at % 4 === 3 && value > 0 ? 1 : 0), 0);
        }"""
    )
