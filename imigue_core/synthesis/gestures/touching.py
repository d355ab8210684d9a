"""From the words of a dialect to the motion of a hand: when it leaves, where it touches, how it moves there.

A goal is worked out in the axes of head or chest and handed to the stage, which turns it
into an arm. The dialects are in head_hand.py and body_hand.py, their vocabulary in touch.py.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from imigue_core.synthesis.body import BodyShape
from imigue_core.synthesis.face import compute_head_scale
from imigue_core.synthesis.gestures.base import BOTH, LEFT, RIGHT, Actor, Cue, compute_minimum_jerk
from imigue_core.synthesis.gestures.channels import Channels
from imigue_core.synthesis.gestures.stage import Stage
from imigue_core.synthesis.gestures.touch import AIMS, Dialect, Touch, Vector
from imigue_core.synthesis.hands import CURLS, HAND_POSES, POSE_SIZE, compute_contact_offset, compute_hand_axes

FloatArray = NDArray[np.float32]

_REFERENCE_TRUNK = np.array([0.36, 0.50, 0.105], np.float32)
"""Shoulder width, height and depth of the trunk that `CHEST_POINTS` are measured on, metres."""
_SLOPPY_M = 0.007
"""Standard deviation of where people touch, metres a direction."""
_STROKE_SHARE = 0.68
"""Share of a stroke's time that the hand is on the skin; the rest brings it back."""


@dataclass(frozen=True, slots=True)
class Timing:
    """Seconds of an act's three parts; they add up to its duration."""

    reach: float
    contact: float
    back: float


def compute_timing(cue: Cue, *, brief: bool = False) -> Timing:
    """Onset, contact and offset of one touch.

    Args:
        cue: Its duration, tempo and chance.
        brief: Whether the hand hurries.

    Returns:
        The three parts; a short act compresses all of them, and at least 30 % of it is contact.
    """
    rng = cue.make_rng(10)
    hurry = cue.act.tempo * (1.25 if brief else 1.0)
    reach, back = float(rng.uniform(0.34, 0.62)) / hurry, float(rng.uniform(0.32, 0.70)) / hurry
    shrink = min(1.0, 0.7 * cue.duration / (reach + back))
    reach, back = reach * shrink, back * shrink
    return Timing(reach, cue.duration - reach - back, back)


@dataclass(frozen=True, slots=True, eq=False)
class HandGoal:
    """What one hand is to do in one act; directions as for the LEFT hand, places as they are.

    Attributes:
        weight: (n,) 0 at rest .. 1 at the goal.
        place: (n, 3) metres in the axes of head or chest: where the touching part is.
        direction: Wrist to knuckles, in the same axes.
        palm: Out of the palm, in the same axes.
        elbow: Where the elbow is pushed, in the chest's axes.
        offset: (3,) metres from the wrist to the touching part, in the hand's own axes.
        pose: (n, 12) of the hand.
        detour: Metres in the chest's axes, the bend of the way there.
        tucked: (n,) 0..1.
    """

    weight: FloatArray
    place: FloatArray
    direction: Vector
    palm: Vector
    elbow: Vector
    offset: FloatArray
    pose: FloatArray
    detour: Vector
    tucked: FloatArray


def _compute_phase(
    cue: Cue, touch: Touch, timing: Timing, rng: np.random.Generator
) -> tuple[FloatArray, FloatArray, int]:
    """Cycles since contact (n,), how much of the motion is on (n,), and the number of cycles in all."""
    rate = float(rng.uniform(*touch.rate)) * cue.act.tempo
    whole = touch.motion in ("stroke", "pull", "tap")
    rounds = cue.act.repeats or max(1, round(rate * timing.contact))
    if whole or cue.act.repeats is not None:
        rate = rounds / timing.contact
    u = np.clip(cue.t - np.float32(timing.reach), 0, timing.contact)
    wander, slow = rng.uniform(0, 2 * np.pi), rng.uniform(0.15, 0.4)
    phase = rate * u
    if not whole:
        phase = phase + 0.18 * rate * (np.sin(2 * np.pi * slow * u + wander) - np.sin(wander))
    end = timing.contact - u
    gate = compute_minimum_jerk(u * np.float32(8.0)) * compute_minimum_jerk(end * np.float32(8.0))
    pauses, depth = rng.uniform(0.2, 0.5), rng.uniform(0.0, 1.2)
    if timing.contact > 2.0:
        lull = 1.0 - depth * (0.5 - 0.5 * np.cos(2 * np.pi * pauses * u))
        gate = gate * np.clip(lull, 0.0, 1.0).astype(np.float32)
    return np.asarray(phase, np.float32), np.asarray(gate, np.float32), rounds


def _compute_stroke(places: FloatArray, phase: FloatArray, lift: FloatArray, rounds: int) -> FloatArray:
    """(n, 3): along the places in the first part of each cycle, lifted back in the rest; the last stays at its end."""
    cycle = np.minimum(np.floor(phase), rounds - 1)
    frac = phase - cycle
    forth = compute_minimum_jerk(frac * np.float32(1 / _STROKE_SHARE))
    home = compute_minimum_jerk((frac - np.float32(_STROKE_SHARE)) * np.float32(1 / (1 - _STROKE_SHARE)))
    home *= cycle < rounds - 1
    along = forth * (1 - home) * np.float32(len(places) - 1)
    knots = np.arange(len(places))
    path = np.stack([np.interp(along, knots, places[:, axis]) for axis in range(3)], axis=1)
    return np.asarray(path + (4 * home * (1 - home))[:, None] * lift, np.float32)


def _compute_place(
    cue: Cue, touch: Touch, timing: Timing, scale: FloatArray, rng: np.random.Generator
) -> tuple[FloatArray, FloatArray]:
    """Where the touching part is, (n, 3) metres for the left hand, and how far its motion swings, (n,) -1..1."""
    phase, gate, rounds = _compute_phase(cue, touch, timing, rng)
    swing = np.array(touch.swing, np.float32) * np.float32(cue.act.amplitude * rng.lognormal(0.0, 0.25))
    places = np.array(touch.list_places(), np.float32) * scale
    turn = np.float32(2 * np.pi) * phase
    wave = np.sin(turn) * gate
    if touch.motion == "stroke":
        place = _compute_stroke(places, phase, swing, rounds)
    elif touch.motion in ("tap", "pull"):
        wave = (np.float32(0.5) - np.float32(0.5) * np.cos(turn)) * gate
        place = places[:1] + wave[:, None] * swing
    elif touch.motion == "circle":
        place = places[:1] + np.stack([np.cos(turn) * gate, wave, 0 * wave], axis=1) * swing
    else:
        place = places[:1] + wave[:, None] * swing
    sloppy = rng.normal(0.0, _SLOPPY_M, 3)
    shift = np.array(cue.act.offset) + sloppy * np.array([1.0, 1.0, 0.5])
    drift = rng.uniform(0.1, 0.3), rng.uniform(0, 2 * np.pi), rng.normal(0.0, 0.004, 3)
    slow = np.sin(2 * np.pi * drift[0] * cue.t + drift[1])[:, None] * drift[2]
    return np.asarray(place + shift + slow, np.float32), np.asarray(wave, np.float32)


def compute_hand_goal(cue: Cue, touch: Touch, timing: Timing, side: str, body: BodyShape) -> HandGoal:
    """One hand's goal through an act.

    Args:
        cue: The act and its time.
        touch: What the hand does.
        timing: The act's three parts.
        side: The hand that does it, ``left`` or ``right``.
        body: Whose head and chest it touches.

    Returns:
        The goal; all randomness comes from the act's seed.
    """
    rng = cue.make_rng(11 if side == RIGHT else 12)
    if touch.anchor == "head":
        scale = compute_head_scale(body.head_width, body.head_height)
    else:
        sizes = body.shoulder_width, body.torso_height, body.chest_depth
        scale = np.array(sizes, np.float32) / _REFERENCE_TRUNK
    place, wave = _compute_place(cue, touch, timing, scale, rng)
    if side == RIGHT:
        place = place * np.array([-1.0, 1.0, 1.0], np.float32)
    aim = AIMS[touch.aim]
    delay = touch.late * timing.reach
    weight = compute_minimum_jerk((cue.t - np.float32(delay)) * np.float32(1 / max(timing.reach - delay, 1e-3)))
    weight *= compute_minimum_jerk((cue.duration - cue.t) * np.float32(1 / max(timing.back, 1e-3)))

    pose = HAND_POSES[touch.pose] + rng.normal(0.0, 0.035, POSE_SIZE).astype(np.float32)
    pose = np.clip(pose, 0, 1).astype(np.float32)
    poses = np.repeat(pose[None], len(cue.t), axis=0)
    if touch.squeeze:
        poses[:, CURLS] = np.clip(poses[:, CURLS] + np.float32(0.22 * touch.squeeze) * wave[:, None], 0, 1)
    return HandGoal(
        weight=weight,
        place=place,
        direction=_tilt(aim.direction, rng, 0.13),
        palm=_tilt(aim.palm, rng, 0.13),
        elbow=_tilt(aim.elbow, rng, 0.15),
        offset=compute_contact_offset(pose, touch.contact, body.hand)[0],
        pose=poses,
        detour=_tilt(aim.detour, rng, 0.02),
        tucked=np.float32(touch.tucked) * compute_minimum_jerk((weight - np.float32(0.7)) * np.float32(1 / 0.3)),
    )


def _tilt(vector: Vector, rng: np.random.Generator, spread: float) -> Vector:
    x, y, z = np.array(vector) + rng.normal(0.0, spread, 3)
    return float(x), float(y), float(z)


def compute_bearing(cue: Cue, dialect: Dialect, timing: Timing, side: str) -> tuple[FloatArray, dict[str, float]]:
    """What trunk, head and face do meanwhile.

    Args:
        cue: The act and its time.
        dialect: How it is done.
        timing: Its three parts.
        side: The hand that leads.

    Returns:
        An envelope (n,) 0..1, and by how much each channel changes at its height; the head comes to meet the hand,
        seldom it does not.
    """
    rng = cue.make_rng(13)
    late = float(rng.uniform(0.0, 0.5)) * timing.reach
    rise = timing.reach * float(rng.uniform(0.7, 1.2))
    envelope = compute_minimum_jerk((cue.t - np.float32(late)) / np.float32(rise))
    envelope = envelope * compute_minimum_jerk((cue.duration - cue.t) / np.float32(timing.back * rng.uniform(0.9, 1.3)))
    follows = float(rng.choice([0.0, 1.0], p=[0.12, 0.88]))
    size = follows * np.clip(rng.normal(1.0, 0.35, 5), 0.2, 1.8) * (0.5 + 0.5 * cue.act.amplitude)
    extra = rng.normal(0.0, 0.03, 3)
    sign = -1.0 if side == RIGHT else 1.0
    down, turn, tilt = dialect.head
    return envelope, {
        "pitch": float(-down * size[0] + extra[0]),
        "yaw": float(sign * turn * size[1] + extra[1]),
        "roll": float(sign * tilt * size[2] + extra[2]),
        "lean": float(dialect.lean[0] * size[3]),
        "side": float(sign * dialect.lean[1] * size[4]),
    }


def make_touch_actor(class_id: int, dialects: tuple[Dialect, ...], parts: frozenset[str]) -> Actor:
    """The actor of a class that is written as dialects.

    Args:
        class_id: The paper's.
        dialects: Ways of doing it, the last held out.
        parts: What it keeps busy, see `Actor`.

    Returns:
        An actor of the sides left and right, or of ``both`` when every dialect takes both hands; which hand then
        leads comes from the act's seed.
    """
    by_name = {dialect.name: dialect for dialect in dialects}
    always_both = all(dialect.other is not None for dialect in dialects)

    def lead(cue: Cue) -> str:
        if cue.act.side == BOTH:
            return LEFT if cue.make_rng(9).random() < 0.5 else RIGHT
        return cue.act.side

    def move(cue: Cue, channels: Channels) -> None:
        dialect = by_name[cue.act.dialect]
        timing = compute_timing(cue, brief=dialect.brief)
        envelope, bearing = compute_bearing(cue, dialect, timing, lead(cue))
        for name, height in bearing.items():
            channels.add(name, envelope * np.float32(height))
        for name, value in dialect.face.items():
            channels.blend(name, envelope, value)

    def reach(cue: Cue, stage: Stage) -> None:
        dialect = by_name[cue.act.dialect]
        timing = compute_timing(cue, brief=dialect.brief)
        side = lead(cue)
        _direct(stage, dialect.hand, side, compute_hand_goal(cue, dialect.hand, timing, side, stage.body))
        if dialect.other is not None:
            second = LEFT if side == RIGHT else RIGHT
            _direct(stage, dialect.other, second, compute_hand_goal(cue, dialect.other, timing, second, stage.body))

    sides = (BOTH,) if always_both else (LEFT, RIGHT)
    return Actor(class_id, tuple(by_name), parts, sides, move, reach)


def _direct(stage: Stage, touch: Touch, side: str, goal: HandGoal) -> None:
    """Give a goal to the stage."""
    on_head = touch.anchor == "head"
    origin, axes = (stage.frame.head, stage.frame.head_axes) if on_head else (stage.frame.neck, stage.frame.torso)
    along = stage.in_head if on_head else stage.in_torso
    direction, palm = along(goal.direction, side), along(goal.palm, side)
    wrist = origin + np.matmul(goal.place[:, None], axes)[:, 0]
    wrist -= np.matmul(goal.offset, compute_hand_axes(direction, palm, side))
    elbow = stage.in_torso(goal.elbow, side)
    track = stage.aim(side, wrist, direction, palm, elbow, goal.pose, tucked=goal.tucked)
    stage.blend(side, goal.weight, track, goal.detour)
