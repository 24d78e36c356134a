"""Nobody is shut out: axe finds nothing to say of any state of any page, in any look."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.webui.browser import DESKTOP, PHONE, serving
from tests.webui.conftest import app_of

LOOKS = {
    "desktop": {"viewport": DESKTOP, "color_scheme": "light", "locale": "en"},
    "phone": {
        "viewport": PHONE,
        "is_mobile": True,
        "has_touch": True,
        "color_scheme": "dark",
        "locale": "zh-CN",
    },
}


def detail(page: Page, name: str) -> None:
    page.goto("/?q=red")
    page.locator(".opens").filter(has_text=name).first.click()
    expect(page.locator("#facts dl")).to_be_visible()
    page.wait_for_load_state("networkidle")


def filters(page: Page) -> None:
    page.goto("/?q=red&kind=image&after=2001-01-01")
    expect(page.locator(".tile").first).to_be_visible()
    page.locator("#filters > summary, [aria-controls=filters]").first.click()


def wishes(page: Page) -> None:
    page.goto("/?like=2,-4:0.5&q=blue")
    expect(page.locator("#chips > li")).to_have_count(2)
    expect(page.locator(".tile").first).to_be_visible()


def shortcuts(page: Page) -> None:
    page.goto("/")
    page.keyboard.press("?")
    expect(page.locator("#help")).to_be_visible()


def why(page: Page) -> None:
    detail(page, "barn.txt")
    page.locator("#why").click()
    page.wait_for_load_state("networkidle")


def leads_to(address: str, *shown: str) -> Callable[[Page], None]:
    def go(page: Page) -> None:
        page.goto(address)
        for place in shown:
            expect(page.locator(place).first).to_be_visible()
        page.wait_for_load_state("networkidle")

    return go


STATES: dict[str, Callable[[Page], None]] = {
    "first page": leads_to("/", "#welcome"),
    "answers": leads_to("/?q=red", ".tile"),
    "a list": leads_to("/?kind=text", ".tile"),
    "nothing found": leads_to("/?q=red&in=nowhere", "#notice"),
    "filters": filters,
    "wishes": wishes,
    "a picture": lambda page: detail(page, "red.png"),
    "a document": lambda page: detail(page, "barn.txt"),
    "a recording": lambda page: detail(page, "talk.wav"),
    "why": why,
    "help": shortcuts,
    "library": leads_to("/library", "#kinds li", "#unread"),
    "map": leads_to("/map", "canvas"),
    "reference": leads_to("/api/", "h1"),
    "no such page": leads_to("/nowhere", "h1"),
}


@pytest.fixture(scope="module", params=LOOKS)
def somebody(request: pytest.FixtureRequest, browser: Browser, address: str) -> Iterator[Page]:
    context = browser.new_context(base_url=address, **LOOKS[request.param])
    page = context.new_page()
    page.set_default_timeout(10_000)
    # What fades in is judged as it is in the end.
    page.emulate_media(reduced_motion="reduce")
    yield page
    context.close()


def judged(page: Page) -> str:
    found = Axe().run(page)
    return "\n".join(
        f"{broken['id']}: {node['html']} ({node['failureSummary']})"
        for broken in found.response["violations"]
        for node in broken["nodes"]
    )


@pytest.mark.parametrize("state", STATES)
def test_axe_finds_nothing(somebody: Page, state: str) -> None:
    STATES[state](somebody)
    assert judged(somebody) == ""


def test_axe_finds_what_is_wrong(somebody: Page) -> None:
    somebody.goto("/")
    somebody.evaluate("document.body.append(document.createElement('img'))")
    assert "image-alt" in judged(somebody)


def test_signing_in_is_open_to_all(browser: Browser, library: object) -> None:
    with serving(app_of(library, token="a secret of many letters")) as address:
        context = browser.new_context(base_url=address)
        page = context.new_page()
        page.goto("/")
        expect(page.get_by_role("textbox").or_(page.locator("input")).first).to_be_visible()
        assert judged(page) == ""
        context.close()
