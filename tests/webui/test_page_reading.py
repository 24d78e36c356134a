"""A long document in the detail view grows at either end when asked."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, Route, expect

from tests.webui.browser import intercept, look_for
from tests.webui.conftest import serving_media

PARAGRAPHS = 700
NUMBERS = """(all) => all
    .flatMap((one) => [...one.textContent.matchAll(/No\\. (\\d+)/g)])
    .map(([, number]) => Number(number))"""


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("long")
    (folder / "media").mkdir()
    words = "Of the boats that lay at the shore that morning nobody knew whose they were. "
    paragraphs = [f"No. {n}. {words * 5}" for n in range(PARAGRAPHS)]
    paragraphs[350] += "A zebra came by."
    (folder / "media/long.txt").write_text("\n\n".join(paragraphs), "utf-8")
    with serving_media(folder) as address:
        yield address


@pytest.fixture
def column(page: Page) -> Locator:
    """Open the document in its middle."""
    look_for(page, '"zebra"')
    page.locator(".opens").first.click()
    expect(page.locator("#stage mark")).to_have_text("zebra")
    return page.locator("#stage .column")


def shown(column: Locator) -> list[int]:
    """Give the numbers of the paragraphs that are there."""
    numbers: list[int] = column.locator("[data-passage]").evaluate_all(NUMBERS)
    return numbers


@pytest.mark.parametrize("name", ["Earlier", "Later"])
def test_pressing_twice_brings_a_stretch_once(column: Locator, name: str) -> None:
    button = column.get_by_role("button", name=name)
    before = len(shown(column))
    button.evaluate("(one) => { one.click(); one.click(); }")
    expect(button).not_to_have_attribute("aria-busy", "true")
    after = shown(column)
    assert len(after) > before
    assert after == list(range(after[0], after[-1] + 1)), "none is repeated or missing"
    while button.is_visible():
        there = column.locator("[data-passage]").count()
        button.click()
        expect(column.locator("[data-passage]").nth(there)).to_be_attached()
    assert (shown(column)[0] == 0) if name == "Earlier" else (shown(column)[-1] == PARAGRAPHS - 1)


def test_what_cannot_be_fetched_is_said_and_may_be_asked_again(
    browser: Browser, address: str
) -> None:
    said = {"ok": False, "error": "Busy.", "errors": ["Busy."], "status": 503}
    refused: list[Route] = []

    def refuse(route: Route) -> None:
        refused.append(route)
        route.fulfill(status=503, json=said) if len(refused) == 1 else route.abort()

    context = browser.new_context(base_url=address, locale="en")
    page = context.new_page()
    unhandled: list[str] = []
    page.on("pageerror", lambda error: unhandled.append(str(error)))
    look_for(page, '"zebra"')
    page.locator(".opens").first.click()
    later = page.get_by_role("button", name="Later")
    expect(later).to_be_visible()
    intercept(page, re.compile(r"/items/\d+\?"), refuse)
    later.click()
    expect(page.get_by_role("alert")).to_have_text("Busy.")
    later.click()
    expect(page.get_by_role("alert")).to_contain_text("The server does not answer")
    page.unroute(re.compile(r"/items/\d+\?"))
    there = page.locator("[data-passage]").count()
    later.click()
    expect(page.locator("[data-passage]").nth(there)).to_be_attached()
    expect(page.get_by_role("alert")).to_have_count(0)
    context.close()
    assert unhandled == []
