"""What a request can reach: the library that the application was made for, and its decoder."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from flask import Flask, current_app

if TYPE_CHECKING:
    from retrieval.decode.decoder import Decoder
    from retrieval.library import Library

LIBRARY, DECODER = "triptych library", "triptych decoder"


def attach(app: Flask, library: Library, decoder: Decoder) -> None:
    """Make a library and a decoder reachable from the application's requests."""
    app.extensions |= {LIBRARY: library, DECODER: decoder}


def current_library() -> Library:
    """Give the library of the request being answered."""
    return cast("Library", current_app.extensions[LIBRARY])


def current_decoder() -> Decoder:
    """Give what decodes the media of the request being answered."""
    return cast("Decoder", current_app.extensions[DECODER])
