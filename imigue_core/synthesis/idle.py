"""What people do between gestures: sway, breathe, blink, look about, nod, and shift their resting hands.

All of it belongs to times, so another frame rate shows the same person. Nothing here is
labelled; it is what a scanner has to leave alone.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from imigue_core.synthesis.body import BodyShape, Posture
from imigue_core.synthesis.gestures.base import compute_minimum_jerk
from imigue_core.synthesis.gestures.channels import DIRECTION, ELBOW, N_ARM, PALM, POSE, TUCKED, WRIST, Channels
from imigue_core.synthesis.hands import CURLS, HAND_POSES, POSE_SIZE
from imigue_core.synthesis.noise import make_rng, sample_smooth

FloatArray = NDArray[np.float32]
Times = NDArray[np.float64]
Vector = tuple[float, float, float]

_STREAM = 230
_BLOCK_S = 6.0
"""Small events (glances, nods, smiles) are drawn one chance a block of this length."""


def add_idle(channels: Channels, posture: Posture, times: Times, seed: int) -> None:
    """Add posture, sway, breath, blinks, gaze and small moves of the head to the channels of all times."""
    manner = make_rng(seed, _STREAM)
    calm, period, phase = manner.lognormal(-0.1, 0.35), manner.uniform(3.2, 5.0), manner.uniform(0, 6.28)
    breath, habit = manner.lognormal(np.log(0.0025), 0.4), manner.normal(0, 1, 4)
    channels.add("lean", np.float32(posture.lean))
    channels.add("side", np.float32(posture.side))
    channels.add("turn", np.float32(posture.turn))
    channels.add("slump", np.float32(posture.slump))
    channels.add("pitch", np.float32(-0.05 + 0.06 * habit[0]))
    channels.add("roll", np.float32(0.04 * habit[1]))
    channels.add("yaw", np.float32(0.10 * habit[2] - 0.6 * posture.turn))
    channels.add("smile", np.float32(0.10 * habit[3]))
    # breath: quick in, slow out, with a rate that wanders
    wander = sample_smooth(make_rng(seed, _STREAM + 1), times, 7.0, 4)
    turn = (2 * np.pi / period) * times + phase + 0.9 * wander[:, 0]
    air = np.sin(turn + 0.35 * np.sin(turn)).astype(np.float32)
    channels.add("chest", np.float32(breath) * (air + 0.25 * wander[:, 1]))
    channels.add("lean", np.float32(-0.8 * breath) * air)
    _add_sway(channels, times, seed, np.float32(calm))
    _add_gaze(channels, times, seed)
    _add_events(channels, times, seed)


def _add_sway(channels: Channels, times: Times, seed: int, calm: np.float32) -> None:
    slow = calm * sample_smooth(make_rng(seed, _STREAM + 2), times, 5.0, 8)
    mid = calm * sample_smooth(make_rng(seed, _STREAM + 3), times, 1.1, 7)
    for name, a, b, at in (
        ("lean", 0.016, 0.004, 0),
        ("side", 0.010, 0.003, 1),
        ("turn", 0.026, 0.006, 2),
        ("pitch", 0.030, 0.014, 3),
        ("yaw", 0.050, 0.018, 4),
        ("roll", 0.018, 0.009, 5),
        ("slump", 0.050, 0.0, 6),
        ("shift_x", 0.004, 0.0, 7),
    ):
        channels.add(name, np.float32(a) * slow[:, at] + (np.float32(b) * mid[:, at] if b else 0))
    channels.add("left_up", np.float32(0.0016) * mid[:, 6])
    channels.add("right_up", np.float32(0.0016) * (0.5 * mid[:, 6] + 0.8 * mid[:, 0]))


def _add_gaze(channels: Channels, times: Times, seed: int) -> None:
    """Blinks, saccades, and the questioner at one of a few places."""
    rng = make_rng(seed, _STREAM + 4)
    last = float(times[-1])
    n = int(last / 2.2) + 2
    blinks = np.cumsum(rng.gamma(2.2, 1.5, n))
    index = np.searchsorted(blinks, times, side="right")
    after = times - np.where(index > 0, blinks[np.maximum(index - 1, 0)], -9.0)
    lid = np.clip(1 - np.abs(after - 0.09) / 0.085, 0, 1).astype(np.float32)
    channels.add("eye_close", lid)
    looks = sample_steps(make_rng(seed, _STREAM + 5), times, 1.3, 2, 0.06)
    channels.add("gaze_x", np.float32(0.35) * looks[:, 0])
    channels.add("gaze_y", np.float32(0.25) * looks[:, 1] - np.float32(0.1))
    turns = sample_steps(make_rng(seed, _STREAM + 6), times, 5.5, 3, 0.55)
    channels.add("yaw", np.float32(0.16) * turns[:, 0])
    channels.add("gaze_x", np.float32(0.25) * turns[:, 0])
    channels.add("pitch", np.float32(0.045) * turns[:, 1])
    channels.add("turn", np.float32(0.035) * turns[:, 0] + np.float32(0.02) * turns[:, 2])


def sample_steps(rng: np.random.Generator, times: Times, mean_s: float, n_channels: int, ease_s: float) -> FloatArray:
    """Values that are held and left at random moments.

    Args:
        rng: Used for this alone.
        times: (T,) ascending seconds, 0 or later.
        mean_s: Mean time a value is held.
        n_channels: Independent channels that change together.
        ease_s: Seconds of a change.

    Returns:
        (T, n_channels) float32, unit normal where held.
    """
    n = int(times[-1] / mean_s * 1.6) + 12
    of_knots, of_values = rng.spawn(2)  # the length of one must not change the other
    knots = np.concatenate([[0.0], np.cumsum(ease_s + of_knots.gamma(1.6, (mean_s - ease_s) / 1.6, n))])
    values = of_values.standard_normal((n + 2, n_channels), dtype=np.float32)
    index = np.minimum(np.searchsorted(knots, times, side="right"), n + 1)
    since = (times - knots[np.maximum(index - 1, 0)]).astype(np.float32)
    weight = compute_minimum_jerk(since * np.float32(1 / ease_s))
    before = values[np.maximum(index - 1, 0)]
    return np.asarray(before + weight[:, None] * (values[index] - before), np.float32)


def _add_events(channels: Channels, times: Times, seed: int) -> None:
    """One chance a block: nod, shake, glance down, smile, lick of the lips, brow; each on its own few frames."""
    rng = make_rng(seed, _STREAM + 7)
    n_blocks = int(times[-1] / _BLOCK_S) + 1
    draws = rng.random((n_blocks, 5))
    for block in range(n_blocks):
        kind, where, length, size, sign = draws[block]
        start = (block + 0.8 * where) * _BLOCK_S
        span = 0.5 + 1.6 * length
        if kind > 0.72:
            continue
        part = slice(*(int(i) for i in np.searchsorted(times, (start, start + span))))
        if part.start < part.stop:
            u = ((times[part] - start) / span).astype(np.float32)
            _add_event(channels.cut(part), u, float(kind), float(0.5 + size), 1.0 if sign < 0.5 else -1.0)


def _add_event(channels: Channels, u: FloatArray, kind: float, size: float, sign: float) -> None:
    bell = compute_minimum_jerk(np.minimum(u, 1 - u) * np.float32(3.2))
    if kind < 0.18:
        channels.add("pitch", -0.06 * size * bell * np.sin(9.4 * u) ** 2)
    elif kind < 0.24:
        channels.add("yaw", 0.06 * size * bell * np.sin(18.8 * u))
    elif kind < 0.40:
        channels.add("pitch", -0.16 * size * bell)
        channels.add("gaze_y", -0.5 * bell)
        channels.add("eye_close", 0.25 * bell)
    elif kind < 0.52:
        channels.add("smile", 0.45 * size * bell)
    elif kind < 0.58:
        channels.add("yaw", 0.28 * sign * size * bell)
        channels.add("gaze_x", 0.5 * sign * bell)
    elif kind < 0.64:
        channels.add("mouth_open", 0.10 * size * bell)
        channels.add("lips_press", 0.12 * bell)
    elif kind < 0.68:
        channels.add("roll", 0.08 * sign * size * bell)
    else:
        channels.add("brow_raise", 0.5 * sign * size * bell)


def _place_hand(rest: str, posture: Posture, body: BodyShape) -> tuple[Vector, Vector, Vector, Vector, str, float]:
    """Wrist, direction, palm, elbow, pose and tucked of the LEFT hand at rest, in the world's axes."""
    top = 0.12 if posture.desk_height is None else posture.desk_height
    z = posture.desk_distance
    hang = -(body.upper_arm + body.forearm) * 0.94 + body.torso_height
    places: dict[str, tuple[Vector, Vector, Vector, Vector, str, float]] = {
        "apart": (
            (posture.hand_gap + 0.05, top + 0.03, z + posture.reach), (-0.55, 0.02, 0.82), (-0.35, -0.92, 0.0),
            (0.50, -0.85, -0.3), "relaxed", 0.0,
        ),
        "together": (
            (0.165, top + 0.032, z + posture.reach + 0.02), (-0.62, 0.02, 0.76), (-0.55, -0.82, -0.1),
            (0.65, -0.75, -0.2), "cupped", 0.0,
        ),
        "across": (
            (0.01, top + 0.03, z + 0.05), (-0.98, 0.0, 0.12), (0.0, -1.0, 0.0), (0.9, -0.6, -0.1), "relaxed", 0.0,
        ),
        "over": (
            (0.02, top + 0.075, z + 0.085), (-0.98, -0.06, 0.05), (0.0, -1.0, 0.05), (0.9, -0.6, -0.1), "relaxed", 0.0,
        ),
        "edge": (
            (posture.hand_gap + 0.04, top + 0.03, z - 0.03), (-0.25, 0.0, 0.95), (-0.1, -1.0, 0.0), (0.55, -0.8, -0.3),
            "cupped", 0.0,
        ),
        "under": (
            (0.105, min(top - 0.07, 0.12), 0.20), (-0.35, -0.08, 0.93), (-0.25, -0.95, 0.0), (0.6, -0.8, -0.4),
            "relaxed", 0.0,
        ),
        "armrest": (
            (0.5 * body.shoulder_width + 0.11, top - 0.04, 0.21), (-0.1, -0.15, 0.97), (-0.1, -1.0, 0.0),
            (0.45, -0.6, -0.8), "relaxed", 0.0,
        ),
        "hanging": (
            (0.5 * body.shoulder_width + 0.05, hang, 0.06), (-0.03, -1.0, 0.12), (-0.9, 0.0, -0.35), (0.6, 0.0, -0.8),
            "relaxed", 0.0,
        ),
    }  # fmt: skip
    return places[rest]


def make_rest_track(
    body: BodyShape, posture: Posture, side: str, talk: FloatArray, times: Times, seed: int
) -> FloatArray:
    """An arm at rest: its place, now and then shifted, with idle fingers, and small beats during talk.

    Args:
        body: Its sizes.
        posture: Gives the rest pose.
        side: ``left`` or ``right``.
        talk: (T,) 0..1 how much is talked.
        times: (T,) seconds.
        seed: Of the person's fidgeting.

    Returns:
        (T, 25) float32.
    """
    stream = _STREAM + (10 if side == "left" else 20)
    rest = posture.rests[0 if side == "left" else 1]
    wrist, direction, palm, elbow, pose, tucked = _place_hand(rest, posture, body)
    own = make_rng(seed, stream)
    still = own.lognormal(-0.2, 0.4)
    row = np.zeros(N_ARM, np.float32)
    row[WRIST] = np.array(wrist) + own.normal(0, 1, 3) * (0.02, 0.004, 0.02)
    row[DIRECTION] = np.array(direction) + own.normal(0, 0.10, 3) * (1, 0.3, 1)
    row[PALM], row[ELBOW] = np.array(palm) + own.normal(0, 0.12, 3), np.array(elbow) + own.normal(0, 0.22, 3)
    row[POSE] = np.clip(HAND_POSES[pose] + own.normal(0, 0.05, POSE_SIZE), 0, 1)
    row[TUCKED] = tucked
    if side == "right":
        row[[WRIST.start, DIRECTION.start, PALM.start, ELBOW.start]] *= -1
    track = np.empty((len(times), N_ARM), np.float32)
    track[:] = row

    shifts = sample_steps(make_rng(seed, stream + 1), times, 11.0, 6, 0.7)
    track[:, WRIST.start] += np.float32(0.018 * still) * shifts[:, 0]
    track[:, WRIST.start + 2] += np.float32(0.020 * still) * shifts[:, 1]
    track[:, DIRECTION.start] += np.float32(0.13) * shifts[:, 2]
    track[:, PALM.start] += np.float32(0.16) * shifts[:, 3]
    track[:, CURL_COLUMNS] += (np.float32(0.05) * shifts[:, 4])[:, None]
    beats = sample_smooth(make_rng(seed, stream + 2), times, 0.45, 4)
    lively = (talk * np.float32(own.lognormal(-0.2, 0.5)))[:, None]
    track[:, WRIST] += lively * (np.maximum(beats[:, :3] * (0.006, 0.010, 0.006), (-1, 0, -1))).astype(np.float32)
    fingers = sample_smooth(make_rng(seed, stream + 3), times, 0.7, 5)
    track[:, CURL_COLUMNS] += np.float32(0.03) * fingers + np.float32(0.05) * lively * beats[:, 3:]
    np.clip(track[:, POSE], 0, 1, out=track[:, POSE])
    return track


CURL_COLUMNS = slice(POSE.start + CURLS.start, POSE.start + CURLS.stop)
"""Columns of an arm's track with the five curls."""
