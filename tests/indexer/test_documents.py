from __future__ import annotations

import json
import pickle
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings as testing
from hypothesis import strategies as st

import indexer.bounds
from indexer.decoded import Decoded, Examined
from indexer.documents import open_document, read_document
from indexer.sniff import sniff
from retrieval.catalog.records import FoundFile
from retrieval.errors import MediaTooLarge, UnreadableMedia
from retrieval.media import Kind
from retrieval.settings import Settings
from tests.fakes import FakeEncoder
from tests.indexer.conftest import print_pages
from tests.indexer.papers import bind_book, give_talk, picture, print_plates, write_letter


def read(file: Path, data: bytes | None = None) -> Decoded:
    if data is not None:
        file.write_bytes(data)
    sniffed = sniff(file)
    assert sniffed is not None
    status = file.stat()
    found = FoundFile(file.name, status.st_size, status.st_mtime_ns)
    document = open_document(file, sniffed.mime)
    return read_document(Examined(found, file, "0" * 64, sniffed), document, FakeEncoder())


@pytest.fixture
def bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    small = Settings(max_pages=2, max_characters=100)
    monkeypatch.setattr(indexer.bounds, "settings", lambda: small)


def test_plain_text_in_an_old_encoding(tmp_path: Path) -> None:
    decoded = read(tmp_path / "a.txt", "湖边的柳树已经发芽了。".encode("gb18030"))
    (passage,) = decoded.passages
    assert passage.text == "湖边的柳树已经发芽了。" and passage.kind is Kind.TEXT
    assert (passage.page, passage.char_start, passage.char_end) == (None, 0, 11)
    assert decoded.content.mime == "text/plain" and decoded.cover is None


def test_the_first_heading_is_the_title(tmp_path: Path) -> None:
    decoded = read(tmp_path / "a.md", b"intro\n\n# The walk #\n\nWords.\n# Second")
    assert decoded.content.title == "The walk"


def test_a_page_of_markup(tmp_path: Path) -> None:
    decoded = read(tmp_path / "a.html", b"<title>T</title><p>Hello <i>you</i><script>no</script>")
    assert decoded.content.title == "T"
    assert [passage.text for passage in decoded.passages] == ["Hello you"]


def test_passages_are_spans_of_their_page(tmp_path: Path) -> None:
    file = print_pages(tmp_path / "a.pdf", "Foxes run. " * 60, "Whales sing.", title="Animals")
    decoded = read(file)
    assert decoded.content.title == "Animals" and decoded.content.mime == "application/pdf"
    assert {passage.page for passage in decoded.passages} == {1, 2}
    assert decoded.passages[-1].text == "Whales sing."
    assert not any("Foxes\nrun" in passage.text for passage in decoded.passages)
    first = decoded.passages[0]
    assert first.char_end - first.char_start == len(first.text)


def test_the_first_page_is_drawn(tmp_path: Path) -> None:
    cover = read(print_pages(tmp_path / "a.pdf", "Words")).cover
    assert cover is not None and cover.mode == "RGB" and max(cover.size) == 960


def test_a_document_without_words_has_no_passages(tmp_path: Path) -> None:
    assert read(tmp_path / "a.txt", b" \n ").passages == ()
    assert read(print_pages(tmp_path / "a.pdf", "")).passages == ()


def test_an_encrypted_document_says_so(tmp_path: Path) -> None:
    with pytest.raises(UnreadableMedia, match=r"a\.pdf: is encrypted"):
        read(print_pages(tmp_path / "a.pdf", "secret", password="key"))


@pytest.mark.parametrize("data", [b"%PDF-1.7\n", b"%PDF-1.4\ntrailer <<>>\n%%EOF"])
def test_a_damaged_document_says_so(tmp_path: Path, data: bytes) -> None:
    with pytest.raises(UnreadableMedia, match=r"a\.pdf: is a damaged PDF"):
        read(tmp_path / "a.pdf", data)


def test_bytes_that_are_no_text_are_unreadable(tmp_path: Path) -> None:
    with pytest.raises(UnreadableMedia, match="no text"):
        read(tmp_path / "a.txt", b"words " * 2000 + b"\xff\x01\x02")


@pytest.mark.usefixtures("bounded")
def test_documents_are_bounded(tmp_path: Path) -> None:
    with pytest.raises(MediaTooLarge, match="3 pages"):
        read(print_pages(tmp_path / "a.pdf", "1", "2", "3"))
    with pytest.raises(MediaTooLarge, match="100 characters"):
        read(print_pages(tmp_path / "b.pdf", "Foxes run. " * 20))
    with pytest.raises(MediaTooLarge, match="TRIPTYCH_MAX_CHARACTERS"):
        read(tmp_path / "a.txt", b"x" * 101)
    with pytest.raises(MediaTooLarge):
        read(tmp_path / "a.html", b"<p>" + b"x" * 1000)


@pytest.mark.parametrize(
    ("name", "text", "mime"),
    [
        ("a.csv", "animal,sound\nwhale,歌\n", "text/csv"),
        ("a.json", '{"animal": "鲸"}', "application/json"),
        ("a.jsonl", '{"a": 1}\n{"b": 2}\n', "application/x-ndjson"),
        ("a.py", "def f():\n    return 1\n", "text/plain"),
        ("a.tex", "\\section{Whales}", "text/plain"),
    ],
)
def test_tables_records_and_source_code_are_text(
    tmp_path: Path, name: str, text: str, mime: str
) -> None:
    decoded = read(tmp_path / name, text.encode())
    assert decoded.content.mime == mime and decoded.content.kind is Kind.TEXT
    assert "".join(p.text for p in decoded.passages).split() == text.split()


def test_an_old_encoding_of_a_table(tmp_path: Path) -> None:
    table = "动物,颜色\n狐狸,红色的毛皮\n鲸鱼,蓝色的海洋\n"
    assert read(tmp_path / "a.csv", table.encode("gb18030")).passages[0].text in table


def test_characters_that_json_writes_as_numbers(tmp_path: Path) -> None:
    data = json.dumps({"a": "鲸鱼 🐳"}) + r'"\\u0041 \ud800"'
    (passage,) = read(tmp_path / "a.json", data.encode()).passages
    assert passage.text == '{"a": "鲸鱼 🐳"}"\\\\u0041 \ufffd"'


def test_pictures_come_after_the_words_of_their_page(tmp_path: Path) -> None:
    pages = [("One", [picture("red")]), ("Two", []), ("Three", [picture("blue"), picture("green")])]
    decoded = read(print_plates(tmp_path / "a.pdf", *pages))
    kinds = [(passage.kind, passage.page) for passage in decoded.passages]
    text, image = Kind.TEXT, Kind.IMAGE
    assert kinds == [(text, 1), (image, 1), (text, 2), (text, 3), (image, 3), (image, 3)]
    corners = [shown.getpixel((shown.width - 9, shown.height - 9)) for shown in decoded.pictures]
    assert corners == [(255, 0, 0), (0, 0, 255), (0, 128, 0)]


def test_every_kind_of_document_is_recognised_and_read(tmp_path: Path) -> None:
    shown = [picture("red")]
    files = [
        write_letter(tmp_path / "a.docx", "whales", pictures=shown),
        give_talk(tmp_path / "b.pptx", "whales", pictures={1: shown}),
        bind_book(tmp_path / "c.epub", '<p>whales</p><img src="a"/>', pictures={"a": shown[0]}),
        print_plates(tmp_path / "d.pdf", ("whales", shown)),
    ]
    for file in files:
        words, image = read(file).passages
        assert words.text == "whales" and image.kind is Kind.IMAGE, file
        assert image.page == words.page == (None if file.suffix == ".docx" else 1)


def test_an_opened_document_can_be_sent_to_another_process(tmp_path: Path) -> None:
    file = print_plates(tmp_path / "a.pdf", ("words", [picture("red")]))
    document = open_document(file, "application/pdf")
    again = pickle.loads(pickle.dumps(document))
    assert again.texts == document.texts
    assert again.illustrations[0].image == document.illustrations[0].image


@testing(max_examples=25, deadline=None)
@given(
    st.lists(st.text(st.sampled_from("ab 鲸鱼.。!\n"), max_size=200), min_size=1, max_size=4),
    st.sampled_from(["epub", "pptx"]),
)
def test_spans_reproduce_the_text_of_their_page(
    tmp_path_factory: pytest.TempPathFactory, pages: list[str], suffix: str
) -> None:
    file = tmp_path_factory.mktemp("pages") / f"a.{suffix}"
    if suffix == "epub":
        bind_book(file, *(f"<p>{words}</p>" for words in pages))
    else:
        give_talk(file, *pages)
    decoded = read(file)
    texts = open_document(file, decoded.content.mime).texts
    assert len(texts) == len(pages)
    for number, text in enumerate(texts, start=1):
        windows = [passage for passage in decoded.passages if passage.page == number]
        covered = set()
        for window in windows:
            assert text[window.char_start : window.char_end] == window.text
            covered.update(range(window.char_start or 0, window.char_end or 0))
        assert all(char.isspace() for at, char in enumerate(text) if at not in covered)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """Make the bytes of a sound document of each kind."""
    folder = tmp_path_factory.mktemp("whole")
    shown = [picture("red", format="JPEG")]
    files = [
        write_letter(folder / "a.docx", "whales " * 50, pictures=shown),
        give_talk(folder / "a.pptx", "whales", "foxes", pictures={1: shown}),
        bind_book(folder / "a.epub", '<p>whales</p><img src="a"/>', pictures={"a": shown[0]}),
        print_plates(folder / "a.pdf", ("whales " * 50, shown), ("", shown)),
    ]
    return {file.suffix: file.read_bytes() for file in files}


@testing(max_examples=120, deadline=None)
@given(st.sampled_from([".docx", ".pptx", ".epub", ".pdf"]), st.data())
def test_damage_is_survived_or_named(
    whole: dict[str, bytes], tmp_path_factory: pytest.TempPathFactory, suffix: str, data: Any
) -> None:
    damaged = bytearray(whole[suffix])
    places = st.lists(st.integers(0, len(damaged) - 1), min_size=1, max_size=8)
    for place in data.draw(places):
        damaged[place] = data.draw(st.integers(0, 255))
    cut = data.draw(st.none() | st.integers(1, len(damaged)))
    file = tmp_path_factory.mktemp("damaged") / f"a{suffix}"
    try:
        decoded = read(file, bytes(damaged[:cut]))
    except UnreadableMedia as error:
        assert str(error).startswith(f"{file}: ")
    else:
        shown = [passage for passage in decoded.passages if passage.kind is Kind.IMAGE]
        assert len(shown) == len(decoded.pictures)


def test_a_heading_is_found_in_time_that_grows_with_the_text(tmp_path: Path) -> None:
    file = tmp_path / "a.md"
    file.write_text("# a" + " " * 300_000 + "b\n# C# in depth ##\n")
    assert open_document(file, "text/markdown").title.endswith("b")
    file.write_text("# C# in depth ##\n")
    assert open_document(file, "text/markdown").title == "C# in depth"
