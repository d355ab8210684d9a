"""The two hands as MediaPipe or OpenPose report them: found or not, guessed, collapsed, frozen, swapped."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from imigue_core.skeleton.layout import (
    LEFT_ELBOW,
    LEFT_HAND_SLICE,
    LEFT_WRIST,
    RIGHT_ELBOW,
    RIGHT_HAND_SLICE,
    RIGHT_WRIST,
)
from imigue_core.synthesis.detector_body import compute_velocity, is_outside
from imigue_core.synthesis.detector_profiles import DetectorKind, DetectorProfile
from imigue_core.synthesis.noise import (
    FRAME_STEP_S,
    make_rng,
    sample_fast,
    sample_gate,
    sample_latent,
    sample_smooth,
)
from imigue_core.synthesis.scene import Scene

FloatArray = NDArray[np.float32]

N_HAND = 21
_HANDS = (LEFT_HAND_SLICE, RIGHT_HAND_SLICE)
_WRISTS, _ELBOWS = (LEFT_WRIST, RIGHT_WRIST), (LEFT_ELBOW, RIGHT_ELBOW)
_PALM = np.array([0, 5, 9, 17])
_EXTENT = np.array([0, 4, 8, 12, 16, 20])
CROSSED = 0.42
"""Hands nearer than this (middles of the palms, shoulder widths) can be taken for each other."""
_GUESSED = 0.5
"""Hidden by more than this, a hand that is reported all the same is a guess."""


def detect_hands(keypoints: FloatArray, scene: Scene, profile: DetectorProfile, unit: FloatArray, seed: int) -> None:
    """Write both hands into ``keypoints`` (T, 137, 3), whose body points are there already."""
    palms = np.stack([scene.view.xy[:, hand][:, _PALM].mean(axis=1) for hand in _HANDS], axis=1)
    apart = np.linalg.norm(palms[:, 0] - palms[:, 1], axis=1) / unit
    score = compute_scores(scene, profile, palms, apart, unit, seed)
    for side, hand in enumerate(_HANDS):
        _place_hand(keypoints, scene, profile, score[:, side], unit, seed, side)
        _set_confidence(keypoints, scene, profile, score[:, side], seed, side)
        _freeze(keypoints[:, hand], scene, profile, score[:, side], seed, side)
    _mix_up(keypoints, scene, profile, apart, unit, seed)


def compute_scores(
    scene: Scene,
    profile: DetectorProfile,
    palms: FloatArray,
    apart: FloatArray,
    unit: FloatArray,
    seed: int,
) -> FloatArray:
    """(T, 2) how well each hand is seen; MediaPipe reports it above 0.

    Blur, hiding, the picture's edge, the other hand in front and smallness all take away.
    Seen on real clips: still hands in view 97-100 %; a waving hand is lost from about 0.2
    shoulder widths a frame, in runs of 3 to 16 frames; hidden hands are reported in 11-67 %.
    """
    rng = make_rng(seed, 21)
    view = scene.view
    speed = np.linalg.norm(compute_velocity(palms, scene), axis=2) * np.float32(FRAME_STEP_S) / unit[:, None]
    shutter = np.exp(rng.normal(0, 0.35))
    outside = np.stack(
        [is_outside(view.xy[:, hand][:, _EXTENT], view.size).mean(axis=1, dtype=np.float32) for hand in _HANDS], axis=1
    )
    depth = view.depth[:, [LEFT_HAND_SLICE.start + 9, RIGHT_HAND_SLICE.start + 9]]
    behind = depth > depth[:, ::-1]
    score = 1.25 * sample_latent(make_rng(seed, 22), scene.times, 2)
    score += profile.hand_score + rng.normal(0, profile.score_spread) + rng.normal(0, 0.6, 2)
    score -= 16 * np.minimum(np.maximum(shutter * speed - 0.08, 0), 0.35)
    score -= 3.8 * scene.hidden_hands
    score -= 7 * np.maximum(outside - 0.2, 0)
    score -= 1.5 * np.clip(1 - apart / CROSSED, 0, 1)[:, None] * (0.4 + 0.6 * behind)
    score -= 2.0 * np.clip(1 - 0.5 * unit / 26, 0, 1)[:, None]
    return np.asarray(score, np.float32)


def _place_hand(
    keypoints: FloatArray,
    scene: Scene,
    profile: DetectorProfile,
    score: FloatArray,
    unit: FloatArray,
    seed: int,
    side: int,
) -> None:
    """Points of one hand: its true shape, turned, zoomed, shaken; a guess where it is hidden."""
    times, jitter = scene.times, np.float32(profile.jitter)
    rng = make_rng(seed, 23, side)
    xy = scene.view.xy[:, _HANDS[side]]
    shared = sample_smooth(make_rng(seed, 24, side), times, 0.5, 4)
    wrist = xy[:, 0] + np.float32(profile.hand_slow) * unit[:, None] * shared[:, :2]
    turn, log_zoom = 0.06 * shared[:, 2], 0.05 * shared[:, 3]
    # near its limit a hand is shaky, and may shrink to a blot in the frame before it goes (measured: 0.1 of its size)
    weak = np.exp(-np.maximum(score, 0) / 0.5)
    log_zoom = log_zoom - 1.2 * np.maximum(weak - 0.55, 0)
    shake = jitter * (1 + 2.5 * weak) * unit

    guessed = np.flatnonzero(scene.hidden_hands[:, side] > _GUESSED)
    if len(guessed):
        at_elbow = sample_gate(make_rng(seed, 25, side), times, 3.0, 0.35)[guessed]
        near = keypoints[guessed, _WRISTS[side], :2]
        far = keypoints[guessed, _ELBOWS[side], :2]
        lean = np.where(at_elbow, np.float32(0.8), np.float32(0.0))[:, None]
        wrist[guessed] = near + lean * (far - near)
        turn[guessed] = rng.normal(0, 0.7) + 0.6 * shared[guessed, 2]
        log_zoom[guessed] += np.log(rng.uniform(0.4, 0.95)) + 0.15 * shared[guessed, 3]
        shake[guessed] *= 2.0
    zoom = np.exp(log_zoom)
    real, imaginary = (zoom * np.cos(turn))[:, None], (zoom * np.sin(turn))[:, None]
    offset_x, offset_y = xy[:, :, 0] - xy[:, :1, 0], xy[:, :, 1] - xy[:, :1, 1]
    turned = (real * offset_x - imaginary * offset_y, imaginary * offset_x + real * offset_y)
    fast = sample_fast(make_rng(seed, 26, side), times, 2 * N_HAND + 2)
    fast[:, 2:] *= np.float32(profile.hand_fast)
    fast[:, :2] *= np.float32(profile.hand_common)
    slow = sample_smooth(make_rng(seed, 27, side), times, 0.8, 2 * N_HAND)
    slow *= np.float32(0.5 * profile.hand_slow)
    slow += rng.normal(0, profile.hand_bias, 2 * N_HAND).astype(np.float32)
    for axis in range(2):
        error = fast[:, 2 + axis * N_HAND : 2 + (axis + 1) * N_HAND] + slow[:, axis * N_HAND : (axis + 1) * N_HAND]
        error += fast[:, axis, None]
        error *= shake[:, None]
        error += turned[axis]
        error += wrist[:, axis, None]
        keypoints[:, _HANDS[side], axis] = error


def _set_confidence(
    keypoints: FloatArray, scene: Scene, profile: DetectorProfile, score: FloatArray, seed: int, side: int
) -> None:
    """MediaPipe: 1 or missing. OpenPose: a hand wherever wrist and elbow are found, often of next to no confidence."""
    out = keypoints[:, _HANDS[side], 2]
    if profile.kind is DetectorKind.MEDIAPIPE:
        out[:] = (score > 0)[:, None]
        return
    # measured: 0.7 in view, 0.01 when there is nothing in the box, little between; means 0.34 and 0.55,
    # published 0.40 and 0.47 of video 298
    rng = make_rng(seed, 28, side)
    level = 0.012 + rng.normal(0.72, 0.06) / (1 + np.exp(-2.6 * (score - 0.9)))
    shape = np.clip(1 + rng.normal(0, 0.12, N_HAND), 0.5, 1.3).astype(np.float32)
    noise = sample_smooth(make_rng(seed, 29, side), scene.times, 0.2, N_HAND)
    doubt = (np.clip((level - 0.025) / 0.04, 0, 1) * np.clip((0.5 - level) / 0.25, 0, 1)).astype(np.float32)
    out[:] = np.clip(
        level[:, None] * (shape + 0.15 * noise) + 0.22 * (doubt * np.sqrt(level))[:, None] * np.maximum(noise, -1),
        0.004,
        1,
    )
    box = (keypoints[:, _WRISTS[side], 2] > 0) & (keypoints[:, _ELBOWS[side], 2] > 0)
    out *= box[:, None]
    _scatter(keypoints, scene, level, doubt, seed, side)


def _scatter(keypoints: FloatArray, scene: Scene, level: FloatArray, doubt: FloatArray, seed: int, side: int) -> None:
    """OpenPose's hands of low confidence.

    Measured: of 0.03-0.4, points jump by 0.13-0.17 shoulder widths a frame; under 0.03 they lie 0.07 about a place
    0.1 from the wrist and hardly move.
    """
    hand = _HANDS[side]
    jumpy = np.flatnonzero(doubt > 0.05)
    if len(jumpy):
        jumps = sample_fast(make_rng(seed, 30, side), scene.times, 2 * N_HAND)[jumpy].reshape(-1, N_HAND, 2)
        size = np.float32(0.085) * (doubt * scene.unit)[jumpy]
        keypoints[jumpy, hand, :2] += size[:, None, None] * jumps
    lost = np.flatnonzero(level < 0.035)
    if len(lost):
        places = sample_smooth(make_rng(seed, 36, side), scene.times, 1.0, 2 * N_HAND + 2)[lost]
        own = np.float32(0.055) * places[:, 2:].reshape(-1, N_HAND, 2) + np.float32(0.08) * places[:, None, :2]
        wrist = keypoints[lost, _WRISTS[side], :2][:, None]
        shrunken = wrist + np.float32(0.5) * (keypoints[lost, hand, :2] - wrist)
        keypoints[lost, hand, :2] = shrunken + scene.unit[lost, None, None] * own


def _freeze(hand: FloatArray, scene: Scene, profile: DetectorProfile, score: FloatArray, seed: int, side: int) -> None:
    """Let the hand stand still for some frames, most often while it is badly seen."""
    gate = sample_gate(make_rng(seed, 31, side), scene.times, 0.5, min(4 * profile.freeze_share, 0.5))
    frozen = gate & (score < profile.hand_score - 0.4)
    frozen[0] = False
    if frozen.any():
        hand[:] = hand[np.maximum.accumulate(np.where(frozen, 0, np.arange(len(frozen))))]


def _mix_up(
    keypoints: FloatArray, scene: Scene, profile: DetectorProfile, apart: FloatArray, unit: FloatArray, seed: int
) -> None:
    """Crossed hands change places, or both detections stick to the same one."""
    crossed = apart < CROSSED
    if not crossed.any():
        return
    left, right = keypoints[:, LEFT_HAND_SLICE], keypoints[:, RIGHT_HAND_SLICE]
    swapped = np.flatnonzero(crossed & sample_gate(make_rng(seed, 32), scene.times, 0.4, profile.swap_share))
    left[swapped], right[swapped] = right[swapped], left[swapped].copy()
    double = crossed & sample_gate(make_rng(seed, 33), scene.times, 0.7, profile.double_share)
    frames = np.flatnonzero(double)
    if len(frames) == 0:
        return
    to_left = sample_smooth(make_rng(seed, 34), scene.times, 1.5, 1)[frames, 0] > 0
    noise = sample_fast(make_rng(seed, 35), scene.times, 2 * N_HAND)[frames].reshape(-1, N_HAND, 2)
    noise = noise * (0.006 * unit[frames, None, None])
    for target, source, chosen in ((left, right, to_left), (right, left, ~to_left)):
        there = frames[chosen]
        target[there] = source[there]
        target[there, :, :2] += noise[chosen]
