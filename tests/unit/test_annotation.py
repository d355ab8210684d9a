"""Spans, classes and their refusals."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imigue_core.annotation import Span, compute_overlap_frames, compute_tiou, validate_span
from imigue_core.errors import BadRow, BadRowsError, InputError
from imigue_core.taxonomy import CLASSES, ILLUSTRATIVE_ID, Group, get_class

spans = st.tuples(st.integers(0, 5000), st.integers(0, 500)).map(lambda s: Span(s[0], s[0] + s[1]))


def test_both_ends_belong_to_a_span() -> None:
    assert Span(10, 10).n_frames == 1
    assert Span(0, 24).n_frames == 25


@given(spans, spans)
def test_tiou_is_symmetric_and_bounded(a: Span, b: Span) -> None:
    assert compute_tiou(a, b) == compute_tiou(b, a)
    assert 0 <= compute_tiou(a, b) <= 1
    assert (compute_tiou(a, b) == 1) == (a == b)


@given(spans, spans)
def test_overlap_counts_the_shared_frames(a: Span, b: Span) -> None:
    frames = set(range(a.start_frame, a.end_frame + 1)) & set(range(b.start_frame, b.end_frame + 1))
    assert compute_overlap_frames(a, b) == len(frames)


@pytest.mark.parametrize(
    ("start", "end", "code"),
    [
        (5, 4, "SPAN_REVERSED"),
        (-1, 4, "SPAN_OUT_OF_RANGE"),
        (0, 100, "SPAN_OUT_OF_RANGE"),
        (12.5, 13, "FRAME_NOT_INTEGER"),
        ("1", 2, "FRAME_NOT_INTEGER"),
        (True, 2, "FRAME_NOT_INTEGER"),
        (None, 2, "FRAME_NOT_INTEGER"),
        (0, 10**30, "NUMBER_TOO_LARGE"),
    ],
)
def test_bad_spans_are_refused_by_code(start: object, end: object, code: str) -> None:
    with pytest.raises(InputError) as refusal:
        validate_span(start, end, 100)
    assert refusal.value.code == code


def test_the_last_frame_is_legal_and_a_length_may_be_unknown() -> None:
    assert validate_span(0, 99, 100) == Span(0, 99)
    assert validate_span(0, 99_999, None) == Span(0, 99_999)


def test_the_class_list_is_the_papers() -> None:
    assert len(CLASSES) == 32
    assert sum(c.published_count for c in CLASSES) == 18_499 - 1  # the table lacks one of the paper's clips
    sizes = {group: sum(c.group is group for c in CLASSES) for group in Group}
    assert list(sizes.values()) == [3, 4, 7, 8, 9, 1]
    assert get_class(ILLUSTRATIVE_ID).code == "C32"


@pytest.mark.parametrize("class_id", [0, 32, -1, "7", None])
def test_unknown_classes_are_refused(class_id: object) -> None:
    with pytest.raises(InputError, match="VOCABULARY_UNKNOWN"):
        get_class(class_id)  # type: ignore[arg-type]


def test_a_refused_file_names_its_bad_rows_but_not_without_end() -> None:
    rows = [BadRow(line, "SPAN_REVERSED", "expected start <= end") for line in range(2, 203)]
    error = BadRowsError("labels.csv", rows)
    assert error.code == "SPAN_REVERSED"
    assert "line 101:" in str(error)
    assert "line 102:" not in str(error)
    assert "and 101 more" in str(error)
