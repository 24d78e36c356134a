"""How much of a file is read, and of a document."""

from __future__ import annotations

from pathlib import Path

from retrieval.decode.border import name_of
from retrieval.errors import MediaTooLarge
from retrieval.settings import settings

BYTES_A_CHARACTER = 4
"""No encoding of text takes more."""
MOST_SHOWN = 1_000
"""Pictures of a page that are looked up."""


def demand_few_bytes(count: int, file: Path) -> None:
    """Raise MediaTooLarge for a larger file than the settings allow."""
    most = settings().max_bytes
    if count > most:
        raise MediaTooLarge(
            f"{name_of(file)}: {count} bytes are more than the {most} that are read; "
            "raise TRIPTYCH_MAX_BYTES to allow it"
        )


def demand_few_pages(count: int, file: Path) -> None:
    """Raise MediaTooLarge for more pages than the settings allow."""
    most = settings().max_pages
    if count > most:
        raise MediaTooLarge(
            f"{name_of(file)}: {count} pages are more than the {most} that are read; "
            "raise TRIPTYCH_MAX_PAGES to allow it"
        )


def demand_few_characters(count: int, file: Path) -> None:
    """Raise MediaTooLarge for a longer text than the settings allow."""
    most = settings().max_characters
    if count > most:
        raise MediaTooLarge(
            f"{name_of(file)}: longer than the {most} characters that are read; "
            "raise TRIPTYCH_MAX_CHARACTERS to allow it"
        )


def demand_few_bytes_of_text(count: int, file: Path) -> None:
    """Raise MediaTooLarge for more bytes than the longest text takes in any encoding."""
    demand_few_characters(count // BYTES_A_CHARACTER, file)


def most_bytes_of_text() -> int:
    """Give the bytes from which on ``demand_few_bytes_of_text`` raises."""
    return BYTES_A_CHARACTER * (settings().max_characters + 1)
