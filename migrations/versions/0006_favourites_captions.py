"""What a person says of files: which are favourites, and captions with their passages."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "favourites",
        sa.Column("digest", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_favourites")),
    )
    op.create_table(
        "captions",
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_captions")),
    )
    op.add_column(
        "passages", sa.Column("by_user", sa.Boolean(), nullable=False, server_default="0")
    )


def downgrade() -> None:
    """Undo."""
    op.drop_column("passages", "by_user")
    op.drop_table("captions")
    op.drop_table("favourites")
