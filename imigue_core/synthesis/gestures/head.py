"""Head and face without hands: turtle neck (1), bulging face or deep breath (2), head up (28), pressing lips (29).

The last dialect of each is held out of training.
"""

from __future__ import annotations

import numpy as np

from imigue_core.synthesis.gestures.base import BOTH, LEFT, RIGHT, Actor, Cue, compute_envelope, register
from imigue_core.synthesis.gestures.channels import Channels


def _add_all(channels: Channels, weight: np.ndarray, **deltas: float) -> None:
    for name, delta in deltas.items():
        channels.add(name, np.float32(delta) * weight)


def move_turtle_neck(cue: Cue, channels: Channels) -> None:
    """Class 1: the head sinks between raised shoulders, or is pushed forward or drawn in."""
    rng, a = cue.make_rng(), cue.act.amplitude
    rise, fall = rng.uniform(0.25, 0.6, 2)
    up = cue.envelope(rise, fall)
    sink, lift = a * rng.uniform(0.022, 0.040), a * rng.uniform(0.022, 0.042)
    if cue.act.dialect == "sink between the shoulders":
        _add_all(channels, up, head_down=sink, left_up=lift, right_up=lift, pitch=0.06, head_forward=0.012 * a)
    elif cue.act.dialect == "poke the head forward":
        _add_all(channels, up, head_forward=a * rng.uniform(0.04, 0.07), head_down=0.4 * sink, pitch=0.10 * a)
        _add_all(channels, up, left_up=0.35 * lift, right_up=0.35 * lift, lean=0.03 * a)
    elif cue.act.dialect == "draw the chin in":
        _add_all(channels, up, head_forward=-0.03 * a, head_down=0.7 * sink, pitch=-0.20 * a, smile=-0.3)
        _add_all(channels, up, left_up=0.5 * lift, right_up=0.5 * lift)
    else:  # "duck aside"
        _add_all(
            channels, up, head_down=sink, left_up=lift, right_up=lift, roll=0.14 * a * cue.sign, yaw=-0.10 * cue.sign
        )
        _add_all(channels, up, pitch=-0.08 * a, eye_close=0.5)


def move_breath(cue: Cue, channels: Channels) -> None:
    """Class 2: cheeks full of air, or chest and shoulders rise, and the air goes out again."""
    rng, a, t, d = cue.make_rng(), cue.act.amplitude, cue.t, cue.duration
    split = rng.uniform(0.42, 0.6)
    # in: until `split`, then out
    chest = compute_envelope(t, d, split * d * 0.9, (1 - split) * d)
    out = compute_envelope(t, d, 0.25 * d, 0.2 * d, split * d * 0.9)
    lift, puff = a * rng.uniform(0.012, 0.028), min(1.0, a * rng.uniform(0.6, 1.0))
    for name in ("mouth_open", "smile"):
        channels.blend(name, 0.9 * cue.envelope(0.15, 0.2), 0.0)
    if cue.act.dialect == "puff the cheeks":
        full = cue.envelope(0.22, 0.35)
        _add_all(channels, full, cheek_puff=puff, lips_press=0.3, chest=0.3 * lift)
        _add_all(channels, out, lips_pucker=0.35)
    elif cue.act.dialect == "breathe in deeply":
        _add_all(channels, chest, chest=lift, left_up=0.4 * lift, right_up=0.4 * lift, lean=-0.03 * a, pitch=0.07 * a)
        _add_all(channels, chest, slump=-0.15 * a)
        _add_all(channels, out, mouth_open=0.08, lips_pucker=0.3)
    elif cue.act.dialect == "blow the air out":
        _add_all(channels, chest, chest=0.8 * lift, left_up=0.3 * lift, right_up=0.3 * lift, lean=-0.015 * a)
        _add_all(channels, out, cheek_puff=puff, lips_pucker=0.6, pitch=-0.06 * a)
    else:  # "sigh"
        _add_all(channels, chest, chest=lift, left_up=0.5 * lift, right_up=0.5 * lift, pitch=0.05 * a)
        _add_all(channels, out, slump=0.25 * a, pitch=-0.16 * a, mouth_open=0.18, eye_close=0.4, head_down=0.006 * a)


def move_head_up(cue: Cue, channels: Channels) -> None:
    """Class 28: the chin goes up, the view to the ceiling."""
    rng, a = cue.make_rng(), cue.act.amplitude
    tilt = a * rng.uniform(0.26, 0.46)
    aside = cue.sign * rng.uniform(0.0, 0.12)
    if cue.act.dialect == "chin up":
        up = cue.envelope(*rng.uniform(0.3, 0.6, 2))
        _add_all(channels, up, pitch=tilt, yaw=aside, gaze_y=0.2)
    elif cue.act.dialect == "look to the ceiling":
        up = cue.envelope(*rng.uniform(0.35, 0.7, 2))
        _add_all(channels, up, pitch=1.3 * tilt, yaw=cue.sign * rng.uniform(0.1, 0.35), gaze_y=0.8, brow_raise=0.4)
        _add_all(channels, up, lean=-0.03 * a)
    elif cue.act.dialect == "toss the head":
        up = cue.envelope(0.22, max(0.3, 0.5 * cue.duration))
        _add_all(channels, up, pitch=0.95 * tilt, roll=0.08 * cue.sign, head_forward=-0.012)
    else:  # "stretch the neck"
        up = cue.envelope(*rng.uniform(0.45, 0.8, 2))
        slow = cue.wave(0.35)
        _add_all(channels, up, pitch=1.1 * tilt, eye_close=0.8)
        channels.add("roll", 0.16 * a * up * slow)
    channels.blend("gaze_x", 0.6 * up, 0.0)


def move_lips(cue: Cue, channels: Channels) -> None:
    """Class 29: the lips vanish between each other or between the teeth."""
    rng, a = cue.make_rng(), cue.act.amplitude
    full = cue.envelope(*rng.uniform(0.12, 0.28, 2))
    press = float(np.clip(a * rng.uniform(0.75, 1.15), 0.5, 1.15))
    for name in ("mouth_open", "lips_pucker", "lips_press"):
        channels.blend(name, full, 0.0)
    channels.blend("smile", 0.7 * full, 0.0)
    if cue.act.dialect == "press together":
        _add_all(channels, full, lips_press=press, pitch=-0.02)
    elif cue.act.dialect == "press with the corners down":
        _add_all(channels, full, lips_press=press, smile=-rng.uniform(0.4, 0.8), brow_raise=rng.uniform(-0.2, 0.5))
        _add_all(channels, full, pitch=-0.04 * a)
    elif cue.act.dialect == "bite the lip":
        _add_all(channels, full, lips_press=0.75 * press, mouth_open=0.06, jaw_shift=0.4 * cue.sign, smile=0.15)
    elif cue.act.dialect == "press into a flat smile":
        _add_all(channels, full, lips_press=press, smile=rng.uniform(0.3, 0.6))
    else:  # "press again and again"
        _add_all(channels, full, lips_press=0.5 * press)
        channels.add("lips_press", 0.5 * press * full * cue.wave(1.5, -0.25))


register(
    Actor(
        1,
        ("sink between the shoulders", "poke the head forward", "draw the chin in", "duck aside"),
        frozenset({"head", "shoulders"}),
        (LEFT, RIGHT, BOTH),
        move_turtle_neck,
    ),
    Actor(
        2,
        ("puff the cheeks", "breathe in deeply", "blow the air out", "sigh"),
        frozenset({"face", "shoulders"}),
        (BOTH,),
        move_breath,
    ),
    Actor(
        28,
        ("chin up", "look to the ceiling", "toss the head", "stretch the neck"),
        frozenset({"head"}),
        (LEFT, RIGHT),
        move_head_up,
    ),
    Actor(
        29,
        (
            "press together",
            "press with the corners down",
            "bite the lip",
            "press into a flat smile",
            "press again and again",
        ),
        frozenset({"face"}),
        (LEFT, RIGHT),
        move_lips,
    ),
)
