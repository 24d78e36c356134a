"""The page: one document for every view, whose scripts speak to the API."""

from __future__ import annotations

from flask import Blueprint, render_template

blueprint = Blueprint("pages", __name__)


@blueprint.get("/")
def home() -> str:
    """Send the page; its address holds the query, which its scripts read."""
    return render_template("page.html")
