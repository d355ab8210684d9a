"""The neutral record between formats: what a file of labels says, before any project is asked whether it fits.

Every format of labels loads into these values and is saved from them; nothing
here knows a format, a delimiter or a database.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction

from imigue_core.annotation import RATING_SAID, RatingSaid
from imigue_core.errors import BadRow
from imigue_core.formats.class_lists import IMIGUE_IDS, ClassList
from imigue_core.ids import ClassId


@dataclass(frozen=True, slots=True)
class FileVideo:
    """A video as a file names it; what the file does not say is None or empty.

    The project's video is found by ``sha256``, else by ``number``, else by ``name``:
    one of the three must be there.

    Attributes:
        number: ``video_id`` of iMiGUE's files.
        name: The video's name, without a folder.
        sha256: Hash of the source's content.
        fps: Frames a second, exact; None means the format has no rate.
        outcome: ``Win``, ``Lose`` or empty. Metadata, never a rating.
        line: Line in the file that names it first; for JSON it counts videos.
        where: Place in a file that has no lines to speak of, such as ``videos[3]``.
    """

    number: int | None = None
    name: str = ""
    sha256: str = ""
    fps: Fraction | None = None
    n_frames: int | None = None
    subject_id: str = ""
    subject_gender: str = ""
    subject_nationality: str = ""
    outcome: str = ""
    line: int = 0
    where: str = ""


@dataclass(slots=True, kw_only=True)
class Interval:
    """One label of a file: a class from one moment of a video to another, and who says so.

    Not frozen, because files hold tens of thousands and a frozen one takes three
    times as long to make; nobody changes one all the same.

    Frames or seconds must be there; both may be, and then the frames win. Frames are
    0-based, the end is inclusive. A time names the frame that is on screen at it, the
    end's too.

    Attributes:
        video: Key in ``LabelFile.videos``.
        class_text: The class as the file writes it.
        class_list: What such texts mean.
        start_time: Seconds, exactly as written; empty when the file has frames only.
        annotator: Whose label it is; empty for whoever imports the file.
        label_id: Number of the label among this annotator's in the video; None when
            the file does not count, and then the project does.
        annotation_id: Uuid or empty.
        confidence: 0 to 1, None when not said.
        line: 1-based line of the file; for JSON it counts labels.
        where: Place in a file that has no lines to speak of.
    """

    video: str
    class_text: str
    class_list: ClassList = IMIGUE_IDS
    start_frame: int | None = None
    end_frame: int | None = None
    start_time: str = ""
    end_time: str = ""
    annotator: str = ""
    label_id: int | None = None
    annotation_id: str = ""
    confidence: float | None = None
    mark: str = ""
    note: str = ""
    line: int = 0
    where: str = ""

    @property
    def class_id(self) -> ClassId:
        """1-31 or 99; ``VOCABULARY_UNKNOWN`` for a text that its list does not have."""
        return self.class_list.find(self.class_text)


@dataclass(frozen=True, slots=True, kw_only=True)
class FileRating(RatingSaid):
    """One annotator's emotion rating of one video; ``line`` counts ratings."""

    video: str
    annotator: str
    emotion: str
    note: str = ""
    line: int = 0
    where: str = ""


@dataclass(slots=True)
class LabelFile:
    """All that a file says, and every row that cannot be accepted.

    Attributes:
        videos: By a key of the file's own, which intervals and ratings name.
        bad: Refused rows so far; not empty means that nothing of the file may be used.
        warnings: Rows that are accepted but deserve a look.
    """

    videos: dict[str, FileVideo] = field(default_factory=dict)
    labels: list[Interval] = field(default_factory=list)
    ratings: list[FileRating] = field(default_factory=list)
    bad: list[BadRow] = field(default_factory=list)
    warnings: list[BadRow] = field(default_factory=list)

    def sort_videos(self) -> list[tuple[str, FileVideo]]:
        """Keys and videos, by number."""
        return sorted(self.videos.items(), key=lambda item: item[1].number or 0)

    def sort_labels(self) -> list[Interval]:
        """The labels by video number, annotator and label number: the order in which files are written."""
        numbers = {key: video.number or 0 for key, video in self.videos.items()}
        return sorted(self.labels, key=lambda label: (numbers[label.video], label.annotator, label.label_id or 0))

    def sort_ratings(self) -> list[FileRating]:
        """The ratings by video number and annotator."""
        numbers = {key: video.number or 0 for key, video in self.videos.items()}
        return sorted(self.ratings, key=lambda rating: (numbers[rating.video], rating.annotator))


FIELDS: dict[str, str] = {
    "video.number": "the video's number",
    "video.name": "the video's name",
    "video.sha256": "the hash of the video's content",
    "video.fps": "the video's frame rate",
    "video.n_frames": "the video's length",
    "video.subject_id": "who is in the video",
    "video.subject_gender": "the subject's gender",
    "video.subject_nationality": "the subject's nationality",
    "video.outcome": "the match's outcome",
    "label.class_id": "the gesture class",
    "label.start_frame": "the first frame",
    "label.end_frame": "the last frame",
    "label.start_time": "the second it starts at",
    "label.end_time": "the second it ends at",
    "label.annotator": "whose label it is",
    "label.label_id": "the label's number",
    "label.annotation_id": "the label's own id",
    "label.confidence": "how sure the annotator is",
    "label.mark": "the mark to discuss it",
    "label.note": "the note",
    "rating.annotator": "whose rating it is",
    "rating.emotion": "the rated emotion",
    **{f"rating.{name}": f"the rating's {name}" for name in RATING_SAID.names},
    "rating.note": "the note on the rating",
}
"""All that a format may hold or lose, in words for people."""
RATING_FIELDS = frozenset(name for name in FIELDS if name.startswith("rating."))
