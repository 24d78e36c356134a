"""Finds an encoder by the name a user or a library's catalog gives."""

from __future__ import annotations

from retrieval.encoders.protocol import Encoder
from retrieval.errors import ModelUnavailable
from retrieval.settings import settings


def load_encoder(name: str) -> Encoder:
    """Load ``builtin``, ``openclip:NAME/TAG`` or ``openclip:local-dir:PATH``.

    Raise ModelUnavailable for a name of another form or for weights that are not on this machine.
    """
    family, _, model = name.partition(":")
    if name == "builtin":
        from retrieval.encoders.builtin import BuiltinEncoder

        return BuiltinEncoder(threads=settings().threads)
    if family == "openclip" and model:
        from retrieval.encoders.openclip import OpenClipEncoder

        return OpenClipEncoder(model)
    raise ModelUnavailable(
        f"There is no encoder {name!r}. Use builtin, openclip:NAME/TAG (for example "
        "openclip:ViT-B-32/laion2b_s34b_b79k) or openclip:local-dir:PATH."
    )
