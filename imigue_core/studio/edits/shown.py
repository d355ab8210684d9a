"""What a page is sent of labels, ratings and decisions: what an edit touched, and the whole state of a video."""

from __future__ import annotations

from collections.abc import Iterable

from db.engine import Connection, Database
from db.labels import find_rating, list_annotations, list_annotations_by_id
from db.ledger import get_tip
from db.objects import ObjectKind, ObjectName, object_of_label, object_of_rating, object_of_review, parse_object
from db.people import list_annotators
from db.states import find_state
from db.videos import get_video
from imigue_core.annotation import STANDING_LABEL, STANDING_RATING, Annotation, DecisionState, LabelState
from imigue_core.ids import AnnotationId, AnnotatorId, VideoId
from imigue_core.label_fields import Plain
from imigue_core.studio.access import Action, Resource, require
from imigue_core.studio.edits.overlaps import get_overlap_rule
from imigue_core.studio.edits.undo import load_undo_stacks
from imigue_core.studio.people.coverage import describe_coverage
from imigue_core.studio.people.seeing_others import has_seen_others, remember_seen, sees_others

_UNRATED: Plain = {
    **{name: STANDING_RATING.defaults.get(name) for name in STANDING_RATING.shown},
    "emotion": None,
}


def show_label(label: Annotation) -> Plain:
    """A standing label as the player reads it."""
    return STANDING_LABEL.show(label)


def show_touched(conn: Connection, object_ids: Iterable[str]) -> dict[str, list[Plain]]:
    """``changes``, ``ratings`` and ``reviews``: the labels, ratings and decisions of these names as they stand now."""
    names: dict[ObjectKind, list[ObjectName]] = {kind: [] for kind in ObjectKind}
    for object_id in object_ids:
        name = parse_object(object_id)
        names[name.kind].append(name)
    reviews = (_show_review(conn, name) for name in names[ObjectKind.DECISION])
    return {
        "changes": _show_labels(conn, [name.label for name in names[ObjectKind.LABEL]]),
        "ratings": [show_rating(conn, VideoId(n.number), n.annotator) for n in names[ObjectKind.RATING]],
        "reviews": [review for review in reviews if review is not None],
    }


def _show_labels(conn: Connection, annotation_ids: list[AnnotationId]) -> list[Plain]:
    if not annotation_ids:
        return []
    standing = {one.annotation_id: show_label(one) for one in list_annotations_by_id(conn, annotation_ids)}
    changes = (standing.get(one) or _show_deleted(conn, one) for one in annotation_ids)
    return [change for change in changes if change is not None]


def _show_deleted(conn: Connection, annotation_id: AnnotationId) -> Plain | None:
    found = find_state(conn, object_of_label(annotation_id))
    if found is None:
        return None
    state, version = found
    assert isinstance(state, LabelState)
    origin = {} if state.suggestion_id is None else {"suggestion_id": state.suggestion_id}
    return {
        "annotation_id": annotation_id,
        "video_id": state.video_id,
        "annotator_id": state.annotator_id,
        "version": version,
        "deleted": True,
        **origin,
    }


def _show_review(conn: Connection, name: ObjectName) -> Plain | None:
    found = find_state(conn, object_of_review(name.number, name.annotator))
    if found is None:
        return None
    state, version = found
    assert isinstance(state, DecisionState)
    return {"suggestion_id": state.suggestion_id, "verdict": state.verdict, "version": version}


def show_rating(conn: Connection, video_id: VideoId, annotator_id: AnnotatorId) -> Plain:
    """A person's rating of a video as the player reads it, ``emotion`` None when there is none."""
    rating = find_rating(conn, video_id, annotator_id)
    if rating is not None:
        return STANDING_RATING.show(rating)
    found = find_state(conn, object_of_rating(video_id, annotator_id))
    version = found[1] if found else 0
    return {**_UNRATED, "video_id": video_id, "annotator_id": annotator_id, "version": version}


def load_video_state(db: Database, video_id: VideoId, annotator_id: AnnotatorId) -> Plain:
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
            {**show_label(a), "annotator": names[a.annotator_id]}
            for a in list_annotations(conn, video_id, None if is_open else annotator_id)
        ]
        n_own = sum(label["annotator_id"] == annotator_id for label in annotations)
        steps = load_undo_stacks(conn, video_id, annotator_id)
        rating = show_rating(conn, video_id, annotator_id)
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
