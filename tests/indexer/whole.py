"""One sound file of every kind, each of its own looks, words or length."""

from __future__ import annotations

import colorsys
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import av
import numpy as np
from PIL import Image

from tests.films import film
from tests.indexer.conftest import print_pages, record
from tests.indexer.papers import bind_book, give_talk, write_letter

Colour = tuple[int, int, int]
PICTURES = ("jpg", "png", "gif", "webp", "avif", "heic", "tiff", "bmp", "jp2", "ico", "ppm", "qoi")
SOUNDS = {"wav": "", "mp3": "libmp3lame", "flac": "flac", "ogg": "libopus", "m4a": "aac"}
FILMS = {"mp4": "mpeg4", "webm": "libvpx", "mkv": "libx264", "avi": "mpeg4"}
SIZE = (96, 64)


@dataclass(frozen=True, slots=True)
class Sign:
    """By what a file is told from all others; the rest is nothing."""

    colour: Colour | None = None
    word: str = ""
    seconds: float = 0.0


def make_one_of_each(folder: Path) -> dict[str, Sign]:
    """Write the files, and say by what to know each."""
    signs: dict[str, Sign] = {}
    for number, suffix in enumerate(PICTURES):
        signs[f"picture {suffix}.{suffix}"] = Sign(colour=shade(number, len(PICTURES)))
    for number, suffix in enumerate(SOUNDS):
        signs[f"sound {suffix}.{suffix}"] = Sign(seconds=1.0 + number / 2)
    for number, suffix in enumerate(FILMS):
        signs[f"film {suffix}.{suffix}"] = Sign(shade(number, len(FILMS)), seconds=2.0 + number)
    for suffix in TEXTS:
        signs[f"text {suffix}.{suffix}"] = Sign(word=f"whale{suffix}")
    for name, sign in signs.items():
        make(folder / name, sign)
    return signs


def make(file: Path, sign: Sign) -> Path:
    """Write a file of the kind that it is named like."""
    suffix = file.suffix[1:]
    if suffix in PICTURES:
        paint(file, sign.colour or (0, 0, 0))
    elif suffix in SOUNDS:
        play(file, sign.seconds, SOUNDS[suffix])
    elif suffix in FILMS:
        shown = f"rgb{sign.colour}"
        film(file, [shown], sign.seconds, size=SIZE, codec=FILMS[suffix])
    else:
        TEXTS[suffix](file, f"A note about {sign.word} and nothing else.")
    return file


def shade(number: int, count: int) -> Colour:
    """Give one of some colours that no compression mistakes for another."""
    red, green, blue = colorsys.hsv_to_rgb(number / count, 0.9, 0.9)
    return round(red * 255), round(green * 255), round(blue * 255)


def paint(file: Path, colour: Colour) -> None:
    """Write a plain picture."""
    picture = Image.new("RGB", SIZE, colour)
    if file.suffix == ".heic":
        from pillow_heif import from_pillow

        from_pillow(picture).save(file)
    else:
        picture.save(file)


def play(file: Path, seconds: float, codec: str) -> None:
    """Write a tone."""
    if not codec:
        record(file, seconds)
        return
    rate = 48_000
    wave = 0.3 * np.sin(np.arange(round(seconds * rate)) * 440 * 2 * np.pi / rate)
    with av.open(str(file), "w") as container:
        track = container.add_stream(codec, rate=rate, layout="mono")
        frame = av.AudioFrame.from_ndarray(wave.astype(np.float32)[None], "flt", "mono")
        frame.rate = rate
        resampler = av.AudioResampler(track.codec_context.format, "mono", rate, track.frame_size)
        for part in (*resampler.resample(frame), *resampler.resample(None)):
            container.mux(track.encode(part))
        container.mux(track.encode(None))


def _write(file: Path, text: str) -> None:
    file.write_text(text, "utf-8")


TEXTS: dict[str, Callable[[Path, str], object]] = {
    "txt": _write,
    "md": lambda file, text: _write(file, f"# A title\n\n{text}\n"),
    "html": lambda file, text: _write(file, f"<!doctype html><title>A page</title><p>{text}</p>"),
    "csv": lambda file, text: _write(file, f"number,words\n1,{text}\n"),
    "json": lambda file, text: _write(file, json.dumps({"words": text})),
    "py": lambda file, text: _write(file, f'"""{text}"""\n'),
    "pdf": lambda file, text: print_pages(file, text),
    "docx": lambda file, text: write_letter(file, text),
    "pptx": lambda file, text: give_talk(file, text),
    "epub": lambda file, text: bind_book(file, f"<p>{text}</p>"),
}
