"""Acted interviews as video: the mannequin on its set, written as H.264.

Lives here: the order in which things are drawn, and the file. Not here: what they look
like (mannequin.py, stage_set.py) and how the person moves (performer.py).
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray

from imigue_core.files import write_atomic
from imigue_core.skeleton.layout import LEFT_WRIST, NECK, RIGHT_WRIST
from imigue_core.synthesis.camera import Projection, Shot, project
from imigue_core.synthesis.mannequin import LOOKS, Look, Picture, draw_arm, draw_body
from imigue_core.synthesis.stage_set import ROOMS, Room, draw_desk, draw_microphone, draw_wall

DESK_DEPTH_M = 0.62
_DESK_HALF_WIDTH_M = 2.4
_BEHIND_M = 0.04
"""A wrist so far behind the neck is behind the back."""
_MICROPHONES_M = (-0.19, 0.24)
_X264 = {"preset": "veryfast", "crf": "22", "g": "50", "flags": "+bitexact"}
_WRISTS = {"left": LEFT_WRIST, "right": RIGHT_WRIST}

Progress = Callable[[int, int], None]
"""Told frames done and frames in all."""


@dataclass(frozen=True, slots=True, eq=False)
class Scenery:
    """What one interview looks like besides its motion.

    Attributes:
        look: The mannequin's colours.
        room: The set's colours.
        desk_height: Of the desk's top above the hips, metres; None without a desk.
        desk_distance: Of the desk's edge at the person's side in front of the hips, metres.
        seed: Of the shapes on the wall.
    """

    look: Look = LOOKS[0]
    room: Room = ROOMS[0]
    desk_height: float | None = None
    desk_distance: float = 0.2
    seed: int = 0


def render_interview(
    path: str | os.PathLike[str],
    points: NDArray[np.float32],
    shots: tuple[Shot, ...],
    times: NDArray[np.float64],
    scenery: Scenery,
    fps: Fraction,
    on_progress: Progress | None = None,
) -> None:
    """Write the video, whole or not at all: H.264 in mp4, a frame for each time, no sound.

    Args:
        path: Where it goes.
        points: (T, 137, 3) world metres.
        shots: The cameras; their picture size must be even.
        times: (T,) seconds, ``1 / fps`` apart.
        scenery: Colours, desk and wall.
        fps: Frames a second.
        on_progress: Told every 25 frames.
    """
    view = project(points, shots, times)
    world = _project_set(shots, times, scenery)
    walls = [draw_wall(*view.size, scenery.room, scenery.seed + i) for i in range(len(shots))]

    def write(file: object) -> None:
        with av.open(file, "w", format="mp4", options={"fflags": "+bitexact"}) as out:
            stream = out.add_stream("libx264", rate=fps, options=_X264)
            stream.width, stream.height = view.size
            stream.pix_fmt = "yuv420p"
            for i in range(len(times)):
                picture = walls[view.shot[i]].copy()
                _draw_frame(picture, points[i], view, world, i, scenery)
                out.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")))
                if on_progress and i % 25 == 0:
                    on_progress(i, len(times))
            out.mux(stream.encode(None))

    write_atomic(Path(path), write)


def _project_set(shots: tuple[Shot, ...], times: NDArray[np.float64], scenery: Scenery) -> Projection:
    """Desk corners (far left and right, near left and right), then foot and head of each microphone, over time."""
    height = scenery.desk_height if scenery.desk_height is not None else -1.0
    far, near = scenery.desk_distance, scenery.desk_distance + DESK_DEPTH_M
    corners = [(x, height, z) for z in (far, near) for x in (-_DESK_HALF_WIDTH_M, _DESK_HALF_WIDTH_M)]
    for x in _MICROPHONES_M:
        corners += [(x, height, far + 0.42), (0.55 * x, height + 0.17, far + 0.3)]
    places = np.repeat(np.array(corners, np.float32)[None], len(times), axis=0)
    return project(places, shots, times)


def _draw_frame(
    picture: Picture, points: NDArray[np.float32], view: Projection, world: Projection, i: int, scenery: Scenery
) -> None:
    xy, look = view.xy[i], scenery.look
    behind, under, over = _sort_arms(points, view.depth[i], scenery)
    for side in behind:
        draw_arm(picture, xy, side, look)
    draw_body(picture, xy, look)
    for side in under:
        draw_arm(picture, xy, side, look)
    if scenery.desk_height is not None:
        draw_desk(picture, world.xy[i, :2], world.xy[i, 2:4], scenery.room)
    for side in over:
        draw_arm(picture, xy, side, look)
    if scenery.desk_height is not None:
        unit = float(view.scale[i]) * 0.36
        for k in range(len(_MICROPHONES_M)):
            draw_microphone(picture, world.xy[i, 4 + 2 * k], world.xy[i, 5 + 2 * k], unit)


def _sort_arms(
    points: NDArray[np.float32], depth: NDArray[np.float32], scenery: Scenery
) -> tuple[list[str], list[str], list[str]]:
    """Sides whose arm is behind the body, under the desk, and before both; the farther one first."""
    behind, under, over = [], [], []
    for side in sorted(_WRISTS, key=lambda name: -float(depth[_WRISTS[name]])):
        wrist = points[_WRISTS[side]]
        if wrist[2] < points[NECK, 2] - _BEHIND_M and wrist[1] < points[NECK, 1] - 0.1:
            behind.append(side)
        elif scenery.desk_height is not None and wrist[1] < scenery.desk_height - 0.01:
            under.append(side)
        else:
            over.append(side)
    return behind, under, over
