"""Labels and ratings as they stand, for pages, exports and the player. Nothing here writes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import Connection, and_, bindparam, func, select

from db.tables import AnnotationRow, AnnotatorRow, EmotionRatingRow, NoteRow, VideoRow
from imigue_core.annotation import STANDING_LABEL, STANDING_RATING, Annotation, EmotionRating, Mark, Span
from imigue_core.ids import AnnotationId, AnnotatorId, VideoId

if TYPE_CHECKING:
    import pandas as pd

_IN_TABLE = frozenset(STANDING_LABEL.shown) - {"deleted"}
_NOTE = func.coalesce(NoteRow.text, "").label("note")
_STANDING = tuple(_NOTE if name == "note" else getattr(AnnotationRow, name) for name in STANDING_LABEL.names)
_RATED = tuple(_NOTE if name == "note" else getattr(EmotionRatingRow, name) for name in STANDING_RATING.names)


def list_annotations(
    conn: Connection,
    video_id: int | None = None,
    annotator_id: int | None = None,
) -> list[Annotation]:
    """Standing labels by video, annotator and clip number."""
    query = _LABELS
    if video_id is not None:
        query = query.where(AnnotationRow.video_id == video_id)
    if annotator_id is not None:
        query = query.where(AnnotationRow.annotator_id == annotator_id)
    return [STANDING_LABEL.read_row(row) for row in conn.execute(query).all()]


def list_annotations_by_id(conn: Connection, annotation_ids: Sequence[str]) -> list[Annotation]:
    """Those of these labels that stand."""
    return [STANDING_LABEL.read_row(row) for row in conn.execute(_LABELS_BY_ID, {"ids": annotation_ids})]


def count_own(conn: Connection, video_id: int, annotator_id: int) -> int:
    """How many standing labels of a video are a person's."""
    query = select(func.count()).where(
        AnnotationRow.video_id == video_id, AnnotationRow.annotator_id == annotator_id, AnnotationRow.deleted.is_(False)
    )
    return conn.execute(query).scalar_one()


def list_overlapping(conn: Connection, video_id: int, annotator_id: int, span: Span) -> list[AnnotationId]:
    """Ids of a person's standing labels of a video that share a frame with a span."""
    return list(list_overlapping_spans(conn, video_id, annotator_id, span))


def list_overlapping_spans(conn: Connection, video_id: int, annotator_id: int, span: Span) -> dict[AnnotationId, Span]:
    """The same labels with their spans."""
    query = select(AnnotationRow.annotation_id, AnnotationRow.start_frame, AnnotationRow.end_frame).where(
        AnnotationRow.video_id == video_id,
        AnnotationRow.annotator_id == annotator_id,
        AnnotationRow.deleted.is_(False),
        AnnotationRow.start_frame <= span.end_frame,
        AnnotationRow.end_frame >= span.start_frame,
    )
    return {row[0]: Span(row[1], row[2]) for row in conn.execute(query)}


@dataclass(frozen=True, slots=True)
class ClassLabel:
    """A standing label of one class, with what is needed to choose among many and to play it."""

    annotation_id: AnnotationId
    video_id: VideoId
    annotator_id: AnnotatorId
    annotator: str
    subject_id: str
    span: Span
    confidence: float | None
    mark: Mark


def list_class_labels(conn: Connection, class_id: int) -> list[ClassLabel]:
    """Standing labels of a class in visible videos, by video and start, whoever made them."""
    query = (
        select(
            AnnotationRow.annotation_id,
            AnnotationRow.video_id,
            AnnotationRow.annotator_id,
            AnnotatorRow.name,
            VideoRow.subject_id,
            AnnotationRow.start_frame,
            AnnotationRow.end_frame,
            AnnotationRow.confidence,
            AnnotationRow.mark,
        )
        .join(VideoRow, and_(VideoRow.video_id == AnnotationRow.video_id, VideoRow.hidden_utc.is_(None)))
        .join(AnnotatorRow, AnnotatorRow.annotator_id == AnnotationRow.annotator_id)
        .where(AnnotationRow.class_id == class_id, AnnotationRow.deleted.is_(False))
        .order_by(AnnotationRow.video_id, AnnotationRow.start_frame, AnnotationRow.annotation_id)
    )
    return [ClassLabel(*row[:5], Span(row[5], row[6]), row[7], Mark(row[8])) for row in conn.execute(query)]


@dataclass(frozen=True, slots=True)
class UsedNumber:
    """A clip number that is taken for good, by a standing label or a deleted one."""

    deleted: bool
    label: Annotation


def list_used_numbers(conn: Connection) -> list[UsedNumber]:
    """Every clip number ever given, deleted labels included."""
    query = select(*_STANDING).outerjoin(NoteRow, NoteRow.note_hash == AnnotationRow.note_hash)
    labels = [STANDING_LABEL.read_row(row) for row in conn.execute(query).all()]
    return [UsedNumber(label.deleted, label) for label in labels]


def list_ratings(conn: Connection, video_id: int | None = None, annotator_id: int | None = None) -> list[EmotionRating]:
    """Standing emotion ratings."""
    query = _RATINGS
    if video_id is not None:
        query = query.where(EmotionRatingRow.video_id == video_id)
    if annotator_id is not None:
        query = query.where(EmotionRatingRow.annotator_id == annotator_id)
    return [STANDING_RATING.read_row(row) for row in conn.execute(query)]


def find_rating(conn: Connection, video_id: int, annotator_id: int) -> EmotionRating | None:
    """A person's standing rating of a video."""
    row = conn.execute(_RATING, {"video": video_id, "annotator": annotator_id}).one_or_none()
    return None if row is None else STANDING_RATING.read_row(row)


def load_label_table(conn: Connection) -> pd.DataFrame:
    """All standing labels of visible videos, one row each, with what is known of their videos."""
    query = (
        select(
            *(column for name, column in zip(STANDING_LABEL.names, _STANDING, strict=True) if name in _IN_TABLE),
            AnnotatorRow.name.label("annotator"),
            VideoRow.name.label("video_name"),
            VideoRow.number,
            VideoRow.n_frames,
            VideoRow.fps_num,
            VideoRow.fps_den,
            VideoRow.subject_id,
            VideoRow.subject_gender,
            VideoRow.subject_nationality,
            VideoRow.outcome,
        )
        .join(VideoRow, and_(VideoRow.video_id == AnnotationRow.video_id, VideoRow.hidden_utc.is_(None)))
        .join(AnnotatorRow, AnnotatorRow.annotator_id == AnnotationRow.annotator_id)
        .outerjoin(NoteRow, NoteRow.note_hash == AnnotationRow.note_hash)
        .where(AnnotationRow.deleted.is_(False))
        .order_by(AnnotationRow.video_id, AnnotationRow.annotator_id, AnnotationRow.label_id)
    )
    result = conn.execute(query)
    # pandas looks each row over for being more than a tuple, which takes longer than reading it.
    import pandas as pd  # heavy, and what starts every morning does without it

    return pd.DataFrame([tuple(row) for row in result], columns=list(result.keys()))


def count_labels(conn: Connection) -> dict[VideoId, dict[AnnotatorId, int]]:
    """Standing labels by video and annotator."""
    query = (
        select(AnnotationRow.video_id, AnnotationRow.annotator_id, func.count())
        .where(AnnotationRow.deleted.is_(False))
        .group_by(AnnotationRow.video_id, AnnotationRow.annotator_id)
    )
    counts: dict[VideoId, dict[AnnotatorId, int]] = {}
    for video_id, annotator_id, n in conn.execute(query):
        counts.setdefault(video_id, {})[annotator_id] = n
    return counts


_LABELS = (
    select(*_STANDING)
    .outerjoin(NoteRow, NoteRow.note_hash == AnnotationRow.note_hash)
    .where(AnnotationRow.deleted.is_(False))
    .order_by(AnnotationRow.video_id, AnnotationRow.annotator_id, AnnotationRow.label_id)
)
_LABELS_BY_ID = _LABELS.where(AnnotationRow.annotation_id.in_(bindparam("ids", expanding=True)))
_RATINGS = (
    select(*_RATED)
    .outerjoin(NoteRow, NoteRow.note_hash == EmotionRatingRow.note_hash)
    .where(EmotionRatingRow.deleted.is_(False))
    .order_by(EmotionRatingRow.video_id, EmotionRatingRow.annotator_id)
)
_RATING = _RATINGS.where(
    EmotionRatingRow.video_id == bindparam("video"), EmotionRatingRow.annotator_id == bindparam("annotator")
)
