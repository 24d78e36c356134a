"""What the page makes of an answer: good and less likely hits, lists without scores, marks."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.webui.browser import PHONE, look_for, picture_of, watched

GOOD = 5
"""Hits of the eight that the page is told are good."""


def told_scores(page: Page) -> None:
    """Give the hits scores, the answer coming in pages of three."""

    def score(route: Route) -> None:
        asked = {**route.request.post_data_json, "k": 3}
        body: dict[str, Any] = route.fetch(post_data=asked).json()
        for place, hit in enumerate(body["hits"], asked["offset"]):
            hit["score"] = 0.9 if place < GOOD else 0.2
        route.fulfill(json={**body, "confident": True})

    page.route("**/api/v1/search", score)


def show_all(page: Page) -> None:
    page.goto("/?q=red")
    expect(page.locator(".tile")).to_have_count(8)
    page.wait_for_load_state("networkidle")


def test_what_is_less_likely_stands_apart(page: Page) -> None:
    told_scores(page)
    less = page.get_by_role("heading", name="Less likely")
    show_all(page)
    expect(less).to_be_visible()
    expect(page.locator("#good .tile")).to_have_count(GOOD)
    below = page.get_by_role("list", name="Less likely")
    expect(below.get_by_role("listitem")).to_have_count(8 - GOOD)
    picture_of(page, "less-likely")
    page.locator("#words").fill("kind:image")
    page.keyboard.press("Enter")
    expect(less).to_be_hidden()


def test_the_keyboard_passes_from_the_good_to_the_less_likely(page: Page) -> None:
    told_scores(page)
    show_all(page)
    opens = page.locator(".tile .opens")
    opens.nth(GOOD - 1).focus()
    page.keyboard.press("ArrowRight")
    expect(opens.nth(GOOD)).to_be_focused()
    page.keyboard.press("ArrowUp")
    expect(page.locator("#good .opens:focus")).to_have_count(1)
    page.keyboard.press("ArrowDown")
    expect(page.locator("#lesser .opens:focus")).to_have_count(1)
    page.keyboard.press("Enter")
    page.keyboard.press("Escape")
    expect(page.locator("#lesser .opens:focus")).to_have_count(1)


def test_where_nothing_is_good_there_is_one_list(page: Page) -> None:
    def doubt(route: Route) -> None:
        body = route.fetch().json()
        hits = [{**hit, "score": 0.1} for hit in body["hits"]]
        route.fulfill(json={**body, "hits": hits, "confident": False})

    page.route("**/api/v1/search", doubt)
    look_for(page, "red")
    expect(page.locator("#good .tile")).to_have_count(8)
    expect(page.get_by_role("heading", name="Less likely")).to_be_hidden()
    expect(page.locator("#notice")).to_contain_text("Nothing here matches that well")


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("less-likely-dark", {"color_scheme": "dark", "locale": "zh-CN"}),
        ("less-likely-phone", {"viewport": PHONE, "is_mobile": True, "device_scale_factor": 2}),
    ],
)
def test_the_divider_fits_in(
    browser: Browser, address: str, name: str, options: dict[str, Any]
) -> None:
    with watched(browser, address, **options) as page:
        told_scores(page)
        page.goto("/?q=red")
        expect(page.locator("#lesser .tile")).to_have_count(8 - GOOD)
        page.wait_for_load_state("networkidle")
        page.locator("#less h2").scroll_into_view_if_needed()
        heading = page.locator("#less h2")
        expect(heading).to_have_text("可能性较低" if "locale" in options else "Less likely")
        picture_of(page, name)


def test_filters_alone_list_without_scores(page: Page) -> None:
    page.goto("/")
    page.locator("#words").fill("kind:image")
    page.keyboard.press("Enter")
    expect(page.locator(".tile.image")).to_have_count(4)
    expect(page.locator("#status")).to_contain_text("4 of 4, newest first")
    expect(page.locator("#notice")).to_be_hidden()
    expect(page.locator(".match")).to_have_count(0)
    page.get_by_label("red.png, Picture", exact=True).click()
    expect(page.locator("#facts dl")).to_be_visible()
    expect(page.locator("#facts .score")).to_have_count(0)
    expect(page.locator("#why")).to_have_count(0)
    picture_of(page, "listed")


def test_a_tab_alone_lists_its_kind(page: Page) -> None:
    look_for(page, "red")
    page.get_by_role("button", name="Documents", exact=True).click()
    expect(page.locator(".tile.text")).to_have_count(3)
    page.locator("#words").fill("")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/\?kind=text$"))
    expect(page.locator("#status")).to_contain_text("newest first")
    page.get_by_role("button", name="All", exact=True).click()
    expect(page.locator("#welcome")).to_be_visible()


def test_snippets_mark_what_matches_whatever_its_form(page: Page) -> None:
    look_for(page, "painting barns kind:text")
    card = page.locator(".tile.text", has_text="A red barn")
    expect(card.locator("mark")).to_have_text(
        ["barn", *["painted"] * (card.locator("mark").count() - 1)]
    )
    assert card.locator("mark").count() > 1


def test_marks_count_whole_characters_and_are_brought_into_sight(page: Page) -> None:
    snippet = "🦊" * 200 + ". The 🦊 red barn"
    at = len("🦊" * 200 + ". The 🦊 ")

    def tell(route: Route) -> None:
        body = route.fetch().json()
        [hit, *_] = [hit for hit in body["hits"] if hit["kind"] == "text"]
        told = {**hit, "snippet": snippet, "marks": [[at, at + 3]]}
        route.fulfill(json={**body, "hits": [told], "total": 1})

    page.route("**/api/v1/search", tell)
    look_for(page, "red")
    expect(page.locator(".snippet")).to_have_text("… The 🦊 red barn")
    expect(page.locator(".snippet mark")).to_have_text("red")
