"""What is fitted after training: scores that are probabilities, the threshold, and honest edge deviations.

Fitted on interviews at published frequencies, with dialects and seeds of their own; none is
trained on, and none is used for the published evaluation.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from imigue_core.metrics.matching import DEFAULT_TIOU, Spans, make_spans, match_spans
from imigue_core.suggest.proposals import Candidate, Votes, find_candidates
from imigue_core.suggest.scoring import MEASURES, Calibration, compute_measures, score_candidates
from imigue_core.taxonomy import CLASSES, ILLUSTRATIVE_ID
from imigue_core.training.logistic import fit_logistic
from imigue_core.training.targets import LabelledSpans

CLASS_PENALTY = 2.0
MEASURE_PENALTY = 0.5
FRAMES_A_SECOND = 100
"""Spans in seconds are matched on a grid this fine."""
_ILLUSTRATIVE = [c.class_id for c in CLASSES].index(ILLUSTRATIVE_ID)


@dataclass(frozen=True, slots=True, eq=False)
class Watched:
    """One shot after the network has seen it.

    Attributes:
        votes: What the network said.
        truth: What was done.
        seconds: Length.
    """

    votes: Votes
    truth: LabelledSpans
    seconds: float


@dataclass(frozen=True, slots=True)
class CalibrationReport:
    """How the fit went, on the interviews it was made on.

    Attributes:
        n_labels: Gestures in them, illustrative ones left out.
        minutes: Their length.
        micro_f1: Best micro F1 over the 31 gestures, at tIoU 0.3.
        threshold: The score that gives it.
        recall: Of gestures, at that score.
        precision: Of suggestions.
    """

    n_labels: int
    minutes: float
    micro_f1: float
    threshold: float
    recall: float
    precision: float


def fit_calibration(watched: Sequence[Watched]) -> tuple[Calibration, CalibrationReport]:
    """Weights, shifts, threshold and edge factor from shots whose truth is known."""
    found = [find_candidates(w.votes) for w in watched]
    measures = np.concatenate([compute_measures(w.votes, c) for w, c in zip(watched, found, strict=True)])
    columns = np.array([c.column for candidates in found for c in candidates], np.intp)
    hits: list[NDArray[np.bool_]] = []
    ratios: list[float] = []
    for w, candidates in zip(watched, found, strict=True):
        matched = _match(candidates, w.truth, [c.mean * c.peak for c in candidates])
        hits.append(matched >= 0)
        ratios.extend(_list_edge_ratios(candidates, w.truth, matched))
    calibration = _fit(measures, columns, np.concatenate(hits), _compute_edge_factor(ratios))
    return calibration, find_threshold(watched, found, calibration)


def _match(candidates: Sequence[Candidate], truth: LabelledSpans, scores: Sequence[float]) -> NDArray[np.int64]:
    predicted = _to_spans(((c.column, c.start_s, c.end_s, s) for c, s in zip(candidates, scores, strict=True)))
    labelled = _to_spans((int(k), a, b, 1.0) for k, a, b in zip(truth.columns, truth.starts, truth.ends, strict=True))
    return match_spans(predicted, labelled, DEFAULT_TIOU)


def _to_spans(rows: Iterable[tuple[int, float, float, float]]) -> Spans:
    return make_spans(
        (
            column,
            round(start * FRAMES_A_SECOND),
            max(round(end * FRAMES_A_SECOND), round(start * FRAMES_A_SECOND)),
            score,
        )
        for column, start, end, score in rows
    )


def _list_edge_ratios(
    candidates: Sequence[Candidate], truth: LabelledSpans, matched: NDArray[np.int64]
) -> Iterator[float]:
    for candidate, place in zip(candidates, matched, strict=True):
        if place >= 0 and candidate.mean > 0.3:
            yield abs(candidate.start_s - truth.starts[place]) / max(candidate.start_sd, 1e-3)
            yield abs(candidate.end_s - truth.ends[place]) / max(candidate.end_sd, 1e-3)


def _compute_edge_factor(ratios: Sequence[float]) -> float:
    """So that 68 % of the edges lie within one deviation."""
    return float(np.clip(np.percentile(ratios, 68), 0.1, 10)) if len(ratios) >= 20 else 1.0


def _fit(
    measures: NDArray[np.float64], columns: NDArray[np.intp], hits: NDArray[np.bool_], edge_factor: float
) -> Calibration:
    n_classes = len(CLASSES)
    if hits.sum() < 5 or hits.all():
        return Calibration(edge_sd_factor=edge_factor)
    scale = measures.std(axis=0) + 1e-6
    one_hot = np.zeros((len(columns), n_classes))
    one_hot[np.arange(len(columns)), columns] = 1 / np.sqrt(CLASS_PENALTY)
    beta = fit_logistic(np.concatenate([measures / scale / np.sqrt(MEASURE_PENALTY), one_hot], axis=1), hits, 1.0)
    weights = beta[1 : 1 + len(MEASURES)] / scale / np.sqrt(MEASURE_PENALTY)
    shifts = beta[0] + beta[1 + len(MEASURES) :] / np.sqrt(CLASS_PENALTY)
    return Calibration(
        tuple(round(float(w), 5) for w in weights), tuple(round(float(s), 5) for s in shifts), round(edge_factor, 4)
    )


def find_threshold(
    watched: Sequence[Watched], found: Sequence[list[Candidate]], calibration: Calibration
) -> CalibrationReport:
    """The score with the highest micro F1 over the 31 gestures."""
    scores, hits, n_labels = [], [], 0
    for w, candidates in zip(watched, found, strict=True):
        spans = score_candidates(w.votes, candidates, calibration)
        kept = [s for s in spans if s.candidate.column != _ILLUSTRATIVE]
        matched = _match([s.candidate for s in kept], w.truth, [s.score for s in kept])
        scores += [s.score for s in kept]
        hits += list(matched >= 0)
        n_labels += int((w.truth.columns != _ILLUSTRATIVE).sum())
    minutes = sum(w.seconds for w in watched) / 60
    order = np.argsort(-np.array(scores, np.float64), kind="stable")
    if len(order) == 0 or n_labels == 0:
        return CalibrationReport(n_labels, minutes, 0.0, 0.5, 0.0, 0.0)
    right = np.cumsum(np.array(hits)[order])
    f1 = 2 * right / (np.arange(1, len(order) + 1) + n_labels)
    best = int(f1.argmax())
    return CalibrationReport(
        n_labels,
        round(minutes, 2),
        round(float(f1[best]), 4),
        round(float(np.array(scores)[order][best]), 3),
        round(float(right[best] / n_labels), 4),
        round(float(right[best] / (best + 1)), 4),
    )
