"""Signing in with a browser, in either language."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from retrieval.library import Library
from tests.webui.browser import PHONE, picture_of, serving
from tests.webui.conftest import app_of

TOKEN = "a secret of many letters"
LOOKS = {
    "english": (
        {"locale": "en"},
        "The token this server was started with",
        "That is not",
        "Sign in",
    ),
    "chinese": (
        {"locale": "zh-CN", "viewport": PHONE, "color_scheme": "dark"},
        *("启动服务器时设置的令牌", "令牌不正确", "登录"),
    ),
}


@pytest.fixture(scope="module")
def guarded(library: Library) -> Iterator[str]:
    with serving(app_of(library, token=TOKEN)) as address:
        yield address


@pytest.mark.parametrize("look", LOOKS)
def test_the_token_opens_the_page(browser: Browser, guarded: str, look: str) -> None:
    options, asked, refused, button = LOOKS[look]
    page = browser.new_context(base_url=guarded, **options).new_page()
    page.goto("/library")
    expect(page.get_by_label(asked)).to_be_focused()
    page.keyboard.type("something else")
    page.get_by_role("button", name=button).click()
    expect(page.get_by_role("alert")).to_contain_text(refused)
    picture_of(page, f"sign-in-{look}")
    page.get_by_label(asked).fill(TOKEN)
    page.keyboard.press("Enter")
    expect(page.locator("#words")).to_be_visible()
    page.context.close()
