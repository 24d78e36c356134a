from __future__ import annotations

import re
from pathlib import Path

from playwright.sync_api import Browser, Page, Route, expect

from retrieval.library import Library
from tests.fakes import FakeEncoder
from tests.webui.browser import PHONE, look_for, picture_of, serving, watched
from tests.webui.conftest import app_of


def overflow(page: Page) -> int:
    return page.evaluate(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )


def test_nothing_moves_while_pictures_load(page: Page) -> None:
    page.goto("/?q=red")
    page.wait_for_load_state("networkidle")
    shift = """new Promise((done) => new PerformanceObserver((list) =>
      done(list.getEntries().filter((e) => e.sources.some((s) => s.node?.closest?.(".results")))
        .reduce((sum, e) => sum + e.value, 0))).observe({ type: "layout-shift", buffered: true })
      || setTimeout(() => done(0), 500))"""
    assert page.evaluate(shift) < 0.02


def test_a_phone_never_scrolls_sideways(browser: Browser, address: str) -> None:
    options = {"viewport": PHONE, "is_mobile": True, "has_touch": True, "device_scale_factor": 2}
    with watched(browser, address, **options) as page:
        page.goto("/")
        expect(page.locator("#welcome")).to_be_visible()
        assert overflow(page) == 0
        page.goto("/?q=red")
        expect(page.locator(".tile")).to_have_count(8)
        assert overflow(page) == 0
        page.wait_for_load_state("networkidle")
        picture_of(page, "phone")
        page.get_by_label("green.jpg, Picture").tap()
        expect(page.locator("#facts dl")).to_be_visible()
        assert overflow(page) == 0
        assert page.locator("#close").bounding_box()["x"] + 40 <= PHONE["width"]
        picture_of(page, "phone-detail")


def test_dark_where_the_system_is_dark(browser: Browser, address: str) -> None:
    colour = "getComputedStyle(document.body).backgroundColor"
    with watched(browser, address, color_scheme="dark") as page:
        page.goto("/?q=red")
        expect(page.locator(".tile")).to_have_count(8)
        assert all(int(part) < 40 for part in re.findall(r"\d+", page.evaluate(colour))[:3])
        page.wait_for_load_state("networkidle")
        picture_of(page, "desktop-dark")


def test_it_speaks_the_browsers_language_and_the_chosen_one(browser: Browser, address: str) -> None:
    with watched(browser, address, locale="zh-CN") as page:
        page.goto("/?q=红")
        expect(page.get_by_role("button", name="图片", exact=True)).to_be_visible()
        expect(page.locator(".tile.text mark").first).to_have_text("红")
        page.get_by_role("button", name="English").click()
        expect(page.get_by_role("button", name="Pictures", exact=True)).to_be_visible()
        page.reload()
        expect(page.get_by_role("button", name="Pictures", exact=True)).to_be_visible()


def test_an_empty_library_says_how_to_begin(browser: Browser, tmp_path: Path) -> None:
    with (
        Library.open(tmp_path / "empty", encoder=FakeEncoder()) as library,
        serving(app_of(library)) as address,
        watched(browser, address) as page,
    ):
        page.goto("/")
        expect(page.locator("#welcome")).to_contain_text("triptych index")
        picture_of(page, "first-run")


def test_a_failure_is_told_and_may_be_tried_again(browser: Browser, address: str) -> None:
    busy = {"ok": False, "error": "Busy.", "errors": ["Busy."], "status": 503}
    context = browser.new_context(base_url=address, locale="en")
    page = context.new_page()
    page.route("**/api/v1/search", lambda route: route.fulfill(status=503, json=busy))
    page.goto("/?q=red")
    expect(page.get_by_role("alert")).to_contain_text("Busy.")
    page.unroute("**/api/v1/search")
    page.get_by_role("button", name="Try again").click()
    expect(page.locator(".tile")).to_have_count(8)
    expect(page.get_by_role("alert")).to_be_hidden()
    context.close()


def test_an_uncertain_answer_says_so(page: Page) -> None:
    def doubt(route: Route) -> None:
        route.fulfill(json={**route.fetch().json(), "confident": False})

    page.route("**/api/v1/search", doubt)
    look_for(page, "red")
    expect(page.locator("#notice")).to_contain_text("Nothing here matches that well")
