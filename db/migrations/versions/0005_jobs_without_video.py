"""A job may belong to no video."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    # SQLite cannot loosen a column in place; the table is copied. Nothing refers to it.
    with op.batch_alter_table("job") as job:
        job.alter_column("video_id", existing_type=sa.Integer(), nullable=True)
