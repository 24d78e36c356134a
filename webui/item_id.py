"""The item number in an address."""

from __future__ import annotations

from flask import Flask
from werkzeug.routing import BaseConverter


class ItemIdConverter(BaseConverter):
    """Match what SQLite can hold, so that a longer number is an unknown address, not a failure."""

    regex = r"\d{1,18}"

    def to_python(self, value: str) -> int:
        """Give the number."""
        return int(value)


def install(app: Flask) -> None:
    """Let routes say ``<item_id:name>``."""
    app.url_map.converters["item_id"] = ItemIdConverter
