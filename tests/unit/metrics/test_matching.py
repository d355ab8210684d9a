"""Which prediction finds which label."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from imigue_core.annotation import Span, compute_tiou
from imigue_core.errors import InputError
from imigue_core.metrics.matching import (
    Spans,
    VideoSpans,
    compute_tiou_matrix,
    make_spans,
    match_spans,
    match_videos,
)


@st.composite
def tables(draw: st.DrawFn, n_classes: int = 2) -> Spans:
    """Some spans with few classes, near each other, and scores that are often equal."""
    rows = draw(
        st.lists(
            st.tuples(
                st.integers(1, n_classes), st.integers(0, 60), st.integers(0, 30), st.sampled_from([0.1, 0.3, 0.5, 0.9])
            ),
            max_size=12,
        )
    )
    return make_spans((c, s, s + length, score) for c, s, length, score in rows)


def test_the_better_scored_one_takes_the_label_even_if_it_lies_worse() -> None:
    truth = make_spans([(8, 100, 199, 1)])
    predicted = make_spans([(8, 100, 199, 0.6), (8, 100, 149, 0.9)])
    assert match_spans(predicted, truth, 0.3).tolist() == [-1, 0]


def test_a_prediction_takes_the_free_label_it_overlaps_most() -> None:
    truth = make_spans([(8, 0, 99, 1), (8, 90, 149, 1)])
    predicted = make_spans([(8, 60, 149, 0.9), (8, 20, 99, 0.8)])
    assert match_spans(predicted, truth, 0.3).tolist() == [1, 0]


def test_when_the_best_label_is_taken_the_next_best_will_do() -> None:
    truth = make_spans([(8, 0, 99, 1), (8, 40, 139, 1)])
    predicted = make_spans([(8, 0, 99, 0.9), (8, 0, 99, 0.8)])
    assert match_spans(predicted, truth, 0.3).tolist() == [0, 1]


def test_classes_never_mix() -> None:
    truth = make_spans([(8, 0, 99, 1)])
    assert match_spans(make_spans([(11, 0, 99, 0.9)]), truth, 0.3).tolist() == [-1]


def test_the_limit_itself_is_enough() -> None:
    truth = make_spans([(8, 0, 9, 1)])
    assert match_spans(make_spans([(8, 0, 2, 0.9)]), truth, 0.3).tolist() == [0]
    assert match_spans(make_spans([(8, 0, 1, 0.9)]), truth, 0.3).tolist() == [-1]


def test_pooled_videos_keep_their_own_labels_and_say_how_far_the_edges_lie() -> None:
    a = VideoSpans(make_spans([(8, 0, 99, 1)]), make_spans([(8, 10, 99, 0.9)]), 1500)
    b = VideoSpans(make_spans([(8, 0, 99, 1), (9, 5, 6, 1)]), make_spans([(8, 0, 124, 0.4)]), 3000, 50.0)
    matched = match_videos([a, b])
    assert matched.found.tolist() == [0, 1]
    assert matched.videos.tolist() == [0, 1]
    assert matched.truth_videos.tolist() == [0, 1, 1]
    assert matched.start_errors_s.tolist() == pytest.approx([0.4, 0.0])
    assert matched.end_errors_s.tolist() == pytest.approx([0.0, 0.5])
    assert matched.minutes.tolist() == pytest.approx([1.0, 1.0])


def test_nothing_at_all_is_a_result_too() -> None:
    matched = match_videos([])
    assert len(matched.scores) == len(matched.truth_class_ids) == len(matched.minutes) == 0


@pytest.mark.parametrize("tiou", [0.0, -0.1, 1.01])
def test_a_limit_that_means_nothing_is_refused(tiou: float) -> None:
    with pytest.raises(InputError, match="TIOU_RANGE"):
        match_videos([], tiou)


def test_reversed_spans_and_broken_scores_are_refused() -> None:
    with pytest.raises(InputError, match="SPAN_REVERSED: row 1"):
        make_spans([(8, 0, 0, 1), (8, 5, 4, 1)])
    with pytest.raises(InputError, match="SCORE_NOT_FINITE"):
        make_spans([(8, 0, 0, float("nan"))])


@given(tables(), tables())
def test_the_matrix_agrees_with_the_arithmetic_of_single_spans(a: Spans, b: Spans) -> None:
    matrix = compute_tiou_matrix(a, b)
    for i in range(len(a)):
        for j in range(len(b)):
            one, other = (Span(int(t.starts[k]), int(t.ends[k])) for t, k in ((a, i), (b, j)))
            assert matrix[i, j] == pytest.approx(compute_tiou(one, other))


@given(tables(), tables(), st.sampled_from([0.1, 0.3, 0.5, 1.0]))
def test_a_match_is_of_the_same_class_overlaps_enough_and_is_the_only_one(
    predicted: Spans, truth: Spans, tiou: float
) -> None:
    found = match_spans(predicted, truth, tiou)
    overlaps = compute_tiou_matrix(predicted, truth)
    taken = found[found >= 0]
    assert len(set(taken.tolist())) == len(taken)
    for i, j in enumerate(found):
        if j >= 0:
            assert predicted.class_ids[i] == truth.class_ids[j]
            assert overlaps[i, j] >= tiou
    # what is left over on both sides could not have been matched
    for i in np.flatnonzero(found < 0).tolist():
        for j in set(range(len(truth))) - set(taken.tolist()):
            assert predicted.class_ids[i] != truth.class_ids[j] or overlaps[i, j] < tiou


@given(tables(), tables(), st.sampled_from([0.2, 0.4, 0.8]))
def test_leaving_out_low_scores_does_not_change_what_high_ones_found(
    predicted: Spans, truth: Spans, threshold: float
) -> None:
    keep = predicted.scores >= threshold
    assert match_spans(predicted, truth)[keep].tolist() == match_spans(predicted.select(keep), truth).tolist()


@given(tables())
def test_labels_find_themselves(truth: Spans) -> None:
    assert (match_spans(truth, truth, 1.0) >= 0).all()


@given(tables(), tables(), st.randoms(use_true_random=False))
def test_the_order_of_the_table_does_not_matter(predicted: Spans, truth: Spans, random: object) -> None:
    order = list(range(len(predicted)))
    random.shuffle(order)  # type: ignore[attr-defined]
    shuffled = predicted.select(np.array(order, np.int64))
    assert (match_spans(predicted, truth) >= 0).sum() == (match_spans(shuffled, truth) >= 0).sum()
