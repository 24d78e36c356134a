"""The report: one file that shows what was measured, in itself and on every screen."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path

import pytest
from lxml import html
from PIL import Image

from cli.report.page import THUMBNAIL, render
from retrieval.encoders.protocol import Encoder
from retrieval.evaluation.captioned import read_captioned
from retrieval.evaluation.encoding import encode
from retrieval.evaluation.measure import Measured, Model, measure
from tests.cli.faked import Blind
from tests.evaluation.sheets import write_sheets
from tests.fakes import FakeEncoder
from tests.webui.browser import DESKTOP, PHONE, chromium

HOSTILE = "</blockquote><script>alert(1)</script> white & red"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sheets")
    file = write_sheets(folder)
    rows = [json.loads(line) for line in file.read_text().splitlines()]
    rows[2]["en"].append(HOSTILE)
    file.write_text("\n".join(map(json.dumps, rows)))
    Image.effect_noise((1200, 900), 90).convert("RGB").save(folder / "black.png")
    return folder


def page(folder: Path, keys: Sequence[str], encoders: Sequence[Encoder]) -> str:
    captioned = read_captioned(folder / "captions.jsonl", keys)
    measured: list[Measured] = []
    for encoder in encoders:
        encoded = encode(encoder, captioned, folder, lambda _: None)
        measured.append(measure(Model.of(encoder), captioned, encoded))
    return render("captions.jsonl", folder, measured)


@pytest.fixture(scope="module")
def both(folder: Path) -> str:
    return page(folder, ["en", "zh"], [FakeEncoder(), Blind()])


def test_it_asks_nothing_of_a_network(both: str) -> None:
    addresses = re.findall(r"""(?:src|href)="([^"]*)|url\(([^)]*)|@import""", both)
    assert addresses
    assert all(a.startswith(("data:image/jpeg;base64,", "#")) for a, _ in addresses)
    assert "<script" not in both
    assert "default-src 'none'" in both


def test_captions_are_words_not_markup(both: str) -> None:
    tree = html.fromstring(both)
    assert HOSTILE in [quote.text for quote in tree.iter("blockquote")]


def test_tables_hold_every_ranking_of_every_encoder(both: str) -> None:
    english, chinese, across = html.fromstring(both).findall(".//table")
    assert [th.text_content() for th in english.findall("thead/tr/th")] == [
        "recall@1", "recall@5", "recall@10", "median rank", "mrr", "ndcg@10",
    ]  # fmt: skip
    rows = [row.find("th").text_content() for row in english.findall("tbody/tr")]
    one = ["fake", "fake:blind", "minus fake"]
    assert rows == ["text → image", *one, "image → text", *one, "text → text", *one]
    assert len(chinese.findall("tbody")) == len(across.findall("tbody")) == 2
    first = english.find(".//td[small]")
    assert re.fullmatch(r"0\.\d{3}0\.\d{3}–[01]\.\d{3}", first.text_content())


def test_plots_have_a_series_for_each_encoder(both: str) -> None:
    plots = html.fromstring(both).findall(".//svg")
    assert len(plots) == 2 * (3 + 2 + 2)
    assert {len(plot.findall("g")) for plot in plots} == {2}
    numbers = re.findall(r'(?:x|y|cx|cy|width|height)="(-?[\d.]+)"', both)
    assert all(0 <= float(number) <= 340 for number in numbers)


def test_misses_are_shown_as_small_pictures(both: str) -> None:
    tree = html.fromstring(both)
    shown = tree.findall(".//article")
    assert len(shown) >= 2
    for source in {img.get("src") for img in tree.iter("img")}:
        data = base64.b64decode(source.partition(",")[2])
        with Image.open(BytesIO(data)) as picture:
            assert picture.format == "JPEG"
            assert max(picture.size) <= THUMBNAIL
        assert len(data) < 60_000
    assert "rank " in shown[0].text_content()


def test_one_encoder_that_misses_nothing(folder: Path) -> None:
    single = page(folder, ["zh"], [Sighted()])
    assert "every caption found its own picture first" in single
    assert "minus" not in single
    assert "swatch c" not in single


class Sighted(FakeEncoder):
    """Knows the black sheet, which is no longer black."""

    def encode_images(self, images: Sequence[Image.Image]) -> object:
        return super().encode_images(
            [Image.new("RGB", (9, 9)) if i.width > 48 else i for i in images]
        )


def test_it_is_at_home_on_every_screen(both: str, tmp_path: Path) -> None:
    file = tmp_path / "report.html"
    file.write_text(both, "utf-8")
    with chromium() as browser:
        for screen, scheme in ((DESKTOP, "light"), (PHONE, "dark")):
            shown = browser.new_page(viewport=screen, color_scheme=scheme)
            asked: list[str] = []
            shown.on("request", lambda request, asked=asked: asked.append(request.url))
            shown.goto(file.as_uri())
            assert {url for url in asked if not url.startswith("data:")} == {file.as_uri()}
            assert shown.evaluate("document.documentElement.scrollWidth") == screen["width"]
            broken = "[...document.images].filter((i) => !i.naturalWidth).length"
            assert shown.evaluate(broken) == 0
            dark = shown.evaluate("getComputedStyle(document.body).backgroundColor")
            assert (int(re.findall(r"\d+", dark)[0]) < 128) == (scheme == "dark")
            shown.close()
