"""Chunks: the player's copy of the poses, 250 frames a file, small enough to fetch while it plays.

Format 1, little-endian, gzip'd: magic ``IMGP``, u16 version, u16 points, u32 first
frame, u32 frames, f32 step in source pixels; then int16 x[point][frame], int16
y[point][frame] in steps and uint8 confidence[point][frame] (255 = 1), each row as
wrapped differences along time, its first value absolute. A missing point has -32768
for x and y and confidence 0. player/picture/chunks.js reads the same layout in the browser.
"""

from __future__ import annotations

import gzip
import struct
import zlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from imigue_core.errors import InputError
from imigue_core.files import write_atomic
from imigue_core.skeleton.layout import N_KEYPOINTS

CHUNK_FRAMES = 250
VERSION = 1
_HEADER = struct.Struct("<4sHHIIf")
_MAGIC = b"IMGP"
_MISSING = -32768
_LIMIT = 32767
_STEPS_A_SIDE = 16000
_SMALLEST_STEP_PX = 1 / 16
_GZIP_LEVEL = 6
MAX_CHUNK_BYTES = 1024 * 1024
"""Points that move without any pattern do not fill it."""


@dataclass(frozen=True, slots=True, eq=False)
class Chunk:
    """What one chunk holds.

    Attributes:
        keypoints: (t, 137, 3) float32, as in ``PoseSequence``, rounded to the step.
        start_frame: Frame of the first row.
        step_px: Source pixels a step.
    """

    keypoints: NDArray[np.float32]
    start_frame: int
    step_px: float


def compute_step_px(size: tuple[int, int]) -> float:
    """Source pixels a step for a picture of ``size``: fine enough not to be seen, wide enough for both sides of it."""
    return float(np.float32(max(max(size) / _STEPS_A_SIDE, _SMALLEST_STEP_PX)))


def get_chunk_name(number: int) -> str:
    """File name of chunk ``number``; it holds frames ``250 * number`` and up."""
    return f"{int(number):05d}.bin.gz"


def encode_chunk(keypoints: NDArray[np.float32], start_frame: int, step_px: float) -> bytes:
    """The bytes of one chunk; the same points always give the same bytes.

    Args:
        keypoints: (t, 137, 3) float32, as in ``PoseSequence``, at most 250 rows. Points
            further out than 32,767 steps are drawn in to that.
        start_frame: Frame of the first row, 0-based.
        step_px: Source pixels a step.

    Raises:
        ValueError: When there are more rows than a chunk holds.
    """
    if len(keypoints) > CHUNK_FRAMES:
        raise ValueError(f"keypoints: expected at most {CHUNK_FRAMES} frames, got {len(keypoints)}")
    found = keypoints[:, :, 2] > 0
    steps = np.clip(np.rint(np.nan_to_num(keypoints[:, :, :2]) / step_px), -_LIMIT, _LIMIT).astype(np.int16)
    steps[~found] = _MISSING
    confidence = np.rint(keypoints[:, :, 2] * 255).clip(0, 255).astype(np.uint8)
    confidence[found & (confidence == 0)] = 1  # a point that was found stays found
    body = (
        _HEADER.pack(_MAGIC, VERSION, N_KEYPOINTS, start_frame, len(keypoints), step_px)
        + _encode_rows(steps[:, :, 0].astype("<u2")).tobytes()
        + _encode_rows(steps[:, :, 1].astype("<u2")).tobytes()
        + _encode_rows(confidence).tobytes()
    )
    return gzip.compress(body, _GZIP_LEVEL, mtime=0)


def decode_chunk(data: bytes) -> Chunk:
    """The points of one chunk.

    Raises:
        InputError: ``CHUNK_FORMAT`` when it is no whole chunk of version 1.
    """
    start_frame, step_px, x, y, confidence = _open_chunk(data, None)
    n_keypoints, n_frames = x.shape
    keypoints = np.empty((n_frames, n_keypoints, 3), np.float32)
    keypoints[:, :, 0] = x.T * np.float32(step_px)
    keypoints[:, :, 1] = y.T * np.float32(step_px)
    keypoints[:, :, 2] = confidence.T / np.float32(255)
    keypoints[x.T == _MISSING] = (np.nan, np.nan, 0)
    return Chunk(keypoints, start_frame, step_px)


def decode_points(data: bytes, points: list[int]) -> NDArray[np.float32]:
    """(3, P, t) x, y and confidence of some points of a chunk, as ``decode_chunk`` has them, without the others.

    Raises:
        InputError: ``CHUNK_FORMAT`` as ``decode_chunk`` does.
    """
    _, step_px, x, y, confidence = _open_chunk(data, points)
    found = np.empty((3, *x.shape), np.float32)
    found[0] = x * np.float32(step_px)
    found[1] = y * np.float32(step_px)
    found[2] = confidence / np.float32(255)
    found[:2, x == _MISSING] = np.nan
    return found


def _open_chunk(
    data: bytes, points: list[int] | None
) -> tuple[int, float, NDArray[np.int16], NDArray[np.int16], NDArray[np.uint8]]:
    """First frame, source pixels a step, and (P, t) x, y and confidence of these points, or of all."""
    longest = _HEADER.size + CHUNK_FRAMES * N_KEYPOINTS * 5 + 1
    try:
        body = zlib.decompressobj(wbits=31).decompress(data, longest)
        magic, version, n_keypoints, start_frame, n_frames, step_px = _HEADER.unpack_from(body)
    except (zlib.error, struct.error) as error:
        raise InputError("CHUNK_FORMAT", f"expected a chunk of poses, got a damaged one: {error}.") from error
    n_values = n_keypoints * n_frames
    if (magic, version, n_keypoints) != (_MAGIC, VERSION, N_KEYPOINTS) or len(body) != _HEADER.size + n_values * 5:
        raise InputError("CHUNK_FORMAT", f"expected a chunk of version {VERSION} with {N_KEYPOINTS} points.")
    rows = (n_keypoints, n_frames)
    at = _HEADER.size
    x = np.frombuffer(body, "<u2", n_values, at).reshape(rows)
    y = np.frombuffer(body, "<u2", n_values, at + 2 * n_values).reshape(rows)
    confidence = np.frombuffer(body, np.uint8, n_values, at + 4 * n_values).reshape(rows)
    wanted = slice(None) if points is None else points
    return (
        start_frame,
        step_px,
        _decode_rows(x[wanted]).view(np.int16),
        _decode_rows(y[wanted]).view(np.int16),
        _decode_rows(confidence[wanted]),
    )


def write_chunks(
    folder: str | Path, keypoints: NDArray[np.float32], first_frame: int, size: tuple[int, int]
) -> list[str]:
    """Write the chunks of a stretch of frames; chunks of the same number are replaced.

    Args:
        folder: Where the chunks of the video lie; made when absent.
        keypoints: (t, 137, 3) float32, as in ``PoseSequence``.
        first_frame: Frame of the first row, a multiple of 250.
        size: Width and height of the upright source picture, pixels.

    Returns:
        The names written, in order.

    Raises:
        ValueError: When ``first_frame`` does not begin a chunk.
    """
    if first_frame % CHUNK_FRAMES:
        raise ValueError(f"first_frame: expected a multiple of {CHUNK_FRAMES}, got {first_frame}")
    step_px = compute_step_px(size)
    names: list[str] = []
    for at in range(0, len(keypoints), CHUNK_FRAMES):
        data = encode_chunk(keypoints[at : at + CHUNK_FRAMES], first_frame + at, step_px)
        name = get_chunk_name((first_frame + at) // CHUNK_FRAMES)
        _write_chunk(Path(folder) / name, data)
        names.append(name)
    return names


def _write_chunk(path: Path, data: bytes) -> None:
    """Whoever records a chunk waits for the disk then, once for many."""
    write_atomic(path, lambda file: file.write(data), durable=False)


def _encode_rows(values: NDArray) -> NDArray:
    """(t, K) unsigned -> (K, t) wrapped differences along time, the first value absolute."""
    rows = np.ascontiguousarray(values.T)
    rows[:, 1:] -= rows[:, :-1].copy()
    return rows


def _decode_rows(differences: NDArray) -> NDArray:
    """(K, t) wrapped differences -> (K, t) values."""
    return np.cumsum(differences, axis=1, dtype=differences.dtype)
