from __future__ import annotations

import builtins
import io
import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from indexer.walk import walk
from retrieval.catalog.records import FoundFile, Stamp
from retrieval.media import Failure


def write(folder: Path, *paths: str) -> None:
    for path in paths:
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(b"x")


def paths(folder: Path, under: str = "") -> list[str]:
    return [met.path for met in walk(folder, under) if isinstance(met, FoundFile)]


def test_files_come_in_one_order_with_forward_slashes(tmp_path: Path) -> None:
    write(tmp_path, "b/2.txt", "b/1.txt", "a/c/3.txt", "z.txt", "é.txt", "照片/猫.jpg")
    expected = ["z.txt", "é.txt", "a/c/3.txt", "b/1.txt", "b/2.txt", "照片/猫.jpg"]
    assert paths(tmp_path) == expected


def test_size_and_date_are_those_of_the_file(tmp_path: Path) -> None:
    write(tmp_path, "a.txt")
    os.utime(tmp_path / "a.txt", ns=(5, 1_700_000_000_000_000_007))
    assert list(walk(tmp_path)) == [FoundFile("a.txt", 1, 1_700_000_000_000_000_007)]


def test_one_file_or_one_folder_of_a_root(tmp_path: Path) -> None:
    write(tmp_path, "a/1.txt", "a/2.txt", "b/3.txt")
    assert paths(tmp_path, "a") == ["a/1.txt", "a/2.txt"]
    assert paths(tmp_path, "a/2.txt") == ["a/2.txt"]


def test_where_case_makes_no_difference_a_file_is_called_what_its_folder_calls_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, "a/IMG.JPG")
    real, look = str(tmp_path / "a/IMG.JPG"), os.stat
    monkeypatch.setattr(os.path, "isfile", lambda path: path.lower() == real.lower())
    monkeypatch.setattr(os, "stat", lambda path, **_: look(real))
    assert paths(tmp_path, "a/img.jpg") == paths(tmp_path, "a/IMG.JPG") == ["a/IMG.JPG"]


def test_hidden_files_and_litter_are_passed_over(tmp_path: Path) -> None:
    write(tmp_path, ".secret", "._photo.jpg", ".git/config", "a/.DS_Store", "a/seen.txt")
    write(tmp_path, "a/Thumbs.db", "a/@eaDir/photo.jpg/SYNOPHOTO_THUMB_M.jpg", "~$letter.docx")
    write(tmp_path, "$RECYCLE.BIN/$R1.jpg", "lost+found/1", "__MACOSX/a/._b.jpg")
    assert paths(tmp_path) == ["a/seen.txt"]


def test_what_programs_install_and_what_is_marked_is_passed_over(tmp_path: Path) -> None:
    write(tmp_path, "node_modules/lib/logo.png", "app/__pycache__/a.txt", "app/readme.txt")
    write(tmp_path, "env/pyvenv.cfg", "env/lib/a.txt", "cache/CACHEDIR.TAG", "cache/a.png")
    write(tmp_path, "hidden/.nomedia", "hidden/a.png", "hidden/b/c.png")
    assert paths(tmp_path) == ["app/readme.txt"]
    assert paths(tmp_path / "hidden") == ["a.png", "b/c.png"], "it was asked for by name"


def test_a_library_is_passed_over_with_all_in_it(tmp_path: Path) -> None:
    write(tmp_path, "lib/catalog.sqlite", "lib/thumbnails/aa/a.webp", "photo.jpg")
    assert paths(tmp_path) == ["photo.jpg"]


def test_a_sidecar_is_met_with_what_it_belongs_to(tmp_path: Path) -> None:
    write(tmp_path, "a/photo.jpg", "a/photo.jpg.xmp", "a/photo.txt", "a/alone.txt", "a/b/photo.txt")
    met = [found for found in walk(tmp_path) if isinstance(found, FoundFile)]
    beside = {found.path: [sidecar.path for sidecar in found.sidecars] for found in met}
    photo = ["a/photo.jpg.xmp", "a/photo.txt"]
    assert beside == {"a/alone.txt": [], "a/photo.jpg": photo, "a/b/photo.txt": []}
    for place in ("a/photo.jpg", "a/photo.txt", "a/photo.xmp", "a/photo.webp"):
        assert paths(tmp_path, place) == ["a/photo.jpg"]


def test_any_change_of_a_sidecar_changes_the_stamp(tmp_path: Path) -> None:
    write(tmp_path, "photo.jpg")

    def stamp() -> Stamp:
        (found,) = walk(tmp_path)
        assert isinstance(found, FoundFile)
        return found.stamp

    stamps = [stamp()]
    for change in (
        lambda: write(tmp_path, "photo.txt"),
        lambda: os.utime(tmp_path / "photo.txt", ns=(5, 5)),
        lambda: (tmp_path / "photo.txt").rename(tmp_path / "photo.jpg.txt"),
        lambda: write(tmp_path, "photo.xmp"),
    ):
        change()
        stamps.append(stamp())
    assert stamps[0].beside == 0 and len(set(stamps)) == 5
    (tmp_path / "photo.jpg.txt").unlink()
    (tmp_path / "photo.xmp").unlink()
    assert stamp() == stamps[0]


def test_linked_folders_are_not_entered(tmp_path: Path) -> None:
    write(tmp_path, "a/1.txt")
    (tmp_path / "a/loop").symlink_to(tmp_path, target_is_directory=True)
    (tmp_path / "link.txt").symlink_to(tmp_path / "a/1.txt")
    (tmp_path / "dangling.txt").symlink_to(tmp_path / "nothing")
    assert paths(tmp_path) == ["link.txt", "a/1.txt"]


def test_links_that_lead_in_circles_or_to_nothing_are_passed_over(tmp_path: Path) -> None:
    write(tmp_path, "a.txt", "b/c.txt")
    (tmp_path / "self.txt").symlink_to(tmp_path / "self.txt")
    (tmp_path / "one.txt").symlink_to(tmp_path / "two.txt")
    (tmp_path / "two.txt").symlink_to(tmp_path / "one.txt")
    (tmp_path / "b/up").symlink_to("..", target_is_directory=True)
    (tmp_path / "through.txt").symlink_to(tmp_path / "a.txt/beyond.txt")
    assert [met.path for met in walk(tmp_path)] == ["a.txt", "b/c.txt"]


def test_pipes_sockets_and_devices_are_passed_over_and_never_opened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    os.mkfifo(tmp_path / "pipe.txt")
    (tmp_path / "endless.txt").symlink_to("/dev/zero")
    (tmp_path / "terminal.txt").symlink_to("/dev/tty")
    bound = socket.socket(socket.AF_UNIX)
    # The path of a socket may have a hundred bytes, fewer than this folder's.
    monkeypatch.chdir(tmp_path)
    bound.bind("socket.txt")

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a device was opened")

    for module in (os, io, builtins):
        monkeypatch.setattr(module, "open", refuse)
    assert list(walk(tmp_path)) == [] == list(walk(tmp_path, "pipe.txt"))
    bound.close()


def test_a_name_may_hold_anything_that_is_unicode(tmp_path: Path) -> None:
    names = [" a.txt", "a\nb.txt", "tab\t.txt", "‮right.txt", "\x1b[31m.txt", "☃" * 80, "%s {0} *"]
    write(tmp_path, *names)
    assert paths(tmp_path) == sorted(names)


def test_a_folder_that_vanishes_while_its_tree_is_walked_is_not_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, "a/1.txt", "b/2.txt", "c/3.txt")
    scandir = os.scandir

    def vanish(path: str) -> object:
        if path == str(tmp_path / "b"):
            (tmp_path / "b").rename(tmp_path.parent / "elsewhere")
        return scandir(path)

    monkeypatch.setattr(os, "scandir", vanish)
    assert [met.path for met in walk(tmp_path)] == ["a/1.txt", "c/3.txt"]


def test_a_file_that_vanishes_after_it_was_listed_is_not_there(
    tmp_path: Path,
) -> None:
    write(tmp_path, "1.txt", "2.txt", "3.txt")
    assert [met.path for met in _unlinking(walk(tmp_path), tmp_path / "2.txt")] == [
        "1.txt",
        "3.txt",
    ]


def _unlinking(walked: Iterator[FoundFile | Failure], file: Path) -> Iterator[FoundFile | Failure]:
    for met in walked:
        yield met
        file.unlink(missing_ok=True)


def test_a_file_that_cannot_be_examined_is_reported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, "bad.txt", "good.txt")
    look = os.stat

    def refuse(path: str, **options: object) -> os.stat_result:
        if Path(path).name == "bad.txt":
            raise OSError(5, "Input/output error")
        return look(path, **options)

    monkeypatch.setattr(os, "stat", refuse)
    failure, found = walk(tmp_path)
    assert failure == Failure("bad.txt", "cannot be examined: Input/output error")
    assert found.path == "good.txt"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may list every folder")
def test_a_closed_folder_is_reported(tmp_path: Path) -> None:
    write(tmp_path, "closed/1.txt", "open/2.txt")
    (tmp_path / "closed").chmod(0)
    met = list(walk(tmp_path))
    (tmp_path / "closed").chmod(0o755)
    assert met[0] == Failure("closed", "cannot be listed: Permission denied")
    assert [found.path for found in met[1:]] == ["open/2.txt"]


def test_a_folder_that_cannot_be_listed_is_reported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, "closed/1.txt", "open/2.txt")
    scandir = os.scandir

    def refuse(path: Path) -> object:
        if Path(path).name == "closed":
            raise PermissionError(13, "Permission denied")
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refuse)
    failure, found = walk(tmp_path)
    assert failure == Failure("closed", "cannot be listed: Permission denied")
    assert found.path == "open/2.txt"


def test_a_name_that_is_not_unicode_is_reported(tmp_path: Path) -> None:
    try:
        (tmp_path / os.fsdecode(b"caf\xe9.txt")).write_bytes(b"x")
    except OSError:
        pytest.skip("this file system takes Unicode names only")
    (failure,) = walk(tmp_path)
    assert isinstance(failure, Failure)
    assert failure.path == "caf\N{REPLACEMENT CHARACTER}.txt" and "rename" in failure.reason


def test_a_deep_tree_is_walked(tmp_path: Path) -> None:
    deep = "/".join("d" for _ in range(700))
    (tmp_path / deep).mkdir(parents=True)
    (tmp_path / deep / "leaf.txt").write_bytes(b"x")
    assert paths(tmp_path) == [f"{deep}/leaf.txt"]
