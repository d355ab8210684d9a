"""Recipes: every number a training run depends on, as it is written on the model's card."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

DEFAULT_MINUTES = 30.0
"""CPU minutes of the bundled model, all processes together."""
STEPS_PER_MINUTE = 250
"""Optimiser steps a CPU minute buys, acting the interviews included, on the 2.1 GHz core it was tuned on."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """How a scanner is trained.

    Attributes:
        seed: Of everything; interviews take their own seeds from it.
        minutes: CPU minutes of all processes after which the learning rate has come down to nothing.
        steps: Optimiser steps after which it has, if that comes first.
        batch: Crops a step.
        crop_samples: Length of a crop, 25 samples a second.
        pool: Recordings that crops are drawn from at any time.
        first_pool: Recordings acted before the first step.
        recordings_per_step: New recordings a step; each drops the oldest one.
        recording_s: Shortest and longest recording, seconds.
        mixes: Share of recordings by how often classes come in them.
        profile: Detector that the actors are seen through.
        peak_rate: Highest learning rate; it rises over ``warm_share`` of the run, then falls as a cosine.
        warm_share: See ``peak_rate``.
        weight_decay: Of AdamW.
        dropout: In the network's blocks.
        ema: Decay of the running mean of the weights that is kept in the end.
        focus: Exponent that turns down what is already right.
        boundary_share: Weight of the boundary loss beside that of the classes.
        validation: Interviews that scores and threshold are fitted on.
        shuffle_labels: A control: each interview gets the labels of another one.
    """

    seed: int = 1
    minutes: float = DEFAULT_MINUTES
    steps: int = round(DEFAULT_MINUTES * STEPS_PER_MINUTE)
    batch: int = 4
    crop_samples: int = 1536
    pool: int = 200
    first_pool: int = 48
    recordings_per_step: float = 0.25
    recording_s: tuple[float, float] = (150.0, 270.0)
    mixes: tuple[tuple[str, float], ...] = (("tempered", 0.45), ("published", 0.23), ("uniform", 0.25), ("idle", 0.07))
    profile: str = "mixed"
    peak_rate: float = 1.5e-3
    warm_share: float = 0.06
    weight_decay: float = 0.03
    dropout: float = 0.1
    ema: float = 0.998
    focus: float = 1.0
    boundary_share: float = 0.5
    validation: int = 24
    shuffle_labels: bool = False

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)


def make_recipe(minutes: float = DEFAULT_MINUTES, *, seed: int = 1) -> Recipe:
    """The recipe of the bundled model, shortened or stretched to ``minutes``."""
    steps = max(20, round(minutes * STEPS_PER_MINUTE))
    validation = int(min(40, max(4, minutes)))
    first_pool = int(min(48, max(4, minutes * 4)))
    return Recipe(seed=seed, minutes=minutes, steps=steps, validation=validation, first_pool=first_pool)
