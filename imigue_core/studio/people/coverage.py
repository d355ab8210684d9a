"""Coverage: which frames a person has watched or reviewed, and how far the person is with a video.

"Seen, nothing here" is data: a rate needs the time that was looked at, not only what
was found. The arithmetic on stretches is pure; the rest is what routes call.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from db.engine import Connection, Database
from db.videos import Video, get_video
from db.watched import (
    ProgressState,
    Stretch,
    VideoProgress,
    get_progress,
    list_watched,
    replace_watched,
    set_progress,
    start_progress,
)
from imigue_core.annotation import validate_span
from imigue_core.errors import ConflictError, InputError
from imigue_core.studio.access import Action, Resource, require

MAX_STRETCHES_PER_POST = 500
MAX_STRETCHES = 5000
"""Stretches of one person in one video; more than that were not watched by a person."""


def merge_stretches(stretches: Iterable[Stretch]) -> list[Stretch]:
    """The same frames as the fewest stretches that neither overlap nor touch their like, by time.

    A frame that is both watched and reviewed is reviewed.
    """
    given = list(stretches)
    reviewed = _join((one.start_frame, one.end_frame) for one in given if one.reviewed)
    watched = _join((one.start_frame, one.end_frame) for one in given if not one.reviewed)
    left = subtract_frames(watched, reviewed)
    return sorted([*(Stretch(a, b, True) for a, b in reviewed), *(Stretch(a, b, False) for a, b in left)])


def unreview_stretches(stretches: Iterable[Stretch], taken_back: Iterable[tuple[int, int]]) -> list[Stretch]:
    """Merged stretches in which the frames of ``taken_back`` are watched at most, no longer reviewed."""
    given = list(stretches)
    reviewed = _join((one.start_frame, one.end_frame) for one in given if one.reviewed)
    kept = subtract_frames(reviewed, _join(taken_back))
    seen = (Stretch(one.start_frame, one.end_frame) for one in given)
    return merge_stretches([*seen, *(Stretch(a, b, True) for a, b in kept)])


def subtract_frames(spans: list[tuple[int, int]], holes: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Frames of ``spans`` outside ``holes``; both sorted, disjoint, ends inside."""
    left = []
    first = 0
    for start, end in spans:
        while first < len(holes) and holes[first][1] < start:
            first += 1
        at, hole = start, first
        while hole < len(holes) and holes[hole][0] <= end:
            if holes[hole][0] > at:
                left.append((at, holes[hole][0] - 1))
            at = holes[hole][1] + 1
            hole += 1
        if at <= end:
            left.append((at, end))
    return left


def _join(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    joined: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if joined and start <= joined[-1][1] + 1:
            joined[-1] = (joined[-1][0], max(joined[-1][1], end))
        else:
            joined.append((start, end))
    return joined


def count_reviewed(stretches: Iterable[Stretch]) -> int:
    """Frames that were reviewed."""
    return sum(one.n_frames for one in stretches if one.reviewed)


def record_watched(
    db: Database, video_id: int, annotator_id: int, spans: object, *, reviewed: bool, remove: bool = False
) -> list[Stretch]:
    """Adds what a person watched or reviewed; the video is in progress from then on.

    Args:
        spans: ``[[start, end], ...]``, ends inside, at most ``MAX_STRETCHES_PER_POST``.
        reviewed: Whether they are reviewed; reviewed frames stay so when they are watched again.
        remove: Takes the mark "reviewed" off these frames instead; they stay watched.

    Returns:
        All stretches of this person in this video.

    Raises:
        InputError: ``WATCHED_MALFORMED``, or a span's own code; nothing is written.
        ConflictError: ``VIDEO_NOT_READY`` while the length is not known, ``WATCHED_TOO_MANY``.
        NotAvailableError: No such video.
        DeniedError: ``PERMISSION_DENIED``.
    """
    require(annotator_id, Action.RECORD_COVERAGE, Resource(video_id, annotator_id))
    with db.write() as conn:
        video = get_video(conn, video_id)
        given = _read_spans(spans, video)
        known = list_watched(conn, video_id, annotator_id)
        if remove:
            merged = unreview_stretches(known, given)
        else:
            merged = merge_stretches([*known, *(Stretch(a, b, reviewed) for a, b in given)])
        if len(merged) > MAX_STRETCHES:
            raise ConflictError("WATCHED_TOO_MANY", f"expected at most {MAX_STRETCHES:,} stretches of a video.")
        if merged != known:
            replace_watched(conn, video_id, annotator_id, merged)
        if given:
            start_progress(conn, video_id, annotator_id)
    return merged


def _read_spans(spans: object, video: Video) -> list[tuple[int, int]]:
    if not isinstance(spans, list) or len(spans) > MAX_STRETCHES_PER_POST:
        raise InputError("WATCHED_MALFORMED", f"stretches: expected a list of at most {MAX_STRETCHES_PER_POST}.")
    if video.n_frames is None:
        raise ConflictError("VIDEO_NOT_READY", "this video has not been read, so there are no frames to watch.")
    found = []
    for pair in spans:
        if not isinstance(pair, list) or len(pair) != 2:
            raise InputError("WATCHED_MALFORMED", "stretches: expected [first frame, last frame] each.")
        span = validate_span(pair[0], pair[1], video.n_frames)
        found.append((span.start_frame, span.end_frame))
    return found


def mark_progress(db: Database, video_id: int, annotator_id: int, state: str) -> VideoProgress:
    """Writes how far a person is with a video; ``done`` can be taken back.

    Raises:
        InputError: ``PROGRESS_UNKNOWN``.
        NotAvailableError: No such video.
        DeniedError: ``PERMISSION_DENIED``.
    """
    require(annotator_id, Action.RECORD_COVERAGE, Resource(video_id, annotator_id))
    if state not in list(ProgressState):
        raise InputError("PROGRESS_UNKNOWN", f"state: expected one of {', '.join(ProgressState)}.")
    with db.write() as conn:
        get_video(conn, video_id)
        set_progress(conn, video_id, annotator_id, ProgressState(state))
        return get_progress(conn, video_id, annotator_id)


def describe_state(progress: VideoProgress, n_labels: int) -> ProgressState:
    """The state as shown; labels from before states were kept, or from a file, are a beginning too."""
    is_begun = progress.state is ProgressState.NEW and n_labels > 0
    return ProgressState.IN_PROGRESS if is_begun else progress.state


def describe_coverage(conn: Connection, video_id: int, annotator_id: int, n_labels: int) -> dict[str, Any]:
    """``watched`` and ``progress`` of one person, as the player reads them."""
    watched = list_watched(conn, video_id, annotator_id)
    return {
        "watched": [[one.start_frame, one.end_frame, one.reviewed] for one in watched],
        "progress": describe_state(get_progress(conn, video_id, annotator_id), n_labels),
    }
