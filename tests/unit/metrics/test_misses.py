"""Why labels were not found."""

from __future__ import annotations

from hypothesis import given

from imigue_core.metrics.matching import Spans, VideoSpans, make_spans, match_spans
from imigue_core.metrics.misses import Fate, count_confusions, list_fates
from tests.unit.metrics.test_matching import tables


def test_each_fate_has_its_case() -> None:
    truth = make_spans([(8, 0, 99, 1), (11, 200, 299, 1), (29, 400, 499, 1), (31, 600, 699, 1), (20, 800, 899, 1)])
    predicted = make_spans(
        [(8, 0, 99, 0.9), (8, 200, 299, 0.9), (29, 490, 589, 0.9), (31, 600, 699, 0.2), (7, 800, 899, 0.2)]
    )
    fates = list_fates([VideoSpans(truth, predicted, 1500)], threshold=0.5)
    assert [f.fate for f in fates] == [Fate.FOUND, Fate.CONFUSED, Fate.MISPLACED, Fate.TOO_LOW, Fate.UNSEEN]
    assert [f.class_id for f in fates] == [8, 11, 29, 31, 20]
    assert count_confusions(fates, 11) == [(8, 1)]
    assert count_confusions(fates, 8) == []


def test_without_predictions_everything_is_unseen() -> None:
    fates = list_fates([VideoSpans(make_spans([(8, 0, 99, 1)]), make_spans([]), 1500)], threshold=0.5)
    assert [f.fate for f in fates] == [Fate.UNSEEN]


@given(tables(), tables())
def test_as_many_are_found_as_match(predicted: Spans, truth: Spans) -> None:
    fates = list_fates([VideoSpans(truth, predicted, 1500)], threshold=0.4)
    matches = match_spans(predicted.select(predicted.scores >= 0.4), truth)
    assert sum(f.fate is Fate.FOUND for f in fates) == (matches >= 0).sum()
    assert all((f.instead is not None) == (f.fate is Fate.CONFUSED) for f in fates)
    assert all(f.instead != f.class_id for f in fates)
