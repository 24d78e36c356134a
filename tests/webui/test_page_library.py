"""The page about the library."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, Route, expect

from tests.webui.browser import PHONE, picture_of, watched
from tests.webui.conftest import serving_media

SEVERAL_YEARS = [
    {"month": "2019-03", "items": {"image": 12, "audio": 2}},
    {"month": "2021-11", "items": {"image": 30, "text": 8, "video": 3}},
    {"month": "2024-02", "items": {"image": 41}},
    {"month": "2024-07", "items": {"text": 5}},
]


def told_months(page: Page, months: list[dict[str, Any]]) -> None:
    page.route("**/api/v1/timeline", lambda route: route.fulfill(json={"months": months}))


def told_failures(page: Page, count: int) -> None:
    def tell(route: Route) -> None:
        reasons = ("is damaged", "needs a password")
        told = [{"path": f"/media/{i:04}.pdf", "reason": reasons[i % 2]} for i in range(count)]
        route.fulfill(json={**route.fetch().json(), "failures": told})

    page.route("**/api/v1/stats", tell)


def test_the_search_page_leads_to_it_and_it_leads_back(page: Page) -> None:
    page.goto("/")
    page.get_by_role("link", name="Library").click()
    expect(page.get_by_role("heading", name="Library", level=1)).to_be_visible()
    expect(page).to_have_title("Library · Triptych")
    here = page.get_by_role("navigation", name="Pages").get_by_role("link", name="Library")
    expect(here).to_have_attribute("aria-current", "page")
    page.get_by_role("link", name="Search", exact=True).click()
    expect(page.locator("#words")).to_be_visible()
    page.wait_for_load_state("networkidle")


def test_it_says_what_the_library_holds_and_how(page: Page, folder: object) -> None:
    page.goto("/library")
    counts = [re.compile(count) for count in ("4Pictures", "3Documents", "1Sound")]
    expect(page.locator("#kinds li")).to_have_text(counts)
    expect(page.locator("#folders li")).to_have_count(1)
    expect(page.locator("#folders")).to_contain_text(f"{folder}")
    expect(page.locator("#folders")).to_contain_text("8 items")
    expect(page.locator("#index")).to_contain_text("fake · 1")
    expect(page.locator("#index")).to_contain_text("Exact: every vector is looked at")
    expect(page.locator("#disk")).to_contain_text("Small pictures")
    expect(page.locator("#unread")).to_contain_text("broken.jpg")
    expect(page.locator("#failuresearch")).to_be_hidden()
    picture_of(page, "library")


def test_kinds_and_folders_lead_to_what_is_in_them(page: Page) -> None:
    page.goto("/library")
    page.locator("#kinds").get_by_role("link", name=re.compile("Documents")).click()
    expect(page.locator(".tile.text")).to_have_count(3)
    page.go_back()
    page.locator("#folders").get_by_role("link").click()
    expect(page.locator(".tile")).to_have_count(8)


def test_years_lead_to_their_months_and_months_to_a_search(page: Page) -> None:
    told_months(page, SEVERAL_YEARS)
    page.goto("/library")
    bars = page.locator(".bar")
    expect(bars).to_have_count(6)
    expect(page.locator("#readout")).to_have_text("2019 – 2024")
    expect(bars.nth(2)).to_have_accessible_name("2021: 30 pictures · 8 documents · 3 videos")
    expect(bars.nth(1)).to_have_accessible_name("2020: nothing")
    bars.nth(5).click()
    expect(page).to_have_url(re.compile(r"/library\?year=2024$"))
    expect(bars).to_have_count(12)
    expect(bars.nth(1)).to_have_accessible_name("February 2024: 41 pictures")
    assert bars.nth(1).get_attribute("href") == "/?after=2024-02-01&before=2024-02-29"
    page.get_by_role("link", name="All years").click()
    expect(bars).to_have_count(6)


def test_a_month_leads_to_what_is_of_it(page: Page) -> None:
    page.goto("/library")
    page.locator(".bar").click()
    expect(page.locator(".tile")).to_have_count(8)
    expect(page.locator("#filtercount")).to_have_text("2")
    page.wait_for_load_state("networkidle")


def test_bars_are_gone_through_by_keyboard(page: Page) -> None:
    told_months(page, SEVERAL_YEARS)
    page.goto("/library")
    bars = page.locator(".bar")
    expect(bars).to_have_count(6)
    bars.first.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    expect(bars.nth(2)).to_be_focused()
    expect(page.locator("#readout")).to_contain_text("2021: 30 pictures")
    page.keyboard.press("End")
    expect(bars.nth(5)).to_be_focused()
    expect(page.locator('.bar[tabindex="0"]')).to_have_count(1)
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"year=2024$"))
    page.wait_for_load_state("networkidle")


def test_parts_of_a_bar_are_as_high_as_their_counts(page: Page) -> None:
    told_months(page, SEVERAL_YEARS)
    page.goto("/library")
    parts = page.locator(".bar").nth(2).locator(".part")
    expect(parts).to_have_count(3)
    image, video, text = (float(parts.nth(i).get_attribute("height") or 0) for i in range(3))
    assert image / text == pytest.approx(30 / 8, rel=0.01)
    assert image / video == pytest.approx(30 / 3, rel=0.01)


def test_many_failures_are_looked_through(page: Page) -> None:
    told_failures(page, 3000)
    page.goto("/library")
    rows = page.locator("#unread li")
    expect(rows).to_have_count(50)
    page.get_by_role("button", name="Show more").click()
    expect(rows).to_have_count(100)
    page.get_by_label("Look for a name or a reason").fill("0123.PDF")
    expect(rows).to_have_text(["/media/0123.pdfneeds a password"])
    expect(page.locator("#failuresaid")).to_have_text("1 of 3,000 files")
    page.get_by_label("Look for a name or a reason").fill("damaged")
    expect(page.locator("#failuresaid")).to_have_text("1,500 of 3,000 files")


def test_folders_out_of_reach_and_approximate_indexes_are_named(page: Page) -> None:
    def tell(route: Route) -> None:
        body = route.fetch().json()
        lists = {"image": {"lists": 1024, "nprobe": 16, "recall": 0.9871}}
        body["index"] |= {"approximations": lists, "notice": "A file was put aside."}
        route.fulfill(json=body)

    def far(route: Route) -> None:
        body = route.fetch().json()
        route.fulfill(json={**body, "folders": [{**body["folders"][0], "offline": True}]})

    page.route("**/api/v1/stats", tell)
    page.route("**/api/v1/holdings", far)
    page.goto("/library")
    expect(page.locator("#index")).to_contain_text("1,024 lists, finds 98.7 % of the nearest")
    expect(page.locator("#indexnotice")).to_have_text("A file was put aside.")
    expect(page.locator("#folders")).to_contain_text("Not connected")


def test_names_are_never_markup(page: Page) -> None:
    def tell(route: Route) -> None:
        told = [{"path": "<img src=x onerror=alert(1)>", "reason": "<b>bold</b>"}]
        route.fulfill(json={**route.fetch().json(), "failures": told})

    page.route("**/api/v1/stats", tell)
    page.goto("/library")
    expect(page.locator("#unread")).to_contain_text("<img src=x onerror=alert(1)>")
    expect(page.locator("#unread img, #unread li span b")).to_have_count(0)


def test_an_empty_library_is_told_what_to_do(page: Page) -> None:
    def tell(route: Route) -> None:
        empty = {"items": 0, "by_kind": {}, "failures": []}
        route.fulfill(json={**route.fetch().json(), **empty})

    page.route("**/api/v1/stats", tell)
    page.goto("/library")
    expect(page.locator("#steps")).to_contain_text("triptych index ~/Pictures")
    expect(page.locator("#sheets")).to_be_hidden()


def test_trouble_is_said_and_asking_again_helps(browser: Browser, address: str) -> None:
    context = browser.new_context(base_url=address, locale="en")
    page = context.new_page()
    gone = {"ok": False, "error": "Busy.", "errors": ["Busy."], "status": 503}
    page.route("**/api/v1/holdings", lambda route: route.fulfill(status=503, json=gone))
    page.goto("/library")
    expect(page.get_by_role("alert")).to_have_text("Busy.")
    page.unroute("**/api/v1/holdings")
    page.get_by_role("button", name="Try again").click()
    expect(page.locator("#kinds li")).to_have_count(3)
    expect(page.get_by_role("alert")).to_have_count(0)
    context.close()


def test_it_speaks_chinese(browser: Browser, address: str) -> None:
    with watched(browser, address, locale="zh-CN", color_scheme="dark") as page:
        page.goto("/library")
        expect(page.get_by_role("heading", name="资料库", level=1)).to_be_visible()
        expect(page.locator("#kinds")).to_contain_text("图片")
        expect(page.locator(".bar").first).to_have_accessible_name(re.compile("年.*4 张图片"))
        picture_of(page, "library-dark-chinese")
        page.get_by_role("button", name="English").click()
        expect(page.get_by_role("heading", name="Library", level=1)).to_be_visible()
        expect(page.locator("#kinds")).to_contain_text("Pictures")


def test_it_fits_a_phone(browser: Browser, address: str) -> None:
    with watched(browser, address, viewport=PHONE, is_mobile=True) as page:
        told_months(page, SEVERAL_YEARS)
        page.goto("/library")
        expect(page.locator(".bar")).to_have_count(6)
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
        picture_of(page, "library-phone")
        page.goto("/")
        expect(page.get_by_role("link", name="Library")).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def test_the_library_is_brought_up_to_date(tmp_path: Path, browser: Browser) -> None:
    media = tmp_path / "media"
    media.mkdir()
    Image.new("RGB", (8, 8), "red").save(media / "red.png")
    with serving_media(tmp_path) as address, watched(browser, address) as page:
        page.goto("/library")
        expect(page.locator("#kinds li")).to_have_text([re.compile("1Pictures")])
        Image.new("RGB", (8, 8), "blue").save(media / "blue.png")
        page.get_by_role("button", name="Bring up to date").click()
        expect(page.locator("#updating")).to_contain_text("1 file new or changed, 0 gone")
        expect(page.locator("#kinds li")).to_have_text([re.compile("2Pictures")])
        picture_of(page, "library-updated")


def test_a_run_is_seen_by_whoever_comes_and_can_be_stopped(page: Page) -> None:
    run = {"job": 7, "state": "running", "steps": 40, "done": 12, "notes": ["Listening to a.mp3"]}
    page.route("**/api/v1/jobs", lambda route: route.fulfill(json={"jobs": [run]}))
    # It goes on until it is stopped: EventSource asks again after every answer.
    ended = {**run, "state": "stopped", "added": 3, "reused": 0, "removed": 0}
    asked: list[str] = []

    def tell(route: Route) -> None:
        body = f"retry: 50\ndata: {json.dumps(ended if asked else run)}\n\n"
        route.fulfill(body=body, content_type="text/event-stream")

    def stop(route: Route) -> None:
        asked.append(route.request.method)
        route.fulfill(json=run)

    page.route("**/api/v1/jobs/7/events", tell)
    page.route("**/api/v1/jobs/7/stop", stop)
    page.goto("/library")
    expect(page.locator("#updating")).to_contain_text("12 of 40 files")
    expect(page.locator("#updating")).to_contain_text("Listening to a.mp3")
    page.get_by_role("button", name="Stop").click()
    expect(page.locator("#updating")).to_contain_text("Stopped. 3 files")
    assert asked == ["POST"]


def test_what_keeps_a_run_from_beginning_is_said(browser: Browser, address: str) -> None:
    page = browser.new_page(base_url=address, locale="en")  # its console names the refusal
    said = {"ok": False, "error": "Run 3 is not over.", "errors": ["Run 3 is not over."]}

    def refuse(route: Route) -> None:
        if route.request.method == "POST":
            route.fulfill(status=409, json=said)
        else:
            route.fulfill(json={"jobs": []})

    page.route("**/api/v1/jobs", refuse)
    page.goto("/library")
    page.get_by_role("button", name="Bring up to date").click()
    expect(page.get_by_role("alert")).to_have_text("Run 3 is not over.")
    page.close()
