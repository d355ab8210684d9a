"""What an evaluation says of recordings whose result is known beforehand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import islice

import numpy as np
import pytest
from numpy.typing import NDArray

from imigue_core.annotation import SuggestedSpan
from imigue_core.metrics.detection import GESTURE_IDS, compute_scores
from imigue_core.metrics.matching import VideoSpans, make_spans, match_videos
from imigue_core.skeleton.pose import PoseSequence
from imigue_core.suggest.scanner import ScanResult
from imigue_core.synthesis.interview import InterviewSpec, make_interview
from imigue_core.taxonomy import CLASS_IDS
from imigue_core.training.baselines import PARTS
from imigue_core.training.evaluate import measure_each_class, measure_idle, measure_published
from imigue_core.training.evaluation_sets import (
    iter_each,
    list_held_out_dialects,
    list_idle,
    list_outcomes,
    list_published,
    list_validation,
    list_validation_each,
)
from imigue_core.training.measures import Measure
from imigue_core.training.recordings import Choices, Recording, choose_on, record_set

N = 6000


def make_recording(
    seed: int, *, found: float = 1.0, false: int = 0, gestures: tuple[int, ...] = GESTURE_IDS
) -> Recording:
    """One label of each gesture; ``found`` of them are suggested, and ``false`` more at low scores."""
    rng = np.random.default_rng(seed)
    truth = [(c, 180 * k, 180 * k + 60, 1.0) for k, c in enumerate(gestures)]
    predicted = [(c, s + 3, e, 0.8) for c, s, e, _ in truth if rng.random() < found]
    predicted += [(29, s, s + 40, 0.1) for s in rng.integers(0, N - 50, false)]
    held_out = list_held_out_dialects()
    return Recording(
        VideoSpans(make_spans(truth), make_spans(predicted), N),
        (),
        {part: rng.random(N).astype(np.float32) for part in PARTS},
        tuple(held_out[c] if k % 2 else "another" for k, c in enumerate(gestures)),
        "perfect" if seed % 2 else "harsh",
        "win",
    )


@pytest.fixture(scope="module")
def choices() -> Choices:
    return choose_on([make_recording(seed, false=10) for seed in range(2)])


def by_name(measures: list[Measure], start: str) -> Measure:
    (measure,) = (m for m in measures if m.name.startswith(start))
    return measure


def test_the_threshold_keeps_the_false_ones_out(choices: Choices) -> None:
    assert choices.threshold == pytest.approx(0.8)
    assert choices.constant.duration_s == pytest.approx(61 / 25)


def test_everything_found_is_perfect_and_baselines_stand_beside_it(choices: Choices) -> None:
    measures = list(measure_published([make_recording(seed, false=5) for seed in range(4)], choices, 0.5))
    micro = by_name(measures, "micro F1, 31 gestures")
    assert micro.value == 1
    assert micro.met is True
    assert set(micro.beside) == {"motion threshold", "constant guess"}
    assert all(value < 0.3 for value in micro.beside.values())
    start = by_name(measures, "median distance of a found start")
    assert start.value == pytest.approx(3 / 25)
    assert by_name(measures, "micro F1, detector harsh").note == "2 interviews"


def test_dialects_are_compared(choices: Choices) -> None:
    recordings = [make_recording(seed) for seed in range(2)]
    unseen = by_name(list(measure_published(recordings, choices)), "recall of gestures in a dialect never trained on")
    assert (unseen.value, unseen.beside["trained dialects"]) == (1, 1)
    assert unseen.note == "30 labels"


def test_a_class_that_is_never_found_does_not_count(choices: Choices) -> None:
    recordings = [make_recording(seed) for seed in range(3)]
    for r in recordings:
        keep = r.spans.predicted.class_ids > 5
        object.__setattr__(r.spans, "predicted", r.spans.predicted.select(keep))
    measures = list(measure_each_class(recordings, choices, target=20))
    assert measures[0].value == 26
    assert measures[0].met is True
    assert len(measures) == 1 + len(GESTURE_IDS)
    one = by_name(measures, "F1 of 1 ")
    assert one.value == 0
    assert one.detail["fates"]["unseen"] == 3


def test_false_suggestions_of_idle_talk_are_counted_a_minute(choices: Choices) -> None:
    idle = [make_recording(seed, gestures=()) for seed in range(2)]
    assert measure_idle(idle, choices).value == 0
    loud = Choices(0.05, choices.motion, choices.constant)
    noisy = [make_recording(seed, gestures=(), false=8) for seed in range(2)]
    assert measure_idle(noisy, loud).value == pytest.approx(8 / (N / 25 / 60))


class Prompter:
    """A scanner that was told the labels: it must come out perfect."""

    def __init__(self, specs: list[InterviewSpec]) -> None:
        self._answers = [make_interview(spec).labels for spec in specs]

    def scan(self, poses: PoseSequence, times_s: NDArray, shot_cuts: Sequence[int]) -> ScanResult:
        spans = (
            SuggestedSpan(x.class_id, x.start_frame, x.end_frame, 0.9, ((x.class_id, 0.9),), 1.0, 1.0)
            for x in self._answers.pop(0)
        )
        return ScanResult(tuple(spans), poses.n_frames, {})


def test_real_interviews_go_the_whole_way() -> None:
    specs = [
        replace(spec, duration_s=40.0, fps=fps)
        for spec, fps in zip(list_published(2), (Fraction(25), Fraction(50)), strict=True)
    ]
    recordings = record_set(Prompter(specs), specs, "test")
    assert [r.spans.fps for r in recordings] == pytest.approx([25, 50])
    assert [r.spans.n_frames for r in recordings] == [1000, 2000]
    matched = match_videos([r.spans for r in recordings], 1.0)
    assert compute_scores(matched, class_ids=CLASS_IDS).micro.f1 == 1
    assert all(len(r.dialects) == len(r.spans.truth) for r in recordings)
    choices = choose_on(recordings)
    assert next(measure_published(recordings, choices)).value == 1


def test_sets_do_not_share_seeds() -> None:
    sets = (list_published(20), list_validation(), list_validation_each(), list_idle(), list_outcomes(60))
    seeds = [spec.seed for specs in (*sets, list(islice(iter_each(), 50))) for spec in specs]
    assert len(set(seeds)) == len(seeds)
    assert min(seeds) >= 900_000_000  # training stays below
