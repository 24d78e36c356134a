"""Sizes and lengths, as the page's filters read them."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.webui.browser import watched

READ = """async (texts) => {
    const { bytes, seconds } = await import("/static/measures.js");
    return texts.map(([text, kind]) => (kind === "bytes" ? bytes : seconds).read(text));
}"""
SHOWN = """async (sizes) => {
    const { bytes } = await import("/static/measures.js");
    return sizes.map(bytes.write);
}"""
THERE_AND_BACK = """async (sizes) => {
    const { bytes } = await import("/static/measures.js");
    return sizes.map((size) => bytes.read(bytes.write(size)));
}"""
WRITTEN = {
    ("2 MB", "bytes"): 2_000_000,
    ("500k", "bytes"): 500_000,
    ("1.5 GB", "bytes"): 1_500_000_000,
    ("1 KiB", "bytes"): 1024,
    ("1,200 kB", "bytes"): 1_200_000,
    ("12 bytes", "bytes"): 12,
    ("12 字节", "bytes"): 12,
    ("３ＭＢ", "bytes"): 3_000_000,
    ("2", "bytes"): None,
    ("-2 MB", "bytes"): None,
    ("MB", "bytes"): None,
    ("90", "seconds"): 90,
    ("90 s", "seconds"): 90,
    ("1:30", "seconds"): 90,
    ("1：30", "seconds"): 90,
    ("1:00:05", "seconds"): 3605,
    ("1 h 30 min", "seconds"): 5400,
    ("2.5 minutes", "seconds"): 150,
    ("1小时5分钟", "seconds"): 3900,
    ("under a minute", "seconds"): None,
    ("1:3", "seconds"): None,
    ("5 x", "seconds"): None,
}


def test_measures_are_read(page: Page) -> None:
    page.goto("/")
    expect(page.locator("#welcome")).to_be_visible()
    read = page.evaluate(READ, [list(text) for text in WRITTEN])
    assert dict(zip(WRITTEN, read, strict=True)) == WRITTEN


@pytest.mark.parametrize("locale", ["en", "zh-CN"])
def test_sizes_are_read_as_they_are_written(browser: Browser, address: str, locale: str) -> None:
    with watched(browser, address, locale=locale) as page:
        page.goto("/")
        expect(page.locator("#welcome")).to_be_visible()
        sizes = [1, 803, 2_000, 1_500_000, 20_000_000_000]
        assert page.evaluate(THERE_AND_BACK, sizes) == sizes
        [few] = page.evaluate(SHOWN, [803])
        assert few == {"en": "803 bytes", "zh-CN": "803字节"}[locale]
