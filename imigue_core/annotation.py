"""Annotated spans of frames and the arithmetic on them.

The frame rule: a frame is a 0-based index into the decoded order of the source;
a span is ``start_frame..end_frame`` with both ends inside it. Nothing here knows
a database, a file or a page.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from imigue_core.errors import InputError
from imigue_core.ids import AnnotationId, AnnotatorId, ClassId, LabelNumber, SuggestionId, VideoId
from imigue_core.settings import MAX_FRAMES

LEAST_VALENCE, MOST_VALENCE = 1, 7
"""Ends of the scale of how good a video feels; 4 is neither good nor bad, and pages show -3 to +3."""


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """Frames ``start_frame..end_frame``, 0-based, both inclusive."""

    start_frame: int
    end_frame: int

    @property
    def n_frames(self) -> int:
        return self.end_frame - self.start_frame + 1


def validate_frame(value: object, name: str = "frame") -> int:
    """``value`` when it is a plain integer a video can hold.

    Raises:
        InputError: ``FRAME_NOT_INTEGER`` or ``NUMBER_TOO_LARGE``.
    """
    if isinstance(value, bool) or not isinstance(value, int):
        raise InputError("FRAME_NOT_INTEGER", f"{name}: expected a whole number, got {value!r}.")
    if abs(value) > MAX_FRAMES:
        raise InputError("NUMBER_TOO_LARGE", f"{name}: expected at most {MAX_FRAMES}, got a larger number.")
    return value


def validate_span(start_frame: object, end_frame: object, n_frames: int | None) -> Span:
    """The span when it lies in a video of ``n_frames`` (None: length not known yet).

    Raises:
        InputError: ``FRAME_NOT_INTEGER``, ``NUMBER_TOO_LARGE``, ``SPAN_REVERSED``
            or ``SPAN_OUT_OF_RANGE``.
    """
    start = validate_frame(start_frame, "start_frame")
    end = validate_frame(end_frame, "end_frame")
    if start > end:
        raise InputError("SPAN_REVERSED", f"expected start <= end, got {start}..{end}.")
    if start < 0 or (n_frames is not None and end >= n_frames):
        last = "the end" if n_frames is None else str(n_frames - 1)
        raise InputError("SPAN_OUT_OF_RANGE", f"expected frames 0..{last}, got {start}..{end}.")
    return Span(start, end)


def compute_overlap_frames(a: Span, b: Span) -> int:
    """Frames that lie in both spans."""
    return max(0, min(a.end_frame, b.end_frame) - max(a.start_frame, b.start_frame) + 1)


def compute_tiou(a: Span, b: Span) -> float:
    """Temporal intersection over union, 0 to 1, counted in frames."""
    shared = compute_overlap_frames(a, b)
    return shared / (a.n_frames + b.n_frames - shared)


class Mark(Enum):
    """What an annotator says about a span beside its class."""

    NONE = ""
    DISCUSS = "discuss"


class Emotion(Enum):
    """A person's judgement of a whole video. Never the match's outcome."""

    POSITIVE = "positive"
    NEGATIVE = "negative"
    UNSURE = "unsure"


class Outcome(Enum):
    """``win_or_lose`` of a video: metadata that iMiGUE's CSV carries. Never a rating."""

    UNKNOWN = ""
    WIN = "Win"
    LOSE = "Lose"


class Verdict(Enum):
    """What an annotator decided about a suggestion that became no label."""

    REJECTED = "rejected"
    SKIPPED = "skipped"
    OPEN = "open"
    """Lifted: as if nothing had been decided."""


class ViewMode(Enum):
    """How revealing the picture was when an edit was made."""

    SKELETON = "skeleton"
    MASKED = "masked"
    SOURCE = "source"


@dataclass(frozen=True, slots=True)
class Annotation:
    """One labelled span of one annotator, as it stands now.

    Attributes:
        annotation_id: Our uuid.
        video_id: Our video id.
        annotator_id: Whose label it is.
        label_id: Clip number, unique per video and annotator, from 1; it never changes.
        class_id: 1-31 or 99.
        start_frame: 0-based.
        end_frame: 0-based, inclusive.
        version: Number of accepted edits on it; what ``base_version`` must equal.
        confidence: The annotator's own, 0 to 1, or None.
        mark: See ``Mark``.
        note: Free text; empty when none or erased.
        start_time: Seconds exactly as imported while the span is unedited, else None.
        end_time: The same for the end.
        suggestion_id: The suggestion it was made from, else None.
        suggestion_rank: Place, from 1, of its first class among that suggestion's top five.
    """

    annotation_id: AnnotationId
    video_id: VideoId
    annotator_id: AnnotatorId
    label_id: LabelNumber
    class_id: ClassId
    start_frame: int
    end_frame: int
    version: int = 1
    confidence: float | None = None
    mark: Mark = Mark.NONE
    note: str = ""
    start_time: str | None = None
    end_time: str | None = None
    suggestion_id: SuggestionId | None = None
    suggestion_rank: int | None = None

    @property
    def span(self) -> Span:
        return Span(self.start_frame, self.end_frame)


@dataclass(frozen=True, slots=True)
class SuggestedSpan:
    """One span that a scanner proposes.

    Attributes:
        class_id: 1-31 or 99, the most probable class.
        start_frame: 0-based source frame.
        end_frame: 0-based source frame, inclusive.
        score: 0 to 1; what thresholds are applied to.
        top: (class_id, probability), five at most, most probable first.
        start_sd: Standard deviation of the start, in source frames.
        end_sd: The same of the end.
    """

    class_id: int
    start_frame: int
    end_frame: int
    score: float
    top: tuple[tuple[int, float], ...]
    start_sd: float
    end_sd: float

    @property
    def span(self) -> Span:
        return Span(self.start_frame, self.end_frame)


@dataclass(frozen=True, slots=True)
class EmotionRating:
    """One annotator's judgement of one video's emotion.

    Attributes:
        emotion: The class. It stands beside ``valence``: neither is derived from the other.
        valence: ``LEAST_VALENCE`` (very negative) to ``MOST_VALENCE`` (very positive), None when not said.
        confidence: 0 to 1, None when not said.
    """

    video_id: VideoId
    annotator_id: AnnotatorId
    emotion: Emotion
    version: int = 1
    note: str = ""
    valence: int | None = None
    confidence: float | None = None
