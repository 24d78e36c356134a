from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

from indexer.thumbnails import LONG_SIDE, write_thumbnail


@pytest.mark.parametrize(("size", "expected"), [((960, 640), (480, 320)), ((30, 90), (30, 90))])
def test_a_picture_is_made_small_but_never_larger(
    tmp_path: Path, size: tuple[int, int], expected: tuple[int, int]
) -> None:
    target = tmp_path / "ab" / "abc.jpg"
    picture = Image.new("RGB", size, "red")
    write_thumbnail(target, picture)
    with Image.open(target) as small:
        assert small.format == "JPEG" and small.size == expected
    assert picture.size == size and max(expected) <= LONG_SIDE
    assert [file.name for file in target.parent.iterdir()] == ["abc.jpg"]


def test_one_that_is_there_is_kept(tmp_path: Path) -> None:
    target = tmp_path / "abc.jpg"
    target.write_bytes(b"kept")
    write_thumbnail(target, Image.new("RGB", (8, 8)))
    assert target.read_bytes() == b"kept"


def test_one_that_cannot_be_written_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fill_the_disk(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Image.Image, "save", fill_the_disk)
    with pytest.raises(OSError, match="No space"):
        write_thumbnail(tmp_path / "abc.jpg", Image.new("RGB", (8, 8)))
    assert list(tmp_path.iterdir()) == []
