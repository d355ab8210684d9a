"""The first schema: videos, jobs, people, labels, the ledger and the audit log."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

_APPEND_ONLY = ("ledger", "audit")


def upgrade() -> None:
    op.create_table(
        "annotator",
        sa.Column("annotator_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("name_key", sa.String(), nullable=False),
        sa.Column("created_utc", sa.String(), nullable=False),
        sa.Column("created_seq", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("annotator_id", name=op.f("pk_annotator")),
        sa.UniqueConstraint("name_key", name=op.f("uq_annotator_name_key")),
    )
    op.create_table(
        "audit",
        sa.Column("audit_id", sa.Integer(), nullable=False),
        sa.Column("utc", sa.String(), nullable=False),
        sa.Column("annotator_id", sa.Integer(), nullable=True),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("target", sa.String(), nullable=False),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("audit_id", name=op.f("pk_audit")),
    )
    op.create_table(
        "project",
        sa.Column("project_id", sa.String(length=36), nullable=False),
        sa.Column("created_utc", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("project_id", name=op.f("pk_project")),
    )
    op.create_table(
        "setting",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("value", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_setting")),
    )
    op.create_table(
        "video",
        sa.Column("video_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.Column("sha256", sa.String(length=64), nullable=True),
        sa.Column("source_file", sa.String(), nullable=True),
        sa.Column("n_bytes", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("n_frames", sa.Integer(), nullable=True),
        sa.Column("fps_num", sa.Integer(), nullable=True),
        sa.Column("fps_den", sa.Integer(), nullable=True),
        sa.Column("width", sa.Integer(), nullable=True),
        sa.Column("height", sa.Integer(), nullable=True),
        sa.Column("proxy_width", sa.Integer(), nullable=True),
        sa.Column("proxy_height", sa.Integer(), nullable=True),
        sa.Column("probe", sa.JSON(), nullable=True),
        sa.Column("times", sa.LargeBinary(), nullable=True),
        sa.Column("time_base_num", sa.Integer(), nullable=True),
        sa.Column("time_base_den", sa.Integer(), nullable=True),
        sa.Column("shot_cuts", sa.JSON(), nullable=True),
        sa.Column("poses", sa.JSON(), nullable=True),
        sa.Column("subject_id", sa.String(), nullable=False),
        sa.Column("subject_gender", sa.String(), nullable=False),
        sa.Column("subject_nationality", sa.String(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("notes", sa.String(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("created_utc", sa.String(), nullable=False),
        sa.Column("hidden_utc", sa.String(), nullable=True),
        sa.Column("erased_utc", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("video_id", name=op.f("pk_video")),
        sa.UniqueConstraint("number", name=op.f("uq_video_number")),
        sa.UniqueConstraint("sha256", name=op.f("uq_video_sha256")),
    )
    op.create_table(
        "annotation",
        sa.Column("annotation_id", sa.String(length=36), nullable=False),
        sa.Column("video_id", sa.Integer(), nullable=False),
        sa.Column("annotator_id", sa.Integer(), nullable=False),
        sa.Column("label_id", sa.Integer(), nullable=False),
        sa.Column("class_id", sa.Integer(), nullable=False),
        sa.Column("start_frame", sa.Integer(), nullable=False),
        sa.Column("end_frame", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("deleted", sa.Boolean(), nullable=False),
        sa.Column("confidence", sa.Double(), nullable=True),
        sa.Column("mark", sa.String(), nullable=False),
        sa.Column("note_hash", sa.String(length=64), nullable=True),
        sa.Column("start_time", sa.String(), nullable=True),
        sa.Column("end_time", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["annotator_id"], ["annotator.annotator_id"], name=op.f("fk_annotation_annotator_id")),
        sa.ForeignKeyConstraint(["video_id"], ["video.video_id"], name=op.f("fk_annotation_video_id")),
        sa.PrimaryKeyConstraint("annotation_id", name=op.f("pk_annotation")),
        sa.UniqueConstraint(
            "video_id", "annotator_id", "label_id", name=op.f("uq_annotation_video_id_annotator_id_label_id")
        ),
    )
    op.create_index("ix_annotation_annotator_id", "annotation", ["annotator_id"], unique=False)
    op.create_table(
        "emotion_rating",
        sa.Column("video_id", sa.Integer(), nullable=False),
        sa.Column("annotator_id", sa.Integer(), nullable=False),
        sa.Column("emotion", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("deleted", sa.Boolean(), nullable=False),
        sa.Column("note_hash", sa.String(length=64), nullable=True),
        sa.ForeignKeyConstraint(
            ["annotator_id"], ["annotator.annotator_id"], name=op.f("fk_emotion_rating_annotator_id")
        ),
        sa.ForeignKeyConstraint(["video_id"], ["video.video_id"], name=op.f("fk_emotion_rating_video_id")),
        sa.PrimaryKeyConstraint("video_id", "annotator_id", name=op.f("pk_emotion_rating")),
    )
    op.create_table(
        "job",
        sa.Column("job_id", sa.Integer(), nullable=False),
        sa.Column("video_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("params", sa.JSON(), nullable=False),
        sa.Column("progress_done", sa.Integer(), nullable=False),
        sa.Column("progress_total", sa.Integer(), nullable=False),
        sa.Column("owner", sa.String(), nullable=True),
        sa.Column("heartbeat_utc", sa.String(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("error_code", sa.String(), nullable=True),
        sa.Column("error_text", sa.String(), nullable=True),
        sa.Column("created_utc", sa.String(), nullable=False),
        sa.Column("started_utc", sa.String(), nullable=True),
        sa.Column("finished_utc", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["video_id"], ["video.video_id"], name=op.f("fk_job_video_id")),
        sa.PrimaryKeyConstraint("job_id", name=op.f("pk_job")),
    )
    op.create_index(op.f("ix_job_state"), "job", ["state"], unique=False)
    op.create_index(op.f("ix_job_video_id"), "job", ["video_id"], unique=False)
    op.create_table(
        "ledger",
        sa.Column("ledger_seq", sa.Integer(), nullable=False),
        sa.Column("edit_id", sa.String(length=36), nullable=False),
        sa.Column("client", sa.String(length=36), nullable=False),
        sa.Column("client_seq", sa.Integer(), nullable=False),
        sa.Column("annotator_id", sa.Integer(), nullable=False),
        sa.Column("video_id", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("object_id", sa.String(), nullable=True),
        sa.Column("base_version", sa.Integer(), nullable=True),
        sa.Column("before", sa.String(), nullable=True),
        sa.Column("after", sa.String(), nullable=True),
        sa.Column("content", sa.String(), nullable=False),
        sa.Column("provenance", sa.String(), nullable=False),
        sa.Column("refused", sa.String(), nullable=True),
        sa.Column("utc", sa.String(), nullable=False),
        sa.Column("prev_hash", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["annotator_id"], ["annotator.annotator_id"], name=op.f("fk_ledger_annotator_id")),
        sa.PrimaryKeyConstraint("ledger_seq", name=op.f("pk_ledger")),
        sa.UniqueConstraint("client", "client_seq", name=op.f("uq_ledger_client_client_seq")),
        sa.UniqueConstraint("edit_id", name=op.f("uq_ledger_edit_id")),
    )
    op.create_index(op.f("ix_ledger_object_id"), "ledger", ["object_id"], unique=False)
    op.create_index(
        "ix_ledger_video_id_annotator_id",
        "ledger",
        ["video_id", "annotator_id"],
        unique=False,
        sqlite_where=sa.text("kind != 'import'"),
    )
    op.create_table(
        "note",
        sa.Column("note_hash", sa.String(length=64), nullable=False),
        sa.Column("video_id", sa.Integer(), nullable=False),
        sa.Column("salt", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["video_id"], ["video.video_id"], name=op.f("fk_note_video_id")),
        sa.PrimaryKeyConstraint("note_hash", name=op.f("pk_note")),
    )
    op.create_index(op.f("ix_note_video_id"), "note", ["video_id"], unique=False)
    op.create_table(
        "reveal",
        sa.Column("video_id", sa.Integer(), nullable=False),
        sa.Column("annotator_id", sa.Integer(), nullable=False),
        sa.Column("utc", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["annotator_id"], ["annotator.annotator_id"], name=op.f("fk_reveal_annotator_id")),
        sa.ForeignKeyConstraint(["video_id"], ["video.video_id"], name=op.f("fk_reveal_video_id")),
        sa.PrimaryKeyConstraint("video_id", "annotator_id", name=op.f("pk_reveal")),
    )
    for table in _APPEND_ONLY:
        for verb in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            )
