"""What a file of labels says, before any project is asked whether it fits.

The three label formats all load into these values and are saved from them;
nothing here knows a format, a delimiter or a database.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import NamedTuple

from imigue_core.errors import BadRow


@dataclass(frozen=True, slots=True)
class FileVideo:
    """A video as a file names it; what the file does not say is None or empty.

    Attributes:
        number: ``video_id`` of iMiGUE's files.
        line: Line in the file that names it first; for JSON it counts videos.
        fps: Frames a second, exact; None means the format has no rate.
        sha256: Hash of the source's content.
        outcome: ``Win``, ``Lose`` or empty. Metadata, never a rating.
        where: Place in a file that has no lines to speak of, such as ``videos[3]``.
    """

    number: int
    line: int
    name: str = ""
    fps: Fraction | None = None
    n_frames: int | None = None
    sha256: str = ""
    subject_id: str = ""
    subject_gender: str = ""
    subject_nationality: str = ""
    outcome: str = ""
    where: str = ""


class FileLabel(NamedTuple):
    """One label of a file; a tuple, because files hold tens of thousands.

    Frames are 0-based, the end is inclusive. ``start_time`` and ``end_time`` are
    seconds, exactly as written. ``line`` is 1-based; for JSON it counts labels and
    ``where`` says the place.
    """

    line: int
    number: int
    label_id: int
    class_id: int
    start_frame: int
    end_frame: int
    start_time: str
    end_time: str
    annotator: str = ""
    annotation_id: str = ""
    confidence: float | None = None
    mark: str = ""
    note: str = ""
    where: str = ""


class FileRating(NamedTuple):
    """One annotator's emotion rating of one video; ``line`` counts ratings."""

    line: int
    number: int
    annotator: str
    emotion: str
    note: str = ""
    where: str = ""
    valence: int | None = None
    confidence: float | None = None


@dataclass(slots=True)
class LabelFile:
    """All that a file says, and every row that cannot be accepted.

    Attributes:
        videos: By number.
        bad: Refused rows so far; not empty means that nothing of the file may be used.
        warnings: Rows that are accepted but deserve a look.
    """

    videos: dict[int, FileVideo] = field(default_factory=dict)
    labels: list[FileLabel] = field(default_factory=list)
    ratings: list[FileRating] = field(default_factory=list)
    bad: list[BadRow] = field(default_factory=list)
    warnings: list[BadRow] = field(default_factory=list)
