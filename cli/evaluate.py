"""``triptych evaluate``: an encoder's recall on captioned pictures."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from itertools import islice
from pathlib import Path
from typing import Any, TypeVar

import click
import numpy as np

from cli.options import encoder_option, json_option
from cli.progress import ProgressBar
from retrieval.encoders.protocol import Encoder, Vectors
from retrieval.errors import InvalidQuery

PICTURES = 32
TEXTS = 512
"""What an encoder is given at once; it sorts texts by length, so that more are better."""

T = TypeVar("T")


@click.command("evaluate")
@click.argument("captions", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--images",
    "folder",
    required=True,
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="The folder that the pictures' names are relative to.",
)
@click.option("--captions", "key", required=True, metavar="KEY", help="The captions' field.")
@click.option("--split", metavar="NAME", help="Only lines whose field `split` is this.")
@encoder_option
@json_option
def command(
    captions: Path, folder: Path, key: str, split: str | None, encoder: str | None, as_json: bool
) -> None:
    """Measure how well an encoder finds pictures by their captions, and captions by pictures.

    CAPTIONS is a file of lines like {"image": "a.jpg", "en": ["A dog.", "A dog runs."]}; with
    --captions en every caption is a query, and its own picture the only right answer.
    """
    from retrieval.encoders.registry import load_encoder
    from retrieval.evaluation import evaluate
    from retrieval.settings import settings

    captioned = read_captions(captions, key, split)
    model = load_encoder(encoder or settings().encoder)
    texts = [text for own in captioned.values() for text in own]
    owners = [i for i, own in enumerate(captioned.values()) for _ in own]
    pictures = _encode_pictures(model, [folder / name for name in captioned])
    result = evaluate(pictures, _encode_texts(model, texts), owners)
    body = _with_at(asdict(result))
    click.echo(json.dumps(body, indent=2) if as_json else _table(body))


def read_captions(file: Path, key: str, split: str | None) -> dict[str, list[str]]:
    """Read each picture's captions, or raise InvalidQuery naming the line at fault."""
    found: dict[str, list[str]] = {}
    for number, line in enumerate(file.read_text("utf-8").splitlines(), 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            if split is None or row.get("split") == split:
                found.setdefault(str(row["image"]), []).extend(_captions(row[key]))
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise InvalidQuery(
                f'{file}, line {number}: not of the form {{"image": "a.jpg", "{key}": ["…"]}} '
                f"({error!r})."
            ) from error
    captioned = {image: texts for image, texts in found.items() if texts}
    if not captioned:
        raise InvalidQuery(f"{file} has no captions to measure with.")
    return captioned


def _captions(value: Any) -> list[str]:
    if not isinstance(value, list) or not all(isinstance(text, str) for text in value):
        raise TypeError("the captions are not a list of texts")
    return value


def _encode_pictures(encoder: Encoder, files: Sequence[Path]) -> Vectors:
    from retrieval.decode.pictures import open_picture

    rows = []
    with ProgressBar("Encoding pictures") as progress:
        progress.total(len(files))
        for batch in _batches(files, PICTURES):
            rows.append(encoder.encode_images([open_picture(file).image for file in batch]))
            progress.advance(len(batch))
    return np.vstack(rows)


def _encode_texts(encoder: Encoder, texts: Sequence[str]) -> Vectors:
    rows = []
    with ProgressBar("Encoding captions") as progress:
        progress.total(len(texts))
        for batch in _batches(texts, TEXTS):
            rows.append(encoder.encode_texts(batch))
            progress.advance(len(batch))
    return np.vstack(rows)


def _batches(things: Sequence[T], size: int) -> Iterator[list[T]]:
    remaining = iter(things)
    while batch := list(islice(remaining, size)):
        yield batch


def _with_at(body: dict[str, Any]) -> dict[str, Any]:
    """Write ``recall_at_1`` as the field calls it, ``recall@1``."""
    for direction in ("text_to_image", "image_to_text"):
        body[direction] = {k.replace("_at_", "@"): v for k, v in body[direction].items()}
    return body


def _table(body: dict[str, Any]) -> str:
    lines = [f"{body['images']} pictures, {body['captions']} captions"]
    for direction in ("text_to_image", "image_to_text"):
        figures = "  ".join(f"{name} {value:.3f}" for name, value in body[direction].items())
        lines.append(f"{direction}  {figures}")
    return "\n".join(lines)
