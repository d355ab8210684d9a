"""The interviews that evaluations run on, by seed. Training draws from other seeds and never from the last dialect."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

from imigue_core.metrics.detection import GESTURE_IDS
from imigue_core.synthesis.gestures.base import ACTORS
from imigue_core.synthesis.interview import InterviewSpec

SEEDS = {
    "published": 910_000_000,
    "each": 920_000_000,
    "idle": 930_000_000,
    "validation": 940_000_000,
    "validation each": 945_000_000,
    "rates": 960_000_000,
    "emotion": 950_000_000,
}
"""First seed of each set; interviews count on from it."""

DURATION_S = 240.0
N_VALIDATION = 10
N_IDLE = 5
N_RATES = 5
LEAST_OF_EACH = 30


def list_published(
    n: int, *, seed: int = SEEDS["published"], profile: str = "mixed", dialects: str = "all"
) -> list[InterviewSpec]:
    """Interviews with classes as often as in iMiGUE."""
    return [_make_spec(seed + i, "published", profile, dialects) for i in range(n)]


def list_validation(n: int = N_VALIDATION, profile: str = "mixed") -> list[InterviewSpec]:
    """Published frequencies, for thresholds and baselines only."""
    return list_published(n, seed=SEEDS["validation"], profile=profile, dialects="trained")


def list_validation_each(n: int = N_VALIDATION) -> list[InterviewSpec]:
    """All classes equally often, for thresholds and baselines only."""
    return [_make_spec(SEEDS["validation each"] + i, "uniform", "mixed", "trained") for i in range(n)]


def list_idle(n: int = N_IDLE) -> list[InterviewSpec]:
    """Talk without a gesture."""
    return [_make_spec(SEEDS["idle"] + i, "idle", "mixed", "all") for i in range(n)]


def list_rates() -> list[InterviewSpec]:
    """Classes flattened, so that most of them come up; each is scanned at several frame rates."""
    return [_make_spec(SEEDS["rates"] + i, "tempered", "mixed", "all") for i in range(N_RATES)]


def list_outcomes(n: int) -> list[InterviewSpec]:
    """Published frequencies; every other interview was won."""
    return [
        replace(_make_spec(SEEDS["emotion"] + i, "published", "mixed", "all"), outcome="lose" if i % 2 else "win")
        for i in range(n)
    ]


def iter_each() -> Iterator[InterviewSpec]:
    """Interviews with all classes equally often, without end; stop with ``has_enough``."""
    number = 0
    while True:
        yield _make_spec(SEEDS["each"] + number, "uniform", "mixed", "all")
        number += 1


def has_enough(counts: Counter[int], least: int = LEAST_OF_EACH) -> bool:
    """Whether each of the 31 gestures has been labelled often enough."""
    return all(counts[i] >= least for i in GESTURE_IDS)


def list_held_out_dialects() -> dict[int, str]:
    """Class id -> the dialect that training never shows."""
    return {class_id: actor.dialects[-1] for class_id, actor in ACTORS.items()}


def _make_spec(seed: int, mix: str, profile: str, dialects: str) -> InterviewSpec:
    return InterviewSpec(seed=seed, duration_s=DURATION_S, mix=mix, dialects=dialects, profile=profile)
