"""What the scanner is asked to say, from spans in seconds."""

from __future__ import annotations

import numpy as np

from imigue_core.models.tasks import GROUP_OF_CLASS, LOG_OFFSET_S
from imigue_core.training.targets import LabelledSpans, make_targets
from tests.unit.suggest.voting import COLUMN

STRIDE = 4
TOKEN_S = 0.16


def make_spans(*acts: tuple[int, float, float]) -> LabelledSpans:
    columns, starts, ends = zip(*[(COLUMN[c], a, b) for c, a, b in acts], strict=True)
    return LabelledSpans(np.array(columns), np.array(starts, float), np.array(ends, float))


def test_tokens_carry_the_share_that_a_gesture_covers() -> None:
    targets = make_targets(make_spans((8, 1.58, 3.2)), 0, 200, STRIDE)
    row = targets.classes[COLUMN[8]]
    middles = np.arange(50) * TOKEN_S + 0.06
    assert row[(middles > 1.8) & (middles < 3.0)].min() == 1
    assert row[(middles < 1.4) | (middles > 3.4)].max() == 0
    assert np.isclose(row.sum() * TOKEN_S, 3.2 - 1.58, atol=1e-5)
    assert np.allclose(targets.classes[-1], 1 - row)


def test_every_token_inside_knows_the_way_to_both_edges() -> None:
    targets = make_targets(make_spans((8, 1.6, 3.2)), 0, 200, STRIDE)
    group = GROUP_OF_CLASS[COLUMN[8]]
    token = 15
    middle = token * TOKEN_S + 0.06
    back, on = np.exp(targets.edges[group, :, token]) - LOG_OFFSET_S
    assert np.isclose(middle - back, 1.6, atol=1e-5)
    assert np.isclose(middle + on, 3.2, atol=1e-5)
    assert (targets.edge_weights[group, :, token] == 1).all()
    assert targets.edge_weights[:, :, 0].max() == 0


def test_an_edge_outside_the_crop_is_not_asked_for() -> None:
    targets = make_targets(make_spans((8, 1.6, 12.0)), 100, 100, STRIDE)
    group = GROUP_OF_CLASS[COLUMN[8]]
    assert targets.classes[COLUMN[8]].min() == 1
    assert targets.edge_weights[group].max() == 0


def test_of_two_in_one_group_the_shorter_one_has_the_say_about_edges() -> None:
    targets = make_targets(make_spans((29, 2.0, 3.0), (2, 0.5, 6.0)), 0, 200, STRIDE)
    group = GROUP_OF_CLASS[COLUMN[29]]
    middle = 15 * TOKEN_S + 0.06
    assert np.isclose(middle - (np.exp(targets.edges[group, 0, 15]) - LOG_OFFSET_S), 2.0, atol=1e-5)
    assert targets.classes[COLUMN[2], 15] == targets.classes[COLUMN[29], 15] == 1


def test_tokens_of_long_holds_count_less() -> None:
    targets = make_targets(make_spans((17, 0.0, 8.0), (8, 0.0, 1.0)), 0, 200, STRIDE)
    assert np.isclose(targets.weights[COLUMN[17], 5], 0.5)
    assert targets.weights[COLUMN[8], 2] == 1
