"""What an export holds: a project's standing labels as the formats want them.

Videos that have no number of iMiGUE's yet get the next free one, which they keep.
Removed videos are left out.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import groupby
from typing import Any

from db.engine import Connection, Database
from db.labels import list_annotations, list_ratings
from db.people import get_annotator, get_project_id, list_annotators
from db.videos import Video, list_videos, next_free_number, update_video
from imigue_core.annotation import RATING_SAID, Annotation
from imigue_core.errors import InputError
from imigue_core.formats.field_rules import format_rate
from imigue_core.formats.label_file import FileRating, FileVideo, Interval, LabelFile
from imigue_core.formats.registry import Format, find_formats
from imigue_core.formats.seconds import FrameClock
from imigue_core.settings import LABEL_FPS
from imigue_core.studio.access import Action, Resource, require
from imigue_core.studio.exchange.collector import paused_collector
from imigue_core.studio.videos.clocks import load_clock


@dataclass(frozen=True, slots=True)
class ExportFile:
    """One export, ready to be written.

    Attributes:
        name: Suggested file name.
        media_type: As HTTP names its kind.
        data: The file.
        meta: What ``<name>.meta.json`` beside it says, or None when the format says it itself.
        n_labels: How many labels it holds.
    """

    name: str
    media_type: str
    data: bytes
    meta: dict[str, Any] | None
    n_labels: int


@dataclass(slots=True)
class _Content:
    file: LabelFile = field(default_factory=LabelFile)
    clocks: dict[str, FrameClock] = field(default_factory=dict)


def export_labels(db: Database, fmt: str, annotator_id: int | None = None, *, actor: int | None = None) -> ExportFile:
    """Exports labels, and gives videos that need one their number.

    Args:
        fmt: Name of a format that can be saved.
        annotator_id: Only this person's labels. A format that names nobody holds one
            person's, so it must be given when several have labels.
        actor: Who asks for them.

    Raises:
        InputError: ``FORMAT_NOT_SUPPORTED``, ``FORMAT_BROKEN`` or ``ANNOTATOR_REQUIRED``.
        NotAvailableError: There is no such annotator.
        DeniedError: ``PERMISSION_DENIED``.
    """
    require(actor, Action.EXPORT_LABELS, Resource(owner=annotator_id))
    spec = find_formats().get(fmt)
    if spec.save is None:
        raise InputError("FORMAT_NOT_SUPPORTED", f"expected a format that can be written, {fmt!r} is only read.")
    with paused_collector():
        return _export(db, spec, annotator_id)


def _export(db: Database, spec: Format, annotator_id: int | None) -> ExportFile:
    with db.read() as conn:
        project_id = get_project_id(conn)
        owner = _find_owner(conn, spec, annotator_id)
        content = _collect(conn, annotator_id)
    if content is None:
        with db.write() as conn:
            owner = _find_owner(conn, spec, annotator_id)
            _assign_numbers(conn, annotator_id)
            content = _collect(conn, annotator_id)
    assert content is not None
    assert spec.save is not None
    data = spec.save(content.file)
    meta = None if spec.is_self_explaining else _describe(spec, data, content, owner, project_id)
    return ExportFile(spec.file_name, spec.media_type, data, meta, len(content.file.labels))


def _find_owner(conn: Connection, fmt: Format, annotator_id: int | None) -> str | None:
    """Whose all labels of the export are, None for several people or nobody.

    Raises:
        InputError: ``ANNOTATOR_REQUIRED`` for several people's labels in a format that names nobody.
    """
    if annotator_id is not None:
        return get_annotator(conn, annotator_id).name
    if not fmt.needs_one_annotator:
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
    annotations = list_annotations(conn, annotator_id=annotator_id)
    for video_id, group in groupby(annotations, key=lambda annotation: annotation.video_id):
        video = videos.get(video_id)
        if video is None:
            continue
        if video.number is None:
            return None
        key = _add_video(conn, content, video)
        clock = content.clocks[key]
        content.file.labels += [_make_label(a, key, names[a.annotator_id], clock) for a in group]
    for rating in list_ratings(conn, annotator_id=annotator_id):
        video = videos.get(rating.video_id)
        if video is None:
            continue
        if video.number is None:
            return None
        content.file.ratings.append(
            FileRating(
                video=_add_video(conn, content, video),
                annotator=names[rating.annotator_id],
                emotion=rating.emotion.value,
                note=rating.note,
                **RATING_SAID.write(rating),
            )
        )
    return content


def _add_video(conn: Connection, content: _Content, video: Video) -> str:
    """The video's key in the file; the video is added when it is new there."""
    key = str(video.number)
    if key not in content.file.videos:
        content.clocks[key] = load_clock(conn, video)
        content.file.videos[key] = FileVideo(
            number=video.number,
            name=video.name,
            sha256=video.sha256 or "",
            fps=video.fps,
            n_frames=video.n_frames,
            subject_id=video.subject_id,
            subject_gender=video.subject_gender,
            subject_nationality=video.subject_nationality,
            outcome=video.outcome,
        )
    return key


def _make_label(a: Annotation, video: str, name: str, clock: FrameClock) -> Interval:
    return Interval(
        video=video,
        class_text=str(a.class_id),
        start_frame=a.start_frame,
        end_frame=a.end_frame,
        start_time=clock.format_time(a.start_frame) if a.start_time is None else a.start_time,
        end_time=clock.format_time(a.end_frame) if a.end_time is None else a.end_time,
        annotator=name,
        label_id=a.label_id,
        annotation_id=a.annotation_id,
        confidence=a.confidence,
        mark=a.mark.value,
        note=a.note,
    )


def _describe(fmt: Format, data: bytes, content: _Content, owner: str | None, project_id: str) -> dict[str, Any]:
    """What a table cannot say of itself: base, end rule and the rates that are not 25."""
    label_rate = Fraction(LABEL_FPS)
    others = {
        key: {
            "name": video.name,
            "frame_rate": format_rate(content.clocks[key].fps),
            "seconds": "frame rate" if content.clocks[key].pts is None else "presentation times",
        }
        for key, video in content.file.sort_videos()
        if content.clocks[key].fps != label_rate
    }
    return {
        "format": fmt.name,
        "frame_base": 0,
        "end_inclusive": True,
        "frame_rate": format_rate(label_rate),
        "frame_rate_of": others,
        "annotator": owner,
        "n_labels": len(content.file.labels),
        "project_id": project_id,
        "sha256": hashlib.sha256(data).hexdigest(),
    }
