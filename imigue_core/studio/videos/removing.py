"""Taking a video out: hidden, or erased with its media, poses and notes. The ledger stays whole."""

from __future__ import annotations

from db.clock import now_utc
from db.derived import forget_derived
from db.engine import Database
from db.jobs import cancel_jobs, clear_params
from db.people import add_audit
from db.suggestions import delete_scans
from db.videos import delete_notes, get_video, list_videos, update_video
from db.watched import delete_coverage
from imigue_core.studio.access import Action, Resource, require
from imigue_core.studio.videos.incoming import remove_folder

_ERASED = {
    "name": "erased video",
    "number": None,
    "sha256": None,
    "source_file": None,
    "n_bytes": None,
    "proxy_width": None,
    "proxy_height": None,
    "probe": None,
    "times": None,
    "shot_cuts": None,
    "poses": None,
    "subject_id": "",
    "subject_gender": "",
    "subject_nationality": "",
    "outcome": "",
    "notes": "",
}


def remove_video(db: Database, video_id: int, *, erase: bool = False, annotator_id: int | None = None) -> None:
    """Hides a video and stops its jobs; with ``erase`` nothing but its labels' ledger is left.

    Erasing destroys the video's folder in the project, the notes of its labels with
    their salts, what models suggested, what was watched of it, and what is written about
    it. Files outside the project stay.

    Raises:
        NotAvailableError: No such video; a hidden one can still be erased.
        StorageError: The folder could not be removed; erase it again.
        DeniedError: ``PERMISSION_DENIED``.
    """
    require(annotator_id, Action.ERASE_VIDEO if erase else Action.REMOVE_VIDEO, Resource(video_id))
    with db.write() as conn:
        video = get_video(conn, video_id, include_hidden=erase)
        cancel_jobs(conn, video_id)
        hidden_utc = video.hidden_utc or now_utc()
        if erase:
            delete_notes(conn, video_id)
            delete_scans(conn, video_id)
            delete_coverage(conn, video_id)
            clear_params(conn, video_id)
            forget_derived(conn, video_id)
            update_video(conn, video_id, hidden_utc=hidden_utc, erased_utc=video.erased_utc or now_utc(), **_ERASED)
        else:
            update_video(conn, video_id, hidden_utc=hidden_utc)
        add_audit(conn, annotator_id, "video.erase" if erase else "video.remove", f"video:{video_id}")
    if erase:
        remove_folder(db.settings.video_folder(video_id))


def sweep_erased(db: Database) -> None:
    """Removes the folders of erased videos that an interrupted erase, or a job of that moment, left."""
    with db.read() as conn:
        erased = [video.video_id for video in list_videos(conn, include_hidden=True) if video.erased_utc is not None]
    for video_id in erased:
        remove_folder(db.settings.video_folder(video_id))
