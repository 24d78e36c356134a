"""Paging through a ranking that changes from one page to the next."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from retrieval.request_values import MOST_HITS

READ = """async (times) => {
    const { Query } = await import("/static/query.js");
    const { Ranking } = await import("/static/ranking.js");
    const ranking = new Ranking(Object.assign(new Query(), { text: "red" }));
    const pages = [];
    while (ranking.more && pages.length < times)
        pages.push((await ranking.next(pages.length ? 0 : 1000)).hits.map((hit) => hit.item));
    return pages;
}"""
"""Reads so many pages: the first as large as can be, the others as small."""


def fulfill(route: Route, ranking: list[int]) -> None:
    """Answer with the stretch of a ranking that is asked for, if the server would."""
    body = route.request.post_data_json
    if not 0 < body["k"] <= MOST_HITS:
        return route.fulfill(status=400, json={"ok": False, "errors": ["k: too much."]})
    stretch = ranking[body["offset"] : body["offset"] + body["k"]]
    hits: list[dict[str, Any]] = [{"item": item, "alike": []} for item in stretch]
    return route.fulfill(json={"ok": True, "total": len(ranking), "hits": hits})


@pytest.mark.parametrize(
    ("at", "asks"),
    [pytest.param(0, 15, id="best of all"), pytest.param(None, 3, id="worst of all")],
)
def test_a_library_that_grows_at_every_look_is_read_on(
    page: Page, at: int | None, asks: int
) -> None:
    ranking = list(range(1, 3001))
    asked: list[Route] = []

    def answer(route: Route) -> None:
        asked.append(route)
        ranking.insert(len(ranking) if at is None else at, len(ranking) + 1)
        fulfill(route, ranking)

    page.route("**/api/v1/search", answer)
    page.goto("/")
    expect(page.locator("#welcome")).to_be_visible()
    pages = page.evaluate(READ, 3)
    assert len(asked) <= asks
    assert [len(new) > 0 for new in pages] == [True, True, True]
    given = [item for new in pages for item in new]
    assert len(given) == len(set(given))


def test_what_goes_while_one_reads_takes_none_of_the_rest_along(page: Page) -> None:
    ranking = list(range(1, 1301))
    left = ranking[10:]

    def answer(route: Route) -> None:
        fulfill(route, ranking)
        ranking[:] = left

    page.route("**/api/v1/search", answer)
    page.goto("/")
    expect(page.locator("#welcome")).to_be_visible()
    given = [item for new in page.evaluate(READ, 20) for item in new]
    assert set(left) <= set(given)
    assert len(given) == len(set(given))
