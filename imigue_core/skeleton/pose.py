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
from imigue_core.limits import POSE_FILE
from imigue_core.settings import MAX_FRAMES, MAX_SIDE_PX
from imigue_core.skeleton.arrays import open_npz
from imigue_core.skeleton.layout import KEYPOINT_NAMES, N_KEYPOINTS

ROUNDING = 1e-4
"""How far over 1 a confidence may lie through rounding alone."""
_BLOCK_FRAMES = 4096
"""Frames that are judged at a time, so that judging takes little memory beside the points."""


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
    values: NDArray,
    *,
    n_frames: int | None = None,
    where: str = "",
    confidence_limit: float = 1.0,
    may_change: bool = False,
) -> NDArray[np.float32]:
    """Points as the rest of the studio wants them, from numbers that came from outside.

    A point with confidence 0 or with NaN anywhere becomes a missing one.

    Args:
        values: (T, 137, 3) or (T, 411) numbers: x, y, confidence by point.
        n_frames: Frames the video has, None when not known.
        where: What error messages call the file.
        confidence_limit: Largest confidence accepted; what lies over 1 becomes 1.
        may_change: ``values`` is the caller's own and may become the result.

    Returns:
        (T, 137, 3) float32, a new array unless ``may_change``.

    Raises:
        InputError: ``POSE_SHAPE``, ``POSE_EMPTY``, ``POSE_TOO_LARGE``, ``POSE_LENGTH``,
            ``POSE_NOT_FINITE`` or ``POSE_CONFIDENCE``.
    """
    values = np.asarray(values)
    validate_shape(values.shape, values.dtype, n_frames, where)
    values = values.reshape(-1, N_KEYPOINTS, 3)
    with np.errstate(over="ignore"):
        keypoints = np.array(values, np.float32, order="C", copy=None if may_change else True)
    for start in range(0, len(keypoints), _BLOCK_FRAMES):
        _clean_block(keypoints[start : start + _BLOCK_FRAMES], start, confidence_limit, where)
    return keypoints


def _clean_block(keypoints: NDArray[np.float32], start: int, confidence_limit: float, where: str) -> None:
    """Judges some frames and marks their missing points, in place; ``start`` is the first one's number."""
    infinite = np.asarray(np.isinf(keypoints).any(axis=2))
    _refuse_first(infinite, start, "POSE_NOT_FINITE", "expected finite numbers, got infinity", where)
    confidence: NDArray[np.float32] = keypoints[:, :, 2]
    wrong = np.asarray((confidence < 0) | (confidence > confidence_limit + ROUNDING))
    _refuse_first(wrong, start, "POSE_CONFIDENCE", f"expected confidence 0..{confidence_limit:g}, got another", where)
    missing = np.isnan(keypoints).any(axis=2) | (confidence == 0)
    keypoints[missing] = (np.nan, np.nan, 0.0)
    np.minimum(confidence, 1.0, out=confidence)


def validate_shape(
    shape: tuple[int, ...], dtype: np.dtype, n_frames: int | None, where: str, *, most_frames: int = MAX_FRAMES
) -> None:
    """Refuses what cannot be points, before any of them is read.

    Raises:
        InputError: ``POSE_SHAPE``, ``POSE_EMPTY``, ``POSE_TOO_LARGE`` or ``POSE_LENGTH``.
    """
    if dtype.kind not in "fiu":
        raise InputError("POSE_SHAPE", f"expected numbers, got values of type {dtype}.", where=where)
    if shape[1:] not in ((N_KEYPOINTS * 3,), (N_KEYPOINTS, 3)):
        raise InputError(
            "POSE_SHAPE",
            f"expected (frames, {N_KEYPOINTS}, 3) or (frames, {N_KEYPOINTS * 3}), got {shape!s:.200}.",
            hint="A frame holds x, y and confidence of 25 body, 70 face and twice 21 hand points.",
            where=where,
        )
    if shape[0] == 0:
        raise InputError("POSE_EMPTY", "expected at least one frame of poses, got none.", where=where)
    if n_frames is not None and shape[0] != n_frames:
        raise InputError(
            "POSE_LENGTH",
            f"expected poses for {n_frames:,} frames, as the video has, got {shape[0]:,}.",
            where=where,
        )
    refuse_frames(shape[0], n_frames, most_frames, where)


def refuse_frames(n_read: int, n_frames: int | None, most_frames: int, where: str) -> None:
    """Ends the reading of poses that turn out to have more frames than they may.

    Args:
        n_read: Frames so far.
        n_frames: Frames the video has, None when not known.
        most_frames: Frames that anybody's poses may have.

    Raises:
        InputError: ``POSE_TOO_LARGE`` or ``POSE_LENGTH``.
    """
    if n_read > most_frames:
        raise InputError("POSE_TOO_LARGE", f"expected at most {most_frames:,} frames, got more.", where=where)
    if n_frames is not None and n_read > n_frames:
        message = f"expected poses for {n_frames:,} frames, as the video has, got more."
        raise InputError("POSE_LENGTH", message, where=where)


def _refuse_first(wrong: NDArray[np.bool_], start: int, code: str, message: str, where: str) -> None:
    """Refuse when any (frame, point) is wrong, naming the first one."""
    if not wrong.any():
        return
    frame, point = np.unravel_index(int(wrong.argmax()), wrong.shape)
    raise InputError(code, f"{message} in frame {start + frame}, point {point} ({KEYPOINT_NAMES[point]}).", where=where)


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


def load_npz(
    path: str | os.PathLike[str], *, n_frames: int | None = None, most_frames: int = MAX_FRAMES
) -> PoseSequence:
    """Poses from an npz file: the array ``keypoints``, or the only array there is.

    Nothing is read but the headers before the points are known to be acceptable.

    Args:
        path: An npz file of ours or of anybody.
        n_frames: Frames the video has, None when not known.
        most_frames: Frames it may have at most.

    Raises:
        InputError: ``NOT_A_FILE``, what ``arrays.open_npz`` raises, or what
            ``validate_keypoints`` raises.
    """
    where = str(path)
    with open_regular(path, POSE_FILE.most, code="POSE_TOO_LARGE") as file, open_npz(file, where) as arrays:
        headers = arrays.headers
        name = "keypoints" if "keypoints" in headers or len(headers) != 1 else next(iter(headers))
        if name not in headers:
            names = ", ".join(sorted(headers)) or "none"
            raise InputError("POSE_SHAPE", f"expected an array named keypoints, got {names:.200}.", where=where)
        validate_shape(headers[name].shape, headers[name].dtype, n_frames, where, most_frames=most_frames)
        size = None
        if "size" in headers:
            if headers["size"].shape != (2,):
                message = f"expected size to be width and height, got shape {headers['size'].shape!s:.200}."
                raise InputError("POSE_SIZE", message, where=where)
            width, height = arrays.read("size")
            size = validate_size((width, height), where)
        values = arrays.read(name, np.float32)
    return PoseSequence(validate_keypoints(values, n_frames=n_frames, where=where, may_change=True), size)
