"""Asking for files to be made again that are lost or damaged, each by the step that makes it.

What is wrong is found out in derived.py. Files of the poses are made again from the poses, or the poses
from them, by the step in jobs/mend.py.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from db.derived import forget_derived, list_derived
from db.engine import Connection, Database
from db.jobs import OPEN_STATES, Job, cancel_jobs, enqueue_job, find_job, list_jobs
from db.suggestions import list_current_scans
from db.videos import Video, get_video, list_videos, update_video
from imigue_core.errors import InputError
from imigue_core.settings import Settings
from imigue_core.skeleton.pose_track import PoseOrigin
from imigue_core.studio.models.project_models import find_model, get_active_name
from imigue_core.studio.models.scanning import request_auto_scan, request_scan
from imigue_core.studio.videos.derived import Fault, find_faults
from imigue_core.studio.videos.incoming import hash_content
from imigue_core.studio.videos.queueing import request_media_steps
from imigue_core.studio.videos.steps import POSE_STEPS, STEPS, Step
from imigue_core.studio.videos.tracks import request_poses
from imigue_core.studio.videos.viewing import request_mask
from imigue_core.video_folder import DerivedKind, kind_of

_LOST = "The poses were damaged and nothing they could be made from is left. Add them again."


def mend_project(db: Database, *, thorough: bool = False) -> dict[int, list[Fault]]:
    """Looks at the files of every video and has made again what is wrong; returns that, by video.

    Args:
        thorough: Read and hash every file.
    """
    with db.read() as conn:
        videos = list_videos(conn, include_hidden=True)
    found: dict[int, list[Fault]] = {}
    for video in videos:
        faults = look_at_files(db, video, thorough=thorough)
        if faults:
            found[video.video_id] = faults
            with db.write() as conn:
                mend_video(conn, db.settings, video.video_id, faults)
    return found


def look_at_files(db: Database, video: Video, *, thorough: bool = False) -> list[Fault]:
    """See ``find_faults``; hashing takes its time, and nobody waits for it."""
    with db.read() as conn:
        made = list_derived(conn, video.video_id)
    return find_faults(db.settings.files_of(video.video_id), video, made, thorough=thorough)


def mend_video(conn: Connection, settings: Settings, video_id: int, faults: list[Fault]) -> None:
    """Queues what makes these files again; a step that waits or runs already is that step."""
    video = get_video(conn, video_id, include_hidden=True)
    kinds = {fault.kind for fault in faults}
    if DerivedKind.PICTURE in kinds:
        _forget(conn, video, DerivedKind.PICTURE)
        update_video(conn, video_id, proxy_width=None, proxy_height=None)
        if video.source_file is not None:
            request_media_steps(conn, video)
    if DerivedKind.TRACK in kinds and not _is_track_under_way(conn, video):
        enqueue_job(conn, video_id, Step.MEND)
    if DerivedKind.MASKED in kinds:
        _forget(conn, video, DerivedKind.MASKED)
        settings.files_of(video_id).mask_note.unlink(missing_ok=True)
        request_mask(conn, settings, get_video(conn, video_id, include_hidden=True))
    if DerivedKind.TOKENS in kinds:
        _forget(conn, video, DerivedKind.TOKENS)
        _scan_again(conn, settings, video)


def _is_track_under_way(conn: Connection, video: Video) -> bool:
    """Whether a step is going to write this track anyhow; one that goes on mends what it finds."""
    return any(job.kind in POSE_STEPS for job in list_jobs(conn, video.video_id, OPEN_STATES))


def _forget(conn: Connection, video: Video, kind: DerivedKind) -> None:
    paths = [file.path for file in list_derived(conn, video.video_id) if kind_of(file.path) is kind]
    forget_derived(conn, video.video_id, paths)


def _scan_again(conn: Connection, settings: Settings, video: Video) -> None:
    """By the model that scanned it last, where that is still there; decisions and labels stay."""
    if not video.poses_complete or video.hidden_utc is not None:
        return
    scan = list_current_scans(conn, get_active_name(conn)).get(video.video_id)
    if scan is not None and find_model(settings, scan.model).is_scanner:
        request_scan(conn, video.video_id, model=scan.model)
    else:
        request_auto_scan(conn, settings, video.video_id)


def can_replace_track(conn: Connection, video: Video) -> bool:
    """Whether what a lost track was made of is still there; reads all of it, so ask before anything is written."""
    if _is_extracted(video):
        return True
    last = _find_import(conn, video)
    if last is None or video.poses is None:
        return False
    try:
        return hash_content(Path(last.params["path"])) == video.poses.sha256
    except InputError:
        return False


def replace_track(conn: Connection, video: Video) -> None:
    """Queues a lost track anew; see ``can_replace_track``."""
    last = _find_import(conn, video)
    if _is_extracted(video):
        assert video.poses is not None
        request_poses(conn, video, video.poses.person)
    elif last is not None:
        enqueue_job(conn, video.video_id, Step.IMPORT_POSES, last.params)


def _is_extracted(video: Video) -> bool:
    """Whether the track came from the picture, and the picture is there."""
    return video.poses is not None and video.poses.source is PoseOrigin.MEDIAPIPE and video.has_proxy


def _find_import(conn: Connection, video: Video) -> Job | None:
    """The step that read the track that stands now."""
    last = find_job(conn, video.video_id, Step.IMPORT_POSES)
    is_of_this = last is not None and video.poses is not None and last.params.get("sha256") == video.poses.sha256
    return last if is_of_this else None


def give_up_track(conn: Connection, video: Video) -> None:
    """Says that a track is lost for good; its labels stay, and poses that are brought again take its place."""
    assert video.poses is not None
    _forget(conn, video, DerivedKind.TRACK)
    for step in STEPS[Step.POSES].then:
        cancel_jobs(conn, video.video_id, step)
    revision = video.poses.revision + 1
    lost = replace(video.poses, revision=revision, n_ready=0, complete=False, sha256=None, warnings=(_LOST,))
    update_video(conn, video.video_id, poses=lost)
