from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.webui.browser import look_for, picture_of


def test_the_keyboard_opens_steps_and_closes_the_detail_view(page: Page) -> None:
    look_for(page, "red")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    expect(page.locator("#detail")).to_be_visible()
    expect(page.locator("#position")).to_have_text("2 / 8")
    expect(page).to_have_url(re.compile("item="))
    page.keyboard.press("ArrowLeft")
    expect(page.locator("#position")).to_have_text("1 / 8")
    page.keyboard.press("Escape")
    expect(page.locator("#detail")).to_be_hidden()
    expect(page).to_have_url(re.compile(r"\?q=red$"))
    expect(page.locator(".tile .opens").first).to_be_focused()


def test_a_document_shows_the_passage_that_was_found(page: Page) -> None:
    look_for(page, "red barn")
    page.get_by_role("link", name="barn.txt").click()
    expect(page.locator("#stage .found mark").first).to_have_text("red")
    expect(page.locator("#stage .found")).to_be_in_viewport()
    text = page.locator("#stage .column").inner_text()
    assert text.count("A red barn stood") == 1
    picture_of(page, "detail-document")


def test_a_recording_is_read_along_and_played(page: Page) -> None:
    look_for(page, "red boat")
    page.get_by_role("button", name="Play from 0:00").click()
    expect(page.get_by_role("button", name="Pause")).to_be_visible()
    page.get_by_role("link", name="talk.wav").click()
    lines = page.locator(".spoken")
    expect(lines.first).to_contain_text("the red boat came home")
    lines.last.click()
    expect(page.locator("#stage audio")).not_to_have_js_property("currentTime", 0)
    picture_of(page, "detail-recording")


def test_more_like_this_becomes_the_query(page: Page) -> None:
    look_for(page, "red")
    page.get_by_label("red.png, Picture").click()
    page.get_by_role("button", name="More like this").click()
    expect(page.locator("#detail")).to_be_hidden()
    expect(page.locator(".chip")).to_contain_text("red.png")
    expect(page.locator(".tile")).to_have_count(7)
    expect(page).to_have_url(re.compile(r"\?like=\d+$"))
    page.reload()
    expect(page.locator(".chip")).to_contain_text("red.png")


def test_an_address_can_be_shared(page: Page, ids: dict[str, int]) -> None:
    page.goto(f"/?q=red&kind=image&item={ids['green.jpg']}")
    expect(page.locator("#detailname")).to_have_text("green.jpg")
    page.get_by_role("button", name="Close").click()
    expect(page).to_have_url(re.compile(r"\?q=red&kind=image$"))
    expect(page.locator(".tile")).to_have_count(4)
