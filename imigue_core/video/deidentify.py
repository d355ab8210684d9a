"""A copy of the proxy in which the face cannot be recognised.

Lives here: averaging the pixels of a face over large cells and writing the copy. Where the face
is, ``face_places`` says. Only the person whom the poses follow is masked: other people in the
picture stay as they are, and such a video should be shown as a skeleton.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

import cv2
import numpy as np
from av.video.frame import VideoFrame
from numpy.typing import NDArray

from imigue_core.errors import InputError
from imigue_core.files import replacing
from imigue_core.video.encoder import Writer, get_rows
from imigue_core.video.face_places import FacePlaces, Floats, compute_face_places
from imigue_core.video.probe import PROGRESS_FRAMES, Progress
from imigue_core.video.proxy import GOP_FRAMES
from imigue_core.video.source import iter_decoded, open_source

CELLS_IN_WIDTH = 4.4
"""Cells across a mask, so that fewer than three lie across the face itself."""
CELLS_IN_PICTURE = 10
"""Cells along the long side where a part of the picture, or all of it, is masked."""
MIN_CELL_PX = 16
_COLOUR_NAMES = ("colorspace", "color_range", "color_primaries", "color_trc")
Plane = NDArray[np.uint8]


def make_masked(
    proxy: str | os.PathLike[str],
    target: str | os.PathLike[str],
    keypoints: Floats,
    scale: tuple[float, float],
    on_progress: Progress | None = None,
    *,
    fps: Fraction,
    shot_cuts: Sequence[int] = (),
    n_threads: int = 0,
) -> int:
    """Write the masked copy of a proxy, whole or not at all; same size, rate and frames.

    Args:
        proxy: The file that ``make_proxy`` wrote.
        target: Where the copy goes; an older one is replaced.
        keypoints: (T, 137, 3) float32 of the video, source pixels; missing = NaN with confidence 0.
        scale: Source pixels in one pixel of the proxy, across and down.
        on_progress: See ``probe.Progress``; when it raises, nothing is left behind.
        fps: Frames a second, the proxy's.
        shot_cuts: First frames of new shots; what is known of a face does not pass them.
        n_threads: Threads of decoder and encoder each, 0 for as many as the machine likes.

    Returns:
        The number of frames.

    Raises:
        InputError: ``POSE_LENGTH`` when the proxy has not one frame for each of the poses; else as ``open_source``.
        StorageError: ``STORAGE_FULL``, ``STORAGE_READ_ONLY``, ``STORAGE_FAILED``.
    """
    n_frames = 0
    with replacing(Path(target)) as part, open_source(proxy, n_threads) as opened:
        width, height = opened.stream.width, opened.stream.height
        size = (round(width * scale[0]), round(height * scale[1]))
        masker = _Masker(compute_face_places(keypoints, size, shot_cuts), scale)
        with Writer(part, width, height, fps, GOP_FRAMES, n_threads) as writer:
            for frame in iter_decoded(opened):
                if n_frames < len(keypoints):
                    writer.write(masker.mask(frame, n_frames), n_frames)
                n_frames += 1
                if on_progress and n_frames % PROGRESS_FRAMES == 0:
                    on_progress(n_frames, len(keypoints))
        if n_frames != len(keypoints):
            message = f"expected a proxy of {len(keypoints):,} frames as in the poses, got {n_frames:,}."
            raise InputError("POSE_LENGTH", message, hint="Make the proxy or the poses again.")
    if on_progress:
        on_progress(n_frames, n_frames)
    return n_frames


class _Masker:
    """Masks frame after frame, in pixels of the proxy."""

    def __init__(self, places: FacePlaces, scale: tuple[float, float]) -> None:
        self._places = places
        self._scale = np.array([scale[0], scale[1], scale[0], scale[1]], np.float32)
        self._cells: dict[int, float] = {}

    def mask(self, frame: VideoFrame, index: int) -> VideoFrame:
        """A copy of a ``yuv420p`` frame with the face gone; the decoder still needs the frame itself."""
        made = VideoFrame(frame.width, frame.height, "yuv420p")
        for name in _COLOUR_NAMES:
            setattr(made, name, getattr(frame, name))
        planes = [get_rows(plane) for plane in made.planes]
        for target, source in zip(planes, frame.planes, strict=True):
            np.copyto(target, get_rows(source))
        ellipses, reach = self._places.list_near(index)
        ellipses = ellipses / self._scale
        if len(ellipses):
            self._hide_ellipses(planes, ellipses, self._get_cell(index, ellipses))
        rows = min(frame.height, 2 * -int(-reach / float(self._scale[1]) // 2))
        if rows > 0:
            _hide_rows(planes, rows)
        return made

    def _get_cell(self, index: int, ellipses: Floats) -> int:
        """Even side of a cell, pixels: steady within a shot, larger for a face that comes close."""
        shot = int(self._places.shots[index])
        if shot not in self._cells:
            widths = self._places.ellipses[self._places.shots == shot, :2, 2] / self._scale[0]
            self._cells[shot] = 2 * float(np.nanmedian(widths)) / CELLS_IN_WIDTH
        widest = 2 * float(ellipses[:, 2:].max()) / (1.5 * CELLS_IN_WIDTH)
        return 2 * round(max(MIN_CELL_PX, self._cells[shot], widest) / 2)

    def _hide_ellipses(self, planes: list[Plane], ellipses: Floats, cell: int) -> None:
        height, width = planes[0].shape
        low = np.floor((ellipses[:, :2] - ellipses[:, 2:]).min(axis=0) / cell).astype(int) * cell
        high = np.ceil((ellipses[:, :2] + ellipses[:, 2:]).max(axis=0) / cell).astype(int) * cell
        left, top = np.clip(low, 0, (width, height))
        right, bottom = np.clip(high, 0, (width, height))
        if right - left < 2 or bottom - top < 2:
            return
        mask = np.zeros((bottom - top, right - left), np.uint8)
        for x, y, half_width, half_height in ellipses.tolist():
            centre = (round(x - left), round(y - top))
            cv2.ellipse(mask, centre, (int(half_width) + 1, int(half_height) + 1), 0, 0, 360, 1, -1)
        _blend(planes[0][top:bottom, left:right], mask, cell)
        small = cv2.dilate(mask, np.ones((2, 2), np.uint8))[::2, ::2] | mask[1::2, 1::2]
        for plane in planes[1:]:
            _blend(plane[top // 2 : bottom // 2, left // 2 : right // 2], small, cell // 2)


def _hide_rows(planes: list[Plane], rows: int) -> None:
    """Hides everything above a row."""
    cell = max(planes[0].shape) / CELLS_IN_PICTURE
    for plane, step in zip(planes, (1, 2, 2), strict=True):
        upper = plane[: rows // step]
        _blend(upper, np.ones(upper.shape, np.uint8), cell / step)


def _blend(part: Plane, mask: Plane, cell: float) -> None:
    """Puts smooth averages over cells where ``mask`` is not 0; nothing finer than a cell is left."""
    height, width = part.shape
    grid = (max(1, round(width / cell)), max(1, round(height / cell)))
    averages = cv2.resize(part, grid, interpolation=cv2.INTER_AREA)
    smooth = cv2.resize(averages, (width, height), interpolation=cv2.INTER_LINEAR)
    np.copyto(part, smooth.astype(np.uint8), where=mask != 0)
