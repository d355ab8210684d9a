"""Scans, the spans they suggest, and what people decided about them.

A person's decisions are written by the ledger (db/ledger.py), never from here. Which
of a scan's suggestions a person is shown stands in studio/edits/suppression.py.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, bindparam, delete, exists, func, insert, select

from db.clock import now_utc
from db.tables import AnnotationRow, DecisionRow, ScanRow, SuggestionRow
from imigue_core.annotation import STANDING_DECISION, Decision, Span, SuggestedSpan
from imigue_core.ids import ClassId, ScanId, SuggestionId, VideoId

ROWS_PER_STATEMENT = 500


@dataclass(frozen=True, slots=True)
class Scan:
    """One pass of a model over the poses of a video.

    Attributes:
        model_hash: SHA-256 of the weights.
        trained_on: ``synthetic``, ``user`` or whatever the model's card says, in words.
        poses_revision: The pose track that was scanned.
        cpu_s: Seconds of processor time it took.
    """

    scan_id: ScanId
    video_id: VideoId
    model: str
    model_hash: str
    trained_on: str
    device: str
    poses_revision: int
    n_suggestions: int
    cpu_s: float
    utc: str


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A stored ``SuggestedSpan``; see there for what the fields mean."""

    suggestion_id: SuggestionId
    scan_id: ScanId
    video_id: VideoId
    class_id: ClassId
    start_frame: int
    end_frame: int
    score: float
    top: list[list[float]]
    start_sd: float
    end_sd: float

    @property
    def span(self) -> Span:
        return Span(self.start_frame, self.end_frame)


_SCAN_COLUMNS = tuple(getattr(ScanRow, name) for name in Scan.__dataclass_fields__)
_COLUMNS = tuple(getattr(SuggestionRow, name) for name in Suggestion.__dataclass_fields__)
_DECISION_COLUMNS = tuple(getattr(DecisionRow, name) for name in STANDING_DECISION.names)


def insert_scan(
    conn: Connection,
    video_id: int,
    spans: Sequence[SuggestedSpan],
    *,
    model: str,
    model_hash: str,
    trained_on: str,
    device: str,
    poses_revision: int,
    cpu_s: float,
) -> ScanId:
    """Stores a scan in place of the model's earlier ones of this video, and returns its id.

    Earlier suggestions stay where a decision or a label refers to them.
    """
    earlier = select(ScanRow.scan_id).where(ScanRow.video_id == video_id, ScanRow.model == model)
    _delete_unused(conn, list(conn.execute(earlier).scalars()))
    row = {
        "video_id": video_id,
        "model": model,
        "model_hash": model_hash,
        "trained_on": trained_on,
        "device": device,
        "poses_revision": poses_revision,
        "n_suggestions": len(spans),
        "cpu_s": cpu_s,
        "utc": now_utc(),
    }
    key = conn.execute(insert(ScanRow), row).inserted_primary_key
    assert key is not None
    scan_id = ScanId(key[0])
    ordered = sorted(spans, key=lambda span: (span.start_frame, span.end_frame, span.class_id))
    rows = [
        {
            "scan_id": scan_id,
            "video_id": video_id,
            "class_id": span.class_id,
            "start_frame": span.start_frame,
            "end_frame": span.end_frame,
            "score": float(span.score),
            "top": [[class_id, float(probability)] for class_id, probability in span.top],
            "start_sd": float(span.start_sd),
            "end_sd": float(span.end_sd),
        }
        for span in ordered
    ]
    for start in range(0, len(rows), ROWS_PER_STATEMENT):
        conn.execute(insert(SuggestionRow), rows[start : start + ROWS_PER_STATEMENT])
    return scan_id


def _delete_unused(conn: Connection, scan_ids: list[int]) -> None:
    """Deletes scans but for the suggestions that somebody's work refers to, and the scans those came from."""
    is_labelled = exists().where(AnnotationRow.suggestion_id == SuggestionRow.suggestion_id)
    is_decided = exists().where(DecisionRow.suggestion_id == SuggestionRow.suggestion_id)
    is_kept = exists().where(SuggestionRow.scan_id == ScanRow.scan_id)
    for scan_id in scan_ids:
        conn.execute(delete(SuggestionRow).where(SuggestionRow.scan_id == scan_id, ~is_labelled, ~is_decided))
        conn.execute(delete(ScanRow).where(ScanRow.scan_id == scan_id, ~is_kept))


def delete_scans(conn: Connection, video_id: int) -> None:
    """Deletes everything that models said of a video, as erasing it does."""
    conn.execute(delete(SuggestionRow).where(SuggestionRow.video_id == video_id))
    conn.execute(delete(ScanRow).where(ScanRow.video_id == video_id))


def find_current_scan(conn: Connection, video_id: int, model: str) -> Scan | None:
    """The latest scan of a video by a model."""
    query = select(*_SCAN_COLUMNS).where(ScanRow.video_id == video_id, ScanRow.model == model)
    row = conn.execute(query.order_by(ScanRow.scan_id.desc()).limit(1)).one_or_none()
    return None if row is None else Scan(*row)


def list_current_scans(conn: Connection, model: str) -> dict[VideoId, Scan]:
    """The latest scan by a model of each video that it has scanned, by video id."""
    latest = select(func.max(ScanRow.scan_id)).where(ScanRow.model == model).group_by(ScanRow.video_id)
    query = select(*_SCAN_COLUMNS).where(ScanRow.scan_id.in_(latest)).order_by(ScanRow.video_id)
    return {row.video_id: Scan(*row) for row in conn.execute(query)}


def list_suggestions(conn: Connection, scan_id: int) -> list[Suggestion]:
    """What a scan found, by time."""
    query = select(*_COLUMNS).where(SuggestionRow.scan_id == scan_id).order_by(SuggestionRow.suggestion_id)
    return [Suggestion(*row) for row in conn.execute(query)]


def list_accepted(conn: Connection, video_id: int, annotator_id: int) -> list[Suggestion]:
    """The suggestions that a person's standing labels of a video came from, of whatever scan."""
    query = (
        select(*_COLUMNS)
        .join(AnnotationRow, AnnotationRow.suggestion_id == SuggestionRow.suggestion_id)
        .where(
            AnnotationRow.video_id == video_id,
            AnnotationRow.annotator_id == annotator_id,
            AnnotationRow.deleted.is_(False),
        )
        .order_by(SuggestionRow.suggestion_id)
    )
    return [Suggestion(*row) for row in conn.execute(query)]


def find_suggestion(conn: Connection, suggestion_id: int) -> tuple[Suggestion, Scan] | None:
    """A suggestion and the scan it came from."""
    row = conn.execute(_BY_ID, {"id": suggestion_id}).one_or_none()
    return None if row is None else (Suggestion(*row[: len(_COLUMNS)]), Scan(*row[len(_COLUMNS) :]))


def is_accepted(conn: Connection, suggestion_id: int, annotator_id: int) -> bool:
    """Whether a standing label of this person came from the suggestion."""
    return conn.execute(_ACCEPTED, {"id": suggestion_id, "annotator": annotator_id}).first() is not None


def list_decisions(conn: Connection, video_id: int, annotator_id: int) -> list[Decision]:
    """What a person decided about suggestions of a video, in the order of the video."""
    query = (
        select(*_DECISION_COLUMNS)
        .where(DecisionRow.video_id == video_id, DecisionRow.annotator_id == annotator_id)
        .order_by(DecisionRow.start_frame, DecisionRow.suggestion_id)
    )
    return [STANDING_DECISION.read_row(row) for row in conn.execute(query)]


_BY_ID = (
    select(*_COLUMNS, *_SCAN_COLUMNS)
    .join(ScanRow, ScanRow.scan_id == SuggestionRow.scan_id)
    .where(SuggestionRow.suggestion_id == bindparam("id"))
)
_ACCEPTED = select(AnnotationRow.annotation_id).where(
    AnnotationRow.suggestion_id == bindparam("id"),
    AnnotationRow.annotator_id == bindparam("annotator"),
    AnnotationRow.deleted.is_(False),
)
