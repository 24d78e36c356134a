"""Files whose names or whose places are odd, and what is to become of each; see ``hostile``."""

from __future__ import annotations

import os
import socket
from pathlib import Path

from tests.indexer.hostile import Corpus
from tests.indexer.papers import pack
from tests.indexer.whole import Sign, make, paint, shade

SPARSE = 3 << 30
"""Bytes of a file that takes none: more than are read."""
BAD_UTF_8 = os.fsdecode(b"caf\xe9.png")
ODD = (
    "two\nlines",
    "\u202egnp.live",
    "--library",
    " blank ",
    "\x1b[31mred\x1b[0m",
    "%s {0} $HOME `id` 'quoted' \"twice\"",
    "emoji \U0001f433",
    "e\u0301 beside \u00e9",
    "back\\slash",
    "long " + "\u9be8" * 82,
    "CON",
)


def make_odd(folder: Path, outside: Path) -> Corpus:
    """Write all of them; what lies ``outside`` is only linked to."""
    corpus = Corpus(folder)
    for maker in (misnamed, oddly_named):
        (folder / maker.__name__).mkdir()
        maker(folder / maker.__name__, corpus)
    place_oddly(folder / "places", corpus, outside)
    return corpus


def misnamed(folder: Path, corpus: Corpus) -> None:
    """Write files that are something else than their names say."""
    signs = {
        "png.jpg": Sign(shade(2, 9)),
        "heic.png": Sign(shade(4, 9)),
        "mp4.mp3": Sign(shade(6, 9), seconds=2.0),
        "wav.mp4": Sign(seconds=3.5),
        "docx.pdf": Sign(word="whalenamedpdf"),
        "pdf.docx": Sign(word="whalenameddocx"),
    }
    for name, sign in signs.items():
        make(folder / f"made.{name.split('.')[0]}", sign).rename(folder / name)
    (folder / "text.jpg").write_text("I am no picture.")
    (folder / "html.mp4").write_text("<!doctype html><p>Please sign in.</p>")
    (folder / "program.png").write_bytes(b"\x7fELF\2\1\1" + bytes(400))
    (folder / "numbers.txt").write_bytes(bytes(range(256)) * 10)
    pack(folder / "archive.epub", {"a.txt": b"words"})
    corpus.expect(
        {f"misnamed/{name}": sign for name, sign in signs.items()},
        {
            "misnamed/text.jpg": "is named .jpg but holds something else",
            "misnamed/html.mp4": "is named .mp4 but holds something else",
            "misnamed/program.png": "is named .png but holds",
            "misnamed/numbers.txt": "is named .txt but holds something else",
            "misnamed/archive.epub": "is named .epub but holds application/zip",
        },
    )


def oddly_named(folder: Path, corpus: Corpus) -> None:
    """Write sound pictures and a broken one under names that are hard to write down."""
    for number, name in enumerate(ODD):
        colour = shade(number, len(ODD))
        paint(folder / f"{name}.png", colour)
        corpus.expect({f"oddly_named/{name}.png": Sign(colour)}, {})
    broken = "broken\n\x1b[31m in\n\u202etwo.png"
    (folder / broken).write_bytes(b"\x89PNG\r\n\x1a\n")
    corpus.expect({}, {f"oddly_named/{broken}": "is a damaged PNG file"})
    try:
        (folder / BAD_UTF_8).write_bytes(b"")
    except OSError:  # this file system takes Unicode only
        return
    corpus.expect({}, {"oddly_named/caf\N{REPLACEMENT CHARACTER}.png": "not valid Unicode; rename"})


def place_oddly(folder: Path, corpus: Corpus, outside: Path) -> None:
    """Link, pipe, stretch and hide."""
    outside.mkdir()
    (folder / "deep").mkdir(parents=True)
    signs = {"linked.png": Sign(shade(3, 9)), "hard.png": Sign(shade(8, 9))}
    for name, sign in signs.items():
        make(outside / name, sign)
    (folder / "linked.png").symlink_to(outside / "linked.png")
    (folder / "hard.png").hardlink_to(outside / "hard.png")
    (folder / "hard again.png").hardlink_to(outside / "hard.png")
    (folder / "deep/up").symlink_to(folder, target_is_directory=True)
    (folder / "away").symlink_to(outside, target_is_directory=True)
    (folder / "self.png").symlink_to(folder / "self.png")
    (folder / "nowhere.png").symlink_to(folder / "nothing.png")
    (folder / "endless.png").symlink_to("/dev/zero")
    os.mkfifo(folder / "pipe.png")
    _listen(folder / "socket.png")
    for name, start in {"sparse.png": b"", "sparse.jpg": b"\xff\xd8\xff"}.items():
        (folder / name).write_bytes(start)
        os.truncate(folder / name, SPARSE)
    corpus.expect(
        {**{f"places/{name}": sign for name, sign in signs.items()}}
        | {"places/hard again.png": signs["hard.png"]},
        {
            "places/sparse.png": "is named .png but holds something else",
            "places/sparse.jpg": "TRIPTYCH_MAX_BYTES",
        },
    )


def make_device(file: Path) -> bool:
    """Make a device that never ends, if this user may."""
    try:
        os.mknod(file, 0o644 | 0o020000, os.makedev(1, 5))
    except OSError:
        return False
    return True


def _listen(file: Path) -> None:
    # The path of a socket may have a hundred bytes, fewer than a test's folder has.
    with socket.socket(socket.AF_UNIX) as bound:
        descriptor = os.open(file.parent, os.O_RDONLY)
        try:
            bound.bind(f"/proc/self/fd/{descriptor}/{file.name}")
        finally:
            os.close(descriptor)
