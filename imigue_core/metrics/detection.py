"""How good suggested spans are: F1 at a temporal IoU, average precision, false suggestions, edges.

Everything is computed from a ``matching.Matched``; the rule of matching stands
there. Only the classes that are asked for are counted, so illustrative body
language may be predicted without being scored. Class 99 is out of ``GESTURE_IDS``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from imigue_core.metrics.matching import Matched
from imigue_core.taxonomy import CLASS_IDS, ILLUSTRATIVE_ID

GESTURE_IDS: tuple[int, ...] = tuple(i for i in CLASS_IDS if i != ILLUSTRATIVE_ID)
"""The 31 micro-gestures."""


@dataclass(frozen=True, slots=True)
class ClassScore:
    """Hits and misses of one class, or of several counted together.

    Attributes:
        n_truth: Labels.
        n_predicted: Predictions at or above the threshold.
        n_hits: Predictions that found a label.
    """

    n_truth: int
    n_predicted: int
    n_hits: int

    @property
    def precision(self) -> float:
        """Share of predictions that found a label; 0 when there are none."""
        return self.n_hits / self.n_predicted if self.n_predicted else 0.0

    @property
    def recall(self) -> float:
        """Share of labels that were found; 0 when there are none."""
        return self.n_hits / self.n_truth if self.n_truth else 0.0

    @property
    def f1(self) -> float:
        """Harmonic mean of both: 2 hits / (labels + predictions); 0 when there is neither."""
        both = self.n_truth + self.n_predicted
        return 2 * self.n_hits / both if both else 0.0


@dataclass(frozen=True, slots=True)
class DetectionScores:
    """F1 at one threshold.

    Attributes:
        micro: All classes' counts together.
        macro_f1: Mean F1 of the classes that have labels; NaN when none has.
        per_class: Class id -> score, every class asked for.
    """

    micro: ClassScore
    macro_f1: float
    per_class: dict[int, ClassScore]


def compute_scores(
    matched: Matched, threshold: float = -np.inf, class_ids: Sequence[int] = GESTURE_IDS
) -> DetectionScores:
    """F1 of the predictions whose score is at least ``threshold``, over ``class_ids``."""
    shown = matched.scores >= threshold
    per_class = {}
    for class_id in class_ids:
        mine = shown & (matched.class_ids == class_id)
        per_class[class_id] = ClassScore(
            int((matched.truth_class_ids == class_id).sum()), int(mine.sum()), int((mine & matched.is_hit).sum())
        )
    scores = per_class.values()
    micro = ClassScore(
        sum(s.n_truth for s in scores), sum(s.n_predicted for s in scores), sum(s.n_hits for s in scores)
    )
    labelled = [s.f1 for s in scores if s.n_truth]
    return DetectionScores(micro, float(np.mean(labelled)) if labelled else float("nan"), per_class)


def choose_threshold(matched: Matched, class_ids: Sequence[int] = GESTURE_IDS) -> float:
    """The score from which on micro F1 is highest; the higher one of equals, 0.5 when nothing was predicted.

    Choose on other videos than those the result is reported on.
    """
    mine = np.isin(matched.class_ids, class_ids)
    scores, hits = matched.scores[mine], matched.is_hit[mine]
    if not len(scores):
        return 0.5
    order = np.argsort(-scores, kind="stable")
    scores, n_hits = scores[order], np.cumsum(hits[order])
    n_truth = int(np.isin(matched.truth_class_ids, class_ids).sum())
    f1 = 2 * n_hits / (n_truth + np.arange(1, len(scores) + 1))
    f1[:-1][scores[:-1] == scores[1:]] = -1.0  # a threshold cannot part equal scores
    return float(scores[int(f1.argmax())])


def compute_average_precision(matched: Matched, class_id: int) -> float:
    """Area under the precision envelope over recall, all videos ranked together; NaN without labels.

    The envelope is the highest precision at this recall or a higher one, as in the
    detection benchmarks of ActivityNet (Heilbron et al., CVPR 2015).
    """
    n_truth = int((matched.truth_class_ids == class_id).sum())
    if not n_truth:
        return float("nan")
    mine = matched.class_ids == class_id
    order = np.argsort(-matched.scores[mine], kind="stable")
    hits = matched.is_hit[mine][order]
    precision = np.cumsum(hits) / np.arange(1, len(hits) + 1)
    envelope = np.maximum.accumulate(precision[::-1])[::-1]
    return float(envelope[hits].sum() / n_truth)


def compute_map(matched: Matched, class_ids: Sequence[int] = GESTURE_IDS) -> float:
    """Mean average precision over the classes that have labels; NaN when none has."""
    values = [compute_average_precision(matched, i) for i in class_ids]
    kept = [v for v in values if not np.isnan(v)]
    return float(np.mean(kept)) if kept else float("nan")


def compute_false_rate(matched: Matched, threshold: float = -np.inf, class_ids: Sequence[int] = GESTURE_IDS) -> float:
    """Predictions that found nothing, a minute of video; NaN without any video."""
    false = (matched.scores >= threshold) & ~matched.is_hit & np.isin(matched.class_ids, class_ids)
    minutes = float(matched.minutes.sum())
    return float(false.sum()) / minutes if minutes else float("nan")


@dataclass(frozen=True, slots=True)
class EdgeErrors:
    """How far edges of found spans lie from the label's, in seconds; NaN when nothing was found.

    Attributes:
        start_bias_s: Median of start minus label's start; negative is early.
        end_bias_s: The same for ends.
        start_median_s: Median distance.
        end_median_s: The same for ends.
        p90_s: 90th percentile of the distance, starts and ends together.
    """

    start_bias_s: float
    end_bias_s: float
    start_median_s: float
    end_median_s: float
    p90_s: float


def compute_edge_errors(
    matched: Matched, threshold: float = -np.inf, class_ids: Sequence[int] = GESTURE_IDS
) -> EdgeErrors:
    """Edges of the predictions that found a label."""
    keep = (matched.scores >= threshold) & matched.is_hit & np.isin(matched.class_ids, class_ids)
    starts, ends = matched.start_errors_s[keep], matched.end_errors_s[keep]
    if not len(starts):
        return EdgeErrors(*[float("nan")] * 5)
    return EdgeErrors(
        start_bias_s=float(np.median(starts)),
        end_bias_s=float(np.median(ends)),
        start_median_s=float(np.median(np.abs(starts))),
        end_median_s=float(np.median(np.abs(ends))),
        p90_s=float(np.percentile(np.abs(np.concatenate([starts, ends])), 90)),
    )


def compute_video_counts(
    matched: Matched, threshold: float = -np.inf, class_ids: Sequence[int] = GESTURE_IDS
) -> NDArray[np.int64]:
    """(V, 3) labels, predictions and hits of each video."""
    n = len(matched.minutes)
    shown = (matched.scores >= threshold) & np.isin(matched.class_ids, class_ids)
    labelled = np.isin(matched.truth_class_ids, class_ids)
    return np.stack(
        [
            np.bincount(matched.truth_videos[labelled], minlength=n),
            np.bincount(matched.videos[shown], minlength=n),
            np.bincount(matched.videos[shown & matched.is_hit], minlength=n),
        ],
        axis=1,
    )


def compute_f1_interval(
    matched: Matched,
    threshold: float = -np.inf,
    class_ids: Sequence[int] = GESTURE_IDS,
    *,
    level: float = 0.95,
    n_draws: int = 2000,
    seed: int = 0,
) -> tuple[float, float]:
    """Percentile bootstrap interval of micro F1; whole videos are drawn, with replacement."""
    counts = compute_video_counts(matched, threshold, class_ids)
    if not len(counts):
        return float("nan"), float("nan")
    draws = np.random.default_rng(seed).integers(0, len(counts), (n_draws, len(counts)))
    n_truth, n_predicted, n_hits = counts[draws].sum(axis=1).T
    f1 = 2 * n_hits / np.maximum(n_truth + n_predicted, 1)
    tail = 50 * (1 - level)
    return float(np.percentile(f1, tail)), float(np.percentile(f1, 100 - tail))
