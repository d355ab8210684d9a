"""Scanners that are trained wrongly on purpose, with the same small effort, beside one that is trained as it should be.

A scanner that learned gestures must beat one whose labels belong to other interviews; one that
never saw a detector's faults should do worse where the detector is worst.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from imigue_core.metrics.detection import choose_threshold, compute_f1_interval, compute_scores
from imigue_core.metrics.matching import match_videos
from imigue_core.suggest.scanner import load_scanner
from imigue_core.training.evaluation_sets import list_published, list_validation
from imigue_core.training.measures import Measure
from imigue_core.training.recipes import Recipe, make_recipe
from imigue_core.training.recordings import Choices, OnProgress, Scans, choose_on, list_baselines, record_set
from imigue_core.training.scanner import train_acted_scanner

CONTROLS: Mapping[str, Mapping[str, Any]] = {
    "as it should be": {},
    "labels of other interviews": {"shuffle_labels": True},
    "no detector model": {"profile": "perfect"},
}
"""What is changed in the recipe."""
SETS = {"published": "mixed", "harsh": "harsh"}
"""Detector of the interviews that each is tried on; people and gestures are the same in both."""


def evaluate_controls(
    minutes: float, *, n_interviews: int = 20, on_progress: OnProgress | None = None
) -> Iterator[Measure]:
    """Trains each of ``CONTROLS`` for ``minutes`` CPU minutes and tries it on each of ``SETS``.

    Thresholds are chosen for each scanner on the same validation interviews, seen through mixed detectors.
    """
    baselines: Choices | None = None
    for name, change in CONTROLS.items():
        recipe = replace(make_recipe(minutes), **change)
        with tempfile.TemporaryDirectory(prefix="imigue-control-") as folder:
            scanner, cpu_minutes = _train(Path(folder) / "control", recipe, name, on_progress)
        validation = record_set(scanner, list_validation(), f"{name}: validation", on_progress)
        baselines = baselines or choose_on(validation)
        threshold = choose_threshold(match_videos([r.spans for r in validation]))
        for what, profile in SETS.items():
            specs = list_published(n_interviews, profile=profile)
            recordings = record_set(scanner, specs, f"{name}: {what}", on_progress)
            matched = match_videos([r.spans for r in recordings])
            yield Measure(
                "scanner", f"micro F1, {what}: {name}", compute_scores(matched, threshold).micro.f1,
                interval=compute_f1_interval(matched, threshold),
                beside={k: compute_scores(match_videos(v)).micro.f1
                        for k, v in list_baselines(recordings, baselines).items()},
                note=f"{cpu_minutes:.1f} CPU minutes of training",
                detail={"control": name, "set": what, "seed": recipe.seed},
            )  # fmt: skip


def _train(folder: Path, recipe: Recipe, name: str, on_progress: OnProgress | None) -> tuple[Scans, float]:
    def tell(_what: str, share: float, _progress: object) -> None:
        if on_progress is not None:
            on_progress(f"{name}: training, percent", round(100 * share), 100)

    card = train_acted_scanner(folder, recipe, device="cpu", on_progress=tell)
    return load_scanner(folder, "cpu"), card.recipe["train_cpu_s"] / 60
