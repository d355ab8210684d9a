"""The marker videos themselves: what tests and bench rely on."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from imigue_core.video.frames import iter_frames
from imigue_core.video.probe import probe_video
from tests.harness.media import draw_marker, get_real_clip, loop_by_remux, read_marker


@pytest.mark.parametrize("size", [(240, 320), (90, 160), (241, 321), (1080, 1920)])
def test_a_marker_reads_back_at_any_size(size: tuple[int, int]) -> None:
    for index in (0, 1, 255, 256, 21845, 43690, 65535):
        picture = np.full((*size, 3), 128, dtype=np.uint8)
        draw_marker(picture, index)
        assert read_marker(picture) == index


def test_a_covered_marker_is_told_apart_from_a_number() -> None:
    picture = np.full((240, 320, 3), 128, dtype=np.uint8)
    assert read_marker(picture) == -1
    draw_marker(picture, 1000)
    picture[:20] = 0
    assert read_marker(picture) == -1


def test_a_looped_clip_repeats_the_same_pictures_at_the_same_rate(tmp_path: Path) -> None:
    clip = get_real_clip()
    looped = loop_by_remux(clip, tmp_path / "looped.mp4", 3)
    one, three = probe_video(clip), probe_video(looped)
    assert (one.codec, one.width, one.height, one.n_frames) == ("h264", 193, 144, 120)
    assert three.n_frames == 360
    assert (three.fps, three.is_variable, three.warnings) == (one.fps, False, [])
    pictures = dict(iter_frames(looped))
    assert all(np.array_equal(pictures[i], pictures[i + 240]) for i in range(0, 120, 17))
