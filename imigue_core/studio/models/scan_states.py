"""What the active model has said about each video and what it still has to do, and stopping that work."""

from __future__ import annotations

from dataclasses import dataclass

from db.engine import Database
from db.jobs import OPEN_STATES, Job, cancel_jobs, list_jobs
from db.people import add_audit
from db.suggestions import Scan, list_current_scans
from db.videos import Video, list_videos
from imigue_core.studio.access import Action, Resource, require
from imigue_core.studio.models.project_models import get_active_name
from imigue_core.studio.videos.steps import Step


@dataclass(frozen=True, slots=True)
class ScanState:
    """One video as the active model sees it.

    Attributes:
        scan: Its latest scan by the active model.
        job: Its latest scan job, of whatever model; None when none was ever asked for.
    """

    video: Video
    scan: Scan | None
    job: Job | None

    @property
    def is_working(self) -> bool:
        return self.job is not None and self.job.is_open

    @property
    def is_outdated(self) -> bool:
        """Whether the poses were replaced since the scan."""
        track = self.video.poses
        return self.scan is not None and track is not None and self.scan.poses_revision != track.revision


def list_scan_states(db: Database) -> list[ScanState]:
    """All videos that are not hidden, in the order they came."""
    with db.read() as conn:
        scans = list_current_scans(conn, get_active_name(conn))
        jobs = {job.video_id: job for job in list_jobs(conn) if job.kind == Step.SCAN}
        return [ScanState(v, scans.get(v.video_id), jobs.get(v.video_id)) for v in list_videos(conn)]


def stop_scans(db: Database, annotator_id: int | None, video_id: int | None = None) -> int:
    """Cancels scans that wait or run, of one video or of all; returns how many.

    Scans that are done stay; a video that is stopped can be scanned again at any time.

    Raises:
        DeniedError: ``PERMISSION_DENIED``.
    """
    require(annotator_id, Action.SCAN, Resource(video_id))
    with db.write() as conn:
        scans = [job for job in list_jobs(conn, video_id, OPEN_STATES) if job.kind == Step.SCAN]
        n_stopped = sum(cancel_jobs(conn, wanted, Step.SCAN) for wanted in {job.video_id for job in scans})
        if n_stopped:
            target = "project" if video_id is None else f"video:{video_id}"
            add_audit(conn, annotator_id, "scan.stop", target, {"scans": n_stopped})
    return n_stopped
