"""What one video's row in the table of scans says."""

from __future__ import annotations

from typing import Any

from imigue_core.studio.models.scan_states import ScanState
from pages.ui.formatting import format_count


def describe_scan(state: ScanState) -> tuple[str, str, float | None]:
    """Kind (for its colour), words and share done (None without a bar) of a video's scan.

    Kinds: ``running``, ``waiting``, ``failed``, ``done``, ``none`` and ``unready`` (no whole poses).
    """
    job, scan = state.job, state.scan
    if job is not None and job.state == "running":
        total = job.progress_total
        text = f"{job.progress_done:,} of {total:,}" if total else "starting"
        return "running", text, job.progress_done / total if total else 0.0
    if job is not None and job.state == "queued":
        return "waiting", "waits for its turn", None
    if job is not None and job.state == "failed":
        return "failed", f"{job.error_text} ({job.error_code})", None
    if scan is not None:
        text = f"by {scan.model} on {scan.device}, {scan.cpu_s:.1f} CPU s"
        return "done", f"{text}; the poses were replaced since" if state.is_outdated else text, None
    if not state.video.poses_complete:
        return "unready", "no poses" if state.video.poses is None else "poses are not complete yet", None
    stopped = job is not None and job.state == "cancelled"
    return "none", "stopped before it was done" if stopped else "not scanned by this model", None


def make_scan_row(state: ScanState) -> dict[str, Any]:
    """The row as parts/scans.js draws it; every string is plain text."""
    kind, text, share = describe_scan(state)
    scan, video = state.scan, state.video
    action = "stop" if state.is_working else "scan" if video.poses_complete else None
    words = {"stop": "Stop", "scan": "Scan again" if scan is not None else "Scan", None: ""}
    return {
        "video_id": video.video_id,
        "name": video.name,
        "state": kind,
        "text": text,
        "share": share,
        "found": "" if scan is None else format_count(scan.n_suggestions, "suggestion"),
        "when": "" if scan is None else format_moment(scan.utc),
        "action": action,
        "action_text": words[action],
        "can_open": video.has_proxy or video.poses_ready > 0,
    }


def format_moment(utc: str) -> str:
    """A stored time to the minute: ``2026-01-31 09:00 UTC``."""
    return f"{utc[:10]} {utc[11:16]} UTC"


def describe_progress(states: list[ScanState]) -> str:
    """One line over the table: how many are scanned, how many wait, how many cannot be yet."""
    n_done = sum(state.scan is not None for state in states)
    parts = [f"{n_done:,} of {format_count(len(states), 'video')} scanned"]
    for kind, words in (
        ("running", "running"),
        ("waiting", "waiting"),
        ("failed", "failed"),
        ("unready", "without poses"),
    ):
        n = sum(describe_scan(state)[0] == kind for state in states)
        if n:
            parts.append(f"{n:,} {words}")
    return " · ".join(parts)
