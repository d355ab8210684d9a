"""A project's own videos as recordings to learn from: poses that are whole, and the labels of one annotator each."""

from __future__ import annotations

from collections import Counter

import numpy as np
from numpy.typing import NDArray

from db.engine import Database
from db.labels import list_annotations
from db.videos import list_videos, load_seconds
from imigue_core.annotation import Annotation
from imigue_core.settings import LABEL_FPS
from imigue_core.skeleton.normalise import list_shots
from imigue_core.skeleton.pose import load_npz
from imigue_core.taxonomy import CLASS_IDS
from imigue_core.training.datasets import SHORTEST_SHOT_S, Recording, make_recording
from imigue_core.training.targets import LabelledSpans


def load_project_recordings(db: Database) -> list[Recording]:
    """Every shot of every video with whole poses and labels; of several annotators, whoever labelled most of it.

    Raises:
        InputError: When a video's poses cannot be read.
    """
    recordings: list[Recording] = []
    with db.read() as conn:
        for video in list_videos(conn):
            labels = _choose(list_annotations(conn, video.video_id))
            times_s = load_seconds(conn, video)
            if not video.poses_complete or not labels or times_s is None:
                continue
            path = db.settings.files_of(video.video_id).poses
            keypoints = load_npz(path, n_frames=len(times_s)).keypoints
            spans = make_label_spans(labels, times_s)
            for start, stop in list_shots(len(times_s), video.shot_cuts or []):
                if times_s[stop - 1] - times_s[start] >= SHORTEST_SHOT_S:
                    recordings.append(make_recording(keypoints[start:stop], times_s[start:stop], spans))
    return recordings


def make_label_spans(labels: list[Annotation], times_s: NDArray[np.float64]) -> LabelledSpans:
    """Spans of frames in seconds: from half a frame before the start to half a frame after the end."""
    period = float(np.median(np.diff(times_s))) if len(times_s) > 1 else 1 / LABEL_FPS
    return LabelledSpans(
        np.array([CLASS_IDS.index(label.class_id) for label in labels], np.intp),
        np.array([times_s[label.start_frame] - period / 2 for label in labels], np.float64),
        np.array([times_s[label.end_frame] + period / 2 for label in labels], np.float64),
    )


def _choose(labels: list[Annotation]) -> list[Annotation]:
    if not labels:
        return []
    annotator_id, _ = Counter(label.annotator_id for label in labels).most_common(1)[0]
    return [label for label in labels if label.annotator_id == annotator_id]
