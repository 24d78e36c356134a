"""Small stand-ins for the models, with the same manners as the real ones."""

from __future__ import annotations

import re
from collections.abc import Sequence
from hashlib import blake2b

import numpy as np
from PIL import Image

from retrieval.decode.sound import RATE, Samples
from retrieval.encoders.protocol import Vectors
from retrieval.errors import InvalidQuery
from retrieval.speech.transcriber import Utterance

DIM = 32
COLOURS = {
    "red": (255, 0, 0),
    "green": (0, 160, 0),
    "blue": (0, 0, 255),
    "yellow": (255, 255, 0),
    "purple": (160, 0, 160),
    "black": (0, 0, 0),
    "white": (255, 255, 255),
    "grey": (128, 128, 128),
}
CHINESE = dict(zip("红绿蓝黄紫黑白灰", COLOURS, strict=True))
TOKEN = re.compile(r"[\u3040-\u9fff\uac00-\ud7af]|[^\s\u3040-\u9fff\uac00-\ud7af]+")


class FakeEncoder:
    """Puts the word "red" near a red picture; anything else lands where its hash says."""

    name = "fake"
    revision = "1"
    fingerprint = "fake-1"
    dim = DIM
    text_window = 64

    def __init__(self) -> None:
        self.images_encoded = 0
        self.texts_encoded = 0

    def encode_images(self, images: Sequence[Image.Image]) -> Vectors:
        self.images_encoded += len(images)
        return _unit([_see(image) for image in images])

    def encode_texts(self, texts: Sequence[str]) -> Vectors:
        self.texts_encoded += len(texts)
        if any(count > self.text_window for count in self.count_tokens(texts)):
            raise InvalidQuery(f"A text is longer than {self.text_window} tokens; shorten it.")
        return _unit([_read(text) for text in texts])

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        return [len(TOKEN.findall(text)) for text in texts]

    def reference_images(self) -> Vectors:
        return np.empty((0, DIM), np.float32)

    def reference_texts(self) -> Vectors:
        return np.empty((0, DIM), np.float32)


class FakeTranscriber:
    """Hears the same utterances in every recording, or one that says how long the recording is."""

    def __init__(self, utterances: Sequence[Utterance] = ()) -> None:
        self.utterances = list(utterances)
        self.heard = 0

    def transcribe(self, samples: Samples) -> list[Utterance]:
        self.heard += 1
        if not np.any(samples):
            return []
        seconds = len(samples) / RATE
        spoken = Utterance(0.0, seconds, f"a recording of {round(seconds)} seconds", "en")
        return self.utterances or [spoken]


def _see(image: Image.Image) -> np.ndarray:
    assert image.mode == "RGB"
    mean = np.asarray(image.resize((1, 1), Image.Resampling.BOX), np.float32).reshape(3)
    distances = np.array([np.linalg.norm(mean - rgb) for rgb in COLOURS.values()])
    detail = np.asarray(image.resize((4, 2), Image.Resampling.BOX), np.float32).reshape(24)
    return np.concatenate([np.exp(-((distances / 80) ** 2)), 0.2 * (detail - detail.mean()) / 128])


def _read(text: str) -> np.ndarray:
    vector = np.full(DIM, 1e-3)
    for token in TOKEN.findall(text.lower()):
        word = CHINESE.get(token, token.strip(".,!?;:"))
        if word in COLOURS:
            vector[list(COLOURS).index(word)] += 1.0
        else:
            seed = int.from_bytes(blake2b(word.encode(), digest_size=8).digest())
            vector[8:] += 0.1 * np.random.default_rng(seed).standard_normal(24)
    return vector


def _unit(rows: list[np.ndarray]) -> Vectors:
    matrix = np.array(rows, np.float32).reshape(-1, DIM)
    norms = np.linalg.norm(matrix, axis=1, keepdims=True)
    return np.asarray(matrix / np.maximum(norms, 1e-12), np.float32)
