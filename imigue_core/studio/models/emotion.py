"""The emotion score of a video, for people who have said their own judgement first.

It counts the person's own labels as certain and what is still undecided of the
suggestions by its probabilities. It is shown, never stored and never exported.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import numpy as np

from db.engine import Connection, Database
from db.labels import list_annotations, list_ratings
from db.suggestions import find_current_scan, list_decisions
from db.videos import Video, get_video
from imigue_core.annotation import Span
from imigue_core.errors import ConflictError, InputError
from imigue_core.models.cards import get_model_folder
from imigue_core.models.features.events import Event
from imigue_core.studio.access import Action, Resource, require
from imigue_core.studio.edits.reviewing import list_shown
from imigue_core.studio.models.project_models import get_active_emotion_name, get_active_name
from imigue_core.studio.videos.clocks import load_clock
from imigue_core.suggest.emotion import COUNTED_FROM, load_emotion_model, score_events

MAX_WITHOUT = 500
_is_span_key = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|[1-9][0-9]{0,15}", re.ASCII).fullmatch
_NOTES = {
    "synthetic": "Learned from acted people whose outcomes were invented: it shows how such a score works and "
    "measures nobody's feelings.",
    "user": "Learned from this project's own videos: it is as good as they are many and alike.",
}


@dataclass(frozen=True, slots=True)
class _Counted:
    """A span that counts: an own label or an undecided suggestion. ``key`` is its id, as pages name it."""

    key: str
    is_label: bool
    class_id: int
    span: Span
    event: Event


def read_without(text: str) -> frozenset[str]:
    """The spans to leave out as an address names them: ids of labels and of suggestions, between commas.

    Raises:
        InputError: ``EMOTION_WITHOUT``.
    """
    keys = text.split(",") if text else []
    if len(keys) > MAX_WITHOUT:
        raise InputError("EMOTION_WITHOUT", f"expected at most {MAX_WITHOUT} spans to leave out, got {len(keys)}.")
    for key in keys:
        if not _is_span_key(key):
            raise InputError(
                "EMOTION_WITHOUT", f"without: expected ids of labels or suggestions between commas, got {key[:40]!r}."
            )
    return frozenset(keys)


def load_emotion(
    db: Database, video_id: int, annotator_id: int, without: Collection[str] = frozenset()
) -> dict[str, Any]:
    """What the emotion model makes of a video, with what each gesture class and each span adds to it.

    The logit is ``intercept`` plus the sum of the contributions' logits. ``n`` is how many
    gestures of a class were counted; a suggestion counts by its probability. ``unseen`` of a class
    is its contribution were it never seen here; what is left of it are the ``parts`` of the spans
    (see ``attribute_events``), and a span's ``logit`` is the sum of its parts.

    Args:
        without: Ids of labels and suggestions that are left out of this one answer; those that
            do not count anyway change nothing. ``full`` is the score with them.

    Raises:
        ConflictError: ``RATING_FIRST`` until this person has rated the video; ``VIDEO_NOT_READY``
            while its length is not known.
        InputError: ``MODEL_UNKNOWN``, or why the model's files are refused.
        NotAvailableError: No such video.
        DeniedError: ``PERMISSION_DENIED``.
    """
    require(annotator_id, Action.SEE_SUGGESTIONS, Resource(video_id))
    with db.read() as conn:
        video = get_video(conn, video_id)
        if not list_ratings(conn, video_id, annotator_id):
            raise ConflictError("RATING_FIRST", "expected your own rating first: a score would sway it.")
        counted, duration_s = _list_counted(conn, video, annotator_id)
        name = get_active_emotion_name(conn)
    model, card = load_emotion_model(get_model_folder(name, db.settings.data))
    events = [one.event for one in counted if one.key not in without]
    score = score_events(model, events, duration_s)
    is_whole = len(events) == len(counted)
    full = score if is_whole else score_events(model, [one.event for one in counted], duration_s)
    unseen, parts = model.attribute(events, duration_s)
    left = iter(parts)
    counts: Counter[int] = Counter()
    for event in events:
        counts.update(event.class_probs)
    return {
        "value": score.value,
        "logit": score.logit,
        "probability": score.probability,
        "interval": list(score.interval),
        "intercept": score.intercept,
        "contributions": [
            {"class_id": class_id, "logit": logit, "unseen": unseen[class_id], "n": round(float(counts[class_id]), 2)}
            for class_id, logit in score.contributions
        ],
        "spans": [_describe_span(one, None if one.key in without else next(left)) for one in counted],
        "full": {"value": full.value, "logit": full.logit},
        "trained_on": score.trained_on,
        "model": card.name,
        "note": _NOTES.get(score.trained_on, ""),
    }


def _describe_span(one: _Counted, parts: dict[int, float] | None) -> dict[str, Any]:
    """A span as the page reads it; one that is left out has no parts."""
    own = parts or {}
    return {
        **({"annotation_id": one.key} if one.is_label else {"suggestion_id": int(one.key)}),
        "class_id": one.class_id,
        "start_frame": one.span.start_frame,
        "end_frame": one.span.end_frame,
        "is_on": parts is not None,
        "logit": sum(own.values()),
        "parts": [[class_id, logit] for class_id, logit in own.items()],
    }


def _list_counted(conn: Connection, video: Video, annotator_id: int) -> tuple[list[_Counted], float]:
    """What was seen in a video, by this person and by the active scanner, and the video's length in seconds."""
    if video.n_frames is None:
        raise ConflictError("VIDEO_NOT_READY", "expected a video of known length, got one of unknown length.")
    clock = load_clock(conn, video)
    scan = find_current_scan(conn, video.video_id, get_active_name(conn))
    decisions = list_decisions(conn, video.video_id, annotator_id)
    found: list[tuple[str, bool, int, Span, dict[int, float]]] = [
        (label.annotation_id, True, label.class_id, label.span, {label.class_id: 1.0})
        for label in list_annotations(conn, video.video_id, annotator_id)
    ]
    for shown in list_shown(conn, video.video_id, annotator_id, scan, decisions):
        if not shown.is_skipped and shown.suggestion.score >= COUNTED_FROM:
            one = shown.suggestion
            found.append((str(one.suggestion_id), False, one.class_id, one.span, {int(c): p for c, p in one.top}))
    edges = np.array([(row[3].start_frame, row[3].end_frame + 1) for row in found], np.int64).reshape(-1, 2)
    seconds = clock.list_seconds(edges)
    counted = [
        _Counted(key, is_label, class_id, span, Event(class_probs, float(start), float(end)))
        for (key, is_label, class_id, span, class_probs), (start, end) in zip(found, seconds, strict=True)
    ]
    return counted, float(clock.list_seconds(np.array([video.n_frames]))[0])
