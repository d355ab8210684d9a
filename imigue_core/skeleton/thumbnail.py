"""A small picture of a skeleton for the gallery, as SVG text.

It shows points and lines only, never a pixel of the source.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from imigue_core.skeleton.layout import EDGES, SIDE_COLOURS

THUMBNAIL_WIDTH_PX = 320
BACKGROUND = "#0e1117"
_LINE_WIDTH = {"body": 0.009, "hands": 0.004, "face": 0.003}
"""Line width as a share of the picture's longer side."""


def find_thumbnail_frame(keypoints: NDArray[np.float32]) -> int | None:
    """The frame that shows most of the person: most points found, then the highest confidence.

    Args:
        keypoints: (T, 137, 3) float32, as in ``PoseSequence``.

    Returns:
        The 0-based frame, None when no frame has a point.
    """
    confidence = keypoints[:, :, 2]
    score = (confidence > 0).sum(axis=1) + confidence.mean(axis=1)
    best = int(score.argmax()) if len(score) else 0
    return best if len(score) and score[best] > 0 else None


def draw_thumbnail_svg(keypoints: NDArray[np.float32], width: int, height: int) -> str:
    """A dark picture of one frame's skeleton.

    Args:
        keypoints: (137, 3) float32, source pixels and confidence; missing points are left out.
        width: Width of the upright source picture, pixels; the drawing is cut at its edges.
        height: Its height.

    Returns:
        SVG text, 320 pixels wide.
    """
    shown_height = max(1, round(THUMBNAIL_WIDTH_PX * height / width))
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}"',
        f' width="{THUMBNAIL_WIDTH_PX}" height="{shown_height}">',
        f'<rect width="{width}" height="{height}" fill="{BACKGROUND}"/>',
    ]
    found = keypoints[:, 2] > 0
    for joint_set, edges in EDGES.items():
        stroke = max(width, height) * _LINE_WIDTH[joint_set]
        for side, colour in SIDE_COLOURS.items():
            lines = [
                f"M{keypoints[e.a, 0]:.1f} {keypoints[e.a, 1]:.1f}L{keypoints[e.b, 0]:.1f} {keypoints[e.b, 1]:.1f}"
                for e in edges
                if e.side == side and found[e.a] and found[e.b]
            ]
            if lines:
                parts.append(
                    f'<path d="{"".join(lines)}" stroke="{colour}" stroke-width="{stroke:.2f}" '
                    'stroke-linecap="round" fill="none"/>'
                )
    return "".join(parts) + "</svg>\n"
