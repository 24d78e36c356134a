"""The page that describes the API to people."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from playwright.sync_api import Browser, Page, expect

import webui
from tests.webui.browser import PHONE, picture_of, watched
from webui.reference.chinese import CHINESE
from webui.reference.reading import read_groups, read_introduction, read_models

SCRIPT = '<script type="module" src="/static/reference.js">'


@pytest.fixture
def written(client: FlaskClient) -> str:
    return client.get("/api/").text


def test_it_says_what_the_document_says(client: FlaskClient, written: str) -> None:
    document = client.get("/openapi.json").json
    for methods in document["paths"].values():
        for operation in methods.values():
            assert f'<article id="{operation["operationId"]}"' in written
            for parameter in operation["parameters"]:
                assert f"<code>{parameter['name']}</code>" in written
    for name in document["components"]["schemas"]:
        assert f'<article id="{name}"' in written


def test_every_link_within_it_leads_somewhere(written: str) -> None:
    places = set(re.findall(r'id="([^"]+)"', written))
    assert set(re.findall(r'href="#([^"]+)"', written)) <= places
    assert re.findall(r"<script[^>]+>", written) == [SCRIPT]


def test_all_is_said_in_both_languages(client: FlaskClient) -> None:
    document = client.get("/openapi.json").json
    said = set(read_introduction(document))
    for group in read_groups(document, ""):
        said |= {group.name, group.text}
        for operation in group.operations:
            said |= {*operation.texts, *(reply.text for reply in operation.replies)}
            said |= {field.text for field in operation.fields}
            said |= {example.text for example in operation.examples if example.text}
    for model in read_models(document):
        said |= {model.text, *(field.text for field in model.fields)}
    template = (Path(webui.__file__).parent / "templates/reference.html").read_text("utf-8")
    said |= set(re.findall(r'told\("(.+?)"\)', template))
    assert said - {""} == CHINESE.keys()
    for english, chinese in CHINESE.items():
        assert set(re.findall("`[^`]*`", english)) == set(re.findall("`[^`]*`", chinese)), english


def test_every_command_can_be_run(client: FlaskClient, written: str) -> None:
    commands = [shlex.split(unescape(c)) for c in re.findall(r"<pre[^>]*><code>(.+?)<", written)]
    assert len(commands) > 12
    for curl, address, *rest in commands:
        assert curl == "curl"
        path = address.removeprefix("http://localhost")
        match rest:
            case []:
                reply = client.get(path)
            case ["--json", sent]:
                reply = client.post(path, data=sent, content_type="application/json")
            case ["-X", "PATCH", "--json", sent]:
                reply = client.patch(path, data=sent, content_type="application/json")
            case ["-X", "POST" | "DELETE" as method]:
                reply = client.open(path, method=method)
            case ["-F", "image=@photo.jpg", "-F", "kind=image"]:
                continue
        # What they ask for is well formed; whether there is an item 12 is another matter.
        assert reply.status_code in {200, 202, 404}, reply.text


def test_the_address_without_its_slash_leads_to_it(client: FlaskClient) -> None:
    reply = client.get("/api")
    assert reply.status_code == 308
    assert reply.headers["Location"].endswith("/api/")


@pytest.fixture(params=["light", "dark"])
def page_in(request: pytest.FixtureRequest, browser: Browser, address: str) -> Iterator[Page]:
    with watched(browser, address, color_scheme=request.param) as page:
        yield page


def test_it_is_read_in_a_browser(page_in: Page) -> None:
    page_in.goto("/api/")
    page_in.get_by_role("link", name="GET /items/{item_id}", exact=True).click()
    expect(page_in.locator("#get_item")).to_be_in_viewport()
    dark = page_in.evaluate("matchMedia('(prefers-color-scheme: dark)').matches")
    picture_of(page_in, f"reference-{'dark' if dark else 'light'}")


def test_it_speaks_chinese_to_those_who_do_and_switches(browser: Browser, address: str) -> None:
    with watched(browser, address, locale="zh-CN") as page:
        page.goto("/api/")
        search = page.locator("#get_search")
        expect(search).to_contain_text("回答以地址、JSON 或表单给出的查询。", use_inner_text=True)
        expect(search).not_to_contain_text("Answer a query", use_inner_text=True)
        expect(page.get_by_role("navigation", name="接口")).to_be_visible()
        known = page.locator("#SearchBody").get_by_text("给出多少个结果。")
        expect(known).to_be_visible()
        expect(page).to_have_title("API · Triptych")
        picture_of(page, "reference-chinese")
        page.get_by_role("button", name="English").click()
        expect(search).to_contain_text("Answer a query", use_inner_text=True)
        expect(known).to_be_hidden()
        expect(page.get_by_role("heading", name="The JSON API", exact=True)).to_be_visible()
        page.reload()
        expect(page.get_by_role("navigation", name="Operations")).to_be_visible()
        assert page.evaluate("document.documentElement.lang") == "en"


def test_it_is_read_without_scripts(browser: Browser, address: str) -> None:
    with watched(browser, address, java_script_enabled=False) as page:
        page.goto("/api/")
        expect(page.locator("#get_search")).to_contain_text("Answer a query", use_inner_text=True)
        expect(page.locator("#SearchBody").get_by_text("给出多少个结果。")).to_be_hidden()


def test_the_page_s_help_leads_to_it(page: Page) -> None:
    page.goto("/")
    page.locator("#ask").click()
    page.get_by_role("link", name="API").click()
    expect(page.get_by_role("heading", name="The JSON API")).to_be_visible()


def test_it_fits_a_phone(browser: Browser, address: str) -> None:
    with watched(browser, address, viewport=PHONE) as page:
        page.goto("/api/")
        expect(page.get_by_role("heading", name="The JSON API")).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
