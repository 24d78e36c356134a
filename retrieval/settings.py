"""Every setting, its default and its bounds, in one place.

``TRIPTYCH_LIBRARY`` in the environment sets ``library``, and so on. Where it sets nothing there is
nothing to read, and what would read it takes longer to import than a search takes.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Literal

PREFIX = "TRIPTYCH_"
NOT_NEGATIVE, POSITIVE = {"ge": 0}, {"gt": 0}
"""Bounds, as pydantic knows them."""

Precision = Literal["auto", "fp32", "bf16"]
"""What an open_clip model computes in; ``auto`` takes bf16 where the hardware is fast at it."""

Gpu = Literal["auto", "off"]
"""Whether large kinds are searched on GPUs where FAISS sees any."""


Lettering = Literal["auto", "off"]
"""Whether the lettering in pictures is read where the extra ``ocr`` is installed."""


def _data() -> Path:
    from platformdirs import user_data_path

    return user_data_path("triptych", appauthor=False)


def _cache() -> Path:
    from platformdirs import user_cache_path

    return user_cache_path("triptych", appauthor=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The bounds and defaults of this process."""

    library: Path = field(default_factory=_data)
    """The directory with the catalog, the vectors and the thumbnails."""
    cache: Path = field(default_factory=_cache)
    """Where models are unpacked."""
    encoder: str = "builtin"
    """The encoder a new library is made with."""
    precision: Precision = "auto"
    """What open_clip encoders compute in: ``auto``, ``fp32`` or ``bf16``."""
    speech_model: str = "base"
    """The Whisper model that transcribes: ``base`` is bundled, or a name or directory."""
    gpu: Gpu = "auto"
    """Whether GPUs search where FAISS sees any: ``auto``, or ``off``. Encoders do not ask."""
    lettering: Lettering = "auto"
    """Whether text in pictures is read where RapidOCR is installed: ``auto``, or ``off``."""
    threads: int = field(default=0, metadata=NOT_NEGATIVE)
    """Threads for encoding; 0 means all cores."""

    max_bytes: int = field(default=2 * 2**30, metadata=POSITIVE)
    """The largest file that is indexed."""
    max_upload_bytes: int = field(default=32 * 2**20, metadata=POSITIVE)
    """The largest request the server accepts."""
    max_pixels: int = field(default=150_000_000, metadata=POSITIVE)
    """The largest picture that is decoded."""
    max_pages: int = field(default=5_000, metadata=POSITIVE)
    """The pages of a document that are read; more is refused."""
    max_characters: int = field(default=20_000_000, metadata=POSITIVE)
    """The text of a document that is read; more is refused."""
    max_decoding_seconds: float = field(default=600.0, metadata=POSITIVE)
    """The time that decoding one file may take."""
    max_decoding_bytes: int = field(default=4 * 2**30, metadata=POSITIVE)
    """The memory that decoding one file may take, where the system can bound it."""
    max_seconds: float = field(default=6 * 3600.0, metadata=POSITIVE)
    """The longest recording that is transcribed."""
    max_query_seconds: float = field(default=60.0, metadata=POSITIVE)
    """The longest recording that may be a query."""


@cache
def settings() -> Settings:
    """Read the settings once from the environment; raise InvalidQuery for one that is no good."""
    if not any(name.upper().startswith(PREFIX) for name in os.environ):
        return Settings()
    from retrieval.environment import read_environment

    return read_environment()
