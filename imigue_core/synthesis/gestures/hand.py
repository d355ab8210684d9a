"""Hands with arms, with each other and with things: classes 22-27 and 30.

Neighbours differ by what meets what: palms rub or hold (23), fingers lie between each
other (24), only fingertips meet (25), a small thing is turned (26). The last dialect of
each is held out of training.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from imigue_core.synthesis.gestures.base import (
    BOTH,
    LEFT,
    RIGHT,
    Actor,
    Cue,
    register,
)
from imigue_core.synthesis.gestures.channels import Channels
from imigue_core.synthesis.gestures.joined import Grasp, join_hands, make_meeting
from imigue_core.synthesis.gestures.stage import Stage
from imigue_core.synthesis.hands import CURLS, HAND_POSES, OPPOSE, SPREAD

FloatArray = NDArray[np.float32]


def _jitter(pose: FloatArray, rng: np.random.Generator) -> FloatArray:
    return np.clip(pose + rng.normal(0, 0.035, len(pose)), 0, 1).astype(np.float32)


def _work(cue: Cue, hertz: float, phase: float = 0.0) -> FloatArray:
    """(n,) a wave that swells and fades as hands do that are busy for long; -1..1."""
    swell = 0.65 + 0.35 * np.sin(np.float32(1.1) * cue.t + np.float32(6 * phase))
    return np.asarray(cue.wave(hertz, phase) * swell, np.float32)


# --- 22: one hand on the other arm


def move_arm_touch(cue: Cue, channels: Channels) -> None:
    """A look at the arm, sometimes."""
    rng = cue.make_rng(1)
    up = cue.envelope(0.4, 0.4)
    channels.add("pitch", np.float32(-max(0.0, rng.normal(0.05, 0.10))) * up)
    channels.add("turn", np.float32(-cue.sign * rng.uniform(0, 0.06)) * up)


def reach_arm(cue: Cue, stage: Stage) -> None:
    """Class 22: scratch, rub or hold the other arm."""
    rng, a, side = cue.make_rng(2), cue.act.amplitude, cue.act.side
    other = RIGHT if side == LEFT else LEFT
    dialect = cue.act.dialect
    is_low = dialect in ("scratch the forearm", "scratch the wrist", "stroke the forearm")
    if is_low or rng.random() < 0.5:
        _offer_arm(cue, stage, other, rng)
    elbow, wrist = stage.get_arm_point(other, "elbow"), stage.get_arm_point(other, "wrist")
    shoulder = stage.get_arm_point(other, "shoulder")
    start, end, share, contact, pose, hertz, stroke = {
        "scratch the forearm": (elbow, wrist, rng.uniform(0.3, 0.7), "fingers", "claw", 3.6, 0.06),
        "hold the elbow": (elbow, shoulder, rng.uniform(0.0, 0.15), "palm", "cupped", 0.4, 0.01),
        "rub the upper arm": (elbow, shoulder, rng.uniform(0.35, 0.65), "pads", "cupped", 1.6, 0.16),
        "scratch the wrist": (elbow, wrist, rng.uniform(0.85, 1.0), "two", "hook", 3.4, 0.04),
        "stroke the forearm": (elbow, wrist, rng.uniform(0.45, 0.6), "pads", "flat", 0.9, 0.36),
    }[dialect]
    at = (share + a * stroke * _work(cue, hertz, float(rng.random())))[:, None]
    place = start + at * (end - start)
    along = np.asarray(end - start, np.float32)
    along /= np.maximum(np.linalg.norm(along, axis=1, keepdims=True), 1e-3)
    if is_low:
        outward, direction, palm = (-0.1, 0.9, 0.3), (-0.9, 0.10, 0.35), (0.0, -0.95, -0.15)
    else:
        outward, direction, palm = (-0.6, 0.1, 0.75), (-0.92, 0.15, 0.10), (0.35, -0.1, -0.95)
    skin = stage.in_torso(outward, side) * np.float32(0.032)
    offset = np.array(cue.act.offset, np.float32)
    target = stage.aim(
        side, place + skin + offset, stage.in_torso(direction, side), stage.in_torso(palm, side),
        stage.in_torso((0.75, -0.9, 0.2), side), _jitter(HAND_POSES[pose], rng), contact,
        tucked=0.0 if is_low else 0.15,
    )  # fmt: skip
    rise, fall = rng.uniform(0.4, 0.65, 2)
    stage.blend(side, cue.envelope(rise, fall), target, (0.0, 0.02, 0.05))


def _offer_arm(cue: Cue, stage: Stage, side: str, rng: np.random.Generator) -> None:
    """The touched arm comes before the body, its forearm lying across."""
    wrist = stage.get_desk_point(rng.uniform(-0.02, 0.10), rng.uniform(0.02, 0.12), side, rng.uniform(0.03, 0.08))
    target = stage.aim(
        side, wrist, stage.in_world((-0.85, 0.03, 0.5), side), stage.in_world((-0.1, -0.95, -0.1), side),
        stage.in_world((0.9, -0.7, -0.1), side), _jitter(HAND_POSES["relaxed"], rng),
    )  # fmt: skip
    stage.blend(side, np.float32(rng.uniform(0.75, 1.0)) * cue.envelope(0.4, 0.5), target, (0.0, 0.02, 0.0))


# --- 23, 24, 25, 26: both hands together


def reach_rubbing(cue: Cue, stage: Stage) -> None:
    """Class 23: palms rub, one hand strokes, kneads or simply holds the other."""
    rng, a = cue.make_rng(2), cue.act.amplitude
    meeting = make_meeting(cue, stage, rng, {"desk": 0.55, "raised": 0.25, "lap": 0.20})
    rub, size = _work(cue, float(rng.uniform(1.6, 2.8))), np.float32(a * rng.uniform(0.012, 0.028))
    leads = LEFT if rng.random() < 0.5 else RIGHT
    dialect = cue.act.dialect
    grasps = {}
    for side in (LEFT, RIGHT):
        way = np.float32(1 if side == leads else -1)
        if dialect == "rub the palms":
            pose = HAND_POSES["flat"] + 0.08
            shift = np.stack([0 * rub, 0 * rub, way * size * rub], axis=1)
            grasps[side] = Grasp((-0.38, 0.12, 0.92), (-0.97, -0.15, 0.0), pose, "centre", shift, 0.010)
        elif dialect == "hold one hand in the other":
            pose = HAND_POSES["grip" if side == leads else "loose_fist"]
            slow = 0.004 * a * _work(cue, 0.4)
            shift = np.stack([0 * slow, 0.012 * way + slow, 0.010 * way + 0 * slow], axis=1)
            grasps[side] = Grasp((-0.78, 0.05, 0.62), (-0.55, -0.35, -0.70), pose, "centre", shift, 0.014)
        elif dialect == "stroke the back of the hand":
            is_top = side == leads
            pose = HAND_POSES["cupped" if is_top else "relaxed"]
            moved = size * rub if is_top else 0 * rub
            shift = np.stack([-0.8 * moved, 0.016 * way + 0 * rub, 0.6 * moved], axis=1)
            grasps[side] = Grasp((-0.85, 0.0, 0.50), (0.0, -1.0, -0.1), pose, "knuckles", shift, 0.0)
        elif dialect == "knead the fingers":
            is_top = side == leads
            pose = np.repeat(HAND_POSES["grip" if is_top else "relaxed"][None], len(cue.t), axis=0)
            pose[:, CURLS] += 0.12 * rub[:, None] * (1.0 if is_top else 0.3)
            shift = np.stack([0.5 * size * rub * way, 0.010 * way + 0 * rub, 0.02 * way + 0 * rub], axis=1)
            grasps[side] = Grasp((-0.72, 0.0, 0.68), (-0.45, -0.8, -0.2), pose, "middles", shift, 0.008)
        else:  # "wash the hands": they turn about each other
            turn = _work(cue, 1.4, 0.25)
            shift = np.stack([0.3 * size * turn, way * size * rub, way * size * turn], axis=1)
            grasps[side] = Grasp(
                (-0.6, 0.08, 0.78), (-0.8, -0.35 * float(way), 0.0), HAND_POSES["cupped"], "centre", shift, 0.012
            )
    join_hands(cue, stage, rng, meeting, grasps)


def reach_crossing(cue: Cue, stage: Stage) -> None:
    """Class 24: fingers between fingers, mostly resting and held for long."""
    rng, a, dialect = cue.make_rng(2), cue.act.amplitude, cue.act.dialect
    where = {"before the face": {"raised": 0.3, "face": 0.7}, "in the lap": {"lap": 1.0}}
    meeting = make_meeting(cue, stage, rng, where.get(dialect, {"desk": 0.85, "raised": 0.15}))
    flex = _work(cue, 0.9 if dialect == "open and close" else 0.25, float(rng.random()))
    grasps = {}
    for side in (LEFT, RIGHT):
        way = np.float32(1 if side == LEFT else -1)
        pose = np.repeat(HAND_POSES["grip"][None], len(cue.t), axis=0).copy()
        pose[:, SPREAD] = 0.55
        pose[:, CURLS] = (0.35, 0.50, 0.52, 0.54, 0.56)
        pose[:, 6:10] = 0.50
        if dialect == "open and close":
            pose[:, CURLS] -= (0.30 * a * np.clip(flex, 0, 1))[:, None]
            pose[:, 6:10] -= (0.35 * a * np.clip(flex, 0, 1))[:, None]
        elif dialect == "twiddle the thumbs":
            thumb = cue.wave(1.2, 0.0 if side == LEFT else 0.5)
            pose[:, 0] += 0.25 * thumb
            pose[:, OPPOSE] += 0.25 * cue.wave(1.2, 0.25 if side == LEFT else 0.75)
        still = 0.002 * flex
        shift = np.stack([still, 0.008 * way + 0.5 * still, 0 * flex], axis=1)
        if dialect == "before the face":
            grasps[side] = Grasp((-0.55, 0.82, 0.10), (-0.75, -0.35, -0.45), pose, "knuckles", shift, 0.012)
        else:
            grasps[side] = Grasp((-0.70, 0.06, 0.70), (-0.70, -0.45, -0.40), pose, "knuckles", shift, 0.012)
    join_hands(cue, stage, rng, meeting, grasps)


def reach_steeple(cue: Cue, stage: Stage) -> None:
    """Class 25: fingertips meet, palms stay apart."""
    rng, dialect = cue.make_rng(2), cue.act.dialect
    where = {"before the chest": "raised", "before the mouth": "face", "low and forward": "desk"}
    meeting = make_meeting(cue, stage, rng, {where.get(dialect, "raised"): 1.0})
    tap = np.clip(cue.wave(1.6, -0.25), 0, 1) if dialect == "tap the fingertips" else 0.1 * (1 + cue.wave(0.5))
    pose = _jitter(HAND_POSES["flat"], rng)
    pose[1:5] += 0.10
    pose[SPREAD] = rng.uniform(0.3, 0.8)
    aim = (-0.45, 0.25, 0.88) if dialect == "low and forward" else (-0.42, 0.88, 0.22)
    palm = (-0.85, -0.40, 0.0) if dialect == "low and forward" else (-0.88, -0.40, -0.05)
    apart = np.float32(0.018) * tap
    grasps = {}
    for side in (LEFT, RIGHT):
        shift = np.stack([apart, 0 * apart, 0 * apart], axis=1)
        grasps[side] = Grasp(aim, palm, pose, "fingers", shift, 0.004)
    join_hands(cue, stage, rng, meeting, grasps)


def reach_object(cue: Cue, stage: Stage) -> None:
    """Class 26: a pen, cap, cloth or phone is turned between the fingers."""
    rng, a, dialect = cue.make_rng(2), cue.act.amplitude, cue.act.dialect
    meeting = make_meeting(cue, stage, rng, {"desk": 0.8, "raised": 0.2})
    hertz = float(rng.uniform(1.0, 2.4))
    work, turn = _work(cue, hertz), _work(cue, hertz, 0.25)
    leads = LEFT if rng.random() < 0.4 else RIGHT
    size = np.float32(a * rng.uniform(0.008, 0.020))
    grasps = {}
    for side in (LEFT, RIGHT):
        is_lead = side == leads
        way = np.float32(1 if is_lead else -1)
        name = "pinch" if dialect in ("turn a pen", "fold a cloth") or is_lead else "grip"
        if dialect == "click and tap" and is_lead:
            name = "tripod"
        pose = np.repeat(_jitter(HAND_POSES[name], rng)[None], len(cue.t), axis=0)
        if is_lead or dialect == "fold a cloth":
            pose[:, CURLS] += (0.16 * work)[:, None] * np.array([1, 0.8, 0.6, 0.3, 0.2], np.float32)
            pose[:, OPPOSE] += 0.15 * turn
        gap, lift = {
            "turn a pen": (0.035, 0.0),
            "screw a cap": (0.0, 0.035 if is_lead else -0.03),
            "fold a cloth": (0.05, 0.0),
            "click and tap": (0.07, 0.0),
            "pass it from hand to hand": (0.02, 0.0),
        }[dialect]
        apart = np.full(len(cue.t), gap, np.float32)
        if dialect in ("fold a cloth", "pass it from hand to hand"):
            apart += 1.6 * size * (1 + work) * (1.0 if dialect == "fold a cloth" else 1.5)
        up = lift + (way * size * turn if is_lead or dialect == "pass it from hand to hand" else 0 * turn)
        shift = np.stack([apart, up, 0.6 * way * size * work], axis=1)
        palm = (-0.5, -0.8, -0.2) if lift >= 0 else (-0.9, 0.1, -0.3)
        grasps[side] = Grasp((-0.62, -0.12 if lift > 0 else 0.05, 0.75), palm, pose, "pinch", shift, 0.0)
    join_hands(cue, stage, rng, meeting, grasps, only=leads if dialect == "click and tap" else None)


def move_hands(cue: Cue, channels: Channels) -> None:
    """Sometimes the head goes down to the busy hands, or the trunk leans on them."""
    rng = cue.make_rng(1)
    up = cue.envelope(0.7, 0.7)
    looks = rng.random() < 0.35
    channels.add("pitch", np.float32(-rng.uniform(0.06, 0.25) if looks else rng.normal(0, 0.02)) * up)
    channels.add("gaze_y", np.float32(-0.5 if looks else 0.0) * up)
    channels.add("lean", np.float32(rng.normal(0.015, 0.02)) * up)


# --- 27, 30: arms drawn back, hands on the hips


def move_back(cue: Cue, channels: Channels) -> None:
    """Class 27: shoulders and trunk give way with the arms."""
    rng, a = cue.make_rng(1), cue.act.amplitude
    up = cue.envelope(0.45, 0.5)
    for side in cue.sides:
        channels.add(f"{side}_forward", np.float32(-a * rng.uniform(0.010, 0.022)) * up)
        channels.add(f"{side}_up", np.float32(a * rng.uniform(0.0, 0.010)) * up)
    channels.add("lean", np.float32(-a * rng.uniform(0.01, 0.06)) * up)


def reach_back(cue: Cue, stage: Stage) -> None:
    """Class 27: the hands leave the desk, towards the body or beside it, elbows behind."""
    rng, a = cue.make_rng(2), cue.act.amplitude
    rise, fall = rng.uniform(0.4, 0.7, 2)
    up = cue.envelope(rise, fall)
    dialect = cue.act.dialect
    place, direction, palm, elbow, pose = {
        "pull back to the belly": (
            (0.15, -0.31, 0.15), (-0.60, 0.05, 0.75), (-0.3, -0.7, -0.6), (0.6, -0.4, -0.9), "relaxed",
        ),
        "elbows back": ((0.22, -0.34, 0.10), (-0.15, 0.05, 0.98), (-0.9, -0.4, 0.0), (0.3, -0.3, -1.0), "loose_fist"),
        "recoil": ((0.17, -0.17, 0.17), (-0.25, 0.75, 0.55), (-0.1, -0.35, 0.9), (0.6, -0.8, -0.6), "flat"),
        "down beside the seat": (
            (0.26, -0.44, 0.02), (-0.02, -0.9, 0.35), (-0.95, 0.0, -0.1), (0.7, 0.0, -0.9), "relaxed",
        ),
    }[dialect]  # fmt: skip
    for side in cue.sides:
        wrist = stage.get_torso_point(place, side, cue.act.offset)
        wrist = wrist + (0.02 * (a - 1)) * stage.in_torso((0.3, 0.0, -1.0), side)
        hand = _jitter(HAND_POSES[pose], rng)
        target = stage.aim(
            side, wrist, stage.in_torso(direction, side), stage.in_torso(palm, side), stage.in_torso(elbow, side),
            hand, tucked=0.35 * up if dialect == "down beside the seat" else 0.0,
        )  # fmt: skip
        stage.blend(side, up, target, (0.03, 0.035, 0.0))


def move_akimbo(cue: Cue, channels: Channels) -> None:
    """Class 30: the chest opens."""
    up = cue.envelope(0.6, 0.6)
    channels.add("slump", np.float32(-0.15 * cue.act.amplitude) * up)
    channels.add("chest", np.float32(0.006) * up)


def reach_akimbo(cue: Cue, stage: Stage) -> None:
    """Class 30: hands on the hips, elbows out."""
    rng = cue.make_rng(2)
    up = cue.envelope(*rng.uniform(0.45, 0.8, 2))
    low = rng.uniform(-0.03, 0.02)
    place, direction, palm, elbow, pose, contact = {
        "hands on the hips": (
            (0.165, -0.40, 0.03), (-0.30, -0.45, 0.85), (-0.92, -0.2, -0.3), (1.0, 0.0, -0.35), "vee", "web",
        ),
        "fists on the hips": (
            (0.175, -0.40, 0.02), (-0.35, -0.55, 0.70), (-0.75, 0.2, -0.6), (1.0, 0.0, -0.25), "loose_fist", "middles",
        ),
        "thumbs forward": (
            (0.16, -0.39, -0.04), (-0.35, -0.5, -0.75), (-0.85, -0.1, 0.5), (1.0, 0.0, -0.1), "cupped", "web",
        ),
        "high at the waist": (
            (0.15, -0.30, 0.05), (-0.45, -0.2, 0.85), (-0.9, -0.1, -0.45), (1.0, 0.1, -0.3), "cupped", "web",
        ),
    }[cue.act.dialect]  # fmt: skip
    for side in cue.sides:
        hip = stage.get_torso_point((place[0], place[1] + low, place[2]), side, cue.act.offset)
        target = stage.aim(
            side, hip, stage.in_torso(direction, side), stage.in_torso(palm, side), stage.in_torso(elbow, side),
            _jitter(HAND_POSES[pose], rng), contact,
        )  # fmt: skip
        stage.blend(side, up, target, (0.10, 0.02, 0.0))


_ARMS, _ONE, _TWO = frozenset({"arms"}), (LEFT, RIGHT), (BOTH,)

register(
    Actor(
        22,
        ("scratch the forearm", "hold the elbow", "rub the upper arm", "scratch the wrist", "stroke the forearm"),
        _ARMS, (LEFT, RIGHT), move_arm_touch, reach_arm,
    ),
    Actor(
        23,
        (
            "rub the palms", "hold one hand in the other", "stroke the back of the hand", "knead the fingers",
            "wash the hands",
        ),
        _ARMS, _TWO, move_hands, reach_rubbing,
    ),
    Actor(
        24,
        ("rest on the desk", "before the face", "in the lap", "twiddle the thumbs", "open and close"),
        _ARMS, _TWO, move_hands, reach_crossing,
    ),
    Actor(
        25,
        ("before the chest", "before the mouth", "low and forward", "tap the fingertips"),
        _ARMS, _TWO, move_hands, reach_steeple,
    ),
    Actor(
        26,
        ("turn a pen", "screw a cap", "fold a cloth", "click and tap", "pass it from hand to hand"),
        _ARMS, _TWO, move_hands, reach_object,
    ),
    Actor(
        27,
        ("pull back to the belly", "elbows back", "recoil", "down beside the seat"),
        frozenset({"arms", "shoulders"}), (BOTH, LEFT, RIGHT), move_back, reach_back,
    ),
    Actor(
        30,
        ("hands on the hips", "fists on the hips", "thumbs forward", "high at the waist"),
        _ARMS, (BOTH, LEFT, RIGHT), move_akimbo, reach_akimbo,
    ),
)  # fmt: skip
