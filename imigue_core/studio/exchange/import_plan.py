"""Where a file of labels meets the project: what is new, what is known, what cannot be.

Planning reads and never writes. The same plan is shown as a preview and, with no
bad row in it, carried out by exchanging.py. How a file's videos are found stands
in import_videos.py, how its labels are compared in import_labels.py.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field

from db.engine import Connection
from db.labels import list_ratings
from db.people import find_annotator, validate_person_name
from imigue_core.annotation import RATING_SAID, EmotionRating, RatingSaid
from imigue_core.errors import BadRow, InputError
from imigue_core.formats.label_file import FileRating, FileVideo, Interval, LabelFile
from imigue_core.formats.registry import Format
from imigue_core.formats.seconds import FrameClock
from imigue_core.ids import ClassId, LabelNumber


@dataclass(slots=True)
class PlannedLabel:
    """A label of the file with all settled that the file leaves open; not frozen for the reason of ``Interval``."""

    row: Interval
    label_id: LabelNumber
    class_id: ClassId
    start_frame: int
    end_frame: int


@dataclass(slots=True)
class ImportPlan:
    """What an import would do.

    Attributes:
        video_ids: Our id of each video of the file, by its key; below zero for new videos.
        annotator_ids: Our id of each name in the file; below zero for new people.
        new_people: Names to add, by that negative id.
        new_videos: Videos to make, by their key.
        returning: Our ids of label-only videos that were removed and come back with their labels.
        fill: Columns to set in videos that are there already, by our id.
        read: All labels whose video and person are known, in file order.
        labels: Those among them to add.
        n_known: Labels and ratings that are there already.
        bad: Refused rows; not empty means that nothing may be done.
    """

    file: LabelFile
    format: Format
    video_ids: dict[str, int] = field(default_factory=dict)
    annotator_ids: dict[str, int] = field(default_factory=dict)
    new_people: dict[int, str] = field(default_factory=dict)
    new_videos: dict[str, FileVideo] = field(default_factory=dict)
    returning: list[int] = field(default_factory=list)
    fill: dict[int, dict[str, str | int]] = field(default_factory=dict)
    read: list[PlannedLabel] = field(default_factory=list)
    labels: list[PlannedLabel] = field(default_factory=list)
    ratings: list[FileRating] = field(default_factory=list)
    n_known: int = 0
    bad: list[BadRow] = field(default_factory=list)
    warnings: list[BadRow] = field(default_factory=list)
    clocks: dict[str, FrameClock] = field(default_factory=dict)
    lengths: dict[str, int | None] = field(default_factory=dict)

    @property
    def changes_nothing(self) -> bool:
        return not (self.labels or self.ratings or self.new_videos or self.returning or self.fill)

    def refuse(self, row: Interval | FileRating | FileVideo, code: str, message: str) -> None:
        self.bad.append(BadRow(row.line, code, message, row.where))

    def warn(self, row: Interval | FileVideo, code: str, message: str) -> None:
        self.warnings.append(BadRow(row.line, code, message, row.where))


def match_people(conn: Connection, plan: ImportPlan) -> None:
    """Finds whose the labels and ratings are, and who would be new."""
    keys: dict[str, int] = {}
    refused: dict[str, InputError] = {}
    rows: list[Interval | FileRating] = [*plan.file.labels, *plan.file.ratings]
    for row in rows:
        name = row.annotator
        if name in plan.annotator_ids:
            continue
        if name not in refused:
            known = find_annotator(conn, name)
            if known is not None:
                plan.annotator_ids[name] = known.annotator_id
                continue
            try:
                key = unicodedata.normalize("NFC", validate_person_name(name)).casefold()
                plan.annotator_ids[name] = keys.setdefault(key, -1 - len(keys))
                plan.new_people.setdefault(plan.annotator_ids[name], name)
                continue
            except InputError as error:
                refused[name] = error
        plan.refuse(row, refused[name].code, f"annotator: {refused[name].message}")


def match_ratings(conn: Connection, plan: ImportPlan) -> None:
    """Compares the file's ratings with those of the project."""
    rated = list_ratings(conn) if plan.file.ratings else []
    ours: dict[tuple[int, int], EmotionRating] = {(r.video_id, r.annotator_id): r for r in rated}
    seen: set[tuple[int, int]] = set()
    for row in plan.file.ratings:
        video_id, person = plan.video_ids.get(row.video), plan.annotator_ids.get(row.annotator)
        if video_id is None or person is None:
            continue
        key = (video_id, person)
        known = ours.get(key)
        if key in seen:
            plan.refuse(row, "RATING_TAKEN", f"video {row.video} is rated twice by {row.annotator!r}.")
        elif known is None:
            plan.ratings.append(row)
        elif _says_the_same(row, known):
            plan.n_known += 1
        else:
            here, there = _describe_rating(known.emotion, known), _describe_rating(row.emotion, row)
            message = f"{row.annotator!r} rated video {row.video} {here} here, got {there}."
            plan.refuse(row, "RATING_TAKEN", message)
        seen.add(key)


def _says_the_same(row: FileRating, known: EmotionRating) -> bool:
    """Files from before there was a field say nothing of it, which contradicts nothing."""
    if (known.emotion.value, known.note) != (row.emotion, row.note):
        return False
    return all(getattr(known, name) == value for name, value in RATING_SAID.write(row).items())


def _describe_rating(emotion: str, rating: RatingSaid) -> str:
    said = ", ".join(f"{name} {value}" for name, value in RATING_SAID.write(rating).items())
    return f"{emotion} ({said})" if said else emotion
