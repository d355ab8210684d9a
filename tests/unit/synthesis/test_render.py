"""What the renderer writes: a frame for each time, no sound, a figure where the skeleton is, and no face."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from av.video.stream import VideoStream

from imigue_core.skeleton.layout import FACE_SLICE, NECK
from imigue_core.synthesis.camera import project
from imigue_core.synthesis.interview import Interview, InterviewSpec, make_interview
from imigue_core.synthesis.mannequin import LOOKS, Look
from imigue_core.synthesis.render import Scenery, render_interview
from imigue_core.synthesis.stage_set import ROOMS, draw_wall

FPS = Fraction(25)
# A shirt of a colour that nothing else on the set has.
LOOK = Look(LOOKS[0].skin, (250, 20, 200), LOOKS[0].hair, long_sleeves=False)


@pytest.fixture(scope="module")
def interview() -> Interview:
    return make_interview(InterviewSpec(55, 4.0, FPS, mix="idle", profile="perfect"))


@pytest.fixture(scope="module")
def video(interview: Interview, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("render") / "acted.mp4"
    posture = interview.performance.posture
    scenery = Scenery(LOOK, ROOMS[0], posture.desk_height, posture.desk_distance, seed=1)
    render_interview(path, interview.performance.points, interview.shots, interview.times, scenery, FPS)
    return path


def decode(path: Path) -> list[np.ndarray]:
    with av.open(str(path)) as source:
        return [frame.to_ndarray(format="rgb24") for frame in source.decode(video=0)]


def test_there_is_a_frame_for_each_time_at_the_asked_rate_and_size(video: Path, interview: Interview) -> None:
    with av.open(str(video)) as source:
        (stream,) = source.streams
        assert isinstance(stream, VideoStream)
        assert stream.average_rate == FPS
        assert (stream.width, stream.height) == interview.size
    assert len(decode(video)) == len(interview.times)


def test_the_shirt_is_where_the_chest_is(video: Path, interview: Interview) -> None:
    view = project(interview.performance.points, interview.shots, interview.times)
    for frame, picture in list(enumerate(decode(video)))[::20]:
        neck, hips = view.xy[frame, NECK], view.xy[frame, 8]
        x, y = np.round(0.65 * neck + 0.35 * hips + (0.05 * view.scale[frame], 0)).astype(int)
        red, green, blue = picture[y - 1 : y + 2, x - 1 : x + 2].reshape(-1, 3).mean(axis=0)
        assert red - green > 120
        assert blue - green > 80


def test_the_head_has_no_features(video: Path, interview: Interview) -> None:
    """Between brows and mouth the head is one calm surface: nothing tells one person from another."""
    view = project(interview.performance.points, interview.shots, interview.times)
    picture = decode(video)[0].astype(float)
    face = view.xy[0, FACE_SLICE]
    middle = face[[36, 39, 42, 45, 48, 54]]
    left, top = np.ceil(middle.min(axis=0)).astype(int)
    right, bottom = np.floor(middle.max(axis=0)).astype(int)
    patch = picture[top:bottom, left:right]
    assert patch.size > 300
    # one shading line runs down the head; along it nothing changes
    assert np.abs(np.diff(np.median(patch, axis=1), axis=0)).max() < 12


def test_the_same_seed_draws_the_same_wall_and_another_seed_another() -> None:
    first, again, other = (draw_wall(160, 90, ROOMS[1], seed) for seed in (3, 3, 4))
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)
