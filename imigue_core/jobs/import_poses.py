"""Step ``import_poses``: poses that were brought along become a track, chunks and a thumbnail."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

from db.derived import save_derived
from imigue_core.errors import InputError, WorkerError
from imigue_core.files import sync_path
from imigue_core.formats.poses import load_poses
from imigue_core.jobs.pose_files import write_track_files
from imigue_core.jobs.step_run import Progress, StepRun
from imigue_core.skeleton.pose import find_pose_warnings, save_npz
from imigue_core.skeleton.pose_track import Box
from imigue_core.studio.videos.derived import seal_files
from imigue_core.studio.videos.incoming import hash_content
from imigue_core.studio.videos.probing import refuse_media
from imigue_core.studio.videos.tracks import describe_followed, record_import
from imigue_core.video_folder import VideoFolder


def run_import_poses(step: StepRun) -> None:
    """Reads the poses in a child and puts them in the place of older ones.

    Raises:
        InputError: The poses are refused (``POSE_*``, ``POSES_CHANGED`` and others); what was there before stays.
    """
    video = step.load_video()
    if not video.width or not video.height:
        raise WorkerError("VIDEO_NOT_READY", "expected a video that was read, got one that was not.")
    path, box = Path(step.params["path"]), step.params["box"]
    has_media = "fps" not in step.params
    arriving = step.files.arriving
    shutil.rmtree(arriving.path, ignore_errors=True)
    try:
        length = video.n_frames if has_media else None
        args = (str(path), step.params["sha256"], arriving, (video.width, video.height), length, box)
        n_frames, warnings = step.run_in_child(read_poses, *args)
        made = seal_files(arriving, (path for path in sorted(arriving.path.rglob("*")) if path.is_file()))
        with step.recording() as conn:
            record_import(conn, video.video_id, step.params, n_frames, describe_followed(path, box), warnings)
            _put_in_place(step.files, arriving)
            save_derived(conn, video.video_id, made)
            step.request_followers(conn)
    except InputError as error:
        if not has_media and not video.poses_complete:
            with step.recording() as conn:
                refuse_media(conn, step.db.settings, video.video_id, error.code)
        raise
    finally:
        shutil.rmtree(arriving.path, ignore_errors=True)


def read_poses(
    path: str,
    sha256: str,
    files: VideoFolder,
    size: tuple[int, int],
    n_frames: int | None,
    box: Box | None,
    on_progress: Progress,
) -> tuple[int, list[str]]:
    """In the child: reads poses, writes all files of the track, and says how long it is and what looks odd."""
    if hash_content(Path(path), lambda: on_progress(0, 0)) != sha256:
        message = "expected the poses as they were added, got another content."
        raise InputError("POSES_CHANGED", message, hint="Add them again.", where=Path(path).name)
    poses = load_poses(path, n_frames, size, box=box, on_progress=on_progress)
    poses = replace(poses, size=size)
    save_npz(files.poses, poses)
    write_track_files(files, poses, on_progress)
    return poses.n_frames, find_pose_warnings(poses)


def _put_in_place(files: VideoFolder, arriving: VideoFolder) -> None:
    for folder in (files.ranges, files.chunks):
        shutil.rmtree(folder, ignore_errors=True)
    for item in sorted(arriving.path.iterdir()):
        item.replace(files.path / item.name)
    arriving.path.rmdir()
    sync_path(files.path)
