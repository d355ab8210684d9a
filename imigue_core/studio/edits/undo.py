"""Undo and redo: what one takes back and when it may, and which of a person's edits can be undone and redone.

A step back is an edit like any other, judged in studio/edits/rules.py; its own rule is here. What the page does
on Ctrl+Z is the browser's, labels/history.js; both answer the cases of tests/golden/undo.json.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from db.engine import Connection
from db.ledger import Entry, LedgerEntry, find_entry, list_steps
from db.states import find_state
from imigue_core.annotation import DecisionState, ObjectState, Verdict
from imigue_core.errors import ConflictError, NotAvailableError
from imigue_core.ids import AnnotatorId, EditId, GroupId, ObjectId
from imigue_core.label_fields import EditKind, Plain
from imigue_core.studio.edits.envelope import Envelope

MAX_UNDO = 2000


@dataclass(frozen=True, slots=True)
class StepBack:
    """What an undo or a redo makes of the object that its target was about.

    Attributes:
        before: How it stands now, None when nothing is there.
        version: Number of edits accepted on it so far.
        after: What it is put back to.
    """

    object_id: ObjectId
    before: ObjectState | None
    version: int
    after: ObjectState


def step_back(conn: Connection, actor: AnnotatorId, envelope: Envelope, pending: Mapping[EditId, Entry]) -> StepBack:
    """Undo and redo: put an object back to what the target edit left or found.

    Args:
        actor: Whose step it is; own edits only.
        pending: Entries of the same transaction that are not in the ledger yet, by edit.

    Raises:
        NotAvailableError: The target is no edit of this person's in this video, was refused, or is a step itself.
        ConflictError: ``CONFLICT``, the object changed since.
    """
    target = _find_target(conn, actor, envelope, pending)
    if isinstance(target, LedgerEntry):
        found, left = target.read_before(), target.read_after()
    else:
        found, left = target.before, target.after
    assert left is not None
    assert target.object_id is not None
    undone = _take_back(left) if found is None else found
    expected, after = (left, undone) if envelope.kind is EditKind.UNDO else (undone, left)
    current, version = find_state(conn, target.object_id) or (None, 0)
    if current != expected:
        raise ConflictError("CONFLICT", f"this label changed since; {envelope.kind} the later edits first.")
    return StepBack(target.object_id, current, version, after)


def _find_target(
    conn: Connection, actor: AnnotatorId, envelope: Envelope, pending: Mapping[EditId, Entry]
) -> Entry | LedgerEntry:
    """The edit that an undo or a redo leads back to, where this person may do so."""
    target_id = envelope.content.get("target_edit_id")
    target: Entry | LedgerEntry | None = None
    if isinstance(target_id, str):
        target = pending.get(EditId(target_id)) or find_entry(conn, target_id)
    if target is None or target.annotator_id != actor or target.refused is not None:
        raise NotAvailableError("the edit to undo is not available")
    if EditKind(target.kind).is_step or target.object_id is None or target.video_id != envelope.video_id:
        raise NotAvailableError("the edit to undo is not available")
    return target


def _take_back(state: ObjectState) -> ObjectState:
    """What is left of something when the edit that began it is undone."""
    if isinstance(state, DecisionState):
        return replace(state, verdict=Verdict.OPEN)
    return replace(state, deleted=True)


def load_undo_stacks(conn: Connection, video_id: int, annotator_id: int) -> Plain:
    """``undo`` and ``redo``: edit ids, the next step last; ``objects``: what they are about; ``groups``: of some."""
    undo: list[EditId] = []
    redo: list[EditId] = []
    groups: dict[EditId, GroupId] = {}
    objects: dict[EditId, ObjectId] = {}
    for step in list_steps(conn, video_id, annotator_id):
        if step.target is not None:
            source, sink = (undo, redo) if step.kind is EditKind.UNDO else (redo, undo)
            if step.target in source:
                source.remove(step.target)
            sink.append(step.target)
            continue
        undo.append(step.edit_id)
        objects[step.edit_id] = step.object_id
        redo.clear()
        if step.group_id is not None:
            groups[step.edit_id] = step.group_id
    undo, redo = _cut(undo, groups), _cut(redo, groups)
    steps = (*undo, *redo)
    return {
        "undo": undo,
        "redo": redo,
        "objects": {edit_id: objects[edit_id] for edit_id in steps},
        "groups": {edit_id: groups[edit_id] for edit_id in steps if edit_id in groups},
    }


def _cut(steps: list[EditId], groups: dict[EditId, GroupId]) -> list[EditId]:
    """The last steps, none of them part of a group whose other part is cut off."""
    kept = steps[-MAX_UNDO:]
    if len(kept) == len(steps):
        return kept
    torn = groups.get(steps[-MAX_UNDO - 1])
    while torn is not None and kept and groups.get(kept[0]) == torn:
        kept.pop(0)
    return kept
