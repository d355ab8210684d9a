"""The rules for one edit: what it must look like, who may make it, what it makes of the state.

``read_envelope`` refuses what makes no sense at all; ``decide`` turns the rest into
a ledger entry, accepted or refused, without writing anything but a note's text.
"""

from __future__ import annotations

import json
import uuid
from dataclasses import dataclass
from typing import Any

from db.engine import Connection
from db.ledger import (
    OPTIONAL_RATING_FIELDS,
    Entry,
    State,
    find_entry,
    find_state,
    next_label_id,
    object_of_rating,
    object_of_review,
    save_note,
)
from db.videos import Video, get_video
from imigue_core.annotation import Emotion, Mark, Span, Verdict, ViewMode, validate_span
from imigue_core.errors import ConflictError, InputError, NotAvailableError, StudioError
from imigue_core.studio.access import Action, Resource, require
from imigue_core.studio.edits.edit_fields import read_choice, read_class, read_confidence, read_text, read_valence
from imigue_core.studio.edits.overlaps import refuse_overlap
from imigue_core.studio.edits.reviewing import describe_origin, link_suggestion, make_decision
from imigue_core.studio.people.blind import has_seen_others

FIELDS_OF_KIND: dict[str, tuple[str, ...]] = {
    "create": ("class_id", "start_frame", "end_frame", "suggestion"),
    "move": ("start_frame", "end_frame"),
    "relabel": ("class_id",),
    "delete": (),
    "annotate": ("note", "confidence", "mark"),
    "rate": ("emotion", "note", "valence", "confidence"),
    "review": ("suggestion_id", "verdict"),
    "undo": ("target_edit_id",),
    "redo": ("target_edit_id",),
}
"""The fields that each kind of edit carries beside its envelope."""

_WITHOUT_LABEL = ("rate", "review", "undo", "redo")
_MAX_RANK = 5
_MAX_SEQ = 2**53
_MAX_CONTENT = 100_000


@dataclass(frozen=True, slots=True)
class Envelope:
    """An edit whose form is known to be sound; its content is not judged yet."""

    client: str
    client_seq: int
    edit_id: str
    kind: str
    video_id: int
    annotation_id: str | None
    base_version: int
    content: dict[str, Any]
    provenance: dict[str, Any]
    group_id: str | None = None
    group_size: int = 1


@dataclass(frozen=True, slots=True)
class Change:
    """The verdict on one edit."""

    entry: Entry
    version: int = 0
    refusal: StudioError | None = None


def read_client(client: object) -> str:
    """The uuid of a page load as the ledger writes it.

    Raises:
        InputError: ``EDIT_MALFORMED``.
    """
    return _read_uuid(client, "client")


def read_envelope(client: str, edit: object) -> Envelope:
    """The envelope of an edit as sent by ``client``.

    Raises:
        InputError: ``EDIT_MALFORMED`` naming the field.
    """
    if not isinstance(edit, dict):
        raise InputError("EDIT_MALFORMED", "expected an object for each edit.")
    kind = edit.get("kind")
    if not isinstance(kind, str) or kind not in FIELDS_OF_KIND:
        raise InputError("EDIT_MALFORMED", f"kind: expected one of {', '.join(FIELDS_OF_KIND)}.")
    content = {name: edit[name] for name in FIELDS_OF_KIND[kind] if name in edit}
    for name, value in content.items():
        if name == "suggestion":
            content[name] = _read_link(value)
        elif name == "suggestion_id":
            _read_int(value, name, 1)
        else:
            _check_plain(name, value)
    if kind == "review" and "suggestion_id" not in content:
        raise InputError("EDIT_MALFORMED", "suggestion_id: expected a whole number from 1.")
    group_id, group_size = _read_group(edit)
    if group_id is not None:
        content |= {"group_id": group_id, "group_size": group_size}
    return Envelope(
        client=client,
        client_seq=_read_int(edit.get("client_seq"), "client_seq", 1),
        edit_id=_read_uuid(edit.get("edit_id"), "edit_id"),
        kind=kind,
        video_id=_read_int(edit.get("video_id"), "video_id", 0),
        annotation_id=None if kind in _WITHOUT_LABEL else _read_uuid(edit.get("annotation_id"), "annotation_id"),
        base_version=_read_int(edit.get("base_version", 0), "base_version", 0),
        content=content,
        provenance=_read_provenance(edit.get("provenance")),
        group_id=group_id,
        group_size=group_size,
    )


def decide(conn: Connection, actor: int, envelope: Envelope, pending: list[Entry]) -> Change:
    """What an edit does, or why it is refused.

    Args:
        actor: The annotator who sent it.
        pending: Entries of the same transaction that are not in the ledger yet.

    Raises:
        InputError: ``EDIT_MALFORMED`` when the edit id was used for another edit before.
    """
    known = find_entry(conn, envelope.edit_id)
    if known is not None or any(entry.edit_id == envelope.edit_id for entry in pending):
        raise InputError("EDIT_MALFORMED", f"edit_id {envelope.edit_id} belongs to another edit already.")
    object_id, before, version = envelope.annotation_id, None, 0
    try:
        video = get_video(conn, envelope.video_id)
        if envelope.kind in ("create", "rate") and video.n_frames is None and not video.is_label_only:
            raise ConflictError("VIDEO_NOT_READY", "this video has not been read, so there are no frames to label.")
        if envelope.kind in ("undo", "redo"):
            object_id, before, version, after = _step_back(conn, actor, envelope, pending)
        elif envelope.kind == "rate":
            object_id = object_of_rating(video.video_id, actor)
            before, version = find_state(conn, object_id) or (None, 0)
            _check_version(envelope, version)
            after = _rate(conn, actor, envelope, before)
        elif envelope.kind == "review":
            suggestion_id = envelope.content["suggestion_id"]
            object_id = object_of_review(suggestion_id, actor)
            before, version = find_state(conn, object_id) or (None, 0)
            _check_version(envelope, version)
            verdict = Verdict(read_choice(Verdict, envelope.content.get("verdict"), "verdict"))
            after = make_decision(conn, actor, video.video_id, suggestion_id, verdict, before)
        else:
            assert object_id is not None
            before, version = find_state(conn, object_id) or (None, 0)
            after = _edit_annotation(conn, actor, envelope, video, before, version)
    except StudioError as refusal:
        return Change(_make_entry(actor, envelope, object_id, None, None, refused=refusal.code), refusal=refusal)
    entry = _make_entry(actor, envelope, object_id, before, after)
    # True alone is written: whether others' labels swayed an edit can then be asked of any ledger.
    if has_seen_others(conn, video.video_id, actor):
        entry = entry._replace(provenance={**entry.provenance, "saw_others": True})
    if envelope.kind == "create" and "suggestion_id" in after:
        origin = describe_origin(conn, after)
        entry = entry._replace(provenance={**entry.provenance, "suggestion": origin})
    return Change(entry, version=version + 1)


def refuse(actor: int, envelope: Envelope, reason: StudioError) -> Change:
    """The verdict on an edit that is refused for what others it belongs with are."""
    object_id = envelope.annotation_id
    if envelope.kind == "rate":
        object_id = object_of_rating(envelope.video_id, actor)
    elif envelope.kind == "review":
        object_id = object_of_review(envelope.content["suggestion_id"], actor)
    return Change(_make_entry(actor, envelope, object_id, None, None, refused=reason.code), refusal=reason)


def _edit_annotation(
    conn: Connection, actor: int, envelope: Envelope, video: Video, before: State | None, version: int
) -> State:
    content = envelope.content
    if envelope.kind == "create":
        if before is not None:
            raise ConflictError("CONFLICT", "this annotation exists already.")
        class_id = read_class(content.get("class_id"))
        span = validate_span(content.get("start_frame"), content.get("end_frame"), video.n_frames)
        assert envelope.annotation_id is not None
        if envelope.group_id is None:  # else what the whole group leads to is judged: studio/edits/groups.py
            refuse_overlap(conn, video.video_id, actor, span, annotation_id=envelope.annotation_id)
        link = content.get("suggestion")
        return {
            **(link_suggestion(conn, actor, video.video_id, link) if link else {}),
            "annotation_id": envelope.annotation_id,
            "video_id": video.video_id,
            "annotator_id": actor,
            "label_id": next_label_id(conn, video.video_id, actor),
            "class_id": class_id,
            "start_frame": span.start_frame,
            "end_frame": span.end_frame,
            "deleted": False,
            "confidence": None,
            "mark": "",
            "note_hash": None,
            "start_time": None,
            "end_time": None,
        }
    if before is None or before["video_id"] != video.video_id:
        raise NotAvailableError("this annotation is not available; its creation was refused or never arrived")
    require(actor, Action.CHANGE_LABEL, Resource(video.video_id, before["annotator_id"]))
    _check_version(envelope, version)
    if before["deleted"]:
        raise ConflictError("CONFLICT", "this annotation was deleted meanwhile.")
    if envelope.kind == "delete":
        return {**before, "deleted": True}
    if envelope.kind == "move":
        span = validate_span(content.get("start_frame"), content.get("end_frame"), video.n_frames)
        former = Span(before["start_frame"], before["end_frame"])
        if envelope.group_id is None:
            refuse_overlap(conn, video.video_id, actor, span, annotation_id=before["annotation_id"], before=former)
        moved = {**before, "start_frame": span.start_frame, "end_frame": span.end_frame}
        # Imported seconds belong to imported frames; a moved span gets exact ones at export.
        if span.start_frame != before["start_frame"]:
            moved["start_time"] = None
        if span.end_frame != before["end_frame"]:
            moved["end_time"] = None
        return moved
    if envelope.kind == "relabel":
        return {**before, "class_id": read_class(content.get("class_id"))}
    return _annotate(conn, envelope, before)


def _annotate(conn: Connection, envelope: Envelope, before: State) -> State:
    content, after = envelope.content, dict(before)
    if "confidence" in content:
        after["confidence"] = read_confidence(content["confidence"])
    if "mark" in content:
        after["mark"] = read_choice(Mark, content["mark"], "mark")
    if "note" in content:
        after["note_hash"] = save_note(conn, before["video_id"], read_text(content["note"]))
    return after


def _rate(conn: Connection, actor: int, envelope: Envelope, before: State | None) -> State:
    content = envelope.content
    emotion = read_choice(Emotion, content.get("emotion"), "emotion")
    # What an edit does not name stays as it is; a rating that was taken back is begun anew.
    kept = before if before and not before["deleted"] else {}
    note_hash = kept.get("note_hash")
    if "note" in content:
        note_hash = save_note(conn, envelope.video_id, read_text(content["note"]))
    said = {name: kept.get(name) for name in OPTIONAL_RATING_FIELDS}
    if "valence" in content:
        said["valence"] = read_valence(content["valence"])
    if "confidence" in content:
        said["confidence"] = read_confidence(content["confidence"])
    return {
        "video_id": envelope.video_id,
        "annotator_id": actor,
        "emotion": emotion,
        "deleted": False,
        "note_hash": note_hash,
        **{name: value for name, value in said.items() if value is not None},
    }


def _step_back(
    conn: Connection, actor: int, envelope: Envelope, pending: list[Entry]
) -> tuple[str, State | None, int, State]:
    """Undo and redo: put the object back to what the target edit left or found."""
    target_id = envelope.content.get("target_edit_id")
    target = next((entry for entry in pending if entry.edit_id == target_id), None)
    if target is None:
        row = find_entry(conn, target_id) if isinstance(target_id, str) else None
        if row is None:
            raise NotAvailableError("the edit to undo is not available")
        owner, kind, refused, object_id = row.annotator_id, row.kind, row.refused, row.object_id
        found = json.loads(row.before) if row.before else None
        left = json.loads(row.after) if row.after else None
    else:
        owner, kind, refused, object_id = target.annotator_id, target.kind, target.refused, target.object_id
        found, left = target.before, target.after
    if owner != actor or refused is not None or left is None or object_id is None:
        raise NotAvailableError("the edit to undo is not available")
    if kind in ("undo", "redo") or left["video_id"] != envelope.video_id:
        raise NotAvailableError("the edit to undo is not available")
    nothing = {"verdict": Verdict.OPEN.value} if "verdict" in left else {"deleted": True}
    undone = found if found is not None else {**left, **nothing}
    expected, after = (left, undone) if envelope.kind == "undo" else (undone, left)
    current, version = find_state(conn, object_id) or (None, 0)
    if current != expected:
        raise ConflictError("CONFLICT", f"this label changed since; {envelope.kind} the later edits first.")
    return object_id, current, version, after


def _check_version(envelope: Envelope, version: int) -> None:
    if envelope.base_version != version:
        raise ConflictError(
            "CONFLICT", f"expected version {version}, got {envelope.base_version}: it changed elsewhere."
        )


def _make_entry(
    actor: int,
    envelope: Envelope,
    object_id: str | None,
    before: State | None,
    after: State | None,
    refused: str | None = None,
) -> Entry:
    content = dict(envelope.content)
    if "note" in content:
        # The ledger outlives erased text, so it holds the hash alone.
        content["note"] = None if after is None else after["note_hash"]
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


def _check_plain(name: str, value: object) -> None:
    """Content must be what canonical JSON can hold; whether it is legal is judged later."""
    if not isinstance(value, str | int | float | bool | None):
        raise InputError("EDIT_MALFORMED", f"{name}: expected a plain value.")
    if isinstance(value, str) and (len(value) > _MAX_CONTENT or _has_surrogate(value)):
        raise InputError("EDIT_MALFORMED", f"{name}: expected well-formed text of at most {_MAX_CONTENT} characters.")
    if isinstance(value, int | float) and not abs(value) < _MAX_SEQ:
        raise InputError("EDIT_MALFORMED", f"{name}: expected a number that a file can hold.")


def _read_link(value: object) -> dict[str, int] | None:
    """Which suggestion a new label accepts and at which place its class stood there; None for none."""
    if value is None:
        return None
    if not isinstance(value, dict):
        raise InputError("EDIT_MALFORMED", "suggestion: expected an object or null.")
    rank = _read_int(value.get("rank"), "suggestion.rank", 1)
    if rank > _MAX_RANK:
        raise InputError("EDIT_MALFORMED", f"suggestion.rank: expected at most {_MAX_RANK}.")
    return {"suggestion_id": _read_int(value.get("suggestion_id"), "suggestion.suggestion_id", 1), "rank": rank}


def _read_group(edit: dict[str, Any]) -> tuple[str | None, int]:
    """Which group an edit belongs to and how many edits that has; (None, 1) for an edit of its own."""
    if edit.get("group_id") is None:
        return None, 1
    return _read_uuid(edit["group_id"], "group_id"), _read_int(edit.get("group_size"), "group_size", 2)


def _has_surrogate(text: str) -> bool:
    return any("\ud800" <= character <= "\udfff" for character in text)


def _read_uuid(value: object, name: str) -> str:
    try:
        if isinstance(value, str) and len(value) == 36:
            return str(uuid.UUID(value))
    except ValueError:
        pass
    raise InputError("EDIT_MALFORMED", f"{name}: expected a uuid.")


def _read_int(value: object, name: str, least: int) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value < _MAX_SEQ:
        raise InputError("EDIT_MALFORMED", f"{name}: expected a whole number from {least}.")
    return value


def _read_provenance(value: object) -> dict[str, Any]:
    """View mode, active milliseconds and player version; other fields are dropped."""
    given = value if isinstance(value, dict) else {}
    mode, active, player = (given.get(name) for name in ("view_mode", "active_ms", "player_version"))
    modes = {known.value for known in ViewMode}
    return {
        "view_mode": mode if isinstance(mode, str) and mode in modes else None,
        "active_ms": active if type(active) is int and 0 <= active < 10**9 else None,
        "player_version": player[:40] if isinstance(player, str) and not _has_surrogate(player) else None,
        "suggestion": None,
    }
