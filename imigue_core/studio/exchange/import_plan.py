"""Where a file of labels meets the project: what is new, what is known, what cannot be.

Planning reads and never writes. The same plan is shown as a preview and, with no
bad row in it, carried out by exchanging.py.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction

from db.engine import Connection
from db.labels import list_ratings, list_used_numbers
from db.people import find_annotator, validate_person_name
from db.videos import Video, list_videos
from imigue_core.annotation import Annotation, EmotionRating
from imigue_core.errors import BadRow, InputError
from imigue_core.formats.label_file import FileLabel, FileRating, FileVideo, LabelFile
from imigue_core.formats.seconds import FrameClock
from imigue_core.settings import LABEL_FPS
from imigue_core.studio.videos.clocks import load_clock

_INFO = ("subject_id", "subject_gender", "subject_nationality", "outcome")
_Key = tuple[int, int, int]


@dataclass(slots=True)
class ImportPlan:
    """What an import would do.

    Attributes:
        video_ids: Our id of each video number; for new videos minus the number.
        annotator_ids: Our id of each name in the file; below zero for new people.
        new_people: Names to add, by that negative id.
        returning: Our ids of label-only videos that were removed and come back with their labels.
        fill: Columns to set in videos that are there already, by our id.
        labels: Labels to add, in file order.
        n_known: Labels and ratings that are there already.
        bad: Refused rows; not empty means that nothing may be done.
    """

    file: LabelFile
    video_ids: dict[int, int] = field(default_factory=dict)
    annotator_ids: dict[str, int] = field(default_factory=dict)
    new_people: dict[int, str] = field(default_factory=dict)
    new_videos: list[FileVideo] = field(default_factory=list)
    returning: list[int] = field(default_factory=list)
    fill: dict[int, dict[str, str | int]] = field(default_factory=dict)
    labels: list[FileLabel] = field(default_factory=list)
    ratings: list[FileRating] = field(default_factory=list)
    n_known: int = 0
    bad: list[BadRow] = field(default_factory=list)
    warnings: list[BadRow] = field(default_factory=list)
    clocks: dict[int, FrameClock] = field(default_factory=dict)
    lengths: dict[int, int | None] = field(default_factory=dict)

    @property
    def changes_nothing(self) -> bool:
        return not (self.labels or self.ratings or self.new_videos or self.returning or self.fill)

    def refuse(self, row: FileLabel | FileRating | FileVideo, code: str, message: str) -> None:
        self.bad.append(BadRow(row.line, code, message, row.where))

    def warn(self, row: FileLabel | FileVideo, code: str, message: str) -> None:
        self.warnings.append(BadRow(row.line, code, message, row.where))


def plan_import(conn: Connection, file: LabelFile, annotator_id: int) -> ImportPlan:
    """Compares a file with the project.

    Args:
        annotator_id: Whose the labels are that name nobody; 0 for a newcomer.
    """
    plan = ImportPlan(file, annotator_ids={"": annotator_id}, bad=list(file.bad), warnings=list(file.warnings))
    _match_videos(conn, plan)
    _match_people(conn, plan)
    _match_labels(conn, plan)
    _match_ratings(conn, plan)
    plan.bad.sort(key=lambda row: row.line)
    plan.warnings.sort(key=lambda row: row.line)
    return plan


def _match_videos(conn: Connection, plan: ImportPlan) -> None:
    videos = list_videos(conn, include_hidden=True)
    by_number = {v.number: v for v in videos if v.number is not None}
    by_sha256 = {v.sha256: v for v in videos if v.sha256}
    taken: dict[int, int] = {}
    for wanted in plan.file.videos.values():
        number = wanted.number
        found = by_sha256.get(wanted.sha256) or by_number.get(number)
        if found is None:
            plan.new_videos.append(wanted)
            plan.video_ids[number] = -number
            plan.clocks[number] = FrameClock(wanted.fps or Fraction(LABEL_FPS))
            plan.lengths[number] = wanted.n_frames
            continue
        problem = _explain_mismatch(wanted, found)
        if found.video_id in taken:
            problem = "VIDEO_DIFFERS", f"videos {taken[found.video_id]} and {number} are one video in this project."
        if problem is not None:
            plan.refuse(wanted, *problem)
            continue
        taken[found.video_id] = number
        plan.video_ids[number] = found.video_id
        if found.hidden_utc is not None:
            plan.returning.append(found.video_id)
        plan.clocks[number] = load_clock(conn, found)
        plan.lengths[number] = found.n_frames
        _compare_info(plan, wanted, found)
        if found.number is None and number not in by_number:
            plan.fill.setdefault(found.video_id, {})["number"] = number


def _explain_mismatch(wanted: FileVideo, found: Video) -> tuple[str, str] | None:
    """Why labels of ``wanted`` cannot go to ``found``, or None when they can."""
    name = f"video {wanted.number}"
    if found.hidden_utc is not None and not found.is_label_only:
        return "NOT_AVAILABLE", f"{name} was removed from this project; add its file again to bring it back."
    if wanted.sha256 and found.sha256 and wanted.sha256 != found.sha256:
        return "VIDEO_DIFFERS", f"{name} is another video in this project: {found.name!r}."
    if not found.is_label_only and found.n_frames is None:
        return "VIDEO_NOT_READY", f"the length of {name} is not known yet; wait until it has been read."
    if wanted.fps and found.fps and wanted.fps != found.fps:
        return "VIDEO_DIFFERS", f"{name}: expected {found.fps} frames a second, got {wanted.fps}."
    if wanted.n_frames and found.n_frames and wanted.n_frames != found.n_frames:
        return "VIDEO_DIFFERS", f"{name}: expected {found.n_frames} frames, got {wanted.n_frames}."
    return None


def _compare_info(plan: ImportPlan, wanted: FileVideo, found: Video) -> None:
    """Fills in what the project does not know; what it knows otherwise stays, with a warning."""
    for name in _INFO:
        ours, theirs = getattr(found, name), getattr(wanted, name)
        if theirs and not ours:
            plan.fill.setdefault(found.video_id, {})[name] = theirs
        elif theirs and theirs != ours:
            text = f"{name} of video {wanted.number}: the project says {ours!r} and keeps it, the file says {theirs!r}."
            plan.warn(wanted, "VIDEO_INFO_DISAGREES", text)


def _match_people(conn: Connection, plan: ImportPlan) -> None:
    keys: dict[str, int] = {}
    refused: dict[str, InputError] = {}
    rows: list[FileLabel | FileRating] = [*plan.file.labels, *plan.file.ratings]
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


def _match_labels(conn: Connection, plan: ImportPlan) -> None:
    used = {
        (u.label.video_id, u.label.annotator_id, u.label.label_id): (u.label, u.deleted)
        for u in list_used_numbers(conn)
    }
    used_uuids: dict[str, _Key] = {label.annotation_id: key for key, (label, _) in used.items()}
    in_file: dict[_Key, FileLabel] = {}
    for row in plan.file.labels:
        video_id, person = plan.video_ids.get(row.number), plan.annotator_ids.get(row.annotator)
        if video_id is None or person is None:
            continue
        n_frames = plan.lengths[row.number]
        if n_frames is not None and row.end_frame >= n_frames:
            message = f"expected frames 0..{n_frames - 1}, got {row.start_frame}..{row.end_frame}."
            plan.refuse(row, "SPAN_OUT_OF_RANGE", message)
            continue
        key = (video_id, person, row.label_id)
        if key in used:
            _compare_label(plan, row, *used[key])
        elif key in in_file:
            first = in_file[key]
            if first[3:6] != row[3:6] or first[10:13] != row[10:13]:
                message = f"label {row.label_id} of video {row.number} stands on line {first.line} otherwise."
                plan.refuse(row, "LABEL_ID_TAKEN", message)
            else:
                plan.n_known += 1
        elif row.annotation_id and used_uuids.setdefault(row.annotation_id, key) != key:
            plan.refuse(row, "ANNOTATION_ID_TAKEN", f"annotation {row.annotation_id} is another label already.")
        else:
            in_file[key] = row
            plan.labels.append(row)
            _check_seconds(plan, row)


def _compare_label(plan: ImportPlan, row: FileLabel, ours: Annotation, deleted: bool) -> None:
    """A row whose number is taken: known when it says the same, else refused."""
    same_span = (ours.class_id, ours.start_frame, ours.end_frame) == (row.class_id, row.start_frame, row.end_frame)
    # A file without annotator names carries no notes, marks or confidences to compare.
    same_rest = not row.annotator or (
        (ours.confidence, ours.mark.value, ours.note) == (row.confidence, row.mark, row.note)
    )
    name = f"label {row.label_id} of video {row.number}"
    if not (same_span and same_rest):
        state = "was deleted here as" if deleted else "is"
        rest = "" if same_rest else " with another note, mark or confidence"
        expected = f"class {ours.class_id}, frames {ours.start_frame}..{ours.end_frame}"
        got = f"class {row.class_id}, frames {row.start_frame}..{row.end_frame}{rest}"
        plan.refuse(row, "LABEL_ID_TAKEN", f"{name} {state} {expected}, got {got}.")
        return
    plan.n_known += 1
    if deleted:
        plan.warn(row, "LABEL_DELETED", f"{name} was deleted here and stays deleted.")
        return
    clock = plan.clocks[row.number]
    for text, stored, frame in (
        (row.start_time, ours.start_time, ours.start_frame),
        (row.end_time, ours.end_time, ours.end_frame),
    ):
        expected = stored or clock.format_time(frame)
        if text != expected and Decimal(text) != Decimal(expected):
            plan.warn(row, "SECONDS_DISAGREE", f"the project says {expected} s and keeps it, the file says {text} s.")


def _check_seconds(plan: ImportPlan, row: FileLabel) -> None:
    clock = plan.clocks[row.number]
    for name, text, frame in (("start", row.start_time, row.start_frame), ("end", row.end_time, row.end_frame)):
        shown = clock.find_frame(Decimal(text))
        if shown != frame:
            message = f"{name}_time {text} s is frame {shown}, the row says frame {frame}; the frame is taken."
            plan.warn(row, "SECONDS_DISAGREE", message)


def _says_the_same(row: FileRating, known: EmotionRating) -> bool:
    """Files from before there was a valence say nothing of it, which contradicts none."""
    if (known.emotion.value, known.note) != (row.emotion, row.note):
        return False
    return row.valence in (None, known.valence) and row.confidence in (None, known.confidence)


def _describe_rating(valence: int | None, emotion: str) -> str:
    return emotion if valence is None else f"{emotion} (valence {valence})"


def _match_ratings(conn: Connection, plan: ImportPlan) -> None:
    rated = list_ratings(conn) if plan.file.ratings else []
    ours: dict[tuple[int, int], EmotionRating] = {(r.video_id, r.annotator_id): r for r in rated}
    seen: dict[tuple[int, int], FileRating] = {}
    for row in plan.file.ratings:
        video_id, person = plan.video_ids.get(row.number), plan.annotator_ids.get(row.annotator)
        if video_id is None or person is None:
            continue
        key = (video_id, person)
        known = ours.get(key)
        if key in seen:
            plan.refuse(row, "RATING_TAKEN", f"video {row.number} is rated twice by {row.annotator!r}.")
        elif known is None:
            plan.ratings.append(row)
        elif _says_the_same(row, known):
            plan.n_known += 1
        else:
            here = _describe_rating(known.valence, known.emotion.value)
            there = _describe_rating(row.valence, row.emotion)
            message = f"{row.annotator!r} rated video {row.number} {here} here, got {there}."
            plan.refuse(row, "RATING_TAKEN", message)
        seen[key] = row
