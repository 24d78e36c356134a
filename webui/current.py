"""What a request can reach: the library that the application was made for."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from flask import Flask, current_app

if TYPE_CHECKING:
    from retrieval.library import Library

EXTENSION = "triptych"


def attach_library(app: Flask, library: Library) -> None:
    """Make the library reachable from the application's requests."""
    app.extensions[EXTENSION] = library


def current_library() -> Library:
    """Give the library of the request being answered."""
    return cast("Library", current_app.extensions[EXTENSION])
