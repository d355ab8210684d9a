"""What a person watched, how far the person is with a video, and what the person chose for the player."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.create_table(
        "preference",
        sa.Column("annotator_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("value", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["annotator_id"], ["annotator.annotator_id"], name=op.f("fk_preference_annotator_id")),
        sa.PrimaryKeyConstraint("annotator_id", "name", name=op.f("pk_preference")),
    )
    op.create_table(
        "watched",
        sa.Column("video_id", sa.Integer(), nullable=False),
        sa.Column("annotator_id", sa.Integer(), nullable=False),
        sa.Column("start_frame", sa.Integer(), nullable=False),
        sa.Column("end_frame", sa.Integer(), nullable=False),
        sa.Column("reviewed", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["annotator_id"], ["annotator.annotator_id"], name=op.f("fk_watched_annotator_id")),
        sa.ForeignKeyConstraint(["video_id"], ["video.video_id"], name=op.f("fk_watched_video_id")),
        sa.PrimaryKeyConstraint("video_id", "annotator_id", "start_frame", name=op.f("pk_watched")),
    )
    op.create_table(
        "video_progress",
        sa.Column("video_id", sa.Integer(), nullable=False),
        sa.Column("annotator_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("utc", sa.String(), nullable=False),
        sa.Column("done_utc", sa.String(), nullable=True),
        sa.Column("seen_utc", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["annotator_id"], ["annotator.annotator_id"], name=op.f("fk_video_progress_annotator_id")
        ),
        sa.ForeignKeyConstraint(["video_id"], ["video.video_id"], name=op.f("fk_video_progress_video_id")),
        sa.PrimaryKeyConstraint("video_id", "annotator_id", name=op.f("pk_video_progress")),
    )
