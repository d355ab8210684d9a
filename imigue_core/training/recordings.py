"""Interviews acted, scanned and kept as labels beside suggestions, and what is chosen on validation ones."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from numpy.typing import NDArray

from imigue_core.annotation import SuggestedSpan
from imigue_core.metrics.detection import GESTURE_IDS, choose_threshold
from imigue_core.metrics.matching import VideoSpans, make_spans, match_videos
from imigue_core.skeleton.pose import PoseSequence
from imigue_core.synthesis.interview import InterviewSpec, make_interview
from imigue_core.training.baselines import (
    ConstantGuess,
    MotionRule,
    Speeds,
    compute_speeds,
    predict_constant,
    predict_motion,
    tune_constant,
    tune_motion,
)
from imigue_core.training.evaluation_sets import has_enough, iter_each

OnProgress = Callable[[str, int, int], None]
"""What is being done, interviews done, interviews in all."""


class ScanAnswer(Protocol):
    """What a scan hands back, as far as it matters here."""

    @property
    def suggestions(self) -> Sequence[SuggestedSpan]: ...


class Scans(Protocol):
    """Anything that suggests spans for poses; ``suggest.scanner.Scanner`` is one."""

    def scan(self, poses: PoseSequence, times_s: NDArray, shot_cuts: Sequence[int]) -> ScanAnswer: ...


@dataclass(frozen=True, slots=True, eq=False)
class Recording:
    """One interview after scanning; its poses are gone.

    Attributes:
        spans: Labels and suggestions; the suggestions carry every score.
        suggestions: The same suggestions, with their five likeliest classes.
        speeds: What the motion baseline looks at.
        dialects: How each label was acted, in the order of the labels.
        profile: Name of the detector that was acted.
        outcome: ``win`` or ``lose``.
    """

    spans: VideoSpans
    suggestions: tuple[SuggestedSpan, ...]
    speeds: Speeds
    dialects: tuple[str, ...]
    profile: str
    outcome: str


def record_interview(scanner: Scans, spec: InterviewSpec) -> Recording:
    """Acts one interview, scans it and keeps what evaluation needs."""
    interview = make_interview(spec)
    times_s = interview.times
    suggestions = tuple(scanner.scan(interview.poses, times_s, interview.shot_cuts).suggestions)
    fps = (len(times_s) - 1) / float(times_s[-1] - times_s[0])
    spans = VideoSpans(
        truth=make_spans((x.class_id, x.start_frame, x.end_frame, 1.0) for x in interview.labels),
        predicted=make_spans((s.class_id, s.start_frame, s.end_frame, s.score) for s in suggestions),
        n_frames=len(times_s),
        fps=fps,
    )
    return Recording(
        spans,
        suggestions,
        compute_speeds(interview.poses, times_s),
        tuple(x.dialect for x in interview.labels),
        interview.profile,
        interview.outcome,
    )


def record_set(
    scanner: Scans, specs: Sequence[InterviewSpec], what: str, on_progress: OnProgress | None = None
) -> list[Recording]:
    """All interviews of a set, one after another."""
    recordings = []
    for number, spec in enumerate(specs):
        recordings.append(record_interview(scanner, spec))
        if on_progress is not None:
            on_progress(what, number + 1, len(specs))
    return recordings


def record_each(scanner: Scans, on_progress: OnProgress | None = None) -> list[Recording]:
    """Interviews with all classes equally often, as many as it takes to have enough of each."""
    recordings: list[Recording] = []
    counts: Counter[int] = Counter()
    for spec in iter_each():
        recordings.append(record_interview(scanner, spec))
        counts.update(recordings[-1].spans.truth.class_ids.tolist())
        if on_progress is not None:
            on_progress(f"each gesture (the rarest {min(counts[i] for i in GESTURE_IDS)} times)", len(recordings), 0)
        if has_enough(counts):
            break
    return recordings


@dataclass(frozen=True, slots=True)
class Choices:
    """What was chosen on validation interviews.

    Attributes:
        threshold: Score from which on a suggestion counts.
        motion: The motion baseline.
        constant: The constant guess.
    """

    threshold: float
    motion: tuple[MotionRule, ...]
    constant: ConstantGuess


def choose_on(validation: Sequence[Recording]) -> Choices:
    """Threshold and baselines with the highest micro F1 on validation interviews."""
    videos = [r.spans for r in validation]
    return Choices(
        choose_threshold(match_videos(videos)),
        tune_motion(videos, [r.speeds for r in validation]),
        tune_constant(videos),
    )


def list_baselines(recordings: Sequence[Recording], choices: Choices) -> dict[str, list[VideoSpans]]:
    """The same interviews as the baselines see them."""
    motion, constant = [], []
    for r in recordings:
        fps = r.spans.fps
        motion.append(replace(r.spans, predicted=predict_motion(choices.motion, r.speeds, fps)))
        constant.append(replace(r.spans, predicted=predict_constant(choices.constant, r.spans.n_frames, fps)))
    return {"motion threshold": motion, "constant guess": constant}
