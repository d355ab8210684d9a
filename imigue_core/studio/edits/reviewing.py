"""Reviewing suggestions: what a page is sent of a scan, and what accepting or refusing one leaves behind.

Which suggestions are hidden from a person is suppression.py's. ``load_review`` is what a page is sent;
the rest are the parts of the edit rules (studio/edits/rules.py) that look suggestions up.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from db.engine import Connection, Database
from db.jobs import Job, find_job
from db.labels import list_annotations
from db.suggestions import (
    Scan,
    Suggestion,
    find_current_scan,
    find_suggestion,
    is_accepted,
    list_accepted,
    list_decisions,
    list_suggestions,
)
from db.videos import get_video
from imigue_core.annotation import (
    STANDING_DECISION,
    Decision,
    DecisionState,
    LabelState,
    Verdict,
)
from imigue_core.errors import ConflictError, NotAvailableError
from imigue_core.ids import AnnotatorId, SuggestionId, VideoId
from imigue_core.label_fields import Plain
from imigue_core.studio.access import Action, Resource, require
from imigue_core.studio.edits.suppression import ShownSuggestion, select_suggestions
from imigue_core.studio.models.project_models import find_threshold, get_active_name
from imigue_core.studio.people.holdback import is_held_back, list_held_back
from imigue_core.studio.videos.steps import Step


def link_suggestion(
    conn: Connection, actor: int, video_id: int, link: Mapping[str, int]
) -> tuple[SuggestionId | None, int | None]:
    """What a new label remembers of the suggestion that it accepts: its id, and the place of the class there.

    A suggestion that a newer scan replaced meanwhile leaves nothing to remember: the
    label is its maker's all the same.

    Args:
        link: ``suggestion_id`` and ``rank`` as sent.

    Raises:
        NotAvailableError: The suggestion is about another video.
        ConflictError: ``CONFLICT``, a standing label of this person came from it already.
    """
    found = find_suggestion(conn, link["suggestion_id"])
    if found is None:
        return None, None
    suggestion = found[0]
    if suggestion.video_id != video_id:
        raise NotAvailableError("this suggestion is not available")
    if is_accepted(conn, suggestion.suggestion_id, actor):
        raise ConflictError("CONFLICT", "this suggestion was accepted already.")
    return suggestion.suggestion_id, link["rank"]


def describe_origin(conn: Connection, label: LabelState) -> Plain | None:
    """What the ledger keeps of the suggestion that a label accepts, so that it is known after the suggestion is gone.

    ``edited`` tells whether the label has another class or other edges than were suggested.
    """
    assert label.suggestion_id is not None
    found = find_suggestion(conn, label.suggestion_id)
    if found is None:
        return None
    suggestion, scan = found
    is_same = (label.class_id, label.span) == (suggestion.class_id, suggestion.span)
    return {
        "suggestion_id": suggestion.suggestion_id,
        "model": scan.model,
        "model_hash": scan.model_hash,
        "class_id": suggestion.class_id,
        "start_frame": suggestion.start_frame,
        "end_frame": suggestion.end_frame,
        "score": suggestion.score,
        "edited": not is_same,
    }


def make_decision(
    conn: Connection,
    actor: AnnotatorId,
    video_id: VideoId,
    suggestion_id: SuggestionId,
    verdict: Verdict,
    before: DecisionState | None,
) -> DecisionState:
    """The state of a person's decision about a suggestion after a review edit.

    Raises:
        NotAvailableError: No such suggestion in this video; a newer scan may have replaced it.
    """
    if before is not None:
        if before.video_id != video_id:
            raise NotAvailableError("this suggestion is not available")
        return replace(before, verdict=verdict)
    found = find_suggestion(conn, suggestion_id)
    if found is None or found[0].video_id != video_id:
        raise NotAvailableError("this suggestion is not available; a newer scan may have replaced it")
    suggestion, scan = found
    return DecisionState(
        suggestion_id=suggestion.suggestion_id,
        annotator_id=actor,
        video_id=video_id,
        verdict=verdict,
        class_id=suggestion.class_id,
        start_frame=suggestion.start_frame,
        end_frame=suggestion.end_frame,
        score=suggestion.score,
        model=scan.model,
        model_hash=scan.model_hash,
    )


def load_review(db: Database, video_id: int, annotator_id: int) -> Plain:
    """The suggestions of a video as one person sees them, with the person's rejections and the scan under way.

    Raises:
        NotAvailableError: The video is absent or hidden.
        DeniedError: ``PERMISSION_DENIED``.
    """
    require(annotator_id, Action.SEE_SUGGESTIONS, Resource(video_id))
    with db.read() as conn:
        get_video(conn, video_id)
        model = get_active_name(conn)
        scan = find_current_scan(conn, video_id, model)
        decisions = list_decisions(conn, video_id, annotator_id)
        shown = list_shown(conn, video_id, annotator_id, scan, decisions)
        job = find_job(conn, video_id, Step.SCAN)
    return {
        "scan": None if scan is None else {**_show(scan, _SHOWN_OF_SCAN), "n": scan.n_suggestions},
        "threshold": find_threshold(db.settings, model),
        "suggestions": [_show_suggestion(one) for one in shown],
        "rejected": [_show_rejection(d) for d in decisions if d.verdict is Verdict.REJECTED],
        "job": None if job is None else _show(job, _SHOWN_OF_JOB),
    }


def list_shown(
    conn: Connection, video_id: int, annotator_id: int, scan: Scan | None, decisions: list[Decision]
) -> list[ShownSuggestion]:
    """What of a scan is left for a person to look at, outside the stretches that are held back from this person."""
    if scan is None:
        return []
    held_back = list_held_back(conn, get_video(conn, video_id), annotator_id)
    labels = list_annotations(conn, video_id, annotator_id)
    accepted = list_accepted(conn, video_id, annotator_id)
    suggestions = [one for one in list_suggestions(conn, scan.scan_id) if not is_held_back(one.span, held_back)]
    return select_suggestions(suggestions, labels, accepted, decisions)


_SHOWN_OF_SCAN = ("scan_id", "model", "model_hash", "trained_on", "utc")
_SHOWN_OF_SUGGESTION = ("suggestion_id", "class_id", "start_frame", "end_frame", "score", "top", "start_sd", "end_sd")
_SHOWN_OF_JOB = ("state", "progress_done", "progress_total", "error_code", "error_text")


def _show(value: Scan | Suggestion | Job, names: tuple[str, ...]) -> Plain:
    return {name: getattr(value, name) for name in names}


def _show_suggestion(one: ShownSuggestion) -> Plain:
    verdict = Verdict.SKIPPED if one.is_skipped else None
    return {**_show(one.suggestion, _SHOWN_OF_SUGGESTION), "verdict": verdict, "version": one.version}


def _show_rejection(decision: Decision) -> Plain:
    shown = STANDING_DECISION.show(decision)
    del shown["verdict"]
    return shown
