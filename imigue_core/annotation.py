"""What is labelled: spans of frames and their arithmetic, labels, ratings and decisions.

The frame rule: a frame is a 0-based index into the decoded order of the source;
a span is ``start_frame..end_frame`` with both ends inside it. A field of a label, a
rating or a decision is declared here and nowhere else; what follows from that stands
in label_fields.py. Nothing here knows a database, a file or a page.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from imigue_core.errors import InputError
from imigue_core.ids import AnnotationId, AnnotatorId, ClassId, LabelNumber, SuggestionId, VideoId
from imigue_core.label_fields import EditKind, Shape, kept, said
from imigue_core.label_values import read_choice, read_confidence, read_whole
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


class Mark(StrEnum):
    """What an annotator says about a span beside its class."""

    NONE = ""
    DISCUSS = "discuss"


class Emotion(StrEnum):
    """A person's judgement of a whole video. Never the match's outcome."""

    POSITIVE = "positive"
    NEGATIVE = "negative"
    UNSURE = "unsure"


class Outcome(StrEnum):
    """``win_or_lose`` of a video: metadata that iMiGUE's CSV carries. Never a rating."""

    UNKNOWN = ""
    WIN = "Win"
    LOSE = "Lose"


class Verdict(StrEnum):
    """What an annotator decided about a suggestion that became no label."""

    REJECTED = "rejected"
    SKIPPED = "skipped"
    OPEN = "open"
    """Lifted: as if nothing had been decided."""


class ViewMode(StrEnum):
    """How revealing the picture was when an edit was made."""

    SKELETON = "skeleton"
    MASKED = "masked"
    SOURCE = "source"


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelSaid:
    """What an annotator may say of a span beside its class and edges.

    Attributes:
        confidence: The annotator's own, 0 to 1, or None.
        mark: See ``Mark``.
    """

    confidence: float | None = said(EditKind.ANNOTATE, read_confidence, default=None)
    mark: Mark = said(EditKind.ANNOTATE, read_choice(Mark, "mark"), default=Mark.NONE)


@dataclass(frozen=True, slots=True)
class LabelState(LabelSaid):
    """One span labelled by one annotator, as the ledger keeps it.

    Attributes:
        label_id: Clip number, unique per video and annotator, from 1; it never changes.
        start_frame: 0-based.
        end_frame: 0-based, inclusive.
        note_hash: Salted hash of the note, None when there is none.
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
    deleted: bool = False
    note_hash: str | None = kept(default=None, is_shown=False)
    start_time: str | None = kept(default=None, is_shown=False)
    end_time: str | None = kept(default=None, is_shown=False)
    suggestion_id: SuggestionId | None = kept(default=None, is_optional=True)
    suggestion_rank: int | None = kept(default=None, is_optional=True)

    @property
    def span(self) -> Span:
        return Span(self.start_frame, self.end_frame)


@dataclass(frozen=True, slots=True)
class Annotation(LabelState):
    """A label as it stands now.

    Attributes:
        version: Number of accepted edits on it; what ``base_version`` must equal.
        note: Free text; empty when none or erased.
    """

    version: int = 1
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RatingSaid:
    """What an annotator may say of a whole video beside the class of its emotion and a note.

    Attributes:
        valence: ``LEAST_VALENCE`` (very negative) to ``MOST_VALENCE`` (very positive), None when not said.
        confidence: 0 to 1, None when not said.
    """

    valence: int | None = said(
        EditKind.RATE,
        read_whole(LEAST_VALENCE, MOST_VALENCE, "VALENCE_INVALID"),
        default=None,
        is_optional=True,
    )
    confidence: float | None = said(EditKind.RATE, read_confidence, default=None, is_optional=True)


@dataclass(frozen=True, slots=True)
class RatingState(RatingSaid):
    """One annotator's judgement of one video's emotion, as the ledger keeps it.

    Attributes:
        emotion: The class. It stands beside what ``RatingSaid`` has: none is derived from another.
        note_hash: As for a label.
    """

    video_id: VideoId
    annotator_id: AnnotatorId
    emotion: Emotion = said(EditKind.RATE, read_choice(Emotion, "emotion"))
    deleted: bool = kept(default=False, is_shown=False)
    note_hash: str | None = kept(default=None, is_shown=False)


@dataclass(frozen=True, slots=True)
class EmotionRating(RatingState):
    """A rating as it stands now; see ``Annotation``."""

    version: int = 1
    note: str = ""


@dataclass(frozen=True, slots=True)
class DecisionState:
    """One person's verdict on a suggestion, with the class, span and model it was about."""

    suggestion_id: SuggestionId
    annotator_id: AnnotatorId = kept(is_shown=False)
    video_id: VideoId = kept(is_shown=False)
    verdict: Verdict = said(EditKind.REVIEW, read_choice(Verdict, "verdict"))
    class_id: ClassId = kept()
    start_frame: int = kept()
    end_frame: int = kept()
    score: float = kept()
    model: str = kept()
    model_hash: str = kept(is_shown=False)

    @property
    def span(self) -> Span:
        return Span(self.start_frame, self.end_frame)


@dataclass(frozen=True, slots=True)
class Decision(DecisionState):
    """A decision as it stands now; ``version`` as for a label."""

    version: int = 1


LABEL, RATING, DECISION = Shape(LabelState), Shape(RatingState), Shape(DecisionState)
STANDING_LABEL, STANDING_RATING, STANDING_DECISION = Shape(Annotation), Shape(EmotionRating), Shape(Decision)
RATING_SAID = Shape(RatingSaid)
ObjectState = LabelState | RatingState | DecisionState


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
