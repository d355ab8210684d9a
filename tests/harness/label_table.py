"""A made-up label table of iMiGUE's size and shape, for tests and figures.

Counts per class, labels per video, durations, overlaps, subjects and outcomes
follow what Liu et al. (CVPR 2021) and the published label table say; every value
is drawn, none is copied. The same seed gives the same bytes.
"""

from __future__ import annotations

from decimal import Decimal
from statistics import NormalDist

import numpy as np
import numpy.typing as npt

from imigue_core.formats.imigue import save_imigue
from imigue_core.formats.label_file import FileVideo, Interval, LabelFile
from imigue_core.formats.seconds import FrameClock
from imigue_core.taxonomy import CLASSES, ILLUSTRATIVE_ID

N_VIDEOS = 359
LAST_NUMBER = 453
N_LABELS = 18_499
N_SUBJECTS = 72
N_WINS = 258
N_OVERLAPS = 2_146
"""Consecutive labels of a video that share time."""
_LABELS_PER_VIDEO = (39.0, 0.746, 3, 282)
"""Lognormal median and sigma (mean 51.5), least, most."""
_DURATION_S = (1.57, 0.985, 0.18, 147.7)
"""Lognormal median and sigma (mean 2.55 s, 90 % below 5.2 s), least, most."""
_GAP_S = 4.6
"""Mean pause between labels that do not overlap: 2,005 minutes in all."""
_COUNTRIES = [
    *("Argentina", "Australia", "Austria", "Belarus", "Belgium", "Britain", "Canada", "Chile", "China", "Croatia"),
    *("Cyprus", "Czech", "France", "Germany", "Greece", "Hungary", "Italy", "Japan", "Latvia", "Netherlands"),
    *("Poland", "Romania", "Russia", "Serbia", "Slovakia", "Spain", "Switzerland", "USA"),
]

_Ints = npt.NDArray[np.int64]
_Floats = npt.NDArray[np.float64]


def make_label_table(seed: int = 0) -> bytes:
    """iMiGUE's CSV with 359 videos and 18,499 labels, deterministic by ``seed``."""
    rng = np.random.default_rng(seed)
    videos = _make_videos(rng)
    counts = _draw_counts(rng)
    classes = _draw_classes(rng)
    durations = np.clip(_DURATION_S[0] * np.exp(rng.normal(0, _DURATION_S[1], N_LABELS)), *_DURATION_S[2:])
    starts = _draw_starts(rng, counts, durations)
    clock = FrameClock()
    labels = []
    first = 0
    for number, count in zip(videos, counts.tolist(), strict=True):
        for k in range(first, first + count):
            start, end = f"{starts[k]:.4f}", f"{starts[k] + durations[k]:.4f}"
            frames = clock.find_frame(Decimal(start)), clock.find_frame(Decimal(end))
            labels.append(
                Interval(
                    video=str(number),
                    class_text=str(int(classes[k])),
                    start_frame=frames[0],
                    end_frame=frames[1],
                    start_time=start,
                    end_time=end,
                    label_id=k - first + 1,
                )
            )
        first += count
    return save_imigue(LabelFile({str(number): video for number, video in videos.items()}, labels))


def _make_videos(rng: np.random.Generator) -> dict[int, FileVideo]:
    middle = rng.choice(np.arange(2, LAST_NUMBER), N_VIDEOS - 2, replace=False)
    numbers = sorted([1, *middle.tolist(), LAST_NUMBER])
    subjects = _draw_subjects(rng)
    won = rng.permutation(N_VIDEOS) < N_WINS
    return {
        number: FileVideo(
            number,
            subject_id=str(subject + 1),
            subject_gender="F" if subject % 2 else "M",
            # One subject's country ends in a blank, as in the published table.
            subject_nationality="Czech " if subject == 40 else _COUNTRIES[subject % len(_COUNTRIES)],
            outcome="Win" if win else "Lose",
        )
        for number, subject, win in zip(numbers, subjects.tolist(), won.tolist(), strict=True)
    }


def _draw_subjects(rng: np.random.Generator) -> _Ints:
    """Who is in each video (359,): 2 to 18 videos each, half of the people at most 4."""
    share = _spread(N_SUBJECTS, 4.4, 0.6, 2, 18)
    return rng.permutation(np.repeat(rng.permutation(N_SUBJECTS), _fit_sum(share, N_VIDEOS, 2, 18)))


def _draw_counts(rng: np.random.Generator) -> _Ints:
    """Labels of each video (359,), summing to 18,499."""
    median, sigma, least, most = _LABELS_PER_VIDEO
    counts = _spread(N_VIDEOS, median, sigma, int(least), int(most))
    return rng.permutation(_fit_sum(counts, N_LABELS, int(least), int(most)))


def _spread(n: int, median: float, sigma: float, least: int, most: int) -> _Floats:
    """``n`` evenly spaced quantiles of a lognormal, clipped, ascending."""
    z = np.array([NormalDist().inv_cdf((i + 0.5) / n) for i in range(n)])
    values: _Floats = np.clip(median * np.exp(sigma * z), least, most)
    values[0], values[-1] = least, most
    return values


def _fit_sum(values: _Floats, total: int, least: int, most: int) -> _Ints:
    """Whole numbers near ascending ``values`` that sum to ``total``; the ends stay."""
    counts = np.floor(values).astype(np.int64)
    i = 0
    while counts.sum() != total:
        step = 1 if counts.sum() < total else -1
        k = 1 + (len(counts) * 2 // 3 + i) % (len(counts) - 2)
        if least <= counts[k] + step <= most:
            counts[k] += step
        i += 1
    return counts


def _draw_classes(rng: np.random.Generator) -> _Ints:
    """Class of each label (18,499,): the published counts, shuffled.

    The paper counts one label more than its table holds; it goes to the largest class.
    """
    ids = np.repeat([c.class_id for c in CLASSES], [c.published_count for c in CLASSES])
    return rng.permutation(np.append(ids, [ILLUSTRATIVE_ID] * (N_LABELS - len(ids))))


def _draw_starts(rng: np.random.Generator, counts: _Ints, durations: _Floats) -> _Floats:
    """Start seconds (18,499,), ascending inside a video; exactly 2,146 begin before the last one ends."""
    is_first = np.zeros(N_LABELS, dtype=bool)
    is_first[np.cumsum(counts) - counts] = True
    overlaps = np.zeros(N_LABELS, dtype=bool)
    overlaps[rng.choice(np.flatnonzero(~is_first), N_OVERLAPS, replace=False)] = True
    inside = rng.uniform(0.05, 0.75, N_LABELS)
    pauses = 0.08 + rng.exponential(_GAP_S, N_LABELS)
    starts = np.zeros(N_LABELS)
    for k in range(N_LABELS):
        if is_first[k]:
            starts[k] = pauses[k]
        elif overlaps[k]:
            starts[k] = starts[k - 1] + inside[k] * durations[k - 1]
        else:
            starts[k] = starts[k - 1] + durations[k - 1] + pauses[k]
    return starts
