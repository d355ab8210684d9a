"""The codebook's loops: one act of one class in one way, seen from the front, four seconds, drawn as SVG.

Who acts is the performer, how it is drawn is loop_drawing.py; what lives here is the
choice of the act, the camera, and what lies before what. Pure numpy and deterministic.
"""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from imigue_core.errors import NotAvailableError
from imigue_core.skeleton.layout import (
    LEFT_EAR,
    LEFT_ELBOW,
    LEFT_HAND_SLICE,
    NECK,
    RIGHT_EAR,
    RIGHT_ELBOW,
    RIGHT_HAND_SLICE,
)
from imigue_core.synthesis.body import BodyShape, Posture
from imigue_core.synthesis.camera import Camera, Shot, project
from imigue_core.synthesis.gestures.base import ACTORS, BOTH, RIGHT, Act
from imigue_core.synthesis.loop_drawing import ABOVE, BEFORE, BEHIND, HEIGHT_PX, WIDTH_PX, Scene, draw_loop_svg
from imigue_core.synthesis.performer import Performance, perform
from imigue_core.taxonomy import ILLUSTRATIVE_ID, Group, get_class

FloatArray = NDArray[np.float32]

LOOP_S = 4.0
LOOP_FPS = 12
SPAN_S = (0.5, 3.3)
"""Seconds at which the acted gesture starts and ends."""
SEED, ACT_SEED = 218, 370
"""A person who faces the camera and hardly moves but for the act; acts on the desk rather than under it."""
_CLOSE_S = 0.5
"""The last part of a loop glides into its first frame."""


def _place_camera(height_m: float, look_at_m: float, focal_px: float) -> Shot:
    """A camera almost in front, a little higher than what the middle of the picture shows."""
    distance_m, yaw = 2.6, np.deg2rad(4.0)
    pitch = np.arctan2(height_m - look_at_m, distance_m)
    position = (float(distance_m * np.tan(yaw)), height_m, distance_m)
    middle = (WIDTH_PX / 2, HEIGHT_PX / 2)
    return Shot(0.0, Camera(position, -float(yaw), -float(pitch), 0.0, focal_px, middle, (WIDTH_PX, HEIGHT_PX)))


_MEDIUM = _place_camera(0.62, 0.45, 780.0)
_CLOSE = _place_camera(0.62, 0.60, 1350.0)
_SHOTS = {1: _CLOSE, 2: _CLOSE, 28: _CLOSE, 29: _CLOSE, 30: _place_camera(0.62, 0.40, 690.0)}
"""What is seen at lips, cheeks or neck is shown from near by, hands on the hips from farther away."""
_TUCKED = 0.6
"""From here on a hand that the body or the other arm hides is not drawn in front."""
_DESK_DEPTH_M, _DESK_THICKNESS_M = 0.36, 0.1
_AT_DESK = Posture()
_STANDING = Posture(kind="standing", rests=("hanging", "hanging"), lean=0.0, slump=0.1, desk_height=None)
_POSTURES = {30: _STANDING}
"""Who is not at the desk: there, hands on the hips would be out of sight."""

_BOTH_ARMS = (27, 30)
"""What either arm can do and is plainer with both."""

_MARKS: dict[int, tuple[str, ...]] = {
    1: ("mouth",),
    2: ("lips", "cheeks"),
    3: ("hat",),
    5: ("left brow", "right brow"),
    6: ("mouth", "nose"),
    7: ("left eye", "right eye"),
    8: ("nose", "mouth"),
    10: ("mouth",),
    11: ("mouth",),
    13: ("hair",),
    14: ("tie",),
    26: ("pen",),
    28: ("nose", "mouth"),
    29: ("lips",),
    99: ("mouth",),
}
"""What a class needs to be seen beside the bare figure."""


@cache
def compute_loop_version() -> str:
    """Twelve hex digits that change with any file the loops are made from; computed once a process."""
    folder = Path(__file__).parent
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*.py")):
        digest.update(path.relative_to(folder).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:12]


def list_dialects(class_id: int) -> tuple[str, ...]:
    """The names of the ways in which a class is acted."""
    return tuple(ACTORS[class_id].dialects)


@cache
def make_loop_svg(class_id: int, number: int = 0) -> str:
    """The loop of a class in its dialect ``number``, 0-based.

    Raises:
        InputError: ``VOCABULARY_UNKNOWN``.
        NotAvailableError: The class has no such dialect.
    """
    gesture = get_class(class_id)
    dialects = list_dialects(class_id)
    if not 0 <= number < len(dialects):
        raise NotAvailableError(f"{gesture.name} has {len(dialects)} ways of acting, there is no number {number}")
    posture = _POSTURES.get(class_id, _AT_DESK)
    shot = _SHOTS.get(class_id, _MEDIUM)
    performance = _act(class_id, dialects[number], posture)
    world = _close(performance.points)
    return draw_loop_svg(
        Scene(
            xy=_project(world, shot),
            layers=_find_layers(world, performance, gesture.group),
            duration_s=LOOP_S,
            span=(SPAN_S[0] / LOOP_S, SPAN_S[1] / LOOP_S),
            marks=_MARKS.get(class_id, ()),
            accent=gesture.group.colour,
            acting=_find_acting(world, gesture.group),
            desk=_find_desk(posture, shot),
        )
    )


def _act(class_id: int, dialect: str, posture: Posture) -> Performance:
    """One act; the last frame is a whole loop after the first."""
    sides = ACTORS[class_id].sides
    wanted = BOTH if class_id in _BOTH_ARMS else RIGHT
    act = Act(class_id, *SPAN_S, dialect, side=wanted if wanted in sides else sides[0], seed=ACT_SEED)
    times = np.arange(round(LOOP_S * LOOP_FPS) + 1) / LOOP_FPS
    talk = [SPAN_S] if class_id == ILLUSTRATIVE_ID else []
    return perform(BodyShape(), posture, [act], times, SEED, talk=talk)


def _find_desk(posture: Posture, shot: Shot) -> FloatArray | None:
    """(2, 2) px: where the desk's edges begin, the person's and the camera's."""
    if posture.desk_height is None:
        return None
    z = posture.desk_distance
    edges = np.array([[(-0.8, posture.desk_height, z), (-0.9, posture.desk_height, z + _DESK_DEPTH_M)]], np.float32)
    drawn: FloatArray = _project(edges, shot)[0]
    return drawn


def _project(world: FloatArray, shot: Shot) -> FloatArray:
    """(T, N, 3) metres to (T, N, 2) px of the drawing."""
    return project(world, (shot,), np.zeros(len(world))).xy


def _close(points: FloatArray) -> FloatArray:
    """The same movement with an end that glides into its beginning, so that the loop has no jump."""
    n_closing = round(_CLOSE_S * LOOP_FPS)
    weight = np.zeros(len(points), np.float32)
    share = np.linspace(0, 1, n_closing + 1, dtype=np.float32)
    weight[-n_closing - 1 :] = share * share * (3 - 2 * share)
    closed: FloatArray = points + weight[:, None, None] * (points[0] - points)
    return closed


def _find_layers(world: FloatArray, performance: Performance, group: Group) -> NDArray[np.int8]:
    """(T, 2, 2), left and right, sleeve and hand: behind the body, before it but behind the desk, or above all."""
    posture = performance.posture
    layers = np.full((len(world), 2, 2), ABOVE, np.int8)
    neck = world[:, NECK]
    ears = world[:, [LEFT_EAR, RIGHT_EAR]].mean(axis=1)
    for column, (elbow, hand) in enumerate(((LEFT_ELBOW, LEFT_HAND_SLICE), (RIGHT_ELBOW, RIGHT_HAND_SLICE))):
        sleeve_layer, hand_layer = layers[:, column, 0], layers[:, column, 1]
        height, depth = world[:, hand, 1].mean(axis=1), world[:, hand, 2].mean(axis=1)
        if posture.desk_height is not None:
            is_low = height < posture.desk_height - 0.02
            is_under = height < posture.desk_height - _DESK_THICKNESS_M
            layers[(is_low & (depth < posture.desk_distance)) | is_under, column] = BEFORE
        is_at_head = height > neck[:, 1] + 0.1
        is_behind = depth < np.where(height > neck[:, 1], neck[:, 2] + 0.02, neck[:, 2] - 0.03)
        is_behind |= is_at_head & (depth < ears[:, 2] - 0.01)
        if group is Group.BODY_HAND:  # tucked under the other arm; hands that hold each other are both in sight
            is_behind |= performance.tucked[:, column] > _TUCKED
        hand_layer[is_behind] = BEHIND
        sleeve_layer[is_behind & (world[:, elbow, 2] < neck[:, 2] - 0.03)] = BEHIND
    return layers


def _find_acting(world: FloatArray, group: Group) -> frozenset[str]:
    """Which parts wear the group's colour: the hands that move most, the head or the trunk."""
    if group is Group.HEAD:
        return frozenset({"head"})
    if group is Group.BODY:
        return frozenset({"torso"})
    reach = {
        side: float(np.linalg.norm(middle - middle[0], axis=1).max())
        for side, middle in (
            ("l", world[:, LEFT_HAND_SLICE].mean(axis=1)),
            ("r", world[:, RIGHT_HAND_SLICE].mean(axis=1)),
        )
    }
    return frozenset(side for side, way in reach.items() if way >= 0.4 * max(reach.values()))
