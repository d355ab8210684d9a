"""Suggestions: scans, the spans they found, what people decided about them, and which labels came from them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    # ALTER TABLE ADD COLUMN leaves rows, indexes and guards as they are; a batch would copy the table.
    op.add_column("annotation", sa.Column("suggestion_id", sa.Integer(), nullable=True))
    op.add_column("annotation", sa.Column("suggestion_rank", sa.Integer(), nullable=True))
    op.create_index(
        "ix_annotation_suggestion_id",
        "annotation",
        ["suggestion_id"],
        unique=False,
        sqlite_where=sa.text("suggestion_id IS NOT NULL"),
    )
    op.create_table(
        "scan",
        sa.Column("scan_id", sa.Integer(), nullable=False),
        sa.Column("video_id", sa.Integer(), nullable=False),
        sa.Column("model", sa.String(), nullable=False),
        sa.Column("model_hash", sa.String(length=64), nullable=False),
        sa.Column("trained_on", sa.String(), nullable=False),
        sa.Column("device", sa.String(), nullable=False),
        sa.Column("poses_revision", sa.Integer(), nullable=False),
        sa.Column("n_suggestions", sa.Integer(), nullable=False),
        sa.Column("cpu_s", sa.Double(), nullable=False),
        sa.Column("utc", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["video_id"], ["video.video_id"], name=op.f("fk_scan_video_id")),
        sa.PrimaryKeyConstraint("scan_id", name=op.f("pk_scan")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_scan_video_id"), "scan", ["video_id"], unique=False)
    op.create_table(
        "suggestion",
        sa.Column("suggestion_id", sa.Integer(), nullable=False),
        sa.Column("scan_id", sa.Integer(), nullable=False),
        sa.Column("video_id", sa.Integer(), nullable=False),
        sa.Column("class_id", sa.Integer(), nullable=False),
        sa.Column("start_frame", sa.Integer(), nullable=False),
        sa.Column("end_frame", sa.Integer(), nullable=False),
        sa.Column("score", sa.Double(), nullable=False),
        sa.Column("top", sa.JSON(), nullable=False),
        sa.Column("start_sd", sa.Double(), nullable=False),
        sa.Column("end_sd", sa.Double(), nullable=False),
        sa.ForeignKeyConstraint(["scan_id"], ["scan.scan_id"], name=op.f("fk_suggestion_scan_id")),
        sa.ForeignKeyConstraint(["video_id"], ["video.video_id"], name=op.f("fk_suggestion_video_id")),
        sa.PrimaryKeyConstraint("suggestion_id", name=op.f("pk_suggestion")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_suggestion_scan_id"), "suggestion", ["scan_id"], unique=False)
    op.create_index(op.f("ix_suggestion_video_id"), "suggestion", ["video_id"], unique=False)
    op.create_table(
        "decision",
        sa.Column("suggestion_id", sa.Integer(), nullable=False),
        sa.Column("annotator_id", sa.Integer(), nullable=False),
        sa.Column("video_id", sa.Integer(), nullable=False),
        sa.Column("verdict", sa.String(), nullable=False),
        sa.Column("class_id", sa.Integer(), nullable=False),
        sa.Column("start_frame", sa.Integer(), nullable=False),
        sa.Column("end_frame", sa.Integer(), nullable=False),
        sa.Column("score", sa.Double(), nullable=False),
        sa.Column("model", sa.String(), nullable=False),
        sa.Column("model_hash", sa.String(length=64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["annotator_id"], ["annotator.annotator_id"], name=op.f("fk_decision_annotator_id")),
        sa.ForeignKeyConstraint(["video_id"], ["video.video_id"], name=op.f("fk_decision_video_id")),
        sa.PrimaryKeyConstraint("suggestion_id", "annotator_id", name=op.f("pk_decision")),
    )
    op.create_index("ix_decision_video_id_annotator_id", "decision", ["video_id", "annotator_id"], unique=False)
