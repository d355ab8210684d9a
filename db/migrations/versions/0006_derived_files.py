"""What is made of a video has its length and hash in the database."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.create_table(
        "derived_file",
        sa.Column("video_id", sa.Integer(), nullable=False),
        sa.Column("path", sa.String(), nullable=False),
        sa.Column("n_bytes", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["video_id"], ["video.video_id"], name=op.f("fk_derived_file_video_id")),
        sa.PrimaryKeyConstraint("video_id", "path", name=op.f("pk_derived_file")),
    )
