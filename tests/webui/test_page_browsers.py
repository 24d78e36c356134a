"""What browsers other than Chromium do, done to the page in Chromium."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.webui.browser import look_for

REFUSING = """
for (const method of ["pushState", "replaceState"]) {
  const write = history[method];
  history[method] = function (...entry) {
    if (window.refusing) throw new DOMException("too often", "SecurityError");
    return write.apply(this, entry);
  };
}
"""
"""As Safari and Firefox do when addresses change too often."""


def test_a_held_arrow_key_goes_on_where_the_browser_refuses_the_address(page: Page) -> None:
    page.add_init_script(REFUSING)
    look_for(page, "red")
    page.locator(".tile .opens").first.click()
    expect(page.locator("#position")).to_have_text("1 / 8")
    address = page.url
    page.evaluate("refusing = true")
    for place in (2, 3):
        page.keyboard.press("ArrowRight")
        expect(page.locator("#position")).to_have_text(f"{place} / 8")
    assert page.url == address
    page.evaluate("refusing = false")
    third = page.locator(".tile").nth(2).get_attribute("data-item")
    expect(page).to_have_url(re.compile(rf"item={third}$"))


def test_a_search_that_the_browser_refuses_to_enter_is_entered_later(page: Page) -> None:
    page.add_init_script(REFUSING)
    look_for(page, "red")
    page.evaluate("refusing = true")
    page.locator("#words").fill("blue")
    page.keyboard.press("Enter")
    expect(page.locator("#words")).to_have_js_property("defaultValue", "blue")
    page.evaluate("dispatchEvent(new Event('pagehide'))")  # the place is kept, in a new entry
    page.evaluate("refusing = false")
    expect(page).to_have_url(re.compile(r"q=blue"))
    page.go_back()
    expect(page).to_have_url(re.compile(r"q=red"))
    expect(page.locator("#words")).to_have_value("red")


def test_a_key_that_ends_a_composition_leaves_a_caption_open(page: Page) -> None:
    look_for(page, "red")
    page.locator(".tile .opens").first.click()
    page.get_by_role("button", name="Add a caption").click()
    field = page.locator("#facts textarea")
    field.fill("红")
    escape = {"key": "Escape", "bubbles": True, "cancelable": True}
    field.dispatch_event("keydown", {**escape, "keyCode": 229})  # Safari's number for such keys
    expect(field).to_have_value("红")
    field.dispatch_event("keydown", escape)
    expect(field).to_be_hidden()


def test_a_key_that_ends_a_composition_leaves_the_filters_open(page: Page) -> None:
    look_for(page, "red")
    page.locator("#filters > summary").click()
    field = page.get_by_label("Folder")
    escape = {"key": "Escape", "bubbles": True, "cancelable": True}
    field.dispatch_event("keydown", {**escape, "isComposing": True})
    expect(field).to_be_visible()
    field.dispatch_event("keydown", escape)
    expect(field).to_be_hidden()


def test_the_words_of_a_card_open_it(page: Page) -> None:
    look_for(page, "red kind:text")
    page.locator(".tile .snippet").first.click(force=True)
    expect(page.locator("#detail")).to_be_visible()
