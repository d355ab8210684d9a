"""Typed tables of one project's database.

The ledger is append-only and hash-chained; ``annotation``, ``emotion_rating`` and
``decision`` are the state it adds up to. Free text lies in ``note``, so that it can be erased
while the ledger, which holds only a salted hash of it, stays whole. Times are
UTC text ending in Z. SQLite specifics other than these types live in engine.py.
"""

from __future__ import annotations

from typing import Any, ClassVar

from sqlalchemy import (
    JSON,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    TypeDecorator,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from imigue_core.ids import (
    AnnotationId,
    AnnotatorId,
    ClassId,
    ClientId,
    EditId,
    JobId,
    LabelNumber,
    LedgerSeq,
    ObjectId,
    ProjectId,
    ScanId,
    SuggestionId,
    VideoId,
)
from imigue_core.skeleton.pose_track import PoseTrack, read_pose_track

_TYPE_OF_ID: dict[Any, Any] = {
    **dict.fromkeys((VideoId, AnnotatorId, ClassId, ScanId, SuggestionId, JobId, LabelNumber, LedgerSeq), Integer),
    **dict.fromkeys((AnnotationId, EditId, ClientId, ObjectId, ProjectId), String),
}


class PoseTrackColumn(TypeDecorator[PoseTrack]):
    """A pose track, stored as JSON."""

    impl = JSON
    cache_ok = True

    def process_bind_param(self, value: PoseTrack | None, dialect: Dialect) -> dict[str, Any] | None:
        return None if value is None else value.to_json()

    def process_result_value(self, value: dict[str, Any] | None, dialect: Dialect) -> PoseTrack | None:
        return None if value is None else read_pose_track(value)


class Base(DeclarativeBase):
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar[dict[Any, Any]] = {dict[str, Any]: JSON, **_TYPE_OF_ID}


class ProjectRow(Base):
    """One row: which project this database is."""

    __tablename__ = "project"
    project_id: Mapped[ProjectId] = mapped_column(String(36), primary_key=True)
    created_utc: Mapped[str]


class SettingRow(Base):
    """Project switches, such as whether source pixels may be shown."""

    __tablename__ = "setting"
    name: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[str]


class AnnotatorRow(Base):
    __tablename__ = "annotator"
    annotator_id: Mapped[AnnotatorId] = mapped_column(primary_key=True)
    name: Mapped[str]
    name_key: Mapped[str] = mapped_column(unique=True)
    """Case-folded name: two people may not differ by case alone."""
    created_utc: Mapped[str]
    created_seq: Mapped[int]
    """Last ledger_seq when this person joined; nobody edits before that."""


class VideoRow(Base):
    __tablename__ = "video"
    video_id: Mapped[VideoId] = mapped_column(primary_key=True)
    name: Mapped[str]
    number: Mapped[int | None] = mapped_column(unique=True)
    """``video_id`` of iMiGUE's files, once known."""
    sha256: Mapped[str | None] = mapped_column(String(64), unique=True)
    source_file: Mapped[str | None]
    """Name of the source inside the video's folder, ``source.<ext>``."""
    n_bytes: Mapped[int | None]
    kind: Mapped[str] = mapped_column(default="video")
    """``video``, ``poses`` (poses only) or ``labels`` (label-only)."""
    n_frames: Mapped[int | None]
    fps_num: Mapped[int | None]
    fps_den: Mapped[int | None]
    width: Mapped[int | None]
    height: Mapped[int | None]
    proxy_width: Mapped[int | None]
    proxy_height: Mapped[int | None]
    probe: Mapped[dict[str, Any] | None]
    """What the probe found: codec, rate kind, rotation, warnings."""
    times: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    """zlib of little-endian int64 presentation times, differences; see time_base."""
    time_base_num: Mapped[int | None]
    time_base_den: Mapped[int | None]
    shot_cuts: Mapped[list[int] | None] = mapped_column(JSON)
    """First frames of new shots."""
    poses: Mapped[PoseTrack | None] = mapped_column(PoseTrackColumn)
    """Pose track: source, n_ready, complete, scale, person box, revision."""
    subject_id: Mapped[str] = mapped_column(default="")
    subject_gender: Mapped[str] = mapped_column(default="")
    subject_nationality: Mapped[str] = mapped_column(default="")
    outcome: Mapped[str] = mapped_column(default="")
    notes: Mapped[str] = mapped_column(default="")
    revision: Mapped[int] = mapped_column(default=0)
    created_utc: Mapped[str]
    hidden_utc: Mapped[str | None]
    erased_utc: Mapped[str | None]


class DerivedFileRow(Base):
    """A file that was made of a video and can be made again; see studio/videos/derived.py."""

    __tablename__ = "derived_file"
    video_id: Mapped[VideoId] = mapped_column(ForeignKey("video.video_id"), primary_key=True)
    path: Mapped[str] = mapped_column(primary_key=True)
    """Inside the video's folder, with "/" between folders."""
    n_bytes: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))


class JobRow(Base):
    __tablename__ = "job"
    job_id: Mapped[JobId] = mapped_column(primary_key=True)
    video_id: Mapped[VideoId | None] = mapped_column(ForeignKey("video.video_id"), index=True)
    """None for work that belongs to no video."""
    kind: Mapped[str]
    state: Mapped[str] = mapped_column(default="queued", index=True)
    """``queued``, ``running``, ``done``, ``failed`` or ``cancelled``."""
    params: Mapped[dict[str, Any]] = mapped_column(default=dict)
    progress_done: Mapped[int] = mapped_column(default=0)
    progress_total: Mapped[int] = mapped_column(default=0)
    owner: Mapped[str | None]
    heartbeat_utc: Mapped[str | None]
    attempts: Mapped[int] = mapped_column(default=0)
    error_code: Mapped[str | None]
    error_text: Mapped[str | None]
    created_utc: Mapped[str]
    started_utc: Mapped[str | None]
    finished_utc: Mapped[str | None]


class AnnotationRow(Base):
    __tablename__ = "annotation"
    annotation_id: Mapped[AnnotationId] = mapped_column(String(36), primary_key=True)
    video_id: Mapped[VideoId] = mapped_column(ForeignKey("video.video_id"))
    annotator_id: Mapped[AnnotatorId] = mapped_column(ForeignKey("annotator.annotator_id"))
    label_id: Mapped[LabelNumber]
    class_id: Mapped[ClassId]
    start_frame: Mapped[int]
    end_frame: Mapped[int]
    version: Mapped[int]
    deleted: Mapped[bool] = mapped_column(default=False)
    confidence: Mapped[float | None]
    mark: Mapped[str] = mapped_column(default="")
    note_hash: Mapped[str | None] = mapped_column(String(64))
    start_time: Mapped[str | None]
    end_time: Mapped[str | None]
    suggestion_id: Mapped[SuggestionId | None]
    """The suggestion it was made from; no foreign key, because erasing a video deletes its suggestions."""
    suggestion_rank: Mapped[int | None]
    __table_args__ = (
        UniqueConstraint("video_id", "annotator_id", "label_id"),
        Index("ix_annotation_annotator_id", "annotator_id"),
        Index("ix_annotation_suggestion_id", "suggestion_id", sqlite_where=text("suggestion_id IS NOT NULL")),
    )


class EmotionRatingRow(Base):
    __tablename__ = "emotion_rating"
    video_id: Mapped[VideoId] = mapped_column(ForeignKey("video.video_id"), primary_key=True)
    annotator_id: Mapped[AnnotatorId] = mapped_column(ForeignKey("annotator.annotator_id"), primary_key=True)
    emotion: Mapped[str]
    version: Mapped[int]
    deleted: Mapped[bool] = mapped_column(default=False)
    note_hash: Mapped[str | None] = mapped_column(String(64))
    valence: Mapped[int | None]
    """1 (very negative) to 7 (very positive), said beside the class and never derived from it."""
    confidence: Mapped[float | None]


class ScanRow(Base):
    """One pass of a model over the poses of a video."""

    __tablename__ = "scan"
    scan_id: Mapped[ScanId] = mapped_column(primary_key=True)
    video_id: Mapped[VideoId] = mapped_column(ForeignKey("video.video_id"), index=True)
    model: Mapped[str]
    model_hash: Mapped[str] = mapped_column(String(64))
    trained_on: Mapped[str]
    device: Mapped[str]
    poses_revision: Mapped[int]
    n_suggestions: Mapped[int]
    cpu_s: Mapped[float]
    utc: Mapped[str]
    # A number is never given twice: browsers hold on to numbers of scans that were replaced meanwhile.
    __table_args__ = ({"sqlite_autoincrement": True},)


class SuggestionRow(Base):
    """A model's span. Those of replaced scans stay while a decision or a label refers to them."""

    __tablename__ = "suggestion"
    suggestion_id: Mapped[SuggestionId] = mapped_column(primary_key=True)
    scan_id: Mapped[ScanId] = mapped_column(ForeignKey("scan.scan_id"), index=True)
    video_id: Mapped[VideoId] = mapped_column(ForeignKey("video.video_id"), index=True)
    class_id: Mapped[ClassId]
    start_frame: Mapped[int]
    end_frame: Mapped[int]
    score: Mapped[float]
    top: Mapped[list[list[float]]] = mapped_column(JSON)
    """``[class_id, probability]``, five at most, most probable first."""
    start_sd: Mapped[float]
    end_sd: Mapped[float]
    __table_args__ = ({"sqlite_autoincrement": True},)


class DecisionRow(Base):
    """What a person decided about a suggestion that became no label, with what it said at that time."""

    __tablename__ = "decision"
    suggestion_id: Mapped[SuggestionId] = mapped_column(primary_key=True)
    """No foreign key, because erasing a video deletes its suggestions."""
    annotator_id: Mapped[AnnotatorId] = mapped_column(ForeignKey("annotator.annotator_id"), primary_key=True)
    video_id: Mapped[VideoId] = mapped_column(ForeignKey("video.video_id"))
    verdict: Mapped[str]
    """``rejected``, ``skipped`` or ``open``."""
    class_id: Mapped[ClassId]
    start_frame: Mapped[int]
    end_frame: Mapped[int]
    score: Mapped[float]
    model: Mapped[str]
    model_hash: Mapped[str] = mapped_column(String(64))
    version: Mapped[int]
    __table_args__ = (Index("ix_decision_video_id_annotator_id", "video_id", "annotator_id"),)


class PreferenceRow(Base):
    """What a person chose for the player, as JSON text, by name."""

    __tablename__ = "preference"
    annotator_id: Mapped[AnnotatorId] = mapped_column(ForeignKey("annotator.annotator_id"), primary_key=True)
    name: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[str]


class WatchedRow(Base):
    """Frames of a video that a person has seen, both ends inside; a person's stretches neither overlap nor touch."""

    __tablename__ = "watched"
    video_id: Mapped[VideoId] = mapped_column(ForeignKey("video.video_id"), primary_key=True)
    annotator_id: Mapped[AnnotatorId] = mapped_column(ForeignKey("annotator.annotator_id"), primary_key=True)
    start_frame: Mapped[int] = mapped_column(primary_key=True)
    end_frame: Mapped[int]
    reviewed: Mapped[bool]
    """Whether the person said that everything here is labelled."""


class VideoProgressRow(Base):
    """How far a person is with a video, and whether that person has been sent other people's labels of it."""

    __tablename__ = "video_progress"
    video_id: Mapped[VideoId] = mapped_column(ForeignKey("video.video_id"), primary_key=True)
    annotator_id: Mapped[AnnotatorId] = mapped_column(ForeignKey("annotator.annotator_id"), primary_key=True)
    state: Mapped[str]
    """``new``, ``in_progress`` or ``done``."""
    utc: Mapped[str]
    done_utc: Mapped[str | None]
    """When it was first marked done; stays when that is taken back."""
    seen_utc: Mapped[str | None]
    """When labels of others were first sent to this person."""


class NoteRow(Base):
    """Free text, by its salted hash. Erasing a video deletes rows here and nothing else."""

    __tablename__ = "note"
    note_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    video_id: Mapped[VideoId] = mapped_column(ForeignKey("video.video_id"), index=True)
    salt: Mapped[str]
    text: Mapped[str]


class LedgerRow(Base):
    """One edit, accepted or refused, exactly once. Never updated, never deleted."""

    __tablename__ = "ledger"
    ledger_seq: Mapped[LedgerSeq] = mapped_column(primary_key=True)
    edit_id: Mapped[EditId] = mapped_column(String(36), unique=True)
    client: Mapped[ClientId] = mapped_column(String(36))
    client_seq: Mapped[int]
    annotator_id: Mapped[AnnotatorId] = mapped_column(ForeignKey("annotator.annotator_id"))
    video_id: Mapped[VideoId | None]
    kind: Mapped[str]
    object_id: Mapped[ObjectId | None] = mapped_column(index=True)
    """The annotation's uuid, ``rating:<video>:<annotator>`` or ``review:<suggestion>:<annotator>``."""
    base_version: Mapped[int | None]
    before: Mapped[str | None]
    after: Mapped[str | None]
    """State of the object before and after, canonical JSON."""
    content: Mapped[str]
    """The edit as sent, canonical JSON, free text replaced by its hash."""
    provenance: Mapped[str]
    refused: Mapped[str | None]
    """Code of the refusal; such a row changes neither state nor version."""
    utc: Mapped[str]
    prev_hash: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))
    __table_args__ = (
        UniqueConstraint("client", "client_seq"),
        # For undo; imported rows come by tens of thousands and are not undone one by one.
        Index("ix_ledger_video_id_annotator_id", "video_id", "annotator_id", sqlite_where=text("kind != 'import'")),
    )


class AuditRow(Base):
    """What was done that is no edit: switches thrown, pixels first shown, imports, removals."""

    __tablename__ = "audit"
    audit_id: Mapped[int] = mapped_column(primary_key=True)
    utc: Mapped[str]
    annotator_id: Mapped[AnnotatorId | None]
    action: Mapped[str]
    """``noun.verb``."""
    target: Mapped[str]
    detail: Mapped[dict[str, Any]] = mapped_column(default=dict)


class RevealRow(Base):
    """Each annotator's first source bytes of a video; see the audit row of the same moment."""

    __tablename__ = "reveal"
    video_id: Mapped[VideoId] = mapped_column(ForeignKey("video.video_id"), primary_key=True)
    annotator_id: Mapped[AnnotatorId] = mapped_column(ForeignKey("annotator.annotator_id"), primary_key=True)
    utc: Mapped[str]


class ChangeCountRow(Base):
    """How often a table outside the ledger was changed; see db/seal.py."""

    __tablename__ = "change_count"
    name: Mapped[str] = mapped_column(primary_key=True)
    n: Mapped[int]
