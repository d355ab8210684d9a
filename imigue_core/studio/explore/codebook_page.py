"""A class's page of the codebook as one person may see it: the book's words, and real clips of the project.

Clips are the person's own labels, and others' only where studio/people/seeing_others.py allows it and
outside the stretches that studio/people/holdback.py keeps free of hints. What each class is stands in ``codebook``.
"""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from db.engine import Connection, Database
from db.labels import ClassLabel, list_class_labels
from db.videos import Video, list_videos
from imigue_core.annotation import Mark, Span
from imigue_core.codebook.entries import SPAN_RULE, describe_sight, get_entry
from imigue_core.ids import AnnotatorId, VideoId
from imigue_core.settings import LABEL_FPS
from imigue_core.studio.access import PROJECT, Action, require
from imigue_core.studio.people.holdback import is_held_back, list_held_back
from imigue_core.studio.people.seeing_others import has_seen_others, list_open_videos, remember_seen
from imigue_core.synthesis.loops import compute_loop_version

N_CLIPS = 6
_CONFIDENCE_NOT_SAID = 0.5


def load_page(db: Database, class_id: int, annotator_id: AnnotatorId) -> dict[str, Any]:
    """Definition, boundary rule, confusions, what it takes to see the class, and up to ``N_CLIPS`` real clips.

    Raises:
        InputError: ``VOCABULARY_UNKNOWN``.
        DeniedError: ``PERMISSION_DENIED``.
    """
    require(annotator_id, Action.SEE_LABELS, PROJECT)
    entry = get_entry(class_id)
    with db.read() as conn:
        videos = {video.video_id: video for video in list_videos(conn)}
        labels = _list_shown(conn, list_class_labels(conn, class_id), videos, annotator_id)
        clips = choose_clips(labels, annotator_id)
        told = sorted({one.video_id for one in clips if one.annotator_id != annotator_id})
        told = [video_id for video_id in told if not has_seen_others(conn, video_id, annotator_id)]
    for video_id in told:
        remember_seen(db, video_id, annotator_id)
    return {
        "class_id": class_id,
        "definition": entry.definition,
        "start": entry.start,
        "end": entry.end,
        "rule": SPAN_RULE,
        "confusions": [{"class_id": one.class_id, "how": one.how} for one in entry.confusions],
        "sight": {**describe_sight(class_id), "note": entry.views.note},
        "loop": f"/codebook/{class_id}.svg?v={compute_loop_version()}",
        "n_labels": len(labels),
        "clips": [_describe(one, videos[one.video_id], annotator_id) for one in clips],
    }


def choose_clips(labels: list[ClassLabel], annotator_id: int, n: int = N_CLIPS) -> list[ClassLabel]:
    """The clearest labels, one of each person filmed in turn.

    Labels that are not marked as unclear come first, then the surest (one that says nothing counts
    as half sure), then one's own. Who is filmed in a video that does not say is nobody else. Of
    several people's labels of one moment the clearest is chosen only.

    Args:
        labels: Labels of one class.
        annotator_id: For whom.
        n: At most so many.
    """

    def rank(one: ClassLabel) -> tuple[bool, float, bool, int, int, str]:
        confidence = _CONFIDENCE_NOT_SAID if one.confidence is None else one.confidence
        is_others = one.annotator_id != annotator_id
        return one.mark is not Mark.NONE, -confidence, is_others, one.video_id, one.span.start_frame, one.annotation_id

    turns: defaultdict[str, int] = defaultdict(int)
    taken: defaultdict[int, list[Span]] = defaultdict(list)
    in_turn: list[tuple[int, int, ClassLabel]] = []
    for place, one in enumerate(sorted(labels, key=rank)):
        if is_held_back(one.span, taken[one.video_id]):
            continue
        taken[one.video_id].append(one.span)
        subject = one.subject_id or f"video:{one.video_id}"
        in_turn.append((turns[subject], place, one))
        turns[subject] += 1
    return [one for _, _, one in sorted(in_turn, key=lambda row: row[:2])[:n]]


def _list_shown(
    conn: Connection, labels: list[ClassLabel], videos: dict[VideoId, Video], annotator_id: AnnotatorId
) -> list[ClassLabel]:
    """What this person may be shown and can be played: there are poses of the whole span."""
    open_videos = list_open_videos(conn, annotator_id)
    held_back: dict[int, list[Span]] = {}
    shown = []
    for one in labels:
        video = videos.get(one.video_id)
        if video is None or one.span.end_frame >= video.poses_ready:
            continue
        if one.annotator_id != annotator_id:
            if open_videos is not None and one.video_id not in open_videos:
                continue
            if one.video_id not in held_back:
                held_back[one.video_id] = list_held_back(conn, video, annotator_id)
            if is_held_back(one.span, held_back[one.video_id]):
                continue
        shown.append(one)
    return shown


def _describe(one: ClassLabel, video: Video, annotator_id: AnnotatorId) -> dict[str, Any]:
    return {
        "annotation_id": one.annotation_id,
        "video_id": one.video_id,
        "name": video.name,
        "annotator": one.annotator,
        "is_own": one.annotator_id == annotator_id,
        "start_frame": one.span.start_frame,
        "end_frame": one.span.end_frame,
        "fps": float(video.fps or LABEL_FPS),
        "n_frames": video.n_frames,
    }
