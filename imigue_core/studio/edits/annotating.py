"""Taking edits: in order, exactly once, each with a reason when refused.

``apply_edits`` is the whole contract between the browser's log and the ledger:
one transaction, skip what is known, stop at a gap, refuse what conflicts, write
ledger and state together. The rules for one edit stand in studio/edits/rules.py.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from db.engine import Connection, Database
from db.labels import list_annotations, list_ratings
from db.ledger import (
    Entry,
    LedgerEntry,
    append_entries,
    find_client,
    find_entry,
    find_state,
    get_tip,
    kind_of_object,
    list_steps,
)
from db.people import get_annotator, get_project_id, list_annotators
from db.videos import bump_revision, get_revision, get_video
from db.watched import start_progress
from imigue_core.annotation import Annotation
from imigue_core.errors import DeniedError, InputError
from imigue_core.studio.access import Action, Resource, require
from imigue_core.studio.edits.groups import list_units, settle_unit
from imigue_core.studio.edits.overlaps import get_overlap_rule
from imigue_core.studio.edits.rules import Envelope, read_client, read_envelope
from imigue_core.studio.people.blind import has_seen_others, remember_seen, sees_others
from imigue_core.studio.people.coverage import describe_coverage

MAX_UNDO = 2000


@dataclass(frozen=True, slots=True)
class EditAnswer:
    """What the browser is told after COMMIT.

    Attributes:
        acked: Highest ``client_seq`` settled, refused edits included.
        revisions: Revision of each video that the edits touched.
        changes: The touched annotations as they stand now, those of repeated edits too.
        ratings: The touched ratings as they stand now.
        reviews: The touched decisions about suggestions as they stand now.
        refused: ``edit_id``, ``client_seq``, ``code``, ``message``, ``current``.
        ledger_seq: Last row of the ledger.
    """

    acked: int
    revisions: dict[int, int] = field(default_factory=dict)
    changes: list[dict[str, Any]] = field(default_factory=list)
    ratings: list[dict[str, Any]] = field(default_factory=list)
    reviews: list[dict[str, Any]] = field(default_factory=list)
    refused: list[dict[str, Any]] = field(default_factory=list)
    ledger_seq: int = 0


def apply_edits(
    db: Database,
    *,
    annotator_id: int,
    client: str,
    edits: list[dict[str, Any]],
    project_id: str | None = None,
) -> EditAnswer:
    """Applies a client's edits in one transaction.

    Args:
        annotator_id: Who sends them, as the server knows it.
        client: Uuid of the page load that made them.
        edits: In the order of ``client_seq``; see docs/architecture.md for the fields.
        project_id: When given, must be this project's.

    Raises:
        InputError: ``EDIT_MALFORMED`` when an edit makes no sense or a group is not whole; nothing is written.
        DeniedError: ``PERMISSION_DENIED``, ``IDENTITY_MISMATCH`` or ``PROJECT_MISMATCH``; the client keeps its log.
        StorageError: The disk refused; nothing is written.
    """
    require(annotator_id, Action.ADD_LABEL, Resource(owner=annotator_id))
    client = read_client(client)
    units = list_units([read_envelope(client, edit) for edit in edits])
    entries: list[Entry] = []
    refused: list[dict[str, Any]] = []
    repeated: dict[str, int] = {}
    touched: dict[str, int] = {}
    with db.write() as conn:
        acked = _check_sender(conn, annotator_id, client, project_id)
        for members in units:
            if members[0].client_seq <= acked:
                for envelope in members:
                    if not any(entry.edit_id == envelope.edit_id for entry in entries):
                        _recall(conn, envelope, repeated, refused)
                continue
            if members[0].client_seq != acked + 1:
                break
            changes = settle_unit(conn, annotator_id, members, entries)
            entries += [change.entry for change in changes]
            acked = members[-1].client_seq
            for change in changes:
                entry = change.entry
                if change.refusal is not None:
                    refused.append(_describe_refusal(conn, entry, change.refusal.code, change.refusal.message))
                elif entry.object_id is not None and entry.after is not None:
                    touched[entry.object_id] = entry.after["video_id"]
        for video_id in set(touched.values()):
            start_progress(conn, video_id, annotator_id)
        ledger_seq = append_entries(conn, entries) if entries else get_tip(conn)[0]
        revisions = {video_id: get_revision(conn, video_id) for video_id in sorted(set(repeated.values()))}
        revisions |= {video_id: bump_revision(conn, video_id) for video_id in sorted(set(touched.values()))}
        standing = _describe_touched(conn, list(repeated | touched), annotator_id)
    return EditAnswer(acked, revisions, **standing, refused=refused, ledger_seq=ledger_seq)


def _check_sender(conn: Connection, annotator_id: int, client: str, project_id: str | None) -> int:
    """Highest ``client_seq`` settled of a client that may write here."""
    if project_id is not None and project_id != get_project_id(conn):
        raise DeniedError("PROJECT_MISMATCH", "these edits belong to another project and were kept, not applied.")
    known = find_client(conn, client)
    if known is None:
        get_annotator(conn, annotator_id)
        return 0
    if known[0] != annotator_id:
        raise DeniedError("IDENTITY_MISMATCH", "these edits belong to another annotator and were kept, not applied.")
    return known[1]


def _recall(conn: Connection, envelope: Envelope, repeated: dict[str, int], refused: list[dict[str, Any]]) -> None:
    """An edit that was settled before gets the same verdict again: its first answer may never have arrived."""
    entry = find_entry(conn, envelope.edit_id)
    if entry is None or (entry.client, entry.client_seq) != (envelope.client, envelope.client_seq):
        raise InputError("EDIT_MALFORMED", f"client_seq {envelope.client_seq} stands for another edit already.")
    if entry.refused is not None:
        message = "this edit was refused when it first arrived."
        refused.append(_describe_refusal(conn, entry, entry.refused, message))
    elif entry.object_id is not None and entry.video_id is not None:
        repeated[entry.object_id] = entry.video_id


def _describe_refusal(conn: Connection, entry: Entry | LedgerEntry, code: str, message: str) -> dict[str, Any]:
    current = None
    if entry.object_id and kind_of_object(entry.object_id) != "rating":
        standing = _describe_touched(conn, [entry.object_id], entry.annotator_id)
        current = next(iter(standing["changes"] + standing["reviews"]), None)
        owner = current.get("annotator_id", entry.annotator_id) if current is not None else entry.annotator_id
        if current is not None and owner != entry.annotator_id:
            current = current if sees_others(conn, current["video_id"], entry.annotator_id) else None
    return {
        "edit_id": entry.edit_id,
        "client_seq": entry.client_seq,
        "code": code,
        "message": message,
        "current": current,
    }


def _describe_touched(conn: Connection, object_ids: list[str], annotator_id: int) -> dict[str, list[dict[str, Any]]]:
    """``changes``, ``ratings`` and ``reviews`` of ``EditAnswer``."""
    by_kind: dict[str, list[str]] = {"annotation": [], "rating": [], "review": []}
    for object_id in object_ids:
        by_kind[kind_of_object(object_id)].append(object_id)
    reviews = [_describe_review(conn, object_id) for object_id in by_kind["review"]]
    return {
        "changes": _describe_labels(conn, by_kind["annotation"]),
        "ratings": [describe_rating(conn, int(o.split(":")[1]), annotator_id, o) for o in by_kind["rating"]],
        "reviews": [review for review in reviews if review is not None],
    }


def _describe_labels(conn: Connection, annotation_ids: list[str]) -> list[dict[str, Any]]:
    standing: dict[str, dict[str, Any]] = (
        {a.annotation_id: describe_annotation(a) for a in list_annotations(conn, annotation_ids=annotation_ids)}
        if annotation_ids
        else {}
    )
    changes = []
    for annotation_id in annotation_ids:
        if annotation_id in standing:
            changes.append(standing[annotation_id])
            continue
        found = find_state(conn, annotation_id)
        if found is not None:
            state, version = found
            origin = {"suggestion_id": state["suggestion_id"]} if "suggestion_id" in state else {}
            changes.append(
                {
                    "annotation_id": annotation_id,
                    "video_id": state["video_id"],
                    "annotator_id": state["annotator_id"],
                    "version": version,
                    "deleted": True,
                    **origin,
                }
            )
    return changes


def _describe_review(conn: Connection, object_id: str) -> dict[str, Any] | None:
    found = find_state(conn, object_id)
    if found is None:
        return None
    state, version = found
    return {"suggestion_id": state["suggestion_id"], "verdict": state["verdict"], "version": version}


def describe_rating(conn: Connection, video_id: int, annotator_id: int, object_id: str) -> dict[str, Any]:
    """A person's rating of a video as the player reads it, ``emotion`` None when there is none."""
    for rating in list_ratings(conn, video_id, annotator_id):
        return {
            "video_id": video_id,
            "annotator_id": annotator_id,
            "emotion": rating.emotion.value,
            "version": rating.version,
            "note": rating.note,
            "valence": rating.valence,
            "confidence": rating.confidence,
        }
    found = find_state(conn, object_id)
    version = found[1] if found else 0
    nothing = {"emotion": None, "note": "", "valence": None, "confidence": None}
    return {"video_id": video_id, "annotator_id": annotator_id, "version": version, **nothing}


def describe_annotation(annotation: Annotation) -> dict[str, Any]:
    """An annotation as the player reads it."""
    return {
        "annotation_id": annotation.annotation_id,
        "video_id": annotation.video_id,
        "annotator_id": annotation.annotator_id,
        "label_id": annotation.label_id,
        "class_id": annotation.class_id,
        "start_frame": annotation.start_frame,
        "end_frame": annotation.end_frame,
        "version": annotation.version,
        "confidence": annotation.confidence,
        "mark": annotation.mark.value,
        "note": annotation.note,
        "suggestion_id": annotation.suggestion_id,
        "suggestion_rank": annotation.suggestion_rank,
        "deleted": False,
    }


def load_video_state(db: Database, video_id: int, annotator_id: int) -> dict[str, Any]:
    """Everything the player draws of a video's labels, at one moment.

    In blind mode other people's labels are left out until this person has marked the video
    done; ``others_withheld`` says so. That they were sent is remembered.

    Raises:
        NotAvailableError: The video is absent or hidden.
        DeniedError: ``PERMISSION_DENIED``.
    """
    require(annotator_id, Action.SEE_LABELS, Resource(video_id))
    with db.read() as conn:
        video = get_video(conn, video_id)
        names = {person.annotator_id: person.name for person in list_annotators(conn)}
        is_open = sees_others(conn, video_id, annotator_id)
        is_known = has_seen_others(conn, video_id, annotator_id)
        annotations = [
            {**describe_annotation(a), "annotator": names[a.annotator_id]}
            for a in list_annotations(conn, video_id, None if is_open else annotator_id)
        ]
        n_own = sum(label["annotator_id"] == annotator_id for label in annotations)
        steps = _load_undo_stacks(conn, video_id, annotator_id)
        rating = describe_rating(conn, video_id, annotator_id, f"rating:{video_id}:{annotator_id}")
        state = {
            "revision": video.revision,
            "annotations": annotations,
            "ratings": [rating] if rating["version"] else [],
            **steps,
            "ledger_seq": get_tip(conn)[0],
            **describe_coverage(conn, video_id, annotator_id, n_own),
            "others_withheld": not is_open,
            "overlap_rule": get_overlap_rule(conn),
        }
    if n_own < len(annotations) and not is_known:
        remember_seen(db, video_id, annotator_id)
    return state


def _load_undo_stacks(conn: Connection, video_id: int, annotator_id: int) -> dict[str, Any]:
    """``undo`` and ``redo``: edit ids, the next step last; ``objects``: what they are about; ``groups``: of some."""
    undo: list[str] = []
    redo: list[str] = []
    groups: dict[str, str] = {}
    objects: dict[str, str] = {}
    for edit_id, kind, object_id, content in list_steps(conn, video_id, annotator_id):
        if kind in ("undo", "redo"):
            target = json.loads(content)["target_edit_id"]
            source, sink = (undo, redo) if kind == "undo" else (redo, undo)
            if target in source:
                source.remove(target)
            sink.append(target)
            continue
        undo.append(edit_id)
        objects[edit_id] = object_id
        redo.clear()
        if '"group_id"' in content:
            groups[edit_id] = json.loads(content)["group_id"]
    undo, redo = _cut(undo, groups), _cut(redo, groups)
    steps = (*undo, *redo)
    return {
        "undo": undo,
        "redo": redo,
        "objects": {edit_id: objects[edit_id] for edit_id in steps},
        "groups": {edit_id: groups[edit_id] for edit_id in steps if edit_id in groups},
    }


def _cut(steps: list[str], groups: dict[str, str]) -> list[str]:
    """The last steps, none of them part of a group whose other part is cut off."""
    kept = steps[-MAX_UNDO:]
    if len(kept) == len(steps):
        return kept
    torn = groups.get(steps[-MAX_UNDO - 1])
    while torn is not None and kept and groups.get(kept[0]) == torn:
        kept.pop(0)
    return kept
