"""The fields of the filter panel: sizes, lengths and folders, and what makes no sense in them."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.webui.browser import picture_of, watched
from tests.webui.shelf import opened, serving_shelf


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with serving_shelf(tmp_path_factory.mktemp("shelf")) as address:
        yield address


@pytest.fixture
def page(window: Page) -> Page:
    """Open the filters over a search that ranks everything."""
    return opened(window, "/?q=red")


def test_sizes_are_written_with_units_and_kept_in_the_address(page: Page) -> None:
    page.get_by_label("File size from").fill("1 mb")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"&min_size=1000000$"))
    expect(page.locator(".tile")).to_have_count(1)
    page.get_by_label("File size up to").fill("2,5MB")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"&min_size=1000000&max_size=2500000$"))
    expect(page.locator("#filtercount")).to_have_text("2")
    page.reload()
    expect(page.locator("#most")).to_have_value("2.5 MB")
    expect(page.locator(".tile")).to_have_count(1)
    page.go_back()
    expect(page.locator("#most")).to_have_value("")


def test_lengths_are_written_as_people_do(page: Page) -> None:
    page.get_by_label("Length from").fill("2 s")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"&min_duration=2$"))
    expect(page.locator(".tile")).to_have_count(1)
    expect(page.locator("#shortest")).to_have_value("0:02")
    page.get_by_label("Length up to").fill("1:30")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"&min_duration=2&max_duration=90$"))
    expect(page.locator(".tile")).to_have_count(1)


def test_nonsense_is_told_where_it_stands(page: Page) -> None:
    least = page.get_by_label("File size from")
    least.fill("lots")
    page.keyboard.press("Tab")
    told = "Write a size with its unit, such as 500 KB or 2 MB."
    expect(page.get_by_role("alert")).to_have_text(told)
    expect(least).to_have_attribute("aria-invalid", "true")
    expect(least).to_have_accessible_description(told)
    expect(page).to_have_url(re.compile(r"\?q=red$"))
    least.fill("2 MB")
    page.keyboard.press("Tab")
    expect(page.get_by_role("alert")).to_be_hidden()
    page.get_by_label("File size up to").fill("1 MB")
    page.keyboard.press("Tab")
    expect(page.get_by_role("alert")).to_have_text(re.compile("first is beyond the second"))
    page.locator("#before").fill("2020-01-01")
    page.locator("#after").fill("2021-01-01")
    expect(page.get_by_role("alert")).to_have_text(re.compile("first is beyond the second"))


def test_nonsense_is_told_in_chinese(browser: Browser, address: str) -> None:
    with watched(browser, address, locale="zh-CN", color_scheme="dark") as page:
        opened(page, "/?q=red")
        page.get_by_label("时长不短于").fill("很久")
        page.keyboard.press("Tab")
        expect(page.get_by_role("alert")).to_contain_text("90 秒")
        picture_of(page, "filters-dark-chinese")
        page.get_by_label("时长不短于").fill("2秒")
        page.keyboard.press("Tab")
        expect(page.locator(".tile")).to_have_count(1)


def test_nonsense_in_an_address_is_named_by_the_server(browser: Browser, address: str) -> None:
    page = browser.new_page(base_url=address, locale="en")  # its console names the refusal
    page.goto("/?q=red&min_size=lots")
    expect(page.get_by_role("alert").first).to_contain_text("filters.min_size")
    page.close()


def test_folders_of_the_library_are_suggested(page: Page) -> None:
    options = page.locator("#folders option")
    expect(options).to_have_count(2)
    values = [option.get_attribute("value") for option in options.all()]
    assert values == ["media", "media/coast"]
    assert options.last.get_attribute("label") == "3 items"
    page.get_by_label("Folder").fill(values[1] or "")
    page.keyboard.press("Enter")
    expect(page.locator(".tile")).to_have_count(3)
