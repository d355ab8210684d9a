"""Labels in from files and out to files: preview, import, export.

An import is all or nothing: one bad row refuses the file, with every bad row
named. What a format looks like stands in formats/; what fits the project stands
in import_plan.py; what an export holds stands in export_content.py.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

from db.engine import Connection, Database
from db.people import add_annotator, add_audit, get_annotator
from db.videos import bump_revision, insert_video, update_video
from imigue_core.annotation import RATING_SAID, LabelState, Mark
from imigue_core.errors import BadRow, BadRowsError, InputError
from imigue_core.formats.label_file import LabelFile
from imigue_core.formats.registry import Format, find_formats
from imigue_core.ids import AnnotationId, AnnotatorId, VideoId
from imigue_core.settings import LABEL_FPS
from imigue_core.studio.access import Action, Resource, require
from imigue_core.studio.demo import refuse_demo
from imigue_core.studio.exchange.collector import paused_collector
from imigue_core.studio.exchange.export_content import ExportFile, export_labels
from imigue_core.studio.exchange.import_labels import match_labels
from imigue_core.studio.exchange.import_plan import ImportPlan, PlannedLabel, match_people, match_ratings
from imigue_core.studio.exchange.import_videos import match_videos
from imigue_core.studio.exchange.importing import NewRating, import_labels, import_ratings, make_uuids

N_SHOWN_ROWS = 10
N_SHOWN_WARNINGS = 100


@dataclass(frozen=True, slots=True)
class ImportPreview:
    """What an import would do; nothing has been written.

    Attributes:
        n_rows: Labels and ratings in the file.
        n_new: Labels that would be added.
        n_new_ratings: Ratings that would be added.
        n_known: Labels and ratings that are there already and stay as they are.
        n_videos: Videos that the file names.
        new_videos: Names of label-only videos that would be made.
        n_returning: Label-only videos that were removed and would be shown again.
        annotators: Whose labels they are.
        new_annotators: Those among them who would be added.
        warnings: The first hundred of ``n_warnings``.
        first_rows: The first ten labels of the file, for a table.
        is_duplicate: The project has all of it: ``IMPORT_DUPLICATE``, nothing would change.
    """

    format: str
    n_rows: int
    n_new: int
    n_new_ratings: int
    n_known: int
    n_videos: int
    new_videos: list[str]
    n_returning: int
    annotators: list[str]
    new_annotators: list[str]
    n_warnings: int
    warnings: list[BadRow]
    first_rows: list[dict[str, Any]]
    is_duplicate: bool


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import did."""

    format: str
    sha256: str
    n_new: int
    n_new_ratings: int
    n_known: int
    n_new_videos: int
    n_returning: int
    new_annotators: list[str]
    n_warnings: int
    is_duplicate: bool

    @property
    def message(self) -> str:
        """One sentence for a person."""
        if self.is_duplicate:
            return f"IMPORT_DUPLICATE: nothing changed, all {self.n_known} rows are here already."
        returning = f" {self.n_returning} removed videos are shown again," if self.n_returning else ""
        return (
            f"{self.n_new} labels and {self.n_new_ratings} ratings imported, {self.n_new_videos} new videos,"
            f"{returning} {self.n_known} rows were here already, {self.n_warnings} warnings."
        )


def preview_import(
    db: Database, data: bytes, fmt: str, annotator_id: int | None, *, name: str = "file"
) -> ImportPreview:
    """What importing ``data`` would do.

    Args:
        fmt: Name of a format that can be loaded.
        annotator_id: Whose the labels are that name nobody. None for somebody who is
            not here yet.
        name: The file's name, for messages.

    Raises:
        InputError: The file as a whole is not of this format.
        BadRowsError: Rows that cannot be accepted, all of them.
    """
    file, spec = _load_file(data, fmt, name)
    with db.read() as conn:
        owner = "" if annotator_id is None else get_annotator(conn, annotator_id).name
        plan = plan_import(conn, file, spec, annotator_id or 0)
    _refuse_bad_rows(plan, name)
    names = {row.annotator or owner for row in file.labels} | {row.annotator or owner for row in file.ratings}
    return ImportPreview(
        format=fmt,
        n_rows=len(file.labels) + len(file.ratings),
        n_new=len(plan.labels),
        n_new_ratings=len(plan.ratings),
        n_known=plan.n_known,
        n_videos=len(file.videos),
        new_videos=[video.name for video in plan.new_videos.values()],
        n_returning=len(plan.returning),
        annotators=sorted(names - {""}),
        new_annotators=list(plan.new_people.values()),
        n_warnings=len(plan.warnings),
        warnings=plan.warnings[:N_SHOWN_WARNINGS],
        first_rows=[_describe_row(file, label, owner) for label in plan.read[:N_SHOWN_ROWS]],
        is_duplicate=plan.changes_nothing,
    )


def run_import(db: Database, data: bytes, fmt: str, annotator_id: int, *, name: str = "file") -> ImportReport:
    """Imports ``data`` in one transaction, or raises and changes nothing.

    Arguments and errors are those of ``preview_import``; ``annotator_id`` is also who
    brings the file, and stands in each row's provenance.

    Raises:
        DeniedError: ``PERMISSION_DENIED``.
    """
    require(annotator_id, Action.IMPORT_LABELS, Resource(owner=annotator_id))
    with paused_collector():
        return _run_import(db, data, fmt, annotator_id, name)


def _run_import(db: Database, data: bytes, fmt: str, annotator_id: int, name: str) -> ImportReport:
    file, spec = _load_file(data, fmt, name)
    sha256 = hashlib.sha256(data).hexdigest()
    with db.write() as conn:
        refuse_demo(conn)
        get_annotator(conn, annotator_id)
        plan = plan_import(conn, file, spec, annotator_id)
        _refuse_bad_rows(plan, name)
        report = ImportReport(
            format=fmt,
            sha256=sha256,
            n_new=len(plan.labels),
            n_new_ratings=len(plan.ratings),
            n_known=plan.n_known,
            n_new_videos=len(plan.new_videos),
            n_returning=len(plan.returning),
            new_annotators=list(plan.new_people.values()),
            n_warnings=len(plan.warnings),
            is_duplicate=plan.changes_nothing,
        )
        if not plan.changes_nothing:
            _carry_out(conn, plan, sha256, annotator_id)
        detail = {"format": fmt, "sha256": sha256, "n_new": report.n_new, "n_known": report.n_known}
        add_audit(conn, annotator_id, "labels.import", name, detail)
    return report


def _load_file(data: bytes, name: str, where: str) -> tuple[LabelFile, Format]:
    fmt = find_formats().get(name)
    if fmt.load is None:
        raise InputError("FORMAT_NOT_SUPPORTED", f"expected a format that can be read, {name!r} is only written.")
    return fmt.load(data, where), fmt


def plan_import(conn: Connection, file: LabelFile, fmt: Format, annotator_id: int) -> ImportPlan:
    """Compares a file with the project.

    Args:
        annotator_id: Whose the labels are that name nobody; 0 for a newcomer.
    """
    plan = ImportPlan(file, fmt, annotator_ids={"": annotator_id}, bad=list(file.bad), warnings=list(file.warnings))
    match_videos(conn, plan)
    match_people(conn, plan)
    match_labels(conn, plan)
    match_ratings(conn, plan)
    plan.bad.sort(key=lambda row: row.line)
    plan.warnings.sort(key=lambda row: row.line)
    return plan


def _refuse_bad_rows(plan: ImportPlan, name: str) -> None:
    if plan.bad:
        raise BadRowsError(name, plan.bad)


def _describe_row(file: LabelFile, label: PlannedLabel, owner: str) -> dict[str, Any]:
    """One row of the preview: what the file says, and what the project makes of it."""
    row = label.row
    return {
        "video_id": file.videos[row.video].number or row.video,
        "line": row.line,
        "label_id": label.label_id,
        "class_id": label.class_id,
        "start_frame": label.start_frame,
        "end_frame": label.end_frame,
        "start_time": row.start_time,
        "end_time": row.end_time,
        "annotator": row.annotator or owner,
        "annotation_id": row.annotation_id,
        "confidence": row.confidence,
        "mark": row.mark,
        "note": row.note,
        "where": row.where,
    }


def _carry_out(conn: Connection, plan: ImportPlan, sha256: str, annotator_id: int) -> None:
    people = {name: AnnotatorId(ours) for name, ours in plan.annotator_ids.items() if ours > 0}
    added = {key: add_annotator(conn, name).annotator_id for key, name in plan.new_people.items()}
    people.update({name: added[ours] for name, ours in plan.annotator_ids.items() if ours < 0})
    videos = {key: VideoId(ours) for key, ours in plan.video_ids.items()}
    for key, video in plan.new_videos.items():
        new_id = insert_video(
            conn,
            name=video.name,
            kind="labels",
            number=video.number,
            n_frames=video.n_frames,
            fps_num=video.fps.numerator if video.fps else LABEL_FPS,
            fps_den=video.fps.denominator if video.fps else 1,
            subject_id=video.subject_id,
            subject_gender=video.subject_gender,
            subject_nationality=video.subject_nationality,
            outcome=video.outcome,
        )
        videos[key] = VideoId(new_id)
    for video_id in plan.returning:
        update_video(conn, video_id, hidden_utc=None)
        add_audit(conn, annotator_id, "video.return", f"video:{video_id}")
    for video_id, columns in plan.fill.items():
        update_video(conn, video_id, **columns)
    labels = _make_labels(plan.labels, videos, people)
    ratings = [
        NewRating(videos[r.video], people[r.annotator], r.emotion, r.note, **RATING_SAID.write(r)) for r in plan.ratings
    ]
    import_labels(conn, labels, source_sha256=sha256, imported_by=annotator_id)
    import_ratings(conn, ratings, source_sha256=sha256, imported_by=annotator_id)
    new = {videos[key] for key in plan.new_videos}
    for video_id in sorted(({state.video_id for state, _ in labels} | {r.video_id for r in ratings}) - new):
        bump_revision(conn, video_id)


def _make_labels(
    labels: list[PlannedLabel], videos: dict[str, VideoId], people: dict[str, AnnotatorId]
) -> list[tuple[LabelState, str]]:
    """The states to store, and the note on each."""
    ids = make_uuids(len(labels))
    marks = {mark.value: mark for mark in Mark}
    return [
        (
            LabelState(
                AnnotationId(label.row.annotation_id or next(ids)),
                videos[label.row.video],
                people[label.row.annotator],
                label.label_id,
                label.class_id,
                label.start_frame,
                label.end_frame,
                confidence=label.row.confidence,
                mark=marks[label.row.mark],
                start_time=label.row.start_time or None,
                end_time=label.row.end_time or None,
            ),
            label.row.note,
        )
        for label in labels
    ]


__all__ = ["ExportFile", "ImportPreview", "ImportReport", "export_labels", "preview_import", "run_import"]
