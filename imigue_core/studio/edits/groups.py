"""Edits that belong together: a split, a merge, a change of many labels at once.

The members of a group carry the same ``group_id`` and their number, follow each other
in the client's log and arrive in one request. A group is accepted as a whole or refused
as a whole; a group of undos or redos is judged member by member, since each of them
only leads back to what stood already. What one edit does stands in studio/edits/rules.py.
"""

from __future__ import annotations

from collections import ChainMap
from itertools import groupby

from db.engine import Connection
from db.ledger import Entry
from db.states import store_state
from imigue_core.annotation import LabelState, ObjectState, Span
from imigue_core.errors import ConflictError, InputError, StudioError
from imigue_core.ids import AnnotationId, AnnotatorId, EditId
from imigue_core.studio.edits.envelope import Envelope
from imigue_core.studio.edits.overlaps import find_group_overlap, overlap_refusal
from imigue_core.studio.edits.rules import Change, Pending, decide, refuse

_COMPANION = ConflictError("GROUP_REFUSED", "another edit that belongs with this one was refused.")


def list_units(envelopes: list[Envelope]) -> list[list[Envelope]]:
    """The edits of a request, members of a group together, every other edit for itself.

    Raises:
        InputError: ``EDIT_MALFORMED`` when a group is not all here, in a row and about one video.
    """
    units: list[list[Envelope]] = []
    for group_id, run in groupby(envelopes, lambda envelope: envelope.group_id):
        members = list(run)
        if group_id is None:
            units += [[member] for member in members]
            continue
        sizes = {member.group_size for member in members}
        first = members[0].client_seq
        in_row = [member.client_seq for member in members] == list(range(first, first + len(members)))
        if sizes != {len(members)} or not in_row:
            raise InputError("EDIT_MALFORMED", f"group {group_id}: expected all of its edits, one after another.")
        if len({member.video_id for member in members}) > 1 or len({member.kind.is_step for member in members}) > 1:
            raise InputError("EDIT_MALFORMED", f"group {group_id}: expected edits, or steps back, of one video.")
        units.append(members)
    return units


def settle_unit(conn: Connection, actor: AnnotatorId, members: list[Envelope], pending: Pending) -> list[Change]:
    """Judges an edit, or the members of a group, and writes what is accepted into the state.

    Returns:
        A verdict for each member, in order.
    """
    if len(members) == 1 or members[0].kind.is_step:
        own: dict[EditId, Entry] = {}
        changes: list[Change] = []
        for envelope in members:
            changes.append(decide(conn, actor, envelope, ChainMap(own, pending)))
            own[envelope.edit_id] = changes[-1].entry
            _store(conn, changes[-1])
        return changes
    savepoint = conn.begin_nested()
    verdicts = _decide_members(conn, actor, members, pending)
    if isinstance(verdicts, list):
        savepoint.commit()
        return verdicts
    savepoint.rollback()
    return [refuse(actor, envelope, verdicts.get(envelope.edit_id, _COMPANION)) for envelope in members]


def _decide_members(
    conn: Connection, actor: AnnotatorId, members: list[Envelope], pending: Pending
) -> list[Change] | dict[EditId, StudioError]:
    """The verdicts when all are accepted, else why which edit was not. Leaves the state written either way."""
    changes: list[Change] = []
    own: dict[EditId, Entry] = {}
    before: dict[AnnotationId, Span | None] = {}
    after: dict[AnnotationId, Span | None] = {}
    latest: dict[AnnotationId, EditId] = {}
    for envelope in members:
        change = decide(conn, actor, envelope, ChainMap(own, pending))
        if change.refusal is not None:
            return {envelope.edit_id: change.refusal}
        changes.append(change)
        own[envelope.edit_id] = change.entry
        _store(conn, change)
        label = envelope.annotation_id
        if label is not None:
            before.setdefault(label, _span_of(change.entry.before))
            after[label], latest[label] = _span_of(change.entry.after), envelope.edit_id
    hit = find_group_overlap(conn, members[0].video_id, actor, before, after)
    return changes if hit is None else {latest[hit]: overlap_refusal()}


def _store(conn: Connection, change: Change) -> None:
    entry = change.entry
    if change.refusal is None and entry.after is not None:
        store_state(conn, entry.after, change.version)


def _span_of(state: ObjectState | None) -> Span | None:
    return None if not isinstance(state, LabelState) or state.deleted else state.span
