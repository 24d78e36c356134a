"""Any open_clip model as an encoder: on the GPU where torch sees one, else on the CPU.

Slow to import and to load, so nothing here is touched unless a library asks for it. What is loaded
is on this machine already (``checkpoint.find`` sees to that), so that loading makes no connection.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from functools import cached_property
from hashlib import sha256
from typing import Any

import numpy as np
import open_clip
import torch
from PIL.Image import Image
from torch.nn.functional import normalize

from retrieval.encoders.openclip.checkpoint import LOCAL, Checkpoint, find
from retrieval.encoders.openclip.precision import choose, lower
from retrieval.encoders.openclip.tokenizer import Words, demand_transformers, read_words
from retrieval.encoders.protocol import Vectors
from retrieval.errors import InvalidQuery, ModelUnavailable
from retrieval.settings import Precision

PROBES = ("A Dog, on the BEACH!", "una caña de azúcar", "沙滩上奔跑的狗", "")
"""Texts that different tokenizers, and different cleaning, take apart differently."""
PREPARED = ("mean", "std", "interpolation", "resize_mode")
"""What decides how a picture is prepared, besides the size, which is the architecture's."""
IMMATERIAL = {"hf_model_name", "hf_tokenizer_name", "hf_model_pretrained", "timm_model_pretrained"}
"""Fields of an architecture that say where its parts came from, not what they are."""


class OpenClipEncoder:
    """A published or local open_clip model; safe to share between threads.

    In bfloat16 a row is the same in every batch only to within that type's rounding.
    """

    def __init__(self, model: str, precision: Precision = "auto", threads: int = 0) -> None:
        """Load ``NAME/TAG`` or ``local-dir:PATH``, or raise ModelUnavailable.

        ``threads`` is for the whole process, and 0 leaves it to torch.
        """
        if threads:
            torch.set_num_threads(threads)
        checkpoint = find(model)
        self.name = f"openclip:{checkpoint.model}"
        self._words = read_words(checkpoint)
        self._network, self._preprocess = load_network(checkpoint)
        # Before the weights are lowered: the fingerprint is theirs as they were published.
        self.fingerprint = _fingerprint(checkpoint, self._network, self._words)
        self._device = "cuda" if torch.cuda.is_available() else "cpu"
        self._dtype = choose(precision, self._device)
        if self._dtype != torch.float32:
            lower(self._network, self._dtype)
        self._network.to(self._device)

    @property
    def revision(self) -> str:
        """The beginning of the fingerprint: weights have no version that holds everywhere."""
        return self.fingerprint[:12]

    @cached_property
    def dim(self) -> int:
        """Components of a vector."""
        return int(self.encode_texts(["a"]).shape[1])

    @cached_property
    def text_window(self) -> int:
        """Tokens of text one vector can hold: as many as tokenizer and tower both take."""
        # Towers from transformers have room for more than they were trained on.
        return min(self._words.window, self._network.context_length or self._words.window)

    def encode_images(self, images: Sequence[Image]) -> Vectors:
        """Encode upright RGB pictures of any size, [n, dim]."""
        if not images:
            return np.empty((0, self.dim), np.float32)
        pixels = torch.stack([self._preprocess(image) for image in images])
        return self._rows(self._network.encode_image, pixels)

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
        return self._rows(self._network.encode_text, self._words.tensor(texts))

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Count the tokens each text would take of the window."""
        return self._words.count(texts)

    def reference_images(self) -> Vectors:
        """Give nothing: there is no set of unrelated pictures for every model."""
        return np.empty((0, self.dim), np.float32)

    def reference_texts(self) -> Vectors:
        """Give nothing: there is no set of unrelated texts for every model."""
        return np.empty((0, self.dim), np.float32)

    def _rows(self, tower: Any, inputs: torch.Tensor) -> Vectors:
        exact = self._dtype == torch.float32
        casting = nullcontext() if exact else torch.autocast(self._device, self._dtype)
        with torch.inference_mode(), casting:
            features = tower(inputs.to(self._device))
        rows: Vectors = normalize(features.float(), dim=-1).cpu().numpy()
        return rows


def load_network(checkpoint: Checkpoint) -> tuple[Any, Any]:
    """Build a network, in float32 on the CPU, and its preprocessing, or raise ModelUnavailable."""
    overrides: dict[str, Any] = {}
    if checkpoint.text_config is not None:
        demand_transformers(checkpoint)
        local = {"hf_model_name": str(checkpoint.text_config), "hf_model_pretrained": False}
        overrides["text_cfg"] = {**checkpoint.text, **local}
    prepared = checkpoint.preprocessing
    try:
        network, preprocess = open_clip.create_model_from_pretrained(
            checkpoint.base,
            None if checkpoint.base.startswith(LOCAL) else str(checkpoint.weights),
            force_quick_gelu=checkpoint.quick_gelu,
            image_mean=prepared.mean,
            image_std=prepared.std,
            image_interpolation=prepared.interpolation,
            image_resize_mode=prepared.resize_mode,
            **overrides,
        )
    # The libraries beneath answer a damaged file with errors of every kind.
    except Exception as error:
        reason = (str(error) or type(error).__name__).splitlines()[0]
        raise ModelUnavailable(
            f"openclip:{checkpoint.model} cannot be loaded from {checkpoint.weights} ({reason}). "
            "The file may be torn, or of another architecture: copy it again."
        ) from error
    return network.eval(), preprocess


def _fingerprint(checkpoint: Checkpoint, network: Any, words: Words) -> str:
    """Digest what decides on a vector: weights, architecture, preprocessing and tokenizer.

    Precision and device are left out: half the bits turn a vector by less than a thousandth (by
    cosine, as tests see to), and a library that was made on a GPU is searched on a laptop.
    """
    digest = sha256()
    about = {
        "architecture": _material(checkpoint.architecture),
        "quick_gelu": checkpoint.quick_gelu or checkpoint.architecture.get("quick_gelu", False),
        "preprocessing": {key: network.visual.preprocess_cfg[key] for key in PREPARED},
        "words": [words.rows(PROBES), words.window, words.padding, words.closing],
    }
    digest.update(json.dumps(about, sort_keys=True).encode())
    for name, tensor in network.state_dict().items():
        digest.update(name.encode())
        digest.update(np.ascontiguousarray(tensor.float().numpy()).data)
    return digest.hexdigest()


def _material(part: Mapping[str, Any]) -> dict[str, Any]:
    return {
        key: _material(value) if isinstance(value, Mapping) else value
        for key, value in part.items()
        if key not in IMMATERIAL | {"quick_gelu"}
    }
