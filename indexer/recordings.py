"""Recordings of speech: transcribed, and cut into stretches that a listener would jump to.

An utterance is never cut short: one that is longer than an encoder's window becomes several
passages, which share its seconds by their length.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from indexer.decoded import Decoded, Examined
from retrieval.decode.sound import read_sound
from retrieval.encoders.protocol import Encoder
from retrieval.media import Content, Kind, Passage
from retrieval.settings import settings
from retrieval.speech.transcriber import Transcriber, Utterance
from retrieval.split import TARGET, split

STRETCH = 10.0
"""Seconds of a stretch, unless one utterance is longer: a hit should begin where it is said."""
PAUSE = 3.0
"""Seconds of silence that end a stretch."""


def read_recording(examined: Examined, encoder: Encoder, transcriber: Transcriber) -> Decoded:
    """Read a recording: a passage for each stretch of speech, none where nobody speaks.

    Raises MediaTooLarge beyond the settings' seconds and ModelUnavailable without a model.
    """
    sound = read_sound(examined.file, settings().max_seconds)
    utterances = transcriber.transcribe(sound.samples)
    content = Content(
        hash=examined.hash,
        kind=Kind.AUDIO,
        mime=examined.sniffed.mime,
        size=examined.found.size,
        duration=round(sound.duration, 3),
    )
    return Decoded(examined, content, tuple(stretches(utterances, encoder)))


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
