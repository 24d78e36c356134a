"""A library of near-duplicates: of the first lake four pictures, of others one; a report twice."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from indexer.run import index
from retrieval.library import Library
from tests.alike.scenes import CHANGES, scene
from tests.fakes import FakeEncoder

OTHERS = 5


@contextmanager
def library_of_lakes(folder: Path) -> Iterator[Library]:
    """Make the pictures and documents in a folder, and open a library of them beside it."""
    media = folder / "media"
    media.mkdir()
    for seed in range(1 + OTHERS):
        scene(seed).save(media / f"lake-{seed}.png")
    for name in ("halved", "compressed", "brighter"):
        CHANGES[name](scene(0)).save(media / f"lake-0-{name}.png")
    for name in ("report", "report of June"):
        (media / f"{name}.txt").write_text(REPORT + name, "utf-8")
    with Library.open(folder / "library", encoder=FakeEncoder()) as library:
        index(library, [media])
        yield library


REPORT = """The lake was calm in the morning. Two red boats lay at the shore, and nobody was about
    but an old man who mended his nets by the little harbour, as he has done for many years. """
