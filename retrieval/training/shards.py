"""Vectors kept on disk, so that a run that was stopped need not encode again.

A shard's name is a digest of all that its vectors follow from, so none can be stale; one that is
damaged is as good as absent. Deleting them costs time and nothing else.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import numpy as np
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save

from retrieval.durable import replacing
from retrieval.encoders.protocol import Vectors
from retrieval.evaluation.ranking import Flags


@dataclass(frozen=True, slots=True, eq=False)
class Shard:
    """What became of some photos or texts."""

    vectors: Vectors
    """[n, dim]; a row of zeros where there is a reason."""
    reasons: tuple[str, ...]
    """Why something could not be encoded; empty where it could."""

    @property
    def usable(self) -> Flags:
        """Tell which rows are vectors."""
        return np.array([not reason for reason in self.reasons], np.bool_)


class Shards:
    """The shards of one encoder in a folder."""

    def __init__(self, folder: Path, fingerprint: str) -> None:
        self._folder, self._fingerprint = folder, fingerprint

    def find(self, kind: str, entries: Sequence[object]) -> Shard | None:
        """Read the shard of these very entries, if there is one."""
        file = self._file(kind, entries)
        try:
            with safe_open(file, "numpy") as stored:
                reasons = json.loads(stored.metadata()["reasons"])
                shard = Shard(stored.get_tensor("vectors"), tuple(reasons))
        except (OSError, SafetensorError, ValueError, KeyError, TypeError):
            return None
        return shard if len(shard.vectors) == len(shard.reasons) == len(entries) else None

    def keep(self, kind: str, entries: Sequence[object], shard: Shard) -> None:
        """Write a shard."""
        self._folder.mkdir(parents=True, exist_ok=True)
        with replacing(self._file(kind, entries)) as file:
            reasons = {"reasons": json.dumps(shard.reasons)}
            file.write_bytes(save({"vectors": shard.vectors}, reasons))

    def _file(self, kind: str, entries: Sequence[object]) -> Path:
        named = json.dumps([self._fingerprint, kind, *entries])
        return self._folder / f"{sha256(named.encode()).hexdigest()[:32]}.safetensors"
