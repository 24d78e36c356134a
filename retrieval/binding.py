"""Binds a library to its encoder, for good: vectors of two encoders do not compare."""

from __future__ import annotations

from pathlib import Path

from retrieval.catalog.catalog import Catalog
from retrieval.catalog.records import Binding
from retrieval.encoders.protocol import Encoder
from retrieval.encoders.registry import load_encoder
from retrieval.errors import EncoderMismatch
from retrieval.settings import settings


def bind(path: Path, catalog: Catalog, encoder: Encoder | None) -> Binding:
    """Bind the library in a directory to the encoder, or the one of the settings, if it is not."""
    from filelock import FileLock

    with FileLock(path / "bind.lock"):
        binding = catalog.binding()
        if binding is None:
            catalog.bind(encoder or load_encoder(settings().encoder))
            binding = catalog.binding()
    assert binding is not None
    return binding


def demand_same(binding: Binding, encoder: Encoder, path: Path) -> None:
    """Raise EncoderMismatch if a library is bound to another encoder than the one given."""
    if binding.fingerprint != encoder.fingerprint:
        raise EncoderMismatch(
            f"{path} was made with the encoder {binding.name} (revision {binding.revision}), which "
            f"does not compare with {encoder.name} (revision {encoder.revision}). Index into "
            "another library with --library, or use the encoder it was made with."
        )
