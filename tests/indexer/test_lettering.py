"""What is written in pictures becomes text of theirs, which is searched and says where it is."""

from __future__ import annotations

import pickle
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

import retrieval.decode.frames
import retrieval.decode.lettering
from indexer.pictures import open_pictures
from indexer.report import Report
from retrieval.decode.frames import open_frames
from retrieval.decode.pictures import SHORT_SIDE, open_picture
from retrieval.errors import ModelUnavailable
from retrieval.library import Library
from retrieval.media import Filters, Hit, Kind, Phrase, Query, TextTerm
from retrieval.settings import settings
from tests.decode.test_formats import heic
from tests.decode.test_pictures import encode
from tests.fakes import FakeEncoder
from tests.indexer.conftest import paint
from tests.indexer.papers import give_talk, print_plates
from tests.indexer.test_pictures import read
from tests.lettered import landscape, lettered

pytestmark = pytest.mark.usefixtures("legible")

FERRY = ("The ferry leaves at noon", "Return ticket 14.50")


@pytest.fixture
def unread(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("TRIPTYCH_LETTERING", "off")
    settings.cache_clear()
    yield
    settings.cache_clear()


def save(file: Path, *pages: Image.Image) -> Path:
    pages[0].save(file, save_all=len(pages) > 1, append_images=pages[1:])
    return file


def only_hit(library: Library, query: Query) -> Hit:
    [hit] = library.search(query).hits
    return hit


def test_a_picture_with_lettering_is_a_picture_and_its_text(tmp_path: Path) -> None:
    decoded = read(save(tmp_path / "a.png", lettered(*FERRY)))
    picture, text = decoded.passages
    assert (picture.kind, picture.text) == (Kind.IMAGE, "")
    assert (text.kind, text.text) == (Kind.TEXT, "\n".join(FERRY))
    assert (text.char_start, text.char_end, text.page) == (0, len(text.text), None)
    assert decoded.content.kind is Kind.IMAGE and len(decoded.pictures) == 1


def test_long_lettering_is_cut_to_what_an_encoder_holds(tmp_path: Path) -> None:
    lines = [f"Row {n} of the list has a number of words in it." for n in range(10)]
    page = lettered(*lines, size=28, width=900, height=900)
    _, *texts = read(save(tmp_path / "a.png", page)).passages
    encoder = FakeEncoder()
    counts = encoder.count_tokens([text.text for text in texts])
    assert len(texts) > 1 and max(counts) <= encoder.text_window
    assert all(any(line in text.text for text in texts) for line in lines)


def test_every_page_of_a_scan_is_read(tmp_path: Path) -> None:
    scan = save(tmp_path / "a.tiff", lettered(FERRY[0]), landscape(), lettered(FERRY[1]))
    passages = read(scan).passages
    assert [(p.kind, p.page, p.text) for p in passages] == [
        (Kind.IMAGE, 1, ""),
        (Kind.TEXT, 1, FERRY[0]),
        (Kind.IMAGE, 2, ""),
        (Kind.IMAGE, 3, ""),
        (Kind.TEXT, 3, FERRY[1]),
    ]


def test_pages_that_there_is_no_time_to_read_are_pictures_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retrieval.decode.frames, "end_of_reading", lambda: 0.0)
    decoded = read(save(tmp_path / "a.tif", lettered("First page"), lettered("Second page")))
    assert [passage.kind for passage in decoded.passages] == [Kind.IMAGE, Kind.TEXT, Kind.IMAGE]


def test_of_a_moving_picture_the_first_frame_is_read(tmp_path: Path) -> None:
    file = save(tmp_path / "a.gif", lettered(FERRY[0]), landscape(900, 600))
    passages = read(file).passages
    assert [(p.kind, p.text, p.start) for p in passages] == [
        (Kind.IMAGE, "", 0.0),
        (Kind.TEXT, FERRY[0], 0.0),
        (Kind.IMAGE, "", 0.1),
    ]


def test_what_lies_is_read_upright(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    lying = lettered(*FERRY).rotate(90, expand=True)
    (tmp_path / "a.jpg").write_bytes(encode(lying, "JPEG", exif=exif))
    assert read(tmp_path / "a.jpg").passages[1].text == "\n".join(FERRY)


@pytest.mark.parametrize("size", [(4000, 3000), (900, 600), (640, 1900), (5000, 90)])
def test_a_picture_that_is_read_looks_as_it_does_in_a_query(size: tuple[int, int]) -> None:
    data = encode(landscape(*size), "JPEG", quality=90)
    seen: list[tuple[int, int]] = []
    indexed = open_picture(data, read=lambda image: seen.append(image.size) or "")
    asked = open_picture(data)
    assert indexed.image.size == asked.image.size or min(asked.image.size) >= SHORT_SIDE
    assert max(seen[0]) >= min(1600, *[max(size)])
    small = [one.image.resize((32, 32), Image.Resampling.BOX) for one in (indexed, asked)]
    differences = [abs(a - b) for a, b in zip(*(one.tobytes() for one in small), strict=True)]
    assert sum(differences) / len(differences) < 1


def test_what_is_opened_can_be_sent_by_another_process(tmp_path: Path) -> None:
    (tmp_path / "a.heic").write_bytes(heic(lettered(*FERRY)))
    picture, frames = pickle.loads(pickle.dumps(open_pictures(tmp_path / "a.heic")))
    assert picture.lettering == frames[0].lettering == "\n".join(FERRY)


def test_a_picture_is_found_by_what_is_written_in_it(
    library: Library, media: Path, run: Callable[[], Report]
) -> None:
    save(media / "ticket.png", lettered(*FERRY))
    (media / "phone.heic").write_bytes(heic(lettered("Quarterly budget review")))
    paint(media / "red.png")
    assert run().added == 3
    words = Phrase("leaves at noon")
    hit = only_hit(library, Query((TextTerm("ferry"),), phrases=(words,)))
    assert (hit.item.path, hit.passage.kind) == ("ticket.png", Kind.TEXT)
    assert hit.passage.text == "\n".join(FERRY)
    pictures = Filters(kinds=frozenset({Kind.IMAGE}))
    hit = only_hit(library, Query((), pictures, phrases=(Phrase("budget review"),)))
    assert hit.item.path == "phone.heic"
    documents = Query((TextTerm("ferry"),), Filters(kinds=frozenset({Kind.TEXT})))
    assert library.search(documents).total == 0
    assert library.search(Query((TextTerm("red"),))).total == 3


def test_nothing_is_read_where_reading_is_off(unread: None, tmp_path: Path) -> None:
    decoded = read(save(tmp_path / "a.png", lettered(*FERRY)))
    assert [passage.kind for passage in decoded.passages] == [Kind.IMAGE]


def test_nothing_is_read_without_the_extra(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retrieval.decode.lettering, "find_spec", lambda _: None)
    decoded = read(save(tmp_path / "a.png", lettered(*FERRY)))
    assert [passage.kind for passage in decoded.passages] == [Kind.IMAGE]


def test_models_that_cannot_be_used_stop_the_run_and_say_why(
    library: Library, media: Path, run: Callable[[], Report], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_: Image.Image) -> str:
        raise ModelUnavailable("the models are gone")

    paint(media / "red.png")
    with monkeypatch.context() as patch:
        patch.setattr("indexer.pictures.reader_of_lettering", lambda: fail)
        with pytest.raises(ModelUnavailable, match="the models are gone"):
            run()
    assert library.info().items == 0
    assert run().added == 1, "nothing was half done"


def test_a_picture_at_which_reading_breaks_is_listed_and_the_others_are_read(
    library: Library, media: Path, run: Callable[[], Report], monkeypatch: pytest.MonkeyPatch
) -> None:
    def break_at_small(image: Image.Image) -> str:
        if image.width < 64:
            raise ValueError("no room")
        return "words"

    paint(media / "red.png")
    Image.new("RGB", (32, 32)).save(media / "small.png")
    monkeypatch.setattr("indexer.pictures.reader_of_lettering", lambda: break_at_small)
    report = run()
    assert report.added == 1
    [failure] = report.failures
    assert failure.path.endswith("small.png") and "no room" in failure.reason


def test_queries_and_explanations_read_nothing(tmp_path: Path) -> None:
    picture, frames = open_frames(BytesIO(encode(lettered(*FERRY), "PNG")))
    assert picture.lettering == frames[0].lettering == ""


def test_a_scanned_page_and_a_picture_in_a_document_are_read(
    library: Library, media: Path, run: Callable[[], Report]
) -> None:
    ticket = encode(lettered(*FERRY), "PNG")
    print_plates(media / "scan.pdf", ("Words.", []), ("", [ticket]), ("More words.", [ticket]))
    slide = encode(lettered("Quarterly budget review"), "PNG")
    give_talk(media / "deck.pptx", "First", pictures={1: [slide]})
    assert not run().failures
    hit = only_hit(
        library, Query((TextTerm("ferry leaves at noon"),), phrases=(Phrase("leaves at noon"),))
    )
    assert (hit.item.path, hit.item.content.kind) == ("scan.pdf", Kind.TEXT)
    assert (hit.passage.kind, hit.passage.page) == (Kind.TEXT, 2)
    hit = only_hit(
        library, Query((TextTerm("quarterly budget"),), phrases=(Phrase("budget review"),))
    )
    assert (hit.item.path, hit.passage.page) == ("deck.pptx", 1)
