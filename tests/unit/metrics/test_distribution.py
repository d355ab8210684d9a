"""Counts, shares, rates and durations of a label table."""

from __future__ import annotations

import pandas as pd
import pytest

from imigue_core.metrics.distribution import compute_distribution

LABELS = pd.DataFrame(
    [
        # video, annotator, class, group, seconds, seconds of the video
        (1, "Ann", 29, "head", 1.0, 120.0),
        (1, "Ann", 29, "head", 3.0, 120.0),
        (1, "Ann", 31, "body", 2.0, 120.0),
        (1, "Bob", 29, "head", 8.0, 120.0),
        (2, "Ann", 99, "illustrative", 5.0, 60.0),
    ],
    columns=["video_id", "annotator", "class_id", "group", "duration_s", "video_s"],
)
ALL = pd.Series(True, index=LABELS.index)


def test_classes_are_counted_largest_first() -> None:
    table = compute_distribution(LABELS, ALL, "class")
    assert list(table.columns) == ["class_id", "count", "share", "rate_per_min", "total_s", "median_s"]
    assert table["class_id"].tolist() == [29, 31, 99]
    assert table["count"].tolist() == [3, 1, 1]
    assert table["share"].sum() == pytest.approx(1)
    assert table["total_s"].tolist() == [12.0, 2.0, 5.0]
    assert table["median_s"].tolist() == [3.0, 2.0, 5.0]


def test_a_rate_is_a_minute_of_video_as_somebody_labelled_it() -> None:
    table = compute_distribution(LABELS, ALL, "class")
    # Ann labelled 3 minutes, Bob 2: two people in one video do not double a rate.
    assert table["rate_per_min"].tolist() == pytest.approx([3 / 5, 1 / 5, 1 / 5])


def test_an_annotators_rate_refers_to_own_minutes() -> None:
    table = compute_distribution(LABELS, ALL, "annotator").set_index("annotator")
    assert table["rate_per_min"].to_dict() == pytest.approx({"Ann": 4 / 3, "Bob": 1 / 2})
    assert table["count"].to_dict() == {"Ann": 4, "Bob": 1}


def test_a_choice_of_labels_keeps_shares_and_rates_of_the_scope() -> None:
    table = compute_distribution(LABELS, LABELS["group"] == "body", "group")
    assert table.to_dict(orient="records") == [
        {"group": "body", "count": 1, "share": 0.2, "rate_per_min": 0.2, "total_s": 2.0, "median_s": 2.0}
    ]


def test_no_labels_make_an_empty_table() -> None:
    for by in ("class", "group", "annotator"):
        table = compute_distribution(LABELS[:0], ALL[:0], by)
        assert table.empty
        assert "rate_per_min" in table.columns


def test_with_readings_of_its_own_time_without_labels_counts_too() -> None:
    readings = pd.DataFrame(
        [(1, "Ann", 60.0), (1, "Bob", 30.0), (3, "Bob", 30.0)], columns=["video_id", "annotator", "video_s"]
    )
    scope = LABELS[LABELS["video_id"] == 1]
    everything = pd.Series(True, index=scope.index)
    table = compute_distribution(scope, everything, "class", readings).set_index("class_id")
    assert table["rate_per_min"].to_dict() == pytest.approx({29: 3 / 2, 31: 1 / 2})
    people = compute_distribution(scope, everything, "annotator", readings).set_index("annotator")
    assert people["rate_per_min"].to_dict() == pytest.approx({"Ann": 3.0, "Bob": 1.0})
