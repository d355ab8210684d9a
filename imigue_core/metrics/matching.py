"""Which predicted span found which labelled one.

The rule, stated once: predictions are taken in the order of their scores, best
first (equal scores: earlier start, then earlier end, then place in the table). Each takes, among the
labelled spans of the same class and video that nobody took before, the one of
highest temporal IoU, if that is at least the limit (equal IoU: the earlier one).
A labelled span is thus found at most once; what is found twice counts one false
suggestion. Leaving out low scores never changes what the high ones took.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from imigue_core.errors import InputError

DEFAULT_TIOU = 0.3
"""The limit of the MiGA challenges' online track."""


@dataclass(frozen=True, slots=True, eq=False)
class Spans:
    """Spans of one video as columns.

    Attributes:
        class_ids: (N,) int64, 1-31 or 99.
        starts: (N,) int64 frames, 0-based.
        ends: (N,) int64 frames, inclusive.
        scores: (N,) float64; 1 for labels.
    """

    class_ids: NDArray[np.int64]
    starts: NDArray[np.int64]
    ends: NDArray[np.int64]
    scores: NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.class_ids)

    def select(self, keep: NDArray) -> Spans:
        """The spans that a mask or an index array names."""
        return Spans(self.class_ids[keep], self.starts[keep], self.ends[keep], self.scores[keep])


def make_spans(rows: Iterable[tuple[int, int, int, float]]) -> Spans:
    """Columns from rows of class id, start frame, end frame (inclusive) and score.

    Raises:
        InputError: ``SPAN_REVERSED`` or ``SCORE_NOT_FINITE``.
    """
    table = np.array(list(rows), np.float64).reshape(-1, 4)
    spans = Spans(
        table[:, 0].astype(np.int64), table[:, 1].astype(np.int64), table[:, 2].astype(np.int64), table[:, 3].copy()
    )
    if (spans.ends < spans.starts).any():
        row = int((spans.ends < spans.starts).argmax())
        raise InputError(
            "SPAN_REVERSED", f"row {row}: expected start <= end, got {spans.starts[row]}..{spans.ends[row]}."
        )
    if not np.isfinite(spans.scores).all():
        raise InputError("SCORE_NOT_FINITE", "expected finite scores, got NaN or infinity.")
    return spans


@dataclass(frozen=True, slots=True, eq=False)
class VideoSpans:
    """What was labelled and what was predicted in one video.

    Attributes:
        truth: The labels.
        predicted: The predictions, in any order.
        n_frames: Length of the video.
        fps: Frames a second; frames become seconds with it.
    """

    truth: Spans
    predicted: Spans
    n_frames: int
    fps: float = 25.0

    @property
    def minutes(self) -> float:
        return self.n_frames / self.fps / 60


@dataclass(frozen=True, slots=True, eq=False)
class Matched:
    """Several videos after matching, pooled; P predictions, T labels, V videos.

    Attributes:
        class_ids: (P,) int64 of the predictions.
        videos: (P,) int64, 0-based place of the prediction's video.
        scores: (P,) float64.
        found: (P,) int64, place among all labels of what it found, -1 for nothing.
        start_errors_s: (P,) float64 seconds, prediction minus label; NaN where nothing was found.
        end_errors_s: (P,) the same for ends.
        truth_class_ids: (T,) int64.
        truth_videos: (T,) int64.
        minutes: (V,) float64, length of each video.
    """

    class_ids: NDArray[np.int64]
    videos: NDArray[np.int64]
    scores: NDArray[np.float64]
    found: NDArray[np.int64]
    start_errors_s: NDArray[np.float64]
    end_errors_s: NDArray[np.float64]
    truth_class_ids: NDArray[np.int64]
    truth_videos: NDArray[np.int64]
    minutes: NDArray[np.float64]

    @property
    def is_hit(self) -> NDArray[np.bool_]:
        """(P,) which predictions found a label."""
        return self.found >= 0


def compute_tiou_matrix(a: Spans, b: Spans) -> NDArray[np.float64]:
    """(len(a), len(b)) temporal IoU counted in frames, both ends inside; classes are not looked at."""
    shared = np.minimum(a.ends[:, None], b.ends) - np.maximum(a.starts[:, None], b.starts) + 1
    shared = np.maximum(shared, 0)
    lengths = (a.ends - a.starts + 1)[:, None] + (b.ends - b.starts + 1)
    return np.asarray(shared / (lengths - shared), np.float64)


def match_spans(predicted: Spans, truth: Spans, tiou: float = DEFAULT_TIOU) -> NDArray[np.int64]:
    """Place of the label that each prediction of one video found, -1 for none; (P,) int64.

    See the module's docstring for the rule.
    """
    found = np.full(len(predicted), -1, np.int64)
    for class_id in np.intersect1d(predicted.class_ids, truth.class_ids):
        mine = np.flatnonzero(predicted.class_ids == class_id)
        mine = mine[np.lexsort((predicted.ends[mine], predicted.starts[mine], -predicted.scores[mine]))]
        theirs = np.flatnonzero(truth.class_ids == class_id)
        theirs = theirs[np.lexsort((truth.ends[theirs], truth.starts[theirs]))]
        overlaps = compute_tiou_matrix(predicted.select(mine), truth.select(theirs))
        for row, place in enumerate(mine):
            best = int(overlaps[row].argmax())
            if overlaps[row, best] >= tiou:
                found[place] = theirs[best]
                overlaps[:, best] = -1.0
    return found


def match_videos(videos: Sequence[VideoSpans], tiou: float = DEFAULT_TIOU) -> Matched:
    """Matches each video on its own and pools the result.

    Raises:
        InputError: ``TIOU_RANGE`` unless the limit lies in (0, 1]; at 0 spans that do not touch would match.
    """
    if not 0 < tiou <= 1:
        raise InputError("TIOU_RANGE", f"expected a temporal IoU over 0 and at most 1, got {tiou:g}.")
    offsets = np.cumsum([0, *(len(v.truth) for v in videos)])
    found_parts, start_parts, end_parts = [], [], []
    for video, offset in zip(videos, offsets[:-1], strict=True):
        found = match_spans(video.predicted, video.truth, tiou)
        hit = found >= 0
        starts, ends = np.full(len(found), np.nan), np.full(len(found), np.nan)
        starts[hit] = (video.predicted.starts[hit] - video.truth.starts[found[hit]]) / video.fps
        ends[hit] = (video.predicted.ends[hit] - video.truth.ends[found[hit]]) / video.fps
        found_parts.append(np.where(hit, found + offset, -1))
        start_parts.append(starts)
        end_parts.append(ends)
    numbers = np.arange(len(videos))
    return Matched(
        class_ids=_join([v.predicted.class_ids for v in videos], np.int64),
        videos=np.repeat(numbers, [len(v.predicted) for v in videos]).astype(np.int64),
        scores=_join([v.predicted.scores for v in videos], np.float64),
        found=_join(found_parts, np.int64),
        start_errors_s=_join(start_parts, np.float64),
        end_errors_s=_join(end_parts, np.float64),
        truth_class_ids=_join([v.truth.class_ids for v in videos], np.int64),
        truth_videos=np.repeat(numbers, [len(v.truth) for v in videos]).astype(np.int64),
        minutes=np.array([v.minutes for v in videos], np.float64),
    )


def _join(parts: list[NDArray], dtype: type) -> NDArray:
    return np.concatenate([np.zeros(0, dtype), *parts]).astype(dtype)
