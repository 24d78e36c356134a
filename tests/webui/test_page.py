from __future__ import annotations

import io
import re
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, Route, expect

from tests.webui.browser import intercept, look_for, picture_of


def test_words_find_things(page: Page) -> None:
    look_for(page, "red")
    expect(page).to_have_url(re.compile(r"\?q=red$"))
    expect(page).to_have_title("red · Triptych")
    expect(page.locator(".tile")).to_have_count(8)
    expect(page.locator("#status")).to_contain_text("8 of 8")
    expect(page.get_by_label("red.png, Picture")).to_be_visible()
    expect(page.locator(".tile.text mark").first).to_have_text(re.compile("red", re.I))
    page.wait_for_load_state("networkidle")
    picture_of(page, "desktop-light")


def test_typing_searches_without_enter(page: Page) -> None:
    page.goto("/")
    expect(page.locator("#welcome")).to_contain_text("4 pictures · 3 documents · 1 recording")
    page.locator("#words").press_sequentially("blue")
    expect(page.locator(".tile")).to_have_count(8)
    page.go_back()
    expect(page.locator("#welcome")).to_be_visible()


def test_tabs_choose_a_kind(page: Page) -> None:
    look_for(page, "red")
    for tab, css, count in (
        ("Pictures", "image", 4),
        ("Documents", "text", 3),
        ("Sound", "audio", 1),
    ):
        page.get_by_role("button", name=tab, exact=True).click()
        expect(page.locator(".tile")).to_have_count(count)
        expect(page.locator(f".tile.{css}")).to_have_count(count)
        expect(page).to_have_url(re.compile(f"kind={css}"))
    page.reload()
    expect(page.locator(".tile.audio")).to_have_count(1)
    page.go_back()
    expect(page.locator(".tile.text")).to_have_count(3)


def test_a_folder_filter_restricts(page: Page) -> None:
    look_for(page, "red")
    page.locator("#filters summary").click()
    page.get_by_label("Folder").fill("trip")
    page.keyboard.press("Enter")
    expect(page.locator(".tile")).to_have_count(2)
    expect(page).to_have_url(re.compile("in=trip"))


def test_a_picture_is_a_query(page: Page, tmp_path: Path) -> None:
    file = tmp_path / "mine.png"
    Image.new("RGB", (60, 40), "yellow").save(file)
    page.goto("/")
    page.locator("#file").set_input_files(file)
    expect(page.locator(".chip")).to_contain_text("mine.png")
    expect(page.locator(".picture .opens").first).to_have_accessible_name(re.compile("yellow.webp"))
    page.get_by_role("button", name="More like mine.png").click()
    expect(page.locator(".chip.minus")).to_be_visible()
    page.get_by_role("button", name="Remove mine.png").click()
    expect(page.locator("#welcome")).to_be_visible()


def test_going_back_leaves_and_forward_regains_a_picture(page: Page, tmp_path: Path) -> None:
    file = tmp_path / "mine.png"
    Image.new("RGB", (60, 40), "yellow").save(file)
    page.goto("/")
    page.locator("#file").set_input_files(file)
    page.locator(".picture .opens").first.click()
    expect(page.locator("#detail")).to_be_visible()
    page.go_back()
    expect(page.locator("#detail")).to_be_hidden()
    expect(page.locator(".chip")).to_be_visible()
    page.go_back()
    expect(page.locator("#welcome")).to_be_visible()
    page.go_forward()
    expect(page.locator(".chip")).to_contain_text("mine.png")


def test_a_picture_may_be_dropped(page: Page) -> None:
    buffer = io.BytesIO()
    Image.new("RGB", (60, 40), "blue").save(buffer, "PNG")
    page.goto("/")
    drop = """(bytes) => {
      const dataTransfer = new DataTransfer();
      const file = new File([new Uint8Array(bytes)], "dropped.png", { type: "image/png" });
      dataTransfer.items.add(file);
      const options = { dataTransfer, bubbles: true, cancelable: true };
      const send = (type) => document.body.dispatchEvent(new DragEvent(type, options));
      send("dragenter");
      const veiled = !document.getElementById("veil").hidden;
      send("drop");
      return veiled && document.getElementById("veil").hidden;
    }"""
    assert page.evaluate(drop, list(buffer.getvalue()))
    expect(page.locator(".chip")).to_contain_text("dropped.png")
    expect(page.locator(".picture .opens").first).to_have_accessible_name(re.compile("blue.png"))


def test_a_spoken_query_is_heard(page: Page) -> None:
    page.goto("/")
    page.get_by_role("button", name="Say what you are looking for").click()
    page.wait_for_timeout(900)
    page.get_by_role("button", name="Stop and search").click()
    expect(page.locator(".chip")).to_contain_text("Your recording")
    expect(page.locator("#notice")).to_contain_text("Heard: “the red boat came home")


def test_a_late_answer_never_overwrites_a_newer_one(page: Page) -> None:
    held: list[Route] = []
    page.goto("/")

    def hold_red(route: Route) -> None:
        if '"red"' in (route.request.post_data or ""):
            held.append(route)
        else:
            route.continue_()

    intercept(page, "**/api/v1/search", hold_red)
    page.locator("#words").fill("red")
    page.keyboard.press("Enter")
    expect(page.locator("body.busy")).to_be_attached()
    page.locator("#words").fill("blue")
    page.keyboard.press("Enter")
    expect(page.locator(".tile.image .opens").first).to_have_accessible_name(re.compile("blue.png"))
    held[0].fulfill(json={"ok": True, "hits": [], "total": 0, "heard": [], "took_ms": 1})
    page.wait_for_timeout(200)
    expect(page.locator(".tile")).to_have_count(8)
