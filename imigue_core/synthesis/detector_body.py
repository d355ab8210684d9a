"""The 25 body points as MediaPipe or OpenPose report them: errors and confidences."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from imigue_core.skeleton.layout import (
    BODY_SLICE,
    LEFT_ELBOW,
    LEFT_SHOULDER,
    LEFT_WRIST,
    MID_HIP,
    NECK,
    RIGHT_ELBOW,
    RIGHT_SHOULDER,
    RIGHT_WRIST,
)
from imigue_core.synthesis.detector_profiles import N_BODY, DetectorKind, DetectorProfile
from imigue_core.synthesis.noise import FRAME_STEP_S, make_rng, sample_fast, sample_smooth
from imigue_core.synthesis.scene import Scene

FloatArray = NDArray[np.float32]

LEAST_VISIBILITY = 0.2
"""As in ``video/landmarks.py``: MediaPipe's points under it are missing."""
LEAST_PEAK = 0.05
"""OpenPose's threshold of a body point (its ``--render_threshold`` default; the least measured confidence is 0.059)."""
OPENPOSE_NET_HEIGHT = 368
"""Height of OpenPose's default net; its points stand on whole pixels of it (measured: 240 / 368 = 0.652 px steps)."""
VISIBILITY_RATE = 0.1
"""Share of the way MediaPipe's visibility goes in a frame (measured: .254 .327 .393 .453 .506 ...)."""

_HEAD = np.array([0, 15, 16, 17, 18])
_FORE = np.array([RIGHT_ELBOW, RIGHT_WRIST, LEFT_ELBOW, LEFT_WRIST])
_LOWER = np.array([*range(8, 15), *range(19, 25)])
# mean confidences: iMiGUE's video 298 as published, the measured clip's where it is the only source
_OPENPOSE_MEANS = np.full(N_BODY, 0.06, np.float32)
_OPENPOSE_MEANS[[0, 1, 2, 3, 4, 5, 6, 7, 15, 16, 17, 18]] = (
    0.84, 0.63, 0.46, 0.46, 0.52, 0.46, 0.52, 0.52, 0.86, 0.86, 0.70, 0.72,
)  # fmt: skip


def detect_body(out: FloatArray, scene: Scene, profile: DetectorProfile, unit: FloatArray, seed: int) -> None:
    """Write the body points into ``out``.

    Args:
        out: (T, 25, 3), filled; confidence 0 marks a missing point.
        scene: What is seen.
        profile: The detector.
        unit: (T,) pixels a shoulder width.
        seed: Of the detector.
    """
    xy = scene.view.xy[:, BODY_SLICE]
    times = scene.times
    rng = make_rng(seed, 1)
    bias = rng.normal(0, profile.body_bias, (N_BODY, 2)).astype(np.float32)
    bias[_HEAD] += rng.normal(0, profile.body_bias / 2, 2)
    jitter = np.float32(profile.jitter)

    wander = sample_smooth(make_rng(seed, 2), times, 0.7, 2 * N_BODY).reshape(-1, N_BODY, 2)
    shared = np.float32(profile.body_slow) * sample_smooth(make_rng(seed, 3), times, 1.0, 2)
    fast = sample_fast(make_rng(seed, 4), times, 2 * N_BODY).reshape(-1, N_BODY, 2)
    fast_sd = jitter * np.array(profile.body_fast, np.float32)
    slow_sd = jitter**0.5 * np.float32(profile.body_slow) * np.where(scene.hidden_body, np.float32(9), np.float32(1))
    trail = np.float32(profile.lag_s) * compute_velocity(xy, scene) if profile.lag_s else None
    for axis in range(2):
        error = wander[:, :, axis] * slow_sd
        error[:, _HEAD] += shared[:, axis, None]
        error += fast[:, :, axis] * fast_sd
        error += bias[:, axis]
        error *= unit[:, None]
        error += xy[:, :, axis]
        if trail is not None:
            error -= trail[:, :, axis]
        out[:, :, axis] = error
    if profile.kind is DetectorKind.MEDIAPIPE:
        out[:, NECK, :2] = (out[:, LEFT_SHOULDER, :2] + out[:, RIGHT_SHOULDER, :2]) / 2
        out[:, MID_HIP, :2] = (out[:, 9, :2] + out[:, 12, :2]) / 2
        out[:, :, 2] = _compute_visibility(scene, seed)
    else:
        step = np.float32(scene.view.size[1] / OPENPOSE_NET_HEIGHT)
        out[:, :, :2] = np.rint(out[:, :, :2] / step) * step
        out[:, :, 2] = _compute_peaks(out, scene, seed)


def compute_velocity(xy: FloatArray, scene: Scene) -> FloatArray:
    """(T, ...) pixels a second, backward differences; 0 across a cut and in the first frame."""
    velocity = np.zeros_like(xy)
    dt = np.maximum(np.diff(scene.times), 1e-3).astype(np.float32)
    np.subtract(xy[1:], xy[:-1], out=velocity[1:])
    velocity[1:] /= dt.reshape(-1, *(1,) * (xy.ndim - 1))
    velocity[scene.view.shot_cuts] = 0
    return velocity


def is_outside(xy: FloatArray, size: tuple[int, int]) -> NDArray[np.bool_]:
    """(...) bool for points (..., 2): whether they lie outside the picture."""
    x, y = xy[..., 0], xy[..., 1]
    return np.asarray((x < 0) | (x > size[0]) | (y < 0) | (y > size[1]))


def _compute_visibility(scene: Scene, seed: int) -> FloatArray:
    """(T, 25) MediaPipe's visibility: near 1 for head and shoulders, smoothed guesses for the rest."""
    rng = make_rng(seed, 5)
    n_frames = len(scene.times)
    visibility = np.ones((n_frames, N_BODY), np.float32)
    slow = sample_smooth(make_rng(seed, 6), scene.times, 1.6, len(_FORE))
    outside = is_outside(scene.view.xy[:, _FORE], scene.view.size)
    hidden = scene.hidden_body[:, _FORE]
    # measured: elbows at the picture's edge 0.25-0.5, a wrist outside it about 0.3, in full view up to 0.95
    seen = rng.normal(3.0, 0.6, len(_FORE)) + 0.5 * slow
    unseen = rng.normal(-0.9, 0.9, len(_FORE)) + 0.6 * slow
    logit = np.where(hidden | outside, unseen, seen)
    target = 1 / (1 + np.exp(-logit))
    visibility[:, _FORE] = _smooth_visibility(target.astype(np.float32))
    lower_logit = rng.normal(-1.9, 1.3) + rng.normal(0, 0.3, len(_LOWER))
    slow = sample_smooth(make_rng(seed, 7), scene.times, 3.0, 1)
    lower = 1 / (1 + np.exp(-(lower_logit + 0.4 * slow)))
    lower = np.where(scene.hidden_body[:, _LOWER], lower, np.minimum(lower + 0.75, 0.99))
    visibility[:, _LOWER] = lower
    visibility[:, [20, 23]] /= 2
    visibility[visibility < LEAST_VISIBILITY] = 0
    return visibility


def _smooth_visibility(target: FloatArray) -> FloatArray:
    """(T, n) first-order low-pass at ``VISIBILITY_RATE``, cut off after 40 frames (1.5 % of a step left)."""
    kernel = VISIBILITY_RATE * (1 - VISIBILITY_RATE) ** np.arange(40)
    kernel = (kernel / kernel.sum()).astype(np.float32)
    before = np.repeat(target[:1], len(kernel) - 1, axis=0)
    padded = np.concatenate([before, target])
    return np.stack([np.convolve(padded[:, i], kernel, "valid") for i in range(target.shape[1])], axis=1)


def _compute_peaks(found: FloatArray, scene: Scene, seed: int) -> FloatArray:
    """(T, 25) OpenPose's confidence, 0 where it reports nothing."""
    rng = make_rng(seed, 5)
    xy = scene.view.xy[:, BODY_SLICE]
    means = np.clip(_OPENPOSE_MEANS + rng.normal(0, 0.07, N_BODY), 0.02, 0.95)
    means = np.where(means < 0.12, means - 0.03, means)
    # measured sd over time: 0.02 for head and shoulders, 0.09 elbows, 0.2 wrists, with 0.8-0.96 from frame to frame
    spread = np.full(N_BODY, 0.022, np.float32)
    spread[_FORE] = (0.05, 0.07, 0.05, 0.07)
    peaks = means.astype(np.float32) + spread * sample_smooth(make_rng(seed, 6), scene.times, 0.28, N_BODY)
    peaks += 0.008 * sample_fast(make_rng(seed, 7), scene.times, N_BODY)
    velocity = compute_velocity(xy[:, _FORE], scene)
    speed = np.abs(velocity).sum(axis=2) * np.float32(FRAME_STEP_S / 0.36) / scene.view.scale[:, None]
    peaks[:, _FORE] -= np.minimum(0.9 * np.maximum(speed - 0.05, 0), 0.5)
    peaks -= np.float32(0.55) * scene.hidden_body
    hands = scene.hidden_hands
    peaks[:, [LEFT_WRIST, RIGHT_WRIST]] -= 0.42 * hands
    # the far ear goes when the head turns: nearer to the nose than a quarter of the other's distance
    near, far = np.abs(xy[:, 17:19, 0] - xy[:, :1, 0]), np.abs(xy[:, [18, 17], 0] - xy[:, :1, 0])
    peaks[:, 17:19] *= np.clip((near / np.maximum(far, 1) - 0.12) / 0.2, 0, 1)
    peaks[is_outside(found[:, :, :2], scene.view.size)] = 0
    np.clip(peaks, 0, 1, out=peaks)
    peaks[peaks < LEAST_PEAK] = 0
    return peaks
