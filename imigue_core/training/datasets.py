"""Recordings to learn from: acted on the fly in a helper process, or a project's own videos with labels.

A recording is one shot's features with its gestures; pools, crops and steps are for ``scan_task.py``.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import queue
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from multiprocessing.context import SpawnProcess
from types import TracebackType

import numpy as np
from numpy.typing import NDArray

from imigue_core.errors import WorkerError
from imigue_core.models.features.table import compute_features
from imigue_core.skeleton.normalise import list_shots, normalise_shot
from imigue_core.synthesis.gestures.base import Act
from imigue_core.synthesis.interview import InterviewSpec, make_interview, make_script
from imigue_core.taxonomy import CLASS_IDS
from imigue_core.training.augment import film_again, sample_times
from imigue_core.training.recipes import Recipe
from imigue_core.training.targets import LabelledSpans

SHORTEST_SHOT_S = 8.0
ANOTHER = 1_000_000_000
"""Added to the seed of the interview whose labels a control gets instead of its own."""
_AHEAD = 6
"""Recordings the helper makes before somebody takes them."""
_COLUMN = {class_id: column for column, class_id in enumerate(CLASS_IDS)}


@dataclass(frozen=True, slots=True, eq=False)
class Recording:
    """One shot to learn from.

    Attributes:
        features: (N, F) float16, 25 rows a second, NaN where missing.
        spans: What was done in it.
    """

    features: NDArray[np.float16]
    spans: LabelledSpans


def make_spec(recipe: Recipe, number: int) -> tuple[InterviewSpec, np.random.Generator]:
    """The training interview of this number, and the chance that films it."""
    rng = np.random.default_rng([recipe.seed, number])
    names, shares = zip(*recipe.mixes, strict=True)
    mix = str(rng.choice(names, p=np.array(shares) / sum(shares)))
    duration = float(rng.uniform(*recipe.recording_s))
    seed = 1_000_000 * (recipe.seed % 900) + number
    spec = InterviewSpec(
        seed=seed,
        duration_s=duration,
        times=sample_times(rng, duration),
        mix=mix,
        dialects="trained",
        profile=recipe.profile,
    )
    return spec, rng


def act_recordings(recipe: Recipe, number: int) -> list[Recording]:
    """One acted interview as recordings, a shot each."""
    spec, rng = make_spec(recipe, number)
    interview = make_interview(spec)
    labelled = make_script(replace(spec, seed=spec.seed + ANOTHER)) if recipe.shuffle_labels else interview
    spans = list_spans(labelled.acts)
    keypoints, times, kept = film_again(rng, interview.poses.keypoints, interview.times)
    cuts = [int(np.searchsorted(kept, cut)) for cut in interview.shot_cuts]
    recordings = []
    for start, stop in list_shots(len(times), cuts):
        if times[stop - 1] - times[start] >= SHORTEST_SHOT_S:
            recordings.append(make_recording(keypoints[start:stop], times[start:stop], spans))
    return recordings


def list_spans(acts: Sequence[Act]) -> LabelledSpans:
    """An interview's gestures in its own seconds."""
    return LabelledSpans(
        np.array([_COLUMN[act.class_id] for act in acts], np.intp),
        np.array([act.start_s for act in acts], np.float64),
        np.array([act.end_s for act in acts], np.float64),
    )


def make_recording(keypoints: NDArray[np.float32], times_s: NDArray[np.float64], spans: LabelledSpans) -> Recording:
    """One shot's features with the gestures that touch it; ``spans`` are in the seconds of ``times_s``."""
    shot = normalise_shot(keypoints, times_s)
    inside = (spans.ends > times_s[0]) & (spans.starts < times_s[-1])
    moved = LabelledSpans(spans.columns[inside], spans.starts[inside] - times_s[0], spans.ends[inside] - times_s[0])
    return Recording(compute_features(shot).astype(np.float16), moved)


class ActedRecordings:
    """Acted recordings in the order of their numbers, made ahead by one helper process.

    The order does not depend on how fast the helper is. Use it as a context manager.

    Attributes:
        number: Of the next interview; it may be set before the first one is taken, which starts the helper.
        cpu_s: CPU seconds of the helper.
    """

    def __init__(self, recipe: Recipe) -> None:
        context = multiprocessing.get_context("spawn")
        self.number = 0
        self.cpu_s = 0.0
        self._recipe = recipe
        self._context = context
        self._queue = context.Queue(_AHEAD)
        self._helper: SpawnProcess | None = None

    def __enter__(self) -> ActedRecordings:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._helper is not None:
            self._helper.kill()
            self._helper.join()
        self._queue.close()
        self._queue.cancel_join_thread()

    def take(self) -> list[Recording]:
        """The recordings of the next interview.

        Raises:
            WorkerError: ``ACTORS_STOPPED`` when the helper died.
        """
        helper = self._helper or self._start()
        while True:
            try:
                recordings, self.cpu_s = self._queue.get(timeout=5)
            except queue.Empty:
                if not helper.is_alive():
                    raise WorkerError(
                        "ACTORS_STOPPED", "the process that acts interviews ended unexpectedly."
                    ) from None
            else:
                self.number += 1
                return list(recordings)

    def _start(self) -> SpawnProcess:
        arguments = (self._recipe, self.number, self._queue, os.getpid())
        self._helper = self._context.Process(target=_act_ahead, args=arguments, daemon=True)
        self._helper.start()
        return self._helper


def _act_ahead(recipe: Recipe, number: int, recordings: multiprocessing.Queue, parent: int) -> None:
    """In the helper: act one interview after the other until the parent is gone."""
    recordings.cancel_join_thread()  # so that it can leave with recordings that nobody will take
    while os.getppid() == parent:
        made = act_recordings(recipe, number)
        number += 1
        while os.getppid() == parent:
            with contextlib.suppress(queue.Full):
                recordings.put((made, time.process_time()), timeout=2)
                break


class KeptRecordings:
    """A fixed list of recordings, such as a project's, dealt out in ever new orders."""

    def __init__(self, recordings: list[Recording], seed: int) -> None:
        self.number = 0
        self.cpu_s = 0.0
        self._order = _shuffle_for_ever(recordings, seed)

    def take(self) -> list[Recording]:
        self.number += 1
        return [next(self._order)]


def _shuffle_for_ever(recordings: list[Recording], seed: int) -> Iterator[Recording]:
    rng = np.random.default_rng(seed)
    while True:
        for k in rng.permutation(len(recordings)):
            yield recordings[k]
