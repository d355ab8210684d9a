"""What people write about a video: name, number, subject, outcome, notes, and the rules for each."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from db.engine import Database
from db.people import add_audit
from db.videos import Video, find_video_by_number, get_video, update_video
from imigue_core.errors import ConflictError, InputError
from imigue_core.formats.cells import MAX_ID, validate_note
from imigue_core.formats.field_rules import validate_outcome, validate_short_text, validate_video_name
from imigue_core.studio.access import Action, Resource, require

GENDERS = ("", "F", "M", "X")


@dataclass(frozen=True, slots=True)
class VideoMeta:
    """What a manifest says of a video; empty means unknown.

    Attributes:
        number: ``video_id`` of iMiGUE's files, None when the file name is to say it.
        subject_gender: ``F``, ``M``, ``X`` or empty.
        outcome: ``Win``, ``Lose`` or empty.
    """

    number: int | None = None
    subject_id: str = ""
    subject_gender: str = ""
    subject_nationality: str = ""
    outcome: str = ""
    notes: str = ""

    def list_columns(self) -> dict[str, str]:
        """The texts that say something, by column."""
        return {name: value for name, value in asdict(self).items() if name != "number" and value}


def validate_info(name: str, value: Any) -> Any:
    """The clean value of one field: texts without outer blanks.

    Raises:
        InputError: ``FIELD_UNKNOWN``, ``NAME_INVALID``, ``ID_INVALID``, ``VOCABULARY_UNKNOWN``,
            ``LABEL_TOO_LONG`` or ``LABEL_CHARS``.
    """
    if name == "number":
        return _validate_number(value)
    if name not in ("name", "subject_id", "subject_gender", "subject_nationality", "outcome", "notes"):
        raise InputError("FIELD_UNKNOWN", f"expected a field of a video, got {name!r:.40}.")
    if not isinstance(value, str):
        raise InputError("FIELD_UNKNOWN", f"{name}: expected text, got {type(value).__name__}.")
    text = value.strip()
    if name != "notes" and any(c in "\t\r\n" for c in text):
        raise InputError("LABEL_CHARS", f"{name}: expected one line.")
    if name == "name":
        return validate_video_name(text)
    if name == "outcome":
        return validate_outcome(text)
    if name == "notes":
        return validate_note(text)
    if name == "subject_gender" and text not in GENDERS:
        raise InputError("VOCABULARY_UNKNOWN", f"subject_gender: expected F, M, X or nothing, got {text[:40]!r}.")
    return validate_short_text(text, name)


def _validate_number(value: Any) -> int | None:
    if value is None or (type(value) is int and 1 <= value <= MAX_ID):
        return value  # type: ignore[no-any-return]
    raise InputError("ID_INVALID", f"number: expected a whole number from 1 to {MAX_ID}, got {value!r:.40}.")


def name_video(title: str) -> str:
    """What the Library calls a file, given its name without the ending.

    Raises:
        InputError: ``NAME_INVALID`` when it is too long or holds control or invisible characters.
    """
    try:
        return validate_info("name", title)  # type: ignore[no-any-return]
    except InputError as error:
        where = title[:80].encode("unicode_escape").decode()
        raise InputError("NAME_INVALID", error.message, hint="Rename the file.", where=where) from error


def find_number(name: str) -> int | None:
    """The number a file is named by (``0298`` is 298), or None."""
    if not (name.isascii() and name.isdecimal()) or len(name) > 10:
        return None
    return int(name) if 1 <= int(name) <= MAX_ID else None


def compare_info(video: Video, meta: VideoMeta) -> tuple[str, ...]:
    """A sentence for each thing that ``meta`` says of a video and the project does not."""
    wanted = {"number": meta.number, **meta.list_columns()}
    return tuple(
        f"{name}: the project keeps {getattr(video, name) or 'nothing'}, not {theirs}; change it on the Library page."
        for name, theirs in wanted.items()
        if theirs is not None and theirs != getattr(video, name)
    )


def update_video_info(db: Database, video_id: int, *, annotator_id: int | None = None, **fields: Any) -> None:
    """Changes what is written about a video; fields that are not named stay.

    Args:
        fields: Any of name, number, subject_id, subject_gender, subject_nationality, outcome, notes.

    Raises:
        InputError: What ``validate_info`` raises.
        ConflictError: ``VIDEO_NUMBER_TAKEN``.
        NotAvailableError: No such video.
        DeniedError: ``PERMISSION_DENIED``.
    """
    require(annotator_id, Action.CHANGE_VIDEO, Resource(video_id))
    with db.write() as conn:
        video = get_video(conn, video_id)
        changed = {name: value for name, value in fields.items() if getattr(video, name, None) != value}
        clean = {name: validate_info(name, value) for name, value in changed.items()}
        if not clean:
            return
        owner = find_video_by_number(conn, clean["number"]) if clean.get("number") is not None else None
        if owner is not None and owner.video_id != video_id:
            raise ConflictError("VIDEO_NUMBER_TAKEN", f"number {owner.number} belongs to {owner.name!r} already.")
        update_video(conn, video_id, **clean)
        add_audit(conn, annotator_id, "video.edit", f"video:{video_id}", {"fields": sorted(clean)})
