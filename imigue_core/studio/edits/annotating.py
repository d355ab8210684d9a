"""Taking edits: in order, exactly once, each with a reason when refused.

``apply_edits`` is the whole contract between the browser's log and the ledger:
one transaction, skip what is known, stop at a gap, refuse what conflicts, write
ledger and state together. The rules for one edit stand in studio/edits/rules.py.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from db.engine import Connection, Database
from db.ledger import Entry, LedgerEntry, append_entries, find_client, find_entry, get_tip
from db.objects import ObjectKind, parse_object
from db.people import get_annotator, get_project_id
from db.videos import bump_revision, get_revision
from db.watched import start_progress
from imigue_core.errors import DeniedError, InputError
from imigue_core.ids import AnnotatorId, ClientId, EditId, ObjectId, VideoId
from imigue_core.label_fields import Plain
from imigue_core.studio.access import Action, Resource, require
from imigue_core.studio.edits.envelope import Envelope, read_client, read_envelope
from imigue_core.studio.edits.groups import list_units, settle_unit
from imigue_core.studio.edits.shown import show_touched
from imigue_core.studio.people.seeing_others import sees_others


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
    revisions: dict[VideoId, int] = field(default_factory=dict)
    changes: list[Plain] = field(default_factory=list)
    ratings: list[Plain] = field(default_factory=list)
    reviews: list[Plain] = field(default_factory=list)
    refused: list[Plain] = field(default_factory=list)
    ledger_seq: int = 0


def apply_edits(
    db: Database,
    *,
    annotator_id: int,
    client: str,
    edits: list[Plain],
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
    sender, actor = read_client(client), AnnotatorId(annotator_id)
    units = list_units([read_envelope(sender, edit) for edit in edits])
    pending: dict[EditId, Entry] = {}
    refused: list[Plain] = []
    repeated: dict[ObjectId, VideoId] = {}
    touched: dict[ObjectId, VideoId] = {}
    with db.write() as conn:
        acked = _check_sender(conn, actor, sender, project_id)
        for members in units:
            if members[0].client_seq <= acked:
                for envelope in members:
                    if envelope.edit_id not in pending:
                        _recall(conn, envelope, repeated, refused)
                continue
            if members[0].client_seq != acked + 1:
                break
            changes = settle_unit(conn, actor, members, pending)
            pending |= {change.entry.edit_id: change.entry for change in changes}
            acked = members[-1].client_seq
            for change in changes:
                entry = change.entry
                if change.refusal is not None:
                    refused.append(_describe_refusal(conn, entry, change.refusal.code, change.refusal.message))
                elif entry.object_id is not None and entry.after is not None:
                    touched[entry.object_id] = entry.after.video_id
        for video_id in set(touched.values()):
            start_progress(conn, video_id, actor)
        ledger_seq = append_entries(conn, pending.values()) if pending else get_tip(conn)[0]
        revisions = {video_id: get_revision(conn, video_id) for video_id in sorted(set(repeated.values()))}
        revisions |= {video_id: bump_revision(conn, video_id) for video_id in sorted(set(touched.values()))}
        standing = show_touched(conn, repeated | touched)
    return EditAnswer(acked, revisions, **standing, refused=refused, ledger_seq=ledger_seq)


def _check_sender(conn: Connection, annotator_id: AnnotatorId, client: ClientId, project_id: str | None) -> int:
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


def _recall(conn: Connection, envelope: Envelope, repeated: dict[ObjectId, VideoId], refused: list[Plain]) -> None:
    """An edit that was settled before gets the same verdict again: its first answer may never have arrived."""
    entry = find_entry(conn, envelope.edit_id)
    if entry is None or (entry.client, entry.client_seq) != (envelope.client, envelope.client_seq):
        raise InputError("EDIT_MALFORMED", f"client_seq {envelope.client_seq} stands for another edit already.")
    if entry.refused is not None:
        message = "this edit was refused when it first arrived."
        refused.append(_describe_refusal(conn, entry, entry.refused, message))
    elif entry.object_id is not None and entry.video_id is not None:
        repeated[entry.object_id] = entry.video_id


def _describe_refusal(conn: Connection, entry: Entry | LedgerEntry, code: str, message: str) -> Plain:
    current = None
    if entry.object_id and parse_object(entry.object_id).kind is not ObjectKind.RATING:
        standing = show_touched(conn, [entry.object_id])
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
