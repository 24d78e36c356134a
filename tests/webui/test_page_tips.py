"""Tabs say how many there are; where nothing good is found, buttons do what may help."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

import webui
from tests.webui.browser import look_for, picture_of, watched

STATIC = Path(webui.__file__).parent / "static"


def counts(page: Page) -> list[str]:
    expect(page.locator("#tabs small")).to_have_count(4)
    return page.locator("#tabs small").all_inner_texts()


def test_tabs_count_what_passes_the_other_filters(page: Page) -> None:
    look_for(page, "red")
    assert counts(page) == ["8", "4", "3", "1"]
    documents = page.get_by_role("button", name="Documents", exact=True)
    expect(documents).to_have_attribute("aria-description", "3 items")
    documents.click()
    expect(page.locator(".tile")).to_have_count(3)
    assert counts(page) == ["8", "4", "3", "1"]
    page.goto("/?q=red&in=trip")
    assert counts(page) == ["2", "2", "0", "0"]
    expect(page.get_by_role("button", name="Sound", exact=True)).to_have_class(re.compile("none"))


def test_tabs_do_not_count_what_the_line_says_of_kinds(page: Page) -> None:
    page.goto("/?q=red+kind:image")
    expect(page.locator(".tile")).to_have_count(4)
    expect(page.locator("#tabs small")).to_have_count(0)


@pytest.mark.parametrize(
    ("asked", "tip", "leads"),
    [
        ("/?q=red&kind=audio&in=trip", "All kinds: 2 items more", r"\?q=red&in=trip$"),
        ("/?q=red&kind=audio&in=trip", "Outside “trip” too", r"\?q=red&kind=audio$"),
        ("/?q=red&after=2090-01-01", "Without the filter", r"\?q=red$"),
        ("/?q=red+in:nowhere", "Without in:nowhere", r"\?q=red$"),
        ("/?q=red+is:favourite+in:trip", "Without is:favourite", r"\?q=red\+in%3Atrip$"),
        ("/?q=%22no+such+words%22", "By meaning, not the exact words", r"\?q=no\+such\+words$"),
        ("/?q=-%22the%22+%22no+such%22", 'Without -"the"', r"\?q=%22no\+such%22$"),
    ],
)
def test_where_there_is_nothing_a_button_does_what_may_help(
    page: Page, asked: str, tip: str, leads: str
) -> None:
    page.goto(asked)
    expect(page.locator("#notice")).to_contain_text("Nothing to show")
    page.locator("#notice").get_by_role("button", name=tip, exact=True).click()
    expect(page).to_have_url(re.compile(leads))
    expect(page.locator("body.busy")).to_have_count(0)


def test_the_last_tip_leads_to_the_words(page: Page) -> None:
    page.goto("/?q=one+two+three+four+five+in:nowhere")
    page.get_by_role("button", name="Say it in fewer words").click()
    expect(page.locator("#words")).to_be_focused()
    assert page.evaluate("getSelection().toString()") == "one two three four five in:nowhere"


def test_the_tips_are_in_chinese_too(browser: Browser, address: str) -> None:
    with watched(browser, address, locale="zh-CN", color_scheme="dark") as page:
        page.goto("/?q=red&kind=audio&in=trip")
        expect(page.locator(".tips button")).to_have_text(
            ["所有类型：还有 2 项", "也在“trip”之外查找", "换个说法，或检查拼写"]
        )
        picture_of(page, "tips-dark")
