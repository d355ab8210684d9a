"""Normalising poses: rates, gaps, shots, scale."""

from __future__ import annotations

import numpy as np
import pytest

from imigue_core.skeleton.normalise import RATE_HZ, ROW, list_shots, normalise, normalise_shot
from imigue_core.skeleton.pose import PoseSequence
from tests.unit.models.people import make_person

SECONDS = 12.0


def steady(fps: float, seconds: float = SECONDS) -> np.ndarray:
    return np.arange(int(seconds * fps)) / fps


def test_one_motion_looks_the_same_at_other_rates() -> None:
    usual = normalise_shot(make_person(3, steady(25)).keypoints, steady(25))
    rng = np.random.default_rng(0)
    uneven = np.sort(rng.uniform(0, SECONDS, 380))
    uneven[0] = 0.0
    for times in (steady(359 / 12), steady(30), steady(50), uneven):
        other = normalise_shot(make_person(3, times).keypoints, times)
        n = min(len(usual.times_s), len(other.times_s)) - 5
        assert np.nanmax(np.abs(usual.xy[:, :, 5:n] - other.xy[:, :, 5:n])) < 0.02


def test_repeated_frames_do_not_look_like_motion() -> None:
    person = make_person(4, steady(25)).keypoints
    times = steady(359 / 12)
    shown = np.searchsorted(steady(25), times + 1e-9, side="right") - 1
    converted = normalise_shot(person[shown], times)
    usual = normalise_shot(person, steady(25))
    n = min(len(usual.times_s), len(converted.times_s)) - 5
    speed = np.abs(np.diff(usual.xy[:, :, 5:n], axis=2))
    jerk = np.abs(np.diff(usual.xy[:, :, 5:n] - converted.xy[:, :, 5:n], axis=2))
    assert np.nanmean(jerk) < 0.5 * np.nanmean(speed)


def test_samples_come_25_times_a_second_from_the_first_frame_on() -> None:
    times = 100 + steady(30)
    shot = normalise_shot(make_person(1, steady(30)).keypoints, times)
    assert shot.times_s[0] == 100
    assert np.allclose(np.diff(shot.times_s), 1 / RATE_HZ)
    assert shot.times_s[-1] <= times[-1] < shot.times_s[-1] + 1 / RATE_HZ + 1e-6


def test_gaps_of_eight_frames_are_filled_and_longer_ones_stay() -> None:
    keypoints = make_person(2, steady(25)).keypoints.copy()
    keypoints[50:58, 95:116] = (np.nan, np.nan, 0)
    keypoints[100:112, 95:116] = (np.nan, np.nan, 0)
    shot = normalise_shot(keypoints, steady(25))
    missing = np.isnan(shot.xy[0, ROW[95]])
    assert not missing[40:70].any()
    assert missing[100:112].all()
    assert missing.sum() == 12
    assert (shot.confidence[ROW[95]][missing] == 0).all()


def test_points_under_the_least_confidence_are_missing() -> None:
    keypoints = make_person(2, steady(25)).keypoints.copy()
    keypoints[:, 4, 2] = 0.09
    assert np.isnan(normalise_shot(keypoints, steady(25)).xy[:, ROW[4]]).all()


def test_size_and_place_in_the_picture_do_not_matter() -> None:
    person = make_person(5, steady(25)).keypoints
    nearer = person.copy()
    nearer[:, :, :2] = nearer[:, :, :2] * 1.7 + (90, -40)
    one, other = (normalise_shot(k, steady(25)) for k in (person, nearer))
    assert np.nanmax(np.abs(one.xy - other.xy)) < 1e-3
    assert other.scale_px == pytest.approx(1.7 * one.scale_px, rel=1e-4)


def test_a_shoulder_width_is_one_unit_and_up_is_positive() -> None:
    shot = normalise_shot(make_person(5, steady(25)).keypoints, steady(25))
    assert np.nanmedian(shot.xy[0, ROW[5]] - shot.xy[0, ROW[2]]) == pytest.approx(1, abs=0.02)
    assert np.nanmedian(shot.xy[1, ROW[0]]) > 0.5


def test_nothing_crosses_a_shot_cut() -> None:
    person = make_person(6, steady(25))
    cut = 130
    changed = person.keypoints.copy()
    changed[cut:, :, :2] = changed[cut:, :, :2] * 0.5 + 300
    first, second = normalise(PoseSequence(changed, person.size), steady(25), [cut])
    alone = normalise_shot(changed[cut:], steady(25)[cut:], cut)
    assert (first.first_frame, first.n_frames, second.first_frame, second.n_frames) == (0, cut, cut, 300 - cut)
    assert np.array_equal(second.xy, alone.xy, equal_nan=True)
    assert np.array_equal(first.xy, normalise_shot(person.keypoints[:cut], steady(25)[:cut]).xy, equal_nan=True)


def test_shots_are_whole_and_sorted_whatever_the_cuts() -> None:
    assert list_shots(10, []) == [(0, 10)]
    assert list_shots(10, [7, 3, 3, 0, 10, 99]) == [(0, 3), (3, 7), (7, 10)]


def test_nobody_and_a_single_frame_are_no_trouble() -> None:
    nobody = np.full((40, 137, 3), np.nan, np.float32)
    nobody[:, :, 2] = 0
    assert np.isnan(normalise_shot(nobody, steady(25)[:40]).xy).all()
    assert normalise_shot(make_person(1, steady(25)).keypoints[:1], np.zeros(1)).xy.shape[2] == 1
