"""Queues the steps of a video: those it starts with, and those that follow one that has become whole.

Which steps these are, and in which order, is the table's in steps.py; what each is told is put together here.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

from db.engine import Connection
from db.jobs import enqueue_job
from db.videos import Video, get_video
from imigue_core.settings import Settings
from imigue_core.skeleton.pose_track import Box
from imigue_core.studio.models.scanning import request_auto_scan
from imigue_core.studio.videos.steps import MEDIA_STEPS, STEPS, Step, list_first_steps
from imigue_core.studio.videos.tracks import PoseSource, request_import, request_poses
from imigue_core.studio.videos.viewing import request_mask


@dataclass(frozen=True, slots=True)
class Brought:
    """What a video came with.

    Attributes:
        has_file: Whether it has a file of its own.
        inbox_name: Name under which a refused file goes back to the inbox.
        poses: Poses to read, None for none.
        box: Whom to follow when several people are in the picture.
        fps: Frames a second of poses that come without a file.
    """

    has_file: bool
    inbox_name: str | None = None
    poses: PoseSource | None = None
    box: Box | None = None
    fps: Fraction | None = None


def request_first_steps(conn: Connection, video: Video, brought: Brought) -> None:
    """Queues what a video starts with."""
    for step in list_first_steps(has_file=brought.has_file, has_poses=brought.poses is not None):
        _FIRST[step](conn, video, brought)


def request_media_steps(conn: Connection, video: Video) -> None:
    """Queues what a file goes through first, for one that came back; what was read of it is not read again."""
    for step in MEDIA_STEPS:
        if step is not Step.PROBE or video.n_frames is None:
            enqueue_job(conn, video.video_id, step)


def request_followers(conn: Connection, settings: Settings, video_id: int, done: Step) -> None:
    """Queues what comes after a step of a video; call where the step's result is stored.

    Raises:
        NotAvailableError: The video was removed meanwhile.
    """
    for step in STEPS[done].then:
        _FOLLOWERS[step](conn, settings, video_id)


def _request_probe(conn: Connection, video: Video, brought: Brought) -> None:
    params = {"inbox_name": brought.inbox_name} if brought.inbox_name else {}
    enqueue_job(conn, video.video_id, Step.PROBE, params)


def _request_proxy(conn: Connection, video: Video, brought: Brought) -> None:
    enqueue_job(conn, video.video_id, Step.PROXY)


def _request_poses(conn: Connection, video: Video, brought: Brought) -> None:
    request_poses(conn, video, brought.box)


def _request_import(conn: Connection, video: Video, brought: Brought) -> None:
    assert brought.poses is not None
    request_import(conn, video, brought.poses, brought.box, fps=brought.fps)


def _request_mask(conn: Connection, settings: Settings, video_id: int) -> None:
    request_mask(conn, settings, get_video(conn, video_id))


_FIRST: dict[Step, Callable[[Connection, Video, Brought], None]] = {
    Step.PROBE: _request_probe,
    Step.PROXY: _request_proxy,
    Step.POSES: _request_poses,
    Step.IMPORT_POSES: _request_import,
}
_FOLLOWERS: dict[Step, Callable[[Connection, Settings, int], None]] = {
    Step.SCAN: request_auto_scan,
    Step.MASK: _request_mask,
}
