"""What an export holds: a project's standing labels as the formats want them.

Videos that have no number of iMiGUE's yet get the next free one, which they keep.
Removed videos are left out.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from db.engine import Connection, Database
from db.labels import list_annotations, list_ratings
from db.people import get_annotator, get_project_id, list_annotators
from db.videos import Video, list_videos, next_free_number, update_video
from imigue_core.annotation import Annotation
from imigue_core.errors import InputError
from imigue_core.formats.imigue import save_imigue
from imigue_core.formats.label_file import FileLabel, FileRating, FileVideo
from imigue_core.formats.label_rules import format_rate
from imigue_core.formats.seconds import FrameClock
from imigue_core.formats.studio_csv import save_studio_csv
from imigue_core.formats.studio_json import save_studio_json
from imigue_core.settings import LABEL_FPS
from imigue_core.studio.videos.clocks import load_clock

EXPORT_NAMES = {"imigue": "imigue_labels.csv", "csv": "studio_labels.csv", "json": "studio_labels.json"}
"""Export formats and the file name each suggests."""


@dataclass(frozen=True, slots=True)
class ExportFile:
    """One export, ready to be written.

    Attributes:
        name: Suggested file name.
        data: The file.
        meta: What ``<name>.meta.json`` beside it says, or None when the format says it itself.
        n_labels: How many labels it holds.
    """

    name: str
    data: bytes
    meta: dict[str, Any] | None
    n_labels: int


@dataclass(slots=True)
class _Content:
    videos: dict[int, FileVideo] = field(default_factory=dict)
    clocks: dict[int, FrameClock] = field(default_factory=dict)
    labels: list[FileLabel] = field(default_factory=list)
    ratings: list[FileRating] = field(default_factory=list)


def export_labels(db: Database, fmt: str, annotator_id: int | None = None) -> ExportFile:
    """Exports labels, and gives videos that need one their number.

    Args:
        fmt: ``imigue``, ``csv`` or ``json``.
        annotator_id: Only this person's labels. iMiGUE's table holds one person's,
            so it must be given when several have labels.

    Raises:
        InputError: ``FORMAT_NOT_SUPPORTED`` or ``ANNOTATOR_REQUIRED``.
        NotAvailableError: There is no such annotator.
    """
    if fmt not in EXPORT_NAMES:
        raise InputError("FORMAT_NOT_SUPPORTED", f"expected one of {', '.join(EXPORT_NAMES)}, got {fmt!r:.40}.")
    with db.read() as conn:
        project_id = get_project_id(conn)
        owner = _find_owner(conn, fmt, annotator_id)
        content = _collect(conn, annotator_id)
    if content is None:
        with db.write() as conn:
            owner = _find_owner(conn, fmt, annotator_id)
            _assign_numbers(conn, annotator_id)
            content = _collect(conn, annotator_id)
    assert content is not None
    if fmt == "imigue":
        data = save_imigue(content.videos, content.labels)
    elif fmt == "csv":
        data = save_studio_csv(content.videos, content.labels)
    else:
        data = save_studio_json(content.videos, content.labels, content.ratings)
    meta = None if fmt == "json" else _describe(fmt, data, content, owner, project_id)
    return ExportFile(EXPORT_NAMES[fmt], data, meta, len(content.labels))


def _find_owner(conn: Connection, fmt: str, annotator_id: int | None) -> str | None:
    """Whose all labels of the export are, None for several people or nobody.

    Raises:
        InputError: ``ANNOTATOR_REQUIRED`` for iMiGUE's table of several people's labels.
    """
    if annotator_id is not None:
        return get_annotator(conn, annotator_id).name
    if fmt != "imigue":
        return None
    shown = {video.video_id for video in list_videos(conn)}
    ids = {label.annotator_id for label in list_annotations(conn) if label.video_id in shown}
    owners = sorted(get_annotator(conn, owner_id).name for owner_id in ids)
    if len(owners) > 1:
        raise InputError(
            "ANNOTATOR_REQUIRED",
            f"expected one annotator's labels, there are labels by {', '.join(owners)}.",
            hint="Say whose to export.",
        )
    return owners[0] if owners else None


def _assign_numbers(conn: Connection, annotator_id: int | None) -> None:
    needed = {a.video_id for a in list_annotations(conn, annotator_id=annotator_id)}
    needed |= {r.video_id for r in list_ratings(conn, annotator_id=annotator_id)}
    for video in list_videos(conn):
        if video.number is None and video.video_id in needed:
            update_video(conn, video.video_id, number=next_free_number(conn))


def _collect(conn: Connection, annotator_id: int | None) -> _Content | None:
    """Everything to export, or None while a video of it has no number."""
    names = {person.annotator_id: person.name for person in list_annotators(conn)}
    videos = {video.video_id: video for video in list_videos(conn)}
    content = _Content()
    for annotation in list_annotations(conn, annotator_id=annotator_id):
        video = videos.get(annotation.video_id)
        if video is None:
            continue
        if video.number is None:
            return None
        _add_video(conn, content, video, video.number)
        name = names[annotation.annotator_id]
        content.labels.append(_make_label(annotation, video.number, name, content.clocks[video.number]))
    for rating in list_ratings(conn, annotator_id=annotator_id):
        video = videos.get(rating.video_id)
        if video is None:
            continue
        if video.number is None:
            return None
        _add_video(conn, content, video, video.number)
        name = names[rating.annotator_id]
        content.ratings.append(
            FileRating(
                0,
                video.number,
                name,
                rating.emotion.value,
                rating.note,
                valence=rating.valence,
                confidence=rating.confidence,
            )
        )
    return content


def _add_video(conn: Connection, content: _Content, video: Video, number: int) -> None:
    if number in content.videos:
        return
    content.clocks[number] = load_clock(conn, video)
    content.videos[number] = FileVideo(
        number,
        0,
        name=video.name,
        fps=video.fps,
        n_frames=video.n_frames,
        sha256=video.sha256 or "",
        subject_id=video.subject_id,
        subject_gender=video.subject_gender,
        subject_nationality=video.subject_nationality,
        outcome=video.outcome,
    )


def _make_label(a: Annotation, number: int, name: str, clock: FrameClock) -> FileLabel:
    return FileLabel(
        0,
        number,
        a.label_id,
        a.class_id,
        a.start_frame,
        a.end_frame,
        clock.format_time(a.start_frame) if a.start_time is None else a.start_time,
        clock.format_time(a.end_frame) if a.end_time is None else a.end_time,
        name,
        a.annotation_id,
        a.confidence,
        a.mark.value,
        a.note,
    )


def _describe(fmt: str, data: bytes, content: _Content, owner: str | None, project_id: str) -> dict[str, Any]:
    """What a table cannot say of itself: base, end rule and the rates that are not 25."""
    label_rate = Fraction(LABEL_FPS)
    others = {
        str(number): {
            "name": video.name,
            "frame_rate": format_rate(content.clocks[number].fps),
            "seconds": "frame rate" if content.clocks[number].pts is None else "presentation times",
        }
        for number, video in sorted(content.videos.items())
        if content.clocks[number].fps != label_rate
    }
    return {
        "format": fmt,
        "frame_base": 0,
        "end_inclusive": True,
        "frame_rate": format_rate(label_rate),
        "frame_rate_of": others,
        "annotator": owner,
        "n_labels": len(content.labels),
        "project_id": project_id,
        "sha256": hashlib.sha256(data).hexdigest(),
    }
