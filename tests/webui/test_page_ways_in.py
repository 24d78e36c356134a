"""Ways into the search box beside words: the camera, pasting, dropping several, all at once."""

from __future__ import annotations

import io
import re
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from tests.webui.browser import PHONE, picture_of, watched
from tests.webui.conftest import tone

TRANSFER = """([files, texts]) => {
    const transfer = new DataTransfer();
    for (const [name, type, bytes] of files) {
        transfer.items.add(new File([new Uint8Array(bytes)], name, { type }));
    }
    for (const [type, text] of texts) transfer.setData(type, text);
    return transfer;
}"""


def painted(colour: str) -> bytes:
    stream = io.BytesIO()
    Image.new("RGB", (60, 40), colour).save(stream, "PNG")
    return stream.getvalue()


def file(name: str, data: bytes, mime: str = "image/png") -> list[Any]:
    return [name, mime, list(data)]


def paste(page: Page, *files: list[Any], texts: tuple[tuple[str, str], ...] = ()) -> bool:
    """Paste into the search box; give whether that was taken as something to look for."""
    transfer = page.evaluate_handle(TRANSFER, [files, texts])
    return page.evaluate(
        """(clipboardData) => {
            const options = { clipboardData, bubbles: true, cancelable: true };
            return !document.getElementById("words").dispatchEvent(
                new ClipboardEvent("paste", options));
        }""",
        transfer,
    )


def drop(page: Page, *files: list[Any]) -> None:
    transfer = page.evaluate_handle(TRANSFER, [files, []])
    for event in ("dragenter", "dragover", "drop"):
        page.dispatch_event("body", event, {"dataTransfer": transfer})


@pytest.fixture
def page(window: Page) -> Page:
    window.goto("/")
    expect(window.locator("#welcome")).to_be_visible()
    return window


def test_a_phone_offers_its_camera(browser: Browser, address: str, tmp_path: Path) -> None:
    photo = tmp_path / "image.jpg"
    Image.new("RGB", (60, 40), "yellow").save(photo)
    options = {"viewport": PHONE, "is_mobile": True, "has_touch": True, "locale": "zh-CN"}
    with watched(browser, address, **options) as page:
        page.goto("/")
        expect(page.locator("#camera")).to_have_attribute("capture", "environment")
        with page.expect_file_chooser() as chooser:
            page.get_by_role("button", name="拍照搜索").tap()
        assert not chooser.value.is_multiple()
        chooser.value.set_files(photo)
        expect(page.locator(".chip")).to_contain_text("image.jpg")
        name = page.locator(".picture .opens").first
        expect(name).to_have_accessible_name(re.compile("yellow.webp"))
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
        picture_of(page, "phone-camera")


def test_a_desk_offers_no_camera(page: Page) -> None:
    expect(page.get_by_role("button", name="Search with the camera")).to_be_hidden()
    expect(page.get_by_role("button", name="Search with a picture")).to_be_visible()


def test_what_is_copied_may_be_pasted(page: Page) -> None:
    shot = file("image.png", painted("blue"))
    assert paste(page, shot, texts=(("text/html", "<img src='x'>"),))
    expect(page.locator(".chip")).to_contain_text("Pasted picture")
    first = page.locator(".picture .opens").first
    expect(first).to_have_accessible_name(re.compile("blue.png"))


def test_words_that_are_pasted_stay_words(page: Page) -> None:
    assert not paste(page, texts=(("text/plain", "red"),))
    rich = (("text/plain", "red"), ("text/html", "<b>red</b>"))
    assert not paste(page, file("image.png", painted("blue")), texts=rich)
    expect(page.locator(".chip")).to_have_count(0)


def test_several_are_dropped_at_once_and_the_rest_refused(page: Page) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    drop(
        page,
        file("one.png", painted("red")),
        file("plan.zip", b"PK", "application/zip"),
        file("two.png", painted("blue")),
    )
    expect(page.locator(".chip")).to_have_count(2)
    expect(page.get_by_role("alert")).to_have_text("plan.zip is neither a picture nor a recording.")
    expect(page.locator(".tile").first).to_be_visible()
    assert len([url for url in asked if url.endswith("/api/v1/search")]) == 1
    page.go_back()
    expect(page.locator("#welcome")).to_be_visible()
    page.go_forward()
    expect(page.locator(".chip")).to_have_text([re.compile("one.png"), re.compile("two.png")])


def test_a_reload_forgets_files_and_going_back_takes_none_for_them(page: Page) -> None:
    drop(page, file("old.png", painted("red")))
    expect(page.locator(".chip")).to_have_count(1)
    page.reload()
    expect(page.locator("#welcome")).to_be_visible()
    drop(page, file("new.png", painted("blue")))
    expect(page.locator(".chip")).to_contain_text("new.png")
    page.go_back()
    expect(page.locator(".chip")).to_have_count(0)
    expect(page.locator("#welcome")).to_be_visible()


def test_any_mix_is_looked_for_at_once(page: Page, ids: dict[str, int], tmp_path: Path) -> None:
    page.goto(f"/?q=lamp&like={ids['green.jpg']}")
    expect(page.locator(".chip")).to_have_count(1)
    said = tmp_path / "said.wav"
    tone(said, 1)
    page.locator("#file").set_input_files(said)
    expect(page.locator(".chip")).to_have_count(2)
    drop(page, file("mine.png", painted("yellow")))
    expect(page.locator(".chip")).to_have_count(3)
    page.get_by_role("button", name="More like mine.png").click()
    expect(page.locator(".chip.minus")).to_contain_text("mine.png")
    expect(page.locator("#words")).to_have_value("lamp")
    expect(page.locator("#notice")).to_contain_text("Heard: “the red boat came home")
    names = page.locator(".chip").all_inner_texts()
    assert ["green.jpg" in names[0], "said.wav" in names[1], "mine.png" in names[2]] == [True] * 3
    with page.expect_request("**/api/v1/search") as request:
        page.keyboard.press("/")
        page.keyboard.type("lantern")
        page.keyboard.press("Enter")
    body = request.value.post_data_json
    kinds = [next(kind for kind in ("item", "audio", "image") if kind in t) for t in body["terms"]]
    assert (body["q"], kinds) == ("lantern", ["item", "audio", "image"])
    assert [term["weight"] > 0 for term in body["terms"]] == [True, True, False]
    expect(page.locator(".tile").first).to_be_visible()
