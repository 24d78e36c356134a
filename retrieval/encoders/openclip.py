"""Any open_clip model as an encoder: on the GPU where torch sees one, else on the CPU.

Slow to import and to load, so nothing here is touched unless a library asks for it. The model, its
preprocessing and its tokenizer always come from one place: weights without the preprocessing they
were trained with give wrong vectors silently (open_clip issue 1068).
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from hashlib import sha256
from importlib.metadata import version
from typing import Any

import numpy as np
import open_clip
import torch
from PIL.Image import Image

from retrieval.encoders.protocol import Vectors
from retrieval.errors import InvalidQuery, ModelUnavailable

LOCAL = "local-dir:"


class OpenClipEncoder:
    """A published or local open_clip model; safe to share between threads."""

    def __init__(self, model: str) -> None:
        """Load ``NAME/TAG`` or ``local-dir:PATH``, or raise ModelUnavailable."""
        self.name = f"openclip:{model}"
        self.revision = version("open_clip_torch")
        self._device = "cuda" if torch.cuda.is_available() else "cpu"
        self._model, self._preprocess, self._tokenizer = _load(model, self._device)

    @cached_property
    def fingerprint(self) -> str:
        """A digest of the weights and of the preprocessing."""
        digest = sha256(repr(self._preprocess).encode())
        for name, tensor in self._model.state_dict().items():
            digest.update(name.encode())
            digest.update(np.ascontiguousarray(tensor.cpu().numpy()).data)
        return digest.hexdigest()

    @cached_property
    def dim(self) -> int:
        """Components of a vector."""
        return int(self.encode_texts(["a"]).shape[1])

    @property
    def text_window(self) -> int:
        """Tokens of text one vector can hold."""
        return int(self._model.context_length)

    def encode_images(self, images: Sequence[Image]) -> Vectors:
        """Encode upright RGB pictures of any size, [n, dim]."""
        if not images:
            return np.empty((0, self.dim), np.float32)
        pixels = torch.stack([self._preprocess(image) for image in images])
        with torch.inference_mode():
            return _rows(self._model.encode_image(pixels.to(self._device), normalize=True))

    def encode_texts(self, texts: Sequence[str]) -> Vectors:
        """Encode texts, [n, dim]. Raise InvalidQuery for one longer than the window."""
        if not texts:
            return np.empty((0, self.dim), np.float32)
        longest = max(self.count_tokens(texts))
        if longest > self.text_window:
            raise InvalidQuery(
                f"A text of {longest} tokens does not fit the {self.text_window} of {self.name}: "
                "split it."
            )
        with torch.inference_mode():
            tokens = self._tokenizer(list(texts)).to(self._device)
            return _rows(self._model.encode_text(tokens, normalize=True))

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Count the tokens each text would take of the window."""
        return [self._count(text) for text in texts]

    def _count(self, text: str) -> int:
        wrapped = getattr(self._tokenizer, "tokenizer", None)
        if wrapped is not None:
            return len(wrapped(self._tokenizer.clean_fn(text)).input_ids)
        markers = 2
        return len(self._tokenizer.encode(text)) + markers

    def reference_images(self) -> Vectors:
        """Give nothing: there is no set of unrelated pictures for every model."""
        return np.empty((0, self.dim), np.float32)

    def reference_texts(self) -> Vectors:
        """Give nothing: there is no set of unrelated texts for every model."""
        return np.empty((0, self.dim), np.float32)


def _load(model: str, device: str) -> tuple[Any, Any, Any]:
    if model.startswith(LOCAL):
        name, tag = model, None
    else:
        name, _, tag = model.partition("/")
        if not tag:
            raise ModelUnavailable(
                f"openclip:{model} names no weights. Add a tag, as in "
                f"openclip:{model}/laion2b_s34b_b79k; open_clip.list_pretrained() lists them."
            )
    try:
        network, preprocess = open_clip.create_model_from_pretrained(name, tag, device=device)
        return network.eval(), preprocess, open_clip.get_tokenizer(name)
    except (OSError, RuntimeError, ValueError) as error:
        reason = str(error).splitlines()[0]
        raise ModelUnavailable(
            f"openclip:{model} cannot be loaded ({reason}). Check the name; the first use needs a "
            "network, or copy the model's folder here and name it openclip:local-dir:PATH."
        ) from error


def _rows(features: torch.Tensor) -> Vectors:
    rows: Vectors = features.float().cpu().numpy()
    return rows
