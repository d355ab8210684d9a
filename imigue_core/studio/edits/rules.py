"""The rules for one edit: who may make it, and what it makes of the state.

``decide`` turns an envelope into a ledger entry, accepted or refused, without writing
anything but a note's text. What an edit looks like is studio/edits/envelope.py, what an undo takes back undo.py.
"""

from __future__ import annotations

from collections.abc import MutableMapping
from dataclasses import dataclass, replace
from typing import Any

from db.engine import Connection
from db.ledger import Entry, find_entry
from db.objects import object_of_label, object_of_rating, object_of_review
from db.states import find_state, next_label_id, save_note
from db.videos import Video, get_video
from imigue_core.annotation import (
    DECISION,
    LABEL,
    RATING,
    DecisionState,
    LabelState,
    ObjectState,
    RatingState,
    Verdict,
    validate_span,
)
from imigue_core.errors import ConflictError, InputError, NotAvailableError, StudioError
from imigue_core.ids import AnnotatorId, EditId, ObjectId, SuggestionId
from imigue_core.label_fields import EditKind
from imigue_core.label_values import read_class, read_text
from imigue_core.studio.access import Action, Resource, require
from imigue_core.studio.edits.envelope import Envelope
from imigue_core.studio.edits.overlaps import refuse_overlap
from imigue_core.studio.edits.reviewing import describe_origin, link_suggestion, make_decision
from imigue_core.studio.edits.undo import step_back
from imigue_core.studio.people.seeing_others import has_seen_others

Pending = MutableMapping[EditId, Entry]
"""Entries of the same transaction that are not in the ledger yet, by edit."""


@dataclass(frozen=True, slots=True)
class Change:
    """The verdict on one edit."""

    entry: Entry
    version: int = 0
    refusal: StudioError | None = None


@dataclass(frozen=True, slots=True)
class _Result:
    """What an accepted edit leads from and to; ``version`` is that before it."""

    before: ObjectState | None
    version: int
    after: ObjectState


def decide(conn: Connection, actor: AnnotatorId, envelope: Envelope, pending: Pending) -> Change:
    """What an edit does, or why it is refused.

    Args:
        actor: The annotator who sent it.

    Raises:
        InputError: ``EDIT_MALFORMED`` when the edit id was used for another edit before.
    """
    if envelope.edit_id in pending or find_entry(conn, envelope.edit_id) is not None:
        raise InputError("EDIT_MALFORMED", f"edit_id {envelope.edit_id} belongs to another edit already.")
    object_id = _name_object(actor, envelope)
    try:
        video = get_video(conn, envelope.video_id)
        begins = envelope.kind in (EditKind.CREATE, EditKind.RATE)
        if begins and video.n_frames is None and not video.is_label_only:
            raise ConflictError("VIDEO_NOT_READY", "this video has not been read, so there are no frames to label.")
        if object_id is None:
            step = step_back(conn, actor, envelope, pending)
            result, object_id = _Result(step.before, step.version, step.after), step.object_id
        else:
            before, version = find_state(conn, object_id) or (None, 0)
            result = _Result(before, version, _make_state(conn, actor, envelope, video, before, version))
    except StudioError as refusal:
        return Change(_make_entry(actor, envelope, object_id, refused=refusal.code), refusal=refusal)
    entry = _make_entry(actor, envelope, object_id, result)
    # True alone is written: whether others' labels swayed an edit can then be asked of any ledger.
    if has_seen_others(conn, video.video_id, actor):
        entry = entry._replace(provenance={**entry.provenance, "saw_others": True})
    after = result.after
    if envelope.kind is EditKind.CREATE and isinstance(after, LabelState) and after.suggestion_id is not None:
        entry = entry._replace(provenance={**entry.provenance, "suggestion": describe_origin(conn, after)})
    return Change(entry, version=result.version + 1)


def refuse(actor: AnnotatorId, envelope: Envelope, reason: StudioError) -> Change:
    """The verdict on an edit that is refused for what others it belongs with are."""
    return Change(_make_entry(actor, envelope, _name_object(actor, envelope), refused=reason.code), refusal=reason)


def _name_object(actor: AnnotatorId, envelope: Envelope) -> ObjectId | None:
    """What an edit is about; None for a step back or forth, whose target says it."""
    if envelope.kind is EditKind.RATE:
        return object_of_rating(envelope.video_id, actor)
    if envelope.kind is EditKind.REVIEW:
        return object_of_review(envelope.content["suggestion_id"], actor)
    return None if envelope.annotation_id is None else object_of_label(envelope.annotation_id)


def _make_state(
    conn: Connection,
    actor: AnnotatorId,
    envelope: Envelope,
    video: Video,
    before: ObjectState | None,
    version: int,
) -> ObjectState:
    if envelope.kind is EditKind.RATE:
        _check_version(envelope, version)
        return _rate(conn, actor, envelope, before)
    if envelope.kind is EditKind.REVIEW:
        _check_version(envelope, version)
        assert before is None or isinstance(before, DecisionState)
        verdict: Verdict = DECISION.take(before, envelope.kind, envelope.content)["verdict"]
        suggestion_id = SuggestionId(envelope.content["suggestion_id"])
        return make_decision(conn, actor, video.video_id, suggestion_id, verdict, before)
    assert before is None or isinstance(before, LabelState)
    if envelope.kind is EditKind.CREATE:
        return _create(conn, actor, envelope, video, before)
    return _change_label(conn, actor, envelope, video, before, version)


def _create(
    conn: Connection, actor: AnnotatorId, envelope: Envelope, video: Video, before: LabelState | None
) -> LabelState:
    if before is not None:
        raise ConflictError("CONFLICT", "this annotation exists already.")
    content = envelope.content
    class_id = read_class(content.get("class_id"))
    span = validate_span(content.get("start_frame"), content.get("end_frame"), video.n_frames)
    assert envelope.annotation_id is not None
    if envelope.group_id is None:  # else what the whole group leads to is judged: studio/edits/groups.py
        refuse_overlap(conn, video.video_id, actor, span, annotation_id=envelope.annotation_id)
    link = content.get("suggestion")
    suggestion_id, rank = link_suggestion(conn, actor, video.video_id, link) if link else (None, None)
    return LabelState(
        annotation_id=envelope.annotation_id,
        video_id=video.video_id,
        annotator_id=actor,
        label_id=next_label_id(conn, video.video_id, actor),
        class_id=class_id,
        start_frame=span.start_frame,
        end_frame=span.end_frame,
        suggestion_id=suggestion_id,
        suggestion_rank=rank,
    )


def _change_label(
    conn: Connection, actor: AnnotatorId, envelope: Envelope, video: Video, before: LabelState | None, version: int
) -> LabelState:
    if before is None or before.video_id != video.video_id:
        raise NotAvailableError("this annotation is not available; its creation was refused or never arrived")
    require(actor, Action.CHANGE_LABEL, Resource(video.video_id, before.annotator_id))
    _check_version(envelope, version)
    if before.deleted:
        raise ConflictError("CONFLICT", "this annotation was deleted meanwhile.")
    content = envelope.content
    if envelope.kind is EditKind.DELETE:
        return replace(before, deleted=True)
    if envelope.kind is EditKind.MOVE:
        return _move(conn, actor, envelope, video, before)
    if envelope.kind is EditKind.RELABEL:
        return replace(before, class_id=read_class(content.get("class_id")))
    said = LABEL.take(before, envelope.kind, content)
    note_hash = save_note(conn, video.video_id, read_text(content["note"])) if "note" in content else before.note_hash
    return replace(before, note_hash=note_hash, **said)


def _move(conn: Connection, actor: AnnotatorId, envelope: Envelope, video: Video, before: LabelState) -> LabelState:
    content = envelope.content
    span = validate_span(content.get("start_frame"), content.get("end_frame"), video.n_frames)
    if envelope.group_id is None:
        refuse_overlap(conn, video.video_id, actor, span, annotation_id=before.annotation_id, before=before.span)
    # Imported seconds belong to imported frames; a moved span gets exact ones at export.
    return replace(
        before,
        start_frame=span.start_frame,
        end_frame=span.end_frame,
        start_time=before.start_time if span.start_frame == before.start_frame else None,
        end_time=before.end_time if span.end_frame == before.end_frame else None,
    )


def _rate(conn: Connection, actor: AnnotatorId, envelope: Envelope, before: ObjectState | None) -> RatingState:
    assert before is None or isinstance(before, RatingState)
    # What an edit does not name stays as it is; a rating that was taken back is begun anew.
    kept = None if before is None or before.deleted else before
    said: dict[str, Any] = RATING.take(kept, envelope.kind, envelope.content)
    note_hash = None if kept is None else kept.note_hash
    if "note" in envelope.content:
        note_hash = save_note(conn, envelope.video_id, read_text(envelope.content["note"]))
    return RatingState(video_id=envelope.video_id, annotator_id=actor, note_hash=note_hash, **said)


def _check_version(envelope: Envelope, version: int) -> None:
    if envelope.base_version != version:
        raise ConflictError(
            "CONFLICT", f"expected version {version}, got {envelope.base_version}: it changed elsewhere."
        )


def _make_entry(
    actor: AnnotatorId,
    envelope: Envelope,
    object_id: ObjectId | None,
    result: _Result | None = None,
    refused: str | None = None,
) -> Entry:
    content = envelope.content
    before, after = (None, None) if result is None else (result.before, result.after)
    if "note" in content:
        # The ledger outlives erased text, so it holds the hash alone.
        content = {**content, "note": None if after is None else getattr(after, "note_hash", None)}
    return Entry(
        edit_id=envelope.edit_id,
        client=envelope.client,
        client_seq=envelope.client_seq,
        annotator_id=actor,
        video_id=envelope.video_id,
        kind=envelope.kind,
        object_id=object_id,
        base_version=envelope.base_version,
        before=before,
        after=after,
        content=content,
        provenance=envelope.provenance,
        refused=refused,
    )
