"""The lettering in pictures: signs, receipts, screenshots and scans, read by RapidOCR.

Its models are files of the package, named here one by one, so that nothing is ever fetched. Most
photos hold no lettering, and to search them for it at full size takes ten times as long as to
encode them. So a small copy is glanced at first, and only where something like lettering shows is
the picture read, one picture at a time, for that takes memory.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from threading import Lock
from time import monotonic
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from retrieval.decode.scaling import LEGIBLE
from retrieval.decode.spawning import STARTING
from retrieval.errors import ModelUnavailable
from retrieval.settings import settings

SOUGHT = 960
"""Pixels of the longer side at which lines are found; they are read from the whole picture."""
GLANCE = 448
"""The same at which lines show, those of a printed page too."""
THICKEST = 0.5
"""The share of a picture's shorter side, or of its own longer one, that lettering is high at most;
what is higher in both is an object that looks like a letter."""
SUREST_DOUBT = 0.8
"""The confidence below which a line is not kept: what is no lettering is read with less."""
PATIENCE = 1 / 3
"""The share of the time for decoding a file until which the lettering in it is read."""
LEAST_CHARACTERS = 2
"""Letters and digits of a line; a single one is mostly an object."""

Pixels = NDArray[np.uint8]
BLANK: Pixels = np.full((48, 96, 3), 255, np.uint8)
_OPENING, _READING = Lock(), Lock()


@dataclass(frozen=True, slots=True)
class Line:
    """A piece of lettering that stands in one line."""

    text: str
    confidence: float
    """0…1."""
    left: float
    middle: float
    height: float
    """Where it begins, its middle from the top, and how high it is, in pixels."""


def reader_of_lettering() -> Callable[[Image.Image], str] | None:
    """Give what reads lettering; None where the extra ``ocr`` is missing or reading is off."""
    if settings().lettering == "off" or find_spec("rapidocr") is None:
        return None
    return read_lettering


def end_of_reading() -> float:
    """Say when, by ``time.monotonic``, a file that is opened now is no longer read."""
    return monotonic() + PATIENCE * settings().max_decoding_seconds


def read_lettering(image: Image.Image) -> str:
    """Write down the lettering in an upright RGB picture, row by row; nothing where none is sure.

    Safe to call from several threads. Raises ModelUnavailable where the models cannot be opened.
    """
    return "\n".join(" ".join(line.text for line in row) for row in rows(read_lines(image)))


def read_lines(image: Image.Image) -> tuple[Line, ...]:
    """Read the lines in an upright RGB picture, in no order; see ``read_lettering``."""
    with _OPENING:
        glance, read = _engines()
    if not _shows_lettering(image, glance):
        return ()
    with _READING:
        found = read(_pixels(image), use_det=True)
    if found.boxes is None:
        return ()
    return tuple(
        _line(*one)
        for one in zip(found.txts, found.scores, found.boxes, strict=True)
        if _is_credible(*one[:2])
    )


def rows(lines: Iterable[Line]) -> list[list[Line]]:
    """Put lines in the order of reading: rows from top to bottom, each from left to right."""
    found: list[list[Line]] = []
    for line in sorted(lines, key=lambda line: line.middle):
        above = found[-1][-1] if found else None
        if above and line.middle - above.middle < min(line.height, above.height) / 2:
            found[-1].append(line)
        else:
            found.append([line])
    return [sorted(row, key=lambda line: line.left) for row in found]


def _shows_lettering(image: Image.Image, glance: Any) -> bool:
    small = image.copy()
    small.thumbnail((GLANCE, GLANCE), Image.Resampling.HAMMING)
    boxes = glance(_pixels(small)).boxes
    if boxes is None:
        return False
    sides = np.linalg.norm(boxes[:, [1, 3]] - boxes[:, [0]], axis=2)
    bound = THICKEST * np.maximum(sides.max(axis=1), min(small.size))
    return bool(np.any(sides.min(axis=1) <= bound))


def _is_credible(text: str, confidence: float) -> bool:
    return confidence >= SUREST_DOUBT and sum(map(str.isalnum, text)) >= LEAST_CHARACTERS


def _line(text: str, confidence: float, box: NDArray[np.float32]) -> Line:
    (left, top), (_, bottom) = box.min(axis=0).tolist(), box.max(axis=0).tolist()
    return Line(text.strip(), float(confidence), left, (top + bottom) / 2, bottom - top)


def _pixels(image: Image.Image) -> Pixels:
    """Give a picture's pixels, blue first."""
    return np.ascontiguousarray(np.asarray(image)[..., ::-1])


@cache
def _engines() -> tuple[Any, Any]:
    """Open what glances, for any number of threads, and what reads, for one."""
    cores = os.cpu_count() or 1
    with _opening():
        _import()
        glance = _engine(1, GLANCE, {"Global.use_cls": False, "Global.use_rec": False})
        read = _engine(min(settings().threads or cores, cores), SOUGHT, {})
        # Each model is opened when it is first asked, and one that cannot be is no picture's fault.
        glance(BLANK)
        read(BLANK, use_det=False)
        return glance, read


def _import() -> None:
    """Import what reads.

    While OpenCV is imported it puts a folder of its own before all others, and a process that is
    started in that moment would look for ``typing`` there.
    """
    with STARTING:
        from rapidocr import RapidOCR  # noqa: F401


@contextmanager
def _opening() -> Iterator[None]:
    try:
        yield
    # The package and those it stands on raise errors of their own, of files and of the system.
    except Exception as error:
        raise ModelUnavailable(
            f"The lettering in pictures cannot be read ({type(error).__name__}: {error}); install "
            "it again: pip install --force-reinstall 'triptych[ocr]', or set TRIPTYCH_LETTERING=off"
        ) from error


def _engine(threads: int, side: int, more: dict[str, Any]) -> Any:
    import rapidocr
    from rapidocr import RapidOCR

    models = Path(rapidocr.__file__).parent / "models"
    return RapidOCR(
        params={
            # Else the package makes a handler of its own speak.
            "Global.log_level": "critical",
            "Global.max_side_len": 2 * LEGIBLE,
            "Global.text_score": SUREST_DOUBT,
            "EngineConfig.onnxruntime.intra_op_num_threads": threads,
            "Det.limit_type": "max",
            "Det.limit_side_len": side,
            # A model that is named is not fetched, even if it is damaged.
            "Det.model_path": str(models / "PP-OCRv6_det_small.onnx"),
            "Cls.model_path": str(models / "ch_ppocr_mobile_v2.0_cls_mobile.onnx"),
            "Rec.model_path": str(models / "PP-OCRv6_rec_small.onnx"),
            **more,
        }
    )
