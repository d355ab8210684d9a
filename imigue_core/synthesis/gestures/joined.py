"""Both hands at one place: where they meet, and how each comes to it. What they do there is in ``hand.py``."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from imigue_core.synthesis.gestures.base import LEFT, RIGHT, Cue
from imigue_core.synthesis.gestures.stage import Stage
from imigue_core.synthesis.hands import POSE_SIZE

FloatArray = NDArray[np.float32]
Vector = tuple[float, float, float]

_LAP_DROP_M = -0.08


@dataclass(frozen=True, slots=True, eq=False)
class Grasp:
    """What one of two joined hands does, as the left hand would.

    Attributes:
        direction: Wrist to knuckles: outwards, up, forward.
        palm: Out of the palm.
        pose: (12,) or (n, 12) of the hand.
        contact: The part that meets the other hand, a name of ``hands.CONTACTS``.
        shift: (n, 3) metres of that part from the meeting place: outwards, up, forward.
        thickness: Metres that the part keeps from the middle between the hands.
    """

    direction: Vector
    palm: Vector
    pose: FloatArray
    contact: str
    shift: FloatArray
    thickness: float


@dataclass(frozen=True, slots=True, eq=False)
class Meeting:
    """Where two hands meet.

    Attributes:
        place: (n, 3) world metres.
        is_raised: Whether the elbows prop the hands up.
    """

    place: FloatArray
    is_raised: bool


def make_meeting(cue: Cue, stage: Stage, rng: np.random.Generator, where: dict[str, float]) -> Meeting:
    """Choose where hands meet.

    Args:
        cue: The act; its offset shifts the place.
        stage: The body and its desk.
        rng: The act's.
        where: Odds of ``desk`` (on it), ``raised`` (before the chest), ``face`` (before chin or mouth), ``lap``.
    """
    kind = str(rng.choice(list(where), p=np.array(list(where.values())) / sum(where.values())))
    x, z = float(rng.normal(0, 0.025)), float(rng.uniform(0.08, 0.22))
    drift = np.sin(np.float32(2 * np.pi * rng.uniform(0.05, 0.15)) * cue.t + np.float32(rng.uniform(0, 6)))
    wander = drift[:, None] * rng.normal(0, 0.006, 3).astype(np.float32)
    if kind == "face":
        head = stage.get_head_point("mouth", "centre", (0.0, float(rng.uniform(-0.07, -0.01)), 0.05))
        place = 0.85 * head + 0.15 * head[:1]
    elif kind == "raised":
        place = stage.get_torso_point((0.0, float(rng.uniform(-0.22, -0.12)), float(rng.uniform(0.20, 0.27))), LEFT)
        place = place + np.array([x, 0, 0], np.float32)
    elif kind == "lap":
        place = stage.get_desk_point(x, min(0.0, 0.02 * float(rng.random())), LEFT, _LAP_DROP_M)
    else:
        place = stage.get_desk_point(x, z, LEFT, float(rng.uniform(0.035, 0.06)))
    return Meeting(place + wander + np.array(cue.act.offset, np.float32), kind in ("raised", "face"))


def join_hands(
    cue: Cue,
    stage: Stage,
    rng: np.random.Generator,
    meeting: Meeting,
    grasps: dict[str, Grasp],
    *,
    only: str | None = None,
) -> None:
    """Bring both hands, or ``only`` one of them, to the meeting place while the act lasts."""
    rise, fall = rng.uniform(0.4, 0.75, 2)
    late = float(rng.uniform(0.0, 0.12))
    tilt, spread = rng.normal(0, 0.07, 6).astype(np.float32), float(rng.normal(0.85, 0.15))
    # a whole that leans: one hand lies higher and further forward
    for side in (LEFT, RIGHT):
        if only not in (None, side):
            continue
        grasp = grasps[side]
        sign = np.float32(1 if side == LEFT else -1)
        out = np.array([sign, 1, 1], np.float32)
        shift = grasp.shift.astype(np.float32) * out
        shift[:, 0] += sign * np.float32(grasp.thickness)
        pose = np.clip(np.atleast_2d(grasp.pose) + rng.normal(0, 0.025, POSE_SIZE), 0, 1).astype(np.float32)
        pose = np.broadcast_to(pose, (stage.n_frames, POSE_SIZE))
        lean = tilt * np.array([1, sign, 1, 1, sign, 1], np.float32)
        direction = np.array(grasp.direction, np.float32) * out + lean[:3]
        palm = np.array(grasp.palm, np.float32) * out + lean[3:]
        elbow = (spread, -0.9, 0.25) if meeting.is_raised else (spread, -0.8, -0.2)
        n = (stage.n_frames, 3)
        target = stage.aim(
            side, meeting.place + shift, np.broadcast_to(direction, n), np.broadcast_to(palm, n),
            stage.in_world(elbow, side), pose, grasp.contact,
        )  # fmt: skip
        delay = late if side == LEFT else 0.0
        stage.blend(side, cue.envelope(rise, fall, min(delay, 0.2 * cue.duration)), target, (0.0, 0.03, 0.0))
