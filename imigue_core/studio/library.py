"""The list of videos with the state of each, and the project's source-pixels switch."""

from __future__ import annotations

from dataclasses import dataclass, field

from db.engine import Connection, Database
from db.jobs import Job, enqueue_job, find_job, list_jobs
from db.labels import count_labels
from db.people import add_audit, get_setting, set_setting
from db.videos import Video, get_video, list_videos
from imigue_core.errors import InputError

STEPS = ("probe", "proxy", "poses", "import_poses")
POSE_STEPS = ("poses", "import_poses")
_SOURCE_PIXELS = "source_pixels"


@dataclass(frozen=True, slots=True)
class LibraryItem:
    """One video of the Library.

    Attributes:
        jobs: The latest job of each step, in the order of ``STEPS``.
        labels_by: Standing labels by annotator id.
    """

    video: Video
    jobs: list[Job] = field(default_factory=list)
    labels_by: dict[int, int] = field(default_factory=dict)

    @property
    def n_labels(self) -> int:
        return sum(self.labels_by.values())


def list_library(db: Database) -> list[LibraryItem]:
    """All videos that are not hidden, in the order they came."""
    with db.read() as conn:
        videos = list_videos(conn)
        latest = {(job.video_id, job.kind): job for job in list_jobs(conn)}
        labels = count_labels(conn)
    return [
        LibraryItem(
            video,
            [latest[video.video_id, kind] for kind in STEPS if (video.video_id, kind) in latest],
            labels.get(video.video_id, {}),
        )
        for video in videos
    ]


def find_item(db: Database, video_id: int) -> LibraryItem | None:
    """One video of the list, None when it is hidden or absent."""
    return next((item for item in list_library(db) if item.video.video_id == video_id), None)


def retry_steps(db: Database, video_id: int) -> None:
    """Queues the steps of a video again that failed or were cancelled.

    Raises:
        InputError: ``MEDIA_GONE`` when its file was refused and is no longer in the project.
        NotAvailableError: No such video.
    """
    with db.write() as conn:
        video = get_video(conn, video_id)
        if video.sha256 is None:
            raise InputError("MEDIA_GONE", "the file was refused and is no longer here.", hint="Add it again.")
        requeue_steps(conn, video)


def requeue_steps(conn: Connection, video: Video, *, with_poses: bool = True) -> None:
    """Queues failed and cancelled steps again, those for poses only while there are none."""
    for kind in STEPS:
        job = find_job(conn, video.video_id, kind)
        is_wanted = kind not in POSE_STEPS or (with_poses and not video.poses_complete)
        if job is not None and job.state in ("failed", "cancelled") and is_wanted:
            enqueue_job(conn, video.video_id, kind, job.params)


def source_pixels_allowed(db: Database) -> bool:
    """Whether pixels of real videos may be shown in this project; off by default."""
    with db.read() as conn:
        return get_setting(conn, _SOURCE_PIXELS, "off") == "on"


def set_source_pixels(db: Database, on: bool, annotator_id: int | None) -> None:
    """Throws the project's switch and logs who did."""
    with db.write() as conn:
        if get_setting(conn, _SOURCE_PIXELS, "off") == ("on" if on else "off"):
            return
        set_setting(conn, _SOURCE_PIXELS, "on" if on else "off")
        add_audit(conn, annotator_id, "source_pixels.switch", "project", {"on": on})
