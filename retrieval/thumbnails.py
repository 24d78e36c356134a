"""Where the small pictures of a library lie: each under the hash of the content it shows."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Thumbnails:
    """The small pictures in a folder, which need not exist."""

    folder: Path

    def find(self, hash: str) -> Path | None:
        """Find the small picture of a content, if it has one."""
        return next((file for file in self.files(hash) if file.is_file()), None)

    def file(self, hash: str) -> Path:
        """Say where the small picture of a content belongs."""
        return self.folder / hash[:2] / f"{hash}.jpg"

    def files(self, hash: str) -> tuple[Path, Path]:
        """Say where the small picture of a content may be: earlier versions wrote WebP."""
        file = self.file(hash)
        return file, file.with_suffix(".webp")
