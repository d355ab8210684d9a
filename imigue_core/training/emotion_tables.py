"""Tables the emotion model is fitted on: acted schedules with a recogniser's noise, or a project's labels.

Acted ones are scripts only, no frame is acted; their rates and the invented effect of the
outcome are synthesis/habits.py's. The fit stands in training/emotion.py.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from db.engine import Database
from db.labels import load_label_table
from db.videos import list_videos, load_seconds
from imigue_core.annotation import Outcome
from imigue_core.errors import InputError
from imigue_core.models.features.events import Event, compute_event_features
from imigue_core.settings import LABEL_FPS
from imigue_core.synthesis.interview import InterviewSpec, make_script
from imigue_core.taxonomy import CLASSES, get_class

VIDEOS_EACH = 4
"""Acted interviews of one subject, every other one won."""
MEDIAN_S = 280.0
MIN_VIDEOS_OF_EACH = 10
"""Fewer wins or losses than this cannot be split into folds that mean anything."""


@dataclass(frozen=True, slots=True, eq=False)
class EmotionTable:
    """N videos ready to fit on.

    Attributes:
        features: (N, C, M) float64, see ``models.features.events.compute_event_features``.
        positive: (N,) booleans: the match was won.
        subjects: (N,) text; rows of one subject never lie on both sides of a split.
    """

    features: NDArray[np.float64]
    positive: NDArray[np.bool_]
    subjects: NDArray[np.str_]

    def __len__(self) -> int:
        return len(self.positive)


@dataclass(frozen=True, slots=True)
class RecogniserNoise:
    """How a recogniser's event table differs from the labels.

    Attributes:
        recall: Share of labels that become an event.
        accuracy: Share of those whose likeliest class is the right one; the others are mostly of the same group.
        false_per_min: Events a minute that are no gesture.
        sharpness: Concentration of the class probabilities; larger is surer.
        edge_s: Standard deviation of edges in seconds.
    """

    recall: float = 0.6
    accuracy: float = 0.75
    false_per_min: float = 2.0
    sharpness: float = 6.0
    edge_s: float = 0.3


def make_acted_table(
    n_subjects: int, *, seed: int, noise: RecogniserNoise | None = None, with_labels: bool = True
) -> EmotionTable:
    """Scripts of interviews with many subjects, each with habits of its own, half of them won.

    Args:
        n_subjects: Each gives ``VIDEOS_EACH`` interviews of half a minute to fifteen minutes.
        seed: Of the first interview; the others count on from it.
        noise: Adds a row an interview as a recogniser would see it.
        with_labels: Adds a row an interview from the labels themselves.
    """
    rng = np.random.default_rng(seed)
    features, positive, subjects = [], [], []
    for number in range(n_subjects * VIDEOS_EACH):
        subject = seed + number // VIDEOS_EACH
        outcome = "win" if number % 2 == 0 else "lose"
        duration_s = float(np.clip(np.exp(rng.normal(np.log(MEDIAN_S), 0.6)), 30, 900))
        spec = InterviewSpec(seed=seed + number, duration_s=duration_s, outcome=outcome, subject=subject)
        events = [Event({act.class_id: 1.0}, act.start_s, act.end_s) for act in make_script(spec).acts]
        seen = [events] if with_labels else []
        if noise is not None:
            seen.append(add_recogniser_noise(events, duration_s, noise, rng))
        for row in seen:
            features.append(compute_event_features(row, duration_s))
            positive.append(outcome == "win")
            subjects.append(f"subject {subject}")
    return EmotionTable(np.stack(features), np.array(positive), np.array(subjects))


def add_recogniser_noise(
    events: Sequence[Event], duration_s: float, noise: RecogniserNoise, rng: np.random.Generator
) -> list[Event]:
    """Labels as a recogniser might hand them on: some missed, some of another class, some invented, none quite sure."""
    noisy = []
    for event in events:
        if rng.random() >= noise.recall:
            continue
        (true_id,) = event.class_probs
        likeliest = true_id if rng.random() < noise.accuracy else _draw_other(true_id, rng)
        start = min(max(event.start_s + rng.normal(0, noise.edge_s), 0.0), duration_s)
        end = min(max(event.end_s + rng.normal(0, noise.edge_s), start), duration_s)
        noisy.append(Event(_draw_probs(likeliest, noise, rng), start, end))
    for _ in range(int(rng.poisson(noise.false_per_min * duration_s / 60))):
        start = float(rng.uniform(0, duration_s))
        likeliest = CLASSES[int(rng.integers(len(CLASSES)))].class_id
        noisy.append(Event(_draw_probs(likeliest, noise, rng), start, min(start + rng.exponential(2.0), duration_s)))
    return noisy


def _draw_other(class_id: int, rng: np.random.Generator) -> int:
    """Another class, four times in five of the same group."""
    group = get_class(class_id).group
    same = [c.class_id for c in CLASSES if c.group is group and c.class_id != class_id]
    others = [c.class_id for c in CLASSES if c.class_id != class_id]
    pool = same if same and rng.random() < 0.8 else others
    return pool[int(rng.integers(len(pool)))]


def _draw_probs(likeliest: int, noise: RecogniserNoise, rng: np.random.Generator) -> dict[int, float]:
    """Probabilities of five classes, the likeliest first; they add up to less than 1."""
    ids = [likeliest]
    while len(ids) < 5:
        other = _draw_other(likeliest, rng)
        if other not in ids:
            ids.append(other)
    shares = rng.dirichlet([noise.sharpness, 1.0, 0.5, 0.3, 0.3, 1.0])[:5]
    shares[0], shares[1:] = shares.max(), np.sort(np.delete(shares, shares.argmax()))[::-1]
    return dict(zip(ids, (float(s) for s in shares), strict=True))


def load_project_table(db: Database) -> EmotionTable:
    """One row a video and annotator who labelled it; the target is the video's recorded outcome.

    An annotator's own emotion rating is a judgement of the same gestures and is not used.

    Raises:
        InputError: ``TRAINING_TOO_FEW``.
    """
    features, positive, subjects = [], [], []
    with db.read() as conn:
        labels = load_label_table(conn)
        for video in list_videos(conn):
            if video.outcome not in (Outcome.WIN.value, Outcome.LOSE.value):
                continue
            mine = labels[labels["video_id"] == video.video_id]
            seconds = load_seconds(conn, video)
            for _, rows in mine.groupby("annotator_id"):
                spans = rows[["class_id", "start_frame", "end_frame"]].to_numpy(np.int64)
                events, duration_s = _make_events(spans, seconds, float(video.fps or LABEL_FPS), video.n_frames)
                features.append(compute_event_features(events, duration_s))
                positive.append(video.outcome == Outcome.WIN.value)
                subjects.append(video.subject_id or f"video {video.video_id}")
    n_won = sum(positive)
    if min(n_won, len(positive) - n_won) < MIN_VIDEOS_OF_EACH:
        raise InputError(
            "TRAINING_TOO_FEW",
            f"expected at least {MIN_VIDEOS_OF_EACH} labelled wins and as many losses,"
            f" got {n_won} and {len(positive) - n_won}.",
            hint="Label more videos, and say in the manifest which matches were won.",
        )
    return EmotionTable(np.stack(features), np.array(positive), np.array(subjects))


def _make_events(
    spans: NDArray[np.int64], seconds: NDArray[np.float64] | None, fps: float, n_frames: int | None
) -> tuple[list[Event], float]:
    """Events and the video's length in seconds; without stored times the average rate serves."""
    n = n_frames or int(spans[:, 2].max()) + 1
    if seconds is None or len(seconds) < n:
        seconds = np.arange(n) / fps
    ends = np.append(seconds[1:n], seconds[n - 1] + 1 / fps)
    events = [Event({int(c): 1.0}, float(seconds[s] - seconds[0]), float(ends[e] - seconds[0])) for c, s, e in spans]
    return events, float(ends[-1] - seconds[0])
