"""How well a scanner finds acted gestures: F1, false suggestions, what it misses, beside two baselines.

The people here are acted and so are their faults; the numbers say whether a scanner learned
what it was taught, and nothing about real footage. Thresholds and baselines are chosen on
validation interviews, never on those the result is reported on.
"""

from __future__ import annotations

import time
from collections.abc import Collection, Iterator, Sequence

import numpy as np

from imigue_core.metrics.detection import (
    GESTURE_IDS,
    ClassScore,
    compute_edge_errors,
    compute_f1_interval,
    compute_false_rate,
    compute_map,
    compute_scores,
)
from imigue_core.metrics.matching import DEFAULT_TIOU, match_videos
from imigue_core.metrics.misses import Fate, LabelFate, count_confusions, list_fates
from imigue_core.taxonomy import get_class
from imigue_core.training.evaluate_rates import measure_rates
from imigue_core.training.evaluation_sets import (
    SEEDS,
    list_held_out_dialects,
    list_idle,
    list_published,
    list_rates,
    list_validation,
    list_validation_each,
)
from imigue_core.training.measures import PARTS, Measure
from imigue_core.training.recordings import (
    Choices,
    OnProgress,
    Recording,
    Scans,
    choose_on,
    list_baselines,
    record_each,
    record_set,
)

F1_TARGET = 0.5
EACH_TARGET = 20.0


def measure_published(
    recordings: Sequence[Recording], choices: Choices, target: float | None = None
) -> Iterator[Measure]:
    """Micro F1 and its companions over the 31 gestures, each beside the baselines."""
    matched = match_videos([r.spans for r in recordings])
    beside = {name: match_videos(videos) for name, videos in list_baselines(recordings, choices).items()}
    scores = compute_scores(matched, choices.threshold)
    minutes = float(matched.minutes.sum())
    yield Measure(
        "scanner", f"micro F1, 31 gestures, tIoU {DEFAULT_TIOU:g}", scores.micro.f1,
        interval=compute_f1_interval(matched, choices.threshold), target=target,
        beside={name: compute_scores(other).micro.f1 for name, other in beside.items()},
        note=f"{len(recordings)} interviews, {minutes:.0f} min, {scores.micro.n_truth} labels,"
        f" threshold {choices.threshold:.3f}",
        detail={"precision": scores.micro.precision, "recall": scores.micro.recall, "threshold": choices.threshold},
    )  # fmt: skip
    yield Measure(
        "scanner", "macro F1 of the classes that occur", scores.macro_f1,
        beside={name: compute_scores(other).macro_f1 for name, other in beside.items()},
    )  # fmt: skip
    yield Measure(
        "scanner", f"mAP, tIoU {DEFAULT_TIOU:g}", compute_map(matched),
        beside={name: compute_map(other) for name, other in beside.items()},
    )  # fmt: skip
    edges = compute_edge_errors(matched, choices.threshold)
    yield Measure(
        "scanner", "median distance of a found start from the label's", edges.start_median_s, "s",
        note=f"bias {edges.start_bias_s:+.2f} s; ends {edges.end_median_s:.2f} s, bias {edges.end_bias_s:+.2f} s;"
        f" 90 % within {edges.p90_s:.2f} s",
    )  # fmt: skip
    fates = list_fates([r.spans for r in recordings], choices.threshold)
    for class_id, score in scores.per_class.items():
        if score.n_truth or score.n_predicted:
            yield _measure_class(class_id, score, fates, "published")
    yield from _measure_profiles(recordings, choices.threshold)
    yield from _measure_dialects(recordings, fates)


def _measure_profiles(recordings: Sequence[Recording], threshold: float) -> Iterator[Measure]:
    """Micro F1 by the detector that was acted."""
    for profile in sorted({r.profile for r in recordings}):
        mine = match_videos([r.spans for r in recordings if r.profile == profile])
        yield Measure(
            "scanner", f"micro F1, detector {profile}", compute_scores(mine, threshold).micro.f1,
            note=f"{len(mine.minutes)} interviews",
        )  # fmt: skip


def _measure_dialects(recordings: Sequence[Recording], fates: Sequence[LabelFate]) -> Iterator[Measure]:
    """Recall of what was acted in a dialect that training never showed, beside the others."""
    held_out = list_held_out_dialects()
    kept: dict[bool, list[bool]] = {True: [], False: []}
    for fate in fates:
        if fate.class_id in GESTURE_IDS:
            dialect = recordings[fate.video].dialects[fate.label]
            kept[dialect == held_out[fate.class_id]].append(fate.fate is Fate.FOUND)
    if kept[True] and kept[False]:
        yield Measure(
            "scanner", "recall of gestures in a dialect never trained on", float(np.mean(kept[True])),
            beside={"trained dialects": float(np.mean(kept[False]))}, note=f"{len(kept[True])} labels",
        )  # fmt: skip


def measure_each_class(
    recordings: Sequence[Recording], choices: Choices, *, least: float = 0.2, target: float | None = None
) -> Iterator[Measure]:
    """How many of the 31 exceed an F1 of ``least``, then one measure a class with what became of its labels."""
    videos = [r.spans for r in recordings]
    scores = compute_scores(match_videos(videos), choices.threshold)
    beside = {}
    for name, others in list_baselines(recordings, choices).items():
        theirs = compute_scores(match_videos(others)).per_class
        beside[name] = float(sum(theirs[i].f1 > least for i in GESTURE_IDS))
    fewest = min(scores.per_class[i].n_truth for i in GESTURE_IDS)
    yield Measure(
        "scanner", f"gestures with F1 above {least:g}, of {len(GESTURE_IDS)}",
        float(sum(scores.per_class[i].f1 > least for i in GESTURE_IDS)), target=target, beside=beside,
        note=f"{len(recordings)} interviews, at least {fewest} labels of each, micro F1 {scores.micro.f1:.3f},"
        f" threshold {choices.threshold:.3f}",
    )  # fmt: skip
    fates = list_fates(videos, choices.threshold)
    for class_id in GESTURE_IDS:
        yield _measure_class(class_id, scores.per_class[class_id], fates, "each equally often")


def _measure_class(class_id: int, score: ClassScore, fates: Sequence[LabelFate], where: str) -> Measure:
    """F1 of one class and what became of its labels."""
    mine = [f.fate for f in fates if f.class_id == class_id]
    counts = {fate.value: mine.count(fate) for fate in Fate}
    instead = count_confusions(fates, class_id)[:3]
    parts = [f"{n} {name}" for name, n in counts.items() if n]
    if instead:
        parts.append("taken for " + ", ".join(f"{get_class(i).short_name} ({n})" for i, n in instead))
    return Measure(
        "scanner", f"F1 of {class_id} {get_class(class_id).short_name}, {where}", score.f1,
        note=f"{score.n_truth} labels, {score.n_predicted} shown: " + ", ".join(parts),
        detail={"class_id": class_id, "n_truth": score.n_truth, "n_predicted": score.n_predicted,
                "n_hits": score.n_hits, "fates": counts, "instead": instead},
    )  # fmt: skip


def measure_idle(recordings: Sequence[Recording], choices: Choices) -> Measure:
    """False suggestions a minute while nobody gestures."""
    matched = match_videos([r.spans for r in recordings])
    others = list_baselines(recordings, choices)
    return Measure(
        "scanner", "false suggestions a minute of idle talk", compute_false_rate(matched, choices.threshold), "1/min",
        beside={name: compute_false_rate(match_videos(videos)) for name, videos in others.items()},
        note=f"{len(recordings)} interviews, {matched.minutes.sum():.0f} min of movements that are no gesture",
    )  # fmt: skip


def evaluate_scanner(
    scanner: Scans,
    *,
    n_interviews: int = 20,
    parts: Collection[str] = PARTS,
    on_progress: OnProgress | None = None,
) -> Iterator[Measure]:
    """Everything there is to say about one scanner, each measure as soon as it is known.

    Args:
        scanner: What is judged.
        n_interviews: Size of the set at published frequencies.
        parts: Which of ``PARTS`` to run; thresholds come from validation interviews of the same mix.
        on_progress: Called after each interview.
    """
    started = time.process_time()
    if {"published", "idle", "rates"} & set(parts):
        choices = choose_on(record_set(scanner, list_validation(), "validation", on_progress))
    if "published" in parts:
        recordings = record_set(scanner, list_published(n_interviews), "published frequencies", on_progress)
        yield from measure_published(recordings, choices, F1_TARGET)
    if "idle" in parts:
        yield measure_idle(record_set(scanner, list_idle(), "idle talk", on_progress), choices)
    if "rates" in parts:
        yield from measure_rates(scanner, list_rates(), choices.threshold, on_progress)
    if "each" in parts:
        choices = choose_on(record_set(scanner, list_validation_each(), "validation of each", on_progress))
        yield from measure_each_class(record_each(scanner, on_progress), choices, target=EACH_TARGET)
    yield Measure(
        "scanner", "CPU seconds of this evaluation, acting included", time.process_time() - started, "s",
        note="first seeds: " + ", ".join(f"{name} {seed}" for name, seed in SEEDS.items()), detail={"seeds": SEEDS},
    )  # fmt: skip
