"""The studio's own JSON: videos, every annotator's labels, notes and ratings.

Frames are 0-based with the end inclusive; both are said in the file, as is each
video's frame rate. Every label stands on a line of its own, so that two exports
can be compared line by line.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Mapping
from typing import Any, get_args

from imigue_core.annotation import RATING_SAID, validate_frame
from imigue_core.errors import BadRow, InputError
from imigue_core.formats.cells import MAX_ID, validate_note
from imigue_core.formats.field_rules import (
    format_rate,
    parse_rate,
    validate_class_name,
    validate_confidence,
    validate_emotion,
    validate_mark,
    validate_order,
    validate_outcome,
    validate_said,
    validate_sha256,
    validate_short_text,
    validate_uuid,
    validate_video_name,
)
from imigue_core.formats.label_file import FileRating, FileVideo, Interval, LabelFile
from imigue_core.formats.seconds import validate_seconds
from imigue_core.formats.strict_json import parse_strict_json, refuse_many_values
from imigue_core.formats.tables import validate_size
from imigue_core.limits import BAD_ROWS
from imigue_core.taxonomy import get_class

FORMAT = "imigue-studio-labels"
VERSION = 1
_HEAD = {"format": FORMAT, "version": VERSION, "frame_base": 0, "end_inclusive": True}
_Keys = Mapping[str, type | tuple[type, ...]]


def _list_kinds(hint: Any) -> tuple[type, ...]:
    """What JSON may hold for a field of this type that somebody filled in."""
    kinds: dict[Any, tuple[type, ...]] = {int: (int,), float: (int, float), str: (str,)}
    return tuple(kind for each in get_args(hint) or (hint,) for kind in kinds.get(each, ()))


_VIDEO_KEYS: _Keys = {
    "video_id": int,
    "name": str,
    "sha256": str,
    "fps": str,
    "n_frames": (int, type(None)),
    "subject_id": str,
    "subject_gender": str,
    "subject_nationality": str,
    "win_or_lose": str,
    "labels": list,
    "ratings": list,
}
_LABEL_KEYS: _Keys = {
    "annotator": str,
    "label_id": int,
    "annotation_id": str,
    "class_id": int,
    "class_name": str,
    "start_frame": int,
    "end_frame": int,
    "start_time": str,
    "end_time": str,
    "confidence": (int, float, type(None)),
    "mark": str,
    "note": str,
}
_RATING_KEYS: _Keys = {"annotator": str, "emotion": str, "note": str}
_SAID: _Keys = {name: _list_kinds(hint) for name, hint in RATING_SAID.hints.items()}
"""Of a rating: there only where the annotator said it, so that files without it read as they always did."""


def load_studio_json(data: bytes, where: str = "file") -> LabelFile:
    """What the file says; objects that cannot be accepted are listed in ``bad`` with their place.

    Raises:
        InputError: ``JSON_SHAPE`` when it is no such file, ``UPLOAD_TOO_LARGE``,
            or what ``parse_strict_json`` raises.
    """
    root = parse_strict_json(refuse_many_values(validate_size(data, where), where), where)
    if not isinstance(root, dict) or set(root) != {*_HEAD, "videos"} or not isinstance(root["videos"], list):
        raise InputError("JSON_SHAPE", f"expected an object with {', '.join(_HEAD)} and videos.", where=where)
    for key, value in _HEAD.items():
        if root[key] != value or type(root[key]) is not type(value):
            raise InputError("JSON_SHAPE", f"{key}: expected {value!r}, got {root[key]!r:.80}.", where=where)
    file = LabelFile()
    for i, video in enumerate(root["videos"]):
        place = f"videos[{i}]"
        if not _take(file, _take_video, i + 1, video, place):
            continue
        key = str(video["video_id"])
        for j, label in enumerate(video["labels"]):
            _take(file, _take_label, len(file.labels) + 1, label, f"{place}.labels[{j}]", key)
        for j, rating in enumerate(video["ratings"]):
            _take(file, _take_rating, len(file.ratings) + 1, rating, f"{place}.ratings[{j}]", key)
    return file


def _take(file: LabelFile, take: Callable[..., None], line: int, value: object, where: str, *video: str) -> bool:
    """Adds one object to the file, or the reason why not to its bad rows."""
    try:
        take(file, line, value, where, *video)
    except InputError as error:
        if len(file.bad) < BAD_ROWS.most:  # one is enough to refuse all
            file.bad.append(BadRow(line, error.code, error.message, where))
        return False
    return True


def _check_keys(value: object, keys: _Keys) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise InputError("JSON_SHAPE", "expected an object.")
    missing, unknown = [k for k in keys if k not in value], [k for k in value if k not in keys]
    if missing or unknown:
        raise InputError("JSON_SHAPE", f"missing [{', '.join(missing)}], unknown [{', '.join(unknown)[:200]}].")
    for key, kind in keys.items():
        if isinstance(value[key], bool) or not isinstance(value[key], kind):
            if key.endswith("_frame"):
                validate_frame(value[key], key)
            raise InputError("JSON_SHAPE", f"{key}: expected another kind of value, got {value[key]!r:.80}.")
    return value


def _check_id(value: int, name: str) -> int:
    if value < 1:
        raise InputError("ID_INVALID", f"{name}: expected a whole number from 1, got {value}.")
    if value > MAX_ID:
        raise InputError("NUMBER_TOO_LARGE", f"{name}: expected at most {MAX_ID}.")
    return value


def _take_video(file: LabelFile, line: int, value: object, where: str) -> None:
    video = _check_keys(value, _VIDEO_KEYS)
    number = _check_id(video["video_id"], "video_id")
    if str(number) in file.videos:
        raise InputError("VIDEO_INFO_DISAGREES", f"expected each video once, got video {number} again.")
    n_frames = video["n_frames"]
    file.videos[str(number)] = FileVideo(
        number,
        name=validate_video_name(video["name"]),
        sha256=validate_sha256(video["sha256"]),
        fps=parse_rate(video["fps"]),
        n_frames=None if n_frames is None else validate_frame(n_frames, "n_frames"),
        subject_id=validate_short_text(video["subject_id"], "subject_id"),
        subject_gender=validate_short_text(video["subject_gender"], "subject_gender"),
        subject_nationality=validate_short_text(video["subject_nationality"], "subject_nationality"),
        outcome=validate_outcome(video["win_or_lose"]),
        line=line,
        where=where,
    )


def _take_label(file: LabelFile, line: int, value: object, where: str, video: str) -> None:
    label = _check_keys(value, _LABEL_KEYS)
    validate_order(validate_frame(label["start_frame"], "start_frame"), validate_frame(label["end_frame"], "end_frame"))
    validate_seconds(label["start_time"], "start_time")
    validate_seconds(label["end_time"], "end_time")
    validate_class_name(label["class_id"], label["class_name"])
    confidence = label["confidence"]
    file.labels.append(
        Interval(
            video=video,
            class_text=str(label["class_id"]),
            start_frame=label["start_frame"],
            end_frame=label["end_frame"],
            start_time=label["start_time"],
            end_time=label["end_time"],
            annotator=label["annotator"],
            label_id=_check_id(label["label_id"], "label_id"),
            annotation_id=validate_uuid(label["annotation_id"]),
            confidence=None if confidence is None else float(validate_confidence(confidence)),
            mark=validate_mark(label["mark"]),
            note=validate_note(label["note"]),
            line=line,
            where=where,
        )
    )


def _take_rating(file: LabelFile, line: int, value: object, where: str, video: str) -> None:
    said = {key: kind for key, kind in _SAID.items() if isinstance(value, dict) and key in value}
    rating = _check_keys(value, {**_RATING_KEYS, **said})
    file.ratings.append(
        FileRating(
            video=video,
            annotator=rating["annotator"],
            emotion=validate_emotion(rating["emotion"]),
            note=validate_note(rating["note"]),
            line=line,
            where=where,
            **validate_said({name: rating[name] for name in said}),
        )
    )


def save_studio_json(file: LabelFile) -> bytes:
    """The file of these videos, labels and ratings by video number, annotator and label number.

    Every video has a number, every label its frames, its seconds and its number.
    """
    encode = json.JSONEncoder(ensure_ascii=False, allow_nan=False).encode
    labels: defaultdict[str, list[str]] = defaultdict(list)
    for label in file.sort_labels():
        labels[label.video].append(encode(_describe_label(label)))
    ratings: defaultdict[str, list[str]] = defaultdict(list)
    for rating in file.sort_ratings():
        ratings[rating.video].append(encode(_describe_rating(rating)))
    blocks = []
    for key, video in file.sort_videos():
        front = encode(_describe_video(video))[:-1]
        blocks.append(f'  {front},\n  "labels": [{_lines(labels[key])}],\n  "ratings": [{_lines(ratings[key])}]}}')
    head = encode(_HEAD)[:-1]
    body = ",\n".join(blocks)
    return f'{head},\n "videos": [{chr(10) + body + chr(10) if body else ""}]}}\n'.encode()


def _lines(objects: list[str]) -> str:
    return "\n   " + ",\n   ".join(objects) if objects else ""


def _describe_video(video: FileVideo) -> dict[str, Any]:
    return {
        "video_id": video.number,
        "name": video.name,
        "sha256": video.sha256,
        "fps": format_rate(video.fps),
        "n_frames": video.n_frames,
        "subject_id": video.subject_id,
        "subject_gender": video.subject_gender,
        "subject_nationality": video.subject_nationality,
        "win_or_lose": video.outcome,
    }


def _describe_label(label: Interval) -> dict[str, Any]:
    class_id = label.class_id
    return {
        "annotator": label.annotator,
        "label_id": label.label_id,
        "annotation_id": label.annotation_id,
        "class_id": class_id,
        "class_name": get_class(class_id).name,
        "start_frame": label.start_frame,
        "end_frame": label.end_frame,
        "start_time": label.start_time,
        "end_time": label.end_time,
        "confidence": label.confidence,
        "mark": label.mark,
        "note": label.note,
    }


def _describe_rating(rating: FileRating) -> dict[str, Any]:
    return {
        "annotator": rating.annotator,
        "emotion": rating.emotion,
        **RATING_SAID.write(rating),
        "note": rating.note,
    }
