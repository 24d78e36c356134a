"""An encoder that ``triptych train`` made: a base encoder and two small networks on its vectors.

Its directory holds ``config.json``, the networks' weights and, where the base's own towers were
trained along, those as an open_clip model in ``towers/``. It is named by its path. A directory that
was changed, or a base other than the one it was trained on, is refused: the vectors would be wrong
without a word.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Literal, Self

import numpy as np
from numpy.typing import NDArray
from PIL.Image import Image
from pydantic import BaseModel, ConfigDict, ValidationError
from safetensors import SafetensorError
from safetensors.numpy import load_file

from retrieval.encoders.protocol import Encoder, Vectors
from retrieval.errors import EncoderMismatch, ModelUnavailable

CONFIG, HEADS, TOWERS = "config.json", "heads.safetensors", "towers"
Tensors = Mapping[str, NDArray[np.float32]]


class Identity(BaseModel):
    """What tells an encoder from others."""

    model_config = ConfigDict(frozen=True)

    name: str
    revision: str
    fingerprint: str


class Manifest(BaseModel):
    """What ``config.json`` says."""

    model_config = ConfigDict(frozen=True)

    format: Literal["triptych-encoder"] = "triptych-encoder"
    version: Literal[1] = 1
    fingerprint: str
    dim: int
    base: Identity
    """The encoder it was trained from."""
    towers: str | None
    """The fingerprint of the model in ``towers/``, which then stands in the base's place."""


@dataclass(frozen=True, slots=True, eq=False)
class Head:
    """A network of one hidden layer, whose result is added to a vector."""

    widen: NDArray[np.float32]
    widen_bias: NDArray[np.float32]
    narrow: NDArray[np.float32]
    narrow_bias: NDArray[np.float32]

    @classmethod
    def of(cls, tensors: Tensors, tower: str) -> Self:
        """Take a tower's head out of all weights. Raise KeyError where one is missing."""
        names = ("widen.weight", "widen.bias", "narrow.weight", "narrow.bias")
        return cls(*(tensors[f"{tower}.{name}"] for name in names))

    def __call__(self, vectors: Vectors) -> Vectors:
        """Map unit rows ``[n, dim]`` to unit rows, as ``retrieval.training.heads`` does."""
        spread = np.float32(np.sqrt(vectors.shape[1]))
        inner = np.maximum(vectors * spread @ self.widen.T + self.widen_bias, 0)
        moved = vectors + (inner @ self.narrow.T + self.narrow_bias) / spread
        rows: Vectors = moved / np.linalg.norm(moved, axis=1, keepdims=True)
        return rows


class AdaptedEncoder:
    """A base encoder with its heads; as safe to share between threads as the base is."""

    def __init__(self, folder: Path, load: Callable[[str], Encoder]) -> None:
        """Read a directory, and load its base by name.

        Raise ModelUnavailable where a file is missing or damaged, and EncoderMismatch where the
        base is another by now.
        """
        folder = folder.expanduser().absolute()
        self.name = str(folder)
        manifest, tensors = _manifest(folder), _tensors(folder)
        self.fingerprint, self.dim = manifest.fingerprint, manifest.dim
        self._base = _base(folder, manifest, load)
        if digest(tensors, self._base.fingerprint) != manifest.fingerprint:
            raise _damaged(folder / HEADS, "it is not the file that config.json was written for")
        self._image, self._text = Head.of(tensors, "image"), Head.of(tensors, "text")

    @property
    def revision(self) -> str:
        """Give the beginning of the fingerprint."""
        return self.fingerprint[:12]

    @property
    def text_window(self) -> int:
        """Count the tokens of text one vector can hold."""
        return self._base.text_window

    def encode_images(self, images: Sequence[Image]) -> Vectors:
        """Encode upright RGB pictures of any size, ``[n, dim]``."""
        return self._image(self._base.encode_images(images))

    def encode_texts(self, texts: Sequence[str]) -> Vectors:
        """Encode texts, ``[n, dim]``. Raise InvalidQuery for one longer than the window."""
        return self._text(self._base.encode_texts(texts))

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Count the tokens each text takes of the window."""
        return self._base.count_tokens(texts)

    def reference_images(self) -> Vectors:
        """Give the base's vectors of unrelated pictures, as they are in this space."""
        return self._image(self._base.reference_images())

    def reference_texts(self) -> Vectors:
        """Give the base's vectors of unrelated texts, as they are in this space."""
        return self._text(self._base.reference_texts())


def digest(tensors: Tensors, base: str) -> str:
    """Compute the fingerprint: of the heads' weights and of the encoder they stand on."""
    total = sha256(json.dumps(["triptych-encoder", 1, base]).encode())
    for name in sorted(tensors):
        total.update(json.dumps([name, tensors[name].shape]).encode())
        total.update(np.ascontiguousarray(tensors[name], "<f4").data)
    return total.hexdigest()


def _manifest(folder: Path) -> Manifest:
    file = folder / CONFIG
    try:
        return Manifest.model_validate_json(file.read_bytes())
    except OSError as error:
        raise ModelUnavailable(
            f"{folder} holds no encoder that is finished: {CONFIG} cannot be read "
            f"({error.strerror}). Run the `triptych train` command that made it again, or copy the "
            "whole directory here."
        ) from error
    except ValidationError as error:
        fault = error.errors()[0]
        field = ".".join(map(str, fault["loc"])) or "the whole"
        raise _damaged(file, f"{field}: {fault['msg']}") from error


def _tensors(folder: Path) -> Tensors:
    file = folder / HEADS
    try:
        return load_file(file)
    except (OSError, SafetensorError, ValueError, KeyError) as error:
        raise _damaged(file, str(error)) from error


def _base(folder: Path, manifest: Manifest, load: Callable[[str], Encoder]) -> Encoder:
    name = f"openclip:local-dir:{folder / TOWERS}" if manifest.towers else manifest.base.name
    if name == str(folder):
        raise _damaged(folder / CONFIG, "base.name: it names this directory itself")
    base = load(name)
    expected = manifest.towers or manifest.base.fingerprint
    if base.fingerprint != expected:
        raise EncoderMismatch(
            f"{folder} was trained on {manifest.base.name}, fingerprint {expected[:12]}, and the "
            f"{base.name} at hand has {base.fingerprint[:12]}. Restore that version of the base, "
            "or train again on this one with `triptych train`."
        )
    if base.dim != manifest.dim:
        raise _damaged(folder / CONFIG, f"dim: {manifest.dim}, and the base has {base.dim}")
    return base


def _damaged(file: Path, reason: str) -> ModelUnavailable:
    return ModelUnavailable(
        f"{file} cannot be used ({reason}). Copy the encoder's directory again, or train it again "
        "with `triptych train`."
    )
