"""The gallery's skeleton picture."""

from __future__ import annotations

from xml.etree import ElementTree

import numpy as np

from imigue_core.skeleton.thumbnail import draw_thumbnail_svg, find_thumbnail_frame
from tests.harness.poses import make_keypoints

SVG = "{http://www.w3.org/2000/svg}"


def test_the_picture_keeps_the_videos_shape_and_is_small() -> None:
    text = draw_thumbnail_svg(make_keypoints(1)[0], 1280, 720)
    root = ElementTree.fromstring(text)
    assert (root.get("viewBox"), root.get("width"), root.get("height")) == ("0 0 1280 720", "320", "180")
    assert len(text) < 10_000
    assert "nan" not in text


def test_left_and_right_have_their_colours() -> None:
    keypoints = np.full((137, 3), (np.nan, np.nan, 0), np.float32)
    keypoints[[3, 4]] = [(10, 10, 1), (20, 20, 1)]
    paths = ElementTree.fromstring(draw_thumbnail_svg(keypoints, 100, 100)).findall(f"{SVG}path")
    assert [(p.get("d"), p.get("stroke")) for p in paths] == [("M10.0 10.0L20.0 20.0", "#e69f00")]


def test_nobody_gives_an_empty_dark_picture() -> None:
    nobody = np.full((4, 137, 3), (np.nan, np.nan, 0), np.float32)
    assert find_thumbnail_frame(nobody) is None
    root = ElementTree.fromstring(draw_thumbnail_svg(nobody[0], 90, 160))
    assert [child.tag for child in root] == [f"{SVG}rect"]


def test_the_fullest_frame_is_chosen() -> None:
    keypoints = make_keypoints(6)
    keypoints[4] = (5, 5, 0.5)
    assert find_thumbnail_frame(keypoints) == 4
