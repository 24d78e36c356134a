"""Every setting, its default and its ``TRIPTYCH_*`` environment variable, in one place."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Literal

from platformdirs import user_cache_path, user_data_path
from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from retrieval.errors import InvalidQuery

Precision = Literal["auto", "fp32", "bf16"]
"""What an open_clip model computes in; ``auto`` takes bf16 where the hardware is fast at it."""

Gpu = Literal["auto", "off"]
"""Whether large kinds are searched on GPUs where FAISS sees any."""


class Settings(BaseSettings):
    """The bounds and defaults of this process; ``TRIPTYCH_LIBRARY`` sets ``library``, and so on."""

    model_config = SettingsConfigDict(env_prefix="TRIPTYCH_", frozen=True)

    library: Path = Field(default_factory=lambda: user_data_path("triptych", appauthor=False))
    """The directory with the catalog, the vectors and the thumbnails."""
    cache: Path = Field(default_factory=lambda: user_cache_path("triptych", appauthor=False))
    """Where models are unpacked."""
    encoder: str = "builtin"
    """The encoder a new library is made with."""
    precision: Precision = "auto"
    """What open_clip encoders compute in: ``auto``, ``fp32`` or ``bf16``."""
    speech_model: str = "base"
    """The Whisper model that transcribes: ``base`` is bundled, or a name or directory."""
    gpu: Gpu = "auto"
    """Whether GPUs search where FAISS sees any: ``auto``, or ``off``. Encoders do not ask."""
    threads: int = Field(default=0, ge=0)
    """Threads for encoding; 0 means all cores."""

    max_bytes: int = Field(default=2 * 2**30, gt=0)
    """The largest file that is indexed."""
    max_upload_bytes: int = Field(default=32 * 2**20, gt=0)
    """The largest request the server accepts."""
    max_pixels: int = Field(default=150_000_000, gt=0)
    """The largest picture that is decoded."""
    max_pages: int = Field(default=5_000, gt=0)
    """The pages of a document that are read; more is refused."""
    max_characters: int = Field(default=20_000_000, gt=0)
    """The text of a document that is read; more is refused."""
    max_seconds: float = Field(default=6 * 3600.0, gt=0)
    """The longest recording that is transcribed."""
    max_query_seconds: float = Field(default=60.0, gt=0)
    """The longest recording that may be a query."""


@cache
def settings() -> Settings:
    """Read the settings once from the environment; raise InvalidQuery for one that is no good."""
    try:
        return Settings()
    except ValidationError as error:
        reasons = [f"TRIPTYCH_{str(e['loc'][0]).upper()}: {e['msg']}" for e in error.errors()]
        raise InvalidQuery(f"{'; '.join(reasons)}.") from error
