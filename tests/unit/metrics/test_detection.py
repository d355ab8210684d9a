"""F1, average precision, false suggestions and edges, by cases that were counted by hand."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from imigue_core.metrics.detection import (
    GESTURE_IDS,
    choose_threshold,
    compute_average_precision,
    compute_edge_errors,
    compute_f1_interval,
    compute_false_rate,
    compute_map,
    compute_scores,
    compute_video_counts,
)
from imigue_core.metrics.matching import Matched, Spans, VideoSpans, make_spans, match_videos
from tests.unit.metrics.test_matching import tables

MINUTE = 1500


def make_case() -> Matched:
    """Two minutes: class 8 found once of two and missed twice, class 29 found, class 99 found and doubled."""
    first = VideoSpans(
        make_spans([(8, 0, 99, 1), (8, 500, 599, 1), (99, 200, 299, 1)]),
        make_spans([(8, 0, 99, 0.9), (8, 300, 399, 0.8), (99, 200, 299, 0.9), (99, 210, 290, 0.5)]),
        MINUTE,
    )
    second = VideoSpans(
        make_spans([(29, 40, 64, 1)]), make_spans([(29, 35, 69, 0.7), (8, 700, 799, 0.2), (1, 0, 9, 0.1)]), MINUTE
    )
    return match_videos([first, second])


def test_counts_by_class_and_together() -> None:
    scores = compute_scores(make_case())
    eight = scores.per_class[8]
    assert (eight.n_truth, eight.n_predicted, eight.n_hits) == (2, 3, 1)
    assert (eight.precision, eight.recall, eight.f1) == pytest.approx((1 / 3, 1 / 2, 2 / 5))
    assert scores.per_class[29].f1 == 1
    assert (scores.micro.n_truth, scores.micro.n_predicted, scores.micro.n_hits) == (3, 5, 2)
    assert scores.micro.f1 == pytest.approx(4 / 8)
    # class 1 was predicted but has no label: it costs precision, and has no F1 of its own to average
    assert scores.macro_f1 == pytest.approx((2 / 5 + 1) / 2)


def test_illustrative_is_not_counted_unless_asked_for() -> None:
    assert 99 not in GESTURE_IDS
    assert len(GESTURE_IDS) == 31
    assert 99 not in compute_scores(make_case()).per_class
    assert compute_scores(make_case(), class_ids=[99]).micro.f1 == pytest.approx(2 / 3)


def test_a_threshold_leaves_out_what_lies_below_it_and_keeps_what_lies_on_it() -> None:
    scores = compute_scores(make_case(), 0.7)
    assert (scores.micro.n_predicted, scores.micro.n_hits) == (3, 2)


def test_the_chosen_threshold_is_the_best_there_is() -> None:
    matched = make_case()
    threshold = choose_threshold(matched)
    assert threshold == 0.7
    best = max(compute_scores(matched, t).micro.f1 for t in matched.scores)
    assert compute_scores(matched, threshold).micro.f1 == best
    assert choose_threshold(match_videos([])) == 0.5


def test_average_precision_by_hand() -> None:
    # ranked: hit, miss, hit, miss with 3 labels: (1 + 2/3) / 3
    video = VideoSpans(
        make_spans([(8, 0, 9, 1), (8, 20, 29, 1), (8, 40, 49, 1)]),
        make_spans([(8, 0, 9, 0.9), (8, 70, 79, 0.8), (8, 20, 29, 0.7), (8, 90, 99, 0.6)]),
        MINUTE,
    )
    assert compute_average_precision(match_videos([video]), 8) == pytest.approx((1 + 2 / 3) / 3)


def test_precision_is_the_best_at_this_recall_or_a_higher_one() -> None:
    # ranked: miss, hit, hit: precisions 0, 1/2, 2/3, so both hits count 2/3
    video = VideoSpans(
        make_spans([(8, 0, 9, 1), (8, 20, 29, 1)]),
        make_spans([(8, 70, 79, 0.9), (8, 0, 9, 0.8), (8, 20, 29, 0.7)]),
        MINUTE,
    )
    assert compute_average_precision(match_videos([video]), 8) == pytest.approx(2 / 3)


def test_classes_without_labels_have_no_average_precision() -> None:
    matched = make_case()
    assert np.isnan(compute_average_precision(matched, 1))
    assert compute_map(matched) == pytest.approx((0.5 + 1.0) / 2)
    assert np.isnan(compute_map(match_videos([])))


def test_false_suggestions_are_counted_a_minute() -> None:
    assert compute_false_rate(make_case()) == pytest.approx(3 / 2)
    assert compute_false_rate(make_case(), 0.75) == pytest.approx(1 / 2)
    assert np.isnan(compute_false_rate(match_videos([])))


def test_edges_are_seconds_with_their_sign() -> None:
    errors = compute_edge_errors(make_case(), class_ids=[29])
    assert (errors.start_bias_s, errors.end_bias_s) == pytest.approx((-0.2, 0.2))
    assert (errors.start_median_s, errors.end_median_s, errors.p90_s) == pytest.approx((0.2, 0.2, 0.2))
    assert np.isnan(compute_edge_errors(make_case(), 0.95).p90_s)


def test_each_video_has_its_counts() -> None:
    assert compute_video_counts(make_case()).tolist() == [[2, 2, 1], [1, 3, 1]]


def test_the_interval_holds_the_estimate_and_is_the_same_each_time() -> None:
    rng = np.random.default_rng(5)
    videos = []
    for _ in range(20):
        truth = make_spans([(8, s, s + 20, 1) for s in range(0, 500, 50)])
        hits = truth.select(rng.random(10) < 0.6)
        videos.append(VideoSpans(truth, Spans(hits.class_ids, hits.starts, hits.ends, hits.scores), MINUTE))
    matched = match_videos(videos)
    low, high = compute_f1_interval(matched, seed=1)
    assert low < compute_scores(matched).micro.f1 < high
    assert high - low < 0.2
    assert (low, high) == compute_f1_interval(matched, seed=1)
    narrow = compute_f1_interval(matched, level=0.5, seed=1)
    assert low < narrow[0] < narrow[1] < high


@given(tables(), tables())
def test_scores_stay_in_range_and_perfect_predictions_are_perfect(predicted: Spans, truth: Spans) -> None:
    scores = compute_scores(match_videos([VideoSpans(truth, predicted, MINUTE)]))
    assert 0 <= scores.micro.f1 <= 1
    assert scores.micro.n_hits <= min(scores.micro.n_truth, scores.micro.n_predicted)
    perfect = match_videos([VideoSpans(truth, truth, MINUTE)])
    if len(truth):
        assert compute_scores(perfect).micro.f1 == compute_scores(perfect).macro_f1 == compute_map(perfect) == 1
    assert compute_false_rate(perfect) == 0


@given(tables(), tables())
def test_no_threshold_beats_the_chosen_one(predicted: Spans, truth: Spans) -> None:
    matched = match_videos([VideoSpans(truth, predicted, MINUTE)])
    best = compute_scores(matched, choose_threshold(matched)).micro.f1
    for threshold in (0.0, *(float(s) for s in predicted.scores)):
        assert compute_scores(matched, threshold).micro.f1 <= best + 1e-12


@given(tables(), tables(), st.floats(0.1, 10))
def test_average_precision_depends_on_the_order_of_scores_only(predicted: Spans, truth: Spans, factor: float) -> None:
    scaled = Spans(predicted.class_ids, predicted.starts, predicted.ends, predicted.scores * factor)
    a, b = (match_videos([VideoSpans(truth, p, MINUTE)]) for p in (predicted, scaled))
    assert compute_average_precision(a, 1) == pytest.approx(compute_average_precision(b, 1), nan_ok=True)
