"""A real browser over a served application, watched for errors and for requests elsewhere."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from re import Pattern
from threading import Event, Thread

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, Route, expect, sync_playwright
from waitress import wasyncore
from waitress.server import create_server

from webui.serve import THREADS

ARTIFACTS = Path(__file__).parents[2] / "artifacts"
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
)
DESKTOP = {"width": 1280, "height": 860}
PHONE = {"width": 390, "height": 844}
PROBE = "**/static/triptych.svg?probe"
HEARD = """async () => {
  const heard = async () => (await fetch("/static/triptych.svg?probe")).status === 204;
  for (let i = 0; i < 200; i++) if (await heard()) return true;
}"""


@contextmanager
def chromium() -> Iterator[Browser]:
    """Start the system's Chromium, or skip the test where there is none and none is demanded."""
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    if found is None:
        if os.environ.get("TRIPTYCH_REQUIRE_BROWSER") == "1":
            pytest.fail("TRIPTYCH_REQUIRE_BROWSER=1, but no Chromium: apt install chromium")
        pytest.skip("no Chromium here: apt install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=FLAGS)
        yield browser
        browser.close()


@contextmanager
def serving(app: Flask) -> Iterator[str]:
    """Serve an application as users are served, on a free loopback port, and give its address."""
    connections: dict[int, object] = {}
    server = create_server(app, map=connections, host="127.0.0.1", port=0, threads=THREADS)
    ended = Event()

    def answer() -> None:
        while not ended.is_set():
            wasyncore.loop(0.05, map=connections, count=1)

    thread = Thread(target=answer, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.effective_port}"
    finally:
        ended.set()
        thread.join()
        server.task_dispatcher.shutdown()
        for channel in list(server.active_channels.values()):
            channel.handle_close()  # closes the files that were being sent
        wasyncore.close_all(connections)


class Watched:
    """A page with what it complained of and whom it asked."""

    def __init__(self, page: Page, address: str) -> None:
        self.page = page
        self.address = address
        self.complaints: list[str] = []
        self.strangers: list[str] = []
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("request", self._see)

    def _hear(self, message: object) -> None:
        if message.type in {"error", "warning"}:  # type: ignore[attr-defined]
            self.complaints.append(message.text)  # type: ignore[attr-defined]

    def _see(self, request: object) -> None:
        url = request.url  # type: ignore[attr-defined]
        if not url.startswith((self.address, f"blob:{self.address}")):
            self.strangers.append(url)


@contextmanager
def watched(browser: Browser, address: str, **options: object) -> Iterator[Page]:
    """Open a page, and fail if it logs an error or asks anyone but the server."""
    settings = {"viewport": DESKTOP, "locale": "en", "color_scheme": "light", **options}
    context = browser.new_context(base_url=address, **settings)  # type: ignore[arg-type]
    page = context.new_page()
    page.set_default_timeout(10_000)
    watch = Watched(page, address)
    yield page
    context.close()
    assert watch.complaints == [], watch.complaints
    assert watch.strangers == []


def picture_of(page: Page, name: str) -> None:
    """Keep a screenshot for a person to look at."""
    ARTIFACTS.mkdir(exist_ok=True)
    page.screenshot(path=ARTIFACTS / f"{name}.png")


def intercept(page: Page, pattern: str | Pattern[str], answer: Callable[[Route], object]) -> None:
    """Answer what an open page asks from now on.

    ``Page.route`` alone comes back before Chromium obeys it, and a request at once after it may
    reach the server.
    """
    page.route(pattern, answer)
    page.route(PROBE, lambda route: route.fulfill(status=204))
    assert page.evaluate(HEARD)
    page.unroute(PROBE)


def look_for(page: Page, words: str) -> None:
    """Search from the first page, by keyboard."""
    page.goto("/")
    page.keyboard.press("/")
    page.keyboard.type(words)
    page.keyboard.press("Enter")
    expect(page.locator(".tile").first).to_be_visible()
