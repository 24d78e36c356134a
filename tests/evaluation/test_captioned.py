"""The file of captions: what is read from it, and which of its faults is named how."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from retrieval.errors import InvalidQuery
from retrieval.evaluation.captioned import Captions, read_captioned


def write(folder: Path, *rows: object, encoding: str = "utf-8") -> Path:
    file = folder / "captions.jsonl"
    lines = [row if isinstance(row, str) else json.dumps(row, ensure_ascii=False) for row in rows]
    file.write_text("\n".join(lines), encoding)
    return file


def test_captions_know_their_photos(tmp_path: Path) -> None:
    file = write(
        tmp_path,
        {"image": "a.jpg", "en": ["one", "two"], "zh": []},
        "",
        {"image": "none.jpg", "en": [], "zh": []},
        {"image": "b.jpg", "en": ["three"], "zh": ["四"]},
        {"image": "a.jpg", "en": ["five"], "zh": ["六"]},
    )
    captioned = read_captioned(file, ["en", "zh"])
    assert captioned.photos == ("a.jpg", "b.jpg")
    assert captioned.fields == (
        Captions("en", ("one", "two", "five", "three"), (0, 0, 0, 1)),
        Captions("zh", ("六", "四"), (0, 1)),
    )


def test_only_the_split_asked_for_is_read(tmp_path: Path) -> None:
    file = write(
        tmp_path,
        {"image": "a.jpg", "split": "dev", "en": ["one"]},
        {"image": "b.jpg", "split": "train", "en": ["two"]},
        {"image": "c.jpg"},
    )
    assert read_captioned(file, ["en"], "dev").photos == ("a.jpg",)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_separators_within_captions_are_no_line_ends(tmp_path: Path, encoding: str) -> None:
    file = write(tmp_path, {"image": "a.jpg", "en": ["one\u2028two\x85"]}, encoding=encoding)
    assert read_captioned(file, ["en"]).fields[0].texts == ("one\u2028two\x85",)


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ("{", "line 2"),
        ("[]", "line 2"),
        ({"image": "b.jpg", "en": "one"}, "the captions are not a list of texts"),
        ({"image": "b.jpg", "en": [1]}, "the captions are not a list of texts"),
        ({"image": "b.jpg"}, """{"image": "a.jpg", "en": ["…"]}"""),
        ({"en": ["one"]}, "'image'"),
    ],
)
def test_a_line_at_fault_is_named(tmp_path: Path, row: object, says: str) -> None:
    file = write(tmp_path, {"image": "a.jpg", "en": ["one"]}, row)
    with pytest.raises(InvalidQuery) as raised:
        read_captioned(file, ["en"])
    assert str(raised.value).startswith(f"{file}, line 2: ")
    assert says in str(raised.value)


def test_a_field_without_captions_is_named(tmp_path: Path) -> None:
    file = write(tmp_path, {"image": "a.jpg", "en": ["one"], "zh": []})
    with pytest.raises(InvalidQuery, match="no captions to measure with in the field 'zh'"):
        read_captioned(file, ["en", "zh"])


def test_a_file_that_is_no_text_is_named(tmp_path: Path) -> None:
    file = tmp_path / "captions.jsonl"
    file.write_bytes(b"\xff\xfe{")
    with pytest.raises(InvalidQuery, match="not UTF-8"):
        read_captioned(file, ["en"])
