"""What a scan remembers of a video's movements: a few numbers for every 160 ms, and the file that holds them.

A *token* is 64 numbers: what the scanner takes each class and background for, and, with less
weight, what its last hidden layer made of the keypoints. Both are averaged over the scene and its
mirror image, so that a gesture of the left hand and one of the right are alike. numpy only; who
computes them is scanner.py, who compares them similar.py.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save

from imigue_core.annotation import Span
from imigue_core.files import write_atomic

REVISION = 1
"""Raised whenever the same poses and model give other tokens."""
N_HIDDEN = 31
HIDDEN_WEIGHT = 0.3
"""Chosen on acted interviews: enough to order what the classes leave open, too little to drown them."""
_SEED = 31
_MAX_BYTES = 512 * 1024 * 1024
_NOTE = "imigue-tokens"


@dataclass(frozen=True, slots=True, eq=False)
class TokenTrack:
    """The tokens of one video.

    Attributes:
        tokens: (L, 64) float16, in order of time.
        starts: (L,) int32, the first source frame of each.
        ends: (L,) int32, the last one.
        shots: (L,) int32, number of the shot; what is alike never reaches from one into the next.
    """

    tokens: NDArray[np.float16]
    starts: NDArray[np.int32]
    ends: NDArray[np.int32]
    shots: NDArray[np.int32]

    def __len__(self) -> int:
        return len(self.tokens)


@dataclass(frozen=True, slots=True)
class TrackOrigin:
    """What a track was made from; tracks are comparable where ``model_hash`` is the same."""

    model: str
    model_hash: str
    poses_revision: int
    revision: int = REVISION


def compute_tokens(logits: NDArray[np.float32], hidden: NDArray[np.float32]) -> NDArray[np.float16]:
    """Tokens of one shot.

    Args:
        logits: (2, L, C) float32, of the scene and of its mirror image: classes, then background.
        hidden: (2, L, W) float32, last hidden layer of both.

    Returns:
        (L, C + 31) float16, finite.
    """
    evidence = 1 / (1 + np.exp(-np.clip(logits.mean(axis=0), -30, 30)))
    folded = hidden.mean(axis=0) @ _make_projection(hidden.shape[2])
    length = np.linalg.norm(folded, axis=1, keepdims=True)
    folded = HIDDEN_WEIGHT * folded / np.maximum(length, 1e-6)
    tokens: NDArray[np.float32] = np.nan_to_num(np.concatenate([evidence, folded], axis=1))
    return tokens.astype(np.float16)


def _make_projection(width: int) -> NDArray[np.float32]:
    """(width, 31) float32: the same random directions for every model of this width."""
    signs: NDArray[np.int64] = np.random.default_rng(_SEED).integers(0, 2, (width, N_HIDDEN)) * 2 - 1
    return signs.astype(np.float32) / np.float32(np.sqrt(width))


def make_track(shots: Sequence[tuple[Span, NDArray[np.float16], NDArray[np.int32]]]) -> TokenTrack:
    """A video's track from its shots: source frames, tokens (L, 64), first source frame of each token (L,)."""
    ends = [np.maximum(np.append(starts[1:] - 1, span.end_frame), starts) for span, _, starts in shots]
    return TokenTrack(
        np.concatenate([tokens for _, tokens, _ in shots]),
        np.concatenate([starts for _, _, starts in shots]).astype(np.int32),
        np.concatenate(ends).astype(np.int32),
        np.repeat(np.arange(len(shots), dtype=np.int32), [len(tokens) for _, tokens, _ in shots]),
    )


def save_track(path: Path, track: TokenTrack, origin: TrackOrigin) -> None:
    """Writes a track, whole or not at all; it can be made again, so nobody waits for the disk."""
    note = {
        "model": origin.model,
        "model_hash": origin.model_hash,
        "poses_revision": origin.poses_revision,
        "revision": origin.revision,
    }
    arrays = {"tokens": track.tokens, "starts": track.starts, "ends": track.ends, "shots": track.shots}
    data = save({name: np.ascontiguousarray(value) for name, value in arrays.items()}, {_NOTE: json.dumps(note)})
    write_atomic(path, lambda file: file.write(data), durable=False)


def find_origin(path: Path) -> TrackOrigin | None:
    """What a track was made from; None when there is no track, or none that this studio can read."""
    try:
        if not path.is_file() or path.is_symlink() or path.stat().st_size > _MAX_BYTES:
            return None
        with safe_open(path, framework="numpy") as file:
            note = json.loads((file.metadata() or {}).get(_NOTE, "null"))
    except (OSError, SafetensorError, ValueError, RecursionError):
        return None
    kinds = {"model": str, "model_hash": str, "poses_revision": int, "revision": int}
    if not isinstance(note, dict) or not all(type(note.get(name)) is kind for name, kind in kinds.items()):
        return None
    return TrackOrigin(**{name: note[name] for name in kinds})


def find_track(path: Path, n_frames: int) -> TokenTrack | None:
    """A track as it was saved; None when it is missing, damaged or not of a video of ``n_frames``."""
    try:
        with safe_open(path, framework="numpy") as file:
            track = TokenTrack(*(file.get_tensor(name) for name in ("tokens", "starts", "ends", "shots")))
    except (OSError, SafetensorError, ValueError):
        return None
    return track if _is_sound(track, n_frames) else None


def _is_sound(track: TokenTrack, n_frames: int) -> bool:
    numbers = (track.starts, track.ends, track.shots)
    if track.tokens.dtype != np.float16 or track.tokens.ndim != 2 or not len(track):
        return False
    if any(one.dtype != np.int32 or one.shape != (len(track),) for one in numbers):
        return False
    is_ordered = bool((np.diff(track.starts) >= 0).all() and (np.diff(track.shots) >= 0).all())
    is_inside = track.starts[0] >= 0 and track.ends.max() < n_frames and bool((track.ends >= track.starts).all())
    return is_ordered and bool(is_inside) and bool(np.isfinite(track.tokens).all())
