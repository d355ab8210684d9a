"""Small recordings in which one feature gives a gesture away, for tests of training."""

from __future__ import annotations

import numpy as np

from imigue_core.models.features.table import FEATURE_NAMES, N_FEATURES
from imigue_core.training.datasets import Recording
from imigue_core.training.targets import LabelledSpans
from tests.unit.suggest.voting import COLUMN

TELLING = {8: "talking", 31: "shoulders_rise"}


def make_recordings(n: int, *, n_samples: int = 500, seed: int = 0) -> list[Recording]:
    """Noise, and during a gesture of class 8 or 31 a raised feature."""
    rng = np.random.default_rng(seed)
    made = []
    for _ in range(n):
        features = rng.normal(0, 0.3, (n_samples, N_FEATURES))
        columns, starts, ends = [], [], []
        at = 1.0
        while at < n_samples / 25 - 4:
            class_id = int(rng.choice(list(TELLING)))
            end = at + rng.uniform(0.8, 2.5)
            features[round(at * 25) : round(end * 25), FEATURE_NAMES.index(TELLING[class_id])] += 2.5
            columns.append(COLUMN[class_id])
            starts.append(at)
            ends.append(end)
            at = end + rng.uniform(1, 3)
        spans = LabelledSpans(np.array(columns), np.array(starts), np.array(ends))
        made.append(Recording(features.astype(np.float16), spans))
    return made
