"""The box of the page speaks the search language, and tells how."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

import webui
from retrieval.search.language import as_it_stands, read_line
from tests.webui.browser import PHONE, look_for, picture_of, watched

WORDS = "async (name) => Object.keys((await import(`/static/${name}`)).default)"
"""Asks a file of words for their names."""


def test_each_word_is_in_both_languages_and_used(page: Page) -> None:
    page.goto("/")
    english, chinese = (page.evaluate(WORDS, name) for name in ("words-en.js", "words-zh.js"))
    assert sorted(english) == sorted(chinese)
    folder = Path(webui.__file__).parent
    files = [*folder.glob("static/**/*.js"), *folder.glob("templates/*.html")]
    read = "".join(file.read_text("utf-8") for file in files if file.stem[:6] != "words-")
    assert [word for word in english if f'"{word}"' not in read] == []


def test_operators_work_in_the_box_and_leave_the_address_readable(page: Page) -> None:
    look_for(page, "red kind:image in:trip")
    expect(page.locator(".tile")).to_have_count(2)
    expect(page.locator(".tile.picture")).to_have_count(2)
    expect(page).to_have_url(re.compile(r"\?q=red\+kind%3Aimage\+in%3Atrip$"))


def test_only_what_is_looked_for_is_marked(page: Page) -> None:
    look_for(page, "red -oak kind:text before:2999 road")
    marks = page.locator(".tile.text mark")
    expect(marks.first).to_be_visible()
    said = {mark.lower() for mark in marks.all_text_contents()}
    assert said <= {"red", "road"}


def test_help_opens_by_key_and_button_and_closes_by_escape(page: Page) -> None:
    page.goto("/")
    opened = page.get_by_role("dialog", name="How to search")
    page.get_by_role("button", name="How to search").first.focus()
    page.keyboard.press("Enter")
    expect(opened).to_be_visible()
    expect(opened).to_contain_text("kind:image")
    picture_of(page, "help")
    page.keyboard.press("Escape")
    expect(opened).to_be_hidden()
    page.keyboard.press("?")
    expect(opened).to_be_visible()
    opened.get_by_role("button", name="Close").click()
    expect(opened).to_be_hidden()
    page.locator("#words").press_sequentially("red?")
    expect(opened).to_be_hidden()


def test_help_fits_a_phone_in_either_language(browser: Browser, address: str) -> None:
    for locale in ("en", "zh-CN"):
        with watched(browser, address, viewport=PHONE, locale=locale) as page:
            page.goto("/")
            page.locator("#ask").click()
            expect(page.locator("#help")).to_be_visible()
            size = "[document.getElementById('help').scrollWidth, innerWidth]"
            inner, outer = page.evaluate(size)
            assert inner <= outer
            picture_of(page, f"help-phone-{locale}")


def test_every_way_that_the_help_shows_is_read_as_it_says(browser: Browser, address: str) -> None:
    for locale in ("en", "zh-CN"):
        with watched(browser, address, locale=locale) as page:
            page.goto("/")
            page.locator("#ask").click()
            written = page.locator("#ways code").all_text_contents()
        assert len(written) > 15
        assert [line for line in written if read_line(line) == as_it_stands(line)] == written[:1]


@pytest.mark.parametrize("locale", ["en", "zh-CN"])
def test_the_head_stays_on_one_line_at_every_width(
    browser: Browser, address: str, locale: str
) -> None:
    with watched(browser, address, locale=locale) as page:
        page.goto("/?q=red")
        for width in (1400, 1200, 1000, 760, 390, 340):
            page.set_viewport_size({"width": width, "height": 700})
            heads = page.locator(".language, .place").all()
            lines = {head.evaluate("it => it.scrollHeight <= it.clientHeight") for head in heads}
            assert lines == {True}, width
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), width
        expect(page.locator(".tile").first).to_be_visible()


def test_the_server_speaks_the_language_that_was_chosen(browser: Browser, address: str) -> None:
    with watched(browser, address, locale="en") as page:
        page.goto("/library")
        reason = page.locator("#unread li", has_text="broken.jpg").locator("span")
        expect(reason).to_contain_text("cannot be decoded (Truncated File Read)")
        page.locator("#language").click()
        expect(reason).to_contain_text("无法解码（文件不完整）")
        page.reload()
        expect(reason).to_contain_text("无法解码（文件不完整）")
        picture_of(page, "library-switched")
        page.locator("#language").click()
        expect(reason).to_contain_text("cannot be decoded (Truncated File Read)")


def test_a_refusal_is_read_in_chinese(browser: Browser, address: str) -> None:
    page = browser.new_page(base_url=address, locale="zh-CN")  # its console names the refusal
    page.goto("/?q=red&after=soon")
    expect(page.get_by_role("alert").first).to_contain_text("日期请写成 2024-05-31")
    page.close()
