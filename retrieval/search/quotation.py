"""Words between quotes, of the kinds that English and Chinese have."""

from __future__ import annotations

LONGEST_QUOTATION = 1000
"""Characters that may stand between two quotes; it also keeps the reading of a line linear."""

QUOTES = {'"': '"', "＂": "＂", "“": "”", "「": "」", "『": "』"}
UPRIGHT = '"＂'
UNSPACED = "\u2e80"
"""From this character on come the scripts of Chinese and Japanese, without spaces between words."""


def quoted(line: str, at: int) -> tuple[str, int] | None:
    """Take what stands between two quotes, and where it ends; after a letter ``"`` means inches."""
    closing = QUOTES.get(line[at : at + 1])
    before = line[at - 1 : at]
    if closing is None or (line[at] in UPRIGHT and before.isalnum() and before < UNSPACED):
        return None
    end = line.find(closing, at + 1, at + 1 + LONGEST_QUOTATION + 1)
    return (" ".join(line[at + 1 : end].split()), end + 1) if end > 0 else None


def says_something(words: str) -> bool:
    """Tell whether words between quotes hold any word."""
    return any(character.isalnum() for character in words)
