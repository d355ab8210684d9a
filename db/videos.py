"""Videos: what is known of each, its presentation times, and the revision browsers follow."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
import numpy.typing as npt
from sqlalchemy import Connection, bindparam, delete, func, insert, select, update

from db.clock import now_utc
from db.tables import NoteRow, VideoRow
from imigue_core.errors import NotAvailableError
from imigue_core.ids import VideoId
from imigue_core.settings import MAX_FRAMES
from imigue_core.skeleton.pose_track import PoseTrack


@dataclass(frozen=True, slots=True)
class Video:
    """One row of the Library. Sizes in pixels of the upright source picture.

    ``kind`` is ``video``, ``poses`` (poses only) or ``labels`` (label-only); what is
    not known yet is None.
    """

    video_id: VideoId
    name: str
    number: int | None
    sha256: str | None
    source_file: str | None
    n_bytes: int | None
    kind: str
    n_frames: int | None
    fps_num: int | None
    fps_den: int | None
    width: int | None
    height: int | None
    proxy_width: int | None
    proxy_height: int | None
    probe: dict[str, Any] | None
    shot_cuts: list[int] | None
    poses: PoseTrack | None
    subject_id: str
    subject_gender: str
    subject_nationality: str
    outcome: str
    notes: str
    revision: int
    created_utc: str
    hidden_utc: str | None
    erased_utc: str | None

    @property
    def fps(self) -> Fraction | None:
        """Average frames a second, exact."""
        return Fraction(self.fps_num, self.fps_den) if self.fps_num and self.fps_den else None

    @property
    def seconds_total(self) -> float | None:
        """Length in seconds, or None when the length is not known."""
        return float(self.n_frames / self.fps) if self.n_frames and self.fps else None

    @property
    def has_media(self) -> bool:
        """Whether a video file lies in the project."""
        return self.kind == "video" and self.source_file is not None and self.erased_utc is None

    @property
    def is_label_only(self) -> bool:
        return self.kind == "labels"

    @property
    def has_proxy(self) -> bool:
        return self.has_media and self.proxy_width is not None

    @property
    def poses_ready(self) -> int:
        """Frames from 0 whose poses are there."""
        return self.poses.n_ready if self.poses else 0

    @property
    def poses_complete(self) -> bool:
        return self.poses is not None and self.poses.complete

    @property
    def poses_revision(self) -> int:
        """Revision of the pose track, 0 without one."""
        return self.poses.revision if self.poses else 0


MAX_TIMES_BYTES = 8 * MAX_FRAMES
"""Presentation times of the longest video, unpacked."""
_FIELDS = tuple(Video.__dataclass_fields__)
_COLUMNS = tuple(getattr(VideoRow, name) for name in _FIELDS)
_TIMES = select(VideoRow.video_id, VideoRow.times, VideoRow.time_base_num, VideoRow.time_base_den)
_BY_ID = select(*_COLUMNS).where(VideoRow.video_id == bindparam("id"))
_BUMP = (
    update(VideoRow)
    .where(VideoRow.video_id == bindparam("id"))
    .values(revision=VideoRow.revision + 1)
    .returning(VideoRow.revision)
)


def insert_video(conn: Connection, *, name: str, kind: str, **columns: Any) -> int:
    """Adds a video and returns its id. ``columns`` are any other columns of it."""
    row = {
        "name": name,
        "kind": kind,
        "subject_id": "",
        "subject_gender": "",
        "subject_nationality": "",
        "outcome": "",
        "notes": "",
        "revision": 0,
        "created_utc": now_utc(),
        **columns,
    }
    key = conn.execute(insert(VideoRow), row).inserted_primary_key
    assert key is not None
    return int(key[0])


def update_video(conn: Connection, video_id: int, **columns: Any) -> None:
    """Sets columns of a video and raises its revision."""
    conn.execute(
        update(VideoRow).where(VideoRow.video_id == video_id).values(revision=VideoRow.revision + 1, **columns)
    )


MAX_ROW_ID = 2**63 - 1
"""SQLite counts no further; a larger number is nobody's."""


def get_video(conn: Connection, video_id: int, *, include_hidden: bool = False) -> Video:
    """The video; ``NotAvailableError`` when absent or hidden."""
    row = conn.execute(_BY_ID, {"id": video_id}).one_or_none() if 0 < video_id <= MAX_ROW_ID else None
    video = None if row is None else Video(*row)
    if video is None or (video.hidden_utc is not None and not include_hidden):
        raise NotAvailableError("this video is not available")
    return video


def find_video_by_sha256(conn: Connection, sha256: str) -> Video | None:
    """The video with this content, hidden ones too."""
    return _find(conn, VideoRow.sha256 == sha256)


def find_video_by_number(conn: Connection, number: int) -> Video | None:
    """The video that iMiGUE's files call ``number``, hidden ones too."""
    return _find(conn, VideoRow.number == number)


def _find(conn: Connection, condition: Any) -> Video | None:
    row = conn.execute(select(*_COLUMNS).where(condition)).one_or_none()
    return None if row is None else Video(*row)


def list_videos(conn: Connection, *, include_hidden: bool = False) -> list[Video]:
    """All videos in the order they came."""
    query = select(*_COLUMNS).order_by(VideoRow.video_id)
    if not include_hidden:
        query = query.where(VideoRow.hidden_utc.is_(None))
    return [Video(*row) for row in conn.execute(query)]


def bump_revision(conn: Connection, video_id: int) -> int:
    """Raises the revision that browsers compare, and returns it."""
    return conn.execute(_BUMP, {"id": video_id}).scalar_one()


def get_revision(conn: Connection, video_id: int) -> int:
    """The revision that browsers compare, of hidden videos too."""
    return conn.execute(select(VideoRow.revision).where(VideoRow.video_id == video_id)).scalar_one()


def next_free_number(conn: Connection) -> int:
    """One past the highest number in use."""
    highest = conn.execute(select(func.max(VideoRow.number))).scalar_one()
    return (highest or 0) + 1


def save_times(conn: Connection, video_id: int, pts: npt.NDArray[np.int64], time_base: Fraction) -> None:
    """Stores presentation times (T,) in units of ``time_base`` seconds."""
    deltas = np.diff(np.asarray(pts, "<i8"), prepend=np.int64(0))
    conn.execute(
        update(VideoRow)
        .where(VideoRow.video_id == video_id)
        .values(
            times=zlib.compress(deltas.astype("<i8").tobytes(), 6),
            time_base_num=time_base.numerator,
            time_base_den=time_base.denominator,
        )
    )


def load_times(conn: Connection, video_id: int) -> tuple[npt.NDArray[np.int64], Fraction] | None:
    """Presentation times (T,) int64 and their time base, or None when there are none."""
    row = conn.execute(_TIMES.where(VideoRow.video_id == video_id)).one_or_none()
    return None if row is None else _read_times(row[1], row[2], row[3])


def load_all_times(conn: Connection) -> dict[VideoId, tuple[npt.NDArray[np.int64], Fraction]]:
    """``load_times`` of every visible video that has any."""
    rows = conn.execute(_TIMES.where(VideoRow.hidden_utc.is_(None), VideoRow.times.is_not(None)))
    return {row[0]: times for row in rows if (times := _read_times(row[1], row[2], row[3])) is not None}


def _read_times(
    blob: bytes | None, numerator: int | None, denominator: int | None
) -> tuple[npt.NDArray[np.int64], Fraction] | None:
    if blob is None:
        return None
    deltas = zlib.decompressobj().decompress(blob, MAX_TIMES_BYTES)  # a few bytes can stand for gigabytes
    return np.cumsum(np.frombuffer(deltas, "<i8")), Fraction(numerator or 1, denominator or 1)


def load_seconds(conn: Connection, video: Video) -> npt.NDArray[np.float64] | None:
    """Presentation seconds from the first frame (T,), by the average rate when no times are stored."""
    stored = load_times(conn, video.video_id)
    if stored is not None:
        pts, time_base = stored
        seconds: npt.NDArray[np.float64] = (pts - pts[0]) * time_base.numerator / time_base.denominator
        return seconds
    if video.n_frames is None or video.fps is None:
        return None
    return np.arange(video.n_frames) / float(video.fps)


def delete_notes(conn: Connection, video_id: int) -> int:
    """Erases the free text and its salts of a video's labels; returns how many there were."""
    return conn.execute(delete(NoteRow).where(NoteRow.video_id == video_id)).rowcount
