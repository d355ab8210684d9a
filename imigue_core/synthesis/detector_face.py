"""The 70 face points as MediaPipe or OpenPose report them, and what a hand in front does to them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from imigue_core.skeleton.layout import FACE_SLICE, LEFT_HAND_SLICE, RIGHT_HAND_SLICE
from imigue_core.synthesis.detector_body import is_outside
from imigue_core.synthesis.detector_profiles import DetectorKind, DetectorProfile
from imigue_core.synthesis.noise import make_rng, sample_fast, sample_latent, sample_smooth
from imigue_core.synthesis.scene import Scene

FloatArray = NDArray[np.float32]

N_FACE = 70
_COVER_RADIUS = 0.15
"""Shoulder widths about the middle of a palm, and of its fingers, that a hand hides."""
_NOSE_TIP, _JAW_RIGHT, _JAW_LEFT = 30, 0, 16


def detect_face(out: FloatArray, scene: Scene, profile: DetectorProfile, unit: FloatArray, seed: int) -> None:
    """Write the face points into ``out`` (T, 70, 3); arguments as for ``detect_body``."""
    xy = scene.view.xy[:, FACE_SLICE]
    times = scene.times
    rng = make_rng(seed, 11)
    jitter = np.float32(profile.jitter)
    covered = find_covered(scene, unit)
    cover = covered.mean(axis=1, dtype=np.float32)
    # noise comes in spells, and grows where a hand covers the face
    level = np.exp(0.35 * sample_smooth(make_rng(seed, 12), times, 2.0, 1)[:, 0]) * (1 + 4 * cover)
    level = (jitter * level).astype(np.float32)

    fast = sample_fast(make_rng(seed, 13), times, 2 * N_FACE)
    drift = sample_smooth(make_rng(seed, 14), times, 0.9, 2 * N_FACE)
    drift *= np.float32(profile.face_slow) * jitter**0.5
    drift += rng.normal(0, profile.face_bias, 2 * N_FACE).astype(np.float32)
    shared = _sample_shared(scene, profile, level, seed)
    fast_sd = (np.float32(profile.face_fast) * level)[:, None]
    # offsets from the nose tip, in face radii: what a shared turn and zoom act upon
    offsets = [(xy[:, :, axis] - xy[:, _NOSE_TIP, None, axis]) / (0.2 * unit)[:, None] for axis in range(2)]
    for axis, turned in ((0, -offsets[1]), (1, offsets[0])):
        error = fast[:, axis * N_FACE : (axis + 1) * N_FACE] * fast_sd
        error += drift[:, axis * N_FACE : (axis + 1) * N_FACE]
        error += shared[:, axis, None]
        error += turned * shared[:, 2, None]
        error += offsets[axis] * shared[:, 3, None]
        error *= unit[:, None]
        error += xy[:, :, axis]
        out[:, :, axis] = error
    out[:, :, 2] = _compute_confidence(scene, profile, covered, cover, unit, seed)


def find_covered(scene: Scene, unit: FloatArray) -> NDArray[np.bool_]:
    """(T, 70): face points that lie behind a hand."""
    view = scene.view
    covered = np.zeros((len(scene.times), N_FACE), np.bool_)
    nose = FACE_SLICE.start + _NOSE_TIP
    for hand in (LEFT_HAND_SLICE, RIGHT_HAND_SLICE):
        first = hand.start
        palm = view.xy[:, [first, first + 5, first + 17]].mean(axis=1)
        fingers = view.xy[:, [first + 7, first + 11, first + 15, first + 19]].mean(axis=1)
        distance = np.abs(fingers - view.xy[:, nose]).sum(axis=1)
        is_near = (distance < 1.1 * unit) & (view.depth[:, first + 9] < view.depth[:, nose] + 0.06)
        frames = np.flatnonzero(is_near)
        if len(frames) == 0:
            continue
        face = view.xy[frames, FACE_SLICE]
        radius = (_COVER_RADIUS * unit[frames, None]) ** 2
        for middle in (palm, fingers):
            covered[frames] |= ((face - middle[frames, None]) ** 2).sum(axis=2) < radius
    return covered


def _sample_shared(scene: Scene, profile: DetectorProfile, level: FloatArray, seed: int) -> FloatArray:
    """(T, 4): shift x and y (shoulder widths), turn and zoom (shift at a face's radius) that all its points share."""
    sd = np.float32(profile.face_common)
    shared = (sd * level)[:, None] * sample_fast(make_rng(seed, 15), scene.times, 4)
    shared += 2 * sd * sample_smooth(make_rng(seed, 16), scene.times, 0.4, 4)
    return np.asarray(shared, np.float32)


def _compute_confidence(
    scene: Scene,
    profile: DetectorProfile,
    covered: NDArray[np.bool_],
    cover: FloatArray,
    unit: FloatArray,
    seed: int,
) -> FloatArray:
    """(T, 70); 0 in frames without a face. Faces go when covered, turned away or outside the picture."""
    view, rng = scene.view, make_rng(seed, 17)
    xy = view.xy[:, FACE_SLICE]
    latent = sample_latent(make_rng(seed, 18), scene.times, 1)[:, 0]
    width = np.abs(xy[:, _JAW_LEFT, 0] - xy[:, _JAW_RIGHT, 0]) / unit
    outside = is_outside(xy[:, [0, 8, 16, 27, 30]], view.size).mean(axis=1, dtype=np.float32)
    # seen: 96 % found with both hands on the cheeks, 70 % while the face is covered
    score = profile.face_score + rng.normal(0, profile.score_spread) + 1.1 * latent
    score -= np.minimum(11 * np.maximum(cover - 0.25, 0), 4.0) + 8 * np.maximum(0.2 - width, 0) / 0.2 + 6 * outside
    if profile.kind is DetectorKind.MEDIAPIPE:
        return np.repeat((score > 0).astype(np.float32)[:, None], N_FACE, axis=1)
    # measured: mean 0.87 with 0.03 over time, 0.8-0.96 from frame to frame; published mean of video 298 is 0.74
    base = np.clip(rng.normal(0.80, 0.05) + rng.normal(0, 0.03, N_FACE), 0.3, 0.95).astype(np.float32)
    base[:17] -= 0.06
    level = np.clip(0.55 + 0.25 * score, 0.02, 1).astype(np.float32)
    confidence = base * level[:, None]
    confidence += 0.028 * sample_smooth(make_rng(seed, 19), scene.times, 0.2, N_FACE)
    confidence *= np.where(covered, np.float32(0.45), np.float32(1))
    np.clip(confidence, 0.01, 1, out=confidence)
    confidence[(score < -0.6) | (outside > 0.5)] = 0
    return np.asarray(confidence, np.float32)
