"""Finds an encoder by the name a user or a library's catalog gives."""

from __future__ import annotations

from pathlib import Path

from retrieval.encoders.protocol import Encoder
from retrieval.errors import ModelUnavailable
from retrieval.settings import settings


def load_encoder(name: str) -> Encoder:
    """Load ``builtin``, ``openclip:NAME/TAG``, ``openclip:local-dir:PATH``, an alias or a path.

    Raise ModelUnavailable for a name of another form or for weights that cannot be had.
    """
    if name == "builtin":
        from retrieval.encoders.builtin import BuiltinEncoder

        return BuiltinEncoder(threads=settings().threads)
    from retrieval.encoders.openclip.curated import ALIASES, resolve

    family, _, model = resolve(name).partition(":")
    if family == "openclip" and model:
        from retrieval.encoders.openclip.encoder import OpenClipEncoder

        return OpenClipEncoder(model, settings().precision, settings().threads)
    folder = Path(name).expanduser()
    if folder.is_dir():
        from retrieval.encoders.adapted import AdaptedEncoder

        return AdaptedEncoder(folder, load_encoder)
    if folder.is_absolute():
        raise ModelUnavailable(
            f"There is no encoder in {folder}: its directory was moved or deleted. Put it back, "
            "or a link to where it is now."
        )
    raise ModelUnavailable(
        f"There is no encoder {name!r}. Use builtin, {', '.join(ALIASES)}, openclip:NAME/TAG (for "
        "example openclip:ViT-B-32/laion2b_s34b_b79k) or openclip:local-dir:PATH, or a "
        "directory that `triptych train` made; `triptych models` lists what there is."
    )
