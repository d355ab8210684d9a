"""The cameras: geometry that can be checked by hand, framing, drift and cuts."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from imigue_core.synthesis.camera import Camera, Framing, Shot, project, sample_camera, sample_shots
from imigue_core.synthesis.noise import make_rng
from tests.unit.synthesis.sitting import DESK_M, FRAMING, make_points

AHEAD = Camera((0.0, 0.5, 4.0), 0.0, 0.0, 0.0, 1000.0, (640.0, 360.0), (1280, 720))


def _see(point: tuple[float, float, float], camera: Camera) -> tuple[float, float, float]:
    points = np.tile(np.array(point, np.float32), (2, 137, 1))
    view = project(points, (Shot(0.0, camera),), np.array([0.0, 0.04]))
    return float(view.xy[0, 0, 0]), float(view.xy[0, 0, 1]), float(view.depth[0, 0])


def test_a_camera_ahead_sees_as_a_pinhole_does() -> None:
    assert _see((0, 0.5, 0), AHEAD) == pytest.approx((640, 360, 4))
    assert _see((0.4, 0.5, 0), AHEAD) == pytest.approx((740, 360, 4)), "the person's left is the picture's right"
    assert _see((0, 0.9, 0), AHEAD) == pytest.approx((640, 260, 4)), "up is up"
    assert _see((0.4, 0.5, 2), AHEAD) == pytest.approx((840, 360, 2)), "nearer is larger"


def test_a_turned_camera_still_faces_its_target() -> None:
    yaw = 0.3
    camera = replace(AHEAD, position=(-4 * np.sin(yaw), 0.5, 4 * np.cos(yaw)), yaw=yaw)
    assert _see((0, 0.5, 0), camera) == pytest.approx((640, 360, 4), abs=1e-3)
    x, _, depth = _see((0.4, 0.5, 0), camera)
    assert x - 640 == pytest.approx(1000 * 0.4 * np.cos(yaw) / depth, abs=1e-2)
    assert depth > 4, "a camera on the person's right is farther from the left side"


def test_roll_turns_the_picture() -> None:
    x, y, _ = _see((0.4, 0.5, 0), replace(AHEAD, roll=np.pi / 2))
    assert (x, abs(y - 360)) == pytest.approx((640, 100), abs=1e-2)


def test_people_take_as_much_of_the_picture_as_at_press_conferences() -> None:
    times = np.array([0.0, 0.04])
    points = make_points(times)
    shares, inside = [], []
    for seed in range(200):
        camera = sample_camera(make_rng(seed), (1280, 720), FRAMING)
        xy = project(points, (Shot(0.0, camera),), times).xy[0]
        shares.append((xy[1, 1] - xy[0, 1]) / 720 * (FRAMING.head_top - DESK_M) / 0.18)
        inside.append(np.all((xy[[0, 1, 2, 5]] > 0) & (xy[[0, 1, 2, 5]] < (1280, 720))))
    low, high = np.quantile(shares, (0.02, 0.98))
    assert 0.3 < low < 0.5, "medium shots: 35-85 % of the height"
    assert 0.7 < high < 1.0
    assert np.mean(inside) > 0.97, "head and shoulders are in the picture"


def test_half_out_means_half_out() -> None:
    times = np.array([0.0, 0.04])
    points = make_points(times)
    framing = Framing(head_top=0.82, bottom=DESK_M, is_half_out=True, only_medium=True)
    centre = [
        project(points, (Shot(0.0, sample_camera(make_rng(seed), (1280, 720), framing)),), times).xy[0, 1, 0] / 1280
        for seed in range(60)
    ]
    assert np.all((np.array(centre) < 0.2) | (np.array(centre) > 0.8))


def test_drift_belongs_to_times() -> None:
    shot = Shot(0.0, AHEAD, zoom_sd=0.05, pan_sd=0.02, shake_sd=0.001, seed=4)
    coarse, fine = np.arange(0, 60, 1 / 25), np.arange(0, 60, 1 / 50)
    at_25, at_50 = (project(make_points(t), (shot,), t) for t in (coarse, fine))
    np.testing.assert_allclose(at_25.xy, at_50.xy[::2], atol=0.02)
    np.testing.assert_allclose(at_25.scale, at_50.scale[::2], rtol=1e-5)
    assert at_25.scale.std() / at_25.scale.mean() > 0.01, "the operator zooms"
    assert np.abs(np.diff(at_25.scale)).max() / at_25.scale.mean() < 0.01, "slowly"


def test_a_cut_is_where_the_picture_jumps() -> None:
    times = np.arange(0, 120, 1 / 25)
    points = make_points(times)
    cut_seed = next(s for s in range(100) if len(sample_shots(make_rng(s), 120, FRAMING)) == 3)
    view = project(points, sample_shots(make_rng(cut_seed), 120, FRAMING), times)
    jumps = np.abs(np.diff(view.xy[:, 1], axis=0)).max(axis=1)
    assert len(view.shot_cuts) == 2
    assert sorted(np.argsort(jumps)[-2:] + 1) == view.shot_cuts
    assert np.sort(jumps)[-3] < 0.2 * np.sort(jumps)[-2]


def test_shots_are_spaced_and_rare() -> None:
    counts = []
    for seed in range(300):
        shots = sample_shots(make_rng(seed), 300, FRAMING)
        starts = np.array([shot.start_s for shot in shots])
        counts.append(len(shots) - 1)
        assert starts[0] == 0
        assert np.all(np.diff(starts) >= 5)
        assert starts[-1] < 300
        assert len({shot.camera.size for shot in shots}) == 1
    assert 0.65 < np.mean(np.array(counts) == 0) < 0.85
    assert max(counts) >= 3
