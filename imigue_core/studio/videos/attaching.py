"""Giving a label-only video the media of a video that was added on its own, by hand in the Library."""

from __future__ import annotations

import shutil
from pathlib import Path

from db.derived import move_derived
from db.engine import Database
from db.jobs import OPEN_STATES, list_jobs, move_jobs
from db.labels import list_annotations, list_ratings
from db.people import add_audit
from db.suggestions import delete_scans
from db.videos import get_video, load_times, save_times, update_video
from db.watched import move_watched
from imigue_core.errors import ConflictError, InputError
from imigue_core.files import link_file, storage_errors
from imigue_core.studio.access import Action, Resource, require
from imigue_core.studio.videos.incoming import remove_folder
from imigue_core.studio.videos.probing import hide_refused, validate_fit
from imigue_core.studio.videos.queueing import request_followers
from imigue_core.studio.videos.steps import Step

_MOVED = (
    "kind", "n_frames", "fps_num", "fps_den", "width", "height", "proxy_width", "proxy_height", "probe",
    "shot_cuts", "poses", "source_file", "n_bytes",
)  # fmt: skip


def attach_media(db: Database, video_id: int, media_video_id: int, annotator_id: int | None = None) -> None:
    """Moves the media of ``media_video_id``, with proxy and poses, to the label-only video ``video_id``.

    The video the media come from leaves the Library. Its steps come along, so that one that failed
    can be tried again.

    Raises:
        InputError: ``ATTACH_REFUSED`` when the labels do not fit, or when either video is of another kind.
        ConflictError: ``VIDEO_NOT_READY`` while steps of the media are under way.
        NotAvailableError: No such video.
        DeniedError: ``PERMISSION_DENIED``.
    """
    require(annotator_id, Action.CHANGE_VIDEO, Resource(video_id))
    with db.write() as conn:
        target, media = get_video(conn, video_id), get_video(conn, media_video_id)
        if not target.is_label_only or target.sha256 is not None:
            raise InputError("ATTACH_REFUSED", f"expected a video with labels only, got {target.name!r}.")
        if media.is_label_only or media.n_frames is None or media.fps is None:
            raise InputError("ATTACH_REFUSED", f"expected a video that was read, got {media.name!r}.")
        if list_annotations(conn, media_video_id) or list_ratings(conn, media_video_id):
            raise InputError("ATTACH_REFUSED", f"expected media without labels of its own, got {media.name!r}.")
        for video in (media, target):
            if list_jobs(conn, video.video_id, OPEN_STATES):
                raise ConflictError("VIDEO_NOT_READY", f"steps of {video.name!r} are under way; wait for them.")
        is_variable = bool((media.probe or {}).get("is_variable"))
        validate_fit(conn, target, media.n_frames, media.fps, is_variable=is_variable)
        _link_folder(db, media_video_id, video_id)
        columns = {name: getattr(media, name) for name in _MOVED}
        update_video(conn, media_video_id, sha256=None, source_file=None, poses=None)
        hide_refused(conn, media_video_id)
        update_video(conn, video_id, sha256=media.sha256, **columns)
        stored = load_times(conn, media_video_id)
        if stored is not None:
            save_times(conn, video_id, *stored)
        move_jobs(conn, media_video_id, video_id)
        move_derived(conn, media_video_id, video_id)
        # People may have refused suggestions of the video that goes; its own ledger rows cannot move along.
        delete_scans(conn, media_video_id)
        move_watched(conn, media_video_id, video_id)
        if media.poses_complete:
            request_followers(conn, db.settings, video_id, Step.POSES)
        add_audit(conn, annotator_id, "video.attach", f"video:{video_id}", {"media": media_video_id})
    remove_folder(db.settings.video_folder(media_video_id))


def _link_folder(db: Database, source_id: int, target_id: int) -> None:
    """The same files under a second name, so that a crash before COMMIT leaves both videos whole."""
    source, target = db.settings.video_folder(source_id), db.settings.video_folder(target_id)
    remove_folder(target)
    with storage_errors():
        if source.is_dir():
            shutil.copytree(source, target, copy_function=lambda one, other: link_file(Path(one), Path(other)))
