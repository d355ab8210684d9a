"""Which of a person's edits can be undone and redone: what a page is told when it opens a video."""

from __future__ import annotations

from db.engine import Connection
from db.ledger import list_steps
from imigue_core.ids import EditId, GroupId, ObjectId
from imigue_core.label_fields import EditKind, Plain

MAX_UNDO = 2000


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
