"""What took a picture and where, and what is spoken; files indexed from here on have it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Apply."""
    for name in ("camera", "language"):
        words = sa.Column(name, sa.String(), nullable=False, server_default="")
        op.add_column("contents", words)
    for name in ("latitude", "longitude"):
        op.add_column("contents", sa.Column(name, sa.Double(), nullable=True))


def downgrade() -> None:
    """Undo."""
    for name in ("camera", "language", "latitude", "longitude"):
        op.drop_column("contents", name)
