"""What one video's card says: its state, the steps under way, its length and labels, all in words."""

from __future__ import annotations

from enum import Enum
from typing import Any

from db.jobs import Job
from db.videos import Video
from imigue_core.ids import AnnotatorId
from imigue_core.studio.videos.library import LibraryItem
from imigue_core.studio.videos.steps import get_rule
from pages.ui.formatting import format_count, format_rate, format_seconds

PROGRESS_NAMES = {"new": "new", "in_progress": "in progress", "done": "done"}


class State(Enum):
    """How far a video is; the values are shown."""

    READY = "ready"
    WORKING = "working"
    FAILED = "failed"
    NO_MEDIA = "labels without media"


def find_state(item: LibraryItem) -> State:
    """Working beats failed: a step that runs again may mend what failed."""
    states = {job.state for job in list_shown_jobs(item)}
    if states & {"queued", "running"}:
        return State.WORKING
    if "failed" in states:
        return State.FAILED
    return State.NO_MEDIA if item.video.is_label_only else State.READY


def list_shown_jobs(item: LibraryItem) -> list[Job]:
    """Steps that wait, run or failed; a failed search for poses that are there by now is over."""
    is_over = item.video.poses_complete
    return [
        job
        for job in item.jobs
        if job.state in ("queued", "running") or (job.state == "failed" and not (is_over and get_rule(job).makes_poses))
    ]


def describe_step(job: Job) -> dict[str, Any]:
    """A step for the card: words, share done (0 to 1, None without a bar) and whether it failed."""
    name = get_rule(job).words
    if job.state == "failed":
        return {"text": f"{name}: {job.error_text} ({job.error_code})", "share": None, "failed": True}
    if job.state == "queued":
        return {"text": f"waits: {name}", "share": None, "failed": False}
    if not job.progress_total:
        return {"text": name, "share": 0.0, "failed": False}
    text = f"{name}, {job.progress_done:,} of {job.progress_total:,}"
    return {"text": text, "share": job.progress_done / job.progress_total, "failed": False}


def describe_facts(video: Video) -> str:
    """One line: number, subject, outcome, rate, length."""
    parts = [] if video.number is None else [f"no. {video.number}"]
    if video.subject_id:
        parts.append(f"subject {video.subject_id}")
    if video.outcome:
        parts.append(video.outcome.lower())
    if video.fps is not None:
        parts.append(format_rate(video.fps))
    if video.n_frames is not None:
        parts.append(format_count(video.n_frames, "frame"))
    if video.kind == "poses":
        parts.append("poses only")
    return " · ".join(parts) or "not read yet"


def describe_labels(item: LibraryItem, annotator_id: AnnotatorId) -> str:
    """``12 labels, 3 mine``."""
    if not item.n_labels:
        return "no labels"
    n_mine = item.labels_by.get(annotator_id, 0)
    return f"{format_count(item.n_labels, 'label')}, {n_mine:,} mine"


def describe_progress(item: LibraryItem) -> str:
    """``in progress, 40 % reviewed``; empty for a video that is new to the viewer."""
    parts = [] if item.progress == "new" else [PROGRESS_NAMES[item.progress]]
    if item.reviewed:
        # Only what was reviewed to the last frame is 100 %.
        parts.append(f"{min(int(item.reviewed * 100), 100)} % reviewed" if item.reviewed >= 0.01 else "< 1 % reviewed")
    return ", ".join(parts)


def make_card(item: LibraryItem, annotator_id: AnnotatorId, *, source_on: bool, is_chosen: bool) -> dict[str, Any]:
    """The card as parts/gallery.js draws it; every string is plain text."""
    video, state = item.video, find_state(item)
    has_picture = video.poses_complete or (source_on and video.has_proxy)
    look = f"{'source' if source_on else 'skeleton'}-{video.poses_revision}-{int(video.has_proxy)}"
    return {
        "video_id": video.video_id,
        "name": video.name,
        "thumb": f"/api/videos/{video.video_id}/thumb?v={look}" if has_picture else None,
        "length": "" if video.seconds_total is None else format_seconds(video.seconds_total),
        "state": state.name.lower(),
        "state_text": "" if state is State.READY else state.value,
        "facts": describe_facts(video),
        "labels": " · ".join(part for part in (describe_labels(item, annotator_id), describe_progress(item)) if part),
        "empty": "no media yet" if video.is_label_only else "no skeleton yet",
        "chosen": is_chosen,
        "steps": [describe_step(job) for job in list_shown_jobs(item)],
    }
