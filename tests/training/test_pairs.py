"""Reading captioned photos and setting some aside."""

from __future__ import annotations

from pathlib import Path

import pytest

from retrieval.errors import InvalidQuery
from retrieval.training.pairs import Pairs, read_pairs
from tests.training.drawings import write


def read(tmp_path: Path, *lines: dict[str, object], keys: tuple[str, ...] = ()) -> Pairs:
    return read_pairs(write(tmp_path / "pairs.jsonl", list(lines)), keys, 0.2, 0)


def photos(count: int) -> list[dict[str, object]]:
    return [{"image": f"{i}.jpg", "en": [f"picture {i}"], "zh": []} for i in range(count)]


def held_out(pairs: Pairs) -> set[str]:
    return {photo for photo, held in zip(pairs.photos, pairs.held_out, strict=True) if held}


def test_a_text_of_two_photos_is_there_once_and_linked_twice(tmp_path: Path) -> None:
    lines = [{"image": n, "en": ["a dog", f"the dog {n}", " "]} for n in ("a", "b")]
    pairs = read(tmp_path, *lines)
    assert pairs.texts == ("a dog", "the dog a", "the dog b")
    assert pairs.links.tolist() == [[0, 0], [0, 1], [1, 0], [1, 2]]


def test_without_a_key_all_fields_of_the_first_line_that_hold_captions_are_read(
    tmp_path: Path,
) -> None:
    lines = [
        {"image": "a", "en": ["one"], "zh": ["一"], "empty": [], "size": 3, "split": "train"},
        {"image": "b", "en": ["two"], "zh": [], "empty": [], "other": ["x"], "split": "dev"},
    ]
    assert read(tmp_path, *lines).texts == ("one", "two", "一")
    assert read(tmp_path, *lines, keys=("zh",)).texts == ("一",)


@pytest.mark.parametrize("name", ["dev", "val", "validation"])
def test_the_file_s_own_split_is_kept_to(tmp_path: Path, name: str) -> None:
    lines = photos(5)
    lines[1]["split"], lines[2]["split"], lines[3]["split"] = name, "test", "train"
    pairs = read(tmp_path, *lines)
    assert held_out(pairs) == {"1.jpg"}
    assert pairs.photos == ("0.jpg", "1.jpg", "3.jpg", "4.jpg")


def test_otherwise_a_share_is_drawn_that_stays_when_photos_are_added(tmp_path: Path) -> None:
    few, more = read(tmp_path, *photos(50)), read(tmp_path, *photos(55))
    assert len(held_out(few)) == 10
    assert len(held_out(few) & held_out(more)) >= 8
    other = read_pairs(tmp_path / "pairs.jsonl", (), 0.2, seed=1)
    assert held_out(other) != held_out(more)
    assert other.digest() != more.digest() == read(tmp_path, *photos(55)).digest()


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("nonsense", "line 2: not JSON"),
        ("[" * 100_000, "line 2: not JSON"),
        ("[1]", "line 2: not of the form"),
        ('{"en": ["a"]}', "line 2: the field 'image' is not the name of a picture"),
        ('{"image": 3, "en": ["a"]}', "line 2: the field 'image'"),
        ('{"image": "", "en": ["a"]}', "line 2: the field 'image'"),
        ('{"image": "b", "en": ["a"], "split": 1}', "line 2: the field 'split'"),
        ('{"image": "a", "en": ["a"], "split": "dev"}', "line 2: a is also in the split 'train'"),
        ('{"image": "b", "en": ["\\ud800"]}', "line 2: the field 'en' holds half a character"),
        ('{"image": "b", "fr": ["a"]}', "line 2: .*'en'"),
        ('{"image": "b", "en": "a"}', "line 2: .*not a list of texts"),
        ('{"image": "b", "en": [1]}', "line 2: .*not a list of texts"),
    ],
)
def test_a_line_that_cannot_be_used_is_named(tmp_path: Path, line: str, says: str) -> None:
    file = tmp_path / "pairs.jsonl"
    file.write_text('{"image": "a", "en": ["one"], "split": "train"}\n' + line + "\n")
    with pytest.raises(InvalidQuery, match=says) as caught:
        read_pairs(file, (), 0.2, 0)
    assert str(file) in str(caught.value)


@pytest.mark.parametrize("text", ["", "\n\n", '{"image": "a"}', '{"image": "a", "en": []}'])
def test_a_file_without_captions_is_refused(tmp_path: Path, text: str) -> None:
    file = tmp_path / "pairs.jsonl"
    file.write_text(text)
    with pytest.raises(InvalidQuery, match="no lists of captions"):
        read_pairs(file, (), 0.2, 0)


@pytest.mark.parametrize("line", [{"en": ["a"], "split": "test"}, {"en": [" "]}])
def test_a_file_with_nothing_to_train_on_is_refused(
    tmp_path: Path, line: dict[str, object]
) -> None:
    with pytest.raises(InvalidQuery, match="no captions outside its test split"):
        read(tmp_path, {"image": "a", **line})


def test_a_file_that_is_not_unicode_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "pairs.jsonl"
    file.write_bytes(b'{"image": "\xff"}')
    with pytest.raises(InvalidQuery, match="save it as UTF-8"):
        read_pairs(file, (), 0.2, 0)


def test_a_byte_order_mark_is_no_part_of_the_first_line(tmp_path: Path) -> None:
    file = write(tmp_path / "pairs.jsonl", photos(3))
    file.write_bytes(b"\xef\xbb\xbf" + file.read_bytes())
    assert read_pairs(file, (), 0.2, 0).photos == ("0.jpg", "1.jpg", "2.jpg")
