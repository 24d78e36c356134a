"""Text into the numbers that an open_clip text tower reads, for each kind of tokenizer.

Nothing is cut here: a text that is too long comes out too long, and the encoder refuses it. The
cleaning is the model's own; SigLIP's, for one, makes lower case and drops punctuation.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import torch
from open_clip.tokenizer import DEFAULT_CONTEXT_LENGTH, HFTokenizer, SimpleTokenizer, get_clean_fn
from tokenizers import Tokenizer

from retrieval.encoders.openclip.checkpoint import Checkpoint
from retrieval.errors import ModelUnavailable

PADDING = ("[PAD]", "<pad>")
"""What pads where a tokenizer's files name nothing."""

Rows = list[list[int]]


@dataclass(frozen=True, slots=True)
class Words:
    """A tokenizer: texts to rows of numbers, and rows to a tensor."""

    rows: Callable[[Sequence[str]], Rows]
    """Give each text's numbers with the marks around them, however many they are."""
    window: int
    padding: int
    closing: int | None = None
    """A mark that stands last in the window, behind the padding."""

    def count(self, texts: Sequence[str]) -> list[int]:
        """Count what each text takes of the window."""
        more = self.closing is not None
        return [len(row) + more for row in self.rows(texts)]

    def tensor(self, texts: Sequence[str]) -> torch.Tensor:
        """Lay out texts that fit the window, [n, window]."""
        laid = torch.full((len(texts), self.window), self.padding, dtype=torch.long)
        for line, row in zip(laid, self.rows(texts), strict=True):
            line[: len(row)] = torch.tensor(row, dtype=torch.long)
        if self.closing is not None:
            laid[:, -1] = self.closing
        return laid


def read_words(checkpoint: Checkpoint) -> Words:
    """Read the tokenizer that belongs to a model, or raise ModelUnavailable."""
    try:
        return _read(checkpoint)
    except ModelUnavailable:
        raise
    # The package tokenizers raises nothing more special.
    except Exception as error:
        raise ModelUnavailable(
            f"The tokenizer in {checkpoint.tokenizer} cannot be read ({error}): copy it again."
        ) from error


def _read(checkpoint: Checkpoint) -> Words:
    text = checkpoint.text
    window = text.get("context_length", DEFAULT_CONTEXT_LENGTH)
    options = dict(text.get("tokenizer_kwargs") or {})
    if checkpoint.tokenizer is None:
        return _byte_pairs(window, options)
    # A tower from transformers needs that package anyway, and its tokenizer may have more to it
    # than the file says, as NLLB's language has.
    own = checkpoint.text_config is None and not text.get("tokenizer_mode")
    if own and options.keys() <= {"clean", "strip_sep_token"}:
        file = checkpoint.tokenizer / "tokenizer.json"
        if file.is_file():
            return _from_file(file, window, **options)
    return _from_transformers(checkpoint, window, options)


def _byte_pairs(window: int, options: dict[str, Any]) -> Words:
    """Read CLIP's own tokenizer, which open_clip holds."""
    # Masks choose which words of a long text to lose; here none is ever too long.
    options.pop("reduction_mask", None)
    tokenizer = SimpleTokenizer(context_length=window, **options)

    def rows(texts: Sequence[str]) -> Rows:
        start, end = tokenizer.sot_token_id, tokenizer.eot_token_id
        return [[start, *tokenizer.encode(text), end] for text in texts]

    return Words(rows, window, padding=0)


def _from_file(
    file: Path, window: int, clean: str = "whitespace", strip_sep_token: bool = False
) -> Words:
    """Read ``tokenizer.json``, which is all that open_clip's own towers need."""
    tokenizer = Tokenizer.from_file(str(file))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    settings = _settings(file.parent)
    tidy = get_clean_fn(clean)
    stripped = (
        tokenizer.token_to_id(settings.get("sep_token", "[SEP]")) if strip_sep_token else None
    )

    def rows(texts: Sequence[str]) -> Rows:
        found = tokenizer.encode_batch([tidy(text) for text in texts])
        return [[0 if i == stripped else i for i in encoding.ids] for encoding in found]

    return Words(rows, window, _padding(file, tokenizer, settings))


def _padding(file: Path, tokenizer: Tokenizer, settings: Mapping[str, str]) -> int:
    for token in filter(None, (settings.get("pad_token"), *PADDING)):
        number = tokenizer.token_to_id(token)
        if number is not None:
            return int(number)
    raise ModelUnavailable(
        f"{file} does not tell which token pads a short text. Copy tokenizer_config.json or "
        "special_tokens_map.json, which name the pad_token, to the same directory."
    )


def _settings(folder: Path) -> dict[str, str]:
    """Read the tokens that have a role, by role."""
    found: dict[str, str] = {}
    for name in ("special_tokens_map.json", "tokenizer_config.json"):
        file = folder / name
        if file.is_file():
            for role, token in json.loads(file.read_bytes()).items():
                content = token.get("content") if isinstance(token, dict) else token
                if role.endswith("_token") and isinstance(content, str):
                    found[role] = content
    return found


def _from_transformers(checkpoint: Checkpoint, window: int, options: dict[str, Any]) -> Words:
    demand_transformers(checkpoint)
    wrapper = HFTokenizer(str(checkpoint.tokenizer), context_length=window, **options)
    tokenizer, tidy = wrapper.tokenizer, wrapper.clean_fn
    stripped = tokenizer.sep_token_id if wrapper.strip_sep_token else None
    clips = checkpoint.text.get("tokenizer_mode") == "clips"

    def rows(texts: Sequence[str]) -> Rows:
        tidied = [tidy(text) for text in texts]
        found: Rows = tokenizer(tidied, add_special_tokens=not clips).input_ids
        if clips:
            return [[tokenizer.bos_token_id, *row, tokenizer.eos_token_id] for row in found]
        return [[0 if i == stripped else i for i in row] for row in found]

    return Words(rows, window, tokenizer.pad_token_id, tokenizer.cls_token_id if clips else None)


def demand_transformers(checkpoint: Checkpoint) -> None:
    """Raise ModelUnavailable where the package is missing that some text towers are from."""
    if find_spec("transformers") is None:
        raise ModelUnavailable(
            f"openclip:{checkpoint.model} has a text tower or a tokenizer from the package "
            "transformers, which is not installed: pip install 'triptych[transformers]'"
        )
