"""Why labels were not found: too low a score, the wrong place, another class, or nothing there."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

import numpy as np
from numpy.typing import NDArray

from imigue_core.metrics.matching import DEFAULT_TIOU, VideoSpans, compute_tiou_matrix, match_spans


class Fate(Enum):
    """What became of one label."""

    FOUND = "found"
    CONFUSED = "confused"
    """Another class was shown at this place."""
    MISPLACED = "misplaced"
    """The class was shown nearby, but overlaps too little or found another label."""
    TOO_LOW = "too low"
    """The class was predicted at this place with a score below the threshold."""
    UNSEEN = "unseen"


@dataclass(frozen=True, slots=True)
class LabelFate:
    """One label and what became of it.

    Attributes:
        video: 0-based place of its video.
        label: 0-based place in its video's labels.
        class_id: 1-31 or 99.
        fate: See ``Fate``.
        instead: The class shown instead where ``fate`` is ``CONFUSED``, else None.
    """

    video: int
    label: int
    class_id: int
    fate: Fate
    instead: int | None = None


def list_fates(videos: Sequence[VideoSpans], threshold: float, tiou: float = DEFAULT_TIOU) -> list[LabelFate]:
    """What became of each label when suggestions from ``threshold`` on are shown.

    The fates are tried in the order found, confused (tIoU of at least the limit with a shown
    span of another class; the best one is named), misplaced (touches a shown span of its class),
    too low, unseen.
    """
    fates = []
    for number, video in enumerate(videos):
        shown = video.predicted.scores >= threshold
        found = match_spans(video.predicted.select(shown), video.truth, tiou)
        overlaps = compute_tiou_matrix(video.predicted, video.truth)
        for label, class_id in enumerate(video.truth.class_ids):
            fate, instead = Fate.FOUND, None
            if label not in found:
                same = video.predicted.class_ids == class_id
                fate, instead = _explain(overlaps[:, label], shown, same, video.predicted.class_ids, tiou)
            fates.append(LabelFate(number, label, int(class_id), fate, instead))
    return fates


def _explain(
    overlaps: NDArray, shown: NDArray, same: NDArray, class_ids: NDArray, tiou: float
) -> tuple[Fate, int | None]:
    others = np.where(shown & ~same, overlaps, 0.0)
    if len(others) and others.max() >= tiou:
        return Fate.CONFUSED, int(class_ids[others.argmax()])
    if (shown & same & (overlaps > 0)).any():
        return Fate.MISPLACED, None
    if (~shown & same & (overlaps >= tiou)).any():
        return Fate.TOO_LOW, None
    return Fate.UNSEEN, None


def count_confusions(fates: Sequence[LabelFate], class_id: int) -> list[tuple[int, int]]:
    """(class shown instead, how often) for labels of one class, commonest first."""
    return Counter(f.instead for f in fates if f.class_id == class_id and f.instead is not None).most_common()
