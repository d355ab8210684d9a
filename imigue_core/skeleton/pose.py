"""A person's points in every frame of a video, and the npz file they are kept in.

``PoseSequence`` knows no importer and no browser format: readers of brought-along
poses lie in ``formats/``, chunks for the player in ``chunks.py``.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from imigue_core.errors import InputError
from imigue_core.files import open_regular, write_atomic
from imigue_core.settings import MAX_FRAMES, MAX_SIDE_PX
from imigue_core.skeleton.arrays import MAX_POSE_BYTES, read_npz
from imigue_core.skeleton.layout import KEYPOINT_NAMES, N_KEYPOINTS

ROUNDING = 1e-4
"""How far over 1 a confidence may lie through rounding alone."""


@dataclass(frozen=True, slots=True, eq=False)
class PoseSequence:
    """One person's points, a row a frame from frame 0 of the video.

    Attributes:
        keypoints: (T, 137, 3) float32: x and y in pixels of the upright source picture
            (they may lie outside it), confidence 0 to 1. A missing point has NaN for x
            and y and confidence 0.
        size: Width and height of that picture in pixels, None when the file did not say.
    """

    keypoints: NDArray[np.float32]
    size: tuple[int, int] | None = None

    @property
    def n_frames(self) -> int:
        return len(self.keypoints)

    @property
    def is_found(self) -> NDArray[np.bool_]:
        """(T, 137): which points were found."""
        return self.keypoints[:, :, 2] > 0


def validate_keypoints(
    values: NDArray, *, n_frames: int | None = None, where: str = "", confidence_limit: float = 1.0
) -> NDArray[np.float32]:
    """Points as the rest of the studio wants them, from numbers that came from outside.

    A point with confidence 0 or with NaN anywhere becomes a missing one.

    Args:
        values: (T, 137, 3) or (T, 411) numbers: x, y, confidence by point.
        n_frames: Frames the video has, None when not known.
        where: What error messages call the file.
        confidence_limit: Largest confidence accepted; what lies over 1 becomes 1.

    Returns:
        (T, 137, 3) float32, a new array.

    Raises:
        InputError: ``POSE_SHAPE``, ``POSE_EMPTY``, ``POSE_TOO_LARGE``, ``POSE_LENGTH``,
            ``POSE_NOT_FINITE`` or ``POSE_CONFIDENCE``.
    """
    values = _validate_shape(np.asarray(values), n_frames, where)
    with np.errstate(over="ignore"):
        keypoints = np.array(values, np.float32, order="C")
    infinite = np.asarray(np.isinf(keypoints).any(axis=2))
    _refuse_first(infinite, "POSE_NOT_FINITE", "expected finite numbers, got infinity", where)
    confidence: NDArray[np.float32] = keypoints[:, :, 2]
    wrong = np.asarray((confidence < 0) | (confidence > confidence_limit + ROUNDING))
    _refuse_first(wrong, "POSE_CONFIDENCE", f"expected confidence 0..{confidence_limit:g}, got another", where)
    missing = np.isnan(keypoints).any(axis=2) | (confidence == 0)
    keypoints[missing] = (np.nan, np.nan, 0.0)
    np.minimum(confidence, 1.0, out=confidence)
    return keypoints


def _validate_shape(values: NDArray, n_frames: int | None, where: str) -> NDArray:
    if values.dtype.kind not in "fiu":
        raise InputError("POSE_SHAPE", f"expected numbers, got values of type {values.dtype}.", where=where)
    if values.ndim == 2 and values.shape[1] == N_KEYPOINTS * 3:
        values = values.reshape(-1, N_KEYPOINTS, 3)
    if values.ndim != 3 or values.shape[1:] != (N_KEYPOINTS, 3):
        raise InputError(
            "POSE_SHAPE",
            f"expected (frames, {N_KEYPOINTS}, 3) or (frames, {N_KEYPOINTS * 3}), got {values.shape}.",
            hint="A frame holds x, y and confidence of 25 body, 70 face and twice 21 hand points.",
            where=where,
        )
    if len(values) == 0:
        raise InputError("POSE_EMPTY", "expected at least one frame of poses, got none.", where=where)
    if len(values) > MAX_FRAMES or values.size * 4 > MAX_POSE_BYTES:
        raise InputError("POSE_TOO_LARGE", f"expected fewer frames, got {len(values):,}.", where=where)
    if n_frames is not None and len(values) != n_frames:
        raise InputError(
            "POSE_LENGTH",
            f"expected poses for {n_frames:,} frames, as the video has, got {len(values):,}.",
            where=where,
        )
    return values


def _refuse_first(wrong: NDArray[np.bool_], code: str, message: str, where: str) -> None:
    """Refuse when any (frame, point) is wrong, naming the first one."""
    if not wrong.any():
        return
    frame, point = np.unravel_index(int(wrong.argmax()), wrong.shape)
    raise InputError(code, f"{message} in frame {frame}, point {point} ({KEYPOINT_NAMES[point]}).", where=where)


def validate_size(size: tuple[int, int], where: str = "") -> tuple[int, int]:
    """Width and height in pixels as plain integers.

    Raises:
        InputError: ``POSE_SIZE`` when either is no whole number of 1 to 8192.
    """
    width, height = size
    if not (1 <= width <= MAX_SIDE_PX and 1 <= height <= MAX_SIDE_PX and width == int(width) and height == int(height)):
        raise InputError(
            "POSE_SIZE", f"expected a width and height of 1..{MAX_SIDE_PX}, got {width}x{height}.", where=where
        )
    return int(width), int(height)


def find_pose_warnings(poses: PoseSequence) -> list[str]:
    """What looks odd but is not refused, a sentence each."""
    found = poses.is_found
    if not found.any():
        return ["No person was found in any frame."]
    warnings: list[str] = []
    points = poses.keypoints[found][:, :2]
    if poses.size is not None:
        outside = ((points < 0) | (points > np.array(poses.size, np.float32))).any(axis=1).mean()
        if outside > 0.5:
            warnings.append(f"{outside:.0%} of the points lie outside the picture: were they made at another size?")
        if max(poses.size) > 16 and np.abs(points).max() <= 1:
            warnings.append("All coordinates lie within -1..1: they look like fractions of the picture, not pixels.")
    return warnings


def save_npz(path: str | os.PathLike[str], poses: PoseSequence) -> None:
    """Write poses so that the file is either whole or absent.

    Arrays in the file: ``keypoints`` (T, 137, 3) float32 and, when known, ``size``
    (2,) int64, width and height in pixels.
    """
    arrays: dict[str, NDArray] = {"keypoints": np.ascontiguousarray(poses.keypoints, np.float32)}
    if poses.size is not None:
        arrays["size"] = np.array(poses.size, np.int64)
    write_atomic(Path(path), lambda file: np.savez_compressed(file, allow_pickle=False, **arrays))


def load_npz(path: str | os.PathLike[str], *, n_frames: int | None = None) -> PoseSequence:
    """Poses from an npz file: the array ``keypoints``, or the only array there is.

    Args:
        path: An npz file of ours or of anybody.
        n_frames: Frames the video has, None when not known.

    Raises:
        InputError: ``NOT_A_FILE``, what ``arrays.read_npz`` raises, or what
            ``validate_keypoints`` raises.
    """
    where = str(path)
    with open_regular(path, MAX_POSE_BYTES, code="POSE_TOO_LARGE") as file:
        arrays = read_npz(file, where)
    values = arrays.get("keypoints")
    if values is None and len(arrays) == 1:
        (values,) = arrays.values()
    if values is None:
        names = ", ".join(sorted(arrays)) or "none"
        raise InputError("POSE_SHAPE", f"expected an array named keypoints, got {names}.", where=where)
    size = arrays.get("size")
    if size is not None and size.shape != (2,):
        raise InputError("POSE_SIZE", f"expected size to be width and height, got shape {size.shape}.", where=where)
    return PoseSequence(
        validate_keypoints(values, n_frames=n_frames, where=where),
        None if size is None else validate_size((size[0], size[1]), where),
    )
