"""Which of e5's 250,002 pieces ship, and the tokenizer made of them.

Kept: the likeliest pieces of English, Chinese, Japanese and the larger European languages, and
every piece that is a word of CLIP's vocabulary, which lists English as it is used about pictures.
A word whose piece is left out falls back to shorter pieces; a script left out becomes <unk>.
"""

from __future__ import annotations

import gzip
import unicodedata
from dataclasses import replace
from pathlib import Path

import numpy as np
import open_clip
from numpy.typing import NDArray
from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers, processors

from training.e5 import Q4, Weights

SPECIAL = ("<s>", "<pad>", "</s>", "<unk>")
# Pieces of each kind, by falling log-probability.
QUOTAS = {"ascii": 32_000, "latin": 9_000, "cyrillic": 5_000, "han": 16_500, "sign": 3_500}
HAN = ("CJK", "HIRAGANA", "KATAKANA", "KATAKANA-HIRAGANA", "BOPOMOFO")


def kind_of(piece: str) -> str:
    """Name the group of scripts that a piece belongs to, or say ``other``."""
    letters = [c for c in piece if c.isalpha()]
    if all(c.isascii() for c in letters):
        return "ascii" if letters else "sign"
    scripts = {unicodedata.name(c, "?").split()[0] for c in letters}
    if scripts <= set(HAN):
        return "han"
    if scripts == {"LATIN"}:
        return "latin" if all(ord(c) < 0x180 for c in letters) else "other"
    return "cyrillic" if scripts == {"CYRILLIC"} else "other"


def english_words() -> frozenset[str]:
    """Read the whole words of the vocabulary that open_clip carries, lower case."""
    path = Path(open_clip.__file__).with_name("bpe_simple_vocab_16e6.txt.gz")
    merges = gzip.decompress(path.read_bytes()).decode().split("\n")[1:48895]
    joined = (merge.replace(" ", "") for merge in merges)
    return frozenset(word.removesuffix("</w>") for word in joined if word.endswith("</w>"))


def choose_pieces(pieces: list[str], scores: NDArray[np.float32]) -> NDArray[np.int64]:
    """Give the ids of the pieces to keep, ascending; the special ones stay 0 to 3."""
    words, room = english_words(), dict(QUOTAS)
    kept = list(range(len(SPECIAL)))
    by_score = np.argsort(-scores[len(SPECIAL) :], kind="stable") + len(SPECIAL)
    for i in by_score.tolist():
        piece = pieces[i]
        kind = kind_of(piece)
        in_quota = room.get(kind, 0) > 0
        is_word = piece.startswith("▁") and piece[1:].lower() in words
        if in_quota or is_word or (kind == "han" and len(piece) == 1):
            kept.append(i)
            room[kind] = room.get(kind, 0) - 1
    return np.array(sorted(kept), np.int64)


def keep_pieces(weights: Weights, kept: NDArray[np.int64]) -> Weights:
    """Leave out the embeddings of all other pieces."""
    words = weights.blocks["emb.word"]
    rows = Q4(words.numbers[kept], words.scales[kept])
    return replace(weights, blocks=weights.blocks | {"emb.word": rows})


def make_tokenizer(
    pieces: list[str], scores: NDArray[np.float32], kept: NDArray[np.int64]
) -> Tokenizer:
    """Build XLM-R's unigram tokenizer over the kept pieces, ids dense in their order."""
    vocabulary = [(pieces[i], round(float(scores[i]), 5)) for i in kept.tolist()]
    tokenizer = Tokenizer(models.Unigram(vocabulary, unk_id=SPECIAL.index("<unk>")))
    tokenizer.normalizer = normalizers.Sequence([
        normalizers.Nmt(), normalizers.NFKC(), normalizers.Replace(Regex(" {2,}"), " "),
    ])  # fmt: skip
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>", special_tokens=[("<s>", 0), ("</s>", 2)]
    )
    return tokenizer


def save_tokenizer(tokenizer: Tokenizer, path: Path) -> None:
    """Write the file compactly: it is read at every cold start."""
    path.write_text(tokenizer.to_str(pretty=False), encoding="utf-8")
