"""A pose detector that looks at acted people and fails as real ones do.

Lives here: the order of things, and what happens to whole frames. Body, face and hands
have files of their own; the constants and where they come from are in
``detector_profiles.py``. All randomness belongs to times (``noise.py``), so another frame rate sees nearly
the same detector.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from imigue_core.skeleton.layout import BODY_SLICE, FACE_SLICE, LEFT_HAND_SLICE, N_KEYPOINTS, NECK, RIGHT_HAND_SLICE
from imigue_core.synthesis.detector_body import detect_body, is_outside
from imigue_core.synthesis.detector_face import detect_face
from imigue_core.synthesis.detector_hands import detect_hands
from imigue_core.synthesis.detector_profiles import DetectorKind, DetectorProfile
from imigue_core.synthesis.noise import FRAME_STEP_S, make_rng, sample_gate, sample_smooth
from imigue_core.synthesis.scene import Scene

FloatArray = NDArray[np.float32]


def detect(scene: Scene, profile: DetectorProfile, seed: int) -> FloatArray:
    """What the detector reports.

    Args:
        scene: At least two frames.
        profile: The detector.
        seed: Of its errors.

    Returns:
        (T, 137, 3) float32 x, y in pixels and confidence; a missing point is NaN, NaN, 0.
    """
    view = scene.view
    keypoints = np.empty((*view.xy.shape[:2], 3), np.float32)
    if profile.kind is DetectorKind.PERFECT:
        keypoints[:, :, :2] = view.xy
        keypoints[:, :, 2] = 1
        return keypoints
    unit = scene.unit
    detect_body(keypoints[:, BODY_SLICE], scene, profile, unit, seed)
    detect_hands(keypoints, scene, profile, unit, seed)
    detect_face(keypoints[:, FACE_SLICE], scene, profile, unit, seed)
    if profile.kind is DetectorKind.MEDIAPIPE:
        _drop_outside(keypoints, view.size)
    _mistake_person(keypoints, scene, profile, seed)
    empty = sample_gate(make_rng(seed, 41), scene.times, 0.6, profile.empty_share)
    keypoints[empty, :, 2] = 0
    missing = keypoints[:, :, 2] == 0
    for axis in range(2):
        np.copyto(keypoints[:, :, axis], np.nan, where=missing)
    return _repeat_frames(keypoints, scene.times, profile, seed)


def _drop_outside(keypoints: FloatArray, size: tuple[int, int]) -> None:
    """As ``landmarks.map_landmarks``: what lies outside the picture is missing."""
    keypoints[:, :, 2] *= ~is_outside(keypoints[:, :, :2], size)


def _mistake_person(keypoints: FloatArray, scene: Scene, profile: DetectorProfile, seed: int) -> None:
    """Now and then somebody beside is taken for the person: elsewhere, of another size, in another pose."""
    frames = np.flatnonzero(sample_gate(make_rng(seed, 42), scene.times, 1.5, profile.stranger_share))
    if len(frames) == 0:
        return
    rng = make_rng(seed, 43)
    zoom = np.float32(rng.uniform(0.5, 1.1))
    away = np.array([rng.choice([-1.0, 1.0]) * rng.uniform(1.2, 3.0), rng.normal(0, 0.3)], np.float32)
    build = rng.normal(0, 0.05, (N_KEYPOINTS, 2)).astype(np.float32)
    for part in (FACE_SLICE, LEFT_HAND_SLICE, RIGHT_HAND_SLICE):  # these keep their inner shape
        build[part] = build[part][:1]
    unit = scene.unit[frames][:, None, None]
    neck = scene.view.xy[frames][:, NECK : NECK + 1]
    keypoints[frames, :, :2] = neck + zoom * (keypoints[frames, :, :2] - neck) + unit * (away + build)


def _repeat_frames(
    keypoints: FloatArray, times: NDArray[np.float64], profile: DetectorProfile, seed: int
) -> FloatArray:
    """Repeat frames as converted or badly transmitted video does: every n-th, or in spells."""
    rng = make_rng(seed, 44)
    if rng.random() >= profile.repeat_odds:
        return keypoints
    index = np.arange(len(keypoints))
    if rng.random() < 0.5:
        period = rng.uniform(0.16, 1.0)
        is_repeat = np.mod(times, period) < FRAME_STEP_S
    else:
        is_repeat = (sample_smooth(rng, times, 2.0, 1)[:, 0] > 1.2) & (sample_smooth(rng, times, 0.05, 1)[:, 0] > -0.3)
    is_repeat[0] = False
    return keypoints[np.maximum.accumulate(np.where(is_repeat, 0, index))]
