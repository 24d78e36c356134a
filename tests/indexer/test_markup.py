from __future__ import annotations

import time

import pytest

from indexer.bounds import MOST_SHOWN
from indexer.markup import Markup, read_markup

PAGE = """<!doctype html><html><head><title> A  walk
in the park </title><style>p {color: red}</style></head><body>
<h1>Morning</h1><p>The <b>sun</b>rise was
<i>slow</i>.<br>Birds sang.</p><script>if (1 < 2) alert("no")</script>
<noscript>Turn scripts on</noscript><ul><li>tea<li>bread &amp; jam</ul>
<svg><title>icon</title><text>drawn</text></svg></body></html>"""


def test_words_are_kept_and_the_rest_is_not() -> None:
    markup = read_markup(PAGE.encode())
    assert markup.title == "A walk in the park"
    assert markup.text == "Morning\n\nThe sunrise was slow.\nBirds sang.\n\ntea\nbread & jam"


def test_the_character_set_that_a_page_names() -> None:
    page = '<meta charset="gb2312"><title>公园</title><p>湖边的柳树。'
    assert read_markup(page.encode("gb2312")) == Markup("公园", "湖边的柳树。", ())


@pytest.mark.parametrize("charset", ["utf-8", "nonsense", "utf-16"])
def test_a_wrong_character_set_is_not_believed(charset: str) -> None:
    page = f"<meta charset={charset}><p>柳树".encode()
    assert read_markup(page).text == "柳树"


@pytest.mark.parametrize("page", [b"<p>", b"<", b"<!-- x", b"<html></html>", b"  \n"])
def test_a_page_without_words(page: bytes) -> None:
    assert read_markup(page).text in {"", "<"}


@pytest.mark.parametrize(
    "piece", ["<div>", "<a ", "<!--", "<!", "&", "<![CDATA[", "<a x='", "</", "<script>", "<p"]
)
def test_hostile_markup_takes_no_time(piece: str) -> None:
    began = time.monotonic()
    read_markup((piece * 200_000).encode())
    assert time.monotonic() - began < 5


def test_text_after_deep_nesting_is_read() -> None:
    assert read_markup(b"<div>" * 5_000 + b"found" + b"</div>" * 5_000).text == "found"


def test_pictures_are_named_in_their_order() -> None:
    page = b"""<svg><image xlink:href="a.png"/></svg><img alt="none"><p><img src="b c.png"></p>"""
    assert read_markup(page).pictures == ("a.png", "b c.png")


def test_pictures_of_a_page_are_bounded() -> None:
    assert len(read_markup(b"<img src=a>" * 5_000).pictures) == MOST_SHOWN
