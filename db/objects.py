"""Names of the objects that edits are about, and the one reading of them.

A label is named by its uuid, a rating ``rating:<video>:<annotator>``, a decision about a
suggestion ``review:<suggestion>:<annotator>``.
"""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

from sqlalchemy import ColumnElement, SQLColumnExpression, func

from imigue_core.ids import AnnotationId, AnnotatorId, ObjectId


class ObjectKind(StrEnum):
    """What an edit is about."""

    LABEL = "annotation"
    RATING = "rating"
    DECISION = "review"


class ObjectName(NamedTuple):
    """An object's name, read: ``label`` of a label; ``number`` (of the video or suggestion) and ``annotator`` else."""

    kind: ObjectKind
    label: AnnotationId = AnnotationId("")
    number: int = 0
    annotator: AnnotatorId = AnnotatorId(0)


def object_of_label(annotation_id: str) -> ObjectId:
    return ObjectId(annotation_id)


def object_of_rating(video_id: int, annotator_id: int) -> ObjectId:
    return ObjectId(f"{ObjectKind.RATING}:{video_id}:{annotator_id}")


def object_of_review(suggestion_id: int, annotator_id: int) -> ObjectId:
    return ObjectId(f"{ObjectKind.DECISION}:{suggestion_id}:{annotator_id}")


def parse_object(object_id: str) -> ObjectName:
    """What a name says; ``ValueError`` for one that names nothing."""
    kind, colon, rest = object_id.partition(":")
    if not colon:
        return ObjectName(ObjectKind.LABEL, AnnotationId(kind))
    number, annotator = rest.split(":")
    return ObjectName(ObjectKind(kind), number=int(number), annotator=AnnotatorId(int(annotator)))


def is_label(object_id: SQLColumnExpression[ObjectId | None]) -> ColumnElement[bool]:
    """``parse_object``'s answer for a column: a uuid has no colon."""
    return func.instr(object_id, ":") == 0
