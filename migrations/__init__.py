"""Alembic migrations of the catalog, shipped with the package and run when a library opens."""

from __future__ import annotations

HEAD = "0006"
"""The newest revision: a library at this one opens without importing Alembic."""
