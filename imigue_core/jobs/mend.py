"""Step ``mend``: files of a video's poses are made again, from the poses or the poses from them.

It also takes files into account that an older studio made and knows nothing of: what can be read is
recorded, what cannot is made again. Everything is read in a child, since a backup of anybody may have
brought the files.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from db.derived import DerivedFile, list_derived, save_derived
from db.videos import Video, update_video
from imigue_core.errors import InputError
from imigue_core.files import read_regular
from imigue_core.jobs.pose_files import write_thumbnail, write_track_files
from imigue_core.jobs.step_run import Progress, StepCancelledError, StepRun
from imigue_core.skeleton.chunks import CHUNK_FRAMES, MAX_CHUNK_BYTES, Chunk, decode_chunk, get_chunk_name
from imigue_core.skeleton.pose import PoseSequence, load_npz, save_npz
from imigue_core.studio.videos.derived import find_flaw, list_other_files, list_track_files, seal_files
from imigue_core.studio.videos.mending import (
    can_replace_track,
    give_up_track,
    look_at_files,
    replace_track,
)
from imigue_core.video_folder import DerivedKind, VideoFolder

ROUNDED = "The pose file was damaged and made again from the player's copy of it, exact to 1/16 pixel."


@dataclass(frozen=True, slots=True)
class _Track:
    """What of a track is on the disk.

    Attributes:
        poses_are_whole: Whether the track itself can be read and is what was made.
        chunks_are_whole: Whether every chunk can.
        drawing_is_whole: Whether the drawing is there.
    """

    poses_are_whole: bool
    chunks_are_whole: bool
    drawing_is_whole: bool


def run_mend(step: StepRun) -> None:
    """Looks at every file of a video's poses and makes again what is wrong.

    Raises:
        InputError: ``POSES_LOST`` when neither the poses nor anything they could be made from is left.
    """
    video = step.load_video()
    if video.poses is None or not (video.width and video.height and video.n_frames):
        _record_others(step)
        return
    if not video.poses_complete:
        _mend_part(step, video)
        _record_others(step)
        return
    size = (video.width, video.height)
    with step.db.read() as conn:
        known = {file.path: file for file in list_derived(conn, video.video_id)}
    track = step.run_in_child(inspect_track, step.files, video.n_frames, known)
    if track.poses_are_whole:
        if not (track.chunks_are_whole and track.drawing_is_whole):
            step.run_in_child(write_from_poses, step.files, video.n_frames, size)
    elif not track.chunks_are_whole:
        _begin_anew(step, video)
        return
    elif _replace(step, video):
        return
    else:
        step.run_in_child(write_from_chunks, step.files, video.n_frames, size)
    sealed = seal_files(step.files, list_track_files(step.files, video))
    with step.recording() as conn:
        now = step.load_video()
        if now.poses is None or now.poses_revision != video.poses_revision:
            raise StepCancelledError  # the poses to come bring files of their own
        save_derived(conn, video.video_id, sealed)
        if not track.poses_are_whole:
            update_video(conn, video.video_id, poses=replace(now.poses, warnings=(*now.poses.warnings, ROUNDED)))
    _record_others(step)


def _mend_part(step: StepRun, video: Video) -> None:
    """A track that is not whole, and that nothing goes on with: what there is of it stays when it is as it was made."""
    faults = look_at_files(step.db, video, thorough=True)
    if any(fault.kind is DerivedKind.TRACK for fault in faults):
        _begin_anew(step, video)
        return
    sealed = seal_files(step.files, list_track_files(step.files, video))
    with step.recording() as conn:
        save_derived(conn, video.video_id, sealed)


def _begin_anew(step: StepRun, video: Video) -> None:
    if _replace(step, video):
        return
    with step.recording() as conn:
        give_up_track(conn, video)
    hint = "Add the poses again; the labels are as they were."
    raise InputError("POSES_LOST", "the poses are damaged and nothing to make them from is left.", hint=hint)


def _replace(step: StepRun, video: Video) -> bool:
    with step.db.read() as conn:
        if not can_replace_track(conn, video):
            return False
    with step.recording() as conn:
        replace_track(conn, video)
    return True


def _record_others(step: StepRun) -> None:
    """Takes down what is in the other files of the video that nothing is known of."""
    video = step.load_video()
    with step.db.read() as conn:
        known = {file.path for file in list_derived(conn, video.video_id)}
    paths = [p for p in list_other_files(step.files, video) if step.files.name(p) not in known and p.is_file()]
    sealed = seal_files(step.files, paths)
    with step.recording() as conn:
        save_derived(conn, video.video_id, sealed)


def inspect_track(files: VideoFolder, n_frames: int, known: dict[str, DerivedFile], on_progress: Progress) -> _Track:
    """In a child: whether the files of a whole track are what was made, or, of unknown ones, can be read."""

    def is_whole(path: Path, read: Callable[[], object]) -> bool:
        made = known.get(files.name(path))
        if find_flaw(path, made, thorough=True) is not None:
            return False
        try:
            return made is not None or bool(read())
        except InputError:
            return False

    def is_chunk_whole(start: int) -> bool:
        stop = min(start + CHUNK_FRAMES, n_frames)
        path = files.chunks / get_chunk_name(start // CHUNK_FRAMES)
        on_progress(stop, n_frames)
        return is_whole(path, lambda: len(_read_chunk(path).keypoints) == stop - start)

    return _Track(
        poses_are_whole=is_whole(files.poses, lambda: load_npz(files.poses, n_frames=n_frames)),
        chunks_are_whole=all(is_chunk_whole(start) for start in range(0, n_frames, CHUNK_FRAMES)),
        drawing_is_whole=is_whole(files.skeleton_thumb, lambda: True),
    )


def _read_chunk(path: Path) -> Chunk:
    return decode_chunk(read_regular(path, MAX_CHUNK_BYTES, code="CHUNK_FORMAT"))


def write_from_poses(files: VideoFolder, n_frames: int, size: tuple[int, int], on_progress: Progress) -> None:
    """In a child: chunks and drawing of a whole track, all of them; the same poses give the same bytes."""
    poses = load_npz(files.poses, n_frames=n_frames)
    write_track_files(files, replace(poses, size=size), on_progress)


def write_from_chunks(files: VideoFolder, n_frames: int, size: tuple[int, int], on_progress: Progress) -> None:
    """In a child: the track, and its drawing, from whole chunks."""
    parts = []
    for start in range(0, n_frames, CHUNK_FRAMES):
        parts.append(_read_chunk(files.chunks / get_chunk_name(start // CHUNK_FRAMES)).keypoints)
        on_progress(start, n_frames)
    poses = PoseSequence(np.concatenate(parts), size)
    save_npz(files.poses, poses)
    write_thumbnail(files, poses)
