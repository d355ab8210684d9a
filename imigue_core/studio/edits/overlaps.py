"""The rule for a person's labels that overlap in time: allowed, warned of by the player, or refused here."""

from __future__ import annotations

from itertools import pairwise

from db.engine import Connection
from db.labels import list_overlapping, list_overlapping_spans
from imigue_core.annotation import Span
from imigue_core.errors import ConflictError
from imigue_core.ids import AnnotationId
from imigue_core.studio.people.project_settings import OVERLAP_RULE, OverlapRule


def get_overlap_rule(conn: Connection) -> OverlapRule:
    """``allowed`` unless the project says otherwise."""
    return OVERLAP_RULE.read(conn)


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
    if get_overlap_rule(conn) is not OverlapRule.REFUSED:
        return
    hit = set(list_overlapping(conn, video_id, annotator_id, span)) - {annotation_id}
    if before is not None:
        hit -= set(list_overlapping(conn, video_id, annotator_id, before))
    if hit:
        raise overlap_refusal()


def overlap_refusal() -> ConflictError:
    return ConflictError("OVERLAP_REFUSED", "this project allows no labels of one person to overlap.")


def find_group_overlap(
    conn: Connection,
    video_id: int,
    annotator_id: int,
    before: dict[AnnotationId, Span | None],
    after: dict[AnnotationId, Span | None],
) -> AnnotationId | None:
    """Where the project refuses overlaps: a label of a group of edits that overlaps another own one because of them.

    Only what the group leads to counts, so its edits may come in any order. Two labels that overlapped before may go
    on doing so, and parts of a label may overlap what the whole of it did.

    Args:
        before: Span of each label of the group before it, None for one that was not there.
        after: The same after it; the database holds this state.
    """
    if get_overlap_rule(conn) is not OverlapRule.REFUSED:
        return None
    raised = _list_raised(before, after)
    for label, span in after.items():
        former = before[label]
        if span is None or span == former:
            continue
        for other, other_span in list_overlapping_spans(conn, video_id, annotator_id, span).items():
            other_former = before.get(other, other_span)
            if other == label:
                continue
            if former is not None and other_former is not None and _is_shared(former, other_former):
                continue
            start, end = max(span.start_frame, other_span.start_frame), min(span.end_frame, other_span.end_frame)
            if any(_is_shared(Span(start, end), part) for part in raised):
                return label
    return None


def _list_raised(before: dict[AnnotationId, Span | None], after: dict[AnnotationId, Span | None]) -> list[Span]:
    """Stretches that more labels of the group cover after it than before it."""
    steps: dict[int, int] = {}
    for spans, sign in ((after, 1), (before, -1)):
        for span in spans.values():
            if span is not None:
                steps[span.start_frame] = steps.get(span.start_frame, 0) + sign
                steps[span.end_frame + 1] = steps.get(span.end_frame + 1, 0) - sign
    raised, depth = [], 0
    frames = sorted(steps)
    for frame, following in pairwise(frames):
        depth += steps[frame]
        if depth > 0:
            raised.append(Span(frame, following - 1))
    return raised


def _is_shared(one: Span, other: Span) -> bool:
    return one.start_frame <= other.end_frame and other.start_frame <= one.end_frame
