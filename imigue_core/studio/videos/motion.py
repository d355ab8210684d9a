"""Motion traces of a video, from the chunks of its poses: as much as is there, with what stands out in them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from db.videos import Video
from imigue_core.errors import InputError
from imigue_core.files import read_regular
from imigue_core.settings import Settings
from imigue_core.skeleton.chunks import CHUNK_FRAMES, decode_points, get_chunk_name
from imigue_core.skeleton.trace_peaks import find_feet, find_nearest_moments, find_speed_peaks
from imigue_core.skeleton.traces import HAND_FACE, POINTS, SPEED_NAMES, TRACE_NAMES, compute_traces_of_points, pick_seen

SPEED_STEP, DISTANCE_STEP = 0.02, 0.005
_MOST_STEPS = 32_000
_MAX_CHUNK_BYTES = 1_000_000


@dataclass(frozen=True, slots=True, eq=False)
class TraceRow:
    """One trace as it is sent.

    Attributes:
        name: One of ``TRACE_NAMES``.
        unit: ``shoulder widths/s`` or ``shoulder widths``.
        step: Units a step.
        values: (T,) int16 steps, -1 where the points are missing.
        peaks: Frames that stand out: fastest, or nearest to the face.
        valleys: Boundaries between frames where motions begin and end; none for the distance.
    """

    name: str
    unit: str
    step: float
    values: NDArray[np.int16]
    peaks: list[int]
    valleys: list[int]


def compute_video_traces(settings: Settings, video: Video, times_s: NDArray[np.float64] | None) -> list[TraceRow]:
    """The rows of ``TRACE_NAMES``, as long as the poses that are there; nothing when there are none.

    Args:
        settings: Where the project lies.
        video: Any video.
        times_s: (T,) its presentation times, None when they are not known yet.
    """
    xy = _load_points(settings.files_of(video.video_id).chunks, video.poses_ready)
    n_frames = xy.shape[2]
    if n_frames == 0:
        return []
    if times_s is None or len(times_s) < n_frames:
        times_s = np.arange(n_frames) / float(video.fps or 25)
    values = compute_traces_of_points(xy, times_s[:n_frames], video.shot_cuts or []).values
    return [_make_row(name, row) for name, row in zip(TRACE_NAMES, values, strict=True)]


def _make_row(name: str, values: NDArray[np.float32]) -> TraceRow:
    step = DISTANCE_STEP if name == HAND_FACE else SPEED_STEP
    steps = np.rint(np.nan_to_num(values, nan=-step) / np.float32(step)).clip(-1, _MOST_STEPS).astype(np.int16)
    if name == HAND_FACE:
        return TraceRow(name, "shoulder widths", step, steps, find_nearest_moments(values), [])
    peaks = find_speed_peaks(values, is_hand=SPEED_NAMES.index(name) >= 2)
    return TraceRow(name, "shoulder widths/s", step, steps, peaks, find_feet(values, peaks))


def _load_points(folder: Path, n_ready: int) -> NDArray[np.float32]:
    """(2, P, T) pixels of ``POINTS`` up to the first chunk that is missing or damaged."""
    parts: list[NDArray[np.float32]] = []
    for number in range(-(-n_ready // CHUNK_FRAMES)):
        try:
            points = decode_points(read_regular(folder / get_chunk_name(number), _MAX_CHUNK_BYTES), list(POINTS))
        except InputError:
            break
        parts.append(pick_seen(points))
        if points.shape[2] < CHUNK_FRAMES:
            break
    if not parts:
        return np.empty((2, len(POINTS), 0), np.float32)
    return np.concatenate(parts, axis=2)[:, :, :n_ready]
