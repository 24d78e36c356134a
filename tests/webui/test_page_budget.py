"""What a first answer costs a browser: how much script, and nothing fetched twice or in vain."""

from __future__ import annotations

from collections import Counter

from playwright.sync_api import Page, Response, expect

MOST_SCRIPT = 150_000
"""Bytes, as they are before compression."""
MOST_STYLE = 100_000


def test_the_first_answer_needs_little(page: Page) -> None:
    replies: list[Response] = []
    page.on("response", lambda reply: replies.append(reply))
    page.goto("/?q=red")
    expect(page.locator(".tile")).to_have_count(8)
    page.wait_for_load_state("networkidle")
    assert {reply.status for reply in replies} == {200}
    assert [url for url, times in Counter(r.url for r in replies).items() if times > 1] == []
    script = sum(len(r.body()) for r in replies if r.request.resource_type == "script")
    style = sum(len(r.body()) for r in replies if r.request.resource_type == "stylesheet")
    assert 0 < script < MOST_SCRIPT and 0 < style < MOST_STYLE
