"""The motion threshold and the constant guess."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from imigue_core.metrics.detection import compute_scores
from imigue_core.metrics.matching import VideoSpans, make_spans, match_videos
from imigue_core.skeleton.layout import LEFT_SHOULDER, NOSE, RIGHT_SHOULDER, RIGHT_WRIST
from imigue_core.skeleton.pose import PoseSequence
from imigue_core.training.baselines import (
    compute_speeds,
    find_segments,
    predict_constant,
    predict_motion,
    tune_constant,
    tune_motion,
)

FPS, N = 25.0, 1500
LABELS = [(8, 200, 249, 1.0), (8, 600, 699, 1.0), (29, 900, 919, 1.0), (8, 1200, 1259, 1.0)]


def make_poses(*, fps: float = FPS, n: int = N) -> tuple[PoseSequence, np.ndarray]:
    """Somebody 100 px wide whose right hand moves 200 px a second during the labels of class 8."""
    times = np.arange(n) / fps
    keypoints = np.full((n, 137, 3), np.nan, np.float32)
    keypoints[:, :, 2] = 0
    for point, x in ((LEFT_SHOULDER, 350.0), (RIGHT_SHOULDER, 250.0), (NOSE, 300.0), (RIGHT_WRIST, 250.0)):
        keypoints[:, point] = (x, 200.0, 0.8)
    for class_id, start, end, _ in LABELS:
        if class_id == 8:
            moving = (times >= start / FPS) & (times <= end / FPS)
            keypoints[:, RIGHT_WRIST, 0] += np.cumsum(moving) * 200 / fps
    return PoseSequence(keypoints, (640, 480)), times


def make_video() -> VideoSpans:
    return VideoSpans(make_spans(LABELS), make_spans([]), N, FPS)


def test_speed_is_shoulder_widths_a_second_at_any_rate() -> None:
    for fps, n in ((25.0, 1500), (60.0, 3600)):
        speeds = compute_speeds(*make_poses(fps=fps, n=n))
        middle = round(26 * fps)
        assert speeds["hands"][middle] == pytest.approx(2.0, rel=0.01)
        assert speeds["hands"][: round(6 * fps)].max() == pytest.approx(0.0, abs=1e-3)
        assert speeds["head"].max() == pytest.approx(0.0, abs=1e-3)


def test_gaps_and_missing_points_are_no_motion() -> None:
    poses, times = make_poses()
    poses.keypoints[50:90, RIGHT_WRIST] = (np.nan, np.nan, 0)
    speeds = compute_speeds(poses, times)
    assert speeds["hands"][:180].max() == pytest.approx(0.0, abs=1e-3)
    poses.keypoints[:] = (np.nan, np.nan, 0)
    assert all((s == 0).all() for s in compute_speeds(poses, times).values())
    assert all((s == 0).all() for s in compute_speeds(PoseSequence(poses.keypoints[:1]), times[:1]).values())


def test_segments_close_short_gaps_and_drop_short_runs() -> None:
    active = np.zeros(200, bool)
    active[10:30] = active[35:50] = active[100:103] = active[180:] = True
    assert find_segments(active, 25.0) == [(10, 49), (180, 199)]
    assert find_segments(np.zeros(5, bool), 25.0) == []


def test_tuning_finds_the_moving_part_and_its_class() -> None:
    poses, times = make_poses()
    speeds = compute_speeds(poses, times)
    rules = tune_motion([make_video()], [speeds])
    assert rules[0].part == "hands"
    assert rules[0].class_id == 8
    predicted = predict_motion(rules, speeds, FPS)
    scores = compute_scores(match_videos([replace(make_video(), predicted=predicted)]))
    assert scores.per_class[8].f1 == 1


def test_the_constant_guess_tiles_the_commonest_class() -> None:
    guess = tune_constant([make_video()])
    assert guess.class_id == 8
    assert guess.duration_s == pytest.approx(60 / 25)
    spans = predict_constant(guess, N, FPS)
    assert spans.starts.tolist() == list(range(0, N, 60))
    assert spans.ends.tolist() == [min(s + 59, N - 1) for s in range(0, N, 60)]
    assert set(spans.class_ids.tolist()) == {8}


def test_baselines_do_without_any_label() -> None:
    empty = VideoSpans(make_spans([]), make_spans([]), N, FPS)
    guess = tune_constant([empty])
    assert predict_constant(guess, 10, FPS).ends.tolist() == [9]
    assert tune_motion([empty], [compute_speeds(*make_poses())])
