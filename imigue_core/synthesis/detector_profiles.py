"""How well a pose detector sees: the measured constants, and the profiles made of them.

Distances are in shoulder widths, so they hold for any picture size. Where a figure says
*measured*, it is from MediaPipe Holistic through `video/poses.py` on two real clips (a
waving person, 58 frames at 29.9 fps; a talking driver, 120 frames, clean and badly
distorted) and from 93 frames of OpenPose of a signing person; white noise is a third
difference over sqrt(20), its median absolute deviation scaled to a standard deviation.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum

import numpy as np

from imigue_core.errors import InputError
from imigue_core.skeleton.layout import BODY_SLICE

N_BODY = BODY_SLICE.stop


class DetectorKind(Enum):
    """Which extractor's habits a profile has."""

    MEDIAPIPE = "mediapipe"
    OPENPOSE = "openpose"
    PERFECT = "perfect"


@dataclass(frozen=True, slots=True)
class DetectorProfile:
    """One detector under one kind of circumstances.

    Attributes:
        name: What reports call it.
        kind: Whose habits it has.
        jitter: Factor on all noise below.
        body_bias: Constant error a joint in an interview, sd.
        body_slow: Drifting error a joint (knots every 0.7 s), sd.
        body_fast: (25,) white noise a joint, sd.
        lag_s: How far smoothed body points trail behind.
        face_common: White noise that the whole face shares: shift, and turn and zoom at its radius, sd.
        face_fast: White noise a face point, sd.
        face_slow: Drifting error a face point, sd.
        face_bias: Constant error a face point, sd.
        hand_common: White noise that a whole hand shares, sd.
        hand_fast: White noise a hand point, sd.
        hand_slow: Drifting error a hand point, sd.
        hand_bias: Constant error a hand point, sd.
        hand_score: How easily hands are found; 0 is a toss-up, see ``detector_hands.compute_scores``.
        face_score: The same for faces.
        score_spread: How much both differ between interviews, sd.
        swap_share: Share of time that crossed hands are taken for each other.
        double_share: Share of time that two crossing hands both stick to one of them.
        freeze_share: Share of time that a hand stands still while the real one moves.
        empty_share: Share of time without any person.
        stranger_share: Share of time that another person is taken for this one.
        repeat_odds: Odds that an interview has repeated frames.
    """

    name: str
    kind: DetectorKind
    jitter: float = 1.0
    body_bias: float = 0.018
    body_slow: float = 0.012
    body_fast: tuple[float, ...] = ()
    lag_s: float = 0.0
    face_common: float = 0.0
    face_fast: float = 0.0
    face_slow: float = 0.0
    face_bias: float = 0.0
    hand_common: float = 0.0
    hand_fast: float = 0.0
    hand_slow: float = 0.0
    hand_bias: float = 0.0
    hand_score: float = 3.2
    face_score: float = 3.6
    score_spread: float = 0.5
    swap_share: float = 0.0
    double_share: float = 0.0
    freeze_share: float = 0.0
    empty_share: float = 0.0
    stranger_share: float = 0.0
    repeat_odds: float = 0.0


def _by_joint(head: float, shoulders: float, elbows: float, wrists: float, lower: float) -> tuple[float, ...]:
    values = np.full(N_BODY, lower)
    values[[0, 15, 16, 17, 18]] = head
    values[[1, 2, 5]] = shoulders
    values[[3, 6]] = elbows
    values[[4, 7]] = wrists
    return tuple(float(v) for v in values)


_MEDIAPIPE = DetectorProfile(
    "mediapipe",
    DetectorKind.MEDIAPIPE,
    body_bias=0.018,
    # measured: body nose and eyes wander 0.015-0.02 about the mesh's over 1-2 s
    body_slow=0.013,
    # measured (1e-3): nose, eyes 0.8-1.2, ears 0.5-0.8, shoulders 0.5-1.6, elbows 1-4.7, wrists up to 10 while waving
    body_fast=_by_joint(0.0008, 0.0010, 0.0025, 0.0045, 0.004),
    lag_s=0.022,  # body and hand wrist differ by 0.04-0.07 at rest, 0.1-0.2 while waving
    # measured white noise of mesh points 1.6-2.4e-3, of which what a similarity leaves is 1.1-1.6e-3
    face_common=0.0014,
    face_fast=0.0013,
    face_slow=0.0025,
    face_bias=0.010,
    hand_common=0.004,
    hand_fast=0.0050,  # no still hand in the real clips: between OpenPose's 3.4e-3 and the waving hand's 24e-3
    hand_slow=0.010,
    hand_bias=0.012,
    swap_share=0.05,
    double_share=0.10,
    freeze_share=0.01,
    empty_share=0.0008,
    repeat_odds=0.12,
)
_OPENPOSE = DetectorProfile(
    "openpose",
    DetectorKind.OPENPOSE,
    body_bias=0.018,
    body_slow=0.006,
    # measured: points stand on a grid of 1/368 of the picture's height, with 0.006 px about it; noise moves them across
    body_fast=_by_joint(0.0010, 0.0018, 0.0035, 0.0036, 0.004),
    face_common=0.0004,  # measured white noise 0.8-1.0e-3, of which 0.95e-3 after a similarity
    face_fast=0.0009,
    face_slow=0.0020,
    face_bias=0.008,
    hand_common=0.0030,  # measured: a good left hand 3.4e-3 beside 3.7e-3 shared, a worse right one 7.4e-3 and 13.8e-3
    hand_fast=0.0034,
    hand_slow=0.008,
    hand_bias=0.010,
    hand_score=2.6,
    swap_share=0.06,
    double_share=0.08,
    freeze_share=0.003,
    empty_share=0.0083,  # published: 175 of 21,068 frames of iMiGUE's video 298
    repeat_odds=0.08,
)
_HARSH_JITTER = {DetectorKind.MEDIAPIPE: 2.4, DetectorKind.OPENPOSE: 2.2}
"""Measured: in the distorted clip mesh noise is 3-6 times the clean one's, ears and shoulders 1.5-2 times."""

PROFILE_NAMES = ("mediapipe", "openpose", "harsh", "perfect")
MIXED_SHARES = {"mediapipe": 0.45, "openpose": 0.30, "harsh": 0.25}
"""What ``mixed`` draws from, an interview at a time."""


def sample_profile(name: str, rng: np.random.Generator) -> DetectorProfile:
    """The profile of that name; ``mixed`` and ``harsh`` draw which detector it is.

    Raises:
        InputError: ``DETECTOR_UNKNOWN``.
    """
    if name == "mixed":
        name = str(rng.choice(list(MIXED_SHARES), p=list(MIXED_SHARES.values())))
    # measured noise differs by a third between clips of one detector
    quality = float(np.exp(rng.normal(0, 0.25)))
    if name == "mediapipe":
        return replace(_MEDIAPIPE, jitter=quality)
    if name == "openpose":
        return replace(_OPENPOSE, jitter=quality)
    if name == "harsh":
        base = _MEDIAPIPE if rng.random() < 0.6 else _OPENPOSE
        return _make_harsh(base, _HARSH_JITTER[base.kind] * quality)
    if name == "perfect":
        return DetectorProfile("perfect", DetectorKind.PERFECT)
    raise InputError("DETECTOR_UNKNOWN", f"expected mixed or one of {', '.join(PROFILE_NAMES)}, got {name!r}.")


def _make_harsh(base: DetectorProfile, jitter: float) -> DetectorProfile:
    """The same detector on bad pictures; of the distorted clip's frames 19 % had a face, lost for 1 to 32 at a time."""
    return replace(
        base,
        name="harsh",
        jitter=jitter,
        hand_score=1.7,
        face_score=2.3,
        score_spread=1.0,
        swap_share=0.14,
        double_share=0.16,
        freeze_share=0.05,
        empty_share=0.02,
        stranger_share=0.006,
        repeat_odds=0.5,
    )
