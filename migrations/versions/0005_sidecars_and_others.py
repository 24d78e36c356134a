"""What lies beside a file and tells of it; and which files are no media, so as not to open them.

A file that has sidecars is read again by the next run, since they count from here on.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Apply."""
    op.add_column("items", sa.Column("beside", sa.Integer(), nullable=False, server_default="0"))
    op.create_table(
        "others",
        sa.Column("root_id", sa.Integer(), nullable=False),
        sa.Column("path", sa.String(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("mtime_ns", sa.Integer(), nullable=False),
        sa.Column("judge", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["root_id"], ["roots.id"], name=op.f("fk_others_root_id_roots"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("root_id", "path", name=op.f("pk_others")),
    )


def downgrade() -> None:
    """Undo."""
    op.drop_table("others")
    op.drop_column("items", "beside")
