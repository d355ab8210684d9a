"""Seeing others' labels: whether a person may be sent them (not so in blind mode), and whether that happened.

While the setting is on, others' labels of a video are withheld until the person has
marked the video done once. What was seen cannot be unseen: taking "done" back hides
nothing again, but every later edit of that person in that video says ``saw_others``.
Every route that tells of labels asks here; exports and Explore are for those who evaluate.
"""

from __future__ import annotations

from db.engine import Connection, Database
from db.people import add_audit
from db.watched import get_progress, list_progress, record_seen
from imigue_core.errors import StorageError
from imigue_core.studio.access import PROJECT, Action, Resource, is_allowed
from imigue_core.studio.people.project_settings import BLIND


def is_blind(conn: Connection) -> bool:
    """Whether the project works in blind mode."""
    return BLIND.read(conn)


def sees_others(conn: Connection, video_id: int, annotator_id: int) -> bool:
    """Whether a person may be sent other people's labels of a video now."""
    if not is_allowed(annotator_id, Action.SEE_OTHERS, Resource(video_id)):
        return False
    return not is_blind(conn) or get_progress(conn, video_id, annotator_id).done_utc is not None


def list_open_videos(conn: Connection, annotator_id: int) -> set[int] | None:
    """Videos of which a person may be sent others' labels; None when that is all of them."""
    if not is_allowed(annotator_id, Action.SEE_OTHERS, PROJECT):
        return set()
    if not is_blind(conn):
        return None
    return {video_id for video_id, one in list_progress(conn, annotator_id).items() if one.done_utc is not None}


def has_seen_others(conn: Connection, video_id: int, annotator_id: int) -> bool:
    """Whether labels of others were ever sent to a person's page of this video."""
    return get_progress(conn, video_id, annotator_id).seen_utc is not None


def remember_seen(db: Database, video_id: int, annotator_id: int) -> None:
    """Remembers that labels of others are being sent to a person; in blind mode the first time is audited.

    Raises:
        StorageError: It cannot be written; only in blind mode, where it must be. Elsewhere
            a full disk is no reason to show nobody anything.
    """
    with db.read() as conn:
        must_write = is_blind(conn)
    try:
        with db.write() as conn:
            if record_seen(conn, video_id, annotator_id) and must_write:
                add_audit(conn, annotator_id, "others.shown", f"video:{video_id}")
    except StorageError:
        if must_write:
            raise
