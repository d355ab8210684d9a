"""What makes one recording into many."""

from __future__ import annotations

import numpy as np

from imigue_core.models.features.table import FEATURE_NAMES, MIRROR, N_FEATURES
from imigue_core.training.augment import blur_features, film_again, sample_times
from tests.unit.models.people import make_person


def test_frame_times_ascend_within_the_recording_at_usual_rates() -> None:
    rates, uneven = set(), 0
    for seed in range(80):
        times = sample_times(np.random.default_rng(seed), 30.0)
        steps = np.diff(times)
        assert (steps > 0).all()
        assert 0 <= times[0] < 0.2
        assert 29 < times[-1] <= 30
        uneven += bool(steps.std() > 1e-3)
        rates.add(round(1 / float(np.median(steps))))
    assert {24, 25, 30} <= rates
    assert 2 <= uneven <= 25


def test_filming_again_says_which_frame_each_new_one_was() -> None:
    times = np.arange(250) / 25
    person = make_person(1, times).keypoints
    lengths = set()
    for seed in range(30):
        points, new_times, kept = film_again(np.random.default_rng(seed), person, times)
        lengths.add(len(points))
        assert len(points) == len(new_times) == len(kept)
        assert (times[kept] <= new_times + 1e-6).all()
        assert np.array_equal(points[:, :, 2], person[kept][:, :, 2])
        moved = np.hypot(*(points[:, 5, :2] - points[:, 2, :2]).T)
        was = np.hypot(*(person[kept][:, 5, :2] - person[kept][:, 2, :2]).T)
        assert 0.7 < np.median(moved / was) < 1.4
    assert len(lengths) > 1, "some were converted to another rate"


def test_a_blurred_crop_is_mirrored_every_other_time_and_stays_near_itself() -> None:
    crop = np.random.default_rng(0).normal(size=(300, N_FEATURES)).astype(np.float32)
    scale = np.ones(N_FEATURES, np.float32)
    mirrored, lost = 0, 0
    for seed in range(40):
        copy = crop.copy()
        was_mirrored = blur_features(np.random.default_rng(seed), copy, scale)
        expected = crop[:, MIRROR.order] * MIRROR.sign if was_mirrored else crop
        assert np.nanmean(np.abs(copy - expected)) < 0.3
        mirrored += was_mirrored
        lost += bool(np.isnan(copy).any())
    assert 10 <= mirrored <= 30
    assert 5 <= lost <= 30


def test_lost_parts_leave_the_others() -> None:
    crop = np.zeros((300, N_FEATURES), np.float32)
    for seed in range(40):
        copy = crop.copy()
        blur_features(np.random.default_rng(seed), copy, np.ones(N_FEATURES, np.float32))
        assert not np.isnan(copy[:, FEATURE_NAMES.index("neck_up")]).any()
