"""Features: names, mirror, what does not matter, and the code they were made with."""

from __future__ import annotations

import inspect
import io
import tokenize
from types import ModuleType

import numpy as np
import pytest

from imigue_core.models.features import events, geometry, revision, trunk
from imigue_core.models.features.code_hash import compute_code_hash, list_numbers
from imigue_core.models.features.columns import Columns
from imigue_core.models.features.table import FEATURE_NAMES, LARGEST_FEATURE, MIRROR, N_FEATURES, compute_features
from imigue_core.skeleton.layout import FACE_SLICE, LEFT_HAND_SLICE, RIGHT_HAND_SLICE
from imigue_core.skeleton.normalise import normalise_shot
from tests.unit.models.people import WIDTH, make_person

TIMES = np.arange(400) / 25
KNOWN = {
    1: (
        "5a17728f499fb8a3",
        (-0.0053, 0.0198, -0.0447, 0.3633, -1.3221, 0.2360, -0.0640, 0.7697,
         0.8368, -0.0041, 0.0199, -0.0285, 0.2867, 0.4152, -1.3122, 0.2712),
    ),
}  # fmt: skip
"""Revision -> the preprocessing hash's beginning, and some features of one person."""
_FACE_MIRROR = [
    *range(16, -1, -1), *range(26, 16, -1), 27, 28, 29, 30, 35, 34, 33, 32, 31, 45, 44, 43, 42, 47, 46,
    39, 38, 37, 36, 41, 40, 54, 53, 52, 51, 50, 49, 48, 59, 58, 57, 56, 55, 64, 63, 62, 61, 60, 67, 66, 65, 69, 68,
]  # fmt: skip


def mirror(keypoints: np.ndarray) -> np.ndarray:
    """The person as in a mirror: x turned round, sides swapped."""
    order = np.arange(137)
    for a, b in ((2, 5), (3, 6), (4, 7), (9, 12), (15, 16), (17, 18)):
        order[a], order[b] = b, a
    order[FACE_SLICE] = FACE_SLICE.start + np.array(_FACE_MIRROR)
    order[LEFT_HAND_SLICE], order[RIGHT_HAND_SLICE] = order[RIGHT_HAND_SLICE].copy(), order[LEFT_HAND_SLICE].copy()
    mirrored = keypoints.copy()
    mirrored[:, :, 0] = WIDTH - mirrored[:, :, 0]
    return mirrored[:, order]


def compute(keypoints: np.ndarray) -> np.ndarray:
    return compute_features(normalise_shot(keypoints, TIMES[: len(keypoints)]))


def test_there_is_a_column_for_every_name() -> None:
    table = compute(make_person(1, TIMES).keypoints)
    assert table.shape == (400, N_FEATURES)
    assert table.dtype == np.float32
    assert len(set(FEATURE_NAMES)) == N_FEATURES
    assert not np.isnan(table).any()
    assert np.abs(table).max() <= LARGEST_FEATURE


def test_a_mirrored_person_has_mirrored_features() -> None:
    keypoints = make_person(2, TIMES).keypoints.copy()
    keypoints[100:140, LEFT_HAND_SLICE] = (np.nan, np.nan, 0)
    expected = compute(keypoints)[:, MIRROR.order] * MIRROR.sign
    assert np.nanmax(np.abs(compute(mirror(keypoints)) - expected)) < 2e-3
    assert np.array_equal(np.isnan(compute(mirror(keypoints))), np.isnan(expected))


def test_a_mirror_in_a_mirror_changes_nothing() -> None:
    assert np.array_equal(MIRROR.order[MIRROR.order], np.arange(N_FEATURES))
    assert np.array_equal(MIRROR.sign * MIRROR.sign[MIRROR.order], np.ones(N_FEATURES))


def test_every_feature_says_something_about_somebody_who_moves() -> None:
    table = compute(make_person(3, TIMES).keypoints)
    constant = {name for name, sd in zip(FEATURE_NAMES, table.std(axis=0), strict=True) if sd < 1e-6}
    assert {name for name in constant if not name.endswith("found")} == set()


def test_a_missing_hand_leaves_its_shape_missing_and_its_place_guessed() -> None:
    keypoints = make_person(4, TIMES).keypoints.copy()
    keypoints[:, LEFT_HAND_SLICE] = (np.nan, np.nan, 0)
    table = dict(zip(FEATURE_NAMES, compute(keypoints).T, strict=True))
    assert np.isnan(table["left_index_straight"]).all()
    assert (table["left_hand_found"] == 0).all()
    assert not np.isnan(table["left_near_chin"]).any()
    assert not np.isnan(table["right_index_straight"]).any()


@pytest.mark.parametrize("point", [8, 4, 25 + 30])
def test_one_lost_point_leaves_most_features(point: int) -> None:
    keypoints = make_person(5, TIMES).keypoints.copy()
    keypoints[:, point] = (np.nan, np.nan, 0)
    assert np.isnan(compute(keypoints)).mean() < 0.15


def test_a_hand_at_the_chin_is_close_to_it_whoever_it_is() -> None:
    keypoints = make_person(6, TIMES).keypoints.copy()
    chin = keypoints[:, [FACE_SLICE.start + 8], :2]
    away = dict(zip(FEATURE_NAMES, compute(keypoints).T, strict=True))["right_near_chin"]
    keypoints[:, RIGHT_HAND_SLICE, :2] += chin - keypoints[:, [116 + 8], :2]
    there = dict(zip(FEATURE_NAMES, compute(keypoints).T, strict=True))["right_near_chin"]
    assert away.max() < 0.3
    assert there.min() > 0.9


def test_the_code_between_poses_and_features_is_the_one_that_the_revision_names() -> None:
    """Fails when a number in that code changes and REVISION does not.

    Where features change: raise REVISION, train the bundled models again and add a row to KNOWN. Where they are
    the very same: put the old hash into SAME_FEATURES, and the new one here and on the bundled card.
    """
    known_hash, known_features = KNOWN[revision.REVISION]
    table = compute(make_person(7, TIMES, noise_px=0.5).keypoints)
    assert revision.PREPROCESSING_HASH[:16] == known_hash
    assert np.allclose(table[::37, ::29].ravel()[:16], known_features, atol=2e-3)


@pytest.mark.parametrize("module", revision.MODULES, ids=lambda module: module.__name__.rsplit(".", 1)[-1])
def test_the_hash_covers_every_number_in_the_code(module: ModuleType) -> None:
    source = inspect.getsource(module)
    lines = source.splitlines(keepends=True)
    before = list_numbers(source)
    tokens = [t for t in tokenize.generate_tokens(io.StringIO(source).readline) if t.type == tokenize.NUMBER]
    assert len(tokens) <= len(before)
    for token in tokens:
        (row, first), (_, last) = token.start, token.end
        line = lines[row - 1]
        changed = [*lines[: row - 1], f"{line[:first]}{eval(token.string) + 1}{line[last:]}", *lines[row:]]
        assert list_numbers("".join(changed)) != before, token


def test_a_changed_sign_changes_the_hash() -> None:
    assert list_numbers("place(0, -0.62)") != list_numbers("place(0, 0.62)")


def test_the_revision_and_every_fact_are_part_of_the_hash() -> None:
    hashes = {
        compute_code_hash(*given)
        for given in ((1, [geometry], "a"), (2, [geometry], "a"), (1, [trunk], "a"), (1, [geometry], "b"))
    }
    assert len(hashes) == 4


def test_the_code_between_gestures_and_measures_is_the_one_that_the_revision_names() -> None:
    """As above, for the emotion score; EVENT_REVISION and SAME_EVENT_FEATURES are in events.py."""
    assert {1: "daef9fa442b06c49"}[events.EVENT_REVISION] == events.EVENT_HASH[:16]


def test_a_column_is_declared_once() -> None:
    columns = Columns()
    columns.even(wrist_up=TIMES)
    with pytest.raises(AssertionError, match="wrist_up"):
        columns.odd(wrist_up=TIMES)


def test_a_mirror_is_what_each_column_was_declared_to_do() -> None:
    columns = Columns()
    columns.even(near=TIMES)
    columns.odd(across=TIMES)
    columns.sided(geometry.LEFT, out=TIMES)
    columns.swapped(("left_on_right", TIMES), ("right_on_left", TIMES))
    columns.sided(geometry.RIGHT, out=TIMES)
    names = list(columns.values)
    mirror = columns.make_mirror()
    assert [names[k] for k in mirror.order] == [
        "near", "across", "right_out", "right_on_left", "left_on_right", "left_out",
    ]  # fmt: skip
    assert mirror.sign.tolist() == [1, -1, 1, 1, 1, 1]
