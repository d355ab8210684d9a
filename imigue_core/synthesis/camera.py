"""Cameras of a press conference: where they stand, how they drift and cut, and what they see.

World axes are the performer's (metres, x to the person's left, y up, z towards the
cameras); pixels run right and down. What a detector makes of the picture is for
``detector.py``.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from imigue_core.skeleton.layout import NECK
from imigue_core.synthesis.noise import make_rng, sample_smooth

FloatArray = NDArray[np.float32]

SIZES: tuple[tuple[tuple[int, int], float], ...] = (
    ((1280, 720), 0.46),
    ((1920, 1080), 0.20),
    ((640, 360), 0.10),
    ((960, 540), 0.08),
    ((854, 480), 0.06),
    ((640, 480), 0.05),
    ((540, 720), 0.05),
)
"""Picture sizes in pixels and how often each is used; iMiGUE itself is 1280x720."""
CUT_SHARE = 0.25
"""Share of interviews that have any cut to another camera."""
CUTS_PER_MINUTE = 0.6
_LEAST_SHOT_S = 5.0
_KNOT_S = 14.0
"""Seconds between the operator's changes of mind."""


@dataclass(frozen=True, slots=True)
class Camera:
    """A pinhole camera.

    Attributes:
        position: x, y, z in metres.
        yaw: Turn to the person's left of the viewing direction, radians; 0 looks along -z.
        pitch: Upward tilt, radians.
        roll: Turn of the picture, radians.
        focal_px: Focal length in pixels.
        centre: Where the viewing direction meets the picture, pixels.
        size: Width and height of the picture in pixels.
    """

    position: tuple[float, float, float]
    yaw: float
    pitch: float
    roll: float
    focal_px: float
    centre: tuple[float, float]
    size: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Shot:
    """One camera from ``start_s`` to the next shot.

    Attributes:
        start_s: Seconds from the beginning of the interview.
        camera: Its framing when nobody touches it.
        zoom_sd: Spread of the operator's zoom, as a share of the focal length.
        pan_sd: Spread of the operator's panning, as a share of the picture's height.
        shake_sd: Trembling of a camera held by hand, as a share of the picture's height.
        seed: Of its drift.
    """

    start_s: float
    camera: Camera
    zoom_sd: float = 0.0
    pan_sd: float = 0.0
    shake_sd: float = 0.0
    seed: int = 0


@dataclass(frozen=True, slots=True)
class Framing:
    """What there is to frame, in metres.

    Attributes:
        head_top: Height of the top of the head at rest.
        bottom: Height of the lowest thing to show: the desk's top, or the hips of somebody who stands.
        shoulder_width: Of this person.
        is_half_out: Whether half of the person is to lie outside the picture.
        only_medium: Keep to the press conference's own medium shot.
    """

    head_top: float
    bottom: float
    shoulder_width: float = 0.36
    is_half_out: bool = False
    only_medium: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Projection:
    """Points in the picture.

    Attributes:
        xy: (T, 137, 2) float32 pixels.
        depth: (T, 137) float32 metres in front of the camera.
        scale: (T,) float32 pixels a metre at the neck.
        shot: (T,) int, which shot a frame is in.
        size: Width and height of the picture.
    """

    xy: FloatArray
    depth: FloatArray
    scale: FloatArray
    shot: NDArray[np.intp]
    size: tuple[int, int]

    @property
    def shot_cuts(self) -> list[int]:
        """First frames of new shots, ascending, without frame 0."""
        return [int(i) for i in np.flatnonzero(np.diff(self.shot)) + 1]


def sample_size(rng: np.random.Generator) -> tuple[int, int]:
    """A picture size by ``SIZES``."""
    shares = np.array([share for _, share in SIZES])
    return SIZES[int(rng.choice(len(SIZES), p=shares / shares.sum()))][0]


def sample_camera(rng: np.random.Generator, size: tuple[int, int], framing: Framing) -> Camera:
    """A camera as they stand at press conferences.

    Mostly medium shots from slightly off the axis in which the person takes 35-85 % of the
    height; some close ones as from a web camera, where arms and desk leave the picture, and
    some wide ones.
    """
    width, height = size
    subject_m = framing.head_top - framing.bottom + 0.05  # what lies on the desk stands nearer, so lower in the picture
    kind = 0.5 if framing.only_medium else rng.random()
    if width < height or kind > 0.92:
        metre_px = rng.uniform(0.28, 0.55) * width / framing.shoulder_width
        head_room = rng.uniform(0.04, 0.25)
    else:
        share = rng.uniform(0.22, 0.4) if kind < 0.08 else rng.uniform(0.38, 0.85)
        metre_px = share * height / subject_m
        head_room = np.clip(rng.normal(0.5, 0.22), 0.12, 0.9) * (1 - share) if share < 0.84 else 0.05
    distance = rng.uniform(1.0, 2.0) if width < height else float(np.exp(rng.uniform(np.log(1.6), np.log(7.0))))
    yaw = float(np.clip(rng.normal(0, np.deg2rad(13)), -0.75, 0.75))
    pitch = float(np.clip(rng.normal(-0.05, 0.07), -0.3, 0.18))
    target = np.array([0.0, framing.head_top - 0.3 * subject_m, 0.05])
    backward = np.array([-np.sin(yaw) * np.cos(pitch), -np.sin(pitch), np.cos(yaw) * np.cos(pitch)])
    position = target + distance * backward
    side = rng.choice([-1.0, 1.0]) * rng.uniform(0.36, 0.5) if framing.is_half_out else rng.normal(0, 0.09)
    target_px = (width * (0.5 + side), height * head_room + metre_px * 0.3 * subject_m)
    return Camera(
        (float(position[0]), float(position[1]), float(position[2])),
        yaw,
        pitch,
        float(rng.normal(0, 0.012)),
        float(metre_px * distance),
        (float(target_px[0]), float(target_px[1])),
        size,
    )


def sample_shots(
    rng: np.random.Generator, duration_s: float, framing: Framing, size: tuple[int, int] | None = None
) -> tuple[Shot, ...]:
    """The shots of an interview, the first at second 0; all of one picture size."""
    size = sample_size(rng) if size is None else size
    n_cuts = int(rng.poisson(CUTS_PER_MINUTE * duration_s / 60)) if rng.random() < CUT_SHARE else 0
    starts = [0.0]
    for cut in sorted(rng.uniform(_LEAST_SHOT_S, max(_LEAST_SHOT_S, duration_s - _LEAST_SHOT_S), n_cuts)):
        if cut - starts[-1] >= _LEAST_SHOT_S and cut < duration_s:
            starts.append(float(cut))
    cameras = [sample_camera(rng, size, framing) for _ in range(min(2, len(starts)))]
    is_operated, is_held = rng.random() < 0.35, rng.random() < 0.12
    return tuple(
        Shot(
            start,
            cameras[i % 2],
            zoom_sd=0.035 if is_operated else 0.0,
            pan_sd=0.015 if is_operated else 0.0,
            shake_sd=float(rng.uniform(0.0005, 0.002)) if is_held else 0.0,
            seed=int(rng.integers(2**31)),
        )
        for i, start in enumerate(starts)
    )


def compute_axes(camera: Camera) -> FloatArray:
    """(3, 3) float32, rows: right and down in the picture, and the viewing direction, in world axes."""
    sin_yaw, cos_yaw = np.sin(camera.yaw), np.cos(camera.yaw)
    sin_pitch, cos_pitch = np.sin(camera.pitch), np.cos(camera.pitch)
    forward = np.array([sin_yaw * cos_pitch, sin_pitch, -cos_yaw * cos_pitch])
    right = np.array([cos_yaw, 0.0, sin_yaw])
    down = np.cross(forward, right)
    sin_roll, cos_roll = np.sin(camera.roll), np.cos(camera.roll)
    return np.stack([cos_roll * right + sin_roll * down, cos_roll * down - sin_roll * right, forward]).astype(
        np.float32
    )


def project(points: FloatArray, shots: tuple[Shot, ...], times: NDArray[np.float64]) -> Projection:
    """See the points through whichever camera is on.

    Args:
        points: (T, 137, 3) float32 world metres.
        shots: At least one, ascending in time, the first at second 0 or before.
        times: (T,) seconds.
    """
    starts = np.array([shot.start_s for shot in shots])
    shot_of = np.maximum(np.searchsorted(starts, times, side="right") - 1, 0)
    n_frames, n_points = points.shape[:2]
    xy = np.empty((n_frames, n_points, 2), np.float32)
    depth = np.empty((n_frames, n_points), np.float32)
    scale = np.empty(n_frames, np.float32)
    bounds = np.searchsorted(shot_of, np.arange(len(shots) + 1))
    for i, shot in enumerate(shots):
        part = slice(int(bounds[i]), int(bounds[i + 1]))
        if part.start < part.stop:
            _project_shot(points[part], shot, times[part], xy[part], depth[part], scale[part])
    return Projection(xy, depth, scale, shot_of, shots[0].camera.size)


def _project_shot(
    points: FloatArray,
    shot: Shot,
    times: NDArray[np.float64],
    xy: FloatArray,
    depth: FloatArray,
    scale: FloatArray,
) -> None:
    camera = shot.camera
    seen = (points.reshape(-1, 3) - np.array(camera.position, np.float32)) @ compute_axes(camera).T
    seen = seen.reshape(points.shape)
    np.maximum(seen[:, :, 2], 0.05, out=depth)
    zoom, pan = _compute_drift(shot, times)
    focal = np.float32(camera.focal_px) * zoom
    enlarge = focal[:, None] / depth
    middle = np.array(camera.size, np.float32) / 2
    # zooming moves the picture about its middle, wherever the viewing direction meets it
    offset = middle + zoom[:, None] * (np.array(camera.centre, np.float32) - middle) + pan
    for axis in range(2):
        np.multiply(seen[:, :, axis], enlarge, out=xy[:, :, axis])
        xy[:, :, axis] += offset[:, axis, None]
    scale[:] = focal / depth[:, NECK]


def _compute_drift(shot: Shot, times: NDArray[np.float64]) -> tuple[FloatArray, FloatArray]:
    """Zoom factor (T,) and panning (T, 2) in pixels: holds, with changes that take about a third of the time."""
    zoom = np.ones(len(times), np.float32)
    pan = np.zeros((len(times), 2), np.float32)
    height = shot.camera.size[1]
    if shot.zoom_sd or shot.pan_sd:
        position = times / _KNOT_S
        index = np.floor(position).astype(np.intp)
        knots = make_rng(shot.seed, 0).standard_normal((int(index[-1]) + 2, 3)).astype(np.float32)
        weight = np.clip((position - index - 0.35) / 0.3, 0, 1).astype(np.float32)
        weight *= weight * (3 - 2 * weight)
        values = knots[index] + weight[:, None] * (knots[index + 1] - knots[index])
        zoom = np.exp(np.float32(shot.zoom_sd) * values[:, 0])
        pan = np.float32(shot.pan_sd * height) * values[:, 1:]
    if shot.shake_sd:
        pan = pan + np.float32(shot.shake_sd * height) * sample_smooth(make_rng(shot.seed, 1), times, 0.25, 2)
    return zoom, pan
