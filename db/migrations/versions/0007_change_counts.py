"""How often each table outside the ledger was changed, so that a change that nobody made is seen."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

_COUNTED = (
    "annotator",
    "audit",
    "derived_file",
    "job",
    "preference",
    "project",
    "reveal",
    "scan",
    "setting",
    "suggestion",
    "video",
    "video_progress",
    "watched",
)
"""A table that comes later is counted once its migration adds its row."""


def upgrade() -> None:
    counts = op.create_table(
        "change_count",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_change_count")),
    )
    op.bulk_insert(counts, [{"name": name, "n": 0} for name in _COUNTED])
