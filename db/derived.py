"""Files that were made of a video: how long each is and what its content hashes to.

A row is written once its file is on the disk. What the files are and how they are made again is for
studio/videos/derived.py.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass

from sqlalchemy import Connection, delete, insert, select, update

from db.tables import DerivedFileRow


@dataclass(frozen=True, slots=True)
class DerivedFile:
    """One file as it was made.

    Attributes:
        path: Inside the video's folder, with "/" between folders.
        n_bytes: Its length.
        sha256: Of its content, hex.
    """

    path: str
    n_bytes: int
    sha256: str


_COLUMNS = (DerivedFileRow.path, DerivedFileRow.n_bytes, DerivedFileRow.sha256)


def save_derived(conn: Connection, video_id: int, files: Iterable[DerivedFile]) -> None:
    """Stores these files, in the place of what was known of files of the same paths."""
    rows = [{"video_id": video_id, **asdict(file)} for file in files]
    if not rows:
        return
    forget_derived(conn, video_id, [row["path"] for row in rows])
    conn.execute(insert(DerivedFileRow), rows)


def forget_derived(conn: Connection, video_id: int, paths: Iterable[str] | None = None) -> None:
    """Forgets these files of a video, or all of them."""
    query = delete(DerivedFileRow).where(DerivedFileRow.video_id == video_id)
    conn.execute(query if paths is None else query.where(DerivedFileRow.path.in_(list(paths))))


def find_derived(conn: Connection, video_id: int, path: str) -> DerivedFile | None:
    """What is known of one file."""
    query = select(*_COLUMNS).where(DerivedFileRow.video_id == video_id, DerivedFileRow.path == path)
    row = conn.execute(query).one_or_none()
    return None if row is None else DerivedFile(*row)


def list_derived(conn: Connection, video_id: int) -> list[DerivedFile]:
    """What is known of a video's files, by path."""
    query = select(*_COLUMNS).where(DerivedFileRow.video_id == video_id).order_by(DerivedFileRow.path)
    return [DerivedFile(*row) for row in conn.execute(query)]


def move_derived(conn: Connection, source_id: int, target_id: int) -> None:
    """Says of another video what was known of this one's files, which went there."""
    forget_derived(conn, target_id)
    query = update(DerivedFileRow).where(DerivedFileRow.video_id == source_id)
    conn.execute(query.values(video_id=target_id))
