"""Scans of videos: asking for one, what goes into it, and storing what came out.

The scan itself needs torch and runs in jobs/scan.py or on the command line.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from db.engine import Connection, Database
from db.jobs import cancel_jobs, enqueue_job, find_job
from db.people import add_audit
from db.suggestions import insert_scan, list_current_scans
from db.videos import Video, bump_revision, get_video, list_videos, load_seconds
from imigue_core.annotation import SuggestedSpan
from imigue_core.errors import ConflictError, WorkerError
from imigue_core.settings import Settings
from imigue_core.studio.access import PROJECT, Action, Resource, require
from imigue_core.studio.models.project_models import find_model, get_active_name
from imigue_core.studio.people.project_settings import AUTO_SCAN
from imigue_core.studio.videos.steps import Step
from imigue_core.taxonomy import CLASS_IDS

_MAX_TOP = 5


@dataclass(frozen=True, slots=True)
class ScanFacts:
    """Which model made a scan, on what, at which cost; see ``db.suggestions.Scan``."""

    model: str
    model_hash: str
    trained_on: str
    device: str
    poses_revision: int
    cpu_s: float


@dataclass(frozen=True, slots=True, eq=False)
class ScanInput:
    """What a scanner needs of a video beside its poses.

    Attributes:
        times_s: Presentation seconds (T,) float64, from 0.
        shot_cuts: First frames of new shots.
        poses_revision: The track that stood at this moment.
    """

    video_id: int
    n_frames: int
    times_s: npt.NDArray[np.float64]
    shot_cuts: list[int]
    poses_revision: int


def request_scan(
    conn: Connection,
    video_id: int,
    *,
    model: str | None = None,
    device: str = "auto",
    annotator_id: int | None = None,
) -> int:
    """Queues a scan and returns its job; one by this model that waits or runs already is that job.

    A scan by another model that waits or runs is given up.

    Args:
        model: Name of the model, None for the active one.
        annotator_id: Who asks for it.

    Raises:
        ConflictError: ``POSES_MISSING`` or ``POSES_NOT_READY``.
        NotAvailableError: No such video.
        DeniedError: ``PERMISSION_DENIED``.
    """
    require(annotator_id, Action.SCAN, Resource(video_id))
    validate_scannable(get_video(conn, video_id))
    params = {"model": model or get_active_name(conn), "device": device}
    last = find_job(conn, video_id, Step.SCAN)
    if last is not None and last.is_open and last.params.get("model") != params["model"]:
        cancel_jobs(conn, video_id, Step.SCAN)
    return enqueue_job(conn, video_id, Step.SCAN, params)


def request_scans(db: Database, annotator_id: int | None, *, only_missing: bool = False) -> int:
    """Queues a scan by the active model of every video whose poses are there; returns how many.

    Args:
        only_missing: Leave out videos that this model has scanned.

    Raises:
        DeniedError: ``PERMISSION_DENIED``.
    """
    require(annotator_id, Action.SCAN, PROJECT)
    with db.write() as conn:
        model = get_active_name(conn)
        scanned = list_current_scans(conn, model) if only_missing else {}
        wanted = [v for v in list_videos(conn) if v.poses_complete and v.video_id not in scanned]
        for video in wanted:
            request_scan(conn, video.video_id, model=model)
        if wanted:
            add_audit(conn, annotator_id, "scan.request", "project", {"model": model, "videos": len(wanted)})
    return len(wanted)


def validate_scannable(video: Video) -> None:
    """Refuses a video that has no whole pose track.

    Raises:
        ConflictError: ``POSES_MISSING`` or ``POSES_NOT_READY``.
    """
    if video.poses is None:
        hint = "Give it media or poses first." if video.is_label_only else "Add its file or its poses again."
        raise ConflictError("POSES_MISSING", "expected a video with poses, got one without.", hint=hint)
    if not video.poses_complete:
        message = f"expected all poses, got {video.poses_ready:,} of {video.n_frames or 0:,} frames so far."
        raise ConflictError("POSES_NOT_READY", message, hint="Scan it once its poses are there.")


def load_scan_input(conn: Connection, video_id: int) -> ScanInput:
    """What a scan of a video needs to know.

    Raises:
        ConflictError: ``POSES_MISSING`` or ``POSES_NOT_READY``.
        NotAvailableError: No such video.
    """
    video = get_video(conn, video_id)
    validate_scannable(video)
    seconds = load_seconds(conn, video)
    if video.poses is None or video.n_frames is None or seconds is None:
        raise ConflictError("VIDEO_NOT_READY", "expected a video that was read, got one that was not.")
    cuts = [cut for cut in video.shot_cuts or [] if 0 < cut < video.n_frames]
    return ScanInput(video_id, video.n_frames, seconds, cuts, video.poses_revision)


def record_scan(conn: Connection, scanned: ScanInput, facts: ScanFacts, spans: Sequence[SuggestedSpan]) -> int | None:
    """Stores a whole scan at once and returns its id; None when the poses were replaced meanwhile.

    Raises:
        WorkerError: ``MODEL_OUTPUT`` when the model said something that makes no sense; nothing is stored.
        NotAvailableError: The video was removed meanwhile.
    """
    for span in spans:
        _validate_output(span, scanned.n_frames)
    video = get_video(conn, scanned.video_id)
    if not video.poses_complete or video.poses_revision != scanned.poses_revision:
        return None
    scan_id = insert_scan(
        conn,
        scanned.video_id,
        spans,
        model=facts.model,
        model_hash=facts.model_hash,
        trained_on=facts.trained_on,
        device=facts.device,
        poses_revision=facts.poses_revision,
        cpu_s=facts.cpu_s,
    )
    bump_revision(conn, scanned.video_id)
    return scan_id


def _validate_output(span: SuggestedSpan, n_frames: int) -> None:
    is_span = 0 <= span.start_frame <= span.end_frame < n_frames
    classes = [span.class_id, *(class_id for class_id, _ in span.top)]
    scores = [span.score, *(probability for _, probability in span.top)]
    is_known = all(class_id in CLASS_IDS for class_id in classes) and len(span.top) <= _MAX_TOP
    is_score = all(0 <= score <= 1 for score in scores)
    is_edge = all(math.isfinite(sd) and sd >= 0 for sd in (span.start_sd, span.end_sd))
    if not (is_span and is_known and is_score and is_edge):
        raise WorkerError("MODEL_OUTPUT", f"expected spans, classes and scores that make sense, got {span}.")


def request_auto_scan(conn: Connection, settings: Settings, video_id: int) -> None:
    """Queues a scan of a video whose poses have just become whole, when the project wants it and has a model."""
    if AUTO_SCAN.read(conn) and find_model(settings, get_active_name(conn)).is_scanner:
        request_scan(conn, video_id)
