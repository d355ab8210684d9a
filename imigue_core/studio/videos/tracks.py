"""The pose track of a video: asking for one, and how far it is.

What is known of a track is a ``PoseTrack``; the points themselves lie in files, written by the jobs.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import Any

from db.engine import Connection, Database
from db.jobs import cancel_jobs, enqueue_job
from db.videos import Video, get_video, update_video
from imigue_core.errors import ConflictError, InputError
from imigue_core.skeleton.pose_track import Box, PoseOrigin, PoseTrack
from imigue_core.studio.access import Action, Resource, require
from imigue_core.studio.videos.probing import validate_fit
from imigue_core.studio.videos.steps import POSE_STEPS, STEPS, Step

SMALLEST_BOX_PX = 32
_BY_MEDIAPIPE = "the person MediaPipe finds most prominent"
_BY_BOX = "the person inside the box"
_BY_SIZE = "the largest person, from then on whoever is nearest"
_BY_FILE = "the person in the file"


@dataclass(frozen=True, slots=True)
class PoseSource:
    """Poses brought along for a video: where they lie, and the hash of their content."""

    path: Path
    sha256: str


def validate_box(box: Any, size: tuple[int, int] | None = None) -> Box | None:
    """A box around a person, or None for none.

    Args:
        size: Width and height of the picture; the box must share at least 32 pixels each way with it.

    Raises:
        InputError: ``PERSON_BOX``.
    """
    if box is None:
        return None
    sides = tuple(float(side) if abs(side) < 1e6 else math.inf for side in box)
    if len(sides) != 4 or math.inf in sides or min(sides[2:]) <= 0:
        raise InputError("PERSON_BOX", "expected x, y, width and height in source pixels.")
    x, y, width, height = sides
    if size is not None:
        shown = min(x + width, size[0]) - max(x, 0), min(y + height, size[1]) - max(y, 0)
        if shown[0] < min(SMALLEST_BOX_PX, size[0]) or shown[1] < min(SMALLEST_BOX_PX, size[1]):
            message = (
                f"expected a box with at least {SMALLEST_BOX_PX} pixels of the {size[0]}x{size[1]} picture each way."
            )
            raise InputError("PERSON_BOX", message)
    return x, y, width, height


def set_person_box(db: Database, video_id: int, box: Box | None, annotator_id: int | None = None) -> None:
    """Follows another person: the poses are extracted again, from the box or from the whole picture.

    Raises:
        InputError: ``PERSON_BOX``, or ``POSES_IMPORTED`` for poses that were brought along.
        ConflictError: ``VIDEO_NOT_READY``.
        NotAvailableError: No such video, or one without media.
        DeniedError: ``PERMISSION_DENIED``.
    """
    require(annotator_id, Action.CHANGE_VIDEO, Resource(video_id))
    with db.write() as conn:
        video = get_video(conn, video_id)
        if video.poses and video.poses.source is not PoseOrigin.MEDIAPIPE:
            hint = "Bring them again: add FILE --poses PATH --person x,y,w,h."
            raise InputError("POSES_IMPORTED", "these poses were brought along; a box cannot change them.", hint=hint)
        if not video.has_media or not video.width or not video.height:
            raise ConflictError("VIDEO_NOT_READY", "the picture of this video is not known yet.")
        request_poses(conn, video, validate_box(box, (video.width, video.height)))


def request_poses(conn: Connection, video: Video, box: Box | None = None) -> None:
    """Queues a new pose track by MediaPipe; an older one is replaced, an extraction under way stops."""
    for step in (Step.POSES, *STEPS[Step.POSES].then):
        cancel_jobs(conn, video.video_id, step)
    followed = _BY_BOX if box else _BY_MEDIAPIPE
    track = PoseTrack(PoseOrigin.MEDIAPIPE, video.poses_revision + 1, person=box, followed=followed)
    update_video(conn, video.video_id, poses=track)
    enqueue_job(conn, video.video_id, Step.POSES, {"revision": track.revision})


def request_import(
    conn: Connection, video: Video, poses: PoseSource, box: Box | None = None, *, fps: Fraction | None = None
) -> None:
    """Queues reading poses that were brought along; what stands now stays until they are read.

    Args:
        fps: Frames a second of poses that come without a video.
    """
    for step in POSE_STEPS:
        cancel_jobs(conn, video.video_id, step)
    params: dict[str, Any] = {"path": str(poses.path), "sha256": poses.sha256, "box": list(box) if box else None}
    if fps is not None:
        params["fps"] = [fps.numerator, fps.denominator]
    enqueue_job(conn, video.video_id, Step.IMPORT_POSES, params)


def record_ready(conn: Connection, video_id: int, revision: int, n_ready: int, *, complete: bool) -> bool:
    """Says how far the extraction is; False when another track was asked for meanwhile."""
    video = get_video(conn, video_id, include_hidden=True)
    if video.poses is None or video.poses.revision != revision:
        return False
    if (video.poses.n_ready, video.poses.complete) != (n_ready, complete):
        update_video(conn, video_id, poses=replace(video.poses, n_ready=n_ready, complete=complete))
    return True


def record_import(
    conn: Connection, video_id: int, params: dict[str, Any], n_frames: int, followed: str, warnings: list[str]
) -> None:
    """Stores that brought-along poses were read whole; a label-only video becomes one of poses.

    Args:
        params: As ``request_import`` queued them.

    Raises:
        InputError: ``ATTACH_REFUSED`` when labels that were there before do not fit; nothing is stored.
    """
    video = get_video(conn, video_id, include_hidden=True)
    columns: dict[str, Any] = {}
    if "fps" in params:
        fps = Fraction(*params["fps"])
        if video.is_label_only:
            validate_fit(conn, video, n_frames, fps)
        columns = {"kind": "poses", "n_frames": n_frames, "fps_num": fps.numerator, "fps_den": fps.denominator}
    track = PoseTrack(
        PoseOrigin.IMPORTED,
        video.poses_revision + 1,
        n_ready=n_frames,
        complete=True,
        person=tuple(params["box"]) if params["box"] else None,
        followed=followed,
        sha256=params["sha256"],
        warnings=tuple(warnings),
    )
    update_video(conn, video_id, poses=track, **columns)


def describe_followed(path: Path, box: Box | None) -> str:
    """Who is followed in poses that were brought along, in words."""
    return _BY_BOX if box else _BY_SIZE if path.is_dir() else _BY_FILE
