"""The word indexes of passages and file names, filled from what a library holds already."""

from __future__ import annotations

from alembic import op

from retrieval.catalog.words import rebuild

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Apply."""
    columns = "words, stems, tokenize='ascii'"
    op.execute(f"CREATE VIRTUAL TABLE passage_words USING fts5({columns}, content='')")
    op.execute(f"CREATE VIRTUAL TABLE item_words USING fts5({columns})")
    rebuild(op.get_bind())


def downgrade() -> None:
    """Undo."""
    op.execute("DROP TABLE item_words")
    op.execute("DROP TABLE passage_words")
