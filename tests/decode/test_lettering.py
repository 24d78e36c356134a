"""Text in pictures, read by the real models."""

from __future__ import annotations

import logging
import socket
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

import retrieval.decode.lettering
from retrieval.decode.lettering import (
    Line,
    read_lettering,
    read_lines,
    reader_of_lettering,
    rows,
)
from retrieval.errors import ModelUnavailable
from retrieval.settings import settings
from tests.lettered import exit_sign, landscape, lettered

pytestmark = pytest.mark.usefixtures("legible")

FERRY = ("The ferry leaves at noon", "Return ticket 14.50")


@pytest.fixture
def settings_anew() -> Iterator[None]:
    settings.cache_clear()
    yield
    settings.cache_clear()


def test_english_is_read_row_by_row() -> None:
    assert read_lettering(lettered(*FERRY)) == "\n".join(FERRY)


def test_chinese_is_read() -> None:
    assert read_lettering(exit_sign()) == "出口"


def test_small_print_is_read_from_more_pixels_than_are_glanced_at() -> None:
    page = lettered(*FERRY, size=20, width=1200, height=1600)
    assert read_lettering(page) == "\n".join(FERRY)


@pytest.mark.parametrize("turned", [8, -8, 90, 180, 270])
def test_lettering_that_is_turned_is_read(turned: int) -> None:
    paper = lettered(*FERRY).rotate(turned, expand=True, fillcolor="white")
    found = read_lettering(paper)
    assert all(line in found for line in FERRY)


def test_a_picture_without_lettering_has_none() -> None:
    assert read_lettering(landscape()) == ""
    assert read_lettering(Image.new("RGB", (640, 480), "white")) == ""


@pytest.mark.parametrize("size", [(1, 1), (1600, 1), (1, 1600), (4096, 3), (20, 20)])
def test_a_sliver_has_none(size: tuple[int, int]) -> None:
    assert read_lettering(Image.new("RGB", size, "white")) == ""


def test_every_line_says_how_sure_it_is() -> None:
    lines = read_lines(lettered(*FERRY))
    assert {line.text for line in lines} == set(FERRY)
    assert all(0.8 <= line.confidence <= 1 for line in lines)


def test_threads_that_read_at_once_read_the_same() -> None:
    pictures = [lettered(f"Platform number {n}", "Mind the gap") for n in range(4)]
    expected = [f"Platform number {n}\nMind the gap" for n in range(4)]
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(read_lettering, 3 * pictures)) == 3 * expected


def test_nothing_is_said_and_nobody_asked(
    capfd: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("a connection was tried")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    retrieval.decode.lettering._engines.cache_clear()
    caplog.set_level(logging.DEBUG)
    assert read_lettering(lettered(*FERRY)) and not read_lettering(Image.new("RGB", (99, 99)))
    assert capfd.readouterr() == ("", "") and caplog.records == []


@pytest.mark.parametrize("model", ["det", "cls", "rec"])
def test_a_model_that_is_missing_or_damaged_is_named_with_the_way_out(
    model: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import rapidocr

    models = tmp_path / "models"
    models.mkdir()
    for file in (Path(rapidocr.__file__).parent / "models").glob("*.onnx"):
        if f"_{model}_" in file.name:
            (models / file.name).write_bytes(b"torn")
        else:
            (models / file.name).symlink_to(file)
    monkeypatch.setattr(rapidocr, "__file__", str(tmp_path / "__init__.py"))
    retrieval.decode.lettering._engines.cache_clear()
    for _ in range(2):
        with pytest.raises(ModelUnavailable, match=rf"{model}.*TRIPTYCH_LETTERING=off"):
            read_lettering(lettered(*FERRY))
        for file in models.glob(f"*_{model}_*"):
            file.unlink()


def test_reading_is_a_matter_of_the_extra_and_of_a_setting(
    settings_anew: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert reader_of_lettering() is read_lettering
    with monkeypatch.context() as patch:
        patch.setattr(retrieval.decode.lettering, "find_spec", lambda _: None)
        assert reader_of_lettering() is None
    monkeypatch.setenv("TRIPTYCH_LETTERING", "off")
    settings.cache_clear()
    assert reader_of_lettering() is None


def test_the_package_is_not_imported_before_there_is_something_to_read() -> None:
    program = (
        "import sys; from retrieval.decode.lettering import reader_of_lettering;"
        "assert reader_of_lettering() and not {'rapidocr', 'cv2'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-W", "error", "-c", program], check=True)


IMPORTING = """
import sys
from PIL import Image
from retrieval.decode.lettering import read_lettering
from retrieval.decode.spawning import STARTING

held = []
sys.addaudithook(lambda event, names: event == "import" and names[0] == "cv2"
                 and held.append(STARTING._is_owned()))
assert read_lettering(Image.new("RGB", (64, 48), "white")) == ""
assert held and all(held), held
"""


def test_what_reads_is_not_imported_while_a_process_is_started() -> None:
    subprocess.run([sys.executable, "-W", "error", "-c", IMPORTING], check=True)


def line(left: float, middle: float, height: float = 10.0) -> Line:
    return Line(f"{left},{middle}", 1.0, left, middle, height)


def test_rows_go_from_top_to_bottom_and_each_from_left_to_right() -> None:
    below, right, left = line(0, 40), line(200, 8), line(10, 11)
    assert rows([below, right, left]) == [[left, right], [below]]


@given(
    st.lists(
        st.builds(line, *(st.floats(0, 1600) for _ in range(2)), height=st.floats(1, 99)),
        max_size=20,
    )
)
def test_rows_hold_every_line_once_whatever_their_order(lines: list[Line]) -> None:
    found = [one for row in rows(lines) for one in row]
    assert sorted(found, key=repr) == sorted(lines, key=repr)
