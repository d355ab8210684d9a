"""Care with formats that other packages bring: whatever they do, the studio answers with a sentence.

What they read is checked as our own formats check it, because everything after
them takes that for granted. How they are found is the registry's.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from typing import TypeVar

from imigue_core.annotation import RATING_SAID, validate_frame
from imigue_core.errors import BadRow, InputError, StudioError
from imigue_core.formats.cells import MAX_ID, validate_note
from imigue_core.formats.field_rules import (
    parse_rate,
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
from imigue_core.formats.tables import validate_size

_Row = TypeVar("_Row", FileVideo, Interval, FileRating)


def guard_load(load: Callable[[bytes, str], LabelFile], name: str, package: str) -> Callable[[bytes, str], LabelFile]:
    """``load`` with its result checked; whatever else it raises becomes ``FORMAT_BROKEN``."""

    def load_carefully(data: bytes, where: str) -> LabelFile:
        validate_size(data, where)
        try:
            file = load(data, where)
            if not isinstance(file, LabelFile):
                raise TypeError(f"expected a LabelFile, got {type(file).__name__}")
            return check_file(file)
        except StudioError:
            raise
        except Exception as error:
            raise _explain("read", name, package, error, where) from error

    return load_carefully


def guard_save(save: Callable[[LabelFile], bytes], name: str, package: str) -> Callable[[LabelFile], bytes]:
    """``save`` that gives bytes or raises a sentence; what it raises otherwise becomes ``FORMAT_BROKEN``."""

    def save_carefully(file: LabelFile) -> bytes:
        try:
            data = save(file)
            if not isinstance(data, bytes):
                raise TypeError(f"expected bytes, got {type(data).__name__}")
            return data
        except StudioError:
            raise
        except Exception as error:
            raise _explain("write", name, package, error) from error

    return save_carefully


def _explain(verb: str, name: str, package: str, error: Exception, where: str = "") -> InputError:
    return InputError(
        "FORMAT_BROKEN",
        f"the format {name!r} of {package} could not {verb} this: {type(error).__name__}: {error!s:.200}.",
        hint="Tell those who made that package.",
        where=where,
    )


def check_file(file: LabelFile) -> LabelFile:
    """The file, with what cannot be accepted moved to its bad rows.

    Raises:
        ValueError: A label or rating names a video that the file does not have.
    """
    bad = list(file.bad)
    checked = replace(file, bad=bad)
    numbers: set[int] = set()
    for video in file.videos.values():
        if _try(bad, video, _check_video) and video.number is not None:
            if video.number in numbers:
                message = f"expected each video once, got video {video.number} again."
                bad.append(BadRow(video.line, "VIDEO_INFO_DISAGREES", message, video.where))
            numbers.add(video.number)
    named = {label.video for label in file.labels} | {rating.video for rating in file.ratings}
    if named - file.videos.keys():
        raise ValueError(f"there is no video {min(named - file.videos.keys())!r:.80} in it, which a row names")
    checked.labels = [label for label in file.labels if _try(bad, label, _check_label)]
    checked.ratings = [rating for rating in file.ratings if _try(bad, rating, _check_rating)]
    return checked


def _try(bad: list[BadRow], row: _Row, check: Callable[[_Row], None]) -> bool:
    try:
        check(row)
    except InputError as error:
        bad.append(BadRow(row.line, error.code, error.message, row.where))
        return False
    return True


def _check_video(video: FileVideo) -> None:
    if video.number is not None:
        _check_id(video.number, "video number")
    if video.name or not (video.sha256 or video.number):
        validate_video_name(video.name)
    validate_sha256(video.sha256)
    if video.fps is not None:
        parse_rate(str(Fraction(video.fps)))
    if video.n_frames is not None:
        validate_order(0, validate_frame(video.n_frames, "n_frames"))
    for name in ("subject_id", "subject_gender", "subject_nationality"):
        validate_short_text(getattr(video, name), name)
    validate_outcome(video.outcome)


def _check_label(label: Interval) -> None:
    label.class_list.find(label.class_text)
    if label.start_frame is not None or label.end_frame is not None:
        validate_order(validate_frame(label.start_frame, "start_frame"), validate_frame(label.end_frame, "end_frame"))
    if label.start_frame is None or label.start_time or label.end_time:
        validate_seconds(label.start_time, "start_time")
        validate_seconds(label.end_time, "end_time")
    if label.label_id is not None:
        _check_id(label.label_id, "label_id")
    validate_uuid(label.annotation_id)
    if label.confidence is not None:
        validate_confidence(label.confidence)
    validate_mark(label.mark)
    validate_note(label.note)


def _check_rating(rating: FileRating) -> None:
    validate_emotion(rating.emotion)
    validate_said(RATING_SAID.write(rating))
    validate_note(rating.note)


def _check_id(value: int, name: str) -> None:
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= MAX_ID:
        raise InputError("ID_INVALID", f"{name}: expected a whole number from 1, got {value!r:.40}.")
