from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path

from playwright.sync_api import Browser, Page, Route, expect

from tests.webui.browser import look_for, picture_of, watched


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


def test_also_like_this_joins_the_query(page: Page, ids: dict[str, int]) -> None:
    page.goto(f"/?q=blue&item={ids['red.png']}")
    page.get_by_role("button", name="Also like this").click()
    expect(page.locator("#detail")).to_be_hidden()
    expect(page.locator(".chip")).to_contain_text("red.png")
    expect(page).to_have_url(re.compile(rf"\?q=blue&like={ids['red.png']}$"))
    names = page.locator(".tile.picture .opens")
    expect(names.first).to_have_accessible_name(re.compile("red.png|blue.png"))


def test_less_like_this_joins_the_query(page: Page, ids: dict[str, int]) -> None:
    page.goto(f"/?q=blue&item={ids['red.png']}")
    page.get_by_role("button", name="Less like this").click()
    expect(page.locator("#detail")).to_be_hidden()
    expect(page.locator(".chip.minus")).to_contain_text("red.png")
    expect(page.locator(".chip .flip")).to_be_focused()
    expect(page).to_have_url(re.compile(rf"\?q=blue&like=-{ids['red.png']}(:|%3A)0\.5$"))
    expect(page.locator(".tile")).to_have_count(7)
    page.go_back()
    expect(page.locator("#detailname")).to_have_text("red.png")
    expect(page.locator(".chip")).to_have_count(0)


def test_an_address_can_be_shared(page: Page, ids: dict[str, int]) -> None:
    page.goto(f"/?q=red&kind=image&item={ids['green.jpg']}")
    expect(page.locator("#detailname")).to_have_text("green.jpg")
    page.get_by_role("button", name="Close").click()
    expect(page).to_have_url(re.compile(r"\?q=red&kind=image$"))
    expect(page.locator(".tile")).to_have_count(4)


def test_from_an_item_that_is_not_among_the_results_no_arrow_leads_on(
    page: Page, ids: dict[str, int]
) -> None:
    page.goto(f"/?q=red&in=trip&item={ids['red.png']}")
    expect(page.locator("#detailname")).to_have_text("red.png")
    expect(page.locator("#next")).to_be_disabled()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowLeft")
    expect(page).to_have_url(re.compile(f"item={ids['red.png']}$"))
    expect(page.locator("#detailname")).to_have_text("red.png")


PLAYING = "player => !player.paused"


def until(page: Page, player: str, holds: str) -> None:
    """Wait until something holds of a player; the page's policy forbids Playwright's polling."""
    page.locator(player).evaluate(
        f"""player => new Promise((done) => {{
            const look = () => ({holds})(player) ? done() : setTimeout(look, 20);
            look();
        }})"""
    )


def opened(page: Page, words: str, name: str) -> None:
    look_for(page, words)
    page.get_by_role("link", name=name).first.click()
    expect(page.locator("#facts dl")).to_be_visible()


def test_the_space_bar_plays_and_pauses_and_the_words_follow(page: Page) -> None:
    opened(page, "red boat", "talk.wav")
    expect(page.locator("#stage")).to_be_focused()
    until(page, "#stage audio", "player => player.readyState > 2")
    page.keyboard.press("Space")
    until(page, "#stage audio", PLAYING)
    expect(page.locator(".spoken.now")).to_contain_text("the red boat came home")
    expect(page.locator('.spoken[aria-current="true"]')).to_have_count(1)
    page.keyboard.press("Space")
    until(page, "#stage audio", "player => player.paused")
    line = page.locator(".spoken").last
    line.click()
    expect(line).to_have_class(re.compile("now"))
    until(page, "#stage audio", "player => player.currentTime >= 0.9")
    expect(page.locator("#stage")).to_be_focused()
    line.focus()
    page.keyboard.press("Enter")
    expect(line).to_be_focused()


def test_a_line_that_is_heard_is_kept_in_sight_unless_one_reads_elsewhere(page: Page) -> None:
    def tell(route: Route) -> None:
        body = route.fetch().json()
        [first, *_] = body["passages"]
        ends = [n / 40 for n in range(41)]
        lines = [
            {**first, "passage": 1000 + n, "text": f"Line {n}", "start": start, "end": end}
            for n, (start, end) in enumerate(pairwise(ends))
        ]
        lines[-1]["end"] = None
        route.fulfill(json={**body, "passages": lines, "passages_total": 40})

    page.route(re.compile(r"/items/\d+\?"), tell)
    opened(page, "red boat", "talk.wav")
    last = page.get_by_text("Line 39")
    until(page, "#stage audio", "player => player.readyState > 2")
    page.keyboard.press("Space")
    until(page, "#stage audio", PLAYING)
    page.locator("#stage .column").hover()
    page.mouse.wheel(0, -50)
    until(page, "#stage audio", "player => player.ended")
    expect(last).not_to_be_in_viewport()
    page.keyboard.press("Space")
    expect(last).to_be_in_viewport()


def test_similar_items_are_opened_from_the_one_that_is_looked_at(page: Page) -> None:
    opened(page, "red", "red.png")
    row = page.get_by_role("region", name="Similar")
    expect(row.get_by_role("link")).to_have_count(7)
    row.get_by_role("link", name="green.jpg, Picture").click()
    expect(page.locator("#detailname")).to_have_text("green.jpg")
    expect(page).to_have_url(re.compile(r"\?q=red&item=\d+$"))
    expect(row.get_by_role("link", name="red.png, Picture")).to_be_visible()
    assert page.evaluate("document.getElementById('detail').contains(document.activeElement)")
    page.keyboard.press("Escape")
    expect(page.locator("#detail")).to_be_hidden()
    expect(page).to_have_url(re.compile(r"\?q=red$"))


def test_tab_stays_in_the_detail_view_and_passes_head_stage_and_side(page: Page) -> None:
    opened(page, "red boat", "talk.wav")
    expect(page.locator(".similar a").first).to_be_visible()
    inside = "document.getElementById('detail').contains(document.activeElement)"
    place = "document.activeElement.closest('header, #stage, #facts')?.id ?? ''"
    page.locator("#close").focus()
    passed = []
    for _ in range(25):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement === document.body"):
            break  # The browser's own controls follow the last.
        assert page.evaluate(inside)
        passed.append(page.evaluate(place))
    assert [here for here in dict.fromkeys(passed) if here] == ["stage", "facts"]


def test_a_slash_leads_back_to_the_search_box(page: Page) -> None:
    opened(page, "red", "red.png")
    page.keyboard.press("/")
    expect(page.locator("#detail")).to_be_hidden()
    expect(page.locator("#words")).to_be_focused()
    expect(page).to_have_url(re.compile(r"\?q=red$"))
    page.keyboard.type("blue")
    expect(page.locator("#words")).to_have_value("blue")


def test_a_path_is_copied_or_it_is_said_that_it_may_not_be(page: Page, folder: Path) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    opened(page, "red", "red.png")
    page.get_by_role("button", name="Copy path").click()
    said = page.locator("#facts").get_by_role("status").filter(has_text="Copied")
    expect(said).to_be_visible()
    expect(page.get_by_role("button", name="Copy path")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == str(folder / "red.png")
    page.evaluate("() => { navigator.clipboard.writeText = () => Promise.reject(); }")
    expect(said).to_have_count(0)
    page.get_by_role("button", name="Copy path").click()
    expect(page.locator(".copied")).to_have_text("Not allowed here")
    file = page.get_by_role("link", name="Open file")
    assert (
        page.request.get(file.get_attribute("href") or "").body()
        == (folder / "red.png").read_bytes()
    )


def test_the_detail_view_speaks_chinese(browser: Browser, address: str) -> None:
    with watched(browser, address, locale="zh-CN", color_scheme="dark") as page:
        opened(page, "red", "red.png")
        expect(page.get_by_role("region", name="相似内容").get_by_role("link")).to_have_count(7)
        for name in ("复制路径", "也要类似内容", "减少类似内容"):
            expect(page.get_by_role("button", name=name)).to_be_visible()
        page.wait_for_load_state("networkidle")
        picture_of(page, "detail-dark-chinese")
