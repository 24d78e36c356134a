"""Words for the second reader of the text tower, which knows English and nothing else.

A text reaches it only if it knows most of the words whole; any other text is read by the
multilingual reader alone. Without that rule it would read noise into Chinese and German.
"""

from __future__ import annotations

from pathlib import Path

from tokenizers import Tokenizer

WHOLE = 0.8
"""Share of whole plain words from which a text counts as English: 97 % of English captions."""
PART, UNKNOWN = "##", "[UNK]"


class EnglishWords:
    """Break English texts into WordPiece tokens; texts of other languages into none."""

    def __init__(self, path: Path, window: int) -> None:
        """Read ``tokenizer.json``; what exceeds the window, end marks included, is cut off."""
        self._tokenizer = Tokenizer.from_file(str(path))
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(window)
        self._nothing = self._tokenizer.encode("").ids

    def __call__(self, text: str) -> list[int]:
        """Give the ids of a text between its two end marks, or the end marks alone."""
        encoding = self._tokenizer.encode(text)
        return encoding.ids if _is_english(encoding.tokens[1:-1]) else self._nothing


def _is_english(tokens: list[str]) -> bool:
    whole = [token for token in tokens if token.isascii() and not token.startswith(PART)]
    return len(whole) - whole.count(UNKNOWN) >= WHOLE * len(tokens)
