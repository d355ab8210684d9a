"""The list of videos with the state of each, and what can be tried again."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field, replace

from db.engine import Connection, Database
from db.jobs import Job, enqueue_job, find_job, list_jobs
from db.labels import count_labels
from db.people import get_setting, set_setting
from db.videos import Video, get_video, list_videos
from db.watched import VideoProgress, list_all_watched, list_progress
from imigue_core.errors import InputError
from imigue_core.ids import AnnotatorId
from imigue_core.studio.access import PROJECT, Action, Resource, require
from imigue_core.studio.people.coverage import count_reviewed, describe_state
from imigue_core.studio.people.seeing_others import list_open_videos
from imigue_core.studio.videos.steps import STEPS, Need, Step

_INBOX_REFUSALS = "inbox_refusals"
REFUSED_FOLDER = "refused"
"""Inside the inbox: where files go back to that cannot be used."""


@dataclass(frozen=True, slots=True)
class LibraryItem:
    """One video of the Library.

    Attributes:
        jobs: The latest job of each step, in the order of ``STEPS``.
        labels_by: Standing labels by annotator id; in blind mode those that the viewer may know of.
        progress: The viewer's state of it: ``new``, ``in_progress`` or ``done``.
        reviewed: Share of its frames that the viewer reviewed, 0 to 1.
    """

    video: Video
    jobs: list[Job] = field(default_factory=list)
    labels_by: dict[AnnotatorId, int] = field(default_factory=dict)
    progress: str = "new"
    reviewed: float = 0.0

    @property
    def n_labels(self) -> int:
        return sum(self.labels_by.values())


def list_library(db: Database, viewer_id: AnnotatorId | None = None) -> list[LibraryItem]:
    """All videos that are not hidden, in the order they came.

    Args:
        viewer_id: The annotator who looks; None for the command line, which is nobody's and shows all counts.

    Raises:
        DeniedError: ``PERMISSION_DENIED``.
    """
    require(viewer_id, Action.SEE_PROJECT, PROJECT)
    with db.read() as conn:
        videos = list_videos(conn)
        latest = {(job.video_id, job.kind): job for job in list_jobs(conn)}
        labels = count_labels(conn)
        items = [
            LibraryItem(
                video,
                [latest[video.video_id, step] for step in STEPS if (video.video_id, step) in latest],
                labels.get(video.video_id, {}),
            )
            for video in videos
        ]
        return items if viewer_id is None else _look_as(conn, items, viewer_id)


def list_project_jobs(db: Database, viewer_id: int | None) -> list[Job]:
    """Work that belongs to no video and is not over: what waits or runs, and what failed last.

    Raises:
        DeniedError: ``PERMISSION_DENIED``.
    """
    require(viewer_id, Action.SEE_PROJECT, PROJECT)
    with db.read() as conn:
        jobs = [find_job(conn, None, step) for step in STEPS]
    return [job for job in jobs if job is not None and (job.is_open or job.state == "failed")]


def _look_as(conn: Connection, items: list[LibraryItem], viewer_id: AnnotatorId) -> list[LibraryItem]:
    """The items with one person's progress, and without the counts that blind mode withholds from that person."""
    opened = list_open_videos(conn, viewer_id)
    progress, watched = list_progress(conn, viewer_id), list_all_watched(conn, viewer_id)
    seen = []
    for item in items:
        video_id, n_frames = item.video.video_id, item.video.n_frames
        n_mine = item.labels_by.get(viewer_id, 0)
        is_open = opened is None or video_id in opened
        own = {viewer_id: n_mine} if n_mine else {}
        seen.append(
            replace(
                item,
                labels_by=item.labels_by if is_open else own,
                progress=describe_state(progress.get(video_id, VideoProgress()), n_mine),
                reviewed=count_reviewed(watched.get((video_id, viewer_id), [])) / n_frames if n_frames else 0.0,
            )
        )
    return seen


def find_item(db: Database, video_id: int) -> LibraryItem | None:
    """One video of the list, None when it is hidden or absent."""
    return next((item for item in list_library(db) if item.video.video_id == video_id), None)


def retry_steps(db: Database, video_id: int, annotator_id: int | None = None) -> None:
    """Queues the steps of a video again that failed or were cancelled.

    Raises:
        InputError: ``MEDIA_GONE`` when its file is not in the project: it was refused, or not restored.
        NotAvailableError: No such video.
        DeniedError: ``PERMISSION_DENIED``.
    """
    require(annotator_id, Action.CHANGE_VIDEO, Resource(video_id))
    with db.write() as conn:
        video = get_video(conn, video_id)
        if video.sha256 is None:
            raise InputError("MEDIA_GONE", "the file was refused and is no longer here.", hint="Add it again.")
        if not requeue_steps(conn, video) and video.kind == "video" and video.source_file is None:
            raise InputError("MEDIA_GONE", "the file did not come back with the backup.", hint="Add it again.")


def requeue_steps(conn: Connection, video: Video, *, with_poses: bool = True) -> list[Step]:
    """Queues failed and cancelled steps again, those for poses only while there are none; returns which.

    What needs the file is left while the file is not there, and so is the extraction of a track that is gone.
    """
    queued: list[Step] = []
    for step, rule in STEPS.items():
        job = find_job(conn, video.video_id, step)
        if job is None or job.state not in ("failed", "cancelled"):
            continue
        if rule.makes_poses and (not with_poses or video.poses_complete):
            continue
        if rule.needs is Need.MEDIA and video.source_file is None:
            continue
        if rule.needs is Need.POSES and not video.poses_complete:
            continue
        if step is Step.POSES and (video.poses is None or video.poses.revision != job.params.get("revision")):
            continue
        enqueue_job(conn, video.video_id, step, job.params)
        queued.append(step)
    return queued


@dataclass(frozen=True, slots=True)
class Refusal:
    """Something in the inbox that cannot be taken, and why."""

    name: str
    code: str
    message: str


def record_inbox_refusals(db: Database, refusals: list[Refusal]) -> None:
    """Says what lies in the inbox and cannot be taken; it replaces what was said before."""
    text = json.dumps([asdict(refusal) for refusal in refusals])
    with db.write() as conn:
        if get_setting(conn, _INBOX_REFUSALS, "[]") != text:
            set_setting(conn, _INBOX_REFUSALS, text)


def forget_inbox_refusals(conn: Connection) -> None:
    """Of a project that came from elsewhere: what was said there of another inbox."""
    set_setting(conn, _INBOX_REFUSALS, "[]")


def list_inbox_refusals(db: Database) -> list[Refusal]:
    """What lies in the inbox and cannot be taken."""
    with db.read() as conn:
        return [Refusal(**refusal) for refusal in json.loads(get_setting(conn, _INBOX_REFUSALS, "[]"))]
