"""An edit as a browser sends it: what it must look like before anybody asks what it does.

``read_envelope`` refuses what makes no sense at all; whether the rest is taken is
judged in studio/edits/rules.py.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from imigue_core.annotation import DECISION, LABEL, RATING, ViewMode
from imigue_core.errors import InputError
from imigue_core.ids import AnnotationId, ClientId, EditId, GroupId, VideoId
from imigue_core.label_fields import EditKind, Plain

FIELDS_OF_KIND: dict[EditKind, tuple[str, ...]] = {
    EditKind.CREATE: ("class_id", "start_frame", "end_frame", "suggestion"),
    EditKind.MOVE: ("start_frame", "end_frame"),
    EditKind.RELABEL: ("class_id",),
    EditKind.DELETE: (),
    EditKind.ANNOTATE: ("note", *LABEL.list_said(EditKind.ANNOTATE)),
    EditKind.RATE: ("note", *RATING.list_said(EditKind.RATE)),
    EditKind.REVIEW: ("suggestion_id", *DECISION.list_said(EditKind.REVIEW)),
    EditKind.UNDO: ("target_edit_id",),
    EditKind.REDO: ("target_edit_id",),
}
"""The fields that each kind of edit carries beside its envelope."""

_WITHOUT_LABEL = (EditKind.RATE, EditKind.REVIEW, EditKind.UNDO, EditKind.REDO)
_MAX_RANK = 5
_MAX_SEQ = 2**53
_MAX_CONTENT = 100_000
_VIEW_MODES = frozenset(mode.value for mode in ViewMode)


@dataclass(frozen=True, slots=True)
class Envelope:
    """An edit whose form is known to be sound; its content is not judged yet."""

    client: ClientId
    client_seq: int
    edit_id: EditId
    kind: EditKind
    video_id: VideoId
    annotation_id: AnnotationId | None
    base_version: int
    content: Plain
    provenance: Plain
    group_id: GroupId | None = None
    group_size: int = 1


def read_client(client: object) -> ClientId:
    """The uuid of a page load as the ledger writes it.

    Raises:
        InputError: ``EDIT_MALFORMED``.
    """
    return ClientId(_read_uuid(client, "client"))


def read_envelope(client: ClientId, edit: object) -> Envelope:
    """The envelope of an edit as sent by ``client``.

    Raises:
        InputError: ``EDIT_MALFORMED`` naming the field.
    """
    if not isinstance(edit, dict):
        raise InputError("EDIT_MALFORMED", "expected an object for each edit.")
    kind = _find_kind(edit.get("kind"))
    if kind is None:
        raise InputError("EDIT_MALFORMED", f"kind: expected one of {', '.join(FIELDS_OF_KIND)}.")
    content = {name: edit[name] for name in FIELDS_OF_KIND[kind] if name in edit}
    for name, value in content.items():
        if name == "suggestion":
            content[name] = _read_link(value)
        elif name == "suggestion_id":
            _read_int(value, name, 1)
        else:
            _check_plain(name, value)
    if kind is EditKind.REVIEW and "suggestion_id" not in content:
        raise InputError("EDIT_MALFORMED", "suggestion_id: expected a whole number from 1.")
    group_id, group_size = _read_group(edit)
    if group_id is not None:
        content |= {"group_id": group_id, "group_size": group_size}
    return Envelope(
        client=client,
        client_seq=_read_int(edit.get("client_seq"), "client_seq", 1),
        edit_id=EditId(_read_uuid(edit.get("edit_id"), "edit_id")),
        kind=kind,
        video_id=VideoId(_read_int(edit.get("video_id"), "video_id", 0)),
        annotation_id=None
        if kind in _WITHOUT_LABEL
        else AnnotationId(_read_uuid(edit.get("annotation_id"), "annotation_id")),
        base_version=_read_int(edit.get("base_version", 0), "base_version", 0),
        content=content,
        provenance=_read_provenance(edit.get("provenance")),
        group_id=group_id,
        group_size=group_size,
    )


def _find_kind(value: object) -> EditKind | None:
    """The kind of edit that a browser may send."""
    return EditKind(value) if isinstance(value, str) and value in FIELDS_OF_KIND else None


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


def _read_group(edit: Plain) -> tuple[GroupId | None, int]:
    """Which group an edit belongs to and how many edits that has; (None, 1) for an edit of its own."""
    if edit.get("group_id") is None:
        return None, 1
    return GroupId(_read_uuid(edit["group_id"], "group_id")), _read_int(edit.get("group_size"), "group_size", 2)


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


def _read_provenance(value: object) -> Plain:
    """View mode, active milliseconds and player version; other fields are dropped."""
    given = value if isinstance(value, dict) else {}
    mode, active, player = (given.get(name) for name in ("view_mode", "active_ms", "player_version"))
    return {
        "view_mode": mode if isinstance(mode, str) and mode in _VIEW_MODES else None,
        "active_ms": active if type(active) is int and 0 <= active < 10**9 else None,
        "player_version": player[:40] if isinstance(player, str) and not _has_surrogate(player) else None,
        "suggestion": None,
    }
