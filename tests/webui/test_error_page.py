"""The page of an error: what its status means, in either language, and what is known beyond."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Browser, Page, expect
from werkzeug.exceptions import NotFound

from retrieval.errors import LibraryError
from retrieval.library import Library
from tests.webui.browser import PHONE, picture_of
from tests.webui.conftest import app_of
from webui import pages
from webui.error_page import MEANINGS, error_page

CHINESE = {"viewport": PHONE, "locale": "zh-CN", "color_scheme": "dark"}


@pytest.mark.parametrize(
    ("method", "path", "status"), [("get", "/nothing", 404), ("delete", "/", 405)]
)
def test_a_status_is_told_in_both_languages(
    client: FlaskClient, method: str, path: str, status: int
) -> None:
    reply = getattr(client, method)(path)
    assert reply.status_code == status
    for text in (MEANINGS[status].heading, MEANINGS[status].sentence):
        for language, words in text.items():
            assert f'lang="{language}">{words}<' in reply.text
    assert str(NotFound.description)[:20] not in reply.text
    assert "faint" not in reply.text


def test_what_is_known_beyond_the_status_follows(client: FlaskClient) -> None:
    reply = client.get("/", headers={"Host": "elsewhere.example"})
    assert reply.status_code == 403
    assert MEANINGS[403].heading["zh-Hans"] in reply.text
    assert "This server answers to localhost only" in reply.text


@pytest.mark.parametrize(
    ("error", "status", "details"),
    [(LibraryError("The disk is gone."), 503, 1), (ZeroDivisionError("secret"), 500, 0)],
)
def test_a_failure_is_told_once(
    library: Library, monkeypatch: pytest.MonkeyPatch, error: Exception, status: int, details: int
) -> None:
    def fail(*_: object) -> None:
        raise error

    monkeypatch.setattr(pages, "render_template", fail)
    reply = app_of(library).test_client().get("/")
    assert reply.status_code == status
    assert reply.text.count(MEANINGS[status].sentence["en"]) == 1
    assert reply.text.count('class="faint"') == details
    assert ("The disk is gone." in reply.text) == bool(details)
    assert "secret" not in reply.text


@pytest.mark.parametrize(("status", "alike"), [(418, 400), (507, 500)])
def test_a_rare_status_is_told_as_its_like(app: Flask, status: int, alike: int) -> None:
    assert status not in MEANINGS
    with app.test_request_context("/"):
        assert MEANINGS[alike].heading["en"] in error_page(status, [], "en")


@pytest.fixture(params=[{"locale": "en"}, CHINESE], ids=["english", "chinese"])
def lost(request: pytest.FixtureRequest, browser: Browser, address: str) -> Iterator[Page]:
    context = browser.new_context(base_url=address, **request.param)
    page = context.new_page()
    page.goto("/nothing")
    yield page
    context.close()


def test_it_speaks_the_reader_s_language_and_leads_to_the_search(lost: Page) -> None:
    language = lost.evaluate("document.documentElement.lang")
    expect(lost.get_by_role("heading")).to_have_text(
        MEANINGS[404].heading[language], use_inner_text=True
    )
    assert lost.evaluate("document.documentElement.scrollWidth <= innerWidth")
    picture_of(lost, f"error-{language}")
    lost.get_by_role("link").click()
    expect(lost.locator("#words")).to_be_visible()
