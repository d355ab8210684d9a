"""The rule for a person's labels that overlap in time: allowed, warned of by the player, or refused here."""

from __future__ import annotations

from db.engine import Connection
from db.labels import list_overlapping
from db.people import get_setting
from imigue_core.annotation import Span
from imigue_core.errors import ConflictError

OVERLAP_RULE = "overlap_rule"
OVERLAP_RULES = ("allowed", "warned", "refused")


def get_overlap_rule(conn: Connection) -> str:
    """``allowed`` unless the project says otherwise."""
    return get_setting(conn, OVERLAP_RULE, OVERLAP_RULES[0])


def refuse_overlap(
    conn: Connection, video_id: int, annotator_id: int, span: Span, *, annotation_id: str, before: Span | None = None
) -> None:
    """Refuses a span that overlaps an own label which it did not overlap before.

    Undo and redo are not asked: they lead back to what stood already.

    Args:
        annotation_id: The label that gets this span; it does not count itself.
        before: The label's span until now, None for a new one.

    Raises:
        ConflictError: ``OVERLAP_REFUSED``.
    """
    if get_overlap_rule(conn) != "refused":
        return
    hit = set(list_overlapping(conn, video_id, annotator_id, span)) - {annotation_id}
    if before is not None:
        hit -= set(list_overlapping(conn, video_id, annotator_id, before))
    if hit:
        raise ConflictError("OVERLAP_REFUSED", "this project allows no labels of one person to overlap.")
