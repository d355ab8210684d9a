"""The trunk: moving the torso (20), sitting up straight (21), shaking the shoulders (31).

The last dialect of each is held out of training.
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
    compute_envelope,
    compute_minimum_jerk,
    register,
)
from imigue_core.synthesis.gestures.channels import Channels

FloatArray = NDArray[np.float32]

_SETTLE_S = 5.0
"""Seconds that a straightened back takes to sink again."""


def move_torso(cue: Cue, channels: Channels) -> None:
    """Class 20: sway, lean, turn or shift in the seat, and back."""
    rng, a, sign = cue.make_rng(), cue.act.amplitude, cue.sign
    up = cue.envelope(*rng.uniform(0.4, 0.8, 2))
    size = np.float32(a * rng.uniform(0.07, 0.15))
    if cue.act.dialect == "sway to the side":
        sway = up * (1.0 if rng.random() < 0.55 else cue.wave(0.6))
        channels.add("side", sign * size * sway)
        channels.add("shift_x", 0.10 * sign * size * sway)
    elif cue.act.dialect == "lean":
        ahead = 1.0 if rng.random() < 0.6 else -0.7
        channels.add("lean", ahead * 1.6 * size * up)
        channels.add("slump", -ahead * 0.10 * up)
        channels.add("side", sign * 0.2 * size * up)
    elif cue.act.dialect == "turn":
        channels.add("turn", sign * 2.3 * size * up)
        channels.add("yaw", -sign * rng.uniform(0.2, 1.4) * size * up)
        channels.add("side", sign * 0.25 * size * up)
    elif cue.act.dialect == "shift in the seat":
        hop = up * (1 - up) * 4
        channels.add("shift_x", sign * 0.30 * size * up)
        channels.add("shift_y", 0.12 * size * hop)
        channels.add("shift_z", 0.20 * size * up)
        channels.add("side", -sign * 0.55 * size * hop)
        channels.add("lean", 0.6 * size * hop)
    else:  # "rock to and fro"
        channels.add("lean", 0.9 * size * up * (0.4 + cue.wave(0.8)))
        channels.add("turn", sign * 0.4 * size * up * cue.wave(0.8, 0.2))


def move_straight(cue: Cue, channels: Channels) -> None:
    """Class 21: from slump to upright, held; the back sinks only after the act."""
    rng, a, t, d = cue.make_rng(), cue.act.amplitude, cue.t, cue.duration
    rise = min(float(rng.uniform(0.5, 1.1)) / cue.act.tempo, 0.75 * d)
    up = compute_minimum_jerk(t / np.float32(rise)) * compute_minimum_jerk((d + _SETTLE_S - t) / np.float32(_SETTLE_S))
    hop = compute_envelope(t, rise * 1.5, 0.6 * rise, 0.9 * rise)
    taller, back = np.float32(a * rng.uniform(0.4, 0.7)), np.float32(a * rng.uniform(0.05, 0.12))
    channels.add("slump", -taller * up)
    channels.add("pitch", 0.05 * up)
    if cue.act.dialect == "straighten up":
        channels.add("lean", -back * up)
        channels.add("chest", 0.008 * up)
    elif cue.act.dialect == "push up in the seat":
        channels.add("shift_y", 0.022 * a * hop + 0.008 * a * up)
        channels.add("lean", 0.5 * back * hop - 0.8 * back * up)
        channels.add("left_up", 0.012 * hop)
        channels.add("right_up", 0.012 * hop)
    elif cue.act.dialect == "shoulders back":
        for name in ("left_forward", "right_forward"):
            channels.add(name, -0.022 * a * up)
        channels.add("chest", 0.014 * a * up)
        channels.add("lean", -0.6 * back * up)
    else:  # "wriggle upright"
        wobble = np.sin(2 * np.pi * 1.3 * cue.act.tempo * t).astype(np.float32)
        channels.add("lean", -back * up)
        channels.add("side", cue.sign * 0.06 * a * hop * wobble)
        channels.add("shift_x", cue.sign * 0.012 * a * hop * wobble)
        channels.add("shift_y", 0.012 * a * hop)


def move_shoulders(cue: Cue, channels: Channels) -> None:
    """Class 31: shrug, twitch, roll, alternate or wriggle; one shoulder or both."""
    rng, a, dialect = cue.make_rng(), cue.act.amplitude, cue.act.dialect
    size = np.float32(a * rng.uniform(0.016, 0.040))
    if dialect == "shrug":
        up = cue.envelope(*rng.uniform(0.18, 0.38, 2))
        again = cue.act.repeats if cue.act.repeats else (1 if rng.random() < 0.75 else 2)
        if again > 1 and cue.duration > 0.5 * again:
            up = up * (0.6 + 0.4 * np.cos(2 * np.pi * again * cue.t / cue.duration + np.pi)).astype(np.float32)
        for side in cue.sides:
            _add_shoulder(channels, side, size * float(rng.uniform(0.85, 1.15)) * up, 0.15 * size * up)
        channels.add("head_down", 0.25 * size * up)
        channels.add("roll", np.float32(rng.normal(0, 0.06)) * up)
        channels.add("smile", -np.float32(rng.uniform(0, 0.5)) * up)
        channels.add("brow_raise", np.float32(rng.uniform(0, 0.5)) * up)
        return
    gate = cue.envelope(0.15, 0.2)
    if dialect == "twitch":
        beat = np.maximum(cue.wave(1.5, -0.06), 0) ** 2 * gate
        for side in cue.sides:
            _add_shoulder(channels, side, 0.85 * size * beat, 0.4 * size * beat)
        channels.add("roll", np.float32(0.03 * cue.sign) * beat)
    elif dialect == "roll":
        rate = float(rng.uniform(0.8, 1.3))
        high, ahead = 0.5 - 0.5 * cue.wave(rate, 0.25), cue.wave(rate)
        way = -1.0 if rng.random() < 0.75 else 1.0  # mostly backwards
        for side in cue.sides:
            _add_shoulder(channels, side, size * high * gate, way * 0.8 * size * ahead * gate)
    elif dialect == "alternate":
        swing = cue.wave(float(rng.uniform(1.4, 2.6))) * gate
        _add_shoulder(channels, LEFT, 0.7 * size * swing, 0.3 * size * swing)
        _add_shoulder(channels, RIGHT, -0.7 * size * swing, -0.3 * size * swing)
        channels.add("side", -0.5 * size * swing)
    else:  # "wriggle": a shirt that sits badly
        swing = cue.wave(float(rng.uniform(1.0, 1.8)))
        for side in cue.sides:
            _add_shoulder(channels, side, size * gate * (0.4 + 0.5 * swing), -0.6 * size * gate)
        channels.add("turn", np.float32(cue.sign) * 1.3 * size * gate * swing)


def _add_shoulder(channels: Channels, side: str, up: FloatArray, forward: FloatArray) -> None:
    channels.add(f"{side}_up", np.asarray(up, np.float32))
    channels.add(f"{side}_forward", np.asarray(forward, np.float32))


_SIDES = (LEFT, RIGHT, BOTH)

register(
    Actor(
        20,
        ("sway to the side", "lean", "turn", "shift in the seat", "rock to and fro"),
        frozenset({"torso"}),
        (LEFT, RIGHT),
        move_torso,
    ),
    Actor(
        21,
        ("straighten up", "push up in the seat", "shoulders back", "wriggle upright"),
        frozenset({"torso", "shoulders"}),
        (LEFT, RIGHT),
        move_straight,
        settle_s=_SETTLE_S,
    ),
    Actor(
        31,
        ("shrug", "twitch", "roll", "alternate", "wriggle"),
        frozenset({"shoulders"}),
        _SIDES,
        move_shoulders,
    ),
)
