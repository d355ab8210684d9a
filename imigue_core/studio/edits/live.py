"""What changed in a video since a page last heard of it, for pages that follow each other live."""

from __future__ import annotations

from db.engine import Connection, Database
from db.labels import count_own, list_annotations_by_id
from db.ledger import get_tip, list_changed_labels
from db.people import list_annotators
from db.states import find_state
from db.videos import get_video
from imigue_core.ids import AnnotationId, AnnotatorId, VideoId
from imigue_core.label_fields import Plain
from imigue_core.studio.access import Action, Resource, require
from imigue_core.studio.edits.shown import show_label, show_rating
from imigue_core.studio.people.coverage import describe_coverage
from imigue_core.studio.people.seeing_others import has_seen_others, remember_seen, sees_others

MAX_CHANGES = 500
"""With more changed labels than that, a page reads the whole state again."""


def load_changes(db: Database, video_id: VideoId, annotator_id: AnnotatorId, since_seq: int) -> Plain:
    """Labels of a video that edits after ``since_seq`` touched, as this person may see them.

    Returns:
        ``revision``, ``ledger_seq``, ``annotations`` as they stand, ``deleted`` (ids),
        ``ratings`` (own), ``watched`` (own), ``progress`` and ``reload``: whether there
        is too much to tell and the state is to be read again.

    Raises:
        NotAvailableError: The video is absent or hidden.
        DeniedError: ``PERMISSION_DENIED``.
    """
    require(annotator_id, Action.SEE_LABELS, Resource(video_id))
    with db.read() as conn:
        video = get_video(conn, video_id)
        changed = list_changed_labels(conn, video_id, since_seq, MAX_CHANGES + 1)
        is_open = sees_others(conn, video_id, annotator_id)
        is_news = is_open and not has_seen_others(conn, video_id, annotator_id)
        standing, deleted = _split(conn, changed[:MAX_CHANGES], annotator_id if not is_open else None)
        names = {person.annotator_id: person.name for person in list_annotators(conn)}
        rating = show_rating(conn, video_id, annotator_id)
        n_own = count_own(conn, video_id, annotator_id)
        answer = {
            "revision": video.revision,
            "ledger_seq": get_tip(conn)[0],
            "annotations": [{**label, "annotator": names[label["annotator_id"]]} for label in standing],
            "deleted": deleted,
            "ratings": [rating] if rating["version"] else [],
            **describe_coverage(conn, video_id, annotator_id, n_own),
            "reload": len(changed) > MAX_CHANGES,
        }
    if is_news and any(label["annotator_id"] != annotator_id for label in standing):
        remember_seen(db, video_id, annotator_id)
    return answer


def _split(
    conn: Connection, changed: list[AnnotationId], only: AnnotatorId | None
) -> tuple[list[Plain], list[AnnotationId]]:
    """What stands of the changed labels, and the ids of those that do not; ``only`` names whose to tell of."""
    if not changed:
        return [], []
    labels = list_annotations_by_id(conn, changed)
    standing = [show_label(label) for label in labels if only in (None, label.annotator_id)]
    known = {label.annotation_id for label in labels}
    gone = []
    for annotation_id in changed:
        found = None if annotation_id in known else find_state(conn, annotation_id)
        if found is not None and only in (None, found[0].annotator_id):
            gone.append(annotation_id)
    return standing, gone
