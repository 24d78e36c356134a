"""Results come in pages as their end comes near, and stay what and where they were."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from retrieval.library import Library
from retrieval.media import Kind
from tests.fakes import FakeEncoder, FakeTranscriber
from tests.shelf import new, put, random_vectors
from tests.webui.browser import PHONE, intercept, picture_of, serving, watched
from tests.webui.conftest import app_of

ITEMS = 300
PAGE = 40
SHOWN = "[...document.querySelectorAll('.tile')].map((tile) => tile.dataset.item)"
IN_SIGHT = "document.elementFromPoint(200, 500).closest('.tile').dataset.item"
UNWATCHED = "delete window.IntersectionObserver"
"""Stands for a browser that cannot say when the end is near."""


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Library, Path, str]]:
    folder = tmp_path_factory.mktemp("shelf")
    with Library.open(folder / "library", FakeEncoder(), FakeTranscriber()) as library:
        vectors = random_vectors(ITEMS)
        notes = [note(f"{i}.txt", row) for i, row in enumerate(vectors)]
        put(library, folder / "media", *notes)
        with serving(app_of(library)) as address:
            yield library, folder / "media", address


def note(name: str, vector: Any) -> Any:
    return new(name, vector, Kind.TEXT, ["Some words of no weight. " * 8])


@pytest.fixture
def page(browser: Browser, shelf: tuple[Library, Path, str]) -> Iterator[Page]:
    with watched(browser, shelf[2]) as page:
        yield page


def go_down(page: Page, tiles: int) -> None:
    """Scroll until there are so many."""
    for _ in range(60):
        if page.locator(".tile").count() >= tiles:
            return
        page.evaluate("scrollTo(0, document.body.scrollHeight)")
        page.wait_for_timeout(50)
    raise AssertionError(f"{page.locator('.tile').count()} tiles, not {tiles}")


def asked(page: Page) -> list[dict[str, Any]]:
    """Note what stretches of the ranking are asked for."""
    bodies: list[dict[str, Any]] = []

    def note_body(route: Route) -> None:
        bodies.append(route.request.post_data_json)
        route.continue_()

    page.route("**/api/v1/search", note_body)
    return bodies


def test_scrolling_shows_every_hit_once_and_moves_none(page: Page) -> None:
    page.add_init_script("""
        window.shift = 0;
        const add = (list) => list.getEntries().forEach((one) => (window.shift += one.value));
        new PerformanceObserver(add).observe({ type: "layout-shift", buffered: true });
    """)
    page.goto("/?q=red")
    expect(page.locator(".tile").first).to_be_visible()
    expect(page.locator("#status")).to_contain_text(f"of {ITEMS}")
    assert page.locator(".tile").count() < ITEMS
    go_down(page, ITEMS)
    expect(page.locator("#status")).to_contain_text(f"{ITEMS} of {ITEMS}")
    expect(page.locator("#more")).to_be_hidden()
    shown = page.evaluate(SHOWN)
    assert len(shown) == len(set(shown)) == ITEMS
    assert page.evaluate("window.shift") < 0.05


def test_the_button_does_without_an_observer_and_leads_the_keyboard_on(page: Page) -> None:
    page.add_init_script(UNWATCHED)
    page.goto("/?q=red")
    expect(page.locator(".tile")).to_have_count(PAGE)
    visible = page.locator(".tile:visible").count()
    assert visible <= PAGE, "an unfinished row is kept back"
    expect(page.locator("#status")).to_contain_text(f"{visible} of {ITEMS}")
    page.get_by_role("button", name="Show more").press("Enter")
    expect(page.locator(".tile")).to_have_count(2 * PAGE)
    expect(page.locator(".tile .opens").nth(visible)).to_be_focused()


def test_the_arrow_keys_pass_the_last_tile_on_to_the_next_page(page: Page) -> None:
    page.add_init_script(UNWATCHED)
    page.goto("/?q=red")
    expect(page.locator(".tile")).to_have_count(PAGE)
    last = page.locator(".tile:visible").last
    place = page.locator(".tile:visible").count()
    last.locator(".opens").focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator(".tile .opens").nth(place)).to_be_focused()
    page.locator(".tile:visible .opens").last.focus()
    page.keyboard.press("ArrowDown")
    expect(page.locator(".tile")).to_have_count(3 * PAGE)


def test_the_detail_view_steps_past_the_last_hit(page: Page) -> None:
    page.add_init_script(UNWATCHED)
    page.goto("/?q=red")
    expect(page.locator(".tile")).to_have_count(PAGE)
    page.locator(".tile:visible .opens").last.press("Enter")
    for _ in range(PAGE - page.locator(".tile:visible").count()):
        page.keyboard.press("ArrowRight")
    expect(page.locator("#position")).to_have_text(f"{PAGE} / {PAGE}")
    expect(page.locator("#next")).to_be_enabled()
    page.keyboard.press("ArrowRight")
    expect(page.locator("#position")).to_have_text(f"{PAGE + 1} / {2 * PAGE}")
    page.keyboard.press("Escape")
    expect(page.locator(".tile .opens").nth(PAGE)).to_be_focused()


def test_a_page_that_fails_is_asked_for_again_by_hand_only(page: Page) -> None:
    asks: list[int] = []
    page.goto("/?q=red")
    expect(page.locator("#more")).to_be_visible()

    def refuse(route: Route) -> None:
        asks.append(1)
        route.fulfill(status=200, body="no JSON")

    intercept(page, "**/api/v1/search", refuse)
    page.evaluate("scrollTo(0, document.body.scrollHeight)")
    expect(page.locator("#endnotice")).to_be_visible()
    before = page.locator(".tile").count()
    page.evaluate("scrollTo(0, 0)")
    page.evaluate("scrollTo(0, document.body.scrollHeight)")
    page.wait_for_timeout(200)
    assert len(asks) == 1
    page.unroute("**/api/v1/search")
    page.locator("#endnotice").get_by_role("button", name="Try again").click()
    expect(page.locator("#endnotice")).to_be_hidden()
    assert page.locator(".tile").count() > before


def test_going_back_from_another_page_keeps_the_place(page: Page) -> None:
    page.goto("/?q=red")
    go_down(page, 3 * PAGE)
    page.evaluate("scrollTo(0, 4000)")
    page.wait_for_timeout(300)
    seen = page.evaluate(IN_SIGHT)
    bodies = asked(page)
    page.goto("/healthz")
    page.go_back()
    expect(page.locator(".tile").first).to_be_visible()
    assert page.evaluate("scrollY") == 4000
    assert (
        page.evaluate("document.elementFromPoint(200, 500).closest('.tile').dataset.item") == seen
    )
    assert len(bodies) <= 2, "what was there comes in one page"


def test_another_query_begins_at_the_top_and_back_leads_down_again(page: Page) -> None:
    page.goto("/?q=red")
    go_down(page, 2 * PAGE)
    page.evaluate("scrollTo(0, 2500)")
    page.wait_for_timeout(300)
    page.locator("#words").fill("blue")
    page.keyboard.press("Enter")
    expect(page).to_have_title("blue · Triptych")
    expect(page.locator("body.busy")).to_have_count(0)
    assert page.evaluate("scrollY") == 0
    page.go_back()
    expect(page).to_have_title("red · Triptych")
    expect(page.locator("body.busy")).to_have_count(0)
    assert page.evaluate("scrollY") == 2500


def test_what_comes_and_goes_between_two_pages_hides_and_repeats_nothing(
    page: Page, shelf: tuple[Library, Path, str]
) -> None:
    library, media, _ = shelf
    page.add_init_script(UNWATCHED)
    page.goto("/?q=red")
    expect(page.locator(".tile")).to_have_count(PAGE)
    first = page.evaluate(SHOWN)
    [red] = library.encoder.encode_texts(["red"])
    put(library, media, *(note(f"new-{n}.txt", red) for n in range(3)))
    page.get_by_role("button", name="Show more").click()
    expect(page.locator("#status")).to_contain_text(f"of {ITEMS + 3}")
    while page.locator("#more").is_visible():
        before = page.locator(".tile").count()
        page.locator("#more").click()
        expect(page.locator(".tile").nth(before)).to_be_attached()
    shown = page.evaluate(SHOWN)
    assert shown[:PAGE] == first
    assert len(shown) == len(set(shown)) == ITEMS + 3


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("endless-dark", {"color_scheme": "dark", "locale": "zh-CN"}),
        ("endless-phone", {"viewport": PHONE, "is_mobile": True, "device_scale_factor": 2}),
    ],
)
def test_the_end_fits_in(
    browser: Browser, shelf: tuple[Library, Path, str], name: str, options: dict[str, Any]
) -> None:
    with watched(browser, shelf[2], **options) as page:
        page.add_init_script(UNWATCHED)
        page.goto("/?q=red")
        expect(page.locator(".tile")).to_have_count(PAGE)
        page.locator("#more").scroll_into_view_if_needed()
        more = "显示更多" if "locale" in options else "Show more"
        expect(page.locator("#more")).to_have_text(more)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        expect(page.locator("#status")).to_contain_text(re.compile(r"\d+ (of|/) 30"))
        picture_of(page, name)
