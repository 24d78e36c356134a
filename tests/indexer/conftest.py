from __future__ import annotations

import wave
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from fpdf import FPDF
from PIL import Image

from indexer.report import Report
from indexer.run import index
from retrieval.library import Library
from tests.fakes import FakeEncoder, FakeTranscriber


@pytest.fixture
def media(tmp_path: Path) -> Path:
    folder = tmp_path / "media"
    folder.mkdir()
    return folder


@pytest.fixture
def encoder() -> FakeEncoder:
    return FakeEncoder()


@pytest.fixture
def transcriber() -> FakeTranscriber:
    return FakeTranscriber()


@pytest.fixture
def library(
    tmp_path: Path, encoder: FakeEncoder, transcriber: FakeTranscriber
) -> Iterator[Library]:
    with Library.open(tmp_path / "library", encoder, transcriber) as opened:
        yield opened


@pytest.fixture
def run(library: Library, media: Path) -> Callable[[], Report]:
    return lambda: index(library, [media])


def paint(file: Path, colour: str | tuple[int, int, int] = "red", **options: object) -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    Image.new("RGB", (64, 48), colour).save(file, **options)
    return file


def record(file: Path, seconds: float = 1.0, pitch: float = 440.0, loudness: float = 0.3) -> Path:
    times = np.arange(int(16_000 * seconds)) / 16_000
    tone = (np.sin(times * pitch * 2 * np.pi) * loudness * 32767).astype("<i2")
    with wave.open(str(file), "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(16_000)
        sound.writeframes(tone.tobytes())
    return file


def print_pages(file: Path, *pages: str, title: str = "", password: str = "") -> Path:
    pdf = FPDF()
    pdf.set_font("Helvetica", size=12)
    pdf.set_title(title)
    if password:
        pdf.set_encryption(owner_password="owner", user_password=password)
    for text in pages:
        pdf.add_page()
        pdf.multi_cell(0, text=text)
    pdf.output(str(file))
    return file
