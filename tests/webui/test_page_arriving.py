"""The first page of a library that is empty, and while it is being filled."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, Route, expect

from indexer.run import index
from retrieval.library import Library
from tests.fakes import FakeEncoder, FakeTranscriber
from tests.webui.browser import PHONE, picture_of, serving, watched
from tests.webui.conftest import app_of

LOOK = 2000
"""Milliseconds between two looks of the page."""


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[tuple[Library, str]]:
    with (
        Library.open(tmp_path / "library", FakeEncoder(), FakeTranscriber()) as library,
        serving(app_of(library)) as address,
    ):
        yield library, address


@pytest.fixture
def media(tmp_path: Path) -> Path:
    folder = tmp_path / "media"
    folder.mkdir()
    return folder


def bring(library: Library, media: Path, *names: str) -> None:
    """Do what a run of another process does."""
    for name in names:
        Image.new("RGB", (90, 60), name).save(media / f"{name}.png")
    index(library, [media])


def test_a_run_elsewhere_is_seen_by_what_it_adds(
    browser: Browser, empty: tuple[Library, str], media: Path
) -> None:
    library, address = empty
    with watched(browser, address) as page:
        page.clock.install()
        with page.expect_response("**/api/v1/search?*"):  # the first look
            page.goto("/")
        expect(page.locator("#welcome")).to_contain_text("Nothing is indexed yet")
        expect(page.locator("#welcome")).to_contain_text("triptych index")
        expect(page.locator("#arriving")).to_be_hidden()
        bring(library, media, "red")
        look_until(page, "1 item so far")
        expect(page.locator("#welcome")).to_contain_text("1 picture")
        expect(page.locator(".tile")).to_have_count(1)
        bring(library, media, "blue", "green")
        look_until(page, "3 items so far")
        expect(page.locator(".tile")).to_have_count(3)
        picture_of(page, "arriving")
        page.get_by_label("red.png, Picture").click()
        expect(page.locator("#detailname")).to_have_text("red.png")
        page.keyboard.press("Escape")
        page.locator("#words").focus()
        look_until(page, "")
        expect(page.locator("#arriving")).to_be_hidden()
        expect(page.locator(".tile")).to_have_count(0)
        expect(page.locator("#welcome")).to_contain_text("3 pictures")


def look_until(page: Page, told: str) -> None:
    """Let looks pass until the page tells something of the run; nothing once it is over."""
    arriving = page.locator("#arriving")
    for _ in range(200):
        page.clock.run_for(LOOK)
        page.wait_for_timeout(50)
        if told in arriving.inner_text() and arriving.is_visible() == bool(told):
            return
    raise AssertionError(f"{arriving.inner_text()!r}, not {told!r}")


def test_a_run_from_here_says_how_far_it_is_in_chinese_too(
    browser: Browser, empty: tuple[Library, str], media: Path
) -> None:
    library, address = empty
    bring(library, media, "red")
    running: dict[str, Any] = {"job": 1, "state": "running", "steps": 9, "done": 4}
    options: dict[str, Any] = {"locale": "zh-CN", "color_scheme": "dark", "viewport": PHONE}
    with watched(browser, address, **options) as page:

        def tell(route: Route) -> None:
            route.fulfill(json={"ok": True, "jobs": [running]})

        page.route("**/api/v1/jobs", tell)
        page.goto("/")
        expect(page.locator("#arriving h2")).to_have_text("正在收录内容")
        expect(page.locator("#arriving")).to_contain_text("已处理 4 / 9 个文件")
        expect(page.locator("#arriving progress")).to_have_js_property("value", 4)
        expect(page.locator(".tile")).to_have_count(1)
        page.locator("#words").fill("red")
        page.keyboard.press("Enter")
        expect(page.locator("#arriving")).to_be_hidden()
        expect(page.locator("#status")).to_contain_text("1 / 1")
