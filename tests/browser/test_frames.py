"""Frame-exact by proof: numbers burnt into sources, read back from the page's pixels."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from imigue_core.skeleton.layout import N_KEYPOINTS
from imigue_core.skeleton.pose import PoseSequence, save_npz
from tests.harness.media import MarkerSpec, make_marker_video
from tests.harness.pixels import DOT, DOT_CODES, MARKER, place_dot
from tests.harness.reviewing import open_project
from tests.harness.seat import Seat
from tests.harness.studio import Studio
from tests.harness.tabs import Tabs

SOURCES = {
    "b_frames_gop_250": MarkerSpec(n_frames=300, width=640, height=480),
    "variable_rate": MarkerSpec(n_frames=300, width=640, height=480, steps=(1, 2, 1, 1, 3, 1, 1, 5), fps=Fraction(50)),
    "late_start": MarkerSpec(n_frames=300, width=640, height=480, start_s=Fraction(7, 5)),
    "fps_359_12": MarkerSpec(n_frames=300, width=640, height=480, fps=Fraction(359, 12)),
    "plain_25": MarkerSpec(n_frames=300, width=640, height=480, gop=12, b_frames=0),
}
NOSE = 0


@pytest.fixture(scope="module")
def studio(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Studio]:
    """One for all sources."""
    server = open_project(tmp_path_factory.mktemp("frames"))
    yield server
    server.stop()


def make_dot_poses(path: Path, spec: MarkerSpec) -> Path:
    """Poses with one keypoint, whose place says which frame it belongs to."""
    keypoints = np.full((spec.n_frames, N_KEYPOINTS, 3), np.nan, np.float32)
    keypoints[:, :, 2] = 0
    for frame in range(spec.n_frames):
        keypoints[frame, NOSE] = (*place_dot(frame, spec.width, spec.height), 1.0)
    save_npz(path, PoseSequence(keypoints))
    return path


def add_with_dots(studio: Studio, folder: Path, name: str) -> int:
    spec = SOURCES[name]
    video = make_marker_video(folder / f"{name}.mp4", spec)
    poses = make_dot_poses(folder / f"{name}.npz", spec)
    return studio.add(str(video), "--poses", str(poses))


def press_right(seat: Seat, target: int) -> list[int]:
    """One press of the arrow key; what frame the player says it shows, and what marker and dot say."""
    seat.press("ArrowRight")
    seen: list[int] = seat.run(
        MARKER
        + DOT
        + """
        const deadline = performance.now() + 5000;
        const isThere = () => player.frame === argument && player.position === argument && player.hasOverlay;
        while (!isThere() && performance.now() < deadline) await new Promise(requestAnimationFrame);
        return [player.frame, readMarker(), readDot()];
        """,
        target,
    )
    return seen


@pytest.mark.parametrize("name", SOURCES)
def test_every_seek_and_step_shows_the_frame_it_names(browser: Tabs, studio: Studio, tmp_path: Path, name: str) -> None:
    video_id = add_with_dots(studio, tmp_path, name)
    seat = Seat(browser.browser, studio)
    seat.allow_source_pixels()
    seat.annotate(video_id)
    seat.show("source")
    last = SOURCES[name].n_frames - 1
    rng = np.random.default_rng(3)
    start = int(rng.integers(0, last - 100))
    targets = [0, last, *rng.integers(0, last + 1, 200).tolist(), start]
    wrong = seat.run(
        MARKER
        + DOT
        + f"""
        const wrong = [];
        for (const target of argument) {{
            await player.seek(target);
            const marker = readMarker(), dot = readDot();
            if (player.frame !== target || marker !== target || dot !== target % {DOT_CODES})
                wrong.push([target, player.frame, marker, dot]);
        }}
        return wrong;
        """,
        targets,
    )
    assert wrong == []
    steps = [press_right(seat, target) for target in range(start + 1, start + 101)]
    assert steps == [[target, target, target % DOT_CODES] for target in range(start + 1, start + 101)]
    assert seat.errors == []
    seat.close()


@pytest.mark.parametrize("name", ["b_frames_gop_250", "fps_359_12"])
def test_picture_and_skeleton_agree_during_playback(browser: Tabs, studio: Studio, tmp_path: Path, name: str) -> None:
    video_id = add_with_dots(studio, tmp_path, name)
    seat = Seat(browser.browser, studio)
    seat.allow_source_pixels()
    seat.annotate(video_id)
    seat.show("source")
    seen = seat.run(
        MARKER
        + DOT
        + """
        const seen = [];
        await player.seek(0);
        player.onDrawn = frame => seen.push([frame, readMarker(), readDot()]);
        player.play();
        const deadline = performance.now() + 30000;
        while (seen.length < 100 && performance.now() < deadline) await new Promise(requestAnimationFrame);
        player.pause();
        player.onDrawn = null;
        return seen;
        """
    )
    assert len(seen) >= 100
    assert [row for row in seen if row[1] != row[0] or row[2] != row[0] % DOT_CODES] == []
    seat.close()
