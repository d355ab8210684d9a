"""Real people, real extractors: the skeleton is drawn where the stored keypoints are."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from imigue_core.skeleton.layout import LEFT_WRIST, RIGHT_WRIST
from imigue_core.skeleton.pose import load_npz
from tests.harness.seat import Seat
from tests.harness.studio import Studio
from tests.harness.tabs import Tabs

NOSE = 0
POINTS = (NOSE, RIGHT_WRIST, LEFT_WRIST)
MAX_DISTANCE_PX = 4
FIND_DOT = """
    // Joints are the brightest thing in the skeleton: the middle of what is nearly as bright as the brightest.
    const [frame, px, py] = argument;
    player.setShow({body: true, hands: false, face: false});
    await player.seek(frame);
    const {x, y, scale} = player.viewport();
    const half = 14, left = Math.round(x + px * scale) - half, top = Math.round(y + py * scale) - half;
    const side = 2 * half + 1;
    const data = player.canvas.getContext("2d").getImageData(left, top, side, side).data;
    const level = i => Math.min(data[i], data[i + 1], data[i + 2]);
    let brightest = 0;
    for (let i = 0; i < data.length; i += 4) brightest = Math.max(brightest, level(i));
    if (brightest < 90) return null;
    let n = 0, sumX = 0, sumY = 0;
    for (let i = 0; i < data.length; i += 4) {
        if (level(i) < 0.93 * brightest) continue;
        n += 1; sumX += (i / 4) % side; sumY += Math.floor(i / 4 / side);
    }
    return [(left + sumX / n + 0.5 - x) / scale, (top + sumY / n + 0.5 - y) / scale];
"""


def list_confident(path: Path) -> list[tuple[int, int, float, float]]:
    """(frame, point, x, y) of three frames that have nose and at least one wrist above 0.3."""
    keypoints = load_npz(path).keypoints
    sure = keypoints[:, POINTS, 2] > 0.3
    frames = np.flatnonzero(sure[:, 0] & sure[:, 1:].any(axis=1))
    chosen = frames[np.linspace(0, len(frames) - 1, 3).astype(int)]
    return [
        (int(frame), point, float(keypoints[frame, point, 0]), float(keypoints[frame, point, 1]))
        for frame in chosen
        for place, point in enumerate(POINTS)
        if sure[frame, place]
    ]


@pytest.fixture(scope="module")
def real_studio(tmp_path_factory: pytest.TempPathFactory, real_data: Path):  # type: ignore[no-untyped-def]
    studio = Studio(tmp_path_factory.mktemp("real") / "data")
    studio.command("add", str(real_data / "waving_hand.mp4"))
    studio.command("add", "--poses-only", str(real_data / "openpose_json"), "--fps", "25", "--size", "256x256")
    studio.start()
    yield studio
    studio.stop()


@pytest.mark.parametrize("name", ["waving_hand", "openpose_json"])
def test_nose_and_wrists_are_drawn_where_they_are_stored(browser: Tabs, real_studio: Studio, name: str) -> None:
    video_id = next(v["id"] for v in real_studio.list_videos() if v["name"] == name)
    seat = Seat(browser.browser, real_studio)
    seat.annotate(video_id)
    expected = list_confident(real_studio.data / "videos" / str(video_id) / "poses.npz")
    assert len({frame for frame, *_ in expected}) == 3
    for frame, point, x, y in expected:
        drawn = seat.run(FIND_DOT, [frame, x, y])
        assert drawn is not None, f"frame {frame}: no dot near point {point} at {x:.0f}, {y:.0f}"
        assert np.hypot(drawn[0] - x, drawn[1] - y) <= MAX_DISTANCE_PX, (frame, point, (x, y), drawn)
    seat.close()
    assert seat.errors == []


def test_real_video_opens_as_a_skeleton_and_asks_for_no_picture(browser: Tabs, real_studio: Studio) -> None:
    video_id = next(v["id"] for v in real_studio.list_videos() if v["name"] == "waving_hand")
    seat = Seat(browser.browser, real_studio, "Bea")
    asked: list[str] = []
    seat.listen("request", lambda request: asked.append(request.url))
    seat.annotate(video_id)
    seat.press("Space")
    seat.wait("player.frame > 20")
    assert seat.run("return player.mode") == "skeleton"
    assert not [url for url in asked if "proxy" in url or url.endswith((".mp4", ".jpg"))]
    assert seat.http.get(f"/api/videos/{video_id}/proxy.mp4").status_code == 403
    seat.close()
