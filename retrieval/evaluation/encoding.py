"""Encodes captioned photos: every photo and every caption once.

What would stop an encoder half-way is looked for first: a photo that is not there, a caption that
is too long.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import numpy as np

from retrieval.decode.pictures import open_picture
from retrieval.encoders.protocol import Encoder, Vectors
from retrieval.errors import InvalidQuery, UnreadableMedia
from retrieval.evaluation.captioned import Captioned, Captions

PHOTOS = 32
TEXTS = 512
"""What an encoder is given at once; it sorts texts by length, so that more are better."""

T = TypeVar("T")
Advance = Callable[[int], object]
"""Learns that so many more photos or captions are encoded."""


@dataclass(frozen=True, slots=True, eq=False)
class Encoded:
    """The vectors of photos and captions, in their order."""

    photos: Vectors
    captions: Mapping[str, Vectors]
    """By field."""


def encode(encoder: Encoder, captioned: Captioned, folder: Path, advance: Advance) -> Encoded:
    """Encode photos and captions.

    Raise UnreadableMedia naming a photo that is missing or damaged, or InvalidQuery naming a
    caption that is longer than the encoder's window.
    """
    files = [folder / photo for photo in captioned.photos]
    _expect_files(files)
    for field in captioned.fields:
        _expect_short(encoder, captioned, field)
    texts = {field.key: _texts(encoder, field.texts, advance) for field in captioned.fields}
    return Encoded(_photos(encoder, files, advance), texts)


def _expect_files(files: Sequence[Path]) -> None:
    for file in files:
        if not file.is_file():
            raise UnreadableMedia(
                f"{file}: there is no such picture; check --images, or take its line out."
            )


def _expect_short(encoder: Encoder, captioned: Captioned, field: Captions) -> None:
    counts = encoder.count_tokens(field.texts)
    longest = int(np.argmax(counts))
    if counts[longest] > encoder.text_window:
        raise InvalidQuery(
            f"A caption of {captioned.photos[field.owners[longest]]} in the field {field.key!r} "
            f"takes {counts[longest]} tokens, and {encoder.name} holds {encoder.text_window}: "
            "shorten it or take it out."
        )


def _photos(encoder: Encoder, files: Sequence[Path], advance: Advance) -> Vectors:
    rows = []
    for batch in parts(files, PHOTOS):
        rows.append(encoder.encode_images([open_picture(file).image for file in batch]))
        advance(len(batch))
    return np.vstack(rows)


def _texts(encoder: Encoder, texts: Sequence[str], advance: Advance) -> Vectors:
    rows = []
    for batch in parts(texts, TEXTS):
        rows.append(encoder.encode_texts(batch))
        advance(len(batch))
    return np.vstack(rows)


def parts(things: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    """Take things apart into as many at once as an encoder is given."""
    for start in range(0, len(things), size):
        yield things[start : start + size]
