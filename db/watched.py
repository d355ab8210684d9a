"""What people watched and reviewed of videos, how far they are, and what they chose for the player.

None of it is a label, so none of it is in the ledger. How stretches are merged and
what a state means stands in studio/people/coverage.py.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import ColumnElement, Connection, and_, bindparam, delete, insert, select, update
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from db.clock import now_utc
from db.tables import PreferenceRow, VideoProgressRow, WatchedRow
from imigue_core.ids import AnnotatorId, VideoId


@dataclass(frozen=True, slots=True, order=True)
class Stretch:
    """Frames ``start_frame`` to ``end_frame``, both inside, that a person has seen."""

    start_frame: int
    end_frame: int
    reviewed: bool = False

    @property
    def n_frames(self) -> int:
        return self.end_frame - self.start_frame + 1


class ProgressState(StrEnum):
    """How far a person is with a video."""

    NEW = "new"
    IN_PROGRESS = "in_progress"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class VideoProgress:
    """How far a person is with a video.

    Attributes:
        done_utc: When it was first marked done, also if that was taken back.
        seen_utc: When labels of others were first sent to the person.
    """

    state: ProgressState = ProgressState.NEW
    done_utc: str | None = None
    seen_utc: str | None = None


_STRETCH = (WatchedRow.start_frame, WatchedRow.end_frame, WatchedRow.reviewed)
_PROGRESS = (VideoProgressRow.state, VideoProgressRow.done_utc, VideoProgressRow.seen_utc)
_PROGRESS_OF = select(*_PROGRESS).where(
    VideoProgressRow.video_id == bindparam("video"), VideoProgressRow.annotator_id == bindparam("annotator")
)


def list_watched(conn: Connection, video_id: int, annotator_id: int) -> list[Stretch]:
    """A person's stretches of a video, by time."""
    query = select(*_STRETCH).where(WatchedRow.video_id == video_id, WatchedRow.annotator_id == annotator_id)
    return [Stretch(*row) for row in conn.execute(query.order_by(WatchedRow.start_frame))]


def list_all_watched(
    conn: Connection, annotator_id: int | None = None
) -> dict[tuple[VideoId, AnnotatorId], list[Stretch]]:
    """Stretches by (video_id, annotator_id), of everybody or of one person."""
    query = select(WatchedRow.video_id, WatchedRow.annotator_id, *_STRETCH).order_by(WatchedRow.start_frame)
    if annotator_id is not None:
        query = query.where(WatchedRow.annotator_id == annotator_id)
    found: dict[tuple[VideoId, AnnotatorId], list[Stretch]] = {}
    for video, person, start, end, reviewed in conn.execute(query):
        found.setdefault((video, person), []).append(Stretch(start, end, reviewed))
    return found


def replace_watched(conn: Connection, video_id: int, annotator_id: int, stretches: Iterable[Stretch]) -> None:
    """Writes a person's stretches of a video in place of those that were there."""
    mine = (WatchedRow.video_id == video_id, WatchedRow.annotator_id == annotator_id)
    conn.execute(delete(WatchedRow).where(*mine))
    rows = [
        {
            "video_id": video_id,
            "annotator_id": annotator_id,
            "start_frame": one.start_frame,
            "end_frame": one.end_frame,
            "reviewed": one.reviewed,
        }
        for one in stretches
    ]
    if rows:
        conn.execute(insert(WatchedRow), rows)


def get_progress(conn: Connection, video_id: int, annotator_id: int) -> VideoProgress:
    """How far a person is with a video; ``new`` when nothing is known."""
    row = conn.execute(_PROGRESS_OF, {"video": video_id, "annotator": annotator_id}).one_or_none()
    return VideoProgress() if row is None else VideoProgress(ProgressState(row[0]), *row[1:])


def list_progress(conn: Connection, annotator_id: int) -> dict[VideoId, VideoProgress]:
    """How far a person is, by video id; videos of which nothing is known are left out."""
    query = select(VideoProgressRow.video_id, *_PROGRESS).where(VideoProgressRow.annotator_id == annotator_id)
    return {row[0]: VideoProgress(ProgressState(row[1]), *row[2:]) for row in conn.execute(query)}


def start_progress(conn: Connection, video_id: int, annotator_id: int) -> None:
    """A video that is new to a person becomes one in progress; any other state stays."""
    # Every edit comes by here, and nearly all of them have nothing to write.
    if get_progress(conn, video_id, annotator_id).state is not ProgressState.NEW:
        return
    _ensure_row(conn, video_id, annotator_id)
    conn.execute(
        update(VideoProgressRow)
        .where(_is(video_id, annotator_id), VideoProgressRow.state == ProgressState.NEW)
        .values(state=ProgressState.IN_PROGRESS, utc=now_utc())
    )


def set_progress(conn: Connection, video_id: int, annotator_id: int, state: ProgressState) -> None:
    """Writes a state; the first ``done`` is remembered for good."""
    _ensure_row(conn, video_id, annotator_id)
    utc = now_utc()
    is_mine = _is(video_id, annotator_id)
    conn.execute(update(VideoProgressRow).where(is_mine).values(state=state, utc=utc))
    if state is ProgressState.DONE:
        conn.execute(update(VideoProgressRow).where(is_mine, VideoProgressRow.done_utc.is_(None)).values(done_utc=utc))


def record_seen(conn: Connection, video_id: int, annotator_id: int) -> bool:
    """Remembers that labels of others were sent to a person; False when that was known."""
    _ensure_row(conn, video_id, annotator_id)
    done = conn.execute(
        update(VideoProgressRow)
        .where(_is(video_id, annotator_id), VideoProgressRow.seen_utc.is_(None))
        .values(seen_utc=now_utc())
    )
    return done.rowcount > 0


def _is(video_id: int, annotator_id: int) -> ColumnElement[bool]:
    return and_(VideoProgressRow.video_id == video_id, VideoProgressRow.annotator_id == annotator_id)


def _ensure_row(conn: Connection, video_id: int, annotator_id: int) -> None:
    row = {"video_id": video_id, "annotator_id": annotator_id, "state": ProgressState.NEW, "utc": now_utc()}
    conn.execute(sqlite_insert(VideoProgressRow).values(row).on_conflict_do_nothing())


def move_watched(conn: Connection, source_id: int, target_id: int) -> None:
    """What was watched of one video was watched of another, which has the same frames and was never watched."""
    conn.execute(update(WatchedRow).where(WatchedRow.video_id == source_id).values(video_id=target_id))


def delete_coverage(conn: Connection, video_id: int) -> None:
    """Deletes what everybody watched of a video and how far they were, as erasing it does."""
    conn.execute(delete(WatchedRow).where(WatchedRow.video_id == video_id))
    conn.execute(delete(VideoProgressRow).where(VideoProgressRow.video_id == video_id))


def list_preferences(conn: Connection, annotator_id: int) -> dict[str, str]:
    """A person's choices as JSON text, by name."""
    query = select(PreferenceRow.name, PreferenceRow.value).where(PreferenceRow.annotator_id == annotator_id)
    return {row[0]: row[1] for row in conn.execute(query.order_by(PreferenceRow.name))}


def set_preference(conn: Connection, annotator_id: int, name: str, value: str) -> None:
    """Writes one choice, JSON text, in place of the earlier one."""
    row = {"annotator_id": annotator_id, "name": name, "value": value}
    conn.execute(
        sqlite_insert(PreferenceRow)
        .values(row)
        .on_conflict_do_update(index_elements=["annotator_id", "name"], set_={"value": value})
    )
