"""Pose extraction: MediaPipe Holistic over a fixed range of a proxy's frames.

The only file that knows MediaPipe, which is loaded when the first range is asked for,
in a worker process. Ranges and their order are for the jobs; the table of points is in
``landmarks.py``.
"""

from __future__ import annotations

import contextlib
import io
import math
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from imigue_core.errors import InputError, WorkerError
from imigue_core.skeleton.layout import N_KEYPOINTS
from imigue_core.video.frames import iter_proxy_frames
from imigue_core.video.landmarks import N_BODY, N_FACE, N_HAND, Landmarks, map_landmarks

RANGE_FRAMES = 250
"""Frames a range; ranges begin at multiples of it."""
LEAD_IN_FRAMES = 12
"""Frames run before a range so that tracking has settled; their points are dropped."""
SMALLEST_CROP_PX = 32
_PROGRESS_FRAMES = 10
_GRAPH = "mediapipe/modules/holistic_landmark/holistic_landmark_cpu.binarypb"
_STREAMS = ("pose_landmarks", "left_hand_landmarks", "right_hand_landmarks", "face_landmarks")

Box = tuple[float, float, float, float]
"""x, y, width and height in pixels of the upright source picture."""


def list_ranges(n_frames: int) -> list[tuple[int, int]]:
    """The ranges of a video, each as its first frame and one past its last."""
    return [(start, min(start + RANGE_FRAMES, n_frames)) for start in range(0, n_frames, RANGE_FRAMES)]


def extract_range(
    proxy_path: str | os.PathLike[str],
    start: int,
    stop: int,
    *,
    scale: tuple[float, float],
    size: tuple[int, int],
    box: Box | None = None,
    on_progress: Callable[[int, int], None] | None = None,
) -> NDArray[np.float32]:
    """The points of one person in frames ``start`` to ``stop - 1``; the same range always gives the same points.

    MediaPipe follows the person it finds most prominent in the picture, or in the crop.

    Args:
        proxy_path: The video's proxy.
        start: First frame, 0-based.
        stop: One past the last frame.
        scale: Source pixels a proxy pixel, across and down.
        size: Width and height of the upright source picture, pixels.
        box: Where the person to follow is, source pixels; only this part is looked at.
        on_progress: Told frames done and frames to do, every ten frames and at the end.

    Returns:
        (stop - start, 137, 3) float32 in source pixels, as in ``PoseSequence``.

    Raises:
        InputError: ``PERSON_BOX`` when the box has too little of the picture in it, or
            what ``iter_proxy_frames`` raises.
        WorkerError: ``POSES_NOT_INSTALLED``, ``POSES_FAILED`` when MediaPipe gives up, or
            ``POSE_LENGTH`` when the proxy ends early.
    """
    n_frames = stop - start
    keypoints = np.full((n_frames, N_KEYPOINTS, 3), (np.nan, np.nan, 0), np.float32)
    lead_in = max(0, start - LEAD_IN_FRAMES)
    last = lead_in - 1
    with _open_holistic() as find:
        for last, picture in iter_proxy_frames(proxy_path, lead_in, stop):
            left, top, right, bottom = _compute_crop(picture.shape, scale, box)
            landmarks = find(picture[top:bottom, left:right])
            if last >= start:
                crop = (left * scale[0], top * scale[1], (right - left) * scale[0], (bottom - top) * scale[1])
                keypoints[last - start] = map_landmarks(landmarks, crop, size)
            n_done = max(0, last + 1 - start)
            if on_progress is not None and (n_done % _PROGRESS_FRAMES == 0 or n_done == n_frames):
                on_progress(n_done, n_frames)
    if last != stop - 1:
        raise WorkerError(
            "POSE_LENGTH", f"expected frames up to {stop - 1}, got them up to {last}.", where=Path(proxy_path).name
        )
    return keypoints


def silence_native_output() -> None:
    """Send what native libraries write to the error stream nowhere; call once, in a worker process only.

    MediaPipe's C++ parts warn on file descriptor 2 at every start. Python's own errors keep
    their way out: ``sys.stderr`` is given a copy of the old descriptor.
    """
    sys.stderr.flush()
    sys.stderr = os.fdopen(os.dup(2), "w", buffering=1, errors="backslashreplace")
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)
    os.close(nowhere)


def _compute_crop(shape: tuple[int, ...], scale: tuple[float, float], box: Box | None) -> tuple[int, int, int, int]:
    """Left, top, right and bottom of what to look at, whole proxy pixels."""
    height, width = shape[:2]
    if box is None:
        return 0, 0, width, height
    x, y, box_width, box_height = box
    left, top = max(0, math.floor(x / scale[0])), max(0, math.floor(y / scale[1]))
    right = min(width, math.ceil((x + box_width) / scale[0]))
    bottom = min(height, math.ceil((y + box_height) / scale[1]))
    if right - left < min(SMALLEST_CROP_PX, width) or bottom - top < min(SMALLEST_CROP_PX, height):
        raise InputError(
            "PERSON_BOX",
            f"expected a box with at least {SMALLEST_CROP_PX} pixels of the picture each way, "
            f"got {max(0, right - left)}x{max(0, bottom - top)}.",
        )
    return left, top, right, bottom


@contextlib.contextmanager
def _open_holistic() -> Iterator[Callable[[NDArray[np.uint8]], Landmarks]]:
    """A fresh tracker, as a function from an RGB picture to its landmarks.

    The graph is MediaPipe's own Holistic (full body model, refined face mesh) with one
    executor thread: the landmarks are the same, and a process keeps to one core.
    """
    solution_base, calculator_pb2, executor_pb2 = _load_mediapipe()
    config = calculator_pb2.CalculatorGraphConfig()
    root = Path(solution_base.__file__).parents[2]
    config.ParseFromString((root / _GRAPH).read_bytes())
    executor = config.executor.add(type="ThreadPoolExecutor")
    executor.options.Extensions[executor_pb2.ThreadPoolExecutorOptions.ext].num_threads = 1
    options = {
        "model_complexity": 1,
        "smooth_landmarks": True,
        "enable_segmentation": False,
        "smooth_segmentation": False,
        "refine_face_landmarks": True,
        "use_prev_landmarks": True,
    }
    try:
        graph = solution_base.SolutionBase(graph_config=config, side_inputs=options, outputs=list(_STREAMS))
    except (RuntimeError, ValueError) as error:
        raise WorkerError("POSES_FAILED", f"MediaPipe did not start: {error}.") from error
    try:
        yield lambda picture: _find_landmarks(graph, picture)
    finally:
        with contextlib.suppress(RuntimeError):  # a graph that failed fails again on closing
            graph.close()


def _find_landmarks(graph: Any, picture: NDArray[np.uint8]) -> Landmarks:
    try:
        found = graph.process({"image": np.ascontiguousarray(picture)})
    except RuntimeError as error:
        raise WorkerError("POSES_FAILED", f"MediaPipe stopped: {error}.") from error
    body, left_hand, right_hand, face = (getattr(found, name) for name in _STREAMS)
    return Landmarks(
        None if body is None else np.array([(p.x, p.y, p.visibility) for p in body.landmark]).reshape(N_BODY, 3),
        _to_array(left_hand, N_HAND),
        _to_array(right_hand, N_HAND),
        _to_array(face, N_FACE),
    )


def _to_array(found: Any, n_points: int) -> NDArray[np.float64] | None:
    return None if found is None else np.array([(p.x, p.y) for p in found.landmark]).reshape(n_points, 2)


def _load_mediapipe() -> tuple[Any, Any, Any]:
    """MediaPipe's modules, loaded on first use, without the complaint protobuf prints at that moment."""
    os.environ.setdefault("GLOG_minloglevel", "2")
    try:
        with contextlib.redirect_stderr(io.StringIO()):
            # Holistic's own module registers the messages that its graph is made of.
            import mediapipe.python.solutions.holistic  # noqa: F401
            from mediapipe.framework import calculator_pb2, thread_pool_executor_pb2
            from mediapipe.python import solution_base
    except ImportError as error:
        raise WorkerError(
            "POSES_NOT_INSTALLED",
            f"pose extraction needs MediaPipe: {error}.",
            hint="Install it with: pip install --no-deps -r requirements-pose.txt",
        ) from error
    return solution_base, calculator_pb2, thread_pool_executor_pb2
