"""The pages: a document each, whose scripts speak to the API."""

from __future__ import annotations

from flask import Blueprint, render_template

blueprint = Blueprint("pages", __name__)


@blueprint.get("/")
def home() -> str:
    """Send the page; its address holds the query, which its scripts read."""
    return render_template("page.html")


@blueprint.get("/library")
def library() -> str:
    """Send the page about the library."""
    return render_template("library.html")


@blueprint.get("/map")
def library_map() -> str:
    """Send the map of the library."""
    return render_template("map.html")
