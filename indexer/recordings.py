"""Recordings and films: what is said, and a picture of every scene.

Speech is transcribed and cut into stretches that a listener would jump to. An utterance is never
cut short: one that is longer than an encoder's window becomes several passages, which share its
seconds by their length.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory, gettempdir

import numpy as np

from indexer.decoded import Decoded, Examined
from retrieval.decode.apart import Apart
from retrieval.decode.film import Film
from retrieval.decode.recording import Recording, open_recording
from retrieval.disk import room_in
from retrieval.encoders.protocol import Encoder
from retrieval.media import Content, Kind, Passage
from retrieval.settings import settings
from retrieval.speech.listening import language_of, listen
from retrieval.speech.transcriber import Transcriber, Utterance
from retrieval.split import TARGET, split

STRETCH = 10.0
"""Seconds of a stretch, unless one utterance is longer: a hit should begin where it is said."""
PAUSE = 3.0
"""Seconds of silence that end a stretch."""


def read_recording(
    examined: Examined, encoder: Encoder, transcriber: Transcriber, apart: Apart
) -> Decoded:
    """Read a recording or a film: a passage for each stretch of speech and for each scene.

    Raises MediaTooLarge beyond the settings' seconds and ModelUnavailable without a model.
    """
    file = examined.file
    otherwise = ", or set TMPDIR to a folder on another disk"
    with (
        room_in(Path(gettempdir()), otherwise),
        TemporaryDirectory(prefix="triptych-") as folder,
    ):
        sound = Path(folder) / "samples"
        bound = settings().max_seconds
        recording = apart.decode(file, open_recording, file, sound, bound)
        said = _listen(sound, transcriber)
    scenes = recording.film.scenes if recording.film else ()
    seen = [Passage(Kind.IMAGE, start=scene.start, end=scene.end) for scene in scenes]
    passages = tuple(sorted([*seen, *stretches(said, encoder)], key=lambda one: one.start or 0.0))
    pictures = tuple(scene.picture for scene in scenes)
    content = _describe(examined, recording, language_of(said))
    return Decoded(examined, content, passages, pictures, recording.cover)


def _listen(sound: Path, transcriber: Transcriber) -> list[Utterance]:
    if not sound.exists() or not sound.stat().st_size:
        return []
    return list(listen(np.memmap(sound, np.int16, "r"), transcriber))


def _describe(examined: Examined, recording: Recording, language: str) -> Content:
    film = recording.film or Film(0, 0, ())
    return Content(
        hash=examined.hash,
        kind=Kind.VIDEO if recording.film else Kind.AUDIO,
        mime=_mime(examined.sniffed.mime, recording),
        size=examined.found.size,
        title=recording.title,
        width=film.width or None,
        height=film.height or None,
        duration=recording.duration,
        taken_at=recording.taken_at if recording.film else None,
        language=language,
    )


def _mime(mime: str, recording: Recording) -> str:
    """Name a container, which may hold either, by what it holds."""
    family, container = mime.split("/")
    if recording.film is None and family == "video":
        return f"audio/{container}"
    return f"video/{container}" if recording.film and family == "audio" else mime


def stretches(utterances: Sequence[Utterance], encoder: Encoder) -> Iterator[Passage]:
    """Join utterances into passages of up to ``STRETCH`` seconds and a window of tokens."""
    parts = [part for utterance in utterances for part in _parts(utterance, encoder)]
    counts = encoder.count_tokens([part.text for part in parts]) if parts else []
    group: list[Utterance] = []
    total = 0
    for part, tokens in zip(parts, counts, strict=True):
        if group and (_breaks(group, part) or total + tokens > _limit(encoder)):
            yield _passage(group)
            group, total = [], 0
        group.append(part)
        total += tokens
    if group:
        yield _passage(group)


def _limit(encoder: Encoder) -> int:
    return min(TARGET, encoder.text_window)


def _breaks(group: list[Utterance], part: Utterance) -> bool:
    return part.end - group[0].start > STRETCH or part.start - group[-1].end > PAUSE


def _passage(group: list[Utterance]) -> Passage:
    text = " ".join(part.text for part in group)
    return Passage(Kind.AUDIO, text, start=group[0].start, end=group[-1].end)


def _parts(utterance: Utterance, encoder: Encoder) -> Iterator[Utterance]:
    """Cut what is said in one breath where it exceeds the encoder's window."""
    text, seconds = utterance.text, utterance.end - utterance.start
    if encoder.count_tokens([text])[0] <= _limit(encoder):
        yield utterance
        return
    before = 0
    for start, end in split(text, encoder):
        start = max(start, before)
        since, until = (utterance.start + seconds * at / len(text) for at in (start, end))
        words = text[start:end].strip()
        yield Utterance(round(since, 2), round(until, 2), words, utterance.language)
        before = end
