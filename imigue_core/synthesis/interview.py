"""Whole interviews from a seed: a subject, a schedule, a performance, a camera and a detector.

This is the one door to the actors for training, benches and tests. The same seed at other
frame times is the same interview, filmed at another rate. Nothing is written to disk.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from imigue_core.errors import InputError
from imigue_core.skeleton.pose import PoseSequence
from imigue_core.synthesis.body import BodyShape, Posture, sample_body, sample_posture
from imigue_core.synthesis.camera import Camera, Framing, Shot, project, sample_shots
from imigue_core.synthesis.detector import detect
from imigue_core.synthesis.detector_profiles import sample_profile
from imigue_core.synthesis.gestures.base import ACTORS, Act
from imigue_core.synthesis.habits import Habits, apply_outcome, sample_habits
from imigue_core.synthesis.noise import make_rng
from imigue_core.synthesis.performer import Performance, perform
from imigue_core.synthesis.scene import Desk, make_scene
from imigue_core.synthesis.schedule import PlannedAct, plan_acts, sample_talk

DIALECT_SETS = ("trained", "all", "held_out")
OUTCOMES = ("win", "lose", "random")
LEAST_DURATION_S = 4.0
_SUBJECT, _INTERVIEW, _TALK, _PLAN, _DETAILS, _CAMERA, _PROFILE = range(100, 107)


@dataclass(frozen=True, slots=True, eq=False)
class InterviewSpec:
    """What to act.

    Attributes:
        seed: Decides everything else; 0 or more.
        duration_s: Seconds.
        fps: Frames a second, when ``times`` is None.
        times: (T,) float64 ascending seconds of the frames, for a variable rate; must not pass ``duration_s``.
        mix: ``published``, ``tempered``, ``uniform`` or ``idle`` (talk and fidgeting, nothing to label).
        dialects: ``trained`` (all but each actor's last), ``all`` or ``held_out`` (the last only).
        profile: ``mediapipe``, ``openpose``, ``harsh``, ``perfect`` or ``mixed`` (drawn an interview).
        outcome: ``win``, ``lose`` or ``random``; it changes rates as `habits.OUTCOME_RATES` invents.
        subject: Whose habits and body; None for somebody new.
    """

    seed: int
    duration_s: float = 300.0
    fps: Fraction = Fraction(25)
    times: NDArray[np.float64] | None = None
    mix: str = "published"
    dialects: str = "trained"
    profile: str = "mixed"
    outcome: str = "random"
    subject: int | None = None


@dataclass(frozen=True, slots=True)
class Label:
    """The truth about one act: frames ``start_frame..end_frame``, 0-based, both inclusive."""

    class_id: int
    start_frame: int
    end_frame: int
    dialect: str


@dataclass(frozen=True, slots=True, eq=False)
class Interview:
    """An acted interview.

    Attributes:
        poses: What the detector reports.
        times: (T,) float64 seconds.
        labels: In the order of their starts.
        outcome: ``win`` or ``lose``.
        subject: Number of the subject.
        shot_cuts: First frames of new shots, without frame 0.
        performance: What was acted, in metres.
        shots: The cameras.
        size: Width and height of the picture.
        profile: Name of the detector profile.
        acts: What was scheduled, as `labels`.
        talk: Spans of talk in seconds.
    """

    poses: PoseSequence
    times: NDArray[np.float64]
    labels: list[Label]
    outcome: str
    subject: int
    shot_cuts: list[int]
    performance: Performance
    shots: tuple[Shot, ...]
    size: tuple[int, int]
    profile: str
    acts: tuple[Act, ...]
    talk: list[tuple[float, float]]

    @property
    def camera(self) -> Camera:
        """The first shot's."""
        return self.shots[0].camera


@dataclass(frozen=True, slots=True, eq=False)
class Script:
    """What happens in an interview, before any frame of it exists."""

    acts: tuple[Act, ...]
    talk: list[tuple[float, float]]
    body: BodyShape
    posture: Posture
    outcome: str
    subject: int


def make_script(spec: InterviewSpec) -> Script:
    """Schedule an interview; milliseconds, and the same for all frame rates.

    Raises:
        InputError: ``INTERVIEW_SPEC`` for a value that `InterviewSpec` does not list, ``MIX_UNKNOWN``.
    """
    _validate_spec(spec)
    subject = spec.seed if spec.subject is None else spec.subject
    of_subject, rng = make_rng(subject, _SUBJECT), make_rng(spec.seed, _INTERVIEW)
    habits = sample_habits(of_subject, spec.mix, {class_id: len(actor.dialects) for class_id, actor in ACTORS.items()})
    body = sample_body(of_subject)
    posture = sample_posture(rng)
    outcome = spec.outcome if spec.outcome != "random" else ("lose" if rng.random() < 0.5 else "win")
    talk = sample_talk(make_rng(spec.seed, _TALK), spec.duration_s)
    weights = apply_outcome(habits.shares, outcome)
    planned = plan_acts(make_rng(spec.seed, _PLAN), habits, weights, spec.duration_s, talk)
    details = make_rng(spec.seed, _DETAILS)
    acts = tuple(_detail_act(details, act, habits, spec.dialects) for act in planned)
    return Script(acts, talk, body, posture, outcome, subject)


def make_interview(spec: InterviewSpec) -> Interview:
    """Act, film and detect an interview.

    Raises:
        InputError: As `make_script`, or ``DETECTOR_UNKNOWN``.
    """
    script = make_script(spec)
    times = _get_times(spec)
    profile = sample_profile(spec.profile, make_rng(spec.seed, _PROFILE))
    performance = perform(script.body, script.posture, script.acts, times, spec.seed, talk=script.talk)
    shots = sample_shots(make_rng(spec.seed, _CAMERA), spec.duration_s, _make_framing(script.body, script.posture))
    view = project(performance.points, shots, times)
    posture = script.posture
    desk = None if posture.desk_height is None else Desk(posture.desk_height, posture.desk_distance)
    scene = make_scene(performance.points, view, shots, times, performance.tucked, desk)
    poses = PoseSequence(detect(scene, profile, spec.seed), view.size)
    return Interview(
        poses,
        times,
        make_labels(script.acts, times),
        script.outcome,
        script.subject,
        view.shot_cuts,
        performance,
        shots,
        view.size,
        profile.name,
        script.acts,
        script.talk,
    )


def make_labels(acts: tuple[Act, ...], times: NDArray[np.float64]) -> list[Label]:
    """Acts as spans of frames: from the frame shown at the start to the one shown at the end, as iMiGUE's table counts.

    Acts that no frame shows are left out.
    """
    labels = []
    for act in acts:
        start, end = (int(i) for i in np.searchsorted(times, (act.start_s, act.end_s), side="right") - 1)
        if end >= 0 and start < len(times) and act.start_s <= times[-1]:
            labels.append(Label(act.class_id, max(start, 0), end, act.dialect))
    return labels


def _validate_spec(spec: InterviewSpec) -> None:
    problems = (
        (spec.seed < 0, f"a seed of 0 or more, got {spec.seed}"),
        (not spec.duration_s >= LEAST_DURATION_S, f"at least {LEAST_DURATION_S:g} s, got {spec.duration_s}"),
        (spec.dialects not in DIALECT_SETS, f"dialects of {', '.join(DIALECT_SETS)}, got {spec.dialects!r}"),
        (spec.outcome not in OUTCOMES, f"an outcome of {', '.join(OUTCOMES)}, got {spec.outcome!r}"),
        (spec.fps <= 0, f"a positive frame rate, got {spec.fps}"),
    )
    for is_wrong, expected in problems:
        if is_wrong:
            raise InputError("INTERVIEW_SPEC", f"expected {expected}.")


def _get_times(spec: InterviewSpec) -> NDArray[np.float64]:
    if spec.times is None:
        return np.arange(int(spec.duration_s * spec.fps)) / float(spec.fps)
    times = np.asarray(spec.times, np.float64)
    if times.ndim != 1 or len(times) < 2 or times[0] < 0 or times[-1] > spec.duration_s or np.any(np.diff(times) <= 0):
        raise InputError("INTERVIEW_SPEC", "expected at least two ascending times from 0 to the duration, got others.")
    return times


def _make_framing(body: BodyShape, posture: Posture) -> Framing:
    head_top = body.torso_height * float(np.cos(posture.lean)) + body.neck + 0.5 * body.head_height
    bottom = -0.08 if posture.desk_height is None else posture.desk_height
    return Framing(head_top, bottom, body.shoulder_width, is_half_out=posture.kind == "half_out")


def _detail_act(rng: np.random.Generator, planned: PlannedAct, habits: Habits, dialects: str) -> Act:
    """Choose how an act is done, by the subject's habits."""
    names = ACTORS[planned.class_id].dialects
    shares = habits.dialects[planned.class_id].copy()
    if dialects == "trained":
        shares[-1] = 0
    elif dialects == "held_out":
        shares[:-1] = 0
    dialect = str(rng.choice(names, p=shares / shares.sum()))
    repeats = int(rng.integers(1, 5)) if rng.random() < 0.25 else None
    offset = rng.normal(0, 0.012, 3)
    return Act(
        planned.class_id,
        planned.start_s,
        planned.end_s,
        dialect,
        side=planned.side,
        amplitude=float(np.clip(np.exp(rng.normal(habits.amplitude, 0.22)), 0.4, 1.7)),
        tempo=float(np.clip(np.exp(rng.normal(habits.tempo, 0.16)), 0.6, 1.6)),
        repeats=repeats,
        offset=(float(offset[0]), float(offset[1]), float(offset[2])),
        seed=int(rng.integers(2**31)),
    )
