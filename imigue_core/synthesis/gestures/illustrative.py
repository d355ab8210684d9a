"""Illustrative gestures (99): hands that go with speech. No micro-gesture, but the most frequent label.

The last dialect is held out of training.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from imigue_core.synthesis.gestures.base import BOTH, LEFT, RIGHT, Actor, Cue, compute_steps, register
from imigue_core.synthesis.gestures.channels import Channels
from imigue_core.synthesis.gestures.stage import Stage
from imigue_core.synthesis.hands import HAND_POSES, blend_poses

FloatArray = NDArray[np.float32]
Vector = tuple[float, float, float]

_ELBOW = (0.6, -0.9, -0.15)


def move_with_speech(cue: Cue, channels: Channels) -> None:
    """Head and trunk go along a little with larger gestures."""
    rng = cue.make_rng(1)
    up = cue.envelope(0.3, 0.4)
    share = cue.act.amplitude
    channels.add("pitch", np.float32(rng.normal(0, 0.03) * share) * up)
    channels.add("yaw", np.float32(rng.normal(0, 0.06) * share) * up)
    channels.add("lean", np.float32(rng.uniform(0, 0.03) * share) * up)
    channels.add("brow_raise", np.float32(rng.uniform(0, 0.4)) * up)


def reach_with_speech(cue: Cue, stage: Stage) -> None:
    """Direct one hand or both before the chest, above the desk."""
    for side in cue.sides:
        rng = cue.make_rng(2)  # the same for both hands: they move alike
        _DIALECTS[cue.act.dialect](cue, stage, side, rng)


def _show(
    cue: Cue,
    stage: Stage,
    side: str,
    place: FloatArray,
    direction: Vector,
    palm: Vector,
    pose: FloatArray,
    rng: np.random.Generator,
) -> None:
    """Hold a wrist at a place, (n, 3) outwards, up, forward over the desk's edge, while the act lasts."""
    local = place + np.array(cue.act.offset, np.float32) * 2
    if side == RIGHT:
        local = local * np.array([-1, 1, 1], np.float32)
    wrist = local + stage.get_desk_point(0.0, 0.0, side)
    tilt = rng.normal(0, 0.14, 6)
    d = tuple(np.array(direction) + tilt[:3])
    p = tuple(np.array(palm) + tilt[3:])
    elbow = (_ELBOW[0] + rng.normal(0, 0.2), _ELBOW[1], _ELBOW[2])
    target = stage.aim(side, wrist, stage.in_world(d, side), stage.in_world(p, side), stage.in_world(elbow, side), pose)
    rise, fall = rng.uniform(0.25, 0.5), rng.uniform(0.3, 0.6)
    stage.blend(side, cue.envelope(rise, fall), target, (0.02, 0.02, 0.0))


def _place(cue: Cue, rng: np.random.Generator, x: float, y: float, z: float) -> FloatArray:
    """(n, 3) about a place; amplitude lifts it."""
    a = cue.act.amplitude
    at = np.array([x + rng.normal(0, 0.03), (y + rng.normal(0, 0.03)) * (0.55 + 0.45 * a), z + rng.normal(0, 0.03)])
    return np.repeat(np.maximum(at, (-0.05, 0.03, -0.02))[None].astype(np.float32), len(cue.t), axis=0)


def _beat(cue: Cue, stage: Stage, side: str, rng: np.random.Generator) -> None:
    place = _place(cue, rng, 0.17, 0.10, 0.10)
    wave = cue.wave(float(rng.uniform(1.3, 2.4)), -0.25)
    size = cue.act.amplitude * rng.uniform(0.015, 0.045)
    place += (size * (1 + wave) * 0.8)[:, None] * np.array([0.2, 1.0, 0.3], np.float32)
    is_chop = rng.random() < 0.5
    palm = (-0.95, -0.2, 0.0) if is_chop else (-0.5, -0.75, 0.2)
    pose = HAND_POSES["flat" if is_chop else str(rng.choice(["pinch", "relaxed", "loose_fist"]))]
    _show(cue, stage, side, place, (-0.25, 0.30 + 0.1 * float(rng.random()), 0.88), palm, pose, rng)


def _open_palm(cue: Cue, stage: Stage, side: str, rng: np.random.Generator) -> None:
    place = _place(cue, rng, 0.19, 0.09, 0.12)
    out = cue.envelope(0.5, 0.5) + 0.25 * cue.wave(0.8)
    place += (cue.act.amplitude * rng.uniform(0.03, 0.09) * out)[:, None] * np.array([1.0, 0.25, 0.2], np.float32)
    pose = blend_poses(HAND_POSES["cupped"], HAND_POSES["spread"], np.full(1, rng.uniform(0.2, 0.9)))[0]
    _show(cue, stage, side, place, (0.25, 0.20, 0.92), (-0.35, 0.88, 0.10), pose, rng)


def _point(cue: Cue, stage: Stage, side: str, rng: np.random.Generator) -> None:
    place = _place(cue, rng, 0.16, 0.13, 0.16)
    poke = np.maximum(cue.wave(float(rng.uniform(0.8, 1.8)), -0.1), 0)
    place += (cue.act.amplitude * 0.05 * poke)[:, None] * np.array([0.2, 0.3, 1.0], np.float32)
    aside = rng.uniform(-0.6, 0.7)
    _show(cue, stage, side, place, (aside, 0.35, 0.85), (-0.5, -0.8, 0.1), HAND_POSES["point"], rng)


def _count(cue: Cue, stage: Stage, side: str, rng: np.random.Generator) -> None:
    place = _place(cue, rng, 0.15, 0.17, 0.10)
    n = int(np.clip(round(cue.duration * 1.2), 1, 5))
    knots = np.linspace(0.25, max(0.3, cue.duration - 0.4), n)
    poses = np.stack([_COUNTED[min(i, 4)] for i in range(n)])
    fist = HAND_POSES["fist"]
    pose = np.clip(np.add(fist, compute_steps(cue.t, knots, poses - fist, 0.18)), 0, 1)
    nod = sum(np.exp(-(((cue.t - k - 0.1) / 0.12) ** 2)) for k in knots)
    place[:, 1] += -0.02 * cue.act.amplitude * np.asarray(nod, np.float32)
    _show(cue, stage, side, place, (-0.15, 0.95, 0.25), (-0.2, -0.1, 0.95), pose.astype(np.float32), rng)


def _frame(cue: Cue, stage: Stage, side: str, rng: np.random.Generator) -> None:
    """Both hands hold a thing that is not there."""
    place = _place(cue, rng, 0.13, 0.13, 0.12)
    width = cue.act.amplitude * rng.uniform(0.02, 0.06) * cue.wave(float(rng.uniform(0.4, 1.0)))
    place += width[:, None] * np.array([1, 0, 0], np.float32)
    place[:, 1] += 0.015 * cue.wave(1.1, 0.3)
    pose = HAND_POSES[str(rng.choice(["cupped", "flat", "claw"]))]
    _show(cue, stage, side, place, (-0.10, 0.40, 0.90), (-0.98, 0.0, 0.05), pose, rng)


def _circle(cue: Cue, stage: Stage, side: str, rng: np.random.Generator) -> None:
    place = _place(cue, rng, 0.15, 0.13, 0.10)
    rate, phase = float(rng.uniform(0.9, 1.8)), 0.5 if side == LEFT and cue.act.side == BOTH else 0.0
    size = cue.act.amplitude * rng.uniform(0.02, 0.05)
    place[:, 1] += size * cue.wave(rate, phase)
    place[:, 2] += size * cue.wave(rate, phase + 0.25)
    _show(cue, stage, side, place, (-0.75, 0.25, 0.55), (-0.3, -0.35, -0.85), HAND_POSES["relaxed"], rng)


def _sweep(cue: Cue, stage: Stage, side: str, rng: np.random.Generator) -> None:
    """From before the chest outwards, as if something were pushed away."""
    place = _place(cue, rng, 0.04, 0.15, 0.06)
    out = 0.5 - 0.5 * np.cos(2 * np.pi * max(1, round(0.5 * cue.duration)) * cue.t / cue.duration)
    place += (cue.act.amplitude * rng.uniform(0.12, 0.22) * out)[:, None].astype(np.float32) * np.array(
        [1.0, -0.15, 0.35], np.float32
    )
    _show(cue, stage, side, place, (0.0, 0.35, 0.9), (0.2, -0.85, 0.45), HAND_POSES["flat"], rng)


_DIALECTS = {
    "beat": _beat,
    "open palm": _open_palm,
    "point": _point,
    "count": _count,
    "frame": _frame,
    "circle": _circle,
    "sweep aside": _sweep,
}


def _make_counted() -> list[FloatArray]:
    """Poses that show one to five fingers: index first, the thumb last."""
    shown = []
    for n in range(1, 6):
        pose = HAND_POSES["fist"].copy()
        fingers = [1, 2, 3, 4, 0][:n]
        pose[fingers] = 0.03
        pose[[5 + f for f in fingers]] = 0.03
        if n == 5:
            pose[11] = 0.1
        shown.append(pose)
    return shown


_COUNTED = _make_counted()

register(
    Actor(
        99,
        tuple(_DIALECTS),
        frozenset({"arms"}),
        (LEFT, RIGHT, BOTH),
        move_with_speech,
        reach_with_speech,
    )
)
