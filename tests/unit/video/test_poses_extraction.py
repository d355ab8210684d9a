"""Pose extraction on a real clip: what is found, and that a range is always the same."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from imigue_core.errors import InputError, WorkerError
from imigue_core.video.poses import RANGE_FRAMES, extract_range, list_ranges
from imigue_core.video.probe import probe_video
from imigue_core.video.proxy import make_proxy

pytestmark = pytest.mark.skipif(importlib.util.find_spec("mediapipe") is None, reason="MediaPipe is not installed")
SIZE = (540, 720)


@dataclass(frozen=True)
class Clip:
    proxy: Path
    keypoints: NDArray[np.float32]


@pytest.fixture(scope="module")
def clip(real_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Clip:
    """A real person waving: 30 of 58 frames, extracted once."""
    source = real_data / "waving_hand.mp4"
    proxy = tmp_path_factory.mktemp("clip") / "proxy.mp4"
    make_proxy(source, proxy, probe_video(source))
    return Clip(proxy, extract_range(proxy, 0, 30, scale=(1, 1), size=SIZE))


def test_ranges_cover_every_frame_once_at_fixed_places() -> None:
    assert list_ranges(620) == [(0, 250), (250, 500), (500, 620)]
    assert list_ranges(RANGE_FRAMES) == [(0, 250)]
    assert list_ranges(0) == []


def test_a_real_person_is_found(clip: Clip) -> None:
    found = clip.keypoints[:, :, 2] > 0
    assert clip.keypoints.shape == (30, 137, 3)
    assert found[:, [0, 1, 2, 5]].all()
    assert found[:, 25 + 30].mean() > 0.9


def test_the_face_stands_upright_on_the_shoulders(clip: Clip) -> None:
    seen = [0, 1, 2, 5, 15, *range(25, 95)]
    x, y = np.full((2, 137), np.nan)
    x[seen], y[seen] = np.nanmedian(clip.keypoints[:, seen, :2], axis=0).T
    jaw, chin, nose_tip = 25, 25 + 8, 25 + 30
    assert x[2] < x[1] < x[5], "the person's right shoulder is on the left of the picture"
    assert x[jaw] < x[nose_tip] < x[jaw + 16]
    assert y[25 + 68] < y[nose_tip] < y[chin] < y[1]
    assert abs(x[0] - x[nose_tip]) < 30
    assert abs(x[15] - x[25 + 68]) < 20, "body's and face's right eye agree"


def test_the_same_range_always_gives_the_same_points(clip: Clip) -> None:
    again = extract_range(clip.proxy, 0, 30, scale=(1, 1), size=SIZE)
    np.testing.assert_array_equal(again, clip.keypoints)


def test_a_later_range_joins_the_one_before(clip: Clip) -> None:
    later = extract_range(clip.proxy, 20, 30, scale=(1, 1), size=SIZE)
    distance = np.linalg.norm(later[:, :95, :2] - clip.keypoints[20:, :95, :2], axis=2)
    assert later.shape == (10, 137, 3)
    assert np.nanmedian(distance) < 2


def test_points_are_in_source_pixels(clip: Clip) -> None:
    doubled = extract_range(clip.proxy, 0, 3, scale=(2, 2), size=(1080, 1440))
    np.testing.assert_allclose(doubled[:, :, :2], clip.keypoints[:3, :, :2] * 2, atol=0.01)


def test_a_box_looks_at_that_part_only_and_maps_back(clip: Clip) -> None:
    boxed = extract_range(clip.proxy, 0, 5, scale=(1, 1), size=SIZE, box=(60, 60, 460, 660))
    distance = np.linalg.norm(boxed[:, 25:95, :2] - clip.keypoints[:5, 25:95, :2], axis=2)
    assert np.nanmedian(distance) < 4
    corner = extract_range(clip.proxy, 0, 3, scale=(1, 1), size=SIZE, box=(0, 0, 120, 90))
    assert not (corner[:, :, 2] > 0).any()


@pytest.mark.parametrize("box", [(600, 0, 50, 50), (10, 10, 5, 300), (-100, -100, 90, 90)])
def test_a_box_beside_the_picture_is_refused(clip: Clip, box: tuple[float, float, float, float]) -> None:
    with pytest.raises(InputError, match="PERSON_BOX"):
        extract_range(clip.proxy, 0, 3, scale=(1, 1), size=SIZE, box=box)


def test_a_proxy_that_ends_early_is_an_error(clip: Clip) -> None:
    with pytest.raises(WorkerError, match="POSE_LENGTH"):
        extract_range(clip.proxy, 50, 70, scale=(1, 1), size=SIZE)


def test_progress_ends_with_all_frames(clip: Clip) -> None:
    calls: list[tuple[int, int]] = []
    extract_range(
        clip.proxy, 14, 26, scale=(1, 1), size=SIZE, on_progress=lambda done, total: calls.append((done, total))
    )
    assert calls[-1] == (12, 12)
    assert calls == sorted(calls)


WORKER = """
import sys
from imigue_core.video.poses import extract_range, silence_native_output
assert "mediapipe" not in sys.modules
silence_native_output()
extract_range(sys.argv[1], 0, 2, scale=(1, 1), size=(540, 720))
print("still heard", file=sys.stderr)
"""


def test_a_worker_loads_mediapipe_late_and_stays_quiet(clip: Clip) -> None:
    done = subprocess.run(
        [sys.executable, "-c", WORKER, str(clip.proxy)], capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stdout == ""
    assert done.stderr == "still heard\n"
