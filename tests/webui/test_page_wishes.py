"""What is found joins the query, wanted or not, and counts as much as one likes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.webui.browser import look_for

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page


def wish(page: Page, name: str) -> Locator:
    return page.get_by_role("button", name=name)


def test_a_hit_joins_the_query_as_wanted(page: Page, ids: dict[str, int]) -> None:
    look_for(page, "blue")
    page.locator(".picture", has=page.locator(f"a[href*='item={ids['red.png']}']")).hover()
    wish(page, "Also like red.png").click()
    expect(page.locator(".chip")).to_contain_text("red.png")
    expect(page).to_have_url(re.compile(rf"q=blue&like={ids['red.png']}$"))
    expect(wish(page, "Also like red.png")).to_have_count(0)  # it is not shown again
    expect(page.locator("#words")).to_have_value("blue")


def test_a_hit_joins_the_query_as_not_wanted(page: Page, ids: dict[str, int]) -> None:
    look_for(page, "blue")
    wish(page, "Not like green.jpg").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".chip.minus")).to_contain_text("green.jpg")
    expect(page.locator(".chip .much")).to_have_text("×0.5")
    expect(page).to_have_url(re.compile(rf"like=-{ids['green.jpg']}(:|%3A)0\.5$"))
    expect(page.locator(".chip .flip")).to_be_focused()


def test_a_chip_counts_as_much_as_its_slider_says_and_a_reload_keeps_it(page: Page) -> None:
    look_for(page, "blue")
    wish(page, "Also like red.png").click()
    slider = page.get_by_role("slider", name="How much red.png counts")
    expect(page.locator(".chip .much")).to_be_hidden()
    slider.focus()
    for much in ("1.25", "1.5"):
        page.keyboard.press("ArrowRight")
        expect(page.locator(".chip .much")).to_have_text(f"×{much}")
        expect(slider).to_be_focused()
    with page.expect_request("**/api/v1/search") as asked:
        page.reload()
    [term] = asked.value.post_data_json["terms"]
    assert term["weight"] == 1.5
    expect(page.locator(".chip")).to_contain_text("red.png")
    expect(page.locator(".chip .much")).to_have_text("×1.5")
    page.get_by_role("button", name="More like red.png").click()
    expect(page.locator(".chip.minus .much")).to_have_text("×1.5")
    page.go_back()
    expect(page.locator(".chip.minus")).to_have_count(0)


@pytest.mark.parametrize("like", ["0", "x", "-", "5:", "5:999", "1e3", "5:1.2345", "%00"])
def test_an_address_that_makes_no_sense_names_no_item(page: Page, like: str) -> None:
    page.goto(f"/?q=red&like={like}")
    expect(page.locator(".tile").first).to_be_visible()
    expect(page.locator(".chip")).to_have_count(0)


def test_the_same_item_is_in_the_query_once(page: Page, ids: dict[str, int]) -> None:
    page.goto(f"/?q=blue&like={ids['red.png']}")
    expect(page.locator(".chip")).to_have_count(1)
    wish(page, "Not like green.jpg").click()
    expect(page.locator(".chip")).to_have_count(2)


def test_a_document_joins_the_query_by_its_address(page: Page, ids: dict[str, int]) -> None:
    """It has no picture of its own, and none is asked for: an error would fail this test."""
    page.goto(f"/?like={ids['barn.txt']}")
    expect(page.locator(".chip")).to_contain_text("barn.txt")
    expect(page.locator(".chip .icon").first).to_be_visible()
