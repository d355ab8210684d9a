"""The emotion score of a video, for people who have said their own judgement first.

It counts the person's own labels as certain and what is still undecided of the
suggestions by its probabilities. It is shown, never stored and never exported.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np

from db.engine import Connection, Database
from db.labels import list_annotations, list_ratings
from db.suggestions import find_current_scan, list_decisions
from db.videos import Video, get_video
from imigue_core.annotation import Span
from imigue_core.errors import ConflictError
from imigue_core.models.cards import get_model_folder
from imigue_core.studio.clocks import load_clock
from imigue_core.studio.models import get_active_emotion_name, get_active_name
from imigue_core.studio.reviewing import list_shown
from imigue_core.suggest.emotion import Event, load_emotion_model, score_events

COUNTED_FROM = 0.1
"""Suggestions of a lower score are left out, as when the model is evaluated; the others count by their probability."""
_NOTES = {
    "synthetic": "Learned from acted people whose outcomes were invented: it shows how such a score works and "
    "measures nobody's feelings.",
    "user": "Learned from this project's own videos: it is as good as they are many and alike.",
}


def load_emotion(db: Database, video_id: int, annotator_id: int) -> dict[str, Any]:
    """What the emotion model makes of a video, with what each gesture class adds to it.

    The logit is ``intercept`` plus the sum of the contributions' logits. ``n`` is how many
    gestures of a class were counted; a suggestion counts by its probability.

    Raises:
        ConflictError: ``RATING_FIRST`` until this person has rated the video; ``VIDEO_NOT_READY``
            while its length is not known.
        InputError: ``MODEL_UNKNOWN``, or why the model's files are refused.
        NotAvailableError: No such video.
    """
    with db.read() as conn:
        video = get_video(conn, video_id)
        if not list_ratings(conn, video_id, annotator_id):
            raise ConflictError("RATING_FIRST", "expected your own rating first: a score would sway it.")
        events, duration_s = _list_events(conn, video, annotator_id)
        name = get_active_emotion_name(conn)
    model, card = load_emotion_model(get_model_folder(name, db.settings.data))
    score = score_events(model, events, duration_s)
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
            {"class_id": class_id, "logit": logit, "n": round(float(counts[class_id]), 2)}
            for class_id, logit in score.contributions
        ],
        "trained_on": score.trained_on,
        "model": card.name,
        "note": _NOTES.get(score.trained_on, ""),
    }


def _list_events(conn: Connection, video: Video, annotator_id: int) -> tuple[list[Event], float]:
    """What was seen in a video, by this person and by the active scanner, and the video's length in seconds."""
    if video.n_frames is None:
        raise ConflictError("VIDEO_NOT_READY", "expected a video of known length, got one of unknown length.")
    clock = load_clock(conn, video)
    scan = find_current_scan(conn, video.video_id, get_active_name(conn))
    decisions = list_decisions(conn, video.video_id, annotator_id)
    found: list[tuple[Span, dict[int, float]]] = [
        (label.span, {label.class_id: 1.0}) for label in list_annotations(conn, video.video_id, annotator_id)
    ]
    for shown in list_shown(conn, video.video_id, annotator_id, scan, decisions):
        if not shown.is_skipped and shown.suggestion.score >= COUNTED_FROM:
            found.append((shown.suggestion.span, {int(c): p for c, p in shown.suggestion.top}))
    edges = np.array([(span.start_frame, span.end_frame + 1) for span, _ in found], np.int64).reshape(-1, 2)
    seconds = clock.list_seconds(edges)
    events = [
        Event(class_probs, float(start), float(end))
        for (_, class_probs), (start, end) in zip(found, seconds, strict=True)
    ]
    return events, float(clock.list_seconds(np.array([video.n_frames]))[0])
