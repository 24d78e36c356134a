"""Sound files of every kind with bytes changed at random: each is read, or refused in our words."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from indexer.documents import READERS, open_document
from indexer.sniff import sniff
from retrieval.decode.apart import Apart
from retrieval.decode.decoder import is_risky
from retrieval.decode.frames import open_frames
from retrieval.decode.recording import open_recording
from retrieval.errors import TriptychError
from retrieval.media import Kind
from retrieval.settings import settings
from tests.indexer.whole import FILMS, PICTURES, SOUNDS, TEXTS, Sign, make

KINDS = (*PICTURES, *SOUNDS, *FILMS, *TEXTS)
SOUND = Sign((200, 90, 30), "whale", 1.0)
Random = np.random.Generator


@pytest.fixture(scope="module")
def apart() -> Iterator[Apart]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TRIPTYCH_MAX_DECODING_SECONDS", "60")
        patch.setenv("TRIPTYCH_MAX_DECODING_BYTES", str(1 << 30))
        settings.cache_clear()
        made = Apart(2)
        yield made
        made.close()
    settings.cache_clear()


def read(file: Path) -> bool:
    """Read a file as a run does, without its models; tell whether it is of a kind that is read."""
    sniffed = sniff(file)
    if sniffed is None:
        return False
    if sniffed.kind is Kind.IMAGE:
        open_frames(file)
    elif sniffed.kind is Kind.TEXT:
        open_document(file, sniffed.mime)
    else:
        open_recording(file, file.with_suffix(".samples"), 60.0)
    return True


def mutate(data: bytes, random: Random) -> bytes:
    """Change a file as damage and malice do."""
    changed = bytearray(data)
    for _ in range(random.integers(1, 6)):
        # Half of the changes hit the header, where the lengths and sizes are.
        at = int(
            random.integers(0, min(len(changed), 200) if random.random() < 0.5 else len(changed))
        )
        match random.integers(0, 5):
            case 0:
                changed[at] ^= 1 << int(random.integers(0, 8))
            case 1:
                changed[at : at + 4] = random.choice([b"\xff" * 4, bytes(4), b"\x7f\xff\xff\xff"])
            case 2:
                changed[at:at] = random.bytes(int(random.integers(1, 40)))
            case 3:
                changed[at:at] = changed[at : at + int(random.integers(1, 400))]
            case _:
                del changed[at : at + int(random.integers(1, 100))]
        changed = changed or bytearray(b"\0")
    return bytes(changed)


@pytest.mark.parametrize("rounds", [8, pytest.param(150, marks=pytest.mark.slow)])
@pytest.mark.parametrize("suffix", KINDS)
def test_a_mutant_is_read_or_refused(
    tmp_path: Path, apart: Apart, suffix: str, rounds: int
) -> None:
    data = make(tmp_path / f"sound.{suffix}", SOUND).read_bytes()
    mime = sniff(tmp_path / f"sound.{suffix}").mime
    risky = is_risky(mime) or mime in READERS or suffix in {*SOUNDS, *FILMS}
    random = np.random.default_rng(KINDS.index(suffix))
    assert apart.decode(tmp_path, read, tmp_path / f"sound.{suffix}")
    for number in range(rounds):
        file = tmp_path / f"{number}.{suffix}"
        file.write_bytes(mutate(data, random))
        try:
            apart.decode(file, read, file)
        except TriptychError as error:
            reason = str(error)
            assert reason.startswith(f"{file}: ") and "takes longer" not in reason
            # What is decoded within the process of a run must not bring it down.
            assert risky or "its decoder" not in reason, (reason, file.read_bytes())
