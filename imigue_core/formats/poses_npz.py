"""Poses that somebody brings along as numpy files: npz and npy.

The checks on the files' headers lie in ``skeleton/arrays.py``; a (T, 411) array is
the same table that ``miga.py`` reads from Excel.
"""

from __future__ import annotations

import os
from dataclasses import replace

import numpy as np

from imigue_core.errors import InputError
from imigue_core.files import open_regular
from imigue_core.formats.openpose import CONFIDENCE_LIMIT
from imigue_core.limits import POSE_FILE, POSE_FRAMES
from imigue_core.skeleton.arrays import iter_parts, read_header, read_values
from imigue_core.skeleton.pose import PoseSequence, load_npz, validate_keypoints, validate_shape


def load_pose_npz(
    path: str | os.PathLike[str], *, n_frames: int | None = None, size: tuple[int, int] | None = None
) -> PoseSequence:
    """Poses from an npz file; see ``skeleton.pose.load_npz`` for what it may hold.

    Args:
        path: The file.
        n_frames: Frames the video has, None when not known.
        size: Width and height of the upright picture, pixels.

    Raises:
        InputError: ``POSE_SIZE`` when the file was made for another picture size, or
            what ``load_npz`` raises.
    """
    poses = load_npz(path, n_frames=n_frames, most_frames=POSE_FRAMES.most)
    if size is not None and poses.size is not None and poses.size != size:
        raise InputError(
            "POSE_SIZE",
            f"expected poses in pixels of {size[0]}x{size[1]}, got {poses.size[0]}x{poses.size[1]}.",
            where=str(path),
        )
    return replace(poses, size=size or poses.size)


def load_pose_npy(
    path: str | os.PathLike[str], *, n_frames: int | None = None, size: tuple[int, int] | None = None
) -> PoseSequence:
    """Poses from one array in an npy file, (T, 411) or (T, 137, 3).

    Raises:
        InputError: ``NOT_A_FILE``, what ``arrays.read_header`` and ``arrays.read_values`` raise, or what
            ``validate_keypoints`` raises.
    """
    where = str(path)
    with open_regular(path, POSE_FILE.most, code="POSE_TOO_LARGE") as file:
        header = read_header(file, where)
        validate_shape(header.shape, header.dtype, n_frames, where, most_frames=POSE_FRAMES.most)
        values = read_values(iter_parts(file), header, np.float32)
    clean = validate_keypoints(
        values, n_frames=n_frames, where=where, confidence_limit=CONFIDENCE_LIMIT, may_change=True
    )
    return PoseSequence(clean, size)
