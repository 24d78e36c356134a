"""What clients of a guarded server must send: known by its digest, so that it need not be kept.

A browser that signed in has a cookie instead. It is made from the token where that is given, and
lasts; from a digest it cannot be made, or whoever reads the digest could, so there it is random and
ends with the server.
"""

from __future__ import annotations

import hmac
import re
import secrets
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Self

from retrieval.errors import InvalidQuery

DIGEST = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Token:
    """A token that can be recognised and not be read."""

    digest: str
    """Its SHA-256, as hexadecimal."""
    cookie: str = field(repr=False)
    """What a browser that signed in sends."""

    @classmethod
    def of(cls, token: str) -> Self:
        """Take what a token is known by."""
        cookie = hmac.digest(token.encode(), b"triptych session", "sha256").hex()
        return cls(sha256(token.encode()).hexdigest(), cookie)

    @classmethod
    def of_digest(cls, digest: str) -> Self:
        """Take the SHA-256 of a token, as ``sha256sum`` prints it, or raise InvalidQuery."""
        digest = digest.strip().lower().partition(" ")[0]
        if not DIGEST.fullmatch(digest):
            raise InvalidQuery(
                "TRIPTYCH_TOKEN_SHA256: give the 64 digits that `printf %s TOKEN | sha256sum` "
                "prints."
            )
        return cls(digest, secrets.token_hex())

    def is_sent_as(self, token: str) -> bool:
        """Tell whether this is the token."""
        return _same(sha256(token.encode()).hexdigest(), self.digest)

    def is_known_by(self, cookie: str) -> bool:
        """Tell whether this is its cookie."""
        return _same(cookie, self.cookie)


def _same(sent: str, expected: str) -> bool:
    """Compare in a time that does not depend on where the two differ."""
    return hmac.compare_digest(sent.encode(), expected.encode())
