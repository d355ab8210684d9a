"""An acted class as one small animated SVG: a clothed figure without a face, at a desk.

From points on a plane to SVG text, pure numpy; who acts and from where it is seen is
loops.py. Only presentation attributes and SMIL, so that it moves inside an <img> and
needs no style sheet or script.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from imigue_core.skeleton.layout import (
    FACE_SLICE,
    LEFT_EAR,
    LEFT_ELBOW,
    LEFT_HAND_SLICE,
    LEFT_SHOULDER,
    LEFT_WRIST,
    NECK,
    RIGHT_EAR,
    RIGHT_ELBOW,
    RIGHT_HAND_SLICE,
    RIGHT_SHOULDER,
    RIGHT_WRIST,
)

WIDTH_PX, HEIGHT_PX = 480, 270
BACKGROUND, WALL = "#0f141a", "#151b23"
TORSO, SLEEVE, SEAM, SKIN, SKIN_DARK, MARK = "#36424f", "#465565", "#1c232b", "#c9c3b8", "#9f998e", "#6d675f"
DESK, DESK_EDGE, TRACK = "#262d36", "#39434f", "#2a313b"
SHOULDERS_PX = 118.0
"""Width of the shoulders that the widths of strokes are made for."""

_RIGHT_HIP, _LEFT_HIP = 9, 12
_ARMS = {
    "r": (RIGHT_SHOULDER, RIGHT_ELBOW, RIGHT_WRIST, RIGHT_HAND_SLICE.start),
    "l": (LEFT_SHOULDER, LEFT_ELBOW, LEFT_WRIST, LEFT_HAND_SLICE.start),
}
_PALM = (0, 1, 5, 9, 13, 17)
_FINGERS = ((17, 18, 19, 20), (13, 14, 15, 16), (9, 10, 11, 12), (5, 6, 7, 8), (1, 2, 3, 4))
_JAW = tuple(FACE_SLICE.start + n for n in (0, 2, 4, 6, 8, 10, 12, 14, 16))
_FACE_MARKS = {
    "lips": ((48, 50, 51, 52, 54, 56, 57, 58), "Z"),
    "mouth": ((60, 62, 64), ""),
    "nose": ((28, 30, 33), ""),
    "right eye": ((36, 38, 39), ""),
    "left eye": ((42, 43, 45), ""),
    "right brow": ((17, 19, 21), ""),
    "left brow": ((22, 24, 26), ""),
}
BEHIND, BEFORE, ABOVE = 0, 1, 2
"""Where sleeve or hand is drawn: behind the body, before it but behind the desk, above everything."""

Points = NDArray[np.floating[Any]]


@dataclass(frozen=True, slots=True)
class Scene:
    """One loop on the plane, ready to be drawn.

    Attributes:
        xy: (T, 137, 2) px; the last frame equals the first.
        layers: (T, 2, 2) of ``BEHIND``, ``BEFORE`` or ``ABOVE``: left and right arm, sleeve and hand of each.
        duration_s: Length of the loop.
        span: Share of the loop, 0 to 1, at which the gesture starts and ends.
        marks: Names of what the face and the clothes show beside the bare figure.
        accent: Colour of the gesture's group.
        acting: Parts in that colour: ``l`` and ``r`` hand, ``head``, ``torso``.
        desk: (2, 2) px: left end of the far edge, left end of the near edge; None without a desk.
    """

    xy: Points
    layers: NDArray[np.int8]
    duration_s: float
    span: tuple[float, float]
    marks: tuple[str, ...]
    accent: str
    acting: frozenset[str]
    desk: Points | None


def draw_loop_svg(scene: Scene) -> str:
    """The SVG text of a loop; the same scene gives the same text."""
    pen = _Pen(scene)
    arms = "".join(_draw_arm(pen, side) for side in "rl")
    opening = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH_PX} {HEIGHT_PX}" '
        f'width="{WIDTH_PX}" height="{HEIGHT_PX}" stroke-linecap="round" stroke-linejoin="round" fill="none">'
    )
    parts = [
        opening,
        f'<rect width="{WIDTH_PX}" height="{HEIGHT_PX}" fill="{BACKGROUND}"/>',
        f'<circle cx="{WIDTH_PX / 2:g}" cy="{HEIGHT_PX * 0.4:g}" r="{HEIGHT_PX * 0.56:g}" fill="{WALL}"/>',
        f"<defs>{arms}</defs>",
        *_place_arms(pen, BEHIND),
        _draw_torso(pen),
        _draw_head(pen),
        *_place_arms(pen, BEFORE),
        _draw_desk(scene),
        *_place_arms(pen, ABOVE),
        _draw_span(scene),
    ]
    return "".join(parts) + "</svg>\n"


class _Pen:
    """Turns moving points into path elements; ``unit`` scales strokes to the figure's size."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        self.xy = scene.xy
        shoulders = np.linalg.norm(scene.xy[:, LEFT_SHOULDER] - scene.xy[:, RIGHT_SHOULDER], axis=1)
        self.unit = float(np.median(shoulders)) / SHOULDERS_PX

    def width(self, px: float) -> str:
        return f"{px * self.unit:.1f}"

    def path(self, points: Points, attributes: str = "", *, close: str = "", rounded: bool = False) -> str:
        """A path through ``points`` (T, N, 2), animated unless it stands still; a rounded one is closed."""
        drawn = [_format_rounded(frame) if rounded else _format_path(frame, close) for frame in points]
        if len(set(drawn)) == 1:
            return f'<path {attributes}d="{drawn[0]}"/>'
        return f'<path {attributes}d="{drawn[0]}">{self.animate("d", drawn)}</path>'

    def animate(self, attribute: str, values: list[str], mode: str = "") -> str:
        calc = f' calcMode="{mode}"' if mode else ""
        return (
            f'<animate attributeName="{attribute}" dur="{self.scene.duration_s:g}s" repeatCount="indefinite"{calc} '
            f'values="{";".join(values)}"/>'
        )


def _format_path(points: Points, close: str) -> str:
    """A line through the points, written as steps from one to the next, which are short."""
    whole = np.rint(points).astype(int)
    return f"M{whole[0, 0]} {whole[0, 1]}l{_join(np.diff(whole, axis=0))}{close}"


def _format_rounded(points: Points) -> str:
    """A closed curve that touches the middle of each side of the polygon."""
    corners = np.rint(points).astype(int)
    middles = np.rint((points + np.roll(points, -1, axis=0)) / 2).astype(int)
    before = np.roll(middles, 1, axis=0)
    steps = np.stack([corners - before, middles - before], axis=1).reshape(-1, 2)
    return f"M{before[0, 0]} {before[0, 1]}q{_join(steps)}Z"


def _join(steps: NDArray[np.int_]) -> str:
    return " ".join(f"{x} {y}" for x, y in steps)


def _mix(colour: str, other: str, share: float) -> str:
    """``colour`` with a share of ``other``, both ``#rrggbb``."""
    pairs = zip(bytes.fromhex(colour[1:]), bytes.fromhex(other[1:]), strict=True)
    return "#" + "".join(f"{round(a + share * (b - a)):02x}" for a, b in pairs)


def _draw_arm(pen: _Pen, side: str) -> str:
    """The groups of one arm: its sleeve (``rs``) and its hand (``rh``), each finger of which has a dark rim."""
    shoulder, elbow, wrist, hand = _ARMS[side]
    skin = pen.scene.accent if side in pen.scene.acting else SKIN
    cloth = _mix(SLEEVE, pen.scene.accent, 0.4) if "torso" in pen.scene.acting else SLEEVE
    sleeve = pen.path(pen.xy[:, [shoulder, elbow, wrist]], f'id="{side}a" ')
    shapes = [sleeve, pen.path(pen.xy[:, [hand + n for n in _PALM]], f'id="{side}p" ', close="Z")]
    strokes = []
    if "pen" in pen.scene.marks and side == max(pen.scene.acting):
        strokes.append(_draw_held_pen(pen, hand))
    strokes.append(f'<use href="#{side}p" stroke="{SEAM}" stroke-width="{pen.width(10)}"/>')
    strokes.append(f'<use href="#{side}p" stroke="{skin}" fill="{skin}" stroke-width="{pen.width(6.5)}"/>')
    for n, finger in enumerate(_FINGERS):
        shapes.append(pen.path(pen.xy[:, [hand + j for j in finger]], f'id="{side}{n}" '))
        strokes.append(f'<use href="#{side}{n}" stroke="{SEAM}" stroke-width="{pen.width(10)}"/>')
        strokes.append(f'<use href="#{side}{n}" stroke="{skin}" stroke-width="{pen.width(7.2)}"/>')
    rim = f'<use href="#{side}a" stroke="{SEAM}" stroke-width="{pen.width(33)}"/>'
    fill = f'<use href="#{side}a" stroke="{cloth}" stroke-width="{pen.width(28)}"/>'
    return "".join(shapes) + f'<g id="{side}s">{rim}{fill}</g><g id="{side}h">{"".join(strokes)}</g>'


def _draw_held_pen(pen: _Pen, hand: int) -> str:
    """A pen between the tips of thumb and index finger, lying back over the web between them."""
    tip = (pen.xy[:, hand + 4] + pen.xy[:, hand + 8]) / 2
    back = (pen.xy[:, hand + 2] + pen.xy[:, hand + 5]) / 2 - tip
    points = np.stack([tip - 0.5 * back, tip + 1.4 * back], axis=1)
    return pen.path(points, f'stroke="{MARK}" stroke-width="{pen.width(5)}" ')


def _place_arms(pen: _Pen, layer: int) -> list[str]:
    """The sleeves and hands that lie in this layer at any time, shown only while they do."""
    placed = []
    for row, part in enumerate("sh"):  # hands over both sleeves: they hold them when arms are folded
        for column, side in ((1, "r"), (0, "l")):
            here = pen.scene.layers[:, column, row] == layer
            if here.all():
                placed.append(f'<use href="#{side}{part}"/>')
            elif here.any():
                values = ["visible" if shown else "hidden" for shown in here]
                placed.append(f'<use href="#{side}{part}">{pen.animate("visibility", values, "discrete")}</use>')
    return placed


def _draw_torso(pen: _Pen) -> str:
    xy = pen.xy
    neck, right, left = xy[:, NECK], xy[:, RIGHT_SHOULDER], xy[:, LEFT_SHOULDER]
    base_right, base_left = neck + 0.3 * (right - neck), neck + 0.3 * (left - neck)
    drop = np.array([0, 13 * pen.unit], np.float32)
    rise = np.array([0, -3 * pen.unit], np.float32)
    hips = [xy[:, _LEFT_HIP] + (left - neck) * 0.35, xy[:, _RIGHT_HIP] + (right - neck) * 0.35]
    outline = np.stack(
        [
            base_right + rise,
            neck,
            base_left + rise,
            left * 0.9 + neck * 0.1 + drop,
            *hips,
            right * 0.9 + neck * 0.1 + drop,
        ],
        axis=1,
    )
    cloth = _mix(TORSO, pen.scene.accent, 0.4) if "torso" in pen.scene.acting else TORSO
    body = pen.path(outline, f'fill="{cloth}" stroke="{cloth}" stroke-width="{pen.width(26)}" ', close="Z")
    return body + (_draw_tie(pen) if "tie" in pen.scene.marks else "")


def _draw_tie(pen: _Pen) -> str:
    neck = pen.xy[:, NECK]
    down = (pen.xy[:, _LEFT_HIP] + pen.xy[:, _RIGHT_HIP]) / 2 - neck
    points = np.stack([neck + 0.02 * down, neck + 0.45 * down], axis=1)
    return pen.path(points, f'stroke="{MARK}" stroke-width="{pen.width(9)}" ')


def _draw_head(pen: _Pen) -> str:
    """Neck, ears, head and what the class needs to be seen on it."""
    xy, scene = pen.xy, pen.scene
    jaw = xy[:, list(_JAW)]
    middle, half = (jaw[:, 0] + jaw[:, 8]) / 2, (jaw[:, 8] - jaw[:, 0]) / 2
    up = middle - jaw[:, 4]
    dome = _bend_dome(middle, half, up, 1.04)
    skull = np.concatenate([jaw, dome], axis=1)
    neck = np.stack([middle * 0.6 + jaw[:, 4] * 0.4, xy[:, NECK]], axis=1)
    ears = "".join(
        pen.path(
            np.stack([xy[:, ear], xy[:, ear] - 0.18 * up], axis=1),
            f'stroke="{SKIN_DARK}" stroke-width="{pen.width(10)}" ',
        )
        for ear in (RIGHT_EAR, LEFT_EAR)
    )
    rim = scene.accent if "head" in scene.acting else SEAM
    parts = [
        pen.path(neck, f'stroke="{SKIN_DARK}" stroke-width="{pen.width(36)}" '),
        ears,
        pen.path(skull, f'fill="{SKIN}" stroke="{rim}" stroke-width="{pen.width(4)}" ', rounded=True),
    ]
    ink = scene.accent if "head" in scene.acting else MARK
    for mark, (numbers, close) in _FACE_MARKS.items():
        if mark in scene.marks:
            points = xy[:, [FACE_SLICE.start + n for n in numbers]]
            paint = f'stroke="{ink}" stroke-width="{pen.width(2.5)}" ' + (f'fill="{ink}" ' if close else "")
            parts.append(pen.path(points, paint, close=close))
    if "cheeks" in scene.marks:
        parts.append(_draw_cheeks(pen))
    if "hat" in scene.marks or "hair" in scene.marks:
        parts.append(_draw_cap(pen, middle, half, up, "hat" in scene.marks))
    return "".join(parts)


def _bend_dome(middle: Points, half: Points, up: Points, wide: float) -> Points:
    """(T, 6, 2): the skull's arch from the person's left ear to the right one."""
    angles = np.linspace(0, np.pi, 8)[1:-1].astype(np.float32)
    across = np.cos(angles)[:, None] * half[:, None] * wide
    arch: Points = middle[:, None] + across + np.sin(angles)[:, None] ** 0.8 * up[:, None]
    return arch


def _draw_cheeks(pen: _Pen) -> str:
    """A line on each cheek that bulges with the jaw's outline."""
    first = FACE_SLICE.start
    ink = _mix(SKIN_DARK, pen.scene.accent, 0.7)
    parts = []
    for outer, corner in (((2, 3, 4, 5), 48), ((14, 13, 12, 11), 54)):
        outline = pen.xy[:, [first + n for n in outer]]
        inward = outline + 0.28 * (pen.xy[:, None, first + corner] - outline)
        parts.append(pen.path(inward, f'stroke="{ink}" stroke-width="{pen.width(2.5)}" '))
    return "".join(parts)


def _draw_cap(pen: _Pen, middle: Points, half: Points, up: Points, is_hat: bool) -> str:
    """Hair, or a cap with a brim, over the upper part of the skull."""
    arch = _bend_dome(middle + 0.04 * up, half, up, 1.1)
    low = 0.42 if is_hat else 0.3
    left, right = middle + 1.06 * half + low * up, middle - 1.06 * half + low * up
    crown = middle + (low + 0.16) * up
    outline = np.concatenate([left[:, None], arch, right[:, None], crown[:, None]], axis=1)
    cap = pen.path(outline, f'fill="{MARK}" stroke="{MARK}" stroke-width="{pen.width(3)}" ', rounded=True)
    if not is_hat:
        return cap
    brim = np.stack([left + 0.1 * half, crown - 0.12 * up, right - 0.1 * half], axis=1)
    return cap + pen.path(brim, f'stroke="{SEAM}" stroke-width="{pen.width(6)}" ')


def _draw_desk(scene: Scene) -> str:
    if scene.desk is None:
        return ""
    (far_x, far_y), (near_x, near_y) = np.rint(scene.desk).astype(int)
    top = f"M{far_x} {far_y}L{WIDTH_PX - far_x} {far_y}L{WIDTH_PX - near_x} {near_y}L{near_x} {near_y}Z"
    front = f"M{near_x} {near_y}L{WIDTH_PX - near_x} {near_y}V{HEIGHT_PX}H{near_x}Z"
    edge = f"M{near_x} {near_y}H{WIDTH_PX - near_x}"
    glass = 'fill-opacity="0.75"'  # hands that act under the desk shine through
    return (
        f'<path d="{top}" fill="{DESK}" {glass}/><path d="{front}" fill="{SEAM}" {glass}/>'
        f'<path d="{edge}" stroke="{DESK_EDGE}" stroke-width="2"/>'
    )


def _draw_span(scene: Scene) -> str:
    """The loop's time as a line at the foot, the span in colour, a dot that runs along it."""
    y, left, right = HEIGHT_PX - 12, 24, WIDTH_PX - 24
    start, end = (round(left + share * (right - left)) for share in scene.span)
    dot = f'<animate attributeName="cx" dur="{scene.duration_s:g}s" repeatCount="indefinite" values="{left};{right}"/>'
    return (
        f'<path d="M{left} {y}H{right}" stroke="{TRACK}" stroke-width="3"/>'
        f'<path d="M{start} {y}H{end}" stroke="{scene.accent}" stroke-width="5"/>'
        f'<circle cx="{left}" cy="{y}" r="5" fill="#e6e9ee">{dot}</circle>'
    )
