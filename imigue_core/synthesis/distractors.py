"""Busy hands without a label: drinking, a microphone pushed aside, hands that shift on the desk, drifts of posture.

They come at moments of their own and give way to acts that need the arms. What the rest
of the body does meanwhile is in ``idle.py``.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from imigue_core.synthesis.gestures.base import ACTORS, Act, compute_envelope
from imigue_core.synthesis.gestures.channels import Channels
from imigue_core.synthesis.gestures.stage import Stage
from imigue_core.synthesis.hands import HAND_POSES
from imigue_core.synthesis.noise import make_rng

FloatArray = NDArray[np.float32]

_STREAM = 260
_BLOCK_S = 20.0
_ODDS = 0.42
"""Chance of one in each block of this length."""
_MARGIN_S = 0.4


def add_distractors(
    stage: Stage, channels: Channels, acts: Sequence[Act], times: NDArray[np.float64], seed: int
) -> None:
    """Direct the arms of the whole performance through its distractors; the mouth opens a little to drink.

    Args:
        stage: Of all times; its tracks are written to.
        channels: Of all times; only the face may still change.
        acts: Distractors that would overlap one with arms are left out.
        times: (T,) seconds.
        seed: Of the performance.
    """
    busy = [(act.start_s, act.end_s) for act in acts if "arms" in ACTORS[act.class_id].parts]
    draws = make_rng(seed, _STREAM).random((int(times[-1] / _BLOCK_S) + 1, 8))
    for block, draw in enumerate(draws):
        start = (block + 0.7 * draw[1]) * _BLOCK_S
        end = start + (1.0 + 2.2 * draw[2]) * (1.4 if draw[3] < 0.3 else 1.0)
        is_free = all(b + _MARGIN_S < start or end < a - _MARGIN_S for a, b in busy)
        if draw[0] > _ODDS or not is_free:
            continue
        part = slice(*(int(i) for i in np.searchsorted(times, (start, end))))
        if part.start >= part.stop:
            continue
        t = (times[part] - start).astype(np.float32)
        cut = Stage(stage.body, stage.posture, stage.frame.cut(part), {s: a[part] for s, a in stage.arms.items()})
        side = "left" if draw[4] < 0.4 else "right"
        if draw[3] < 0.3:
            _drink(cut, channels.cut(part), t, end - start, side, draw)
        elif draw[3] < 0.5:
            _push_microphone(cut, t, end - start, side, draw)
        else:
            _shift_hand(cut, t, end - start, side, draw)


def _drink(
    stage: Stage, channels: Channels, t: FloatArray, duration: float, side: str, draw: NDArray[np.float64]
) -> None:
    """A bottle or glass, held before the mouth with the fingers round it."""
    up = compute_envelope(t, duration, 0.7, 0.8)
    mouth = stage.get_head_point("mouth", "centre", (0.0, -0.03 - 0.03 * float(draw[5]), 0.075))
    pose = HAND_POSES["grip"]
    target = stage.aim(
        side, mouth, stage.in_head((-0.75, 0.35, 0.1), side), stage.in_head((-0.25, 0.05, -0.9), side),
        stage.in_torso((0.9, -0.8, 0.1), side), pose, "centre",
    )  # fmt: skip
    stage.blend(side, up, target, (0.05, 0.0, 0.04))
    channels.add("lips_pucker", 0.5 * up)


def _push_microphone(stage: Stage, t: FloatArray, duration: float, side: str, draw: NDArray[np.float64]) -> None:
    up = compute_envelope(t, duration, 0.45, 0.5)
    place = stage.get_desk_point(0.02 + 0.06 * float(draw[5]), 0.26, side, 0.06 + 0.06 * float(draw[6]))
    nudge = (0.012 * np.sin(5.0 * t)).astype(np.float32)[:, None] * np.array([1, 0.5, 0], np.float32)
    target = stage.aim(
        side, place + nudge, stage.in_world((-0.5, 0.25, 0.8), side), stage.in_world((-0.8, -0.4, 0.1), side),
        stage.in_world((0.8, -0.7, -0.1), side), HAND_POSES["grip"], "centre",
    )  # fmt: skip
    stage.blend(side, up, target, (0.0, 0.04, 0.0))


def _shift_hand(stage: Stage, t: FloatArray, duration: float, side: str, draw: NDArray[np.float64]) -> None:
    """A hand is lifted, turned and laid down near where it was; now and then both."""
    up = compute_envelope(t, duration, 0.35, 0.45)
    way = np.array([0.09 * (draw[5] - 0.4), 0.03 * draw[6], 0.08 * (draw[7] - 0.4)], np.float32)
    for hand in ("left", "right") if draw[3] > 0.85 else (side,):
        target = stage.arms[hand].copy()
        sign = np.float32(1 if hand == "left" else -1)
        target[:, :3] += way * np.array([sign, 1, 1], np.float32)
        target[:, 3] += sign * np.float32(0.3 * (draw[7] - 0.5))
        target[:, 6] += sign * np.float32(0.5 * (draw[6] - 0.6))
        target[:, 12:24] += 0.6 * (HAND_POSES["flat" if draw[5] < 0.5 else "loose_fist"] - target[:, 12:24])
        stage.blend(hand, up, target, (0.0, 0.03, 0.0))
